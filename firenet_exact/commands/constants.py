"""The command `constants`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exact_base.terminal import print_json, say, screen
from firenet_exact.certificates.null_space import read_constants
from firenet_exact.commands.options import Json, read_certificate
from firenet_exact.constants import constants
from firenet_exact.report import constants_data, constants_table

__all__ = ["constants_command"]


def constants_command(
    certificate: Annotated[Path, typer.Argument(help="A certificate of kind null-space.")], as_json: Json = False
) -> None:
    """Compute C1 and C2 from what a certificate claims, in our form and the paper's."""
    levels, rho, gamma = read_certificate(certificate, read_constants)
    found = constants(levels, rho, gamma)
    if as_json:
        print_json(constants_data(found))
        return
    screen().print(constants_table(found))
    say("‖z-x‖ <= (C1/r)(2σ(x)+‖z‖_w-‖x‖_w) + C2‖A(z-x)‖ for all x and z; take C1 and C2 of one column.")
    say(f"These follow from the claim; check it with: proofs-checks verify {certificate}")
