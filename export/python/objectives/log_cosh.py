class LogCosh(Separable):
    """The sum of log cosh x_i."""

    def term(self, x):
        return log_cosh(x)

    def first(self, x):
        return np.tanh(x)

    def second(self, x):
        return sech_squared(x)
