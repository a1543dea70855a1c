"""Certificates of kind `breakdown`, of the class and of a family."""

from __future__ import annotations

from typing import Any

from exact_base.encoding import common_root, encode_array, encode_fraction
from exact_base.errors import FieldError
from exact_base.scalars import exact_array
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers.breakdown.epsilon import BreakdownEpsilon
from sci_barriers.breakdown.family import FamilyBound
from sci_barriers.certificates.problems import encode_dual, encode_problem
from sci_barriers.omega.codec import encode_class
from sci_barriers.problems import Problem

__all__ = ["breakdown_certificate", "family_certificate"]


def breakdown_certificate(epsilon: BreakdownEpsilon, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `breakdown`, form class (docs/format.md).

    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers import OmegaClass, breakdown_certificate, breakdown_epsilon
    >>> found = breakdown_epsilon(OmegaClass.create("lasso", digits=6, rows=2, columns=3))
    >>> verify_bytes(breakdown_certificate(found)).verdict
    'valid'
    """
    claim = {"class": encode_class(epsilon.omega), "form": "class", "square": encode_fraction(epsilon.square)}
    return build("breakdown", claim=claim, evidence={}, provenance=provenance or {})


def family_certificate(bound: FamilyBound, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `breakdown`, form family (docs/format.md).

    Raises:
        FieldError: if the numbers do not lie in one field Q(√s).
        SciBarriersError: if a size or a number exceeds the caps of the format.
    """
    arrays = [
        array
        for minimiser in (*bound.minimisers, bound.datum)
        for array in (minimiser.problem.matrix, minimiser.problem.data, minimiser.point, minimiser.dual)
        if array is not None
    ]
    arrays += [multiplier for multiplier in bound.multipliers if multiplier is not None]
    if bound.limit is not None:
        arrays += [bound.limit.matrix, bound.limit.data]
    try:
        root = common_root(*arrays)
    except FieldError as error:
        raise FieldError(
            f"the instances, their minimisers and the limit do not lie in one field Q(√s): {error}; "
            "leave out the limit, or choose instances that do"
        ) from None
    claim = {
        "form": "family",
        "instances": [_encode_input(minimiser.problem, root) for minimiser in bound.minimisers],
        "limit": None if bound.limit is None else _encode_input(bound.limit, root),
        "point": encode_array(bound.point, 0),
        "precision": encode_integer(bound.precision),
        "problem": encode_problem(bound.datum.problem, 0),
        "root": encode_integer(root),
        "square": encode_fraction(bound.square),
    }
    evidence = {
        "dual": encode_dual(bound.datum.dual, root),
        "minimiser": encode_array(bound.datum.point, root),
        "minimisers": [
            {
                "dual": encode_dual(minimiser.dual, root),
                "multiplier": encode_dual(multiplier, root),
                "point": encode_array(minimiser.point, root),
            }
            for minimiser, multiplier in zip(bound.minimisers, bound.multipliers, strict=True)
        ],
        "weights": encode_array(exact_array(list(bound.weights)), 0),
    }
    return build("breakdown", claim=claim, evidence=evidence, provenance=provenance or {})


def _encode_input(problem: Problem, root: int) -> dict[str, Any]:
    return {"data": encode_array(problem.data, root), "matrix": encode_array(problem.matrix, root)}
