"""Masks, subbands and levels in words. Nothing here decides."""

from __future__ import annotations

from collections.abc import Sequence

from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.parts.subbands import Level, Mask
from proofs_checks.checker.parts.walsh_fit import Limits

_SHOWN = 12  # levels that are printed


def mask_lines(mask: Mask) -> tuple[str, ...]:
    """Return which mask it is."""
    side = 1 << mask.bits
    shape = " x ".join([str(side)] * mask.dimension) if mask.dimension > 1 else f"{side} long"
    taken, samples = sum(mask.taken), len(mask.taken)
    return (
        f"The mask takes {taken} of {samples} Walsh samples in sequency order ({words.decimal(100 * taken, samples)} "
        f"%), {shape}. numpy.save writes it, as an array of bool in C order, to a file with the SHA-256 {mask.digest}.",
    )


def scales_line(mask: Mask, scales: Sequence[Ratio] | None) -> str:
    """Return what A is."""
    if scales is None:
        end = "No scaling of the samples is used."
    elif all(
        Ratio(mask.size(b), sum(rows) or 1) == d2 for b, (rows, d2) in enumerate(zip(mask.rows, scales, strict=True))
    ):
        end = "The m samples of a subband of N are times the root of N/m."
    elif all(d2 == Ratio(1, 1) for d2 in scales):
        end = "The samples are not scaled."
    else:
        end = "The samples of each subband are times the root of a number of the file."
    return (
        "A takes the orthonormal isotropic Haar coefficients of an image, subband after subband, to the samples of its "
        f"unitary Walsh transform that are in the mask. {end}"
    )


def level_lines(mask: Mask, levels: Sequence[Level], more: Sequence[str]) -> tuple[str, ...]:
    """Return the levels, each with more in words."""
    lines = []
    for number, (level, text) in enumerate(zip(levels[:_SHOWN], more, strict=False), 1):
        subbands, end = level.subbands, f", {text}" if text else ""
        where = f"subbands {subbands[0]} to {subbands[-1]}" if len(subbands) > 1 else f"subband {subbands[0]}"
        rows = words.counted(sum(sum(mask.rows[b]) for b in subbands), "sample")
        sparsity = "all of them" if level.dense else str(level.sparsity)
        size = words.counted(level.size, "coefficient")
        lines.append(f"Level {number}: {where}, {size}, {rows}; sparsity {sparsity}{end}.")
    if len(levels) > _SHOWN:
        lines.append(f"And {words.counted(len(levels) - _SHOWN, 'more level')}, in the file.")
    return tuple(lines)


ONLY = (
    "This is proved of this mask, without probabilities, and says nothing of any other. Not vouched for: that an "
    "instrument takes these samples, or that an image has few large coefficients."
)


def limits_line(compressibility: Limits, noise: Limits, correlations: Sequence[bool]) -> str:
    """Return which x are admissible; limits of theirs are rounded so that no more are."""
    first = "in each level the sum of all but its s largest moduli is at most sigma"
    if compressibility.total is not None:
        first = (
            "the sum over the levels of their weights times the sum of all but the s largest moduli is at most sigma = "
            f"{words.at_least(compressibility.total)}"
        )
    norm = "the norm of Ax - y is at most the noise"
    entries = "no entry of H*(Ax - y), with the weights of the file for H, exceeds the noise in modulus"
    if noise.total is not None:
        second = f"|Ax - y| is at most {words.at_least(noise.total)}"
    elif all(correlations):
        second = f"in each level {entries}"
    elif any(correlations):
        second = f"in each level with `norm` {norm}, in each with `correlation` {entries}"
    else:
        second = f"in each level {norm}"
    return f"Admissible: {first}; and {second}. Whether there is such an x is not shown."


def given_words(
    number: int, compressibility: Limits, noise: Limits, level: Level, settled: int, *, correlation: bool
) -> str:
    """Return what is given of a level, and how many of the largest entries of the point are settled."""
    parts = []
    if not level.dense and compressibility.total is None:
        parts.append(f"sigma {words.at_least(compressibility.values[number])}")
    elif not level.dense and (weight := compressibility.weights[number]) is not None:
        parts.append(f"weight {words.at_most(weight)}")
    if noise.total is None:
        form = "correlation" if correlation else "norm"
        parts.append(f"noise {words.at_least(noise.values[number])} ({form})")
    if not level.dense:
        parts.append(f"{settled} settled")
    return ", ".join(parts)
