def chebyshev(degree, points):
    """The Chebyshev polynomial T_d at evenly spaced points from -1 to 1: T_(k+1) = 2 x T_k - T_(k-1)."""
    gaps = points - 1
    x = (2.0 * np.arange(points) - gaps) / gaps
    last, current = np.ones(points), x
    for _ in range(degree - 1):
        last, current = current, 2 * x * current - last
    return x[np.newaxis], current[np.newaxis]
