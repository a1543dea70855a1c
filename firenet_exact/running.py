"""Long computations: in a process of their own, which can be ended at any moment, and rows from which to go on."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import threading
import time
import traceback
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn, TypeAlias

import numpy as np
from flint import fmpz_mat

from exact_base.errors import BudgetError, SolverError, UsageError
from exact_base.matrices import Array
from exact_base.reprs import short_repr
from proofs_checks.certificate.reading import printable
from proofs_checks.certificate.writing import write_atomic

__all__ = ["Ledger", "Progress", "Row", "Rows", "aside", "computed", "serve"]

_SAVE_EVERY = 5.0  # seconds


@short_repr()
@dataclass(frozen=True)
class Progress:
    """What is done now, and how much of it is done."""

    label: str
    done: int
    count: int


@short_repr()
@dataclass(frozen=True, eq=False)
class Row:
    """A row of a table, which took long to compute."""

    table: str
    index: int
    values: Array


Rows: TypeAlias = dict[tuple[str, int], Array]
"""Rows by table and index."""


def computed(
    rows: Rows, table: str, index: int, *, count: int, width: int, compute: Callable[[], Array]
) -> Iterator[Progress | Row]:
    """Put a row of `width` numbers, one of `count`, into `rows`, unless it is there."""
    known = rows.get((table, index))
    if known is None or known.shape != (width,):
        yield Progress(table, index, count)
        rows[table, index] = compute()
        yield Row(table, index, rows[table, index])


def aside(
    function: Callable[..., Iterator[Any]], *args: Any, seconds: float | None = None
) -> Generator[Any, None, None]:
    """Yield what the generator `function(*args)` yields in a process of its own.

    The process is killed when the time is over, wherever it is then, and when this generator is closed, as Ctrl-C
    does. It has a session of its own, so that Ctrl-C reaches the caller alone, and ends when the caller is gone.

    Args:
        function: a function of a module; it, its arguments and what it yields are pickled.
        args: its arguments.
        seconds: wall-clock time from now on, the start of the process included; None for no limit.

    Raises:
        BudgetError: if the time is over.
        SolverError: if the process died.
        Exception: what the function raised.
    """
    program = f"import sys; sys.path[:] = {sys.path!r}; from firenet_exact.running import serve; serve()"
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    over = threading.Event()

    def end() -> None:
        over.set()
        process.kill()

    timer = threading.Timer(min(max(seconds or 0, 0), threading.TIMEOUT_MAX), end)
    timer.daemon = True
    try:
        if seconds is not None:
            timer.start()
        sent = process.stdin is not None and _send(process.stdin, (function, args))
        while True:
            kind, value = _received(process) if sent else ("died", None)
            if kind == "item":
                yield value
            elif kind == "done":
                return
            elif isinstance(value, Exception):
                raise value
            elif over.is_set():
                raise BudgetError("the time is over")
            else:
                raise SolverError(f"the process of the work died with exit status {process.wait()}")
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def serve() -> NoReturn:
    """Be the process that `aside` starts."""
    line = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no item
    try:
        function, args = pickle.load(sys.stdin.buffer)
    except EOFError:  # the caller is gone already
        os._exit(1)
    threading.Thread(target=_end_with_the_caller, daemon=True).start()
    try:
        for item in function(*args):
            _send(line, ("item", item))
        last: tuple[str, Any] = ("done", None)
    except Exception as error:
        error.add_note(traceback.format_exc())
        last = ("raised", error)
    _send(line, last)
    os._exit(0)


def _end_with_the_caller() -> None:
    while os.read(0, 1):
        pass
    os._exit(1)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Take apart what flint cannot."""
        if isinstance(value, fmpz_mat):
            return fmpz_mat, (value.nrows(), value.ncols(), [int(entry) for entry in value.entries()])
        return NotImplemented


def _send(line: IO[bytes], value: Any) -> bool:
    """Send a value, in one piece; return whether the other end was there."""
    content = io.BytesIO()
    _Pickler(content, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    try:
        line.write(content.getvalue())
        line.flush()
    except OSError:
        return False
    return True


def _received(process: subprocess.Popen[bytes]) -> Any:
    """Return the next message of the process; its end can leave a part of one."""
    try:
        return pickle.load(process.stdout)  # type: ignore[arg-type]
    except (EOFError, OSError, pickle.UnpicklingError):
        return "died", None


class Ledger:
    """A file that keeps rows, so that an interrupted computation goes on from them.

    Args:
        path: the file, which is read if it is there.
        key: what is computed.

    Attributes:
        rows: those of the file, and those that were kept since.

    Raises:
        UsageError: if the file is no ledger, or that of something else; it is not replaced.
    """

    def __init__(self, path: Path, *, key: str) -> None:
        self._path, self._key = path, key
        self._saved = time.monotonic()
        self.rows: Rows = self._load() if path.exists() else {}

    def keep(self, row: Row) -> None:
        """Keep a row; the file is written every few seconds, in one piece.

        Raises:
            UsageError: if the system refuses.
        """
        self.rows[row.table, row.index] = row.values
        if time.monotonic() - self._saved > _SAVE_EVERY:
            self.save()

    def save(self) -> None:
        """Write the file, if there is anything to keep.

        Raises:
            UsageError: if the system refuses.
        """
        if self.rows:
            arrays = {f"{index} {table}": values for (table, index), values in self.rows.items()}
            content = io.BytesIO()
            np.savez(content, key=self._key, **arrays)  # type: ignore[arg-type]
            try:
                write_atomic(self._path, content.getvalue())
            except OSError as error:
                raise UsageError(f"cannot write the ledger: {error.strerror or error}") from None
        self._saved = time.monotonic()

    def _load(self) -> Rows:
        shown = printable(str(self._path))
        try:
            with open(self._path, "rb") as file, np.load(file, allow_pickle=False) as archive:
                found = {name: archive[name] for name in archive.files}
            key = str(found.pop("key"))
            split = ((name.partition(" "), values) for name, values in found.items())
            rows = {(table, int(index)): values for (index, _, table), values in split}
        except (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError, zipfile.BadZipFile):
            raise UsageError(f"{shown} exists and is no ledger; give another name") from None
        if key != self._key:
            raise UsageError(f"{shown} is the ledger of another matrix, or other levels; give another name")
        return rows
