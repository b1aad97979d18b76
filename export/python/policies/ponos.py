def ponos(c, delta, xi, c_p, f_star, eta_max):
    return LineSearch(c, delta, MeanLoss(xi), PolyakTrialWithMemory(c_p, f_star, eta_max, delta))
