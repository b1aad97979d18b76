class ScalarFactorization(OfProduct):
    """(x y - mu)^2 / 2 + regularization (x^2 + y^2) / 2."""

    def __init__(self, mu, regularization):
        self.mu, self.weight = mu, regularization
        target = abs(mu)
        self.minimum = self.weight * (target - 0.5 * self.weight) if self.weight < target else 0.5 * target**2

    def loss(self, u):
        return 0.5 * (u - self.mu) ** 2

    def slope(self, u):
        return u - self.mu

    def curvature(self, u):
        return 1.0

    def value(self, x):
        return super().value(x) + 0.5 * self.weight * (x @ x)

    def gradient(self, x):
        return super().gradient(x) + self.weight * x

    def hessian(self, x):
        return super().hessian(x) + self.weight * np.eye(2)
