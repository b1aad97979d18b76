class Armijo:
    def __init__(self, eta0, c, shrink, growth=None):
        self.eta0, self.c, self.shrink, self.growth = eta0, c, shrink, growth

    def step(self, at):
        eta = self.eta0
        for _ in range(1000):
            if at.trial(eta) <= at.f - eta * (self.c * at.g2):
                if self.growth is not None:
                    self.eta0 = min(self.growth * eta, 1e10)
                return eta
            eta *= self.shrink
        raise Stalled("none of the trial steps fulfilled the search's condition")
