"""What a perturbation of the data can do (docs/recovery.md, "Stability" and "Kernel awareness")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from exact_base.decimals import above, below
from exact_base.entries.arrays import laid_out
from exact_base.errors import DataError, UsageError
from exact_base.matrices import (
    Array,
    ExactMatrix,
    MatrixLike,
    VectorLike,
    column_norm2,
    exact_column,
    exact_matrix,
    matrix_of,
    scaled,
)
from exact_base.rationals import to_float, upper_root
from exact_base.reprs import short_repr
from firenet_exact.arithmetic import Output
from firenet_exact.network import Firenet
from firenet_exact.parameters import Parameters, a_priori_bound
from firenet_exact.recovery.a_posteriori import sigma_above
from firenet_exact.recovery.duals import as_vector

__all__ = [
    "KernelAwareness",
    "Perturbation",
    "adversarial_training_error",
    "kernel_awareness",
    "noise_coefficient",
    "worst_perturbation",
]

Reconstruction = Callable[[Array], Array]


def noise_coefficient(parameters: Parameters, *, scaled: bool = False) -> fmpq:
    """Return the factor of ‖e‖ in the bound of ‖ψ_n(y+e) - x‖: 2C2' for a fixed δ, 2C2'/(1-v) if δ grows with ‖e‖.

    It bounds distances to x, and is not proved to be a Lipschitz constant of the network: between two outputs, add two
    bounds.
    """
    coefficient = 2 * parameters.c2_prime
    return coefficient / (1 - parameters.v) if scaled else coefficient


@short_repr()
@dataclass(frozen=True, eq=False)
class Perturbation:
    """The worst perturbation that a search found; the theorem's bound holds for all.

    Attributes:
        vector: e, shape (m, 1).
        error: ‖ψ_n(y+e) - x‖, rounded up, for the computed ψ_n.
        unperturbed: ‖ψ_n(y) - x‖, rounded up.
        bound: C2'·(2λσ(x) + 2‖Ax-y‖ + 2‖e‖ + g_n), for the largest ‖e‖ that was allowed, with the rounding errors of
            all passes.
    """

    vector: ExactMatrix
    error: fmpq
    unperturbed: fmpq
    bound: fmpq

    @property
    def sharpness(self) -> float:
        """The error over the bound, at most 1."""
        return to_float(self.error / self.bound)


def worst_perturbation(
    network: Firenet,
    data: VectorLike,
    truth: VectorLike,
    forward: Callable[[Firenet, ExactMatrix], Output],
    *,
    size: fmpq,
    starts: int = 20,
    steps: int = 10,
    seed: int = 0,
) -> Perturbation:
    """Search for e, ‖e‖ <= size, for which the output of a network is as far from x as possible.

    Random directions first, and then steps along the gradient of the error at the worst of them, by differences.

    Args:
        network: with all hypotheses of the theorem satisfied.
        data: y, shape (m, 1), or m numbers that are read exactly; so are all vectors.
        truth: x, shape (N, 1).
        forward: a forward pass, such as `firenet_exact.arithmetic.float64.forward`.
        size: of the perturbations, >= 0.
        starts: random directions.
        steps: along gradients; each takes about m forward passes.
        seed: of the random directions.

    Raises:
        UsageError: if a hypothesis fails, or 2λσ(x) + 2‖Ax-y‖ + 2·size is more than the network's δ.

    >>> from flint import fmpq
    >>> from firenet_exact import Firenet, Levels, decide, exact_column, exact_matrix, forward
    >>> from firenet_exact import network_parameters, operator_norm, worst_perturbation
    >>> matrix = exact_matrix([[1, 0], [0, 1]])
    >>> proved, norm = decide(matrix, Levels.of([2], [1]), method="coherence").proved, operator_norm(matrix)
    >>> network = Firenet(matrix, network_parameters(proved, norm, delta=1, epsilon0=2, n=2), proved=proved, norm=norm)
    >>> y = x = exact_column([1, 0])
    >>> found = worst_perturbation(network, y, x, forward, size=fmpq(1, 10), starts=2, steps=1)
    >>> found.unperturbed <= found.error <= found.bound
    True
    """
    data, truth = exact_column(data), exact_column(truth)
    parameters = network.parameters
    if network.violations_at(data):
        raise UsageError(f"the theorem does not hold for this network: {network.violations_at(data)[0]}")
    misfit = upper_root(column_norm2(network.matrix @ truth - data))
    c = 2 * parameters.lam * sigma_above(parameters.levels, truth) + 2 * (misfit + size)
    if size < 0 or c > parameters.delta:
        raise UsageError(
            f"2λσ(x) + 2‖Ax-y‖ + 2‖e‖ may be up to {above(c)}, and the network is made for "
            f"δ = {below(parameters.delta)}; make it with a larger δ"
        )
    if network.objective_above(data, network.initial) + size > parameters.epsilon0:
        raise UsageError(f"ε_0 = {below(parameters.epsilon0)} is too small for y + e; make it with a larger one")
    search = _Search(network, data, truth, forward, to_float(size))
    unperturbed = search.best[0]
    rng = np.random.default_rng(seed)
    for index in range(starts):
        if index == 0:  # the error as the matrix sees it
            direction = (network.matrix @ (search.output.point - truth)).to_float()[:, 0]
        else:
            direction = rng.standard_normal(data.rows) + (1j * rng.standard_normal(data.rows) if search.complex else 0)
        search.towards(direction)
    for _ in range(steps):
        if not search.climb():
            break
    error, vector = search.best
    return Perturbation(vector, error, unperturbed, a_priori_bound(parameters, c, gap=search.gap))


class _Search:
    """The worst perturbation so far, and the largest gap bound of all passes."""

    def __init__(
        self,
        network: Firenet,
        data: ExactMatrix,
        truth: ExactMatrix,
        forward: Callable[[Firenet, ExactMatrix], Output],
        size: float,
    ) -> None:
        self.complex = not (network.matrix.is_real and data.is_real)
        self._network, self._data, self._truth, self._forward = network, data, truth, forward
        self._size = size * (1 - 2.0**-40)  # so that the rounded vector is no longer than it may be
        self.gap = fmpq(0)
        zero = data - data
        self.output = self._pass(zero)
        self.best = (self._error(self.output), zero)

    def towards(self, direction: Array) -> bool:
        """Try the perturbation of full size in a direction; return whether it is the worst so far."""
        length = float(np.linalg.norm(direction))
        if not length > 0 or self._size == 0:
            return False
        vector = as_vector(direction * (self._size / length))
        error = self._error(self._pass(vector))
        worse = error > self.best[0]
        if worse:
            self.best = (error, vector)
        return worse

    def climb(self) -> bool:
        """Go from the worst perturbation so far along the gradient of the error; return whether that was worse."""
        here, gradient = self.best[1].to_float()[:, 0], self._gradient()
        length = float(np.linalg.norm(gradient))
        if not length > 0:
            return False
        shares = (1.0, 0.5, 0.125)
        return any(self.towards((1 - a) * here + (a * self._size / length) * gradient) for a in shares)

    def _gradient(self) -> Array:
        """Return the gradient of the error a little inside of the worst perturbation, by differences."""
        here, step = self.best[1].to_float()[:, 0] * (1 - 2.0**-7), self._size * 2.0**-8
        error, units = self._error_at(here), step * np.eye(len(here))
        slopes = np.array([to_float(self._error_at(here + unit) - error) for unit in units])
        if not self.complex:
            return slopes
        return slopes + 1j * np.array([to_float(self._error_at(here + 1j * unit) - error) for unit in units])

    def _error_at(self, vector: Array) -> fmpq:
        return self._error(self._pass(as_vector(vector)))

    def _pass(self, vector: ExactMatrix) -> Output:
        output = self._forward(self._network, self._data - scaled(vector, fmpq(-1)))
        self.gap = max(self.gap, output.gaps[-1])
        return output

    def _error(self, output: Output) -> fmpq:
        return upper_root(column_norm2(output.point - self._truth))


@short_repr()
@dataclass(frozen=True, eq=False)
class KernelAwareness:
    """A reconstruction map at the data of two vectors, in exact arithmetic on the floats that went in and came out.

    Attributes:
        errors: ‖Ψ(y_1) - x_1‖ and ‖Ψ(y_2) - x_2‖, rounded up.
        distance: ‖x_1 - x_2‖, rounded down.
        separation: ‖y_1 - y_2‖, rounded up.
    """

    errors: tuple[fmpq, fmpq]
    distance: fmpq
    separation: fmpq

    @property
    def moved(self) -> fmpq:
        """A lower bound of ‖Ψ(y_1) - Ψ(y_2)‖, at least 0."""
        return max(self.distance - sum(self.errors, fmpq(0)), fmpq(0))

    @property
    def lipschitz(self) -> fmpq | None:
        """A lower bound of each local Lipschitz constant of Ψ whose ball has both data; None if y_1 = y_2."""
        return self.moved / self.separation if self.separation > 0 else None


def kernel_awareness(
    reconstruct: Reconstruction,
    matrix: MatrixLike,
    first: VectorLike,
    second: VectorLike,
) -> KernelAwareness:
    """Bound the instability of a reconstruction map from below, with two vectors that it may recover too well.

    y_i is the float64 vector nearest to A x_i; what is stated is about the map at these floats.

    Args:
        reconstruct: Ψ, from an array of length m to one of length N.
        matrix: A, shape (m, N), or rows of numbers that are read exactly.
        first: x_1, shape (N, 1), or N numbers.
        second: x_2, shape (N, 1), or N numbers.

    Raises:
        UsageError: if a vector has another shape.
        DataError: if the output is no vector of finite numbers of length N, or for equal data not the same twice.
    """
    matrix, first, second = exact_matrix(matrix), exact_column(first), exact_column(second)
    errors, data, outputs = [], [], []
    for x in (first, second):
        if (x.rows, x.cols) != (matrix.cols, 1):
            raise UsageError(f"the vectors must be {matrix.cols} x 1, not {x.rows} x {x.cols}")
        y = (matrix @ x).to_float()[:, 0]
        found = laid_out(reconstruct(y.copy()))
        if found.shape != (matrix.cols,):
            raise DataError(
                f"the map must return a vector of length {matrix.cols}, not an array of shape {found.shape}"
            )
        output = matrix_of(found.as_column())
        errors.append(upper_root(column_norm2(output - x)))
        data.append(exact_column(y.tolist()))
        outputs.append(output)
    separation = upper_root(column_norm2(data[0] - data[1]))
    if separation == 0 and outputs[0] != outputs[1]:
        raise DataError("the map gave two answers for the same data; it must be deterministic")
    return KernelAwareness((errors[0], errors[1]), _root_below(column_norm2(first - second)), separation)


def adversarial_training_error(matrix: MatrixLike, first: VectorLike, second: VectorLike) -> fmpq:
    """Return ‖x_1 - x_2‖/2, rounded down: the error at two vectors with equal data of each map that minimises eq. 8.

    Args:
        matrix: A, shape (m, N), or rows of numbers that are read exactly.
        first: x_1, shape (N, 1), or N numbers.
        second: x_2, shape (N, 1), or N numbers.

    Raises:
        UsageError: if A(x_1 - x_2) is not 0, exactly, or the vectors have another shape.
    """
    matrix, first, second = exact_matrix(matrix), exact_column(first), exact_column(second)
    for x in (first, second):
        if (x.rows, x.cols) != (matrix.cols, 1):
            raise UsageError(f"the vectors must be {matrix.cols} x 1, not {x.rows} x {x.cols}")
    difference = first - second
    if column_norm2(matrix @ difference) != 0:
        raise UsageError("A(x_1 - x_2) must be 0, exactly")
    return _root_below(column_norm2(difference)) / 2


def _root_below(square: fmpq) -> fmpq:
    """Return √square if that is rational, and otherwise a little less."""
    return square / upper_root(square) if square > 0 else fmpq(0)
