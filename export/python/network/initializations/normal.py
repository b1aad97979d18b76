def draw_weights(widths, bias, gain):
    """Weights normal with variance gain^2/(fan in), biases 0 (LeCun et al., 1998)."""
    random, x = stream(SEED, "weights"), []
    for fan_in, fan_out in zip(widths, widths[1:]):
        deviation = gain / math.sqrt(fan_in)
        x += [deviation * random.normal() for _ in range(fan_in * fan_out)] + [0.0] * (bias * fan_out)
    return np.array(x)
