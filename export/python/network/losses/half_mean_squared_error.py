def loss_of(y, targets):
    """Half the mean of |y - t|^2 over all samples."""
    return np.sum((y - targets) ** 2) / (2 * y.shape[1])


def loss_slope(y, targets):
    return (y - targets) / y.shape[1]


def loss_bend(y, direction):
    """The second derivative times a direction."""
    return direction / y.shape[1]
