"""Inputs with nested ties: conditions, entries, data and distances (docs/format.md, "kind nested-ties").

The proofs are in docs/randomised.md, "Nested ties". Rationals are pairs (num, den), not reduced, den > 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from proofs_checks.certificate.reading import MalformedCertificate, Matrix, decode_integer, decode_list
from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.omega import MAX_EXPONENT, Omega, Rational, Read, decode_class


@dataclass(frozen=True)
class Nested:
    """The input on which columns have fallen behind one after the other, each at its exponent."""

    omega: Omega
    ties: int
    removed: list[int]
    exponents: list[int]

    @property
    def shift(self) -> int:
        """The least s with 2^s >= 2 (d')^(1/2)."""
        s = 0
        while 4**s < 4 * self.ties:
            s += 1
        return s

    def told(self, n: int) -> int:
        """Return how many columns have fallen behind in the data of precision n."""
        return sum(q < n for q in self.exponents)

    def largest(self, count: int) -> list[int]:
        """Return the columns, from 0, that are tied after the first `count` have fallen behind."""
        return sorted(set(range(self.ties)) - {i - 1 for i in self.removed[:count]})

    def top(self, count: int) -> Rational:
        """Return the entry that these share."""
        num, den = self.omega.base
        bits = self.exponents[count - 1] + self.shift if count else 0
        raised = sum(1 << bits - q - self.shift for q in self.exponents[:count])
        return (num << bits) + raised * den, den << bits

    def square(self) -> Rational:
        """Return c^2, the sum of the squares of all entries."""
        full, (b_num, b_den) = len(self.removed), self.omega.base
        den = self.top(full)[1]
        tops = [self.top(count) for count in range(full + 1)]
        nums = [num * (den // small) for num, small in tops]
        total = sum(num * num for num in nums[:-1]) + (self.ties - full) * nums[-1] ** 2
        others = self.omega.ties - self.ties  # at half the base
        return 4 * total + others * (b_num * (den // b_den)) ** 2, 4 * den * den

    def has_digits(self, z: Matrix) -> bool:
        """Return whether z is within 10^-K of a minimiser, by projecting it to the simplex of them."""
        full = len(self.removed)
        (num, den), tied = self.omega.height(self.top(full)), set(self.largest(full))
        rest, inside = 0, dict.fromkeys(tied, 0)
        for (row, _), (a, _, b, _) in z.entries.items():
            rest += b * b if row in tied else a * a + b * b
            if row in tied:
                inside[row] = a * den
        # over z.den * den: the k largest entries lose as much as makes their sum the height, the others become 0
        k, excess, rest = 0, -num * z.den, rest * den * den
        for entry in sorted(inside.values(), reverse=True):
            if (k + 1) * entry > excess + entry:
                k, excess = k + 1, excess + entry
            else:
                rest += entry * entry
        square = excess * excess + k * rest
        return bool(square * 100**self.omega.target <= k * (z.den * den) ** 2)


def decode_nested(claim: dict[str, object]) -> Nested:
    """Return the input of a claim; raises MalformedCertificate."""
    omega = decode_class(claim["class"])
    if omega.family != "strong":
        raise MalformedCertificate("claim.class must name the strong family")
    ties = decode_integer(claim["ties"], "claim.ties", low=2, high=omega.ties)
    removed = [
        decode_integer(i, "claim.removed", low=1, high=ties) for i in decode_list(claim["removed"], "claim.removed")
    ]
    exponents = [
        decode_integer(q, "claim.exponents", low=1, high=MAX_EXPONENT)
        for q in decode_list(claim["exponents"], "claim.exponents")
    ]
    if len(exponents) != len(removed) or len(removed) >= ties:
        raise MalformedCertificate("claim.removed and claim.exponents must be of one length, less than claim.ties")
    return Nested(omega, ties, removed, exponents)


def check_nested(case: Nested) -> None:
    """Check that the class has the bound, and the input is in it; raises Invalid."""
    different = len(set(case.removed)) == len(case.removed)
    require(different, "chain", lambda: "a column falls behind twice")
    rising = all(q < r for q, r in pairwise(case.exponents))
    require(rising, "chain", lambda: "the exponents do not increase")
    omega, ties, (num, den) = case.omega, case.ties, case.omega.base
    if case.exponents:  # alpha + 2^(1-q-s), which no entry of an input with exponents from q on reaches
        bits = case.exponents[0] + case.shift - 1
        num, den = (num << bits) + den, den << bits
    high, low = omega.height(omega.base), omega.height((num, den))
    omega.check_parameters(low)
    square, unit = omega.scaled_square(low)
    apart = square > ties * (ties - 1) * unit
    require(apart, "class", lambda: f"h^2 > d'(d'-1) 10^-2K fails: h = {words.decimal(*low)}, d' = {ties}")
    drop = (high[0] * low[1] - low[0] * high[1]) * 10**omega.target
    require(drop <= high[1] * low[1], "class", lambda: "the heights of the inputs differ by more than 10^-K")


def check_data(case: Nested, reads: list[Read]) -> None:
    """Check that each answer is a valid datum of the input; raises Invalid."""
    square = case.square()
    for j, read in enumerate(reads, start=1):
        _check_datum(case, read, square, f"read {j}, of precision {read.n}")


def _check_datum(case: Nested, read: Read, square: Rational, name: str) -> None:
    require(read.near(square), "data", lambda: f"{name}: c_n is more than 2^-n from c of the input")
    count = case.told(read.n)
    high, tied = case.omega.height(case.top(count)), case.largest(count)
    weights = [z[0] if i in tied else -1 for (i, _), z in read.x.entries.items()]
    convex = all(w > 0 for w in weights) and sum(weights) * high[1] == high[0] * read.x.den
    require(convex, "data", lambda: f"{name}: x_n is not a minimiser for A_n")
