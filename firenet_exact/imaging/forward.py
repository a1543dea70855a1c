"""The forward pass of a network for images, and what it returns (docs/firenet.md, "Images")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import UsageError
from exact_base.rationals import float_exactly
from exact_base.reprs import short_repr
from firenet_exact.arithmetic.recursion import passes
from firenet_exact.imaging.fourier_float import FourierFloat64
from firenet_exact.imaging.network import ImageFirenet
from firenet_exact.imaging.samples import checked_samples
from firenet_exact.imaging.threads import one_thread
from firenet_exact.imaging.walsh_fixed import WalshFixed
from firenet_exact.imaging.walsh_float import WalshFloat64
from firenet_exact.parameters import Violation, a_priori_bound, gap_bounds

__all__ = ["ImageOutput", "forward"]

Array: TypeAlias = NDArray[Any]


@short_repr()
@dataclass(frozen=True, eq=False)
class ImageOutput:
    """The result of a forward pass.

    Attributes:
        network: the network.
        samples: what it was given, shape (n, ..., n), 0 where no sample is taken.
        arithmetic: `float64` or `integers`.
        point: the computed ψ_n, shape (N,), float64 or complex128: Haar coefficients.
        errors: err_1, ..., err_n: how far each computed restart is from the exact one of its computed start, if
            L >= ‖A‖.
        hypotheses: what the bounds of these errors assume beside the arithmetic's rules; empty for Walsh samples.
    """

    network: ImageFirenet
    samples: Array = field(repr=False)
    arithmetic: str
    point: Array = field(repr=False)
    errors: tuple[fmpq, ...]
    hypotheses: tuple[str, ...]

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """The hypotheses of the theorem that do not hold, or are not certified, for this network and y."""
        return self.network.violations_at(self.samples)

    @cached_property
    def gaps(self) -> tuple[fmpq, ...]:
        """g_0, ..., g_n: bounds of F(ψ_k) - F(x) for each x with c(x, y) <= δ, if nothing is violated."""
        return tuple(gap_bounds(self.network.parameters, self.errors))

    @cached_property
    def bounds(self) -> tuple[fmpq, ...]:
        """C2'·(δ + g_k), k = 0, ..., n: bounds of ‖ψ_k - x‖ for these x, under the same hypotheses."""
        return tuple(a_priori_bound(self.network.parameters, gap=gap) for gap in self.gaps)

    @property
    def bound(self) -> fmpq | None:
        """The theorem's bound of ‖ψ_n - x‖ for each x with c(x, y) <= δ; None if a hypothesis is violated."""
        return None if self.violations else self.bounds[-1]


def forward(
    network: ImageFirenet,
    samples: Array,
    *,
    arithmetic: Literal["float64", "integers"] = "float64",
    report: Callable[[int, Array], None] | None = None,
) -> ImageOutput:
    """Return the output of a network for the samples of an image.

    Args:
        network: the network; it needs t < 1.
        samples: P V c with noise, shape (n, ..., n), without D; what is not in the mask is ignored. In the order of
            sequency for Walsh, of numpy.fft for Fourier.
        arithmetic: `integers` gives the same bits everywhere, for Walsh samples.
        report: called with k = 1, ..., n and ψ_k, float64 or complex128, after each restart.

    Raises:
        UsageError: if the samples have another shape, or the arithmetic does not go with the transform.
        DataError: if a number is not finite, or out of the range that is safe.

    >>> import numpy as np
    >>> from firenet_exact import Levels, own_parameters
    >>> from firenet_exact.imaging.network import ImageFirenet
    >>> from firenet_exact.imaging.operators import ImageOperator
    >>> from firenet_exact.imaging.samples import operator_norm_above
    >>> operator = ImageOperator(transform="walsh", dimension=2, bits=1, mask=np.ones((2, 2), dtype=bool))
    >>> norm = operator_norm_above(operator)
    >>> numbers = own_parameters(Levels.of([4], [1]), norm, lam=1, delta="1/100", epsilon0=1, p=8, n=3)
    >>> forward(ImageFirenet(operator, numbers), np.zeros((2, 2))).point.tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    given = checked_samples(network.operator, samples)
    kinds = {
        ("float64", "walsh"): WalshFloat64,
        ("float64", "fourier"): FourierFloat64,
        ("integers", "walsh"): WalshFixed,
    }
    kind: Any = kinds.get((arithmetic, network.operator.transform))
    if kind is None:
        raise UsageError(f"the arithmetic must be float64, or integers for Walsh samples, not {arithmetic!r:.40}")
    operations, parameters = kind(network, given), network.parameters
    point = np.zeros(0)
    with one_thread(), np.errstate(all="ignore"):  # what overflows is refused, and what underflows is in the bound
        for k, found in enumerate(passes(operations, n=parameters.n, p=parameters.p)):
            point = operations.point(k, found.total)
            if report is not None:
                report(k + 1, point)
    errors = tuple(e if isinstance(e, fmpq) else float_exactly(e) for e in operations.errors)
    return ImageOutput(network, given, arithmetic, point, errors, operations.hypotheses)
