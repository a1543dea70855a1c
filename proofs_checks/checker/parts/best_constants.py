"""The best bounds that a null space property gives (docs/format.md, "The best constants")."""

from __future__ import annotations

import math
from typing import TypeAlias, cast

from proofs_checks.certificate.reading import MalformedCertificate, decode_list, decode_rational
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.constants import reciprocal_zeta, rounded
from proofs_checks.checker.parts.lines import reciprocal, root_above
from proofs_checks.checker.parts.null_space_methods import ONE, Property

MAX_CUTS = 2**10
Cell: TypeAlias = tuple[Ratio, Ratio]
"""An upper bound of c, and one of m(c), on a cell."""


def decode_cuts(value: object) -> list[Ratio]:
    """Return the cuts at evidence.cuts; raises MalformedCertificate."""
    cuts = [
        Ratio(*decode_rational(item, f"evidence.cuts[{i}]", positive=True))
        for i, item in enumerate(decode_list(value, "evidence.cuts"))
    ]
    if len(cuts) > MAX_CUTS:
        raise MalformedCertificate(f"evidence.cuts must have at most {MAX_CUTS} entries, not {len(cuts)}")
    for i, (cut, end) in enumerate(zip(cuts, [*cuts, ONE][1:], strict=True)):
        if cut >= end:
            raise MalformedCertificate(f"evidence.cuts[{i}] must be less than what follows, the last one less than 1")
    return cuts


def staircase(wanted: Property, cuts: list[Ratio]) -> list[Cell]:
    """Return the cells between 0, the cuts and 1."""
    r, _ = rounded(wanted)
    kappa = reduced(r * r * reciprocal_zeta(wanted.levels))
    root, cells = root_above(kappa), []
    for start, end in zip([Ratio(0, 1), *cuts], [*cuts, ONE], strict=True):
        square = start * start
        falls = square * kappa >= ONE  # from here on m decreases
        cells.append((end, start + root_above((kappa + -ONE) * (ONE + -square)) if falls else root))
    return cells


def network_constant(wanted: Property, lam: Ratio, cuts: list[Ratio]) -> Ratio:
    """Return C2' for this lambda."""
    r, rho = rounded(wanted)
    share = reduced(lam * wanted.gamma * r)
    require(not share >= ONE, "lambda", lambda: f"lambda gamma r = {words.ratio(share)} must be less than 1")
    most = Ratio(0, 1)
    for cell in staircase(wanted, cuts):
        square = reduced(_square(reduced(rho), share, *cell))
        most = square if most <= square else most
    return wanted.gamma * root_above(most)


def _square(rho: Ratio, share: Ratio, c: Ratio, m: Ratio) -> Ratio:
    """Return the square of the greatest length of v over lambda T + |Av|, times gamma, on a cell."""
    alpha, delta = share + -rho, ONE + -(share * c)
    product = m * delta
    if alpha * (m + rho + rho) <= rho * product:
        return rho * (rho + m) * reciprocal(share * share * _square_of(ONE + -(rho * c)))
    if alpha + alpha <= product:
        return m * m * reciprocal(Ratio(4, 1) * alpha * (product + -alpha))
    return reciprocal(_square_of(delta))


def _square_of(x: Ratio) -> Ratio:
    return x * x


def reduced(x: Ratio) -> Ratio:
    """Return the same rational ratio in lowest terms."""
    num = cast(int, x.num)
    divisor = math.gcd(num, x.den)
    return Ratio(num // divisor, x.den // divisor)
