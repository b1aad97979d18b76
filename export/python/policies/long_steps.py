def long_steps(smoothness, length):
    cycle = {
        "2": [2.9, 1.5],
        "3": [1.5, 4.9, 1.5],
        "7": [1.5, 2.2, 1.5, 12.0, 1.5, 2.2, 1.5],
        "15": [1.4, 2.0, 1.4, 4.5, 1.4, 2.0, 1.4, 29.7, 1.4, 2.0, 1.4, 4.5, 1.4, 2.0, 1.4],
    }[length]
    return PerSmoothness(smoothness, lambda k: cycle[k % len(cycle)])
