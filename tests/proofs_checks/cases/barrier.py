"""Kind barrier. The first class has h = 1/700 = 1.43e-3 at K = 3; c_0 = 700 sqrt 2 = 989.949..."""

from tests.proofs_checks.builders import Class, F, barrier, ceil_root, changed

H = F(1, 2)
SQRT = Class("sqrt-lasso", alpha=700, parameter=1)
WEAK = Class("sqrt-lasso", alpha=11200, parameter=1, family="weak", K=4)
LASSO = Class("lasso", alpha=700, parameter=H)
BPDN = Class("bpdn", alpha=350, parameter=H)
WIDE = Class("sqrt-lasso", alpha=700, parameter=1, m=3, N=7, householder=[1, 0, -2])
SQUARE = Class("sqrt-lasso", alpha=700, parameter=1, m=2, N=5)  # c_0 = 1400
Q = 12


def good(cls=SQRT, *, reads=None, z=None, q=Q, **others):
    """Two reads of the common oracle, and the centroid as the answer, unless told otherwise."""
    reads = [cls.read(1), cls.read(4)] if reads is None else reads
    z = [cls.h / cls.d] * cls.d if z is None else z
    return barrier(cls, reads, z, q=q, **others)


def reading(**answer):
    """The good certificate with one read, of precision 4, that answers otherwise."""
    return good(reads=[SQRT.read(4, **answer)])


CENTROID = good()
C4 = ceil_root(SQRT.c0_squared, 4)
TOP = SQRT.top(Q)
# 1 unit of alpha = 707.04 = 17676/25 more, and the balls at level 4 would touch; c_n, q, lambda and z are as tight.
_EDGE = Class("sqrt-lasso", alpha=F(17676, 25), parameter=F(17675, 25), m=3, N=4, householder=[1, 0, -2])
_UNIT = F(1, 10**12)
EDGE_OUTPUT = (1 + (_EDGE.top(4) + F(1, 1000)) // _UNIT) * _UNIT
EDGE = barrier(_EDGE, [_EDGE.read(n) for n in range(1, 5)], [EDGE_OUTPUT], q=4, access="stream")
# The heights of level 4 drop below the condition, although h itself does not.
_NEAR = Class("sqrt-lasso", alpha=F(7071, 10), parameter=1)
# Here h = 1/2 and the heights of low levels fall by more than 1/10.
_STEEP = Class("bpdn", alpha=F(1, 12), parameter=F(23, 24), K=1)

ACCEPT = {
    "sqrt-lasso": CENTROID,
    "lasso": good(LASSO),
    "bpdn": good(BPDN),
    "weak": good(WEAK),
    "weak-two-digits": good(Class("sqrt-lasso", alpha=112, parameter=1, family="weak", K=2)),
    "one-digit": good(Class("sqrt-lasso", alpha=7, parameter=1, K=1)),
    "lasso-alpha-equals-lambda": good(Class("lasso", alpha=350, parameter=350)),
    "wide-householder": good(WIDE, i=4),
    "one-row": good(Class("sqrt-lasso", alpha=700, parameter=1, m=1, N=2)),
    "stream": good(reads=[SQRT.read(n) for n in (1, 2, 3)], access="stream"),
    "query-repeated": good(reads=[SQRT.read(4), SQRT.read(2), SQRT.read(4)]),
    "query-of-the-member-level": good(reads=[SQRT.read(Q)]),
    "c-exact-to-more-digits": reading(c=ceil_root(SQRT.c0_squared, 30)),
    "x-at-a-vertex": reading(x=[SQRT.h]),
    "x-inside": reading(x=[SQRT.h / 3, SQRT.h * 2 / 3]),
    "output-zero": good(z=[0]),
    "output-complex": good(z=[(TOP, 0, F(1, 999))]),
    "output-complex-in-other-entry": good(z=[TOP, (0, 0, F(1, 999))]),
    "output-complex-in-both-parts": good(z=[TOP, (F(6, 10**4), 0, F(81, 10**5))]),
    "c-rational-itself": good(SQUARE, reads=[SQUARE.read(4)]),
    "c-rational-one-unit-above": good(SQUARE, reads=[SQUARE.read(4, c=1400 + F(1, 16))]),
    "output-other-member": good(z=[0, TOP]),
    "output-in-other-block": good(z=[TOP, 0, F(1, 999)]),
    "all-at-the-edge": EDGE,
    "disjoint-at-a-higher-level": good(_NEAR, q=8),
    "steep-at-a-higher-level": good(_STEEP, q=6),
    "thousand-digits": good(Class("sqrt-lasso", alpha=7 * 10**999, parameter=1, K=1000)),
}

REJECT = {
    "c-rounded-down": ("rule 2", good(reads=[SQRT.read(3, c=ceil_root(SQRT.c0_squared, 3) - F(1, 8))])),
    "c-rounded-to-nearest": ("rule 2", reading(c=F(round(SQRT.c0_squared**0.5 * 16), 16))),
    "c-one-unit-above": ("rule 2", reading(c=C4 + F(1, 16))),
    "c-rational-below": ("rule 2", good(SQUARE, reads=[SQUARE.read(4, c=1400 - F(1, 10**9))])),
    "c-rational-above": ("rule 2", good(SQUARE, reads=[SQUARE.read(4, c=1400 + F(1, 16) + F(1, 10**9))])),
    "output-right-complex-in-other-entry": ("rule 4", good(z=[TOP, (0, 0, F(1, 1001))])),
    "c-negative": ("rule 2", reading(c=-C4)),
    "c-zero": ("rule 2", reading(c=F(0))),
    "c-in-the-frobenius-norm": ("rule 2", reading(c=ceil_root(2 * SQRT.c0_squared, 4))),
    "c-of-the-control": ("rule 2", reading(c=ceil_root(SQRT.control_squared, 4))),
    "x-negative-entry": ("rule 2", reading(x=[2 * SQRT.h, -SQRT.h])),
    "x-sum-too-small": ("rule 2", reading(x=[SQRT.h / 2, SQRT.h / 3])),
    "x-sum-too-large": ("rule 2", reading(x=[SQRT.h, SQRT.h / 1000])),
    "x-zero": ("rule 2", reading(x=[0])),
    "x-off-the-tied-columns": ("rule 2", reading(x=[0, 0, SQRT.h])),
    "x-of-the-member": ("rule 2", reading(x=[TOP])),
    "second-read-wrong": ("rule 2", good(reads=[SQRT.read(1), SQRT.read(4, c=C4 - F(1, 16))])),
    "output-right": ("rule 4", good(z=[TOP])),
    "output-right-for-the-second": ("rule 4", good(z=[0, TOP], i=2)),
    "output-at-the-distance": ("rule 4", good(z=[TOP + F(1, 1000)])),
    "output-at-the-distance-below": ("rule 4", good(z=[TOP - F(1, 1000)])),
    "output-at-the-distance-complex": ("rule 4", good(z=[(TOP + F(6, 10**4), 0, F(8, 10**4))])),
    "output-right-for-the-weak-digits": ("rule 4", good(WEAK, z=[WEAK.top(Q) + F(1, 10**4)])),
    "exponent-below-precision": ("rule 1", good(reads=[SQRT.read(Q + 1)])),
    "heights-fall-too-far": ("rule 1", good(_STEEP, q=3, reads=[_STEEP.read(1)])),
    # With h in place of h_q the balls of level 4 would be called disjoint.
    "disjoint-for-h-only": ("class", good(_NEAR, q=4)),
    "base-too-large": ("class", good(Class("sqrt-lasso", alpha=708, parameter=1))),
    "base-too-small": ("class", good(Class("sqrt-lasso", alpha=141, parameter=1))),
    "digits-too-many": ("class", changed(CENTROID, ["claim", "class", "digits"], "0x4")),
    "digits-too-few": ("class", changed(CENTROID, ["claim", "class", "digits"], "0x2")),
    "lasso-alpha-below-lambda": ("class", good(Class("lasso", alpha=350, parameter=351))),
    "lasso-weak-base-below-lambda": ("class", good(Class("lasso", alpha=5600, parameter=351, family="weak", K=4))),
    "sqrt-lasso-alpha-equals-lambda": ("class", good(Class("sqrt-lasso", alpha=700, parameter=700))),
    "bpdn-tolerance-one": ("class", good(Class("bpdn", alpha=350, parameter=1))),
    "weak-one-digit": ("class", good(Class("sqrt-lasso", alpha=F(48, 5), parameter=H, family="weak", K=1), z=[9])),
    "weak-called-strong": ("class", changed(good(WEAK), ["claim", "class", "family"], "strong")),
    "stream-out-of-order": ("access", good(reads=[SQRT.read(2), SQRT.read(1)], access="stream")),
    "stream-not-from-one": ("access", good(reads=[SQRT.read(2)], access="stream")),
    "stream-repeated": ("access", good(reads=[SQRT.read(1), SQRT.read(1)], access="stream")),
    "query-answers-differ": ("access", good(reads=[SQRT.read(4), SQRT.read(4, x=[SQRT.h])])),
    "query-answers-differ-in-c": (
        "access",
        good(reads=[SQRT.read(4), SQRT.read(4, c=ceil_root(SQRT.c0_squared, 30))]),
    ),
}

_CLASS = ["claim", "class"]

MALFORMED = {
    "no-reads": ("must hold at least one read", good(reads=[])),
    "evidence-empty": ("evidence lacks the key transcript", changed(CENTROID, ["evidence"], {})),
    "read-of-three": ("must be [k, n, c_n, x_n]", changed(CENTROID, ["evidence", "transcript", 0, 3], ...)),
    "sample-two": ("must be 1 to 1", good(reads=[SQRT.read(1, k=2)])),
    "sample-zero": ("must be 1 to 1", good(reads=[SQRT.read(1, k=0)])),
    "precision-zero": ("must be 1 to 1000000", good(reads=[SQRT.read(0)])),
    "precision-over-the-cap": (
        "must be 1 to 1000000",
        changed(CENTROID, ["evidence", "transcript", 0, 1], hex(10**6 + 1)),
    ),
    "exponent-zero": ("exponent must be 1 to 1000000", changed(CENTROID, ["claim", "exponent"], "0x0")),
    "exponent-negative": ("exponent must be 1 to 1000000", changed(CENTROID, ["claim", "exponent"], "-0xc")),
    "index-zero": ("index must be 1 to 2", good(i=0)),
    "index-beyond-the-ties": ("index must be 1 to 2", good(i=3)),
    "digits-zero": ("digits must be 1 to 100000", changed(CENTROID, [*_CLASS, "digits"], "0x0")),
    "digits-over-the-cap": ("digits must be 1 to 100000", changed(CENTROID, [*_CLASS, "digits"], hex(10**5 + 1))),
    "rows-zero": ("rows must be 1 to 2", changed(CENTROID, [*_CLASS, "rows"], "0x0")),
    "rows-equal-columns": ("rows must be 1 to 2", changed(CENTROID, [*_CLASS, "rows"], "0x3")),
    "columns-over-the-cap": ("columns must be 2 to 65536", changed(CENTROID, [*_CLASS, "columns"], "0x10001")),
    "alpha-zero": ("alpha must be positive", changed(CENTROID, [*_CLASS, "alpha"], ["0x0", "0x1"])),
    "family-unknown": ("family must be one of", changed(CENTROID, [*_CLASS, "family"], "tie")),
    "access-unknown": ("access must be one of", changed(CENTROID, ["claim", "access"], "batch")),
    "householder-zero": ("of gcd 1", changed(CENTROID, [*_CLASS, "householder"], ["0x0", "0x0"])),
    "householder-multiple": ("of gcd 1", changed(CENTROID, [*_CLASS, "householder"], ["0x2", "0x4"])),
    "householder-negative": ("first non-zero", changed(CENTROID, [*_CLASS, "householder"], ["-0x1", "0x1"])),
    "householder-of-other-size": ("must be 2 integers", changed(CENTROID, [*_CLASS, "householder"], ["0x1"])),
    "output-of-other-size": ("output must be 3 x 1", good(z=[0, 0, 0, 0])),
    "output-with-root": ("must be rational", good(z=[(0, 1)])),
    "x-with-root": ("must be rational", good(reads=[SQRT.read(4, x=[(0, 1)])])),
    "x-complex": ("must be real", good(reads=[SQRT.read(4, x=[(0, 0, 1)])])),
}
