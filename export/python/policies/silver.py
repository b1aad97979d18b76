def silver(smoothness):
    def multiple(k):
        twos = ((k + 1) & -(k + 1)).bit_length() - 1
        return 1 + (1 + math.sqrt(2)) ** (twos - 1)

    return PerSmoothness(smoothness, multiple)
