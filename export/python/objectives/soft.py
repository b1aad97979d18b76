def log_cosh(u):
    """log cosh u, accurate near 0 and without overflow."""
    u = np.abs(u)
    near = np.log1p(2 * np.sinh(0.5 * np.minimum(u, 1)) ** 2)
    return np.where(u < 1, near, u + np.log1p(np.exp(-2 * u)) - np.log(2))


def sech_squared(u):
    return (1 / np.cosh(u)) ** 2
