"""Kind operator-norm. The norms are known: of diagonal matrices, of rows, and of multiples of unitary matrices."""

from tests.proofs_checks.builders import F, changed, matrix
from tests.proofs_checks.null_space_builders import operator_norm

H = F(1, 2)
I = (0, 0, 1)

# |A| = 5, and high^2 I - A A* is [0].
ROW = operator_norm([[3, 4]], 5, 5, [[0]], [3, 4])
COLUMN = operator_norm([[3], [4]], 5, 5, [[0]], [1])
DIAGONAL = operator_norm([[2, 0], [0, 1]], 2, 2, [[0, 0], [0, 1]], [1, 0])
# A A* = [[1, 1/4], [1/4, 1/16]] has the eigenvalues 17/16 and 0; 4 I - A A* = [[3, -1/4], [-1/4, 63/16]].
RANK_ONE = [[1, 0], [F(1, 4), 0]]
WITHOUT_FACTOR = operator_norm(RANK_ONE, 1, 2, [[0], [0]], [1, 0])
# A A* = [[25, 24], [24, 25]] and E = 49 I - A A* - R R* = [[8, -8], [-8, 8]].
EDGE = operator_norm([[4, 3], [3, 4]], 7, 7, [[4], [-4]], [1, 1])
COMPLEX = operator_norm([[3, (0, 0, 4)]], 5, 5, [[0]], [3, (0, 0, -4)])
# A A* = [[2, -2i], [2i, 2]], |A|^2 = 4; 4 I - A A* = [[2, 2i], [-2i, 2]] = R R*.
SINGULAR = [[1, (0, 0, -1)], [I, 1]]
FACTOR = [[1, 1], [(0, 0, -1), (0, 0, -1)]]
UNITARY = operator_norm(SINGULAR, 2, 2, FACTOR, [1, I])
TALL = operator_norm([[1, (0, 0, -1)], [I, 1], [0, 0]], 2, 2, [[1, 1], [(0, 0, -1), (0, 0, -1)]], [1, I])

ACCEPT = {
    "row": ROW,
    "column": COLUMN,
    "diagonal": DIAGONAL,
    "without-a-factor": WITHOUT_FACTOR,
    "dominated-at-the-edge": EDGE,
    "dominated": operator_norm([[1, 0], [0, 1]], 1, F(5, 4), [[H, 0], [F(1, 10), H]], [1, 0]),
    "complex": COMPLEX,
    "complex-singular": UNITARY,
    "complex-tall": TALL,
    "low-is-zero": operator_norm([[1]], 0, 1, [[0]], [1]),
    "matrix-is-zero": operator_norm([[0, 0]], 0, F(1, 10**9), [[0]], [0, 1]),
    "factor-with-one-column": operator_norm([[0, 0], [0, 0]], 0, 1, [[1], [0]], [1, 0]),
    "vector-scaled": operator_norm([[3, 4]], 5, 5, [[0]], [F(3, 7), F(4, 7)]),
}

REJECT = {
    "low-too-large": ("low", operator_norm([[3, 4]], F(501, 100), F(6), [[0]], [3, 4])),
    "low-with-another-vector": ("low", operator_norm([[3, 4]], 5, 5, [[0]], [4, 4])),
    "low-without-conjugation": ("low", operator_norm([[3, (0, 0, 4)]], 5, 5, [[0]], [3, (0, 0, 4)])),
    "vector-is-zero": ("low", operator_norm([[3, 4]], 0, 5, [[0]], [0, 0])),
    "high-too-small": ("high", operator_norm([[3, 4]], 4, F(499, 100), [[0]], [3, 4])),
    "high-is-that-of-the-diagonal": ("high", operator_norm([[1, 1], [1, 1]], 1, F(3, 2), [[0, 0], [0, 0]], [1, 0])),
    # R R* = 4 and not R R = -4
    "factor-imaginary": ("high", operator_norm([[2]], 0, 1, [[(0, 0, 2)]], [1])),
    "factor-too-large": ("high", operator_norm([[3, 4]], 5, 5, [[1]], [3, 4])),
    "factor-of-the-transpose": ("high", operator_norm(SINGULAR, 2, 2, [[1, 1], [I, I]], [1, I])),
    "factor-not-triangular-but-wrong": (
        "high",
        operator_norm([[1, 0], [0, 1]], 1, F(5, 4), [[F(1, 4), H], [F(1, 4), H]], [1, 0]),
    ),
    # The row sums of the residual are dominated with the modulus |1 + i| = 1.41.., but not with 1 + 1.
    "residual-between-modulus-and-sum": (
        "high",
        operator_norm([[(1, 0, 1), 0], [0, 0]], 1, F(3, 2), [[1, 0], [(F(3, 4), 0, F(3, 4)), 0]], [1, 0]),
    ),
    "last-row-not-dominated": (
        "high",
        operator_norm([[1, 0], [0, 2]], 1, F(3, 2), [[0, 0], [0, 0]], [1, 0]),
    ),
}

MALFORMED = {
    "low-negative": ("claim.low must be at least 0", operator_norm([[1]], -1, 1, [[0]], [1])),
    "high-zero": ("claim.high must be positive", operator_norm([[0]], 0, 0, [[0]], [1])),
    "factor-with-too-many-rows": ("evidence.factor must be 1 x", operator_norm([[3, 4]], 5, 5, [[0], [0]], [3, 4])),
    "factor-with-too-many-columns": (
        "evidence.factor must have at most 1 column,",
        operator_norm([[3, 4]], 5, 5, [[0, 0]], [3, 4]),
    ),
    "vector-of-other-size": ("evidence.vector must be 2 x 1", operator_norm([[3, 4]], 5, 5, [[0]], [3])),
    "matrix-with-root": ("must be rational", operator_norm([[(0, 1)]], 1, 2, [[0]], [1])),
    "factor-with-root": ("must be rational", operator_norm([[1]], 1, 2, [[(0, 1)]], [1])),
    "factor-missing": ("evidence lacks the key factor", changed(ROW, ["evidence", "factor"], ...)),
    "root-is-unknown": ("claim has the unknown key 'root'", changed(ROW, ["claim", "root"], "0x2")),
    "vector-with-root": ("must be rational", changed(ROW, ["evidence", "vector"], matrix([[(0, 1)], [1]]))),
}
