"""Running an algorithm on training data so that whatever it does is a recorded outcome.

This is the part that shares a process with the algorithm: an exception, an exit or an unusable answer ends here as a
`Run`. What cannot be caught from within (a crash, a hang) is the business of `sci_barriers.isolation`.
"""

from __future__ import annotations

import contextlib
import io
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flint import fmpq, fmpz

from exact_base.errors import DataError
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, exact_vector, imaginary_part, real_part
from sci_barriers.data.training_data import QueryAccess, Stopped, StreamAccess

__all__ = ["STATUSES", "Run", "attempt", "checked_output", "one_line", "run", "tail"]

STATUSES = {
    "returned": "it gave an answer",
    "unusable": "its answer is not a vector of N rationals",
    "raised": "it raised an exception",
    "stopped": "it had read as much as it might, and was stopped",
    "exited": "it ended its process, or asked to",
    "out of memory": "an allocation failed",
    "crashed": "a signal ended its process",
    "timed out": "it reached the time limit and was killed",
    "cut off": "it destroyed its connection to the game and was killed",
    "inconsistent": "it drew otherwise after the same coins",
    "not loaded": "it could be loaded once, but not again",
}

_LINE = 300
_TAIL = 2000
_MAX_WARNINGS = 50
_MAX_BITS = 1 << 20
_MAX_VECTOR_BITS = 1 << 27


@short_repr()
@dataclass(frozen=True)
class Run:
    """What happened when an algorithm ran.

    Attributes:
        output: the answer, exact, length N; None if there is none.
        failure: why there is none, one line; empty if there is one.
        warnings: the distinct warnings raised, one line each.
        printed: the end of what it printed.
        errors: the end of what it wrote to standard error.
        status: one of `STATUSES`.
        notes: what was observed besides, one line each.
        reported: what the solver's adapter said of the call (see `Algorithm`).
        seconds: how long it took.
        repeatable: whether a second run in a fresh process gave the same answer; None if none was made.
    """

    output: ExactArray | None
    failure: str
    warnings: tuple[str, ...] = ()
    printed: str = ""
    errors: str = ""
    status: str = "returned"
    notes: tuple[str, ...] = ()
    reported: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    repeatable: bool | None = None

    @property
    def quiet(self) -> bool:
        """Whether the solver gave no warning, wrote nothing to standard error and reported no doubt."""
        reported = self.reported
        doubts = (
            reported.get("alarm", "") != ""
            or reported.get("status", "optimal") != "optimal"
            or reported.get("converged") == "False"
        )
        return not (self.warnings or self.errors.strip() or doubts)


def run(algorithm: Callable[[Any], Any], data: QueryAccess | StreamAccess) -> Run:
    """Run an algorithm in this process; what it does short of a keyboard interrupt is recorded, not raised.

    Floats in the answer are read as the dyadic rationals they are. The output is refused, with a reason, if it has the
    wrong shape or an entry that is NaN, infinite or not rational.
    """
    printed, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(errors):
        result = attempt(algorithm, data)
    return replace(result, printed=tail(printed.getvalue()), errors=tail(errors.getvalue()))


def attempt(algorithm: Callable[[Any], Any], data: QueryAccess | StreamAccess) -> Run:
    """Run an algorithm as `run` does, leaving its standard output and error alone."""
    heard = _Warnings()
    output: ExactArray | None = None
    status, failure = "returned", ""
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = heard
        try:
            answer = algorithm(data)
            status = "unusable"
            output = _rational_vector(answer, length=data.known.columns)
            status = "returned"
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a solver may also call sys.exit, its answer may be an object that raises
            status, failure = _failure(error, answered=status == "unusable")
    return Run(
        output,
        failure,
        warnings=heard.lines,
        status=status,
        notes=tuple(map(one_line, data.notes)),
        reported=_reported(algorithm),
        seconds=time.perf_counter() - started,
    )


def _failure(error: BaseException, *, answered: bool) -> tuple[str, str]:
    """Return the status and the reason for an exception, raised by the algorithm or when its answer was read."""
    name = f"{type(error).__name__}: {one_line(error)}".removesuffix(": ")
    if isinstance(error, Stopped) and not answered:
        return "stopped", one_line(error)
    if isinstance(error, MemoryError):
        return "out of memory", f"it ran out of memory: {name}"
    if isinstance(error, DataError) and answered:
        return "unusable", f"its output is not usable: {one_line(error)}"
    if answered:
        return "unusable", f"its output is not usable: reading it raised {name}"
    if isinstance(error, SystemExit):
        return "exited", f"it asked to end the program: {name}"
    return "raised", f"it raised {name}"


class _Warnings:
    """Collects distinct warnings, the first few of them, in place of `warnings.showwarning`."""

    def __init__(self) -> None:
        self._lines: dict[str, None] = {}
        self._more = 0

    def __call__(self, message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        line = f"{category.__name__}: {one_line(message)}"
        if line in self._lines:
            return
        if len(self._lines) < _MAX_WARNINGS:
            self._lines[line] = None
        else:
            self._more += 1

    @property
    def lines(self) -> tuple[str, ...]:
        """The warnings, and how many were left out."""
        return (*self._lines, *([f"and {self._more} more"] if self._more else []))


def _reported(algorithm: object) -> dict[str, str]:
    try:
        status = dict(getattr(algorithm, "last_status", None) or {})
    except Exception:  # it is foreign code, and all it loses is its own remark
        return {}
    return {one_line(key): one_line(value) for key, value in list(status.items())[:20]}


def _rational_vector(answer: Any, *, length: int) -> ExactArray:
    return checked_output(exact_vector(answer, length=length))


def checked_output(vector: ExactArray) -> ExactArray:
    """Return an exact vector that can be the output of a run.

    Raises:
        DataError: if it is not rational, or its numbers are longer than a certificate holds.
    """
    common, bits = fmpz(1), 0
    for entry in vector:
        if not entry:
            continue
        for part in (real_part(entry), imaginary_part(entry)):
            if not isinstance(part, fmpq):
                raise DataError(f"an algorithm must answer with rationals or floats, got {one_line(entry)}")
            common = common.lcm(part.q)
            bits += int(part.p).bit_length()
            # a certificate writes the numbers over their common denominator
            if common.bit_length() + int(part.p).bit_length() > _MAX_BITS or bits > _MAX_VECTOR_BITS:
                raise DataError(f"its numbers, over a common denominator, are longer than {_MAX_BITS} bits")
    if common.bit_length() * len(vector) > _MAX_VECTOR_BITS:
        raise DataError("its numbers are too long for a certificate")
    return vector


def one_line(value: object) -> str:
    """Write anything as one line of printable characters, cut to a few hundred; it may not let itself be written."""
    try:
        words = " ".join(str(value)[: 10 * _LINE].split())[:_LINE]
        return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return f"a {type(value).__name__} that raises {type(error).__name__} when written"


def tail(text: str) -> str:
    """Return the end of a text, with its lines, without what a terminal or a file would not take."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text[-_TAIL:])
