"""From a matrix with a null space property and data to a point with error bounds (docs/recovery.md, "The command")."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix, VectorLike, column_norm2, exact_column
from exact_base.rationals import SMALL, Readable, exact_number, power_of_two, round_up, to_float, upper_root
from exact_base.reprs import short_repr
from firenet_exact.arithmetic import Output
from firenet_exact.network import Firenet
from firenet_exact.norms import NormBounds
from firenet_exact.null_space.property import NullSpaceProperty
from firenet_exact.parameters import V, a_priori_bound, network_parameters
from firenet_exact.recovery.a_posteriori import (
    AssumedProperty,
    Recovery,
    certify_recovery,
    scaled_dual,
    weighted_length,
)
from firenet_exact.recovery.duals import as_vector, cone_dual, polished, residual_dual

__all__ = ["Method", "Restart", "Solution", "bound_point", "network_for", "solve", "sparse_fit"]

_NONE = fmpq(0)
_MOST_RESTARTS = 60
_LAST = fmpq(1, 16)  # ε_0 v^n over δ
_AIM = power_of_two(-30)  # δ over ε_0, where neither noise nor compressibility asks for more


@short_repr()
@dataclass(frozen=True)
class Method:
    """A way to a dual vector, or to a better point as well, and the bound that it gave."""

    name: str
    seconds: float
    recovery: Recovery


@short_repr()
@dataclass(frozen=True)
class Restart:
    """What is known after a restart.

    Attributes:
        a_priori: the theorem's bound with the rounding errors of the arithmetic; None if a hypothesis fails.
        a_posteriori: the bound of the point itself.
        error: the distance to the truth, rounded up; None if that is not known.
    """

    a_priori: fmpq | None
    a_posteriori: fmpq
    error: fmpq | None


@short_repr()
@dataclass(frozen=True, eq=False)
class Solution:
    """A forward pass and its bounds.

    Attributes:
        output: what the network computed.
        methods: the a posteriori bounds of its output, the least first.
        a_priori: the theorem's bound for the network without rounding errors.
        computed: the theorem's bound with the rounding errors of the arithmetic; None if a hypothesis fails.
        history: one entry for each restart.
    """

    output: Output
    methods: tuple[Method, ...]
    a_priori: fmpq
    computed: fmpq | None
    history: tuple[Restart, ...]

    @property
    def recovery(self) -> Recovery:
        """The least a posteriori bound."""
        return self.methods[0].recovery


def least_a_priori(properties: Sequence[NullSpaceProperty], *, noise: Readable, sigma: Readable) -> NullSpaceProperty:
    """Return the property whose network has the least bound C2'·(2λσ + 2e): much noise wants a small γ, σ a small ρ.

    Args:
        properties: of one matrix and the same levels, at least one.
        noise: e >= 0.
        sigma: σ >= 0; if both are 0, C2' decides.

    Raises:
        UsageError: if there is none, or they belong to several matrices or levels.

    >>> from firenet_exact import Levels, by_coherence, exact_matrix
    >>> from firenet_exact.recovery import least_a_priori
    >>> one = by_coherence(exact_matrix([[1, 0], [0, 1]]), Levels.of([2], [1]))
    >>> least_a_priori([one], noise=1, sigma=0) is one
    True
    """
    _check_one_matrix(properties)
    noise, sigma = exact_number(noise), exact_number(sigma)
    if noise == 0 and sigma == 0:
        noise = fmpq(1)

    def bound(known: NullSpaceProperty) -> fmpq:
        lam = known.best.lam
        return known.best.network_constant(lam) * (lam * sigma + noise)

    return min(properties, key=bound)


def _check_one_matrix(properties: Sequence[NullSpaceProperty | AssumedProperty]) -> None:
    if not properties:
        raise UsageError("a null space property is needed")
    first = properties[0]
    if any(known.levels != first.levels or known.matrix != first.matrix for known in properties):
        raise UsageError("all null space properties must be about the same matrix, levels, sparsities and weights")


def network_for(
    proved: NullSpaceProperty,
    norm: NormBounds,
    data: VectorLike,
    *,
    noise: Readable,
    sigma: Readable,
    n: int | None = None,
    initial: VectorLike | None = None,
    perturbation: fmpq = _NONE,
) -> Firenet:
    """Return a network for y and all x with σ(x) <= sigma and ‖Ax-y‖ <= noise, with the theorem's hypotheses satisfied.

    Args:
        proved: the null space property of A, shape (m, N).
        norm: bounds of ‖A‖.
        data: y, shape (m, 1), or m numbers that are read exactly; so are all vectors.
        noise: >= 0.
        sigma: >= 0.
        n: restarts; so many that more would not help much, if not given.
        initial: an initial guess, shape (N, 1).
        perturbation: the hypotheses hold for each y + e with ‖e‖ at most this, too.

    Raises:
        UsageError: if a number is out of range.
    """
    data, noise, sigma = exact_column(data), exact_number(noise), exact_number(sigma)
    initial = None if initial is None else exact_column(initial)
    lam = proved.best.lam
    if initial is None:
        start = upper_root(column_norm2(data))
    else:
        misfit = upper_root(column_norm2(proved.matrix @ initial - data))
        start = lam * weighted_length(proved.levels, initial) + misfit
    start = round_up(max(start + perturbation, SMALL))
    delta = max(round_up(2 * lam * sigma + 2 * (noise + perturbation)), start * _AIM)
    if n is None:
        n, left = 1, start * V
        while left > delta * _LAST and n < _MOST_RESTARTS:
            n, left = n + 1, left * V
    parameters = network_parameters(proved, norm, delta=delta, epsilon0=start, n=n, lam=lam)
    return Firenet(proved.matrix, parameters, initial, proved, norm)


def solve(
    network: Firenet,
    data: VectorLike,
    forward: Callable[[Firenet, ExactMatrix], Output],
    *,
    noise: Readable,
    sigma: Readable,
    truth: VectorLike | None = None,
    steps: int = 2000,
    cone: bool = False,
    polish: bool = False,
    others: Sequence[NullSpaceProperty] = (),
) -> Solution:
    """Run a network and bound the error of its output in every way.

    Args:
        network: with a certified null space property.
        data: y, shape (m, 1), or m numbers that are read exactly; so are all vectors.
        forward: a forward pass, such as `firenet_exact.arithmetic.float64.forward`.
        noise: >= 0.
        sigma: >= 0.
        truth: x, shape (N, 1), if it is known: for comparison, and as a witness.
        steps: of the search for a dual vector; none if 0.
        cone: whether to ask a cone solver for a dual vector as well.
        polish: whether the point may be moved by the search.
        others: other properties of the same matrix and levels; the bound is the least that one of them gives.

    Raises:
        UsageError: if the network has no certified null space property, or shapes do not fit.
        InconsistentDataError: if no x fits the data.

    >>> from flint import fmpq
    >>> from firenet_exact import Firenet, Levels, decide, exact_column, exact_matrix, forward
    >>> from firenet_exact import network_parameters, operator_norm, solve
    >>> matrix = exact_matrix([[1, 0], [0, 1]])
    >>> proved, norm = decide(matrix, Levels.of([2], [1]), method="coherence").proved, operator_norm(matrix)
    >>> numbers = network_parameters(proved, norm, delta="1/100", epsilon0=1, n=2)
    >>> network = Firenet(matrix, numbers, proved=proved, norm=norm)
    >>> found = solve(network, exact_column([1, 0]), forward, noise=fmpq(1, 100), sigma=fmpq(0), steps=0)
    >>> found.recovery.bound < 1
    True
    """
    if network.proved is None:
        raise UsageError("the null space property of the network's matrix must be certified")
    proved = network.proved
    data, truth = exact_column(data), None if truth is None else exact_column(truth)
    output = forward(network, data)
    methods = least_of_all(
        (proved, *others),
        data,
        output.point,
        noise=noise,
        sigma=sigma,
        truth=truth,
        dual=output.dual,
        steps=steps,
        cone=cone,
        polish=polish,
    )
    known, best, history = methods[0].recovery.known, methods[0].recovery.dual, []
    duals = [] if best is None else [best]
    for k, point in enumerate(output.points, start=1):
        one = certify_recovery(known, data, point, duals, noise=noise, sigma=sigma)
        error = None if truth is None else upper_root(column_norm2(point - truth))
        history.append(Restart(None if output.violations else output.bounds[k], one.bound, error))
    return Solution(output, methods, a_priori_bound(network.parameters), output.bound, tuple(history))


def least_of_all(
    properties: Sequence[NullSpaceProperty], data: VectorLike, point: VectorLike, **options: Any
) -> tuple[Method, ...]:
    """Bound the distance of a point by each of several properties of a matrix; options are those of `bound_point`.

    Returns:
        The methods with their bounds, the least first; those of the k-th property, k > 1, have its number in the name.

    Raises:
        InconsistentDataError: if no x fits the data.
        UsageError: if there is no property, or they belong to several matrices or levels.
    """
    _check_one_matrix(properties)
    found: list[Method] = []
    for k, known in enumerate(properties, start=1):
        for method in bound_point(known, data, point, **options):
            found.append(method if k == 1 else replace(method, name=f"{method.name} ({k})"))
    return tuple(sorted(found, key=lambda method: method.recovery.bound))


def bound_point(
    known: NullSpaceProperty | AssumedProperty,
    data: VectorLike,
    point: VectorLike,
    *,
    noise: Readable,
    sigma: Readable,
    truth: VectorLike | None = None,
    dual: VectorLike | None = None,
    steps: int = 2000,
    cone: bool = False,
    polish: bool = False,
) -> tuple[Method, ...]:
    """Bound the distance of a point to all x with σ(x) <= sigma and ‖Ax-y‖ <= noise, by several dual vectors.

    Args:
        known: the null space property of A, shape (m, N).
        data: y, shape (m, 1), or m numbers that are read exactly; so are all vectors.
        point: x̂, shape (N, 1).
        noise: >= 0.
        sigma: >= 0.
        truth: x, shape (N, 1), as a witness.
        dual: a dual vector that came with the point, shape (m, 1).
        steps: of the search for a dual vector; none if 0.
        cone: whether to ask a cone solver as well.
        polish: whether the point may be moved by the search.

    Returns:
        The methods with their bounds, the least first.

    Raises:
        InconsistentDataError: if no x fits the data.
        UsageError: if shapes do not fit, or no cone solver is installed.
    """
    data, point, noise, sigma = exact_column(data), exact_column(point), exact_number(noise), exact_number(sigma)
    truth, dual = (None if vector is None else exact_column(vector) for vector in (truth, dual))
    witnesses = [x for x in (truth, sparse_fit(known, data, point)) if x is not None]
    found: list[Method] = []

    def add(name: str, start: float, where: ExactMatrix, candidate: ExactMatrix | None) -> None:
        candidates = [] if candidate is None else [candidate]
        one = certify_recovery(known, data, where, candidates, noise=noise, sigma=sigma, witnesses=witnesses)
        found.append(Method(name, time.perf_counter() - start, one))

    add("none", time.perf_counter(), point, None)
    now = time.perf_counter()
    add("residual", now, point, residual_dual(known.matrix, data, point))
    if dual is not None:
        add("network", time.perf_counter(), point, dual)
    if steps:
        now, start = time.perf_counter(), None if dual is None else scaled_dual(known.matrix, known.levels, dual)
        moved, better = polished(known.matrix, data, known.levels, point, start, noise=to_float(noise), steps=steps)
        add("steps", now, point, better)
        if polish:
            add("steps, point moved", now, moved, better)
    if cone:
        now = time.perf_counter()
        add("cone program", now, point, cone_dual(known.matrix, data, known.levels, noise=to_float(noise)))
    return tuple(sorted(found, key=lambda method: method.recovery.bound))


def sparse_fit(known: NullSpaceProperty | AssumedProperty, data: ExactMatrix, point: ExactMatrix) -> ExactMatrix | None:
    """Return the sparse vector, shape (N, 1), on the largest entries of a point that fits y best, as a witness."""
    A, y = known.matrix.to_float(), data.to_float()[:, 0]
    support = known.levels.largest([fmpq(row[0]) for row in point.squares()])
    fitted, *_ = np.linalg.lstsq(A[:, support], y, rcond=None)
    x = np.zeros(A.shape[1], dtype=fitted.dtype)
    x[support] = fitted
    return as_vector(x) if np.all(np.isfinite(x)) else None
