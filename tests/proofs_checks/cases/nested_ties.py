"""Kind nested-ties. h = 1/250 = 4e-3 at K = 3, more than 2.45e-3 for three columns and 3.46e-3 for four."""

from math import isqrt

from tests.proofs_checks.builders import Chain, Class, F, changed, nested

H, QUARTER, UNIT = F(1, 2), F(1, 4), F(1, 1000)
SQRT = Class("sqrt-lasso", alpha=250, parameter=1, m=2, N=4)
LASSO = Class("lasso", alpha=250, parameter=H, m=2, N=4)
BPDN = Class("bpdn", alpha=125, parameter=H, m=2, N=4)
WIDE = Class("sqrt-lasso", alpha=250, parameter=1, m=3, N=8, householder=[1, 0, -2])
ONE_ROW = Class("sqrt-lasso", alpha=250, parameter=1, m=1, N=4)
TWO = Class("sqrt-lasso", alpha=700, parameter=1, m=2, N=3)
SEVEN = Class("lasso", alpha=F(1, 4) + F(4000, 27), parameter=H, m=1, N=7)


def chain(cls=SQRT, removed=(2, 1), exponents=(3, 6), ties=3):
    return Chain(cls, ties, removed, exponents)


def guess(given=None, outcomes=None, bound=None, **others):
    """Guess a vertex without reading, each with the same probability; what is right is counted by hand here."""
    given = given or chain()
    left = given.ties - len(given.removed)
    vertices = [(1, [], given.point({i: 1}, given.cls.h)) for i in range(1, given.ties + 1)]
    return nested(
        given, [], outcomes or vertices, F(left, given.ties) if bound is None else bound, den=given.ties, **others
    )


def waits(given=None, *, reads=None, outcomes=None, bound=H, den=4, **others):
    """A wrong guess, a right one after all has been told, a wrong one on the way, and nothing known of the rest."""
    given = given or chain()
    reads = [given.read(n) for n in (2, 5, 9)] if reads is None else reads
    listed = [(1, [], given.point({2: 1})), (1, [2, 5, 9], given.point({3: 1})), (1, [2, 5], given.point({1: 1}))]
    return nested(given, reads, listed if outcomes is None else outcomes, bound, den=den, **others)


def within(*, outcomes=None, bound=QUARTER, den=4, M=2, **others):
    """As before, but runs that make a third read are stopped there."""
    given = chain()
    listed = [(2, [2, 5, 9], None), (1, [2], given.point({3: 1})), (1, [], [0])]
    return waits(outcomes=listed if outcomes is None else outcomes, bound=bound, den=den, M=M, **others)


def one(z, right, given=None):
    """One outcome of probability 1/2, and 1/2 of which nothing is known or, if z is right, a wrong one as well."""
    outcomes = [(1, [], z), (1, [], [0])]
    return waits(given, reads=[], outcomes=outcomes, bound=H if right else F(0), den=2)


CHAIN, TIED, PAIR = chain(), chain(removed=(), exponents=()), chain(removed=(2,), exponents=(3,))
GUESS, WAITS, WITHIN = guess(), waits(), within()
TOP, PAIRED = CHAIN.height(), PAIR.height()

# One unit of alpha more, and 1/h_- = alpha + 1/32 would be more than 1000/6^(1/2) = 408.24829. With c_n one unit
# further from c than here it would be no datum. The first answer is right by nothing, the second wrong by one unit.
_FINE = 10**6
_ALPHA = F(4082170, 10**4)
_STRONG = Class("sqrt-lasso", alpha=_ALPHA, parameter=_ALPHA - F(1, 10**4), m=3, N=6, householder=[1, 0, -2])
_EDGE = Chain(_STRONG, 3, [2, 1], [4, 5])


def _far(n, sign):
    """c_n as far from c as may be, in units of 10^-6."""
    c = F(isqrt(int(_EDGE.c_squared * _FINE**2)), _FINE)
    end = c + sign * F(1, 2**n)
    return F(end.numerator * _FINE // end.denominator + (sign < 0) * 2, _FINE)


_LOW, _PLACE = _EDGE.height(), F(1, 10**12)
_FLOOR = (_LOW + UNIT) // _PLACE * _PLACE
EDGE = nested(
    _EDGE,
    [
        _EDGE.read(1, c=_far(1, 1)), _EDGE.read(2, c=_far(2, -1)), *(_EDGE.read(n) for n in (3, 4, 5)),
        _EDGE.read(6, c=_far(6, 1)),
    ],
    [(1, [1, 2, 3, 4, 5, 6], [0, 0, _FLOOR]), (1, [1], [0, 0, _FLOOR + _PLACE])],
    F(2, 3), den=3, access="stream",
)  # fmt: skip
EDGE_BUDGET = nested(
    PAIR, [PAIR.read(n) for n in (1, 2)],
    [(2, [1], [PAIRED / 2, 0, PAIRED / 2, UNIT]), (2, [], [0]), (3, [1, 2], None)],
    F(3, 8), den=8, M=1, access="stream",
)  # fmt: skip

ACCEPT = {
    "guess": GUESS,
    "guess-on-the-tie": guess(TIED, outcomes=[(1, [], TIED.point({1: 1})), (2, [], [0])], bound=F(1, 3)),
    "guess-of-two": guess(PAIR),
    "guess-lasso": guess(chain(LASSO)),
    "guess-bpdn": guess(chain(BPDN)),
    "guess-one-row": guess(chain(ONE_ROW, removed=(4, 3, 1), exponents=(1, 2, 3), ties=4)),
    "guess-two-columns": guess(chain(TWO, removed=(1,), exponents=(5,), ties=2)),
    "guess-seven-columns": guess(chain(SEVEN, removed=(7, 6, 5), exponents=(8, 9, 10), ties=7)),
    "columns-that-do-not-compete": guess(chain(WIDE, removed=(1, 4), exponents=(2, 3), ties=4)),
    "reads-on-the-way": WAITS,
    "reads-of-a-stream": waits(
        reads=[CHAIN.read(n) for n in (1, 2, 3, 4)],
        outcomes=[(1, [1, 2, 3, 4], [0]), (1, [1], [1]), (1, [], CHAIN.point({3: 1}))],
        access="stream",
    ),
    "reads-wide": waits(chain(WIDE, removed=(2, 1, 4), exponents=(3, 6, 7), ties=4)),
    "read-at-the-exponent": waits(reads=[CHAIN.read(3), CHAIN.read(6)], outcomes=[(1, [3, 6], [0])], bound=F(0), den=1),
    "read-beyond-the-exponents": waits(
        reads=[CHAIN.read(4), CHAIN.read(7)], outcomes=[(1, [7, 4], [0])], bound=F(0), den=1
    ),
    "c-rounded-down": waits(reads=[CHAIN.read(2, c=F(433)), CHAIN.read(5), CHAIN.read(9)]),
    "x-at-a-vertex": waits(reads=[CHAIN.read(2, x=CHAIN.point({2: 1}, CHAIN.height(0))), CHAIN.read(5), CHAIN.read(9)]),
    "one-that-is-right": one(CHAIN.point({3: 1}), True),
    "one-at-the-distance": one([0, 0, TOP + UNIT], True),
    "one-just-beyond": one([0, 0, TOP + F(1, 999)], False),
    "one-at-the-distance-off-the-columns": one([0, 0, TOP, UNIT], True),
    "one-just-beyond-off-the-columns": one([0, 0, TOP, F(1, 999)], False),
    "one-at-the-distance-complex": one([0, 0, (TOP, 0, UNIT)], True),
    "one-just-beyond-complex": one([0, 0, (TOP, 0, F(1, 999))], False),
    "one-that-is-inside": one(PAIR.point({1: F(1, 3), 3: F(2, 3)}), True, PAIR),
    "one-near-the-inside": one(
        [v + F(7, 10**4) for v in PAIR.point({1: F(1, 3), 3: F(2, 3)})[:1]] + [0, PAIRED * F(2, 3) + F(7, 10**4)],
        True,
        PAIR,
    ),
    "one-far-from-the-inside": one([PAIRED / 3 + F(8, 10**4), 0, PAIRED * F(2, 3) + F(8, 10**4)], False, PAIR),
    "one-beyond-the-end": one([-F(6, 10**4), F(3, 10**4), PAIRED + F(6, 10**4)], True, PAIR),
    "one-farther-beyond-the-end": one([-UNIT, F(3, 10**4), PAIRED], False, PAIR),
    "one-between-all": one([TIED.height() / 3] * 3, True, TIED),
    "within-a-budget": WITHIN,
    "within-no-data": waits(reads=[CHAIN.read(2)], outcomes=[(1, [2], None), (1, [], [0])], bound=F(0), den=2, M=0),
    "at-the-edge": EDGE,
    "at-the-edge-of-the-budget": EDGE_BUDGET,
}

REJECT = {
    "bound-too-small": ("bound", waits(bound=F(49, 100))),
    "bound-too-large": ("bound", waits(bound=F(51, 100))),
    "bound-without-the-unknown": ("bound", waits(bound=QUARTER)),
    "bound-of-the-tie": ("bound", guess(bound=F(2, 3))),
    "bound-over-budget-as-success": ("bound", within(bound=F(3, 4))),
    "column-twice": ("chain", guess(chain(removed=(2, 2)))),
    "exponents-equal": ("chain", guess(chain(exponents=(4, 4)))),
    "exponents-fall": ("chain", changed(GUESS, ["claim", "exponents"], ["0x6", "0x3"])),
    "four-columns-with-the-height-of-three": (
        "class",
        guess(chain(Class("sqrt-lasso", alpha=300, parameter=1, m=2, N=5), ties=4, removed=(1,), exponents=(4,))),
    ),
    "eight-columns": ("class", guess(chain(Class("sqrt-lasso", alpha=142, parameter=1, m=1, N=8), ties=8))),
    "first-exponent-too-small": (
        "class",
        guess(chain(Class("sqrt-lasso", alpha=F(40820, 100), parameter=1, m=2, N=4), exponents=(1, 6))),
    ),
    "heights-differ-by-too-much": (
        "class",
        guess(chain(Class("bpdn", alpha=F(1, 12), parameter=F(23, 24), K=1, m=2, N=4), exponents=(1, 6))),
    ),
    "parameter-too-large": ("class", guess(chain(Class("sqrt-lasso", alpha=250, parameter=250, m=2, N=4)))),
    "base-too-small": ("class", guess(chain(Class("sqrt-lasso", alpha=141, parameter=1, m=2, N=4)))),
    "base-too-large": ("class", guess(chain(Class("sqrt-lasso", alpha=409, parameter=1, m=2, N=4)))),
    "answer-not-read": ("transcript", waits(outcomes=[(1, [2], [0])], bound=F(3, 4))),
    "answer-twice": ("transcript", waits(reads=[CHAIN.read(n) for n in (2, 5, 5, 9)])),
    "answers-not-in-order": ("transcript", waits(reads=[CHAIN.read(n) for n in (5, 2, 9)])),
    "answer-missing": ("transcript", waits(reads=[CHAIN.read(2), CHAIN.read(5)])),
    "outcome-twice": ("outcomes", waits(outcomes=[(1, [2, 5, 9], [0])] * 2, bound=H)),
    "stream-not-in-order": ("access", waits(access="stream")),
    "over-without-budget": ("budget", waits(outcomes=[(1, [2, 5, 9], None)], bound=F(3, 4))),
    "over-within-the-budget": ("budget", within(M=3)),
    "answer-beyond-the-budget": ("budget", within(outcomes=[(1, [2, 5, 9], [0])], bound=F(3, 4), M=2)),
    "probability-above-one": ("weights", waits(den=2, bound=F(0), outcomes=[(3, [2, 5, 9], [0])])),
    "c-too-small": ("data", waits(reads=[CHAIN.read(2), CHAIN.read(5), CHAIN.read(9, c=F(433))])),
    "c-too-large": ("data", waits(reads=[CHAIN.read(2, c=F(435)), CHAIN.read(5), CHAIN.read(9)])),
    "c-negative": ("data", waits(reads=[CHAIN.read(2, c=F(-433)), CHAIN.read(5), CHAIN.read(9)])),
    "c-of-the-columns-that-compete": (
        "data",
        waits(
            chain(WIDE, removed=(2, 1, 4), exponents=(3, 6, 7), ties=4),
            reads=[Chain(WIDE, 4).read(2, c=F(500)), *[chain(WIDE, (2, 1, 4), (3, 6, 7), 4).read(n) for n in (5, 9)]],
        ),
    ),
    "x-of-the-tie-too-late": (
        "data",
        waits(reads=[CHAIN.read(2), CHAIN.read(5, x=CHAIN.point({1: 1}, CHAIN.height(0))), CHAIN.read(9)]),
    ),
    "x-of-the-input-too-early": (
        "data",
        waits(reads=[CHAIN.read(2, x=CHAIN.point({3: 1})), CHAIN.read(5), CHAIN.read(9)]),
    ),
    "x-in-a-column-that-fell-behind": (
        "data",
        waits(reads=[CHAIN.read(2), CHAIN.read(5, x=CHAIN.point({2: 1}, CHAIN.height(1))), CHAIN.read(9)]),
    ),
    "x-negative": (
        "data",
        waits(reads=[CHAIN.read(2, x=CHAIN.point({1: 2, 2: -1}, CHAIN.height(0))), CHAIN.read(5), CHAIN.read(9)]),
    ),
    "x-in-another-block": (
        "data",
        waits(reads=[CHAIN.read(2, x=[0, 0, 0, CHAIN.height(0)]), CHAIN.read(5), CHAIN.read(9)]),
    ),
}

MALFORMED = {
    "bound-one": ("bound must be at least 0 and less than 1", waits(bound=F(1))),
    "bound-negative": ("bound must be at least 0 and less than 1", waits(bound=F(-1, 4))),
    "weak-family": ("must name the strong family", changed(GUESS, ["claim", "class", "family"], "weak")),
    "more-ties-than-columns": ("ties must be 2 to 3", changed(GUESS, ["claim", "ties"], "0x4")),
    "one-column": ("ties must be 2 to 3", changed(GUESS, ["claim", "ties"], "0x1")),
    "column-zero": ("removed must be 1 to 3", changed(GUESS, ["claim", "removed"], ["0x0", "0x1"])),
    "column-that-does-not-compete": ("removed must be 1 to 3", changed(GUESS, ["claim", "removed"], ["0x4", "0x1"])),
    "exponent-zero": ("exponents must be 1 to", changed(GUESS, ["claim", "exponents"], ["0x0", "0x1"])),
    "exponent-missing": ("must be of one length", changed(GUESS, ["claim", "exponents"], ["0x3"])),
    "all-columns-removed": (
        "less than claim.ties",
        changed(
            changed(GUESS, ["claim", "exponents"], ["0x3", "0x4", "0x5"]), ["claim", "removed"], ["0x1", "0x2", "0x3"]
        ),
    ),
    "removed-missing": ("lacks the key removed", changed(GUESS, ["claim", "removed"], ...)),
    "index-besides": ("unknown key 'index'", changed(GUESS, ["claim", "index"], "0x1")),
    "budget-negative": ("budget must be 0 to 1000000", within(M=-1)),
    "no-outcomes": ("must hold at least one outcome", waits(reads=[], outcomes=[], bound=F(0))),
    "weights-not-in-lowest-terms": ("not in lowest terms", waits(reads=[], outcomes=[(2, [], [0])])),
    "output-of-other-size": ("output must be 4 x 1", waits(outcomes=[(1, [2, 5, 9], [0, 0, 0, 0, 0])])),
    "denominator-zero": ("denominator must be at least 1", waits(den=0)),
    "transcript-missing": ("lacks the key transcript", changed(WAITS, ["evidence", "transcript"], ...)),
}
