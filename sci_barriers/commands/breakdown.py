"""The command `breakdown`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from exact_base.answers import number_data, root_data
from exact_base.decimals import root_about, root_above, root_below
from exact_base.errors import SciBarriersError, UsageError
from exact_base.files import bundle_directory, picture_file
from exact_base.terminal import Answer, progress
from exact_base.words import counted
from proofs_checks.certificate.reading import SUFFIX
from sci_barriers.breakdown.epsilon import BreakdownEpsilon, breakdown_epsilon
from sci_barriers.breakdown.family import Family, FamilyBound, certify_family
from sci_barriers.breakdown.picture import class_picture, family_picture
from sci_barriers.breakdown.reading import load_family
from sci_barriers.certificates.breakdown import breakdown_certificate, family_certificate
from sci_barriers.certificates.provenance import producer
from sci_barriers.commands.options import GivenFamily, GivenSize, Name, OutBundle, Parameter, positive
from sci_barriers.commands.report import class_data
from sci_barriers.omega.families import OmegaClass

__all__ = ["breakdown_command"]


def breakdown_command(
    family: Annotated[
        str | None,
        typer.Argument(
            metavar="[FAMILY]", help="FILE.json, or FILE.py:function of the precision; see docs/breakdown.md."
        ),
    ] = None,
    precision: Annotated[str | None, typer.Option(help="The precision n of a FAMILY, several with commas.")] = None,
    problem: Annotated[Name | None, typer.Option(help="The problem of the class, or of a function.")] = None,
    parameter: Parameter = None,
    digits: Annotated[
        str | None, typer.Option(help="K, the number of digits of the class, several with commas.")
    ] = None,
    size: GivenSize = None,
    kind: GivenFamily = None,
    out: OutBundle = None,
    plot: Annotated[Path | None, typer.Option(help="File for a picture, as SVG; it needs the extra report.")] = None,
) -> Answer:
    """State the accuracy beyond which no algorithm computes: of the class exactly, of a family of yours from below."""
    target = None if out is None else bundle_directory(out)
    drawing = None if plot is None else picture_file(plot, endings=(".svg",))
    if drawing is not None and find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib; pip install 'sci-barriers[report]'")
    if family is None:
        if problem is None or digits is None or precision is not None:
            raise UsageError("give a FAMILY with --precision, or --problem and --digits for the class")
        rows, columns = size or (21, 22)
        classes = [
            OmegaClass.create(
                problem, digits=k, rows=rows, columns=columns, family=kind or "strong", parameter=parameter
            )
            for k in positive("--digits", digits)
        ]
        content = _class_content([breakdown_epsilon(omega) for omega in classes])
    else:
        if precision is None:
            raise UsageError("say with --precision up to which n the data of the instances shall agree")
        if digits is not None or size is not None or kind is not None:
            raise UsageError("--digits, --size and --family belong to the class; leave them out beside a FAMILY")
        chosen = positive("--precision", precision)
        make = load_family(family, problem=problem, parameter=parameter)
        content = _family_content(_certified(make, chosen))
    files, draw, data, lines = content
    drawn = None if drawing is None else (drawing, draw())
    written = [] if target is None else [target.write(files)]
    written += [] if drawn is None else [drawn[0].write(drawn[1])]
    return Answer({"breakdown": data}, lines, written)


Content = tuple[dict[str, bytes], Callable[[], bytes], list[dict[str, Any]], list[str]]
"""Certificates by file name, what draws the picture, what --json prints, and lines."""


def _certified(make: Callable[[int], Family], precisions: list[int]) -> list[FamilyBound]:
    bounds: list[FamilyBound] = []
    with progress() as show:
        for n in precisions:
            show("certifying", len(bounds), len(precisions))
            try:
                bounds.append(certify_family(make(n), precision=n))
            except SciBarriersError as error:
                raise type(error)(f"n = {n}: {error}") from None
    return bounds


def _class_content(found: list[BreakdownEpsilon]) -> Content:
    files: dict[str, bytes] = {}
    lines: list[str] = []
    for epsilon in found:
        omega = epsilon.omega
        name = f"{omega.problem}-{omega.family}-K{omega.digits}.breakdown{SUFFIX}"
        files[name] = breakdown_certificate(epsilon, provenance=producer())
        lines += [
            f"{omega.problem}, {omega.family} family, K = {omega.digits}, m x N = {omega.rows} x {omega.columns}, "
            f"d = {omega.ties}",
            f"  weak breakdown epsilon    e, about {root_about(epsilon.square)}; exactly e² = {epsilon.square}",
            f"  strong breakdown epsilon  {'the same' if omega.family == 'strong' else '0'}",
            f"  computable on all of it   {counted(epsilon.digits, 'digit')}, not {epsilon.digits + 1}"
            + ("" if omega.family == "strong" else " from limited data; any number from unlimited data"),
            "  at equality               10^-K = e would be computable: one answer, without data, errs by less than e",
            f"  already on level q = {omega.q0}    every answer errs by at least "
            f"{root_below(epsilon.level_square(omega.q0))} on some member",
        ]
    return files, lambda: class_picture(found), [_class_data(epsilon) for epsilon in found], lines


def _class_data(epsilon: BreakdownEpsilon) -> dict[str, Any]:
    omega = epsilon.omega
    return class_data(omega) | {
        "square": number_data(epsilon.square),
        "epsilon": root_data(epsilon.square),
        "strong_square": number_data(epsilon.strong_square),
        "weak_square": number_data(epsilon.square),
        "attained_by_an_algorithm": True,
        "largest_computable_digits": epsilon.digits,
        "least_exponent": omega.q0,
        "least_on_first_level": root_data(epsilon.level_square(omega.q0), side="below"),
    }


def _family_content(bounds: list[FamilyBound]) -> Content:
    files: dict[str, bytes] = {}
    lines: list[str] = []
    for bound in bounds:
        k, n = bound.digits, bound.precision
        files[f"precision-{n:06}.breakdown{SUFFIX}"] = family_certificate(bound, provenance=producer())
        lines += [
            f"n = {n}: from data of precision up to {n} every algorithm errs by at least "
            f"r on one of {len(bound.minimisers)} instances; r is at least {root_below(bound.square)}",
            "  equality                  "
            + (
                "attained: one answer errs by at most r on each of them"
                if bound.exact
                else f"not shown, r is a lower bound: the best answer found errs by at most {root_above(bound.error)}"
            ),
            "  digits from such data     " + ("not decided by these bounds" if k is None else f"{k}, not {k + 1}"),
        ]
    both = all(bound.limit is not None for bound in bounds)
    lines.append(
        "What such families for all n would say of a class that contains them, with the same data for all n: the "
        "weak breakdown epsilon is at least the limit superior of r"
        + (
            "; the strong one too, if the limit instance is in the class."
            if both
            else ". The strong one needs a limit instance in the class."
        )
    )
    return files, lambda: family_picture(bounds), [_family_data(bound) for bound in bounds], lines


def _family_data(bound: FamilyBound) -> dict[str, Any]:
    return {
        "precision": bound.precision,
        "instances": len(bound.minimisers),
        "square": number_data(bound.square, side="below"),
        "radius": root_data(bound.square, side="below"),
        "weights": [number_data(weight) for weight in bound.weights],
        "attained_by_an_answer": bound.exact,
        "error_square": number_data(bound.error, side="above"),
        "largest_digits_without_more_data": bound.digits,
        "limit": bound.limit is not None,
    }
