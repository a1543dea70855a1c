"""The command `firenet-exact solve`: a point, and a certified bound of its distance to all that fits the data."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer
from flint import fmpq

from exact_base.errors import UsageError
from exact_base.files import results_directory
from exact_base.matrices import ExactMatrix, column_norm2
from exact_base.rationals import parse_rational, round_down, round_up, to_float, upper_root
from exact_base.readers import read_matrix, read_vector
from exact_base.readers.options import ArrayNames, Headers, settings
from exact_base.terminal import Answer, Show, Shown, progress
from firenet_exact.arithmetic import Output, forward
from firenet_exact.certificates.coefficient_bounds import coefficients_certificate
from firenet_exact.certificates.forward_error import forward_certificate
from firenet_exact.certificates.null_space import read_null_space
from firenet_exact.certificates.recovery import recovery_certificate
from firenet_exact.commands.options import MatrixFile, parse_levels, read_certificate
from firenet_exact.levels import Levels
from firenet_exact.network import Firenet
from firenet_exact.norms import operator_norm
from firenet_exact.null_space.property import NullSpaceProperty
from firenet_exact.recovery.a_posteriori import Recovery, fits, sigma_above
from firenet_exact.recovery.coefficients import single_coefficients
from firenet_exact.recovery.report import (
    bounds_table,
    coefficients_data,
    coefficients_line,
    errors_picture,
    methods_data,
    methods_table,
    network_data,
    network_line,
    recovery_data,
    searched_data,
    searched_table,
)
from firenet_exact.recovery.solve import Method, Solution, least_a_priori, least_of_all, network_for, solve
from firenet_exact.recovery.unknown import Searched, search_parameters
from proofs_checks.certificate.reading import canonical_bytes

__all__ = ["solve_command"]

ArithmeticName = Literal["float64", "fixed", "balls", "exact"]
Forward = Callable[[Firenet, ExactMatrix], Output]
PICTURE, REPORT = "errors.svg", "report.json"
RECOVERY, FORWARD = "recovery.cert.json", "forward-error.cert.json"
COEFFICIENTS = "coefficient-bounds.cert.json"
_RESTARTS = 10  # of each network of a search
_MOST_RESTARTS = 10_000  # some hundred are enough for a thousand digits
_FRACTIONS = (4, 16, 64)  # ‖A‖/(r λ), where λ is not given


def solve_command(
    matrix: MatrixFile,
    data: Annotated[Path, typer.Argument(help="The data y: a vector in such a file.")],
    array: ArrayNames = None,
    header: Headers = None,
    null_space: Annotated[
        list[Path] | None,
        typer.Option(
            help="A certificate of kind null-space of the matrix, which `nullspace` writes; or several of them."
        ),
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="x, if it is known: it gives --noise and --sigma, and is compared.")
    ] = None,
    noise: Annotated[
        str | None, typer.Option(help="A bound of ‖Ax-y‖, as 1/1000 or 0.001. Default: that of the truth.")
    ] = None,
    sigma: Annotated[
        str | None,
        typer.Option(
            help="A bound of σ(x), the weighted l1 distance to sparse vectors. Default: that of the truth, or 0."
        ),
    ] = None,
    estimate: Annotated[Path | None, typer.Option(help="Certify this vector in place of a network's output.")] = None,
    arithmetic: Annotated[ArithmeticName, typer.Option(help="The arithmetic of the forward pass.")] = "float64",
    bits: Annotated[
        int | None, typer.Option(help="Bits of fixed, balls or exact. Default: the arithmetic chooses.")
    ] = None,
    n: Annotated[
        int | None,
        typer.Option(min=1, max=_MOST_RESTARTS, help="The number of restarts. Default: until more would help little."),
    ] = None,
    initial: Annotated[Path | None, typer.Option(help="An initial guess, which the network improves.")] = None,
    steps: Annotated[int, typer.Option(min=0, help="Steps of the search for a dual vector; 0 for no search.")] = 2000,
    cone: Annotated[bool, typer.Option("--cone", help="Ask a cone solver for a dual vector as well.")] = False,
    polish: Annotated[bool, typer.Option("--polish", help="Let the search move the point too.")] = False,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Without a certificate: search parameters; bounds are conditional.")
    ] = False,
    levels: Annotated[str | None, typer.Option(help="With --unknown: see nullspace.")] = None,
    sparsity: Annotated[str | None, typer.Option(help="With --unknown: see nullspace.")] = None,
    weights: Annotated[str, typer.Option(help="With --unknown: see nullspace.")] = "1",
    rho: Annotated[str, typer.Option(help="With --unknown: ρ of the condition.")] = "1/2",
    lam: Annotated[
        str | None,
        typer.Option(help="With --unknown: λ_1,λ_2,... to try, each for itself. Default: three chosen from ‖A‖."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A directory for the point, the picture and certificates.")] = None,
) -> Answer:
    """Compute a point by a network, and certify how far everything that fits the data is from it."""
    if unknown == bool(null_space):
        raise UsageError("one of --null-space and --unknown is needed, and not both")
    if estimate is not None and (initial is not None or n is not None or unknown):
        raise UsageError("--estimate takes the place of a network; leave out --initial, --n and --unknown")
    if unknown and (initial is not None or cone or polish):
        raise UsageError("--initial, --cone and --polish need --null-space")
    if not unknown and (levels is not None or sparsity is not None or lam is not None):
        raise UsageError("--levels, --sparsity and --lam need --unknown; a certificate brings the levels")
    given = settings(array, header, ("matrix", "data", "truth", "initial", "estimate"))
    target = None if out is None else results_directory(out, names=("x.json", "x.npy", "x-*.*", PICTURE, REPORT))
    A = read_matrix(matrix, **given["matrix"])
    y = read_vector(data, A.rows, **given["data"])
    x = None if truth is None else read_vector(truth, A.cols, **given["truth"])
    notes: list[str] = []
    known = [read_certificate(path, read_null_space) for path in null_space or ()]
    for path, proved in zip(null_space or (), known, strict=True):
        if proved.matrix != A:
            raise UsageError(f"{path} is about another matrix than {matrix}")
        if proved.levels != known[0].levels:
            raise UsageError(f"{path} is about other levels, sparsities or weights than the first certificate")
    found = known[0].levels if known else parse_levels(A.cols, levels, sparsity, weights, notes)
    e = _limit(noise, "--noise", None if x is None else upper_root(column_norm2(A @ x - y)))
    s = _limit(sigma, "--sigma", fmpq(0) if x is None else sigma_above(found, x))
    options: dict[str, Any] = {"noise": e, "sigma": s, "truth": x, "steps": steps}
    run: Forward = partial(forward, arithmetic=arithmetic, bits=bits)
    if not known:
        with progress() as show:
            searched = _search(A, found, y, run, lam, parse_rational(rho), n or _RESTARTS, show, options)
        content = _searched_report(searched, x, notes)
    else:
        options |= {"cone": cone, "polish": polish}
        guess = None if initial is None else read_vector(initial, A.cols, **given["initial"])
        other = None if estimate is None else read_vector(estimate, A.cols, **given["estimate"])
        with progress() as show:
            show("bounding the error" if other is not None else "running the network")
            methods, solution = _solved(known, y, other, guess, n, run, options)
        content = _solved_report(methods, solution, x, draw=out is not None)
    written = []
    if target is not None:
        text = json.dumps(content.data, ensure_ascii=False, allow_nan=False, indent=1)
        written.append(target.write(content.certificates, content.files | {REPORT: text.encode() + b"\n"}))
    summary = {**content.data, "notes": content.notes}
    return Answer(summary, [*content.shown, *content.notes], written, verdict=content.verdict)


@dataclass
class _Content:
    """What is printed, and what is written: certificates and other files, by name."""

    verdict: str
    data: dict[str, Any]
    shown: list[Shown]
    notes: list[str]
    certificates: dict[str, bytes]
    files: dict[str, bytes]


def _solved(
    known: list[NullSpaceProperty],
    y: ExactMatrix,
    estimate: ExactMatrix | None,
    guess: ExactMatrix | None,
    n: int | None,
    run: Forward,
    options: dict[str, Any],
) -> tuple[tuple[Method, ...], Solution | None]:
    if estimate is not None:
        return least_of_all(known, y, estimate, **options), None
    limits = {key: options[key] for key in ("noise", "sigma")}
    chosen = least_a_priori(known, **limits)
    network = network_for(chosen, operator_norm(chosen.matrix), y, n=n, initial=guess, **limits)
    others = [proved for proved in known if proved is not chosen]
    solution = solve(network, y, run, others=others, **options)
    return solution.methods, solution


def _solved_report(
    methods: tuple[Method, ...], solution: Solution | None, truth: ExactMatrix | None, *, draw: bool
) -> _Content:
    recovery = methods[0].recovery
    data = {**recovery_data(recovery, truth), "methods": methods_data(methods), "network": None}
    shown: list[Shown] = [methods_table(methods, truth)]
    files, notes = _point_files(recovery), _notes(recovery, truth)
    provenance = {"producer": "firenet-exact solve", "dual": methods[0].name}
    if solution is not None:
        network = solution.output.network
        data["network"] = network_data(solution)
        shown.insert(0, network_line(network))
        provenance["network"] = network.digest
        try:
            files |= {PICTURE: errors_picture(solution)} if draw else {}
        except UsageError as error:
            notes.append(f"There is no picture: {error}")
    shown.append(bounds_table(recovery, solution, truth))
    certificates = {RECOVERY: recovery_certificate(recovery, provenance=provenance)}
    single = single_coefficients(recovery)
    data["coefficients"] = None if single is None else coefficients_data(single)
    if single is not None:
        shown.append(coefficients_line(single))
        certificates[COEFFICIENTS] = coefficients_certificate(single, provenance=provenance)
    if solution is not None and solution.output.fixed_bits is not None:
        provenance = {"producer": "firenet-exact solve", "network": solution.output.network.digest}
        certificates[FORWARD] = forward_certificate(solution.output, provenance=provenance)
    return _Content(_word(recovery), data, shown, notes, certificates, files)


def _word(recovery: Recovery) -> str:
    """Return the verdict: a bound that says nothing is vacuous, whatever else it is."""
    if recovery.vacuous:
        return "vacuous"
    return "conditional" if recovery.conditional else "certified"


def _search(
    A: ExactMatrix,
    levels: Levels,
    y: ExactMatrix,
    run: Forward,
    lam: str | None,
    rho: fmpq,
    n: int,
    show: Show,
    options: dict[str, Any],
) -> list[Searched]:
    norm, searched = operator_norm(A), []
    if lam is not None:
        values = [parse_rational(word) for word in lam.split(",")]
    else:
        largest = round_down(norm.low / upper_root(levels.xi), bits=8)
        values = [largest / factor for factor in _FRACTIONS]
    for value in values:
        report = partial(show, f"λ = {to_float(value):.3g}")
        found = search_parameters(norm, levels, y, run, lam=value, rho=rho, n=n, report=report, **options)
        searched.append(found)
    return searched


def _searched_report(searched: list[Searched], truth: ExactMatrix | None, notes: list[str]) -> _Content:
    certificates: dict[str, bytes] = {}
    files: dict[str, bytes] = {}
    for i, one in enumerate(searched, start=1):
        recovery = one.methods[0].recovery
        provenance = {"producer": "firenet-exact solve --unknown", "lambda": str(one.lam)}
        certificates[f"conditional-{i}.cert.json"] = recovery_certificate(recovery, provenance=provenance)
        files |= _point_files(recovery, f"-{i}")
    rho = searched[0].methods[0].recovery.known.rho
    condition = (
        f"CONDITIONAL: each bound holds IF A has the null space property with ρ = {rho} and the γ of its row, or "
        "smaller ones. Nothing here proves that. F depends on λ: do not compare it between rows."
    )
    return _Content(
        "vacuous" if all(one.methods[0].recovery.vacuous for one in searched) else "conditional",
        {"conditional": True, "searched": searched_data(searched, truth)},
        [searched_table(searched, truth)],
        [condition, *notes, *_vacuous(searched), *_notes(searched[0].methods[0].recovery, truth)],
        certificates,
        files,
    )


def _vacuous(searched: list[Searched]) -> list[str]:
    """Say which rows of a search have bounds that say nothing."""
    rows = [str(i) for i, one in enumerate(searched, start=1) if one.methods[0].recovery.vacuous]
    if not rows:
        return []
    return [f"The bound of row {', '.join(rows)} says nothing: it is no smaller than the vector itself."]


def _notes(recovery: Recovery, truth: ExactMatrix | None) -> list[str]:
    if truth is not None and not fits(recovery.known, recovery.data, truth, noise=recovery.noise, sigma=recovery.sigma):
        return ["The truth that was given does not fit the data within these bounds, so that nothing is claimed of it."]
    if recovery.witness is None:
        return ["No x that fits the data within these bounds is known; if there is none, the bound says nothing."]
    return []


def _limit(text: str | None, option: str, default: fmpq | None) -> fmpq:
    if text is None:
        if default is None:
            raise UsageError(f"{option} is needed, or the truth with --truth: how far may Ax be from y?")
        return round_up(default)
    value = parse_rational(text)
    if value < 0:
        raise UsageError(f"{option} must be at least 0, not {text}")
    return value


def _point_files(recovery: Recovery, suffix: str = "") -> dict[str, bytes]:
    """Return the point exactly, and as the nearest float64 array."""
    array = io.BytesIO()
    np.save(array, recovery.point.to_float()[:, 0])
    exact = canonical_bytes(recovery.point.encode()) + b"\n"
    return {f"x{suffix}.json": exact, f"x{suffix}.npy": array.getvalue()}
