"""The algorithms that reach K - 1 digits from unbounded data, and K - 2 digits from one datum, on all of Ω(K, L).

They use what is known of the class, and reads; they answer with a network. Source: docs/reads.md, "K - 1 digits" and
"K - 2 digits".
"""

from __future__ import annotations

from flint import fmpq

from exact_base.errors import ProtocolError, UsageError
from exact_base.rationals import power_of_ten, power_of_two
from sci_barriers.data.training_data import StreamAccess, TrainingData
from sci_barriers.networks.soft import SoftNetwork
from sci_barriers.omega.families import MAX_PRECISION, OmegaClass
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.reads.remaining import Remaining, root_bounds

__all__ = ["from_one_datum", "sufficient_precision", "until_known"]


def until_known(data: TrainingData) -> SoftNetwork:
    """Read until a network provably has K - 1 digits on every member that has these data.

    That is the case at the latest when the family is known and, on the weak one, the column. A stream is read datum
    by datum; with query access n is doubled.

    Raises:
        ProtocolError: if the class of the input is not known.
        DataError: if no member of the class has these data.
        UsageError: if its samples are so large that the roots of certificates are too coarse for them.
    """
    union = _union(data)
    remaining, bound = Remaining(union), power_of_ten(-2 * (union.strong.digits - 1))
    if any(2 * _second_part(union, omega, fmpq(0)) >= bound for omega in union.families):
        raise UsageError("1/c is known to 64 bits at most, which is too little for these samples; use smaller ones")
    n = 1
    while True:
        remaining.narrow(n, data.read_to(n).matrix)
        network = remaining.network()
        if remaining.error2(network) <= bound:
            return network
        n = n + 1 if isinstance(data, StreamAccess) else 2 * n


def from_one_datum(data: TrainingData) -> SoftNetwork:
    """Read one datum, of the precision that suffices for K - 2 digits, and answer; a stream is read up to it.

    Raises:
        ProtocolError: if the class of the input is not known.
        DataError: if no member of the class has this datum.
    """
    union = _union(data)
    n = sufficient_precision(union)
    remaining = Remaining(union)
    remaining.narrow(n, data.read_to(n).matrix)
    return remaining.network()


def sufficient_precision(union: OmegaUnion) -> int:
    """Return an n such that one datum of precision n, whatever it is, makes a network right to K - 2 digits.

    It is the least one for which the bound of docs/reads.md, "K - 2 digits", proves this; 1 for most classes.

    Raises:
        UsageError: for K < 3, or if n would exceed what a certificate holds.
    """
    if union.strong.digits < 3:
        raise UsageError(f"K - 2 digits are wanted, so that K >= 3 is needed, got K = {union.strong.digits}")
    if not _suffices(union, MAX_PRECISION):
        raise UsageError(f"no precision up to {MAX_PRECISION} suffices for these samples; use smaller ones")
    n = 1
    while not _suffices(union, n):
        n += 1
    return n


def _suffices(union: OmegaUnion, n: int) -> bool:
    # an entry that is alpha in one family and alpha/16 in the other tells them apart
    if 32 * power_of_two(-n) >= 15 * union.strong.alpha:
        return False
    bound = power_of_ten(-2 * (union.strong.digits - 2))
    for omega in union.families:
        d, base = omega.ties, omega.base
        height, low = omega.height(base), omega.height(base + omega.perturbation(1))
        # of the centroid to the vertices; the vertex in the middle of what is left is nearer
        first = max((h - height / d) ** 2 for h in (height, low)) + (d - 1) * (height / d) ** 2
        second = _second_part(union, omega, 2 * power_of_two(-n))
        if (max(first, second) if omega.problem == "bpdn" else first + second) > bound:
            return False
    return True


def _second_part(union: OmegaUnion, omega: OmegaClass, spread: fmpq) -> fmpq:
    """The square of the second part if what is left of a family varies by `spread` in c, or by as much as it can."""
    if not union.extra:
        return fmpq(0)
    d, base = omega.ties, omega.base
    smallest = root_bounds(d * base**2)[0]
    largest = root_bounds((d - 1) * base**2 + (base + omega.perturbation(1)) ** 2)[1]
    # half of what 1/c can vary, and what is rounded
    off = (min(largest - smallest, spread) / 2 + power_of_two(-62)) / smallest**2
    # twice the level of lasso, which leaves room for the rounding of the gain
    shift = omega.parameter / smallest if omega.problem == "lasso" else fmpq(0)
    shift = -omega.parameter if omega.problem == "bpdn" else shift
    weights = (sum((max(abs(v) + shift, fmpq(0)) ** 2 for v in sample if v), fmpq(0)) for sample in union.extra)
    return max(weights) * off**2


def _union(data: TrainingData) -> OmegaUnion:
    if data.known.union is None:
        raise ProtocolError("this algorithm is for inputs of a class Ω(K, L) of which both families are known")
    return data.known.union
