class HeavyBall:
    def __init__(self, eta, beta):
        self.eta, self.beta = eta, beta

    def step(self, at):
        before = at.x if at.previous is None else at.previous.x
        at.next = at.x - self.eta * at.g + self.beta * (at.x - before)
        return self.eta
