def warmup(eta, horizon):
    return Schedule(lambda k: eta * min((k + 1) / horizon, 1))
