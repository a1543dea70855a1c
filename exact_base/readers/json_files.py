"""Matrices in JSON: a list of rows, or a matrix as certificates write it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from exact_base.entries.arrays import Entries, laid_out
from exact_base.entries.memory import check_memory
from exact_base.errors import DataError
from exact_base.matrices import ExactMatrix
from proofs_checks.certificate.reading import MATRIX_KEYS, decode_matrix

__all__ = ["read"]

_BYTES = 60  # that a byte of text takes at most while it is parsed: `[],` is a list and a place in one


def read(path: Path, *, vector: bool) -> Entries | ExactMatrix:
    """Read a list of rows, a list of numbers if it is a `vector`, or a matrix as docs/format.md, "Numbers", writes it.

    Raises:
        DataError: if it is none of these.
    """
    check_memory(path.stat().st_size * _BYTES, "this text, as JSON,")
    try:
        text = path.read_text(encoding="utf-8-sig")
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=_not_finite, object_pairs_hook=_unique)
    except UnicodeDecodeError:
        raise DataError("it is not UTF-8 text") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataError(f"not JSON: {error}") from None
    if isinstance(value, dict):
        if value.keys() != set(MATRIX_KEYS):
            raise DataError(f"a list of rows is needed, or an object with exactly {', '.join(MATRIX_KEYS)}")
        return ExactMatrix.decode(decode_matrix(value, "matrix", rational=True)).reduced()
    if not isinstance(value, list) or (not vector and not all(isinstance(row, list) for row in value)):
        raise DataError("a list of rows is needed")
    return laid_out(value)


def _not_finite(text: str) -> NoReturn:
    raise DataError(f"{text} is not a finite number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DataError("an object has a key twice")
    return found
