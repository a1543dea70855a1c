"""The command `theorem4`."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer
from flint import fmpq

from exact_base.answers import number_data
from exact_base.decimals import above
from exact_base.errors import MissingExtraError, NotCertifiedError, UsageError
from exact_base.files import Results, results_directory
from exact_base.rationals import parse_rational, to_float
from exact_base.terminal import Answer, Listing, Show, note, progress
from firenet_exact.certificates.null_space_walsh import walsh_certificate
from firenet_exact.certificates.recovery_walsh import image_certificate
from firenet_exact.imaging.mask_files import mask_bytes
from firenet_exact.imaging.masks import Pattern, per_subband
from firenet_exact.imaging.network import ImageFirenet
from firenet_exact.imaging.property import WalshProperty
from firenet_exact.imaging.report import (
    class_words,
    levels_table,
    limits_notes,
    page,
    pictures,
    restarts_picture,
    run_data,
    runs_table,
)
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.imaging.theorem4 import (
    Drawn,
    ImageClass,
    Run,
    band_weights,
    certified_mask,
    draw,
    image_class,
    network_of,
    resumed,
    run_network,
)
from firenet_exact.imaging.weights import rounded_weights
from firenet_exact.running import Ledger, Row
from firenet_exact.transforms import haar

__all__ = ["theorem4_command"]

MASK, NETWORK, REPORT, PAGE, PLOT, LEDGER = (
    "mask.npy",
    "network.json",
    "report.json",
    "report.html",
    "restarts.svg",
    "ledger.npz",
)
_MOST_SIDE = 12  # bits
_MOST_NOISE = 10**9
_DIFFERENCE = 8  # deviations of the noise that differences are shown to


def theorem4_command(
    size: Annotated[int, typer.Option("--size", help="Points along each side, a power of 2: 64, 256, 1024.")],
    out: Annotated[Path, typer.Option("--out", help="Directory for the bundle, the mask, the network and the page.")],
    transform: Annotated[Literal["walsh", "fourier"], typer.Option(help="Which samples are taken.")] = "walsh",
    rates: Annotated[
        str,
        typer.Option("--rates", help="Shares of samples of the last levels, as 3/4,1/2,1/4; others get all."),
    ] = "3/4,1/2,1/4",
    sparsity: Annotated[
        str,
        typer.Option("--sparsity", help="s of each of these levels, as 20 or 21,21,20; or max, the largest found."),
    ] = "max",
    noise: Annotated[str, typer.Option("--noise", help="The deviation of the noise of a sample, as 1/500.")] = "1/500",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the mask, the images and the noise.")] = 0,
    images: Annotated[int, typer.Option("--images", min=1, max=100, help="How many images are drawn.")] = 1,
    radius: Annotated[
        str | None,
        typer.Option("--radius", help="The bound of ‖x‖ in the class. Default: the root of N."),
    ] = None,
    arithmetic: Annotated[
        Literal["float64", "integers"], typer.Option(help="The arithmetic of the network; integers are slower.")
    ] = "float64",
) -> Answer:
    """Certify Theorem 4 for one mask: its null space property, its network, and runs on images with noise."""
    names = (MASK, NETWORK, REPORT, PAGE, PLOT, LEDGER, "image-*.png", "mask.png")
    unfinished = (out / LEDGER).is_file()
    target = results_directory(out, names=names, **({"mark": LEDGER} if unfinished else {}))
    if transform != "walsh":
        raise UsageError("masks of Fourier samples have no certificate yet; take --transform walsh")
    bits = size.bit_length() - 1
    if size != 1 << bits or not 2 <= bits <= _MOST_SIDE:
        raise UsageError(f"--size must be a power of 2 from 4 to {1 << _MOST_SIDE}, not {size}")
    shares = _shares(rates, bits)
    wanted = _sparsities(sparsity, len(shares), bits)
    deviation, length = parse_rational(noise), None if radius is None else parse_rational(radius)
    if not deviation > 0 or (length is not None and not length > 0):
        raise UsageError("--noise and --radius must be positive")
    if not fmpq(1, _MOST_NOISE) <= deviation <= _MOST_NOISE:
        raise UsageError(f"--noise must be from 1/{_MOST_NOISE} to {_MOST_NOISE}, as the values of images are about 1")
    asked = _Asked(bits, shares, wanted, deviation, length, seed, images, arithmetic)
    target.prepare()
    ledger = Ledger(target.path / LEDGER, key=asked.key)
    try:
        with progress() as show:
            found = _found(asked, ledger, show)
    except NotCertifiedError as error:
        with suppress(OSError):  # no use to the same command, and in the way of other sparsities
            (target.path / LEDGER).unlink(missing_ok=True)
        if None in wanted:
            raise
        raise NotCertifiedError(f"{error}; --sparsity max takes the largest with ρ <= 1/2 and γ <= √2") from None
    except KeyboardInterrupt:
        ledger.save()
        note("firenet-exact", f"kept: {target.path / LEDGER}; the same command goes on from there")
        raise
    ledger.save()
    return _answer(asked, found, target)


@dataclass(frozen=True)
class _Asked:
    bits: int
    rates: tuple[fmpq, ...]
    sparsities: tuple[int | None, ...]
    deviation: fmpq
    radius: fmpq | None
    seed: int
    images: int
    arithmetic: Literal["float64", "integers"]

    @property
    def key(self) -> str:
        """What a ledger is about: all but how many images there are."""
        parts = (self.bits, self.rates, self.sparsities, self.deviation, self.radius, self.seed, self.arithmetic)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @property
    def title(self) -> str:
        """A line about it."""
        sides = 1 << self.bits
        return f"Theorem 4 for one mask: {sides} x {sides}, Walsh, seed {self.seed}"


@dataclass(frozen=True)
class _Found:
    pattern: Pattern
    proved: WalshProperty
    known: ImageClass
    network: ImageFirenet
    drawn: list[Drawn]
    runs: list[Run]


def _found(asked: _Asked, ledger: Ledger, show: Show) -> _Found:
    subbands = Subbands(dimension=2, bits=asked.bits)
    show("drawing the mask")
    first = asked.bits - len(asked.rates)
    every = (*[fmpq(1)] * first, *asked.rates)
    pattern = per_subband(dimension=2, bits=asked.bits, rates=every, seed=asked.seed)
    sparsities = (*[None if s is None else 1 for s in asked.sparsities[:1]] * first, *asked.sparsities)
    weights = {}
    partly = [b for b in range(subbands.count) if not subbands.rows(pattern.mask, b).all()]
    for number, band in enumerate(partly):
        show(f"weights of {subbands.label(band)}", number, len(partly))
        if ("weights", band) not in ledger.rows:
            *_, best = band_weights(
                pattern, subbands, band, sparsity=sparsities[subbands.scale(band)], levels=asked.bits
            )
            ledger.keep(Row("weights", band, rounded_weights(best.values).astype(float)))
        weights[band] = ledger.rows["weights", band].astype(np.int64)
    show("certifying the mask")
    proved = certified_mask(pattern, subbands, weights, sparsities=sparsities)
    known = image_class(proved, deviation=asked.deviation, radius=asked.radius)
    network = network_of(proved, known)
    drawn, runs = [], []
    for number in range(asked.images):
        image = draw(proved, known, np.random.default_rng([asked.seed, number + 1]))
        label, n = f"image {number + 1} of {asked.images}", network.parameters.n
        kept = ledger.rows.get(("run", number))
        if kept is not None:
            run = resumed(network, known, image, kept, arithmetic=asked.arithmetic)
        else:
            show(f"{label}: the network", 0, n)
            told = partial(show, f"{label}: the network", total=n)
            run = run_network(network, known, image, arithmetic=asked.arithmetic, report=told)
            ledger.keep(Row("run", number, run.kept))
        drawn.append(image)
        runs.append(run)
    return _Found(pattern, proved, known, network, drawn, runs)


def _answer(asked: _Asked, found: _Found, target: Results) -> Answer:
    proved, known, network = found.proved, found.known, found.network
    words, levels = class_words(network, known), levels_table(proved)
    notes = [
        f"Image {number} or its noise is not in the class, so that the a priori bound says nothing of it: ‖e‖ or σ is "
        "too large."
        for number, run in enumerate(found.runs, 1)
        if not run.truth.belongs(known)
    ]
    notes += limits_notes(found.runs, known)
    data: dict[str, Any] = {
        "size": 1 << asked.bits,
        "transform": "walsh",
        "seed": asked.seed,
        "samples": network.operator.shape[0],
        "sparsities": list(proved.levels.sparsities),
        "rho": number_data(proved.rho, side="above"),
        "gamma": number_data(proved.gamma, side="above"),
        "class": {
            "radius": number_data(known.radius, side="below"),
            "delta": number_data(known.delta, side="below"),
            "deviation": number_data(known.deviation),
        },
        "network": {
            "digest": network.digest,
            "depth": network.depth,
            "width": network.width,
            "restarts": network.parameters.n,
            "blocks": network.parameters.p,
            "c2_prime": number_data(network.parameters.c2_prime, side="above"),
            "lam": number_data(network.parameters.lam),
            "arithmetic": asked.arithmetic,
        },
        "words": words,
        "runs": [run_data(run, known) for run in found.runs],
        "notes": notes,
    }
    provenance = {"producer": "firenet-exact theorem4", "network": network.digest}
    certificates = {"mask.cert.json": walsh_certificate(proved, provenance={"producer": "firenet-exact theorem4"})}
    for number, run in enumerate(found.runs, 1):
        for form, recovery in run.posterior.items():
            certificates[f"image-{number}.{form}.cert.json"] = image_certificate(recovery, provenance=provenance)
    files = {MASK: mask_bytes(found.pattern.mask), NETWORK: network.encoded()}
    try:
        drawn, rows = _pictures(found)
        files |= drawn
        plot: str | None = PLOT
        files[PLOT] = restarts_picture(found.runs)
    except MissingExtraError as error:
        rows, plot = [], None
        notes.append(f"There are no pictures: {error}")
    files[PAGE] = page(asked.title, [*words, *notes], [levels, runs_table(found.runs, known, whole=True)], rows, plot)
    files[REPORT] = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n"
    shown: list[str | Listing] = [*words, levels, runs_table(found.runs, known), *notes]
    return Answer(data, shown, [target.write(certificates, files)], verdict="certified")


def _pictures(found: _Found) -> tuple[dict[str, bytes], list[tuple[str, list[tuple[str, str]]]]]:
    """Return the files of pictures, and the rows in which the page shows them."""
    files = pictures({"mask.png": found.pattern.mask.astype(float)})
    rows = [("The mask, in sequency order", [("mask.png", "white: sampled")])]
    span = _DIFFERENCE * to_float(found.known.deviation)
    for number, (image, run) in enumerate(zip(found.drawn, found.runs, strict=True), 1):
        names = [f"image-{number}-{part}.png" for part in ("original", "network", "difference")]
        true, made = (haar.synthesis(x, dimension=2) for x in (image.coefficients, run.output.point))
        files |= pictures({names[0]: true, names[1]: made}) | pictures({names[2]: made - true}, span=span)
        captions = (
            "the image that was drawn",
            f"the network's, at most {above(run.error)} from it",
            f"the difference, grey from -{span:.3g} to {span:.3g}",
        )
        rows.append((f"Image {number}", list(zip(names, captions, strict=True))))
    return files, rows


def _shares(rates: str, bits: int) -> tuple[fmpq, ...]:
    shares = tuple(parse_rational(word) for word in rates.split(","))
    if len(shares) > bits:
        raise UsageError(f"--rates has {len(shares)} rates, and there are {bits} levels")
    for share in shares:
        if not 0 < share <= 1:
            raise UsageError(f"--rates must be more than 0 and at most 1, not {share}")
    if all(share == 1 for share in shares):
        raise UsageError("--rates takes all samples, so that nothing is to be recovered; give a rate below 1")
    return shares


def _sparsities(text: str, count: int, bits: int) -> tuple[int | None, ...]:
    words = [word.strip() for word in text.split(",")]
    words = words * count if len(words) == 1 else words
    if len(words) != count:
        raise UsageError(f"--sparsity has {len(words)} numbers, and --rates {count}; give one for all, or as many")
    found: list[int | None] = []
    for number, word in enumerate(words, bits - count):
        size = 3 << 2 * number if number else 4
        if word != "max" and not (word.isascii() and word.isdecimal() and 1 <= int(word) <= size):
            raise UsageError(f"--sparsity of level {number + 1} must be `max` or 1 to {size}, not {word!r:.40}")
        found.append(None if word == "max" else int(word))
    return tuple(found)
