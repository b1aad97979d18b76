# What inputs and their labels are usually called in an archive (NPZ).
PAIRS = [("x_train", "y_train"), ("x", "y"), ("data", "target"), ("images", "labels")]


def read_array(content):
    """The array in a file of MNIST's format IDX (LeCun), or of NumPy's NPY."""
    if content[:2] != b"\0\0":
        return np.load(io.BytesIO(content))
    kind = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}[content[2]]
    shape = np.frombuffer(content, ">u4", count=content[3], offset=4)
    return np.frombuffer(content, kind, offset=4 + 4 * content[3]).reshape(shape)


def array(content, labels, classes, samples, standardized):
    """Rows of an array, with their labels from a second file, from the same archive, or from the last column."""
    if labels is not None:
        inputs, targets = read_array(content), read_array(labels)
    elif content[:2] == b"PK":
        arrays = {name.lower(): array for name, array in np.load(io.BytesIO(content)).items()}
        pairs = [pair for pair in PAIRS if arrays.keys() >= set(pair)]
        inputs, targets = (arrays[name] for name in pairs[0]) if pairs else (*arrays.values(), None)
    else:
        inputs, targets = read_array(content), None
    if targets is None:
        inputs, targets = inputs[:, :-1], inputs[:, -1]
    chosen = training_rows(len(inputs), samples)
    inputs = inputs.reshape(len(inputs), -1)[chosen].astype(float).T
    return learned(inputs, targets.ravel()[chosen], classes, standardized)
