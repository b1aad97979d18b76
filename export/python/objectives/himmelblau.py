class Himmelblau:
    """(x^2 + y - 11)^2 + (x + y^2 - 7)^2."""

    minimum = 0.0

    def value(self, x):
        return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2

    def gradient(self, x):
        first, second = x[0] ** 2 + x[1] - 11, x[0] + x[1] ** 2 - 7
        return np.array([4 * x[0] * first + 2 * second, 2 * first + 4 * x[1] * second])

    def hessian(self, x):
        mixed = 4 * (x[0] + x[1])
        return np.array([[12 * x[0] ** 2 + 4 * x[1] - 42, mixed], [mixed, 12 * x[1] ** 2 + 4 * x[0] - 26]])
