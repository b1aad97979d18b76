class SqrtLoss:
    def __init__(self, eta, f_star):
        self.eta, self.f_star = eta, f_star

    def step(self, at):
        return self.eta / (2 * np.sqrt(height(at.f, self.f_star)))
