"""Reading claims files: exact numbers, instances, and the JSON or TOML around them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

from sci_barriers.audit.instances import AuditInstance, BlockInstance, DenseInstance
from sci_barriers.errors import DataError, UsageError
from sci_barriers.exact import ExactArray, Real, as_rational, exact, real_part, sqrt

__all__ = ["load_document", "number", "read_instance", "require_keys", "vector"]

_RATIONAL = r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:/\d+)?"
_TERM = re.compile(rf"\s*([+-]?)\s*(?:({_RATIONAL})(?:\*sqrt\(({_RATIONAL})\))?|sqrt\(({_RATIONAL})\))\s*")


def number(value: Any) -> Real:
    """Read a real number: an integer, a float as the dyadic it is, or a string like "1/3" or "10/3*sqrt(2) + 1/2048".

    Raises:
        DataError: if it is none of these.
    """
    if not isinstance(value, str):
        return real_part(exact(value))
    text = value
    total: Real = fmpq(0)
    position = 0
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None or (position > 0 and not match[1]):
            break
        position = match.end()
        sign, factor, radicand, bare = match.groups()
        coefficient = as_rational(exact(factor or "1"))
        root = radicand or bare
        term = sqrt(as_rational(exact(root))) * coefficient if root else coefficient
        total = total - term if sign == "-" else total + term
    if position < len(text) or not text:
        raise DataError(f"{value!r} is not a number; write for example 1/3, 0.1 or 10/3*sqrt(2) + 1/2048")
    return total


def vector(values: Any) -> ExactArray:
    """Read a list of numbers into an exact vector."""
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise DataError(f"a list of numbers is needed, got {values!r:.60}")
    result = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        result[i] = number(value)
    return result


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
            parameter=as_rational(number(description["parameter"])),
            rows=description["rows"],
            columns=description["columns"],
            row=vector(description["row"]),
        )
    if form == "dense":
        keys = ("data", "form", "matrix", "parameter", "problem")
        require_keys(description, keys, "a dense instance", optional=("weights",))
        rows = description["matrix"]
        if not isinstance(rows, Sequence) or isinstance(rows, str) or len({len(vector(row)) for row in rows}) != 1:
            raise DataError("the matrix must be a list of rows of one length")
        return DenseInstance(
            problem=description["problem"],
            parameter=as_rational(number(description["parameter"])),
            matrix=np.array([vector(row) for row in rows], dtype=object),
            data=vector(description["data"]),
            weights=None if "weights" not in description else vector(description["weights"]),
        )
    raise UsageError(f"an instance has form 'block' or 'dense', got {form!r}")


def load_document(path: Path) -> Any:
    """Parse a JSON or TOML file, by its ending.

    Raises:
        UsageError: if it cannot be read or parsed, with the place.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is neither JSON nor TOML as its ending says: {error}") from None
