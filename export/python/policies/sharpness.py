class SharpnessOracle:
    def __init__(self, c):
        self.c = c

    def step(self, at):
        return np.float64(self.c) / abs(at.sharpness)
