"""Kind data-pair: two data sets within what is known, and minimisers that are apart."""

from tests.proofs_checks.builders import F, changed
from tests.proofs_checks.pair_builders import Reference, entries, norm, pair, paired, precision, varied
from tests.proofs_checks.solution_builders import packed, sparse

H, Q, T = F(1, 2), F(1, 4), F(1, 1000)
EYE = [[1, 0], [0, 1]]
EXACT = norm(0)
ONE = Reference([[1]], [2], [1])
# x = (3/2, 0), the second slope at its bound: both ways are open to the second column
TIE = Reference(EYE, [2, H], [1, 1])
SUPPORT = paired(TIE, precision(EXACT, entries(Q)), (None, [2, Q]), (None, [2, H + Q]))
MATRIX = paired(ONE, precision(entries(Q), EXACT), ([[1 + Q]], None), ([[1 - Q]], None))
BOTH = paired(
    Reference([[1, 0], [1, 1]], [3, 1], [1, 1]),
    precision(entries([[Q, 0], [H, Q]]), entries([[H], [0]])),
    ([[1 + Q, 0], [H, 1 + Q]], [3 + H, 1]),
    ([[1 - Q, 0], [1, 1]], [3 - H, 1]),
)
# 3/10, 4/10 and 5/10 are sides of a triangle: the sums of squares are those of the radii
EDGE = paired(
    Reference([[2, 0], [0, 2]], [3, 4], [1, 1]),
    precision(norm(H), norm(H)),
    ([[2 + F(3, 10), 0], [0, 2 + F(4, 10)]], [3 + F(4, 10), 4 - F(3, 10)]),
    ([[2, 0], [0, 2 - H]], None),
)
# both singular values are 1/2, so that the sum of squares is twice their square
SPECTRAL = paired(
    Reference([[2, 0], [0, 2]], [3, 4], [1, 1]), precision(norm(H + T), EXACT),
    ([[2 + H, 0], [0, 2 + H]], None), ([[2, H], [-H, 2]], None),
)  # fmt: skip
WIDE = paired(
    Reference([[2, 0, 1]], [3], [1, 1, 1]), precision(norm(F(9, 10)), EXACT), ([[2 + H, H, 1 - H]], None), (None, None)
)
# nearly equal columns, of which either may be the larger
TWINS = paired(
    Reference([[1, 1], [0, 0]], [3, 0], [1, 1]), precision(entries(T), EXACT),
    ([[1 + T, 1 - T], [0, T]], None), ([[1 - T, 1 + T], [0, 0]], None),
)  # fmt: skip
FULL = paired(
    Reference(
        [[1, 4], [2, 4], [3, 10]], [1, 2, 4], [H, H, 0],
        kappa=[0, Q, 0], centres=[2, 6], scales=[F(1, 3), 2], weights=[1, 2, 1], intercept=True, nonnegative=(1,),
    ),
    precision(entries([[Q, H]]), norm(H)),
    ([[1, 4 - H], [2 - Q, 4], [3, 10]], [1, 2, 4 + H]),
    ([[1, 4], [2, 4 + H], [3 - Q, 10]], None),
)  # fmt: skip
SIGNS = paired(Reference([[1, 0], [0, 1]], [1, 0], [0, 1]), precision(EXACT, norm(2)), (None, [-1, 0]), (None, [1, 2]))

ACCEPT = {
    "data": paired(ONE, precision(EXACT, entries(Q)), (None, [2 + Q]), (None, [2 - Q])),
    "data-norm": paired(ONE, precision(EXACT, norm(Q)), (None, [2 + Q]), (None, [2 - Q])),
    "one-is-the-given": paired(ONE, precision(EXACT, norm(Q)), (None, None), (None, [2 - Q])),
    "matrix": MATRIX,
    "matrix-and-data": BOTH,
    "norm-edge": EDGE,
    "spectral": SPECTRAL,
    "spectral-wide": WIDE,
    "support": SUPPORT,
    "support-of-twins": TWINS,
    "signs": SIGNS,
    "zero": paired(ONE, precision(EXACT, norm(2)), (None, [0]), (None, [2])),
    "all": FULL,
    "ridge": paired(
        Reference([[1, 1]], [2], [0, 0], kappa=[1, H]), precision(entries([[Q, 0]]), EXACT),
        ([[1 + Q, 1]], None), ([[1 - Q, 1]], None),
    ),
    "intercept": paired(
        Reference([[0], [1], [2]], [1, 2, 4], [1, 0], intercept=True), precision(EXACT, entries([[0], [0], [1]])),
        (None, [1, 2, 5]), (None, [1, 2, 3]),
    ),
}  # fmt: skip


def _first(key, value, data):
    return changed(data, ["evidence", "first", key], value)


def _known(part, value, data):
    return changed(data, ["claim", "precision", part], value)


REJECT = {
    "entry-of-data-beyond": ("admissible", _known("data", entries(Q - T), SUPPORT)),
    "entry-of-matrix-beyond": ("admissible", _known("matrix", entries([[Q, 0], [H - T, Q]]), BOTH)),
    "other-entry-of-matrix-beyond": ("admissible", _known("matrix", entries([[Q, 0], [H, Q - T]]), BOTH)),
    "radii-of-another-shape": ("admissible", _known("matrix", entries([[Q, H]]), BOTH)),
    "data-known": ("admissible", _known("data", norm(0), SUPPORT)),
    "matrix-known": ("admissible", _known("matrix", norm(0), MATRIX)),
    "norm-of-data-beyond": ("admissible", _known("data", norm(H - T), EDGE)),
    "norm-of-matrix-beyond": ("admissible", _known("matrix", norm(H - T), EDGE)),
    "spectral-beyond": ("admissible", _known("matrix", norm(H - T), SPECTRAL)),
    # the sum of squares is more than that of 1/2, and no eigenvalue is left to spare
    "spectral-exactly": ("admissible", _known("matrix", norm(H), SPECTRAL)),
    "spectral-wide-beyond": ("admissible", _known("matrix", norm(F(86, 100)), WIDE)),
    "no-minimiser": ("support", _first("point", sparse([F(3, 2) + T, 0]), SUPPORT)),
    "minimiser-of-the-given": ("gradient", _first("point", sparse([1]), ACCEPT["one-is-the-given"])),
    "second-data-forgotten": ("support", changed(SUPPORT, ["evidence", "second", "data"], None)),
    "negative": (
        "feasible",
        pair(
            [[1]], [-2], [1], precision(EXACT, norm(Q)), varied([0], [], y=[-2 - Q]),
            varied([F(-3, 2)], [0]), nonnegative=[0],
        ),
    ),
    "not-the-only-one": (
        "minor",
        pair(
            [[1, 1]], [3], [1, 1], precision(EXACT, norm(Q)),
            varied([1, F(3, 2)], [0], y=[3]), varied([0, F(5, 2)], [0]),
        ),
    ),
    "minor-of-too-many-rows": ("minor", _first("rows", ["0x0", "0x1"], SUPPORT)),
    "the-same": ("apart", paired(ONE, precision(EXACT, norm(Q)), (None, [2 + Q]), (None, [2 + Q]))),
    "apart-in-the-intercept": (
        "apart",
        paired(
            Reference([[0], [1]], [1, 2], [1, 0], intercept=True), precision(EXACT, entries(H)),
            (None, [1 + H, 2 + H]), (None, [1 - H, 2 - H]),
        ),
    ),
}  # fmt: skip

MALFORMED = {
    "objective": ("objective must be one of lasso", changed(SUPPORT, ["claim", "objective"], "bpdn")),
    "precision-twice": (
        "must have one of entries and norm", _known("data", norm(Q) | {"entries": entries(Q)["entries"]}, SUPPORT),
    ),
    "precision-nothing": ("must have one of entries and norm", _known("data", norm(Q) | {"norm": None}, SUPPORT)),
    "norm-negative": ("norm must be at least 0", _known("data", norm(-Q), SUPPORT)),
    "entries-negative": ("entries must be at least 0", _known("matrix", entries([[Q, 0], [H, -Q]]), BOTH)),
    "entries-of-another-shape": ("must have 1 or 2 rows", _known("matrix", entries([[Q, 0, 0]]), BOTH)),
    "entries-of-data-in-a-row": ("must have 1 or 2 rows", _known("data", entries([[Q, Q]]), BOTH)),
    "columns-without-matrix": ("matrix must be null if there are no columns", _first("columns", ["0x0"], SUPPORT)),
    "matrix-without-columns": (
        "matrix must be null if there are no columns", _first("matrix", packed([1, 1], (2, 1)), SUPPORT),
    ),
    "columns-twice": ("must strictly increase", _first("columns", ["0x0", "0x0"], BOTH)),
    "columns-outside": ("must be 0 to 1", _first("columns", ["0x0", "0x2"], BOTH)),
    "matrix-of-other-columns": ("must have the shape (2, 1)", _first("columns", ["0x0"], BOTH)),
    "data-too-long": ("must have the shape (2,)", _first("data", packed([1, 1, 1]), SUPPORT)),
    "point-outside": ("must be 0 to 1", _first("point", sparse([1, 1, 1]), SUPPORT)),
    "rows-outside": ("must be 0 to 1", _first("rows", ["0x2"], SUPPORT)),
    "no-rows": ("must be a list", _first("rows", None, SUPPORT)),
}  # fmt: skip
