class Taylor:
    """A number that carries its gradient and its Hessian; they are NaN where a part of it has none.

    Constants are plain numbers, also those that a choice has left: they feel nothing of what is infinite beside them.
    """

    __array_ufunc__ = None  # NumPy's numbers leave arithmetic with it to it

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

    def derivatives(self):
        """The gradient and the Hessian, which are NaN where the value is not finite."""
        if np.isfinite(self.value):
            return self.gradient, self.hessian
        return np.full_like(self.gradient, np.nan), np.full_like(self.hessian, np.nan)

    def apply(self, function):
        """A function that returns its value and two derivatives: None where it is constant nearby."""
        value, first, second = function(self.value)
        return np.float64(value) if first is None else self.chain(value, first, second)

    def chain(self, value, first, second):
        outer = np.outer(self.gradient, self.gradient)
        gradient = first * self.gradient
        # What is flat does not feel a slope that has grown beyond all numbers.
        is_flat = np.isnan(gradient) & ~np.isnan(self.gradient) & ~np.isnan(first)
        return Taylor(value, np.where(is_flat, 0.0, gradient), first * self.hessian + second * outer)

    def choose(self, less, than, then, otherwise):
        """`then` where `less` < `than`, else `otherwise`; without derivatives where the two tie."""
        less, than = self.like(less).value, self.like(than).value
        chosen = then if less < than else otherwise
        if less == than:
            return self.like(chosen).chain(self.like(chosen).value, np.nan, np.nan)
        return np.float64(chosen) if isinstance(chosen, float) else chosen

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
        quotient = self * other.chain(1 / x, -1 / x**2 if x != 0 else np.nan, 2 / x**3)
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
            to_a, to_b = p.value * x ** (p.value - 1) if x != 0 else np.nan, power * log
            mixed = x ** (p.value - 1) * (1 + p.value * log) * np.outer(a, b)
            second = p.value * (p.value - 1) * x ** (p.value - 2)
            curved = second * np.outer(a, a) + power * log**2 * np.outer(b, b) + mixed + mixed.T
            return Taylor(power, to_a * a + to_b * b, to_a * self.hessian + to_b * p.hessian + curved)
        if isinstance(p, int):
            # Not a power but a product: it has derivatives at 0.
            return self * self
        first = p * x ** (p - 1) if x != 0 else np.nan
        return self.chain(x**p, first, p * (p - 1) * x ** (p - 2))

    def __rpow__(self, base):
        return self.like(base) ** self


def choose(less, than, then, otherwise):
    """`then` where `less` < `than`, else `otherwise`."""
    numbers = (less, than, then, otherwise)
    carrier = next((number for number in numbers if not isinstance(number, float)), None)
    if carrier is None:
        return then if less < than else otherwise
    return carrier.choose(*numbers)


def minimum(a, b):
    return choose(b, a, b, a)


def maximum(a, b):
    return choose(a, b, b, a)


def of_numbers(function):
    """The function of numbers with derivatives that has this value and these two derivatives."""

    def applied(number):
        return function(np.float64(number))[0] if isinstance(number, float) else number.apply(function)

    applied.of = function
    return applied


@of_numbers
def absolute(x):
    return abs(x), np.sign(x) if x != 0 else np.nan, 0.0


@of_numbers
def sqrt(x):
    root = np.sqrt(x)
    return root, 0.5 / root if x != 0 else np.nan, -0.25 / (root * x)


@of_numbers
def exp(x):
    e = np.exp(x)
    return e, e, e


@of_numbers
def log(x):
    return np.log(x), 1 / x if x != 0 else np.nan, -1 / x**2


@of_numbers
def sin(x):
    return np.sin(x), np.cos(x), -np.sin(x)


@of_numbers
def cos(x):
    return np.cos(x), -np.sin(x), -np.cos(x)


@of_numbers
def tan(x):
    t = np.tan(x)
    return t, 1 + t * t, 2 * t * (1 + t * t)


@of_numbers
def tanh(x):
    t = np.tanh(x)
    return t, 1 - t * t, -2 * t * (1 - t * t)


@of_numbers
def cosh(x):
    return np.cosh(x), np.sinh(x), np.cosh(x)


@of_numbers
def sinh(x):
    return np.sinh(x), np.cosh(x), np.sinh(x)


@of_numbers
def logcosh(x):
    size, t = abs(x), np.tanh(x)
    near, far = 2 * np.sinh(size / 2) ** 2, np.exp(-2 * size)
    return np.log1p(near) if size < 1 else size + np.log1p(far) - np.log(2), t, 1 - t * t


@of_numbers
def softplus(x):
    s = 1 / (1 + np.exp(-x))
    return max(x, 0.0) + np.log1p(np.exp(-abs(x))), s, s * (1 - s)


@of_numbers
def sigmoid(x):
    s = 1 / (1 + np.exp(-x))
    return s, s * (1 - s), s * (1 - s) * (1 - 2 * s)


@of_numbers
def relu(x):
    if x < 0:
        return 0.0, None, None
    return x, 1.0 if x != 0 else np.nan, 0.0


@of_numbers
def sign(x):
    return (np.sign(x), None, None) if x != 0 else (x, np.nan, np.nan)
