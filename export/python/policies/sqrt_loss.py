class SqrtLoss:
    def __init__(self, eta, f_star):
        self.eta, self.f_star = eta, f_star

    def step(self, at):
        return self.eta / (2 * np.sqrt(at.f - assumed_minimum(self.f_star)))
