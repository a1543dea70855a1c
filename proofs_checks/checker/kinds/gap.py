"""Kind gap: a point is within a gap of the minimum, by weak duality (docs/format.md, "kind gap")."""

from __future__ import annotations

import math
from typing import Any

from proofs_checks.certificate.reading import MalformedCertificate, decode_object, decode_rational, quote
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import (
    Gaussian,
    Ratio,
    Reader,
    Real,
    Vector,
    abs2,
    ceiling,
    real_inner,
    sign,
)
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.core.statements import problem_lines
from proofs_checks.checker.parts.problems import Problem, decode_problem


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("gap", "point", "problem", "root"), "claim")
    decode_object(evidence, ("dual",), "evidence")
    reader = Reader(claim["root"])
    problem = decode_problem(claim["problem"], reader)
    gap = decode_rational(claim["gap"], "claim.gap")
    if gap[0] < 0:
        raise MalformedCertificate(f"claim.gap must be at least 0, not {quote(claim['gap'][0])}")
    point = reader.vector(claim["point"], "claim.point", problem.matrix.cols)
    dual = reader.vector(evidence["dual"], "evidence.dual", problem.matrix.rows)
    reader.finish()

    norm2, one = dual.norm2(), Ratio(1, 1)
    problem.active(problem.matrix.adjoint_times(dual), problem.scale, "dual")
    bounded = problem.name != "sqrt-lasso" or norm2 <= one
    require(bounded, "dual", lambda: f"|u|^2 = {words.ratio(norm2)} must be at most 1")

    p = Ratio(*problem.parameter)
    distance2 = problem.data.minus(problem.matrix.times(point)).norm2()
    bits = 64 + gap[1].bit_length()
    length = _weighted_length(problem, point, bits)
    if problem.name == "bpdn":
        require(distance2 <= p * p, "feasible", lambda: f"|Ax - y|^2 = {words.ratio(distance2)} exceeds p^2")
        excess = length + p * _root_above(norm2, bits)
    elif problem.name == "lasso":
        excess = p * length + distance2 + Ratio(norm2.num, 4 * norm2.den)
    else:
        excess = p * length + _root_above(distance2, bits)
    difference = excess + -real_inner(problem.data, dual)
    require(difference <= Ratio(*gap), "gap", lambda: f"primal - dual is {words.ratio(difference)}, more than the gap")

    above = f"at most {words.at_most(Ratio(*gap))} above the minimum"
    lines = (
        *problem_lines(problem),
        f"x: {words.entries(point)}.",
        f"x is feasible, and its objective is {above}.",
    )
    return Statement("gap", f"The objective at x is {above}.", lines)


def _root_above(square: Ratio, bits: int) -> Ratio:
    """Return an upper bound of a square root, the root itself where it is a rational's."""
    if isinstance(square.num, int):
        root = math.isqrt(square.num * square.den)
        if root * root == square.num * square.den:
            return Ratio(root, square.den)
    scaled = ceiling(square.num * 4**bits, square.den)
    return Ratio(math.isqrt(scaled - 1) + 1, 1 << bits)


def _weighted_length(problem: Problem, point: Vector, bits: int) -> Ratio:
    """Return an upper bound of |x|_w, with one sum for each denominator that occurs."""
    sums: dict[int, Real] = {}
    for weight, x in zip(problem.weights, point.items, strict=True):
        if isinstance(x, Gaussian):
            modulus = _root_above(Ratio(abs2(x), point.den**2), bits)
        else:
            modulus = Ratio(x * sign(x), point.den)
        sums[modulus.den] = sums.get(modulus.den, 0) + modulus.num * weight
    return sum((Ratio(num, den * problem.weights_den) for den, num in sums.items()), start=Ratio(0, 1))
