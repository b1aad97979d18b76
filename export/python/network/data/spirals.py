def spirals(samples, noise):
    """Two arms of 7/4 turns, one half a turn behind the other."""

    def point(label, t):
        angle = math.tau * 1.75 * t + math.pi * label
        return t * math.cos(angle), t * math.sin(angle)

    return curves(samples, noise, lambda i, n: (i + 0.5) / n, point)
