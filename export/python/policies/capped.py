def capped(c, delta, xi, eta0, cap, grid):
    growth = ("up to" if grid == "continuous" else "once below", cap)
    return LineSearch(c, delta, MeanLoss(xi), FirstTrial(eta0), growth)
