def nonmonotone(c, delta, xi, eta0):
    return LineSearch(c, delta, MeanLoss(xi), FirstTrial(eta0), ("unbounded", delta))
