def gd_warmup(cap, peak, eta0):
    highest = 1.25 * cap if peak == "above" else 0.9 * cap
    rising = [eta0]
    while rising[-1] < highest:
        rising.append(rising[-1] * 1.25)
    steps = [*rising[:-1], highest, highest]
    return Schedule(lambda k: steps[k] if k < len(steps) else 0.9 * cap)
