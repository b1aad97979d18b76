class Nesterov:
    def __init__(self, eta, beta):
        self.eta, self.beta = eta, beta

    def step(self, at):
        before = at.x if at.previous is None else at.previous.x
        y = at.x + self.beta * (at.x - before)
        at.next = y - self.eta * objective.gradient(y)
        return self.eta
