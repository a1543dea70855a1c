"""Kind path: minimisers of penalised least squares at all levels of the penalty."""

from tests.proofs_checks.builders import F, changed, rat
from tests.proofs_checks.path_builders import EQUAL, followed, mairal_yu, path
from tests.proofs_checks.penalised_reference import Reference
from tests.proofs_checks.solution_builders import packed, sparse

H, T = F(1, 2), F(1, 1000)
EYE = [[1, 0], [0, 1]]
# x = (2 - lambda/2, 1 - lambda/2), each from where it is positive
LASSO = path(EYE, [2, 1], [1, 1], [4, 2, 0], [[0, 0], [1, 0], [2, 1]], [[], [0], [0, 1]])
# x_1 + x_2 = 2 - lambda/2
SHARED = path([[1, 1]], [2], [1, 1], [4, 2, 0], [[0, 0], [1, 0], [1, 1]], [[], None, None])
# x_1 rises, falls, and comes back with the other sign
TURNING = Reference(*mairal_yu(2, [F(1, 4)]), [1, 1])
TURNS = [2, 1, F(2, 3), F(2, 13), 0]
INTERCEPT = Reference([[1], [-1]], [3, 1], [1, 0], intercept=True)
FREE = Reference(EYE, [2, 1], [1, 0])
RIDGE = Reference([[1, 1]], [2], [1, 1], kappa=[1, 1])
SCALED = Reference([[1, 4], [2, 4], [3, 10]], [1, 2, 4], [1, 1, 0], centres=[2, 6], scales=[H, 2], intercept=True)
WEIGHTED = Reference(EYE, [2, 2], [1, 1], weights=[1, 2])
NONNEGATIVE = Reference([[2, 1], [0, 1]], [2, -3], [1, 1], nonnegative=(0, 1))
ONE_SIDED = Reference(EYE, [2, -1], [1, 1], nonnegative=(0,))
PART = path(EYE, [2, 1], [1, 1], [3, 2, 1], [[H, 0], [1, 0], [F(3, 2), H]], [None, [0], [0, 1]])
# two columns without a penalty are equal
EQUAL_FREE = path(
    [[1, 1, 0], [0, 0, 1]], [1, 2], [0, 0, 1], [4, 0], [[1, 0, 0], [1, 0, 2]], [None, None]
)  # fmt: skip
LEVELS = ["claim", "breakpoints"]

ACCEPT = {
    "lasso": LASSO,
    "lasso-one-column": path([[1]], [2], [1], [4, 0], [[0], [2]], [[], [0]]),
    "lasso-by-brute-force": followed(Reference(EYE, [2, 1], [1, 1]), [4, 2, 1, 0]),
    "part": PART,
    "unique-in-part": path(EYE, [2, 1], [1, 1], [4, 2, 0], [[0, 0], [1, 0], [2, 1]], [[], None, [0, 1]]),
    "one-level": path(EYE, [2, 1], [1, 1], [3], [[H, 0]], [None]),
    "nothing": path(EYE, [0, 0], [1, 1], [0], [[0, 0]], [[]]),
    "turning": followed(TURNING, TURNS),
    "shared": SHARED,
    "shared-by-one": followed(EQUAL, [4, 0], points=[[0, 0], [2, 0]]),
    "intercept": followed(INTERCEPT, [4, 0]),
    "without-penalty": followed(FREE, [4, 0]),
    "without-penalty-equal": EQUAL_FREE,
    "ridge": followed(RIDGE, [4, 0]),
    "scaled": followed(SCALED, [12, 4, 0]),
    "weighted": followed(WEIGHTED, [8, 4, 0]),
    "nonnegative": followed(NONNEGATIVE, [8, 0]),
    "nonnegative-in-part": followed(ONE_SIDED, [4, 2, 0]),
}


def _claim(key, value, data=LASSO):
    return changed(data, ["claim", *key.split(".")], value)


def _minors(k, value, data=LASSO):
    return changed(data, ["evidence", "minors", k], value)


REJECT = {
    "piece-left-out": ("pattern", path(EYE, [2, 1], [1, 1], [4, 0], [[0, 0], [2, 1]], [[], [0, 1]])),
    "sign-changes": ("pattern", followed(TURNING, [1, 0], rests=False)),
    "begins-too-late": ("gradient", path(EYE, [2, 1], [1, 1], [3, 2, 0], [[0, 0], [1, 0], [2, 1]], [[], [0], [0, 1]])),
    "begins-too-early": ("pattern", path(EYE, [2, 1], [1, 1], [5, 2, 0], [[0, 0], [1, 0], [2, 1]], [[], [0], [0, 1]])),
    "point-too-long": ("support", path(EYE, [2, 1], [1, 1], [4, 2, 0], [[0, 0], [1, T], [2, 1]], [[], [0], [0, 1]])),
    "point-too-short": (
        "gradient", path(EYE, [2, 1], [1, 1], [4, 2, 0], [[0, 0], [1, 0], [2 - T, 1]], [[], None, None]),
    ),
    "end-of-another-level": (
        "support", path(EYE, [2, 1], [1, 1], [4, 2, T], [[0, 0], [1, 0], [2, 1]], [[], None, None]),
    ),
    "unique-above-a-point": ("above", path(EYE, [2, 1], [1, 1], [3, 2], [[H, 0], [1, 0]], [[0], [0]])),
    "unique-although-shared": ("minor", path([[1, 1]], [2], [1, 1], [4, 0], [[0, 0], [1, 1]], [[], [0]])),
    "unique-although-equal-above": (
        "minor", path([[1, 1, 0], [0, 0, 1]], [1, 2], [0, 0, 1], [4, 0], [[1, 0, 0], [1, 0, 2]], [[0, 1], None]),
    ),
    "minor-of-the-end": ("minor", _minors(1, ["0x0", "0x1"])),
    "minor-of-other-rows": ("minor", _minors(1, ["0x1"])),
    "ridge-forgotten": ("gradient", _claim("problem.ridge", None, followed(RIDGE, [4, 0]))),
    "weights-forgotten": ("support", _claim("problem.observation_weights", None, followed(WEIGHTED, [8, 4, 0]))),
    "penalties-doubled": ("gradient", _claim("problem.penalties", packed([H, H]))),
    "negative-where-it-may-not-be": (
        "feasible", path([[1]], [-2], [1], [4, 0], [[0], [-2]], [[], [0]], nonnegative=[0]),
    ),
}  # fmt: skip

MALFORMED = {
    "no-breakpoint": ("must not be empty", path(EYE, [2, 1], [1, 1], [], [], [])),
    "breakpoints-rise": (
        "must strictly decrease", path(EYE, [2, 1], [1, 1], [0, 2, 4], [[2, 1], [1, 0], [0, 0]], [None, [0, 1], [0]]),
    ),
    "breakpoint-twice": (
        "must strictly decrease", path(EYE, [2, 1], [1, 1], [4, 4, 0], [[0, 0], [0, 0], [2, 1]], [None, None, None]),
    ),
    "breakpoint-negative": ("must be at least 0", changed(LASSO, [*LEVELS, 2], rat(F(-1)))),
    "breakpoint-not-in-lowest-terms": ("is not in lowest terms", changed(LASSO, [*LEVELS, 0], ["0x8", "0x2"])),
    "breakpoint-a-float": ("must be a hexadecimal integer", changed(LASSO, [*LEVELS, 0], ["4.0", "0x1"])),
    "points-too-few": ("must have 3 entries", _claim("points", [sparse([0, 0]), sparse([2, 1])])),
    "unique-too-short": ("must have 3 entries", _claim("unique", [True, True])),
    "minors-too-many": (
        "must have 3 entries", changed(LASSO, ["evidence", "minors"], [[], ["0x0"], ["0x0", "0x1"], []]),
    ),
    "unique-without-minor": ("must not be null here", _minors(1, None)),
    "minor-without-unique": ("must be null here", changed(LASSO, ["claim", "unique", 1], False)),
    "unique-a-word": ("must be true or false", changed(LASSO, ["claim", "unique", 1], "yes")),
    "minor-with-a-row-twice": ("must strictly increase", _minors(2, ["0x0", "0x0"])),
    "minor-with-a-row-outside": ("must be 0 to 1", _minors(1, ["0x2"])),
    "point-too-long": ("must be 0 to 1", changed(LASSO, ["claim", "points", 1], sparse([1, 0, 1]))),
    "point-packed": ("lacks the key entries", changed(LASSO, ["claim", "points", 1], packed([1, 0]))),
    "penalty-of-the-intercept": (
        "the intercept has no penalty", _claim("problem.penalties", packed([1, 1]), followed(INTERCEPT, [4, 0])),
    ),
}  # fmt: skip
