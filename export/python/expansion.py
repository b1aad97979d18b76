class Expanded:
    """A number of a formula near x: its value, a series along each ray, and the numbers it is made of."""

    __array_ufunc__ = None  # NumPy's numbers leave arithmetic with it to it

    def __init__(self, value, series, jumps, parts=(), is_tie=False):
        # `jumps`: whether it jumps on the way out along a ray, and so is not near its value at x.
        self.value, self.series, self.jumps, self.parts, self.is_tie = value, series, jumps, parts, is_tie
        self.known = None

    @staticmethod
    def variables(x):
        rays = directions(len(x))
        lines = [[Series.line(a, ray[i]) for ray in rays] for i, a in enumerate(x)]
        return [Expanded(a, line, [False] * len(rays)) for a, line in zip(x, lines)]

    def like(self, other):
        if isinstance(other, Expanded):
            return other
        constant, count = np.float64(other), len(self.series)
        return Expanded(constant, [Series.constant(constant)] * count, [False] * count)

    def made_of(self, parts, value, series, may_jump=False, is_tie=False):
        """The result of an operation on `parts`."""
        jumps = [any(part.jumps[ray] for part in parts) for ray in range(len(series))]
        if may_jump:
            jumps = [jump or np.isnan(ends_of(s, value)[1]) for jump, s in zip(jumps, series)]
        series = [s if jump else s.with_value(value) for jump, s in zip(jumps, series)]
        return Expanded(value, series, jumps, parts, is_tie)

    def apply(self, function):
        name, series = function.__name__, [s.apply(function) for s in self.series]
        is_tie = name in ("absolute", "relu", "sign")
        return self.made_of((self,), np.float64(function(self.value)[0]), series, name == "sign", is_tie)

    def choose(self, *numbers):
        """The third of four numbers where the first is less than the second, else the fourth."""
        numbers = less, than, then, otherwise = tuple(self.like(number) for number in numbers)
        value, series = (then if less.value < than.value else otherwise).value, []
        for a, b, yes, no in zip(less.series, than.series, then.series, otherwise.series):
            gap = b - a
            series.append(no if gap.is_outside() or gap.sign() <= 0 else yes)
        return self.made_of(numbers, value, series, may_jump=True, is_tie=True)

    def __neg__(self):
        return self.made_of((self,), -self.value, [-s for s in self.series])

    def __add__(self, other):
        other = self.like(other)
        series = [a + b for a, b in zip(self.series, other.series)]
        return self.made_of((self, other), self.value + other.value, series)

    def __sub__(self, other):
        other = self.like(other)
        series = [a - b for a, b in zip(self.series, other.series)]
        return self.made_of((self, other), self.value - other.value, series)

    def __mul__(self, other):
        other = self.like(other)
        series = [a * b for a, b in zip(self.series, other.series)]
        return self.made_of((self, other), self.value * other.value, series)

    def __truediv__(self, other):
        other = self.like(other)
        series = [a / b for a, b in zip(self.series, other.series)]
        return self.made_of((self, other), self.value / other.value, series)

    def __pow__(self, other):
        if isinstance(other, int):
            return self * self
        other = self.like(other)
        series = [a**b for a, b in zip(self.series, other.series)]
        return self.made_of((self, other), self.value**other.value, series)

    def __radd__(self, other):
        return self.like(other) + self

    def __rsub__(self, other):
        return self.like(other) - self

    def __rmul__(self, other):
        return self.like(other) * self

    def __rtruediv__(self, other):
        return self.like(other) / self

    def __rpow__(self, other):
        return self.like(other) ** self

    def assembled(self, n):
        """Its derivatives by n variables, as far as it has them."""
        if self.known is None:
            self.known = Assembled([ends_of(series, self.value) for series in self.series], n)
        return self.known

    def only_ties_miss(self, has, n):
        """Whether ties alone are to blame that it misses what `has` tells of.

        To blame are those parts that miss it although all of their own parts have it.
        """
        seen, waiting = set(), [self]
        while waiting:
            number = waiting.pop()
            missing = [part for part in number.parts if not has(part.assembled(n))]
            if not missing and not number.is_tie:
                return False
            waiting += [part for part in missing if id(part) not in seen]
            seen.update(map(id, missing))
        return True

    def derivatives(self, n):
        """The gradient and the Hessian where the value is finite.

        They are true derivatives where it has them, whatever its parts do. Else, if the reason
        is a tie (abs, sign, relu, max, min), both sides count alike: they are the mean of the
        one-sided ones. Else they are NaN.
        """
        found = self.assembled(n)
        gradient, hessian = found.gradient.copy(), found.hessian.copy()
        if not found.is_once:
            if not self.only_ties_miss(lambda part: part.is_once, n):
                # Along some axes there may be a slope; where it is along all, they make no gradient.
                is_lost = found.has_slope.all() | ~found.has_slope
                gradient[is_lost] = hessian[is_lost, :] = hessian[:, is_lost] = np.nan
        elif not found.is_twice and not self.only_ties_miss(lambda part: part.is_twice, n):
            for i in range(n):
                (up_inside, _, up), (down_inside, _, down) = found.ends[2 * i : 2 * i + 2]
                if up_inside and down_inside and not agree(up, down, 0.0):
                    hessian[i, i] = np.nan
            if np.isfinite(hessian).all():
                # All entries are there, but the curvature along other rays is not theirs.
                hessian[:] = np.nan
        return gradient, hessian


class Assembled:
    """Derivatives by n variables from what a number does along rays."""

    def __init__(self, ends, n):
        self.ends = ends
        self.gradient, self.hessian = np.zeros(n), np.zeros((n, n))
        self.has_slope = np.ones(n, dtype=bool)  # whether both sides of an axis have one slope
        slack, second_slack = largest(slope for _, slope, _ in ends), largest(bend for _, _, bend in ends)
        self.is_twice = True
        for i in range(n):
            sides = [end for end in ends[2 * i : 2 * i + 2] if end[0]]
            signs = [sign for end, sign in zip(ends[2 * i : 2 * i + 2], (1, -1)) if end[0]]
            slopes = [sign * slope for sign, (_, slope, _) in zip(signs, sides)]
            self.gradient[i], self.has_slope[i] = mean_of(slopes, slack)
            self.hessian[i, i], is_one = mean_of([2 * bend for _, _, bend in sides], second_slack)
            self.is_twice = self.is_twice and is_one
        self.is_once = bool(self.has_slope.all())
        for pair, (i, j) in enumerate(pairs(n)):
            mixed = []
            for number, (s, r) in enumerate(SIGNS):
                between = ends[2 * n + len(SIGNS) * pair + number]
                along = [ends[2 * i + (s < 0)], ends[2 * j + (r < 0)]]
                if all(is_inside for is_inside, _, _ in (between, *along)):
                    (_, slope_i, bend_i), (_, slope_j, bend_j) = along
                    self.is_once = self.is_once and agree(between[1], slope_i + slope_j, slack)
                    mixed.append(s * r * (between[2] - bend_i - bend_j))
            self.hessian[i, j], is_one = mean_of(mixed, second_slack)
            self.hessian[j, i] = self.hessian[i, j]
            self.is_twice = self.is_twice and is_one
        if n > 1:
            slope = askew(n) @ self.gradient
            for (is_inside, found, _), expected in zip(ends[-2:], (slope, -slope)):
                # Ten times: slopes along the axes have been multiplied and added.
                self.is_once = self.is_once and (not is_inside or agree(found, expected, 10 * slack))
        self.is_twice = self.is_twice and self.is_once


SIGNS = [(1, 1), (-1, -1), (1, -1), (-1, 1)]


def pairs(n):
    return [(i, j) for i in range(n) for j in range(i + 1, n)]


def askew(n):
    """A direction along which nothing special happens."""
    return 1 / (1 + 0.618 * np.arange(n))


def directions(n):
    """The rays: along each axis, both ways, between each two axes, and one way askew."""
    unit = np.eye(n)
    rays = [sign * unit[i] for i in range(n) for sign in (1, -1)]
    rays += [s * unit[i] + r * unit[j] for i, j in pairs(n) for s, r in SIGNS]
    return rays + [askew(n), -askew(n)] * (n > 1)


def ends_of(series, value):
    """Whether a ray is inside of the domain, and a and b of value + a t + b t^2 + ....

    a is NaN where the number jumps; both may be infinite.
    """
    is_inside = not series.is_outside()
    if not is_inside or series.is_unknown():
        return is_inside, np.nan, np.nan
    start = slope = bend = 0.0
    for p, k, c in series.terms:
        if k == 0 and abs(p) < Series.SAME_POWER:
            start = c
        elif p < Series.SAME_POWER:
            return is_inside, np.nan, np.nan
        elif k == 0 and abs(p - 1) < Series.SAME_POWER:
            slope = c
        elif p < 1 + Series.SAME_POWER:
            return is_inside, np.inf * sign_of_term((p, k, c)), np.nan
        elif k == 0 and abs(p - 2) < Series.SAME_POWER:
            bend += c
        elif p < 2 + Series.SAME_POWER and bend == 0:
            bend = np.inf * sign_of_term((p, k, c))
    if abs(start - value) > AGREE * abs(value) or series.order <= 1:
        return is_inside, np.nan, np.nan
    return is_inside, slope, bend if series.order > 2 else np.nan


AGREE = 1e-9  # how far one-sided derivatives may differ, relative to the larger one
AGREE_OVERALL = 1e-12  # the same relative to the largest one along any ray


def agree(a, b, slack):
    return a == b or abs(a - b) <= AGREE * max(abs(a), abs(b)) + slack


def largest(numbers):
    return AGREE_OVERALL * max((abs(number) for number in numbers if np.isfinite(number)), default=0.0)


def mean_of(numbers, slack):
    """The mean, and whether all are equal and finite; NaN without any."""
    if not numbers:
        return np.nan, False
    first = numbers[0]
    is_one = bool(np.isfinite(first)) and all(agree(first, number, slack) for number in numbers)
    if all(number == first for number in numbers):
        return first, is_one
    return sum(numbers) / len(numbers), is_one


class FormulaWithKinks(Formula):
    """A formula of which a part may have no derivative; then all its numbers are expanded along rays."""

    def derivatives_at(self, x):
        number = self.formula(*Taylor.variables(x))
        found = number.derivatives()
        if not np.isfinite(number.value) or not any(np.isnan(part).any() for part in found):
            return found
        expanded = self.formula(*Expanded.variables(x)).derivatives(len(x))
        return [better if np.isnan(part).any() else part for part, better in zip(found, expanded)]
