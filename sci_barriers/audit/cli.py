"""The commands `table1` and `audit-claims`."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from proofs_checks import certificate as fmt
from sci_barriers.audit.certificate import audit_certificate
from sci_barriers.audit.claims import Audit, Unaudited, audited
from sci_barriers.audit.report import audit_data, picture, row_data, rows_markdown
from sci_barriers.audit.table1 import DIGITS, PRECISIONS, STEPS, Row, claims_document, table1
from sci_barriers.errors import UsageError
from sci_barriers.terminal import print_json, progress, say, screen
from sci_barriers.words import counted
from sci_barriers.writing import check_bundle_target

__all__ = ["audit_claims_command", "table1_command"]

_LISTA = "the LISTA column is not audited: its networks need training, which is not part of this command"


def table1_command(
    only: Annotated[
        Literal["firenet", "lista"], typer.Option(help="The column of the table; lista needs training and is refused.")
    ] = "firenet",
    indexing: Annotated[
        Literal["published", "correct"], typer.Option(help="Where the reference vector has its non-zero entry.")
    ] = "published",
    out: Annotated[
        Path | None,
        typer.Option(help="Directory for the bundle, the claims file, the table and the picture. Default: print only."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Recompute and audit Table 1 of the paper (FIRENET column), with a certificate for each row."""
    if only == "lista":
        raise UsageError(_LISTA)
    if out is not None and out.exists() and not (out / "certificates" / "manifest.json").is_file():
        raise UsageError(f"--out {out} exists and was not written by table1; give another name")
    if out is not None and out.exists():
        check_bundle_target(out / "certificates")
    rows: list[Row] = []
    with progress() as display:
        task = display.add_task("auditing", total=len(DIGITS) * len(PRECISIONS) * len(STEPS))
        for row in table1(indexing=indexing):
            rows.append(row)
            display.advance(task)
    if out is not None:
        _write_rows(out, rows)
    if as_json:
        print_json({"indexing": indexing, "rows": [row_data(row) for row in rows]})
        return
    console = screen(width=200)
    for steps in STEPS:
        table = Table(title=f"Table 1, FIRENET, {steps} steps, {indexing} indexing")
        chosen = [row_data(row) for row in rows if row.steps == steps]
        for heading in chosen[0]["shown"]:
            table.add_column(heading, overflow="fold")
        for data in chosen:
            table.add_row(*data["shown"].values())
        console.print(table)
    console.print(_LISTA)
    if out is not None:
        console.print(f"written: {out}")
        console.print(f"check with: proofs-checks verify {out / 'certificates'}")


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
            fmt.write_bundle(target, files)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None
    return bool(files)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _write_rows(out: Path, rows: list[Row]) -> None:
    document = claims_document(rows)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_audits(out / "certificates", [row.audit for row in rows])
        fmt.write_atomic(out / "claims.json", (json.dumps(document, indent=1) + "\n").encode())
        fmt.write_atomic(out / "table.md", rows_markdown(rows).encode())
        if importlib.util.find_spec("matplotlib") is None:
            print("sci-barriers: no picture without matplotlib: pip install 'sci-barriers[report]'", file=sys.stderr)
        else:
            fmt.write_atomic(out / "table1.svg", picture(rows))
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror or error}") from None
