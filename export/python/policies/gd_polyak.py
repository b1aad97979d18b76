class GdPolyak:
    def __init__(self, eta, period, f_star):
        self.eta, self.period, self.f_star, self.taken = eta, int(period), f_star, 0

    def step(self, at):
        self.taken += 1
        if self.taken % self.period != 0:
            return self.eta
        return height(at.f, self.f_star) / at.g2
