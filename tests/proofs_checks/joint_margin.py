"""The instances of `margin_one` of kind joint-barrier, and the mutants of theirs that are true."""

from tests.proofs_checks.cases import joint_answer, joint_barrier

INSTANCES = {
    "joint-answer": joint_answer.EDGE,
    "joint-barrier": joint_barrier.EDGE,
    "joint-barrier-blocks": joint_barrier.BLOCKS,
    "joint-barrier-root": joint_barrier.ROOT,
    "joint-barrier-complex": joint_barrier.COMPLEX,
}

MORE_DIGITS = "more digits fail where fewer do"
LESS_PRECISION = "data of precision n are data of precision n - 1 as well"
NEARER = "x_kn moves towards a minimiser of the common datum, or elsewhere in its ball"
OTHER_INVERSE = "another left inverse of one column: what it does to other rows is free"
UNUSED = "another weight for a column that no minimiser uses"
OTHER_FIELD = "sqrt(146) in the place of sqrt(145), where no minimiser is: A A* is no multiple of I, as said"

_ALL = {"claim.digits +1": MORE_DIGITS, "claim.precision -1": LESS_PRECISION}


def _inverses(rows):
    return {
        f"evidence.minimisers.{i}.{k}.left_inverse (0,{j})[0] {sign}1 unit": OTHER_INVERSE
        for i in range(4)
        for k in range(2)
        for j in range(rows)
        if j != k
        for sign in "+-"
    }


SMALL = {"joint-answer": 20}
"""An instance with few fields to change."""

MIDDLE = "an answer that is nearer to the minimisers"

SURVIVORS = {
    "joint-answer": {
        "claim.answers swap 0": "the two columns, and the data, are the same",
        "claim.answers.0 +1 unit": MIDDLE,
        "claim.answers.0 denominator -1": MIDDLE,
        "claim.answers.1 -1 unit": MIDDLE,
        "claim.answers.1 denominator +1": MIDDLE,
        "claim.precision +1": "finer data, which fewer inputs have",
    },
    "joint-barrier": {
        **_ALL,
        **{
            f"claim.points.0 {change}": NEARER
            for change in ("(1,0)[0] -1 unit", "(1,0) sign", "(1,0) zero", "(1,0) swap", "denominator +1")
        },
        "claim.points.0 raw denominator +1": NEARER,
        "claim.points.1 (1,0) swap": NEARER,
        "claim.points.1 (2,0)[0] +1 unit": NEARER,
        "claim.points.1 (2,0) sign": NEARER,
        "claim.points.1 (2,0) zero": NEARER,
    },
    "joint-barrier-blocks": {**_ALL, **_inverses(2)},
    "joint-barrier-root": {
        **_ALL,
        **_inverses(3),
        "claim.problem.weights (4,0)[0] +1 unit": UNUSED,
        "claim.root +1": OTHER_FIELD,
    },
    "joint-barrier-complex": _ALL,
}
