class Goldstein:
    def __init__(self, c, eta0):
        self.c, self.eta = c, eta0

    def step(self, at):
        short, long, eta = 0.0, np.inf, self.eta
        for _ in range(200):
            decrease = at.f - at.trial(eta)
            if decrease >= self.c * eta * at.g2:
                if decrease <= (1 - self.c) * eta * at.g2:
                    self.eta = eta
                    return eta
                short = eta
            else:
                long = eta
            eta = short + 0.5 * (long - short) if long < np.inf else 2 * eta
        raise Stalled("none of the trial steps fulfilled the search's condition")
