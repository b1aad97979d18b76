def total(numbers):
    """Their sum, added one after the other as Flatland does; np.sum adds in another order."""
    return np.cumsum(numbers)[-1]


def standardize(inputs):
    """The training inputs with mean 0 and standard deviation 1, all entries together."""
    mean = total(inputs) / inputs.size
    deviation = np.sqrt(total((inputs - mean) ** 2) / inputs.size)
    # What varies by no more than rounding is the same number everywhere.
    return (inputs - mean) / (deviation if deviation > np.finfo(float).eps * abs(mean) else 1.0)
