class DoubleWell(Separable):
    """(x^2 - 1)^2 / 4."""

    def term(self, x):
        return 0.25 * (x * x - 1) ** 2

    def first(self, x):
        return x * (x * x - 1)

    def second(self, x):
        return 3 * x * x - 1
