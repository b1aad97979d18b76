class LargeNetwork(Network):
    """A network whose Hessian is too large to be written down: its largest eigenvalue is found by products alone."""

    def __init__(self, samples, hidden, bias, tolerance, sharpness_every):
        super().__init__(samples, hidden, bias)
        self.tolerance, self.sharpness_every, self.vector = tolerance, sharpness_every, 0.0

    def sharpness(self, x):
        return self.eigenpair(x)[0]

    def eigenpair(self, x):
        """The largest eigenvalue of the Hessian and its eigenvector.

        The search begins near the eigenvector that was found last, with a random part for what has changed since.
        """
        noise = np.random.default_rng(0).standard_normal(len(x))
        start = self.vector + noise / np.linalg.norm(noise)
        value, vector = top_eigenpair(lambda v: self.product(x, v), start, self.tolerance)
        if np.isfinite(value):
            self.vector = vector
        return value, vector


def top_eigenpair(multiply, start, tolerance, room=40, kept=8, most=1000):
    """The largest eigenvalue of a symmetric matrix and a unit vector v, where |H v - value v| <= tolerance |value|.

    Lanczos' method with full orthogonalization: the rows of `basis` are orthonormal, `products` are H times them, and
    v is the best vector in their span. Its residual H v - value v is the next direction; where there is no room left,
    the best few vectors stay. NaN where a product is not finite.
    """
    basis, products, size, direction = np.zeros((room, len(start))), np.zeros((room, len(start))), 0, start
    for _ in range(most):
        for _ in range(2):
            # Once more, since rounding leaves a part of what was taken away.
            direction = direction - (basis[:size] @ direction) @ basis[:size]
        basis[size] = direction / np.linalg.norm(direction)
        products[size] = multiply(basis[size])
        size += 1
        if not np.isfinite(products[:size]).all():
            return np.nan, start
        small = basis[:size] @ products[:size].T
        values, vectors = np.linalg.eigh(0.5 * (small + small.T))
        value, best = float(values[-1]), vectors[:, -1]
        v = best @ basis[:size]
        direction = best @ products[:size] - value * v
        rounding = 64 * np.finfo(float).eps * np.abs(values).max()
        if np.linalg.norm(direction) <= max(tolerance * abs(value), rounding):
            break
        if size == room:
            chosen = vectors[:, -kept:].T
            basis[:kept], products[:kept], size = chosen @ basis, chosen @ products, kept
    return value, v
