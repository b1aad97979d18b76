def below(random, n):
    """A whole number from 0 to n - 1, each exactly as likely (Lemire, 2019, arXiv 1805.10941)."""
    while True:
        product = random.next() * n
        if product % 2**64 >= 2**64 % n:
            return product >> 64


def training_rows(rows, count):
    """The rows to train on, in their order: the first of a shuffle (Fisher and Yates). The rest is for tests."""
    random, order = stream(SEED, "data set"), list(range(rows))
    for i in range(count):
        other = i + below(random, rows - i)
        order[i], order[other] = order[other], order[i]
    return sorted(order[:count])
