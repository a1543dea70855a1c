"""Two data sets whose minimisers are known up to a distance (docs/format.md, "kind data-pair").

Source: docs/theory.md, "What the data determine", "Two data sets".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from proofs_checks.certificate.reading import decode_object, decode_rational
from proofs_checks.checker.core.rules import Invalid
from proofs_checks.checker.parts.data_objectives import Objective
from proofs_checks.checker.parts.data_problem import width
from proofs_checks.checker.parts.data_theorems import Outcome
from proofs_checks.checker.parts.penalised import Penalised, Sparse, decode_places, decode_sparse, require_room
from proofs_checks.checker.parts.penalised_variation import check_admissible
from proofs_checks.checker.parts.precision import Precision, Radius
from proofs_checks.checker.parts.short import root_down, root_up
from proofs_checks.checker.parts.varied import Varied, decode_varied, require_products

_FINE = 256  # bits of a norm that is not rational
_ONE = Fraction(1)


@dataclass(frozen=True)
class Enclosure:
    """Other data of a problem, a point near their minimisers, J, and sigma."""

    problem: Varied
    point: Sparse
    allowed: list[int]
    sigma: Fraction


def decode_enclosure(
    value: object, path: str, given: Penalised, precision: Precision, objective: Objective
) -> Enclosure:
    """Return other data with a point; raises MalformedCertificate."""
    found: dict[str, Any] = decode_object(value, ("allowed", "columns", "data", "matrix", "point", "sigma"), path)
    problem = decode_varied(found, path, given)
    point = decode_sparse(found["point"], f"{path}.point", width(given) * given.size)
    allowed = decode_places(found["allowed"], f"{path}.allowed", given.size)
    sigma = Fraction(*decode_rational(found["sigma"], f"{path}.sigma", positive=True))
    rationals = [sigma, *([] if objective.noise is None else [objective.noise])]
    require_room(problem, None, (point, *(Sparse(x.denominator, {0: x.numerator}) for x in rationals)))
    require_products(problem, path, precision.matrix)
    return Enclosure(problem, point, allowed, sigma)


def check_enclosure(
    given: Penalised, precision: Precision, enclosure: Enclosure, objective: Objective, name: str
) -> Outcome:
    """Apply the rules of other data, and of kind data-digits with radii 0; raises Invalid."""
    problem = enclosure.problem
    m, n = problem.matrix.shape
    exactly = Precision(Radius(Fraction(0), None, m, n), Radius(Fraction(0), None, m, 1))
    try:
        check_admissible(given, precision, problem)
        outcomes = objective.outcomes(problem, exactly, enclosure.point, enclosure.allowed, enclosure.sigma, [_ONE])[1]
    except Invalid as error:
        raise Invalid(error.rule, f"{name}: {error.found}") from None
    return outcomes[0]


@dataclass(frozen=True)
class EnclosedPair:
    """Two points, and what is proved of the minimisers p' and p'' beside them."""

    problem: Penalised
    first: Enclosure
    second: Enclosure
    outcomes: tuple[Outcome, Outcome]

    def entry(self, side: int, j: int) -> list[Fraction]:
        """Return an entry of a point, its one or two parts."""
        point, parts = (self.first, self.second)[side].point, width(self.problem)
        return [Fraction(point.at(parts * j + k), point.den) for k in range(parts)]

    @cached_property
    def doubt(self) -> Fraction:
        """The bounds of the distances of both minimisers from their points, together."""
        return self.outcomes[0].distance + self.outcomes[1].distance

    @cached_property
    def distances(self) -> tuple[Fraction, Fraction]:
        """Bounds of |p' - p''| over the features; the lower one may be negative."""
        square = sum(map(self.away2, range(self.problem.features)), Fraction(0))
        low, high = _root(square)
        return low - self.doubt, high + self.doubt

    def away2(self, j: int) -> Fraction:
        """Return the square of the distance of an entry of the points."""
        parts = zip(self.entry(0, j), self.entry(1, j), strict=True)
        return sum(((a - b) ** 2 for a, b in parts), Fraction(0))

    @cached_property
    def size(self) -> Fraction:
        """A bound of |p'| + |p''|."""
        total = self.doubt
        for side in (0, 1):
            entries = (x for j in range(self.problem.features) for x in self.entry(side, j))
            total += _root(sum((x * x for x in entries), Fraction(0)))[1]
        return total

    @cached_property
    def refuted(self) -> int:
        """The least K >= 1 with |p' - p''| > 10^-K (|p'| + |p''|), by these bounds; the distance must be positive."""
        scale, count = self.distances[0] * 10, 1
        while scale <= self.size:
            scale, count = scale * 10, count + 1
        return count

    def moved(self, j: int) -> Fraction:
        """Return a lower bound of |p'_j - p''_j|, which may be negative."""
        low = _root(self.away2(j))[0]
        return low - sum((min(outcome.moves[j], outcome.distance) for outcome in self.outcomes), Fraction(0))


def _root(square: Fraction) -> tuple[Fraction, Fraction]:
    """Return bounds of a root."""
    num, den = square.as_integer_ratio()
    return root_down(num, den, bits=_FINE), root_up(num, den, bits=_FINE)
