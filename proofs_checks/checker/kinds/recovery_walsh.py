"""Kind recovery-walsh: what fits Walsh samples is near a point (docs/format.md, "Walsh masks")."""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul
from typing import Any

from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.certificate.reading import MalformedCertificate, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.core.statements import size_of
from proofs_checks.checker.parts import walsh_fit as fit
from proofs_checks.checker.parts import walsh_words
from proofs_checks.checker.parts.subbands import Level, Mask, decode_mask, decode_scales, decode_short, decode_subbands
from proofs_checks.checker.parts.walsh_blocks import Block, Weights, blocks, decode_weights, together
from proofs_checks.checker.parts.walsh_bound import ZERO, Bound, Given, dense_bound, sparse_bound, total

_CLAIM = ("bits", "bound", "compressibility", "data", "dimension", "levels", "mask", "noise", "point", "scales")
_MAX_SIZE = 20  # of d r: the point is one array


@dataclass(frozen=True)
class _Case:
    mask: Mask
    levels: list[Level]
    scales: list[Ratio] | None
    compressibility: fit.Limits
    noise: fit.Limits
    correlations: list[bool]
    weights: Weights
    splits: list[Ratio | None] | None
    point: PackedArray
    data: PackedArray
    bound: Ratio


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    case = _decode(claim, evidence)
    found = _bounds(case, blocks(case.mask, case.weights))
    if case.splits is None:
        square = ZERO
        for part in found:
            square = square + part.square
    else:
        length = total(found, case.compressibility, case.noise)
        square = length * length
    enough = square <= case.bound * case.bound
    require(enough, "bound", lambda: f"what follows is only |p - x|^2 <= {words.at_most(square)}")
    return _statement(case, found)


def _decode(claim: dict[str, Any], evidence: dict[str, Any]) -> _Case:
    decode_object(claim, _CLAIM, "claim")
    decode_object(evidence, ("splits", "weights"), "evidence")
    mask = decode_mask(claim, _MAX_SIZE)
    levels = decode_subbands(claim["levels"], mask)
    compressibility = fit.decode_compressibility(claim["compressibility"], levels)
    noise, correlations = fit.decode_noise(claim["noise"], levels)
    if all(correlations) != (claim["scales"] is None):
        raise MalformedCertificate("claim.scales must be null where each level has a correlation, and only there")
    if any(correlations) != (evidence["weights"] is None):
        raise MalformedCertificate("evidence.weights must be null where a level has a correlation, and only there")
    free = compressibility.total is not None or noise.total is not None
    if free != (evidence["splits"] is not None):
        raise MalformedCertificate("evidence.splits must be null where there is no total, and only there")
    given, path = (claim["noise"], "claim.noise") if any(correlations) else (evidence, "evidence")
    return _Case(
        mask,
        levels,
        None if all(correlations) else decode_scales(claim["scales"], mask),
        compressibility,
        noise,
        correlations,
        decode_weights(given["weights"], mask, levels, f"{path}.weights"),
        fit.decode_sparse(evidence["splits"], "evidence.splits", levels, positive=True) if free else None,
        fit.decode_numbers(claim["point"], "claim.point", len(mask.taken)),
        fit.decode_numbers(claim["data"], "claim.data", sum(mask.taken)),
        decode_short(claim["bound"], "claim.bound"),
    )


def _bounds(case: _Case, found: list[Block]) -> list[Bound]:
    """Apply the rule of theta, and bound each level; raises Invalid."""
    scales = [None if correlation else case.scales for correlation in case.correlations]
    known = [
        None if level.dense else together(level, found, own) for level, own in zip(case.levels, scales, strict=True)
    ]
    for number, sparse in enumerate(known, 1):
        if sparse is not None:
            small = sparse.theta + sparse.theta
            rule = f"theta = {words.ratio(sparse.theta)} in level {number}, which must be less than 1/2"
            require(not Ratio(1, 1) <= small, "theta", rule.__str__)
    near, bounds = fit.fits(case.mask, case.levels, (case.weights, found), (case.point, case.data)), []
    for number, (level, sparse) in enumerate(zip(case.levels, known, strict=True)):
        sigma, noise = case.compressibility.values[number], case.noise.values[number]
        free = case.compressibility.total is not None, case.noise.total is not None
        given = Given(sigma, noise, *free, correlation=case.correlations[number])
        if sparse is None:
            bounds.append(dense_bound(level, near[number], scales[number], given))
        else:
            split = None if case.splits is None else case.splits[number]
            bounds.append(sparse_bound(level, near[number], sparse, given, case.point.den, split))
    return bounds


def _statement(case: _Case, found: list[Bound]) -> Statement:
    norm2 = Ratio(sum(map(mul, case.point.numbers, case.point.numbers)), case.point.den**2)
    known = [
        walsh_words.given_words(
            number, case.compressibility, case.noise, level, bound.settled, correlation=case.correlations[number]
        )
        for number, (level, bound) in enumerate(zip(case.levels, found, strict=True))
    ]
    return Statement(
        "recovery-walsh",
        f"Every admissible x lies within {words.at_most(case.bound)} of the point.",
        (
            walsh_words.limits_line(case.compressibility, case.noise, case.correlations),
            size_of(case.bound, norm2, "the point"),
            *walsh_words.mask_lines(case.mask),
            walsh_words.scales_line(case.mask, case.scales),
            *walsh_words.level_lines(case.mask, case.levels, known),
            walsh_words.ONLY,
        ),
    )
