"""How far minimisers at further samples move, to first order (docs/breakdown.md, "Further samples")."""

from __future__ import annotations

from typing import Any, cast

from proofs_checks.certificate.reading import MalformedCertificate, canonical_bytes
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.errors import ZERO, larger
from proofs_checks.checker.parts.omega import Omega, Rational
from proofs_checks.checker.parts.samples import Sample, check_samples, decode_samples, shrunk


def decode_further(value: Any, omega: Omega, path: str) -> list[Sample]:
    """Return the further samples, at least one and different; raises MalformedCertificate and Invalid."""
    samples = decode_samples(value, omega, path)
    if not samples:
        raise MalformedCertificate(f"{path} must hold at least one sample")
    # there is one way to write a vector
    require(len({canonical_bytes(y) for y in value}) == len(samples), "samples", lambda: "two of them are equal")
    return samples


def longest(omega: Omega, samples: list[Sample]) -> Ratio:
    """Return the largest |y|^2 of the samples, 1 if they are all shorter than y_1."""
    worst, lead = Ratio(1, 1), Ratio(int(omega.problem != "bpdn"), 1)
    for sample in samples:
        worst = larger(worst, lead + shrunk(sample, (0, 1)))
    return worst


def feasible(omega: Omega, samples: list[Sample], size: Ratio) -> str:
    """Return the condition number of feasibility in words; `size` is the largest |y|^2/c^2 of the samples, if any."""
    constraint = "|A'x - y'| <= p" if omega.problem == "bpdn" else "A'x = y' (the problem itself has no constraint)"
    solved = f"Feasibility: every A', y' with |A' - A| < c has a solution of {constraint}, and some with"
    if not samples:
        return f"{solved} |A' - A| = c has none; as c >= 1 = |y|, the condition number max(|A|, |y|) / c is 1."
    value = "is 1, as c >= |y|" if size <= Ratio(1, 1) else f"is at most {root_above(size)}, more than 1 where |y| > c"
    return (
        f"{solved} |A' - A|, |y' - y| <= c have none, as c >= 1; for each of these samples the condition number "
        f"max(|A|, |y|) / c {value}."
    )


def root_above(square: Ratio) -> str:
    """Return the root of a rational, rounded up."""
    return words.decimal(cast(int, square.num), square.den, root=True, up=True)


def moves(omega: Omega, samples: list[Sample], entries: tuple[Rational, Rational], *, tied: bool) -> str:
    """Check and state that minimisers move at most as much as A and y; `entries` holds a_max and c^2."""
    check_samples(omega, samples)
    if omega.problem == "bpdn":
        return _one_column(omega, samples, entries[1])
    (num, den), (c_num, c_den), (p_num, p_den) = *entries, omega.parameter
    h_num, h_den = omega.height(entries[0])
    lasso, room, longest_x, longest_rest = omega.problem == "lasso", Ratio(num - den, den), ZERO, ZERO
    # the rest is 2 G^2 at the tie, else p^2 G^2 / (4 a_max^2) for lasso, and 0 for sqrt-lasso
    factor = Ratio(2, 1) if tied else Ratio((p_num * den) ** 2 * lasso, 4 * (p_den * num) ** 2)
    groups: dict[int, Ratio] = {}
    for sample in samples:
        count = len(sample[0]) if lasso else omega.rows - 1
        groups[count] = larger(groups.get(count, ZERO), shrunk(sample, (0, 1)))
    for count, size in groups.items():
        x = Ratio(h_num * h_num, h_den * h_den) + size * Ratio(c_den, c_num)
        rest = factor * Ratio(den * den * c_num + count * c_den * num * num, num * num * c_num)
        require(_sum_of_roots(x, rest, room), "sensitivity", lambda: _exceeds(size))  # noqa: B023
        longest_x, longest_rest = larger(longest_x, x), larger(longest_rest, rest)
    term = " + 2^(1/2) G" if tied else " + p G/(2 a_max)" if lasso else ""
    counted = "the number of non-zero entries of y'" if lasso else "m - 1"
    where = f", G^2 = 1/a_max^2 + k/c^2 and k = {counted}" if term else ""
    shown = [_over(Ratio(1, 1), entries[0])]
    shown += [_over(square, entries[0], root=True) for square in (longest_x, longest_rest) if square.num]
    name = f"C = (1 + X{term})/a_max with X^2 = h^2 + |y'|^2/c^2{where}"
    moved = (
        "each minimiser at one of these samples is at most C t + o(t) from the nearest minimiser of the tie there"
        if tied
        else "the minimiser at each of these samples moves by at most C t + o(t)"
    )
    return (
        f"Sensitivity: as A and y move by at most t -> 0 (in any direction), {moved}, where {name} is at most "
        f"{' + '.join(shown)}, and at most 1."
    )


def _one_column(omega: Omega, samples: list[Sample], square: Rational) -> str:
    """Check and state it for bpdn, where each sample has one non-zero entry, and a column of its own."""
    (c_num, c_den), (p_num, p_den) = square, omega.parameter
    size = ZERO
    for (modulus,), den in samples:
        size = larger(size, Ratio(modulus, den))
    v_num, v_den = max(cast(int, size.num) * p_den - p_num * size.den, 0), size.den * p_den
    # 1/c + v/c^2 <= 1, which says c <= c^2 - v
    rest = c_num * v_den - v_num * c_den
    bounded = rest >= 0 and c_num * c_den * v_den**2 <= rest * rest
    require(bounded, "sensitivity", lambda: _exceeds(size * size))
    shown = [words.decimal(c_den, c_num, root=True, up=True)]
    shown += [words.decimal(v_num * c_den, v_den * c_num, up=True)] if v_num else []
    return (
        "Sensitivity: as A and y move by at most t -> 0 (in any direction), the minimiser at each of these samples "
        "moves by at most C t + o(t), where C = 1/c + max(|y'| - p, 0)/c^2 is at most "
        f"{' + '.join(shown)}, and at most 1."
    )


def _exceeds(size: Ratio) -> str:
    return f"C exceeds 1 at a sample with |y'|^2 = {words.ratio(size)}"


def _sum_of_roots(x: Ratio, y: Ratio, room: Ratio) -> bool:
    """Return whether x^(1/2) + y^(1/2) <= room."""
    rest = room * room + -x + -y
    return all(Ratio(0, 1) <= part for part in (room, rest)) and Ratio(4, 1) * x * y <= rest * rest


def _over(value: Ratio, t: Rational, *, root: bool = False) -> str:
    """Return value / t, or its root over t, rounded up."""
    power = 2 if root else 1
    return words.decimal(value.num * t[1] ** power, value.den * t[0] ** power, root=root, up=True)
