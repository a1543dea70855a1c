"""Claims files, read and audited row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flint import ctx

from exact_base.errors import BudgetError, SciBarriersError, UsageError
from exact_base.fields import Arrays, load_document, require_keys
from exact_base.scalars import zeros
from proofs_checks.certificate.reading import POINT_NAME, printable
from sci_barriers.audit.findings import check_claim, find
from sci_barriers.audit.instances import NotUniqueError, UnsolvedInstance
from sci_barriers.audit.reading import read_instance
from sci_barriers.audit.records import Audit, Finding, Unaudited

__all__ = ["Audit", "Finding", "Unaudited", "audit", "audited", "audited_row", "read_audit", "read_claims", "row_name"]

_WORKING = 256
_LONGEST = 600  # characters of a reason


def read_claims(path: Path) -> Sequence[Any]:
    """Return the rows of a claims file, which are not looked at yet.

    Raises:
        UsageError: if the file is no claims file, with the place.
    """
    document = require_keys(load_document(path), ("audits",), "a claims file", optional=("title",))
    entries = document["audits"]
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise UsageError("a claims file needs a non-empty list 'audits'")
    return entries


def audited(path: Path) -> list[Audit | Unaudited]:
    """Read a claims file and audit each of its rows; one that cannot be audited does not stop the others.

    Raises:
        UsageError: if the file is no claims file, with the place.
    """
    return [audited_row(entry, number, path.parent) for number, entry in enumerate(read_claims(path), start=1)]


def audited_row(entry: Any, number: int, folder: Path) -> Audit | Unaudited:
    """Audit a row, the `number`-th, of a claims file in a folder."""
    name = row_name(entry, number)
    try:
        return audit(read_audit(entry, folder))
    except NotUniqueError as error:
        verdict, reason = "not unique", str(error)
    except BudgetError as error:
        verdict, reason = "undecided", str(error)
    except MemoryError:
        verdict, reason = "undecided", "the memory of this machine does not suffice"
    except SciBarriersError as error:
        verdict, reason = "unusable", str(error).removeprefix(_prefix(name))
    return Unaudited(name, verdict, printable(reason, _LONGEST))


def row_name(entry: Any, number: int) -> str:
    """Return the title of a row, or its number."""
    given = entry.get("name") if isinstance(entry, Mapping) else None
    return f"row {number}" if given is None else str(given)


def _prefix(name: str) -> str:
    return f"audit {name!r}: "


def read_audit(entry: Any, folder: Path = Path()) -> Audit:
    """Read one audit from its table; names of files are relative to the folder.

    Raises:
        UsageError: naming the audit and what is wrong with it.
        NotUniqueError: if its instance is of form block and has more than one minimiser.
        BudgetError: if a limit was reached.
    """
    require_keys(entry, ("claims", "instance", "name"), "an audit", optional=("points",))
    name, arrays = str(entry["name"]), Arrays(folder)
    try:
        instance = read_instance(entry["instance"], arrays)
        points = {"zero": zeros(instance.columns)}
        if not isinstance(instance, UnsolvedInstance):
            points["minimiser"] = instance.minimiser
        given = entry.get("points", {})
        if not isinstance(given, Mapping):
            raise UsageError("the points must be a table of lists of numbers, or of names of files")
        for key, values in given.items():
            if key in ("zero", "minimiser"):
                raise UsageError(f"the point name {key!r} is taken; zero and minimiser are always there")
            if not POINT_NAME.fullmatch(str(key)):
                raise UsageError(
                    f"{key!r} cannot be the name of a point: up to 64 letters, digits and . _ + - can, "
                    "but not with 'minimiser', or what looks like it, in them"
                )
            points[str(key)] = instance.point(arrays.vector(values, instance.columns))
        claims = entry["claims"]
        if not isinstance(claims, Sequence) or isinstance(claims, str) or not claims:
            raise UsageError("it needs a non-empty list of claims")
        for claim in claims:
            check_claim(claim, points)
    except (NotUniqueError, BudgetError):
        raise
    except SciBarriersError as error:
        raise UsageError(f"{_prefix(name)}{error}") from None
    return Audit(name, instance, points, tuple(claims), files=tuple(arrays.used))


def audit(subject: Audit) -> Audit:
    """Evaluate every claim exactly and return the audit with its findings."""
    with ctx.workprec(_WORKING):
        return replace(subject, findings=tuple(find(subject, claim) for claim in subject.claims))
