def stream(seed, purpose):
    """The random numbers for one purpose: data and weights that are drawn from one seed do not depend on each other."""
    return Random(Random(seed ^ int.from_bytes(purpose.encode(), "big")).next())
