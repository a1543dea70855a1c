"""Coefficients of complex lasso problems: how far they are from the minimisers, which are known up to a distance.

The minimisers are no rational numbers. A point near them is found, with a bound of the distance of all of them from it;
what is said of the coefficients is between two numbers.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import power_of_ten
from exact_base.reprs import short_repr
from sci_barriers.certificates.data_digits import data_digits_files
from sci_barriers.certificates.provenance import producer
from sci_barriers.checks.conventions import LIKE, Request, penalties
from sci_barriers.checks.determined import most_proved, norm_bounds
from sci_barriers.checks.questions import DATA, MATRIX, Claimed, check_sizes, column_names, listed, read_npy
from sci_barriers.problems.determined.complex_point import ComplexDetermined, determine_complex
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, complex_entries
from sci_barriers.problems.penalised.problem import Progress

__all__ = ["ComplexFound", "ComplexQuestion", "complex_bytes", "complex_files", "complex_found", "complex_question"]

_LIKE = ("stated", "half", "mean-half")
_DIGITS = 50
"""Of the minimiser, at least, where the data allow it."""
_BEYOND = 10  # more digits of the minimiser than are asked of the coefficients
_STEM = "coefficients"
_ONE = fmpq(1)

Pair = tuple[fmpq, fmpq]


@short_repr()
@dataclass(frozen=True, eq=False)
class ComplexQuestion:
    """What is asked.

    Attributes:
        problem: the problem.
        coefficients: n x 1, complex; None where only the minimiser is asked for.
        names: of the columns, n of them.
        subject: whose coefficients these are.
        objective: what is minimised, as the library writes it, with its numbers.
        multiple: F of the problem is so many times that objective.
        claimed: what the library says of them, if anything.
        notes: what a reader has to know of the data, a line each.
        arrays: the data as files of numpy, by name, as far as they are complex128.
    """

    problem: ComplexLeastSquares
    coefficients: ExactMatrix | None
    names: tuple[str, ...]
    subject: str
    objective: str
    multiple: fmpq = _ONE
    claimed: Claimed | None = None
    notes: tuple[str, ...] = ()
    arrays: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@short_repr()
@dataclass(frozen=True, eq=False)
class ComplexFound:
    """Complex coefficients c beside all minimisers, which are within D of a point x̂.

    Attributes:
        question: what was asked.
        digits: K, asked for.
        determined: the point, D, and which columns are in or out; None if no distance was proved.
        certify: makes the certificate, and the files with arrays beside it, by name.
    """

    question: ComplexQuestion
    digits: int
    determined: ComplexDetermined | None
    certify: Callable[[], Mapping[str, bytes]] = field(default=dict, repr=False)

    @property
    def subject(self) -> str:
        """Whose coefficients these are."""
        return self.question.subject

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.question.names

    @cached_property
    def given(self) -> list[Pair] | None:
        """The coefficients, as real and imaginary parts."""
        return None if self.question.coefficients is None else complex_entries(self.question.coefficients)

    @cached_property
    def point(self) -> list[Pair]:
        """The point x̂, as real and imaginary parts; empty if no distance was proved."""
        return [] if self.determined is None else complex_entries(self.determined.point)

    @property
    def distance(self) -> fmpq | None:
        """D: no minimiser is farther from x̂."""
        return None if self.determined is None else self.determined.outcomes[0].distance

    @cached_property
    def size(self) -> Pair:
        """Bounds of the norm of a minimiser."""
        if self.determined is None or self.distance is None:
            return fmpq(0), fmpq(0)
        low, high = _norm_bounds(self.point)
        return max(low - self.distance, fmpq(0)), high + self.distance

    @cached_property
    def error(self) -> Pair | None:
        """Bounds of the distance of the coefficients from every minimiser."""
        if self.given is None or self.distance is None:
            return None
        low, high = _norm_bounds([(a - p, b - q) for (a, b), (p, q) in zip(self.given, self.point, strict=True)])
        return max(low - self.distance, fmpq(0)), high + self.distance

    @cached_property
    def errors(self) -> list[Pair]:
        """Bounds of |c_j - x'_j| for each column; empty without coefficients, or if no distance was proved."""
        if self.given is None or self.determined is None:
            return []
        found = []
        for (a, b), (p, q), move in zip(self.given, self.point, self.determined.outcomes[0].moves, strict=True):
            low, high = norm_bounds([a - p, b - q])
            found.append((max(low - move, fmpq(0)), high + move))
        return found

    @cached_property
    def known(self) -> int | None:
        """So many digits of the minimiser are known, relative to its norm; None if all: it is 0."""
        return 0 if self.distance is None else most_proved(self.distance, _norm_bounds(self.point)[0])

    @cached_property
    def reached(self) -> int | None:
        """The digits that the coefficients are proved to have, relative to the norm; None where they are exact."""
        if self.error is None:
            return None
        # of s + e, less e
        return most_proved(self.error[1], self.size[0] + self.error[1])

    @property
    def verdict(self) -> str:
        """`ok`, `inaccurate`, `solved` where no coefficients were given, or `undecided`."""
        if self.distance is None:
            return "undecided"
        if self.error is None:
            return "solved"
        unit = power_of_ten(-self.digits)
        if self.error[1] <= unit * self.size[0]:
            return "ok"
        return "inaccurate" if self.error[0] > unit * self.size[1] else "undecided"

    @property
    def unique(self) -> str:
        """`yes` where all columns off J are out: on J the objective is strictly convex; else `open`."""
        if self.determined is None:
            return "open"
        decided = len(self.determined.outcomes[0].outside) + len(self.determined.allowed)
        return "yes" if decided == len(self.names) else "open"

    @property
    def words(self) -> str:
        """The verdict, and whether there may be other minimisers."""
        return self.verdict + ("" if self.unique == "yes" else ", uniqueness open")

    def columns(self, kind: str) -> list[int]:
        """Return the columns that are `inside`, `outside` or `undecided`, from 0."""
        if self.determined is None:
            return list(range(len(self.names))) if kind == "undecided" else []
        outcome = self.determined.outcomes[0]
        if kind == "undecided":
            known = {*outcome.inside, *outcome.outside}
            return [j for j in range(len(self.names)) if j not in known]
        return list(outcome.inside if kind == "inside" else outcome.outside)

    @cached_property
    def superfluous(self) -> list[int]:
        """The columns that are in, and in no minimiser."""
        return [j for j in self.columns("outside") if self.given is not None and _is_in(self.given[j])]

    @cached_property
    def missing(self) -> list[int]:
        """The columns that are out, and in every minimiser."""
        return [j for j in self.columns("inside") if self.given is not None and not _is_in(self.given[j])]


def _is_in(value: Pair) -> bool:
    return value[0] != 0 or value[1] != 0


def _norm_bounds(values: Sequence[Pair]) -> Pair:
    return norm_bounds([part for pair in values for part in pair])


def complex_question(
    coefficients: ExactMatrix | None,
    matrix: ExactMatrix,
    data: ExactMatrix,
    request: Request,
    *,
    observation_weights: ExactMatrix | None = None,
    names: Sequence[str] | None = None,
    subject: str = "",
    arrays: Mapping[str, bytes] | None = None,
) -> ComplexQuestion:
    """Return the question of complex coefficients that are given, or of the minimiser alone.

    Args:
        coefficients: n x 1, or None.
        matrix: X, m x n, complex.
        data: y, m x 1, complex.
        request: what was minimised, in one of the forms stated, half and mean-half.
        observation_weights: ω, m x 1, all positive.
        names: of the columns, if they have any.
        subject: whose coefficients these are.
        arrays: the data as files of numpy of complex128, by name.

    Raises:
        UsageError: for parameters that are missing, or for another form.
        DataError: for data that do not match, or of which nothing can be said.

    >>> from flint import fmpq
    >>> from exact_base.matrices import exact_column, exact_matrix
    >>> from sci_barriers.checks.complex_numbers import complex_question
    >>> from sci_barriers.checks.conventions import Request
    >>> X, y = exact_matrix([[1, 1j], [0, 1]]), exact_column([2, 1j])
    >>> complex_question(None, X, y, Request("half", lam=fmpq(1, 2))).problem.penalties.re.tolist()
    [[1], [1]]
    """
    if request.like not in _LIKE:
        raise UsageError(
            f"complex data are minimised as {', '.join(_LIKE[:-1])} or {_LIKE[-1]}, not {request.like!r:.40}"
        )
    shown = column_names(names, matrix.cols)
    if (data.rows, data.cols) != (matrix.rows, 1):
        raise DataError(f"X has {matrix.rows} rows and y has {data.rows}; they must be as many")
    if coefficients is not None and (coefficients.rows, coefficients.cols) != (matrix.cols, 1):
        raise DataError(
            f"the coefficients must be {matrix.cols} numbers, one for each column of X; got {coefficients.rows}"
        )
    squares = matrix.squares()
    empty = [j for j in range(matrix.cols) if not any(row[j] for row in squares)]
    if empty:
        what = "it" if len(empty) == 1 else "them"
        raise DataError(
            f"{listed(shown, empty)} {'is' if len(empty) == 1 else 'are'} empty, with zeros only; fit again without "
            f"{what}, which changes no other coefficient of a minimiser"
        )
    found = penalties(
        request, rows=matrix.rows, columns=matrix.cols, intercept=False, observation_weights=observation_weights
    )
    remark = LIKE[request.like].remark
    return ComplexQuestion(
        ComplexLeastSquares(matrix, data, found.l1, found.ridge, observation_weights),
        coefficients,
        shown,
        subject or ("coefficients that were given" if coefficients is not None else "the minimiser"),
        found.words,
        found.multiple,
        notes=(remark,) if remark else (),
        arrays=dict(arrays or {}),
    )


def complex_found(question: ComplexQuestion, *, digits: int, progress: Progress | None = None) -> ComplexFound:
    """Return what is found of a complex question.

    Args:
        question: the problem and the coefficients.
        digits: K.
        progress: is told what is being done.

    Raises:
        DataError: if numbers are too large for float64.

    >>> from flint import fmpq
    >>> from exact_base.matrices import exact_column, exact_matrix
    >>> from sci_barriers.checks.complex_numbers import complex_found, complex_question
    >>> from sci_barriers.checks.conventions import Request
    >>> X, y = exact_matrix([[1, 0], [0, 1j]]), exact_column([2, 1])
    >>> question = complex_question(exact_column([1.5001, -0.5j]), X, y, Request("half", lam=fmpq(1, 2)))
    >>> found = complex_found(question, digits=4)
    >>> found.verdict, found.reached, found.unique
    ('ok', 4, 'yes')
    """
    determined = determine_complex(
        question.problem, digits=max(_DIGITS, digits + _BEYOND), guess=question.coefficients, progress=progress
    )
    certify = dict if determined is None else partial(_files, question, determined)
    return ComplexFound(question, digits, determined, certify)


def _files(question: ComplexQuestion, determined: ComplexDetermined) -> dict[str, bytes]:
    fields = {MATRIX: "matrix", DATA: "data"}
    files = {fields[name]: (name, content) for name, content in question.arrays.items()}
    said = producer() | {"subject": question.subject, "objective": question.objective}
    return data_digits_files(determined, question.coefficients, stem=_STEM, files=files, provenance=said)


# --- files ----------------------------------------------------------------------------------------------


def complex_bytes(array: Any, *, sides: int) -> bytes | None:
    """Return the file that numpy writes of an array of complex128, or of what that holds exactly; else None."""
    array = array.to_numpy() if hasattr(array, "to_numpy") else array
    if not isinstance(array, np.ndarray) or array.dtype.kind != "c" or array.dtype.itemsize > 16:
        return None
    if array.ndim == 2 and sides == 1 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != sides:
        return None
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array, dtype="<c16"), allow_pickle=False)
    return file.getvalue()


def complex_files(matrix_file: Path, data_file: Path, matrix: ExactMatrix) -> dict[str, bytes]:
    """Return the data as files of numpy of complex numbers as far as they are such, to lie beside a certificate.

    Raises:
        UsageError: if that would be too large, or a file has gone since it was read.
    """
    held = {MATRIX: _file(matrix_file, sides=2), DATA: _file(data_file, sides=1)}
    files = {name: content for name, content in held.items() if content is not None}
    check_sizes(matrix, files)
    return files


def _file(path: Path, *, sides: int) -> bytes | None:
    found = read_npy(path)
    if found is None:
        return None
    data, array, certified = found
    if array.dtype.kind == "c" and array.ndim == sides and certified:
        return data
    return complex_bytes(array, sides=sides)
