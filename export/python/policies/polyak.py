class Polyak:
    def __init__(self, f_star):
        self.f_star = f_star

    def step(self, at):
        return height(at.f, self.f_star) / at.g2
