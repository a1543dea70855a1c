"""Inputs that the same data belong to, on one of which every algorithm fails at all samples at once.

Source: docs/theorem2.md, "At several samples at once"; the certificate is of kind `joint-barrier`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq

from exact_base.enclosures import enclosed
from exact_base.errors import DataError, UsageError
from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, is_rational_array, norm2
from exact_base.words import counted
from sci_barriers.problems import Minimiser, problem_type

__all__ = ["MAX_CHOICES", "JointBarrier", "joint_barrier"]

MAX_CHOICES = 100_000
"""The choices of one group for each sample that the checker tries."""

Witness = tuple[Any, Any]
"""A minimiser x, length N, and its dual vector u, length m, or None (as `Problem.minimiser` takes them)."""


@short_repr()
@dataclass(frozen=True)
class JointBarrier:
    """What was shown: on at least `failing` of the inputs, every answers to the common data fail at all samples.

    Attributes:
        precision: n, of the common data.
        digits: K.
        common: the minimiser of (A_n, y_k), for each sample.
        points: x_kn, rational, length N, for each sample.
        minimisers: for each input, and each sample, the only minimiser.
        groups: for each sample the group of each input; minimisers of different groups are above 2·10^-K apart.
        failing: how many inputs fail at least.
    """

    precision: int
    digits: int
    common: tuple[Minimiser, ...]
    points: tuple[ExactArray, ...] = field(repr=False)
    minimisers: tuple[tuple[Minimiser, ...], ...]
    groups: tuple[tuple[int, ...], ...]
    failing: int

    @property
    def chance(self) -> fmpq:
        """No randomised algorithm that reads so far only is right at one sample or more with more on every input."""
        return 1 - fmpq(self.failing, len(self.minimisers))


def joint_barrier(
    problem: str,
    matrices: Sequence[Any],
    samples: Sequence[Any],
    *,
    parameter: Any,
    digits: int,
    precision: int,
    witnesses: Sequence[Sequence[Witness]],
    matrix: Any,
    common: Sequence[Witness],
) -> JointBarrier:
    """Show that every algorithm that reads precisions up to n only fails K digits at all samples on one input.

    Args:
        problem: `bpdn`, `lasso` or `sqrt-lasso`, with weights 1.
        matrices: at least two matrices A, shape (m, N), the inputs.
        samples: y_1, .., y_R, length m, rational, the same for all inputs.
        parameter: ε or λ.
        digits: K >= 1.
        precision: n >= 1.
        witnesses: for each input, and each sample, its only minimiser and a dual vector.
        matrix: A_n, rational, shape (m, N).
        common: for each sample a minimiser of (A_n, y_k), and a dual vector.

    Raises:
        UsageError: for fewer than two inputs, no sample, or a number that is out of range.
        DataError: if A_n is farther than 2^-n from an input, a point does not minimise its problem or is not shown to
            be the only one to do so, or some answers are near minimisers of all inputs.
    """
    if len(matrices) < 2 or not samples:
        raise UsageError(f"at least two inputs and one sample are needed, got {len(matrices)} and {len(samples)}")
    if min(digits, precision) < 1:
        raise UsageError(f"digits K >= 1 and a precision n >= 1 are needed, got {digits} and {precision}")
    kind = problem_type(problem)

    def solved(array: Any, k: int, witness: Witness) -> Minimiser:
        return kind(array, samples[k], parameter=parameter).minimiser(witness[0], dual=witness[1])

    shared = tuple(solved(matrix, k, witness) for k, witness in enumerate(common))
    found = tuple(
        tuple(solved(array, k, witness) for k, witness in enumerate(row))
        for array, row in zip(matrices, witnesses, strict=True)
    )
    unit = power_of_two(-precision)
    for i, row in enumerate(found, start=1):
        if not operator_norm_at_most(shared[0].problem.matrix - row[0].problem.matrix, unit):
            raise DataError(f"input {i} is farther than 2^-{precision} from A_n; choose inputs that are nearer")
        for k, minimiser in enumerate(row, start=1):
            if not minimiser.certainly_unique:
                raise DataError(f"input {i} has perhaps several minimisers for sample {k}; choose another")
    groups = tuple(_groups([row[k].point for row in found], 4 * power_of_ten(-2 * digits)) for k in range(len(samples)))
    failing = len(found) - _most(groups, len(found))
    if failing == 0:
        raise DataError(f"some answers at {counted(len(samples), 'sample')} are near minimisers of all inputs")
    points = tuple(
        one.point if is_rational_array(one.point) else enclosed(one.point).dyadic(precision + 1) for one in shared
    )
    return JointBarrier(precision, digits, shared, points, found, groups, failing)


def _groups(points: list[ExactArray], apart: fmpq) -> tuple[int, ...]:
    """The components of the graph of points at most so far apart, by the first of each."""
    first = list(range(len(points)))
    for i in range(len(points)):
        for j in range(i):
            if first[i] != first[j] and norm2(points[i] - points[j]) <= apart:
                low, high = sorted((first[i], first[j]))
                first = [low if name == high else name for name in first]
    return tuple(first)


def _most(groups: Sequence[tuple[int, ...]], total: int) -> int:
    """How many inputs at most are in the groups chosen, one for each sample."""
    covered, choices = {frozenset[int]()}, 1
    for names in groups:
        sets = [frozenset(i for i in range(total) if names[i] == name) for name in set(names)]
        choices *= len(sets)
        if choices > MAX_CHOICES:
            raise UsageError(f"more than {MAX_CHOICES} choices of groups; take fewer inputs or samples")
        covered = {old | new for old in covered for new in sets}
    return max(map(len, covered))
