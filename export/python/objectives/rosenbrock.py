class Rosenbrock:
    """(1 - x)^2 + 100 (y - x^2)^2."""

    minimum = 0.0

    def value(self, x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    def gradient(self, x):
        across = x[1] - x[0] ** 2
        return np.array([-2 * (1 - x[0]) - 400 * x[0] * across, 200 * across])

    def hessian(self, x):
        return np.array([[2 + 1200 * x[0] ** 2 - 400 * x[1], -400 * x[0]], [-400 * x[0], 200]])
