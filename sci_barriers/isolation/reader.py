"""What goes over the line during a run: the reads of a worker, and in the end what became of the run.

The training data stay with the game: its own counted access answers every read, so the transcript is what was read,
whatever the worker says. The reply is checked entry by entry, because a worker may be in any state.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

from exact_base.errors import DataError, ProtocolError, SciBarriersError, UsageError
from exact_base.text import Message, number_to_text, vector_from_text, vector_to_text
from sci_barriers.data.structured import StructuredOracle
from sci_barriers.data.training_data import QueryAccess, Stopped, StreamAccess
from sci_barriers.omega.codec import encode_class
from sci_barriers.players.running import STATUSES, Run, checked_output, one_line

__all__ = ["Reader", "read_run"]

_MAX_READ = 64 << 20
_OVERHEAD = 100
_MAX_LINES = 100


class Reader:
    """Answers the reads of one run from the training data of the game.

    Attributes:
        columns: N, the length of an answer.
    """

    def __init__(self, data: QueryAccess | StreamAccess) -> None:
        """Read from `data`.

        Raises:
            UsageError: if there is more than one sample, or both families of the class are known.
        """
        known, oracle = data.known, data.oracle
        if known.union is not None or oracle.samples != 1:
            raise UsageError(
                "a solver in a worker process reads inputs with one sample only, and of one family; run it in this one"
            )
        self._data = data
        self._structured = oracle if known.omega is not None and isinstance(oracle, StructuredOracle) else None
        self._answers: list[tuple[Any, Message]] = []
        self._left = _MAX_READ
        self.columns = known.columns

    @cached_property
    def order(self) -> Message:
        """What the worker must know to begin."""
        known = self._data.known
        return {
            "class": None if known.omega is None else json.dumps(encode_class(known.omega)),
            "nested": None if known.nested is None else known.nested.ties,
            "problem": known.problem,
            "parameter": number_to_text(known.parameter),
            "weights": vector_to_text(known.weights),
            "rows": known.rows,
            "columns": known.columns,
            "access": "stream" if isinstance(self._data, StreamAccess) else "query",
            "precision": known.precision,
        }

    @cached_property
    def _a(self) -> str:
        return "" if self._structured is None else vector_to_text(self._structured.a)

    def answer(self, asked: Any) -> Message:
        """Read what is asked for, [k, n], or say why not."""
        try:
            answer = self._read(asked)
        except SciBarriersError as error:
            answer = {"refused": one_line(error)}
        except Stopped as stop:
            answer = {"stopped": one_line(stop)}
        if self._left > 0:
            self._answers.append((asked, answer))
            self._left -= _OVERHEAD + sum(map(len, answer.values()))
        return answer

    def repetition(self) -> Callable[[Any], Message]:
        """Return a function that answers a second run: the same questions in the same order, and nothing else."""
        recorded = iter(self._answers)

        def answer(asked: Any) -> Message:
            before, answered = next(recorded, (None, {}))
            return answered if before == asked else {"refused": "the first run did not read this here"}

        return answer

    def _read(self, asked: Any) -> Message:
        if not isinstance(asked, list) or len(asked) != 2:
            raise ProtocolError("k and n are needed")
        k, n = asked
        if self._left <= 0:
            raise ProtocolError(f"it has read {_MAX_READ >> 20} MiB, which is more than a certificate holds")
        if isinstance(self._data, QueryAccess):
            triple = self._data.read(n, k=k)
        elif asked != [1, self._data.max_precision + 1]:
            raise ProtocolError(f"a stream is read in order, and precision {self._data.max_precision + 1} is next")
        else:
            (triple,) = self._data.next()
        if self._structured is not None:
            read = self._structured.transcript[-1]
            return {"a": self._a, "c": number_to_text(read.c), "x": vector_to_text(read.point)}
        parts = {"A": triple.matrix.ravel(), "y": triple.data, "x": triple.point}
        return {name: vector_to_text(part) for name, part in parts.items()}


def read_run(reply: Message, *, columns: int) -> Run:
    """Return what a worker says became of a run.

    Raises:
        DataError: if it is not said properly.
    """
    result = reply.get("result")
    if not isinstance(result, dict):
        raise DataError("a result is needed")
    status, output = result.get("status"), result.get("output")
    if not isinstance(status, str) or status not in STATUSES or (status == "returned") != (output is not None):
        raise DataError("a status is needed that fits the output")
    reported = result.get("reported")
    if not isinstance(reported, dict):
        raise DataError("what was reported must be an object")
    return Run(
        None if output is None else checked_output(vector_from_text(output, length=columns)),
        "" if status == "returned" else one_line(result.get("failure")),
        warnings=_read_lines(result.get("warnings")),
        status=status,
        notes=_read_lines(result.get("notes")),
        reported={one_line(key): one_line(value) for key, value in list(reported.items())[:_MAX_LINES]},
    )


def _read_lines(value: object) -> tuple[str, ...]:
    """Return lines of text as a worker sends them.

    Raises:
        DataError: if they are none.
    """
    if not isinstance(value, list):
        raise DataError("a list of lines is needed")
    return tuple(one_line(line) for line in value[:_MAX_LINES])
