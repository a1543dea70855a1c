"""Families as users write them: a JSON or TOML file, or a Python function of the precision."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from exact_base.errors import SciBarriersError, UsageError
from exact_base.fields import Arrays, load_document, read_real, require_keys
from exact_base.scalars import ExactArray, as_rational
from sci_barriers.breakdown.family import Datum, Family, FamilyInstance
from sci_barriers.solvers import load_attribute

__all__ = ["load_family"]

_FORM = (
    "return a sci_barriers.Family, or a pair (limit, instances) of inputs (A, y), the limit or None, together with "
    "--problem and --parameter"
)


def load_family(target: str, *, problem: str | None = None, parameter: str | None = None) -> Callable[[int], Family]:
    """Return the family that `target` names, as a function of the precision n.

    Args:
        target: FILE.json or FILE.toml, the same instances for every n; or file.py:attr or package.module:attr, a
            function that is called with n.
        problem: the problem, for a function that returns pairs.
        parameter: ε or λ, likewise.

    Raises:
        UsageError: if the target cannot be loaded.
    """
    if target.endswith((".json", ".toml")):
        if problem is not None or parameter is not None:
            raise UsageError("the file says which problem it is about; leave out --problem and --parameter")
        family = read_family(load_document(Path(target)), Arrays(Path(target).parent))
        return lambda n: family
    with _contained(f"{target} could not be loaded"):
        function = load_attribute(target)
    if not callable(function):
        raise UsageError(f"{target} is no function of the precision n; {_FORM}")

    def call(n: int) -> Family:
        with _contained(f"{target} failed at n = {n}"):
            result = function(n)
        return _family(result, target, problem, parameter)

    return call


@contextlib.contextmanager
def _contained(what: str) -> Iterator[None]:
    """Make every way in which a user's code may end an error; what it prints goes to standard error."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except SciBarriersError:
        raise
    except (Exception, SystemExit) as error:
        raise UsageError(f"{what}: {type(error).__name__}: {error}") from None


def _family(result: Any, target: str, problem: str | None, parameter: str | None) -> Family:
    if isinstance(result, Family):
        if problem is not None or parameter is not None:
            raise UsageError(f"{target} says which problem it is about; leave out --problem and --parameter")
        return result
    try:
        limit, instances = result
        inputs = [FamilyInstance(*pair) for pair in instances]
        limits = None if limit is None else FamilyInstance(*limit)
    except (TypeError, ValueError):
        raise UsageError(f"{target} must {_FORM}; it returned {type(result).__name__}") from None
    if problem is None or parameter is None:
        raise UsageError(f"{target} returned inputs only: give --problem and --parameter")
    return Family(problem=problem, parameter=as_rational(read_real(parameter)), instances=inputs, limit=limits)


def read_family(document: Any, arrays: Arrays | None = None) -> Family:
    """Read a family from a parsed file (docs/breakdown.md, "The command breakdown").

    Args:
        document: what the file holds.
        arrays: reads its arrays, which may be in files.

    Raises:
        UsageError: if a key is missing or unknown, or a file cannot be read.
        DataError: if the numbers cannot be read.
    """
    arrays = Arrays() if arrays is None else arrays
    fields = require_keys(
        document, ("instances", "parameter", "problem"), "the file", optional=("datum", "limit", "weights")
    )
    if not isinstance(fields["problem"], str):
        raise UsageError(f"the file names its problem, got {fields['problem']!r:.60}")
    items = fields["instances"]
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise UsageError(f"instances must be a list, got {items!r:.60}")
    instances = [_instance(item, f"instance {i}", arrays) for i, item in enumerate(items, start=1)]
    columns = instances[0].matrix.shape[1] if instances else 0
    return Family(
        problem=fields["problem"],
        parameter=as_rational(read_real(fields["parameter"])),
        instances=instances,
        limit=None if fields.get("limit") is None else _instance(fields["limit"], "the limit", arrays),
        datum=None if fields.get("datum") is None else _datum(fields["datum"], arrays),
        weights=None if "weights" not in fields else arrays.vector(fields["weights"], columns),
    )


def _vectors(
    fields: Mapping[str, Any], matrix: ExactArray, arrays: Arrays, keys: Sequence[str]
) -> dict[str, ExactArray | None]:
    """The vectors of some keys, with m or N entries where they are in files; None for those that are not there."""
    rows, columns = matrix.shape
    lengths = {"data": rows, "dual": rows, "minimiser": columns, "point": columns}
    return {key: None if fields.get(key) is None else arrays.vector(fields[key], lengths[key]) for key in keys}


def _instance(item: Any, name: str, arrays: Arrays) -> FamilyInstance:
    fields = require_keys(item, ("data", "matrix"), name, optional=("dual", "minimiser"))
    matrix = arrays.matrix(fields["matrix"])
    found = _vectors(fields, matrix, arrays, ("data", "minimiser", "dual"))
    return FamilyInstance(matrix, found.pop("data"), **found)


def _datum(item: Any, arrays: Arrays) -> Datum:
    fields = require_keys(item, ("data", "matrix"), "the datum", optional=("dual", "minimiser", "point"))
    matrix = arrays.matrix(fields["matrix"])
    found = _vectors(fields, matrix, arrays, ("data", "point", "minimiser", "dual"))
    return Datum(matrix, found.pop("data"), **found)
