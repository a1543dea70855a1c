"""Kind solution-digits: coefficients beside the minimisers of penalised least squares."""

from tests.proofs_checks.builders import F, changed
from tests.proofs_checks.penalised_reference import Reference, certified
from tests.proofs_checks.solution_builders import packed, solution, sparse

H, T = F(1, 2), F(1, 1000)
EYE = [[1, 0], [0, 1]]
# x = (3/2, 0): both columns attain the bound, the second with the entry 0
LASSO = solution(EYE, [2, H], [1, 1], [F(3, 2) + T, 0], [F(3, 2), 0], rows=[0, 1])
# x_1 + x_2 = 2, both at least 0, are all minimisers
EQUAL = [[1, 1]], [F(5, 2)], [1, 1]
NO = solution(*EQUAL, [2, 1], [F(3, 2), H], "no", q=[H], other=[2, 0])
OPEN = solution(*EQUAL, [2, 1], [F(3, 2), H], "open", q=[H])
# beyond the end (2, 0): 3/2 - q <= 0 does not bind, and e_1 = 0 does
CORNER = solution(*EQUAL, [5, -1], [2, 0], "no", q=[3], other=[1, 1])
# x_1 - x_2 = 2, x_1 >= 0 >= x_2
OPPOSITE = solution([[1, -1]], [F(5, 2)], [1, 1], [1, -2], [H, F(-3, 2)], "no", q=[H], other=[2, 0])
# all minimisers have x_2 + x_3 = 1 and the rest of the fit in the intercept, which a constant column shares
LEAST = Reference([[1, 0], [1, 2], [1, 4]], [1, 2, 3], [0, 0, 0], intercept=True)
SHARED = certified(LEAST, [1, H, 0], p=[1, H, 0], other=[0, H, 1])
SCALED = Reference([[1, 4], [2, 4], [3, 10]], [1, 2, 4], [H, H, 0], centres=[2, 6], scales=[F(1, 3), 2], intercept=True)
NONNEGATIVE = Reference([[2, 1], [0, 1]], [2, -3], [H, H], nonnegative=(0, 1))
NET = Reference([[1, 1]], [F(5, 2)], [1, 1], kappa=[H, H])
WEIGHTED = Reference(EYE, [2, 2], [1, 1], weights=[H, 3])
RIDGE = Reference([[1, 2], [0, 1]], [1, 1], [0, 0], kappa=[1, H])
FREE = solution([[1, 2]], [3], [0, 0], [2, 2], [F(7, 5), F(4, 5)], "no", q=[F(3, 5)], other=[3, 0])
# the first of two equal columns may not be negative, and both have no penalty
MIXED = solution([[1, 1]], [3], [0, 0], [-3, 2], [0, 3], "no", q=[-1], other=[9, -6], nonnegative=[0])
TALL = Reference([[1, 0], [1, 1], [0, 1], [2, 1]], [1, 2, 0, 3], [H, H])

ACCEPT = {
    "lasso": LASSO,
    "lasso-exact": solution(EYE, [2, H], [1, 1], [F(3, 2), 0], [F(3, 2), 0], rows=[0, 1]),
    "lasso-zero": solution(EYE, [H, H], [2, 2], [T, 0], [0, 0], rows=[]),
    "lasso-one-column": certified(Reference([[3]], [2], [1]), [F(2, 3)]),
    "lasso-tall": certified(TALL, [1, H]),
    "least-squares": certified(Reference([[1, 0], [1, 1], [1, 2]], [1, 2, 2], [0, 0]), [1, H]),
    "net": certified(NET, [H, F(2, 3)]),
    "ridge": certified(RIDGE, [H, H]),
    "weighted": certified(WEIGHTED, [H, 2]),
    "intercept": certified(Reference([[0], [1], [2]], [1, 2, 4], [1, 0], intercept=True), [1, 1]),
    "scaled": certified(SCALED, [F(1, 5), 1, 2]),
    "nonnegative": certified(NONNEGATIVE, [F(7, 8), 0]),
    "nonnegative-infeasible": certified(NONNEGATIVE, [F(7, 8), -T]),
    "support-wrong": solution(EYE, [2, H], [1, 1], [0, T], [F(3, 2), 0], rows=[0, 1]),
    "no": NO,
    "no-at-the-end": CORNER,
    "no-opposite": OPPOSITE,
    "no-shared-with-the-intercept": SHARED,
    "no-without-penalty": FREE,
    "open-in-the-feature": solution([[1], [1]], [0, 0], [0, 0], [2, 0], [2, -2], "open", q=[0], intercept=True),
    "no-mixed": MIXED,
    "open": OPEN,
    "open-of-a-minimiser": solution(*EQUAL, [H, F(3, 2)], [H, F(3, 2)], "open", q=[0]),
}  # fmt: skip


def _claim(key, value, data=LASSO):
    return changed(data, ["claim", *key.split(".")], value)


REJECT = {
    "lasso-too-long": ("support", _claim("minimiser", sparse([F(3, 2) + T, 0]))),
    "lasso-too-short": ("gradient", _claim("minimiser", sparse([F(3, 2) - T, 0]))),
    "lasso-of-the-wrong-side": ("gradient", _claim("minimiser", sparse([F(-3, 2), 0]))),
    "lasso-not-zero": ("support", _claim("minimiser", sparse([F(3, 2), T]))),
    "lasso-halved": ("support", _claim("problem.penalties", packed([2, 2]))),
    "bound-exceeded": ("gradient", _claim("problem.data", packed([2, H + T]))),
    "weights-forgotten": ("gradient", _claim("problem.observation_weights", None, certified(WEIGHTED, [H, 2]))),
    "ridge-forgotten": ("gradient", _claim("problem.ridge", None, certified(NET, [H, F(2, 3)]))),
    "intercept-moved": (
        "gradient",
        certified(Reference([[0], [1], [2]], [1, 2, 4], [1, 0], intercept=True), [1, 1], p=[1, 1], unique="open"),
    ),
    "centres-forgotten": ("gradient", _claim("problem.centres", None, certified(SCALED, [F(1, 5), 1, 2]))),
    "nonnegative-broken": (
        "feasible", solution([[1]], [-2], [1], [0], [F(-3, 2)], rows=[0], nonnegative=[0]),
    ),
    "nonnegative-gradient": (
        "gradient", solution([[1]], [2], [1], [0], [0], rows=[], nonnegative=[0]),
    ),
    "minor-of-one-row": ("minor", changed(LASSO, ["evidence", "rows"], ["0x1"])),
    "minor-of-the-first-row": ("minor", changed(LASSO, ["evidence", "rows"], ["0x0"])),
    "minor-zero": ("minor", solution([[1, 1], [2, 2]], [F(3, 2), 2], [1, 1], [1, 0], [1, 0], rows=[0, 1])),
    "nearest-of-another-multiplier": ("nearest", changed(NO, ["evidence", "multiplier"], sparse([1]))),
    "nearest-beyond-the-end": ("nearest", changed(CORNER, ["evidence", "multiplier"], sparse([F(5, 2)]))),
    "nearest-of-the-wrong-end": ("nearest", solution(*EQUAL, [5, -1], [0, 2], "open", q=[5])),
    "nearest-with-the-intercept": (
        "nearest", certified(LEAST, [1, H, 0], p=[0, H, 1], unique="open"),
    ),
    "nearest-in-all-coordinates": (
        "nearest",
        certified(Reference([[1], [1]], [0, 0], [0, 0], intercept=True), [2, 0], p=[1, -1], unique="open"),
    ),
    "other-itself": ("other", changed(NO, ["evidence", "other"], sparse([F(3, 2), H]))),
    "other-of-another-fit": ("other", changed(NO, ["evidence", "other"], sparse([2, 1]))),
    "other-of-the-wrong-sign": ("other", changed(NO, ["evidence", "other"], sparse([3, -1]))),
    "other-negative": ("other", changed(MIXED, ["evidence", "other"], sparse([-1, 4]))),
}  # fmt: skip


def _problem(key, value, data=LASSO):
    return changed(data, ["claim", "problem", key], value)


_INTERCEPT = ACCEPT["intercept"]
MALFORMED = {
    "unique-unknown": ("unique must be one of", changed(LASSO, ["claim", "unique"], "perhaps")),
    "unique-without-rows": ("evidence.rows must not be null", changed(LASSO, ["evidence", "rows"], None)),
    "unique-with-multiplier": (
        "evidence.multiplier must be null", changed(LASSO, ["evidence", "multiplier"], sparse([0, 0])),
    ),
    "no-without-other": ("evidence.other must not be null", changed(NO, ["evidence", "other"], None)),
    "open-with-other": ("evidence.other must be null", changed(OPEN, ["evidence", "other"], sparse([2, 0]))),
    "open-with-rows": ("evidence.rows must be null", changed(OPEN, ["evidence", "rows"], [])),
    "rows-twice": ("must strictly increase", changed(LASSO, ["evidence", "rows"], ["0x1", "0x1"])),
    "rows-outside": ("must be 0 to 1", changed(LASSO, ["evidence", "rows"], ["0x0", "0x2"])),
    "matrix-of-one-side": ("must have two sides", _problem("matrix", packed([1, 0]))),
    "matrix-sparse": ("lacks the key", _problem("matrix", sparse([1, 0]))),
    "data-too-long": ("must have the shape (2,)", _problem("data", packed([1, 2, 3]))),
    "penalties-negative": ("penalties must be at least 0", _problem("penalties", packed([1, -1]))),
    "penalties-of-the-intercept": ("the intercept has no penalty", _problem("penalties", packed([1, 1]), _INTERCEPT)),
    "penalties-without-the-intercept": ("must have the shape (2,)", _problem("penalties", packed([1]), _INTERCEPT)),
    "ridge-negative": ("ridge must be at least 0", _problem("ridge", packed([0, -1]))),
    "scales-zero": ("scales must be positive", _problem("scales", packed([1, 0]))),
    "weights-zero": ("observation_weights must be positive", _problem("observation_weights", packed([1, 0]))),
    "nonnegative-outside": ("must be 0 to 1", _problem("nonnegative", ["0x2"])),
    "nonnegative-twice": ("must strictly increase", _problem("nonnegative", ["0x0", "0x0"])),
    "coefficients-sparse": ("lacks the key", changed(LASSO, ["claim", "coefficients"], sparse([1, 0]))),
    "minimiser-with-a-zero": (
        "has a zero",
        changed(LASSO, ["claim", "minimiser"], {"entries": packed([1, 0]), "places": ["0x0", "0x1"]}),
    ),
    "minimiser-without-places": (
        "must be null if there are no places",
        changed(LASSO, ["claim", "minimiser"], {"entries": packed([1]), "places": []}),
    ),
    "minimiser-too-short": (
        "must have the shape (2,)",
        changed(LASSO, ["claim", "minimiser"], {"entries": packed([1]), "places": ["0x0", "0x1"]}),
    ),
    "file-not-beside": (
        "is not beside the certificate", _problem("matrix", {"file": "X.npy", "sha256": "0" * 64}),
    ),
}  # fmt: skip
