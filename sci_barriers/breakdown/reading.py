"""Families as users write them: a JSON or TOML file, or a Python function of the precision."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from exact_base.errors import SciBarriersError, UsageError
from exact_base.fields import load_document, read_real, read_scalar_matrix, read_scalar_vector, require_keys
from exact_base.scalars import as_rational
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
        family = read_family(load_document(Path(target)))
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


def read_family(document: Any) -> Family:
    """Read a family from a parsed file (docs/breakdown.md, "The command breakdown").

    Raises:
        UsageError: if a key is missing or unknown.
        DataError: if the numbers cannot be read.
    """
    fields = require_keys(
        document, ("instances", "parameter", "problem"), "the file", optional=("datum", "limit", "weights")
    )
    if not isinstance(fields["problem"], str):
        raise UsageError(f"the file names its problem, got {fields['problem']!r:.60}")
    instances = fields["instances"]
    if not isinstance(instances, Sequence) or isinstance(instances, str):
        raise UsageError(f"instances must be a list, got {instances!r:.60}")
    return Family(
        problem=fields["problem"],
        parameter=as_rational(read_real(fields["parameter"])),
        instances=[_instance(item, f"instance {i}") for i, item in enumerate(instances, start=1)],
        limit=None if fields.get("limit") is None else _instance(fields["limit"], "the limit"),
        datum=None if fields.get("datum") is None else _datum(fields["datum"]),
        weights=None if "weights" not in fields else read_scalar_vector(fields["weights"]),
    )


def _optional(fields: Mapping[str, Any], key: str) -> Any:
    return None if fields.get(key) is None else read_scalar_vector(fields[key])


def _instance(item: Any, name: str) -> FamilyInstance:
    fields = require_keys(item, ("data", "matrix"), name, optional=("dual", "minimiser"))
    return FamilyInstance(
        read_scalar_matrix(fields["matrix"]),
        read_scalar_vector(fields["data"]),
        minimiser=_optional(fields, "minimiser"),
        dual=_optional(fields, "dual"),
    )


def _datum(item: Any) -> Datum:
    fields = require_keys(item, ("data", "matrix"), "the datum", optional=("dual", "minimiser", "point"))
    return Datum(
        read_scalar_matrix(fields["matrix"]),
        read_scalar_vector(fields["data"]),
        point=_optional(fields, "point"),
        minimiser=_optional(fields, "minimiser"),
        dual=_optional(fields, "dual"),
    )
