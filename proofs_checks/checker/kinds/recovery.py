"""Kinds recovery and best-recovery, and both conditional: what fits is near a point (docs/format.md, "Recovery")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Reader
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.core.statements import size_line
from proofs_checks.checker.kinds.null_space import prove
from proofs_checks.checker.parts.best_constants import decode_cuts
from proofs_checks.checker.parts.fits import check_dual, decode_fit, exists, limits_of
from proofs_checks.checker.parts.null_space_methods import Property, decode_constants
from proofs_checks.checker.parts.recovery_bound import Case, least

_CLAIM = ("bound", "compressibility", "data", "gamma", "levels", "matrix", "noise", "point", "rho")


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate of kind recovery; raises MalformedCertificate and Invalid."""
    return _proved("recovery", claim, evidence, ("dual", "null_space", "witness"))


def check_best(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate of kind best-recovery; raises MalformedCertificate and Invalid."""
    return _proved("best-recovery", claim, evidence, ("cuts", "dual", "null_space", "witness"))


def check_conditional(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate of kind conditional-recovery; raises MalformedCertificate and Invalid."""
    return _conditional("conditional-recovery", claim, evidence, ("dual", "witness"))


def check_conditional_best(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate of kind conditional-best-recovery; raises MalformedCertificate and Invalid."""
    return _conditional("conditional-best-recovery", claim, evidence, ("cuts", "dual", "witness"))


def _proved(kind: str, claim: dict[str, Any], evidence: dict[str, Any], keys: tuple[str, ...]) -> Statement:
    reader = Reader("0x0")
    case = _decode(claim, evidence, keys, reader)
    try:
        how = prove(case.wanted, evidence["null_space"], reader, "evidence.null_space")
    except Invalid as error:
        raise Invalid("null-space", str(error)) from None
    return Statement(kind, f"Every {_claim(case)}", (*_decide(case, "Null space property", proved=True), *how))


def _conditional(kind: str, claim: dict[str, Any], evidence: dict[str, Any], keys: tuple[str, ...]) -> Statement:
    case = _decode(claim, evidence, keys, Reader("0x0"))
    title = (
        "CONDITIONAL on what is NOT proved here: IF A has the null space property below, with "
        f"{words.bounded('rho', case.wanted.rho, up=False)} and "
        f"{words.bounded('gamma', case.wanted.gamma, up=False)} or smaller ones, THEN every {_claim(case)}"
    )
    return Statement(kind, title, _decide(case, "Condition, NOT proved here", proved=False))


def _claim(case: Case) -> str:
    return f"x with {limits_of(case.fit)} lies within {words.at_most(case.fit.bound)} of the point."


def _decode(claim: dict[str, Any], evidence: dict[str, Any], keys: tuple[str, ...], reader: Reader) -> Case:
    decode_object(claim, _CLAIM, "claim")
    decode_object(evidence, keys, "evidence")
    fit = decode_fit(claim, evidence, reader)
    wanted = Property(fit.matrix, fit.levels, *decode_constants(claim, "claim"))
    return Case(wanted, fit, decode_cuts(evidence["cuts"]) if "cuts" in keys else None)


def _decide(case: Case, condition: str, *, proved: bool) -> tuple[str, ...]:
    """Apply the rules, and say what they prove."""
    rho, gamma = (words.bounded(name, getattr(case.wanted, name), up=proved) for name in ("rho", "gamma"))
    fit, levels = case.fit, case.fit.levels
    check_dual(fit)
    there, found = exists(fit), least(case)
    square, enough = found.square, found.square <= fit.bound * fit.bound
    require(enough, "bound", lambda: f"what follows is only |p - x|^2 <= {words.at_most(square)}")
    shown = [words.at_most(part) for part in found.parts]
    return (
        f"sigma(x) is the weighted l1 distance of x to the vectors that are sparse in levels. {there}",
        size_line(fit.bound, fit.point, "the point"),
        f"A is the {fit.matrix.rows} x {fit.matrix.cols} matrix of the file, y its data. Point: "
        f"{words.entries(fit.point)}.",
        f"The gap of the point takes at most {shown[0]} of the bound, noise {shown[1]}, compressibility {shown[2]}.",
        f"Of the largest entries of the point in each level, {sum(levels.sparsities)} in all, {found.settled} are "
        "known to be where each such x has its largest.",
        levels.in_words(),
        f"{condition}: |x_D| <= rho |x_Dc|_w / sqrt(xi) + gamma |Ax| for each x and each support D of these "
        f"sparsities, with {rho} and {gamma}.",
    )
