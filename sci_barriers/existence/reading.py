"""Reading an input, with its samples and perhaps their minimisers, from a JSON or TOML file of exact numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sci_barriers.audit.reading import load_document, number, require_keys
from sci_barriers.errors import DataError, UsageError
from sci_barriers.exact import ComplexNumber, ExactArray, Scalar, as_rational
from sci_barriers.existence.theorem1 import ExistingNetwork, network_exists

__all__ = ["read_matrix", "read_network_input", "read_scalar", "read_vector"]


def read_scalar(value: Any) -> Scalar:
    """Read a number as `number` does, or a complex one as a table {"re": ..., "im": ...}.

    Raises:
        DataError: if it is neither.
    """
    if not isinstance(value, Mapping):
        return number(value)
    if value.keys() != {"re", "im"}:
        raise DataError(f'a complex number is written {{"re": ..., "im": ...}}, got a table with {sorted(value)}')
    re, im = number(value["re"]), number(value["im"])
    return ComplexNumber(re, im) if im != 0 else re


def read_vector(values: Any) -> ExactArray:
    """Read a list of numbers.

    Raises:
        DataError: if it is none.
    """
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise DataError(f"a list of numbers is needed, got {values!r:.60}")
    result = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        result[i] = read_scalar(value)
    return result


def read_matrix(rows: Any) -> ExactArray:
    """Read a list of rows of one length.

    Raises:
        DataError: if it is none.
    """
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        raise DataError(f"a matrix is a list of rows, got {rows!r:.60}")
    vectors = [read_vector(row) for row in rows]
    if len({len(vector) for vector in vectors}) != 1 or not len(vectors[0]):
        raise DataError("the rows of a matrix must have one length, at least 1")
    return np.array(vectors, dtype=object)


def read_network_input(path: Path) -> ExistingNetwork:
    """Read an input and return the network of Theorem 1 for it.

    The file has `problem`, `parameter`, `matrix` and `samples`, and may have `weights`, `minimisers` and `duals`.

    Raises:
        UsageError: if the file cannot be read, or a key is missing or unknown.
        DataError: as `network_exists` does.
    """
    document = load_document(path)
    keys, optional = ("matrix", "parameter", "problem", "samples"), ("duals", "minimisers", "weights")
    fields = require_keys(document, keys, "the file", optional=optional)
    if not isinstance(fields["problem"], str):
        raise UsageError(f"the file names its problem, got {fields['problem']!r:.60}")

    def vectors(key: str) -> list[ExactArray | None] | None:
        values = fields.get(key)
        if values is None:
            return None
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise DataError(f"{key} must be a list of vectors, got {values!r:.60}")
        return [None if value is None else read_vector(value) for value in values]

    return network_exists(
        read_matrix(fields["matrix"]),
        vectors("samples") or [],
        problem=fields["problem"],
        parameter=as_rational(number(fields["parameter"])),
        weights=None if "weights" not in fields else read_vector(fields["weights"]),
        minimisers=vectors("minimisers"),
        duals=vectors("duals"),
    )
