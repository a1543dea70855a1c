"""What is known of float64, and how it bounds the rounding errors of a restart (docs/firenet.md, "Float64")."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError
from exact_base.rationals import to_float
from exact_base.reprs import short_repr
from firenet_exact.arithmetic.rounding import amplification
from firenet_exact.parameters import Parameters

__all__ = [
    "LARGEST",
    "MOST",
    "SMALL",
    "TINY",
    "UNIT",
    "UPWARD",
    "Steps",
    "above",
    "check_arithmetic",
    "gamma",
    "in_range",
    "norm_above",
    "point_error",
    "scales",
]

UNIT = 2.0**-53  # u
TINY = 2.0**-1022  # ω: what an operation may lose where its result is subnormal
UPWARD = 1 + 2.0**-40  # more than (1-u)^-1024: fewer than 1024 operations with numbers >= 0 lose no more
LARGEST, SMALL = 2.0**500, 2.0**-480  # no square overflows; squares that underflow are those of less than SMALL
MOST = 2**28  # of lengths of sums and of numbers of blocks


@short_repr()
@dataclass(frozen=True, kw_only=True)
class Steps:
    """What the blocks of a network are bounded by, in float64, whatever the vectors are.

    Attributes:
        rows: the number of entries of u, in real form, at most.
        cols: the number of entries of x, in real form.
        p: blocks between restarts.
        t: at least t.
        f: at least 1/√(1-t²).
        back: at least ‖computed B*u - τA*u‖/‖u‖, but for underflow.
        ahead: at least ‖computed Bx - τAx‖/‖x‖, but for underflow.
        thresholds: at least ‖τλw‖.
        paired: whether soft thresholds move pairs.
    """

    rows: int
    cols: int
    p: int
    t: float
    f: float
    back: float
    ahead: float
    thresholds: float
    paired: bool

    @staticmethod
    def of(
        parameters: Parameters,
        *,
        rows: int,
        cols: int,
        back: float,
        ahead: float,
        thresholds: float,
        paired: bool,
    ) -> Steps:
        """Return the bounds for the parameters of a network; see the attributes.

        Raises:
            UsageError: if t = 1.
        """
        t, f = above(parameters.t), above(amplification(parameters))
        sizes = {"rows": rows, "cols": cols, "p": parameters.p, "t": t, "f": f}
        return Steps(**sizes, back=back, ahead=ahead, thresholds=thresholds, paired=paired)  # type: ignore[arg-type]

    def restart_error(self, k: int, *, start: float, target: float, factor: float) -> float:
        """Return err of restart k up to the last multiplication, in the order of the page.

        Args:
            k: the restart, counted from 0, for messages.
            start: at least the norm of the first x.
            target: at least ‖ταy‖.
            factor: at least βp.

        Raises:
            DataError: if an iterate might overflow, or the bound is not finite.
        """
        p, u = self.p, UNIT
        tiny = 8 * TINY * (self.rows + 4) * (self.cols + 4)
        projected = gamma(self.rows + 6)
        dual = 1 + projected
        step_back = self.t + self.back
        step = self.t + self.ahead
        moved = step_back * dual + tiny
        most = (start + p * moved) * (1 + 20 * p * u)
        if not (most < LARGEST and target < LARGEST):
            raise DataError(f"an iterate of restart {k + 1} may exceed 2^500; use fixed point")
        wide = 3 * most
        back = self.back * dual
        shrinking = 8 * u * (most + moved) if self.paired else 2 * u * (most + moved) * UPWARD + u * self.thresholds
        primal = back + shrinking + tiny
        ahead = self.ahead * wide * UPWARD + self.t * u * wide
        sums = 3 * u * (step * wide * UPWARD + target * UPWARD + dual)
        dual_error = ahead + sums + 4 * u * target + projected + tiny
        coupled = dual_error + 2 * self.t * primal
        block = math.sqrt(primal * primal + coupled * coupled + 2 * self.t * primal * coupled)
        begun = 4 * u * start + tiny
        mean = gamma(p) * most + tiny
        inner = (begun + (p + 1) / 2 * block) * self.f + mean
        error: float = factor * inner * UPWARD * UPWARD + TINY
        if not math.isfinite(error):
            raise DataError(f"the rounding errors of restart {k + 1} have no finite bound; use fixed point")
        return error


def scales(parameters: Parameters) -> list[tuple[float, float, float]]:
    """Return α_k and β_k, each within u of it, and an upper bound of β_k p, of each restart.

    Raises:
        DataError: if one is out of the range that is safe.
    """
    return [
        (in_range(alpha), in_range(beta), above(beta * parameters.p))
        for alpha, beta in zip(parameters.alphas, parameters.betas, strict=True)
    ]


def point_error(found: NDArray[Any], k: int, error: float) -> float:
    """Return err of restart k from that of its sum, for the computed ψ: the multiplication by β is rounded too.

    Raises:
        DataError: if it is not finite.
    """
    if not np.isfinite(found).all():
        raise DataError(f"float64 overflows in restart {k + 1}; use fixed point")
    return (error + 3 * UNIT * norm_above(found) + TINY * 2 * found.size) * UPWARD


def gamma(count: int) -> float:
    """Return an upper bound of γ_count = count·u/(1 - count·u), up to the rounding that `UPWARD` covers."""
    return count * UNIT * (1 + 2.0**-20)


def norm_above(vector: NDArray[Any]) -> float:
    """Return an upper bound of the l2 norm of a contiguous array of float64 or complex128."""
    flat = vector.reshape(-1).view(np.float64)
    if not -LARGEST < float(flat.min(initial=0.0)) <= float(flat.max(initial=0.0)) < LARGEST:
        raise DataError("a vector is too large for float64, or not finite; use fixed point")
    return math.sqrt(float(np.dot(flat, flat))) * (1 + 2.0**-20) + SMALL


def in_range(value: fmpq) -> float:
    """Return the nearest float of a positive number, within u of it relatively.

    Raises:
        DataError: if it is below 2^-480 or above 2^500.
    """
    found = to_float(value)
    if not SMALL < found < LARGEST:
        raise DataError(f"the parameters contain {found:.3g}, which is out of the range that is safe in float64")
    return found


def above(value: fmpq) -> float:
    """Return a float that is at least a rational value >= 0."""
    return math.nextafter(to_float(value), math.inf)


def check_arithmetic() -> None:
    """Raise DataError unless float64 computes here and now as IEEE 754 says unless told otherwise.

    It must round to nearest, ties to even, and neither take subnormal operands for zero nor put zero for subnormal
    results; a library built for speed may have changed either for the whole thread. The results are compared by their
    bits, as a comparison is arithmetic too.
    """
    one, half = np.array([1.0, -1.0, 1.0]), np.array([UNIT, -UNIT, 3 * UNIT])
    if (one + half).tolist() != [1.0, -1.0, 1.0 + 4 * UNIT]:
        raise DataError("float64 does not round to nearest here; change the rounding mode")
    least = np.array([1, 1 << 52], dtype=np.int64).view(np.float64)  # 2^-1074, subnormal, and 2^-1022
    if (least * np.array([2.0**52, 0.5])).view(np.int64).tolist() != [1 << 52, 1 << 51]:
        raise DataError(
            "float64 takes subnormal numbers for zero here (flush-to-zero, set by a library built with -ffast-math); "
            "use fixed point, or run without that library"
        )
