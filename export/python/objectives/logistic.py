class Logistic:
    """The mean of log(1 + exp(-z_i w)) over signed points z_i."""

    def __init__(self, points):
        self.z = np.array(points).reshape(-1, len(START))
        self.minimum = 0.0 if self.is_separable() else None

    def is_separable(self):
        w = np.zeros(self.z.shape[1])
        for _ in range(10_000):
            wrong = np.flatnonzero(~(self.z @ w > 0))
            if len(wrong) == 0:
                return True
            w = w + self.z[wrong[0]]
        return False

    def falling(self, s):
        small = np.exp(-np.abs(s))
        return np.where(s > 0, small, 1) / (1 + small)

    def value(self, x):
        s = self.z @ x
        return np.mean(np.log1p(np.exp(-np.abs(s))) + np.maximum(-s, 0))

    def gradient(self, x):
        return -(self.falling(self.z @ x) @ self.z) / len(self.z)

    def hessian(self, x):
        s = self.z @ x
        return (self.z.T * (self.falling(s) * self.falling(-s))) @ self.z / len(s)
