class FlatlandToy:
    """((u v - c)^2 + (b - m)^2) / k."""

    minimum = 0.0

    def __init__(self, k, c, m):
        self.scale, self.c, self.m = 2 / k, c, m

    def value(self, x):
        return 0.5 * self.scale * ((x[0] * x[1] - self.c) ** 2 + (x[2] - self.m) ** 2)

    def gradient(self, x):
        slope = self.scale * (x[0] * x[1] - self.c)
        return np.array([slope * x[1], slope * x[0], self.scale * (x[2] - self.m)])

    def hessian(self, x):
        mixed = self.scale * (2 * x[0] * x[1] - self.c)
        return np.array(
            [[self.scale * x[1] ** 2, mixed, 0], [mixed, self.scale * x[0] ** 2, 0], [0, 0, self.scale]]
        )
