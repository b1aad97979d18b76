def circles(samples, noise):
    """A circle of radius 1/2 within one of radius 1."""

    def point(label, t):
        radius = 1.0 if label == 0 else 0.5
        return radius * math.cos(math.tau * t), radius * math.sin(math.tau * t)

    return curves(samples, noise, lambda i, n: i / n, point)
