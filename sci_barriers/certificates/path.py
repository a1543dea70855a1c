"""Certificates of kind `path`: minimisers for all levels of the penalty, on somebody's own problem."""

from __future__ import annotations

from exact_base.encoding import encode_fraction
from proofs_checks.certificate.reading import SUFFIX
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.certificates.penalised import Files, encode_problem, encode_sparse, with_matrix
from sci_barriers.problems.penalised.path import Path

__all__ = ["path_certificate", "path_files"]


def path_certificate(
    path: Path,
    *,
    files: Files | None = None,
    provenance: dict[str, str] | None = None,
) -> bytes:
    """Write that a path consists of minimisers, and where there are no others.

    Args:
        path: the path.
        files: files that lie beside the certificate, as for `solution_digits_certificate`.
        provenance: what is said of the making.

    Raises:
        UsageError: if a file has an unfit name, or belongs to no field.
        DataError: if a file does not hold the array of its field.
        SciBarriersError: if a number or an array exceeds the caps of the format.

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers.certificates.path import path_certificate
    >>> from sci_barriers.problems.penalised.path import certified_path
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> path = certified_path(PenalisedLeastSquares.of([[1, 1], [0, 1]], [2, 1], penalties=[1, 1]))
    >>> verify_bytes(path_certificate(path)).verdict
    'valid'
    """
    claim = {
        "breakpoints": [encode_fraction(level) for level in path.breakpoints],
        "points": [encode_sparse(point) for point in path.points],
        "problem": encode_problem(path.problem, files)[0],
        "unique": list(path.unique),
    }
    minors = [None if rows is None else [encode_integer(i) for i in rows] for rows in path.minors]
    return build("path", claim=claim, evidence={"minors": minors}, provenance=provenance or {})


def path_files(
    path: Path,
    *,
    stem: str = "path",
    files: Files | None = None,
    provenance: dict[str, str] | None = None,
) -> dict[str, bytes]:
    """Return the certificate and the files beside it, by name; a matrix of more than 65,536 entries is in one of them.

    Raises as `path_certificate` does.

    >>> from sci_barriers.certificates.path import path_files
    >>> from sci_barriers.problems.penalised.path import certified_path
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> path = certified_path(PenalisedLeastSquares.of([[1, 1], [0, 1]], [2, 1], penalties=[1, 1]))
    >>> list(path_files(path))
    ['path.cert.json']
    """
    beside = with_matrix(path.problem, files, stem)
    return {f"{stem}{SUFFIX}": path_certificate(path, files=beside, provenance=provenance)} | dict(beside.values())
