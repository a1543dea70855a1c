"""The instances of `margin_one` about networks, condition numbers and breakdown, and their true mutants."""

from tests.proofs_checks.cases import breakdown, conditioning, network_exists

INSTANCES = {
    "network-exists": network_exists.LASSO,
    "network-exists-sqrt-lasso": network_exists.SQRT,
    "network-exists-root": network_exists.ROOT,
    "network-exists-complex": network_exists.COMPLEX,
    "conditioning-member": conditioning.EDGE,
    "conditioning-control": conditioning.CONTROL,
    "conditioning-tie": conditioning.TIE,
    "conditioning-tie-sensitivity": conditioning.TIE_SENSITIVITY,
    "conditioning-samples-member": conditioning.SAMPLES_MEMBER,
    "conditioning-samples-tie": conditioning.SAMPLES_TIE,
    "conditioning-samples-bpdn": conditioning.SAMPLES_BPDN,
    "conditioning-samples-control": conditioning.SAMPLES_CONTROL,
    "breakdown-class": breakdown.EDGE,
    "breakdown-family": breakdown.FAMILY,
    "breakdown-family-root": breakdown.ROOT,
    "breakdown-family-three": breakdown.THALES,
    "breakdown-family-complex": breakdown.COMPLEX,
    "breakdown-sets": breakdown.SETS,
    "breakdown-sets-complex": breakdown.COMPLEX_SETS,
    "breakdown-sets-not-the-nearest": breakdown.FARTHER,
    "breakdown-ray": breakdown.RAY,
    "breakdown-zero": breakdown.ZERO,
}

SMALL = {
    "conditioning-member": 5,
    "conditioning-control": 5,
    "conditioning-tie": 10,
    "conditioning-tie-sensitivity": 7,
    "conditioning-samples-member": 9,
    "conditioning-samples-tie": 8,
    "conditioning-samples-bpdn": 16,
    "conditioning-samples-control": 14,
    "breakdown-class": 15,
}
"""Instances with few fields to change: everything is computed from the class. How many mutants fail a rule at least."""

ORDER = "the same samples in another order"
OTHER_PROBLEM = "x = 3/2 and 5/2 minimise sqrt-lasso as well: |r| = 1/2 has the direction of the sample"
ANOTHER_SAMPLE = "another sample that the network maps to its minimiser too: it is right on an interval, or on a ray"
LARGER = "a larger class, scale or exponent, or a smaller parameter: the condition numbers are smaller or the same"
OTHER_DISGUISE = "another orthogonal disguise, or none: the condition numbers are the same"
ANOTHER_INSTANCE = "another problem or instance of the same or another class, whose condition numbers are at most 1 too"
SHORTER = "another sample that is not longer, or has other signs, places or zeros: the bound is the same or less"
FEWER = "fewer samples, or in another order: the same is claimed of each"
ANOTHER_LIMIT = "another limit that is as near to the common datum, or none: it needs no more"
NEARER = "x_n moves towards a minimiser of the common datum, or elsewhere in its ball"
LESS = "a smaller radius is a weaker claim, true with the same weights"
ANOTHER_DATUM = "another common datum near the instances, whose minimiser is 0 as well"
ANOTHER_MULTIPLIER = "more of q where p is 0: the other minimisers stay bounded, and the excess at p is the same"
MIRRORED = "the same minimiser with columns 1 and 2 exchanged, which the instances do not tell apart"
ANOTHER_COLUMN = "another column that no minimiser uses, or another weight for it"
ANYTHING = "another matrix for the instance with |y| <= p, of which 0 is the only minimiser"
SMALLER_PARAMETER = "sqrt-lasso does not depend on the parameter as long as beta is larger: another true claim"


def _shorter(sample, *names):
    return {f"claim.instance.samples.{sample} {name}": SHORTER for name in names}


def _fewer(*names):
    return {f"claim.instance.samples{name}": FEWER for name in names}


_LESS_EACH = ("denominator +1", "raw denominator +1")
_PLACES = ((0, 2), (1, 0), (2, 0))
_SETS = {
    "claim.point (1,0) sign": NEARER,
    "claim.point (1,0) swap": NEARER,
    "claim.point (1,0) zero": NEARER,
    "claim.point (1,0)[0] -1 unit": NEARER,
    "claim.square -1 unit": LESS,
    "claim.square denominator +1": LESS,
}

SURVIVORS = {
    "network-exists": {
        "claim.problem.name to sqrt-lasso": OTHER_PROBLEM,
        "claim.samples swap 0": ORDER,
        "claim.samples.1 (0,0)[0] +1 unit": ANOTHER_SAMPLE,
    },
    "network-exists-sqrt-lasso": {
        f"claim.samples.{k} {change}": ANOTHER_SAMPLE
        for k in (0, 1)
        for change in ("(0,0)[0] +1 unit", "(0,0)[0] -1 unit", "(0,0) zero", "denominator +1", "raw first entry delete")
    }
    | {"claim.samples.1 raw denominator +1": ANOTHER_SAMPLE},
    "network-exists-root": {
        "claim.samples swap 0": ORDER,
        "claim.samples.1 (0,0)[1] +1 unit": ANOTHER_SAMPLE,
    },
    "network-exists-complex": {
        "claim.samples swap 0": ORDER,
        "claim.samples.0 (0,0) zero": ANOTHER_SAMPLE,
        "claim.samples.0 raw first entry delete": ANOTHER_SAMPLE,
        "claim.samples.1 (0,0) zero": ANOTHER_SAMPLE,
        "claim.samples.1 raw first entry delete": ANOTHER_SAMPLE,
    },
    "conditioning-member": {
        "claim.class.alpha +1 unit": LARGER,
        "claim.class.alpha denominator -1": LARGER,
        "claim.class.columns +1": LARGER,
        "claim.class.householder swap 0": OTHER_DISGUISE,
        "claim.class.householder swap 1": OTHER_DISGUISE,
        "claim.class.householder.1 +1": OTHER_DISGUISE,
        "claim.class.householder.1 -1": OTHER_DISGUISE,
        "claim.class.householder.2 +1": OTHER_DISGUISE,
        "claim.class.householder.2 -1": OTHER_DISGUISE,
        "claim.class.householder.2 sign": OTHER_DISGUISE,
        "claim.class.householder.2 zero": OTHER_DISGUISE,
        "claim.class.householder to null": OTHER_DISGUISE,
        "claim.class.parameter -1 unit": LARGER,
        "claim.class.parameter denominator +1": LARGER,
        "claim.class.problem to lasso": ANOTHER_INSTANCE,
        "claim.instance.exponent -1": LARGER,
        "claim.instance.index -1": ANOTHER_INSTANCE,
    },
    "conditioning-control": {
        "claim.class.alpha +1 unit": LARGER,
        "claim.class.columns +1": LARGER,
        "claim.class.householder swap 0": OTHER_DISGUISE,
        "claim.class.householder.0 +1": OTHER_DISGUISE,
        "claim.class.householder.0 -1": OTHER_DISGUISE,
        "claim.class.householder.0 zero": OTHER_DISGUISE,
        "claim.class.householder swap 1": OTHER_DISGUISE,
        "claim.class.householder.1 +1": OTHER_DISGUISE,
        "claim.class.householder.1 -1": OTHER_DISGUISE,
        "claim.class.householder.1 sign": OTHER_DISGUISE,
        "claim.class.householder.1 zero": OTHER_DISGUISE,
        "claim.class.householder.2 +1": OTHER_DISGUISE,
        "claim.class.householder.2 -1": OTHER_DISGUISE,
        "claim.class.householder.2 sign": OTHER_DISGUISE,
        "claim.class.householder.2 zero": OTHER_DISGUISE,
        "claim.class.householder to null": OTHER_DISGUISE,
        "claim.class.parameter -1 unit": LARGER,
        "claim.class.parameter denominator +1": LARGER,
        "claim.class.problem to lasso": ANOTHER_INSTANCE,
        "claim.instance.form to tie": ANOTHER_INSTANCE,
        "claim.instance.form to tie-sensitivity": ANOTHER_INSTANCE,
    },
    "conditioning-tie": {
        "claim.class.columns +1": LARGER,
        "claim.class.householder +1 unit": OTHER_DISGUISE,
        "claim.class.householder -1 unit": OTHER_DISGUISE,
        "claim.class.householder zero": OTHER_DISGUISE,
        "claim.class.householder denominator +1": OTHER_DISGUISE,
        "claim.class.householder denominator -1": OTHER_DISGUISE,
        "claim.class.householder to null": OTHER_DISGUISE,
        "claim.class.parameter -1 unit": LARGER,
        "claim.class.parameter denominator +1": LARGER,
    },
    "conditioning-tie-sensitivity": {
        "claim.class.alpha +1 unit": LARGER,
        "claim.class.alpha denominator -1": LARGER,
        "claim.class.columns +1": LARGER,
        "claim.class.householder +1 unit": OTHER_DISGUISE,
        "claim.class.householder -1 unit": OTHER_DISGUISE,
        "claim.class.householder zero": OTHER_DISGUISE,
        "claim.class.householder denominator +1": OTHER_DISGUISE,
        "claim.class.householder denominator -1": OTHER_DISGUISE,
        "claim.class.householder to null": OTHER_DISGUISE,
        "claim.class.parameter -1 unit": LARGER,
        "claim.class.parameter denominator +1": LARGER,
        "claim.class.problem to lasso": ANOTHER_INSTANCE,
        "claim.instance.form to tie": "less is claimed: the tie without its sensitivity",
    },
    "conditioning-samples-member": {
        "claim.class.alpha +1 unit": LARGER,
        "claim.class.columns +1": LARGER,
        "claim.class.parameter denominator +1": LARGER,
        "claim.class.problem to sqrt-lasso": ANOTHER_INSTANCE,
        "claim.instance.exponent +1": "another member, whose condition numbers are at most 1 too",
        "claim.instance.exponent -1": LARGER,
        "claim.instance.index -1": ANOTHER_INSTANCE,
        **_fewer(" swap 0", ".0 delete", ".1 delete"),
        **_shorter(0, "(0,0)[0] -1 unit", "(0,0) sign", "(0,0) zero", "(0,0) swap", "(1,0)[0] +1 unit"),
        **_shorter(0, "(1,0)[0] -1 unit", "(1,0) sign", "(1,0) zero", "raw first entry delete", *_LESS_EACH),
        **_shorter(1, "(0,0)[0] +1 unit", "(0,0)[0] -1 unit", "(0,0) swap", "(1,0)[0] +1 unit", "(1,0) sign"),
        **_shorter(1, *_LESS_EACH),
    },
    "conditioning-samples-tie": {
        "claim.class.alpha +1 unit": LARGER,
        "claim.class.columns +1": LARGER,
        "claim.class.parameter +1 unit": "the bound of sqrt-lasso does not depend on the parameter",
        "claim.class.parameter denominator +1": LARGER,
        "claim.class.problem to lasso": ANOTHER_INSTANCE,
        "claim.instance.form to control-samples": ANOTHER_INSTANCE,
        **_shorter(0, "(0,0)[0] -1 unit", "(0,0) sign", *_LESS_EACH),
    },
    "conditioning-samples-bpdn": {
        "claim.class.columns +1": LARGER,
        "claim.class.householder +1 unit": OTHER_DISGUISE,
        "claim.class.householder -1 unit": OTHER_DISGUISE,
        "claim.class.householder zero": OTHER_DISGUISE,
        "claim.class.householder denominator +1": OTHER_DISGUISE,
        "claim.class.householder denominator -1": OTHER_DISGUISE,
        "claim.class.householder to null": OTHER_DISGUISE,
        **_fewer(" swap 0", ".0 delete", ".1 delete"),
        **_shorter(0, "(0,0)[0] -1 unit", "(0,0) sign", *_LESS_EACH),
        **_shorter(1, "(0,0)[0] -1 unit", "(0,0) sign", *_LESS_EACH),
    },
    "conditioning-samples-control": {
        "claim.class.alpha +1 unit": LARGER,
        "claim.class.columns +1": LARGER,
        "claim.class.parameter denominator +1": LARGER,
        **_shorter(0, *(f"({row},0) {change}" for row in range(4) for change in ("sign", "zero"))),
        **_shorter(0, *(f"({row},0) swap" for row in range(3)), "raw first entry delete", *_LESS_EACH),
        **_shorter(0, "(0,0)[0] -1 unit", "(1,0)[0] -1 unit", "(2,0)[0] +1 unit", "(3,0)[0] -1 unit"),
    },
    "breakdown-class": {
        "claim.class.householder +1 unit": OTHER_DISGUISE,
        "claim.class.householder -1 unit": OTHER_DISGUISE,
        "claim.class.householder zero": OTHER_DISGUISE,
        "claim.class.householder denominator +1": OTHER_DISGUISE,
        "claim.class.householder to null": OTHER_DISGUISE,
        "claim.class.parameter -1 unit": SMALLER_PARAMETER,
        "claim.class.parameter denominator +1": SMALLER_PARAMETER,
    },
    "breakdown-family": {
        "claim.limit.matrix (0,0) swap": ANOTHER_LIMIT,
        "claim.limit.matrix (0,1)[0] +1 unit": ANOTHER_LIMIT,
        "claim.limit to null": ANOTHER_LIMIT,
        "claim.point (1,0)[0] -1 unit": NEARER,
        "claim.point (1,0) sign": NEARER,
        "claim.point (1,0) zero": NEARER,
        "claim.square -1 unit": LESS,
        "claim.square denominator +1": LESS,
    },
    "breakdown-family-root": {"claim.limit to null": ANOTHER_LIMIT, "claim.square denominator +1": LESS},
    "breakdown-family-three": {
        "claim.problem.matrix denominator +1": ANOTHER_DATUM,
        "claim.problem.matrix raw denominator +1": ANOTHER_DATUM,
        "claim.square denominator +1": LESS,
        "evidence.minimisers.0.multiplier (0,0)[0] +1 unit": ANOTHER_MULTIPLIER,
        "evidence.minimisers.1.multiplier (1,0)[0] +1 unit": ANOTHER_MULTIPLIER,
        "evidence.minimisers.2.multiplier (0,0)[0] +1 unit": ANOTHER_MULTIPLIER,
        "evidence.minimisers.2.multiplier (0,0)[0] -1 unit": ANOTHER_MULTIPLIER,
        "evidence.minimisers.2.multiplier (1,0)[0] +1 unit": ANOTHER_MULTIPLIER,
    },
    "breakdown-family-complex": {
        "claim.point (0,0)[2] +1 unit": NEARER,
        "claim.point (0,0)[2] -1 unit": NEARER,
        "claim.point (1,0)[0] +1 unit": NEARER,
        "claim.point (1,0)[0] -1 unit": NEARER,
        "claim.point denominator +1": NEARER,
        "claim.square -1 unit": LESS,
        "claim.square denominator +1": LESS,
    },
    "breakdown-sets": _SETS,
    "breakdown-sets-complex": {
        **{
            f"claim.point ({i},0)[{part}] {sign}1 unit": NEARER for i, part in ((0, 2), (1, 0), (2, 0)) for sign in "+-"
        },
        "claim.point denominator +1": NEARER,
        "claim.square -1 unit": LESS,
        "claim.square denominator +1": LESS,
    },
    "breakdown-sets-not-the-nearest": {**_SETS, "evidence.minimisers.0.point (0,0) swap": MIRRORED},
    "breakdown-ray": {
        "claim.instances.1.matrix (0,0)[0] +1 unit": ANOTHER_COLUMN,
        "claim.point (0,0) swap": NEARER,
        "claim.point (1,0) sign": NEARER,
        "claim.point (1,0) zero": NEARER,
        "claim.point (1,0)[0] -1 unit": NEARER,
        "claim.point denominator +1": NEARER,
        "claim.point raw denominator +1": NEARER,
        "claim.problem.data (0,0)[0] +1 unit": ANOTHER_DATUM,
        "claim.problem.data (0,0)[0] -1 unit": ANOTHER_DATUM,
        "claim.problem.data denominator +1": ANOTHER_DATUM,
        "claim.problem.matrix (0,0)[0] +1 unit": ANOTHER_DATUM,
        "claim.problem.matrix (0,0)[0] -1 unit": ANOTHER_DATUM,
        "claim.problem.matrix denominator +1": ANOTHER_DATUM,
        "claim.problem.matrix raw denominator +1": ANOTHER_DATUM,
        "claim.square -1 unit": LESS,
        "claim.square denominator +1": LESS,
    },
    "breakdown-zero": {
        "claim.instances.0.matrix (0,0)[0] +1 unit": ANYTHING,
        "claim.instances.0.matrix (0,0)[0] -1 unit": ANYTHING,
        "claim.instances.0.matrix (0,1) zero": ANYTHING,
        "claim.instances.0.matrix (0,1)[0] +1 unit": ANYTHING,
        "claim.instances.0.matrix (0,1)[0] -1 unit": ANYTHING,
        "claim.instances.0.matrix denominator +1": ANYTHING,
        "claim.instances.0.matrix raw denominator +1": ANYTHING,
        "claim.instances.1.matrix (0,1) zero": ANOTHER_COLUMN,
        "claim.instances.1.matrix (0,1)[0] -1 unit": ANOTHER_COLUMN,
        "claim.point (1,0) sign": NEARER,
        "claim.point (1,0) zero": NEARER,
        "claim.point (1,0)[0] -1 unit": NEARER,
        "claim.point denominator +1": NEARER,
        "claim.point raw denominator +1": NEARER,
        "claim.problem.matrix (0,1) zero": ANOTHER_COLUMN,
        "claim.problem.matrix (0,1)[0] +1 unit": ANOTHER_COLUMN,
        "claim.problem.matrix (0,1)[0] -1 unit": ANOTHER_COLUMN,
        "claim.problem.weights (1,0)[0] +1 unit": ANOTHER_COLUMN,
        "claim.problem.weights denominator +1": ANOTHER_COLUMN,
        "claim.problem.weights raw denominator +1": ANOTHER_COLUMN,
        "claim.square denominator +1": LESS,
    },
}
