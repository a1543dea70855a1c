"""Reading an input, with its samples and perhaps their minimisers, from a JSON or TOML file of exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from exact_base.errors import DataError, UsageError
from exact_base.fields import Arrays, load_document, read_real, require_keys
from exact_base.scalars import ExactArray, as_rational
from sci_barriers.network_exists.theorem1 import ExistingNetwork, network_exists

__all__ = ["read_network_input"]


def read_network_input(path: Path) -> ExistingNetwork:
    """Read an input and return the network of Theorem 1 for it.

    The file has `problem`, `parameter`, `matrix` and `samples`, and may have `weights`, `minimisers` and `duals`. The
    matrix and each vector may be in a file beside it.

    Raises:
        UsageError: if the file cannot be read, or a key is missing or unknown.
        DataError: as `network_exists` does.
    """
    document, arrays = load_document(path), Arrays(path.parent)
    keys, optional = ("matrix", "parameter", "problem", "samples"), ("duals", "minimisers", "weights")
    fields = require_keys(document, keys, "the file", optional=optional)
    if not isinstance(fields["problem"], str):
        raise UsageError(f"the file names its problem, got {fields['problem']!r:.60}")

    matrix = arrays.matrix(fields["matrix"])
    rows, columns = matrix.shape

    def vectors(key: str, length: int) -> list[ExactArray | None] | None:
        values = fields.get(key)
        if values is None:
            return None
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise DataError(f"{key} must be a list of vectors, got {values!r:.60}")
        return [None if value is None else arrays.vector(value, length) for value in values]

    return network_exists(
        matrix,
        vectors("samples", rows) or [],
        problem=fields["problem"],
        parameter=as_rational(read_real(fields["parameter"])),
        weights=None if "weights" not in fields else arrays.vector(fields["weights"], columns),
        minimisers=vectors("minimisers", columns),
        duals=vectors("duals", rows),
    )
