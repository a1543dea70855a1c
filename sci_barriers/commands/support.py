"""The command `support`."""

from __future__ import annotations

from typing import Annotated

import typer

from exact_base.files import bundle_directory
from exact_base.rationals import parse_rational
from exact_base.readers.options import ArrayNames, Headers, settings
from exact_base.terminal import UNDECIDED, Answer, progress
from sci_barriers.checks.checking import digits_asked
from sci_barriers.checks.conventions import Request
from sci_barriers.checks.given import given_question
from sci_barriers.checks.supports import SECONDS, support_found
from sci_barriers.commands.options import OutBundle
from sci_barriers.commands.own_data import (
    FILES,
    LIKE_HELP,
    L1Ratio,
    Like,
    Matrix,
    PenaltyWeights,
    Positive,
    Responses,
    RidgePenalty,
    SampleWeights,
    Scales,
    WithIntercept,
    read_own_data,
)

__all__ = ["support_command"]


def support_command(
    matrix: Matrix,
    data: Responses,
    like: Annotated[Like, typer.Option(help=LIKE_HELP)],
    array: ArrayNames = None,
    header: Headers = None,
    alpha: Annotated[str | None, typer.Option(help="alpha of scikit-learn; Alpha of MATLAB.")] = None,
    l1_ratio: L1Ratio = None,
    lam: Annotated[str | None, typer.Option(help="λ, of all others.")] = None,
    ridge: RidgePenalty = None,
    weights: PenaltyWeights = None,
    sample_weight: SampleWeights = None,
    scales: Scales = None,
    positive: Positive = False,
    intercept: WithIntercept = False,
    digits: Annotated[
        int | None, typer.Option(help="K: read until so many digits of the coefficients are determined too.")
    ] = None,
    budget: Annotated[
        float, typer.Option(help="Wall-clock seconds, after which it ends with what is proved; inf for none.")
    ] = SECONDS,
    out: OutBundle = None,
) -> Answer:
    """Read the data as precisely as it takes to know which columns are in, and say how precisely that is."""
    target = None if out is None else bundle_directory(out)
    wanted = None if digits is None else digits_asked(digits)
    texts = {"alpha": alpha, "l1_ratio": l1_ratio, "lam": lam, "ridge": ridge}
    numbers = {name: None if text is None else parse_rational(text) for name, text in texts.items()}
    given = settings(array, header, FILES)
    own = read_own_data(matrix, data, given, weights=weights, sample_weight=sample_weight, scales=scales)
    question = given_question(
        None,
        own.table.matrix,
        own.responses,
        Request(like, **numbers, weights=own.vectors["weights"], scales=own.vectors["scales"]),
        intercept="fit" if intercept else None,
        positive=positive,
        observation_weights=own.vectors["sample-weight"],
        names=own.table.columns,
    )
    with progress() as show:
        found = support_found(question, digits=wanted, budget=budget, progress=show)
        show("writing the certificate")
        written = [] if target is None else [target.write(found.certificates())]
    code = 0 if found.verdict == "determined" else UNDECIDED
    return Answer(found.data(), found.shown(), written, verdict=found.verdict, code=code)
