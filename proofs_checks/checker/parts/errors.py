"""How far a network is from the minimisers of members at most (docs/format.md, "kind reads", rule 4)."""

from __future__ import annotations

from proofs_checks.certificate.reading import Matrix
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.parts.members import Left
from proofs_checks.checker.parts.omega import Omega, Rational
from proofs_checks.checker.parts.samples import Sample, roots, shrunk

ZERO = Ratio(0, 1)


def larger(x: Ratio, y: Ratio) -> Ratio:
    """Return the larger of two."""
    return y if x <= y else x


def first_error(z: Matrix, square: Ratio, members: Left) -> Ratio:
    """Return the largest squared distance from z to the first parts of the minimisers of these members."""
    heights = [members.omega.height(end) for end in members.ends]
    if members.i == 0:
        return _simplex_distance(z, heights[0], members.omega.ties)
    # |z - h e_i|^2 is convex in h, which lies between the two
    entry, worst = z.entries.get((members.i - 1, 0), (0,))[0], ZERO
    for num, den in heights:
        worst = larger(worst, square + Ratio(num * (num * z.den - 2 * entry * den), den * den * z.den))
    return worst


def _simplex_distance(z: Matrix, height: Rational, d: int) -> Ratio:
    """Return the squared distance from z to h times the simplex: the nearest point is max(z_i - threshold, 0)."""
    num, den = height
    listed = [a * den for a, *_ in z.entries.values()]
    values = sorted(listed + [0] * (d - len(listed)), reverse=True)
    total, count = -num * z.den, 0
    # all over z.den * den; the threshold is total / count
    while count < d and values[count] * count > total:
        total, count = total + values[count], count + 1
    return Ratio(sum(min(v * count, total) ** 2 for v in values), (z.den * den * count) ** 2)


def largest_weight(omega: Omega, samples: list[Sample], gain: Rational) -> Ratio:
    """Return W such that the second parts of the outputs are off by at most |1/c - gain| sqrt(W)."""
    (num, den), (g_num, g_den), worst = omega.parameter, gain, ZERO
    threshold = {"bpdn": (num, den), "lasso": (-num * g_num, 2 * den * g_den), "sqrt-lasso": (0, 1)}[omega.problem]
    for sample in samples:
        worst = larger(worst, shrunk(sample, threshold))
    return worst


def gain_error(gain: Rational, members: Left) -> Ratio:
    """Return an upper bound of (1/c - gain)^2, which is convex in 1/c."""
    least, largest = (roots(members.square(end)) for end in members.ends)
    worst = ZERO
    for num, den in (least[0], largest[1]):
        off = Ratio(den, num) + Ratio(-gain[0], gain[1])
        worst = larger(worst, off * off)
    return worst
