"""Write certificates: from checked objects of this package to the bytes that `proofs_checks` verifies on its own.

Nothing is decided here; every function takes something that was shown already and spells it in the format of
docs/format.md. All numbers of one certificate lie in one field Q(√s), where the integer s, the *root*, is 0 if no
irrational number occurs and never a perfect square.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flint import fmpq

from proofs_checks.certificate import build, encode_integer, encode_matrix, encode_rational
from sci_barriers.errors import DataError, FieldError
from sci_barriers.exact import ExactArray, QuadraticNumber, Real, Scalar, imaginary_part, rational_sqrt, real_part

if TYPE_CHECKING:
    from sci_barriers.problems import GapCertificate, Minimiser, Problem
    from sci_barriers.validity import ValidTrainingData

__all__ = [
    "common_root",
    "encode_array",
    "encode_dual",
    "encode_entries",
    "encode_fraction",
    "encode_problem",
    "gap_certificate",
    "minimiser_certificate",
    "training_data_certificate",
]


def common_root(*arrays: ExactArray) -> int:
    """Return the root s >= 0 of all entries together: √(p/q) is written as √(pq)/q with s = pq.

    Raises:
        FieldError: if two entries lie in different fields.
    """
    root = 0
    seen: set[fmpq] = set()
    for array in arrays:
        for entry in array.flat:
            for part in (real_part(entry), imaginary_part(entry)):
                if isinstance(part, fmpq) or part.b == 0 or part.s in seen:
                    continue
                seen.add(part.s)
                if rational_sqrt(part.s) is None:
                    root = root or int(part.s.p * part.s.q)
                    _multiple(part.s, root=root)
    return root


def _multiple(radicand: fmpq, *, root: int) -> fmpq:
    """Return the rational k with √radicand = k·√root, for a radicand whose own root is irrational."""
    multiple = rational_sqrt(radicand / root) if root else None
    if multiple is None:
        raise FieldError(f"√({radicand}) does not lie in Q(√{root}); write one certificate for each field")
    return multiple


def encode_array(array: ExactArray, root: int) -> dict[str, Any]:
    """Return a vector of length m (as an m x 1 matrix) or a matrix in the canonical form of docs/format.md, "Numbers".

    Args:
        array: exact entries, shape (m,) or (m, N).
        root: the integer s of the certificate, from `common_root` of all its arrays.

    Raises:
        FieldError: if an entry does not lie in Q(√s).
        SciBarriersError: if the size or a number exceeds the caps of the format.
    """
    rows, cols = (*array.shape, 1)[:2]
    entries = {divmod(position, cols): entry for position, entry in enumerate(array.flat)}
    return encode_entries(entries, root, rows=rows, cols=cols)


def encode_entries(entries: Mapping[tuple[int, int], Scalar], root: int, *, rows: int, cols: int) -> dict[str, Any]:
    """Return a matrix, of which only some entries are given, as `encode_array` does; the others are zero.

    Raises:
        FieldError: if an entry does not lie in Q(√s).
        SciBarriersError: if the size or a number exceeds the caps of the format.
    """
    multiples: dict[fmpq, tuple[fmpq, bool]] = {}

    def parts(value: Real) -> tuple[fmpq, fmpq]:
        if not isinstance(value, QuadraticNumber) or value.b == 0:
            return (value.a if isinstance(value, QuadraticNumber) else value), fmpq(0)
        if value.s not in multiples:
            rational = rational_sqrt(value.s)
            multiples[value.s] = (_multiple(value.s, root=root), False) if rational is None else (rational, True)
        multiple, is_rational = multiples[value.s]
        return (value.a + value.b * multiple, fmpq(0)) if is_rational else (value.a, value.b * multiple)

    numbers = {
        position: (*parts(real_part(entry)), *parts(imaginary_part(entry)))
        for position, entry in entries.items()
        if entry
    }
    den = math.lcm(1, *{int(part.q) for number in numbers.values() for part in number})
    numerators = []
    for (i, j), number in numbers.items():
        a, b, c, d = (int(part.p) * (den // int(part.q)) for part in number)
        numerators.append((i, j, (a, b, c, d)))
    return encode_matrix(rows=rows, cols=cols, den=den, entries=numerators)


def encode_fraction(value: fmpq) -> list[str]:
    """Return a rational in the form of docs/format.md, "Numbers"."""
    return encode_rational(int(value.p), int(value.q))


def encode_problem(problem: Problem, root: int) -> dict[str, Any]:
    """Return a problem as docs/format.md, "Problems", writes it."""
    return {
        "data": encode_array(problem.data, root),
        "matrix": encode_array(problem.matrix, root),
        "name": problem.name,
        "parameter": encode_fraction(problem.parameter),
        "weights": encode_array(problem.weights, root),
    }


def encode_dual(dual: ExactArray | None, root: int) -> dict[str, Any] | None:
    """Return a dual vector, or None where there is none."""
    return None if dual is None else encode_array(dual, root)


def minimiser_certificate(
    minimiser: Minimiser, *, unique: bool = False, provenance: dict[str, str] | None = None
) -> bytes:
    """Write a certificate that a point minimises its problem, or with `unique` that it alone does.

    Raises:
        DataError: with `unique`, if the independence criterion does not prove uniqueness.
        FieldError: if the numbers do not lie in one field Q(√s).
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


def gap_certificate(gap: GapCertificate, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate that the objective of a feasible point exceeds the minimum by at most `gap.gap`.

    Raises:
        FieldError: if the numbers do not lie in one field Q(√s).
    """
    problem = gap.problem
    root = common_root(problem.matrix, problem.data, gap.point, gap.dual)
    return build(
        "gap",
        claim={
            "gap": encode_fraction(gap.gap),
            "point": encode_array(gap.point, root),
            "problem": encode_problem(problem, root),
            "root": encode_integer(root),
        },
        evidence={"dual": encode_array(gap.dual, root)},
        provenance=provenance or {},
    )


def training_data_certificate(valid: ValidTrainingData, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate that triples are valid training data of an exactly known input.

    Raises:
        DataError: if A or a sample is known through enclosures only, which this kind cannot carry.
        FieldError: if A, the samples and the minimisers do not lie in one field; then write one for each triple.
    """
    instance = valid.instance
    matrix, samples = instance.matrix.exact, [sample.exact for sample in instance.samples]
    if matrix is None or any(sample is None for sample in samples):
        raise DataError("a training-data certificate needs A and every sample exactly, not through enclosures")
    known = [sample for sample in samples if sample is not None]
    pairs = sorted(zip(valid.triples, valid.minimisers, strict=True), key=lambda pair: (pair[0].k, pair[0].n))
    duals = [minimiser.dual for _, minimiser in pairs if minimiser.dual is not None]
    root = common_root(matrix, *known, *(minimiser.point for _, minimiser in pairs), *duals)
    return build(
        "training-data",
        claim={
            "problem": {
                "matrix": encode_array(matrix, root),
                "name": instance.problem,
                "parameter": encode_fraction(instance.parameter),
                "weights": encode_array(instance.weights, root),
            },
            "root": encode_integer(root),
            "samples": [encode_array(sample, root) for sample in known],
            "triples": [
                {
                    "data": encode_array(triple.data, root),
                    "k": encode_integer(triple.k),
                    "matrix": encode_array(triple.matrix, root),
                    "n": encode_integer(triple.n),
                    "point": encode_array(triple.point, root),
                }
                for triple, _ in pairs
            ],
        },
        evidence={
            "minimisers": [
                {"dual": encode_dual(minimiser.dual, root), "point": encode_array(minimiser.point, root)}
                for _, minimiser in pairs
            ]
        },
        provenance=provenance or {},
    )
