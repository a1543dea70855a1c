"""What holds of all minimisers of admissible data, in words; every number is rounded to the side that says less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.checker.core import words
from proofs_checks.checker.parts.data_point import Point
from proofs_checks.checker.parts.data_problem import ComplexPenalised
from proofs_checks.checker.parts.short import root_down, root_up

_FIGURES = 7
_SHOWN = 12  # columns of a list that are printed
_LARGEST = 5  # coefficients whose moves are printed
_ZERO = Fraction(0)


@dataclass(frozen=True)
class Between:
    """A number that is known to lie between two."""

    low: Fraction
    high: Fraction

    def __str__(self) -> str:
        """Return it for a sentence."""
        low, high = up(self.low, up=False), up(self.high)
        return low if low == high else f"at least {low} and at most {high}"


def up(x: Fraction, *, up: bool = True) -> str:
    """Return a number as a decimal, rounded."""
    return words.decimal(x.numerator, x.denominator, up=up, figures=_FIGURES)


def scale_said(scale: Fraction) -> str:
    """Return a scale."""
    return words.rational(scale.numerator, scale.denominator)


def radii_said(scale: Fraction) -> str:
    """Return a multiple of the radii."""
    return "the stated radii" if scale == 1 else f"{scale_said(scale)} times the stated radii"


def norm_of(point: Point) -> Between:
    """Return bounds of the norm of the point over the features."""
    return _root(sum((part**2 for j in range(point.problem.features) for part in point.entry(j)), _ZERO))


def _root(square: Fraction) -> Between:
    return Between(root_down(*square.as_integer_ratio()), root_up(*square.as_integer_ratio()))


def digits(error: Fraction, size: Fraction) -> int | None:
    """Return the largest K >= 0 with error <= 10^-K size, or None where there is no largest, or none at all."""
    if error <= 0 or error > size:
        return None
    ratio = size / error
    count = max(0, (ratio.numerator.bit_length() - ratio.denominator.bit_length() - 1) * 30103 // 100_000 - 1)
    while error * 10 ** (count + 1) <= size:
        count += 1
    return count


def column_lines(
    point: Point, inside: Sequence[int], outside: Sequence[int], moves: Sequence[Fraction | None]
) -> list[str]:
    """Return which features are in and which are out, and how far coefficients move."""
    features = range(point.problem.features)
    known, lines = set(inside) | set(outside), []
    unknown = [j for j in features if j not in known]
    sign = "not 0" if isinstance(point.problem, ComplexPenalised) else "not 0, with the sign of x_j"
    for text, columns in ((f"In: x'_j is {sign}", inside), ("Out: x'_j is 0", outside), ("Not decided", unknown)):
        if columns:
            lines.append(f"{text}, in {words.counted(len(columns), 'column')}: {columns_said(columns)}.")
    bounds = [(-move, j) for j, move in enumerate(moves) if move]
    if bounds:
        listed = "; ".join(f"column {j + 1}: {up(-move)}" for move, j in sorted(bounds)[:_LARGEST])
        lines.append(f"Largest bounds of |x'_j - x_j|: {listed}.")
    return lines


def share_said(distance: Fraction, norm: Between) -> str:
    """Return what a distance is of the norm of x, and which digits that leaves."""
    if not distance or not norm.low:
        return ""
    share = f", which is at most {up(distance / norm.low)} of |x|"
    found = digits(distance, norm.low - distance)
    if not found:
        return f"{share}; no digit of x is shown to be determined"
    return (
        f"{share}; {words.digits(found)} of x {'is' if found == 1 else 'are'} determined: |x - x'| <= 10^-{found} |x'|"
    )


def answer_line(point: Point, distance: Fraction, norm: Between, coefficients: PackedArray) -> str:
    """Return how far an answer c is from all minimisers."""
    width = point.columns.width
    square = _ZERO
    for j in range(point.problem.features):
        for k, x in enumerate(point.entry(j)):
            square += (Fraction(coefficients.numbers[width * j + k], coefficients.den) - x) ** 2
    away = _root(square)
    error = Between(max(_ZERO, away.low - distance), away.high + distance)
    said = f"|c - x'| is {error} for all of them"
    if norm.low > distance:
        low, high = error.low / (norm.high + distance), error.high / (norm.low - distance)
        said += f", and |c - x'|/|x'| is {Between(low, high)}"
        reached = digits(error.high, norm.low - distance)
        if reached:
            are = "is" if reached == 1 else "are"
            said += f", so that {words.digits(reached)} {are} reached for all (10^-{reached})"
    if error.low:
        missed = (digits(error.low, norm.high + distance) or 0) + 1
        said += f"; {words.digits(missed)} {'is' if missed == 1 else 'are'} reached for none of them"
    return said + "."


def not_checked(answer: bool) -> str:
    """Return what is not checked, of an answer c too where there is one."""
    if answer:
        return (
            "Not checked: that the true data are within the radii, that a program saw these data or was to solve this "
            "problem, and who computed c."
        )
    return "Not checked: that the true data are within the radii, and that somebody was to solve this problem."


def columns_said(columns: Sequence[int]) -> str:
    """Return the first of some columns."""
    shown = ", ".join(str(j + 1) for j in columns[:_SHOWN])
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    return f"{'column' if len(columns) == 1 else 'columns'} {shown}{more}"
