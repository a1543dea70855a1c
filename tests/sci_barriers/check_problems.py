"""Small problems of penalised least squares, and what a minimiser is by definition, in fractions of Python."""

from fractions import Fraction
from itertools import product

from flint import fmpq
from hypothesis import strategies as st

from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of

PRIME = 2**61 - 1


def fractions(vector):
    return [Fraction(int(v.p), int(v.q)) for v in entries_of(vector)]


class Plain:
    """A problem as lists of fractions, with Z written out."""

    def __init__(self, problem):
        m, n = problem.rows, problem.features
        entries = [Fraction(int(a), problem.matrix.den) for a in problem.matrix.re.entries()]
        centres = [Fraction(0)] * n if problem.centres is None else fractions(problem.centres)
        self.scales = [Fraction(1)] * n if problem.scales is None else fractions(problem.scales)
        self.Z = [
            [(entries[i * n + j] - centres[j]) / self.scales[j] for j in range(n)] + [Fraction(1)] * problem.intercept
            for i in range(m)
        ]
        self.y = fractions(problem.data)
        self.omega = (
            [Fraction(1)] * m if problem.observation_weights is None else fractions(problem.observation_weights)
        )
        self.mu = fractions(problem.penalties)
        self.kappa = [Fraction(0)] * problem.size if problem.ridge is None else fractions(problem.ridge)
        self.nonnegative = set(problem.nonnegative)
        self.size, self.features = problem.size, n
        self.scales += [Fraction(1)] * problem.intercept

    def x(self, v):
        """The coefficients of v, which is in the units of the columns of X."""
        return [s * entry for s, entry in zip(self.scales, fractions(v), strict=True)]

    def residual(self, x):
        return [y - sum(a * b for a, b in zip(row, x, strict=True)) for row, y in zip(self.Z, self.y, strict=True)]

    def objective(self, x):
        fit = sum(w * r * r for w, r in zip(self.omega, self.residual(x), strict=True))
        return fit + sum(m * abs(v) + k * v * v for m, k, v in zip(self.mu, self.kappa, x, strict=True))

    def slopes(self, x):
        r = self.residual(x)
        return [
            2 * sum(w * row[j] * v for w, row, v in zip(self.omega, self.Z, r, strict=True)) - 2 * self.kappa[j] * x[j]
            for j in range(self.size)
        ]

    def is_minimiser(self, x):
        """The optimality conditions."""
        for j, (g, mu, value) in enumerate(zip(self.slopes(x), self.mu, x, strict=True)):
            if j in self.nonnegative:
                if value < 0 or g > mu or (value and g != mu):
                    return False
            elif abs(g) > mu or (value and g != (mu if value > 0 else -mu)):
                return False
        return True

    def active(self, x):
        return [
            j
            for j, (g, mu) in enumerate(zip(self.slopes(x), self.mu, strict=True))
            if (g if j in self.nonnegative else abs(g)) == mu
        ]

    def movable(self, x):
        """E': what can differ between minimisers."""
        return [j for j in self.active(x) if not self.kappa[j]]

    def sign(self, x, j):
        """The sign that coefficient j of E may have in a minimiser, 0 if both."""
        if j in self.nonnegative:
            return 1
        return 0 if not self.mu[j] else 1 if self.slopes(x)[j] > 0 else -1

    def least_value(self):
        """The least value of the objective, by trying all supports and signs: a minimiser with independent columns is
        the stationary point on its support.
        """
        best = self.objective([Fraction(0)] * self.size)
        for signs in product(*(self._choices(j) for j in range(self.size))):
            support = [j for j, sign in enumerate(signs) if sign is not None]
            gram = [
                [sum(w * row[i] * row[j] for w, row in zip(self.omega, self.Z, strict=True)) for j in support]
                for i in support
            ]
            for k, j in enumerate(support):
                gram[k][k] += self.kappa[j]
            right = [
                sum(w * row[j] * y for w, row, y in zip(self.omega, self.Z, self.y, strict=True))
                - self.mu[j] * signs[j] / 2
                for j in support
            ]
            solution = solve(gram, right)
            if solution is None or any(v * signs[j] < 0 for v, j in zip(solution, support, strict=True)):
                continue
            x = [Fraction(0)] * self.size
            for j, v in zip(support, solution, strict=True):
                x[j] = v
            best = min(best, self.objective(x))
        return best

    def _choices(self, j):
        if j in self.nonnegative:
            return (None, 1)
        return (None, 1, -1) if self.mu[j] else (None, 0)


def solve(matrix, right):
    """The solution of a square system, None if it is singular."""
    size = len(matrix)
    work = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    for k in range(size):
        pivot = next((i for i in range(k, size) if work[i][k]), None)
        if pivot is None:
            return None
        work[k], work[pivot] = work[pivot], work[k]
        for i in range(size):
            if i != k and work[i][k]:
                ratio = work[i][k] / work[k][k]
                work[i] = [a - ratio * b for a, b in zip(work[i], work[k], strict=True)]
    return [work[k][size] / work[k][k] for k in range(size)]


def minor_is_regular(rows):
    """Whether a square matrix of fractions is regular modulo the prime, its columns cleared of denominators."""
    size = len(rows)
    columns = []
    for j in range(size):
        den = 1
        for row in rows:
            den *= row[j].denominator
        columns.append([int(row[j] * den) % PRIME for row in rows])
    work = [list(row) for row in zip(*columns, strict=True)]
    for k in range(size):
        pivot = next((i for i in range(k, size) if work[i][k]), None)
        if pivot is None:
            return False
        work[k], work[pivot] = work[pivot], work[k]
        inverse = pow(work[k][k], -1, PRIME)
        for i in range(k + 1, size):
            ratio = work[i][k] * inverse % PRIME
            work[i] = [(a - ratio * b) % PRIME for a, b in zip(work[i], work[k], strict=True)]
    return True


SMALL = st.sampled_from([fmpq(0), fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 2), fmpq(-3, 2), fmpq(5, 3)])
PENALTY = st.sampled_from([fmpq(0), fmpq(1, 2), fmpq(1), fmpq(2), fmpq(7, 3)])
POSITIVE = st.sampled_from([fmpq(1), fmpq(2), fmpq(1, 3), fmpq(5, 4)])


@st.composite
def problems(draw, most_rows=4, most_columns=4):
    """Problems with equal and opposite columns, zeros, ties, and any of the options."""
    m, n = draw(st.integers(1, most_rows)), draw(st.integers(1, most_columns))
    columns = []
    for _ in range(n):
        kind = draw(st.sampled_from(["new", "new", "equal", "opposite", "zero", "ones"]))
        if kind in ("equal", "opposite") and columns:
            factor = 1 if kind == "equal" else -1
            columns.append([factor * a for a in draw(st.sampled_from(columns))])
        elif kind == "zero":
            columns.append([fmpq(0)] * m)
        elif kind == "ones":
            columns.append([fmpq(1)] * m)
        else:
            columns.append(draw(st.lists(SMALL, min_size=m, max_size=m)))
    intercept = draw(st.booleans())

    def some(entries, length, zeros=0):
        if draw(st.booleans()):
            return None
        return draw(st.lists(entries, min_size=length, max_size=length)) + [fmpq(0)] * zeros

    if draw(st.booleans()):
        penalties = [draw(PENALTY)] * n
    else:
        penalties = draw(st.lists(PENALTY, min_size=n, max_size=n))
    return PenalisedLeastSquares.of(
        [[column[i] for column in columns] for i in range(m)],
        draw(st.lists(SMALL, min_size=m, max_size=m)),
        penalties=penalties + [fmpq(0)] * intercept,
        ridge=some(st.sampled_from([fmpq(0), fmpq(0), fmpq(1), fmpq(1, 3)]), n, int(intercept)),
        centres=some(SMALL, n),
        scales=some(POSITIVE, n),
        observation_weights=some(POSITIVE, m),
        intercept=intercept,
        nonnegative=sorted(draw(st.sets(st.integers(0, n - 1)))) if draw(st.booleans()) else (),
    )


@st.composite
def points(draw, problem):
    """Coefficients of a problem, any."""
    size = problem.size
    return draw(st.lists(SMALL, min_size=size, max_size=size))
