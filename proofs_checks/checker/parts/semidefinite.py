"""Upper bounds of spectral norms, decided exactly (docs/format.md, "kind training-data", rule 3)."""

from proofs_checks.checker.core.numbers import Exact, Number, Ratio, Real, conj, exact_quotient, real_part, sign


def spectral_norm_at_most(matrix: Exact, square: Ratio, *, strict: bool = False) -> bool:
    """Return whether square·I - D D* (or D* D, if smaller) is positive semidefinite, or definite; square > 0."""
    by_rows = matrix.rows <= matrix.cols
    found: dict[int, dict[int, Number]] = {}
    for (i, j), a in matrix.entries.items():
        found.setdefault(i if by_rows else j, {})[j if by_rows else i] = a if by_rows else conj(a)
    lines = list(found.values())  # a line of zeros leaves `square` > 0 alone on the diagonal
    gram: list[list[Number]] = [[0] * len(lines) for _ in lines]
    for i, left in enumerate(lines):
        for j, right in enumerate(lines):
            for t in left.keys() & right.keys():
                gram[i][j] = gram[i][j] + -(left[t] * conj(right[t]) * square.den)
        gram[i][i] = gram[i][i] + square.num * matrix.den**2
    return positive_semidefinite(gram, strict=strict)


def positive_semidefinite(h: list[list[Number]], *, strict: bool = False) -> bool:
    """Decide whether a Hermitian matrix is positive semidefinite, or definite; fraction-free, symmetric pivots."""
    previous: Real = 1
    active = list(range(len(h)))
    while active:
        signs = {i: sign(real_part(h[i][i])) for i in active}
        if min(signs.values()) < 0:
            return False
        pivot = next((i for i in active if signs[i] > 0), None)
        if pivot is None:
            # A zero diagonal allows nothing but zeros beside it.
            return not strict and not any(h[i][j] for i in active for j in active)
        active.remove(pivot)
        top = real_part(h[pivot][pivot])
        for i in active:
            for j in active:
                h[i][j] = exact_quotient(h[i][j] * top + -(h[i][pivot] * h[pivot][j]), previous)
        previous = top
    return True
