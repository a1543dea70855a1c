"""Tables in Parquet: the columns that hold numbers, with their names; the index of pandas is no column."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

from exact_base.entries.arrays import Entries, named
from exact_base.entries.memory import check_entries
from exact_base.errors import DataError, SciBarriersError, UsageError

__all__ = ["read"]


def read(path: Path) -> Entries:
    """Read a table.

    Raises:
        DataError: if a column holds no numbers, or one is missing.
        UsageError: if pyarrow is not installed.
    """
    try:
        from pyarrow import parquet
    except ImportError:
        raise UsageError("a .parquet file needs pyarrow; pip install 'sci-barriers[files]'") from None
    with open(path, "rb") as source:
        try:
            with parquet.ParquetFile(source) as file:
                check_entries(file.metadata.num_rows, file.metadata.num_columns)
                return _entries(file.read(), _index(file.schema_arrow.metadata))
        except (SciBarriersError, MemoryError):
            raise
        except Exception as error:  # of a parser whose errors are of any type
            raise DataError(f"no Parquet file that can be read: {' '.join(str(error).split())[:200]}") from None


def _index(metadata: dict[bytes, bytes] | None) -> list[str]:
    """Return the columns that pandas wrote as its index."""
    pandas = json.loads((metadata or {}).get(b"pandas", b"{}"))
    return [name for name in pandas.get("index_columns", []) if isinstance(name, str)]


def _entries(table: Any, index: list[str]) -> Entries:
    names = [name for name in table.column_names if name not in index]
    if len(set(table.column_names)) != len(table.column_names):
        raise DataError("two columns have one name")
    columns = [_column(name, table.column(name)) for name in names]
    rows = None
    if len(index) == 1:
        rows = named(table.column(index[0]).to_pylist())
    values = list(chain.from_iterable(zip(*columns, strict=True)))
    return Entries((table.num_rows, len(columns)), values, rows=rows, columns=named(names))


def _column(name: str, column: Any) -> list[Any]:
    from pyarrow import types

    kind = column.type
    if types.is_decimal(kind):
        return list(column.to_pylist())
    if not (types.is_integer(kind) or types.is_floating(kind)):
        raise DataError(f"the column {name!r:.40} holds {kind}, and no numbers; leave it out")
    if column.null_count:
        missing = column.to_pylist().index(None) + 1
        raise DataError(
            f"row {missing}, column {name!r:.40}: a number is missing; leave such rows out, or fill them in"
        )
    array = column.to_numpy()
    return array.tolist() if types.is_integer(kind) or types.is_float64(kind) else list(array)
