"""The command `table1`."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from exact_base.errors import UsageError
from exact_base.terminal import print_json, progress, screen
from proofs_checks.certificate import writing
from sci_barriers.audit.report import picture, row_data, rows_markdown
from sci_barriers.audit.table1 import DIGITS, PRECISIONS, STEPS, Row, claims_document, table1
from sci_barriers.commands.audit_claims import write_audits
from sci_barriers.commands.writing import check_bundle_target

__all__ = ["table1_command"]


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


def _write_rows(out: Path, rows: list[Row]) -> None:
    document = claims_document(rows)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_audits(out / "certificates", [row.audit for row in rows])
        writing.write_atomic(out / "claims.json", (json.dumps(document, indent=1) + "\n").encode())
        writing.write_atomic(out / "table.md", rows_markdown(rows).encode())
        if importlib.util.find_spec("matplotlib") is None:
            print("sci-barriers: no picture without matplotlib: pip install 'sci-barriers[report]'", file=sys.stderr)
        else:
            writing.write_atomic(out / "table1.svg", picture(rows))
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror or error}") from None
