class Rule:
    """A rule in what is known at an iterate."""

    def __init__(self, rule):
        self.rule, self.best, self.sum, self.count = rule, np.inf, 0.0, 0

    def step(self, at):
        self.best, self.sum, self.count = min(self.best, at.f), self.sum + at.f, self.count + 1
        last, (s2, sy, y2) = 1.0, (1.0, 1.0, 1.0)
        if at.previous is not None:
            last, (s2, sy, y2) = at.previous.eta, secant(at)
        curvature = np.float64(at.curvature()) / at.g2
        reference = max(self.sum / self.count, at.f)
        known = [at.k, at.f, self.best, assumed_minimum(None), at.g2, at.sharpness]
        known += [last, curvature, reference, s2, sy, y2]
        return self.rule(*Taylor.variables(np.array(known, dtype=float))).value
