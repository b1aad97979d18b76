class Wolfe:
    def __init__(self, c1, c2, eta0):
        self.c1, self.c2, self.eta = c1, c2, eta0

    def step(self, at):
        good, good_loss, other, eta = 0.0, at.f, np.inf, self.eta
        for _ in range(200):
            loss = at.trial(eta)
            if not (loss <= at.f - self.c1 * eta * at.g2 and loss < good_loss):
                other = eta
            else:
                slope = -(objective.gradient(at.x - eta * at.g) @ at.g)
                if abs(slope) <= self.c2 * at.g2:
                    self.eta = eta
                    return eta
                if (slope >= 0) == (other > good):
                    other = good
                good, good_loss = eta, loss
            eta = good + 0.5 * (other - good) if other < np.inf else 2 * eta
        raise Stalled("none of the trial steps fulfilled the search's condition")
