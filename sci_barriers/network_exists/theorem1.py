"""Theorem 1 of the paper for one input: a network, written out, that maps every sample exactly to a minimiser.

Source: docs/network-exists.md, "Theorem 1".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flint import fmpq

from exact_base.encoding import common_root
from exact_base.errors import DataError, FieldError, SciBarriersError, UsageError
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, sign, sqrt, zeros
from proofs_checks.certificate.reading import MAX_POSITIONS
from sci_barriers.data.inputs import Input
from sci_barriers.networks.relu import ReluNetwork, interpolating_network
from sci_barriers.omega.families import Instance
from sci_barriers.problems import Minimiser, Problem
from sci_barriers.problems.solve import solve_exactly

__all__ = ["ExistingNetwork", "member_network", "network_exists"]

T = TypeVar("T")

MAX_SAMPLES = math.isqrt(MAX_POSITIONS // 2)
"""The third layer has R rows and 2R columns."""

SPARSITY = 6
"""Non-zero entries of the second block of an extra sample's minimiser, where that many are possible."""


@short_repr()
@dataclass(frozen=True)
class ExistingNetwork:
    """An input, a certified minimiser for each sample, and a network through them.

    Attributes:
        instance: the matrix A, exact, the samples and the problem.
        minimisers: one for each sample.
        network: maps sample k to the point of minimiser k.
    """

    instance: Input
    minimisers: tuple[Minimiser, ...]
    network: ReluNetwork


def network_exists(
    matrix: Any,
    samples: Sequence[Any],
    *,
    problem: str,
    parameter: Any,
    weights: Any = None,
    minimisers: Sequence[Any] | None = None,
    duals: Sequence[Any] | None = None,
    minimise: Callable[[Problem], Minimiser] = solve_exactly,
) -> ExistingNetwork:
    """Return a network that maps each of finitely many samples exactly to a minimiser.

    Args:
        matrix: A, shape (m, N), exact entries.
        samples: y_1..y_R, each of length m, different.
        problem: `bpdn`, `lasso` or `sqrt-lasso`.
        parameter: ε or λ.
        weights: w, all ones if not given.
        minimisers: x_1..x_R, each of length N, to be verified; found by `minimise` if not given.
        duals: with `minimisers`, a dual vector for each that needs one (sqrt-lasso with Ax = y), else None.
        minimise: finds a minimiser; the default is for real rational data.

    Raises:
        DataError: if the data do not fit together or are not exact, or two samples are equal.
        NotAMinimiserError: if a given point is none.
        FieldError: if the numbers do not lie in one field Q(√s), with what to do.
        SolverError: if a minimiser was not found.
    """
    instance = Input.create(matrix, samples, problem=problem, parameter=parameter, weights=weights)
    exact_matrix = instance.matrix.exact
    vectors = [sample.exact for sample in instance.samples if sample.exact is not None]
    if exact_matrix is None or len(vectors) < len(instance.samples):
        raise DataError("the matrix and the samples must be given exactly: integers, fractions or quadratic numbers")
    if minimisers is None and duals is not None:
        raise DataError("dual vectors were given without the minimisers they belong to")
    given = minimisers if minimisers is not None else [None] * len(vectors)
    others = duals if duals is not None else [None] * len(vectors)
    if not len(given) == len(others) == len(vectors):
        raise DataError(
            f"one minimiser, and one dual vector or None, for each sample is needed, {len(vectors)} in all, "
            f"got {len(given)} and {len(others)}"
        )
    found: list[Minimiser] = []
    for k, (vector, point, dual) in enumerate(zip(vectors, given, others, strict=True), start=1):
        one = instance.instance(exact_matrix, vector)
        try:
            found.append(minimise(one) if point is None else one.minimiser(point, dual=dual))
        except SciBarriersError as error:
            raise type(error)(f"sample {k}: {error}") from None
    points = [minimiser.point for minimiser in found]
    in_one_field(lambda: common_root(exact_matrix, *vectors, *points))
    network = interpolating_network(vectors, points)
    return ExistingNetwork(instance, tuple(found), network)


def member_network(instance: Instance, *, samples: int = 1) -> ExistingNetwork:
    """Return a network for R samples of an instance of the class, with c = √c² exactly.

    The first sample is y = e_1 (times the disguise). The others are (1, c·x') with sparse integer x' for lasso and
    sqrt-lasso with m >= 2; otherwise, as the blocks of bpdn are coupled, they are multiples of e_1.

    Args:
        instance: the tie, a member, or the control of a class.
        samples: R >= 1.

    Raises:
        UsageError: unless R >= 1.
    """
    if type(samples) is not int or samples < 1:
        raise UsageError(f"at least one sample is needed, got {samples!r}")
    omega, d = instance.omega, instance.omega.ties
    c = sqrt(instance.c2)
    size = _sparsity(instance)
    data, points, duals = [], [], []
    for k in range(samples):
        second = _sparse(omega.rows - 1, size, k) if size and k else zeros(omega.rows - 1)
        first = fmpq(1) if size else fmpq(k + 1)
        plain, point, dual = zeros(omega.rows), zeros(omega.columns), zeros(omega.rows)
        plain[0], plain[1:] = first, second * c
        point[instance.argmax[0]] = _first_height(instance, first)
        dual[0] = omega.parameter / max(instance.a)
        for i, entry in enumerate(second):
            if omega.problem == "sqrt-lasso":
                point[d + i], dual[1 + i] = entry, sign(entry) * omega.parameter / c
            elif omega.problem == "lasso":
                # the minimiser of λ|x| + (cx - cx')²
                least = omega.parameter / (2 * instance.c2)
                point[d + i] = sign(entry) * (abs(entry) - least) if abs(entry) > least else fmpq(0)
        data.append(omega.disguised(plain))
        points.append(point)
        duals.append(omega.disguised(dual) if omega.problem == "sqrt-lasso" else None)
    return network_exists(
        omega.matrix(instance.a, c),
        data,
        problem=omega.problem,
        parameter=omega.parameter,
        minimisers=points,
        duals=duals,
    )


def _first_height(instance: Instance, first: fmpq) -> fmpq:
    """The entry of the minimiser in the first block for y_1 = first >= 1."""
    parameter, largest = instance.omega.parameter, max(instance.a)
    less = {"bpdn": parameter, "lasso": parameter / (2 * largest), "sqrt-lasso": fmpq(0)}[instance.omega.problem]
    return (first - less) / largest


def _sparsity(instance: Instance) -> int:
    """How many entries of x' are not zero: as many as the problem allows, up to 6; 0 if there is no extra sample."""
    omega = instance.omega
    if omega.problem == "bpdn":
        return 0
    size = min(SPARSITY, omega.rows - 1)
    if omega.problem == "sqrt-lasso":
        while size and omega.parameter**2 * (1 / max(instance.a) ** 2 + size / instance.c2) >= 1:
            size -= 1
    return size


def _sparse(length: int, size: int, k: int) -> ExactArray:
    """The k-th of infinitely many different integer vectors with `size` non-zero entries."""
    result = zeros(length)
    scale, start = divmod(k, length)
    for i in range(size):
        result[(start + i) % length] = fmpq((1 + scale) * (2 if i == 0 else 1) * (-1 if i % 2 else 1))
    return result


def in_one_field(work: Callable[[], T]) -> T:
    try:
        return work()
    except FieldError as error:
        raise FieldError(
            f"the matrix, samples and minimisers do not lie in one field Q(√s) ({error}); "
            "use samples whose minimisers do, or one network for each field"
        ) from None
