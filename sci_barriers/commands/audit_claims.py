"""The command `audit-claims`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from exact_base.files import bundle_directory
from exact_base.terminal import Answer, AsJson, Shown, finish, heading, note
from exact_base.words import counted
from sci_barriers.audit.claims import Audit, Unaudited, audited
from sci_barriers.audit.report import audit_data
from sci_barriers.certificates.claim_audit import audit_files
from sci_barriers.commands.options import OutBundle

__all__ = ["audit_claims_command"]


def audit_claims_command(
    file: Annotated[Path, typer.Argument(help="Claims, as JSON or TOML; see docs/audit.md.")],
    out: OutBundle = None,
    as_json: AsJson = False,
) -> None:
    """Certify or refute each claim of a file; exits 2 if a row is unusable, 1 if a claim is refuted, 3 if undecided."""
    target = None if out is None else bundle_directory(out)
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
    code = _exit_code(rows)
    finish(Answer({"audits": [audit_data(row) for row in rows]}, shown, written, code), as_json=as_json)


def _exit_code(rows: Sequence[Audit | Unaudited]) -> int:
    """2 if a row cannot be used, 1 if a claim is refuted, 3 if something is undecided; 0 otherwise."""
    unusable = sum(row.verdict == "unusable" for row in rows)
    if unusable:
        note("sci-barriers", f"error: {counted(unusable, 'row')} of {len(rows)} cannot be used")
        return 2
    verdicts = {row.verdict for row in rows}
    verdicts |= {finding.verdict for row in rows if isinstance(row, Audit) for finding in row.findings}
    return 1 if "refuted" in verdicts else 3 if "undecided" in verdicts else 0
