"""The command `breakdown`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from exact_base import __version__
from exact_base.decimals import root_about, root_above, root_below
from exact_base.errors import UsageError
from exact_base.terminal import print_json, progress, say
from exact_base.words import counted
from proofs_checks.certificate import writing
from proofs_checks.certificate.reading import SciBarriersError
from sci_barriers.breakdown.epsilon import BreakdownEpsilon, breakdown_epsilon
from sci_barriers.breakdown.family import Family, FamilyBound, certify_family
from sci_barriers.breakdown.picture import class_picture, family_picture
from sci_barriers.breakdown.reading import load_family
from sci_barriers.certificates.breakdown import breakdown_certificate, family_certificate
from sci_barriers.commands.writing import check_bundle_target, write_bundle
from sci_barriers.omega.families import OmegaClass

__all__ = ["breakdown_command"]

_PROVENANCE = {"producer": f"sci-barriers {__version__}"}


def breakdown_command(
    family: Annotated[
        str | None,
        typer.Argument(
            metavar="[FAMILY]", help="FILE.json, or FILE.py:function of the precision; see docs/breakdown.md."
        ),
    ] = None,
    precision: Annotated[str | None, typer.Option(help="The precision n of a FAMILY, several with commas.")] = None,
    problem: Annotated[
        Literal["bpdn", "lasso", "sqrt-lasso"] | None, typer.Option(help="The problem of the class, or of a function.")
    ] = None,
    parameter: Annotated[
        str | None, typer.Option(help="ε or λ, exactly, as 1/3 or 0.1. Default: 1/2, and 1 for sqrt-lasso.")
    ] = None,
    digits: Annotated[
        str | None, typer.Option(help="K, the number of digits of the class, several with commas.")
    ] = None,
    size: Annotated[tuple[int, int] | None, typer.Option(help="m N, with 1 <= m < N. Default: 21 22.")] = None,
    kind: Annotated[
        Literal["strong", "weak"] | None, typer.Option("--family", help="Family of the class. Default: strong.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Directory for the bundle of certificates. Default: print only.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="File for a picture, as SVG; it needs the extra report.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """State the accuracy beyond which no algorithm computes: of the class exactly, of a family of yours from below."""
    if out is not None:
        check_bundle_target(out)
    if plot is not None and (plot.suffix != ".svg" or plot.is_dir()):
        raise UsageError(f"--plot {plot} must be a file that ends in .svg")
    if plot is not None and not plot.absolute().parent.is_dir():
        raise UsageError(f"the directory {plot.absolute().parent} does not exist; make it first")
    if family is None:
        if problem is None or digits is None or precision is not None:
            raise UsageError("give a FAMILY with --precision, or --problem and --digits for the class")
        rows, columns = size or (21, 22)
        found = [
            breakdown_epsilon(
                OmegaClass.create(
                    problem, digits=k, rows=rows, columns=columns, family=kind or "strong", parameter=parameter
                )
            )
            for k in _numbers("--digits", digits)
        ]
        _class_output(found, out, plot, as_json=as_json)
    else:
        if precision is None:
            raise UsageError("say with --precision up to which n the data of the instances shall agree")
        if digits is not None or size is not None or kind is not None:
            raise UsageError("--digits, --size and --family belong to the class; leave them out beside a FAMILY")
        bounds = _certify(load_family(family, problem=problem, parameter=parameter), _numbers("--precision", precision))
        _family_output(bounds, out, plot, as_json=as_json)


def _numbers(option: str, text: str) -> list[int]:
    try:
        numbers = sorted({int(word) for word in text.split(",")})
    except ValueError:
        raise UsageError(f"{option} must be integers with commas between them, got {text!r}") from None
    if numbers[0] < 1:
        raise UsageError(f"{option} must be positive, got {numbers[0]}")
    return numbers


def _certify(make: Callable[[int], Family], precisions: list[int]) -> list[FamilyBound]:
    bounds = []
    with progress() as display:
        task = display.add_task("certifying", total=len(precisions))
        for n in precisions:
            try:
                bounds.append(certify_family(make(n), precision=n))
            except SciBarriersError as error:
                raise type(error)(f"n = {n}: {error}") from None
            display.advance(task)
    return bounds


def _class_output(found: list[BreakdownEpsilon], out: Path | None, plot: Path | None, *, as_json: bool) -> None:
    files = {
        f"{epsilon.omega.problem}-{epsilon.omega.family}-K{epsilon.omega.digits}.breakdown.cert.json": (
            breakdown_certificate(epsilon, provenance=_PROVENANCE)
        )
        for epsilon in found
    }
    _write(files, out, plot, lambda: class_picture(found))
    if as_json:
        print_json({"breakdown": [_class_data(e) for e in found], "bundle": out and str(out)})
        return
    for epsilon in found:
        omega, data = epsilon.omega, _class_data(epsilon)
        lines = [
            f"{omega.problem}, {omega.family} family, K = {omega.digits}, m x N = {omega.rows} x {omega.columns}, "
            f"d = {omega.ties}",
            f"  weak breakdown epsilon    e, about {data['epsilon']}; exactly e² = {data['square']}",
            f"  strong breakdown epsilon  {'the same' if omega.family == 'strong' else '0'}",
            f"  computable on all of it   {counted(epsilon.digits, 'digit')}, not {epsilon.digits + 1}"
            + ("" if omega.family == "strong" else " from limited data; any number from unlimited data"),
            "  at equality               10^-K = e would be computable: one answer, without data, errs by less than e",
            f"  already on level q = {omega.q0}    every answer errs by at least {data['least_on_first_level']} "
            "on some member",
        ]
        say(*lines)
    _say_written(out, plot)


def _class_data(epsilon: BreakdownEpsilon) -> dict[str, Any]:
    omega = epsilon.omega
    return {
        "problem": omega.problem,
        "family": omega.family,
        "parameter": str(omega.parameter),
        "digits": omega.digits,
        "rows": omega.rows,
        "columns": omega.columns,
        "square": str(epsilon.square),
        "epsilon": root_about(epsilon.square),
        "strong_square": str(epsilon.strong_square),
        "weak_square": str(epsilon.square),
        "attained_by_an_algorithm": True,
        "largest_computable_digits": epsilon.digits,
        "least_exponent": omega.q0,
        "least_on_first_level": root_below(epsilon.level_square(omega.q0)),
    }


def _family_output(bounds: list[FamilyBound], out: Path | None, plot: Path | None, *, as_json: bool) -> None:
    files = {
        f"precision-{bound.precision:06}.breakdown.cert.json": family_certificate(bound, provenance=_PROVENANCE)
        for bound in bounds
    }
    _write(files, out, plot, lambda: family_picture(bounds))
    if as_json:
        rows = [
            {
                "precision": bound.precision,
                "instances": len(bound.minimisers),
                "square": str(bound.square),
                "radius": root_below(bound.square),
                "weights": [str(weight) for weight in bound.weights],
                "attained_by_an_answer": bound.exact,
                "error_square": str(bound.error),
                "largest_digits_without_more_data": bound.digits,
                "limit": bound.limit is not None,
            }
            for bound in bounds
        ]
        print_json({"breakdown": rows, "bundle": out and str(out)})
        return
    for bound in bounds:
        k = bound.digits
        lines = [
            f"n = {bound.precision}: from data of precision up to {bound.precision} every algorithm errs by at least "
            f"r on one of {len(bound.minimisers)} instances; r is at least {root_below(bound.square)}",
            "  equality                  "
            + (
                "attained: one answer errs by at most r on each of them"
                if bound.exact
                else f"not shown, r is a lower bound: the best answer found errs by at most {root_above(bound.error)}"
            ),
            "  digits from such data     " + ("not decided by these bounds" if k is None else f"{k}, not {k + 1}"),
        ]
        say(*lines)
    both = all(bound.limit is not None for bound in bounds)
    say(
        "What such families for all n would say of a class that contains them, with the same data for all n: the "
        "weak breakdown epsilon is at least the limit superior of r"
        + (
            "; the strong one too, if the limit instance is in the class."
            if both
            else ". The strong one needs a limit instance in the class."
        )
    )
    _say_written(out, plot)


def _write(files: dict[str, bytes], out: Path | None, plot: Path | None, picture: Callable[[], bytes]) -> None:
    drawn = None if plot is None else picture()
    if out is not None:
        write_bundle(out, files)
    if plot is not None and drawn is not None:
        try:
            writing.write_atomic(plot, drawn)
        except OSError as error:
            raise UsageError(f"cannot write {plot}: {error.strerror or error}") from None


def _say_written(out: Path | None, plot: Path | None) -> None:
    if plot is not None:
        say(f"drawn: {plot}")
    if out is not None:
        say(f"written: {out}", f"check with: proofs-checks verify {out}")
