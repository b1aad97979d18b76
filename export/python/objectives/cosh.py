class Cosh(Separable):
    """The sum of cosh x_i - 1."""

    def term(self, x):
        return 2 * np.sinh(0.5 * x) ** 2

    def first(self, x):
        return np.sinh(x)

    def second(self, x):
        return np.cosh(x)
