class SharpnessAware:
    def __init__(self, eta, rho):
        self.eta, self.rho = eta, rho

    def step(self, at):
        uphill = at.x + self.rho / np.sqrt(at.g2) * at.g
        at.next = at.x - self.eta * objective.gradient(uphill)
        return self.eta
