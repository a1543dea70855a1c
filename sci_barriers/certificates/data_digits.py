"""Certificates of kind `data-digits`: what data that are known up to a precision determine of the minimisers."""

from __future__ import annotations

from typing import TypeAlias

from exact_base.encoding import encode_fraction
from exact_base.matrices import ExactMatrix
from proofs_checks.certificate.reading import SUFFIX
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.certificates.penalised import (
    Files,
    encode_complex_problem,
    encode_problem,
    encode_sparse,
    with_matrix,
)
from sci_barriers.certificates.precision import encode_precision, with_radii, without_radii
from sci_barriers.problems.determined.complex_point import ComplexDetermined
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.determined.determining import Determined
from sci_barriers.problems.determined.fits import FitDetermined
from sci_barriers.problems.determined.unsquared import UnsquaredDetermined

__all__ = ["AnyDetermined", "data_digits_certificate", "data_digits_files"]

AnyDetermined: TypeAlias = Determined | ComplexDetermined | UnsquaredDetermined | FitDetermined
"""What a certificate of this kind is written of."""


def data_digits_certificate(
    determined: AnyDetermined,
    coefficients: ExactMatrix | None = None,
    *,
    files: Files | None = None,
    provenance: dict[str, str] | None = None,
) -> bytes:
    """Write how far the minimisers of all data within a precision are from a point, and from some coefficients.

    Args:
        determined: what is proved; its outcomes are not written, only their scales.
        coefficients: c, in the units of x, shape (N, 1), complex where data are: its distance from the minimisers is
            bounded too. Or None.
        files: files that lie beside the certificate, as for `solution_digits_certificate`; `matrix_radii` and
            `data_radii` may be among their names.
        provenance: what is said of the making.

    Raises:
        UsageError: if a file has an unfit name, or belongs to no field.
        DataError: if a file does not hold the array of its field.
        SciBarriersError: if a number or an array exceeds the caps of the format.

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers.certificates.data_digits import data_digits_certificate
    >>> from sci_barriers.problems.determined.determining import determine
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/8"], penalties=[1, 1])
    >>> found = determine(minimise(problem), Precision(Radius.exactly(), Radius.entrywise("1/16")))
    >>> verify_bytes(data_digits_certificate(found)).verdict
    'valid'
    """
    vectors = {} if coefficients is None else {"coefficients": coefficients}
    others = without_radii(files)
    given = determined.problem
    pairs = isinstance(given, ComplexLeastSquares)
    if isinstance(given, ComplexLeastSquares):
        problem, written = encode_complex_problem(given, others, **vectors)
    else:
        problem, written = encode_problem(given, others, **vectors)
    unsquared = determined if isinstance(determined, UnsquaredDetermined) else None
    noise = unsquared.noise if unsquared else None
    claim = {
        "coefficients": written.get("coefficients"),
        "noise": None if noise is None else encode_fraction(noise),
        "objective": unsquared.objective if unsquared else "lasso",
        "precision": encode_precision(determined.precision, files),
        "problem": problem,
        "scales": [encode_fraction(found.scale) for found in determined.outcomes],
    }
    evidence = {
        "allowed": [encode_integer(j) for j in determined.allowed],
        "point": encode_sparse(determined.point, pairs=pairs),
        "sigma": None if isinstance(determined, FitDetermined) else encode_fraction(determined.sigma),
    }
    return build("data-digits", claim=claim, evidence=evidence, provenance=provenance or {})


def data_digits_files(
    determined: AnyDetermined,
    coefficients: ExactMatrix | None = None,
    *,
    stem: str = "data",
    files: Files | None = None,
    provenance: dict[str, str] | None = None,
) -> dict[str, bytes]:
    """Return the certificate and the files beside it, by name; X, and radii, of more than 65,536 entries are in some.

    Raises as `data_digits_certificate` does.

    >>> from sci_barriers.certificates.data_digits import data_digits_files
    >>> from sci_barriers.problems.determined.determining import determine
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> from sci_barriers.problems.penalised.solving import minimise
    >>> problem = PenalisedLeastSquares.of([[1]], [2], penalties=[1])
    >>> list(data_digits_files(determine(minimise(problem), Precision(Radius.exactly(), Radius.spectral("1/16")))))
    ['data.cert.json']
    """
    beside = with_radii(determined.precision, with_matrix(determined.problem, files, stem), stem)
    content = data_digits_certificate(determined, coefficients, files=beside, provenance=provenance)
    return {f"{stem}{SUFFIX}": content} | dict(beside.values())
