def cyclic(eta_min, eta_max, period):
    return Schedule(lambda k: eta_min + (eta_max - eta_min) * (1 - abs(2 * (k / period % 1) - 1)))
