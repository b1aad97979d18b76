class PhaseRetrieval:
    """The mean of ((a_i x)^2 - (a_i x*)^2)^2 / 4 with Gaussian a_i and x* = (1, 0, ...)."""

    minimum = 0.0

    def __init__(self, measurements, data_seed):
        random = Random(struct.unpack("<Q", struct.pack("<d", data_seed))[0])
        count = int(measurements)
        self.a = np.array([random.normal() for _ in range(count * len(START))]).reshape(count, len(START))

    def parts(self, x):
        s = self.a @ x
        return s, (s - self.a[:, 0]) * (s + self.a[:, 0])

    def value(self, x):
        _, residual = self.parts(x)
        return 0.25 * np.mean(residual**2)

    def gradient(self, x):
        s, residual = self.parts(x)
        return (residual * s) @ self.a / len(s)

    def hessian(self, x):
        s, residual = self.parts(x)
        return (self.a.T * (residual + 2 * s * s)) @ self.a / len(s)
