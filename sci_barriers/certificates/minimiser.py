"""Certificates of kind `minimiser`: a point minimises its problem."""

from __future__ import annotations

from exact_base.encoding import common_root, encode_array
from exact_base.errors import DataError
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.certificates.problems import encode_dual, encode_problem
from sci_barriers.problems import Minimiser

__all__ = ["minimiser_certificate"]


def minimiser_certificate(
    minimiser: Minimiser, *, unique: bool = False, provenance: dict[str, str] | None = None
) -> bytes:
    """Write a certificate that a point minimises its problem, or with `unique` that it alone does.

    Raises:
        DataError: with `unique`, if the independence criterion does not prove uniqueness.
        FieldError: if the numbers do not lie in one field Q(√s).

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers import Lasso, minimiser_certificate, solve_exactly
    >>> data = minimiser_certificate(solve_exactly(Lasso([[1]], [2], parameter="1/4")), unique=True)
    >>> verify_bytes(data).verdict
    'valid'
    """
    problem = minimiser.problem
    inverse = minimiser.left_inverse if unique else None
    if unique and inverse is None:
        raise DataError("the columns that would prove uniqueness are dependent; certify without unique=True")
    if inverse is not None and len(inverse) == 0:
        inverse = None
    arrays = [problem.matrix, problem.data, minimiser.point]
    root = common_root(*arrays, *(array for array in (minimiser.dual, inverse) if array is not None))
    return build(
        "minimiser",
        claim={
            "point": encode_array(minimiser.point, root),
            "problem": encode_problem(problem, root),
            "root": encode_integer(root),
            "unique": unique,
        },
        evidence={
            "dual": encode_dual(minimiser.dual, root),
            "left_inverse": None if inverse is None else encode_array(inverse, root),
        },
        provenance=provenance or {},
    )
