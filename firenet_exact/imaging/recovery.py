"""How far from a point every image lies that fits its Walsh samples, level by level (docs/image-null-space.md).

All numbers are rational: the data are multiplied by √N_b and the factors of the rows divided out, and roots are rounded
up as docs/format.md, "Walsh masks", says, so that the checker finds the same bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.decimals import below
from exact_base.errors import DataError, NotCertifiedError, UsageError
from exact_base.rationals import Readable, exact_number, power_of_two, round_up, sqrt_up, upper_root
from exact_base.reprs import short_repr
from firenet_exact.imaging.property import Integers, LevelBounds, WalshInverse
from firenet_exact.transforms.walsh import hadamard

__all__ = ["Compressibility", "LevelBound", "Noise", "WalshRecovery", "bounded", "certify_image", "sampled"]

Affine: TypeAlias = tuple[fmpq, fmpq, fmpq]
"""A number, and the factors of σ_l and e_l."""

_ZERO, _ONE = fmpq(0), fmpq(1)
_BITS = 24
_MOST_BITS = 40
_SPLIT_BITS = 10
_ROUNDS = 4


@short_repr()
@dataclass(frozen=True)
class Noise:
    """What is known of the noise.

    Attributes:
        form: `norm`, of (Ax - y)_l, or `correlation`, of |H*(Ax - y)|_i, which random noise keeps small.
        levels: a bound for each level, or None.
        total: a bound of ‖Ax - y‖, or None; for the form `norm` only.

    >>> from firenet_exact.imaging.recovery import Noise
    >>> Noise.norm(total="1/10").total, Noise.correlation([0, "1/8"]).levels
    (1/10, (0, 1/8))
    """

    form: Literal["norm", "correlation"]
    levels: tuple[fmpq, ...] | None
    total: fmpq | None

    @staticmethod
    def norm(levels: Sequence[Readable] | None = None, *, total: Readable | None = None) -> Noise:
        """Return bounds e_l of ‖(Ax - y)_l‖ for each level, or one of ‖Ax - y‖.

        Raises:
            UsageError: unless one of both is given, and all numbers are at least 0.
        """
        if (levels is None) == (total is None):
            raise UsageError("a bound of the noise is needed for each level, or one of all of it")
        return Noise("norm", _bounds(levels), None if total is None else _bound(total))

    @staticmethod
    def correlation(levels: Sequence[Readable]) -> Noise:
        """Return bounds ε_l of |H*(Ax - y)|_i for each coefficient i of each level.

        Raises:
            UsageError: unless they are at least 0.
        """
        return Noise("correlation", _bounds(levels), None)


@short_repr()
@dataclass(frozen=True)
class Compressibility:
    """What is known of σ_l(x), the sum of all but the s_l largest moduli of the coefficients of a level.

    Attributes:
        levels: a bound for each level, or None; those of dense levels do not matter.
        total: a bound of Σ w_l σ_l(x) over the sparse levels, or None.
        weights: the w_l > 0 of each level that go with a total.

    >>> from firenet_exact.imaging.recovery import Compressibility
    >>> Compressibility.of(total=1, weights=[1, 2]).weights
    (1, 2)
    """

    levels: tuple[fmpq, ...] | None
    total: fmpq | None
    weights: tuple[fmpq, ...] | None

    @staticmethod
    def of(
        levels: Sequence[Readable] | None = None,
        *,
        total: Readable | None = None,
        weights: Sequence[Readable] | None = None,
    ) -> Compressibility:
        """Return bounds for each level, or one of a weighted sum.

        Raises:
            UsageError: unless one of both is given, and all numbers are at least 0, and the weights are positive.
        """
        if (levels is None) == (total is None) or (total is None) != (weights is None):
            raise UsageError("a bound of σ is needed for each level, or one of a weighted sum with its weights")
        factors = _bounds(weights)
        if factors is not None and not all(factors):
            raise UsageError("weights of σ must be positive")
        return Compressibility(_bounds(levels), None if total is None else _bound(total), factors)


def _bound(value: Readable) -> fmpq:
    number = exact_number(value)
    if number < 0:
        raise UsageError(f"bounds of the noise and of σ are at least 0, not {number}")
    return number


def _bounds(values: Sequence[Readable] | None) -> tuple[fmpq, ...] | None:
    return None if values is None else tuple(map(_bound, values))


@short_repr()
@dataclass(frozen=True)
class LevelBound:
    """What is proved of a level.

    Attributes:
        bound: a bound of ‖v_l‖ if σ_l and the noise of the level are all that is given, rounded up.
        beta: a bound of every |v_i|; None if the level is dense.
        settled: how many of the s_l largest entries of the point are among those of x.
        parts: the bound, if a total is given, as a number plus multiples of σ_l and e_l.
    """

    bound: fmpq
    beta: fmpq | None
    settled: int
    parts: Affine = field(repr=False)


@short_repr()
@dataclass(frozen=True, eq=False)
class WalshRecovery:
    """Every image x that fits lies within `bound` of the point, in the norm of its coefficients.

    Attributes:
        inverse: the left inverses that prove it.
        subband_ends: the levels in subbands.
        sparsities: s_l of each level.
        data: √N_b times the samples, divided by the factor of their rows, over 2^`bits`: subband after subband.
        point: the coefficients x̂ over 2^`bits`, shape (N,).
        bits: the binary logarithm of the denominator.
        noise: what is known of the noise, with what the rounding of the data adds.
        compressibility: what is known of σ.
        splits: the φ_l of the sparse levels, None for dense ones; None if nothing is a total.
        square: the square of the least bound that follows.
        levels: what is proved of each of them.
    """

    inverse: WalshInverse
    subband_ends: tuple[int, ...]
    sparsities: tuple[int, ...]
    data: Integers = field(repr=False)
    point: Integers = field(repr=False)
    bits: int
    noise: Noise
    compressibility: Compressibility
    splits: tuple[fmpq | None, ...] | None = field(repr=False)
    square: fmpq = field(repr=False)
    levels: tuple[LevelBound, ...] = field(repr=False)

    @cached_property
    def bound(self) -> fmpq:
        """The square root of `square`, rounded up."""
        return sqrt_up(self.square)

    @cached_property
    def norm2(self) -> fmpq:
        """‖x̂‖²."""
        return fmpq(_squares(self.point), 1 << 2 * self.bits)

    @property
    def vacuous(self) -> bool:
        """Whether `bound` is at least ‖x̂‖, exactly, and not 0: then 0, which nobody computed, is as near as that."""
        return self.bound > 0 and self.bound * self.bound >= self.norm2

    @property
    def dense(self) -> tuple[bool, ...]:
        """Which levels are dense."""
        sizes = (level.size for level in self.inverse.levels(self.subband_ends))
        return tuple(size == s for size, s in zip(sizes, self.sparsities, strict=True))


def sampled(inverse: WalshInverse, samples: Any, *, bits: int = _BITS) -> tuple[Integers, list[fmpq]]:
    """Return √N_b times samples, over 2^bits, subband after subband, and by how much any of those of a subband is off.

    Args:
        inverse: the left inverses, for their mask.
        samples: of the unitary Walsh transform, without the factors of the rows: real, shape (n, ..., n), of which only
            those in the mask matter, or in the order of `array[mask]`, shape (m,).
        bits: so many binary digits behind the point are kept.

    Raises:
        UsageError: if the shape is another one, or the number of bits is not 0 to 40.
        DataError: if a sample is not a finite real number, or too large.
    """
    if not 0 <= bits <= _MOST_BITS:
        raise UsageError(f"data and point are rounded to 0 to {_MOST_BITS} bits behind the point, not {bits}")
    given, mask, subbands = np.asarray(samples), inverse.mask, inverse.subbands
    if given.shape not in (mask.shape, (int(mask.sum()),)):
        raise UsageError(f"samples of shape {mask.shape}, or {int(mask.sum())} of them, are needed, not {given.shape}")
    whole = np.zeros(mask.shape)
    whole[mask] = _real(given[mask] if given.shape == mask.shape else given, "the samples")
    found, errors = [], []
    for band in range(subbands.count):
        values = subbands.rows(whole, band)[subbands.rows(mask, band)]
        size = subbands.scale(band) * subbands.dimension
        scaled = np.ldexp(values, bits + size // 2)
        slack = _ZERO
        if size % 2:  # √2 and its product are off by 2^-52, of what they are, at most
            scaled = scaled * np.sqrt(2.0)
            slack = exact_number(float(np.abs(scaled).max(initial=0.0))) * power_of_two(-51)
        nearest = _rounded(scaled, "the samples")
        exact = not size % 2 and bool((nearest == scaled).all())
        errors.append(_ZERO if exact else (fmpq(1, 2) + slack) * power_of_two(-bits))
        found.append(nearest)
    return np.concatenate(found), errors


def _real(values: Any, name: str) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        raise DataError(f"{name} must be real numbers of at most 64 bits, not {array.dtype}; convert them first")
    real: NDArray[np.float64] = array.astype(np.float64)
    if array.dtype.kind in "iu" and not (real.astype(array.dtype) == array).all():
        raise DataError(f"{name} must be integers that are float64 numbers")
    if not np.isfinite(real).all():
        raise DataError(f"{name} must be finite numbers")
    return real


def _rounded(values: NDArray[np.float64], name: str) -> Integers:
    nearest = np.rint(values)
    if float(np.abs(nearest).max(initial=0.0)) >= 2.0**62:
        raise DataError(f"{name} are too large for so many bits behind the point; keep fewer")
    return nearest.astype(np.int64)


def certify_image(
    inverse: WalshInverse,
    samples: Any,
    point: Any,
    *,
    sparsities: Sequence[int],
    noise: Noise,
    compressibility: Compressibility,
    ends: Sequence[int] | None = None,
    bits: int = _BITS,
) -> WalshRecovery:
    """Bound the distance of a point, from wherever it is, to all coefficients x that fit the samples.

    It is the point that is kept, rounded to so many binary digits, that the bound is about. Those x fit for which the
    noise and σ_l(x) are as bounded. What the rounding of the samples changes is added to the bounds of the noise.

    Args:
        inverse: left inverses of the mask, such as `certify_mask` finds.
        samples: of the unitary Walsh transform, as `sampled` takes them.
        point: x̂, real, shape (N,).
        sparsities: s_l of each level; a level with s_l = its size is dense.
        noise: its bounds; the norms are those of D(VΨ*x - y).
        compressibility: the bounds of σ_l(x).
        ends: the levels: how many subbands stand before the end of each; those of the paper if not given.
        bits: so many binary digits of data and point behind the point are kept.

    Raises:
        UsageError: if these do not fit together.
        DataError: if a number is not finite and real, or too large.
        NotCertifiedError: if θ_l < 1/2 fails in a sparse level, or a dense one is not fully sampled.

    >>> import numpy as np
    >>> from firenet_exact.imaging.property import walsh_inverse
    >>> from firenet_exact.imaging.recovery import Compressibility, Noise, certify_image
    >>> from firenet_exact.imaging.subbands import Subbands
    >>> mask = np.array([True, True, True, True, True, False, True, True])
    >>> inverse = walsh_inverse(Subbands(dimension=1, bits=3), mask, [None, None, None, np.array([1, 1, 1])])
    >>> noise, sigma = Noise.norm(["1/10", "1/10"]), Compressibility.of([0, 0])
    >>> found = certify_image(inverse, np.zeros(8), np.zeros(8), sparsities=[4, 1], ends=[3, 4], noise=noise,
    ...                       compressibility=sigma)
    >>> float(found.bound.p) / float(found.bound.q) < 0.5
    True
    """
    ends = inverse.subbands.paper_ends if ends is None else tuple(ends)
    levels = inverse.levels(ends)
    _checked(levels, sparsities, noise, compressibility)
    data, errors = sampled(inverse, samples, bits=bits)
    real = _real(point, "the point")
    if real.shape != (inverse.subbands.columns,):
        raise UsageError(f"a point of {inverse.subbands.columns} coefficients is needed, not of shape {real.shape}")
    rounded = _rounded(np.ldexp(real, bits), "the point")
    noisy = _with_rounding(inverse, ends, noise, errors)
    return bounded(
        inverse, ends, sparsities, data=data, point=rounded, bits=bits, noise=noisy, compressibility=compressibility
    )


def _checked(
    levels: tuple[LevelBounds, ...], sparsities: Sequence[int], noise: Noise, compressibility: Compressibility
) -> tuple[int, ...]:
    """Raise unless everything is given for each level, and the sparsities are certified; return these."""
    given = (sparsities, noise.levels, compressibility.levels, compressibility.weights)
    if any(item is not None and len(item) != len(levels) for item in given):
        raise UsageError(f"sparsities, and bounds for each level, are needed for {len(levels)} levels")
    for number, (level, s) in enumerate(zip(levels, sparsities, strict=True), 1):
        if not 1 <= s <= level.size:
            raise UsageError(f"the sparsity of level {number} must be 1 to {level.size}, not {s}")
        if s == level.size and not level.full:
            raise NotCertifiedError(f"level {number} is dense but not fully sampled; give it a smaller sparsity")
        if s < level.size and not 2 * s * level.mu < 1:
            raise NotCertifiedError(
                f"θ = sμ of level {number} is at least {below(s * level.mu, digits=3)} for s = {s}, and must be less "
                "than 1/2; take a smaller sparsity, or better weights"
            )
    return tuple(map(int, sparsities))


def _with_rounding(inverse: WalshInverse, ends: tuple[int, ...], noise: Noise, errors: list[fmpq]) -> Noise:
    """Return bounds of the noise for data of which each sample of a subband is off by so much."""
    if not any(errors):
        return noise
    bounds, starts = inverse.bounds, (0, *ends[:-1])
    more: list[fmpq] = []
    for a, b in zip(starts, ends, strict=True):
        if noise.form == "norm":
            rows = [int(inverse.subbands.rows(inverse.mask, band).sum()) for band in range(a, b)]
            parts = [
                inverse.scales[band] / bounds[band].size * m * errors[band] * errors[band]
                for band, m in zip(range(a, b), rows, strict=True)
            ]
            more.append(sum(parts, _ZERO))
        else:
            more.append(max(errors[band] * _gain(inverse, band) for band in range(a, b)))
    if noise.levels is None:
        return replace(noise, total=round_up((noise.total or _ZERO) + upper_root(sum(more, _ZERO))))
    added = [upper_root(x) if noise.form == "norm" else x for x in more]
    return replace(
        noise, levels=tuple(round_up(e + x) if x > 0 else e for e, x in zip(noise.levels, added, strict=True))
    )


def _gain(inverse: WalshInverse, band: int) -> fmpq:
    """Σ|e_a|/c: what |q_i| is at most where every R_a is 1."""
    whole, bounds = inverse.weights[band], inverse.bounds[band]
    return _ONE if whole is None else fmpq(int(np.abs(whole).sum()), bounds.sum + bounds.peak)


@dataclass(frozen=True)
class _Known:
    """How a point fits in a level: ‖q‖ over the s_l largest, or over all if dense, and its largest entries."""

    level: LevelBounds
    sparsity: int
    norm: fmpq
    most: fmpq
    largest: list[fmpq]
    rest: fmpq

    @property
    def dense(self) -> bool:
        return self.sparsity == self.level.size


def _levels(
    inverse: WalshInverse,
    ends: tuple[int, ...],
    counts: tuple[int, ...],
    data: Integers,
    point: Integers,
    bits: int,
) -> Iterator[_Known]:
    """Yield how the point fits the data in each level."""
    subbands, unit, read = inverse.subbands, power_of_two(-bits), 0
    levels = inverse.levels(ends)
    for a, b, s, level in zip((0, *ends[:-1]), ends, counts, levels, strict=True):
        square, top = _ZERO, []
        for band in range(a, b):
            size = subbands.sizes[band]
            rows = subbands.rows(inverse.mask, band)
            part = point[subbands.starts[band] : subbands.starts[band] + size]
            off = _transform(part)[rows]
            given = data[read : read + off.size]
            off = off - (given if off.dtype == np.int64 and _small(off, given) else given.astype(object))
            read += off.size
            if s == level.size:
                square += fmpq(_squares(off), size)
                continue
            whole, c = inverse.weights[band], inverse.bounds[band].sum + inverse.bounds[band].peak
            product = off if whole is None else _product(whole, off)
            spread = np.zeros(size, dtype=product.dtype)
            spread[rows] = product
            moduli = np.sort(np.abs(_transform(spread)))[::-1][:s]
            top += [fmpq(int(value), c) for value in moduli]
        if s == level.size:
            yield _Known(level, s, upper_root(square * unit * unit), _ZERO, [], _ZERO)
            continue
        top = sorted(top, reverse=True)[:s]
        norm = upper_root(sum((value * value for value in top), _ZERO) * unit * unit)
        whole_level = point[subbands.starts[a] : subbands.starts[a] + level.size]
        entries = np.sort(np.abs(whole_level))[::-1]
        rest = _sum(entries[s:])
        yield _Known(level, s, norm, top[0] * unit, [int(x) * unit for x in entries[: s + 1]], rest * unit)


def _product(x: Integers, y: NDArray[Any]) -> NDArray[Any]:
    if y.dtype == np.int64 and int(np.abs(x).max()) * int(np.abs(y).max()) < 2**63:
        small: NDArray[Any] = x * y
        return small
    large: NDArray[Any] = x.astype(object) * y.astype(object)
    return large


def _small(*arrays: Integers) -> bool:
    return all(int(np.abs(array).max(initial=0)) < 2**62 for array in arrays)


def _transform(values: NDArray[Any]) -> NDArray[Any]:
    """Return the Walsh transform of integers, as int64 numbers where they fit."""
    if _sum(np.abs(values)) < 2**63:
        return hadamard(values.astype(np.int64), copy=False)
    return hadamard(values.astype(object))


def _sum(values: NDArray[Any]) -> int:
    """Return the sum of integers, of whatever size it is."""
    if values.dtype == np.int64 and int(np.abs(values).max(initial=0)) >= 2**62 // max(values.size, 1):
        return sum(map(int, values.tolist()))
    return int(values.sum())


def _squares(values: NDArray[Any]) -> int:
    """Return the sum of the squares of integers."""
    if values.dtype == np.int64 and int(np.abs(values).max(initial=0)) ** 2 * max(values.size, 1) < 2**63:
        return int(np.dot(values, values))
    return sum(value * value for value in values.tolist())


def bounded(
    inverse: WalshInverse,
    ends: Sequence[int],
    sparsities: Sequence[int],
    *,
    data: Integers,
    point: Integers,
    bits: int,
    noise: Noise,
    compressibility: Compressibility,
    splits: tuple[fmpq | None, ...] | None = None,
) -> WalshRecovery:
    """Bound the distance of a point to all that fits, from integers over 2^bits; nothing is rounded.

    Args:
        inverse: left inverses of the mask.
        ends: the levels in subbands.
        sparsities: s_l of each level.
        data: as `WalshRecovery` has them, shape (m,).
        point: x̂ over 2^bits, shape (N,).
        bits: the binary logarithm of the denominator.
        noise: its bounds.
        compressibility: the bounds of σ_l(x).
        splits: positive φ_l of the sparse levels and None for dense ones, where something is a total; good ones are
            found if not given.

    Raises:
        UsageError: if these do not fit together.
        NotCertifiedError: if θ_l < 1/2 fails in a sparse level, or a dense one is not fully sampled.
    """
    ends = tuple(ends)
    counts = _checked(inverse.levels(ends), sparsities, noise, compressibility)
    if data.shape != (int(inverse.mask.sum()),) or point.shape != (inverse.subbands.columns,):
        raise UsageError(f"data of shape {data.shape} and a point of shape {point.shape} do not fit the mask")
    known = list(_levels(inverse, ends, counts, data, point, bits))
    cases = [_Case.of(number, level, noise, compressibility) for number, level in enumerate(known)]
    if noise.total is None and compressibility.total is None:
        splits, square = None, sum((case.square for case in cases), _ZERO)
    else:
        splits = _best_splits(cases, noise) if splits is None else splits
        if [split is None for split in splits] != [case.known.dense for case in cases]:
            raise UsageError("a positive φ is needed for each sparse level, and None for each dense one")
        square = _total(cases, splits, noise) ** 2
    found = tuple(case.result(None if splits is None else splits[i]) for i, case in enumerate(cases))
    return WalshRecovery(inverse, ends, counts, data, point, bits, noise, compressibility, splits, square, found)


@dataclass(frozen=True)
class _Case:
    """A level with what is given for it: σ_l and e_l, as if all of a total were there, and which are totals."""

    known: _Known
    sigma: fmpq
    noise: fmpq
    beta: fmpq | None
    settled: int
    kept: Affine
    other: Affine

    @staticmethod
    def of(number: int, known: _Known, noise: Noise, compressibility: Compressibility) -> _Case:
        """Return the case of a level: k, and k + b/√s, as numbers plus multiples of what is free."""
        level, s, mu = known.level, known.sparsity, known.level.mu
        given = (noise.total or _ZERO) if noise.levels is None else noise.levels[number]
        free = noise.total is not None
        correlation = noise.form == "correlation"
        if known.dense:
            factor = upper_root(fmpq(level.size) if correlation else level.inverse_scale)
            length = (known.norm, _ZERO, factor) if free else (known.norm + factor * given, _ZERO, _ZERO)
            return _Case(known, _ZERO, given, None, 0, length, length)
        sigma = _given_sigma(number, compressibility)
        root = upper_root(fmpq(s))
        factor = root if correlation else upper_root(level.spectral2(s))
        single = given if correlation else upper_root(level.norm2) * given
        spread: Affine = (
            (known.rest, _ONE, _ZERO) if compressibility.total is not None else (known.rest + sigma, *_NONE)
        )
        misfit: Affine = (known.norm, _ZERO, factor) if free else (known.norm + factor * given, *_NONE)
        top = _plus(misfit, _times(root * mu, spread))

        def lengths(u: int) -> tuple[Affine, Affine]:
            kept = _times(1 / (1 - s * mu - upper_root(fmpq(u * s)) * mu), top)
            return kept, _plus(_times(upper_root(fmpq(u)), kept), spread)

        k, b = (_at(x, sigma, given) for x in lengths(s))
        beta = known.most + single + mu * (root * k + b)
        u = sum(1 for entry in known.largest[:-1] if entry < known.largest[-1] + 2 * beta)
        kept, off = lengths(u)
        return _Case(known, sigma, given, beta, s - u, kept, _plus(kept, _times(root / s, off)))

    @property
    def square(self) -> fmpq:
        """The square of a bound of ‖v_l‖, where nothing is free."""
        return _at(self.kept, self.sigma, self.noise) * _at(self.other, self.sigma, self.noise)

    def affine(self, split: fmpq | None) -> Affine:
        """Return a bound of ‖v_l‖ as a number plus multiples of what is free."""
        if split is None:
            return self.kept
        return _times(fmpq(1, 2), _plus(_times(split, self.kept), _times(1 / split, self.other)))

    def split(self, sigma_share: fmpq, noise_share: fmpq) -> fmpq | None:
        """Return a φ that is good where so much of what is free is there."""
        if self.known.dense:
            return None
        kept, other = (_at(x, self.sigma * sigma_share, self.noise * noise_share) for x in (self.kept, self.other))
        return sqrt_up(other / kept, bits=_SPLIT_BITS) if kept > 0 else _ONE

    def result(self, split: fmpq | None) -> LevelBound:
        """What is proved of the level."""
        return LevelBound(sqrt_up(self.square), self.beta, self.settled, self.affine(split))


_NONE = (_ZERO, _ZERO)


def _given_sigma(number: int, compressibility: Compressibility) -> fmpq:
    if compressibility.levels is not None:
        return compressibility.levels[number]
    return (compressibility.total or _ZERO) / (compressibility.weights or ())[number]


def _at(x: Affine, sigma: fmpq, noise: fmpq) -> fmpq:
    return x[0] + x[1] * sigma + x[2] * noise


def _plus(x: Affine, y: Affine) -> Affine:
    return x[0] + y[0], x[1] + y[1], x[2] + y[2]


def _times(factor: fmpq, x: Affine) -> Affine:
    return factor * x[0], factor * x[1], factor * x[2]


def _total(cases: list[_Case], splits: tuple[fmpq | None, ...], noise: Noise) -> fmpq:
    """Return a bound of ‖v‖ where σ or the noise is a total: its square is convex in the σ_l, greatest at a vertex."""
    squares = more = most = _ZERO
    for case, split in zip(cases, splits, strict=True):
        alone, per_sigma, per_noise = case.affine(split)
        vertex = alone + per_sigma * case.sigma
        squares += alone * alone
        more, most = max(more, vertex * vertex - alone * alone), max(most, per_noise)
    return upper_root(squares + more) + most * (noise.total or _ZERO)


def _best_splits(cases: list[_Case], noise: Noise) -> tuple[fmpq | None, ...]:
    """Return φ_l for which the bound is small: those of some shares, and then changed one by one."""
    shares = [_ZERO, fmpq(1, len(cases)), _ONE]
    tried = [tuple(case.split(a, b) for case in cases) for a in shares for b in shares]

    def value(splits: tuple[fmpq | None, ...]) -> fmpq:
        return _total(cases, splits, noise)

    best = min(tried, key=value)
    least = value(best)
    for step in range(_ROUNDS):
        factor = 1 + power_of_two(-step)
        for index, split in enumerate(best):
            for changed in () if split is None else (split * factor, split / factor):
                other = (*best[:index], round_up(changed, bits=_SPLIT_BITS), *best[index + 1 :])
                if (found := value(other)) < least:
                    best, least = other, found
    return best
