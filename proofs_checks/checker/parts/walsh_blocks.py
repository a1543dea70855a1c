"""The weights of the rows of each subband, and what they prove of its block (docs/format.md, "Walsh masks")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from proofs_checks.certificate.arrays import decode_packed
from proofs_checks.certificate.reading import MalformedCertificate, decode_list
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import Invalid, look_at_time, require
from proofs_checks.checker.parts.lines import reciprocal
from proofs_checks.checker.parts.subbands import Level, Mask
from proofs_checks.checker.parts.walsh import peaks

_SQUARES = 2**62
"""The sum of the squares of the weights is less, and so is that of their moduli: no lane of 64 bits overflows."""

Weights = list[Sequence[int] | None]
"""For each subband the weights of its rows in the mask, or None."""


def decode_weights(value: object, mask: Mask, levels: list[Level], path: str) -> Weights:
    """Return the weights of each subband; raises MalformedCertificate."""
    items = decode_list(value, path)
    if len(items) != mask.count:
        raise MalformedCertificate(f"{path} must have an item for each of {mask.count} subbands, not {len(items)}")
    dense = {b for level in levels if level.dense for b in level.subbands}
    found: Weights = []
    for b, item in enumerate(items):
        if item is None:
            found.append(None)
            continue
        if b in dense:
            raise MalformedCertificate(f"{path}[{b}] must be null, as the level is dense")
        array = decode_packed(item, f"{path}[{b}]", shape=(sum(mask.rows[b]),))
        if array.den != 1:
            raise MalformedCertificate(f"{path}[{b}] must have integers")
        if sum(e * e for e in array.numbers) >= _SQUARES:
            raise MalformedCertificate(f"{path}[{b}]: the sum of the squares must be less than 2^62")
        found.append(array.numbers)
    return found


@dataclass(frozen=True)
class Block:
    """A subband of N coefficients with the sums that format.md calls k_0, k, l_0 and l."""

    size: int
    total: int
    peak: int
    squares: int
    squares_peak: int

    @property
    def c(self) -> int:
        """What the weights are divided by."""
        return self.total + self.peak

    @property
    def mu(self) -> Ratio:
        """No entry of I - H*A is larger."""
        return Ratio(self.peak, self.c)

    def spectral2(self, sparsity: int, scale: Ratio) -> Ratio:
        """No square of the norm of so many columns of H is larger; for one it is that norm."""
        square = self.size * (self.squares + (sparsity - 1) * self.squares_peak)
        return Ratio(square, self.c**2) * reciprocal(scale)


@dataclass(frozen=True)
class Sparse:
    """What the blocks of a sparse level prove: mu, theta and, with scales, the squares of eta and Lambda."""

    mu: Ratio
    theta: Ratio
    norm2: Ratio
    spectral2: Ratio


def together(level: Level, found: list[Block], scales: list[Ratio] | None) -> Sparse:
    """Return the largest numbers of the subbands of a level; without scales, two of them are 0."""
    mu = norm2 = spectral2 = Ratio(0, 1)
    for b in level.subbands:
        mu = larger(mu, found[b].mu)
        if scales is not None:
            norm2 = larger(norm2, found[b].spectral2(1, scales[b]))
            spectral2 = larger(spectral2, found[b].spectral2(level.sparsity, scales[b]))
    return Sparse(mu, Ratio(level.sparsity, 1) * mu, norm2, spectral2)


def larger(x: Ratio, y: Ratio) -> Ratio:
    """Return the larger of two ratios."""
    return y if x <= y else x


def blocks(mask: Mask, weights: Weights) -> list[Block]:
    """Apply the rules of the mask and the weights; raises Invalid."""
    for b, (rows, given) in enumerate(zip(mask.rows, weights, strict=True)):
        if given is None and 0 in rows:
            found = f"only {sum(rows)} of {words.counted(len(rows), 'row')} in the mask"
            raise Invalid("full", f"subband {b} has no weights, and {found}")
    return [_block(mask, b, given) for b, given in enumerate(weights)]


def _block(mask: Mask, b: int, given: Sequence[int] | None) -> Block:
    size = mask.size(b)
    if given is None:
        return Block(size, size, 0, size, 0)
    total = sum(given)
    require(total > 0, "weights", lambda: f"the weights of subband {b} have the sum {total}, which must be positive")
    _, peak = peaks(spread(mask.rows[b], given))
    look_at_time()
    squares, squares_peak = peaks(spread(mask.rows[b], [e * e for e in given]))
    look_at_time()
    return Block(size, total, peak, squares, squares_peak)


def spread(rows: bytes, values: Sequence[int]) -> list[int]:
    """Return a number for each row: those of the mask have the given ones, in their order, and others 0."""
    following = iter(values)
    return [next(following) if row else 0 for row in rows]
