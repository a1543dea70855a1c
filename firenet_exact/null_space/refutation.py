"""Kernel vectors that exclude the property (docs/theory.md, "Refutation").

A vector x of the kernel refutes if √ξ‖x_Δ‖ + ‖x_Δ‖_w >= ‖x‖_w, Δ the s_l largest entries of each level. The left side
is convex in x, so maximising its linearisation over {Ax = 0, ‖x‖_w <= 1}, a linear program, never makes it smaller.
What floating point finds is made exact: some entries are rounded, and the others follow by elimination.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from flint import fmpq, fmpz_mat

from exact_base.errors import NotCertifiedError
from exact_base.matrices import Array, ExactMatrix, MatrixLike, exact_matrix
from exact_base.rationals import to_float, upper_root
from firenet_exact.levels import Levels
from firenet_exact.null_space.linear_programs import TABLE, KernelPrograms
from firenet_exact.null_space.property import Refutation, check_size
from firenet_exact.running import Progress, Row, Rows

__all__ = ["is_refuted_by", "refutations", "refute"]

# none of these numbers decides: a vector refutes only if `is_refuted_by` says so, exactly
_CLIMBS = 8  # linear programs to improve one vector
_STARTS = 12  # vectors that are improved
_NEAR = 1 - 1e-7  # scores from which on a vector is made exact and judged
_BITS = 40  # of the entries that are chosen
_STILL = 1e-9  # relative gain of a step that ends the climb
_ZERO = 1e-9  # an entry below this, relative to the largest, may be noise: it is tried without it first


def refute(matrix: MatrixLike, levels: Levels) -> Refutation:
    """Return a refutation for A, shape (m, N), an array or rows of numbers, which are read exactly.

    Raises:
        NotCertifiedError: if none is found, which proves nothing.
        UsageError: if levels and matrix do not fit together, or scipy is not installed.

    >>> from firenet_exact import Levels, exact_matrix, refute
    >>> refute(exact_matrix([[1, 1]]), Levels.of([2], [1])).vector.rows
    2
    """
    return next(event for event in refutations(exact_matrix(matrix), levels, {}) if isinstance(event, Refutation))


def refutations(
    matrix: ExactMatrix, levels: Levels, rows: Rows, *, climb: bool = True
) -> Iterator[Progress | Row | Refutation]:
    """Yield a refutation for A, shape (m, N), in the end, and before it how it is found.

    Args:
        matrix: A.
        levels: the levels of its columns.
        rows: results of linear programs that are known; more are added.
        climb: whether vectors are improved, or only those of the columns judged.

    Raises:
        NotCertifiedError: if none is found, which proves nothing.
        UsageError: if levels and matrix do not fit together, or scipy is not installed.
    """
    check_size(matrix, levels)
    programs = KernelPrograms(matrix, levels)
    root = math.sqrt(to_float(levels.xi))
    scores: list[float] = []

    def judged(vector: Array) -> Refutation | None:
        scores.append(_score(vector, programs.weights, levels, root))
        return _exact(matrix, programs.floats, levels, vector) if scores[-1] >= _NEAR else None

    for i in range(matrix.cols):
        yield from programs.column(i, rows)
        found = judged(rows[TABLE, i][matrix.rows :])
        if found is not None:
            yield found
            return
    starts = sorted(range(matrix.cols), key=scores.__getitem__, reverse=True)[: _STARTS if climb else 0]
    for number, i in enumerate(starts):
        yield Progress("search for a kernel vector", number, _STARTS)
        for vector in _climb(programs, levels, root, rows[TABLE, i][matrix.rows :]):
            found = judged(vector)
            if found is not None:
                yield found
                return
    raise NotCertifiedError(f"the best kernel vector found reaches about {max(scores):.4g} of what would refute")


def is_refuted_by(matrix: ExactMatrix, levels: Levels, vector: ExactMatrix) -> bool:
    """Whether a vector, shape (N, 1), refutes the property of A, decided exactly.

    Irrational moduli of complex entries are rounded up, so that a vector at the very edge may be missed.
    """
    image = matrix @ vector
    squares = [row[0] for row in vector.squares()]
    if not any(squares) or any(row[0] for row in image.squares()):
        return False
    support = set(levels.largest(squares))
    kept = fmpq(sum(squares[j] for j in support), vector.den**2)
    rest = fmpq(0)
    for j, weight in enumerate(levels.column_weights):
        if j not in support and squares[j]:
            rest += weight * upper_root(fmpq(squares[j], vector.den**2))
    return bool(levels.xi * kept >= rest * rest)


def _score(vector: Array, weights: Array, levels: Levels, root: float) -> float:
    """Return (√ξ‖x_Δ‖ + ‖x_Δ‖_w)/‖x‖_w."""
    modulus = np.abs(vector)
    size = float(weights @ modulus)
    support = levels.largest(modulus.tolist())
    return (root * float(np.linalg.norm(modulus[support])) + float(weights[support] @ modulus[support])) / (size or 1.0)


def _climb(programs: KernelPrograms, levels: Levels, root: float, vector: Array) -> Iterator[Array]:
    """Yield kernel vectors of increasing score."""
    score = _score(vector, programs.weights, levels, root)
    for _ in range(_CLIMBS):
        modulus = np.abs(vector)
        support = levels.largest(modulus.tolist())
        gradient = np.zeros_like(vector)
        kept = vector[support]
        signs = np.where(modulus[support] > 0, kept / np.where(modulus[support] > 0, modulus[support], 1), 1)
        gradient[support] = root * kept / (np.linalg.norm(kept) or 1.0) + programs.weights[support] * signs
        vector = programs.solve(gradient)[0]
        before, score = score, _score(vector, programs.weights, levels, root)
        yield vector
        if score <= before * (1 + _STILL):
            return


def _exact(matrix: ExactMatrix, floats: Array, levels: Levels, near: Array) -> Refutation | None:
    """Return a refutation by a kernel vector near to a floating point one, if there is one."""
    from scipy.linalg import qr

    modulus = np.abs(near)
    few = [int(j) for j in np.argsort(-modulus, kind="stable") if modulus[j] > _ZERO * modulus.max()]
    # entries of rounded matrices can make columns independent that should not be; then the others are needed, and
    # pivots that are well-conditioned keep the solution near
    order = [int(j) for j in qr(floats, mode="r", pivoting=True)[-1]]
    for columns in (few, order):
        vector = _kernel_vector(matrix, columns, near)
        if vector is not None and is_refuted_by(matrix, levels, vector):
            return Refutation(matrix, levels, vector)
    return None


def _kernel_vector(matrix: ExactMatrix, columns: list[int], near: Array) -> ExactMatrix | None:
    """Return an exact kernel vector that vanishes off `columns`; its entries without a pivot are those of `near`.

    Elimination takes the first columns as pivots where it can.
    """
    part = matrix.columns(columns)
    values = near[columns] / np.abs(near).max()
    system = part.re.tolist()
    if part.im is not None:  # unknowns Re x_1, Im x_1, Re x_2, ...
        pairs = [list(zip(*rows, strict=True)) for rows in zip(system, part.im.tolist(), strict=True)]
        system = [[x for a, b in row for x in (a, -b)] for row in pairs]
        system += [[x for a, b in row for x in (b, a)] for row in pairs]
        values = np.stack([values.real, values.imag], axis=1).ravel()
    echelon, den, rank = fmpz_mat(system).rref()
    rows = [[int(a) for a in row] for row in echelon.tolist()[:rank]]
    pivots = [next(j for j, a in enumerate(row) if a) for row in rows]
    chosen = [0] * len(values)
    for j in set(range(len(values))) - set(pivots):
        chosen[j] = round(math.ldexp(float(values[j]), _BITS))
    solution = [int(den) * x for x in chosen]
    for row, pivot in zip(rows, pivots, strict=True):
        solution[pivot] = -sum(a * x for a, x in zip(row, chosen, strict=True) if x)
    divisor = math.gcd(*solution)
    if not divisor:
        return None
    step = 1 if part.im is None else 2
    full = [[[0] for _ in range(matrix.cols)] for _ in range(step)]
    for k, j in enumerate(columns):
        for real_or_imaginary in range(step):
            full[real_or_imaginary][j] = [solution[step * k + real_or_imaginary] // divisor]
    re, *im = map(fmpz_mat, full)
    return ExactMatrix(re, im[0] if im else None, 1).reduced()
