"""What kind solution-digits has found, in words; every number is rounded to the side that says less."""

from __future__ import annotations

from collections.abc import Sequence

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.certificate.reading import common_divisor
from proofs_checks.checker.core import words
from proofs_checks.checker.parts.penalised import Penalised
from proofs_checks.checker.parts.penalised_errors import Errors
from proofs_checks.checker.parts.penalised_optimum import twins

_FIGURES = 7
_SHOWN = 12  # columns of a list that are printed
_LARGEST = 5  # coefficients whose errors are printed


def squares(problem: Penalised) -> str:
    """Return the sum of squares."""
    return f"sum_i {'w_i ' if _weighted(problem) else ''}(y_i - (Zx)_i)^2"


def limits(problem: Penalised) -> str:
    """Return which coefficients may not be negative."""
    return f", x_j >= 0 for {columns_said(sorted(problem.nonnegative))}" if problem.nonnegative else ""


def _weighted(problem: Penalised) -> bool:
    return any(w != problem.weights.den for w in problem.weights.numbers)


def _minimised(problem: Penalised) -> str:
    terms = squares(problem)
    terms += " + sum_j mu_j |x_j|" if any(problem.penalties.numbers) else ""
    terms += " + sum_j kappa_j x_j^2" if any(problem.ridge.numbers) else ""
    return f"{terms}{limits(problem)}. Squares are neither halved nor divided by the number of rows."


def problem_lines(
    problem: Penalised, coefficients: str = "c and p are coefficients", *, minimised: str | None = None
) -> list[str]:
    """Return the problem, with its scale, and its arrays; `minimised` is what is, if it is another objective."""
    m, n = problem.matrix.shape
    weighted = _weighted(problem)
    less = ", less its centre" if any(problem.centres.numbers) else ""
    scaled = ", divided by its scale" if any(s != problem.scales.den for s in problem.scales.numbers) else ""
    ones = "; its last column is 1, that of the intercept" if problem.intercept else ""
    lines = [
        f"Problem: minimise {minimised or _minimised(problem)}",
        f"Column j of Z is column j of X{less}{scaled}{ones}. {coefficients} of these columns.",
        f"X is the {m} x {n} matrix{_source(problem.matrix) or ' of the file'}; y has "
        f"{words.counted(m, 'entry', 'entries')}{_source(problem.data)}.",
    ]
    for name, array in (("mu", problem.penalties), ("kappa", problem.ridge)):
        if any(array.numbers):
            lines.append(f"{name}_j {_range(array, n)} over the columns of X{_source(array)}.")
    if weighted:
        lines.append(f"w_i {_range(problem.weights, m)} over the rows{_source(problem.weights)}.")
    named = (("centres", problem.centres), ("scales", problem.scales))
    return lines + [f"The {name} are those{_source(array)}." for name, array in named if array.source]


def _source(array: PackedArray) -> str:
    return f" of {array.source[0]} (SHA-256 {array.source[1]})" if array.source else ""


def _range(array: PackedArray, count: int) -> str:
    low, high = min(array.numbers[:count]), max(array.numbers[:count])
    # a file of numpy has the denominators of all that float64 holds
    divisor = common_divisor(array.den, (low, high))
    low, high, den = low // divisor, high // divisor, array.den // divisor
    if low == high:
        return f"is {words.short(low, den)}"
    ends = (words.outward(low, den, up=False), words.outward(high, den, up=True))
    return f"lies between {ends[0]} and {ends[1]}"


def title(errors: Errors) -> str:
    """Return how far the coefficients are from the minimiser."""
    which = "the only minimiser" if errors.unique else "the nearest minimiser"
    distance = interval(errors.square(errors.differences), errors.den**2)
    return f"The l2 distance of the coefficients c of the columns of X from those of {which} p is {distance}."


def error_lines(errors: Errors, unique: str) -> list[str]:
    """Return what else was found of the coefficients."""
    which = {
        "yes": "p, which the file gives, is the only minimiser.",
        "no": "p, which the file gives, is the minimiser nearest to c, and there are others.",
        "open": "p, which the file gives, is the minimiser nearest to c; whether there are others is not decided.",
    }[unique]
    square, size = errors.square(errors.differences), errors.square(errors.minimiser)
    distance = f"Distances are l2 norms over the columns of X{_apart(errors)}: |c - p|"
    lines = [which, f"{distance} is {interval(square, errors.den**2)}{_digits(square, errors.den**2)}."]
    if size:
        lines.append(f"|c - p|/|p| is {interval(square, size)}{_digits(square, size)}.")
    else:
        lines.append("p is 0 in all columns of X, so that there is no relative distance.")
    lines += _entries(errors)
    lines += _support(errors)
    lines.append(_excess(errors))
    groups = [] if errors.unique else twins(errors.problem, errors.optimum)
    if groups:
        pairs = "; ".join(columns_said(group) for group in groups[:_SHOWN])
        more = f"; and {len(groups) - _SHOWN} more such groups" if len(groups) > _SHOWN else ""
        lines.append(
            "Interchangeable columns of Z, equal, or opposite with opposite signs, where a minimiser stays one if what "
            f"it has on one of them moves to another: {pairs}{more}."
        )
    lines.append("Not checked: that a program saw these data, was to solve this problem, and returned c.")
    return lines


def _apart(errors: Errors) -> str:
    return ", the intercept apart" if errors.problem.intercept else ""


def interval(num: int, den: int) -> str:
    """Return the root of num/den, as an interval unless it is exact."""
    if num == 0:
        return "0"
    low, high = (words.decimal(num, den, root=True, up=up, figures=_FIGURES) for up in (False, True))
    return low if low == high else f"at least {low} and at most {high}"


def _digits(square: int, den: int) -> str:
    """Return how many digits a distance reaches, from its square."""
    if square == 0:
        return ""
    count = max(0, (den.bit_length() - square.bit_length()) * 30103 // 200_000 - 1)
    while square * 100 ** (count + 1) <= den:
        count += 1
    if count == 0:
        return ", so that no digit is reached, as it is more than 10^-1"
    return f", so that {words.digits(count)} {'is' if count == 1 else 'are'} reached (10^-{count}), and not {count + 1}"


def _entries(errors: Errors) -> list[str]:
    n, away = errors.problem.features, errors.differences
    order = sorted((j for j in away if j < n), key=lambda j: (-abs(away[j]), j))[:_LARGEST]
    listed = "; ".join(f"column {j + 1}: {_entry(errors, j)}" for j in order)
    lines = [f"Largest errors: {listed}."] if order else []
    if errors.problem.intercept:
        lines.append(f"Intercept: {_entry(errors, n)}.")
    return lines


def _entry(errors: Errors, j: int) -> str:
    away = abs(errors.differences.get(j, 0))
    if not away:
        return "no error"
    size = abs(errors.minimiser.get(j, 0))
    part = f" ({words.decimal(away, size, up=True)} of p_{j + 1})" if size and j < errors.problem.features else ""
    return f"at most {words.decimal(away, errors.den, up=True, figures=_FIGURES)}{part}"


def _support(errors: Errors) -> list[str]:
    c, p, known = errors.coefficients.numbers, errors.minimiser, errors.known
    extra = [j for j in known if c[j] and j not in p]
    missing = [j for j in known if not c[j] and j in p]
    every = "p" if errors.unique else "every minimiser"
    lines = []
    if extra:
        lines.append(f"Support: non-zero in c, and zero in {every}: {columns_said(extra)}.")
    if missing:
        lines.append(f"Support: zero in c, and non-zero in {every}: {columns_said(missing)}.")
    if not lines and errors.unique:
        count = sum(j < errors.problem.features for j in p)
        lines.append(f"Support: right, c and p are non-zero in the same {words.counted(count, 'column')}.")
    return lines or ["Support: no column was found in which c is zero and every minimiser is not, or the reverse."]


def _excess(errors: Errors) -> str:
    if errors.infeasible:
        return f"c is not feasible, as it is negative where it may not be: {columns_said(errors.infeasible)}."
    low, high, unit = errors.excess()
    if not high:
        return "The objective at c is the minimum."
    ends = [words.decimal(x, unit, up=up, figures=_FIGURES) for x, up in ((low, False), (high, True))]
    found = ends[0] if ends[0] == ends[1] else f"at least {ends[0]} and at most {ends[1]}"
    return f"The objective at c exceeds the minimum by {found}."


def columns_said(columns: Sequence[int]) -> str:
    """Return columns by their numbers from 1, the first few if there are many."""
    shown = ", ".join(str(j + 1) for j in columns[:_SHOWN])
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return f"{'column' if len(columns) == 1 else 'columns'} {shown}{more}"
