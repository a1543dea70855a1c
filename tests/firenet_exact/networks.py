"""Matrices with certified constants, and the parameters of their networks."""

from functools import cache

from flint import fmpq

from firenet_exact import Levels, Run, by_exhaustion, by_relaxation, network_parameters, operator_norm
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
    return prove(A, levels, Run())[0], operator_norm(A)


def made(name="gaussian", **changes):
    """Parameters for it."""
    options = {"delta": fmpq(1, 10**6), "epsilon0": fmpq(3), "n": 20} | changes
    return network_parameters(*certified(name), **options)
