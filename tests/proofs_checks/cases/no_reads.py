"""Kind no-reads. At K = 3 and alpha = 700 the solutions for y' = 990 are about 1 and about 16."""

from math import isqrt

from tests.proofs_checks.builders import Class, F, changed
from tests.proofs_checks.cases.reads import BPDN, LASSO, SQRT, WIDE
from tests.proofs_checks.reach_builders import no_reads

H = F(1, 2)
GOOD = no_reads(SQRT, [990], 1)


def edge(cls, digits, shape, unit):
    """The least multiple of a unit that, times a shape, makes the solutions more than 2·10^-D apart."""
    base, top = cls.alpha / 16, cls.alpha / 16 + F(1, 32)
    squares = cls.d * base**2, (cls.d - 1) * base**2 + top**2
    (low, _), (_, high) = (_roots(square) for square in squares)
    threshold = {"bpdn": cls.parameter, "lasso": F(17, 32) * cls.parameter / low, "sqrt-lasso": 0}[cls.name]

    def apart(count):
        return F(15, 16) ** 2 * sum(max(abs(x) * count * unit - threshold, 0) ** 2 for x in shape) > 4 * high**2 / F(
            100**digits
        )

    count = 1
    while not apart(count):
        count *= 2
    low_count, high_count = count // 2, count
    while high_count - low_count > 1:
        middle = (low_count + high_count) // 2
        low_count, high_count = (low_count, middle) if apart(middle) else (middle, high_count)
    return [x * high_count * unit for x in shape], [x * low_count * unit for x in shape]


def _roots(square):
    p, q = square.numerator, square.denominator
    root = isqrt(p * q)
    if root * root == p * q:
        return F(root, q), F(root, q)
    root = isqrt(p * q << 128)
    return F(root, q << 64), F(root + 1, q << 64)


_TIGHT = Class("sqrt-lasso", alpha=F(22628, 100), parameter=F(1264, 100), m=3, N=6)  # d = 4; s = 1 and no more
_TIGHT_LASSO = Class("lasso", alpha=F(56568, 100), parameter=F(56568, 1600), m=4, N=5, householder=[1, 0, -2, 3])
_TIGHT_BPDN = Class("bpdn", alpha=F(35355, 100), parameter=H, m=3, N=5)
EDGE_SQRT, SHORT_SQRT = edge(_TIGHT, 2, [0, -1], F(1, 1000))
EDGE_LASSO, SHORT_LASSO = edge(_TIGHT_LASSO, 2, [3, -1, 1], F(1, 1000))
EDGE_BPDN, SHORT_BPDN = edge(_TIGHT_BPDN, 2, [1, 0], F(1, 1000))

ACCEPT = {
    "sqrt-lasso": GOOD,
    "sqrt-lasso-disguised": no_reads(WIDE, [0, -1500], 1),
    "lasso": no_reads(LASSO, [990], 1),
    "lasso-negative": no_reads(LASSO, [-990], 1),
    "bpdn": no_reads(BPDN, [495], 1),
    "many-digits": no_reads(SQRT, [1], 3),
    "edge-sqrt-lasso": no_reads(_TIGHT, EDGE_SQRT, 2),
    "edge-lasso": no_reads(_TIGHT_LASSO, EDGE_LASSO, 2),
    "edge-bpdn": no_reads(_TIGHT_BPDN, EDGE_BPDN, 2),
}

REJECT = {
    "too-near": ("distance", no_reads(SQRT, [1], 1)),
    "too-near-sqrt-lasso": ("distance", no_reads(_TIGHT, SHORT_SQRT, 2)),
    "too-near-lasso": ("distance", no_reads(_TIGHT_LASSO, SHORT_LASSO, 2)),
    "too-near-bpdn": ("distance", no_reads(_TIGHT_BPDN, SHORT_BPDN, 2)),
    "below-the-threshold": ("distance", no_reads(BPDN, [H], 3)),
    "two-entries-bpdn": ("samples", no_reads(_TIGHT_BPDN, [495, 495], 1)),
    "too-many-entries": ("samples", no_reads(_TIGHT, [990, 990], 1)),
    "heights-of-the-weak-family": ("class", no_reads(Class("sqrt-lasso", alpha=226, parameter=1), [990], 1)),
    "parameter-of-the-weak-family": ("class", no_reads(Class("sqrt-lasso", alpha=700, parameter=44), [990], 1)),
}

MALFORMED = {
    "weak-family": ("must name the strong family", changed(GOOD, ["claim", "class", "family"], "weak")),
    "sample-zero": ("claim.sample is zero", no_reads(SQRT, [0], 1)),
    "sample-too-long": ("must be 1 x 1", no_reads(SQRT, [990, 1], 1)),
    "sample-complex": ("must be real", no_reads(SQRT, [(0, 0, 990)], 1)),
    "one-row": ("no samples beside e_1", no_reads(Class("sqrt-lasso", alpha=700, parameter=1, m=1), [990], 1)),
    "digits-zero": ("digits must be 1 to 100000", no_reads(SQRT, [990], 0)),
    "evidence-not-empty": ("evidence has the unknown key", changed(GOOD, ["evidence"], {"member": "0x1"})),
}
