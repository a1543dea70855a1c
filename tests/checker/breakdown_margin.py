"""The instances of `margin_one` about networks and condition numbers, and the mutants of theirs that are true."""

from tests.checker.cases import conditioning, network_exists

INSTANCES = {
    "network-exists": network_exists.LASSO,
    "network-exists-sqrt-lasso": network_exists.SQRT,
    "network-exists-root": network_exists.ROOT,
    "network-exists-complex": network_exists.COMPLEX,
    "conditioning-member": conditioning.EDGE,
    "conditioning-control": conditioning.CONTROL,
    "conditioning-tie": conditioning.TIE,
}

SMALL = {"conditioning-member": 5, "conditioning-control": 5, "conditioning-tie": 10}
"""Instances with few fields to change: everything is computed from the class. How many mutants fail a rule at least."""

ORDER = "the same samples in another order"
OTHER_PROBLEM = "x = 3/2 and 5/2 minimise sqrt-lasso as well: |r| = 1/2 has the direction of the sample"
ANOTHER_SAMPLE = "another sample that the network maps to its minimiser too: it is right on an interval, or on a ray"
LARGER = "a larger class, scale or exponent, or a smaller parameter: the condition numbers are smaller or the same"
OTHER_DISGUISE = "another orthogonal disguise, or none: the condition numbers are the same"
ANOTHER_INSTANCE = "another problem or instance of the same or another class, whose condition numbers are at most 1 too"

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
}
