class Power(Separable):
    """The sum of |x_i|^p / p."""

    def __init__(self, p):
        self.p = p

    def term(self, x):
        return np.abs(x) ** self.p / self.p

    def first(self, x):
        return np.copysign(np.abs(x) ** (self.p - 1), x)

    def second(self, x):
        return (self.p - 1) * np.abs(x) ** (self.p - 2)
