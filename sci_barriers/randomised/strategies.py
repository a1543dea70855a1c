"""Strategies for the class: what the bounds for randomised algorithms are attained by, or seem to be contradicted by.

All answer from the class alone, or once the data prove which column is the largest. The output h(β)e_i is a minimiser
of the tie, and has the target digits on member i. Source: docs/randomised.md, "Strategies".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import fmpq

from exact_base.errors import SolverError
from exact_base.rationals import power_of_ten, power_of_two, sqrt_ceiling
from exact_base.scalars import ExactArray, as_rational, norm2, zeros
from sci_barriers.data.training_data import TrainingData, Triple
from sci_barriers.omega.families import OmegaClass
from sci_barriers.players.algorithm import sequential_algorithm
from sci_barriers.players.coins import randomised_algorithm
from sci_barriers.randomised.tapes import Tape

__all__ = ["FAIR_BITS", "STRATEGIES", "centroid", "geometric", "harmonic", "mixed", "mixed_fair", "reader", "vertex"]

FAIR_BITS = 6
"""Fair coins for each choice of `mixed_fair`."""


def _class_of(data: TrainingData) -> OmegaClass:
    omega = data.known.omega
    if omega is None:
        raise SolverError("this strategy is for the class Ω(K,L) only")
    return omega


def _vertex(omega: OmegaClass, i: int, height: fmpq) -> ExactArray:
    """Return height·e_i, i counting from 0."""
    point = zeros(omega.columns)
    point[i] = height
    return point


def winner(omega: OmegaClass, triple: Triple) -> ExactArray | None:
    """Return the answer if the datum proves that one column is the largest, and its height, else None.

    The entry a_i is the norm of column i, also in disguise. ‖A_n - A‖ <= 2^-n, and the norms below are too large by at
    most 2^-(n+1): a difference of more than 3·2^-n proves a_i > a_j, and a_i lies between the two ends below.
    """
    n, unit = triple.n, power_of_two(-triple.n)
    norms = [sqrt_ceiling(as_rational(norm2(triple.matrix[:, i])), bits=n + 1) for i in range(omega.ties)]
    first = max(range(omega.ties), key=lambda i: norms[i])
    if any(norms[first] - norms[i] <= 3 * unit for i in range(omega.ties) if i != first):
        return None
    low, high = norms[first] - 3 * unit / 2, norms[first] + unit
    # the height of lasso decreases from λ on
    if low <= (omega.parameter if omega.problem == "lasso" else 0):
        return None
    if omega.height(low) - omega.height(high) > power_of_ten(-omega.target_digits):
        return None
    return _vertex(omega, first, omega.height(norms[first]))


def competing(data: TrainingData) -> int:
    """Return the number of columns that compete: d', of inputs with nested ties, or d."""
    known = data.known
    return _class_of(data).ties if known.nested is None else known.nested.ties


def candidates(triple: Triple, count: int) -> list[int]:
    """Return those of the first `count` columns, from 0, that may be the largest by this datum.

    None of the largest is left out: the norms below are too small by at most 2^-n and too large by at most 3/2·2^-n.
    """
    n, unit = triple.n, power_of_two(-triple.n)
    norms = [sqrt_ceiling(as_rational(norm2(triple.matrix[:, i])), bits=n + 1) for i in range(count)]
    largest = max(norms)
    return [i for i, norm in enumerate(norms) if largest - norm <= 3 * unit]


@sequential_algorithm
def reader(data: TrainingData) -> ExactArray:
    """Read precision 1, 2, ... until one column wins; on a tie, for ever."""
    omega = _class_of(data)
    n = 0
    while True:
        n += 1
        answer = winner(omega, data.read_to(n))
        if answer is not None:
            return answer


@sequential_algorithm
def centroid(data: TrainingData) -> ExactArray:
    """Answer with the centroid of the minimisers of the tie, without coins and without reading."""
    omega, nested = _class_of(data), data.known.nested
    return (omega.tie() if nested is None else nested.instance()).centroid()


@randomised_algorithm
def vertex(data: TrainingData, tape: Tape) -> ExactArray:
    """Guess a vertex uniformly, without reading."""
    omega = _class_of(data)
    return _vertex(omega, tape.choose([1] * competing(data)), omega.height(omega.base))


@randomised_algorithm
def mixed(data: TrainingData, tape: Tape) -> ExactArray:
    """With probability (d-1)/(2d-1) read until the tie breaks; otherwise guess a vertex without reading."""
    d = competing(data)
    if tape.choose((d - 1, d)) == 0:
        return reader(data)
    return vertex(data, tape)


def fair_choice(tape: Tape, weights: tuple[int, ...], bits: int) -> int:
    """Choose with fair coins only: each probability is right to within 2^-bits."""
    value = sum(tape.bit() << position for position in range(bits))
    total, sum_so_far = sum(weights), 0
    for index, weight in enumerate(weights):
        sum_so_far += weight
        if value * total < sum_so_far << bits:
            return index
    return len(weights) - 1


@randomised_algorithm
def mixed_fair(data: TrainingData, tape: Tape) -> ExactArray:
    """As `mixed`, with six fair coins in place of each choice."""
    omega, d = _class_of(data), competing(data)
    if fair_choice(tape, (d - 1, d), FAIR_BITS) == 0:
        return reader(data)
    return _vertex(omega, fair_choice(tape, (1,) * d, FAIR_BITS), omega.height(omega.base))


@randomised_algorithm
def geometric(data: TrainingData, tape: Tape) -> ExactArray:
    """Read precision 1, 2, ...; answer once the tie breaks, and after each read stop with probability 1/2 to guess."""
    omega = _class_of(data)
    n = 0
    while True:
        n += 1
        answer = winner(omega, data.read_to(n))
        if answer is not None:
            return answer
        if tape.bit() == 0:
            return vertex(data, tape)


@randomised_algorithm
def harmonic(data: TrainingData, tape: Tape) -> ExactArray:
    """Draw how many ties to wait for; read precision 1, 2, ... until no more columns are left, and guess one of them.

    With H = 1 + 1/2 + .. + 1/d the number is d with probability 1/H, and i < d with probability 1/((i+1) H). On each
    input with nested ties it succeeds with probability at least 1/H.
    """
    omega, d = _class_of(data), competing(data)
    most = 1 + tape.choose([fmpq(1, i + 1) if i < d else fmpq(1) for i in range(1, d + 1)])
    left, n = list(range(d)), 0
    while len(left) > most:
        n += 1
        left = candidates(data.read_to(n), d)
    return _vertex(omega, left[tape.choose([1] * len(left))], omega.height(omega.base))


STRATEGIES: Mapping[str, Any] = {
    "centroid": centroid,
    "vertex": vertex,
    "mixed": mixed,
    "mixed-fair": mixed_fair,
    "geometric": geometric,
    "harmonic": harmonic,
    "reader": reader,
}
