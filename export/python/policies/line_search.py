class LineSearch:
    """Accepts a step where f(x - eta g) <= R - c eta |g|^2.

    The first trial is cut by delta until it holds. Where it holds at once, `growth` says how to go on:
    None, ("unbounded", factor), ("once below", cap) or ("up to", cap).
    """

    def __init__(self, c, delta, reference, first, growth=None, least=1e-6, gives_up_below=0.0):
        self.c, self.delta, self.reference, self.first = c, delta, reference, first
        self.growth, self.least, self.gives_up_below = growth, least, gives_up_below

    def step(self, at):
        self.at, self.cuts = at, 0
        first = self.first.propose(at)
        kind, limit = self.growth or (None, None)
        if kind in ("once below", "up to"):
            first = min(first, limit)
        self.bound = self.reference(at.f)
        eta = self.cut(first)
        if eta is not None:
            eta = self.grow(kind, limit, first, eta)
        elif self.least is None:
            raise Stalled("none of the trial steps fulfilled the search's condition")
        else:
            eta = self.least
        self.first.learn(eta, self.cuts)
        return eta

    def grow(self, kind, limit, first, eta):
        while self.cuts == 0:
            if kind == "unbounded":
                larger = eta / limit
            elif kind == "once below" and eta == first and eta / self.delta < limit:
                larger = eta / self.delta
            elif kind == "up to" and eta < limit:
                larger = min(eta / self.delta, limit)
                if not self.holds(larger):
                    break
                eta = larger
                continue
            else:
                break
            longer = self.cut(larger)
            if longer is None:
                break
            eta = longer
        return eta

    def cut(self, eta):
        for _ in range(100):
            if self.holds(eta):
                return eta
            eta *= self.delta
            self.cuts += 1
            if eta < self.gives_up_below:
                break
        return None

    def holds(self, eta):
        loss = self.at.trial(eta)
        return eta < np.inf and np.isfinite(loss) and loss <= self.bound - eta * (self.c * self.at.g2)


class LastLoss:
    def __call__(self, loss):
        return loss


class MeanLoss:
    """The larger of the loss and the weighted mean of Zhang and Hager."""

    def __init__(self, xi):
        self.xi, self.weight, self.mean = xi, 0.0, 0.0

    def __call__(self, loss):
        old = self.xi * self.weight
        self.weight = old + 1
        self.mean = (old * self.mean + loss) / self.weight
        return max(self.mean, loss)


class RecentLoss:
    """The largest of the last losses."""

    def __init__(self, memory):
        self.memory, self.losses = int(memory), []

    def __call__(self, loss):
        self.losses = [loss, *self.losses[: self.memory - 1]]
        return max(self.losses)


class FirstTrial:
    """The step before."""

    def __init__(self, eta):
        self.eta = eta

    def propose(self, at):
        return min(max(self.eta, 1e-6), 1e4)

    def learn(self, taken, cuts):
        self.eta = taken


class SameTrial(FirstTrial):
    """Always the same."""

    def propose(self, at):
        return self.eta

    def learn(self, taken, cuts):
        pass


class PolyakTrial:
    """(f - f*) / (c_p |g|^2)."""

    def __init__(self, c_p, f_star):
        self.c_p, self.f_star = c_p, f_star

    def polyak(self, at):
        return height(at.f, self.f_star) / (self.c_p * at.g2 + 1e-8)

    def propose(self, at):
        return min(max(self.polyak(at), 1e-6), 1e4)

    def learn(self, taken, cuts):
        pass


class PolyakTrialWithMemory(PolyakTrial):
    """The same, shortened by the cuts of the last steps."""

    def __init__(self, c_p, f_star, eta_max, delta):
        super().__init__(c_p, f_star)
        self.eta_max, self.delta, self.cuts = eta_max, delta, 0

    def propose(self, at):
        return min(self.polyak(at) * self.delta**self.cuts, self.eta_max)

    def learn(self, taken, cuts):
        self.cuts = max(self.cuts + cuts - 1, 0)
