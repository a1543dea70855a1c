"""Long computations: a time limit, progress, and a file from which to go on."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from exact_base.errors import BudgetError
from exact_base.matrices import Array
from proofs_checks.certificate.writing import write_atomic

__all__ = ["Table", "Work"]

_SAVE_EVERY = 5.0  # seconds


class Work:
    """What a computation may use and where it keeps its rows.

    Args:
        seconds: time limit from now on, or None.
        checkpoint: a file that keeps the rows of unfinished tables, or None.
        key: what is computed; a checkpoint with another key is not used.
        report: called with a label, the number of rows done and the number of rows.

    >>> from firenet_exact import Levels, Work, exact_matrix, refute
    >>> refute(exact_matrix([[1, 1]]), Levels.of([2], [1]), Work(seconds=10)).vector.rows
    2
    """

    def __init__(
        self,
        *,
        seconds: float | None = None,
        checkpoint: Path | None = None,
        key: str = "",
        report: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self._start = time.monotonic()
        self._seconds = seconds
        self._checkpoint = checkpoint
        self._key = key
        self._report = report
        self._saved = self._start
        self._tables: dict[str, Table] = {}
        self._resumed = self._load()

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return np.inf if self._seconds is None else self._start + self._seconds - time.monotonic()

    def check(self, label: str, done: int = 0, count: int = 0) -> None:
        """Report progress, save from time to time, and stop if the time is over.

        Raises:
            BudgetError: if it is.
        """
        if self._report is not None:
            self._report(label, done, count)
        over = self.left <= 0
        if over or time.monotonic() - self._saved > _SAVE_EVERY:
            self.save()
        if over:
            kept = "" if self._checkpoint is None else f"; the same command goes on from {self._checkpoint}"
            raise BudgetError(f"the time limit was reached in the {label}, {done} of {count} done{kept}")

    def table(self, label: str, count: int, width: int, compute: Callable[[int], Array], dtype: type = float) -> Table:
        """Return the table of `count` rows of `width` numbers; the same one for the same label."""
        if label not in self._tables:
            rows = self._resumed.get(label)
            if rows is None or rows.shape != (count, width) or rows.dtype != dtype:
                rows = np.full((count, width), np.nan, dtype=dtype)
            self._tables[label] = Table(self, label, rows, compute)
        return self._tables[label]

    def save(self) -> None:
        """Write the rows that there are to the checkpoint."""
        self._saved = time.monotonic()
        if self._checkpoint is None or not self._tables:
            return
        content = io.BytesIO()
        np.savez_compressed(content, key=self._key, **{k: table.rows for k, table in self._tables.items()})  # type: ignore[arg-type]
        write_atomic(self._checkpoint, content.getvalue())

    def finish(self) -> None:
        """Remove the checkpoint."""
        if self._checkpoint is not None:
            self._checkpoint.unlink(missing_ok=True)

    def _load(self) -> dict[str, Array]:
        """Return the rows of a checkpoint with the same key; another or a damaged file is as good as none."""
        try:
            if self._checkpoint is None or not self._checkpoint.is_file():
                return {}
            with open(self._checkpoint, "rb") as file, np.load(file, allow_pickle=False) as archive:
                found = {name: archive[name] for name in archive.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            return {}
        return found if str(found.pop("key", None)) == self._key else {}


class Table:
    """Rows that are computed when they are wanted, each once; NaN marks those that are not there yet."""

    def __init__(self, run: Work, label: str, rows: Array, compute: Callable[[int], Array]) -> None:
        self._run, self._label, self._compute = run, label, compute
        self.rows = rows

    def row(self, i: int) -> Array:
        """Return row i.

        Raises:
            BudgetError: if it is not there yet and the time is over.
        """
        if np.isnan(self.rows[i, 0]):
            self._run.check(self._label, int(np.sum(~np.isnan(self.rows[:, 0]))), len(self.rows))
            self.rows[i] = self._compute(i)
        return self.rows[i]  # type: ignore[no-any-return]

    def all(self) -> Array:
        """Return all rows, shape (count, width).

        Raises:
            BudgetError: if some are not there yet and the time is over.
        """
        for i in range(len(self.rows)):
            self.row(i)
        return self.rows
