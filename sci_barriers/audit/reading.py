"""Reading instances and points of claims files: written out, or in files beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exact_base.errors import UsageError
from exact_base.fields import Arrays, read_real, require_keys
from exact_base.scalars import as_rational
from sci_barriers.audit.instances import AuditInstance, block_instance, dense_instance
from sci_barriers.problems import problem_type

__all__ = ["read_instance"]


def read_instance(description: Any, arrays: Arrays | None = None) -> AuditInstance:
    """Build an instance from its description in a claims file.

    Raises:
        UsageError: if a key is missing or unknown, or a file cannot be read.
        DataError: if the numbers do not fit.
    """
    arrays = Arrays() if arrays is None else arrays
    form = description.get("form", "dense") if isinstance(description, Mapping) else None
    if isinstance(description, Mapping) and not isinstance(description.get("problem"), str):
        raise UsageError(f"an instance names its problem, got {description.get('problem')!r:.60}")
    if form == "block":
        require_keys(description, ("columns", "form", "parameter", "problem", "row", "rows"), "a block instance")
        for key in ("rows", "columns"):
            if type(description[key]) is not int:
                raise UsageError(f"{key} of a block instance must be an integer, got {description[key]!r:.60}")
        return block_instance(
            problem=description["problem"],
            parameter=as_rational(read_real(description["parameter"])),
            rows=description["rows"],
            columns=description["columns"],
            row=arrays.vector(description["row"], max(description["columns"] - description["rows"] + 1, 0)),
        )
    if form == "dense":
        keys, optional = ("data", "matrix", "parameter", "problem"), ("dual", "form", "minimiser", "weights")
        require_keys(description, keys, "a dense instance", optional=optional)
        if "dual" in description and "minimiser" not in description:
            raise UsageError("a dual vector is for a minimiser that is given too")
        matrix = arrays.matrix(description["matrix"])
        sizes = {"dual": matrix.shape[0], "minimiser": matrix.shape[1], "weights": matrix.shape[1]}
        given = {key: arrays.vector(description[key], size) for key, size in sizes.items() if key in description}
        problem = problem_type(description["problem"])(
            matrix,
            arrays.vector(description["data"], matrix.shape[0]),
            parameter=as_rational(read_real(description["parameter"])),
            weights=given.get("weights"),
        )
        return dense_instance(problem, minimiser=given.get("minimiser"), dual=given.get("dual"))
    raise UsageError(f"an instance has form 'block' or 'dense', got {form!r:.60}")
