"""Certificates of kind path, made by hand, and from brute force over supports at each breakpoint."""

from dataclasses import replace

from tests.proofs_checks.builders import F, changed, envelope, rat, seal
from tests.proofs_checks.penalised_reference import Reference, gradient, minor
from tests.proofs_checks.solution_builders import problem, sparse

__all__ = ["at", "between", "changed", "followed", "path", "piece", "tight"]


def path(X, y, mu, levels, points, minors, *, unique=None, **options):
    """`points` are v; `unique` follows from `minors` unless it is given."""
    claim = {
        "breakpoints": [rat(F(level)) for level in levels],
        "points": [sparse([F(x) for x in point]) for point in points],
        "problem": problem(X, y, mu, **options),
        "unique": [rows is not None for rows in minors] if unique is None else unique,
    }
    evidence = {"minors": [None if rows is None else [hex(i) for i in rows] for rows in minors]}
    return seal(envelope("path", claim, evidence))


def at(ref, level):
    """The problem at a level."""
    return replace(ref, mu=[F(level) * F(mu) for mu in ref.mu])


def tight(ref, level, x):
    """{column whose slope is at its bound: which bound, both at once where it is 0}."""
    found = {}
    for j, (g, mu) in enumerate(zip(gradient(ref, x), at(ref, level).mu, strict=True)):
        signs = {s for s in ((1,) if j in ref.nonnegative else (1, -1)) if g == s * mu}
        if signs:
            found[j] = signs
    return found


def piece(ref, levels, points):
    """The columns without a ridge penalty that are tight with one sign between two levels."""
    first, last = (tight(ref, level, x) for level, x in zip(levels, points, strict=True))
    return [j for j in first if not ref.ridge[j] and first[j] & last.get(j, set())]


def independent(ref, columns):
    """Rows of a minor that is not 0, or None."""
    return minor(ref, columns) if columns else []


def followed(ref, levels, *, points=None, rests=True):
    """The certificate of a path with these breakpoints; the least minimisers unless points are given, in x's units."""
    points = points or [list(at(ref, level).best[1][0]) for level in levels]
    above = [j for j in tight(ref, levels[0], points[0]) if not ref.ridge[j] and not ref.mu[j]]
    minors = [independent(ref, above) if rests else None]
    for k in range(len(levels) - 1):
        minors.append(independent(ref, piece(ref, levels[k : k + 2], points[k : k + 2])))
    scales = [F(s) for s in ref.scales or [1] * ref.n] + [F(1)] * ref.intercept
    own = [[F(x) / s for x, s in zip(point, scales, strict=True)] for point in points]
    return path(
        ref.X, ref.y, ref.mu, levels, own, minors,
        kappa=ref.kappa, centres=ref.centres, scales=ref.scales, weights=ref.weights,
        intercept=ref.intercept, nonnegative=ref.nonnegative,
    )  # fmt: skip


def between(levels, points, level):
    """The point of a path at a level between two breakpoints, or at one."""
    if level >= levels[0]:
        return points[0]
    k = max(i for i, end in enumerate(levels[:-1]) if end >= level)
    t = F(levels[k] - level) / (levels[k] - levels[k + 1])
    return [a + t * (b - a) for a, b in zip(points[k], points[k + 1], strict=True)]


def mairal_yu(n, alpha):
    """A problem of n columns whose path has (3^n + 1)/2 pieces, for small alphas, one for each column but the first."""
    X, y = [[F(1)]], [F(1)]
    for a in alpha[: n - 1]:
        X = [[*row, 2 * a * b] for row, b in zip(X, y, strict=True)] + [[F(0)] * len(X[0]) + [a]]
        y = [*y, F(1)]
    return X, y


EQUAL = Reference([[1, 1]], [2], [1, 1])
