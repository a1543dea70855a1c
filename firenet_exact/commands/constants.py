"""The command `constants`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exact_base.terminal import Answer, AsJson, finish, verify_command
from firenet_exact.certificates.null_space import read_constants
from firenet_exact.commands.options import read_certificate
from firenet_exact.constants import constants
from firenet_exact.report import constants_data, constants_table

__all__ = ["constants_command"]


def constants_command(
    certificate: Annotated[Path, typer.Argument(help="A certificate of kind null-space.")], as_json: AsJson = False
) -> None:
    """Compute C1 and C2 from what a certificate claims, in our form and the paper's."""
    levels, rho, gamma = read_certificate(certificate, read_constants)
    found = constants(levels, rho, gamma)
    lines = (
        "‖z-x‖ <= (C1/r)(2σ(x)+‖z‖_w-‖x‖_w) + C2‖A(z-x)‖ for all x and z; take C1 and C2 of one column.",
        f"These follow from the claim; check it with: {verify_command(certificate)}",
    )
    finish(Answer(constants_data(found), [constants_table(found), *lines]), as_json=as_json)
