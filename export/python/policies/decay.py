def decay(eta, kind, horizon, eta_min):
    def step(k):
        if kind == "inverse-sqrt":
            return eta / math.sqrt(k + 1)
        if kind == "step":
            return eta if k / horizon < 0.5 else 0.1 * eta if k / horizon < 0.75 else 0.01 * eta
        if kind == "cosine":
            return eta_min + 0.5 * (eta - eta_min) * (1 + math.cos(math.pi * min(k / horizon, 1)))
        return eta / (1 + k / horizon)

    return Schedule(step)
