"""Kind operator-norm: a spectral norm between two bounds (docs/format.md, "kind operator-norm")."""

from __future__ import annotations

from typing import Any, cast

from proofs_checks.certificate.reading import MalformedCertificate, decode_object, decode_rational
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Ratio, Reader
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.parts.lines import product, rows


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("high", "low", "matrix"), "claim")
    decode_object(evidence, ("factor", "vector"), "evidence")
    reader = Reader("0x0")
    matrix = reader.matrix(claim["matrix"], "claim.matrix", rational=True)
    low = decode_rational(claim["low"], "claim.low")
    high = decode_rational(claim["high"], "claim.high", positive=True)
    if low[0] < 0:
        raise MalformedCertificate("claim.low must be at least 0")
    size = min(matrix.rows, matrix.cols)
    factor = reader.matrix(evidence["factor"], "evidence.factor", rows=size, rational=True)
    if factor.cols > size:
        raise MalformedCertificate(
            f"evidence.factor must have at most {words.counted(size, 'column')}, not {factor.cols}"
        )
    vector = reader.vector(evidence["vector"], "evidence.vector", matrix.cols, rational=True)

    length2, image2 = vector.norm2(), matrix.times(vector).norm2()
    require(any(vector.items), "low", lambda: "the vector is 0")
    square = Ratio(low[0] ** 2, low[1] ** 2)
    require(square * length2 <= image2, "low", lambda: f"|Av|^2 = {words.ratio(image2)} is less than low^2 |v|^2")
    check_high(matrix, Ratio(*high), factor, rule="high")

    width = Ratio(*high) + -Ratio(*low)
    lines = (
        f"A is the {matrix.rows} x {matrix.cols} matrix of the file.",
        f"{words.bounded_below('low', Ratio(*low))}, {words.bounded('high', Ratio(*high))}, "
        f"{words.bounded('high - low', width)}.",
        "Above: high^2 I - G - R R* is diagonally dominant, G = A A* or A* A. Below: a vector.",
    )
    return Statement("operator-norm", "The spectral norm of the matrix lies between low and high.", lines)


def check_high(matrix: Exact, high: Ratio, factor: Exact, *, rule: str) -> None:
    """Require that E = high^2 I - X X* - R R*, X = A or A*, is diagonally dominant; over the product of the squares."""
    num = cast(int, high.num)
    lines, others = rows(matrix, adjoint=matrix.cols < matrix.rows), rows(factor)
    scale, other_scale = (high.den * factor.den) ** 2, (high.den * matrix.den) ** 2
    slack = [(num * matrix.den * factor.den) ** 2] * len(lines)
    for i, (line, other) in enumerate(zip(lines, others, strict=True)):
        for j in range(i + 1):
            (a, b), (c, d) = product(line, lines[j]), product(other, others[j])
            re, im = a * scale + c * other_scale, b * scale + d * other_scale
            if i == j:
                slack[i] -= re
            else:
                slack[i] -= abs(re) + abs(im)
                slack[j] -= abs(re) + abs(im)
    first = next((i + 1 for i, margin in enumerate(slack) if margin < 0), 0)
    require(not first, rule, lambda: f"row {first} of high^2 I - G - R R* is not dominated by its diagonal")
