"""Matrices of the tests, seeded and none of them near to an identity."""

from itertools import pairwise

import numpy as np

from firenet_exact import exact_matrix
from proofs_checks.checker import verify_bytes


def gaussian(m, n, *, seed=0, complex_=False, normalised=True):
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((m, n)) + (1j * rng.standard_normal((m, n)) if complex_ else 0)
    if normalised:
        A = A / np.linalg.norm(A, axis=0)
    return exact_matrix(A.tolist())


def walsh_haar(rows, n=32):
    """Rows of the Walsh matrix in sequency order times the transposed Haar matrix.

    Products of integers, and one division for each column: entries that are equal or zero are so on every machine.
    """
    hadamard = np.ones((1, 1), dtype=int)
    haar = np.ones((1, 1), dtype=int)
    while len(hadamard) < n:
        hadamard = np.kron([[1, 1], [1, -1]], hadamard)
        size = len(haar)
        haar = np.vstack([np.kron(haar, [1, 1]), np.kron(np.eye(size, dtype=int), [1, -1])])
    changes = [sum(a != b for a, b in pairwise(row)) for row in hadamard]
    lengths = np.sqrt(n * np.sum(haar**2, axis=1))
    return exact_matrix((hadamard[np.argsort(changes)] @ haar.T / lengths)[list(rows)].tolist())


def accepted(data):
    verdict = verify_bytes(data)
    return verdict.verdict == "valid"
