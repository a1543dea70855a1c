"""A FIRENET for images, without a matrix: what it is made of, what is known of it, and files (docs/firenet.md)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError, UsageError
from exact_base.rationals import Readable, exact_number, float_exactly, upper_root
from exact_base.reprs import short_repr
from firenet_exact.arithmetic.float_model import norm_above
from firenet_exact.imaging.operators import ImageOperator
from firenet_exact.imaging.residual import residual_norm_above
from firenet_exact.imaging.samples import (
    OperatorNorm,
    checked_samples,
    data_norm_above,
    decode_operator,
    encode_operator,
    operator_norm_above,
)
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.network import decode_parameters, encode_parameters
from firenet_exact.network_files import digest_of, encoded, load, save
from firenet_exact.parameters import Known, Parameters, Violation, check_parameters, network_parameters
from proofs_checks.certificate.reading import decode_object

__all__ = ["CertifiedMask", "ImageFirenet", "class_parameters", "load_image_network"]

Array: TypeAlias = NDArray[Any]

FORMAT = "image-firenet-1"
_START = 16  # restarts until the start matters no more than this share of δ
_MOST_RESTARTS = 10_000


class CertifiedMask(Known, Protocol):
    """A null space property that is certified for the mask of a network."""

    @property
    def subbands(self) -> Subbands:
        """The subbands."""

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The mask, in sequency order."""

    @property
    def scales(self) -> Any:
        """The scales of the subbands."""


@short_repr()
@dataclass(frozen=True, eq=False)
class ImageFirenet:
    """The network ψ_n for A = D P V Ψ*: it takes samples of an image, and gives Haar coefficients.

    Attributes:
        operator: A; Walsh or Fourier samples.
        parameters: its numbers; they need not satisfy the theorem, see `violations`.
        initial: an initial guess x0, shape (N,), float64 or, for Fourier samples, complex128; or None for 0.
        proved: the null space property of A, if it is certified for this mask and these scales.

    Raises:
        UsageError: if the parts do not belong together.

    >>> import numpy as np
    >>> from firenet_exact import Levels, own_parameters
    >>> from firenet_exact.imaging.operators import ImageOperator
    >>> from firenet_exact.imaging.samples import operator_norm_above
    >>> operator = ImageOperator(transform="walsh", dimension=2, bits=1, mask=np.ones((2, 2), dtype=bool))
    >>> norm = operator_norm_above(operator)
    >>> numbers = own_parameters(Levels.of([4], [1]), norm, lam=1, delta="1/100", epsilon0=1, p=8, n=3)
    >>> ImageFirenet(operator, numbers).depth
    73
    """

    operator: ImageOperator
    parameters: Parameters
    initial: Array | None = None
    proved: CertifiedMask | None = None

    def __post_init__(self) -> None:
        """Refuse parts that do not belong together."""
        size, found = self.operator.subbands.columns, self.parameters.levels.columns
        if found != size:
            raise UsageError(f"the levels end with coefficient {found}, but there are {size}")
        if self.initial is not None:
            kinds = (np.float64, np.complex128) if self.operator.transform == "fourier" else (np.float64,)
            if self.initial.shape != (size,) or self.initial.dtype not in kinds:
                raise UsageError(f"an initial guess is a {kinds[-1].__name__} array of shape ({size},)")
            if not np.isfinite(self.initial).all():
                raise DataError("the initial guess contains NaN or infinite numbers")
        if self.proved is not None and not _is_about(self.proved, self.operator):
            raise UsageError("the null space property must be that of this mask and these scales")

    @property
    def depth(self) -> int:
        """The number 3np + 1 of layers."""
        return 3 * self.parameters.n * self.parameters.p + 1

    @property
    def width(self) -> int:
        """The width 2(N + m) of the widest layer."""
        return 2 * (self.operator.subbands.columns + self.operator.shape[0])

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """The hypotheses of the theorem that do not hold, or are not certified, for every y.

        ‖A‖ <= L needs no certificate: V and Ψ are unitary.
        """
        found = check_parameters(self.parameters, proved=self.proved, norm=operator_norm_above(self.operator))
        if self.proved is None and not any(violation.name == "null-space" for violation in found):
            found.append(Violation("null-space", "the null space property of this mask is assumed, not certified"))
        return tuple(found)

    def violations_at(self, samples: Array) -> tuple[Violation, ...]:
        """Return those hypotheses, and the one on ε_0 and the samples at hand, shape (n, ..., n)."""
        start = self.start_above(samples)
        if start <= self.parameters.epsilon0:
            return self.violations
        late = check_parameters(self.parameters, start=start)
        return self.violations + tuple(violation for violation in late if violation.name == "start")

    def start_above(self, samples: Array) -> fmpq:
        """Return an upper bound of F(x0) = λ‖x0‖_w + ‖A x0 - y‖ for the initial guess, or for 0."""
        given = checked_samples(self.operator, samples)
        if self.initial is None:
            return data_norm_above(self.operator, given)
        levels, weighted = self.parameters.levels, fmpq(0)
        for start, end, weight in zip(levels.starts, levels.ends, levels.weights, strict=True):
            weighted += weight * _sum_above(self.initial[start:end])
        return self.parameters.lam * weighted + residual_norm_above(self.operator, self.initial, given)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is saved, in hexadecimal."""
        return digest_of(self._content())

    def encoded(self) -> bytes:
        """Return the file that determines the network, as exact JSON: A, the parameters, and the initial guess."""
        return encoded(self._content())

    def save(self, path: Path) -> None:
        """Write that file; the certificate of the mask is a file of its own.

        Raises:
            UsageError: if the file cannot be written.
        """
        save(path, self._content())

    def _content(self) -> dict[str, Any]:
        initial = None
        if self.initial is not None:
            kind = "<c16" if np.iscomplexobj(self.initial) else "<f8"
            initial = {"type": kind, "bytes": self.initial.astype(kind).tobytes().hex()}
        return {
            "format": FORMAT,
            "initial": initial,
            "operator": encode_operator(self.operator),
            "parameters": encode_parameters(self.parameters),
        }


def class_parameters(
    proved: CertifiedMask, *, radius: Readable, delta: Readable, n: int | None = None, high: fmpq | None = None
) -> Parameters:
    """Return the parameters of a network for every y of J(δ, s, M, w), equation 9 of the paper, in any radius.

    That is for all y = Ax + e with ‖x‖ <= b, σ(x) <= δ and ‖e‖ <= δ. The c(x, y) of the theorem is at most 2(1+λ)δ,
    and ‖y‖ at most ‖A‖b + δ.

    Args:
        proved: the certified property of the mask.
        radius: b > 0; the paper has 1.
        delta: δ > 0.
        n: the number of restarts; until the start matters little, if not given.
        high: at least ‖A‖; from the scales, if not given.

    Raises:
        UsageError: if radius or δ is not positive, or ρ and γ make no network.
        DataError: if one is no finite number.
    """
    b, d = exact_number(radius), exact_number(delta)
    if not (b > 0 and d > 0):
        raise UsageError(f"the radius and δ must be positive, not {b} and {d}")
    if high is None:
        high = upper_root(max(proved.scales))
    aim = 2 * (1 + proved.best.lam) * d
    epsilon0 = high * b + d
    if n is None:
        n, left = 1, epsilon0 * fmpq(3, 8)
        while left > aim / _START:
            n, left = n + 1, left * fmpq(3, 8)
            if n > _MOST_RESTARTS:
                raise UsageError(f"more than {_MOST_RESTARTS} restarts would be needed; give a larger δ, or n")
    return network_parameters(proved, OperatorNorm(high), delta=aim, epsilon0=epsilon0, n=n)


def load_image_network(path: Path, *, proved: CertifiedMask | None = None) -> ImageFirenet:
    """Read a network that was saved.

    Args:
        path: the file.
        proved: the null space property of its mask, if certified.

    Raises:
        UsageError: if the file cannot be opened, or the property belongs to another mask.
        DataError: if it is no network, or damaged.
    """

    def build(found: dict[str, Any]) -> ImageFirenet:
        operator = decode_operator(found["operator"])
        initial = None if found["initial"] is None else _initial(found["initial"])
        return ImageFirenet(operator, decode_parameters(found["parameters"]), initial, proved)

    return load(path, ("initial", "parameters", "operator"), build, written_as=FORMAT)


def _initial(value: object) -> Array:
    fields = decode_object(value, ("bytes", "type"), "initial")
    if fields["type"] not in ("<f8", "<c16"):
        raise DataError(f"the initial guess has the type {fields['type']!r:.20}")
    found: Array = np.frombuffer(bytes.fromhex(fields["bytes"]), dtype=fields["type"])
    return found.astype(found.dtype.newbyteorder("="))


def _is_about(proved: CertifiedMask, operator: ImageOperator) -> bool:
    return (
        operator.transform == "walsh"
        and proved.subbands == operator.subbands
        and np.array_equal(proved.mask, operator.mask)
        and tuple(proved.scales) == operator.scales
    )


def _sum_above(vector: Array) -> fmpq:
    """Return an upper bound of the l1 norm of floats; at most 2^28 numbers >= 0 lose less than 2^-24 in a sum."""
    norm_above(vector)  # refuses what is not finite
    return float_exactly(float(np.abs(vector).sum()) * (1 + 2.0**-20) + vector.size * 2.0**-1000)
