class AdaptiveGradientDescent:
    def __init__(self, eta0, variant="2019"):
        self.eta0, self.variant = eta0, variant
        self.theta = {"2019": np.inf, "first": 0.0, "second": 1 / 3}[variant]

    def step(self, at):
        if at.previous is None:
            return self.eta0
        last = at.previous.eta
        ss, _, yy = secant(at)
        growth = np.sqrt((2 / 3 if self.variant == "second" else 1) + self.theta) * last
        if self.variant == "2019":
            eta = min(growth, 0.5 * np.sqrt(ss / yy))
        elif self.variant == "first":
            eta = min(growth, np.sqrt(0.5 * (ss / yy)))
        else:
            excess = 2 * last**2 * (yy / ss) - 1
            eta = min(growth, last / np.sqrt(excess)) if excess > 0 else growth
        self.theta = eta / last
        return eta
