class Network:
    """The loss of a multilayer perceptron over all training samples.

    x has the weights W of the first layer, row after row, its biases b, then those of the next layer. All matrices
    have a row for each unit and a column for each sample: a layer takes a to z = W a + b, the next one gets
    activation(z), and the last z are the outputs y.
    """

    minimum = None

    def __init__(self, samples, hidden, bias):
        self.inputs, self.targets = samples
        self.widths, self.bias = [len(self.inputs), *hidden, len(self.targets)], bias
        self.point, self.passes = None, None

    def layers(self, x):
        """W and b of each layer."""
        layers, first = [], 0
        for fan_in, fan_out in zip(self.widths, self.widths[1:]):
            end = first + fan_out * fan_in
            w = x[first:end].reshape(fan_out, fan_in)
            first = end + self.bias * fan_out
            layers.append((w, x[end:first, np.newaxis] if self.bias else 0.0))
        return layers

    def join(self, layers):
        """The vector of all W and b, the way back from `layers`."""
        return np.concatenate([part.ravel() for w, b in layers for part in ([w, b] if self.bias else [w])])

    def forward(self, x):
        """a before and z behind each layer."""
        passed = []
        for w, b in self.layers(x):
            a = activation(passed[-1][1]) if passed else self.inputs
            passed.append((a, w @ a + b))
        return passed

    def backward(self, x):
        """`forward`, and for each layer the slopes of the loss along activation(z), and along z (backpropagation).

        They are asked for again and again at one point, and kept until the next.
        """
        if not np.array_equal(self.point, x):
            passed = self.forward(x)
            slopes = [(None, loss_slope(passed[-1][1], self.targets))]
            for (w, _), (_, z) in zip(self.layers(x)[:0:-1], passed[-2::-1]):
                along_a = w.T @ slopes[0][1]
                slopes.insert(0, (along_a, along_a * activation_slope(z)))
            self.point, self.passes = x.copy(), (passed, slopes)
        return self.passes

    def value(self, x):
        return loss_of(self.forward(x)[-1][1], self.targets)

    def gradient(self, x):
        passed, slopes = self.backward(x)
        return self.join([(s @ a.T, s.sum(axis=1)) for (a, _), (_, s) in zip(passed, slopes)])

    def product(self, x, v):
        """The Hessian times v, exact and without differences (Pearlmutter, 1994).

        Each quantity of `backward` is differentiated along v; da, dz and ds are those of a, z and s.
        """
        passed, slopes = self.backward(x)
        layers, directions = self.layers(x), self.layers(v)
        da, changes = None, []
        for (w, _), (dw, db), (a, z) in zip(layers, directions, passed):
            dz = dw @ a + db if da is None else dw @ a + db + w @ da
            changes.append((da, dz))
            da = activation_slope(z) * dz
        ds = loss_bend(passed[-1][1], changes[-1][1])
        products = []
        for i in reversed(range(len(layers))):
            (a, _), (_, s), (da, _) = passed[i], slopes[i], changes[i]
            products.insert(0, (ds @ a.T if da is None else ds @ a.T + s @ da.T, ds.sum(axis=1)))
            if i > 0:
                (_, z), (along_a, _), (_, dz) = passed[i - 1], slopes[i - 1], changes[i - 1]
                ds = (layers[i][0].T @ ds + directions[i][0].T @ s) * activation_slope(z)
                ds += along_a * activation_bend(z) * dz
        return self.join(products)

    def hessian(self, x):
        """Row by row; its halves, which differ by rounding, are made the same."""
        rows = np.array([self.product(x, v) for v in np.eye(len(x))])
        return 0.5 * (rows + rows.T)
