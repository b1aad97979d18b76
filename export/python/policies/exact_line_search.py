class ExactLineSearch:
    """The lowest point along the gradient, by Brent's method."""

    def __init__(self, eta0):
        self.eta = eta0

    def step(self, at):
        def loss(eta):
            trial = at.trial(eta)
            return np.inf if np.isnan(trial) else trial

        self.eta = self.refine(*self.bracket(at.f, loss), loss)
        return self.eta

    def bracket(self, reference, loss):
        eta, first = self.eta, loss(self.eta)
        if first < reference:
            low, inside = 0.0, (eta, first)
            for _ in range(200):
                further = (2 * inside[0], loss(2 * inside[0]))
                if further[1] >= inside[1]:
                    return low, inside, further[0]
                low, inside = inside[0], further
        else:
            high = eta
            for _ in range(200):
                nearer = (0.5 * high, loss(0.5 * high))
                if nearer[1] < reference:
                    return 0.0, nearer, high
                high = nearer[0]
        raise Stalled("no step decreases the loss, or every one does")

    def refine(self, low, inside, high, loss):
        best = second = third = inside
        now = before = 0.0
        for _ in range(100):
            middle = 0.5 * (low + high)
            tolerance = 1e-8 * best[0]
            if abs(best[0] - middle) + 0.5 * (high - low) <= 2 * tolerance:
                break
            r = (best[0] - second[0]) * (best[1] - third[1])
            q = (best[0] - third[0]) * (best[1] - second[1])
            numerator = (best[0] - third[0]) * q - (best[0] - second[0]) * r
            parabola = float(np.divide(-numerator, 2 * (q - r)))
            target = best[0] + parabola
            helps = abs(parabola) < 0.5 * abs(before) and low < target < high
            before = now
            if helps:
                now = parabola
            else:
                before = high - best[0] if best[0] < middle else low - best[0]
                now = 0.381966011250105 * before
            trial = best[0] + (math.copysign(tolerance, now) if abs(now) < tolerance else now)
            new = (trial, loss(trial))
            if new[1] <= best[1]:
                if new[0] < best[0]:
                    high = best[0]
                else:
                    low = best[0]
                third, second, best = second, best, new
            else:
                if new[0] < best[0]:
                    low = new[0]
                else:
                    high = new[0]
                if new[1] <= second[1] or second[0] == best[0]:
                    third, second = second, new
                elif new[1] <= third[1] or third[0] == best[0] or third[0] == second[0]:
                    third = new
        return best[0]
