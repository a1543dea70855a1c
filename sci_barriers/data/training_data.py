"""Training data (eqs 3-5 of the paper): triples (A_n, y_kn, x_kn), and the two ways to read them, every read counted.

An *oracle* answers (k, n) with a `Triple`; an algorithm never sees the oracle, only a `TrainingData` around it:
either `QueryAccess` or `StreamAccess`. See docs/theory.md, "The model".
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, Protocol

from exact_base.errors import ProtocolError, UsageError
from exact_base.reprs import brief, short_repr, within
from exact_base.scalars import ExactArray, written
from exact_base.words import shown
from sci_barriers.omega.families import MAX_PRECISION
from sci_barriers.omega.known import Known

if TYPE_CHECKING:
    pass

__all__ = ["ACCESS_MODELS", "Oracle", "QueryAccess", "Stopped", "StreamAccess", "TrainingData", "Triple", "open_access"]


_MAX_NOTES = 20


class Stopped(BaseException):
    """Ends a run that has read as much as it may.

    Not an `Exception`, so that an algorithm does not take it for one of its own errors; one that catches it all the
    same gets no further data.
    """


class Triple:
    """One training datum at precision n: rational approximations of A and y_k, and a near minimiser for them.

    Attributes:
        k: number of the sample, from 1.
        n: precision, from 1: ‖A_n - A‖ <= 2^-n, ‖y_kn - y_k‖ <= 2^-n, dist(x_kn, Ξ(A_n, y_kn)) <= 2^-n.
        data: y_kn, length m, read-only.
        point: x_kn, length N, read-only.
    """

    def __init__(
        self, *, k: int, n: int, matrix: ExactArray | Callable[[], ExactArray], data: ExactArray, point: ExactArray
    ) -> None:
        """Hold a datum; `matrix` may be a function that builds A_n when it is first looked at."""
        self.k, self.n = k, n
        self._matrix = matrix
        self.data, self.point = data, point
        self.data.flags.writeable = False
        self.point.flags.writeable = False

    def __repr__(self) -> str:
        """Show which datum it is; the matrix may not have been built yet."""
        start = f"<datum k = {brief(self.k)}, n = {brief(self.n)}: y = "
        return within(f"{start}{written(self.data)}, x = {written(self.point)}>", f"{start}{brief(self.data)}>")

    @property
    def matrix(self) -> ExactArray:
        """A_n, shape (m, N), read-only."""
        if callable(self._matrix):
            self._matrix = self._matrix()
        self._matrix.flags.writeable = False
        return self._matrix


class Oracle(Protocol):
    """Answers to reads; the same (k, n) is always answered alike, and A_n does not depend on k."""

    @property
    def samples(self) -> int:
        """R, the number of samples y_1..y_R."""

    def read(self, *, k: int, n: int) -> Triple:
        """Return the datum (k, n)."""


@short_repr()
@dataclass
class TrainingData(ABC):
    """What an algorithm is handed: `known`, and reads, which are counted and logged.

    Attributes:
        known: what may be known without reading.
        max_precision: the largest n read so far, 0 before the first read.
        notes: what was observed of the algorithm while it ran, one line each; recorded with the run.
        limit: the number of the read at which the run is stopped; that read is answered and logged. None: no limit.
        finest: the run is stopped when it asks for a larger precision, and gets no answer. None: no limit.
        stopped: whether it was stopped; what the algorithm does after that, if it goes on, says nothing of it.
    """

    known: Known
    oracle: Oracle
    _log: list[tuple[int, int]] = field(default_factory=list, init=False)
    max_precision: int = 0
    notes: list[str] = field(default_factory=list)
    limit: int | None = None
    finest: int | None = None
    stopped: bool = False

    @property
    def log(self) -> tuple[tuple[int, int], ...]:
        """Every (k, n) answered, in order; a repeated read counts again."""
        return tuple(self._log)

    @property
    def count(self) -> int:
        """Number of data read so far."""
        return len(self._log)

    def _read(self, *, k: int, n: int) -> Triple:
        if n > MAX_PRECISION:
            self._refuse(f"precision {shown(n)} is beyond {MAX_PRECISION}, which no certificate holds")
        self._stop_at_the_limit()
        if self.finest is not None and n > self.finest:
            self._stop(f"it was stopped as it asked for precision {n}, beyond {self.finest}")
        triple = self.oracle.read(k=k, n=n)
        self._log.append((k, n))
        self.max_precision = max(self.max_precision, n)
        self._stop_at_the_limit()
        return triple

    def _stop_at_the_limit(self) -> None:
        if self.limit is not None and self.count >= self.limit:
            self._stop(f"it was stopped at read {self.limit}")

    def _refuse(self, reason: str) -> NoReturn:
        """Raise ProtocolError, and note it, as an algorithm may go on as if nothing had happened."""
        note = f"a read was refused: {reason}"
        if note not in self.notes and len(self.notes) < _MAX_NOTES:
            self.notes.append(note)
        raise ProtocolError(reason)

    def _stop(self, reason: str) -> None:
        self.stopped = True
        raise Stopped(reason)

    @abstractmethod
    def read_to(self, n: int) -> Triple:
        """Return the datum of sample 1 at precision n, reading what the access model requires to get there."""


class QueryAccess(TrainingData):
    """Adaptive access: the algorithm chooses k and n; one triple is one datum."""

    def read(self, n: int, *, k: int = 1) -> Triple:
        """Read the datum (k, n).

        Raises:
            ProtocolError: unless n >= 1 and 1 <= k <= R are integers.
        """
        if type(n) is not int or n < 1:
            self._refuse(f"a precision n >= 1 must be asked for, got {shown(n)}")
        if type(k) is not int or not 1 <= k <= self.oracle.samples:
            self._refuse(f"there is no sample {shown(k)}; samples are numbered 1 to {self.oracle.samples}")
        return self._read(k=k, n=n)

    def read_to(self, n: int) -> Triple:
        """Read the one datum (1, n)."""
        return self.read(n)


class StreamAccess(TrainingData):
    """Sequential access: the M-th read is precision n = M, for all samples at once (R data)."""

    def next(self) -> tuple[Triple, ...]:
        """Read the next precision; return the triples of samples 1..R."""
        n = self.max_precision + 1
        return tuple(self._read(k=k, n=n) for k in range(1, self.oracle.samples + 1))

    def read_to(self, n: int) -> Triple:
        """Read on until precision n.

        Raises:
            ProtocolError: if n has been passed already, or n < 1.
        """
        if type(n) is int and n > MAX_PRECISION:
            self._refuse(f"precision {shown(n)} is beyond {MAX_PRECISION}, which no certificate holds")
        if type(n) is not int or n <= self.max_precision:
            self._refuse(f"precision {shown(n)} was asked for, but the stream is at {self.max_precision}")
        while True:
            triples = self.next()
            if triples[0].n == n:
                return triples[0]


ACCESS_MODELS: dict[str, type[QueryAccess] | type[StreamAccess]] = {"query": QueryAccess, "stream": StreamAccess}


def open_access(
    name: str, known: Known, oracle: Oracle, *, limit: int | None = None, finest: int | None = None
) -> QueryAccess | StreamAccess:
    """Wrap an oracle in the access model called `name`, `query` or `stream`; the limits are those of `TrainingData`.

    Raises:
        UsageError: for another name.
    """
    if name not in ACCESS_MODELS:
        raise UsageError(f"unknown access model {name!r}; choose one of {', '.join(ACCESS_MODELS)}")
    return ACCESS_MODELS[name](known, oracle, limit=limit, finest=finest)
