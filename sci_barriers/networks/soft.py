"""The networks that the constructive algorithms output: one hidden layer of ReLU, rational weights.

φ(y) = (η·z, g·soft(y', θ)) with (η, y') = U^T y, a vector z in Q^d, a gain g that approximates 1/c, and θ = ε (bpdn),
λg/2 (lasso) or 0 (sqrt-lasso); soft(t, θ) = relu(t - θ) - relu(-t - θ). Source: docs/reads.md, "The network".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq

from exact_base.linalg import identity
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Scalar, as_rational, zeros
from sci_barriers.networks.relu import Layer, ReluNetwork
from sci_barriers.omega.families import OmegaClass
from sci_barriers.omega.union import threshold

__all__ = ["SoftNetwork"]


@short_repr()
@dataclass(frozen=True)
class SoftNetwork:
    """The network with these numbers; `relu` is it, layer by layer.

    Attributes:
        omega: the class, for its sizes, problem and disguise.
        first: z, rational, length d.
        gain: g > 0, or None if there is nothing but the sample y_1, where g does not matter (0 in `relu`).
    """

    omega: OmegaClass
    first: ExactArray
    gain: fmpq | None

    @property
    def relu(self) -> ReluNetwork:
        """The weights and biases, all rational; widths m, 2m, N."""
        omega, m, d = self.omega, self.omega.rows, self.omega.ties
        gain = fmpq(0) if self.gain is None else self.gain
        level = as_rational(threshold(omega.problem, omega.parameter, gain))
        straight = omega.disguised(identity(m))  # U is symmetric
        bias, outer = zeros(2 * m), zeros((omega.columns, 2 * m))
        for i in range(1, m):
            bias[i] = bias[m + i] = -level
            outer[d + i - 1, i], outer[d + i - 1, m + i] = gain, -gain
        outer[:d, 0], outer[:d, m] = self.first, -self.first
        return ReluNetwork(
            (
                Layer(_entries(np.concatenate([straight, -straight])), bias, m),
                Layer(_entries(outer), zeros(omega.columns), 2 * m),
            )
        )

    def __call__(self, y: ExactArray) -> ExactArray:
        """Evaluate φ at y of length m, exactly; length N."""
        return self.relu(y)


def _entries(matrix: ExactArray) -> dict[tuple[int, int], Scalar]:
    return {(i, j): value for (i, j), value in np.ndenumerate(matrix) if value}
