"""Oracles around oracles: the other samples of a class, a limit on the number of data, and a record of the reads."""

from __future__ import annotations

from exact_base.errors import BudgetError, DataError
from exact_base.scalars import as_rational, zeros
from exact_base.words import counted
from sci_barriers.data.training_data import Oracle, Triple
from sci_barriers.omega.union import OmegaUnion, soft, threshold

__all__ = ["LimitedOracle", "SampledOracle"]


class SampledOracle:
    """Answers for all samples of a class, from an oracle that answers for y_1 with structured A_n.

    The A_n are those of the other oracle, y_k is exact and x_kn is a minimiser of (A_n, y_k).
    """

    def __init__(self, union: OmegaUnion, oracle: Oracle) -> None:
        """Answer k = 1 as `oracle` does; its A_n have the form U [[a^T, 0], [0, c I]]."""
        self.union, self._oracle = union, oracle

    @property
    def samples(self) -> int:
        """R, the number of samples."""
        return self.union.samples

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n).

        Raises:
            DataError: if A_n is so far from A that the minimiser has another form.
        """
        first = self._oracle.read(k=1, n=n)
        if k == 1:
            return first
        omega, (lead, rest) = self.union.strong, self.union.parts(k)
        straight, d, parameter = omega.disguised(first.matrix), omega.ties, omega.parameter
        largest, c = max(straight[0, :d]), as_rational(straight[1, d])
        support = sum(1 for entry in rest if entry)
        fits = omega.problem != "sqrt-lasso" or parameter**2 * (1 / largest**2 + support / c**2) < 1
        if c <= 0 or not fits:
            raise DataError(f"(k, n) = ({k}, {n}): A_n is too far from A for a minimiser of the usual form")
        point = zeros(omega.columns)
        if lead != 0:
            point[list(straight[0, :d]).index(largest)] = omega.height(largest)
        level = threshold(omega.problem, parameter, 1 / c)
        point[d:] = [soft(entry, level) / c for entry in rest]
        return Triple(k=k, n=n, matrix=first.matrix, data=self.union.data(k), point=point)


class LimitedOracle:
    """Gives a number of triples and refuses to give more."""

    def __init__(self, oracle: Oracle, *, triples: int) -> None:
        """Pass on the first `triples` reads of `oracle`."""
        self._oracle, self._limit, self._left = oracle, triples, triples

    @property
    def samples(self) -> int:
        """R, the number of samples."""
        return self._oracle.samples

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n).

        Raises:
            BudgetError: if the limit has been reached.
        """
        if not self._left:
            raise BudgetError(
                f"{counted(self._limit, 'datum was', 'data were')} given, and no more are; raise the number of data L"
            )
        self._left -= 1
        return self._oracle.read(k=k, n=n)
