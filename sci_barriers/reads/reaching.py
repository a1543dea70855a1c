"""Run the algorithms of statements 2 and 3 on training data, and keep what was read, what is left, and the network."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from exact_base.errors import BudgetError, DataError, UsageError
from exact_base.linalg import is_positive_definite, operator_norm_at_most
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, is_rational_array, norm2, sqrt, zeros
from exact_base.words import counted
from sci_barriers.data.sampled import LimitedOracle, SampledOracle
from sci_barriers.data.structured import InstanceOracle
from sci_barriers.data.training_data import Oracle, Triple, open_access
from sci_barriers.networks.soft import SoftNetwork
from sci_barriers.omega.families import Instance
from sci_barriers.omega.known import known_of
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.reads.algorithms import from_one_datum, sufficient_precision, until_known
from sci_barriers.reads.remaining import Left, Remaining

__all__ = ["Reach", "reach", "without_reads"]

STATEMENTS = (2, 3)


@short_repr()
@dataclass(frozen=True)
class Reach:
    """A network, and the proof that it is right on every member that has the data read.

    Attributes:
        union: the class.
        instance: the input that was read.
        digits: D; the error is at most 10^-D on every sample of every member left.
        access: `query` or `stream`.
        reads: (n, A_n) of sample 1, in order; none if nothing was read.
        triples: how many triples were read, for all samples together.
        left: the members that the reads leave.
        network: the network.
        error2: an upper bound of the squared error.
    """

    union: OmegaUnion
    instance: Instance
    digits: int
    access: str
    reads: tuple[tuple[int, ExactArray], ...]
    triples: int
    left: tuple[Left, ...]
    network: SoftNetwork
    error2: fmpq

    @property
    def index(self) -> int:
        """The i of the input, from 1; 0 for the tie."""
        return 0 if len(self.instance.argmax) > 1 else self.instance.argmax[0] + 1

    @property
    def exponent(self) -> int:
        """The q of the input; 0 for the tie."""
        return self.instance.exponent

    @property
    def trivial(self) -> bool:
        """Whether y_1 is the only sample and the zero network has D digits on the class without a read."""
        weak = self.union.weak
        return not self.union.extra and weak.height(weak.base) <= power_of_ten(-self.digits)


def reach(
    union: OmegaUnion,
    instance: Instance,
    *,
    statement: int,
    oracle: Oracle | None = None,
    access: str = "query",
    data: int = 1,
) -> Reach:
    """Run the algorithm of a statement of Theorem 2 on an input and certify its network for all inputs with its data.

    Args:
        union: the class.
        instance: a member of one of its families.
        statement: 2 (K - 1 digits, as many data as it takes) or 3 (K - 2 digits, from at most `data` data).
        oracle: answers about the input; the default is honest. It answers for all samples, or for y_1 only, with
            structured A_n.
        access: `query`, or `stream`, where one datum has all samples.
        data: L >= 1, of statement 3.

    Raises:
        UsageError: for a statement or number that does not exist, an input of another class, K < 3.
        BudgetError: if a stream of L data does not reach the precision that is needed.
        DataError: if an answer is no valid datum of the input.

    >>> from sci_barriers import OmegaClass, OmegaUnion, reach
    >>> union = OmegaUnion(OmegaClass.create("lasso", digits=6, rows=2, columns=3))
    >>> reach(union, union.strong.member(i=1, q=40), statement=2).digits
    5
    """
    if statement not in STATEMENTS:
        raise UsageError(f"statements 2 and 3 are about what can be reached, not {statement!r}")
    if type(data) is not int or data < 1:
        raise UsageError(f"the number of data L must be an integer >= 1, got {data!r}")
    if union.strong.digits < 3:
        raise UsageError(f"Theorem 2 is about K > 2, got K = {union.strong.digits}")
    if instance.omega not in union.families:
        raise UsageError("the input must be a member of one of the families of the class")
    source: Oracle = InstanceOracle(instance) if oracle is None else oracle
    if source.samples != union.samples:
        source = SampledOracle(union, source)
    if statement == 3:
        needed = sufficient_precision(union)
        if access == "stream" and needed > data:
            raise BudgetError(
                f"precision {needed} is needed, which a stream reaches after {counted(needed, 'datum', 'data')}, "
                f"not L = {data}"
            )
        source = LimitedOracle(source, triples=data * (union.samples if access == "stream" else 1))
    recorded = _Record(source)
    opened = open_access(access, known_of(union), recorded)
    network = until_known(opened) if statement == 2 else from_one_datum(opened)
    reads = tuple((n, recorded.matrices[n]) for k, n in opened.log if k == 1)
    for n, matrix in reads:
        if not _approximates(instance, n, matrix):
            raise DataError(f"the oracle answers n = {n} with a matrix that is more than 2^-{n} from that of the input")
        if union.strong.problem == "bpdn" and not _onto(instance, n, matrix):
            raise DataError(
                f"the oracle answers n = {n} with a matrix of less than full row rank, for which bpdn may have no "
                "feasible point; from such an answer nothing is certified"
            )
    return _certified(union, instance, union.strong.digits - statement + 1, access, reads, opened.count, network)


def without_reads(union: OmegaUnion, *, digits: int) -> Reach:
    """Certify the zero network, which is computed without reading, where it has the digits: with y_1 alone.

    Raises:
        UsageError: where it has not.
    """
    weak = union.weak
    if union.extra or weak.height(weak.base) > power_of_ten(-digits):
        raise UsageError(
            f"the zero network has {counted(digits, 'digit')} on the class with y_1 alone and 10^-D >= h, only then"
        )
    network = SoftNetwork(union.strong, zeros(union.strong.ties), None)
    return _certified(union, union.strong.tie(), digits, "query", (), 0, network)


class _Record:
    """Keeps the matrices that pass."""

    def __init__(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self.matrices: dict[int, ExactArray] = {}

    @property
    def samples(self) -> int:
        return self._oracle.samples

    def read(self, *, k: int, n: int) -> Triple:
        triple = self._oracle.read(k=k, n=n)
        if n not in self.matrices:
            if not is_rational_array(triple.matrix):
                raise UsageError(f"A_n must be rational and real, which it is not at n = {n}")
            self.matrices[n] = triple.matrix
        return triple


def _approximates(instance: Instance, n: int, matrix: ExactArray) -> bool:
    """Decide whether ‖A_n - A‖ <= 2^-n, through the blocks of A if A_n has them too."""
    omega, unit = instance.omega, power_of_two(-n)
    difference = omega.disguised(matrix) - omega.matrix(instance.a, sqrt(instance.c2), disguised=False)
    d, rest = omega.ties, difference.copy()
    rest[0, :d] = fmpq(0)
    steps = [difference[i, d + i - 1] for i in range(1, omega.rows)]
    for i in range(1, omega.rows):
        rest[i, d + i - 1] = fmpq(0)
    if any(rest.flat):
        # the Frobenius norm is an upper bound, and much faster
        return norm2(difference) <= unit * unit or operator_norm_at_most(difference, unit)
    return bool(norm2(difference[0, :d]) <= unit * unit and all(abs(step) <= unit for step in steps))


def _onto(instance: Instance, n: int, matrix: ExactArray) -> bool:
    """Decide whether A_n, which is within 2^-n of A, has full row rank; all singular values of A are c."""
    return instance.c2 > power_of_two(-2 * n) or is_positive_definite(matrix @ matrix.T)


def _certified(
    union: OmegaUnion,
    instance: Instance,
    digits: int,
    access: str,
    reads: tuple[tuple[int, ExactArray], ...],
    triples: int,
    network: SoftNetwork,
) -> Reach:
    remaining = Remaining(union)
    for n, matrix in reads:
        remaining.narrow(n, matrix)
    error2 = remaining.error2(network)
    if error2 > power_of_ten(-2 * digits):
        raise BudgetError(f"these reads do not prove {counted(digits, 'digit')}; read more")
    return Reach(union, instance, digits, access, reads, triples, tuple(remaining.left), network, error2)
