class BarzilaiBorwein:
    def __init__(self, kind, eta0, eta_max):
        self.is_long, self.eta0, self.eta_max = kind == "long", eta0, eta_max

    def step(self, at):
        if at.previous is None:
            return self.eta0
        ss, sy, yy = secant(at)
        eta = self.eta_max if sy <= 0 else ss / sy if self.is_long else sy / yy
        return min(max(eta, 1e-10), self.eta_max)
