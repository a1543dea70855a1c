"""Shipped candidates that compute with the rationals they read, so no rounding can be blamed for their failure."""

from __future__ import annotations

from itertools import count
from typing import Any

from flint import fmpq

from exact_base.errors import SolverError
from exact_base.rationals import power_of_two, sqrt_ceiling
from exact_base.scalars import ExactArray, as_rational, imaginary_part, norm2, zeros
from sci_barriers.players.algorithm import sequential_algorithm
from sci_barriers.problems.determined.reading import norms_within, readings
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of

__all__ = ["exact_class_solver", "memoriser", "support_reader"]


@sequential_algorithm
def exact_class_solver(data: Any) -> ExactArray:
    """Decide, from one reading, which tied column is the largest; where the data cannot tell, take the centroid.

    On an input A(a) of the class the entry a_i is the norm of column i, also in disguise. From A_n it is known to
    within 2^-n, so column i provably wins if its norm exceeds all others by more than 2·2^-n. The height is computed
    from the norm of the winner. Reads to the known precision. Where one column wins this is correct; where none
    does, the centroid is the best answer there is (docs/theory.md, "K digits are impossible").

    Raises:
        SolverError: if the input is not known to come from such a class.
    """
    omega = data.known.omega
    if omega is None:
        raise SolverError("this candidate solves the class Ω(K,L) only")
    n = data.known.precision
    matrix = data.read_to(n).matrix
    # norms to within 2^-(n+1) above, so two entries whose estimates differ by more than 3·2^-n differ in truth
    norms = [sqrt_ceiling(as_rational(norm2(matrix[:, i])), bits=n + 1) for i in range(omega.ties)]
    largest = max(norms)
    if largest <= 0:
        raise SolverError("the matrix read is zero where the class has positive columns")
    contenders = [i for i, value in enumerate(norms) if largest - value <= 3 * power_of_two(-n)]
    point = zeros(data.known.columns)
    for i in contenders:
        point[i] = omega.height(largest) / fmpq(len(contenders))
    return point


@sequential_algorithm
def memoriser(data: Any) -> ExactArray:
    """Answer with the minimiser x_n that came with the training data, read to the known precision."""
    point: ExactArray = data.read_to(data.known.precision).point
    return point


@sequential_algorithm
def support_reader(data: Any) -> ExactArray:
    """Read until what was read determines the support, and answer with the minimiser of that; for real lasso inputs.

    At n = 1, 2, 4, ... the minimiser of A_n, y_n is found exactly, and the theorem on the support (docs/theory.md,
    "What the data determine") is tried with the radii 2^-n. It halts where no inputs near this one have another
    support, or several minimisers, and nowhere else. No class of inputs is assumed.

    Raises:
        SolverError: for another problem than the lasso, and for complex data.
    """
    known = data.known
    if known.problem != "lasso":
        raise SolverError("this candidate solves the LASSO only")
    penalties = [known.parameter * as_rational(weight) for weight in known.weights]

    def read(n: int) -> PenalisedLeastSquares:
        triple = data.read_to(n)
        if any(imaginary_part(entry) != 0 for array in (triple.matrix, triple.data) for entry in array.flat):
            raise SolverError("this candidate solves problems with real data only")
        return PenalisedLeastSquares.of(triple.matrix.tolist(), triple.data.tolist(), penalties=penalties)

    for reading in readings(read, (1 << k for k in count()), within=norms_within):
        if reading.known:
            break
    point = zeros(known.columns)
    point[:] = entries_of(reading.solution.point)
    return point
