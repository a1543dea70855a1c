"""What inaccurate coefficients look like: those of another penalty, with an intercept, of standardised columns.

Where they look like nothing of that, the library may have stopped early, or seen other data. It is seen in float64
from the optimality conditions, nothing is proved by it, and the words say so. Coefficients c are near a minimiser for
the penalty t μ if g_j = 2 Σ ω_i z_ij r_i is near t (μ_j sign c_j + 2 κ_j c_j) where c_j is not 0, and at most about
t μ_j in size elsewhere.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import to_float
from sci_barriers.checks.conventions import LIKE, Request
from sci_barriers.checks.questions import MATRIX, Question
from sci_barriers.problems.penalised.problem import entries_of

__all__ = ["hint_of"]

_MOST_ENTRIES = 1 << 19
"""Entries of X up to which it is converted, where it is no file of float64."""

_CLOSE, _FEW_CLOSE = 0.2, 0.05
"""So much, relatively, the conditions may be missed; less with few columns, where chance would do it."""
_FEW = 3
_SAME, _SMALL = 0.02, 1e-3
_OTHER_DATA = (
    "the bound that the library itself gives does not hold on these data; they may not be those of the fit: other "
    "rows, another y, or weights that were not given"
)
_NOT_PROVED = " (seen in float64, not certified)"


def hint_of(question: Question, *, excess: fmpq | None = None) -> str:
    """Return what coefficients look like that are not those of a minimiser; nothing if nothing is seen.

    Args:
        question: the problem and the coefficients.
        excess: how far the objective is above the minimum, in the units of the library, if that is known.

    >>> from flint import fmpq
    >>> from exact_base.matrices import exact_column, exact_matrix
    >>> from sci_barriers.checks.conventions import Request
    >>> from sci_barriers.checks.given import given_question
    >>> from sci_barriers.checks.hints import hint_of
    >>> X, y = exact_matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), exact_column([8, -7, 1])
    >>> hint_of(given_question(exact_column([6, -5, 0]), X, y, Request("stated", lam=fmpq(2))))
    'the coefficients look like those of --like half with the same 2 (seen in float64, not certified)'
    """
    problem, request, coefficients = question.problem, question.request, question.coefficients
    if coefficients is None or request is None:
        return ""
    try:
        with np.errstate(all="ignore"):
            factors = [1.0, *(to_float(multiple / question.multiple) for multiple in _multiples(question))]
            found = _seen(_floats(question, coefficients), intercept=problem.intercept, factors=factors)
    except (DataError, OverflowError):
        found = None
    claimed = question.claimed
    bound = None if claimed is None else claimed.excess
    broken = excess is not None and bound is not None and excess > max(bound, fmpq(0))
    said = "" if found is None or (broken and found.of_zero) else _words(question, request, found)
    if said:
        return said + _NOT_PROVED
    if broken:
        return _OTHER_DATA
    return "" if claimed is None else claimed.advice


@dataclass(frozen=True)
class _Floats:
    """A problem and coefficients in float64; Z without the column of the intercept."""

    Z: NDArray[Any]
    y: NDArray[Any]
    omega: NDArray[Any]
    mu: NDArray[Any]
    kappa: NDArray[Any]
    nonnegative: NDArray[Any]
    c: NDArray[Any]

    @property
    def deviations(self) -> NDArray[Any]:
        means = np.average(self.Z, axis=0, weights=self.omega)
        deviations: NDArray[Any] = np.sqrt(np.average((self.Z - means) ** 2, axis=0, weights=self.omega))
        return deviations

    def standardised(self) -> _Floats:
        means = np.average(self.Z, axis=0, weights=self.omega)
        return replace(self, Z=(self.Z - means) / self.deviations)


@dataclass(frozen=True)
class _Seen:
    """For which penalty the conditions nearly hold, and how the problem has to be changed for it.

    Attributes:
        factor: t.
        spread: how much they are missed, relatively.
        intercept: the intercept that would be needed, if there is none.
        divided: whether the penalties belong to standardised columns.
        standardised: whether the coefficients do.
        of_zero: whether all coefficients are 0, so that t is the least factor.
    """

    factor: float
    spread: float
    intercept: float | None = None
    divided: bool = False
    standardised: bool = False
    of_zero: bool = False

    @property
    def same(self) -> bool:
        return abs(self.factor - 1) <= max(_SAME, self.spread)

    def is_better_than(self, other: _Seen) -> bool:
        """Whether it is to be believed in place of a smaller change."""
        mine, others = max(self.spread, _SMALL), max(other.spread, _SMALL)
        return 10 * mine <= others or (self.same and not other.same and mine <= others)


def _floats(question: Question, coefficients: ExactMatrix) -> _Floats:
    problem = question.problem
    m, n = problem.rows, problem.features
    held = question.arrays.get(MATRIX)
    if held is not None:
        matrix = np.load(io.BytesIO(held), allow_pickle=False)
    elif m * n <= _MOST_ENTRIES:
        matrix = problem.matrix.to_float()
    else:
        raise DataError("X is large")
    if problem.centres is not None:
        matrix = matrix - _array(entries_of(problem.centres))
    if problem.scales is not None:
        matrix = matrix / _array(entries_of(problem.scales))
    nonnegative = np.zeros(n, dtype=bool)
    nonnegative[list(problem.nonnegative)] = True
    weights = problem.observation_weights
    return _Floats(
        matrix,
        _array(entries_of(problem.data)),
        np.ones(m) if weights is None else _array(entries_of(weights)),
        _array(entries_of(problem.penalties)[:n]),
        np.zeros(n) if problem.ridge is None else _array(entries_of(problem.ridge)[:n]),
        nonnegative,
        _array(entries_of(coefficients)[:n]),
    )


def _array(values: Sequence[fmpq]) -> NDArray[Any]:
    return np.array([to_float(value) for value in values])


def _seen(problem: _Floats, *, intercept: bool, factors: Sequence[float]) -> _Seen | None:
    """Return a change under which the conditions nearly hold, if any: a small one, unless a larger is much better."""
    if not problem.c.any():
        return _of_zero(problem, centred=intercept)
    found = [] if intercept else [_ratio(problem, factors, centred=False)]
    found.append(_ratio(problem, factors, centred=True))
    deviations = problem.deviations
    if np.count_nonzero(problem.c) > 1 and (deviations > 0).all():
        divided = _ratio(replace(problem, mu=problem.mu * deviations), factors, centred=True, fewest=_FEW)
        standardised = _ratio(problem.standardised(), factors, centred=True, fewest=_FEW)
        found += [divided and replace(divided, divided=True), standardised and replace(standardised, standardised=True)]
    best: _Seen | None = None
    for one in found:
        if one is not None and (best is None or one.is_better_than(best)):
            best = one
    return replace(best, intercept=None) if best is not None and intercept else best


def _slopes(problem: _Floats, *, centred: bool) -> tuple[NDArray[Any], float]:
    residual = problem.y - problem.Z @ problem.c
    mean = float(np.average(residual, weights=problem.omega)) if centred else 0.0
    return 2 * problem.Z.T @ (problem.omega * (residual - mean)), mean


def _of_zero(problem: _Floats, *, centred: bool) -> _Seen | None:
    slopes, _ = _slopes(problem, centred=centred)
    if (problem.mu == 0).any():
        return None
    sizes = np.where(problem.nonnegative, slopes, np.abs(slopes)) / problem.mu
    most = float(sizes.max())
    return _Seen(most, 0.0, of_zero=True) if np.isfinite(most) and most > 1 else None


def _ratio(problem: _Floats, factors: Sequence[float], *, centred: bool, fewest: int = 1) -> _Seen | None:
    """Return the factor of the penalties for which the conditions nearly hold, if there is one.

    A coefficient alone satisfies them for some penalty, whatever it is, and a few may; up to so few only these factors
    count.
    """
    c, mu = problem.c, problem.mu
    if (c[problem.nonnegative] < 0).any():
        return None
    slopes, mean = _slopes(problem, centred=centred)
    wanted = np.sign(c) * mu + 2 * problem.kappa * c
    inside = (c != 0) & (wanted != 0)
    if not inside.any():
        return None
    ratios = slopes[inside] / wanted[inside]
    factor = float(np.median(ratios))
    if not np.isfinite(factor) or factor <= 0:
        return None
    if np.count_nonzero(c) <= fewest and not any(abs(factor / one - 1) <= _SAME for one in factors):
        return None
    spread = float(np.abs(ratios / factor - 1).max())
    rest = np.where(problem.nonnegative & (c == 0), slopes, np.abs(slopes))[~inside]
    close = _CLOSE if np.count_nonzero(inside) > _FEW else _FEW_CLOSE
    room = np.where(mu == 0, close * mu.max(), (1 + close) * mu)[~inside]
    if not spread <= close or not (rest <= factor * room).all():
        return None
    return _Seen(factor, spread, mean if centred else None)


# --- words -----------------------------------------------------------------------------------------


def _words(question: Question, request: Request, seen: _Seen) -> str:
    option = LIKE[request.like].strength
    given = to_float(getattr(request, option))
    value = given * seen.factor
    if seen.of_zero:
        return f"that all coefficients are 0 would be right from {option} = {value:.4g} on, about"
    parts = []
    if seen.standardised:
        parts.append("for standardised columns, which those of X are not")
    if seen.divided:
        parts.append(
            f"of a fit that has standardised the columns{', see --scales' * bool(LIKE[request.like].unscaled)}"
        )
    if seen.intercept is not None:
        parts.append(f"of a model with an intercept, about {seen.intercept:.4g}, which was not given")
    if not seen.same:
        parts.append(_penalty(question, request, seen, f"{option} = {value:.3g}", given))
    if not parts:
        return ""
    return f"the coefficients look like those {', and '.join(parts)}"


def _penalty(question: Question, request: Request, seen: _Seen, number: str, given: float) -> str:
    """Say for which penalty, and which word of --like has it with the number that was given."""
    problem = question.problem
    if problem.ridge is not None and not LIKE[request.like].mixing:
        return f"for penalties {seen.factor:.3g} times as large"
    fitting = "" if question.claimed is not None or problem.ridge is not None else _fitting(question, request, seen)
    return fitting or f"for {number}, about, in place of {given:.3g}"


def _fitting(question: Question, request: Request, seen: _Seen) -> str:
    close = max(_SAME, seen.spread)
    for multiple, names in _multiples(question).items():
        if multiple != question.multiple and abs(to_float(multiple / question.multiple) / seen.factor - 1) <= close:
            number = to_float(getattr(request, LIKE[request.like].strength))
            return f"of --like {', '.join(names[:-1])}{' or ' * (len(names) > 1)}{names[-1]} with the same {number:.6g}"
    return ""


def _multiples(question: Question) -> dict[fmpq, list[str]]:
    """Return the words of --like, by what the certificate has of their objectives."""
    weights = question.problem.observation_weights
    total = fmpq(question.problem.rows) if weights is None else sum(entries_of(weights), fmpq(0))
    found: dict[fmpq, list[str]] = {}
    for name, convention in LIKE.items():
        if weights is None or convention.observed:
            found.setdefault(fmpq(convention.squares) if convention.squares else 2 * total, []).append(name)
    return found
