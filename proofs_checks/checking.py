"""The verdicts on what there is to check, one task for each file, so that several can be done at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from proofs_checks.certificate.reading import MalformedCertificate
from proofs_checks.checker.core.verify import NO_MEMORY, Report, bundle_report, verify_bytes, verify_member, worst
from proofs_checks.processes import Lost, Task
from proofs_checks.sources import Bundle, Group, Loose, Source

_Member: TypeAlias = tuple[Report | None, set[str]]


@dataclass(frozen=True)
class _Fault:
    """A file of a bundle that makes the whole of it malformed."""

    reason: str


def tasks(item: Source, *, time_limit: float, mebibytes: int) -> Iterator[Task]:
    """Yield what there is to do about a source, in the order in which `report` takes the outcomes."""
    if isinstance(item, Group):
        for inner in item.items:
            for task in tasks(inner, time_limit=time_limit, mebibytes=mebibytes):
                item.prepare()
                yield task
    elif isinstance(item, Bundle):
        for file in item.files:
            item.prepare()
            yield partial(_member, item, file, time_limit, mebibytes)
    elif isinstance(item, Loose):
        yield partial(_loose, item, time_limit, mebibytes)


def report(item: Source, outcomes: Iterator[Any]) -> Report:
    """Return the report on a source, from the outcomes of its tasks, which are taken off."""
    if isinstance(item, Group):
        parts = tuple(report(inner, outcomes) for inner in item.items)
        seen = f"{item.others} other files, which are no certificates" if item.others else None
        return Report(item.name, worst([part.verdict for part in parts]), parts=parts, not_checked=seen)
    if isinstance(item, Bundle):
        return _bundle_report(item, [_of_member(item, file, next(outcomes)) for file in item.files])
    if isinstance(item, Loose):
        found = next(outcomes)
        return Report(item.name, "undecided", reason=found.reason) if isinstance(found, Lost) else found
    return item


def _loose(item: Loose, time_limit: float, mebibytes: int) -> Report:
    try:
        with limited_memory(mebibytes):
            return verify_bytes(item.read(), time_limit, item.name, item.beside)
    except MalformedCertificate as error:
        return Report(item.name, "malformed", reason=str(error))
    except MemoryError:  # the bytes themselves
        return Report(item.name, "undecided", reason=NO_MEMORY)


def _member(item: Bundle, file: str, time_limit: float, mebibytes: int) -> _Member | Lost | _Fault:
    try:
        with limited_memory(mebibytes):
            return verify_member(item.name, item.folder, item.files, file, time_limit)
    except MalformedCertificate as error:
        return _Fault(str(error))
    except MemoryError:
        return Lost(NO_MEMORY)


def _of_member(item: Bundle, file: str, found: _Member | Lost | _Fault) -> _Member | _Fault:
    if isinstance(found, Lost):
        return Report(os.path.join(item.name, file), "undecided", reason=found.reason), set()
    return found


def _bundle_report(item: Bundle, found: list[_Member | _Fault]) -> Report:
    members = []
    for each in found:
        if isinstance(each, _Fault):
            return Report(item.name, "malformed", reason=each.reason)
        members.append(each)
    try:
        return bundle_report(item.name, item.files, members)
    except MalformedCertificate as error:
        return Report(item.name, "malformed", reason=str(error))


@contextmanager
def limited_memory(mebibytes: int) -> Iterator[None]:
    """Let a file that asks for more memory end as undecided (a MemoryError), and not the machine."""
    try:
        import resource
    except ImportError:  # not a POSIX system
        yield
        return
    soft, hard = before = resource.getrlimit(resource.RLIMIT_AS)
    allowed = [bound for bound in (soft, hard, mebibytes * 2**20) if bound != resource.RLIM_INFINITY]
    with suppress(ValueError, OSError):  # macOS has the limit, and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (min(allowed), hard))
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, before)
