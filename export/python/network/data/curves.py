def curves(samples, noise, place, point):
    """Two classes of points around two curves, evenly spaced, with Gaussian noise of this deviation."""
    random, counts = stream(SEED, "data set"), [samples // 2, samples - samples // 2]
    points = []
    for label, count in enumerate(counts):
        for i in range(count):
            x, y = point(label, place(i, count))
            points.append([x + noise * random.normal(), y + noise * random.normal()])
    return np.array(points).T, one_hot(np.repeat([0, 1], counts), 2)
