class OfProduct:
    """A function of the product of two variables."""

    minimum = 0.0

    def value(self, x):
        return self.loss(x[0] * x[1])

    def gradient(self, x):
        slope = self.slope(x[0] * x[1])
        return np.array([slope * x[1], slope * x[0]])

    def hessian(self, x):
        u = x[0] * x[1]
        curvature = self.curvature(u)
        mixed = curvature * u + self.slope(u)
        return np.array([[curvature * x[1] ** 2, mixed], [mixed, curvature * x[0] ** 2]])
