"""Kind null-space-walsh: a mask of Walsh samples has the null space property (docs/format.md, "Walsh masks")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofs_checks.certificate.reading import MalformedCertificate, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.parts.levels import common
from proofs_checks.checker.parts.subbands import (
    Level,
    Mask,
    decode_mask,
    decode_pair,
    decode_scales,
    decode_short,
    decode_subbands,
)
from proofs_checks.checker.parts.walsh_blocks import Block, blocks, decode_weights, together
from proofs_checks.checker.parts.walsh_words import ONLY, level_lines, mask_lines, scales_line

_CLAIM = ("bits", "dimension", "gamma", "levels", "mask", "rho", "scales")
_ONE = Ratio(1, 1)


@dataclass(frozen=True)
class _Wanted:
    mask: Mask
    scales: list[Ratio]
    levels: list[Level]
    weights: list[Ratio]
    rho: Ratio
    gamma: Ratio

    @property
    def xi(self) -> Ratio:
        """The sum of w_l^2 s_l; the weights are over one denominator."""
        total = sum(level.sparsity * w.num * w.num for level, w in zip(self.levels, self.weights, strict=True))
        return Ratio(total, self.weights[0].den ** 2)


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, _CLAIM, "claim")
    decode_object(evidence, ("weights",), "evidence")
    wanted = _decode(claim)
    given = decode_weights(evidence["weights"], wanted.mask, wanted.levels, "evidence.weights")
    found = blocks(wanted.mask, given)
    for number, level in enumerate(wanted.levels, 1):
        if level.dense:
            _decide_dense(wanted, level)
        else:
            _decide_sparse(wanted, number, found)
    return Statement(
        "null-space-walsh",
        "The mask of Walsh samples has the weighted robust null space property in levels of Haar coefficients.",
        (
            *mask_lines(wanted.mask),
            scales_line(wanted.mask, wanted.scales),
            f"|x_D| <= rho |x_Dc|_w / sqrt(xi) + gamma |Ax| for each x and each support D of these sparsities, with "
            f"{words.bounded('rho', wanted.rho)} and {words.bounded('gamma', wanted.gamma)}.",
            *level_lines(wanted.mask, wanted.levels, [f"weight {words.ratio(weight)}" for weight in wanted.weights]),
            f"xi = {words.ratio(wanted.xi)}.",
            ONLY,
        ),
    )


def _decode(claim: dict[str, Any]) -> _Wanted:
    mask = decode_mask(claim)
    levels = decode_subbands(claim["levels"], mask, ("weight",))
    scales = decode_scales(claim["scales"], mask)
    pairs = [
        decode_pair(item["weight"], f"claim.levels[{index}].weight", positive=True)
        for index, item in enumerate(claim["levels"])
    ]
    numerators, den = common(pairs)
    rho, gamma = (decode_short(claim[name], f"claim.{name}", positive=True) for name in ("rho", "gamma"))
    if rho >= _ONE:
        raise MalformedCertificate(f"claim.rho must be less than 1, not {words.ratio(rho)}")
    return _Wanted(mask, scales, levels, [Ratio(num, den) for num in numerators], rho, gamma)


def _decide_dense(wanted: _Wanted, level: Level) -> None:
    """Apply the rule of a dense level; raises Invalid."""
    for b in level.subbands:
        square = wanted.gamma * wanted.gamma * wanted.scales[b]
        if not square >= _ONE:
            raise Invalid("gamma", f"gamma^2 d^2 = {words.ratio(square)} is less than 1 in subband {b}, which is dense")


def _decide_sparse(wanted: _Wanted, number: int, blocks: list[Block]) -> None:
    """Apply the rules of a sparse level; raises Invalid."""
    level, weight = wanted.levels[number - 1], wanted.weights[number - 1]
    found, where = together(level, blocks, wanted.scales), f"level {number}"
    left = _ONE + -found.theta
    require(not found.theta >= _ONE, "theta", lambda: f"theta = {words.ratio(found.theta)} in {where}, not below 1")
    near = wanted.xi * Ratio(level.sparsity, 1) * found.mu * found.mu
    room = wanted.rho * weight * left
    require(
        near <= room * room, "rho", lambda: f"rho is too small in {where}, where theta = {words.ratio(found.theta)}"
    )
    room = wanted.gamma * left
    square = found.spectral2
    require(square <= room * room, "gamma", lambda: f"gamma is too small in {where}, Lambda^2 = {words.ratio(square)}")
