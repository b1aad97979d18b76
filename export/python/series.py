class Series:
    """A number at x + t d for small t > 0: terms (p, k, c) of c t^p (log t)^k, the largest one first.

    What is left out has at least the power `order`: inf for an exact series, -inf for an unknown one.
    Where the formula leaves the real numbers, the only term is NaN.
    """

    DEPTH = 6.0  # orders of t that are kept behind the leading term
    MOST_TERMS = 24
    SAME_POWER = 1e-9  # powers that differ by less are equal
    ROUNDING = 1e-15  # what is left of a sum by less than this part of its largest summand

    def __init__(self, terms, order=np.inf):
        self.terms, self.order = terms, order

    @staticmethod
    def of(terms, order=np.inf):
        """Orders and joins terms, and leaves out what is too far behind the leading one."""
        if not all(np.isfinite(p) for p, _, _ in terms):
            return Series.unknown()
        left, joined = sorted(terms, key=lambda term: (term[0], -term[1])), []
        while left:
            first = left[0][0]
            near = [term for term in left if term[0] - first < Series.SAME_POWER]
            left = left[len(near) :]
            for logs in sorted({k for _, k, _ in near}, reverse=True):
                same = [(p, c) for p, k, c in near if k == logs]
                total, largest = sum(c for _, c in same), max(abs(c) for _, c in same)
                if not np.isfinite(total):
                    return Series.unknown()
                is_rounding = len(same) > 1 and first != 0 and abs(total) <= Series.ROUNDING * largest
                if total != 0 and not is_rounding:
                    joined.append((same[0][0], logs, total))
        if len(joined) > Series.MOST_TERMS:
            return Series.unknown()
        if joined and joined[-1][0] >= joined[0][0] + Series.DEPTH:
            order = min(order, joined[0][0] + Series.DEPTH)
        return Series([term for term in joined if term[0] < order], order)

    @staticmethod
    def constant(value):
        return Series.of([(0.0, 0, np.float64(value))])

    @staticmethod
    def line(a, b):
        """a + b t."""
        return Series.of([(0.0, 0, np.float64(a)), (1.0, 0, np.float64(b))])

    @staticmethod
    def outside():
        return Series([(0.0, 0, np.nan)])

    @staticmethod
    def unknown():
        return Series([], -np.inf)

    def is_outside(self):
        return bool(self.terms) and np.isnan(self.terms[0][2])

    def is_unknown(self):
        return self.order == -np.inf

    def beyond(self, *others):
        """What any operation makes of operands that are outside or unknown, if one is."""
        if any(series.is_outside() for series in (self, *others)):
            return Series.outside()
        return Series.unknown() if any(series.is_unknown() for series in (self, *others)) else None

    def as_constant(self):
        """The number that it is for all t, if it is one."""
        if self.order < np.inf or len(self.terms) > 1:
            return None
        p, k, c = self.terms[0] if self.terms else (0.0, 0, 0.0)
        return c if p == 0 and k == 0 else None

    def least_power(self):
        return self.terms[0][0] if self.terms else self.order

    def sign(self):
        """The sign for small t, where log t is negative; 0 where it is 0 as far as it is known."""
        return sign_of_term(self.terms[0]) if self.terms else 0.0

    def with_value(self, value):
        """The same with this value at t = 0, to the last bit: then ties of numbers are ties of series."""
        is_bounded = not self.terms or self.terms[0][0] > 0 or self.terms[0][:2] == (0, 0)
        if not (np.isfinite(value) and is_bounded and self.order >= 0) or self.is_outside():
            return self
        rest = [term for term in self.terms if term[0] > 0]
        return Series([(0.0, 0, value), *rest] if value != 0 else rest, self.order)

    def scaled(self, factor, power):
        """factor t^power times it."""
        return Series.of([(p + power, k, c * factor) for p, k, c in self.terms], self.order + power)

    def __neg__(self):
        return self.beyond() or self.scaled(-1.0, 0.0)

    def __add__(self, other):
        return self.beyond(other) or Series.of(self.terms + other.terms, min(self.order, other.order))

    def __sub__(self, other):
        return self + -other

    def __mul__(self, other):
        beyond = self.beyond(other)
        if beyond:
            return beyond
        if self.as_constant() == 0 or other.as_constant() == 0:
            return Series.constant(0.0)
        least, least_other = self.least_power(), other.least_power()
        order = min(least + other.order, least_other + self.order)
        limit = min(order, least + least_other + Series.DEPTH)
        terms = [(p + q, k + m, c * d) for p, k, c in self.terms for q, m, d in other.terms]
        kept = [term for term in terms if term[0] < limit]
        return Series.of(kept, order if len(kept) == len(terms) else limit)

    def __truediv__(self, other):
        return self * other.to_power(-1.0)

    def __pow__(self, exponent):
        """It to a power that may vary: exp(b log a)."""
        beyond = self.beyond(exponent)
        if beyond:
            return beyond
        if exponent.as_constant() is not None:
            return self.to_power(exponent.as_constant())
        if self.as_constant() == 0:
            return Series.constant(0.0) if exponent.sign() > 0 else Series.unknown()
        product = exponent * self.log()
        return product.beyond() or product.exp()

    def compose(self, coefficients):
        """The sum of c_k u^k, where it is a u that vanishes at t = 0."""
        total = Series.constant(0.0)
        for coefficient in reversed(coefficients):
            total = total * self + Series.constant(coefficient)
        if self.as_constant() is None:
            # The terms that were not added up.
            total.order = min(total.order, self.least_power() * len(coefficients))
            total.terms = [term for term in total.terms if term[0] < total.order]
        return total

    def count(self):
        """How many coefficients `compose` needs."""
        count = np.divide(Series.DEPTH, self.least_power()) // 1 + 1
        return int(count) if count < Series.MOST_TERMS else Series.MOST_TERMS

    def lead(self):
        """p, c and u of c t^p (1 + u); None where it is 0, or where the leading term has a logarithm."""
        if not self.terms or self.terms[0][1] > 0:
            return None
        p, _, c = self.terms[0]
        return p, c, Series(self.terms[1:], self.order).scaled(1 / np.float64(c), -p)

    def to_power(self, exponent):
        """It to a constant power."""
        beyond, lead = self.beyond(), self.lead()
        if beyond:
            return beyond
        if lead is None:
            if self.terms or exponent < 0:
                return Series.unknown()
            return Series.constant(1.0) if exponent == 0 else Series([], self.order * exponent)
        p, c, u = lead
        factor = np.float64(c) ** exponent
        if np.isnan(factor):
            return Series.outside()
        coefficients = [np.float64(1.0)]
        for k in range(1, u.count()):
            coefficients.append(coefficients[-1] * (exponent - k + 1) / k)
        return u.compose(coefficients).scaled(factor, p * exponent)

    def log(self):
        lead = self.lead()
        if lead is None:
            return Series.unknown()
        p, c, u = lead
        if c < 0:
            return Series.outside()
        coefficients = [np.log(c)] + [(1 if k % 2 else -1) / k for k in range(1, u.count())]
        return u.compose(coefficients) + Series.of([(0.0, 1, np.float64(p))])

    def exp(self):
        value, power, rest = 0.0, 0.0, []
        for p, k, c in self.terms:
            if p > 0:
                rest.append((p, k, c))
            elif (p, k) == (0, 0):
                value = c
            elif (p, k) == (0, 1):
                power = c  # exp(c log t) is t^c
            else:
                # It vanishes faster than any power of t, or has no end.
                return Series.constant(0.0) if sign_of_term((p, k, c)) < 0 else Series.unknown()
        if self.order <= 0:
            return Series.unknown()
        u = Series(rest, self.order)
        return u.compose(taylor_coefficients(exp.of, 0.0, u.count())).scaled(np.exp(value), power)

    def apply(self, function):
        """A function of one number."""
        name = function.__name__
        beyond = self.beyond()
        if beyond:
            return beyond
        if name == "absolute":
            return -self if self.sign() < 0 else self
        if name == "relu":
            return Series.constant(0.0) if self.sign() < 0 else self
        if name == "sign":
            return Series.constant(self.sign())
        if name == "sqrt":
            return self.to_power(0.5)
        if name == "log":
            return self.log()
        return self.exp() if name == "exp" else self.smooth(function)

    def smooth(self, function):
        """A function that is smooth for all numbers."""
        value, rest = 0.0, self.terms
        if self.terms:
            p, k, c = self.terms[0]
            if p < 0:
                return self.at_infinity(function.__name__, self.sign() > 0)
            if p == 0:
                if k > 0:
                    return Series.unknown()
                value, rest = c, self.terms[1:]
        if self.order <= 0:
            return Series.unknown()
        u = Series(rest, self.order)
        return u.compose(taylor_coefficients(function, value, u.count()))

    def at_infinity(self, name, is_positive):
        """A function of what grows as a power of 1/t: it differs from its limit by less than any power."""
        if name == "tanh":
            return Series.constant(1.0 if is_positive else -1.0)
        if name == "sigmoid":
            return Series.constant(1.0 if is_positive else 0.0)
        if name == "softplus":
            return self if is_positive else Series.constant(0.0)
        if name == "logcosh":
            return (self if is_positive else -self) + Series.constant(-np.log(2))
        return Series.unknown()


def sign_of_term(term):
    """For small t, where log t is negative."""
    _, k, c = term
    return np.sign(c) if k % 2 == 0 else -np.sign(c)


def taylor_coefficients(function, a, count):
    """The derivatives of a smooth function at a, number k divided by k!.

    tan, tanh and the logistic function solve y' = 1 + y^2, 1 - y^2 and y - y^2, which give each coefficient
    from those before; logcosh and softplus are integrals of the latter two.
    """
    name, value = function.__name__, function(np.float64(a))[0]
    cycles = {
        "exp": [value] * 4,
        "sin": [value, np.cos(a), -value, -np.cos(a)],
        "cos": [value, -np.sin(a), -value, np.sin(a)],
        "cosh": [value, np.sinh(a)] * 2,
        "sinh": [value, np.cosh(a)] * 2,
    }
    if name in cycles:
        return [cycles[name][k % 4] / math.factorial(k) for k in range(count)]
    if name in ("logcosh", "softplus"):
        slope = taylor_coefficients({"logcosh": tanh, "softplus": sigmoid}[name].of, a, count - 1)
        return [value] + [c / (k + 1) for k, c in enumerate(slope)]
    constant, linear, square = {"tan": (1, 0, 1), "tanh": (1, 0, -1), "sigmoid": (0, 1, -1)}[name]
    y = [value]
    for k in range(count - 1):
        squared = sum(y[i] * y[k - i] for i in range(k + 1))
        y.append(((constant if k == 0 else 0) + linear * y[k] + square * squared) / (k + 1))
    return y[:count]
