"""The command `constants`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exact_base.terminal import Answer
from firenet_exact.best_constants import best_constants
from firenet_exact.certificates.null_space import read_constants
from firenet_exact.commands.options import read_certificate
from firenet_exact.constants import constants
from firenet_exact.report import constants_data, constants_table

__all__ = ["constants_command"]


def constants_command(
    certificate: Annotated[Path, typer.Argument(help="A certificate of kind null-space.")],
) -> Answer:
    """Compute C1, C2 and C2' from what a certificate claims: the best, those of two lemmas, and the paper's."""
    levels, rho, gamma = read_certificate(certificate, read_constants)
    found, best = constants(levels, rho, gamma), best_constants(levels, rho, gamma)
    lines = (
        "‖z-x‖ <= (C1/r)(2σ(x)+‖z‖_w-‖x‖_w) + C2‖A(z-x)‖ for all x and z; take C1 and C2 of one column.",
        "C2' is that of a network with this λ; its number of layers is proportional to C2'.",
        "These follow from the claim, which is not checked here.",
    )
    return Answer(constants_data(found, best), [constants_table(found, best), *lines], check=[certificate])
