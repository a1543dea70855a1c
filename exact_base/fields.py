"""Fields of parsed JSON and TOML files: exact numbers, vectors and matrices in them."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.entries.arrays import Entries
from exact_base.entries.memory import check_entries
from exact_base.errors import DataError, UsageError
from exact_base.grammar import MAX_RUN, surd_terms
from exact_base.readers import Table, read_table, read_vector
from exact_base.reprs import short_repr
from exact_base.scalars import ComplexNumber, ExactArray, Real, Scalar, exact, imaginary_part, real_part, sqrt

__all__ = [
    "Arrays",
    "load_document",
    "read_real",
    "read_real_vector",
    "read_scalar",
    "read_scalar_matrix",
    "read_scalar_vector",
    "require_keys",
]


def read_real(value: Any) -> Real:
    """Read a real number: an integer, a float as the dyadic it is, or a string like "1/3" or "10/3*sqrt(2) + 1/2048".

    Raises:
        DataError: if it is none of these.
    """
    if not isinstance(value, str):
        number = exact(value)
        if isinstance(number, ComplexNumber) and imaginary_part(number) != 0:
            raise DataError(f"a real number is needed, got {value!r:.60}")
        return real_part(number)
    total: Real = fmpq(0)
    try:
        for coefficient, radicand in surd_terms(value):
            root: Real = fmpq(1) if radicand is None else sqrt(fmpq(*radicand))
            total = total + root * fmpq(*coefficient)
    except ValueError as error:
        raise DataError(f"{value!r:.60} {error}") from None
    return total


def read_real_vector(values: Any) -> ExactArray:
    """Read a list of real numbers (see `read_real`) into an exact vector.

    Raises:
        DataError: if it is none.
    """
    return _vector(values, read_real)


def require_keys(
    description: Any, keys: Sequence[str], what: str, *, optional: Sequence[str] = ()
) -> Mapping[str, Any]:
    """Return a table that has all `keys` and otherwise only optional ones.

    Raises:
        UsageError: naming what is missing or unknown.
    """
    if not isinstance(description, Mapping):
        raise UsageError(f"{what} must be a table with the keys {', '.join(keys)}")
    missing = [key for key in keys if key not in description]
    unknown = [key for key in description if key not in keys and key not in optional]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has the unknown key {unknown[0]!r}"
        raise UsageError(f"{what} {wrong}; its keys are {', '.join([*keys, *optional])}")
    return description


def load_document(path: Path) -> Any:
    """Parse a JSON or TOML file, by its ending.

    Raises:
        UsageError: if it cannot be read or parsed, with the place.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".toml":
            return tomllib.loads(text)
        return json.loads(text, object_pairs_hook=_table, parse_int=_integer)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is neither JSON nor TOML as its ending says: {error}") from None


def _integer(digits: str) -> int | str:
    """An integer of JSON; one with more digits than are read stays a text, so that who needs it refuses it alone."""
    return int(digits) if len(digits) <= MAX_RUN else digits


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table of JSON, which would keep the last of equal keys without a word; TOML refuses them."""
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r:.60} occurs twice in a table")
    return table


def read_scalar(value: Any) -> Scalar:
    """Read a number as `read_real` does, or a complex one as a table {"re": ..., "im": ...}.

    Raises:
        DataError: if it is neither.
    """
    if not isinstance(value, Mapping):
        return read_real(value)
    if value.keys() != {"re", "im"}:
        raise DataError(f'a complex number is written {{"re": ..., "im": ...}}, got a table with {sorted(value)}')
    re, im = read_real(value["re"]), read_real(value["im"])
    return ComplexNumber(re, im) if im != 0 else re


def read_scalar_vector(values: Any) -> ExactArray:
    """Read a list of real or complex numbers (see `read_scalar`) into an exact vector.

    Raises:
        DataError: if it is none.
    """
    return _vector(values, read_scalar)


def _vector(values: Any, read: Callable[[Any], Scalar]) -> ExactArray:
    if not isinstance(values, Sequence) or isinstance(values, str | bytes):
        raise DataError(f"a list of numbers is needed, got {values!r:.60}")
    return _array(Entries((len(values),), values), read)


def _array(entries: Entries, read: Callable[[Any], Scalar]) -> ExactArray:
    """Read entries, naming the place of one that is refused."""
    result = np.empty(len(entries.values), dtype=object)
    for i, value in enumerate(entries.read(read)):
        result[i] = value
    return result.reshape(entries.shape)


def read_scalar_matrix(rows: Any) -> ExactArray:
    """Read a list of rows of one length.

    Raises:
        DataError: if it is none.
    """
    if not isinstance(rows, Sequence) or isinstance(rows, str | bytes) or not rows:
        raise DataError(f"a matrix is a list of rows, got {rows!r:.60}")
    for i, row in enumerate(rows, start=1):
        if not isinstance(row, Sequence) or isinstance(row, str | bytes):
            raise DataError(f"a row is a list of numbers, got {row!r:.60} for row {i}")
        if len(row) != len(rows[0]) or not row:
            raise DataError(
                "the rows of a matrix must have one length, at least 1; "
                f"row 1 has {len(rows[0])}, row {i} has {len(row)}"
            )
    shape = len(rows), len(rows[0])
    check_entries(*shape)
    return _array(Entries(shape, [value for row in rows for value in row]), read_scalar)


@short_repr()
@dataclass(frozen=True)
class Arrays:
    """Reads arrays of a file that are lists of numbers, or in files of their own.

    Of those the file holds the name, or a table with the name as `file`, and perhaps `array` and `header`, which mean
    the same as the options --array and --header.

    Attributes:
        folder: the folder of the file, which names are relative to.
        used: the base names of the files that were read, in order.
    """

    folder: Path = Path()
    used: list[str] = field(default_factory=list)

    def matrix(self, value: Any) -> ExactArray:
        """Return a matrix, shape (m, N).

        Raises:
            UsageError: if a file cannot be opened, or is of another kind.
            DataError: if it is none.
        """
        if isinstance(value, str | Mapping):
            path, chosen = self._beside(value)
            return read_table(path, **chosen).array
        return read_scalar_matrix(value)

    def vector(self, value: Any, length: int) -> ExactArray:
        """Return a vector; only that of a file has this length for certain.

        Raises:
            UsageError: if a file cannot be opened, or is of another kind.
            DataError: if it is none.
        """
        if isinstance(value, str | Mapping):
            path, chosen = self._beside(value)
            return Table(read_vector(path, length, **chosen)).array.reshape(-1)
        return read_scalar_vector(value)

    def _beside(self, value: str | Mapping[str, Any]) -> tuple[Path, dict[str, Any]]:
        """Return the file that is meant, which may lead out of the folder: it is the user's own; and how it is read."""
        table = {"file": value} if isinstance(value, str) else value
        fields = require_keys(table, ("file",), "an array in a file", optional=("array", "header"))
        for key, word in fields.items():
            if not isinstance(word, str):
                raise UsageError(f"{key} of an array in a file is a text, got {word!r:.60}")
        try:
            possible = b"\0" not in os.fsencode(fields["file"])
        except UnicodeEncodeError:  # JSON can escape halves of characters
            possible = False
        if not possible:
            raise UsageError(f"{fields['file']!r:.60} cannot be the name of a file")
        path = self.folder / fields["file"]
        if path.name not in self.used:
            self.used.append(path.name)
        return path, {key: fields[key] for key in ("array", "header") if key in fields}
