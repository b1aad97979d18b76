def activation(z):
    """log(1 + exp(z))."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def activation_slope(z):
    small = np.exp(-np.abs(z))
    return np.where(z < 0, small, 1.0) / (1 + small)


def activation_bend(z):
    """The second derivative."""
    return activation_slope(z) * activation_slope(-z)
