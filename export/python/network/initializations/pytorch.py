def draw_weights(widths, bias, scale):
    """Weights and biases uniform in +-scale/sqrt(fan in): PyTorch's default for scale = 1."""
    random, x = stream(SEED, "weights"), []
    for fan_in, fan_out in zip(widths, widths[1:]):
        bound = scale / math.sqrt(fan_in)
        x += [bound * (2 * random.uniform() - 1) for _ in range((fan_in + bias) * fan_out)]
    return np.array(x)
