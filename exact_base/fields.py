"""Fields of parsed JSON and TOML files: exact numbers, vectors and matrices in them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.grammar import surd_terms
from exact_base.scalars import ComplexNumber, ExactArray, Real, Scalar, exact, imaginary_part, real_part, sqrt

__all__ = [
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
        return tomllib.loads(text) if path.suffix == ".toml" else json.loads(text, object_pairs_hook=_table)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is neither JSON nor TOML as its ending says: {error}") from None


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
    result = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        result[i] = read(value)
    return result


def read_scalar_matrix(rows: Any) -> ExactArray:
    """Read a list of rows of one length.

    Raises:
        DataError: if it is none.
    """
    if not isinstance(rows, Sequence) or isinstance(rows, str | bytes) or not rows:
        raise DataError(f"a matrix is a list of rows, got {rows!r:.60}")
    vectors = [read_scalar_vector(row) for row in rows]
    if len({len(vector) for vector in vectors}) != 1 or not len(vectors[0]):
        raise DataError("the rows of a matrix must have one length, at least 1")
    return np.array(vectors, dtype=object)
