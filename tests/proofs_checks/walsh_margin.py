"""The instances of `margin_one` about masks of Walsh samples, and the mutants of theirs that are true."""

from tests.proofs_checks.builders import F
from tests.proofs_checks.cases import null_space_walsh
from tests.proofs_checks.cases.recovery_walsh import NOISE, OPEN_POINT, PLAIN, POINT, SIGMA, THREE, WEIGHTS, samples
from tests.proofs_checks.walsh_builders import tight

# what the point gives exactly: each change of it, or of the data, is a misfit
_GIVEN = (2, 2, THREE, PLAIN, samples(THREE, 2, 2, POINT), POINT, WEIGHTS)
_OPEN = (2, 2, THREE, PLAIN, samples(THREE, 2, 2, OPEN_POINT), OPEN_POINT, WEIGHTS)
_CORRELATIONS = [F(1, 16), F(1, 8)]
_SHARED = {"sigma": (F(1, 2), [None, F(1, 2)]), "splits": [None, F(1, 2)]}

INSTANCES = {
    "null-space-walsh": null_space_walsh.EDGE,
    "recovery-walsh-levels": tight(*_GIVEN, sigma=SIGMA, noise=NOISE),
    "recovery-walsh-not-settled": tight(*_OPEN, sigma=SIGMA, noise=NOISE),
    "recovery-walsh-totals": tight(*_OPEN, noise=F(1, 4), **_SHARED),
    "recovery-walsh-correlation": tight(*_GIVEN, noise=_CORRELATIONS, form="correlation", **_SHARED),
    "recovery-walsh-forms": tight(*_GIVEN, sigma=SIGMA, noise=[F(1, 4), F(1, 8)], form=["norm", "correlation"]),
}

WEAKER = "a larger bound, rho or gamma is a weaker claim, true with the same evidence"
LESS = "fewer x are admissible: less sigma, less noise, or a larger weight of it"
FEWER = "fewer supports"
OTHER_WEIGHTS = "other weights, for which xi is less in comparison with that of the sparse level"
LARGER_D = "a larger d: the same samples are larger, and the same noise is less"
NO_D = "correlations of a level have no d"
OTHER_MASK = "another mask whose characters have sums of the same moduli, and samples that are the same"
OTHER_SPLIT = "another split, with which the same bound is proved"
NEARER = "another point: the sum of its small entries is less, by more than it misses"


def _all(reason, *names):
    return dict.fromkeys(names, reason)


def _of(reason, field, *changes):
    return {f"{field} {change}": reason for change in changes}


_SMALLER = ("-1 unit", "zero", "denominator +1")
_BOUND = _of(WEAKER, "claim.bound", "+1 unit", "denominator -1")
_DENSE = _all(LARGER_D, *(f"claim.scales.{b} +1 unit" for b in range(4)))
_SCALES = _DENSE | {
    f"claim.scales.{b} {change}": LARGER_D for b in (4, 5, 6) for change in ("+1 unit", "denominator -1")
}
_CHANGES = ("+1 unit", "-1 unit", "denominator +1", "denominator -1")
_UNUSED = {f"claim.scales.{b} {change}": NO_D for b in (4, 5, 6) for change in _CHANGES} | {
    "claim.scales swap 3": LARGER_D
}
_SWAP = _all(LESS, "claim.noise.levels swap 0")
_NORM, _CORRELATION = (
    [_of(LESS, f"claim.noise.levels.{level}.{form}", *_SMALLER) for level in (0, 1)] for form in ("norm", "correlation")
)
_LEVELS = _SWAP | _NORM[0] | _NORM[1]
_SIGMA = _of(LESS, "claim.compressibility.levels.1", *_SMALLER)
_TOTAL = _of(LESS, "claim.compressibility.total", *_SMALLER) | _of(
    LESS, "claim.compressibility.weights.1", "+1 unit", "denominator -1"
)
_SPLIT = _of(OTHER_SPLIT, "evidence.splits.1", "+1 unit", "denominator -1")
_MOVED = _of(OTHER_MASK, "claim.mask", "bit 14 move")

SURVIVORS = {
    "null-space-walsh": _of(WEAKER, "claim.rho", "+1 unit", "denominator -1")
    | _of(WEAKER, "claim.gamma", "+1 unit")
    | _of(FEWER, "claim.levels.0.sparsity", "-1")
    | _of(OTHER_WEIGHTS, "claim.levels.0.weight", "-1 unit", "denominator +1")
    | _of(OTHER_WEIGHTS, "claim.levels.1.weight", "+1 unit")
    | _of(OTHER_MASK, "claim.mask", "bit 2 move", "bit 12 move", "bit 14 move")
    | _SCALES,
    "recovery-walsh-levels": _BOUND | _SIGMA | _MOVED | _LEVELS | _SCALES,
    "recovery-walsh-not-settled": _BOUND | _SIGMA | _MOVED | _LEVELS | _SCALES,
    "recovery-walsh-totals": _BOUND
    | _TOTAL
    | _MOVED
    | _of(LESS, "claim.noise.total", *_SMALLER)
    | _SCALES
    # the noise is that of the sparse level, with or without this d
    | {f"claim.scales.{b} denominator +1": "d does not matter here" for b in range(4)}
    | _SPLIT,
    "recovery-walsh-correlation": _BOUND
    | _TOTAL
    | _MOVED
    | _SWAP
    | _CORRELATION[0]
    | _CORRELATION[1]
    | _of(NEARER, "claim.point", *(f"[{i}] {change}" for i, change in ((5, "-1 unit"), (5, "zero"), (8, "+1 unit"))))
    | _of(NEARER, "claim.point", *(f"[{i}] {change}" for i, change in ((8, "zero"), (11, "-1 unit"), (11, "zero"))))
    | _SPLIT,
    "recovery-walsh-forms": _BOUND | _SIGMA | _MOVED | _NORM[0] | _CORRELATION[1] | _DENSE | _UNUSED,
}
