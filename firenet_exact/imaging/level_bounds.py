"""Bounds of the difference of two vectors in one level, and of all levels together (docs/image-null-space.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from flint import fmpq

from exact_base.rationals import power_of_two, round_up, sqrt_up, upper_root
from exact_base.reprs import short_repr
from firenet_exact.imaging.given import Compressibility, Noise
from firenet_exact.imaging.property import LevelBounds

__all__ = ["LevelBound", "LevelCase", "LevelFit", "best_splits", "total"]

Affine: TypeAlias = tuple[fmpq, fmpq, fmpq]
"""A number, and the factors of σ_l and e_l."""

_ZERO, _ONE = fmpq(0), fmpq(1)
_SPLIT_BITS = 10
_ROUNDS = 4


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
@dataclass(frozen=True)
class LevelFit:
    """How a point fits in a level: ‖q‖ over the s_l largest, or over all if dense, and its largest entries."""

    level: LevelBounds
    sparsity: int
    norm: fmpq
    most: fmpq
    largest: list[fmpq]
    rest: fmpq

    @property
    def dense(self) -> bool:
        """Whether the sparsity is the whole level."""
        return self.sparsity == self.level.size


@short_repr()
@dataclass(frozen=True)
class LevelCase:
    """A level with what is given for it: σ_l and e_l, as if all of a total were there, and which are totals."""

    known: LevelFit
    sigma: fmpq
    noise: fmpq
    beta: fmpq | None
    settled: int
    kept: Affine
    other: Affine

    @staticmethod
    def of(number: int, known: LevelFit, noise: Noise, compressibility: Compressibility) -> LevelCase:
        """Return the case of a level: k, and k + b/√s, as numbers plus multiples of what is free."""
        level, s, mu = known.level, known.sparsity, known.level.mu
        given = (noise.total or _ZERO) if noise.levels is None else noise.levels[number]
        free = noise.total is not None
        correlation = noise.form(number) == "correlation"
        if known.dense:
            factor = upper_root(fmpq(level.size) if correlation else level.inverse_scale)
            length = (known.norm, _ZERO, factor) if free else (known.norm + factor * given, _ZERO, _ZERO)
            return LevelCase(known, _ZERO, given, None, 0, length, length)
        sigma = _sigma(number, compressibility)
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
        return LevelCase(known, sigma, given, beta, s - u, kept, _plus(kept, _times(root / s, off)))

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


def _sigma(number: int, compressibility: Compressibility) -> fmpq:
    if compressibility.levels is not None:
        return compressibility.levels[number]
    return (compressibility.total or _ZERO) / (compressibility.weights or ())[number]


def _at(x: Affine, sigma: fmpq, noise: fmpq) -> fmpq:
    return x[0] + x[1] * sigma + x[2] * noise


def _plus(x: Affine, y: Affine) -> Affine:
    return x[0] + y[0], x[1] + y[1], x[2] + y[2]


def _times(factor: fmpq, x: Affine) -> Affine:
    return factor * x[0], factor * x[1], factor * x[2]


def total(cases: list[LevelCase], splits: tuple[fmpq | None, ...], noise: Noise) -> fmpq:
    """Return a bound of ‖v‖ where σ or the noise is a total: its square is convex in the σ_l, greatest at a vertex."""
    squares = more = most = _ZERO
    for case, split in zip(cases, splits, strict=True):
        alone, per_sigma, per_noise = case.affine(split)
        vertex = alone + per_sigma * case.sigma
        squares += alone * alone
        more, most = max(more, vertex * vertex - alone * alone), max(most, per_noise)
    return upper_root(squares + more) + most * (noise.total or _ZERO)


def best_splits(cases: list[LevelCase], noise: Noise) -> tuple[fmpq | None, ...]:
    """Return φ_l for which the bound is small: those of some shares, and then changed one by one."""
    shares = [_ZERO, fmpq(1, len(cases)), _ONE]
    tried = [tuple(case.split(a, b) for case in cases) for a in shares for b in shares]

    def value(splits: tuple[fmpq | None, ...]) -> fmpq:
        return total(cases, splits, noise)

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
