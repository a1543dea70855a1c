"""The constants of a null space property, with roots rounded up (docs/format.md, "Recovery")."""

from __future__ import annotations

import math
from typing import cast

from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio, ceiling
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.levels import Levels
from proofs_checks.checker.parts.lines import BITS, reciprocal, root_above
from proofs_checks.checker.parts.null_space_methods import ONE, Property


def rounded(wanted: Property) -> tuple[Ratio, Ratio]:
    """Return r and rho'."""
    r = root_above(wanted.levels.xi)
    rho = wanted.rho * r * r * reciprocal(wanted.levels.xi)
    require(not rho >= ONE, "rho", lambda: f"rho r^2 / xi = {words.ratio(rho)} must be less than 1")
    return r, rho


def reciprocal_zeta(levels: Levels) -> Ratio:
    """Return 1 / zeta."""
    weights = zip(levels.sparsities, levels.weights, strict=True)
    return Ratio(levels.den**2, min(s * w * w for s, w in weights))


def factors(wanted: Property) -> tuple[Ratio, Ratio]:
    """Return C1/r and C2."""
    r, rho = rounded(wanted)
    kappa = r * r * reciprocal_zeta(wanted.levels)
    q = Ratio(math.isqrt(math.isqrt(ceiling(cast(int, kappa.num) * 16**BITS, kappa.den) - 1)) + 1, 1 << BITS)
    half, above, left = q * Ratio(1, 2), ONE + rho, ONE + -rho
    near = (rho + above * half) * above * reciprocal(left * r)
    return near, (above + (ONE + ONE + above) * half) * wanted.gamma * reciprocal(left)
