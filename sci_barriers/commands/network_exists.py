"""The command `network-exists`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exact_base.errors import UsageError
from exact_base.files import certificate_file
from exact_base.terminal import Answer, progress
from exact_base.words import counted
from sci_barriers.certificates.network_exists import existence_certificate
from sci_barriers.certificates.provenance import producer
from sci_barriers.commands.options import Disguise, GivenFamily, GivenSize, Member, Name, Parameter, chosen_instance
from sci_barriers.network_exists.reading import read_network_input
from sci_barriers.network_exists.theorem1 import MAX_SAMPLES, ExistingNetwork, member_network
from sci_barriers.omega.families import OmegaClass

__all__ = ["network_exists_command"]


def network_exists_command(
    out: Annotated[Path, typer.Option(help="NAME.cert.json for the certificate, which holds the network.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[INPUT]", help="An input as JSON or TOML; see docs/network-exists.md.")
    ] = None,
    problem: Annotated[
        Name | None, typer.Option(help="The problem of an instance of the class, in place of INPUT.")
    ] = None,
    digits: Annotated[int | None, typer.Option(help="K, the number of digits of the class.")] = None,
    size: GivenSize = None,
    family: GivenFamily = None,
    parameter: Parameter = None,
    member: Member = None,
    samples: Annotated[int | None, typer.Option(help="R, the number of samples. Default: 1.")] = None,
    disguise: Disguise = False,
) -> Answer:
    """Write a ReLU network with exact weights that maps every sample exactly to a minimiser (Theorem 1)."""
    target = certificate_file(out)
    options = (problem, digits, size, family, parameter, member, samples)
    if file is not None:
        if disguise or any(option is not None for option in options):
            raise UsageError("an input file says everything; leave out the options that describe the class")
        with progress() as show:
            show("building the network")
            existing = read_network_input(file)
    else:
        if problem is None or digits is None:
            raise UsageError("give an input file, or --problem and --digits for an instance of the class")
        if samples is not None and samples > MAX_SAMPLES:
            raise UsageError(f"at most {MAX_SAMPLES} samples fit into a certificate, got {samples}")
        rows, columns = size or (21, 22)
        omega = OmegaClass.create(
            problem,
            digits=digits,
            rows=rows,
            columns=columns,
            family=family or "strong",
            parameter=parameter,
            disguise=disguise,
        )
        instance = chosen_instance(omega, member)
        with progress() as show:
            show("building the network")
            existing = member_network(instance, samples=1 if samples is None else samples)
    written = target.write(existence_certificate(existing, provenance=producer()))
    data = {
        "problem": existing.instance.problem,
        "samples": len(existing.minimisers),
        "widths": list(existing.network.widths),
        "parameters": existing.network.parameters,
    }
    return Answer(data, [_words(existing)], [written])


def _words(existing: ExistingNetwork) -> str:
    network, count = existing.network, len(existing.minimisers)
    numbers = counted(network.parameters, "weight or bias that is", "weights and biases that are")
    samples = "the one sample" if count == 1 else f"each of the {count} samples"
    return (
        f"a ReLU network of widths {', '.join(map(str, network.widths))} with {numbers} "
        f"not 0 maps {samples} exactly to a minimiser"
    )
