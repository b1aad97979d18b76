class Clipped:
    def __init__(self, eta, tau):
        self.eta, self.tau = eta, tau

    def step(self, at):
        return min(self.eta, self.eta * self.tau / np.sqrt(at.g2))
