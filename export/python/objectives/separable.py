class Separable:
    """A sum of functions of one variable each."""

    minimum = 0.0

    def value(self, x):
        return np.sum(self.term(x))

    def gradient(self, x):
        return self.first(x)

    def hessian(self, x):
        return np.diag(self.second(x))

    def sharpness(self, x):
        """The largest eigenvalue of the Hessian, which may be infinite."""
        return float(np.max(self.second(x)))
