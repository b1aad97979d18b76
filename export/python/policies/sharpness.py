class SharpnessOracle:
    def __init__(self, c):
        self.c = c

    def step(self, at):
        return self.c / abs(divisor("the sharpness", at.sharpness))
