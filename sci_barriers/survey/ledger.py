"""The ledger of a survey: one row for each finished cell, in SQLite, so that nothing finished is ever lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from exact_base.errors import UsageError
from sci_barriers.survey.cells import VERDICTS, Cell, CellOutcome

__all__ = ["Ledger"]

_VERSION = 1
_TABLE = """
create table if not exists cells (
    key text primary key, inputs text not null, outcome text not null, finished text not null
) without rowid
"""


class Ledger:
    """The outcomes in one file; every outcome is committed before the next one is taken."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        """Open or make the file; with `fresh`, start over.

        Raises:
            UsageError: if it cannot be opened, or is no ledger of this version.
        """
        self._path = path
        if fresh:
            try:
                for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))):
                    name.unlink(missing_ok=True)
            except OSError as error:
                raise UsageError(f"cannot remove the ledger {path}: {error.strerror or error}") from None
        try:
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._connection.execute("pragma journal_mode = wal")
            (version,) = self._connection.execute("pragma user_version").fetchone()
            if version not in (0, _VERSION):
                raise UsageError(f"{path} is a ledger of version {version}; start over with --fresh-ledger")
            # which run queries of whoever wrote the file, for as long as they like
            if self._connection.execute("select * from sqlite_master where type in ('view', 'trigger')").fetchone():
                raise UsageError(f"{path} has views or triggers, as no ledger has; start over with --fresh-ledger")
            self._connection.execute(_TABLE)
            self._connection.execute(f"pragma user_version = {_VERSION}")
        except sqlite3.Error as error:
            raise UsageError(f"cannot use the ledger {path} ({error}); start over with --fresh-ledger") from None

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def add(self, cell: Cell, outcome: CellOutcome) -> None:
        """Keep the outcome of a cell.

        Raises:
            UsageError: if it cannot be written.
        """
        finished = datetime.now(UTC).isoformat(timespec="seconds")
        row = (cell.key, cell.inputs, json.dumps(outcome), finished)
        try:
            self._connection.execute("insert or replace into cells values (?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise UsageError(f"cannot write the ledger {self._path}: {error}") from None

    def outcomes(self, cells: Iterable[Cell]) -> dict[Cell, CellOutcome]:
        """Return what is there of these cells, in their order, each with the time it was `finished`.

        Raises:
            UsageError: if it cannot be read.
        """
        try:
            rows = self._connection.execute("select key, outcome, finished from cells").fetchall()
            found = {key: (outcome, finished) for key, outcome, finished in rows}
            return {cell: _outcome(*found[cell.key]) for cell in cells if cell.key in found}
        except (sqlite3.Error, ValueError, RecursionError) as error:
            raise UsageError(f"cannot read the ledger {self._path}: {error}; start over with --fresh-ledger") from None


_TEXT, _LINES, _WORDS = "text", "a list of texts", "texts by name"
_FIELDS: dict[str, str] = {
    "verdict": _TEXT,
    "reason": _TEXT,
    "status": _TEXT,
    "standard_error": _TEXT,
    "took": _TEXT,
    "distance": _TEXT,
    "distance_squared": _TEXT,
    "relative_error": _TEXT,
    "objective_excess": _TEXT,
    "warnings": _LINES,
    "notes": _LINES,
    "solver_status": _WORDS,
}


def _outcome(written: object, finished: object) -> CellOutcome:
    """Read an outcome.

    Raises:
        ValueError: if it is none.
    """
    outcome = json.loads(written) if isinstance(written, str) else None
    if not isinstance(outcome, dict) or not isinstance(finished, str):
        raise ValueError("an outcome is a JSON object with a time")
    if outcome.get("verdict") not in list(VERDICTS) or "reason" not in outcome:
        raise ValueError("an outcome has a verdict and a reason")
    for name, value in outcome.items():
        if not _is(value, _FIELDS.get(name, "")):
            raise ValueError(f"{name[:40]!r} of an outcome is not {_FIELDS[name]}")
    return outcome | {"finished": finished}


def _is(value: object, what: str) -> bool:
    if what == _LINES:
        return isinstance(value, list) and all(isinstance(line, str) for line in value)
    if what == _WORDS:
        return isinstance(value, dict) and all(isinstance(word, str) for word in value.values())
    return what != _TEXT or isinstance(value, str)
