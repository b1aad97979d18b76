def monotone(c, delta, eta0):
    return LineSearch(c, delta, LastLoss(), FirstTrial(eta0), ("unbounded", 0.5), gives_up_below=1e-6)
