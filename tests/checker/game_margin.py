"""The instances of `margin_one` about budgets and randomised algorithms, and the mutants of theirs that are true."""

from tests.checker.cases import budget

INSTANCES = {"budget": budget.EDGE, "budget-over": budget.EDGE_OVER}

MORE_DATA = "a larger budget, within which the same answer was given"
NEARER_LEVEL = "members of a higher level: the same reads are data of these as well"
OTHER_ANSWER = "another answer that is wrong as well: the certificate of another run"
OTHER_MEMBER = "the output is far from the minimiser of member 2 as well"
OTHER_PARAMETER = (
    "the class does not depend on the parameter of sqrt-lasso as long as beta is larger: another true claim"
)
FEWER = "no read instead of one: a true claim about an algorithm that reads nothing"
QUERY = "reads in the order of a stream may as well have been queries"

_CLASS = {
    "claim.access to query": QUERY,
    "claim.class.parameter -1 unit": OTHER_PARAMETER,
    "claim.class.parameter denominator +1": OTHER_PARAMETER,
}
_ANSWERS = ["(0,0)[0] +1 unit", "(0,0) sign", "(0,0) zero", "(0,0) swap"]
_ANSWERS += [f"({j},0)[0] {sign}1 unit" for j in (1, 2, 3) for sign in "+-"]

SURVIVORS = {
    "budget": {
        **_CLASS,
        **{f"claim.output {change}": OTHER_ANSWER for change in _ANSWERS},
        "claim.budget +1": MORE_DATA,
        "claim.index +1": OTHER_MEMBER,
        "evidence.transcript.0 delete": FEWER,
    },
    "budget-over": {**_CLASS, "claim.exponent +1": NEARER_LEVEL},
}
