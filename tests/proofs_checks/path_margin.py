"""The instances of `margin_one` of kind path, and the mutants of theirs that are true."""

from tests.proofs_checks.builders import F
from tests.proofs_checks.cases import path
from tests.proofs_checks.path_builders import followed
from tests.proofs_checks.penalised_reference import Reference

H = F(1, 2)
# everything that a problem may have; the second column has a ridge penalty, and may not be negative
_ALL = Reference(
    [[1, 4], [2, 4], [3, 10]], [1, 2, 4], [1, 1, 0],
    kappa=[0, 1, 0], centres=[2, 6], scales=[H, 2], weights=[1, 2, 1], intercept=True, nonnegative=(1,),
)  # fmt: skip

INSTANCES = {
    "path-lasso": path.LASSO,
    "path-shared": path.SHARED,
    "path-part": path.PART,
    "path-turning": path.ACCEPT["turning"],
    "path-all": followed(_ALL, [12, 6, 0]),
}

OTHER_ROW = "another row in which the one column is not 0"
LIMIT = "the coefficients are positive with and without the limit"

SURVIVORS = {
    "path-shared": {"claim.points.1.places.0 +1": "the weight is on the other one of two equal columns: another path"},
    "path-turning": {"evidence.minors.3.0 +1": OTHER_ROW},
    "path-all": {"evidence.minors.0.0 +1": OTHER_ROW}
    | {f"claim.problem.nonnegative.0 {change}": LIMIT for change in ("delete", "-1", "zero")},
}
