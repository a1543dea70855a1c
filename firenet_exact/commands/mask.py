"""The command `mask`."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer
from flint import fmpq

from exact_base.answers import interval_data, number_data
from exact_base.decimals import about, below
from exact_base.errors import UsageError
from exact_base.files import array_file, picture_file
from exact_base.rationals import parse_rational, to_float
from exact_base.terminal import UNDECIDED, Answer, Listing, Shown, progress, read_integers
from firenet_exact.commands.certified_mask import Wanted, certified
from firenet_exact.imaging.bands import Bands, Transform, check_transform
from firenet_exact.imaging.choose import Target, recoverable
from firenet_exact.imaging.fibres import smallest_fibre
from firenet_exact.imaging.mask_files import mask_bytes, mask_picture
from firenet_exact.imaging.masks import (
    Pattern,
    half_half,
    multilevel,
    partial_spreads,
    per_subband,
    variable_density,
)
from firenet_exact.imaging.pictures import need_pillow
from firenet_exact.imaging.property import LevelBounds, walsh_inverse
from firenet_exact.imaging.subbands import Subbands

__all__ = ["mask_command"]

PatternName = Literal["multilevel", "half", "variable", "spread", "subbands"]

_BY_SUBBAND = ("spread", "subbands")


def mask_command(
    size: Annotated[int, typer.Option(help="n, the points per axis: 2, 4, 8, ...")],
    pattern: Annotated[PatternName, typer.Option(help="How samples are chosen; docs/imaging.md explains each.")],
    dimension: Annotated[int, typer.Option(help="The number of axes: 1, 2 or 3.")] = 2,
    transform: Annotated[Transform, typer.Option(help="Of which transform the samples are.")] = "walsh",
    rate: Annotated[str | None, typer.Option(help="The samples to take, divided by all, such as 1/3.")] = None,
    rates: Annotated[
        str | None,
        typer.Option(help="In place of --rate, of spread and subbands: the rates of the last levels, such as 3/4,1/2."),
    ] = None,
    dense: Annotated[
        int | None, typer.Option(help="How many levels are sampled whole. Default: those that half of the samples do.")
    ] = None,
    sparsity: Annotated[
        str | None,
        typer.Option(help="s_1,...,s_r of multilevel. Default: dense levels whole, others a tenth of the last."),
    ] = None,
    power: Annotated[
        str | None, typer.Option(help="p of variable: the density is |a|^-p outside of the dense levels. Default: 1.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the random numbers, 0 or more.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the mask here, as an array of truth values; .npy.")] = None,
    centred: Annotated[
        bool,
        typer.Option("--centred", help="Of Fourier: write frequency 0 in the middle, as numpy.fft.fftshift does."),
    ] = False,
    picture: Annotated[Path | None, typer.Option(help="Draw the mask here; .png. It needs the extra images.")] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(help="Prove a null space property of the mask, of Walsh samples, and write its certificate here."),
    ] = None,
    certificate_target: Annotated[
        Target | None,
        typer.Option(
            "--target",
            help="Of --certificate: theorem4 for ρ <= 1/2 and γ <= √2; recovery for ρ < 1, with weights that are best "
            "for bounds of points. Default: theorem4.",
        ),
    ] = None,
    budget: Annotated[float | None, typer.Option(help="Of --certificate: seconds for the weights.")] = None,
) -> Answer:
    """Draw a mask of Walsh or Fourier samples, and say what it can certify."""
    target = None if out is None else array_file(out)
    wanted = Wanted.of(certificate, target=certificate_target, budget=budget, transform=transform)
    drawing = None if picture is None else picture_file(picture, endings=(".png",), option="--picture")
    if drawing is not None:
        need_pillow()
    subbands = _subbands(size, dimension)
    check_transform(transform)
    if centred and transform == "walsh":
        raise UsageError("a mask of Walsh samples is in sequency order; leave --centred out")
    _check_options(pattern, transform, rate=rate, rates=rates, sparsity=sparsity, power=power)
    with progress() as show:
        show("drawing")
        drawn = _draw(pattern, transform, subbands, rate, rates, dense, sparsity, power, seed)
        show("what it can certify")
        found, shown = _walsh_finding(subbands, drawn) if transform == "walsh" else _fourier_finding(subbands, drawn)
        finding = None if wanted is None else certified(subbands, drawn, wanted, show)
    content = mask_bytes(np.fft.fftshift(drawn.mask) if centred else drawn.mask)
    samples = int(drawn.mask.sum())
    data = {
        "transform": transform,
        "dimension": subbands.dimension,
        "size": size,
        "pattern": pattern,
        "seed": seed,
        "samples": samples,
        "rate": number_data(drawn.rate),
        "sha256": sha256(content).hexdigest(),
        "shares": [{"label": s.label, "samples": s.count, "of": s.size} for s in drawn.shares],
        **found,
    }
    lines: list[Shown] = [
        f"{samples} of {subbands.columns} samples, a rate of {about(drawn.rate, digits=4)}; seed {seed}",
        *shown,
        f"SHA-256 of the mask as .npy{', frequency 0 in the middle' if centred else ''}: {data['sha256']}",
    ]
    written = [] if target is None else [target.write(content)]
    if drawing is not None:
        written.append(drawing.write(mask_picture(drawn.mask, centred=transform == "fourier")))
    if finding is None:
        return Answer(data, lines, written, verdict="drawn")
    code = UNDECIDED if finding.word == "undecided" else 0
    answer = (data | finding.data, [*lines, *finding.shown], [*written, *finding.written])
    return Answer(*answer, verdict=finding.word, code=code)


def _subbands(size: int, dimension: int) -> Subbands:
    if size < 2 or size & (size - 1):
        raise UsageError(f"--size must be 2, 4, 8, ..., not {size}")
    return Subbands(dimension=dimension, bits=size.bit_length() - 1)


def _check_options(
    pattern: PatternName,
    transform: Transform,
    *,
    rate: str | None,
    rates: str | None,
    sparsity: str | None,
    power: str | None,
) -> None:
    if pattern in _BY_SUBBAND and transform == "fourier":
        raise UsageError(f"--pattern {pattern} is of Walsh samples; Fourier samples belong to no subband")
    if (rate is None) == (rates is None):
        raise UsageError("give either --rate, such as --rate 1/3, or --rates")
    if rates is not None and pattern not in _BY_SUBBAND:
        raise UsageError(f"--rates is for --pattern {' and '.join(_BY_SUBBAND)}; give --rate")
    if sparsity is not None and pattern != "multilevel":
        raise UsageError("--sparsity is for --pattern multilevel")
    if power is not None and pattern != "variable":
        raise UsageError("--power is for --pattern variable")


def _draw(
    pattern: PatternName,
    transform: Transform,
    subbands: Subbands,
    rate: str | None,
    rates: str | None,
    dense: int | None,
    sparsity: str | None,
    power: str | None,
    seed: int,
) -> Pattern:
    """Draw the pattern that the options describe."""
    size = {"dimension": subbands.dimension, "bits": subbands.bits}
    if pattern in _BY_SUBBAND:
        draw = per_subband if pattern == "subbands" else partial_spreads
        return draw(**size, rates=_level_rates(subbands, rate, rates, dense), seed=seed)
    total = parse_rational(rate or "")
    given: dict[str, Any] = {**size, "transform": transform, "rate": total, "seed": seed}
    if pattern == "half":
        return half_half(**given, dense=dense)
    if pattern == "variable":
        return variable_density(**given, dense=dense, power=to_float(parse_rational(power or "1")))
    chosen = None if sparsity is None else read_integers("--sparsity", sparsity)
    return multilevel(**given, dense=_dense(subbands, total, dense), sparsities=chosen)


def _dense(subbands: Subbands, rate: fmpq, dense: int | None) -> int:
    """Return the number of dense levels: as given, or as many as half of the samples do."""
    if dense is not None:
        return dense
    return max(
        level
        for level in range(subbands.bits + 1)
        if not level or 2 << subbands.dimension * level <= rate * subbands.columns
    )


def _level_rates(subbands: Subbands, rate: str | None, rates: str | None, dense: int | None) -> Sequence[fmpq]:
    """Return the rate of each level."""
    if rates is not None:
        last = [parse_rational(word) for word in rates.split(",")]
        if len(last) > subbands.bits or (dense is not None and dense + len(last) != subbands.bits):
            whole = "" if dense is None else f", of which {dense} are dense"
            raise UsageError(f"--rates has {len(last)} rates, and there are {subbands.bits} levels{whole}")
        return [fmpq(1)] * (subbands.bits - len(last)) + last
    total = parse_rational(rate or "")
    if not 0 < total <= 1:
        raise UsageError(f"a rate is more than 0 and at most 1, not {total}")
    whole_levels = _dense(subbands, total, dense)
    if not 0 <= whole_levels <= subbands.bits:
        raise UsageError(f"the number of dense levels must be 0 to {subbands.bits}, not {whole_levels}")
    whole_samples = 1 << subbands.dimension * whole_levels if whole_levels else 1
    left = total * subbands.columns - whole_samples
    if (whole_levels == subbands.bits and total < 1) or left < 0:
        raise UsageError(f"the dense levels have {whole_samples} samples, more than --rate allows; lower --dense")
    fine = left / (subbands.columns - whole_samples) if whole_levels < subbands.bits else fmpq(1)
    if fine == 0:
        raise UsageError("--rate leaves no samples beside the dense levels; lower --dense")
    return [fmpq(1)] * whole_levels + [fine] * (subbands.bits - whole_levels)


# --- what it can certify ---------------------------------------------------------------------------


def _walsh_finding(subbands: Subbands, drawn: Pattern) -> tuple[dict[str, Any], list[Shown]]:
    """Which subbands are complete, and how sparse others may be by equal weights."""
    taken = [subbands.rows(drawn.mask, band) for band in range(subbands.count)]
    counts = [int(rows.sum()) for rows in taken]
    complete = [count == size for count, size in zip(counts, subbands.sizes, strict=True)]
    largest = _by_equal_weights(subbands, drawn, counts)
    table = Listing(
        ("subband", "samples", "of", "s by equal weights"),
        [
            (subbands.label(b), str(counts[b]), str(subbands.sizes[b]), "all" if complete[b] else str(largest[b]))
            for b in range(subbands.count)
        ],
    )
    lost = [subbands.label(b) for b, count in enumerate(counts) if not count]
    shown: list[Shown] = [
        table,
        "all: a complete subband, which can be dense. s: the largest number with sμ < 1/2, as bounds of points need,",
        "where μ is the largest entry of I - H*A for weights that are all equal; optimised weights reach more.",
        *([f"without any sample, so that nothing is certified: {', '.join(lost)}"] if lost else []),
    ]
    listed = [
        {"label": subbands.label(b), "samples": counts[b], "of": subbands.sizes[b], "sparsity": largest[b]}
        for b in range(subbands.count)
    ]
    return {"subbands": listed, "complete": sum(complete)}, shown


def _by_equal_weights(subbands: Subbands, drawn: Pattern, counts: Sequence[int]) -> list[int]:
    """Return the `recoverable` of each subband by itself; 0 without samples."""
    # an empty subband has no left inverse; for the others, one row in it changes nothing
    filled = drawn.mask.copy()
    for band, count in enumerate(counts):
        if not count:
            filled[subbands.box(band)] = True
    rows = [subbands.rows(filled, band) for band in range(subbands.count)]
    weights = [None if one.all() else np.ones(int(one.sum()), dtype=np.int64) for one in rows]
    bounds = walsh_inverse(subbands, filled, weights).bounds
    return [recoverable(LevelBounds((part,))) if count else 0 for count, part in zip(counts, bounds, strict=True)]


def _fourier_finding(subbands: Subbands, drawn: Pattern) -> tuple[dict[str, Any], list[Shown]]:
    """How well the samples determine coarse images, for each number of coarse levels."""
    index = Bands(transform="fourier", dimension=subbands.dimension, bits=subbands.bits)
    levels = np.array([max(box) for box in index.boxes])[index.index]
    rows, data = [], []
    for level in range(1, subbands.bits + 1):
        here = levels == level
        low, high = smallest_fibre(drawn.mask, levels=level)
        samples, size = int(drawn.mask[here].sum()), int(here.sum())
        rows.append((str(level), str(samples), str(size), below(low, digits=3) if low > 0 else "0"))
        data.append({"samples": samples, "of": size, "smallest_fibre": interval_data(low, high)})
    table = Listing(("level", "samples", "of", "min den_c of levels up to it"), rows)
    line = (
        "Levels up to one can be dense if its min den_c is more than 0, and the noise in them grows by 1/√(min den_c); "
        "where it is 0, some image that is constant on cubes is not seen at all."
    )
    return {"levels": data}, [table, line]
