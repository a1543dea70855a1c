"""Certificates of kind `data-pair`: two data sets within a precision, whose minimisers are apart."""

from __future__ import annotations

from typing import Any

from exact_base.encoding import encode_fraction
from exact_base.matrices import ExactMatrix
from proofs_checks.certificate.reading import SUFFIX
from proofs_checks.certificate.writing import build, encode_integer, encode_packed
from sci_barriers.certificates.penalised import (
    Files,
    array_file,
    encode_complex_problem,
    encode_matrix,
    encode_problem,
    encode_sparse,
    with_matrix,
)
from sci_barriers.certificates.precision import encode_precision, with_radii, without_radii
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, parts_of
from sci_barriers.problems.determined.enclosed_pairs import EnclosedPair, EnclosedVariation
from sci_barriers.problems.determined.pairs import Pair, Variation
from sci_barriers.problems.determined.unsquared_point import ResidualNorm

__all__ = ["data_pair_certificate", "data_pair_files", "varied_data"]

_VARIED = ("first_matrix", "second_matrix")
_BESIDE = 1 << 10  # entries of columns that differ, from which on they are in a file: it has less than half the bytes


def data_pair_certificate(
    pair: Pair | EnclosedPair, *, files: Files | None = None, provenance: dict[str, str] | None = None
) -> bytes:
    """Write that two data sets within a precision have minimisers that are apart.

    Args:
        pair: the two data sets.
        files: files that lie beside the certificate, as for `solution_digits_certificate`; `matrix_radii`,
            `data_radii`, and `first_matrix` and `second_matrix` for the columns that differ, may be among their names.
        provenance: what is said of the making.

    Raises:
        UsageError: if a file has an unfit name, or belongs to no field.
        DataError: if a file does not hold the array of its field.
        SciBarriersError: if a number or an array exceeds the caps of the format.

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers.certificates.data_pair import data_pair_certificate
    >>> from sci_barriers.problems.determined.pairs import distant_pair
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> solution = minimise(PenalisedLeastSquares.of([[1]], [2], penalties=[1]))
    >>> pair = distant_pair(solution, Precision(Radius.entrywise("0.05"), Radius.exactly()))
    >>> verify_bytes(data_pair_certificate(pair)).verdict
    'valid'
    """
    if isinstance(pair, EnclosedPair):
        return _enclosed_certificate(pair, files, provenance)
    claim = {
        "objective": "lasso",
        "precision": encode_precision(pair.precision, files),
        "problem": encode_problem(pair.problem, _of_problem(files))[0],
    }
    held = files or {}
    evidence = {
        name: _encode(side, held.get(f"{name}_matrix"))
        for name, side in (("first", pair.first), ("second", pair.second))
    }
    return build("data-pair", claim=claim, evidence=evidence, provenance=provenance or {})


def _enclosed_certificate(pair: EnclosedPair, files: Files | None, provenance: dict[str, str] | None) -> bytes:
    """Write that minimisers which are known up to a distance are apart."""
    given = pair.problem
    noise = given.noise if isinstance(given, ResidualNorm) else None
    if isinstance(given, ResidualNorm):
        problem, objective = encode_problem(given.arrays, _of_problem(files))[0], given.objective
    else:
        problem, objective = encode_complex_problem(given, _of_problem(files))[0], "lasso"
    claim = {
        "noise": None if noise is None else encode_fraction(noise),
        "objective": objective,
        "precision": encode_precision(pair.precision, files),
        "problem": problem,
    }
    pairs = isinstance(given, ComplexLeastSquares)
    held = files or {}
    evidence = {
        name: _enclosed(side, pairs, held.get(f"{name}_matrix"))
        for name, side in (("first", pair.first), ("second", pair.second))
    }
    return build("data-pair", claim=claim, evidence=evidence, provenance=provenance or {})


def _of_problem(files: Files | None) -> Files:
    """Return the files that hold arrays of the problem."""
    return {name: file for name, file in without_radii(files).items() if name not in _VARIED}


def _enclosed(side: EnclosedVariation, pairs: bool, file: tuple[str, bytes] | None) -> dict[str, Any]:
    matrix, data, known = side.matrix, side.data, side.determined
    return {
        "allowed": [encode_integer(j) for j in known.allowed],
        "columns": [encode_integer(j) for j in side.columns],
        "data": None if data is None else _packed(data, (data.rows,), pairs=pairs),
        "matrix": None if matrix is None else encode_matrix(matrix, file, pairs=pairs),
        "point": encode_sparse(known.point, pairs=pairs),
        "sigma": encode_fraction(known.sigma),
    }


def _encode(variation: Variation, file: tuple[str, bytes] | None) -> dict[str, Any]:
    matrix, data = variation.matrix, variation.data
    return {
        "columns": [encode_integer(j) for j in variation.columns],
        "data": None if data is None else _packed(data, (data.rows,)),
        "matrix": None if matrix is None else encode_matrix(matrix, file),
        "point": encode_sparse(variation.solution.point),
        "rows": [encode_integer(i) for i in variation.rows],
    }


def _packed(array: ExactMatrix, shape: tuple[int, ...], *, pairs: bool = False) -> dict[str, Any]:
    if pairs:
        parts = zip(*(part.entries() for part in parts_of(array)), strict=True)
        return encode_packed([int(a) for entry in parts for a in entry], shape=(*shape, 2), den=int(array.den))
    return encode_packed([int(a) for a in array.re.entries()], shape=shape, den=int(array.den))


def data_pair_files(
    pair: Pair | EnclosedPair,
    *,
    stem: str = "pair",
    files: Files | None = None,
    provenance: dict[str, str] | None = None,
) -> dict[str, bytes]:
    """Return the certificate and the files beside it, by name.

    X, and radii, of more than 65,536 entries are in some, and columns that differ of more than 1,024.

    Raises as `data_pair_certificate` does.

    >>> from sci_barriers.certificates.data_pair import data_pair_files
    >>> from sci_barriers.problems.determined.pairs import distant_pair
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> solution = minimise(PenalisedLeastSquares.of([[1]], [2], penalties=[1]))
    >>> pair = distant_pair(solution, Precision(Radius.entrywise("0.05"), Radius.exactly()))
    >>> list(data_pair_files(pair))
    ['pair.cert.json']
    """
    problem = pair.problem.arrays if isinstance(pair.problem, ResidualNorm) else pair.problem
    beside = with_radii(pair.precision, with_matrix(problem, files, stem), stem)
    pairs = isinstance(problem, ComplexLeastSquares)
    for name, matrix in (("first", pair.first.matrix), ("second", pair.second.matrix)):
        if matrix is not None and matrix.rows * matrix.cols > _BESIDE:
            beside = {**beside, f"{name}_matrix": array_file(f"{stem}-{name}-X", matrix, pairs=pairs)}
    return {f"{stem}{SUFFIX}": data_pair_certificate(pair, files=beside, provenance=provenance)} | dict(beside.values())


def varied_data(pair: Pair, *, stem: str = "pair") -> dict[str, bytes]:
    """Return both data sets as files, X and y of each, by name, for whoever wants to fit them.

    An array is a file of numpy if all its entries are float64, and else a packed array. These files belong to no
    certificate, which has the columns that differ in itself.

    >>> from sci_barriers.certificates.data_pair import varied_data
    >>> from sci_barriers.problems.determined.pairs import distant_pair
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> solution = minimise(PenalisedLeastSquares.of([[1]], [2], penalties=[1]))
    >>> pair = distant_pair(solution, Precision(Radius.entrywise("0.05"), Radius.exactly()))
    >>> list(varied_data(pair))
    ['pair-1-X.npy', 'pair-1-y.npy', 'pair-2-X.npy', 'pair-2-y.npy']
    """
    found: dict[str, bytes] = {}
    for number, variation in ((1, pair.first), (2, pair.second)):
        problem = variation.problem
        found |= dict(
            [
                array_file(f"{stem}-{number}-X", problem.matrix),
                array_file(f"{stem}-{number}-y", problem.data, vector=True),
            ]
        )
    return found
