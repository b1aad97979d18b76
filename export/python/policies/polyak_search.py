def polyak_search(c, delta, xi, c_p, f_star):
    return LineSearch(c, delta, MeanLoss(xi), PolyakTrial(c_p, f_star))
