def grippo_lampariello_lucidi(memory, delta, c, eta0):
    return LineSearch(c, delta, RecentLoss(memory), SameTrial(eta0), least=None)


def zhang_hager(xi, delta, c, eta0):
    return LineSearch(c, delta, MeanLoss(xi), SameTrial(eta0), least=None)
