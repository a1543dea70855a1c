"""Matrices with certified constants, and the parameters of their networks."""

from functools import cache

import numpy as np
from flint import fmpq

from firenet_exact import Firenet, Levels, exact_column, network_parameters, operator_norm
from firenet_exact.null_space import by_exhaustion, by_relaxation
from tests.firenet_exact.matrices import gaussian, walsh_haar

ROWS = [*range(16), 17, 18, 19, 22, 26, 27, 29, 30]
NAMES = ("gaussian", "complex", "walsh")


@cache
def certified(name):
    """A null space property and the norm of its matrix."""
    if name == "gaussian":
        A, levels, prove = gaussian(24, 32), Levels.of([32], [1]), by_relaxation
    elif name == "complex":
        A, levels, prove = gaussian(8, 10, complex_=True), Levels.of([10], [1], [fmpq(2)]), by_exhaustion
    else:
        A, levels, prove = walsh_haar(ROWS), Levels.of([16, 32], [2, 1], [fmpq(1, 2), fmpq(1)]), by_relaxation
    return prove(A, levels)[0], operator_norm(A)


def made(name="gaussian", **changes):
    """Parameters for it."""
    options = {"delta": fmpq(1, 10**6), "epsilon0": fmpq(3), "n": 20} | changes
    return network_parameters(*certified(name), **options)


def network(name="gaussian", *, initial=None, **changes):
    """The network with its certificates."""
    proved, norm = certified(name)
    return Firenet(proved.matrix, made(name, **changes), initial, proved, norm)


def noisy(name, *, seed=0, noise=1e-3, tail=1e-3):
    """A sparse vector with a tail of random entries, and noisy measurements of it; both exact, (N, 1) and (m, 1)."""
    rng = np.random.default_rng(seed)
    proved, _ = certified(name)
    A, levels = proved.matrix.to_float(), proved.levels
    m, n = A.shape

    def random(size):
        found = rng.standard_normal(size)
        return found + 1j * rng.standard_normal(size) if np.iscomplexobj(A) else found

    x = tail / n * random(n)
    for start, end, sparsity in zip(levels.starts, levels.ends, levels.sparsities, strict=True):
        x[start + rng.choice(end - start, sparsity, replace=False)] = random(sparsity)
    x = x / np.linalg.norm(x)
    return exact_column(x.tolist()), exact_column((A @ x + noise / np.sqrt(m) * random(m)).tolist())
