def moons(samples, noise):
    """Two half circles that reach into each other."""

    def place(i, n):
        return i / (n - 1) if n > 1 else 0.0

    def point(label, t):
        x, y = math.cos(math.pi * t), math.sin(math.pi * t)
        return (x, y) if label == 0 else (1 - x, 0.5 - y)

    return curves(samples, noise, place, point)
