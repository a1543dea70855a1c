"""The square-root LASSO and basis pursuit denoising, through the exact solver of small problems and `audit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import ctx, fmpq

from exact_base.decimals import root_below
from exact_base.errors import DataError, NotCertifiedError, SolverError, UsageError
from exact_base.rationals import power_of_ten
from exact_base.scalars import ExactArray, norm2
from proofs_checks.certificate.reading import SUFFIX
from sci_barriers.audit.claims import Audit, audit
from sci_barriers.audit.instances import SetInstance
from sci_barriers.audit.numbers import narrowed
from sci_barriers.certificates.claim_audit import audit_certificate
from sci_barriers.certificates.minimiser import minimiser_certificate
from sci_barriers.certificates.provenance import producer
from sci_barriers.checks.findings import Found, Uniqueness
from sci_barriers.checks.questions import column_names
from sci_barriers.problems import Minimiser, problem_type
from sci_barriers.problems.solve import InfeasibleError, solve_exactly

__all__ = ["OBJECTIVES", "other_found"]

OBJECTIVES: Mapping[str, tuple[str, str]] = {
    "sqrt-lasso": ("lam ‖x‖₁ + ‖r‖", "lam"),
    "bpdn": ("‖x‖₁ subject to ‖r‖ <= epsilon", "epsilon"),
}
"""What is minimised, and what the parameter is called, by the name of the problem."""

_POINT = "coefficients"


def other_found(
    problem: str,
    matrix: ExactArray,
    data: ExactArray,
    parameter: fmpq,
    *,
    coefficients: ExactArray | None,
    digits: int,
    weights: ExactArray | None = None,
    names: Sequence[str] | None = None,
    subject: str = "",
) -> Found:
    """Return what is found of coefficients for `sqrt-lasso` or `bpdn`, exactly.

    Args:
        problem: the name.
        matrix: A, m x N, real and rational.
        data: y, length m.
        parameter: λ or ε.
        coefficients: length N, or None where only the minimiser is asked for.
        digits: K.
        weights: w, length N, all positive.
        names: of the columns, if they have any.
        subject: whose coefficients these are.

    Raises:
        UsageError: if no vector is feasible.
        DataError: for data that do not fit.
        NotCertifiedError: if the solver finds no minimiser.

    >>> from flint import fmpq
    >>> from exact_base.scalars import exact_array, exact_vector
    >>> from sci_barriers.checks.others import other_found
    >>> A, y = exact_array([[1, 0], [0, 1]]), exact_vector([2, 0], length=2)
    >>> found = other_found("bpdn", A, y, fmpq(1), coefficients=exact_vector(["1.001", 0], length=2), digits=4)
    >>> found.verdict, found.reached
    ('inaccurate', 3)
    """
    words, symbol = OBJECTIVES[problem]
    if parameter <= 0:
        raise UsageError(f"--{symbol} must be positive, got {parameter}")
    if len(data) != matrix.shape[0]:
        raise DataError(f"X has {matrix.shape[0]} rows and y has {len(data)}; they must be as many")
    shown = column_names(names, matrix.shape[1])
    instance = problem_type(problem)(matrix, data, parameter=parameter, weights=weights)
    try:
        certified = solve_exactly(instance, guess=coefficients)
    except InfeasibleError as error:
        raise UsageError(f"{error}; no coefficients satisfy the constraint") from None
    except SolverError as error:
        raise NotCertifiedError(str(error)) from None
    with ctx.workprec(256):
        solved = SetInstance(certified)
        return _found(
            solved,
            coefficients,
            digits=digits,
            rows=matrix.shape[0],
            names=shown,
            subject=subject or ("the exact minimiser" if coefficients is None else "coefficients that were given"),
            objective=f"{words}, {symbol} = {parameter}" + (", weights" if weights is not None else ""),
        )


def _found(solved: SetInstance, z: ExactArray | None, *, digits: int, **said: Any) -> Found:
    certified, unique = solved.certified, _unique(solved)
    minimum = ("a minimiser of the objective, exactly", *(["that there is no other"] if unique == "yes" else []))
    if z is None:
        point = tuple(certified.point)
        made = {f"minimiser{SUFFIX}": certified}
        return Found(
            **said,
            digits=digits,
            point=point,
            given=None,
            unique=unique,
            proved=minimum,
            certify=lambda: _minimisers(made),
        )
    point = tuple(solved.nearest(z))
    residual2 = solved.residual2(z)
    inside = solved.problem != "bpdn" or bool(residual2 <= solved.parameter**2)
    infeasible = "" if inside else f"‖r‖ is at least {root_below(residual2)}"
    low, high = narrowed(lambda bits: solved.excess_bounds(z, bits)) if inside else (fmpq(0), fmpq(0))
    never = tuple(j for j, value in enumerate(z) if value != 0 and j not in certified.active)
    proved = (
        *minimum,
        "the distance of the coefficients from the nearest minimiser, absolute and relative",
        *(["how far the objective is above the minimum"] if inside else []),
    )
    return Found(
        **said,
        digits=digits,
        point=point,
        given=tuple(z),
        unique=unique,
        excess=(low, high) if inside else None,
        infeasible=infeasible,
        superfluous=tuple(j for j in range(len(z)) if z[j] != 0 and point[j] == 0) if unique == "yes" else never,
        missing=tuple(j for j in range(len(z)) if z[j] == 0 and point[j] != 0) if unique == "yes" else (),
        proved=proved,
        certify=lambda: _certified(solved, z, digits=digits, feasible=inside),
    )


def _unique(solved: SetInstance) -> Uniqueness:
    if solved.certified.certainly_unique:
        return "yes"
    return "open" if solved.solutions.another() is None else "no"


def _minimisers(made: Mapping[str, Minimiser]) -> dict[str, bytes]:
    return {
        name: minimiser_certificate(one, unique=one.certainly_unique, provenance=producer())
        for name, one in made.items()
    }


def _certified(solved: SetInstance, z: ExactArray, *, digits: int, feasible: bool) -> dict[str, bytes]:
    """Return the certificates: of the statements about the coefficients, and of the minimiser."""
    claims: list[dict[str, Any]] = [{"type": "distance", "point": _POINT}]
    if norm2(solved.nearest(z)) != 0:
        claims += [{"type": "relative", "point": _POINT, "high": str(power_of_ten(-digits))}]
    claims += [{"type": "excess", "point": _POINT}] if feasible else []
    subject = audit(Audit(_POINT, solved, {_POINT: z}, tuple(claims)))
    said = {f"{_POINT}{SUFFIX}": audit_certificate(subject, provenance=producer())}
    return said | _minimisers({f"minimiser{SUFFIX}": solved.certified})
