"""Kind null-space-refuted: no null space property, by a vector of the kernel (docs/format.md)."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from proofs_checks.certificate.reading import decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Gaussian, Ratio, Reader, Real, Vector, abs2, ceiling, sign
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.parts.levels import Levels, decode_levels
from proofs_checks.checker.parts.lines import BITS, upper_root


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("levels", "matrix", "root"), "claim")
    decode_object(evidence, ("vector",), "evidence")
    reader = Reader(claim["root"])
    matrix = reader.matrix(claim["matrix"], "claim.matrix")
    levels = decode_levels(claim["levels"], matrix.cols)
    vector = reader.vector(evidence["vector"], "evidence.vector", matrix.cols)
    reader.finish()

    require(any(vector.items), "kernel", lambda: "the vector is 0")
    image = matrix.times(vector)
    require(not any(image.items), "kernel", lambda: f"A x is not 0: {words.entries(image)}")
    support = _support(levels, vector)
    kept = Vector([vector.items[j] for j in support], vector.den).norm2()
    rest = _rest(levels, vector, set(support))
    left, right = levels.xi * kept, rest * rest
    require(
        right <= left,
        "support",
        lambda: f"x is spread too evenly: xi |x_D|^2 = {words.ratio(left)}, |x_Dc|_w^2 <= {words.ratio(right)}",
    )

    columns = ", ".join(str(j + 1) for j in support[:12]) + (", ..." if len(support) > 12 else "")
    lines = (
        f"A is the {matrix.rows} x {matrix.cols} matrix of the file.",
        levels.in_words(),
        f"Ax = 0 for x: {words.entries(vector)}.",
        f"With D the columns {columns}: xi |x_D|^2 >= |x_Dc|_w^2, where the left side is at least "
        f"{words.at_least(left)} and the right side at most {words.at_most(right)}.",
        "So |x_D| <= rho |x_Dc|_w / sqrt(xi) + gamma |Ax| fails for every rho < 1 and every gamma.",
    )
    return Statement("null-space-refuted", "The matrix does not have the null space property in these levels.", lines)


def _support(levels: Levels, vector: Vector) -> list[int]:
    """Return the columns of the s_l entries of largest modulus in each level l."""
    squares = [abs2(x) for x in vector.items]

    def compare(i: int, j: int) -> int:
        return sign(squares[j] + -squares[i])

    support: list[int] = []
    for start, end, sparsity in zip(levels.starts, levels.ends, levels.sparsities, strict=True):
        support += sorted(sorted(range(start, end), key=cmp_to_key(compare))[:sparsity])
    return support


def _rest(levels: Levels, vector: Vector, support: set[int]) -> Ratio:
    """Return an upper bound of |x_Dc|_w, with one sum for each denominator that occurs."""
    sums: dict[int, Real] = {}
    for start, end, weight in zip(levels.starts, levels.ends, levels.weights, strict=True):
        for j in range(start, end):
            if j not in support and vector.items[j]:
                modulus = _modulus(vector, j)
                sums[modulus.den] = sums.get(modulus.den, 0) + modulus.num * weight
    return sum((Ratio(num, den * levels.den) for den, num in sums.items()), start=Ratio(0, 1))


def _modulus(vector: Vector, j: int) -> Ratio:
    x = vector.items[j]
    if not isinstance(x, Gaussian):
        return Ratio(x * sign(x), vector.den)
    square, den = abs2(x), vector.den**2
    if isinstance(square, int):
        return upper_root(square, den)
    return upper_root(ceiling(square * 4**BITS, den), 4**BITS)
