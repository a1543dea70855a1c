"""ReLU networks with exact weights, and the one that interpolates given values.

Source: docs/network-exists.md, "Theorem 1".
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from exact_base.errors import DataError
from exact_base.rationals import power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import (
    ComplexNumber,
    ExactArray,
    Real,
    Scalar,
    exact_vector,
    imaginary_part,
    real_part,
    sign,
    zeros,
)
from sci_barriers.problems.base import ceiling

__all__ = ["Layer", "ReluNetwork", "interpolating_network"]


@short_repr()
@dataclass(frozen=True)
class Layer:
    """The affine map x ↦ Wx + b.

    Attributes:
        weights: the non-zero entries of W by position, from 0; shape (len(bias), inputs).
        bias: b.
        inputs: the length of x.
    """

    weights: Mapping[tuple[int, int], Scalar]
    bias: ExactArray
    inputs: int

    @property
    def outputs(self) -> int:
        """The length of Wx + b."""
        return len(self.bias)

    def __call__(self, x: ExactArray) -> ExactArray:
        """Return Wx + b."""
        result = self.bias.copy()
        for (i, j), weight in self.weights.items():
            if x[j]:
                result[i] = result[i] + weight * x[j]
        return result


@short_repr()
@dataclass(frozen=True)
class ReluNetwork:
    """A feedforward network C^m → C^N: affine layers with ρ(z) = max(Re z, 0), entrywise, between them.

    With real weights on real inputs ρ is the ReLU. In general it is a ReLU network of the real and imaginary parts.
    """

    layers: tuple[Layer, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """The numbers of inputs, hidden units and outputs, from the first layer to the last."""
        return (self.layers[0].inputs, *(layer.outputs for layer in self.layers))

    @property
    def parameters(self) -> int:
        """The number of weights and biases that are not zero."""
        return sum(sum(map(bool, (*layer.weights.values(), *layer.bias))) for layer in self.layers)

    def __call__(self, y: Any) -> ExactArray:
        """Return the output at y, of length m, without any rounding.

        Raises:
            DataError: if y is not a vector of m exact numbers.
            FieldError: if y lies in another field than the weights.
        """
        x = exact_vector(y, length=self.layers[0].inputs)
        for layer in self.layers[:-1]:
            x = layer(x)
            for i, value in enumerate(x):
                x[i] = real_part(value) if sign(real_part(value)) > 0 else fmpq(0)
        return self.layers[-1](x)


def interpolating_network(samples: Sequence[ExactArray], values: Sequence[ExactArray]) -> ReluNetwork:
    """Return a network that maps each sample, of length m, exactly to its value, of length N.

    The samples are projected to a line on which they differ; there, hat functions of one width around them add up to
    the values: x(y) = Σ_k hat_k(y)·x_k. Hidden widths 1, 2R, R for R samples.

    Args:
        samples: y_1..y_R, different, exact; real parts and imaginary parts in one field Q(√s).
        values: x_1..x_R.

    Raises:
        DataError: if two samples are equal, or there are none, or not as many values.
        FieldError: if the samples do not lie in one field.
    """
    if not samples or len(samples) != len(values):
        raise DataError(f"as many values as samples are needed, at least one, got {len(samples)} and {len(values)}")
    row, places, order = _projection(samples)
    m, count = len(samples[0]), len(samples)
    # the first hidden unit holds the place on the line, moved so that it is not negative at any sample
    shift = ceiling(-places[order[0]], bits=0)
    gaps = [places[right] - places[left] for left, right in itertools.pairwise(order)]
    width = _power_below(min(gaps)) if gaps else fmpq(1)
    one = fmpq(1)
    sides: dict[tuple[int, int], Scalar] = {}
    hats: dict[tuple[int, int], Scalar] = {}
    knots = zeros(2 * count)
    for k, place in enumerate(places):
        at = place + shift
        sides |= {(2 * k, 0): one, (2 * k + 1, 0): -one}
        knots[2 * k], knots[2 * k + 1] = -at, at
        hats |= {(k, 2 * k): -1 / width, (k, 2 * k + 1): -1 / width}
    first = zeros(1)
    first[0] = shift
    return ReluNetwork(
        (
            Layer({(0, i): entry for i, entry in enumerate(row) if entry}, first, m),
            Layer(sides, knots, 1),
            Layer(hats, zeros(count) + one, 2 * count),
            Layer(
                {(i, k): entry for k, value in enumerate(values) for i, entry in enumerate(value) if entry},
                zeros(len(values[0])),
                count,
            ),
        )
    )


def _projection(samples: Sequence[ExactArray]) -> tuple[list[Scalar], list[Real], list[int]]:
    """Return a row v, the places Re(v y_k), all different, and the samples in the order of their places.

    v = (1, j, j², ...), or (1 - ij, j² - ij³, ...) if some sample is complex, with the least j that will do. Two
    samples have one place for at most 2m - 1 values of j, the roots of a polynomial, so some j will.
    """
    is_complex = any(imaginary_part(entry) != 0 for sample in samples for entry in sample)
    j = 0
    while True:
        powers = [fmpq(j) ** p for p in range(2 * len(samples[0]))]
        row: list[Scalar] = list(powers[: len(samples[0])])
        if is_complex:
            row = [ComplexNumber(re, -im) if im != 0 else re for re, im in zip(powers[::2], powers[1::2], strict=True)]
        places: list[Real] = [real_part(_product(row, sample)) for sample in samples]
        order = sorted(range(len(samples)), key=places.__getitem__)
        equal = [(a, b) for a, b in itertools.pairwise(order) if places[a] == places[b]]
        if not equal:
            return row, places, order
        same = next(((a, b) for a, b in equal if not any(samples[a] - samples[b])), None)
        if same is not None:
            a, b = sorted(same)
            raise DataError(f"samples {a + 1} and {b + 1} are equal; give each sample once")
        j += 1


def _product(row: Sequence[Scalar], sample: ExactArray) -> Scalar:
    total: Scalar = fmpq(0)
    for weight, entry in zip(row, sample, strict=True):
        if weight and entry:
            total = total + weight * entry
    return total


def _power_below(value: Real) -> fmpq:
    """Return a power of two in (value/2, value] for value > 0."""
    exponent = 0
    while power_of_two(exponent) > value:
        exponent -= 1
    while power_of_two(exponent + 1) <= value:
        exponent += 1
    return power_of_two(exponent)
