"""The instances of `margin_one` about budgets and randomised algorithms, and the mutants of theirs that are true."""

from tests.proofs_checks.cases import budget, nested_ties, randomised

INSTANCES = {
    "budget": budget.EDGE,
    "budget-over": budget.EDGE_OVER,
    "randomised": randomised.EDGE,
    "randomised-budget": randomised.EDGE_BUDGET,
    "randomised-sampled": randomised.TIGHT,
    "nested-ties": nested_ties.EDGE,
    "nested-ties-budget": nested_ties.EDGE_BUDGET,
}

MORE_DATA = "a larger budget, within which the same answer was given"
NEARER_LEVEL = "members of a higher level: the same reads are data of these as well"
OTHER_ANSWER = "another answer that is wrong as well: the certificate of another run"
OTHER_MEMBER = "the output is far from the minimiser of member 2 as well"
OTHER_PARAMETER = (
    "the class does not depend on the parameter of sqrt-lasso as long as beta is larger: another true claim"
)
FEWER = "no read instead of one: a true claim about an algorithm that reads nothing"
SAME_OUTCOME = "another answer that is right, or wrong, as the one before: the outcomes of another algorithm"
OTHER_DISGUISE = "another orthogonal disguise, or none: heights, minimisers and transcripts are the same"
OTHER_ORDER = "the outcomes in another order"
OTHER_READS = "an outcome with one read less or more, of data that other outcomes read too"
LESS_KNOWN = (
    "less is known: what was right is now counted as right because it is unknown, so that the bound is the same"
)
OTHER_LEVEL = "members of another level, where as many runs are right"
OTHER_SEED = "other seeds: the evidence of other runs"
FEWER_RIGHT = "a run that is wrong where one was right: the bound holds with more room"
MORE_KNOWN = "more is known, and right: it was counted as right before, because it was unknown"
OTHER_DATUM = "another rational c_n that is as near to c as a datum has to be"
QUERY = "reads in the order of a stream may as well have been queries"

_CLASS = {
    "claim.access to query": QUERY,
    "claim.class.parameter -1 unit": OTHER_PARAMETER,
    "claim.class.parameter denominator +1": OTHER_PARAMETER,
}
_ANSWERS = ["(0,0)[0] +1 unit", "(0,0) sign", "(0,0) zero", "(0,0) swap"]
_ANSWERS += [f"({j},0)[0] {sign}1 unit" for j in (1, 2, 3) for sign in "+-"]

_MOVED = [f"({j},0)[0] {sign}1 unit" for j in range(4) for sign in "+-"]


_PLACES = [f"({j},0)[0] {sign}1 unit" for j in range(6) for sign in "+-"]


def _outputs(index, changes):
    """Changes of the output of an outcome that leave it right, or wrong."""
    return {f"evidence.outcomes.{index}.output {change}": SAME_OUTCOME for change in changes}


SURVIVORS = {
    "budget": {
        **_CLASS,
        **{f"claim.output {change}": OTHER_ANSWER for change in _ANSWERS},
        "claim.budget +1": MORE_DATA,
        "claim.index +1": OTHER_MEMBER,
        "evidence.transcript.0 delete": FEWER,
    },
    "budget-over": {**_CLASS, "claim.exponent +1": NEARER_LEVEL},
    "randomised": {
        **_CLASS,
        "claim.class.householder swap 0": OTHER_DISGUISE,
        "claim.class.householder swap 1": OTHER_DISGUISE,
        "claim.class.householder.1 +1": OTHER_DISGUISE,
        "claim.class.householder.1 -1": OTHER_DISGUISE,
        "claim.class.householder.2 +1": OTHER_DISGUISE,
        "claim.class.householder.2 -1": OTHER_DISGUISE,
        "claim.class.householder.2 sign": OTHER_DISGUISE,
        "claim.class.householder.2 zero": OTHER_DISGUISE,
        "claim.class.householder to null": OTHER_DISGUISE,
        "evidence.outcomes swap 0": OTHER_ORDER,
        "evidence.outcomes.1.reads.0 delete": OTHER_READS,
        **_outputs(0, [*_MOVED[1:], "denominator +1", "raw denominator +1"]),
        **_outputs(1, [_MOVED[0], *_MOVED[2:], "(0,0) sign", "(0,0) zero", "(0,0) swap"]),
    },
    "randomised-budget": {
        **_CLASS,
        "claim.exponent +1": NEARER_LEVEL,
        "evidence.outcomes swap 0": OTHER_ORDER,
        "evidence.outcomes swap 1": OTHER_ORDER,
        "evidence.outcomes.0 delete": LESS_KNOWN,
        "evidence.outcomes.0.weight -1": LESS_KNOWN,
        "evidence.outcomes.0.reads.0 delete": OTHER_READS,
        **_outputs(0, [*_MOVED, "denominator +1"]),
        **_outputs(1, _MOVED),
    },
    "randomised-sampled": {
        "claim.class.parameter +1 unit": OTHER_PARAMETER,
        "claim.class.parameter denominator +1": OTHER_PARAMETER,
        "claim.exponent +1": OTHER_LEVEL,
        "claim.exponent -1": OTHER_LEVEL,
        "claim.index +1": FEWER_RIGHT,
        "evidence.outcomes swap 0": OTHER_ORDER,
        "evidence.outcomes.0.reads repeat 0": OTHER_READS,
        "evidence.outcomes.0.seeds.0 +1": OTHER_SEED,
        "evidence.outcomes.0.seeds.0 -1": OTHER_SEED,
        "evidence.outcomes.1.seeds.0 +1": OTHER_SEED,
        **{f"evidence.outcomes.0.output (0,0) {change}": FEWER_RIGHT for change in ("sign", "zero", "swap")},
        **_outputs(0, [*_MOVED[:6], "denominator +1", "raw denominator +1"]),
        **_outputs(1, _MOVED[:6]),
    },
    "nested-ties": {
        **_CLASS,
        "claim.class.householder swap 0": OTHER_DISGUISE,
        "claim.class.householder swap 1": OTHER_DISGUISE,
        "claim.class.householder.1 +1": OTHER_DISGUISE,
        "claim.class.householder.1 -1": OTHER_DISGUISE,
        "claim.class.householder.2 +1": OTHER_DISGUISE,
        "claim.class.householder.2 -1": OTHER_DISGUISE,
        "claim.class.householder.2 sign": OTHER_DISGUISE,
        "claim.class.householder.2 zero": OTHER_DISGUISE,
        "claim.class.householder to null": OTHER_DISGUISE,
        "evidence.outcomes swap 0": OTHER_ORDER,
        "evidence.outcomes.0.weight +1": MORE_KNOWN,
        "evidence.outcomes.1.reads.0 delete": OTHER_READS,
        **_outputs(0, [*_PLACES[:4], *_PLACES[5:], "denominator +1", "raw denominator +1"]),
        **_outputs(1, [*_PLACES[:5], *_PLACES[6:], "denominator +1", "raw denominator +1"]),
        **_outputs(1, ["(1,0) swap", "(2,0) sign", "(2,0) zero", "(2,0) swap"]),
        "evidence.transcript.0.2 -1 unit": OTHER_DATUM,
        "evidence.transcript.0.2 denominator +1": OTHER_DATUM,
        "evidence.transcript.1.2 +1 unit": OTHER_DATUM,
        "evidence.transcript.1.2 denominator -1": OTHER_DATUM,
        "evidence.transcript.3.2 +1 unit": OTHER_DATUM,
        "evidence.transcript.4.2 -1 unit": OTHER_DATUM,
        "evidence.transcript.5.2 -1 unit": OTHER_DATUM,
        "evidence.transcript.5.2 denominator +1": OTHER_DATUM,
    },
    "nested-ties-budget": {
        "claim.access to query": QUERY,
        "claim.class.parameter +1 unit": OTHER_PARAMETER,
        "claim.class.parameter denominator +1": OTHER_PARAMETER,
        "evidence.outcomes swap 0": OTHER_ORDER,
        "evidence.outcomes swap 1": OTHER_ORDER,
        "evidence.outcomes.0 delete": LESS_KNOWN,
        "evidence.outcomes.0.weight +1": MORE_KNOWN,
        "evidence.outcomes.0.weight -1": LESS_KNOWN,
        "evidence.outcomes.0.reads.0 delete": OTHER_READS,
        **_outputs(0, ["(3,0)[0] -1 unit", "(3,0) sign", "(3,0) zero", "denominator +1", "raw denominator +1"]),
        **_outputs(1, _PLACES[:8]),
        "evidence.transcript.0.2 -1 unit": OTHER_DATUM,
        "evidence.transcript.1.2 -1 unit": OTHER_DATUM,
    },
}
