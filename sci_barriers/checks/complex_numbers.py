"""Coefficients of complex lasso problems: how far they are from the minimisers, which are known up to a distance."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix
from sci_barriers.checks.conventions import LIKE, Request, penalties
from sci_barriers.checks.determined import SECONDS
from sci_barriers.checks.enclosed import EnclosedFound, enclosed_found, wanted_digits
from sci_barriers.checks.enclosed_questions import EnclosedQuestion
from sci_barriers.checks.precisions import Stated
from sci_barriers.checks.questions import DATA, MATRIX, check_sizes, column_names, listed, read_npy
from sci_barriers.problems.determined.complex_point import determine_complex
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.determined.fits import determine_complex_fit
from sci_barriers.problems.penalised.problem import Progress

__all__ = ["complex_bytes", "complex_files", "complex_found", "complex_question"]

_LIKE = ("stated", "half", "mean-half")


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
) -> EnclosedQuestion:
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
    return EnclosedQuestion(
        ComplexLeastSquares(matrix, data, found.l1, found.ridge, observation_weights),
        coefficients,
        shown,
        subject or ("coefficients that were given" if coefficients is not None else "the minimiser"),
        found.words,
        found.multiple,
        notes=(remark,) if remark else (),
        arrays=dict(arrays or {}),
    )


def complex_found(
    question: EnclosedQuestion,
    *,
    digits: int,
    stated: Stated | None = None,
    seconds: float = SECONDS,
    keep: bool = False,
    progress: Progress | None = None,
) -> EnclosedFound:
    """Return what is found of a complex question.

    Args:
        question: the problem and the coefficients.
        digits: K.
        stated: how near the data are to the true ones; None where they are taken as they are.
        seconds: for looking for data sets that differ.
        keep: whether an interrupt ends that, and what is proved is returned.
        progress: is told what is being done.

    Raises:
        UsageError: if the problem is not a complex one.
        DataError: if numbers are too large for float64, or radii do not fit.

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
    if not isinstance(question.problem, ComplexLeastSquares):
        raise UsageError("complex_found takes problems with complex data")
    determined = determine_complex(
        question.problem,
        None if stated is None else stated.precision,
        digits=wanted_digits(digits),
        guess=question.coefficients,
        progress=progress,
    )
    fit = None
    if determined is None and stated is not None:
        fit = determine_complex_fit(
            question.problem,
            stated.precision,
            digits=wanted_digits(digits),
            guess=question.coefficients,
            progress=progress,
        )
    return enclosed_found(
        question, determined, digits=digits, stated=stated, fit=fit, seconds=seconds, keep=keep, progress=progress
    )


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
