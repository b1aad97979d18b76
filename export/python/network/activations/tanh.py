def activation(z):
    return np.tanh(z)


def activation_slope(z):
    return 1 - np.tanh(z) ** 2


def activation_bend(z):
    """The second derivative."""
    return -2 * np.tanh(z) * (1 - np.tanh(z) ** 2)
