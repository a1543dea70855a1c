"""Vectors and matrices of whatever library, entry by entry: numpy, pandas, scipy, sympy, mpmath, flint, and lists.

A table of pandas is read by its values, never by its labels, which are kept as names. What is no array of numbers in
one obvious way is refused: a dict, a set, a text, an array with something masked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeVar

import numpy as np

from exact_base.entries.memory import check_entries
from exact_base.entries.numbers import shown
from exact_base.errors import DataError

__all__ = ["Entries", "laid_out", "named"]

T = TypeVar("T")
Names = tuple[str, ...] | None

_TABLES = ("sympy", "mpmath", "flint")  # whose matrices say what they hold, and iterate over something else
_DEEPEST = 4  # of lists in lists: more than any array here has
_LONGEST = 1 << 22  # of what may have no end; the positions that a matrix of a certificate may have


@dataclass(frozen=True, repr=False)
class Entries:
    """The entries of an array, not read yet.

    Attributes:
        shape: (n,) or (m, N); any other shape is for the caller to refuse.
        values: row by row.
        rows: the names of the rows, if they have any.
        columns: the names of the columns, if they have any.
        lines: the line of the file where a row stands, if that is not its number.
    """

    shape: tuple[int, ...]
    values: Sequence[Any]
    rows: Names = None
    columns: Names = None
    lines: tuple[int, ...] | None = None

    def __repr__(self) -> str:
        return f"Entries(shape={self.shape})"

    def read(self, number: Callable[[Any], T]) -> list[T]:
        """Read every entry.

        Raises:
            DataError: with the place of the entry that is refused.
        """
        found: list[T] = []
        try:
            for value in self.values:
                found.append(number(value))
        except DataError as error:
            raise DataError(f"{self.place(len(found))}: {error}") from None
        return found

    def as_column(self) -> Entries:
        """Return a vector, a row or a column as a column.

        Raises:
            DataError: if it is none of them.
        """
        if len(self.shape) == 1:
            return Entries((*self.shape, 1), self.values, self.rows, self.columns, self.lines)
        if len(self.shape) != 2 or 1 not in self.shape:
            raise DataError(f"a list of numbers is needed, {self._instead()}")
        if self.shape[1] == 1:
            return self
        return Entries((self.shape[1], 1), self.values, rows=self.columns)

    def as_matrix(self) -> Entries:
        """Return itself.

        Raises:
            DataError: if it is no matrix, or has no entry.
        """
        if len(self.shape) != 2 or 0 in self.shape:
            raise DataError(
                f"a matrix is needed, with a list of numbers for each row and at least one entry; {self._instead()}"
            )
        return self

    def _instead(self) -> str:
        if not self.shape:
            value = self.values[0]
            return f"got the text {value!r:.40}" if isinstance(value, str) else f"got {shown(value)}"
        return f"got {_sized(self.shape)}" + (" of texts" if any(isinstance(v, str) for v in self.values) else "")

    def place(self, position: int) -> str:
        """Return where an entry stands, counted from 1."""
        if len(self.shape) == 1:
            return f"entry {position + 1}{_name(self.rows, position)}"
        if len(self.shape) != 2:
            return f"entry {position + 1} in order"
        i, j = divmod(position, self.shape[1])
        line = f" (line {self.lines[i]})" if self.lines is not None and self.lines[i] != i + 1 else ""
        return f"row {i + 1}{_name(self.rows, i)}{line}, column {j + 1}{_name(self.columns, j)}"


def _name(names: Names, index: int) -> str:
    return "" if names is None else f" {names[index]!r:.40}"


def _sized(shape: tuple[int, ...]) -> str:
    if len(shape) == 1:
        return f"a vector of length {shape[0]}"
    return f"a matrix of {shape[0]} x {shape[1]}" if len(shape) == 2 else f"an array of shape {shape}"


def named(labels: Sequence[object]) -> tuple[str, ...]:
    """Return labels as names."""
    return tuple(map(str, labels))


def laid_out(data: Any) -> Entries:
    """Return the entries of an array; a single number is an array of shape ().

    Raises:
        DataError: if it is no array, rows have several lengths, something is masked, or it is too large.
    """
    return _laid_out(data, _DEEPEST)


def _laid_out(data: Any, depth: int) -> Entries:
    layout = _layout_of(data)
    if layout is not None:
        return layout(data)
    if not _is_list(data):
        return Entries((), [data])
    if depth == 0:
        raise DataError("lists are nested too deeply for a vector or a matrix")
    items = list(data if isinstance(data, list | tuple) else islice(data, _LONGEST + 1))
    if len(items) > _LONGEST and not isinstance(data, list | tuple):
        raise DataError(f"{_kind(data)} with more than {_LONGEST:,} entries is not read; give a list or an array")
    if not any(map(_is_array, items)):
        return Entries((len(items),), items)
    parts = [_laid_out(item, depth - 1) for item in items]
    for i, part in enumerate(parts, start=1):
        if part.shape != parts[0].shape:
            raise DataError(
                f"the rows of an array must have one length; row 1 has {_length(parts[0])}, row {i} has {_length(part)}"
            )
    return Entries((len(parts), *parts[0].shape), list(chain.from_iterable(part.values for part in parts)))


def _length(part: Entries) -> str:
    return str(part.shape[0]) if len(part.shape) == 1 else "no list" if not part.shape else f"shape {part.shape}"


def _is_array(data: Any) -> bool:
    return _layout_of(data) is not None or _is_list(data)


def _is_list(data: Any) -> bool:
    """Whether something is a list, in the order of its entries, and nothing else.

    Raises:
        DataError: for what holds several things, but not in the way of a list.
    """
    if isinstance(data, str | np.ndarray):  # an array of no dimension is a number
        return False
    if isinstance(data, Sequence | Iterator) and not isinstance(data, bytes | bytearray | memoryview):
        return True
    if hasattr(data, "__iter__") and not hasattr(data, "free_symbols"):
        raise DataError(
            f"a list of numbers or an array is needed, not {_kind(data)}; say in which order they are meant"
        )
    return False


def _kind(data: object) -> str:
    name = type(data).__name__
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


# --- libraries ----------------------------------------------------------------------------------------------------


def _layout_of(data: Any) -> Callable[[Any], Entries] | None:
    """Return what lays out the arrays of a library, or None for anything else; no library is loaded for it."""
    if isinstance(data, list | tuple | str | int | float):
        return None
    if isinstance(data, np.ndarray):
        return _of_numpy if np.ndim(data) or np.ma.is_masked(data) else None
    pandas, sparse = sys.modules.get("pandas"), sys.modules.get("scipy.sparse")
    if pandas is not None and isinstance(data, pandas.DataFrame):
        return _of_frame
    if pandas is not None and isinstance(data, pandas.Series | pandas.Index | pandas.api.extensions.ExtensionArray):
        return _of_series
    if sparse is not None and sparse.issparse(data):
        return of_sparse
    if type(data).__module__.partition(".")[0] in _TABLES and hasattr(data, "tolist"):
        return _of_table
    if hasattr(data, "__array__") and hasattr(data, "dtype") and hasattr(data, "shape") and data.shape:
        return _of_other
    return None


def _of_numpy(array: Any) -> Entries:
    if np.ma.is_masked(array):
        raise DataError("an entry is masked; fill in the numbers that are meant, or leave those rows out")
    array = np.asarray(array)
    if array.dtype.kind not in "iufcOU":
        advice = {
            "b": "truth values; convert them with astype(float) where 0 and 1 are meant",
            "V": "records; take one of its fields",
            "M": "times; divide by a unit of time first",
            "m": "times; divide by a unit of time first",
        }
        raise DataError(f"an array of numbers is needed, got dtype {array.dtype}: {advice.get(array.dtype.kind, '')}")
    if array.ndim == 2:
        check_entries(*array.shape)
    # other floats would be converted to float64 on the way, and what that does depends on the modes of the processor
    plain = array.dtype.kind in "iuU" or array.dtype.char in "dD"
    try:
        return Entries(array.shape, array.ravel().tolist() if plain else list(array.flat))
    except SystemError:  # what Python says of texts of numpy with characters that there are not
        raise DataError("a text of the array is damaged") from None


def _of_frame(frame: Any) -> Entries:
    rows, cols = frame.shape
    check_entries(rows, cols)
    parts = []
    for j in range(cols):
        try:
            parts.append(_cells(frame.iloc[:, j]))
        except DataError as error:
            raise DataError(f"column {str(frame.columns[j])!r:.40}: {error}") from None
    values = list(chain.from_iterable(zip(*parts, strict=True)))
    return Entries((rows, cols), values, rows=_labels(frame.index), columns=_labels(frame.columns))


def _of_series(series: Any) -> Entries:
    return Entries((len(series),), _cells(series), rows=_labels(getattr(series, "index", None)))


def _cells(series: Any) -> list[Any]:
    """Return the entries of one column as its own type has them."""
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iufcbmM":
        return list(_of_numpy(series.to_numpy()).values)
    return list(series)


def _labels(index: Any) -> Names:
    """Return labels as names, but not the numbers that pandas counts with where there are no labels."""
    counted = index is None or (type(index).__name__ == "RangeIndex" and index.start == 0 and index.step == 1)
    return None if counted else named(list(index))


def of_sparse(matrix: Any) -> Entries:
    """Return the entries of a sparse matrix of scipy, zeros included."""
    if len(matrix.shape) != 2:
        raise DataError(f"a sparse matrix of two dimensions is needed, got shape {matrix.shape}")
    rows, cols = map(int, matrix.shape)
    check_entries(rows, cols)
    try:
        if hasattr(matrix, "check_format"):
            matrix.check_format(full_check=True)
        places, stored = _stored(matrix)
    except ValueError as error:
        raise DataError(f"the sparse matrix is damaged: {str(error).splitlines()[0]}") from None
    values: list[Any] = [0] * (rows * cols)
    seen: set[int] = set()
    for (i, j), value in zip(places, _of_numpy(np.asarray(stored)).values, strict=True):
        if not (0 <= i < rows and 0 <= j < cols):
            raise DataError(
                f"the sparse matrix stores an entry at row {i + 1}, column {j + 1}, outside {rows} x {cols}"
            )
        if i * cols + j in seen:
            raise DataError(f"row {i + 1}, column {j + 1} is stored twice; add its parts with sum_duplicates() first")
        seen.add(i * cols + j)
        values[i * cols + j] = value
    return Entries((rows, cols), values)


def _stored(matrix: Any) -> tuple[Iterable[tuple[int, int]], Any]:
    """Return where a sparse matrix has entries, and what they are."""
    if matrix.format != "dia":
        found = matrix.tocoo()
        return zip(found.row.tolist(), found.col.tolist(), strict=True), found.data
    # scipy compares these with zero, and that depends on the modes of the processor
    rows, cols = matrix.shape
    places = [
        (k, j - offset, j)
        for k, offset in enumerate(matrix.offsets.tolist())
        for j in range(max(0, offset), min(rows + offset, cols, matrix.data.shape[1]))
    ]
    return [(i, j) for _, i, j in places], matrix.data[[k for k, _, _ in places], [j for _, _, j in places]]


def _of_table(data: Any) -> Entries:
    return laid_out(data.tolist())


def _of_other(data: Any) -> Entries:
    """Lay out an array that numpy can take over, such as a tensor on this machine."""
    try:
        array = np.asarray(data)
    except Exception as error:  # of a library that is not known here
        raise DataError(f"numpy cannot take over {_kind(data)}: {' '.join(str(error).split())[:200]}") from None
    if array.ndim == 0:
        raise DataError(f"numpy cannot take over {_kind(data)}; convert it to an array")
    return _of_numpy(array)
