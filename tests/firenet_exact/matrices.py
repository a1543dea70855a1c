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
    """Rows of the Walsh matrix in sequency order times the transposed Haar matrix."""
    hadamard = np.ones((1, 1))
    haar = np.ones((1, 1))
    while len(hadamard) < n:
        hadamard = np.kron([[1, 1], [1, -1]], hadamard)
        size = len(haar)
        haar = np.vstack([np.kron(haar, [1, 1]), np.kron(np.eye(size), [1, -1])]) / np.sqrt(2)
    changes = [sum(a != b for a, b in pairwise(row)) for row in hadamard]
    return exact_matrix((hadamard[np.argsort(changes)] / np.sqrt(n) @ haar.T)[list(rows)].tolist())


def accepted(data):
    verdict = verify_bytes(data)
    return verdict.verdict == "valid"
