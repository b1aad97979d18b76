class Quadratic(Separable):
    """Half the sum of a_i x_i^2."""

    def __init__(self, curvatures):
        self.a = np.array(curvatures)
        self.minimum = 0.0 if np.all(self.a >= 0) else None

    def term(self, x):
        return 0.5 * self.a * x * x

    def first(self, x):
        return self.a * x

    def second(self, x):
        return self.a
