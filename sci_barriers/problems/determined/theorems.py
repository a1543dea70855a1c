"""The theorems of docs/theory.md, "What the data determine", at one scale of the precision, in rationals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flint import fmpq

from exact_base.rationals import round_down, round_up
from exact_base.reprs import short_repr
from sci_barriers.problems.determined.balls import root_above
from sci_barriers.problems.determined.facts import Facts

__all__ = ["At", "Outcome", "distance_at", "is_out", "near_at", "outcome", "quantities", "supported", "theorem_holds"]

_BITS = 64


@short_repr()
@dataclass(frozen=True)
class Outcome:
    """What is proved of every minimiser x' of every data set within a scale times the precision.

    Attributes:
        scale: by which all radii are multiplied.
        distance: an upper bound of ‖x' - x̂‖ over the features.
        moves: upper bounds of |x'_j - x̂_j| for the features; nothing is said of an intercept.
        inside: the features that are not 0 in any x', with the sign of x̂ where data are real.
        outside: the features that are 0 in all x'.
        unique: whether each data set has one minimiser only, by the theorem on the support.
    """

    scale: fmpq
    distance: fmpq
    moves: tuple[fmpq, ...]
    inside: tuple[int, ...]
    outside: tuple[int, ...]
    unique: bool


@short_repr()
@dataclass(frozen=True)
class At:
    """The quantities at a scale t: β, ε_J, σ, ϱ, W = β + ϱ and V = (β² + ϱ²)^(1/2), all but σ rounded up."""

    scale: fmpq
    beta: fmpq
    slope: fmpq
    least: fmpq
    rest: fmpq
    whole: fmpq
    stretch: fmpq


def quantities(facts: Facts, scale: fmpq) -> At | None:
    """Return the quantities at a scale; None if σ is not positive."""
    least = facts.least - scale * facts.moved
    if least <= 0:
        return None
    beta, slope = scale * facts.beta, scale * facts.slope + facts.defect
    rest = round_up(slope / least, bits=_BITS)
    stretch = root_above(beta * beta + rest * rest)
    return At(scale, beta, slope, least, rest, round_up(beta + rest, bits=_BITS), stretch)


def is_out(at: At) -> list[fmpq]:
    """Return the factors with which a row m_j, ε_j, n_j, δ_j has a positive sum if column j is out."""
    return _less(at, at.stretch)


def _is_kept(at: At) -> list[fmpq]:
    """Return the factors of m_j - 2ε_j - 2ϱn_j."""
    return _less(at, at.rest)


def _less(at: At, bound: fmpq) -> list[fmpq]:
    """Return the factors of m_j - 2ε_j - 2 bound·n_j."""
    return [fmpq(1), -2 * at.scale, -2 * bound, -2 * bound * at.scale]


def theorem_holds(facts: Facts, at: At) -> bool:
    """Return whether m_j > 2ε_j + 2ϱn_j for all columns off J, as the theorem on the distance wants it."""
    return all(facts.table.positive(_is_kept(at)))


# --- the theorem on the support -------------------------------------------------------------------


def supported(facts: Facts, at: At) -> bool:
    """Return whether the theorem on the support holds: all data sets have one minimiser, of one support."""
    if facts.places != facts.view.support or facts.view.imaginary is not None:
        return False
    distance = near_at(at)
    pinned = facts.view.pinned
    for j, size, spread in zip(facts.places, facts.sizes, facts.spreads, strict=True):
        if j in pinned and distance * spread >= size:
            return False
    rest = [j for j, out in zip(facts.outside, facts.table.positive(is_out(at)), strict=True) if not out]
    return not rest or all(facts.beside(rest).positive(_beside(at, facts)))


def _beside(at: At, facts: Facts) -> list[fmpq]:
    """Return the factors of a row m_j, ε_j, q, τ, ‖b‖, g in the second alternative, rounded so that the sum is less."""
    inverse = round_up(1 / at.least, bits=_BITS)
    pull = 2 * at.slope * inverse
    return [
        fmpq(1),
        -2 * at.scale,
        -2 * at.beta - pull * inverse * at.scale * facts.moved,
        -(2 * at.beta + pull) * at.scale,
        -2 * at.slope,
        -pull * inverse,
    ]


# --- the theorem on the distance --------------------------------------------------------------------


def outcome(facts: Facts, scale: fmpq) -> Outcome | None:
    """Return what is proved at a scale: by the theorem on the support if it holds, else by that on the distance."""
    at = quantities(facts, scale)
    if at is None:
        return None
    if supported(facts, at):
        return _outcome(facts, at, near_at(at), {}, unique=True)
    if not theorem_holds(facts, at):
        return None
    left = _undecided(facts, at)
    return _outcome(facts, at, _distance(facts, at, left), left, unique=False)


def near_at(at: At) -> fmpq:
    """Return W/σ, which bounds the distance where all columns off J are out."""
    return at.whole / at.least


def distance_at(facts: Facts, scale: fmpq) -> fmpq | None:
    """Return the bound of ‖(x' - x̂)_J‖ of the theorem on the distance; None if that does not hold."""
    at = quantities(facts, scale)
    if at is None or not theorem_holds(facts, at):
        return None
    return _distance(facts, at, _undecided(facts, at))


def _undecided(facts: Facts, at: At) -> dict[int, fmpq]:
    """Return m_j - 2ε_j - 2ϱn_j of the columns off J that are not proved out."""
    out = facts.table.positive(is_out(at))
    rooms = facts.table.sums(_is_kept(at))
    return {j: room for j, room, gone in zip(facts.outside, rooms, out, strict=True) if not gone}


def _slack(facts: Facts, at: At, left: Mapping[int, fmpq]) -> fmpq:
    """Return κ' for the columns that are not proved out, rounded down."""
    norms = dict(zip(facts.outside, facts.table.sums([fmpq(0), fmpq(0), fmpq(1), at.scale]), strict=True))
    return round_down(min(room / norms[j] for j, room in left.items()), bits=_BITS)


def _distance(facts: Facts, at: At, left: Mapping[int, fmpq]) -> fmpq:
    """Return D, with m_j - 2ε_j - 2ϱn_j of the columns that may be in."""
    if not left or (slack := _slack(facts, at, left)) >= 2 * at.whole:
        return near_at(at)
    middle = at.whole / 2 + slack / 4
    return 2 * middle * middle / (slack * at.least)


def _outcome(facts: Facts, at: At, distance: fmpq, left: Mapping[int, fmpq], *, unique: bool) -> Outcome:
    """Return an outcome from the bound of ‖(x' - x̂)_J‖, and m_j - 2ε_j - 2ϱn_j of the columns that may be in."""
    view = facts.view
    distance = round_up(distance, bits=_BITS)
    moves = [fmpq(0)] * view.features
    inside: list[int] = []
    for j, size, spread in zip(facts.places, facts.sizes, facts.spreads, strict=True):
        moves[j] = round_up(min(distance, distance * spread), bits=_BITS)
        if moves[j] < size:
            inside.append(j)
    half = at.whole * at.whole / 2
    for j, room in left.items():
        moves[j] = round_up(half / room, bits=_BITS)
    beyond = round_up(half / min(left.values()), bits=_BITS) if left else fmpq(0)
    whole = distance if beyond == 0 else root_above(distance * distance + beyond * beyond)
    if not facts.places:
        whole = beyond
    outside = tuple(j for j in facts.outside if j not in left)
    return Outcome(at.scale, whole, tuple(moves), tuple(inside), outside, unique)
