"""How far from a point everything lies that fits the data, in exact arithmetic (docs/recovery.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from flint import fmpq

from exact_base.decimals import below
from exact_base.errors import InconsistentDataError, UsageError
from exact_base.matrices import ExactMatrix, column_norm2, exact_column, scaled
from exact_base.rationals import Readable, exact_number, float_exactly, round_up, sqrt_up, to_float, upper_root
from exact_base.reprs import short_repr
from firenet_exact.best_constants import BestConstants, best_constants, staircase
from firenet_exact.constants import Constants, constants
from firenet_exact.levels import Levels
from firenet_exact.null_space.property import NullSpaceProperty

Parts: TypeAlias = tuple[fmpq, fmpq, fmpq]
_GAIN = 1 + fmpq(1, 2**10)  # of the square; less is not worth cuts in a certificate
_NOTHING: Parts = (fmpq(0), fmpq(0), fmpq(0))

__all__ = [
    "AssumedProperty",
    "Recovery",
    "certify_recovery",
    "check_limits",
    "empty_data",
    "fits",
    "real_inner",
    "scaled_dual",
    "sigma_above",
    "weighted_length",
]


@short_repr()
@dataclass(frozen=True, eq=False)
class AssumedProperty:
    """wrNSPL(ρ, γ) of a matrix that nobody proved: what follows from it is conditional.

    Attributes:
        matrix: A, shape (m, N).
        levels: the levels of its columns.
        rho: ρ, rational, 0 < ρ < 1.
        gamma: γ, rational and positive.

    >>> from flint import fmpq
    >>> from firenet_exact import AssumedProperty, Levels, exact_matrix
    >>> AssumedProperty(exact_matrix([[1, 1]]), Levels.of([2], [1]), fmpq(1, 2), fmpq(1)).rho
    1/2
    """

    matrix: ExactMatrix
    levels: Levels
    rho: fmpq
    gamma: fmpq

    @cached_property
    def constants(self) -> Constants:
        """C1 and C2."""
        return constants(self.levels, self.rho, self.gamma)

    @cached_property
    def best(self) -> BestConstants:
        """The best bounds that ρ and γ give."""
        return best_constants(self.levels, self.rho, self.gamma)


@short_repr()
@dataclass(frozen=True, eq=False)
class Recovery:
    """Every x with σ(x) <= sigma and ‖Ax-y‖ <= noise lies within `bound` of the point.

    Attributes:
        known: the null space property of A; if it is only assumed, so is the bound.
        data: y, shape (m, 1).
        point: x̂, shape (N, 1).
        dual: v with |A*v|_i <= w_i, shape (m, 1), or None if none helps.
        witness: some such x, shape (N, 1), or None if none is known.
        sigma: the bound of σ(x).
        noise: the bound of ‖Ax-y‖.
        square: the square of the least bound that follows.
        parts: what the gap of the point, the noise and the compressibility contribute to the bound.
        settled: how many entries of the support of x are known from the point.
        cuts: of the staircase that `square` needs; none if it needs none, as for one level.
        plain_square: what `square` would be without cuts.
    """

    known: NullSpaceProperty | AssumedProperty
    data: ExactMatrix
    point: ExactMatrix
    dual: ExactMatrix | None
    witness: ExactMatrix | None
    sigma: fmpq
    noise: fmpq
    square: fmpq
    parts: Parts
    settled: int
    cuts: tuple[fmpq, ...]
    plain_square: fmpq

    @cached_property
    def bound(self) -> fmpq:
        """The square root of `square`, rounded up."""
        return sqrt_up(self.square)

    @cached_property
    def ratio(self) -> fmpq | None:
        """`bound` over ‖x̂‖, rounded up; None for the point 0."""
        size = column_norm2(self.point)
        return None if size == 0 else upper_root(self.bound * self.bound / size)

    @property
    def vacuous(self) -> bool:
        """Whether `bound` is at least ‖x̂‖, exactly, and not 0: then 0, which nobody computed, is as near as that."""
        return self.bound > 0 and self.bound * self.bound >= column_norm2(self.point)

    @property
    def conditional(self) -> bool:
        """Whether the null space property is only assumed."""
        return isinstance(self.known, AssumedProperty)


def certify_recovery(
    known: NullSpaceProperty | AssumedProperty,
    data: ExactMatrix | Iterable[object],
    point: ExactMatrix | Iterable[object],
    candidates: Iterable[ExactMatrix | Iterable[object]],
    *,
    noise: Readable,
    sigma: Readable,
    witnesses: Iterable[ExactMatrix | Iterable[object]] = (),
) -> Recovery:
    """Bound the distance of a point, from wherever it is, to every x with σ(x) <= sigma and ‖Ax-y‖ <= noise.

    Args:
        known: the null space property of A, shape (m, N).
        data: y, shape (m, 1), or a sequence of m numbers that are read exactly; so are all vectors.
        point: x̂, shape (N, 1).
        candidates: dual vectors of shape (m, 1), of any length, or none; each is scaled, and the best is kept if it
            helps.
        noise: >= 0.
        sigma: >= 0.
        witnesses: vectors of shape (N, 1) that may be such an x; the first that is one is kept.

    Raises:
        UsageError: if shapes do not fit, or noise or sigma is negative.
        DataError: if a number is not finite.
        InconsistentDataError: if a dual vector proves that there is no such x.

    >>> from firenet_exact import Levels, certify_recovery, decide, exact_matrix
    >>> proved = decide(exact_matrix([[1, 0], [0, 1]]), Levels.of([2], [1]), method="coherence").proved
    >>> found = certify_recovery(proved, [1, 0], [1, 0], [], noise="1/100", sigma=0)
    >>> found.bound < 1
    True
    """
    matrix, levels = known.matrix, known.levels
    data, point, noise, sigma = exact_column(data), exact_column(point), exact_number(noise), exact_number(sigma)
    check_limits(known, data, point, noise=noise, sigma=sigma)
    r, rho = known.constants.r, known.constants.rho
    misfit, scale = upper_root(column_norm2(data - matrix @ point)), r * known.gamma
    misfits: Parts = (scale * misfit, scale * noise, fmpq(0))
    off: Parts = (sigma_above(levels, point), fmpq(0), sigma)
    spread, best, excess_best = _combined(1 / (1 - rho), off, fmpq(1), misfits), None, None
    length = weighted_length(levels, point)
    for candidate in map(exact_column, candidates):
        _check_shape(candidate, matrix.rows, "a dual vector")
        dual = scaled_dual(matrix, levels, candidate)
        if column_norm2(dual) == 0 and real_inner(data, candidate) > noise * upper_root(column_norm2(candidate)):
            raise empty_data(sigma, noise)  # y is farther from the range of A than the noise allows
        excess: Parts = (length - real_inner(data, dual), noise * upper_root(column_norm2(dual)), 2 * sigma)
        other = _combined(1 / (1 - rho), excess, fmpq(1), misfits)
        if sum(other, fmpq(0)) < 0:
            raise empty_data(sigma, noise)
        if sum(other, fmpq(0)) < sum(spread, fmpq(0)):
            spread, best, excess_best = other, dual, excess
    weight, settled = _unsettled(levels, point, sum(_combined(1 / r, misfits, rho, spread), fmpq(0)))
    share = upper_root(weight) / r
    inner = _combined(1 / (1 - rho * share), off, share, misfits) if share <= 1 else None
    plain = min((parts for parts in (spread, inner) if parts is not None), key=_total)
    kept = _combined(1 / r, misfits, rho, plain)
    whole = _combined(fmpq(1), kept, upper_root(1 / levels.zeta), plain)
    square = plain_square = _total(kept) * _total(whole)
    cuts: tuple[fmpq, ...] = ()
    cells = _Cells(r, rho, misfits, (off,) if excess_best is None else (off, excess_best), inner)
    found = known.best.chosen_cuts(cells.value)
    if found:
        over = max((cells.lengths(cell) for cell in staircase(known.best.kappa, found)), key=_product)
        if _product(over) * _GAIN < square:
            (kept, whole), square, cuts = over, _product(over), found
    first, second = _total(kept), _total(whole)
    parts: Parts = (fmpq(0), fmpq(0), fmpq(0))
    if first > 0:  # √(first·second) is the mean of both after scaling, and that is linear
        half = upper_root(first * second) / 2
        parts = _combined(half / first, kept, first / second, whole)
    witness = next((x for x in map(exact_column, witnesses) if fits(known, data, x, noise=noise, sigma=sigma)), None)
    return Recovery(known, data, point, best, witness, sigma, noise, square, parts, settled, cuts, plain_square)


@dataclass(frozen=True)
class _Cells:
    """What is known of a difference v: b <= B + a for each B of `limits`, and b <= `inner` if there is one."""

    r: fmpq
    rho: fmpq
    misfits: Parts
    limits: tuple[Parts, ...]
    inner: Parts | None

    def lengths(self, cell: tuple[fmpq, fmpq]) -> tuple[Parts, Parts]:
        """Return bounds of k and of k + m b/r, whose product bounds ‖v‖²."""
        c, m = cell
        spreads = [_combined(1 / (1 - self.rho * c), limit, c, self.misfits) for limit in self.limits]
        if any(_total(spread) < 0 for spread in spreads):
            return _NOTHING, _NOTHING  # there is no such v with such a c
        spread = min((*spreads, *(() if self.inner is None else (self.inner,))), key=_total)
        kept = _combined(1 / self.r, self.misfits, self.rho, spread)
        return kept, _combined(fmpq(1), kept, m / self.r, spread)

    def value(self, c: float, m: float) -> float:
        """‖v‖² for one c, in floating point."""
        kept, whole = self.lengths((float_exactly(c), float_exactly(m)))
        return to_float(_total(kept) * _total(whole))


def _total(parts: Parts) -> fmpq:
    return sum(parts, fmpq(0))


def _product(lengths: tuple[Parts, Parts]) -> fmpq:
    return _total(lengths[0]) * _total(lengths[1])


def _combined(factor: fmpq, a: Parts, weight: fmpq, b: Parts) -> Parts:
    """Return factor·(a + weight·b)."""
    first, second, third = (factor * (x + weight * y) for x, y in zip(a, b, strict=True))
    return first, second, third


def _unsettled(levels: Levels, point: ExactMatrix, k: fmpq) -> tuple[fmpq, int]:
    """Return Σw² over the largest entries that are not settled, and the number of the others (docs/recovery.md).

    k bounds ‖v_Δ‖ for every support Δ, so that |v_i| + |v_j| <= √2·k if {i, j} is one, and 2k in any case.
    """
    pair = upper_root(2 * k * k)
    squares, weight, settled = [fmpq(row[0], point.den**2) for row in point.squares()], fmpq(0), 0
    for start, end, s, w in zip(levels.starts, levels.ends, levels.sparsities, levels.weights, strict=True):
        ordered = sorted(squares[start:end], reverse=True)
        limit = fmpq(0) if s == len(ordered) else upper_root(ordered[s]) + (pair if s >= 2 else 2 * k)
        here = sum(1 for square in ordered[:s] if limit * limit <= square)
        weight, settled = weight + w * w * (s - here), settled + here
    return weight, settled


def scaled_dual(matrix: ExactMatrix, levels: Levels, candidate: ExactMatrix) -> ExactMatrix:
    """Return the multiple v of a vector, shape (m, 1), with max_i |A*v|_i/w_i at most 1, and 1 but for rounding.

    A vector with A*v = 0 becomes 0.
    """
    products = matrix.adjoint @ candidate
    pairs = zip(products.squares(), levels.column_weights, strict=True)
    most = max(fmpq(row[0], products.den**2) / (w * w) for row, w in pairs)
    if most == 0:
        return candidate - candidate
    return scaled(candidate, 1 / round_up(upper_root(most), bits=60)).reduced()


def fits(
    known: NullSpaceProperty | AssumedProperty, data: ExactMatrix, x: ExactMatrix, *, noise: fmpq, sigma: fmpq
) -> bool:
    """Whether ‖Ax-y‖ <= noise, exactly, and σ(x) <= sigma, with the moduli of complex entries rounded up."""
    if column_norm2(data - known.matrix @ x) > noise * noise:
        return False
    return sigma_above(known.levels, x) <= sigma


def sigma_above(levels: Levels, x: ExactMatrix) -> fmpq:
    """Return σ(x), exactly for a real x of shape (N, 1), and for a complex one with its moduli rounded up."""
    return levels.sigma(_moduli(x))


def weighted_length(levels: Levels, x: ExactMatrix) -> fmpq:
    """Return ‖x‖_w, exactly for a real x of shape (N, 1), and for a complex one with its moduli rounded up."""
    return sum((w * a for w, a in zip(levels.column_weights, _moduli(x), strict=True)), fmpq(0))


def _moduli(x: ExactMatrix) -> list[fmpq]:
    return [upper_root(fmpq(row[0], x.den**2)) for row in x.squares()]


def check_limits(
    known: NullSpaceProperty | AssumedProperty, data: ExactMatrix, point: ExactMatrix, *, noise: fmpq, sigma: fmpq
) -> None:
    """Raise UsageError unless y has the shape (m, 1), x̂ has (N, 1), and the limits are at least 0."""
    _check_shape(data, known.matrix.rows, "the data")
    _check_shape(point, known.matrix.cols, "the point")
    if noise < 0 or sigma < 0:
        raise UsageError(f"bounds of the noise and of σ are at least 0, not {noise} and {sigma}")


def empty_data(sigma: fmpq, noise: fmpq) -> InconsistentDataError:
    """Return the error that a dual vector proves that there is no x within these limits."""
    return InconsistentDataError(  # limits rounded down: there may be such an x for larger ones
        f"there is no x with σ(x) <= {below(sigma, digits=6)} and ‖Ax-y‖ <= {below(noise, digits=6)}; "
        "allow for more noise, or for less compressible vectors"
    )


def real_inner(y: ExactMatrix, v: ExactMatrix) -> fmpq:
    """Return Re<y, v> of two columns."""
    product = v.adjoint @ y
    return fmpq(product.re[0, 0], product.den)


def _check_shape(x: ExactMatrix, rows: int, name: str) -> None:
    if (x.rows, x.cols) != (rows, 1):
        raise UsageError(f"{name} must be {rows} x 1, not {x.rows} x {x.cols}")
