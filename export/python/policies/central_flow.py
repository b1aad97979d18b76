class CentralFlow:
    """Gradient flow that keeps the sharpness from rising above 2/eta, by Euler's method."""

    def __init__(self, eta, substeps):
        self.eta, self.substeps = eta, math.floor(substeps + 0.5)

    def step(self, at):
        eta, x, time = self.eta, at.x.copy(), 0.0
        while time < 1:
            top, u = top_of_hessian(x)
            if not np.isfinite(top):
                break
            h = np.finfo(float).eps ** (1 / 3) * (1 + np.max(np.abs(x)))
            slope = (product(x + h * u, u) - product(x - h * u, u)) / (2 * h)
            gradient = objective.gradient(x)
            dt = min(1 / min(self.substeps * max(0.5 * eta * top, 1), 1000), 1 - time)
            room = 2 / eta - top
            allowed = room / dt if room >= 0 else room
            free, each = -eta * (slope @ gradient), 0.5 * eta * (slope @ slope)
            variance = (free - allowed) / each if free > allowed and each > 0 else 0.0
            x = x - eta * dt * gradient - 0.5 * eta * dt * variance * slope
            time = 1.0 if 1 - time - dt < np.finfo(float).eps ** 0.5 else time + dt
        at.next = x
        return eta


def top_of_hessian(x):
    """The largest eigenvalue and its eigenvector; NaN where an entry is not finite."""
    if hasattr(objective, "eigenpair"):
        return objective.eigenpair(x)
    hessian = objective.hessian(x)
    if not np.isfinite(hessian).all():
        return np.nan, x
    values, vectors = np.linalg.eigh(hessian)
    return values[-1], vectors[:, -1]
