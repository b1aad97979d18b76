def draw_weights(widths, bias):
    """Weights uniform in +-sqrt(6/(fan in + fan out)), biases 0 (Glorot and Bengio, 2010)."""
    random, x = stream(SEED, "weights"), []
    for fan_in, fan_out in zip(widths, widths[1:]):
        bound = math.sqrt(6 / (fan_in + fan_out))
        x += [bound * (2 * random.uniform() - 1) for _ in range(fan_in * fan_out)] + [0.0] * (bias * fan_out)
    return np.array(x)
