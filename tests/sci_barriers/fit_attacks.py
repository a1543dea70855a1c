"""Data sets within a precision that aim at what was proved of fits, where columns may depend on each other."""

from fractions import Fraction

import numpy as np
from flint import fmpq

from proofs_checks.certificate.reading import parse
from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_fit import AnyColumns
from proofs_checks.checker.parts.data_fit_theorem import FitAtScale
from proofs_checks.checker.parts.data_problem import decode_problem, width
from proofs_checks.checker.parts.penalised import decode_places, decode_sparse
from proofs_checks.checker.parts.precision import decode_precision
from sci_barriers.problems.penalised.face import nearest
from sci_barriers.problems.penalised.problem import column, entries_of
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.data_attacks import Attacks, drawn_problem, fraction, fractions_of, matrix_of, number, varied

_LOST = Fraction(1, 10**18)


def dependent_problem(rng):
    """A small problem, in which as a rule columns depend on each other."""
    problem = drawn_problem(rng)
    X = fractions_of(problem.matrix)
    kind, n = rng.choice(["as it is", "twice", "opposite", "sum", "few rows"]), problem.features
    if kind in ("twice", "opposite") and n > 1:
        sign = 1 if kind == "twice" else -1
        X = [[*row[:-1], sign * row[0]] for row in X]
    elif kind == "sum" and n > 2:
        X = [[*row[:-1], row[0] + row[1]] for row in X]
    elif kind == "few rows" and n > 1:
        X = [X[i % max(1, n // 2)] for i in range(len(X))]
    return varied(problem, matrix_of(X), problem.data)


class FitAttacks(Attacks):
    """Directions also where columns depend on each other, and those that set such columns against each other."""

    def __init__(self, problem, determined, rng):
        super().__init__(problem, determined, rng)
        self.given = determined
        values, vectors = np.linalg.eigh(self.H) if self.J else (np.zeros(0), np.zeros((0, 0)))
        kept = values > 1e-9 * max(values, default=1.0)
        # where the inverse would be, as solve() is asked for it
        self.H = self.H + (vectors[:, ~kept] @ vectors[:, ~kept].T if self.J else 0)

    def directions(self, count):
        """Those that are there, and ones that change the slopes of all columns by most, up or down."""
        for number_, found in enumerate(super().directions(count)):
            if number_ % 3:
                yield found
                continue
            signs = np.array([self.rng.choice([-1.0, 1.0]) for _ in range(self.problem.features)])
            dX = np.outer(self.roots * self.r, signs / self.scales)
            yield dX, found[1]


def fitted2(problem, exact, given, point):
    """The square of |A'x' - Ax|, and the sum of mu_j |x'_j|, exactly."""

    def fits(one, x):
        X, n = fractions_of(one.matrix), one.features
        scales = [fraction(s) for s in one.scale_entries[:n]]
        centres = [Fraction(0)] * n if one.centres is None else [fraction(c) for c in entries_of(one.centres)][:n]
        steps = [fraction(a) / s for a, s in zip(x, scales, strict=False)]
        rows = [sum((a - c) * b for a, c, b in zip(row, centres, steps, strict=True)) for row in X]
        return [a - sum(w * b for w, b in zip(weights, rows, strict=True)) / sum(weights) for a in rows] if (
            one.intercept
        ) else rows  # fmt: skip

    weights = (
        [Fraction(1)] * problem.rows
        if problem.observation_weights is None
        else [fraction(w) for w in entries_of(problem.observation_weights)]
    )
    n = problem.features
    pairs = zip(weights, fits(problem, exact[:n]), fits(given, point[:n]), strict=True)
    penalties = [fraction(mu) for mu in entries_of(problem.penalties)[:n]]
    total = sum((mu * abs(fraction(a)) for mu, a in zip(penalties, exact, strict=False)), Fraction(0))
    return sum((w * (a - b) ** 2 for w, a, b in pairs), Fraction(0)), total


def fit_faults(problem, outcome, determined, rng):
    """What is wrong with an outcome, for minimisers of a varied problem; the fit, and the distance, over the bounds."""
    solution = minimise(problem, guess=determined.point)
    point, n = entries_of(determined.point), problem.features
    far = column([fmpq(rng.randint(-99, 99)) for _ in range(problem.size)])
    candidates = [problem.coefficients(solution.point), problem.coefficients(nearest(solution, far).point)]
    wrong, shares = set(), [0.0, 0.0]
    for candidate in candidates:
        exact = entries_of(candidate)
        square, total = fitted2(problem, exact, determined.problem, point)
        moved = [a - b for a, b in zip(exact[:n], point[:n], strict=True)]
        away2 = sum((d * d for d in moved), fmpq(0))
        if square > fraction(outcome.fit) ** 2:
            wrong.add("fit")
        if not fraction(outcome.low) <= total <= fraction(outcome.high):
            wrong.add("sum")
        if outcome.distance is not None and away2 > outcome.distance**2:
            wrong.add("distance")
        if any(move is not None and abs(d) > move for d, move in zip(moved, outcome.moves, strict=True)):
            wrong.add("moves")
        if any(exact[j] * point[j] <= 0 for j in outcome.inside):
            wrong.add("inside")
        if any(exact[j] != 0 for j in outcome.outside):
            wrong.add("outside")
        shares[0] = max(shares[0], float(square) ** 0.5 / number(outcome.fit) if outcome.fit else 0.0)
        if outcome.distance:
            shares[1] = max(shares[1], number(away2) ** 0.5 / number(outcome.distance))
    return sorted(wrong), shares


def checked_fits(certificate):
    """What the checker finds at each scale."""
    file = parse(certificate)
    problem = decode_problem(file.claim["problem"], "problem")
    precision = decode_precision(file.claim["precision"], "precision", *problem.matrix.shape)
    point = decode_sparse(file.evidence["point"], "point", width(problem) * problem.size)
    given = AnyColumns(problem, precision, point, decode_places(file.evidence["allowed"], "allowed", problem.size))
    found = []
    for scale in file.claim["scales"]:
        try:
            found.append(FitAtScale(given, Fraction(*(int(part, 0) for part in scale))).outcome())
        except Invalid:
            found.append(None)
    return found


def fit_differences(outcome, checked, *, penalised):
    """In what the checker proves less, and, if all columns have a penalty, in what it proves more.

    Up to 1e-6 of bounds, and what is lost in a point: the producer knows a slope up to a ball, the checker exactly.
    """
    if checked is None:
        return ["whether there is one"]
    found = []
    for name in ("inside", "outside"):
        ours, theirs = set(getattr(outcome, name)), set(getattr(checked, name))
        if not ours <= theirs or (penalised and ours != theirs):
            found.append(name)
    pairs = [(outcome.fit, checked.fit), (outcome.high, checked.high), (-outcome.low, -checked.low)]
    pairs += [(outcome.distance, checked.distance), *zip(outcome.moves, checked.moves, strict=True)]
    lost = _LOST * (1 + checked.high)
    for ours, theirs in pairs:
        if ours is None or theirs is None:
            more, less = theirs is None and ours is not None, ours is None and theirs is not None
        else:
            off = lost + abs(theirs) / 10**6
            more, less = fraction(ours) < theirs - off, fraction(ours) > theirs + off
        if more or (less and penalised):
            found.append("bounds")
            break
    return found
