"""Approximations of the matrix of a member of Omega(K, L) (docs/format.md, "kind reads", rules 2 to 4)."""

from __future__ import annotations

import math

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    Matrix,
    decode_integer,
    decode_list,
    decode_matrix,
    quote,
)
from proofs_checks.checker.core.numbers import Exact, Number, Ratio, Surd, Vector
from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.members import Left
from proofs_checks.checker.parts.omega import MAX_EXPONENT, Omega
from proofs_checks.checker.parts.semidefinite import positive_semidefinite, spectral_norm_at_most

Reads = list[tuple[int, Matrix]]
"""n and A_n, in the order of the reads."""
Entries = dict[tuple[int, int], int]


def decode_reads(value: object, omega: Omega) -> Reads:
    """Return the reads of claim.reads; raises MalformedCertificate."""
    reads: Reads = []
    for index, item in enumerate(decode_list(value, "claim.reads")):
        where = f"claim.reads[{index}]"
        if not isinstance(item, list) or len(item) != 2:
            raise MalformedCertificate(f"{where} must be [n, A_n], not {quote(item)}")
        n = decode_integer(item[0], f"{where}[0]", low=1, high=MAX_EXPONENT)
        size = {"rows": omega.rows, "cols": omega.columns}
        reads.append((n, decode_matrix(item[1], f"{where}[1]", **size, rational=True, real=True)))
    return reads


def check_access(access: str, reads: Reads) -> None:
    """Check the order of the reads: a stream counts up; a repeated query repeats its answer."""
    answers: dict[int, Matrix] = {}
    for j, (n, matrix) in enumerate(reads, start=1):
        if access == "stream" and n != j:
            raise Invalid("access", f"read {j} of a stream has precision {n}")
        if answers.setdefault(n, matrix) != matrix:
            raise Invalid("access", f"read {j} answers precision {n} otherwise than an earlier read")


def straight(matrix: Matrix, vector: list[int] | None) -> tuple[Entries, int]:
    """Return U A for U = I - 2 v v^T / v^T v, as numerators over one denominator."""
    entries = {place: numerator[0] for place, numerator in matrix.entries.items()}
    if vector is None:
        return entries, matrix.den
    square = sum(v * v for v in vector)
    products: dict[int, int] = {}
    for (i, j), a in entries.items():
        products[j] = products.get(j, 0) + vector[i] * a
    result = {place: square * a for place, a in entries.items()}
    for j, product in products.items():
        for i, v in enumerate(vector):
            result[i, j] = result.get((i, j), 0) - 2 * v * product
    return result, matrix.den * square


def approximates(member: Left, n: int, entries: Entries, den: int) -> bool:
    """Return whether |A_n - A| <= 2^-n for the member with the largest entry in question, U A_n being given."""
    omega, (b_num, b_den), (t_num, t_den) = member.omega, member.omega.base, member.ends[1]
    square, scale = member.square((t_num, t_den))[0], b_den * t_den
    root = math.isqrt(square)
    c: Number = root if root * root == square else Surd(0, 1, square)
    difference: dict[tuple[int, int], Number] = {place: num * scale for place, num in entries.items()}
    for j in range(omega.ties):
        a = t_num * b_den if j == member.i - 1 else b_num * t_den
        difference[0, j] = difference.get((0, j), 0) + -a * den
    for i in range(1, omega.rows):
        place = (i, omega.ties + i - 1)
        difference[place] = difference.get(place, 0) + -(c * den)
    return all(
        _norm_at_most(Exact(omega.rows, omega.columns, den * scale, block), Ratio(1, 4**n))
        for block in _blocks({place: a for place, a in difference.items() if a})
    )


def onto(member: Left, n: int, matrix: Matrix) -> bool:
    """Return whether A_n, known to be within 2^-n of A, has full row rank: if c > 2^-n it must, else it is decided."""
    num, den = member.square(member.ends[1])
    if num << 2 * n > den:
        return True
    lines: list[dict[int, int]] = [{} for _ in range(matrix.rows)]
    for (i, j), (a, *_) in matrix.entries.items():
        lines[i][j] = a
    gram: list[list[Number]] = [[sum(a * q[j] for j, a in p.items() if j in q) for q in lines] for p in lines]
    return positive_semidefinite(gram, strict=True)


def _norm_at_most(matrix: Exact, square: Ratio) -> bool:
    # the Frobenius norm is an upper bound of the spectral norm, and much faster
    frobenius = Vector(list(matrix.entries.values()), matrix.den).norm2()
    return frobenius <= square or spectral_norm_at_most(matrix, square)


def _blocks(entries: dict[tuple[int, int], Number]) -> list[dict[tuple[int, int], Number]]:
    """Split a matrix into parts without common rows and columns: its norm is the largest of theirs."""
    leader: dict[int, int] = {}
    owner: dict[int, int] = {}

    def find(i: int) -> int:
        while leader.setdefault(i, i) != i:
            leader[i] = i = leader[leader[i]]
        return i

    for i, j in entries:
        leader[find(i)] = find(owner.setdefault(j, i))
    parts: dict[int, dict[tuple[int, int], Number]] = {}
    for (i, j), a in entries.items():
        parts.setdefault(find(i), {})[i, j] = a
    return list(parts.values())
