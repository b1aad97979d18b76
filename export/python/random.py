class Random:
    """The generator SplitMix64, and normal numbers after Box and Muller."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        mixed = self.state
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % 2**64
        return mixed ^ mixed >> 31

    def uniform(self):
        return ((self.next() >> 11) + 1) * 2.0**-53

    def normal(self):
        radius = math.sqrt(-2 * math.log(self.uniform()))
        return radius * math.cos(math.tau * self.uniform())

    def truncated_normal(self, mean, deviation, low, high):
        while True:
            draw = mean + deviation * self.normal()
            if low <= draw <= high:
                return draw
