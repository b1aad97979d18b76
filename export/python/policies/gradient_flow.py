class GradientFlow:
    """The classical method of Runge and Kutta."""

    def __init__(self, dt_max):
        self.dt_max = dt_max

    def step(self, at):
        limit = 1 / np.float64(abs(at.sharpness))
        dt = self.dt_max if np.isnan(limit) else min(self.dt_max, limit)
        second = objective.gradient(at.x - 0.5 * dt * at.g)
        third = objective.gradient(at.x - 0.5 * dt * second)
        fourth = objective.gradient(at.x - dt * third)
        at.next = at.x - dt / 6 * (at.g + 2 * second + 2 * third + fourth)
        return dt
