"""Kind budget, on the weak family with h = 1.43e-3 at K = 4, T = 3; a level q perturbs by 2^-(q+4)."""

from tests.proofs_checks.builders import Class, F, budget, ceil_root, changed

H = F(1, 2)
WEAK = Class("sqrt-lasso", alpha=11200, parameter=1, family="weak", K=4)
LASSO = Class("lasso", alpha=11200, parameter=H, family="weak", K=4)
BPDN = Class("bpdn", alpha=5600, parameter=H, family="weak", K=4)
WIDE = Class("sqrt-lasso", alpha=11200, parameter=1, m=3, N=7, family="weak", K=4, householder=[1, 0, -2])
STRONG = Class("sqrt-lasso", alpha=700, parameter=1)
Q = 12


def good(cls=WEAK, *, reads=None, z=..., M=2, q=Q, **others):
    """Two reads of the common oracle within a budget of 2, and the centroid as the answer, unless told otherwise."""
    reads = [cls.read(1), cls.read(4)] if reads is None else reads
    z = [cls.h / cls.d] * cls.d if z is ... else z
    return budget(cls, reads, z, M=M, q=q, **others)


def over(cls=WEAK, *, reads=None, M=1, **others):
    """Two reads with a budget of 1."""
    return good(cls, reads=reads, z=None, M=M, **others)


ANSWERED, OVER, NOTHING = good(), over(), good(reads=[], M=0)
C4 = ceil_root(WEAK.c0_squared, 4)
TOP = WEAK.top(Q)
# One unit of alpha more, and the balls at level 1 would touch; the budget, c_n, q, lambda and z are as tight.
_EDGE = Class("sqrt-lasso", alpha=F(56566, 5), parameter=F(14141, 20), m=3, N=4, family="weak", K=4)
_UNIT = F(1, 10**12)
_OUTPUT = (1 + (_EDGE.top(1) + F(1, 1000)) // _UNIT) * _UNIT
EDGE = budget(_EDGE, [_EDGE.read(1)], [_OUTPUT], M=1, q=1, access="stream")
EDGE_OVER = budget(_EDGE, [_EDGE.read(1)], None, M=0, q=1, access="stream")

ACCEPT = {
    "answered": ANSWERED,
    "over": OVER,
    "nothing-read": NOTHING,
    "nothing-read-of-many": good(reads=[], M=10**6),
    "fewer-reads-than-the-budget": good(M=5),
    "first-read-over": over(reads=[WEAK.read(9)], M=0),
    "lasso": good(LASSO),
    "bpdn-over": over(BPDN),
    "wide-householder": good(WIDE, i=4),
    "wide-over": over(WIDE),
    "one-row": good(Class("sqrt-lasso", alpha=11200, parameter=1, m=1, N=2, family="weak", K=4)),
    "stream": good(reads=[WEAK.read(n) for n in (1, 2, 3)], M=3, access="stream"),
    "stream-over": over(reads=[WEAK.read(n) for n in (1, 2, 3)], M=2, access="stream"),
    "query-repeated-counts-twice": over(reads=[WEAK.read(4), WEAK.read(4)]),
    "two-digits": good(Class("sqrt-lasso", alpha=112, parameter=1, family="weak", K=2)),
    "output-zero": good(z=[0]),
    "output-complex": good(z=[(TOP, 0, F(1, 999))]),
    "at-the-edge": EDGE,
    "at-the-edge-over": EDGE_OVER,
}

REJECT = {
    "strong-family": ("class", good(STRONG)),
    "strong-family-over": ("class", over(STRONG)),
    "more-reads-than-the-budget": ("budget", good(M=1)),
    "one-read-with-a-budget-of-none": ("budget", good(reads=[WEAK.read(4)], M=0)),
    "over-with-reads-as-many-as-the-budget": ("budget", over(M=2)),
    "over-with-two-reads-too-many": ("budget", over(M=0)),
    "over-with-a-wrong-read": ("rule 2", over(reads=[WEAK.read(1), WEAK.read(4, c=C4 - F(1, 16))])),
    "over-last-read-finer-than-the-level": ("rule 1", over(reads=[WEAK.read(1), WEAK.read(Q + 1)])),
    "over-at-a-level-too-low": ("rule 1", over(q=3)),
    "output-right": ("rule 4", good(z=[TOP])),
    "output-right-without-reading": ("rule 4", good(reads=[], z=[TOP], M=0)),
    "output-right-for-the-second": ("rule 4", good(z=[0, TOP], i=2)),
    "output-at-the-distance": ("rule 4", good(z=[TOP + F(1, 1000)])),
    "c-one-unit-above": ("rule 2", good(reads=[WEAK.read(4, c=C4 + F(1, 16))])),
    "x-of-the-member": ("rule 2", good(reads=[WEAK.read(4, x=[TOP])])),
    "exponent-below-precision": ("rule 1", good(reads=[WEAK.read(Q + 1)])),
    "stream-not-from-one": ("access", good(reads=[WEAK.read(2)], access="stream")),
    "query-answers-differ": ("access", good(reads=[WEAK.read(4), WEAK.read(4, x=[WEAK.h])])),
    "digits-too-many": ("class", changed(ANSWERED, ["claim", "class", "digits"], "0x5")),
    "digits-too-many-without-reading": ("class", changed(NOTHING, ["claim", "class", "digits"], "0x5")),
}

MALFORMED = {
    "over-without-reads": ("must hold at least one read", over(reads=[], M=0)),
    "output-without-index": ("must both be null", changed(ANSWERED, ["claim", "index"], None)),
    "index-without-output": ("must both be null", changed(OVER, ["claim", "index"], "0x1")),
    "output-missing": ("claim lacks the key output", changed(ANSWERED, ["claim", "output"], ...)),
    "budget-missing": ("claim lacks the key budget", changed(ANSWERED, ["claim", "budget"], ...)),
    "budget-negative": ("budget must be 0 to 1000000", changed(NOTHING, ["claim", "budget"], "-0x1")),
    "budget-over-the-cap": ("budget must be 0 to 1000000", good(M=10**6 + 1)),
    "evidence-empty": ("evidence lacks the key transcript", changed(NOTHING, ["evidence"], {})),
    "transcript-null": ("transcript must be a list", changed(NOTHING, ["evidence", "transcript"], None)),
    "sample-two": ("must be 1 to 1", over(reads=[WEAK.read(1), WEAK.read(4, k=2)])),
    "precision-zero": ("must be 1 to 1000000", over(reads=[WEAK.read(0)], M=0)),
    "index-beyond-the-ties": ("index must be 1 to 2", good(i=3)),
    "exponent-zero": ("exponent must be 1 to 1000000", changed(NOTHING, ["claim", "exponent"], "0x0")),
    "output-of-other-size": ("output must be 3 x 1", good(z=[0, 0, 0, 0])),
    "output-with-root": ("must be rational", good(z=[(0, 1)])),
}
