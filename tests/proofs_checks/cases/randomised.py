"""Kind randomised. h = 1.43e-3 at T = 3; a vertex h e_i succeeds on member i, and on no other."""

from tests.proofs_checks.builders import Class, F, ceil_root, changed, enumerated, sampled
from tests.proofs_checks.cases import barrier
from tests.proofs_checks.cases.barrier import SQRT, WIDE, Q
from tests.proofs_checks.cases.budget import WEAK

H, THIRD, QUARTER, THREE_QUARTERS, FIVE_EIGHTHS = F(1, 2), F(1, 3), F(1, 4), F(3, 4), F(5, 8)
LASSO = Class("lasso", alpha=700, parameter=H)
BPDN = Class("bpdn", alpha=350, parameter=H)


def vertex(cls, i):
    return [cls.h * (j == i) for j in range(1, cls.d + 1)]


def guess(cls=SQRT, **others):
    """Guess a vertex without reading, each with the same probability."""
    return enumerated(
        cls, [], [(1, [], vertex(cls, i + 1)) for i in range(cls.d)], F(1, cls.d), q=Q, den=cls.d, **others
    )


def coin(cls=SQRT, *, reads=None, outcomes=None, bound=QUARTER, q=Q, den=4, **others):
    """A guess, two wrong answers after other reads, and nothing known of the last quarter, unless told otherwise."""
    reads = [cls.read(1), cls.read(4)] if reads is None else reads
    first, second = (1, [4], vertex(cls, 2)), (1, [1, 4], [0])
    outcomes = [first, second, (1, [], [0, 0, 1])] if outcomes is None else outcomes
    return enumerated(cls, reads, outcomes, bound, q=q, den=den, **others)


def within(cls=WEAK, *, outcomes=None, bound=THIRD, den=3, M=1, **others):
    """A right guess after one read, a wrong one without reading, and a run that was stopped at the second read."""
    given = [(1, [4], vertex(cls, 1)), (1, [], vertex(cls, 2)), (1, [4, 1], None)]
    return coin(cls, outcomes=given if outcomes is None else outcomes, bound=bound, den=den, M=M, **others)


def evidence(
    cls=SQRT, *, reads=None, outcomes=None, bound=THREE_QUARTERS, level=FIVE_EIGHTHS, unhalted=(7,), q=Q, **others
):
    """Four runs, one right on member 1 and one without an answer: P(X <= 2) = 67/256 with bound 3/4."""
    reads = [cls.read(4)] if reads is None else reads
    given = [([1], [4], vertex(cls, 1)), ([2, 2**64 - 1], [], vertex(cls, 2))]
    given = given if outcomes is None else outcomes
    return sampled(cls, reads, given, bound, level, unhalted=unhalted, q=q, **others)


GUESS, COIN, WITHIN, EVIDENCE = guess(), coin(), within(), evidence()
STREAM = coin(reads=[SQRT.read(1), SQRT.read(2)], outcomes=[(1, [1, 2], [0]), (1, [1], [1])], bound=H, access="stream")
C4 = ceil_root(SQRT.c0_squared, 4)
TOP = SQRT.top(Q)
# d = 2, d P(X <= 1) = 2 (p^0 q^2 + 2 p q) = 2 (1 - p^2) = 7/8 for p = 3/4: equal to the level.
TIGHT = evidence(outcomes=[([5], [4], vertex(SQRT, 1)), ([0], [], [0])], unhalted=(), level=F(7, 8))

# The first answer is right by nothing and the second wrong by one unit of its last place; as many are right as may be.
_STRONG, _UNIT = barrier._EDGE, F(1, 10**12)
_FLOOR = (_STRONG.top(4) + F(1, 1000)) // _UNIT * _UNIT
EDGE = enumerated(
    _STRONG, [_STRONG.read(n) for n in range(1, 5)],
    [(1, [1, 2, 3, 4], [_FLOOR]), (1, [1], [_FLOOR + _UNIT])], F(2, 3), q=4, den=3, access="stream",
)  # fmt: skip
_TWO = Class("sqrt-lasso", alpha=F(56567, 5), parameter=F(14141, 20), m=3, N=4, family="weak", K=4)
EDGE_BUDGET = enumerated(
    _TWO, [_TWO.read(n) for n in (1, 2)],
    [(2, [1], [0, _TWO.top(2)]), (2, [], [0]), (3, [1, 2], None)], F(3, 8), q=2, den=8, M=1, i=2, access="stream",
)  # fmt: skip

ACCEPT = {
    "guess": GUESS,
    "guess-lasso": guess(LASSO),
    "guess-bpdn": guess(BPDN, i=2),
    "guess-wide": guess(WIDE, i=5),
    "guess-weak-without-budget": guess(WEAK),
    "one-outcome-that-fails": coin(reads=[], outcomes=[(1, [], [0])], bound=0, den=1),
    "one-outcome-and-little-known": coin(reads=[], outcomes=[(1, [], [0])], bound=F(999, 1000), den=1000),
    "different-reads": COIN,
    "same-reads-other-answers": coin(outcomes=[(1, [4, 1], [0]), (1, [4, 1], [1])], bound=H),
    "same-answers-other-reads": coin(outcomes=[(1, [4, 1], [0]), (1, [1, 4], [0])], bound=H),
    "repeated-read": coin(outcomes=[(1, [4, 1, 4], [0])], bound=F(3, 4)),
    "stream": STREAM,
    "success-at-the-distance": coin(outcomes=[(1, [1], [TOP + F(1, 1000)]), (1, [4], [0])], bound=F(3, 4)),
    "success-just-missed": coin(outcomes=[(1, [1], [TOP + F(1, 999)]), (1, [4], [0])], bound=H),
    "success-complex": coin(outcomes=[(1, [1], [(TOP, 0, F(1, 1000))]), (1, [4], [0])], bound=F(3, 4)),
    "success-on-the-average": coin(outcomes=[(3, [1], vertex(SQRT, 1)), (3, [4], [0])], bound=F(4, 7), den=7),
    "within-budget": WITHIN,
    "within-budget-of-none": within(
        reads=[WEAK.read(4)], outcomes=[(1, [], vertex(WEAK, 1)), (2, [4], None)], bound=F(1, 4), den=4, M=0, i=2
    ),
    "all-over-budget": within(outcomes=[(1, [4, 1], None)], bound=0, den=1),
    "at-the-edge": EDGE,
    "at-the-edge-of-the-budget": EDGE_BUDGET,
    "sampled": EVIDENCE,
    "sampled-at-the-level": TIGHT,
    "sampled-none-right": evidence(unhalted=(), outcomes=[([1, 2, 3], [4], [0])], bound=H, level=F(1, 4)),
    "sampled-within-budget": evidence(
        WEAK, reads=[WEAK.read(4)], outcomes=[([1, 2], [4], None), ([3], [], vertex(WEAK, 1))], M=0, level=F(7, 8)
    ),
    "sampled-wide": evidence(WIDE, level=F(15, 16), bound=F(7, 8), outcomes=[(list(range(8, 28)), [4], [0])]),
}

REJECT = {
    "bound-too-small": ("bound", coin(bound=F(6, 25))),
    "bound-too-large": ("bound", coin(bound=F(7, 25))),
    "bound-without-the-unknown": ("bound", coin(bound=F(0))),
    "bound-of-the-other-member": ("bound", coin(i=2)),
    "index-of-a-better-member": (
        "index",
        coin(outcomes=[(3, [4], vertex(SQRT, 2)), (1, [1], [0])], den=5, bound=F(4, 5), i=2),
    ),
    "index-with-the-budget": ("index", within(outcomes=[(1, [4], vertex(WEAK, 1)), (1, [4, 1], None)], den=2, bound=H)),
    "probability-above-one": ("weights", coin(outcomes=[(3, [4], [0]), (2, [1], [1])], bound=0)),
    "outcome-twice": ("outcomes", coin(outcomes=[(1, [4, 1], [0]), (1, [4, 1], [0])], bound=H)),
    "answer-not-read": ("transcript", coin(outcomes=[(1, [4], [0])], bound=F(3, 4))),
    "read-without-answer": ("transcript", coin(reads=[SQRT.read(4)])),
    "answers-not-in-order": ("transcript", coin(reads=[SQRT.read(4), SQRT.read(1)])),
    "answer-twice": ("transcript", coin(reads=[SQRT.read(1), SQRT.read(4), SQRT.read(4)])),
    "stream-not-from-one": ("access", changed(COIN, ["claim", "access"], "stream")),
    "c-one-unit-above": ("rule 2", coin(reads=[SQRT.read(1), SQRT.read(4, c=C4 + F(1, 16))])),
    "x-of-the-member": ("rule 2", coin(reads=[SQRT.read(1), SQRT.read(4, x=[TOP])])),
    "exponent-below-precision": ("rule 1", coin(q=3)),
    "digits-too-many": ("class", changed(GUESS, ["claim", "class", "digits"], "0x4")),
    "budget-on-the-strong-family": ("class", guess(M=0)),
    "over-without-budget": ("budget", coin(outcomes=[(1, [4, 1], None)], bound=F(3, 4))),
    "over-with-reads-as-many-as-the-budget": ("budget", within(M=2)),
    "over-with-too-many-reads": ("budget", within(outcomes=[(1, [4, 1], None)], M=0)),
    "answer-beyond-the-budget": ("budget", within(M=0, outcomes=[(1, [4], [0]), (1, [4, 1], None)])),
    "sampled-above-the-level": ("bound", evidence(level=F(33, 64))),
    "sampled-at-a-smaller-bound": ("bound", evidence(bound=F(11, 16), level=F(5, 8))),
    "sampled-level-not-shared": ("bound", evidence(level=F(67, 256))),
    "sampled-all-right": ("bound", evidence(outcomes=[([1], [4], vertex(SQRT, 1))], level=F(999, 1000))),
    "sampled-seed-twice": ("seeds", evidence(unhalted=(2,))),
    "sampled-seed-twice-unhalted": ("seeds", evidence(unhalted=(7, 7))),
    "sampled-outcome-twice": ("outcomes", evidence(outcomes=[([1], [4], [0]), ([2, 3], [4], [0])])),
    "sampled-over-without-budget": ("budget", evidence(outcomes=[([1], [4], None), ([2], [], [0])])),
    "sampled-beyond-the-level-of-the-members": ("rule 1", evidence(q=3)),
}

_OUTCOME = ["evidence", "outcomes", 0]

MALFORMED = {
    "no-outcomes": ("must hold at least one outcome", coin(reads=[], outcomes=[], bound=0)),
    "method-unknown": ("method must be one of", changed(COIN, ["claim", "method"], "measured")),
    "method-missing": ("method must be one of", changed(COIN, ["claim", "method"], ...)),
    "enumerated-with-level": ("unknown key 'level'", changed(COIN, ["claim", "level"], ["0x1", "0x2"])),
    "sampled-without-level": ("lacks the key level", changed(EVIDENCE, ["claim", "level"], ...)),
    "sampled-called-enumerated": ("unknown key 'level'", changed(EVIDENCE, ["claim", "method"], "enumerated")),
    "enumerated-called-sampled": ("lacks the key level", changed(COIN, ["claim", "method"], "sampled")),
    "enumerated-with-seeds": (
        "lacks the key weight",
        changed(COIN, _OUTCOME, {"output": None, "reads": [], "seeds": ["0x1"]}),
    ),
    "bound-one": ("bound must be at least 0 and less than 1", coin(reads=[], outcomes=[(1, [], [0])], bound=1, den=2)),
    "bound-negative": ("bound must be at least 0 and less than 1", coin(bound=F(-1, 4))),
    "weight-zero": ("must be at least 1", coin(outcomes=[(0, [4], [0]), (1, [1], [0])])),
    "weight-negative": ("must be at least 1", coin(outcomes=[(-1, [4], [0]), (1, [1], [0])])),
    "denominator-zero": ("denominator must be at least 1", coin(den=0)),
    "weights-not-in-lowest-terms": ("not in lowest terms", coin(reads=[], outcomes=[(2, [], [0])], bound=H, den=4)),
    "reads-zero": ("must be 1 to 1000000", coin(outcomes=[(1, [0], [0])])),
    "output-of-other-size": ("output must be 3 x 1", coin(outcomes=[(1, [4], [0, 0, 0, 0])])),
    "output-with-root": ("must be rational", coin(outcomes=[(1, [4], [(0, 1)])])),
    "outcome-without-output": ("lacks the key output", changed(COIN, [*_OUTCOME, "output"], ...)),
    "outcome-a-list": ("outcomes[0] must be an object", changed(COIN, _OUTCOME, [])),
    "budget-negative": ("budget must be 0 to 1000000", within(M=-1)),
    "index-beyond-the-ties": ("index must be 1 to 2", coin(i=3)),
    "transcript-missing": ("lacks the key transcript", changed(COIN, ["evidence", "transcript"], ...)),
    "level-one": ("level must be less than 1", evidence(level=1)),
    "level-zero": ("level must be positive", evidence(level=0)),
    "bound-too-fine": ("at most 2^32", evidence(bound=F(2**33 - 1, 2**33))),
    "seeds-empty": ("seeds must not be empty", evidence(outcomes=[([], [4], [0])])),
    "seed-too-large": ("must be 0 to", evidence(unhalted=(2**64,))),
    "seed-negative": ("must be 0 to", evidence(unhalted=(-1,))),
    "unhalted-missing": ("lacks the key unhalted", changed(EVIDENCE, ["evidence", "unhalted"], ...)),
}
