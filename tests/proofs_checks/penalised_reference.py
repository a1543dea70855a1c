"""Penalised least squares by brute force over supports and signs, in fractions, from the definition of the objective.

Nothing here knows conditions of optimality: a minimum is the least of the objectives at the stationary points of all
faces, and the minimisers are what lies between those that attain it.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product

from tests.proofs_checks.builders import F
from tests.proofs_checks.solution_builders import solution


def dot(a, b):
    return sum((x * y for x, y in zip(a, b, strict=True)), F(0))


def solved(matrix, right):
    """One solution of a linear system, zeros where it is free, and whether it is the only one; None without any."""
    rows = [[F(x) for x in row] + [F(b)] for row, b in zip(matrix, right, strict=True)]
    n, place, pivots = len(matrix[0]) if matrix else 0, 0, []
    for j in range(n):
        i = next((i for i in range(place, len(rows)) if rows[i][j]), None)
        if i is None:
            continue
        rows[place], rows[i] = rows[i], rows[place]
        rows[place] = [x / rows[place][j] for x in rows[place]]
        for k in range(len(rows)):
            if k != place and rows[k][j]:
                rows[k] = [x - rows[k][j] * y for x, y in zip(rows[k], rows[place], strict=True)]
        pivots.append(j)
        place += 1
    if any(row[n] for row in rows[place:]):
        return None, False
    x = [F(0)] * n
    for row, j in zip(rows, pivots, strict=False):
        x[j] = row[n]
    return x, len(pivots) == n


def exact(x):
    """A number as it is, if it is complex, or else as a fraction."""
    return F(x) if isinstance(x, (int, float, F)) else x


@dataclass
class Reference:
    """The problem; everything in the units of x."""

    X: list
    y: list
    mu: list
    kappa: list = None
    centres: list = None
    scales: list = None
    weights: list = None
    intercept: bool = False
    nonnegative: tuple = ()
    size: int = field(init=False)

    def __post_init__(self):
        self.n = len(self.X[0])
        self.size = self.n + self.intercept

    @cached_property
    def Z(self):
        c, s = self.centres or [0] * self.n, self.scales or [1] * self.n
        made = [[(exact(x) - a) / b for x, a, b in zip(row, c, s, strict=True)] for row in self.X]
        return [[*row, F(1)] if self.intercept else row for row in made]

    @cached_property
    def w(self):
        return [F(x) for x in self.weights or [1] * len(self.X)]

    @cached_property
    def ridge(self):
        return [F(x) for x in self.kappa or [0] * self.size]

    def objective(self, x):
        if any(x[j] < 0 for j in self.nonnegative):
            return None
        fit = sum((w * (F(b) - dot(row, x)) ** 2 for w, b, row in zip(self.w, self.y, self.Z, strict=True)), F(0))
        return fit + sum(m * abs(a) + k * a * a for m, k, a in zip(self.mu, self.ridge, x, strict=True))

    def signs(self, j):
        return (0, 1) if j in self.nonnegative else (0, 1, -1) if self.mu[j] else (0, 1)

    @cached_property
    def best(self):
        """The minimum, and the points with independent columns that attain it."""
        found = {}
        for signs in product(*(self.signs(j) for j in range(self.size))):
            support = [j for j, s in enumerate(signs) if s]
            normal = [
                [
                    sum((w * row[j] * row[k] for w, row in zip(self.w, self.Z, strict=True)), F(0))
                    + self.ridge[j] * (j == k)
                    for k in support
                ]
                for j in support
            ]
            right = [
                sum((w * row[j] * F(b) for w, row, b in zip(self.w, self.Z, self.y, strict=True)), F(0))
                - F(self.mu[j]) * signs[j] / 2
                for j in support
            ]
            part, only = solved(normal, right) if support else ([], True)
            if not only:
                continue
            x = [F(0)] * self.size
            for j, a in zip(support, part, strict=True):
                x[j] = a
            free = {j for j in support if not self.mu[j] and j not in self.nonnegative}
            if all(x[j] * signs[j] > 0 for j in support if j not in free):
                found[tuple(x)] = self.objective(x)
        least = min(found.values())
        return least, sorted(x for x, value in found.items() if value == least)

    def away2(self, x, z):
        return sum(((a - b) ** 2 for a, b in zip(x[: self.n], z[: self.n], strict=True)), F(0))

    def nearest(self, c):
        """The point nearest to c between the points that attain the minimum: all minimisers, if they are bounded."""
        _, points = self.best
        found = []
        for count in range(1, len(points) + 1):
            for chosen in combinations(points, count):
                first, others = chosen[0], chosen[1:]
                steps = [[a - b for a, b in zip(x, first, strict=True)] for x in others]
                gram = [[dot(p[: self.n], q[: self.n]) for q in steps] for p in steps]
                to = [F(a) - b for a, b in zip(c[: self.n], first, strict=False)]
                t, _ = solved(gram, [dot(to, p[: self.n]) for p in steps]) if steps else ([], True)
                if t is None or any(a < 0 for a in t) or sum(t, F(0)) > 1:
                    continue
                point = [a + sum((s * p[j] for s, p in zip(t, steps, strict=True)), F(0)) for j, a in enumerate(first)]
                found.append((self.away2(c, point), point))
        return min(found)[1]

    def _fixed(self, p, signs, places):
        """What is the same for all minimisers, as the objective is convex: Zz, sum mu |z|, and z_j where kappa_j > 0.

        These are linear in the entries at some places, which have these signs, where others are 0.
        """
        linear = [[row[j] for j in places] for row in self.Z]
        linear.append([F(self.mu[j]) * signs[j] for j in places])
        linear += [[F(i == j) for j in places] for i in range(self.size) if self.ridge[i]]
        value = [dot(row, p) for row in self.Z]
        value.append(sum((F(m) * abs(x) for m, x in zip(self.mu, p, strict=True)), F(0)))
        return linear, value + [p[i] for i in range(self.size) if self.ridge[i]]

    def _patterns(self):
        """All signs of a point; an entry without penalty may have any where the sign 1 stands, unless it is limited."""
        for signs in product(*(self.signs(j) for j in range(self.size))):
            yield signs, [j for j, s in enumerate(signs) if s]

    def _free(self, j):
        return not self.mu[j] and j not in self.nonnegative

    def distance2(self, c, p):
        """The least square of the distance of the features of a minimiser to those of c; p is a minimiser.

        The nearest is nearest among all points that fit, of its signs, and the least of these is taken.
        """
        found = []
        for signs, places in self._patterns():
            linear, value = self._fixed(p, signs, places)
            count, rows = len(places), len(linear)
            if not places:
                if not any(value):
                    found.append(self.away2(c, [F(0)] * self.size))
                continue
            system = [
                [F(i == k and j < self.n) for k in range(count)] + [linear[r][i] for r in range(rows)]
                for i, j in enumerate(places)
            ]
            system += [linear[r] + [F(0)] * rows for r in range(rows)]
            x, _ = solved(system, [F(c[j]) if j < self.n else F(0) for j in places] + value)
            if x is None:
                continue
            z = [F(0)] * self.size
            for j, a in zip(places, x, strict=False):
                z[j] = a
            if all(self._free(j) or z[j] * signs[j] > 0 for j in places):
                found.append(self.away2(c, z))
        return min(found)

    def moves(self, p):
        """Whether there is a minimiser besides p: a direction that keeps what all of them share, and the signs."""
        options = [self.signs(j)[1:] if not p[j] else (1 if p[j] > 0 else -1,) for j in range(self.size)]
        for signs in product(*options):
            linear, _ = self._fixed(p, signs, range(self.size))
            held = [j for j in range(self.size) if not p[j] and not self._free(j)]
            # every direction is a sum of some that have as few entries as may be, and its signs
            for count in range(1, self.size + 1):
                for chosen in combinations(range(self.size), count):
                    for k, last in enumerate(chosen):
                        rest = [*chosen[:k], *chosen[k + 1 :]]
                        h, only = solved([[row[j] for j in rest] for row in linear], [-row[last] for row in linear])
                        if h is None or not only:
                            continue
                        step = dict(zip(rest, h, strict=True)) | {last: F(1)}
                        for way in (1, -1):
                            if all(way * step.get(j, 0) * signs[j] >= 0 for j in held):
                                return True
        return False


def gradient(ref, x):
    """2 Z^T diag(w) (y - Zx) - 2 kappa x."""
    residual = [w * (F(b) - dot(row, x)) for w, b, row in zip(ref.w, ref.y, ref.Z, strict=True)]
    return [
        2 * sum((row[j] * r for row, r in zip(ref.Z, residual, strict=True)), F(0)) - 2 * ref.ridge[j] * x[j]
        for j in range(ref.size)
    ]


def active(ref, g):
    """{column of E': sign of its entry, 0 if it may have both}."""
    found = {}
    for j, a in enumerate(g):
        if ref.ridge[j] == 0 and (a == ref.mu[j] or (abs(a) == ref.mu[j] and j not in ref.nonnegative)):
            found[j] = 1 if j in ref.nonnegative or a > 0 else -1 if a < 0 else 0
    return found


def minor(ref, columns):
    """The first rows in which these columns are independent, or None."""
    chosen = []
    for i in range(len(ref.X)) if columns else ():
        rows = [[ref.Z[k][j] for j in columns] for k in [*chosen, i]]
        if solved([list(column) for column in zip(*rows, strict=True)], [0] * len(columns))[1]:
            chosen.append(i)
    return chosen if len(chosen) == len(columns) else None


def multiplier(ref, c, p, signs):
    """A q that proves that p is the nearest to c."""
    columns = sorted(signs)
    d = [F(a) - b if j < ref.n else F(0) for j, (a, b) in enumerate(zip(c, p, strict=True))]
    fixed = [j for j in columns if not signs[j] or p[j]]
    others = [j for j in columns if j not in fixed]
    for count in range(len(others) + 1):
        for more in combinations(others, count):
            equal = [*fixed, *more]
            q = [F(0)] * len(ref.X)
            if equal:
                q, _ = solved([[row[j] for row in ref.Z] for j in equal], [d[j] for j in equal])
            if q is not None and all(
                signs[j] * (d[j] - sum((row[j] * a for row, a in zip(ref.Z, q, strict=True)), F(0))) <= 0
                for j in others
            ):
                return q
    return None


def certified(ref, c, *, p=None, other=None, unique=None):
    """A certificate of kind solution-digits; p and another minimiser may be given, in the units of x."""
    p = ref.nearest(c) if p is None else p
    signs = active(ref, gradient(ref, p))
    rows = minor(ref, sorted(signs))
    if unique is None and rows is None:
        other = other or next((x for x in ref.best[1] if list(x) != list(p)), None)
    unique = unique or ("yes" if rows is not None else "open" if other is None else "no")
    scales = [F(s) for s in ref.scales or [1] * ref.n] + [F(1)] * ref.intercept
    own = lambda x: [F(a) / s for a, s in zip(x, scales, strict=True)]  # noqa: E731
    return solution(
        ref.X, ref.y, ref.mu, c, own(p), unique,
        rows=rows if unique == "yes" else None,
        q=None if unique == "yes" else multiplier(ref, c, p, signs) or [0] * len(ref.X),
        other=own(other) if unique == "no" else None,
        kappa=ref.kappa, centres=ref.centres, scales=ref.scales, weights=ref.weights,
        intercept=ref.intercept, nonnegative=ref.nonnegative,
    )  # fmt: skip
