"""Kind control: the instance a = (beta, beta/2, .., beta/2), whose only minimiser is h e_1."""

from tests.proofs_checks.builders import Class, F, ceil_root, changed, control

H = F(1, 2)
SQRT = Class("sqrt-lasso", alpha=700, parameter=1)
WEAK = Class("sqrt-lasso", alpha=11200, parameter=1, family="weak", K=4)
SQUARE = Class("sqrt-lasso", alpha=700, parameter=1, m=2, N=14)  # c = 1400
C4 = ceil_root(SQRT.control_squared, 4)


def good(cls=SQRT, *, reads=None, z=None, verdict="ok", **others):
    reads = [cls.control_read(1), cls.control_read(4)] if reads is None else reads
    return control(cls, reads, [cls.h] if z is None else z, verdict, **others)


def reading(**answer):
    return good(reads=[SQRT.control_read(4, **answer)])


OK = good()
# The output is at distance 10^-3 exactly, and any more would be inaccurate.
EDGE = good(reads=[SQRT.control_read(n) for n in (1, 2)], z=[SQRT.h + F(1, 1000)], access="stream")
_UNIT = F(1, 10**12)
EDGE_INACCURATE = good(
    reads=[SQRT.control_read(1)],
    z=[(1 + (SQRT.h + F(1, 1000)) // _UNIT) * _UNIT],
    verdict="inaccurate",
    access="stream",
)

ACCEPT = {
    "ok": OK,
    "ok-at-the-distance": EDGE,
    "ok-complex": good(z=[(SQRT.h, 0, F(1, 1001))]),
    "inaccurate": good(z=[0], verdict="inaccurate"),
    "inaccurate-by-one-unit": EDGE_INACCURATE,
    "inaccurate-other-entry": good(z=[SQRT.h, 0, F(1, 999)], verdict="inaccurate"),
    "lasso": good(Class("lasso", alpha=700, parameter=H)),
    "bpdn": good(Class("bpdn", alpha=350, parameter=H)),
    "weak": good(WEAK, z=[WEAK.h + F(1, 1000)]),
    "householder": good(Class("sqrt-lasso", alpha=700, parameter=1, m=3, N=7, householder=[2, 1, 0])),
    "c-rounded-down": reading(c=C4 - F(1, 16)),
    "c-rational-one-unit-below": good(SQUARE, reads=[SQUARE.control_read(4, c=1400 - F(1, 16))]),
    "c-rational-one-unit-above": good(SQUARE, reads=[SQUARE.control_read(4, c=1400 + F(1, 16))]),
    "stream": good(reads=[SQRT.control_read(n) for n in (1, 2, 3)], access="stream"),
}

REJECT = {
    "called-inaccurate": ("verdict", good(verdict="inaccurate")),
    "called-inaccurate-at-the-distance": ("verdict", good(z=[SQRT.h + F(1, 1000)], verdict="inaccurate")),
    "called-ok": ("verdict", good(z=[0])),
    "called-ok-by-one-unit": ("verdict", changed(EDGE_INACCURATE, ["claim", "verdict"], "ok")),
    "called-ok-complex": ("verdict", good(z=[(SQRT.h, 0, F(1, 999))])),
    "called-ok-at-second": ("verdict", good(z=[0, SQRT.h])),
    "c-too-small": ("transcript", reading(c=C4 - F(2, 16))),
    "c-too-large": ("transcript", reading(c=C4 + F(1, 16))),
    "c-rational-below": ("transcript", good(SQUARE, reads=[SQUARE.control_read(4, c=1399 + F(14, 16))])),
    "c-negative": ("transcript", reading(c=-C4)),
    "c-of-the-tie": ("transcript", reading(c=ceil_root(SQRT.c0_squared, 4))),
    "x-near": ("transcript", reading(x=[SQRT.h + F(1, 10**9)])),
    "x-centroid": ("transcript", reading(x=[SQRT.h / 2, SQRT.h / 2])),
    "base-too-large": ("class", good(Class("sqrt-lasso", alpha=708, parameter=1))),
    "base-too-small": ("class", good(Class("sqrt-lasso", alpha=141, parameter=1))),
    "sqrt-lasso-alpha-equals-lambda": ("class", good(Class("sqrt-lasso", alpha=700, parameter=700))),
    "stream-out-of-order": ("access", good(reads=[SQRT.control_read(2)], access="stream")),
}

MALFORMED = {
    "verdict-unknown": ("verdict must be one of", good(verdict="undecided")),
    "no-reads": ("must hold at least one read", good(reads=[])),
    "index-is-unknown": ("claim has the unknown key 'index'", changed(OK, ["claim", "index"], "0x1")),
    "output-null": ("output must be an object", changed(OK, ["claim", "output"], None)),
}
