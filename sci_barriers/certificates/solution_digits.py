"""Certificates of kind `solution-digits`: how far coefficients are from the minimisers of somebody's own problem."""

from __future__ import annotations

from exact_base.matrices import ExactMatrix
from proofs_checks.certificate.reading import SUFFIX
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.certificates.penalised import Files, array_file, encode_problem, encode_sparse, with_matrix
from sci_barriers.problems.penalised.face import Nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares

__all__ = ["array_file", "solution_digits_certificate", "solution_digits_files"]


def solution_digits_certificate(
    problem: PenalisedLeastSquares,
    coefficients: ExactMatrix,
    nearest: Nearest,
    *,
    files: Files | None = None,
    provenance: dict[str, str] | None = None,
) -> bytes:
    """Write how far coefficients are from the minimisers of a problem.

    Args:
        problem: the problem.
        coefficients: c, in the units of x, shape (N, 1).
        nearest: the only minimiser, or the nearest one, with what proves it.
        files: for names of fields of the problem (`matrix`, `data`, `observation_weights`, ...), and for
            `coefficients`, the name and the bytes of a file that holds the array and will lie beside the certificate:
            one of numpy, such as the user's own, or one of `array_file`.
        provenance: what is said of the making.

    Raises:
        UsageError: if a file has an unfit name, or belongs to no field.
        DataError: if a file does not hold the array of its field.
        SciBarriersError: if a number or an array exceeds the caps of the format.

    >>> from exact_base.matrices import exact_column
    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers.problems.penalised.face import nearest
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> from sci_barriers.certificates.solution_digits import solution_digits_certificate
    >>> problem = PenalisedLeastSquares.of([[1]], [2], penalties=[1])
    >>> answer = exact_column([1.5001])
    >>> verify_bytes(solution_digits_certificate(problem, answer, nearest(minimise(problem), answer))).verdict
    'valid'
    """
    problem_fields, vectors = encode_problem(problem, files, coefficients=coefficients)
    claim = {
        "coefficients": vectors["coefficients"],
        "minimiser": encode_sparse(nearest.point),
        "problem": problem_fields,
        "unique": nearest.unique,
    }
    evidence = {
        "multiplier": None if nearest.multiplier is None else encode_sparse(nearest.multiplier),
        "other": None if nearest.other is None else encode_sparse(nearest.other),
        "rows": None if nearest.rows is None else [encode_integer(i) for i in nearest.rows],
    }
    return build("solution-digits", claim=claim, evidence=evidence, provenance=provenance or {})


def solution_digits_files(
    problem: PenalisedLeastSquares,
    coefficients: ExactMatrix,
    nearest: Nearest,
    *,
    stem: str = "solution",
    files: Files | None = None,
    provenance: dict[str, str] | None = None,
) -> dict[str, bytes]:
    """Return the certificate and the files beside it, by name; a matrix of more than 65,536 entries is in one of them.

    Raises as `solution_digits_certificate` does.

    >>> from exact_base.matrices import exact_column
    >>> from sci_barriers.problems.penalised.face import nearest
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> from sci_barriers.certificates.solution_digits import solution_digits_files
    >>> problem = PenalisedLeastSquares.of([[1]], [2], penalties=[1])
    >>> answer = exact_column([1.5001])
    >>> list(solution_digits_files(problem, answer, nearest(minimise(problem), answer)))
    ['solution.cert.json']
    """
    beside = with_matrix(problem, files, stem)
    content = solution_digits_certificate(problem, coefficients, nearest, files=beside, provenance=provenance)
    return {f"{stem}{SUFFIX}": content} | dict(beside.values())
