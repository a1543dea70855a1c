"""The commands `table1` and `audit-claims`."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from exact_base.errors import UsageError
from exact_base.terminal import print_json, say, screen
from exact_base.words import counted
from proofs_checks.certificate import writing
from sci_barriers.audit.claims import Audit, Unaudited, audited
from sci_barriers.audit.report import audit_data
from sci_barriers.certificates.claim_audit import audit_certificate
from sci_barriers.commands.writing import check_bundle_target

__all__ = ["audit_claims_command"]


def audit_claims_command(
    file: Annotated[Path, typer.Argument(help="Claims, as JSON or TOML; see docs/audit.md.")],
    out: Annotated[
        Path | None, typer.Option(help="Directory for the bundle of certificates. Default: print only.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Certify or refute each claim of a file; exits 2 if a row is unusable, 1 if a claim is refuted, 3 if undecided."""
    if out is not None:
        check_bundle_target(out)
    rows = audited(file)
    written = out is not None and write_audits(out, rows)
    if as_json:
        print_json({"audits": [audit_data(row) for row in rows]})
    else:
        console = screen(width=None, soft_wrap=True)
        for subject in rows:
            console.print(f"{subject.name}: {subject.verdict}", style="bold")
            if isinstance(subject, Unaudited):
                console.print(f"  {subject.reason}")
                continue
            for finding in subject.findings:
                computed = f": {finding.computed}" if finding.computed else ""
                console.print(f"  {finding.verdict:<10} {finding.claim}{computed}")
        if written:
            say("", f"written: {out}", f"check with: proofs-checks verify {out}")
        elif out is not None:
            say("", "nothing could be decided, so nothing was written")
    raise typer.Exit(_exit_code(rows))


def _exit_code(rows: Sequence[Audit | Unaudited]) -> int:
    """2 if a row cannot be used, 1 if a claim is refuted, 3 if something is undecided; 0 otherwise."""
    unusable = sum(row.verdict == "unusable" for row in rows)
    if unusable:
        print(f"sci-barriers: error: {counted(unusable, 'row')} of {len(rows)} cannot be used", file=sys.stderr)
        return 2
    verdicts = {row.verdict for row in rows}
    verdicts |= {finding.verdict for row in rows if isinstance(row, Audit) for finding in row.findings}
    return 1 if "refuted" in verdicts else 3 if "undecided" in verdicts else 0


def write_audits(target: Path, audits: Sequence[Audit | Unaudited]) -> bool:
    """Write a bundle with one certificate for each audit that found something; tell whether there was one."""
    files: dict[str, bytes] = {}
    for number, subject in enumerate(audits, start=1):
        if isinstance(subject, Audit) and any(finding.statements for finding in subject.findings):
            files[f"{number:02}-{_slug(subject.name)}.cert.json"] = audit_certificate(subject)
    try:
        if files:
            writing.write_bundle(target, files)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None
    return bool(files)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
