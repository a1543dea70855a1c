"""Semidefiniteness against the definition: all principal minors, from Fractions."""

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_checks.checker.core.numbers import Exact, Gaussian, Ratio, Surd, conj, number, real, sign
from proofs_checks.checker.parts.semidefinite import positive_semidefinite, spectral_norm_at_most
from tests.proofs_checks.builders import F

small = st.integers(-3, 3)


def determinant(h):
    total = 0
    for p in permutations(range(len(h))):
        inversions = sum(p[i] > p[j] for i in range(len(p)) for j in range(i + 1, len(p)))
        term = -1 if inversions % 2 else 1
        for i, j in enumerate(p):
            term = term * h[i][j]
        total = total + term
    return total


def by_minors(h):
    indices = range(len(h))
    subsets = [c for size in range(1, len(h) + 1) for c in combinations(indices, size)]
    return all(sign(determinant([[h[i][j] for j in c] for i in c])) >= 0 for c in subsets)


@st.composite
def hermitian(draw, s=2):
    n = draw(st.integers(1, 4))
    part = st.builds(lambda a, b: real(a, b, s), st.integers(-2, 2), st.integers(-1, 1))
    h = [[0] * n for _ in range(n)]
    for i in range(n):
        h[i][i] = draw(st.integers(-1, 6))
        for j in range(i):
            h[i][j] = number(draw(part), draw(part)) if draw(st.booleans()) else 0
            h[j][i] = conj(h[i][j])
    return h


@given(hermitian())
def test_against_minors(h):
    assert positive_semidefinite([row[:] for row in h]) == by_minors(h)


@given(st.data())
def test_gram_matrices_of_low_rank_are_semidefinite(data):
    n, rank = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 2))
    part = st.builds(lambda a, b: real(a, b, 3), small, small)
    b = [[number(data.draw(part), data.draw(part)) for _ in range(rank)] for _ in range(n)]
    gram = [[sum((x * conj(y) for x, y in zip(p, q, strict=True)), start=0) for q in b] for p in b]
    assert positive_semidefinite([row[:] for row in gram])
    gram[n - 1][n - 1] = gram[n - 1][n - 1] + -(gram[n - 1][n - 1] + 1)
    assert not positive_semidefinite(gram)


@pytest.mark.parametrize(
    ("h", "expected"),
    [
        ([[0]], True),
        ([[-1]], False),
        ([[0, 1], [1, 0]], False),
        ([[0, 1], [1, 5]], False),
        ([[1, 1], [1, 1]], True),
        ([[1, 2], [2, 1]], False),
        ([[1, Gaussian(0, 1)], [Gaussian(0, -1), 1]], True),
        ([[Surd(-1, 1, 2)]], True),
        ([[Surd(1, -1, 2)]], False),
    ],
)
def test_small_matrices(h, expected):
    assert positive_semidefinite(h) is expected


@given(st.lists(st.lists(st.integers(-4, 4), min_size=2, max_size=2), min_size=1, max_size=4), st.integers(1, 12))
def test_norm_of_two_columns(rows, t):
    """‖A‖² is the larger root of x² - (p + r) x + (p r - q²), from A^T A = [[p, q], [q, r]]."""
    p, q, r = (sum(row[i] * row[j] for row in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
    bound = F(t * t)
    expected = bound >= F(p + r, 2) and bound * bound - (p + r) * bound + p * r - q * q >= 0
    entries = {(i, j): x for i, row in enumerate(rows) for j, x in enumerate(row) if x}
    assert spectral_norm_at_most(Exact(len(rows), 2, 1, entries), Ratio(t * t, 1)) == expected
    transposed = {(j, i): x for (i, j), x in entries.items()}
    assert spectral_norm_at_most(Exact(2, len(rows), 1, transposed), Ratio(t * t, 1)) == expected
