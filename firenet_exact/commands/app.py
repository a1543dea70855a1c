"""The program `firenet-exact`: null space properties, norms, constants, and points with bounds of their error.

Exit codes: 0 done, 1 the verdict is not a required one, 2 usage, 3 undecided, 4 malformed certificate.
"""

from __future__ import annotations

from typing import NoReturn

from exact_base.terminal import add_command, application, run_program
from firenet_exact.commands.constants import constants_command
from firenet_exact.commands.mask import mask_command
from firenet_exact.commands.norm import norm_command
from firenet_exact.commands.nullspace import nullspace_command
from firenet_exact.commands.solve import solve_command
from firenet_exact.commands.theorem4 import theorem4_command

__all__ = ["app", "main"]

app = application(
    "firenet-exact",
    about="Certify when a problem can be computed, and how well. Exit codes: 0 done, also where a "
    "property is refuted; 1 the verdict is not one that --require names; 2 usage; 3 undecided; 4 malformed "
    "certificate; 130 interrupted; 141 nobody reads.",
)
add_command(app, "nullspace", nullspace_command, verdicts=("certified", "refuted", "undecided"))
add_command(app, "norm", norm_command)
add_command(app, "constants", constants_command)
add_command(app, "mask", mask_command, verdicts=("drawn", "certified", "undecided"))
add_command(app, "solve", solve_command, verdicts=("certified", "conditional", "vacuous", "inconsistent"))
add_command(app, "theorem4", theorem4_command, verdicts=("certified", "undecided"))


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code."""
    run_program(app, "firenet-exact", arguments)


if __name__ == "__main__":
    main()
