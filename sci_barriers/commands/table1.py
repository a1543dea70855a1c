"""The command `table1`."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from exact_base.errors import UsageError
from exact_base.files import results_directory
from exact_base.terminal import Answer, AsJson, Shown, finish, note, progress
from sci_barriers.audit.report import row_data, rows_markdown, table1_picture
from sci_barriers.audit.table1 import DIGITS, PRECISIONS, STEPS, Row, claims_document, table1
from sci_barriers.certificates.claim_audit import audit_files

__all__ = ["table1_command"]

_LISTA = "the LISTA column is not audited: its networks need training, which is not part of this command"
_CLAIMS, _TABLE, _PICTURE = "claims.json", "table.md", "table1.svg"


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
    as_json: AsJson = False,
) -> None:
    """Recompute and audit Table 1 of the paper (FIRENET column), with a certificate for each row."""
    if only == "lista":
        raise UsageError(_LISTA)
    target = None if out is None else results_directory(out, names=(_CLAIMS, _TABLE, _PICTURE))
    rows: list[Row] = []
    with progress() as show:
        for row in table1(indexing=indexing):
            rows.append(row)
            show("auditing", len(rows), len(DIGITS) * len(PRECISIONS) * len(STEPS))
    written = [] if target is None else [target.write(audit_files([row.audit for row in rows]), _files(rows))]
    shown: list[Shown] = []
    for steps in STEPS:
        chosen = [row_data(row)["shown"] for row in rows if row.steps == steps]
        table = Table(title=f"Table 1, FIRENET, {steps} steps, {indexing} indexing")
        for name in chosen[0]:
            table.add_column(name, overflow="fold")
        for cells in chosen:
            table.add_row(*cells.values())
        shown.append(table)
    data = {"indexing": indexing, "rows": [row_data(row) for row in rows]}
    finish(Answer(data, [*shown, _LISTA], written), as_json=as_json)


def _files(rows: list[Row]) -> dict[str, bytes]:
    files = {
        _CLAIMS: (json.dumps(claims_document(rows), indent=1) + "\n").encode(),
        _TABLE: rows_markdown(rows).encode(),
    }
    if importlib.util.find_spec("matplotlib") is None:
        note("sci-barriers", "no picture without matplotlib: pip install 'sci-barriers[report]'")
        return files
    return files | {_PICTURE: table1_picture(rows)}
