"""How far single coefficients of a point are from those of everything that fits (docs/recovery.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

from exact_base.decimals import below
from exact_base.errors import NotCertifiedError, UsageError
from exact_base.matrices import ExactMatrix, VectorLike, column_norm2, diagonal, exact_column
from exact_base.rationals import Readable, exact_number, round_up, sqrt_up, upper_root
from exact_base.reprs import short_repr
from firenet_exact.levels import Levels
from firenet_exact.null_space.property import NullSpaceProperty, Relaxation
from firenet_exact.recovery.a_posteriori import (
    AssumedProperty,
    Recovery,
    check_limits,
    empty_data,
    fits,
    real_inner,
    scaled_dual,
    sigma_above,
    weighted_length,
)

__all__ = ["CoefficientBounds", "certify_coefficients", "single_coefficients"]

_BITS = 32  # of the bounds of single coefficients


@short_repr()
@dataclass(frozen=True, eq=False)
class CoefficientBounds:
    """For every x with σ(x) <= sigma and ‖Ax-y‖ <= noise, |x̂_i - x_i| <= bounds[i] and ‖x̂-x‖ <= bound.

    Attributes:
        matrix: A, shape (m, N).
        levels: the levels of its columns.
        inverse: H with I - H*A small, shape (m, N).
        data: y, shape (m, 1).
        point: x̂, shape (N, 1).
        dual: v with |A*v|_i <= w_i, shape (m, 1), or None if none helps.
        witness: some such x, shape (N, 1), or None if none is known.
        sigma: the bound of σ(x).
        noise: the bound of ‖Ax-y‖.
        bounds: one for each coefficient, rounded up.
        square: the square of the bound of ‖x̂-x‖.
        settled: how many entries of the support of x are known from the point.
    """

    matrix: ExactMatrix
    levels: Levels
    inverse: ExactMatrix
    data: ExactMatrix
    point: ExactMatrix
    dual: ExactMatrix | None
    witness: ExactMatrix | None
    sigma: fmpq
    noise: fmpq
    bounds: tuple[fmpq, ...]
    square: fmpq
    settled: int

    @cached_property
    def bound(self) -> fmpq:
        """The square root of `square`, rounded up."""
        return sqrt_up(self.square)

    @cached_property
    def certain(self) -> tuple[int, ...]:
        """The columns, from 0, that are not 0 in any such x."""
        squares = [fmpq(row[0], self.point.den**2) for row in self.point.squares()]
        return tuple(i for i, (a, b) in enumerate(zip(squares, self.bounds, strict=True)) if a > b * b)


@dataclass(frozen=True)
class _Rows:
    """Per coefficient: the lengths of the columns of H, and bounds of the rows of I - H*A; w_i and sums over levels."""

    levels: Levels
    weights: list[fmpq]
    lengths: list[fmpq]
    rows: list[fmpq]

    def weighted(self, values: list[fmpq]) -> fmpq:
        """Σ_l w_(l) (sum of the s_l largest)."""
        tops = self.levels.top(values)
        return sum((w * top for w, top in zip(self.levels.weights, tops, strict=True)), fmpq(0))

    def bounds(self, misfit: fmpq, whole: fmpq) -> list[fmpq]:
        """‖h_i‖ t + ν_i V."""
        return [h * misfit + nu * whole for h, nu in zip(self.lengths, self.rows, strict=True)]


def certify_coefficients(
    known: NullSpaceProperty,
    data: VectorLike,
    point: VectorLike,
    candidates: Iterable[VectorLike] = (),
    *,
    noise: Readable,
    sigma: Readable,
    inverse: ExactMatrix | None = None,
    witnesses: Iterable[VectorLike] = (),
) -> CoefficientBounds:
    """Bound each coefficient of x̂ - x, and ‖x̂-x‖, for every x with σ(x) <= sigma and ‖Ax-y‖ <= noise.

    Args:
        known: a null space property of A, shape (m, N); for the matrix and the levels, and for H if it has one.
        data: y, shape (m, 1), or m numbers that are read exactly; so are all vectors.
        point: x̂, shape (N, 1).
        candidates: dual vectors of shape (m, 1), of any length, or none; the best is kept if it helps.
        noise: >= 0.
        sigma: >= 0.
        inverse: any H of shape (m, N); that by which the property is proved, if not given.
        witnesses: vectors of shape (N, 1) that may be such an x; the first that is one is kept.

    Raises:
        NotCertifiedError: if there is no H, as it is proved in another way, or θ is not less than 1/2.
        UsageError: if shapes do not fit, or noise or sigma is negative.
        InconsistentDataError: if a dual vector proves that there is no such x.

    >>> from firenet_exact import Levels, exact_matrix
    >>> from firenet_exact.null_space import by_relaxation
    >>> from firenet_exact.recovery import certify_coefficients
    >>> proved, _ = by_relaxation(exact_matrix([[1, 0], [0, 1]]), Levels.of([2], [1]))
    >>> certify_coefficients(proved, [1, 0], [1, 0], noise="1/100", sigma=0).certain
    (0,)
    """
    if inverse is None:
        if not isinstance(known.evidence, Relaxation):
            method = known.evidence.method
            raise NotCertifiedError(f"bounds of coefficients need H, or a property by relaxation, not by {method}")
        inverse = known.evidence.inverse
    matrix, levels = known.matrix, known.levels
    if (inverse.rows, inverse.cols) != (matrix.rows, matrix.cols):
        raise UsageError(f"H must be {matrix.rows} x {matrix.cols}, not {inverse.rows} x {inverse.cols}")
    data, point, noise, sigma = exact_column(data), exact_column(point), exact_number(noise), exact_number(sigma)
    check_limits(known, data, point, noise=noise, sigma=sigma)
    rows = _rows(matrix, levels, inverse)
    theta, eta = rows.weighted(rows.rows), rows.weighted(rows.lengths)
    if theta >= fmpq(1, 2):
        raise NotCertifiedError(f"θ >= {below(theta)} is not less than 1/2")
    misfit = upper_root(column_norm2(data - matrix @ point)) + noise
    off = sigma_above(levels, point) + sigma
    whole, best = (off + 2 * misfit * eta) / (1 - 2 * theta), None
    for candidate in map(exact_column, candidates):
        dual = scaled_dual(matrix, levels, candidate)
        if column_norm2(dual) == 0 and real_inner(data, candidate) > noise * upper_root(column_norm2(candidate)):
            raise empty_data(sigma, noise)  # y is farther from the range of A than the noise allows
        excess = weighted_length(levels, point) - real_inner(data, dual) + noise * upper_root(column_norm2(dual))
        other = (excess + 2 * sigma + 2 * misfit * eta) / (1 - 2 * theta)
        if other < 0:
            raise empty_data(sigma, noise)
        if other < whole:
            whole, best = other, dual
    open_ = _unsettled(levels, point, rows.bounds(misfit, whole))
    near = theta + sum((rows.weights[i] * rows.rows[i] for i in open_), fmpq(0))
    if near < 1:
        more = sum((rows.weights[i] * rows.lengths[i] for i in open_), fmpq(0))
        whole = min(whole, (off + misfit * (eta + more)) / (1 - near))
    bounds = rows.bounds(misfit, whole)
    witness = next((x for x in map(exact_column, witnesses) if fits(known, data, x, noise=noise, sigma=sigma)), None)
    return CoefficientBounds(
        matrix,
        levels,
        inverse,
        data,
        point,
        best,
        witness,
        sigma,
        noise,
        tuple(round_up(bound, bits=_BITS) for bound in bounds),
        _square(rows.weights, bounds, whole),
        levels.size - len(open_),
    )


def single_coefficients(recovery: Recovery) -> CoefficientBounds | None:
    """Return such bounds for what a bound of recovery is about, or None where its property does not give any."""
    if isinstance(recovery.known, AssumedProperty):
        return None
    try:
        return certify_coefficients(
            recovery.known,
            recovery.data,
            recovery.point,
            [] if recovery.dual is None else [recovery.dual],
            noise=recovery.noise,
            sigma=recovery.sigma,
            witnesses=[] if recovery.witness is None else [recovery.witness],
        )
    except NotCertifiedError:
        return None


def _rows(matrix: ExactMatrix, levels: Levels, inverse: ExactMatrix) -> _Rows:
    error, weights = diagonal(fmpq(1), matrix.cols) - inverse.adjoint @ matrix, levels.column_weights
    rows = [
        upper_root(max(fmpq(a, error.den**2) / (w * w) for a, w in zip(row, weights, strict=True)))
        for row in error.squares()
    ]
    lengths = [upper_root(fmpq(sum(column), inverse.den**2)) for column in zip(*inverse.squares(), strict=True)]
    return _Rows(levels, weights, lengths, rows)


def _unsettled(levels: Levels, point: ExactMatrix, bounds: list[fmpq]) -> list[int]:
    """Return the largest entries of x̂ in each level that some x may not have among its largest."""
    squares, found = [fmpq(row[0], point.den**2) for row in point.squares()], []
    for start, end, s in zip(levels.starts, levels.ends, levels.sparsities, strict=True):
        order = sorted(range(start, end), key=lambda j: squares[j], reverse=True)
        reach = max((upper_root(squares[j]) + bounds[j] for j in order[s:]), default=None)
        found += [i for i in order[:s] if reach is not None and (reach + bounds[i]) ** 2 > squares[i]]
    return found


def _square(weights: list[fmpq], bounds: list[fmpq], whole: fmpq) -> fmpq:
    """Return the greatest Σ β_i t_i with 0 <= t_i <= β_i and Σ w_i t_i <= V."""
    left, total = whole, fmpq(0)
    for bound, weight in sorted(zip(bounds, weights, strict=True), key=lambda pair: pair[0] / pair[1], reverse=True):
        part = min(bound, left / weight)
        total, left = total + bound * part, left - weight * part
    return total
