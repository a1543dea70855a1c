"""The networks that the constructive algorithms output: one hidden layer of ReLU, rational weights.

φ(y) = (η·z, g·soft(y', θ)) with (η, y') = U^T y, a vector z in Q^d, a gain g that approximates 1/c, and θ = ε (bpdn),
λg/2 (lasso) or 0 (sqrt-lasso); soft(t, θ) = relu(t - θ) - relu(-t - θ). Source: docs/reads.md, "The network".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import fmpq

from sci_barriers.classes import OmegaClass
from sci_barriers.constructive.union import threshold
from sci_barriers.exact import ExactArray, as_rational, zeros

__all__ = ["SoftNetwork"]


@dataclass(frozen=True)
class SoftNetwork:
    """The network with these numbers; `layers` are its weights and biases.

    Attributes:
        omega: the class, for its sizes, problem and disguise.
        first: z, rational, length d.
        gain: g > 0, or None if there is nothing but the sample y_1, where g does not matter (g = 0 in the layers).
    """

    omega: OmegaClass
    first: ExactArray
    gain: fmpq | None

    @property
    def layers(self) -> tuple[tuple[ExactArray, ExactArray], tuple[ExactArray, ExactArray]]:
        """(W_1, b_1), (W_2, b_2), all rational: φ(y) = W_2 relu(W_1 y + b_1) + b_2, with 2m hidden units."""
        omega, m, d = self.omega, self.omega.rows, self.omega.ties
        gain = fmpq(0) if self.gain is None else self.gain
        level = as_rational(threshold(omega.problem, omega.parameter, gain))
        identity = zeros((m, m))
        for i in range(m):
            identity[i, i] = fmpq(1)
        straight = omega.disguised(identity)  # U is symmetric
        bias = np.array([fmpq(0)] + [-level] * (m - 1), dtype=object)
        outer = zeros((omega.columns, 2 * m))
        outer[:d, 0], outer[:d, m] = self.first, -self.first
        for i in range(1, m):
            outer[d + i - 1, i], outer[d + i - 1, m + i] = gain, -gain
        return (np.concatenate([straight, -straight]), np.concatenate([bias, bias])), (outer, zeros(omega.columns))

    def __call__(self, y: ExactArray) -> ExactArray:
        """Evaluate φ at a rational y of length m, exactly; length N."""
        (inner, bias), (outer, offset) = self.layers
        hidden = inner @ y + bias
        result: ExactArray = outer @ np.array([max(v, fmpq(0)) for v in hidden], dtype=object) + offset
        return result
