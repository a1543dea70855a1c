"""What kind data-pair has found, in words; every number is rounded to the side that says less."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from proofs_checks.checker.core import words
from proofs_checks.checker.parts.penalised import Penalised
from proofs_checks.checker.parts.penalised_optimum import Optimum
from proofs_checks.checker.parts.penalised_variation import Variation
from proofs_checks.checker.parts.penalised_words import columns_said, interval
from proofs_checks.checker.parts.precision import Precision
from proofs_checks.checker.parts.precision_words import precision_lines
from proofs_checks.checker.parts.varied import Varied

_FIGURES = 7
_LARGEST = 5  # coefficients that are printed


@dataclass(frozen=True)
class Pair:
    """The only minimisers p' and p'' of two admissible data sets of one problem."""

    problem: Penalised
    first: Optimum
    second: Optimum

    @cached_property
    def den(self) -> int:
        """The denominator of both, in the units of x."""
        s = self.problem.scales
        return math.lcm(s.den * self.first.point.den, s.den * self.second.point.den)

    @cached_property
    def points(self) -> tuple[dict[int, int], dict[int, int]]:
        """The numerators of the features of both that are not 0."""
        return self._numerators(self.first), self._numerators(self.second)

    def _numerators(self, optimum: Optimum) -> dict[int, int]:
        s, point = self.problem.scales, optimum.point
        scale = self.den // (s.den * point.den)
        return {j: s.numbers[j] * x * scale for j, x in point.numbers.items() if j < self.problem.features}

    @cached_property
    def differences(self) -> dict[int, int]:
        """The numerators of p' - p'' that are not 0, of the features, by increasing column."""
        p, q = self.points
        found = ((j, p.get(j, 0) - q.get(j, 0)) for j in sorted(p.keys() | q.keys()))
        return {j: away for j, away in found if away}

    @cached_property
    def square(self) -> int:
        """The square of the distance, over that of `den`."""
        return _square(self.differences)

    @cached_property
    def refuted(self) -> int:
        """The least K >= 1 with |p' - p''| > 10^-K (|p'| + |p''|), which holds for all larger ones too."""
        a, b = map(_square, self.points)
        scale, count = self.square * 100, 1
        # 10^2K d > a + b + 2 sqrt(ab)
        while not ((left := scale - a - b) > 0 and left * left > 4 * a * b):
            scale, count = scale * 100, count + 1
        return count


def _square(numbers: dict[int, int]) -> int:
    return sum(x * x for x in numbers.values())


def title(pair: Pair) -> str:
    """Return how far apart the minimisers are."""
    distance = words.decimal(pair.square, pair.den**2, root=True, figures=_FIGURES)
    return (
        "Two data sets within the stated precision have minimisers p' and p'', the only ones, whose coefficients of "
        f"the columns of X are at least {distance} apart in l2 norm."
    )


def pair_lines(pair: Pair, precision: Precision, variations: Sequence[Variation]) -> list[str]:
    """Return what is known of the data, what was changed, and what follows."""
    lines = ["Within the precision are all X', y' with:", *precision_lines(precision, up=True)]
    lines += [
        changes_said(name, variation.problem, variation.other_data)
        for name, variation in zip(("first", "second"), variations, strict=True)
    ]
    square, den = pair.square, pair.den**2
    lines.append(f"Distances are l2 norms over the columns of X{_apart(pair)}: |p' - p''| is {interval(square, den)}.")
    half = words.decimal(square, 4 * den, root=True, figures=_FIGURES)
    lines.append(f"So every vector errs by at least {half} on one of the two data sets, half the distance.")
    lines.append(digits_said(pair.refuted))
    lines += _support(pair)
    return [*lines, _largest(pair), *closing()]


def closing() -> list[str]:
    """Return what follows for algorithms, and what was not checked."""
    return [
        "No algorithm that learns of the data no more than that they are within this precision does better on both: it "
        "gives one answer for them.",
        "Not checked: that the data are known no better than this, or that a program was to solve this problem.",
    ]


def _apart(pair: Pair) -> str:
    return ", the intercept apart" if pair.problem.intercept else ""


def changes_said(name: str, problem: Varied, other_data: bool) -> str:
    """Return which data a data set has that are not the given ones."""
    parts = []
    if problem.changed:
        parts.append(f"{columns_said(sorted(problem.changed))} of X")
    if other_data:
        parts.append("y")
    changed = f" with {' and '.join(parts)} changed" if parts else " itself"
    return f"The {name} data set is the given one{changed}."


def digits_said(count: int) -> str:
    """Return that no vector has so many digits for both."""
    if count == 1:
        return "No vector has a single digit, |c - p| <= 10^-1 |p|, for both."
    return (
        f"No vector c has {words.digits(count)}, |c - p| <= 10^-{count} |p|, for both; this does not exclude "
        f"{words.digits(count - 1)}."
    )


def _support(pair: Pair) -> list[str]:
    p, q = pair.points
    lines = [
        f"Non-zero in {name}, and zero in {other}: {columns_said(sorted(a.keys() - b.keys()))}."
        for name, other, a, b in (("p'", "p''", p, q), ("p''", "p'", q, p))
        if a.keys() - b.keys()
    ]
    turned = [j for j in sorted(p.keys() & q.keys()) if p[j] * q[j] < 0]
    if turned:
        lines.append(f"Of different signs in p' and p'': {columns_said(turned)}.")
    if p.keys() != q.keys():
        return [*lines, "So no set of columns is the right one for both data sets."]
    return [*lines, f"Both are non-zero in the same {words.counted(len(p), 'column')}."]


def _largest(pair: Pair) -> str:
    away, (p, q) = pair.differences, pair.points
    order = sorted(away, key=lambda j: (-abs(away[j]), j))[:_LARGEST]
    listed = "; ".join(
        f"column {j + 1}: at least {words.decimal(abs(away[j]), pair.den, figures=_FIGURES)}, from about "
        f"{words.decimal(p.get(j, 0), pair.den)} to {words.decimal(q.get(j, 0), pair.den)}"
        for j in order
    )
    return f"Largest differences: {listed}."
