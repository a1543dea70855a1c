"""Reading claims files: exact numbers, instances, and the JSON or TOML around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from exact_base.errors import DataError, UsageError
from exact_base.fields import read_real, read_real_vector, require_keys
from exact_base.scalars import as_rational
from sci_barriers.audit.instances import AuditInstance, BlockInstance, DenseInstance

__all__ = ["read_instance"]


def read_instance(description: Any) -> AuditInstance:
    """Build an instance from its description in a claims file.

    Raises:
        UsageError: if a key is missing or unknown.
        DataError: if the numbers do not fit.
    """
    form = description.get("form") if isinstance(description, Mapping) else None
    if isinstance(description, Mapping) and not isinstance(description.get("problem"), str):
        raise UsageError(f"an instance names its problem, got {description.get('problem')!r}")
    if form == "block":
        require_keys(description, ("columns", "form", "parameter", "problem", "row", "rows"), "a block instance")
        for key in ("rows", "columns"):
            if type(description[key]) is not int:
                raise UsageError(f"{key} of a block instance must be an integer, got {description[key]!r}")
        return BlockInstance(
            problem=description["problem"],
            parameter=as_rational(read_real(description["parameter"])),
            rows=description["rows"],
            columns=description["columns"],
            row=read_real_vector(description["row"]),
        )
    if form == "dense":
        keys = ("data", "form", "matrix", "parameter", "problem")
        require_keys(description, keys, "a dense instance", optional=("weights",))
        rows = description["matrix"]
        if (
            not isinstance(rows, Sequence)
            or isinstance(rows, str)
            or len({len(read_real_vector(row)) for row in rows}) != 1
        ):
            raise DataError("the matrix must be a list of rows of one length")
        return DenseInstance(
            problem=description["problem"],
            parameter=as_rational(read_real(description["parameter"])),
            matrix=np.array([read_real_vector(row) for row in rows], dtype=object),
            data=read_real_vector(description["data"]),
            weights=None if "weights" not in description else read_real_vector(description["weights"]),
        )
    raise UsageError(f"an instance has form 'block' or 'dense', got {form!r}")
