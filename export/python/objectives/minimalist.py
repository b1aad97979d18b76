class Minimalist(OfProduct):
    """(1 - x^2 y^2)^2 / 4."""

    def loss(self, u):
        return 0.25 * (1 - u * u) ** 2

    def slope(self, u):
        return u * (u * u - 1)

    def curvature(self, u):
        return 3 * u * u - 1
