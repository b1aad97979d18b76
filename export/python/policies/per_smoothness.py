class PerSmoothness(Schedule):
    """Multiples of 1/L; L is the sharpness where the policy starts, if it is not given."""

    def __init__(self, smoothness, multiple):
        super().__init__(lambda k: multiple(k) / np.float64(self.smoothness))
        self.smoothness = smoothness

    def step(self, at):
        if self.smoothness is None:
            self.smoothness = divisor("the sharpness", at.sharpness)
        return super().step(at)
