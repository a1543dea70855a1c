"""Certificates of kind data-digits, made by hand, and strategies for what they are about."""

import json
from dataclasses import replace

from hypothesis import assume
from hypothesis import strategies as st

from tests.proofs_checks.builders import F, changed, envelope, rat, seal
from tests.proofs_checks.data_fit_reference import AnyColumns
from tests.proofs_checks.data_reference import Complex, Determined, Known
from tests.proofs_checks.data_unsquared_reference import Bpdn, SqrtLasso
from tests.proofs_checks.penalised_reference import Reference
from tests.proofs_checks.solution_builders import packed, problem, sparse

__all__ = ["changed", "complex_digits", "data_digits", "entries", "norm", "precision", "written"]

EXACT = {"entries": None, "norm": rat(F(0))}


def norm(value):
    return {"entries": None, "norm": rat(F(value))}


def entries(rows):
    return {"entries": packed([x for row in rows for x in row], (len(rows), len(rows[0]))), "norm": None}


def precision(matrix=EXACT, data=EXACT):
    return {"data": data, "matrix": matrix}


def data_digits(
    X,
    y,
    mu,
    x,
    radii,
    *,
    allowed=None,
    sigma=1,
    times=(1,),
    coefficients=None,
    objective="lasso",
    noise=None,
    **options,
):
    """`x` are coefficients, of which those that are not 0 are allowed, and the intercept; `times` are the scales.

    A `sigma` of None asks for what holds whatever the columns are.
    """
    if allowed is None:
        size = len(X[0])
        allowed = [j for j in range(len(x)) if x[j] or j == size]
    claim = {
        "coefficients": None if coefficients is None else packed(coefficients),
        "noise": None if noise is None else rat(F(noise)),
        "objective": objective,
        "precision": radii,
        "problem": problem(X, y, mu, **options),
        "scales": [rat(F(t)) for t in times],
    }
    factor = None if sigma is None else rat(F(sigma))
    evidence = {"allowed": [hex(j) for j in allowed], "point": sparse(x), "sigma": factor}
    return seal(envelope("data-digits", claim, evidence))


def complex_digits(X, y, mu, x, radii, *, coefficients=None, **options):
    """The same with complex numbers, each a number or a pair."""
    size, parts = len(X[0]), [pair(a) for a in x]
    allowed = options.pop("allowed", [j for j in range(size) if any(parts[j])])
    flat = [part for row in X for a in row for part in pair(a)]
    made = json.loads(data_digits([[0] * size] * len(X), [0] * len(X), mu, [0], radii, allowed=allowed, **options))
    made["claim"]["problem"]["matrix"] = packed(flat, (len(X), size, 2))
    made["claim"]["problem"]["data"] = packed([part for a in y for part in pair(a)], (len(y), 2))
    made["evidence"]["point"] = sparse([part for a in parts for part in a])
    if coefficients is not None:
        made["claim"]["coefficients"] = packed([part for a in coefficients for part in pair(a)], (size, 2))
    return seal(made)


def pair(a):
    return a if isinstance(a, tuple) else (a.real, a.imag) if isinstance(a, Complex) else (F(a), F(0))


def written(found: Determined, times=(1,), coefficients=None):
    """The certificate of what a reference determines."""
    ref = found.ref
    known = [norm(r.norm) if r.entries is None else entries(r.entries) for r in (found.matrix, found.data)]
    options = {
        "allowed": [*found.allowed, *[ref.n] * ref.intercept], "sigma": found.sigma, "times": times,
        "coefficients": coefficients, "kappa": ref.kappa, "weights": ref.weights,
    }  # fmt: skip
    if found.real:
        options |= {"centres": ref.centres, "scales": ref.scales}
        options |= {"intercept": ref.intercept, "nonnegative": ref.nonnegative}
        return data_digits(ref.X, ref.y, ref.mu, found.point, precision(*known), **options)
    X, y, x = ([pair(a) for a in v] for v in ([a for row in ref.X for a in row], ref.y, found.point))
    rows = [X[i : i + ref.n] for i in range(0, len(X), ref.n)]
    return complex_digits(rows, y, ref.mu, x, precision(*known), **options)


# --- strategies -------------------------------------------------------------------------------------------------------


def vectors(items, length):
    return st.lists(items, min_size=length, max_size=length)


positive = st.sampled_from([F(1), F(1, 2), F(2), F(3, 2), F(2, 3), F(5)])
eighths = st.builds(F, st.integers(-24, 24), st.sampled_from([1, 2, 8]))


@st.composite
def references(draw, *, most=4):
    """Problems with everything that one may have; some columns have no penalty."""
    m, n = draw(st.integers(1, most)), draw(st.integers(1, most))
    intercept = draw(st.booleans())
    free, level = [F(0)] * intercept, draw(st.sampled_from([F(1, 8), F(1), F(4), F(20), F(60)]))
    return Reference(
        draw(vectors(vectors(eighths, n), m)),
        draw(vectors(eighths.map(lambda a: 4 * a), m)),
        [level * a for a in draw(vectors(st.sampled_from([1, 1, 1, 2, 0]), n))] + free,
        kappa=draw(st.none() | vectors(st.sampled_from([F(0), F(1, 2), F(2)]), n).map(lambda k: k + free)),
        centres=draw(st.none() | vectors(st.sampled_from([F(0), F(1), F(-5, 3)]), n)),
        scales=draw(st.none() | vectors(positive, n)),
        weights=draw(st.none() | vectors(positive, m)),
        intercept=intercept,
        nonnegative=tuple(sorted(draw(st.sets(st.integers(0, n - 1), max_size=2)))),
    )


@st.composite
def radii(draw, rows, cols):
    """What is known of an array: nothing, a norm, or bounds of entries, of which some are the same along a side."""
    if draw(st.booleans()):
        return Known(norm=draw(st.sampled_from([F(0), F(1), F(1, 3)])))
    r, c = draw(st.sampled_from([1, rows])), draw(st.sampled_from([1, cols]))
    values = draw(vectors(vectors(st.sampled_from([F(1), F(1, 2), F(0), F(1, 5)]), c), r))
    return Known(entries=[[values[i % r][j % c] for j in range(cols)] for i in range(rows)])


def definite(matrix):
    """Whether a symmetric matrix is, by elimination."""
    rows = [list(row) for row in matrix]
    for k, row in enumerate(rows):
        if row[k].real <= 0:
            return False
        for below in rows[k + 1 :]:
            share = below[k] / row[k]
            below[:] = [a - share * b for a, b in zip(below, row, strict=True)]
    return True


def least_singular(gram):
    """A lower bound of the least singular value of what has these products, within a thousandth; None if it is 0."""
    if not gram:
        return F(1)
    if not definite(gram):
        return None

    def holds(sigma):
        return definite([[a - sigma**2 * (i == k) for k, a in enumerate(row)] for i, row in enumerate(gram)])

    low = F(1)
    while not holds(low):
        low /= 2
    high = 2 * low
    while holds(high):
        low, high = high, 2 * high
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def near(ref, unit, sweeps=60):
    """About a minimiser, found in floats coordinate by coordinate, in multiples of 1/unit; 0 where it is 0 there."""
    Z, w = [[inexact(a) for a in row] for row in ref.Z], [float(a) for a in ref.w]
    x, r = [0.0] * ref.size, [inexact(a) for a in ref.y]
    for _ in range(sweeps):
        for j in range(ref.size):
            column, kappa = [row[j] for row in Z], float(ref.ridge[j])
            curve = sum(a * abs(b) ** 2 for a, b in zip(w, column, strict=True))
            pull = sum(a * b.conjugate() * c for a, b, c in zip(w, column, r, strict=True)) + curve * x[j]
            if not curve + kappa or not pull or (j in ref.nonnegative and pull <= 0):
                new = 0.0
            else:
                new = pull * max(1 - float(ref.mu[j]) / 2 / abs(pull), 0.0) / (curve + kappa)
            r = [a - (new - x[j]) * b for a, b in zip(r, column, strict=True)]
            x[j] = new
    return [rounded(a, unit) for a in x]


def inexact(z):
    return complex(float(z.real), float(z.imag)) if isinstance(z, Complex) else float(z)


def rounded(z, unit):
    if isinstance(z, complex):
        return Complex(rounded(z.real, unit), rounded(z.imag, unit))
    return F(round(F(z) * unit), unit)


@st.composite
def complex_references(draw):
    """Problems with complex data."""
    m, n = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    entry = st.builds(Complex, eighths, eighths)
    level = draw(st.sampled_from([F(1), F(4), F(20)]))
    return Reference(
        draw(vectors(vectors(entry, n), m)),
        draw(vectors(entry.map(lambda z: 4 * z), m)),
        [level * a for a in draw(vectors(st.sampled_from([1, 1, 1, 2, 0]), n))],
        kappa=draw(st.none() | vectors(st.sampled_from([F(0), F(1, 2), F(2)]), n)),
        weights=draw(st.none() | vectors(positive, m)),
    )


@st.composite
def determined(draw, problems):
    """A problem, radii, a point near a minimiser, and allowed columns."""
    ref = draw(problems)
    n, m = ref.n, len(ref.X)
    unit = draw(st.sampled_from([2**60, 2**60, 2**40, 3**7, 8]))
    point = near(ref, unit)
    allowed = {j for j in range(n) if point[j] or (not ref.mu[j] and j not in ref.nonnegative)}
    if draw(st.booleans()):
        allowed |= draw(st.sets(st.integers(0, n - 1)))
    found = Determined(ref, draw(radii(m, n)), draw(radii(m, 1)), point, sorted(allowed), F(0))
    sigma = least_singular(found.gram)
    assume(sigma is not None)
    found.sigma = sigma
    return found


@st.composite
def any_columns(draw, problems):
    """A problem in which a column may be there twice, radii, a point that may be near a minimiser, and any columns."""
    ref = draw(problems)
    n, m = ref.n, len(ref.X)
    if n > 1 and draw(st.booleans()):
        ref = replace(ref, X=[[*row[:-1], row[0]] for row in ref.X])
    point = near(ref, draw(st.sampled_from([2**60, 2**60, 2**40, 3**7, 8])))
    places = st.sets(st.integers(0, n - 1))
    allowed = {j for j in range(n) if point[j]} | draw(places) if draw(st.booleans()) else draw(places)
    return AnyColumns(ref, draw(radii(m, n)), draw(radii(m, 1)), point, sorted(allowed), None)


@st.composite
def unsquared(draw, objective, *, most=4):
    """The same for sqrt-lasso or bpdn: a minimiser of the lasso is one of these, with other penalties, or a bound."""
    ref = draw(references(most=most))
    ref = replace(ref, kappa=None)
    n, m = ref.n, len(ref.X)
    unit = draw(st.sampled_from([2**60, 2**60, 2**40, 3**7]))
    point = near(ref, unit)
    allowed = {j for j in range(n) if point[j] or (not ref.mu[j] and j not in ref.nonnegative)}
    if draw(st.booleans()):
        allowed |= draw(st.sets(st.integers(0, n - 1)))
    parts = draw(radii(m, n)), draw(radii(m, 1)), point, sorted(allowed), F(0)
    size = float(SqrtLasso(ref, *parts).square) ** 0.5
    assume(size > 1e-6)
    if objective == "bpdn":
        found = Bpdn(ref, *parts, F(size) * draw(st.sampled_from([F(1), 1 + F(1, 10**6), 1 - F(1, 1000)])))
    else:
        found = SqrtLasso(replace(ref, mu=[a / F(2 * size) for a in ref.mu]), *parts)
    sigma = least_singular(found.gram)
    assume(sigma is not None)
    found.sigma = sigma
    return found
