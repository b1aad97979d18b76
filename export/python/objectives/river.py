class River(OfProduct):
    """log cosh(x y) + a (y - y0)^2 / 2, or (x y)^2 / 2 in place of the first term."""

    def __init__(self, a, y0, coupling):
        self.a, self.y0, self.is_square = a, y0, coupling == "square"

    def loss(self, u):
        return 0.5 * u * u if self.is_square else log_cosh(u)

    def slope(self, u):
        return u if self.is_square else np.tanh(u)

    def curvature(self, u):
        return 1.0 if self.is_square else sech_squared(u)

    def value(self, x):
        return super().value(x) + 0.5 * self.a * (x[1] - self.y0) ** 2

    def gradient(self, x):
        return super().gradient(x) + np.array([0, self.a * (x[1] - self.y0)])

    def hessian(self, x):
        return super().hessian(x) + np.diag([0, self.a])
