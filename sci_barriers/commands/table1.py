"""The command `table1`."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from exact_base.errors import UsageError
from exact_base.files import results_directory
from exact_base.terminal import Answer, Listing, Shown, note, progress
from sci_barriers.audit.report import audit_data, row_data, rows_markdown, table1_picture
from sci_barriers.audit.table1 import DIGITS, PRECISIONS, STEPS, Row, claims_document, table1
from sci_barriers.certificates.claim_audit import audit_files
from sci_barriers.commands.audit_claims import worst_verdict

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
) -> Answer:
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
        title = f"Table 1, FIRENET, {steps} steps, {indexing} indexing"
        shown.append(Listing(list(chosen[0]), [list(cells.values()) for cells in chosen], title))
    data = {"indexing": indexing, "rows": [_data(row) for row in rows]}
    verdict = worst_verdict([row.audit for row in rows])
    return Answer(data, [*shown, _LISTA], written, verdict=verdict)


def _data(row: Row) -> dict[str, Any]:
    words = {"digits": row.digits, "precision": row.precision, "steps": row.steps, "published": row.published}
    return {**words, **audit_data(row.audit)}


def _files(rows: list[Row]) -> dict[str, bytes]:
    files = {
        _CLAIMS: (json.dumps(claims_document(rows), indent=1) + "\n").encode(),
        _TABLE: rows_markdown(rows).encode(),
    }
    if importlib.util.find_spec("matplotlib") is None:
        note("sci-barriers", "no picture without matplotlib: pip install 'sci-barriers[report]'")
        return files
    return files | {_PICTURE: table1_picture(rows)}
