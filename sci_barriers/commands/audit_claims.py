"""The command `audit-claims`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from exact_base.errors import SciBarriersError
from exact_base.files import bundle_directory
from exact_base.terminal import INTERRUPTED, UNDECIDED, Answer, Shown, heading, note, progress
from exact_base.words import counted
from sci_barriers.audit.claims import Audit, Unaudited, audited_row, read_claims, row_name
from sci_barriers.audit.report import audit_data
from sci_barriers.certificates.claim_audit import row_files
from sci_barriers.commands.options import OutBundle

__all__ = ["VERDICTS", "audit_claims_command", "worst_verdict"]

VERDICTS = ("unusable", "refuted", "undecided", "not unique", "certified")
"""Of a row or of all of them, the one that counts first."""


def audit_claims_command(
    file: Annotated[Path, typer.Argument(help="Claims, as JSON or TOML; see docs/audit.md.")],
    out: OutBundle = None,
) -> Answer:
    """Certify or refute each claim of a file; exits 3 if one is undecided or a row unusable, 2 if all rows are."""
    target = None if out is None else bundle_directory(out)
    rows: list[Audit | Unaudited] = []
    files: dict[str, bytes] = {}
    entries, stopped = read_claims(file), False
    try:
        with progress() as show:
            for number, entry in enumerate(entries, start=1):
                show(row_name(entry, number), number - 1, len(entries))
                row, certificates = _audited(audited_row(entry, number, file.parent), number)
                rows.append(row)
                files |= certificates
    except KeyboardInterrupt:
        stopped = True
    written = [] if target is None else [target.write(files)]
    shown = [part for row in rows for part in _shown(row)]
    if written and not written[0].paths:
        shown += ["", "nothing could be decided, so nothing was written"]
    data = {"audits": [audit_data(row) for row in rows], "complete": not stopped}
    if stopped:
        note("sci-barriers", f"interrupted after {counted(len(rows), 'row')} of {len(entries)}")
    return Answer(data, shown, written, verdict=worst_verdict(rows), code=INTERRUPTED if stopped else _exit_code(rows))


def _audited(row: Audit | Unaudited, number: int) -> tuple[Audit | Unaudited, dict[str, bytes]]:
    """A row with its certificates, or why they cannot be written."""
    try:
        return row, row_files(row, number)
    except SciBarriersError as error:
        return Unaudited(row.name, "unusable", f"its certificate cannot be written: {error}"), {}


def _shown(row: Audit | Unaudited) -> list[Shown]:
    """The title of a row, and what was found."""
    said = row.reason if isinstance(row, Unaudited) else row.instance.note
    shown: list[Shown] = [heading(f"{row.name}: {row.verdict}"), *([f"  {said}"] if said else [])]
    for finding in [] if isinstance(row, Unaudited) else row.findings:
        computed = f": {finding.computed}" if finding.computed else ""
        shown.append(f"  {finding.verdict:<10} {finding.claim}{computed}")
    return shown


def _exit_code(rows: Sequence[Audit | Unaudited]) -> int:
    """2 if no row can be used, 3 if one cannot or something is undecided; 0 otherwise, also if claims are refuted."""
    unusable = sum(row.verdict == "unusable" for row in rows)
    if unusable:
        note("sci-barriers", f"error: {counted(unusable, 'row')} of {len(rows)} cannot be used")
    if unusable == len(rows):
        return 2
    return UNDECIDED if _verdicts(rows) & {"undecided", "unusable"} else 0


def worst_verdict(rows: Sequence[Audit | Unaudited]) -> str:
    """Return the first of `VERDICTS` that a row or a claim has."""
    return next((verdict for verdict in VERDICTS if verdict in _verdicts(rows)), "undecided")


def _verdicts(rows: Sequence[Audit | Unaudited]) -> set[str]:
    found = {row.verdict for row in rows}
    return found | {finding.verdict for row in rows if isinstance(row, Audit) for finding in row.findings}
