"""The command `sci-barriers`: challenge solvers, list them, replay a certificate.

Exit codes: 0 done, 1 a replay differs or a claim is refuted, 2 usage, 3 undecided, 4 malformed file.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from exact_base import __version__
from exact_base.terminal import say
from proofs_checks.certificate import reading
from proofs_checks.certificate.reading import SciBarriersError
from sci_barriers.commands.audit_claims import audit_claims_command
from sci_barriers.commands.breakdown import breakdown_command
from sci_barriers.commands.budget import budget_command
from sci_barriers.commands.challenge import challenge_command
from sci_barriers.commands.network_exists import exists_command
from sci_barriers.commands.randomised import randomised_command
from sci_barriers.commands.reads import reach_command
from sci_barriers.commands.replay import replay_command
from sci_barriers.commands.solvers import solvers_command
from sci_barriers.commands.survey import survey_command
from sci_barriers.commands.table1 import table1_command
from sci_barriers.commands.theorem2 import theorem2_command

__all__ = ["app", "main"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Certify what no algorithm can compute to K digits. Exit codes: 0 done; 1 a replay differs, or a claim is "
    "refuted; 2 usage; 3 undecided; 4 malformed file.",
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"sci-barriers {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


app.command("challenge")(challenge_command)
app.command("solvers")(solvers_command)
app.command("replay")(replay_command)
app.command("table1")(table1_command)
app.command("audit-claims")(audit_claims_command)
app.command("survey")(survey_command)
app.command("exists")(exists_command)
app.command("reach")(reach_command)
app.command("budget")(budget_command)
app.command("breakdown")(breakdown_command)
app.command("randomised")(randomised_command)
app.command("theorem2")(theorem2_command)

for _command in app.registered_commands:  # the list of commands has whole sentences
    _command.short_help = _command.callback.__doc__ if _command.callback is not None else None


# --- helpers ---------------------------------------------------------------------------------------


def _plain_streams() -> None:
    """Never fail on a terminal that cannot show a character."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code; every error is one line on stderr."""
    _plain_streams()
    try:
        code = app(args=arguments, prog_name="sci-barriers", standalone_mode=False)
    except reading.MalformedCertificate as error:
        _fail(f"malformed: {error}", 4)
    except SciBarriersError as error:
        _fail(f"error: {error}", 2)
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    except Exception as error:
        # typer's own usage errors carry an exit code and a message, whichever click they come from
        if not hasattr(error, "format_message"):
            raise
        _fail(f"error: {error.format_message()}", 2)
    if code == 130:  # typer turns a keyboard interrupt into this
        _fail("interrupted", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> None:
    print(f"sci-barriers: {reading.printable(' '.join(message.split()))}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
