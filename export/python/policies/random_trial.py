class RandomTrial:
    """The first trial before, divided by a random number from 0.1 to 0.9 where it held."""

    def __init__(self, eta, eta_max):
        self.eta, self.eta_max, self.random = min(eta, eta_max), eta_max, Random(SEED)

    def propose(self, at):
        return self.eta

    def learn(self, taken, cuts):
        if cuts == 0:
            self.eta = min(self.eta / self.random.truncated_normal(0.5, 1.0, 0.1, 0.9), self.eta_max)


def no_tune(c, delta, xi, eta0, eta_max):
    return LineSearch(c, delta, MeanLoss(xi), RandomTrial(eta0, eta_max))
