"""What was found of somebody's coefficients, for whichever problem, in exact numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from flint import fmpq, fmpz_mat

from exact_base.decimals import enclosure
from exact_base.matrices import ExactMatrix
from exact_base.rationals import power_of_ten, to_float
from exact_base.reprs import short_repr
from exact_base.scalars import Real
from sci_barriers.checks.determined import DeterminedFinding
from sci_barriers.checks.questions import Claimed
from sci_barriers.problems.penalised.problem import column

__all__ = ["VERDICTS", "Found", "Uniqueness", "nearest_float", "relative_digits", "rounded_array", "verdict_of"]

VERDICTS = ("ok", "inaccurate", "solved", "barrier", "undecided")
"""The words; `solved` is said where there were no coefficients to judge, `barrier` only of data with a precision."""

Uniqueness: TypeAlias = Literal["yes", "no", "open"]

_MOST_DIGITS = 10_000  # that are counted
_ONE = fmpq(1)


@short_repr()
@dataclass(frozen=True)
class Found:
    """Coefficients beside the nearest minimiser.

    Attributes:
        subject: whose coefficients these are.
        objective: what is minimised, as the library writes it.
        rows: m.
        names: of the columns, n of them.
        digits: K, asked for.
        point: the minimiser nearest to the coefficients, or the one that was found; length n.
        given: the coefficients, length n, or None.
        unique: whether it is the only minimiser; `open` where that was not decided.
        intercept: that of the minimiser, or None without one.
        given_intercept: that of the coefficients.
        excess: bounds of how far the objective at the coefficients is above the minimum; None where that is not known.
        multiple: the objective of the certificate is so many times the one here.
        infeasible: why the coefficients are not feasible, in words, if they are not.
        superfluous: the columns that are in, and in no minimiser.
        missing: the columns that are not in, and in every minimiser.
        interchangeable: groups of columns, equal or opposite, between which the minimisers are free to choose; beside
            an intercept also those that are so up to a constant.
        differing: the columns in which another minimiser, if one was found, differs from this one.
        claimed: what the library says of its coefficients.
        hint: what inaccurate coefficients look like, or what may help; not proved.
        notes: what a reader has to know of the data.
        proved: what a certificate says besides, or in place of what it says otherwise, a sentence each.
        determined: what the data determine, where it was said how near they are to the true ones.
        certify: makes the certificate, and the files with arrays beside it, by name.
    """

    subject: str
    objective: str
    rows: int
    names: tuple[str, ...]
    digits: int
    point: tuple[Real, ...]
    given: tuple[Real, ...] | None
    unique: Uniqueness
    intercept: Real | None = None
    given_intercept: Real | None = None
    excess: tuple[Real, Real] | None = None
    multiple: fmpq = _ONE
    infeasible: str = ""
    superfluous: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    interchangeable: tuple[tuple[int, ...], ...] = ()
    differing: tuple[int, ...] = ()
    claimed: Claimed | None = None
    hint: str = ""
    notes: tuple[str, ...] = ()
    proved: tuple[str, ...] = ()
    determined: DeterminedFinding | None = None
    certify: Callable[[], Mapping[str, bytes]] = field(default=dict, repr=False)

    @cached_property
    def errors(self) -> tuple[Real, ...]:
        """The coefficients minus the minimiser; empty without coefficients."""
        return () if self.given is None else tuple(c - p for c, p in zip(self.given, self.point, strict=True))

    @cached_property
    def distance2(self) -> Real:
        """The squared distance of the coefficients from the nearest minimiser, without the intercept."""
        return _norm2(self.errors)

    @cached_property
    def size2(self) -> Real:
        """The squared norm of that minimiser, without the intercept."""
        return _norm2(self.point)

    @cached_property
    def reached(self) -> int | None:
        """The digits that the coefficients have, relative to the norm; None where they are exact."""
        return relative_digits(self.distance2, self.size2)

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`; about all data within the precision, where there is one."""
        if self.determined is not None:
            return self.determined.verdict
        return "solved" if self.given is None else verdict_of(self.distance2, self.size2, self.digits)

    @property
    def words(self) -> str:
        """The verdict, and whether there are other minimisers."""
        return self.verdict + {"yes": "", "no": ", not unique", "open": ", uniqueness open"}[self.unique]


def _norm2(vector: Sequence[Real]) -> Real:
    return sum((entry * entry for entry in vector), fmpq(0))


def verdict_of(distance2: Real, size2: Real, digits: int) -> str:
    """Decide exactly whether a distance is at most 10^-K of a size, both given by their squares."""
    return "ok" if distance2 <= size2 * power_of_ten(-2 * digits) else "inaccurate"


def relative_digits(distance2: Real, size2: Real) -> int | None:
    """Return the largest k with a distance <= 10^-k of a size, 0 if there is none >= 0; None if the distance is 0.

    >>> from flint import fmpq, fmpz_mat
    >>> from sci_barriers.checks.findings import relative_digits
    >>> relative_digits(fmpq(1, 100**2), fmpq(1)), relative_digits(fmpq(0), fmpq(1)), relative_digits(fmpq(1), fmpq(0))
    (2, None, 0)
    """
    if distance2 == 0:
        return None
    low, high = 0, 1
    while high < _MOST_DIGITS and distance2 <= size2 * power_of_ten(-2 * high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if distance2 <= size2 * power_of_ten(-2 * middle):
            low = middle
        else:
            high = middle
    return low


def nearest_float(value: Real) -> float:
    """Return the float64 nearest to a number, or for a + b√s one within a unit in the last place.

    Raises:
        DataError: if it is too large for float64.
    """
    return to_float(value if isinstance(value, fmpq) else enclosure(value)[0])


def rounded_array(array: ExactMatrix) -> ExactMatrix:
    """Return the array of float64 numbers nearest to a real one.

    Raises:
        DataError: if a number is too large for float64.
    """
    flat = column([fmpq(*nearest_float(fmpq(a, array.den)).as_integer_ratio()) for a in array.re.entries()])
    return ExactMatrix(fmpz_mat(array.rows, array.cols, flat.re.entries()), None, flat.den)
