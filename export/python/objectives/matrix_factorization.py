class MatrixFactorization:
    """|X Y^T - diag(singular_values)|^2 / 2; the variables are the pairs (X_ij, Y_ij), row by row."""

    minimum = 0.0

    def __init__(self, singular_values):
        self.rows, self.target = len(singular_values), np.diag(singular_values)

    def factors(self, x):
        return x[0::2].reshape(self.rows, self.rows), x[1::2].reshape(self.rows, self.rows)

    def pairs(self, first, second):
        return np.column_stack([first.ravel(), second.ravel()]).ravel()

    def value(self, x):
        a, b = self.factors(x)
        return 0.5 * np.sum((a @ b.T - self.target) ** 2)

    def gradient(self, x):
        a, b = self.factors(x)
        r = a @ b.T - self.target
        return self.pairs(r @ b, r.T @ a)

    def hessian(self, x):
        a, b = self.factors(x)
        r = a @ b.T - self.target
        columns = []
        for direction in np.eye(len(x)):
            u, v = self.factors(direction)
            d = u @ b.T + a @ v.T
            columns.append(self.pairs(d @ b + r @ v, d.T @ a + r.T @ u))
        return np.array(columns)
