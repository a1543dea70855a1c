"""Hypothesis strategies for exact problems with known minimisers: docs/testing.md, "How the problems are made".

Everything shrinks towards few rows and columns, small supports, zeros and small denominators.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from exact_base.errors import UsageError
from exact_base.rationals import power_of_two, rational_sqrt
from exact_base.scalars import (
    ComplexNumber,
    ExactArray,
    Scalar,
    abs2,
    as_rational,
    conjugate,
    exact,
    inner,
    norm2,
    zeros,
)
from sci_barriers.omega.families import Instance, OmegaClass
from sci_barriers.problems import PROBLEMS, problem_type
from sci_barriers.testing.known import KnownProblem, class_problem, construct, largest_entry, margin_of
from sci_barriers.testing.variations import duplicate_columns, nearly_duplicate, with_parallel_column

__all__ = [
    "class_members",
    "class_problems",
    "duplicated_columns",
    "ill_posed",
    "known_problems",
    "omega_classes",
    "rationals",
    "well_posed",
]

Draw: TypeAlias = st.DrawFn
Size: TypeAlias = "int | st.SearchStrategy[int] | None"
NAMES = ("lasso", "sqrt-lasso", "bpdn")
PHASES: tuple[Scalar, ...] = tuple(map(exact, (1, -1)))
COMPLEX_PHASES: tuple[Scalar, ...] = (
    *PHASES,
    *(ComplexNumber(fmpq(re, d), fmpq(im, d)) for re, im, d in ((0, 1, 1), (0, -1, 1), (3, 4, 5), (-4, 3, 5))),
)
_PARAMETERS = tuple(fmpq(p, q) for p, q in ((1, 1), (1, 2), (2, 1), (1, 4), (1, 3)))
_MARGINS = tuple(fmpq(1, q) for q in (1, 2, 4, 10))
_SIZES = tuple(fmpq(p, q) for p, q in ((1, 1), (2, 1), (1, 2), (3, 2), (3, 1), (4, 3)))
# made once: making a strategy takes longer than drawing from it
_ENTRY = st.integers(-2, 2)
_PLACE = st.integers(0, 4)
_PARAMETER, _MARGIN, _SIZE = (st.sampled_from(values) for values in (_PARAMETERS, _MARGINS, _SIZES))
_PHASE, _COMPLEX_PHASE = st.sampled_from(PHASES), st.sampled_from(COMPLEX_PHASES)
_FACTOR = st.sampled_from([fmpq(1), fmpq(1, 2), fmpq(0)])
_SHORT = st.sampled_from([fmpq(1, 2), fmpq(3, 4)])
_MAX_EXPONENT = 60
_LEAST_SINE2 = fmpq(1, 16)
_MAX_DISTANCE = fmpq(1, 64)  # at |u_i| <= 6 and bounds >= 1/8, what `nearly_duplicate` demands


@cache
def lists(elements: st.SearchStrategy[Any], count: int, *, unique: bool = False) -> st.SearchStrategy[list[Any]]:
    """Lists of `count` elements, the strategy made once."""
    return st.lists(elements, min_size=count, max_size=count, unique=unique)


@cache
def integers(low: int, high: int) -> st.SearchStrategy[int]:
    """Integers from low to high, the strategy made once."""
    return st.integers(low, high)


@cache
def rationals(*, low: int = -3, high: int = 3, max_denominator: int = 3) -> st.SearchStrategy[fmpq]:
    """Rationals p/q with low <= p <= high and 1 <= q <= max_denominator; shrinks to small q, then to 0.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import rationals
    >>> find(rationals(low=1), lambda value: True, settings=settings(phases=[Phase.generate]))
    1
    """
    values = {fmpq(p, q): (q, abs(p), p < 0) for q in range(max_denominator, 0, -1) for p in range(low, high + 1)}
    return st.sampled_from(sorted(values, key=lambda value: values[value]))


def _names(problem: str | None) -> st.SearchStrategy[str]:
    if problem is None:
        return st.sampled_from(NAMES)
    if problem not in PROBLEMS:
        raise UsageError(f"unknown problem {problem!r}; choose one of {', '.join(PROBLEMS)}")
    return st.just(problem)


def _size(wanted: Size, low: int, high: int) -> st.SearchStrategy[int]:
    if wanted is None:
        return integers(low, high)
    return st.just(wanted) if isinstance(wanted, int) else wanted


def _vector(values: Sequence[Scalar]) -> ExactArray:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


def _scalars(draw: Draw, count: int, *, is_complex: bool) -> list[Scalar]:
    """Draw small integers, or Gaussian ones."""
    parts = lists(_ENTRY, count)
    numbers = draw(parts)
    if not is_complex:
        return [fmpq(number) for number in numbers]
    imaginary = draw(parts)
    return [ComplexNumber(fmpq(a), fmpq(b)) if b else fmpq(a) for a, b in zip(numbers, imaginary, strict=True)]


def _unit_vector(draw: Draw, length: int, *, is_complex: bool) -> ExactArray:
    """Draw a rational vector of length 1: e_1 reflected by a small integer vector."""
    v = _vector(_scalars(draw, length, is_complex=is_complex))
    result = v * (conjugate(v[0]) * 2 / norm2(v)) if any(v) else zeros(length)
    result[0] = result[0] - 1
    return -result


def _independent(basis: list[ExactArray], column: ExactArray) -> bool:
    """Append to an orthogonal basis what a column adds to it, unless their angle is too small; tell which."""
    rest = column
    for other in basis:
        rest = rest - other * (inner(other, column) / norm2(other))
    if not any(rest) or norm2(rest) < norm2(column) * _LEAST_SINE2:
        return False
    basis.append(rest)
    return True


@st.composite
def _well_posed(
    draw: Draw,
    names: st.SearchStrategy[str],
    *,
    rows: Size = None,
    columns: Size = None,
    complex_: bool = False,
    weighted: bool = False,
    margin: fmpq | None = None,
    on_sphere: bool | None = None,
) -> KnownProblem:
    """Draw what `construct` needs; the minimiser is not 0."""
    name = draw(names)
    n = draw(_size(columns, 1, 8))
    m = draw(_size(rows, 1, min(n, 6)))
    parameter = draw(_PARAMETER)
    room = draw(_MARGIN) if margin is None else margin
    weights = draw(lists(_SIZE, n)) if weighted else [fmpq(1)] * n
    bounds = [weight if name == "bpdn" else weight * parameter for weight in weights]
    sphere = name == "sqrt-lasso" and m > 1 and (draw(st.booleans()) if on_sphere is None else on_sphere)
    size = fmpq(1)
    if name != "sqrt-lasso":
        size = draw(_SIZE)
    elif not sphere:
        size = draw(_SHORT)
    residual = draw(_SIZE) if sphere else fmpq(0)
    count = draw(integers(1, min(m - sphere, n)))
    support = draw(lists(integers(0, n - 1), count, unique=True))
    sizes = draw(lists(_SIZE, count))
    if name == "lasso" and not complex_:
        direction = _vector(_scalars(draw, m, is_complex=False))
        if not any(direction):
            direction[0] = fmpq(1)
    else:
        direction = _unit_vector(draw, m, is_complex=complex_)
    # last, and column after column, what there is less of as N shrinks: so what remains keeps its place
    phases = draw(lists(_COMPLEX_PHASE if complex_ else _PHASE, n))
    inside = draw(lists(_PLACE, n))
    rest = _vector(_scalars(draw, m * n, is_complex=complex_)).reshape(n, m).T.copy()

    u: ExactArray = direction * size
    pivot = largest_entry(u)
    rest[pivot] = fmpq(0)
    correlations = [
        phase * (bound * (1 - room) * fmpq(k, 4)) for phase, bound, k in zip(phases, bounds, inside, strict=True)
    ]
    point = zeros(n)
    basis: list[ExactArray] = []
    if sphere:
        _independent(basis, u)
    for j, modulus in zip(support, sizes, strict=True):
        tight = phases[j] * bounds[j]
        added = _independent(basis, _completed(rest[:, j], u, pivot, tight))
        other = (pivot + 1) % m
        while not added and not any(point):  # nearly parallel to u, which a longer column with the same <a, u> is not
            rest[other, j] = rest[other, j] + 1
            added = _independent(basis, _completed(rest[:, j], u, pivot, tight))
        if added:
            correlations[j], point[j] = tight, phases[j] * modulus
    return construct(
        name,
        parameter=parameter,
        weights=_vector(weights),
        direction=direction,
        size=size,
        rest=rest,
        correlations=correlations,
        point=point,
        residual=residual,
    )


def _completed(column: ExactArray, u: ExactArray, pivot: int, wanted: Scalar) -> ExactArray:
    """Return the column with the entry in the pivot row that makes <column, u> what is wanted."""
    result = column.copy()
    result[pivot] = conjugate((wanted - inner(column, u)) / u[pivot])
    return result


def _zero(known: KnownProblem, factor: fmpq) -> KnownProblem:
    """Return the problem whose y is the residual, and whose only minimiser is 0: what u says of x it says of 0.

    For bpdn y is as short as ε times the factor, at most 1.
    """
    old = known.problem
    residual = old.residual(known.minimiser.point)
    data = residual * factor if old.name == "bpdn" else residual
    problem = problem_type(old.name)(old.matrix, data, parameter=old.parameter, weights=old.weights)
    minimiser = problem.minimiser(zeros(old.columns), dual=known.minimiser.dual)
    return KnownProblem(problem, minimiser, (minimiser.point,), margin_of(minimiser))


def well_posed(
    problem: str | None = None,
    *,
    rows: Size = None,
    columns: Size = None,
    complex_: bool = False,
    weighted: bool = False,
    margin: Any = None,
) -> st.SearchStrategy[KnownProblem]:
    """Problems with one minimiser x, |(A*u)_i| = bound_i exactly on its support, and room elsewhere.

    Well conditioned: the angle between a column of the support and the span of those drawn before it (for sqrt-lasso
    with r not 0, of these and u) has a sine of at least 1/4.

    Args:
        problem: `bpdn`, `lasso` or `sqrt-lasso`; any of them if not given.
        rows: m; 1 to 6 and at most N if not given.
        columns: N; 1 to 8 if not given.
        complex_: Gaussian rational A, y and x.
        weighted: weights other than 1, which solvers f(A, y, lam) cannot be told.
        margin: a lower bound in (0, 1] of 1 - |(A*u)_i|/bound_i off the support; 1, 1/2, 1/4 or 1/10 if not given.

    Raises:
        UsageError: for an unknown problem or a margin out of range.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import well_posed
    >>> find(well_posed("lasso", rows=1, columns=2), lambda known: True, settings=settings(phases=[Phase.generate]))
    <KnownProblem Lasso([[1, 0]], ['3/2'], parameter='1'), vertices of the minimisers: [1, 0]>
    """
    return _well_posed(
        _names(problem), rows=rows, columns=columns, complex_=complex_, weighted=weighted, margin=_margin(margin)
    )


def _margin(margin: Any) -> fmpq | None:
    if margin is None:
        return None
    value = as_rational(exact(margin))
    if not 0 < value <= 1:
        raise UsageError(f"a margin in (0, 1] is needed, got {margin}")
    return value


@st.composite
def _duplicated(draw: Draw, base: st.SearchStrategy[KnownProblem], complex_: bool) -> KnownProblem:
    known = draw(base)
    phases = st.sampled_from(COMPLEX_PHASES if complex_ else PHASES)
    count = draw(st.integers(1, 2))
    source = st.sampled_from(known.support)
    copies = draw(st.lists(st.tuples(source, phases), min_size=count, max_size=count))
    return duplicate_columns(known, copies).problem


def duplicated_columns(
    problem: str | None = None,
    *,
    rows: Size = None,
    columns: Size = None,
    complex_: bool = False,
    weighted: bool = False,
) -> st.SearchStrategy[KnownProblem]:
    """Well-posed problems with copies (times 1 or -1, or another number of modulus 1) of columns of the support.

    The minimisers form a segment, triangle or rectangle. `columns` is N before copying, 1 to 6 if not given.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import duplicated_columns
    >>> find(duplicated_columns("bpdn"), lambda known: True, settings=settings(phases=[Phase.generate]))
    <KnownProblem BasisPursuitDenoising([[1, 1]], [2], parameter='1'), vertices of the minimisers: [1, 0], [0, 1]>
    """
    sizes = st.integers(1, 6) if columns is None else columns
    return _duplicated(
        _well_posed(_names(problem), rows=rows, columns=sizes, complex_=complex_, weighted=weighted), complex_
    )


@st.composite
def _ill_posed(draw: Draw, base: st.SearchStrategy[KnownProblem], distance: fmpq | None) -> KnownProblem:
    known = draw(base)
    t = power_of_two(-draw(st.integers(6, _MAX_EXPONENT))) if distance is None else distance
    column = draw(st.sampled_from(known.support))
    g = known.minimiser.direction
    wanted = known.problem.correlation(g)[column]
    size = rational_sqrt(as_rational(norm2(g)))
    unit = zeros(len(g))
    if size is not None:  # the direction of u, with the phase of (A*u)_j
        modulus = rational_sqrt(as_rational(abs2(wanted)))
        unit = g * (conjugate(wanted) / (size * (modulus or 1)))
    else:  # real: a coordinate in which u is not 0, with the sign that lowers |(A*u)_j|
        k = next(i for i, entry in enumerate(g) if entry)
        unit[k] = fmpq(1) if (g[k] > 0) == (wanted > 0) else fmpq(-1)
    return nearly_duplicate(known, column, distance=t, unit=unit)


def ill_posed(
    problem: str | None = None,
    *,
    distance: Any = None,
    rows: Size = None,
    columns: Size = None,
    complex_: bool = False,
    weighted: bool = False,
) -> st.SearchStrategy[KnownProblem]:
    """Problems with one minimiser, at a chosen spectral distance from a `neighbour` with several.

    Args:
        problem: name of the problem, any if not given.
        distance: ‖A - A'‖ exactly, positive and at most 1/64; 2^-6 to 2^-60 if not given, shrinking to 2^-6.
        rows: m.
        columns: N before one column is appended, 1 to 7 if not given.
        complex_: Gaussian rational data.
        weighted: weights other than 1.

    Raises:
        UsageError: for a distance out of range.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import ill_posed
    >>> drawn = ill_posed("lasso", distance="1/1000")
    >>> known = find(drawn, lambda known: True, settings=settings(phases=[Phase.generate]))
    >>> known
    <KnownProblem Lasso([[1, '999/1000']], ['3/2'], parameter='1'), vertices of the minimisers: [1, 0]>
    >>> known.neighbour
    <KnownProblem Lasso([[1, 1]], ['3/2'], parameter='1'), vertices of the minimisers: [1, 0], [0, 1]>
    """
    value = None if distance is None else as_rational(exact(distance))
    if value is not None and not 0 < value <= _MAX_DISTANCE:
        raise UsageError(f"a distance in (0, {_MAX_DISTANCE}] is needed, got {distance}")
    sizes = st.integers(1, 7) if columns is None else columns
    base = _well_posed(_names(problem), rows=rows, columns=sizes, complex_=complex_, weighted=weighted)
    return _ill_posed(base, value)


@st.composite
def _segments(draw: Draw) -> KnownProblem:
    known = draw(_well_posed(st.just("sqrt-lasso"), rows=st.integers(2, 4), columns=st.integers(1, 6), on_sphere=True))
    sign = draw(st.sampled_from([1, -1]))
    return with_parallel_column(known, sign=sign, amount=draw(st.sampled_from(_SIZES)))


@st.composite
def _any(draw: Draw, problem: str | None, complex_: bool | None, weighted: bool) -> KnownProblem:
    """Draw a well-posed problem first, whatever comes of it, so that it is the simplest of all."""
    is_complex = draw(st.booleans()) if complex_ is None else complex_
    known = draw(_well_posed(_names(problem), complex_=is_complex))
    kinds = ["well posed", "duplicated", "ill posed", "zero"]
    if not is_complex:
        kinds += ["class", *(["segment"] if problem in (None, "sqrt-lasso") else []), *(["weighted"] * weighted)]
    kind = draw(st.sampled_from(kinds))
    if kind == "duplicated":
        return draw(_duplicated(st.just(known), is_complex))
    if kind == "ill posed":
        return draw(_ill_posed(st.just(known), None))
    if kind == "zero":
        return _zero(known, draw(_FACTOR))
    if kind == "weighted":
        return draw(well_posed(problem, weighted=True))
    if kind == "segment":
        return draw(_segments())
    return draw(class_problems(problem)) if kind == "class" else known


def known_problems(
    problem: str | None = None, *, complex_: bool | None = None, weighted: bool = True
) -> st.SearchStrategy[KnownProblem]:
    """All there is, `class_problems` included; also minimisers that are 0, and segments of minimisers of sqrt-lasso.

    Args:
        problem: name of the problem, any if not given.
        complex_: whether the data are complex; both if not given.
        weighted: whether some have weights other than 1, which solvers f(A, y, lam) cannot be told.

    Raises:
        UsageError: for an unknown problem.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import known_problems
    >>> find(known_problems("bpdn"), lambda known: True, settings=settings(phases=[Phase.generate]))
    <KnownProblem BasisPursuitDenoising([[1]], [2], parameter='1'), vertices of the minimisers: [1]>
    """
    _names(problem)
    return _any(problem, complex_, weighted)


# --- the class -------------------------------------------------------------------------------------


@st.composite
def _omega_classes(
    draw: Draw, names: st.SearchStrategy[str], digits: Size, family: str | None, disguise: bool | None
) -> OmegaClass:
    kind = draw(st.sampled_from(["strong", "weak"])) if family is None else family
    rows = draw(st.integers(1, 3))
    columns = rows + draw(st.integers(1, 3))
    k = draw(_size(digits, 2 if kind == "weak" else 1, 12))
    hidden: bool | list[int] = False
    if draw(st.booleans()) if disguise is None else disguise:
        hidden = draw(st.lists(st.integers(-2, 2), min_size=rows, max_size=rows).filter(any))
    return OmegaClass.create(draw(names), digits=k, rows=rows, columns=columns, family=kind, disguise=hidden)


def omega_classes(
    problem: str | None = None, *, digits: Size = None, family: str | None = None, disguise: bool | None = None
) -> st.SearchStrategy[OmegaClass]:
    """Classes Ω(K, L): 1 <= m <= 3, up to 6 columns, K up to 12; both families, disguised or not.

    Args:
        problem: name of the problem, any if not given.
        digits: K.
        family: `strong` or `weak`, either if not given.
        disguise: whether a Householder reflection hides the blocks, either if not given.

    Raises:
        UsageError: for an unknown problem.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import omega_classes
    >>> drawn = omega_classes("lasso", digits=6, family="strong", disguise=False)
    >>> omega = find(drawn, lambda omega: True, settings=settings(phases=[Phase.generate]))
    >>> omega.problem, omega.digits, omega.rows, omega.columns
    ('lasso', 6, 1, 2)
    """
    return _omega_classes(_names(problem), digits, family, disguise)


@st.composite
def class_members(draw: Draw, classes: st.SearchStrategy[OmegaClass] | None = None) -> Instance:
    """Members of the class Ω(K, L): the tie (of strong families), or (i, q) with q at most 40 above the least.

    >>> from hypothesis import Phase, find, settings
    >>> from hypothesis.strategies import just
    >>> from sci_barriers import OmegaClass
    >>> from sci_barriers.testing import class_members
    >>> drawn = class_members(just(OmegaClass.create("lasso", digits=1, rows=1, columns=2)))
    >>> find(drawn, lambda member: True, settings=settings(phases=[Phase.generate]))
    Instance(omega=OmegaClass(problem='lasso', parameter=1/2, digits=1, ...), a=(79/12, 19/3))
    """
    omega = draw(omega_classes() if classes is None else classes)
    if omega.family == "strong" and draw(st.booleans()):
        return omega.tie()
    return omega.member(i=draw(st.integers(1, omega.ties)), q=omega.q0 + draw(st.integers(0, 40)))


def class_problems(problem: str | None = None) -> st.SearchStrategy[KnownProblem]:
    """Members of the class Ω(K, L) as problems with known minimisers; c = ‖a‖ is irrational in general.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import class_problems
    >>> known = find(class_problems("lasso"), lambda known: True, settings=settings(phases=[Phase.generate]))
    >>> known.instance.omega.digits, known.problem
    (1, Lasso([['79/12', '19/3']], [1], parameter='1/2'))
    """
    return class_members(omega_classes(problem)).map(class_problem)
