class Cdat:
    """Curvature dynamics aware tuning."""

    def __init__(self, sigma, beta):
        self.sigma, self.beta, self.numerator, self.denominator = sigma, beta, 0.0, np.float64(0.0)

    def step(self, at):
        self.numerator = self.beta * self.numerator + (1 - self.beta) * at.g2
        self.denominator = self.beta * self.denominator + (1 - self.beta) * abs(at.curvature())
        return self.sigma * self.numerator / divisor("g H g", self.denominator)
