class Product:
    """(w_1 w_2 ... - mu)^2 / 2."""

    minimum = 0.0

    def __init__(self, mu):
        self.mu = mu

    def value(self, x):
        return 0.5 * (np.prod(x) - self.mu) ** 2

    def gradient(self, x):
        without = [np.prod(np.delete(x, i)) for i in range(len(x))]
        return (np.prod(x) - self.mu) * np.array(without)

    def hessian(self, x):
        residual = np.prod(x) - self.mu
        without = np.array([np.prod(np.delete(x, i)) for i in range(len(x))])
        hessian = np.outer(without, without)
        for i in range(len(x)):
            for j in range(i):
                hessian[i, j] += residual * np.prod(np.delete(x, [i, j]))
                hessian[j, i] = hessian[i, j]
        return hessian
