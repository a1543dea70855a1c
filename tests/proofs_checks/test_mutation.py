"""No small change of an accepted certificate is accepted, unless it is listed here with the reason why it is true."""

from functools import cache

import pytest

from proofs_checks import verify_bytes
from tests.proofs_checks.breakdown_margin import SMALL as BREAKDOWN_SMALL
from tests.proofs_checks.breakdown_margin import SURVIVORS as BREAKDOWN_SURVIVORS
from tests.proofs_checks.data_fit_margin import SURVIVORS as FIT_SURVIVORS
from tests.proofs_checks.data_margin import SMALL as DATA_SMALL
from tests.proofs_checks.data_margin import SURVIVORS as DATA_SURVIVORS
from tests.proofs_checks.data_unsquared_margin import SURVIVORS as UNSQUARED_SURVIVORS
from tests.proofs_checks.game_margin import SURVIVORS as GAME_SURVIVORS
from tests.proofs_checks.margin_one import INSTANCES
from tests.proofs_checks.mutations import mutants
from tests.proofs_checks.network_margin import SURVIVORS as NETWORK_SURVIVORS
from tests.proofs_checks.null_space_margin import SURVIVORS as NULL_SPACE_SURVIVORS
from tests.proofs_checks.pair_margin import SURVIVORS as PAIR_SURVIVORS
from tests.proofs_checks.path_margin import SURVIVORS as PATH_SURVIVORS
from tests.proofs_checks.reach_margin import SMALL as REACH_SMALL
from tests.proofs_checks.reach_margin import SURVIVORS as REACH_SURVIVORS
from tests.proofs_checks.recovery_margin import SURVIVORS as RECOVERY_SURVIVORS
from tests.proofs_checks.solution_margin import SURVIVORS as SOLUTION_SURVIVORS

MORE_GAP = "a larger gap is a weaker claim, true with the same dual"
NEARER = "x_kn moves towards the minimiser, from the edge of its ball into it"
OTHER_ANSWER = "another answer that is wrong as well: the certificate of another run"
OTHER_PARAMETER = (
    "the class does not depend on the parameter of sqrt-lasso as long as beta is larger: another true claim"
)
OTHER_DISGUISE = "another orthogonal disguise, or none: heights, minimisers and transcripts are the same"
QUERY = "reads in the order of a stream may as well have been queries"
REFLECTED = "the same instance with one row of y reflected: |(A*g)_2| stays at its bound, and x_2 is 0"
OTHER_PROBLEM = "u has norm 1 and the direction of y - Ax, so that x minimises sqrt-lasso as well"

APART = "statements are true each on its own: in any order, once or twice, or fewer of them"
WEAKER = "a weaker statement: a wider interval, a narrower one that is denied, steps further from the bound"
OTHER_STATEMENT = "another statement that is true as well"


def _audit(statements, weaker, others):
    """The survivors of kind claim-audit; `statements` lists those that may be left out as their points stay used."""
    count, deletable = statements
    apart = [f"repeat {i}" for i in range(count)] + [f"swap {i}" for i in range(count - 1)]
    names = [*apart, *(f"{i} delete" for i in deletable)]
    reasons = {f"claim.{name}": OTHER_STATEMENT for name in others}
    return (
        reasons
        | {f"claim.statements{'.' if name[0].isdigit() else ' '}{name}": APART for name in names}
        | {f"claim.statements.{where} {change}": WEAKER for where, changes in weaker.items() for change in changes}
    )


_LOWER = ["-1 unit", "sign", "zero", "denominator +1"]
_HIGHER = ["+1 unit", "denominator -1"]

SURVIVORS = {
    "minimiser-lasso": {"claim.problem.data (1,0) sign": REFLECTED},
    "minimiser-bpdn": {
        "claim.problem.data (1,0) sign": REFLECTED,
        "claim.problem.data (1,0) conjugate": REFLECTED,
        "claim.problem.weights denominator +1": "all weights of bpdn times one factor: the same minimisers",
        "claim.problem.weights raw denominator +1": "all weights of bpdn times one factor: the same minimisers",
    },
    "gap-lasso": {"claim.gap +1 unit": MORE_GAP, "claim.problem.name to sqrt-lasso": OTHER_PROBLEM},
    "gap-bpdn": {"claim.gap +1 unit": MORE_GAP},
    "gap-sqrt-lasso": {"claim.gap +1 unit": MORE_GAP},
    "gap-complex": {
        "claim.gap +1 unit": MORE_GAP,
        "claim.gap denominator -1": MORE_GAP,
        "claim.gap denominator +1": "a smaller gap that is still more than the rounding of one square root",
        "claim.problem.name to sqrt-lasso": OTHER_PROBLEM,
    },
    "training-data": {
        "claim.samples repeat 1": "a third sample without triples: nothing is claimed of it",
        "claim.triples.0.point (0,0)[0] +1 unit": NEARER,
        "claim.triples.1.point (0,0)[0] -1 unit": NEARER,
        "claim.triples.1.point denominator +1": NEARER,
        "claim.triples.1.point raw denominator +1": NEARER,
        "claim.triples.2.point (0,0)[0] -1 unit": NEARER,
        "claim.triples.2.point denominator +1": NEARER,
        "claim.triples.2.point raw denominator +1": NEARER,
        "claim.triples.3.point (0,0)[0] +1 unit": NEARER,
    },
    "barrier": {
        "claim.access to query": QUERY,
        "claim.class.householder swap 0": OTHER_DISGUISE,
        "claim.class.householder swap 1": OTHER_DISGUISE,
        "claim.class.householder.1 +1": OTHER_DISGUISE,
        "claim.class.householder.1 -1": OTHER_DISGUISE,
        "claim.class.householder.2 +1": OTHER_DISGUISE,
        "claim.class.householder.2 -1": OTHER_DISGUISE,
        "claim.class.householder.2 sign": OTHER_DISGUISE,
        "claim.class.householder.2 zero": OTHER_DISGUISE,
        "claim.class.householder to null": OTHER_DISGUISE,
        "claim.class.parameter -1 unit": OTHER_PARAMETER,
        "claim.class.parameter denominator +1": OTHER_PARAMETER,
        "claim.index +1": "the output is far from the minimiser of member 2 as well",
        "claim.output (0,0)[0] +1 unit": OTHER_ANSWER,
        "claim.output (0,0) sign": OTHER_ANSWER,
        "claim.output (0,0) zero": OTHER_ANSWER,
        "claim.output (0,0) swap": OTHER_ANSWER,
        "claim.output (1,0)[0] +1 unit": OTHER_ANSWER,
        "claim.output (1,0)[0] -1 unit": OTHER_ANSWER,
        "claim.output (2,0)[0] +1 unit": OTHER_ANSWER,
        "claim.output (2,0)[0] -1 unit": OTHER_ANSWER,
        "claim.output (3,0)[0] +1 unit": OTHER_ANSWER,
        "claim.output (3,0)[0] -1 unit": OTHER_ANSWER,
        "evidence.transcript.3 delete": "three reads of the stream instead of four: a true claim about fewer reads",
    },
    "control-ok": {
        "claim.access to query": QUERY,
        "claim.class.parameter +1 unit": OTHER_PARAMETER,
        "claim.class.parameter denominator +1": OTHER_PARAMETER,
        "claim.output (0,0)[0] -1 unit": "an output that is nearer, from the edge of the ball into it",
        "claim.output denominator +1": "an output that is nearer, from the edge of the ball into it",
        "claim.output raw denominator +1": "an output that is nearer, from the edge of the ball into it",
        "evidence.transcript.1 delete": "one read of the stream instead of two: a true claim about fewer reads",
        "evidence.transcript.1.2 -1 unit": "c rounded down: allowed where there is no second instance to agree with",
    },
    "control-inaccurate": {
        "claim.access to query": QUERY,
        "claim.class.parameter +1 unit": OTHER_PARAMETER,
        "claim.class.parameter denominator +1": OTHER_PARAMETER,
        "claim.output (0,0)[0] +1 unit": OTHER_ANSWER,
        "claim.output (0,0) sign": OTHER_ANSWER,
        "claim.output (0,0) zero": OTHER_ANSWER,
        "claim.output (0,0) swap": OTHER_ANSWER,
        "claim.output (1,0)[0] +1 unit": OTHER_ANSWER,
        "claim.output (1,0)[0] -1 unit": OTHER_ANSWER,
        "claim.output (2,0)[0] +1 unit": OTHER_ANSWER,
        "claim.output (2,0)[0] -1 unit": OTHER_ANSWER,
        "claim.output denominator +1": OTHER_ANSWER,
        "claim.output raw denominator +1": OTHER_ANSWER,
    },
    "audit-block": _audit(
        (7, [0, 1, 2, 4, 5, 6]),
        {
            "0.high": ["+1 unit"],
            "0.low": _LOWER,
            "1.high": ["-1 unit", "sign", "zero", "denominator +1"],
            "1.low": _HIGHER,
            "2.high": ["-1 unit", "sign", "zero", "denominator +1"],
            "2.low": ["+1 unit"],
            "3.high": _HIGHER,
            "3.low": _LOWER,
            "4.sigma": ["-1 unit", "denominator +1"],
            "4.tau": ["denominator +1"],
            "5.sigma": _HIGHER,
            "5.tau": _HIGHER,
        },
        [
            "points.w (2,0) sign",
            "points.z (1,0) sign",
            "points.z (1,0) swap",
            "statements.1.high +1 unit",
            "statements.1.point to minimiser",
            "statements.1.point to w",
            "statements.1.to to z",
            "statements.2.low -1 unit",
            "statements.2.to to w",
        ],
    ),
    "audit-dense": _audit(
        (5, [0, 2, 3, 4]),
        {f"{i}.{end}": changes for i in range(3) for end, changes in (("low", _LOWER), ("high", _HIGHER))}
        | {
            "3.sigma": ["-1 unit", "denominator +1"],
            "3.tau": ["denominator +1"],
            "4.sigma": ["+1 unit"],
            "4.tau": _HIGHER,
        },
        ["statements.0.to to w"],
    ),
    "audit-set": _audit(
        (7, [0, 1, 2, 3, 4, 5, 6]),
        {
            "0.high": ["+1 unit"],
            "0.low": _LOWER,
            "1.high": ["-1 unit", "sign", "zero", "denominator +1"],
            "1.low": ["+1 unit", "denominator -1"],
            "2.high": _HIGHER,
            "2.low": _LOWER,
            "3.high": ["-1 unit", "sign", "zero", "denominator +1"],
            "3.low": ["+1 unit"],
            "4.high": ["+1 unit"],
            "4.low": _LOWER,
            "5.high": _HIGHER,
            "5.low": _LOWER,
            "6.sigma": ["-1 unit", "denominator +1"],
            "6.tau": ["denominator +1"],
        },
        [
            "instance.point (0,0) swap",
            "statements.1.high +1 unit",
            "statements.1.to to z",
            "statements.3.high denominator -1",
            "statements.3.type to objective",
            "statements.3.low -1 unit",
        ],
    ),
    "audit-ray": _audit(
        (1, []),
        {"0.high": ["+1 unit"], "0.low": _LOWER},
        [
            "instance.problem.matrix (0,1)[0] +1 unit",
            "instance.problem.matrix (0,1)[0] -1 unit",
            "instance.problem.matrix (0,1) sign",
            "instance.problem.matrix (0,1) zero",
            "instance.problem.weights (1,0)[0] +1 unit",
        ],
    ),
    "audit-complex": _audit(
        (3, [1, 2]),
        {
            "0.high": ["+1 unit"],
            "0.low": _LOWER,
            "1.high": ["+1 unit"],
            "1.low": _LOWER,
            "2.high": _HIGHER,
            "2.low": _LOWER,
        },
        [],
    ),
}

SURVIVORS |= GAME_SURVIVORS
SURVIVORS |= NULL_SPACE_SURVIVORS
SURVIVORS |= RECOVERY_SURVIVORS
SURVIVORS |= BREAKDOWN_SURVIVORS
SURVIVORS |= REACH_SURVIVORS
SURVIVORS |= NETWORK_SURVIVORS
SURVIVORS |= SOLUTION_SURVIVORS
SURVIVORS |= PATH_SURVIVORS
SURVIVORS |= DATA_SURVIVORS | UNSQUARED_SURVIVORS | FIT_SURVIVORS
SURVIVORS |= PAIR_SURVIVORS
SMALL = BREAKDOWN_SMALL | REACH_SMALL | DATA_SMALL


# the mutants of these take seconds; each kind has smaller instances
MANY = (
    "reads-lasso",
    "reads-bpdn",
    "reads-sqrt-lasso",
    "recovery-levels",
    "breakdown-family-root",
    "breakdown-family-three",
    "null-space-relaxation-levels",
    "breakdown-family-complex",
    "breakdown-family",
    "breakdown-sets-complex",
    "breakdown-sets-not-the-nearest",
    "network-exists-root",
    "audit-block",
    "breakdown-ray",
    "forward-error-guess",
    "forward-error-complex",
    "recovery-dual",
    "forward-error-levels",
    "null-space-transfer",
    "recovery-exhaustive",
    "recovery-complex",
    "network-exists-complex",
    "null-space-exhaustive",
    "breakdown-zero",
)


@cache
def verdicts(instance):
    return {name: verify_bytes(data).verdict for name, data in mutants(INSTANCES[instance])}


@pytest.mark.parametrize("instance", INSTANCES)
def test_the_uncorrupted_control_is_valid(instance):
    assert verify_bytes(INSTANCES[instance]).verdict == "valid"


@pytest.mark.slow_for(*MANY)
@pytest.mark.parametrize("instance", INSTANCES)
def test_mutants_are_refused(instance):
    survivors = {name for name, verdict in verdicts(instance).items() if verdict not in ("invalid", "malformed")}
    assert survivors == SURVIVORS.get(instance, {}).keys()


@pytest.mark.slow_for(*MANY)
@pytest.mark.parametrize("instance", INSTANCES)
def test_mutants_are_mutants(instance):
    """They differ from the original and from each other in more than name, and many fail a rule and not the form."""
    made = list(mutants(INSTANCES[instance]))
    assert len({name for name, _ in made}) == len(made) > (70 if instance in SMALL else 100)
    assert INSTANCES[instance] not in {data for _, data in made}
    assert list(verdicts(instance).values()).count("invalid") >= SMALL.get(instance, 25)


def test_every_instance_is_listed():
    assert SURVIVORS.keys() <= INSTANCES.keys()
