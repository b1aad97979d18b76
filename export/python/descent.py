class Stalled(Exception):
    """A policy that finds no step."""


class Iterate:
    """A point with what is known there; a policy asks it, and may put down `next` itself."""

    def __init__(self, k, x, previous):
        self.k, self.x, self.previous, self.next = k, x, previous, None
        self.f, self.g = np.float64(objective.value(x)), objective.gradient(x)
        self.g2 = self.g @ self.g

    @functools.cached_property
    def sharpness(self):
        return sharpness(self.x)

    def trial(self, eta):
        """The loss after a step of this size."""
        return np.float64(objective.value(self.x - eta * self.g))

    def curvature(self):
        """g H g."""
        return self.g @ product(self.x, self.g)


def sharpness(x):
    """The largest eigenvalue of the Hessian; NaN where an entry is not finite."""
    if hasattr(objective, "sharpness"):
        return objective.sharpness(x)
    h = objective.hessian(x)
    return float(np.linalg.eigvalsh(h)[-1]) if np.isfinite(h).all() else np.nan


def product(x, v):
    """The Hessian times v; a direction does not feel the curvature of a coordinate that it leaves alone."""
    if hasattr(objective, "product"):
        return objective.product(x, v)
    felt = v != 0
    return objective.hessian(x)[:, felt] @ v[felt]


def assumed_minimum(f_star):
    if f_star is not None:
        return f_star
    return 0.0 if objective.minimum is None else objective.minimum


def height(loss, f_star):
    """The loss above the assumed minimum."""
    f_star = assumed_minimum(f_star)
    if loss > f_star:
        return loss - f_star
    relation = "below" if loss < f_star else "already at"
    raise Stalled(f"f = {loss:.5g} is {relation} the assumed f* = {f_star:.5g}; set f* to the minimum")


def divisor(name, curvature):
    """The curvature of this name, where a policy can divide by it."""
    if curvature == 0:
        raise Stalled(f"{name} is 0 there, and the policy divides by it")
    if np.isnan(curvature):
        raise Stalled(f"{name} is not a number there, and the policy needs it")
    return np.float64(curvature)


def descend():
    """The rows (step, loss, sharpness, step size), and why there are no more."""
    rows, x, previous, policy, last = [], START.copy(), None, None, np.zeros(len(START))
    sharpness_every = getattr(objective, "sharpness_every", 1)
    for k in range(STEPS + 1):
        if k in POLICIES:
            # A policy that takes over knows nothing of the steps before.
            policy, previous = POLICIES[k](), None
        at = Iterate(k, x, previous)
        rows.append([k, at.f, at.sharpness if k % sharpness_every == 0 or k == STEPS else np.nan, np.nan])
        norm = math.hypot(*at.g)
        if at.f < -STOP_LOSS:
            return rows, "unbounded"
        if not (np.isfinite(at.f) and np.isfinite(norm)) or at.f > STOP_LOSS:
            return rows, "diverged"
        if norm <= STOP_GRADIENT:
            return rows, "converged"
        if k == STEPS:
            return rows, "all steps were taken"
        try:
            eta = float(policy.step(at))
        except Stalled as reason:
            return rows, f"stalled: {reason}"
        if not (0 < eta < np.inf):
            return rows, f"stalled: the step size is {eta}"
        rows[-1][3] = eta
        x = x - eta * at.g if at.next is None else at.next
        previous = at
        at.eta = eta
        # Momentum may rest at a turning point, but not for two steps.
        is_turning = at.next is not None and not np.array_equal(last, at.x)
        if np.array_equal(x, at.x) and not is_turning:
            return rows, "stalled: the step changes nothing"
        last = at.x
