"""The command `firenet-exact`: null space properties, norms, constants, and points with bounds of their error.

Exit codes: 0 certified, 1 refuted, 2 usage, 3 undecided, 4 malformed certificate.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from exact_base import __version__
from exact_base.terminal import say
from firenet_exact.commands.constants import constants_command
from firenet_exact.commands.norm import norm_command
from firenet_exact.commands.nullspace import nullspace_command
from firenet_exact.commands.options import complain
from firenet_exact.commands.solve import solve_command
from proofs_checks.certificate.reading import MalformedCertificate, SciBarriersError

__all__ = ["app", "main"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Certify when a problem can be computed, and how well. Exit codes: 0 certified; 1 refuted, or no x "
    "fits the data; 2 usage; 3 undecided; 4 malformed certificate.",
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"firenet-exact {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


app.command("nullspace")(nullspace_command)
app.command("norm")(norm_command)
app.command("constants")(constants_command)
app.command("solve")(solve_command)

for _command in app.registered_commands:  # the list of commands has whole sentences
    _command.short_help = _command.callback.__doc__ if _command.callback is not None else None


# --- helpers ---------------------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code; every error is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):  # never fail on a terminal that cannot show a character
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        code = app(args=arguments, prog_name="firenet-exact", standalone_mode=False)
    except MalformedCertificate as error:
        _fail(f"malformed: {error}", 4)
    except SciBarriersError as error:
        _fail(f"error: {error}", 2)
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    except Exception as error:
        # typer's own usage errors carry a message, whichever click they come from
        if not hasattr(error, "format_message"):
            raise
        _fail(f"error: {error.format_message()}", 2)
    if code == 130:  # typer turns a keyboard interrupt into this
        _fail("interrupted", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> None:
    complain(message)
    sys.exit(code)


if __name__ == "__main__":
    main()
