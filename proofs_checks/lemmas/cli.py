"""The command `python -m proofs_checks.lemmas`: prove all lemmas, or some, and print a table."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NoReturn

from proofs_checks.answers import answer, failure
from proofs_checks.certificate.reading import printable
from proofs_checks.lemmas.errors import ProofFailed, SympyMissing, require_sympy

if TYPE_CHECKING:
    from proofs_checks.lemmas.steps import Lemma

__all__ = ["main", "parser"]


_COMMAND = "python -m proofs_checks.lemmas"
_USAGE = 2
_INTERRUPTED = 130
_CLOSED = 141


class _Wrong(Exception):
    """There is nothing to prove, and why."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as all errors of this project."""

    def error(self, message: str) -> NoReturn:
        raise _Wrong(f"{message}; see {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 all proved, 1 one is not, 2 usage, or sympy is missing."""
    given = sys.argv[1:] if argv is None else list(argv)
    as_json = "--json" in takewhile(lambda argument: argument != "--", given)
    try:
        try:
            return _prove(parser().parse_args(given))
        except (_Wrong, SympyMissing) as error:
            return _failed(str(error), _USAGE, as_json=as_json)
        except KeyboardInterrupt:
            return _failed("interrupted", _INTERRUPTED, as_json=as_json)
    except BrokenPipeError:  # what is still buffered must not fail once more when the interpreter exits
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CLOSED


def _failed(message: str, exit_code: int, *, as_json: bool) -> int:
    line = printable(message)
    if as_json:
        print(failure(_COMMAND, line, exit_code), flush=True)
    else:
        print(f"proofs_checks.lemmas: {line}", file=sys.stderr)
    return exit_code


def _prove(arguments: argparse.Namespace) -> int:
    require_sympy()
    from proofs_checks.lemmas.registry import LEMMAS

    by_name = {lemma.name: lemma for lemma in LEMMAS}
    unknown = [name for name in arguments.names if name not in by_name]
    if unknown:
        raise _Wrong(f"no such lemma: {unknown[0]!r}; there are {', '.join(by_name)}")
    rows = [_row(by_name[name]) for name in arguments.names or by_name]
    proved = all(row["proved"] for row in rows)
    if arguments.json:
        print(answer(_COMMAND, "proved" if proved else "failed", {"lemmas": rows}))
    else:
        _print(rows, full=arguments.full)
    sys.stdout.flush()
    return 0 if proved else 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    found = _Parser(
        prog=_COMMAND,
        description="Prove the lemmas behind the certificates symbolically.",
        epilog="Exit codes: 0 all proved, 1 not all, 2 usage, or sympy is missing, 130 interrupted, 141 nobody reads "
        "the output.",
        allow_abbrev=False,
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
    with console.capture() as captured:  # rich would end the program itself where nobody reads its output
        console.print(table)
        proved = sum(row["proved"] for row in rows)
        console.print(f"lemmas proved: {proved} of {len(rows)}")
    print(captured.get(), end="")
