class GeneralizedSmoothness:
    def __init__(self, l0, l1, kind):
        self.l0, self.l1, self.is_plain = l0, l1, kind == "plain"

    def step(self, at):
        steepness = self.l1 * np.sqrt(at.g2)
        bound = self.l0 + steepness
        return 1 / bound if self.is_plain or steepness == 0 else np.log1p(steepness / bound) / steepness
