"""Accepted certificates in which the comparisons of the rules hold by nothing, or by one unit of the denominator."""

from tests.proofs_checks.breakdown_margin import INSTANCES as BREAKDOWN_INSTANCES
from tests.proofs_checks.builders import (
    F,
    audit,
    block,
    dense,
    distance,
    excess,
    float64,
    gap,
    minimiser,
    objective,
    relative,
    solution_set,
    steps,
    training_data,
)
from tests.proofs_checks.cases import barrier, control
from tests.proofs_checks.cases import minimiser as minimisers
from tests.proofs_checks.data_fit_margin import INSTANCES as FIT_INSTANCES
from tests.proofs_checks.data_margin import INSTANCES as DATA_INSTANCES
from tests.proofs_checks.data_unsquared_margin import INSTANCES as UNSQUARED_INSTANCES
from tests.proofs_checks.game_margin import INSTANCES as GAME_INSTANCES
from tests.proofs_checks.network_margin import INSTANCES as NETWORK_INSTANCES
from tests.proofs_checks.null_space_margin import INSTANCES as NULL_SPACE_INSTANCES
from tests.proofs_checks.pair_margin import INSTANCES as PAIR_INSTANCES
from tests.proofs_checks.path_margin import INSTANCES as PATH_INSTANCES
from tests.proofs_checks.reach_margin import INSTANCES as REACH_INSTANCES
from tests.proofs_checks.recovery_margin import INSTANCES as RECOVERY_INSTANCES
from tests.proofs_checks.solution_margin import INSTANCES as SOLUTION_INSTANCES

H = F(1, 2)

# Both bounds are attained, so that both columns belong to the left inverse; entry 2 of x is 0.
_LASSO = minimiser("lasso", [[1, 0], [0, 1]], [2, H], 1, [F(3, 2), 0], unique=True, inverse=[[1, 0], [0, 1]])
# r = i (3/5, 4/5), |r| = 1 = eps, and the weights are as r is.
_I = (0, 0, 1)
_BPDN = minimiser(
    "bpdn", [[_I, 0], [0, _I]], [(0, 0, 2 + F(3, 5)), (0, 0, F(4, 5))], 1, [2, 0], weights=[F(3, 5), F(4, 5)],
    unique=True, inverse=[[(0, 0, -1), 0], [0, (0, 0, -1)]],
)  # fmt: skip

# At a minimiser the gap is 0, and every change of the problem, the point or the dual opens it.
_GAP_LASSO = gap("lasso", [[1]], [2], 1, [F(3, 2)], [1], 0)
_GAP_BPDN = gap("bpdn", [[1]], [2], H, [F(3, 2)], [1], 0)
_GAP_SQRT = gap("sqrt-lasso", [[1]], [-2], H, [-2], [-H], 0)
# x = 1 + i is the minimiser; |x| = sqrt 2 is rounded up by less than the unit of the gap.
_Y, _U = (1, F(1, 4), 1, F(1, 4)), (0, H, 0, H)
_GAP_COMPLEX = gap("lasso", [[1]], [_Y], 1, [(1, 0, 1)], [_U], F(1, 5**30), root=2)

# A_n, y_kn and x_kn lie exactly 2^-n away, on either side for n = 1 and n = 2.
_DATA = training_data(
    "lasso", [[1]], 1, [[2], [3]],
    [
        (1, 1, [[F(3, 2)]], [F(5, 2)], [F(13, 9) - H], [F(13, 9)]),
        (1, 2, [[F(3, 4)]], [F(7, 4)], [F(13, 9) + F(1, 4)], [F(13, 9)]),
        (2, 1, [[F(3, 2)]], [F(5, 2)], [F(13, 9) + H], [F(13, 9)]),
        (2, 2, [[F(3, 4)]], [F(13, 4)], [F(31, 9) - F(1, 4)], [F(31, 9)]),
    ],
)  # fmt: skip

# The minimiser is (1/8, 0, 0) and c = 5; the parameter is as large as it may be. The distances are 1, the negated
# intervals begin or end one unit beside it, the steps miss the bound by one unit or reach it.
_POINT = [F(1, 8) + F(3, 5), F(4, 5), 0]
_AUDIT_BLOCK = audit(
    block("lasso", [4, 3], 4),
    [
        distance("z", 1, 1),
        distance("z", F(101, 100), 2, holds=False),
        distance("z", 0, F(99, 100), holds=False),
        objective("w", F(37, 4), F(37, 4)),
        steps(F(1, 25), F(24, 25)),
        steps(F(1, 5), F(1, 5), holds=False),
        float64(1, 2, -(2**51)),
    ],
    {"z": _POINT, "w": [0, 0, H]},
)
# The minimiser is 3/4 and |A|^2 = 2; z is sqrt 2 away; its objective is 39/8.
_AUDIT_DENSE = audit(
    dense("lasso", [[(0, 1)]], [(0, 1)], 1, [F(3, 4)]),
    [
        distance("z", F(14142, 10**4), F(14143, 10**4)),
        distance("z", F(14142, 10**4), F(14143, 10**4), to="w"),
        objective("z", F(39, 8), F(39, 8)),
        steps(H, F(9999, 10**4)),
        steps(H, 1, holds=False),
    ],
    {"z": [(F(3, 4), 1)], "w": [F(3, 4)]},
    root=2, inverse=[[(0, H)]],
)  # fmt: skip
# All (t, 2 - t), 0 <= t <= 2, are minimisers, with the minimum 9/4; z is beyond the end (0, 2), and its objective 21/4.
_AUDIT_SET = solution_set(
    dense("lasso", [[1, 1]], [F(5, 2)], 1, [2, 0]),
    [
        distance("z", 1, 1),
        distance("z", F(101, 100), 2, holds=False),
        relative("z", H, H),
        relative("z", 0, F(49, 100), holds=False),
        excess("z", 3, 3),
        objective("minimiser", F(9, 4), F(9, 4)),
        steps(H, F(99, 100)),
    ],
    {"z": [-1, 2]},
    nearest={"z": ([0, 2], [0])},
)  # fmt: skip
# All (s, 0), 0 <= s <= 1.
_AUDIT_RAY = solution_set(
    dense("sqrt-lasso", [[1, H]], [1], 1, [1, 0]), [distance("z", 1, 1)], {"z": [2, 0]}, dual=[1],
    nearest={"z": ([1, 0], [1])},
)  # fmt: skip
# All (t, (2 - t) i); z = (2, -i) is nearest to (2, 0), and its objective 3 + |5/2 - (2 - 1)|^2 = 21/4.
_AUDIT_COMPLEX = solution_set(
    dense("lasso", [[1, (0, 0, -1)]], [F(5, 2)], 1, [2, 0]),
    [distance("z", 1, 1), excess("z", 3, 3), objective("z", F(21, 4), F(21, 4))],
    {"z": [2, (0, 0, -1)]},
    nearest={"z": ([2, 0], [0])},
)

INSTANCES = {
    "minimiser-lasso": _LASSO,
    "minimiser-bpdn": _BPDN,
    "minimiser-root": minimisers.LASSO_ROOT,
    "minimiser-sphere": minimisers.SQRT_SPHERE,
    "minimiser-residual": minimisers.SQRT_RESIDUAL,
    "gap-lasso": _GAP_LASSO,
    "gap-bpdn": _GAP_BPDN,
    "gap-sqrt-lasso": _GAP_SQRT,
    "gap-complex": _GAP_COMPLEX,
    "training-data": _DATA,
    "barrier": barrier.EDGE,
    "control-ok": control.EDGE,
    "control-inaccurate": control.EDGE_INACCURATE,
    "audit-block": _AUDIT_BLOCK,
    "audit-dense": _AUDIT_DENSE,
    "audit-set": _AUDIT_SET,
    "audit-ray": _AUDIT_RAY,
    "audit-complex": _AUDIT_COMPLEX,
}
INSTANCES |= GAME_INSTANCES
INSTANCES |= NULL_SPACE_INSTANCES
INSTANCES |= RECOVERY_INSTANCES
INSTANCES |= BREAKDOWN_INSTANCES
INSTANCES |= REACH_INSTANCES
INSTANCES |= NETWORK_INSTANCES
INSTANCES |= SOLUTION_INSTANCES
INSTANCES |= PATH_INSTANCES
INSTANCES |= DATA_INSTANCES | UNSQUARED_INSTANCES | FIT_INSTANCES
INSTANCES |= PAIR_INSTANCES
