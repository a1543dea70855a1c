"""The program `firenet-exact`: null space properties, norms, constants, and points with bounds of their error.

Exit codes: 0 certified, 1 refuted, 2 usage, 3 undecided, 4 malformed certificate.
"""

from __future__ import annotations

from typing import NoReturn

from exact_base.terminal import add_command, application, run_program
from firenet_exact.commands.constants import constants_command
from firenet_exact.commands.norm import norm_command
from firenet_exact.commands.nullspace import nullspace_command
from firenet_exact.commands.solve import solve_command

__all__ = ["app", "main"]

app = application(
    "firenet-exact",
    about="Certify when a problem can be computed, and how well. Exit codes: 0 certified; 1 refuted, or no x "
    "fits the data; 2 usage; 3 undecided; 4 malformed certificate.",
)
add_command(app, "nullspace", nullspace_command)
add_command(app, "norm", norm_command)
add_command(app, "constants", constants_command)
add_command(app, "solve", solve_command)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code."""
    run_program(app, "firenet-exact", arguments)


if __name__ == "__main__":
    main()
