"""Minimisers of the square-root lasso and of basis pursuit denoising to any number of digits.

Both are minimisers of the lasso, with penalties that are 2λμ for a level λ. The lasso is solved exactly at levels that
come near, and between two that have the same signs the minimiser is affine in λ, so that λ is the root of a quadratic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flint import arb, ctx, fmpq

from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import dyadic_nearest
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import exact_of, nearest_float
from sci_barriers.problems.penalised.integers import IntegerProblem
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, Progress, column, entries_of
from sci_barriers.problems.penalised.solving import Solution, minimise

__all__ = ["ResidualNorm", "unsquared_point", "weighted_residual"]

_LEVELS = 80
_BITS = 40  # of a level that is tried
_NEAR = fmpq(1, 1 << 20)
_GUARD = 64
_LEAST = 2.0**-60  # of the norm of the data: a smaller level is not looked for


@short_repr()
@dataclass(frozen=True, eq=False)
class ResidualNorm:
    """A problem with the norm of the residual, and not its square.

    Attributes:
        arrays: X, y, penalties μ, weights ω and so on; no ridge penalties.
        noise: the bound of (Σ ω_i r_i²)^(1/2) under which Σ μ_j |x_j| is minimised, for basis pursuit denoising; None
            for the square-root lasso, which minimises their sum.

    Raises:
        DataError: if there are ridge penalties, or the bound is not positive.
    """

    arrays: PenalisedLeastSquares
    noise: fmpq | None = None

    def __post_init__(self) -> None:
        """Check signs."""
        if any(kappa != 0 for kappa in self.arrays.ridge_entries):
            raise DataError("the norm of a residual is taken without ridge penalties")
        if self.noise is not None and self.noise <= 0:
            raise DataError("the bound of the norm of the residual must be positive")

    @property
    def objective(self) -> str:
        """The name of the objective in a certificate."""
        return "sqrt-lasso" if self.noise is None else "bpdn"


def unsquared_point(
    problem: ResidualNorm, *, digits: int = 50, guess: ExactMatrix | None = None, progress: Progress | None = None
) -> ExactMatrix | None:
    """Return a point near a minimiser, shape (N, 1), with about so many digits; nothing is proved of it.

    None if none is found: where the residual vanishes, the bound cannot be reached or is reached by 0, or there are
    too many ties.

    Args:
        problem: the problem.
        digits: of the largest coefficients, where the columns that are in do not nearly depend on each other.
        guess: coefficients, shape (N, 1), only a place to start.
        progress: is told what is being done.

    Raises:
        DataError: if the guess has another length.

    >>> from sci_barriers.problems.determined.unsquared_point import ResidualNorm, unsquared_point
    >>> from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
    >>> arrays = PenalisedLeastSquares.of([[1, 0], [0, 1]], [2, "1/4"], penalties=["3/5", 1])
    >>> unsquared_point(ResidualNorm(arrays)).to_float().tolist()
    [[1.8125], [0.0]]
    """
    return _Search(problem, guess, progress or (lambda words: None)).point(digits)


@dataclass(frozen=True)
class _At:
    """The minimiser of the lasso at a level."""

    level: fmpq
    solution: Solution
    values: list[fmpq]

    def signs(self) -> list[int]:
        return [(value > 0) - (value < 0) for value in self.values]


class _Search:
    def __init__(self, problem: ResidualNorm, guess: ExactMatrix | None, tell: Progress) -> None:
        self.problem, self.arrays, self.guess, self.tell = problem, problem.arrays, guess, tell
        self.integers = IntegerProblem.of(problem.arrays)
        with ctx.workprec(_GUARD):
            self.whole = nearest_float(exact_of(_norm(self._residual([fmpq(0)] * self.arrays.size)).mid()))

    def point(self, digits: int) -> ExactMatrix | None:
        """Return the point."""
        found = self._pair()
        if found is None:
            return None
        bits = _GUARD + int(digits * 3.33) + self._bits(found)
        with ctx.workprec(2 * bits):
            level = self._crossing(*found)
            if level is None:
                return None
            first, second = found
            share = exact_of(((level - first.level) / (second.level - first.level)).mid())
        values = [a + (b - a) * share for a, b in zip(first.values, second.values, strict=True)]
        return column([dyadic_nearest(value, bits=bits) for value in values])

    def _pair(self) -> tuple[_At, _At] | None:
        """Return minimisers at two levels with the same signs, one of them beside the level that is sought."""
        low, high = 0.0, 0.0
        level = self.whole / 2
        for number in range(_LEVELS):
            if not level > self.whole * _LEAST:
                return None
            self.tell(f"level {number + 1}")
            here = self._solve(dyadic_nearest(fmpq(*level.as_integer_ratio()), bits=_BITS + 64))
            beside = self._solve(here.level * (1 + _NEAR))
            with ctx.workprec(4 * _GUARD):
                size, crossing = _norm(self._residual(here.values)), self._crossing(here, beside)
                below = bool(size < (self.problem.noise if self.problem.noise is not None else arb(here.level)))
            # |r|/λ decreases with λ for the root, and |r| increases for a bound
            rises = below == (self.problem.noise is not None)
            low, high = (level, high) if rises else (low, level)
            found = None if crossing is None else nearest_float(exact_of(crossing.mid()))
            if found is not None and here.signs() == beside.signs():
                end = self._solve(dyadic_nearest(fmpq(*found.as_integer_ratio()), bits=_BITS + 64))
                if end.signs() == here.signs():
                    return here, beside
            level = found if found is not None and low < found and (not high or found < high) else 0.0
            if not level:
                level = (low * high) ** 0.5 if low and high else 4 * low if low else high / 4
            if level > self.whole / _LEAST:
                return None
        return None

    def _solve(self, level: fmpq) -> _At:
        penalties = column([2 * level * mu for mu in entries_of(self.arrays.penalties)])
        solution = minimise(replace(self.arrays, penalties=penalties), guess=self.guess)
        coefficients = self.arrays.coefficients(solution.point)
        self.guess = coefficients
        return _At(level, solution, entries_of(coefficients))

    def _residual(self, values: Sequence[fmpq]) -> list[arb]:
        """Return Ω^(1/2) (y - Zx)."""
        return weighted_residual(self.arrays, self.integers, values)

    def _crossing(self, first: _At, second: _At) -> arb | None:
        """Return the level at which the line through two residuals has the norm that is sought; None if nowhere."""
        a, b = self._residual(first.values), self._residual(second.values)
        step = second.level - first.level
        slope = [(q - p) / step for p, q in zip(a, b, strict=True)]
        start = [p - first.level * d for p, d in zip(a, slope, strict=True)]
        square, mixed, rest = (_dot(u, v).mid() for u, v in ((slope, slope), (slope, start), (start, start)))
        if self.problem.noise is None:
            square = square - 1
        else:
            rest = rest - arb(self.problem.noise) ** 2
        # the root sqrt-lasso has is where the square of the norm falls below that of the level, and bpdn where it rises
        if square == 0:
            return None
        inside = (mixed * mixed - square * rest).mid()
        if not inside >= 0:
            return None
        found = ((-mixed + (inside.sqrt() if square > 0 else -inside.sqrt())) / square).mid()
        return found if found > 0 else None

    def _bits(self, found: tuple[_At, _At]) -> int:
        """Return more bits where the line between the two is hardly a step."""
        sizes = [abs(value) for at in found for value in at.values if value != 0]
        if not sizes:
            return 0
        spread = max(sizes) / min(sizes)
        return int(spread.p).bit_length() - int(spread.q).bit_length() + 1


def weighted_residual(arrays: PenalisedLeastSquares, integers: IntegerProblem, values: Sequence[fmpq]) -> list[arb]:
    """Return Ω^(1/2) (y - Zx), less its weighted mean where there is an intercept."""
    fitted = [arb(0)] * arrays.rows
    scales = arrays.scale_entries
    for j in range(arrays.features):
        if values[j] != 0:
            unit = arb(integers.factors[j] * values[j] / scales[j])
            fitted = [a + unit * entry for a, entry in zip(fitted, integers.columns[j], strict=True)]
    left = [arb(y) - a for y, a in zip(entries_of(arrays.data), fitted, strict=True)]
    weights = [fmpq(1)] * arrays.rows
    if arrays.observation_weights is not None:
        weights = entries_of(arrays.observation_weights)
    if arrays.intercept:
        mean = sum((arb(w) * r for w, r in zip(weights, left, strict=True)), arb(0)) / sum(weights, fmpq(0))
        left = [r - mean for r in left]
    return [arb(w).sqrt() * r for w, r in zip(weights, left, strict=True)]


def _dot(a: Sequence[arb], b: Sequence[arb]) -> arb:
    return sum((x * y for x, y in zip(a, b, strict=True)), arb(0))


def _norm(values: Sequence[arb]) -> arb:
    return _dot(values, values).mid().sqrt()
