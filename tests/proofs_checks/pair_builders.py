"""Certificates of kind data-pair, made by hand, and from brute force over supports for both data sets."""

import json
from dataclasses import replace

from tests.proofs_checks.builders import F, changed, envelope, rat, seal
from tests.proofs_checks.data_builders import complex_digits, data_digits
from tests.proofs_checks.penalised_reference import Reference, active, gradient, minor
from tests.proofs_checks.solution_builders import packed, problem, sparse

__all__ = ["Reference", "changed", "enclosed", "entries", "near", "norm", "pair", "paired", "precision", "varied"]


def norm(x):
    return {"entries": None, "norm": rat(F(x))}


def entries(rows):
    """A number for all entries, or rows of numbers, of which one row or column may stand for all."""
    rows = rows if isinstance(rows, list) else [[rows]]
    return {"entries": packed([x for row in rows for x in row], (len(rows), len(rows[0]))), "norm": None}


def precision(matrix, data):
    return {"data": data, "matrix": matrix}


def varied(v, rows, *, columns=(), matrix=None, y=None):
    """Other data; `matrix` has a row for each row of X, of the new columns."""
    return {
        "columns": [hex(j) for j in columns],
        "data": None if y is None else packed(y),
        "matrix": matrix and packed([x for row in matrix for x in row], (len(matrix), len(matrix[0]))),
        "point": sparse([F(x) for x in v]),
        "rows": [hex(i) for i in rows],
    }


def pair(X, y, mu, known, first, second, **options):
    claim = {"objective": "lasso", "precision": known, "problem": problem(X, y, mu, **options)}
    return seal(envelope("data-pair", claim, {"first": first, "second": second}))


def enclosed(X, y, mu, known, first, second, *, objective="lasso", noise=None, **options):
    """A pair of points near minimisers; complex numbers are pairs, and then X, y and the points are."""
    if any(isinstance(a, tuple) for row in [*X, y] for a in row):
        made = json.loads(complex_digits(X, y, mu, [0] * len(X[0]), known, allowed=[], **options))
    else:
        made = json.loads(data_digits(X, y, mu, [], known, allowed=[], **options))
    claim = {
        "noise": None if noise is None else rat(F(noise)),
        "objective": objective,
        "precision": known,
        "problem": made["claim"]["problem"],
    }
    return seal(envelope("data-pair", claim, {"first": first, "second": second}))


def near(x, *, allowed=None, sigma=None, columns=(), matrix=None, y=None):
    """Other data with a point near their minimisers; complex numbers are pairs."""
    given = [a for row in [*(matrix or []), y or [], x] for a in row]
    paired_numbers = any(isinstance(a, tuple) for a in given)

    def flat(values):
        return [part for a in values for part in parts(a)] if paired_numbers else list(map(F, values))

    sides = (2,) if paired_numbers else ()
    if allowed is None:
        allowed = [j for j, a in enumerate(x) if any(parts(a))]
    rows = matrix or []
    return {
        "allowed": [hex(j) for j in allowed],
        "columns": [hex(j) for j in columns],
        "data": None if y is None else packed(flat(y), (len(y), *sides)),
        "matrix": matrix and packed(flat([a for row in rows for a in row]), (len(rows), len(rows[0]), *sides)),
        "point": sparse(flat(x)),
        "sigma": rat(F(1, 2) if sigma is None else F(sigma)),
    }


def parts(a):
    return a if isinstance(a, tuple) else (F(a), F(0))


def paired(ref, known, *data, points=(None, None)):
    """The pair for two data sets (X or None, y or None); the minimisers are given, or found by brute force."""
    variations = []
    for (X, y), point in zip(data, points, strict=True):
        other = replace(ref, X=X or ref.X, y=y or ref.y)
        p = list(other.best[1][0]) if point is None else point
        rows = minor(other, sorted(active(other, gradient(other, p)))) or []
        scales = [F(s) for s in ref.scales or [1] * ref.n] + [F(1)] * ref.intercept
        columns = [j for j in range(ref.n) if X and any(a[j] != b[j] for a, b in zip(X, ref.X, strict=True))]
        variations.append(
            varied(
                [F(a) / s for a, s in zip(p, scales, strict=True)],
                rows,
                columns=columns,
                matrix=[[row[j] for j in columns] for row in X] if columns else None,
                y=y,
            )
        )
    return pair(
        ref.X, ref.y, ref.mu, known, *variations,
        kappa=ref.kappa, centres=ref.centres, scales=ref.scales, weights=ref.weights,
        intercept=ref.intercept, nonnegative=ref.nonnegative,
    )  # fmt: skip
