"""The command `reach`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from exact_base import __version__
from exact_base.errors import UsageError
from exact_base.terminal import print_json, say, screen
from sci_barriers.certificates.reads import reach_certificates
from sci_barriers.commands.writing import check_bundle_target, write_bundle
from sci_barriers.data.oracles import NoisyInstanceOracle
from sci_barriers.omega.families import Instance
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.reads.reaching import reach
from sci_barriers.reads.report import reach_data, reach_words

__all__ = ["reach_command"]


def reach_command(
    problem: Annotated[Literal["bpdn", "lasso", "sqrt-lasso"], typer.Option(help="The problem to solve.")],
    digits: Annotated[int, typer.Option(help="K, the number of digits of the class, at least 3.")],
    statement: Annotated[
        int,
        typer.Option(
            help="The statement of Theorem 2: 2 (K - 1 digits, unbounded data) or 3 (K - 2 digits from L data)."
        ),
    ] = 2,
    data: Annotated[int | None, typer.Option(help="L, the number of data for statement 3. Default: 1.")] = None,
    size: Annotated[tuple[int, int], typer.Option(help="m N, with 1 <= m < N.")] = (21, 22),
    samples: Annotated[
        int | None, typer.Option(help="Number of samples beside y_1, for m >= 2. Default: 2, and 0 for m = 1.")
    ] = None,
    family: Annotated[Literal["strong", "weak"], typer.Option(help="Family of the input.")] = "strong",
    member: Annotated[
        tuple[int, int] | None, typer.Option(metavar="I Q", help="The input is member (i, q). Default: the tie.")
    ] = None,
    noise: Annotated[
        int | None, typer.Option(help="Seed of noisy data, as wrong as they may be. Default: honest data.")
    ] = None,
    access: Annotated[Literal["query", "stream"], typer.Option(help="How training data are read.")] = "query",
    parameter: Annotated[
        str | None, typer.Option(help="ε or λ, exactly, as 1/3 or 0.1. Default: 1/2, and 1 for sqrt-lasso.")
    ] = None,
    disguise: Annotated[bool, typer.Option("--disguise", help="Hide the blocks by a rational reflection.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Directory for the certificates. Default: PROBLEM-KDIGITS-reach.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Run the algorithm that reaches K - 1, or K - 2, digits, and certify its network for all inputs with its data."""
    target = Path(f"{problem}-K{digits}-reach") if out is None else out
    check_bundle_target(target)
    if data is not None and statement != 3:
        raise UsageError("--data is for statement 3; statement 2 reads as many data as it takes")
    rows, columns = size
    union = OmegaUnion.create(
        problem,
        digits=digits,
        rows=rows,
        columns=columns,
        parameter=parameter,
        disguise=disguise,
        samples=(2 if rows > 1 else 0) if samples is None else samples,
    )
    instance = _instance(union, family, member)
    oracle = None if noise is None else NoisyInstanceOracle(instance, seed=noise)
    result = reach(union, instance, statement=statement, oracle=oracle, access=access, data=1 if data is None else data)
    provenance = {
        "producer": f"sci-barriers {__version__}",
        "data": "honest" if noise is None else f"noisy, seed {noise}",
        "triples": str(result.triples),
    }
    write_bundle(target, reach_certificates(result, provenance=provenance))
    if as_json:
        print_json(reach_data(result) | {"certificates": str(target)})
        return
    console = screen(soft_wrap=True)
    console.print(f"{problem}, K = {digits}, statement {statement}, m x N = {rows} x {columns}", style="bold")
    for label, sentence in reach_words(result):
        console.print(f"  {label:<8} {sentence}")
    say("", f"written: {target}", f"check with: proofs-checks verify {target}")


def _instance(union: OmegaUnion, family: str, member: tuple[int, int] | None) -> Instance:
    omega = union.strong if family == "strong" else union.weak
    if member is not None:
        return omega.member(i=member[0], q=member[1])
    if family == "weak":
        raise UsageError(f"the weak family has no tie; name a member with --member I Q, with Q >= {omega.q0}")
    return omega.tie()
