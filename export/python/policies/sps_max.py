class BoundedPolyak:
    def __init__(self, c, eta_b, f_star):
        self.c, self.eta_b, self.f_star = c, eta_b, f_star

    def step(self, at):
        return min(height(at.f, self.f_star) / (self.c * at.g2), self.eta_b)
