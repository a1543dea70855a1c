"""Theorem 4 for one mask: certified, its network, images of the class with noise, and bounds (docs/theorem4.md)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import NotCertifiedError, UsageError
from exact_base.rationals import float_exactly, round_up, to_float, upper_root
from exact_base.reprs import short_repr
from firenet_exact.arithmetic.float_model import norm_above
from firenet_exact.imaging.choose import Aim, largest_property, weights_for
from firenet_exact.imaging.forward import ImageOutput, forward
from firenet_exact.imaging.given import Compressibility, Noise, gaussian_noise, gaussian_total
from firenet_exact.imaging.masks import Pattern
from firenet_exact.imaging.network import ImageFirenet, class_parameters
from firenet_exact.imaging.operators import ImageOperator
from firenet_exact.imaging.property import WalshProperty, walsh_inverse, walsh_property
from firenet_exact.imaging.recovery import WalshRecovery, certify_image
from firenet_exact.imaging.residual import correlations_above, residual_squares_above
from firenet_exact.imaging.samples import checked_samples
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.imaging.weights import Weights, rounded_weights, uniform
from firenet_exact.levels import optimal_weights
from firenet_exact.parameters import a_priori_bound, gap_bounds
from firenet_exact.transforms import haar, walsh

__all__ = [
    "Drawn",
    "ImageClass",
    "Run",
    "Truth",
    "band_weights",
    "certified_mask",
    "draw",
    "image_class",
    "mask_of",
    "network_of",
    "restart_bounds",
    "resumed",
    "run_network",
]

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

_NORM_FAILURE, _CORRELATION_FAILURE = fmpq(1, 2**30), fmpq(1, 2**10)
_WEIGHT_BITS = 40
_BLOBS = 24


@short_repr()
@dataclass(frozen=True, kw_only=True)
class ImageClass:
    """J(δ, s, M, w) of equation 9 of the paper, with a radius, and what drawn noise of one deviation obeys.

    The class is all y = Ax + e with ‖x‖ <= radius, σ(x) <= δ and ‖e‖ <= δ. The other numbers bound Gaussian noise of
    the samples, and are what bounds after the fact are told of it.

    Attributes:
        radius: b.
        delta: δ.
        deviation: that of each sample.
        tail: what is left of each sparse level of a drawn image in l1 norm, besides its largest entries.
        noise: what bounds after the fact are told of the noise, by their names. `norm`: bounds of ‖e_l‖ for each level,
            which fail with a chance of at most 2^-30, as δ does; `correlation`: bounds of |H*e|_i for each coefficient
            i of each sparse level, and of ‖e_l‖ for dense ones, with a chance of 2^-10.
    """

    radius: fmpq
    delta: fmpq
    deviation: fmpq
    tail: fmpq
    noise: Mapping[str, Noise]


def band_weights(
    pattern: Pattern, subbands: Subbands, band: int, *, sparsity: int | None, levels: int
) -> Iterator[Weights]:
    """Yield better and better weights of a subband that is not fully sampled, until they certify a sparsity.

    Args:
        pattern: the mask.
        subbands: its subbands.
        band: the subband.
        sparsity: what is enough, with ρ = 1/2 and γ = √2; None: as large as can be.
        levels: the number of levels.
    """
    yield from weights_for(subbands.rows(pattern.mask, band), Aim.of(levels), sparsity=sparsity)


def certified_mask(
    pattern: Pattern, subbands: Subbands, weights: dict[int, Integers], *, sparsities: Sequence[int | None]
) -> WalshProperty:
    """Return what weights of the subbands prove of a mask, for the paper's levels and weights √(s/s_l).

    Args:
        pattern: the mask.
        subbands: its subbands.
        weights: integers for the sampled rows of each subband that is not fully sampled; uniform ones if not given.
        sparsities: s_l of each level; None: as large as ρ = 1/2 and γ = √2 allow. Those of fully sampled levels do not
            matter: they are dense.

    Raises:
        NotCertifiedError: if nothing follows.
    """
    chosen: list[Integers | None] = []
    for band in range(subbands.count):
        rows = subbands.rows(pattern.mask, band)
        if rows.all():
            chosen.append(None)
        else:
            chosen.append(weights[band] if band in weights else rounded_weights(uniform(rows).values))
    inverse = walsh_inverse(subbands, pattern.mask, chosen)
    ends = subbands.paper_ends
    levels = inverse.levels(ends)
    known = [level.size if level.full else s for level, s in zip(levels, sparsities, strict=True)]
    if None in known:
        largest = largest_property(inverse, ends).levels.sparsities
        known = [most if s is None else s for s, most in zip(known, largest, strict=True)]
    counts = [s for s in known if s is not None]
    for number, (level, s) in enumerate(zip(levels, counts, strict=True), 1):
        if s > level.size:
            raise UsageError(f"level {number} has {level.size} coefficients, which is less than the sparsity {s}")
    return walsh_property(inverse, ends, counts, weights=optimal_weights(counts, bits=_WEIGHT_BITS)[0])


def image_class(proved: WalshProperty, *, deviation: fmpq, radius: fmpq | None = None) -> ImageClass:
    """Return the class for Gaussian noise of one deviation of each sample (docs/theorem4.md, "The class").

    Args:
        proved: the certified mask.
        deviation: of each sample, before D.
        radius: b; √N if not given, as of images with values between -1 and 1.

    Raises:
        UsageError: if deviation or radius is not positive.
    """
    subbands = proved.subbands
    if not deviation > 0 or (radius is not None and not radius > 0):
        raise UsageError("the deviation of the noise and the radius must be positive")
    told = partial(gaussian_noise, proved.inverse, deviation=deviation, ends=proved.subband_ends)
    return ImageClass(
        radius=round_up(upper_root(fmpq(subbands.columns)) if radius is None else radius),
        delta=gaussian_total(proved.inverse, deviation=deviation, failure=_NORM_FAILURE),
        deviation=deviation,
        tail=deviation,
        noise={
            "norm": told(failure=_NORM_FAILURE, form="norm"),
            "correlation": told(
                failure=_CORRELATION_FAILURE, form=["norm" if dense else "correlation" for dense in proved.dense]
            ),
        },
    )


def network_of(proved: WalshProperty, known: ImageClass) -> ImageFirenet:
    """Return the network for every y of a class."""
    operator = ImageOperator(
        transform="walsh",
        dimension=proved.subbands.dimension,
        bits=proved.subbands.bits,
        mask=proved.mask,
        scales=proved.scales,
    )
    return ImageFirenet(operator, class_parameters(proved, radius=known.radius, delta=known.delta), None, proved)


def mask_of(network: ImageFirenet) -> WalshProperty:
    """Return the certified property of the mask of a network.

    Raises:
        UsageError: if there is none.
    """
    if not isinstance(network.proved, WalshProperty):
        raise UsageError("the network needs the certified property of its mask; give it as `proved`")
    return network.proved


@short_repr()
@dataclass(frozen=True, eq=False)
class Drawn:
    """An image of a class, and its samples with noise.

    Attributes:
        coefficients: x, shape (N,).
        samples: P V c + noise, shape (n, ..., n), 0 where none is taken.
    """

    coefficients: Floats
    samples: Floats


def draw(proved: WalshProperty, known: ImageClass, rng: np.random.Generator) -> Drawn:
    """Draw an image of a class: a picture at the resolution of the dense levels, fine entries, a tail, and noise.

    The s_l largest entries of a sparse level have moduli of 1 to 3; the others together have the l1 norm `tail`. Noise
    is Gaussian.
    """
    subbands, levels = proved.subbands, proved.levels
    x = haar.analysis(_picture(subbands, rng))
    for start, end, s, dense in zip(levels.starts, levels.ends, levels.sparsities, proved.dense, strict=True):
        if dense:
            continue
        size = end - start
        part = rng.laplace(size=size) * np.abs(rng.normal(size=size)) ** 3
        where = rng.choice(size, s, replace=False)
        part[where] = 0
        total = float(np.abs(part).sum())
        part *= 0.999 * to_float(known.tail) / total if total else 0.0
        part[where] = rng.choice([-1.0, 1.0], s) * rng.uniform(1, 3, s)
        x[start:end] = part
    most = 0.99 * to_float(known.radius)
    length = float(np.linalg.norm(x))
    if length > most:
        x *= most / length
    samples = np.zeros(subbands.shape)
    for band, part in enumerate(subbands.split(x)):
        subbands.put(walsh.hadamard(part) * 2.0 ** (-subbands.scale(band) * subbands.dimension / 2), samples, band)
    samples += to_float(known.deviation) * rng.normal(size=samples.shape)
    samples[~proved.mask] = 0
    return Drawn(x, samples)


def _picture(subbands: Subbands, rng: np.random.Generator) -> Floats:
    """Return shaded ellipses with values between 0 and 1."""
    axes = np.meshgrid(*[(np.arange(n) + 0.5) / n for n in subbands.shape], indexing="ij", sparse=True)
    image = np.full(subbands.shape, 0.3)
    for _ in range(_BLOBS):
        centre, radius = rng.uniform(0.1, 0.9, len(axes)), rng.uniform(0.03, 0.3, len(axes))
        inside = sum(((a - c) / r) ** 2 for a, c, r in zip(axes, centre, radius, strict=True)) < 1
        shade = rng.uniform(-0.4, 0.4) * (1 + rng.uniform(-0.5, 0.5) * (axes[0] - centre[0]) / radius[0])
        image = image + inside * shade
    found: Floats = np.clip(image, 0, 1)
    return found


@short_repr()
@dataclass(frozen=True)
class Truth:
    """What is true of a drawn image, each number rounded up.

    Attributes:
        length: ‖x‖.
        sigma: σ(x).
        noise: ‖e‖.
        levels: ‖e_l‖ of each level.
        correlations: the largest |H*e|_i of each level.
        tails: σ_l(x) of each level, not weighted; 0 of dense ones.
    """

    length: fmpq
    sigma: fmpq
    noise: fmpq
    levels: tuple[fmpq, ...]
    correlations: tuple[fmpq, ...]
    tails: tuple[fmpq, ...]

    def admissible(self, known: ImageClass, name: str) -> bool:
        """Whether what a bound after the fact is told of the noise and the tails is true of this image."""
        noise = known.noise[name]
        pairs = zip(self.levels, self.correlations, noise.levels or (), strict=True)
        fits = (
            (norm if noise.form(number) == "norm" else correlation) <= limit
            for number, (norm, correlation, limit) in enumerate(pairs)
        )
        return all(fits) and max(self.tails) <= known.tail

    def belongs(self, known: ImageClass) -> bool:
        """Whether the image and its samples are in the class."""
        return self.length <= known.radius and max(self.sigma, self.noise) <= known.delta

    @staticmethod
    def of(network: ImageFirenet, drawn: Drawn) -> Truth:
        """Return what is true, with the rounding errors of finding it out."""
        proved = mask_of(network)
        squares = residual_squares_above(network.operator, drawn.coefficients, drawn.samples)
        starts, levels = (0, *proved.subband_ends[:-1]), proved.levels
        largest = correlations_above(network.operator, proved.inverse, drawn.coefficients, drawn.samples)
        spans = list(zip(starts, proved.subband_ends, strict=True))
        tails = []
        for start, end, s in zip(levels.starts, levels.ends, levels.sparsities, strict=True):
            moduli = np.sort(np.abs(drawn.coefficients[start:end]))[: end - start - s]
            # fsum rounds once
            tails.append(
                float_exactly(math.nextafter(math.fsum(moduli.tolist()), math.inf)) if moduli.any() else fmpq(0)
            )
        return Truth(
            length=float_exactly(norm_above(drawn.coefficients)),
            sigma=sum((w * tail for w, tail in zip(levels.weights, tails, strict=True)), fmpq(0)),
            noise=upper_root(sum(squares, fmpq(0))),
            levels=tuple(upper_root(sum(squares[a:b], fmpq(0))) for a, b in spans),
            correlations=tuple(max(largest[a:b]) for a, b in spans),
            tails=tuple(tails),
        )


@short_repr()
@dataclass(frozen=True, eq=False)
class Run:
    """A network run on a drawn image.

    Attributes:
        output: what came out.
        errors: ‖ψ_k - x‖, k = 1, ..., n, rounded up.
        truth: what is true of the image.
        posterior: bounds after the fact, by what of `ImageClass.noise` they are told: `norm`, `correlation`.
    """

    output: ImageOutput
    errors: tuple[fmpq, ...]
    truth: Truth
    posterior: dict[str, WalshRecovery] = field(repr=False)

    @property
    def error(self) -> fmpq:
        """‖ψ_n - x‖, rounded up."""
        return self.errors[-1]

    @property
    def kept(self) -> Floats:
        """What `resumed` needs: ψ_n, the errors, and the bounds of the rounding errors, each of these rounded up."""
        numbers = [math.nextafter(to_float(x), math.inf) for x in (*self.errors, *self.output.errors)]
        return np.concatenate([self.output.point, numbers])

    @cached_property
    def bounds(self) -> tuple[fmpq, ...]:
        """The theorem's bounds of ‖ψ_k - x‖ for k = 1, ..., n."""
        return self.output.bounds[1:]


def run_network(
    network: ImageFirenet,
    known: ImageClass,
    drawn: Drawn,
    *,
    arithmetic: Any = "float64",
    report: Callable[[int], None] | None = None,
    posterior: bool = True,
) -> Run:
    """Run a network on the samples of a drawn image, and bound its error after the fact as well.

    Raises:
        UsageError: if the arithmetic is unknown.
    """
    errors = []

    def after(k: int, point: Any) -> None:
        errors.append(float_exactly(norm_above(point - drawn.coefficients) * (1 + 2.0**-50)))
        if report is not None:
            report(k)

    output = forward(network, drawn.samples, arithmetic=arithmetic, report=after)
    found = _posterior(network, known, output) if posterior else {}
    return Run(output, tuple(errors), Truth.of(network, drawn), found)


def resumed(
    network: ImageFirenet, known: ImageClass, drawn: Drawn, kept: Floats, *, arithmetic: str, posterior: bool = True
) -> Run:
    """Return a run of which `Run.kept` was kept.

    Raises:
        UsageError: if it is of another size.
    """
    n, size = network.parameters.n, network.operator.subbands.columns
    if kept.shape != (size + 2 * n,):
        raise UsageError(f"what was kept of a run has {size + 2 * n} numbers, not {kept.size}; remove the ledger")
    numbers = [float_exactly(x) for x in kept[size:].tolist()]
    samples = checked_samples(network.operator, drawn.samples)
    output = ImageOutput(network, samples, arithmetic, kept[:size].copy(), tuple(numbers[n:]), ())
    found = _posterior(network, known, output) if posterior else {}
    return Run(output, tuple(numbers[:n]), Truth.of(network, drawn), found)


def _posterior(network: ImageFirenet, known: ImageClass, output: ImageOutput) -> dict[str, WalshRecovery]:
    """Return the bounds of Theorem 7 of the page on images for all that is known of noise; those that say something."""
    proved = mask_of(network)
    sigma = Compressibility.of([known.tail] * len(proved.levels.ends))
    found = {}
    for name, noise in known.noise.items():
        try:
            found[name] = certify_image(
                proved.inverse,
                output.samples,
                output.point,
                sparsities=proved.levels.sparsities,
                noise=noise,
                compressibility=sigma,
                ends=proved.subband_ends,
            )
        except NotCertifiedError:  # θ >= 1/2: the property holds, but this bound needs more
            continue
    return found


def restart_bounds(network: ImageFirenet) -> list[fmpq]:
    """Return the theorem's bounds after 0, ..., n restarts for every y of the class, without rounding errors."""
    return [a_priori_bound(network.parameters, gap=gap) for gap in gap_bounds(network.parameters)]
