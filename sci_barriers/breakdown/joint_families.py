"""Inputs of perfect condition on which digits fail at several samples at once: three constructions.

Source: docs/theorem2.md, "At several samples at once".
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.linalg import identity, operator_norm_at_most, solve_consistent
from exact_base.rationals import power_of_two, sqrt_ceiling
from exact_base.scalars import ExactArray, adjoint, as_rational, exact, sqrt, zeros
from sci_barriers.breakdown.joint import JointBarrier, joint_barrier
from sci_barriers.omega.families import OmegaClass

__all__ = ["independent_ties", "scaled_samples", "sign_patterns"]


def scaled_samples(omega: OmegaClass, scales: Sequence[Any], *, precision: int) -> JointBarrier:
    """Members of one level of the strong family, with the samples η_k U e_1: at most R of the d members are saved.

    Args:
        omega: a strong family with d = N - m + 1 >= R + 1.
        scales: R different rationals η_k >= 1.
        precision: n >= 1; the level is the least q >= max(n + 1, q0).

    Raises:
        UsageError: for another family or scales out of range.
        DataError: if R >= d, as then some answers are right at one sample on each member.

    >>> from sci_barriers import OmegaClass
    >>> from sci_barriers.breakdown.joint_families import scaled_samples
    >>> omega = OmegaClass.create("lasso", digits=3, rows=1, columns=4)
    >>> found = scaled_samples(omega, [1, "5/4"], precision=10)
    >>> found.failing, len(found.minimisers)
    (2, 4)
    """
    etas = [as_rational(exact(scale)) for scale in scales]
    if omega.family != "strong":
        raise UsageError("the samples are about the strong family")
    if not etas or len(set(etas)) < len(etas) or min(etas) < 1:
        raise UsageError(f"scales must be different and at least 1, got {', '.join(map(str, etas)) or 'none'}")
    members = [omega.member(i=i, q=max(precision + 1, omega.q0)) for i in range(1, omega.ties + 1)]
    tie = omega.tie()
    rounded = sqrt_ceiling(tie.c2, bits=precision + 2)
    unit = omega.data()
    return joint_barrier(
        omega.problem,
        [omega.matrix(member.a, sqrt(member.c2)) for member in members],
        [unit * eta for eta in etas],
        parameter=omega.parameter,
        digits=omega.digits,
        precision=precision,
        witnesses=[[_vertex(omega, eta, member.argmax[0], max(member.a), unit) for eta in etas] for member in members],
        matrix=omega.matrix(tie.a, rounded),
        common=[_vertex(omega, eta, 0, omega.base, unit) for eta in etas],
    )


def independent_ties(omega: OmegaClass, *, samples: int, ties: int, precision: int) -> JointBarrier:
    """Block matrices, with a tie of its own for each of the samples e_1, .., e_R that breaks in any of d' ways.

    Args:
        omega: a strong family without disguise that says problem, parameter, digits, sizes and α, m >= R and
            N - m >= R(d' - 1).
        samples: R >= 1.
        ties: d' >= 2.
        precision: n >= 1; there are d'^R inputs.

    Raises:
        UsageError: for another family, or sizes that do not fit.

    >>> from sci_barriers import OmegaClass
    >>> from sci_barriers.breakdown.joint_families import independent_ties
    >>> omega = OmegaClass.create("sqrt-lasso", digits=3, rows=2, columns=4)
    >>> found = independent_ties(omega, samples=2, ties=2, precision=10)
    >>> found.failing, len(found.minimisers)
    (1, 4)
    """
    _require_plain(omega)
    if samples < 1 or ties < 2 or samples > omega.rows or omega.columns - omega.rows < samples * (ties - 1):
        raise UsageError(
            f"R ties of d' columns need R >= 1, d' >= 2, m >= R and N - m >= R(d' - 1); got R = {samples}, "
            f"d' = {ties}, m = {omega.rows}, N = {omega.columns}"
        )
    alpha, delta = omega.alpha, omega.perturbation(max(precision + 1, omega.q0))
    square = (ties - 1) * alpha**2 + (alpha + delta) ** 2

    def matrix(pattern: Sequence[int | None], c: Any) -> ExactArray:
        found = zeros((omega.rows, omega.columns))
        for block, raised in enumerate(pattern):
            for i in range(ties):
                found[block, block * ties + i] = alpha + (delta if i == raised else 0)
        for row in range(samples, omega.rows):
            found[row, samples * ties + row - samples] = c
        return found

    units = [identity(omega.rows)[k] for k in range(samples)]
    patterns = list(itertools.product(range(ties), repeat=samples))
    one = fmpq(1)
    return joint_barrier(
        omega.problem,
        [matrix(pattern, sqrt(square)) for pattern in patterns],
        units,
        parameter=omega.parameter,
        digits=omega.digits,
        precision=precision,
        witnesses=[
            [_vertex(omega, one, k * ties + i, alpha + delta, units[k]) for k, i in enumerate(pattern)]
            for pattern in patterns
        ],
        matrix=matrix([None] * samples, sqrt_ceiling(ties * alpha**2, bits=precision + 2)),
        common=[_vertex(omega, one, k * ties, alpha, units[k]) for k in range(samples)],
    )


def sign_patterns(omega: OmegaClass, *, samples: int, precision: int) -> JointBarrier:
    """Rotations of one matrix with two equal columns: the kernel turns, and decides the end of R segments at will.

    The samples are e_1 ± e_2 ± .. ± e_R with independent patterns of signs. It needs N - m >= 1 only.

    Args:
        omega: a strong family without disguise that says problem (lasso or sqrt-lasso), parameter, digits, sizes and α,
            with m >= R.
        samples: R >= 1.
        precision: n >= 1; there are 2^R inputs.

    Raises:
        UsageError: for another family, bpdn, or R out of range.
        DataError: if α is too small for a solution in all R rows.

    >>> from sci_barriers import OmegaClass
    >>> from sci_barriers.breakdown.joint_families import sign_patterns
    >>> omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    >>> found = sign_patterns(omega, samples=2, precision=10)
    >>> found.failing, len(found.minimisers)
    (1, 4)
    """
    _require_plain(omega)
    if omega.problem == "bpdn":
        raise UsageError("sign patterns are for lasso and sqrt-lasso; the minimisers of bpdn lie in different fields")
    if not 1 <= samples <= omega.rows:
        raise UsageError(f"sign patterns need 1 <= R <= m = {omega.rows}, got R = {samples}")
    signs = [[-1 if j == k else 1 for j in range(samples)] for k in range(samples)]
    signs[0][0] = 1
    root, rounded = sqrt(fmpq(2)), sqrt_ceiling(fmpq(2), bits=precision + omega.alpha.p.bit_length() + 2)
    straight, near = (_plain(omega, samples, c) for c in (root, rounded))
    shift, unit = precision, power_of_two(-precision - 1)
    patterns = list(itertools.product((1, -1), repeat=samples))
    while True:
        turned = [straight @ _rotation(pattern, omega.columns, power_of_two(-shift)).T for pattern in patterns]
        if all(operator_norm_at_most(straight - one, unit) for one in turned):
            break
        shift += 1
    data = [np.array([fmpq(s) for s in row] + [fmpq(0)] * (omega.rows - samples), dtype=object) for row in signs]
    return joint_barrier(
        omega.problem,
        turned,
        data,
        parameter=omega.parameter,
        digits=omega.digits,
        precision=precision,
        witnesses=[
            [_end(omega, matrix, row, 0 if wanted < 0 else 1) for wanted, row in zip(pattern, signs, strict=True)]
            for pattern, matrix in zip(patterns, turned, strict=True)
        ],
        matrix=near,
        common=[_end(omega, near, row, 0) for row in signs],
    )


def _require_plain(omega: OmegaClass) -> None:
    if omega.family != "strong" or omega.householder is not None:
        raise UsageError("a strong family without disguise is needed")


def _vertex(
    omega: OmegaClass, eta: fmpq, column: int, largest: fmpq, unit: ExactArray
) -> tuple[ExactArray, ExactArray | None]:
    """The minimiser h e_i for the sample η times a unit vector, and the dual vector of sqrt-lasso."""
    parameter = omega.parameter
    shrunk = {"bpdn": parameter, "lasso": parameter / (2 * largest), "sqrt-lasso": fmpq(0)}[omega.problem]
    point = zeros(omega.columns)
    point[column] = (eta - shrunk) / largest
    return point, unit * (parameter / largest) if omega.problem == "sqrt-lasso" else None


def _plain(omega: OmegaClass, samples: int, root: Any) -> ExactArray:
    """α times [[1, 1, 0], [0, 0, √2 I]], the second block beside columns that are zero."""
    found = zeros((omega.rows, omega.columns))
    found[0, :2] = omega.alpha
    for row in range(1, omega.rows):
        found[row, row + 1] = omega.alpha * root
    return found


def _rotation(pattern: Sequence[int], columns: int, delta: fmpq) -> ExactArray:
    """The rational rotation that turns (1, -1, 0, ..) towards ω, with <(1, σ_k), ω> = ±δ as the pattern says."""
    first, *others = pattern
    omega, normal = zeros(columns), zeros(columns)
    normal[0], normal[1] = fmpq(1), fmpq(-1)
    for j, wanted in enumerate(others, start=2):
        omega[j] = delta * fmpq(first - wanted, 2)
    omega[0] = omega[1] = (delta * first - sum(omega[2:], fmpq(0))) / 2
    skew = (np.outer(omega, normal) - np.outer(normal, omega)) / fmpq(4)
    tangent = (omega @ omega) / 8
    found: ExactArray = identity(columns) + (skew + skew @ skew) * (2 / (1 + tangent))
    return found


def _end(omega: OmegaClass, matrix: ExactArray, row: Sequence[int], end: int) -> tuple[ExactArray, ExactArray | None]:
    """The minimiser at one end of the segment, with the dual vector of sqrt-lasso."""
    samples = len(row)
    columns, rows = [end, *range(2, samples + 1)], list(range(samples))
    block = matrix[np.ix_(rows, columns)]
    signs = np.array([fmpq(s) for s in row], dtype=object)
    dual = _solved(adjoint(block), signs * omega.parameter)
    entries = _solved(block, signs - dual / fmpq(2) if omega.problem == "lasso" else signs)
    point, u = zeros(omega.columns), zeros(omega.rows)
    point[columns], u[rows] = entries, dual
    return point, u if omega.problem == "sqrt-lasso" else None


def _solved(matrix: ExactArray, right: ExactArray) -> ExactArray:
    found = solve_consistent(matrix, right[:, None])
    if found is None:
        raise DataError("the columns of a minimiser are dependent")
    solution: ExactArray = found[:, 0]
    return solution
