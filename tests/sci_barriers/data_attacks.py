"""Data sets within a precision that aim at what was proved of all of them, solved exactly."""

import random
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpz_mat

from exact_base.matrices import ExactMatrix
from proofs_checks.certificate.reading import parse
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.data_problem import decode_problem, width
from proofs_checks.checker.parts.data_theorems import AtScale
from proofs_checks.checker.parts.penalised import decode_places, decode_sparse
from proofs_checks.checker.parts.precision import decode_precision
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.face import nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of
from sci_barriers.problems.penalised.solving import minimise

_BITS = 40


def number(value):
    return int(value.p) / int(value.q)


def fraction(value):
    return Fraction(int(value.p), int(value.q))


def matrix_of(rows):
    """Rows of rationals as a matrix."""
    flat = column([fmpq(entry.numerator, entry.denominator) for row in rows for entry in row])
    return ExactMatrix(fmpz_mat(len(rows), len(rows[0]), flat.re.entries()), None, flat.den)


def fractions_of(matrix):
    return [[Fraction(int(a), matrix.den) for a in row] for row in matrix.re.tolist()]


# --- drawn problems and precisions ------------------------------------------------------------------


def drawn_problem(rng):
    """A small problem with any of the options; columns beside an intercept can be badly centred."""
    m, n = rng.randint(2, 7), rng.randint(1, 6)
    intercept = rng.random() < 0.4
    far = [rng.choice([0, 0, 1000, -37]) if intercept else 0 for _ in range(n)]
    X = [[Fraction(rng.randint(-60, 60), 16) + far[j] for j in range(n)] for _ in range(m)]
    y = [Fraction(rng.randint(-100, 100), 16) for _ in range(m)]

    def maybe(chance, values, length):
        return [rng.choice(values) for _ in range(length)] if rng.random() < chance else None

    mu = [Fraction(rng.choice([0, 1, 4, 8, 8, 16, 40] if rng.random() < 0.3 else [4, 8, 16, 40]), 4) for _ in range(n)]
    kappa = maybe(0.4, [Fraction(0), Fraction(1, 2), Fraction(3)], n)
    return PenalisedLeastSquares(
        matrix_of(X),
        matrix_of([[a] for a in y]),
        matrix_of([[a] for a in [*mu, *[Fraction(0)] * intercept]]),
        None if kappa is None else matrix_of([[a] for a in [*kappa, *[Fraction(0)] * intercept]]),
        None
        if (centres := maybe(0.3, [Fraction(0), Fraction(1, 3), Fraction(-2)], n)) is None
        else matrix_of([[a] for a in centres]),
        None
        if (scales := maybe(0.3, [Fraction(1), Fraction(3, 7), Fraction(5)], n)) is None
        else matrix_of([[a] for a in scales]),
        None
        if (weights := maybe(0.3, [Fraction(1), Fraction(1, 3), Fraction(4)], m)) is None
        else matrix_of([[a] for a in weights]),
        intercept,
        tuple(j for j in range(n) if rng.random() < 0.2),
    )


def drawn_precision(rng, problem):
    """Radii of any kind and size."""
    m, n = problem.rows, problem.features
    unit = Fraction(1, 2 ** rng.randint(2, 14))

    def radius(rows, cols):
        kind = rng.choice(["exact", "norm", "number", "array", "array"])
        if kind == "exact":
            return Radius.exactly()
        if kind == "norm":
            return Radius.spectral(unit)
        if kind == "number":
            return Radius.entrywise(matrix_of([[unit]]))
        shape = rng.choice([1, rows]), rng.choice([1, cols])
        return Radius.entrywise(
            matrix_of([[unit * rng.randint(0, 4) / 2 for _ in range(shape[1])] for _ in range(shape[0])])
        )

    return Precision(radius(m, n), radius(m, 1))


# --- attacks ----------------------------------------------------------------------------------------


def largest_in(radius, direction):
    """The matrix within a radius with about the largest product with a direction, in rationals, certainly within."""
    rows, cols = direction.shape
    if radius.entries is not None:
        signs = np.where(direction >= 0, 1, -1)
        return [[fraction(radius.entry(i, j)) * int(signs[i, j]) for j in range(cols)] for i in range(rows)]
    if not np.any(direction):
        return [[Fraction(0)] * cols for _ in range(rows)]
    left, values, right = np.linalg.svd(direction / np.abs(direction).max(), full_matrices=False)
    kept = values > 1e-9 * values[0]
    polar = (left[:, kept] @ right[kept]) * (1 - 2.0**-20)
    return [[Fraction(float(a)) * fraction(radius.norm) for a in row] for row in polar]


class Attacks:
    """The directions in which data can be moved to move a minimiser, to first order."""

    def __init__(self, problem, determined, rng):
        self.problem, self.rng = problem, rng
        n, m = problem.features, problem.rows
        X = np.array([[float(a) for a in row] for row in fractions_of(problem.matrix)])
        scales = np.array([number(s) for s in problem.scale_entries[:n]])
        centres = np.zeros(n) if problem.centres is None else np.array([number(c) for c in entries_of(problem.centres)])
        omega = (
            np.ones(m)
            if problem.observation_weights is None
            else np.array([number(w) for w in entries_of(problem.observation_weights)])
        )
        Z = (X - centres) / scales
        if problem.intercept:
            Z = Z - omega @ Z / omega.sum()
        self.roots = np.sqrt(omega)
        self.A = self.roots[:, None] * Z
        self.scales = scales
        self.x = np.array([number(v) for v in entries_of(determined.point)][:n])
        y = np.array([number(v) for v in entries_of(problem.data)])
        left = self.roots * (y - ((X - centres) / scales) @ self.x)
        if problem.intercept:
            left = left - self.roots * (self.roots @ left) / omega.sum()
        self.r = left
        self.J = [j for j in range(n) if self.x[j]]
        kappa = np.zeros(n) if problem.ridge is None else np.array([number(k) for k in entries_of(problem.ridge)][:n])
        self.H = self.A[:, self.J].T @ self.A[:, self.J] + np.diag(kappa[self.J])
        self.slopes = 2 * self.A.T @ self.r - 2 * kappa * self.x

    def towards(self, goal):
        """The directions of dX and dy that move <goal, x_J> by most."""
        pull = np.linalg.solve(self.H, goal)
        along = self.A[:, self.J] @ pull
        dX = -np.outer(self.roots * along, self.x / self.scales)
        for k, j in enumerate(self.J):
            dX[:, j] += self.roots * self.r * pull[k] / self.scales[j]
        return dX, self.roots * along

    def letting_in(self, j):
        """The directions that move the slope of a column by most."""
        own = self.A[:, j]
        b = np.linalg.solve(self.H, self.A[:, self.J].T @ own) if self.J else np.zeros(0)
        rest = own - self.A[:, self.J] @ b
        dX = -np.outer(self.roots * rest, self.x / self.scales)
        dX[:, j] += self.roots * self.r / self.scales[j]
        for k, i in enumerate(self.J):
            dX[:, i] -= self.roots * self.r * b[k] / self.scales[i]
        sign = 1 if self.slopes[j] >= 0 else -1
        return sign * dX, sign * self.roots * rest

    def directions(self, count):
        """Directions of all kinds."""
        m, n = self.problem.rows, self.problem.features
        rng = np.random.default_rng(self.rng.randrange(2**32))
        for _ in range(count):
            kind = self.rng.choice(["random", "corner", "goal", "eigen", "out", "rank"])
            try:
                if kind == "random" or (not self.J and kind in ("goal", "eigen")):
                    found = rng.normal(size=(m, n)), rng.normal(size=m)
                elif kind == "corner":
                    found = rng.choice([-1.0, 1.0], size=(m, n)), rng.choice([-1.0, 1.0], size=m)
                elif kind == "rank":
                    found = np.outer(rng.normal(size=m), rng.normal(size=n)), rng.normal(size=m)
                elif kind == "goal":
                    goal = np.zeros(len(self.J))
                    goal[rng.integers(len(self.J))] = rng.choice([-1.0, 1.0])
                    found = self.towards(goal)
                elif kind == "eigen":
                    found = self.towards(np.linalg.eigh(self.H)[1][:, 0] * rng.choice([-1.0, 1.0]))
                else:
                    found = self.letting_in(int(rng.integers(n)))
            except np.linalg.LinAlgError:
                continue
            yield found

    def data(self, precision, scale, direction):
        """The data at a scale in a direction, or part of the way."""
        part = self.rng.choice([1, 1, 1, Fraction(self.rng.randint(0, 16), 16)])
        by = fraction(scale) * part
        dX = largest_in(precision.matrix, direction[0])
        dy = largest_in(precision.data, direction[1][:, None])
        X = [
            [a + by * d for a, d in zip(*rows, strict=True)]
            for rows in zip(fractions_of(self.problem.matrix), dX, strict=True)
        ]
        y = [
            [a + by * d for a, d in zip(*rows, strict=True)]
            for rows in zip(fractions_of(self.problem.data), dy, strict=True)
        ]
        return varied(self.problem, matrix_of(X), matrix_of(y))


def varied(problem, X, y):
    """The problem with other data."""
    return PenalisedLeastSquares(
        X,
        y,
        problem.penalties,
        problem.ridge,
        problem.centres,
        problem.scales,
        problem.observation_weights,
        problem.intercept,
        problem.nonnegative,
    )


def faults(problem, outcome, point):
    """What is wrong with an outcome, for a minimiser of a varied problem; and its distance over the bound."""
    solution = minimise(problem, guess=point)
    exact = entries_of(problem.coefficients(solution.point))
    n = problem.features
    moved = [a - b for a, b in zip(exact[:n], entries_of(point)[:n], strict=True)]
    square = sum((d * d for d in moved), fmpq(0))
    found = []
    if square > outcome.distance**2:
        found.append("distance")
    if any(abs(d) > move for d, move in zip(moved, outcome.moves, strict=True)):
        found.append("moves")
    signs = entries_of(point)
    if any(exact[j] * signs[j] <= 0 for j in outcome.inside):
        found.append("inside")
    if any(exact[j] != 0 for j in outcome.outside):
        found.append("outside")
    if outcome.unique and nearest(solution, point).unique != "yes":
        found.append("unique")
    return found, (number(square) ** 0.5 / number(outcome.distance) if outcome.distance else 0.0)


def changed_status(problem, j, point):
    """Whether a feature is in where it is not in the point, or the other way round."""
    exact = entries_of(minimise(problem, guess=point).point)
    return (exact[j] != 0) != (entries_of(point)[j] != 0)


def checked_outcomes(certificate):
    """The outcomes that the checker finds."""
    file = parse(certificate)
    problem = decode_problem(file.claim["problem"], "problem")
    precision = decode_precision(file.claim["precision"], "precision", *problem.matrix.shape)
    point = decode_sparse(file.evidence["point"], "point", width(problem) * problem.size)
    allowed = decode_places(file.evidence["allowed"], "allowed", problem.size)
    sigma = Fraction(*(int(part, 0) for part in file.evidence["sigma"]))
    lasso = Lasso(problem, precision, point, allowed, sigma)
    return [AtScale(lasso, Fraction(*(int(part, 0) for part in scale))).outcome() for scale in file.claim["scales"]]


def differences(outcome, checked):
    """In what the checker's outcome is another one, up to 1e-6 of bounds."""
    found = [
        name
        for name in ("inside", "outside", "unique")
        if (tuple(getattr(checked, name)) if name != "unique" else checked.unique) != getattr(outcome, name)
    ]
    pairs = [(outcome.distance, checked.distance), *zip(outcome.moves, checked.moves, strict=True)]
    if any(abs(fraction(a) - b) > Fraction(1, 10**6) * b for a, b in pairs):
        found.append("bounds")
    return found


def generator(seed):
    return random.Random(seed)
