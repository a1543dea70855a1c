"""Kind reads. The first class has h = 1/700 = 1.43e-3 at K = 3, and its weak family h = 2.29e-2."""

from math import isqrt

from tests.proofs_checks.builders import Class, F, ceil_root, changed
from tests.proofs_checks.reach_builders import approximation, reads, row, truth, weak

H, QUARTER = F(1, 2), F(1, 4)
SQRT = Class("sqrt-lasso", alpha=700, parameter=1)
LASSO = Class("lasso", alpha=700, parameter=H)
BPDN = Class("bpdn", alpha=350, parameter=H)
WIDE = Class("sqrt-lasso", alpha=700, parameter=1, m=3, N=7, householder=[1, 0, -2])
ROW = Class("sqrt-lasso", alpha=700, parameter=1, m=1, N=4, householder=[1])
ROUND = Class("sqrt-lasso", alpha=700, parameter=1, N=5)  # c_0 = 1400
NEAR = Class("sqrt-lasso", alpha=F(7071, 10), parameter=1)  # q_0 = 5
STEEP = Class("bpdn", alpha=F(23, 100), parameter=F(99, 100), K=2)
SAMPLE = [[990]]  # c_0 = 989.949..., so that the solution is about 1 on the strong family, and 16 on the weak one


def centroid(cls):
    return [cls.h / cls.d] * cls.d


def vertex(cls, i, q):
    return [cls.top(q) if j == i else 0 for j in range(1, cls.d + 1)]


def certificate(cls, made, first, digits, **others):
    if "samples" in others and "gain" not in others:
        others["gain"] = 1 / ceil_root(sum(x * x for x in row(cls)), 40)
    return reads(cls, made, first, digits, **others)


def strong(cls=SQRT, *, made=None, first=None, digits=None, **others):
    """One read of the tie at n = 1 and the centroid: K - 1 digits."""
    made = [truth(cls, 1)] if made is None else made
    return certificate(cls, made, first or centroid(cls), digits or cls.K - 1, **others)


def column(cls=SQRT, *, i=1, q=6, n=None, made=None, first=None, digits=None, **others):
    """A read of a weak member that leaves one column, and its vertex: K - 1 digits."""
    other = weak(cls)
    made = [truth(other, n or q + 6, i, q)] if made is None else made
    others.setdefault("member", ("weak", i, q))
    return certificate(cls, made, first or vertex(other, i, q), digits or cls.K - 1, **others)


def family(cls=SQRT, **others):
    """One read of a weak member at n = 1, and the centroid of the weak family: K - 2 digits."""
    other = weak(cls)
    if "samples" in others:
        others.setdefault("gain", 1 / ceil_root(other.c0_squared, 40))
    others.setdefault("member", ("weak", 1, 6))
    return certificate(cls, [truth(other, 1, 1, 6)], centroid(other), cls.K - 2, **others)


def nothing(cls=SQRT, first=None, digits=None, **others):
    """No read, and the zero network: K - 2 digits."""
    return certificate(cls, [], first or [0] * cls.d, digits or cls.K - 2, **others)


GOOD = strong()

# --- comparisons that hold by nothing, or by one unit ---------------------------------------------------------------


def down(x, unit):
    """x rounded down to a multiple of a unit."""
    return F(x) // unit * unit


def pinned(cls, a, c, *, corners):
    """Reads that leave one value for each a_i: each is off by exactly 2^-n in one entry, and c by as much as it may.

    With corners, which are beside c, further reads are off there, by as much, and not in c.
    """
    places = [((0, j), side) for j in range(cls.d) for side in (1, -1)]
    places += [((0, cls.N - 1), 1), ((cls.m - 1, 0), -1)] if corners else []
    made = []
    for n, ((i, j), side) in enumerate(places, start=1):
        inner = i == 0 and j < cls.d
        entry = (a[j] if inner else 0) + side * F(1, 2**n)
        made.append((n, approximation(cls, a, c + F(1, 2**n) if inner else c, {(i, j): entry})))
    return made


def edge_of_the_tie(cls, digits, *, shares=(3, 4, 5), **others):
    """Only the tie is left, d = 4 and c = 2 beta; z and the gain are off by these shares (a/c, b/c) of 10^-D."""
    unit, c, step = F(1, 10**digits), 2 * cls.beta, F(1, 10**5)
    g = 1 / c + step
    taken = {"lasso": -cls.parameter * g / 2, "bpdn": cls.parameter, "sqrt-lasso": 0}[cls.name]
    y = F(shares[1], shares[2]) * unit / step + taken
    first = [x + F(shares[0], shares[2]) * unit / 2 for x in centroid(cls)]
    made = pinned(cls, row(cls), c, corners=True)
    return reads(cls, made, first, digits, samples=[[-y]], gain=g, **others)


# lambda is as large as it may be, and with alpha = 565.69 the heights of the weak family are too small
EDGE_LASSO = edge_of_the_tie(Class("lasso", alpha=F(56568, 100), parameter=F(56568, 1600), N=5, householder=[1, -2]), 2)
# with alpha = 226.27 they are too large; lambda allows one non-zero entry in the sample, and one unit more does not
EDGE_SQRT = edge_of_the_tie(Class("sqrt-lasso", alpha=F(22628, 100), parameter=F(1264, 100), N=5), 2, access="stream")
# with alpha = 353.56 the heights of the strong family are too small; each part alone may be off by 10^-D
EDGE_BPDN = edge_of_the_tie(Class("bpdn", alpha=F(35355, 100), parameter=H, N=5), 2, shares=(1, 1, 1))
# lambda < beta by less than its unit, and one member is left; c is irrational, c_n below c + 2^-n by less than 2^-12
_TIGHT = Class("sqrt-lasso", alpha=F(22628, 100), parameter=F(1414, 100))
_A = row(weak(_TIGHT), 1, 6)
_C = F(isqrt(sum(x * x for x in _A) * 4**12 // 1), 2**12)
_PLACE = down(1 / _A[0] + F(1, 100), F(1, 10**9))
EDGE_MEMBER = reads(
    _TIGHT, pinned(_TIGHT, _A, _C, corners=False), [_PLACE, 0], 2, member=("weak", 1, 6)
)  # fmt: skip
# without a read: the vertex of the weak family on the other side is exactly 10^-1 away
EDGE_NOTHING = reads(BPDN, [], [weak(BPDN).h - F(1, 10), 0], 1)

# c = 2^-1 for the tie: at n = 1 the c of A_n may be 0, and bpdn infeasible for all y within 1/2 of 5 e_2. Here it is
# one unit
SHALLOW = Class("bpdn", alpha=QUARTER, parameter=F(1999, 2000), N=5)
# c < 2^-4 for the weak family
FLAT = Class("bpdn", alpha=H, parameter=F(999, 1000))


def shallow(c):
    """A read of n = 1 with this c, and one of n = 12 that tells what is needed."""
    made = [(1, approximation(SHALLOW, row(SHALLOW), c)), truth(SHALLOW, 12)]
    return reads(SHALLOW, made, centroid(SHALLOW), 2, samples=[[5]], gain=2)


def flat(n, rows, *, sample=5):
    """A read of n of weak member (1, 6), and one of n = 12; the first is what it is."""
    other = weak(FLAT)
    made, gain = [(n, rows), truth(other, 12, 1, 6)], 1 / ceil_root(sum(x * x for x in row(other, 1, 6)), 40)
    return reads(FLAT, made, vertex(other, 1, 6), 2, samples=[[sample]], gain=gain, member=("weak", 1, 6))


EDGE_RANK = shallow(QUARTER)

C_FINE = ceil_root(sum(x * x for x in row(weak(SQRT), 1, 3)), 30)
C4 = ceil_root(SQRT.c0_squared, 4)
SIXTEENTH, MORE = F(1, 16), F(1, 16) + F(1, 2**30)


def off_the_tie(*entries, cls=SQRT):
    """A read of n = 4 of the tie with some entries replaced."""
    return [(4, approximation(cls, row(cls), ceil_root(cls.c0_squared, 4), dict(entries)))]


ACCEPT = {
    "strong-tie": GOOD,
    "strong-member": strong(made=[truth(SQRT, 1, 2, 7)], member=("strong", 2, 7)),
    "strong-member-for-the-tie": strong(made=[truth(SQRT, 1, 2, 7)]),
    "strong-norm-at-the-bound": strong(made=off_the_tie(((0, 0), 700 + SIXTEENTH), ((1, 2), 990))),
    "strong-row-at-the-bound": strong(ROUND, made=off_the_tie(((0, 0), 700 + F(3, 80)), ((0, 4), F(4, 80)), cls=ROUND)),
    "strong-more-reads": strong(made=[truth(SQRT, n) for n in (3, 1, 40, 3)]),
    "strong-stream": strong(made=[truth(SQRT, n) for n in (1, 2, 3)], access="stream"),
    "strong-lasso": strong(LASSO),
    "strong-bpdn": strong(BPDN),
    "strong-disguised": strong(WIDE),
    "strong-one-row": strong(ROW),
    "strong-other-point-of-the-simplex": strong(made=[truth(SQRT, 10)], first=[SQRT.h * F(2, 3), SQRT.h / 3]),
    "strong-tie-alone": strong(
        digits=8,
        made=[(n, approximation(SQRT, [700 - (n == 2) * QUARTER, 700 - (n == 3) / F(8)], C4)) for n in (2, 3)],
    ),
    "strong-samples": strong(samples=SAMPLE),
    "strong-samples-lasso": strong(LASSO, samples=[[-990], [1]]),
    "strong-samples-bpdn": strong(BPDN, samples=[[495]]),
    "strong-samples-disguised": strong(WIDE, samples=[[0, F(-7, 3)], [1500, 1600]]),
    "column": column(),
    "column-second": column(LASSO, i=2, q=9),
    "column-disguised": column(WIDE, i=4),
    "column-more-digits": column(q=3, n=40, digits=13),
    "column-samples": column(samples=SAMPLE, gain=1 / ceil_root(sum(x * x for x in row(weak(SQRT), 1, 6)), 40)),
    "family": family(),
    "family-samples": family(samples=SAMPLE),
    "family-samples-lasso": family(LASSO, samples=SAMPLE),
    "family-samples-bpdn": family(BPDN, samples=[[495]]),
    "nothing-read": nothing(),
    "nothing-read-one-row": nothing(ROW),
    "edge-lasso": EDGE_LASSO,
    "edge-sqrt-lasso": EDGE_SQRT,
    "edge-bpdn": EDGE_BPDN,
    "edge-member": EDGE_MEMBER,
    "edge-nothing": EDGE_NOTHING,
    "rank-by-one-unit": EDGE_RANK,
    "rank-by-a-little": shallow(F(1, 2**60)),
    "rank-with-c-negative": flat(4, approximation(FLAT, row(weak(FLAT), 1, 6), -F(1, 100))),
    "rank-of-a-turned-row": flat(1, [[0, 0, QUARTER], [QUARTER, 0, 0]]),
}


REJECT = {
    # a family, a column or a level that the reads leave is not served
    "both-families-left": ("error", nothing(digits=2)),
    "column-not-known": ("error", column(n=9)),
    "column-wrong": ("error", column(first=vertex(weak(SQRT), 2, 6))),
    "column-level-not-known": ("error", column(made=[truth(weak(SQRT), 8, 1, 3, c=C_FINE)], q=3, digits=13)),
    "other-vertex-of-the-weak-family": (
        "error",
        strong(made=[truth(weak(SQRT), 1, 1, 6)], first=[F(1, 10), 0], digits=1, member=("weak", 1, 6)),
    ),
    "strong-one-digit-more": ("error", strong(digits=3)),
    "strong-network-off": ("error", strong(first=[SQRT.h / 2, -F(99, 10**4)])),
    "strong-gain-of-the-weak-family": ("error", strong(samples=SAMPLE, gain=F(16, 990))),
    "strong-gain-off": ("error", strong(samples=SAMPLE, gain=F(1, 1000))),
    "strong-gain-off-bpdn": ("error", strong(BPDN, samples=[[495]], gain=F(1, 505))),
    "strong-second-sample-large": ("error", strong(samples=[*SAMPLE, [10**6]])),
    "samples-without-a-read": ("error", nothing(samples=SAMPLE, gain=F(1, 990))),
    "edge-by-one-unit": ("error", reads(BPDN, [], [weak(BPDN).h - F(1, 10) - F(1, 10**30), 0], 1)),
    "parts-add-up": (
        "error",
        edge_of_the_tie(Class("sqrt-lasso", alpha=300, parameter=1, N=5), 2, shares=(600, 801, 1000)),
    ),
    # the member does not have these data
    "far-from-all": ("member", strong(made=[(1, approximation(SQRT, [300, 300], 1000))])),
    "entry-raised-too-far": ("member", strong(made=off_the_tie(((0, 0), 700 + MORE)))),
    "entry-lowered-too-far": ("member", strong(made=off_the_tie(((0, 1), 700 - MORE)))),
    "norm-too-large": ("member", strong(made=off_the_tie(((1, 2), 991)))),
    "norm-too-small": ("member", strong(made=off_the_tie(((1, 2), F(98988, 100))))),
    "zero-too-far": ("member", strong(made=off_the_tie(((0, 2), MORE)))),
    "zero-below-too-far": ("member", strong(made=off_the_tie(((1, 0), -MORE)))),
    "row-too-far": (
        "member",
        strong(ROUND, made=off_the_tie(((0, 0), 700 + F(3, 80)), ((0, 4), F(4, 80) + F(1, 2**30)), cls=ROUND)),
    ),
    "level-of-another": ("member", strong(made=[truth(SQRT, 9, 2, 7)], member=("strong", 2, 6))),
    "index-of-another": ("member", strong(made=[truth(SQRT, 9, 2, 7)], member=("strong", 1, 7))),
    "second-read-of-another": ("member", strong(made=[truth(SQRT, 1), truth(weak(SQRT), 2, 1, 6)])),
    "empty-matrix": ("member", strong(made=[(1, [[0] * 3] * 2)])),
    "disguise-forgotten": (
        "member", strong(WIDE, made=[truth(Class("sqrt-lasso", alpha=700, parameter=1, m=3, N=7), 1)]),
    ),
    # 2 h_q^2 is large enough, but h - h_q is larger than 10^-2
    "member-with-a-large-drop": ("rule 1", strong(STEEP, made=[truth(STEEP, 1, 1, 2)], member=("strong", 1, 2))),
    "member-below-q0": ("class", strong(NEAR, made=[truth(NEAR, 1, 1, 2)], member=("strong", 1, 2))),
    # the member has them, and bpdn may have no point that fits
    "rank-zero-c": ("feasible", shallow(0)),
    "rank-zero-matrix": ("feasible", flat(1, [[0] * 3] * 2)),
    "rank-of-equal-rows": ("feasible", flat(1, [[QUARTER, 0, 0]] * 2)),
    # here x = 0 fits; the rule does not look for that
    "rank-zero-matrix-with-a-small-sample": ("feasible", flat(1, [[0] * 3] * 2, sample=1)),
    # the class
    "heights-of-the-weak-family": ("class", strong(Class("sqrt-lasso", alpha=226, parameter=1))),
    "heights-of-the-strong-family": ("class", strong(Class("sqrt-lasso", alpha=708, parameter=1))),
    "parameter-of-the-weak-family": ("class", strong(Class("sqrt-lasso", alpha=700, parameter=44))),
    "too-many-entries": (
        "samples", family(Class("sqrt-lasso", alpha=640, parameter=F(39), m=4, N=5), samples=[[1, 1, 1]]),
    ),
    "samples-equal": ("samples", strong(samples=[*SAMPLE, *SAMPLE])),
    "two-entries-bpdn": ("samples", strong(Class("bpdn", alpha=350, parameter=H, m=3, N=5), samples=[[1, 1]])),
    "stream-out-of-order": ("access", strong(made=[truth(SQRT, 2), truth(SQRT, 1)], access="stream")),
    "answers-differ": ("access", strong(made=[truth(SQRT, 3), truth(SQRT, 3, 1, 9)])),
}  # fmt: skip

_CLASS = ["claim", "class"]

MALFORMED = {
    "weak-family": ("must name the strong family", changed(GOOD, [*_CLASS, "family"], "weak")),
    "columns-over-the-cap": ("at most 4096 columns", changed(GOOD, [*_CLASS, "columns"], hex(4097))),
    "digits-zero": ("digits must be 1 to 100000", changed(GOOD, ["claim", "digits"], "0x0")),
    "first-too-long": ("claim.first must be 2 x 1", strong(first=[0, 0, 0])),
    "first-complex": ("must be real", strong(first=[(0, 0, 1), 0])),
    "first-with-root": ("must be rational", strong(first=[(0, 1), 0])),
    "gain-without-samples": ("gain must be null", strong(gain=F(1, 990))),
    "samples-without-gain": ("gain must be null", strong(samples=SAMPLE, gain=None)),
    "gain-negative": ("must be positive", strong(samples=SAMPLE, gain=-F(1, 990))),
    "sample-zero": ("is zero", strong(samples=[*SAMPLE, [0]])),
    "sample-too-long": ("must be 1 x 1", strong(samples=[[1, 1]])),
    "sample-of-one-row": ("no samples beside e_1", strong(ROW, samples=SAMPLE)),
    "read-of-three": ("must be [n, A_n]", changed(GOOD, ["claim", "reads", 0], ["0x1", "0x1", "0x1"])),
    "precision-zero": ("must be 1 to 1000000", changed(GOOD, ["claim", "reads", 0, 0], "0x0")),
    "matrix-of-other-size": ("must be 2 x 3", strong(made=[(1, [[700, 700]])])),
    "matrix-complex": ("must be real", strong(made=[(1, [[700, 700, 0], [0, (0, 0, 1), 990]])])),
    "evidence-empty": ("evidence lacks the key member", changed(GOOD, ["evidence"], {})),
    "tie-of-the-weak-family": ("the weak family has no tie", strong(member=("weak", 0, 0))),
    "tie-with-exponent": ("exponent must be 0 to 0", strong(member=("strong", 0, 1))),
    "member-without-exponent": ("exponent must be 1 to 1000000", strong(member=("strong", 1, 0))),
    "index-beyond-the-ties": ("index must be 0 to 2", strong(member=("strong", 3, 6))),
    "access-unknown": ("access must be one of", changed(GOOD, ["claim", "access"], "batch")),
}
