class Constant:
    def __init__(self, eta):
        self.eta = eta

    def step(self, at):
        return self.eta
