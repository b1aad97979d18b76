class SoftFactorization(OfProduct):
    """log cosh(x y), or sqrt(1 + (x y)^2) - 1."""

    def __init__(self, loss):
        self.is_sqrt = loss == "sqrt"

    def loss(self, u):
        return abs(u) * (abs(u) / (np.hypot(1, u) + 1)) if self.is_sqrt else log_cosh(u)

    def slope(self, u):
        return u / np.hypot(1, u) if self.is_sqrt else np.tanh(u)

    def curvature(self, u):
        return (1 / np.hypot(1, u)) ** 3 if self.is_sqrt else sech_squared(u)
