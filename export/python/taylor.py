class Taylor:
    """A number that carries its gradient and its Hessian."""

    def __init__(self, value, gradient, hessian):
        self.value, self.gradient, self.hessian = np.float64(value), gradient, hessian

    @staticmethod
    def constant(value, n):
        return Taylor(value, np.zeros(n), np.zeros((n, n)))

    @staticmethod
    def variables(x):
        n = len(x)
        return [Taylor(x[i], np.eye(n)[i], np.zeros((n, n))) for i in range(n)]

    def like(self, other):
        return other if isinstance(other, Taylor) else Taylor.constant(other, len(self.gradient))

    def apply(self, value, first, second):
        outer = np.outer(self.gradient, self.gradient)
        return Taylor(value, first * self.gradient, first * self.hessian + second * outer)

    def __neg__(self):
        return Taylor(-self.value, -self.gradient, -self.hessian)

    def __add__(self, other):
        other = self.like(other)
        return Taylor(self.value + other.value, self.gradient + other.gradient, self.hessian + other.hessian)

    __radd__ = __add__

    def __sub__(self, other):
        return self + -self.like(other)

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        other = self.like(other)
        mixed = np.outer(self.gradient, other.gradient)
        return Taylor(
            self.value * other.value,
            self.value * other.gradient + other.value * self.gradient,
            self.value * other.hessian + other.value * self.hessian + mixed + mixed.T,
        )

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = self.like(other)
        x = other.value
        quotient = self * other.apply(1 / x, -1 / x**2, 2 / x**3)
        quotient.value = self.value / x
        return quotient

    def __rtruediv__(self, other):
        return self.like(other) / self

    def __pow__(self, p):
        x = self.value
        if isinstance(p, Taylor):
            # Of two variables a and b: a^b with its slopes along both.
            power, log = x**p.value, np.log(x)
            a, b = self.gradient, p.gradient
            to_a, to_b = p.value * x ** (p.value - 1), power * log
            mixed = x ** (p.value - 1) * (1 + p.value * log) * np.outer(a, b)
            second = p.value * (p.value - 1) * x ** (p.value - 2)
            curved = second * np.outer(a, a) + power * log**2 * np.outer(b, b) + mixed + mixed.T
            return Taylor(power, to_a * a + to_b * b, to_a * self.hessian + to_b * p.hessian + curved)
        first = p * x ** (p - 1) if p != 0 else 0.0
        second = p * (p - 1) * x ** (p - 2) if p not in (0, 1) else 0.0
        return self.apply(x**p, first, second)

    def __rpow__(self, base):
        return self.like(base) ** self


def both(a, b):
    n = len((a if isinstance(a, Taylor) else b).gradient)
    return [c if isinstance(c, Taylor) else Taylor.constant(c, n) for c in (a, b)]


def minimum(a, b):
    a, b = both(a, b)
    return b if b.value < a.value else a


def maximum(a, b):
    a, b = both(a, b)
    return b if b.value > a.value else a


def absolute(a):
    return a.apply(abs(a.value), np.sign(a.value), 0.0)


def sqrt(a):
    root = np.sqrt(a.value)
    return a.apply(root, 0.5 / root, -0.25 / (root * a.value))


def exp(a):
    e = np.exp(a.value)
    return a.apply(e, e, e)


def log(a):
    return a.apply(np.log(a.value), 1 / a.value, -1 / a.value**2)


def sin(a):
    return a.apply(np.sin(a.value), np.cos(a.value), -np.sin(a.value))


def cos(a):
    return a.apply(np.cos(a.value), -np.sin(a.value), -np.cos(a.value))


def tan(a):
    t = np.tan(a.value)
    return a.apply(t, 1 + t * t, 2 * t * (1 + t * t))


def tanh(a):
    t = np.tanh(a.value)
    return a.apply(t, 1 - t * t, -2 * t * (1 - t * t))


def cosh(a):
    return a.apply(np.cosh(a.value), np.sinh(a.value), np.cosh(a.value))


def sinh(a):
    return a.apply(np.sinh(a.value), np.cosh(a.value), np.sinh(a.value))


def logcosh(a):
    size, t = abs(a.value), np.tanh(a.value)
    return a.apply(size + np.log1p(np.exp(-2 * size)) - np.log(2), t, 1 - t * t)


def softplus(a):
    s = 1 / (1 + np.exp(-a.value))
    return a.apply(max(a.value, 0.0) + np.log1p(np.exp(-abs(a.value))), s, s * (1 - s))


def sigmoid(a):
    s = 1 / (1 + np.exp(-a.value))
    return a.apply(s, s * (1 - s), s * (1 - s) * (1 - 2 * s))


def relu(a):
    return a.apply(max(a.value, 0.0), float(a.value > 0), 0.0)


def sign(a):
    return a.apply(np.sign(a.value), 0.0, 0.0)
