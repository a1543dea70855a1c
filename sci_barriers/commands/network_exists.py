"""The command `exists`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from exact_base import __version__
from exact_base.errors import UsageError
from exact_base.terminal import print_json, say
from exact_base.words import counted
from sci_barriers.certificates.network_exists import existence_certificate
from sci_barriers.commands.writing import check_certificate_target, write_certificate
from sci_barriers.network_exists.reading import read_network_input
from sci_barriers.network_exists.theorem1 import MAX_SAMPLES, ExistingNetwork, member_network
from sci_barriers.omega.families import Instance, OmegaClass

__all__ = ["exists_command"]


def exists_command(
    out: Annotated[Path, typer.Option(help="File for the certificate, which holds the network.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[INPUT]", help="An input as JSON or TOML; see docs/network-exists.md.")
    ] = None,
    problem: Annotated[
        Literal["bpdn", "lasso", "sqrt-lasso"] | None,
        typer.Option(help="The problem of an instance of the class, in place of INPUT."),
    ] = None,
    digits: Annotated[int | None, typer.Option(help="K, the number of digits of the class.")] = None,
    size: Annotated[tuple[int, int] | None, typer.Option(help="m N, with 1 <= m < N. Default: 21 22.")] = None,
    family: Annotated[
        Literal["strong", "weak"] | None, typer.Option(help="The family of the class. Default: strong.")
    ] = None,
    parameter: Annotated[
        str | None, typer.Option(help="ε or λ, exactly, as 1/3 or 0.1. Default: 1/2, and 1 for sqrt-lasso.")
    ] = None,
    member: Annotated[
        tuple[int, int] | None, typer.Option(metavar="I Q", help="Member (i, q) of the class. Default: the tie.")
    ] = None,
    samples: Annotated[int | None, typer.Option(help="R, the number of samples. Default: 1.")] = None,
    disguise: Annotated[bool, typer.Option("--disguise", help="Hide the blocks by a rational reflection.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write a ReLU network with exact weights that maps every sample exactly to a minimiser (Theorem 1)."""
    check_certificate_target(out)
    options = (problem, digits, size, family, parameter, member, samples)
    if file is not None:
        if disguise or any(option is not None for option in options):
            raise UsageError("an input file says everything; leave out the options that describe the class")
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
        existing = member_network(_instance(omega, member), samples=1 if samples is None else samples)
    data = existence_certificate(existing, provenance={"producer": f"sci-barriers {__version__}"})
    write_certificate(out, data)
    _print(existing, out, as_json=as_json)


def _instance(omega: OmegaClass, member: tuple[int, int] | None) -> Instance:
    if member is not None:
        return omega.member(i=member[0], q=member[1])
    if omega.family == "weak":
        raise UsageError(f"the weak family has no tie; name a member with --member I Q, with Q >= {omega.q0}")
    return omega.tie()


def _print(existing: ExistingNetwork, out: Path, *, as_json: bool) -> None:
    network = existing.network
    if as_json:
        summary = {
            "problem": existing.instance.problem,
            "samples": len(existing.minimisers),
            "widths": list(network.widths),
            "parameters": network.parameters,
            "certificate": str(out),
        }
        print_json(summary)
        return
    count = len(existing.minimisers)
    numbers = counted(network.parameters, "weight or bias that is", "weights and biases that are")
    samples = "the one sample" if count == 1 else f"each of the {count} samples"
    say(
        f"a ReLU network of widths {', '.join(map(str, network.widths))} with {numbers} "
        f"not 0 maps {samples} exactly to a minimiser"
    )
    say(f"written: {out}", f"check with: proofs-checks verify {out}")
