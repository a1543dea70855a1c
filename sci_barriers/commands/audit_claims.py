"""The command `audit-claims`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from exact_base.files import bundle_directory
from exact_base.terminal import UNDECIDED, Answer, Shown, heading, note, progress
from exact_base.words import counted
from sci_barriers.audit.claims import Audit, Unaudited, audited
from sci_barriers.audit.report import audit_data
from sci_barriers.certificates.claim_audit import audit_files
from sci_barriers.commands.options import OutBundle

__all__ = ["VERDICTS", "audit_claims_command", "worst_verdict"]

VERDICTS = ("unusable", "refuted", "undecided", "not unique", "certified")
"""Of a row or of all of them, the one that counts first."""


def audit_claims_command(
    file: Annotated[Path, typer.Argument(help="Claims, as JSON or TOML; see docs/audit.md.")],
    out: OutBundle = None,
) -> Answer:
    """Certify or refute each claim of a file; exits 2 if a row is unusable, 3 if a claim is undecided."""
    target = None if out is None else bundle_directory(out)
    with progress() as show:
        show("auditing")
        rows = audited(file)
    written = [] if target is None else [target.write(audit_files(rows))]
    shown: list[Shown] = []
    for subject in rows:
        shown.append(heading(f"{subject.name}: {subject.verdict}"))
        if isinstance(subject, Unaudited):
            shown.append(f"  {subject.reason}")
            continue
        for finding in subject.findings:
            computed = f": {finding.computed}" if finding.computed else ""
            shown.append(f"  {finding.verdict:<10} {finding.claim}{computed}")
    if written and not written[0].paths:
        shown += ["", "nothing could be decided, so nothing was written"]
    unusable = sum(row.verdict == "unusable" for row in rows)
    if unusable:
        note("sci-barriers", f"error: {counted(unusable, 'row')} of {len(rows)} cannot be used")
    verdict = worst_verdict(rows)
    code = {"unusable": 2, "undecided": UNDECIDED}.get(verdict, 0)
    return Answer({"audits": [audit_data(row) for row in rows]}, shown, written, verdict=verdict, code=code)


def worst_verdict(rows: Sequence[Audit | Unaudited]) -> str:
    """Return the first of `VERDICTS` that a row or a claim has."""
    found = {row.verdict for row in rows}
    found |= {finding.verdict for row in rows if isinstance(row, Audit) for finding in row.findings}
    return next((verdict for verdict in VERDICTS if verdict in found), "undecided")
