class DistanceOverGradients:
    def __init__(self, r_epsilon):
        self.distance, self.start, self.sum = r_epsilon, None, 1e-8

    def step(self, at):
        if self.start is None:
            self.start = at.x
            self.distance *= 1 + np.sqrt(at.x @ at.x)
        else:
            self.distance = max(self.distance, np.linalg.norm(at.x - self.start))
        self.sum += at.g2
        return self.distance / np.sqrt(self.sum)
