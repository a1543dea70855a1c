"""Shipped candidates that compute with the rationals they read, so no rounding can be blamed for their failure."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from exact_base.errors import SolverError
from exact_base.rationals import power_of_two, sqrt_ceiling
from exact_base.scalars import ExactArray, as_rational, norm2, zeros
from sci_barriers.players.algorithm import sequential_algorithm

__all__ = ["exact_class_solver", "memoriser"]


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
