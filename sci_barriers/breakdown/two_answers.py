"""With two columns and two samples the strong reading is false: one of two answers is right on every input.

Source: docs/theorem2.md, "At several samples at once"; the certificate is of kind `joint-answer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import as_rational, exact

__all__ = ["TwoAnswers", "two_answers"]


@short_repr()
@dataclass(frozen=True)
class TwoAnswers:
    """Answers ζ_1 e_1 at y_1 and ζ_2 e_2 at y_2 to data of precision n, for the LASSO with weights 1.

    Attributes:
        parameter: λ.
        matrix: A_n = (α_1, α_2), positive.
        data: η_1, η_2, positive.
        answers: ζ_1, ζ_2.
        digits: K.
        precision: n.
        error: what the right one of the two errs by at most.
    """

    parameter: fmpq
    matrix: tuple[fmpq, fmpq]
    data: tuple[fmpq, fmpq]
    answers: tuple[fmpq, fmpq]
    digits: int
    precision: int
    error: fmpq


def two_answers(
    matrix: Sequence[Any], data: Sequence[Any], *, parameter: Any, digits: int, precision: int
) -> TwoAnswers:
    """Answer with the minimiser of one column for each sample, and bound its error on all inputs with these data.

    Args:
        matrix: α_1, α_2, each above 2^-n.
        data: η_1, η_2, each above 2^-n.
        parameter: λ > 0.
        digits: K >= 1.
        precision: n >= 1.

    Raises:
        UsageError: for a number out of range.
        DataError: if the data are too coarse for K digits.

    >>> from exact_base.rationals import power_of_ten
    >>> from sci_barriers.breakdown.two_answers import two_answers
    >>> found = two_answers([700, 700], [1, 1], parameter="1/2", digits=3, precision=20)
    >>> found.error < power_of_ten(-3)
    True
    """
    alphas, etas = ([as_rational(exact(value)) for value in pair] for pair in (matrix, data))
    lam = as_rational(exact(parameter))
    if min(digits, precision) < 1 or lam <= 0 or len(alphas) != 2 or len(etas) != 2:
        raise UsageError("two entries of A and two data are needed, λ > 0, K >= 1 and n >= 1")
    unit = power_of_two(-precision)
    if min(*alphas, *etas) <= unit:
        raise UsageError(f"the entries of A and the data must be above 2^-{precision}")
    answers = [max(fmpq(0), (y - lam / (2 * a)) / a) for a, y in zip(alphas, etas, strict=True)]
    error = max(_error(a, y, z, lam, unit) for a, y, z in zip(alphas, etas, answers, strict=True))
    if error > power_of_ten(-digits):
        raise DataError(f"data of precision {precision} are too coarse for {digits} digits; read more precisely")
    return TwoAnswers(lam, (*alphas,), (*etas,), (*answers,), digits, precision, error)  # type: ignore[arg-type]


def _error(a: fmpq, y: fmpq, z: fmpq, lam: fmpq, unit: fmpq) -> fmpq:
    """The modulus of the minimiser lies between two bounds, and its phase turns by at most 2·2^-n (1/α + 1/η)."""
    high = max(fmpq(0), (y + unit) / (a - unit) - lam / (2 * (a + unit) ** 2))
    low = max(fmpq(0), (y - unit) / (a + unit) - lam / (2 * (a - unit) ** 2))
    return max(high - z, z - low) + high * 2 * unit * (1 / a + 1 / y)
