"""Kind breakdown. Families of two or three inputs with one row; the class as for kind barrier."""

from tests.proofs_checks.breakdown_builders import class_breakdown, family_breakdown
from tests.proofs_checks.builders import Class, F, changed, column, matrix

H = F(1, 2)
Q = F(1, 4)
SQRT = Class("sqrt-lasso", alpha=700, parameter=1)
WEAK = Class("sqrt-lasso", alpha=11200, parameter=1, family="weak", K=4)
LASSO = Class("lasso", alpha=700, parameter=H)
BPDN = Class("bpdn", alpha=350, parameter=H)
WIDE = Class("sqrt-lasso", alpha=700, parameter=1, m=3, N=7, householder=[1, 0, -2])
MANY = Class("sqrt-lasso", alpha=700, parameter=1, m=1, N=64)
# 1 unit of alpha = 707.106.. more, or of lambda, and the conditions fail.
EDGE = class_breakdown(
    Class("sqrt-lasso", alpha=F(707106, 1000), parameter=F(707105, 1000), m=2, N=5, householder=[2, 1])
)
STRONG = class_breakdown(SQRT)

# lasso with lambda = 1: the minimiser of one column a and data y is (y - 1/(2a))/a. Everything is 1/2 away.
DATUM = ([[1, 1]], [2], [F(3, 2), H], [F(3, 2), 0])
# The multiplier of one column a is (c_i - p_i)/a, with c the mean of the minimisers.
ONE = ([[F(3, 2), 1]], [F(5, 2)], [F(13, 9), 0], [-F(13, 27)])
TWO = ([[1, F(3, 2)]], [F(3, 2)], [0, F(7, 9)], [-F(7, 27)])
OTHERWISE = ((*ONE[:3], [-F(26, 45)]), (*TWO[:3], [-F(28, 135)]))  # for the weights 2/5 and 3/5
LIMIT = ([[1, H]], [2])
SQUARE = F(109, 162)  # |p_1 - p_2|^2 / 4


def family(datum=DATUM, instances=(ONE, TWO), weights=(H, H), square=SQUARE, *, limit=LIMIT, n=1, **others):
    return family_breakdown("lasso", 1, n, datum, instances, list(weights), square, limit=limit, **others)


FAMILY = family()
# sqrt-lasso with lambda = 1/2: y/a, with the dual 1/(2a).
ROOT_ONE = ([[(0, 1), 1]], [2], [(0, 1), 0], [-H], [(0, Q)])
ROOT_TWO = ([[1, (0, 1)]], [2], [0, (0, 1)], [-H], [(0, Q)])
ROOT = family_breakdown(
    "sqrt-lasso", H, 1, ([[1, 1]], [2], [2, 0], [2, 0], [H]), [ROOT_ONE, ROOT_TWO], [H, H], 1,
    limit=([[1, 1]], [2]), root=2,
)  # fmt: skip


# The minimisers (0, 1/2), (1/2, 0), (0, 0): the middle of the first two is equally far from all three, by Thales.
def thales(weights, *multipliers):
    one = [[1, 0], [0, 1]]
    instances = [(one, [H, 1], [0, H]), (one, [1, H], [H, 0]), (one, [0, H], [0, 0])]
    instances = [(*instance, q) for instance, q in zip(instances, multipliers, strict=True)]
    return family_breakdown("lasso", 1, 1, (one, [H, H], [0, 0], [0, 0]), instances, weights, F(1, 8))


THALES = thales([H, H, 0], [Q, -Q], [-Q, Q], [0, Q])
# i times the columns of ONE and TWO, with the same data: the minimisers are -i times theirs.
I = (0, 0, 1)


def turned(x):
    return (0, 0, -F(x)) if x else 0


COMPLEX = family_breakdown(
    "lasso", 1, 1, ([[I, I]], [2], [turned(F(3, 2)), 0], [turned(F(3, 2)), 0]),
    [
        ([[(0, 0, F(3, 2)), I]], [F(5, 2)], [turned(F(13, 9)), 0], [-F(13, 27)]),
        ([[I, (0, 0, F(3, 2))]], [F(3, 2)], [0, turned(F(7, 9))], [-F(7, 27)]),
    ],
    [H, H], SQUARE,
)  # fmt: skip
BPDN_FAMILY = family_breakdown(
    "bpdn", H, 1, ([[1, 1]], [2], [F(3, 2), 0], [F(3, 2), 0]),
    [([[F(3, 2), 1]], [2], [1, 0], [-F(1, 3)]), ([[1, F(3, 2)]], [2], [0, 1], [-F(1, 3)])], [H, H], H,
)  # fmt: skip

# Sets of minimisers. Of columns 1 and 2: all x >= 0 with x_1 + x_2 = 3/2, of which the middle is nearest to column 3.
TIE = ([[1, 1, H]], [2], [F(3, 4), F(3, 4), 0], [-F(3, 8)])
THIRD = ([[1, 1, F(3, 2)]], [F(3, 2)], [0, 0, F(7, 9)], [-F(7, 27)])
THREE = ([[1, 1, 1]], [2], [F(3, 2), H, 0], [F(3, 2), 0, 0])
SETS_SQUARE = F(1121, 2592)


def sets(tie=TIE, other=THIRD, square=SETS_SQUARE, datum=THREE, weights=(H, H)):
    return family_breakdown("lasso", 1, 1, datum, [tie, other], list(weights), square)


SETS = sets()
COMPLEX_SETS = sets(
    ([[I, I, (0, 0, H)]], [2], [turned(F(3, 4)), turned(F(3, 4)), 0], [-F(3, 8)]),
    ([[I, I, (0, 0, F(3, 2))]], [F(3, 2)], [0, 0, turned(F(7, 9))], [-F(7, 27)]),
    datum=([[I, I, I]], [2], [turned(F(3, 2)), 0, 0], [turned(F(3, 2)), 0, 0]),
)
# The minimiser (1, 1/2, 0) is farther, and one at the end of the segment is better by 1/4 in the direction of c.
FARTHER = sets((*TIE[:2], [1, H, 0], [-Q]), square=F(277, 1296))
# All (s, 0), 0 <= s <= 1, minimise instance 1, as |u| = 1; the answer (0, 3/5) is between 0 and (0, 6/5).
RAY_ONE = ([[1, H]], [1], [0, 0], [0])
RAY_TWO = ([[F(3, 4), F(5, 4)]], [F(3, 2)], [0, F(6, 5)], [-F(12, 25)], [F(4, 5)])
RAY_SQUARE = F(9, 25)
RAY_DATUM = ([[F(7, 8), F(7, 8)]], [F(5, 4)], [0, H], [0, 0])


def ray(one=RAY_ONE, two=RAY_TWO, square=RAY_SQUARE):
    return family_breakdown("sqrt-lasso", 1, 1, RAY_DATUM, [one, two], [H, H], square)


RAY = ray()
# 0 alone minimises instance 1, as |y| <= p.
ZERO_ONE = ([[1, H]], [H], [0, 0], None)
ZERO_TWO = ([[1, H]], [F(3, 2)], [1, 0], [-H])


def zero(one=ZERO_ONE, two=ZERO_TWO):
    return family_breakdown("bpdn", H, 1, ([[1, H]], [1], [H, H], [H, 0]), [one, two], [H, H], Q)


ZERO = zero()

ACCEPT = {
    "class-strong": STRONG,
    "class-weak": class_breakdown(WEAK),
    "class-lasso": class_breakdown(LASSO),
    "class-bpdn": class_breakdown(BPDN),
    "class-wide": class_breakdown(WIDE),
    "class-many-ties": class_breakdown(MANY),
    "class-one-digit": class_breakdown(Class("sqrt-lasso", alpha=7, parameter=1, K=1)),
    "class-at-the-edge": EDGE,
    "family": FAMILY,
    "family-without-limit": family(limit=None),
    "family-less-than-the-radius": family(square=F(1, 2)),
    "family-other-weights": family(instances=OTHERWISE, weights=(F(2, 5), F(3, 5)), square=F(1, 2)),
    "family-root": ROOT,
    "family-three": THALES,
    "family-complex": COMPLEX,
    "family-bpdn": BPDN_FAMILY,
    # the weight 1/2 makes column 2 win in the datum, and both instances are given to other columns by their entries
    "family-weighted": family_breakdown(
        "lasso", 1, 1, ([[2, 1]], [2], [F(7, 8), 0], [F(7, 8), 0]),
        [([[F(5, 2), 1]], [2], [F(18, 25), 0], [-F(18, 125)]), ([[2, F(3, 2)]], [2], [0, F(11, 9)], [-F(11, 27)])],
        [H, H], F(101869, 202500), problem_weights=[1, H],
    ),
    "family-sets": SETS,
    "family-sets-complex": COMPLEX_SETS,
    "family-sets-not-the-nearest": FARTHER,
    "family-sets-of-the-end-of-a-segment": ray(
        ([[1, H]], [1], [1, 0], [F(1, 6)], [1]),
        ([[F(9, 8), F(5, 8)]], [F(3, 2)], [F(4, 3), 0], [-F(4, 27)], [F(8, 9)]),
        F(1, 36),
    ),
    "family-ray": RAY,
    "family-zero-alone": ZERO,
}  # fmt: skip

REJECT = {
    "class-one-unit-more": ("square", class_breakdown(SQRT, F(1, 700**2) * F(1, 2) + F(1, 10**30))),
    "class-height": ("square", class_breakdown(SQRT, F(1, 700**2))),
    "class-of-the-strong-base": ("square", class_breakdown(WEAK, F(1, 11200**2) * F(1, 2))),
    "class-alpha-too-large": ("class", class_breakdown(Class("sqrt-lasso", alpha=708, parameter=1))),
    "class-alpha-too-small": ("class", class_breakdown(Class("sqrt-lasso", alpha=141, parameter=1))),
    "class-weak-one-digit": ("class", class_breakdown(Class("sqrt-lasso", alpha=22, parameter=1, family="weak", K=1))),
    "class-parameter-too-large": ("class", class_breakdown(Class("sqrt-lasso", alpha=700, parameter=700))),
    "point-too-far": ("data", family(([[1, 1]], [2], [F(3, 2), F(51, 100)], [F(3, 2), 0]))),
    "datum-not-minimised": ("data", family(([[1, 1]], [2], [F(3, 2), 0], [1, 0]))),
    "datum-dual-given": ("data", family((*DATUM, [1]))),
    "data-too-far": ("agreement", family(instances=(ONE, ([[1, F(3, 2)]], [F(149, 100)], [0, F(7, 9)], TWO[3])))),
    "matrix-too-far": (
        "agreement",
        family(instances=(([[F(151, 100), 1]], [F(5, 2)], [F(13, 9), 0], ONE[3]), TWO)),
    ),
    "two-entries-too-far": (
        "agreement",
        family(instances=(([[F(3, 2), F(9, 10)]], [F(5, 2)], [F(13, 9), 0], ONE[3]), TWO)),
    ),
    "limit-too-far": ("agreement", family(limit=([[1, F(49, 100)]], [2]))),
    "limit-data-too-far": ("agreement", family(limit=([[1, 1]], [F(251, 100)]))),
    "precision-too-high": ("data", family(n=2)),
    "precision-of-the-point-only": ("agreement", family(([[1, 1]], [2], [F(3, 2), 0], [F(3, 2), 0]), n=2)),
    "minimiser-wrong": ("minimiser", family(instances=(ONE, ([[1, F(3, 2)]], [F(3, 2)], [0, F(8, 9)], TWO[3])))),
    "multiplier-one-unit-less": ("multiplier", sets((*TIE[:3], [-F(3, 8) - F(1, 10**30)]))),
    "multiplier-one-unit-more": ("radius", sets((*TIE[:3], [-F(3, 8) + F(1, 10**30)]))),
    "multiplier-missing": ("multiplier", family(instances=(ONE, (*TWO[:3], None)))),
    "multiplier-of-the-other": ("multiplier", family(instances=(ONE, (*TWO[:3], ONE[3])))),
    "multiplier-where-zero-is-alone": ("multiplier", zero((*ZERO_ONE[:3], [0]))),
    "multiplier-along-the-ray": (
        "multiplier",
        ray((*RAY_ONE[:2], [H, 0], [-Q])),
    ),
    "tie-taken-for-a-point": ("multiplier", sets((*TIE[:2], [F(3, 2), 0, 0], [-F(3, 4)]))),
    "tie-from-its-end": ("radius", sets((*TIE[:2], [F(3, 2), 0, 0], [0]), square=F(1, 10**6))),
    "ray-from-its-middle": ("radius", ray((*RAY_ONE[:2], [H, 0], [0]))),
    "ray-taken-for-its-end": ("radius", ray((*RAY_ONE[:2], [1, 0], [0], [1]))),
    # both sets contain 3/2 e_1
    "sets-that-meet": (
        "radius",
        sets(
            (*TIE[:2], [0, F(3, 2), 0], [F(3, 4)]),
            ([[1, F(3, 4), F(3, 4)]], [2], [F(3, 2), 0, 0], [-F(3, 4)]),
            F(1, 10**6),
        ),
    ),
    "weights-negative": ("weights", family(weights=(F(3, 2), -H), square=F(1, 10**6))),
    "weights-more-than-one": ("weights", family(weights=(H, F(51, 100)), square=F(1, 10**6))),
    "weights-less-than-one": ("weights", family(weights=(H, F(49, 100)), square=F(1, 10**6))),
    "radius-one-unit-more": ("radius", family(square=SQUARE + F(1, 10**30))),
    "radius-with-other-weights": ("radius", family(instances=OTHERWISE, weights=(F(2, 5), F(3, 5)))),
    "radius-of-all-three": ("radius", thales([F(1, 3)] * 3, [F(1, 6), -F(1, 3)], [-F(1, 3), F(1, 6)], [0, F(1, 6)])),
    "radius-of-the-same-instance": ("radius", family(instances=((*ONE[:3], [0]),) * 2, square=F(1, 10**6))),
}

MALFORMED = {
    "form-unknown": ("claim.form must be one of", changed(STRONG, ["claim", "form"], "set")),
    "form-missing": ("claim.form must be one of", changed(STRONG, ["claim", "form"], ...)),
    "class-square-zero": ("square must be positive", class_breakdown(SQRT, 0)),
    "class-with-evidence": ("evidence has the unknown key", changed(STRONG, ["evidence", "weights"], column([1]))),
    "class-without-class": ("claim lacks the key class", changed(STRONG, ["claim", "class"], ...)),
    "one-instance": ("claim.instances must have at least two", family(instances=(ONE,), weights=(1,))),
    "no-instances": ("claim.instances must have at least two", changed(FAMILY, ["claim", "instances"], [])),
    "fewer-minimisers": ("evidence.minimisers must have 2", changed(FAMILY, ["evidence", "minimisers", 1], ...)),
    "more-weights": ("evidence.weights must be 2 x 1", family(weights=(H, Q, Q))),
    "multiplier-of-other-size": ("multiplier must be 1 x 1", family(instances=(ONE, (*TWO[:3], [0, 0])))),
    "weights-complex": ("must be real", family(weights=((H, 0, 1), H))),
    "weights-with-root": ("must be rational", changed(ROOT, ["evidence", "weights"], column([(0, H), H]))),
    "datum-with-root": ("must be rational", changed(ROOT, ["claim", "point"], column([(0, 1), 0]))),
    "datum-matrix-with-root": (
        "must be rational",
        changed(ROOT, ["claim", "problem", "matrix"], matrix([[(0, 1), 1]])),
    ),
    "precision-zero": ("precision must be 1 to", family(n=0)),
    "square-negative": ("square must be positive", family(square=-SQUARE)),
    "instance-of-other-size": ("claim.instances[1].matrix must be 1 x 2", family(instances=(ONE, ([[1]], *TWO[1:])))),
    "limit-of-other-size": ("claim.limit.data must be 1 x 1", family(limit=([[1, 1]], [2, 2]))),
    "root-without-use": ("claim.root must be 0x0", changed(FAMILY, ["claim", "root"], "0x2")),
    "root-missing": ("claim.root must be positive", changed(ROOT, ["claim", "root"], "0x0")),
}
