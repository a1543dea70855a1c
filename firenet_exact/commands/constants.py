"""The command `constants`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exact_base.terminal import Answer
from firenet_exact.certificates.null_space import read_constants
from firenet_exact.commands.options import read_certificate
from firenet_exact.constants import constants
from firenet_exact.report import constants_data, constants_table

__all__ = ["constants_command"]


def constants_command(
    certificate: Annotated[Path, typer.Argument(help="A certificate of kind null-space.")],
) -> Answer:
    """Compute C1 and C2 from what a certificate claims, in our form and the paper's."""
    levels, rho, gamma = read_certificate(certificate, read_constants)
    found = constants(levels, rho, gamma)
    lines = (
        "‖z-x‖ <= (C1/r)(2σ(x)+‖z‖_w-‖x‖_w) + C2‖A(z-x)‖ for all x and z; take C1 and C2 of one column.",
        "These follow from the claim, which is not checked here.",
    )
    return Answer(constants_data(found), [constants_table(found), *lines], check=[certificate])
