"""Kinds recovery and best-recovery, and both conditional: what fits is near a point (docs/format.md, "Recovery")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import MalformedCertificate, decode_object, decode_rational, quote
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio, Reader, abs2, sign
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.core.statements import size_line
from proofs_checks.checker.kinds.null_space import prove
from proofs_checks.checker.parts.best_constants import decode_cuts
from proofs_checks.checker.parts.levels import decode_levels
from proofs_checks.checker.parts.null_space_methods import Property, decode_constants
from proofs_checks.checker.parts.recovery_bound import Case, least, length

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
    limits = f"sigma(x) <= {words.at_least(case.sigma)} and |Ax - y| <= {words.at_least(case.noise)}"
    return f"x with {limits} lies within {words.at_most(case.bound)} of the point."


def _decode(claim: dict[str, Any], evidence: dict[str, Any], keys: tuple[str, ...], reader: Reader) -> Case:
    decode_object(claim, _CLAIM, "claim")
    decode_object(evidence, keys, "evidence")
    matrix = reader.matrix(claim["matrix"], "claim.matrix", rational=True)
    wanted = Property(matrix, decode_levels(claim["levels"], matrix.cols), *decode_constants(claim, "claim"))
    data = reader.vector(claim["data"], "claim.data", matrix.rows, rational=True)
    point = reader.vector(claim["point"], "claim.point", matrix.cols, rational=True)
    sigma, noise, bound = (_at_least_zero(claim, key) for key in ("compressibility", "noise", "bound"))
    sizes = {"dual": matrix.rows, "witness": matrix.cols}
    dual, witness = (
        None if evidence[key] is None else reader.vector(evidence[key], f"evidence.{key}", size, rational=True)
        for key, size in sizes.items()
    )
    cuts = decode_cuts(evidence["cuts"]) if "cuts" in keys else None
    return Case(wanted, data, point, sigma, noise, bound, dual, witness, cuts)


def _at_least_zero(claim: dict[str, Any], key: str) -> Ratio:
    num, den = decode_rational(claim[key], f"claim.{key}")
    if num < 0:
        raise MalformedCertificate(f"claim.{key} must be at least 0, not {quote(claim[key][0])}")
    return Ratio(num, den)


def _decide(case: Case, condition: str, *, proved: bool) -> tuple[str, ...]:
    """Apply the rules, and say what they prove."""
    rho, gamma = (words.bounded(name, getattr(case.wanted, name), up=proved) for name in ("rho", "gamma"))
    matrix, levels = case.wanted.matrix, case.wanted.levels
    if case.dual is not None:
        products = matrix.adjoint_times(case.dual)
        for start, end, weight in zip(levels.starts, levels.ends, levels.weights, strict=True):
            for j in range(start, end):
                slack = sign((weight * products.den) ** 2 + -(levels.den**2 * abs2(products.items[j])))
                require(slack >= 0, "dual", lambda j=j: f"|A*v| exceeds the weight of column {j + 1}")  # type: ignore[misc]
    there, found = _exists(case), least(case)
    square, enough = found.square, found.square <= case.bound * case.bound
    require(enough, "bound", lambda: f"what follows is only |p - x|^2 <= {words.at_most(square)}")
    shown = [words.at_most(part) for part in found.parts]
    return (
        f"sigma(x) is the weighted l1 distance of x to the vectors that are sparse in levels. {there}",
        size_line(case.bound, case.point, "the point"),
        f"A is the {matrix.rows} x {matrix.cols} matrix of the file, y its data. Point: {words.entries(case.point)}.",
        f"The gap of the point takes at most {shown[0]} of the bound, noise {shown[1]}, compressibility {shown[2]}.",
        f"Of the largest entries of the point in each level, {sum(levels.sparsities)} in all, {found.settled} are "
        "known to be where each such x has its largest.",
        levels.in_words(),
        f"{condition}: |x_D| <= rho |x_Dc|_w / sqrt(xi) + gamma |Ax| for each x and each support D of these "
        f"sparsities, with {rho} and {gamma}.",
    )


def _exists(case: Case) -> str:
    """Check the witness, if there is one, and say what it shows."""
    if case.witness is None:
        return "Whether there is such an x is not shown."
    square = case.data.minus(case.wanted.matrix.times(case.witness)).norm2()
    require(square <= case.noise * case.noise, "witness", lambda: f"|Az - y|^2 = {words.ratio(square)} is too large")
    rest = length(case.wanted.levels, case.witness, case.wanted.levels.sparsities)
    require(rest <= case.sigma, "witness", lambda: f"sigma(z) is not known to be less than {words.ratio(rest)}")
    limits = (case.sigma, case.noise)
    sigma, noise = map(words.at_most, limits)
    if [sigma, noise] == [*map(words.at_least, limits)]:
        return "There is such an x, the witness of the file."
    return (
        "There is an x within the limits of the file, which the title rounds down: the witness of the file, with "
        f"sigma(x) <= {sigma} and |Ax - y| <= {noise}."
    )
