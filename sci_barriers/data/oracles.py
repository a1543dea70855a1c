"""Oracles: honest and adversarially noisy training data, all of it valid, of general inputs and of class members.

Every oracle answers equal (k, n) alike, and its A_n does not depend on k. See docs/theory.md, "The model" for the three
inequalities a triple must satisfy, and `sci_barriers.data.validity` for the check of them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.enclosures import enclosed
from exact_base.errors import DataError, ProtocolError
from exact_base.rationals import power_of_two, sqrt_ceiling
from exact_base.reprs import within
from exact_base.scalars import ExactArray, exact_array, norm2, zeros
from exact_base.words import shown
from sci_barriers.data.inputs import Input
from sci_barriers.data.training_data import Triple
from sci_barriers.omega.families import Instance
from sci_barriers.problems import Minimiser, Problem
from sci_barriers.problems.solve import solve_exactly

__all__ = ["HonestOracle", "NoisyInstanceOracle", "NoisyOracle", "NoisyStructuredRead"]

_SPARE_BITS = 20
"""A noisy oracle spends all but about 2^-19 of the error 2^-n that it may make, relatively."""


class HonestOracle:
    """Rounds A and y_k to within 2^-n, and solves the rounded problem to within 2^-n."""

    def __init__(
        self,
        matrix: Any,
        samples: Sequence[Any],
        *,
        problem: str,
        parameter: Any,
        weights: Any = None,
        minimise: Callable[[Problem], Minimiser] = solve_exactly,
    ) -> None:
        """Answer about (A, {y_1..y_R}).

        Args:
            matrix: A, shape (m, N), entries as accepted by `enclosed`.
            samples: y_1..y_R.
            problem: name of the problem.
            parameter: ε or λ.
            weights: w, all ones if not given.
            minimise: returns a certified minimiser of a problem with dyadic data; the default is for real data.

        Raises:
            DataError: for data that do not fit together.
        """
        self.input = Input.create(matrix, samples, problem=problem, parameter=parameter, weights=weights)
        self._minimise = minimise
        self._matrices: dict[int, ExactArray] = {}
        self._answers: dict[tuple[int, int], Triple] = {}
        self.minimisers: dict[tuple[int, int], Minimiser] = {}

    def __repr__(self) -> str:
        """Say what it answers about, for the reports of failed tests."""
        return within(f"<{type(self).__name__} of {self.input}>", f"<{type(self).__name__} of {self.input.problem}>")

    @property
    def samples(self) -> int:
        """R, the number of samples."""
        return len(self.input.samples)

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n); the minimiser behind x_kn is kept in `minimisers`.

        Raises:
            ProtocolError: if there is no such datum.
            BudgetError: if an entry of A or y_k cannot be enclosed well enough.
            SolverError: if the rounded problem cannot be solved, for instance because bpdn has become infeasible.
        """
        _require_datum(k=k, n=n, samples=self.samples)
        if (k, n) not in self._answers:
            if n not in self._matrices:
                self._matrices[n] = self._approximate_matrix(n)
            matrix, data = self._matrices[n], self._approximate_data(k, n)
            minimiser = self._minimise(self.input.instance(matrix, data))
            self.minimisers[k, n] = minimiser
            self._answers[k, n] = Triple(
                k=k, n=n, matrix=matrix, data=data, point=self._approximate_point(minimiser.point, k, n)
            )
        return self._answers[k, n]

    def _approximate_matrix(self, n: int) -> ExactArray:
        return self.input.matrix.dyadic(n)

    def _approximate_data(self, k: int, n: int) -> ExactArray:
        return self.input.samples[k - 1].dyadic(n)

    def _approximate_point(self, point: ExactArray, k: int, n: int) -> ExactArray:
        return enclosed(point).dyadic(n)


class NoisyOracle(HonestOracle):
    """Valid answers that are nearly as wrong as they may be: each is off by about (1 - 2^-19)·2^-n in some direction.

    Directions are drawn from the seed, one for each n (matrix) or (k, n), of rank one or a single entry, unless the
    caller gives them. Minimisers answer the noisy problem, as they must, and are noisy themselves.
    """

    def __init__(
        self,
        matrix: Any,
        samples: Sequence[Any],
        *,
        problem: str,
        parameter: Any,
        weights: Any = None,
        minimise: Callable[[Problem], Minimiser] = solve_exactly,
        seed: int = 0,
        matrix_direction: Any = None,
        data_direction: Any = None,
        point_direction: Any = None,
    ) -> None:
        """Answer about (A, {y_1..y_R}) with noise; see `HonestOracle` for the other arguments.

        Args:
            matrix: A.
            samples: y_1..y_R.
            problem: name of the problem.
            parameter: ε or λ.
            weights: w.
            minimise: solves the noisy problem.
            seed: of the random directions.
            matrix_direction: direction of A_n - A, shape (m, N), the same for all n; zero means no noise.
            data_direction: direction of y_kn - y_k, length m.
            point_direction: direction of x_kn minus the minimiser, length N.
        """
        super().__init__(matrix, samples, problem=problem, parameter=parameter, weights=weights, minimise=minimise)
        rows, columns = self.input.matrix.shape
        self._seed = seed
        self._matrix_direction = _direction(matrix_direction, (rows, columns))
        self._data_direction = _direction(data_direction, (rows,))
        self._point_direction = _direction(point_direction, (columns,))

    def __repr__(self) -> str:
        """Say what it answers about, for the reports of failed tests."""
        return within(
            f"<{type(self).__name__} of {self.input}, seed {self._seed}>",
            f"<{type(self).__name__} of {self.input.problem}>",
        )

    def _noise(self, given: ExactArray | None, shape: tuple[int, ...], name: str, n: int) -> ExactArray:
        direction = random_direction(f"{self._seed}/{name}", shape) if given is None else given
        return _scaled(direction, bound=(1 - power_of_two(1 - _SPARE_BITS)) * power_of_two(-n))

    def _approximate_matrix(self, n: int) -> ExactArray:
        noise = self._noise(self._matrix_direction, self.input.matrix.shape, f"A/{n}", n)
        return self.input.matrix.dyadic(n + _SPARE_BITS) + noise

    def _approximate_data(self, k: int, n: int) -> ExactArray:
        noise = self._noise(self._data_direction, self.input.matrix.shape[:1], f"y/{k}/{n}", n)
        return self.input.samples[k - 1].dyadic(n + _SPARE_BITS) + noise

    def _approximate_point(self, point: ExactArray, k: int, n: int) -> ExactArray:
        noise = self._noise(self._point_direction, point.shape, f"x/{k}/{n}", n)
        return enclosed(point).dyadic(n + _SPARE_BITS) + noise


class NoisyStructuredRead:
    """What a noisy answer about a member of the class consists of: n, a_n, c_n and x_n."""

    def __init__(self, *, n: int, a: tuple[fmpq, ...], c: fmpq, point: ExactArray) -> None:
        """Hold an answer."""
        self.n, self.a, self.c, self.point = n, a, c, point


class NoisyInstanceOracle:
    """Noisy valid answers about one instance of the class, in its structured form; y is answered exactly.

    By the block structure ‖A_n - A‖ = max(‖a_n - a‖, |c_n - c|), and both are at most 2^-n. x_n is a point of the
    argmin set of (A_n, y), h(max a_n)·conv{e_i : i in argmax a_n}, moved by at most 2^-n. The noise in a is halved
    until a_n is positive and in the range where h is the height of that set.
    """

    samples = 1

    def __init__(self, instance: Instance, *, seed: int = 0) -> None:
        """Answer about `instance` with noise drawn from `seed`."""
        self.instance, self._seed = instance, seed
        self._answers: dict[int, NoisyStructuredRead] = {}
        self.transcript: list[NoisyStructuredRead] = []

    def __repr__(self) -> str:
        """Say what it answers about, for the reports of failed tests."""
        return within(
            f"<{type(self).__name__} of {self.instance}, seed {self._seed}>",
            f"<{type(self).__name__} of {self.instance.omega.problem}>",
        )

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n), k = 1, and append it to `transcript`.

        Raises:
            ProtocolError: if there is no such datum.
        """
        _require_datum(k=k, n=n, samples=1)
        if n not in self._answers:
            self._answers[n] = self._answer(n)
        answer = self._answers[n]
        self.transcript.append(answer)
        omega = self.instance.omega
        return Triple(
            k=k, n=n, matrix=lambda: omega.matrix(answer.a, answer.c), data=omega.data(), point=answer.point.copy()
        )

    def _answer(self, n: int) -> NoisyStructuredRead:
        instance, omega = self.instance, self.instance.omega
        bound, bits = (1 - power_of_two(-_SPARE_BITS)) * power_of_two(-n), n + 2 * _SPARE_BITS
        direction = random_direction(f"{self._seed}/a/{n}", (omega.ties,))
        a, size = tuple(instance.a), bound
        noisy = tuple(a + _scaled(direction, bound=size))
        while not _has_height(omega.problem, omega.parameter, noisy):
            size = size / 2
            noisy = tuple(a + _scaled(direction, bound=size))
        # c is known from above to 2^-bits; the noise leaves room for that
        noise = _scaled(random_direction(f"{self._seed}/c/{n}", (1,)), bound=bound)[0]
        c = sqrt_ceiling(instance.c2, bits=bits) + noise
        largest = max(noisy)
        winners = [i for i, entry in enumerate(noisy) if entry == largest]
        corner = random.Random(f"{self._seed}/vertex/{n}").choice(winners)
        point = zeros(omega.columns)
        point[corner] = omega.height(largest)
        point = point + _scaled(random_direction(f"{self._seed}/x/{n}", (omega.columns,)), bound=bound)
        return NoisyStructuredRead(n=n, a=noisy, c=c, point=point)


def _has_height(problem: str, parameter: fmpq, a: Sequence[fmpq]) -> bool:
    """Tell whether a > 0 and h(max a) is the height of the argmin set (it is 0 for max a too small)."""
    least = {"bpdn": fmpq(0), "lasso": parameter / 2, "sqrt-lasso": parameter}[problem]
    return min(a) > 0 and max(a) > least


def _require_datum(*, k: int, n: int, samples: int) -> None:
    if type(n) is not int or n < 1 or type(k) is not int or not 1 <= k <= samples:
        raise ProtocolError(
            f"there is no datum k = {shown(k)}, n = {shown(n)}: 1 <= k <= {samples} and n >= 1 are needed"
        )


def _direction(given: Any, shape: tuple[int, ...]) -> ExactArray | None:
    if given is None:
        return None
    direction = exact_array(given)
    if direction.shape != shape:
        raise DataError(f"a direction of shape {shape} is needed, got {direction.shape}")
    return direction


def random_direction(seed: str, shape: tuple[int, ...]) -> ExactArray:
    """Return a non-zero integer array of rank one, in half of all cases a single entry; the same for the same seed."""
    rng = random.Random(seed)
    factors = []
    single = rng.random() < 0.5
    for size in shape:
        factor = [rng.randint(-9, 9) for _ in range(size)]
        position = rng.randrange(size)
        if single:
            factor = [0] * size
        factor[position] = factor[position] or rng.choice((-1, 1))
        factors.append(np.array([fmpq(value) for value in factor], dtype=object))
    return factors[0] if len(factors) == 1 else np.outer(*factors)


def _scaled(direction: ExactArray, *, bound: fmpq) -> ExactArray:
    """Return t·direction with Frobenius norm between (1 - 2^-30)·bound and bound, t dyadic; zero for zero.

    Raises:
        DataError: if the direction is irrational.
    """
    size2 = norm2(direction)
    if size2 == 0:
        return direction
    if not isinstance(size2, fmpq):
        raise DataError("a direction must have rational entries")
    factor = bound / sqrt_ceiling(size2, bits=32 - _exponent(size2) // 2)
    grid = 32 - _exponent(factor)
    scaled: ExactArray = direction * (fmpq(math.floor(factor * power_of_two(grid))) * power_of_two(-grid))
    return scaled


def _exponent(value: fmpq) -> int:
    return int(value.p).bit_length() - int(value.q).bit_length()
