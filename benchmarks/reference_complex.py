"""The folder of a complex data set: its files, and what is proved of the digits that are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq, fmpq_mat, fmpz_mat

from benchmarks.reference_complex_sets import ComplexSet, Pair
from benchmarks.reference_text import DIGITS, exact_decimal, is_float, json_file, rounded, sha256_of, table_file
from exact_base.decimals import about, root_about
from exact_base.matrices import ExactMatrix
from exact_base.rationals import round_up
from sci_barriers.certificates.data_digits import data_digits_certificate
from sci_barriers.problems.determined.balls import exact_of
from sci_barriers.problems.determined.complex_point import ComplexDetermined, determine_complex
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, complex_entries
from sci_barriers.problems.penalised.problem import over_one_denominator

__all__ = ["complex_folder_files", "complex_problem_of"]

_MORE = 80  # digits of the point that is proved to be near, so that the rounding to 50 can be decided
_BITS = 600

Parts = tuple[fmpq, fmpq]


def complex_problem_of(given: ComplexSet) -> ComplexLeastSquares:
    """The problem of a data set, exactly."""
    if not all(is_float(part) for row in [*given.matrix, given.data] for entry in row for part in entry):
        raise SystemExit(f"{given.name}: not all entries of X and y are float64 numbers")
    rows, columns = len(given.matrix), len(given.matrix[0])
    return ComplexLeastSquares(
        _array([entry for row in given.matrix for entry in row], rows, columns),
        _array(given.data, rows, 1),
        _array([(mu, Fraction(0)) for mu in given.penalties], columns, 1, real=True),
    )


def _array(entries: Sequence[Pair], rows: int, columns: int, *, real: bool = False) -> ExactMatrix:
    parts = [fmpq(e[k].numerator, e[k].denominator) for k in (0, 1) for e in entries]
    numerators, den = over_one_denominator(parts)
    count = len(entries)
    first, second = (fmpz_mat(rows, columns, numerators[k * count : (k + 1) * count]) for k in (0, 1))
    return ExactMatrix(first, None if real else second, int(den))


# --- what is proved --------------------------------------------------------------------------------


def rounded_within(value: fmpq, error: fmpq) -> str:
    """The 50 digits to which all numbers within an error of a value are rounded, or an error if there are several."""
    low, high = rounded(value - error), rounded(value + error)
    if low != high:
        raise SystemExit(f"{low} or {high}: more digits are wanted to round to {DIGITS}")
    return low


def _proved(given: ComplexSet, problem: ComplexLeastSquares) -> ComplexDetermined:
    """What is proved of the minimisers, if that decides the support and that there is one minimiser only."""
    found = determine_complex(problem, digits=_MORE)
    if found is None:
        raise SystemExit(f"{given.name}: nothing is proved of its minimisers")
    # the columns of J are independent as σ > 0, so that two minimisers which are 0 off J are equal
    off = {*range(problem.features)} - {*found.outcomes[0].outside}
    if off != {*found.outcomes[0].inside} or not off <= {*found.allowed} or found.sigma <= 0:
        raise SystemExit(f"{given.name}: the support is open")
    return found


def _texts(found: ComplexDetermined) -> list[tuple[str, str]]:
    """The parts of the minimiser to 50 digits each, the rounding decided by the proved moves."""
    outcome = found.outcomes[0]
    return [
        ("0", "0")
        if j in outcome.outside
        else (rounded_within(a, outcome.moves[j]), rounded_within(b, outcome.moves[j]))
        for j, (a, b) in enumerate(complex_entries(found.point))
    ]


def _objective(problem: ComplexLeastSquares, found: ComplexDetermined) -> tuple[str, str]:
    """The sum of squares and the least value of the objective, to 50 digits.

    With d = x' - x̂ the squares differ by at most ‖Xd‖(2‖y - Xx̂‖ + ‖Xd‖), and ‖X‖ is at most its Frobenius norm.
    """
    point, outcome = complex_entries(found.point), found.outcomes[0]
    with ctx.workprec(_BITS):
        left = [b for pair in _residual(problem, point) for b in pair]
        squares = sum((b * b for b in left), fmpq(0))
        size = sum((a * a + b * b for row in _rows(problem) for a, b in row), fmpq(0))
        step = arb(size).sqrt() * outcome.distance
        change = step * (2 * arb(squares).sqrt() + step)
        penalties = arb(0)
        for mu, (a, b) in zip(problem.penalty_entries, point, strict=True):
            penalties += mu * arb(a * a + b * b).sqrt()
        moved = sum((mu * m for mu, m in zip(problem.penalty_entries, outcome.moves, strict=True)), fmpq(0))
        whole = arb(squares) + penalties
        return (
            rounded_within(squares, _above(change)),
            rounded_within(exact_of(whole.mid()), _above(whole.rad() + change + moved)),
        )


def _above(ball: arb) -> fmpq:
    return round_up(exact_of(ball.upper()), bits=64)


def _rows(problem: ComplexLeastSquares) -> list[list[Parts]]:
    entries, n = complex_entries(problem.matrix), problem.features
    return [entries[i * n : (i + 1) * n] for i in range(problem.rows)]


def _residual(problem: ComplexLeastSquares, point: Sequence[Parts]) -> list[Parts]:
    found = []
    for row, (c, d) in zip(_rows(problem), complex_entries(problem.data), strict=True):
        for (p, q), (a, b) in zip(row, point, strict=True):
            c, d = c - (p * a - q * b), d - (p * b + q * a)
        found.append((c, d))
    return found


# --- how hard it is --------------------------------------------------------------------------------


def complex_inflation(problem: ComplexLeastSquares, support: Sequence[int]) -> fmpq:
    """The largest H_jj (H^-1)_jj on a support, H = X_S* X_S; 1 if it is empty."""
    rows, size = _rows(problem), len(support)
    # real and imaginary parts as a real matrix of twice the size, of which H^-1 is the leading part
    lines = [[*(r[j][0] for j in support), *(-r[j][1] for j in support)] for r in rows]
    lines += [[*(r[j][1] for j in support), *(r[j][0] for j in support)] for r in rows]
    if not size:
        return fmpq(1)
    matrix = fmpq_mat(len(lines), 2 * size, [a for line in lines for a in line])
    form = matrix.transpose() * matrix
    inverse = form.inv()
    return max(form[k, k] * inverse[k, k] for k in range(size))


def complex_margin2(problem: ComplexLeastSquares, point: Sequence[Parts], support: Sequence[int]) -> fmpq:
    """The square of the least relative distance to another support, at most 1, at a point; a root is near, no more."""
    rows, left = _rows(problem), _residual(problem, point)
    sizes = [sum((r[j][0] ** 2 + r[j][1] ** 2 for r in rows), fmpq(0)) for j in range(problem.features)]
    shares = [(point[j][0] ** 2 + point[j][1] ** 2) * sizes[j] for j in support]
    found = [fmpq(1), *(share / max(shares) for share in shares)]
    for j in {*range(problem.features)} - {*support}:
        slope = [
            2 * sum((r[j][0] * c + r[j][1] * d for r, (c, d) in zip(rows, left, strict=True)), fmpq(0)),
            2 * sum((r[j][0] * d - r[j][1] * c for r, (c, d) in zip(rows, left, strict=True)), fmpq(0)),
        ]
        with ctx.workprec(_BITS):
            room = 1 - arb(slope[0] ** 2 + slope[1] ** 2).sqrt() / problem.penalty_entries[j]
            found.append(exact_of((room * room).mid()))
    return min(found)


# --- the files -------------------------------------------------------------------------------------


def complex_folder_files(given: ComplexSet, difficulty: Callable[[str, fmpq, fmpq], str]) -> dict[str, bytes]:
    """All files of the folder of a complex data set, by name."""
    problem = complex_problem_of(given)
    found = _proved(given, problem)
    texts, support = _texts(found), found.outcomes[0].inside
    coefficients = _array([(Fraction(a), Fraction(b)) for a, b in texts], problem.features, 1)
    files = _data_files(given)
    digests = {name: sha256_of(content) for name, content in sorted(files.items())}
    vif = complex_inflation(problem, support)
    margin = complex_margin2(problem, complex_entries(found.point), support)
    files["problem.json"] = json_file(_about(given, difficulty("yes", vif, margin), vif, margin, digests))
    files["solution.cert.json"] = data_digits_certificate(
        found, coefficients, provenance={"data set": given.name, "made by": "benchmarks/reference_data.py"}
    )
    files["solution.csv"] = table_file(
        ["column", "name", "re", "im", "support"],
        [[str(j + 1), name, *texts[j], str(int(j in support))] for j, name in enumerate(given.names)],
    )
    squares, objective = _objective(problem, found)
    files["solution.json"] = json_file(
        {
            "unique": "yes",
            "which": "the only minimiser",
            "significant_digits": DIGITS,
            "objective": objective,
            "sum_of_squares": squares,
            "support_size": len(support),
        }
    )
    return files


def _data_files(given: ComplexSet) -> dict[str, bytes]:
    """X.csv, y.csv and columns.csv."""
    header = [f"{name}.{part}" for name in given.names for part in ("re", "im")]
    rows = [[exact_decimal(part) for entry in row for part in entry] for row in given.matrix]
    columns = [
        [str(j + 1), name, exact_decimal(mu)]
        for j, (name, mu) in enumerate(zip(given.names, given.penalties, strict=True))
    ]
    return {
        "X.csv": table_file(header, rows),
        "y.csv": table_file(["y.re", "y.im"], [[exact_decimal(part) for part in entry] for entry in given.data]),
        "columns.csv": table_file(["column", "name", "penalty"], columns),
    }


def _about(given: ComplexSet, grade: str, vif: fmpq, margin: fmpq, digests: dict[str, str]) -> dict[str, Any]:
    return {
        "name": given.name,
        "title": given.title,
        "tags": list(given.tags),
        "rows": len(given.matrix),
        "columns": len(given.matrix[0]),
        "objective": "minimise over complex x: sum_i |y_i - (X x)_i|^2 + sum_j penalty_j |x_j|",
        "difficulty": grade,
        "root_of_variance_inflation": root_about(vif, digits=3),
        "margin": root_about(margin, digits=3) if margin != 0 else about(margin),
        "source": given.source,
        "licence": given.licence,
        "notes": given.notes,
        "sha256": digests,
    }
