def reconstructed(samples):
    """The inputs of the samples as their own targets, for a network that is to give back what it sees."""
    inputs, _ = samples
    return inputs, inputs
