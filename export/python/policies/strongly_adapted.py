class StronglyAdapted:
    def __init__(self, eta0):
        self.eta = eta0

    def step(self, at):
        short, long, eta = 0.0, np.inf, self.eta
        for _ in range(200):
            change = at.g - objective.gradient(at.x - eta * at.g)
            if change @ change <= 0.25 * at.g2:
                short = eta
            else:
                long = eta
            if long < np.inf and long - short <= 1e-10 * long:
                self.eta = eta
                return eta
            eta = short + 0.5 * (long - short) if long < np.inf else 2 * eta
        raise Stalled("the gradient hardly changes however long the step")
