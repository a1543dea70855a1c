"""Kind training-data: one column where the arithmetic can be done by hand, and matrices where norms differ."""

from tests.proofs_checks.builders import F, changed, training_data

H = F(1, 2)
Q3 = F(3, 2)
LASSO = dict(name="lasso", A=[[1]], parameter=1, samples=[[2]])


def lasso(*triples, **changes):
    return training_data(triples=list(triples), **{**LASSO, **changes})


EXACT = (1, 1, [[1]], [2], [Q3], [Q3])
ONE = lasso(EXACT)
# y_kn = 5/2 is 2^-1 from 2, its minimiser is 2, and x_kn = 3/2 is 2^-1 from that.
EDGE = lasso((1, 1, [[1]], [F(5, 2)], [Q3], [2]))
TWO = lasso(EXACT, (1, 2, [[1]], [2], [Q3], [Q3]), (2, 1, [[1]], [3], [F(5, 2)], [F(5, 2)]), samples=[[2], [3]])
# A - A_n = diag(1/2, 1/2) has spectral norm 1/2, but Frobenius norm 1/sqrt(2).
_HALF = [[F(1, 2), 0], [0, F(1, 2)]]
_ZERO = [0, 0]
DIAGONAL = training_data("lasso", [[1, 0], [0, 1]], 1, [_ZERO], [(1, 1, _HALF, _ZERO, _ZERO, _ZERO)])
# [[1/4, 1/4], [1/4, 1/4]] has spectral norm 1/2 exactly: 4^-1 I - D D* is singular.
_ONES = [[F(1, 4), F(1, 4)], [F(1, 4), F(1, 4)]]


def zero_data(A, B, n=1, **changes):
    """A triple whose minimiser is 0 whatever the matrix, to test the norm alone."""
    rows, cols = len(A), len(A[0])
    return training_data("lasso", A, 1, [[0] * rows], [(1, n, B, [0] * rows, [0] * cols, [0] * cols)], **changes)


SQUARE_ZERO = [[0, 0], [0, 0]]
SINGULAR = zero_data(SQUARE_ZERO, _ONES)

ACCEPT = {
    "exact": ONE,
    "all-distances-at-the-edge": EDGE,
    "two-samples-two-precisions": TWO,
    "spectral-not-frobenius": DIAGONAL,
    "norm-at-the-edge-singular": SINGULAR,
    "norm-wide": zero_data([[0, 0, 0]], [[F(3, 10), F(4, 10), 0]]),
    "norm-tall": zero_data([[0], [0]], [[F(3, 10)], [F(4, 10)]]),
    "norm-complex": zero_data([[0]], [[(F(3, 10), 0, F(4, 10))]]),
    # sqrt 2 = 1.41421..: the norm lies in Q(sqrt 2).
    "norm-root": zero_data([[(0, 1)]], [[F(3, 2)]], n=3, root=2),
    "norm-root-matrix": zero_data([[(0, 1), 0], [0, (0, 1)]], [[F(3, 2), 0], [0, F(3, 2)]], n=3, root=2),
    "bpdn": training_data("bpdn", [[1]], H, [[2]], [(1, 3, [[1]], [2], [Q3], [Q3])]),
    "sqrt-lasso": training_data("sqrt-lasso", [[1]], H, [[2]], [(1, 3, [[1]], [2], [2], [2], [H])]),
    # A minimiser with a root, and rational data near it.
    "root-minimiser": training_data(
        "lasso", [[1]], 1, [[(0, 0, 0, 1)]],
        [(1, 2, [[1]], [(0, 0, F(3, 2))], [(0, 0, 1)], [(0, 0, 1)])], root=2,
    ),
}  # fmt: skip

REJECT = {
    "sample-index-zero": ("rule 1", lasso((0, 1, [[1]], [2], [Q3], [Q3]))),
    "sample-index-negative": ("rule 1", lasso((-1, 1, [[1]], [2], [Q3], [Q3]))),
    "sample-index-too-large": ("rule 1", lasso((2, 1, [[1]], [2], [Q3], [Q3]))),
    # more digits than Python writes in decimal
    "sample-index-huge": ("rule 1", lasso((16**5000, 1, [[1]], [2], [Q3], [Q3]))),
    "matrix-differs-between-samples": (
        "rule 1",
        lasso(EXACT, (2, 1, [[F(9, 8)]], [2], [Q3], [Q3]), samples=[[2], [2]]),
    ),
    "data-too-far": ("rule 2", lasso((1, 1, [[1]], [F(5, 2) + F(1, 1000)], [2], [2 + F(1, 1000)]))),
    "data-of-other-sample": ("rule 2", lasso((1, 1, [[1]], [3], [F(5, 2)], [F(5, 2)]), samples=[[2], [3]])),
    "data-too-far-at-next-precision": ("rule 2", lasso((1, 2, [[1]], [F(5, 2)], [2], [2]))),
    "matrix-too-far": ("rule 3", zero_data([[0]], [[F(501, 1000)]])),
    "matrix-too-far-wide": ("rule 3", zero_data([[0, 0]], [[F(3, 10), F(401, 1000)]])),
    "matrix-too-far-off-diagonal": ("rule 3", zero_data(SQUARE_ZERO, [[0, F(501, 1000)], [0, 0]])),
    # Every entry is below 1/2 and so is the diagonal of D D*, but the norm is 0.502.
    "matrix-too-far-jointly": ("rule 3", zero_data(SQUARE_ZERO, [[F(251, 1000)] * 2] * 2)),
    "matrix-too-far-complex": ("rule 3", zero_data([[0]], [[(F(3, 10), 0, F(401, 1000))]])),
    "matrix-too-far-root": ("rule 3", zero_data([[(0, 1)]], [[F(3, 2)]], n=4, root=2)),
    "matrix-too-far-hermitian": (
        "rule 3",
        zero_data(SQUARE_ZERO, [[F(251, 1000), (0, 0, F(251, 1000))], [(0, 0, -F(251, 1000)), F(251, 1000)]]),
    ),
    "point-too-far": ("rule 4", lasso((1, 1, [[1]], [2], [2 + F(1, 1000)], [Q3]))),
    "point-near-the-minimiser-of-the-sample": ("rule 4", lasso((1, 1, [[1]], [F(5, 2)], [F(149, 100)], [2]))),
    "witness-no-minimiser": ("rule 4", lasso((1, 1, [[1]], [2], [Q3], [F(7, 4)]))),
    "witness-minimises-for-the-sample": ("rule 4", lasso((1, 1, [[1]], [F(5, 2)], [Q3], [Q3]))),
    "witness-without-dual": (
        "rule 4",
        training_data("sqrt-lasso", [[1]], H, [[2]], [(1, 3, [[1]], [2], [2], [2])]),
    ),
}

MALFORMED = {
    "no-triples": ("must not be empty", lasso()),
    "no-samples": ("must not be empty", lasso(EXACT, samples=[])),
    "triple-twice": ("must strictly increase", lasso(EXACT, EXACT)),
    "triples-out-of-order": ("must strictly increase", lasso((1, 2, [[1]], [2], [Q3], [Q3]), EXACT)),
    "witness-missing": ("must have 1 entry, not 0", changed(ONE, ["evidence", "minimisers"], [])),
    "precision-zero": ("n must be 1 to 1000000", lasso((1, 0, [[1]], [2], [Q3], [Q3]))),
    "data-with-root": ("must be rational", lasso((1, 1, [[1]], [(2, 1)], [Q3], [Q3]), root=2)),
    "problem-with-data": (
        "claim.problem has the unknown key 'data'",
        changed(ONE, ["claim", "problem", "data"], {"rows": "0x1", "cols": "0x1", "den": "0x1", "entries": []}),
    ),
    "sample-of-other-size": ("samples[0] must be 1 x 1", lasso(EXACT, samples=[[2, 0]])),
    "matrix-of-other-size": ("matrix must be 1 x 1", lasso((1, 1, [[1, 0]], [2], [Q3], [Q3]))),
}
