"""Kinds recovery and conditional-recovery: all that fits the data is near a point (docs/format.md, "Recovery")."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from proofs_checks.certificate import MalformedCertificate, decode_object, decode_rational, quote
from proofs_checks.checker import words
from proofs_checks.checker.kinds.gap import real_inner
from proofs_checks.checker.kinds.levels import Levels, decode_levels
from proofs_checks.checker.kinds.lines import BITS, reciprocal, root_above, upper_root
from proofs_checks.checker.kinds.null_space import decode_constants, prove
from proofs_checks.checker.kinds.null_space_methods import ONE, Property
from proofs_checks.checker.numbers import Ratio, Reader, Vector, abs2, ceiling, sign
from proofs_checks.checker.rules import Invalid, Statement, require

_CLAIM = ("bound", "compressibility", "data", "gamma", "levels", "matrix", "noise", "point", "rho")
_ZERO = Ratio(0, 1)


@dataclass(frozen=True)
class _Case:
    """What is claimed, and what is offered for it apart from the null space property."""

    wanted: Property
    data: Vector
    point: Vector
    sigma: Ratio
    noise: Ratio
    bound: Ratio
    dual: Vector
    witness: Vector | None


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate of kind recovery; raises MalformedCertificate and Invalid."""
    reader = Reader("0x0")
    case = _decode(claim, evidence, ("dual", "null_space", "witness"), reader)
    try:
        how = prove(case.wanted, evidence["null_space"], reader, "evidence.null_space")
    except Invalid as error:
        raise Invalid("null-space", str(error)) from None
    return Statement("recovery", f"Every {_claim(case)}", (*_decide(case, "Null space property", words.at_most), *how))


def check_conditional(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate of kind conditional-recovery; raises MalformedCertificate and Invalid."""
    case = _decode(claim, evidence, ("dual", "witness"), Reader("0x0"))
    title = (
        "CONDITIONAL on what is NOT proved here: IF A has the null space property below, with "
        f"rho = {words.ratio(case.wanted.rho)} and gamma = {words.ratio(case.wanted.gamma)} or smaller ones, THEN "
        f"every {_claim(case)}"
    )
    return Statement("conditional-recovery", title, _decide(case, "Condition, NOT proved here", words.ratio))


def _claim(case: _Case) -> str:
    limits = f"sigma(x) <= {words.ratio(case.sigma)} and |Ax - y| <= {words.ratio(case.noise)}"
    return f"x with {limits} lies within {words.at_most(case.bound)} of the point."


def _decode(claim: dict[str, Any], evidence: dict[str, Any], keys: tuple[str, ...], reader: Reader) -> _Case:
    decode_object(claim, _CLAIM, "claim")
    decode_object(evidence, keys, "evidence")
    matrix = reader.matrix(claim["matrix"], "claim.matrix", rational=True)
    wanted = Property(matrix, decode_levels(claim["levels"], matrix.cols), *decode_constants(claim, "claim"))
    data = reader.vector(claim["data"], "claim.data", matrix.rows, rational=True)
    point = reader.vector(claim["point"], "claim.point", matrix.cols, rational=True)
    sigma, noise, bound = (_at_least_zero(claim, key) for key in ("compressibility", "noise", "bound"))
    dual, witness = reader.vector(evidence["dual"], "evidence.dual", matrix.rows, rational=True), None
    if evidence["witness"] is not None:
        witness = reader.vector(evidence["witness"], "evidence.witness", matrix.cols, rational=True)
    return _Case(wanted, data, point, sigma, noise, bound, dual, witness)


def _at_least_zero(claim: dict[str, Any], key: str) -> Ratio:
    num, den = decode_rational(claim[key], f"claim.{key}")
    if num < 0:
        raise MalformedCertificate(f"claim.{key} must be at least 0, not {quote(claim[key][0])}")
    return Ratio(num, den)


def _decide(case: _Case, condition: str, number: Callable[[Ratio], str]) -> tuple[str, ...]:
    """Apply the rules, and say what they prove; `number` writes the constants of the null space property."""
    matrix, levels, point = case.wanted.matrix, case.wanted.levels, case.point
    near, far = factors(case.wanted)
    products = matrix.adjoint_times(case.dual)
    for start, end, weight in zip(levels.starts, levels.ends, levels.weights, strict=True):
        for j in range(start, end):
            slack = sign((weight * products.den) ** 2 + -(levels.den**2 * abs2(products.items[j])))
            require(slack >= 0, "dual", lambda j=j: f"|A*v| exceeds the weight of column {j + 1}")  # type: ignore[misc]
    there = _exists(case)
    gap = near * (_length(levels, point, [0] * len(levels.ends)) + -real_inner(case.data, case.dual))
    gap = gap + far * root_above(case.data.minus(matrix.times(point)).norm2())
    noise = (near * root_above(case.dual.norm2()) + far) * case.noise
    sparse = near * (case.sigma + case.sigma)
    total = gap + noise + sparse
    require(total >= _ZERO, "empty", lambda: "the dual vector proves that there is no such x")
    require(total <= case.bound, "bound", lambda: f"what follows is a bound of {words.ratio(total)}")
    shown = [words.decimal(cast(int, part.num), part.den, up=True) for part in (gap, noise, sparse)]
    return (
        f"sigma(x) is the weighted l1 distance of x to the vectors that are sparse in levels. {there}",
        f"A is the {matrix.rows} x {matrix.cols} matrix of the file, and y its data. Point: {words.entries(point)}.",
        f"The gap of the point takes at most {shown[0]} of the bound, noise {shown[1]}, compressibility {shown[2]}.",
        levels.in_words(),
        f"{condition}: |x_D| <= rho |x_Dc|_w / sqrt(xi) + gamma |Ax| for each x and each support D of these "
        f"sparsities, with rho = {number(case.wanted.rho)} and gamma = {number(case.wanted.gamma)}.",
    )


def factors(wanted: Property) -> tuple[Ratio, Ratio]:
    """Return C1/r and C2, of the rounded constants of docs/format.md."""
    levels = wanted.levels
    r = upper_root(cast(int, levels.xi.num), levels.xi.den)
    zeta = Ratio(min(s * w * w for s, w in zip(levels.sparsities, levels.weights, strict=True)), levels.den**2)
    kappa = r * r * reciprocal(zeta)
    q = Ratio(math.isqrt(math.isqrt(ceiling(kappa.num * 16**BITS, kappa.den) - 1)) + 1, 1 << BITS)
    rho, half = wanted.rho * r * r * reciprocal(levels.xi), q * Ratio(1, 2)
    above, left = ONE + rho, ONE + -rho
    require(not left <= _ZERO, "rho", lambda: f"rho r^2 / xi = {words.ratio(rho)} must be less than 1")
    near = (rho + above * half) * above * reciprocal(left * r)
    return near, (above + (ONE + ONE + above) * half) * wanted.gamma * reciprocal(left)


def _exists(case: _Case) -> str:
    """Check the witness, if there is one, and say what it shows."""
    if case.witness is None:
        return "Whether there is such an x is not shown."
    square = case.data.minus(case.wanted.matrix.times(case.witness)).norm2()
    require(square <= case.noise * case.noise, "witness", lambda: f"|Az - y|^2 = {words.ratio(square)} is too large")
    rest = _length(case.wanted.levels, case.witness, case.wanted.levels.sparsities)
    require(rest <= case.sigma, "witness", lambda: f"sigma(z) is not known to be less than {words.ratio(rest)}")
    return "There is such an x, the witness of the file."


def _length(levels: Levels, x: Vector, without: list[int] | tuple[int, ...]) -> Ratio:
    """Return an upper bound of |x|_w without so many of the largest entries of each level."""
    moduli = [cast(int, upper_root(cast(int, abs2(z)), x.den**2).num) for z in x.items]
    spread, total = zip(levels.starts, levels.ends, levels.weights, without, strict=True), 0
    for start, end, weight, few in spread:
        total += weight * sum(sorted(moduli[start:end])[: end - start - few])
    return Ratio(total, levels.den * x.den**2 << BITS)
