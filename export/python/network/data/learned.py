def learned(inputs, targets, classes, standardized):
    """Samples of `inputs`, a column for each, standardized, and of numbers or classes to learn."""
    if standardized == "alike":
        inputs = standardize(inputs)
    if standardized == "columns":
        inputs = np.array([standardize(column) for column in inputs])
    if classes == "unused":
        return inputs, None
    if classes is None:
        return inputs, np.array([[float(target) for target in targets]])
    # Classes are words, or numbers.
    number = {name: label for label, name in enumerate(classes)}
    return inputs, one_hot([number[type(classes[0])(target)] for target in targets], len(classes))
