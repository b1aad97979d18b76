def mnist(samples):
    """Handwritten digits of 28 x 28 pixels: 5000 training images of MNIST (LeCun, Cortes and Burges, CC BY-SA 3.0)."""
    images = np.frombuffer(read_file("mnist/train-5000-images.idx3-ubyte.gz"), np.uint8, offset=16).reshape(-1, 784)
    labels = np.frombuffer(read_file("mnist/train-5000-labels.idx1-ubyte.gz"), np.uint8, offset=8)
    rows = training_rows(len(images), samples)
    return standardize(images[rows].T.astype(float)), one_hot(labels[rows], 10)
