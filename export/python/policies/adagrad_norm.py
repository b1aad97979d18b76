class AdaGradNorm:
    def __init__(self, eta, b0):
        self.eta, self.sum = eta, b0 * b0

    def step(self, at):
        self.sum += at.g2
        return self.eta / np.sqrt(self.sum)
