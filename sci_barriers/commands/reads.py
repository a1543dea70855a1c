"""The command `reads`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exact_base.errors import UsageError
from exact_base.files import bundle_directory
from exact_base.terminal import Answer, heading, progress
from sci_barriers.certificates.provenance import producer
from sci_barriers.certificates.reads import reach_certificates
from sci_barriers.commands.options import (
    AccessName,
    Disguise,
    FamilyName,
    Member,
    Parameter,
    ProblemName,
    Size,
    chosen_instance,
)
from sci_barriers.data.oracles import NoisyInstanceOracle
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.reads.reaching import reach
from sci_barriers.reads.report import reach_data, reach_words

__all__ = ["reads_command"]


def reads_command(
    problem: ProblemName,
    digits: Annotated[int, typer.Option(help="K, the number of digits of the class, at least 3.")],
    statement: Annotated[
        int,
        typer.Option(
            help="The statement of Theorem 2: 2 (K - 1 digits, unbounded data) or 3 (K - 2 digits from L data).",
        ),
    ] = 2,
    data: Annotated[int | None, typer.Option(help="L, the number of data for statement 3. Default: 1.")] = None,
    size: Size = (21, 22),
    samples: Annotated[
        int | None, typer.Option(help="Number of samples beside y_1, for m >= 2. Default: 2, and 0 for m = 1.")
    ] = None,
    family: FamilyName = "strong",
    member: Member = None,
    noise: Annotated[
        int | None, typer.Option(help="Seed of noisy data, as wrong as they may be. Default: honest data.")
    ] = None,
    access: AccessName = "query",
    parameter: Parameter = None,
    disguise: Disguise = False,
    out: Annotated[
        Path | None, typer.Option(help="Directory for the certificates. Default: PROBLEM-KDIGITS-reads.")
    ] = None,
) -> Answer:
    """Run the algorithm that reaches K - 1, or K - 2, digits, and certify its network for all inputs with its data."""
    target = bundle_directory(Path(f"{problem}-K{digits}-reads") if out is None else out)
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
    instance = chosen_instance(union.strong if family == "strong" else union.weak, member)
    oracle = None if noise is None else NoisyInstanceOracle(instance, seed=noise)
    limit = 1 if data is None else data
    with progress() as show:
        show("reading")
        result = reach(union, instance, statement=statement, oracle=oracle, access=access, data=limit)
    provenance = {
        **producer(),
        "data": "honest" if noise is None else f"noisy, seed {noise}",
        "triples": str(result.triples),
    }
    written = target.write(reach_certificates(result, provenance=provenance))
    title = heading(f"{problem}, K = {digits}, statement {statement}, m x N = {rows} x {columns}")
    lines = [f"  {label:<8} {sentence}" for label, sentence in reach_words(result)]
    return Answer(reach_data(result), [title, *lines], [written], verdict="reached")
