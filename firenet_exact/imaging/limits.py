"""How far any proof by left inverses can go for a mask, by vectors of its kernel (docs/image-null-space.md).

For each vector v of the kernel of a block, and every H, max|I - H*A| >= ‖v‖_∞/‖v‖_1. The vectors are made of integers
in the transform domain that vanish on the mask, so that they are in the kernel exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError, UsageError
from exact_base.reprs import short_repr
from firenet_exact.transforms.walsh import hadamard

__all__ = ["SubbandLimit", "subband_limit"]

_BITS = 20


@short_repr()
@dataclass(frozen=True, eq=False)
class SubbandLimit:
    """What no proof of a subband, and no truth, exceeds, by an exact vector v of the kernel.

    Attributes:
        vector: v, shape (N_b,), integers.
        length: ‖v‖_1/‖v‖_∞; for every left inverse H, max|I - H*A| >= 1/length, of whatever form it is.
        refuted: the null space property of order s, ‖v_Δ‖_1 < ‖v_Δc‖_1 for all |Δ| <= s, is false from this s on.

    >>> import numpy as np
    >>> from firenet_exact.imaging.limits import subband_limit
    >>> limit = subband_limit(np.array([True, True, False, True]), np.array([0.0, 0.0, 1.0, 0.0]))
    >>> limit.length, limit.sparsity, limit.refuted
    (4, 1, 2)
    """

    vector: NDArray[np.int64] = field(repr=False)
    length: fmpq
    refuted: int

    @property
    def sparsity(self) -> int:
        """The largest s with θ = sμ < 1/2 that any left inverse could prove."""
        half = self.length / 2
        return int(-(-half.p // half.q)) - 1


def subband_limit(rows: NDArray[np.bool_], transform: NDArray[Any]) -> SubbandLimit:
    """Return what follows from the vector whose transform is near to a given one.

    Args:
        rows: which rows are sampled, in natural order, shape (N_b,).
        transform: floating point numbers, shape (N_b,); those of sampled rows do not matter.

    Raises:
        UsageError: if the shapes differ.
        DataError: if a number is not finite, or all of the others are 0.
    """
    values = np.where(rows, 0.0, transform) if rows.shape == transform.shape else None
    if values is None:
        raise UsageError(f"rows and transform must have the same shape, not {rows.shape} and {transform.shape}")
    most = float(np.abs(values).max())
    if not (np.isfinite(most) and most > 0):
        raise DataError("a vector of the kernel must be finite, and not 0 off the sampled rows")
    vector = hadamard(np.rint(values / most * 2**_BITS).astype(np.int64), copy=False)
    moduli = np.sort(np.abs(vector))[::-1]
    total = int(moduli.sum())
    refuted = int(np.searchsorted(2 * np.cumsum(moduli), total)) + 1
    return SubbandLimit(vector, fmpq(total, int(moduli[0])), refuted)
