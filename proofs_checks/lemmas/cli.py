"""The command `python -m proofs_checks.lemmas`: prove all lemmas, or some, and print a table."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from proofs_checks.lemmas.errors import ProofFailed, SympyMissing, require_sympy

if TYPE_CHECKING:
    from proofs_checks.lemmas.steps import Lemma

__all__ = ["main", "parser"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 all proved, 1 one is not, 2 usage, or sympy is missing."""
    arguments = parser().parse_args(argv)
    try:
        require_sympy()
    except SympyMissing as missing:
        print(f"proofs_checks.lemmas: {missing}", file=sys.stderr)
        return 2
    from proofs_checks.lemmas.registry import LEMMAS

    by_name = {lemma.name: lemma for lemma in LEMMAS}
    unknown = [name for name in arguments.names if name not in by_name]
    if unknown:
        print(f"proofs_checks.lemmas: no such lemma: {unknown[0]!r}; there are {', '.join(by_name)}", file=sys.stderr)
        return 2
    rows = [_row(by_name[name]) for name in arguments.names or by_name]
    proved = all(row["proved"] for row in rows)
    if arguments.json:
        print(json.dumps({"verdict": "proved" if proved else "failed", "lemmas": rows}, ensure_ascii=False))
    else:
        _print(rows, full=arguments.full)
    return 0 if proved else 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    found = argparse.ArgumentParser(
        prog="python -m proofs_checks.lemmas",
        description="Prove the lemmas behind the certificates symbolically.",
        epilog="Exit codes: 0 all proved, 1 not all, 2 usage, or sympy is missing.",
    )
    found.add_argument("names", nargs="*", metavar="NAME", help="lemmas to prove (default: all)")
    found.add_argument("--full", action="store_true", help="print the hypotheses and conclusions too")
    found.add_argument("--json", action="store_true", help="print one JSON object on standard output")
    return found


def _row(lemma: Lemma) -> dict[str, Any]:
    from proofs_checks.lemmas.kernel import prove

    row: dict[str, Any] = {
        "name": lemma.name,
        "statement": lemma.statement,
        "source": lemma.source,
        "hypotheses": {name: str(relation) for name, relation in lemma.hypotheses.items()},
        "conclusions": {name: str(relation) for name, relation in lemma.conclusions.items()},
    }
    try:
        return row | {"steps": prove(lemma).steps, "proved": True, "failure": None}
    except ProofFailed as failure:
        return row | {"steps": None, "proved": False, "failure": str(failure)}


def _print(rows: list[dict[str, Any]], *, full: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    table.add_column("lemma", no_wrap=True)
    for heading in ("statement", "source", "steps", "proved"):
        table.add_column(heading)
    for row in rows:
        statement = row["statement"]
        if full:
            assumed = [f"assumed, {name}: {relation}" for name, relation in row["hypotheses"].items()]
            concluded = [f"proved, {name}: {relation}" for name, relation in row["conclusions"].items()]
            statement = "\n".join([statement, *assumed, *concluded])
        outcome = "yes" if row["proved"] else f"NO: {row['failure']}"
        cells = (row["name"], statement, row["source"], str(row["steps"] or "-"), outcome)
        table.add_row(*(cell.replace("[", "\\[") for cell in cells))
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)
    proved = sum(row["proved"] for row in rows)
    console.print(f"lemmas proved: {proved} of {len(rows)}")
