"""Kind minimiser. Every instance is small enough to be solved by hand."""

from tests.proofs_checks.builders import F, changed, minimiser

H = F(1, 2)
Q3 = F(3, 2)

BPDN = minimiser("bpdn", [[1]], [2], H, [Q3], unique=True, inverse=[[1]])
BPDN_ZERO = minimiser("bpdn", [[1, 2]], [H], H, [0, 0], unique=True)
LASSO = minimiser("lasso", [[1]], [2], 1, [Q3], unique=True, inverse=[[1]])
# The bound of column 1 is attained off the support as well: A*g = (1, 1) and x = (3/2, 0).
LASSO_TIE = minimiser("lasso", [[1, 1]], [2], 1, [Q3, 0])
LASSO_ROOT = minimiser("lasso", [[(0, 1)]], [(0, 1)], 1, [F(3, 4)], unique=True, inverse=[[(0, H)]], root=2)
LASSO_COMPLEX = minimiser("lasso", [[1]], [(3, 0, 4)], 2, [(F(12, 5), 0, F(16, 5))], unique=True, inverse=[[1]])
LASSO_COMPLEX_ROOT = minimiser("lasso", [[(0, 0, 0, 1)]], [(0, 0, 0, 1)], 1, [F(3, 4)], root=2)
LASSO_WEIGHTED = minimiser("lasso", [[1, 1]], [2], 1, [0, F(7, 4)], weights=[1, H], unique=True, inverse=[[1]])
SQRT = minimiser("sqrt-lasso", [[1]], [2], H, [2], dual=[H], unique=True, inverse=[[1]])
SQRT_SEGMENT = minimiser("sqrt-lasso", [[1, H]], [1], 1, [1, 0], dual=[1])
SQRT_RESIDUAL = minimiser(
    "sqrt-lasso", [[1], [0]], [1, 1], F(3, 5), [F(1, 4)], unique=True, inverse=[[1, -F(3, 4)], [0, 1]]
)
SQRT_ROOT = minimiser("sqrt-lasso", [[(0, 1)], [0]], [3, 1], 1, [(0, 1)], root=2)
SQRT_ZERO = minimiser("sqrt-lasso", [[1], [0]], [0, 1], 1, [0], unique=True, inverse=[[0, 1]])
# |u| = 1 is reached, and [A_E, u] is independent all the same.
SQRT_SPHERE = minimiser(
    "sqrt-lasso", [[1], [1]], [1, 1], 1, [1], dual=[F(3, 5), F(4, 5)], weights=[F(7, 5)], unique=True,
    inverse=[[4, -3], [-5, 5]],
)  # fmt: skip

ACCEPT = {
    "bpdn": BPDN,
    "bpdn-not-claimed-unique": minimiser("bpdn", [[1]], [2], H, [Q3]),
    "bpdn-data-within-the-tolerance": BPDN_ZERO,
    "bpdn-data-inside-the-tolerance": minimiser("bpdn", [[1]], [F(1, 4)], H, [0]),
    "bpdn-gaussian": minimiser("bpdn", [[(0, 0, 1)]], [(0, 0, 2)], H, [Q3], unique=True, inverse=[[(0, 0, -1)]]),
    "bpdn-weighted": minimiser("bpdn", [[1, 1]], [2], H, [0, Q3], weights=[1, H]),
    "lasso": LASSO,
    "lasso-tie": LASSO_TIE,
    "lasso-root": LASSO_ROOT,
    "lasso-complex": LASSO_COMPLEX,
    "lasso-complex-root": LASSO_COMPLEX_ROOT,
    "lasso-weighted": LASSO_WEIGHTED,
    "lasso-negative": minimiser("lasso", [[-1]], [2], 1, [-Q3]),
    "sqrt-lasso": SQRT,
    "sqrt-lasso-segment-not-claimed-unique": SQRT_SEGMENT,
    "sqrt-lasso-residual": SQRT_RESIDUAL,
    "sqrt-lasso-root": SQRT_ROOT,
    "sqrt-lasso-zero": SQRT_ZERO,
    "sqrt-lasso-sphere": SQRT_SPHERE,
}

REJECT = {
    # |r|^2 = eps^2 and |A*u| = 1 hold in squares; only the sign of x gives it away.
    "bpdn-wrong-side": ("rule 2", minimiser("bpdn", [[1]], [2], H, [F(5, 2)])),
    "bpdn-residual-too-small": ("rule 1", minimiser("bpdn", [[1]], [2], H, [2])),
    "bpdn-infeasible": ("rule 1", minimiser("bpdn", [[1]], [2], H, [1])),
    "bpdn-infeasible-zero": ("rule 1", minimiser("bpdn", [[1]], [2], H, [0])),
    "bpdn-zero-with-residual-eps": ("rule 1", minimiser("bpdn", [[1], [0]], [H, 0], F(1, 4), [0])),
    "bpdn-not-zero-within-the-tolerance": ("rule 1", minimiser("bpdn", [[1]], [H], H, [F(1, 4)])),
    "bpdn-orthogonal-column": ("rule 1", minimiser("bpdn", [[1, 0], [0, 1]], [2, H], H, [2, 1])),
    # x solves the least squares problem with |r| = eps, but (0, 1/2) does as well and is shorter.
    "bpdn-no-strictly-feasible-point": ("rule 1", minimiser("bpdn", [[1, 2], [0, 0]], [1, H], H, [1, 0])),
    "bpdn-other-column-better": ("rule 1", minimiser("bpdn", [[1, 2]], [2], H, [Q3, 0])),
    "bpdn-weight-favours-other": ("rule 1", minimiser("bpdn", [[1, 1]], [2], H, [Q3, 0], weights=[1, H])),
    "bpdn-dual-given": ("rule 1", minimiser("bpdn", [[1]], [2], H, [Q3], dual=[1])),
    "lasso-off-by-one-unit": ("rule 1", minimiser("lasso", [[1]], [2], 1, [F(149, 100)])),
    "lasso-too-long": ("rule 2", minimiser("lasso", [[1]], [2], 1, [F(151, 100)])),
    "lasso-wrong-sign": ("rule 2", minimiser("lasso", [[1]], [2], 1, [F(5, 2)])),
    "lasso-wrong-phase": ("rule 1", minimiser("lasso", [[1]], [(3, 0, 4)], 2, [(F(12, 5), 0, -F(16, 5))])),
    # The bound holds with equality, but x points along i where A*g points along 1.
    "lasso-complex-not-aligned": ("rule 2", minimiser("lasso", [[1]], [(H, 0, 1)], 1, [(0, 0, 1)])),
    "lasso-dual-given": ("rule 1", minimiser("lasso", [[1]], [2], 1, [Q3], dual=[1])),
    "lasso-root-conjugate": ("rule 1", minimiser("lasso", [[(0, 1)]], [(0, 1)], 1, [(0, F(1, 100))], root=2)),
    "sqrt-lasso-dual-missing": ("rule 1", minimiser("sqrt-lasso", [[1]], [2], H, [2])),
    "sqrt-lasso-dual-beside-residual": ("rule 1", minimiser("sqrt-lasso", [[1]], [2], 1, [1], dual=[1])),
    "sqrt-lasso-dual-too-long": ("rule 1", minimiser("sqrt-lasso", [[1]], [2], 2, [2], dual=[2])),
    "sqrt-lasso-dual-too-short": ("rule 2", minimiser("sqrt-lasso", [[1]], [2], H, [2], dual=[F(1, 4)])),
    "sqrt-lasso-residual-too-large": (
        "rule 1",
        minimiser("sqrt-lasso", [[1], [0]], [1, 1], F(3, 5), [F(1, 5)]),
    ),
    # Independent columns on the support do not make it unique: (s, 0) is a minimiser for all s in [0, 1].
    "sqrt-lasso-segment-claimed-unique": (
        "rule 3",
        minimiser("sqrt-lasso", [[1, H]], [1], 1, [1, 0], dual=[1], unique=True, inverse=[[1]]),
    ),
    "sqrt-lasso-segment-claimed-unique-by-size": (
        "rule 3",
        minimiser("sqrt-lasso", [[1, H]], [1], 1, [1, 0], dual=[1], unique=True, inverse=[[1], [0]]),
    ),
    "unique-without-inverse": ("rule 3", minimiser("lasso", [[1]], [2], 1, [Q3], unique=True)),
    "inverse-without-unique": ("rule 3", minimiser("lasso", [[1]], [2], 1, [Q3], inverse=[[1]])),
    "inverse-where-zero-is-alone": (
        "rule 3",
        minimiser("bpdn", [[1]], [H], H, [0], unique=True, inverse=[[1]]),
    ),
    "inverse-wrong": ("rule 3", minimiser("lasso", [[1]], [2], 1, [Q3], unique=True, inverse=[[F(101, 100)]])),
    "tie-claimed-unique": ("rule 3", minimiser("lasso", [[1, 1]], [2], 1, [Q3, 0], unique=True, inverse=[[1]])),
    "tie-claimed-unique-by-size": (
        "rule 3",
        minimiser("lasso", [[1, 1]], [2], 1, [Q3, 0], unique=True, inverse=[[1], [0]]),
    ),
}

MALFORMED = {
    "root-without-use": ("claim.root must be 0x0", minimiser("lasso", [[1]], [2], 1, [Q3], root=2)),
    "root-missing": ("claim.root must be positive", changed(LASSO_ROOT, ["claim", "root"], "0x0")),
    "root-square": ("perfect square", changed(LASSO_ROOT, ["claim", "root"], "0x4")),
    "root-negative": ("claim.root must be at least 0", changed(LASSO_ROOT, ["claim", "root"], "-0x2")),
    "point-of-other-size": ("claim.point must be 1 x 1", minimiser("lasso", [[1]], [2], 1, [Q3, 0])),
    "data-of-other-size": ("claim.problem.data must be 1 x 1", minimiser("lasso", [[1]], [2, 0], 1, [Q3])),
    "weight-zero": ("weights must all be positive", minimiser("lasso", [[1]], [2], 1, [Q3], weights=[0])),
    "weight-negative": ("weights must all be positive", minimiser("lasso", [[1]], [2], 1, [Q3], weights=[-1])),
    "weight-complex": ("must be real", minimiser("lasso", [[1]], [2], 1, [Q3], weights=[(0, 0, 1)])),
    "weight-root": ("must be rational", minimiser("lasso", [[1]], [2], 1, [Q3], weights=[(0, 1)], root=2)),
    "parameter-zero": ("parameter must be positive", minimiser("lasso", [[1]], [2], 0, [Q3])),
    "parameter-negative": ("parameter must be positive", minimiser("lasso", [[1]], [2], -1, [Q3])),
    "problem-unknown": ("problem.name must be one of", minimiser("ridge", [[1]], [2], 1, [Q3])),
    "unique-in-words": ("unique must be true or false", changed(LASSO, ["claim", "unique"], "yes")),
    "dual-of-other-size": ("evidence.dual must be 1 x 1", minimiser("sqrt-lasso", [[1]], [2], H, [2], dual=[H, 0])),
    "inverse-of-other-size": (
        "left_inverse must be 1 x 1",
        minimiser("lasso", [[1]], [2], 1, [Q3], unique=True, inverse=[[1, 0]]),
    ),
    "evidence-empty": ("evidence lacks the key", changed(LASSO, ["evidence"], {})),
    "claim-empty": ("claim lacks the key", changed(LASSO, ["claim"], {})),
    "matrix-not-reduced": (
        "not in lowest terms",
        changed(
            LASSO, ["claim", "point"], {"rows": "0x1", "cols": "0x1", "den": "0x4", "entries": [["0x0", "0x0", "0x6"]]}
        ),
    ),
    "matrix-den-zero": ("den must be at least 1", changed(LASSO, ["claim", "point", "den"], "0x0")),
    "matrix-den-negative": ("den must be at least 1", changed(LASSO, ["claim", "point", "den"], "-0x2")),
    "matrix-zero-listed": ("zeros are not listed", changed(LASSO, ["claim", "point", "entries", 0, 2], "0x0")),
    "matrix-zero-with-den": ("not in lowest terms", changed(LASSO, ["claim", "point", "entries"], [])),
    "matrix-position-outside": ("must be 0 to 0", changed(LASSO, ["claim", "point", "entries", 0, 0], "0x1")),
    "matrix-position-twice": (
        "must strictly increase",
        changed(LASSO, ["claim", "point", "entries"], [["0x0", "0x0", "0x3"]] * 2),
    ),
    "matrix-no-rows": ("rows must be 1 to 65536", changed(LASSO, ["claim", "point", "rows"], "0x0")),
    "matrix-too-large": (
        "more than 2^22 positions",
        changed(
            LASSO, ["claim", "problem", "matrix"], {"rows": "0x1000", "cols": "0x1000", "den": "0x1", "entries": []}
        ),
    ),
    "real-written-as-complex": (
        "im is zero",
        changed(LASSO, ["claim", "point", "entries", 0, 2], {"im": "0x0", "re": "0x3"}),
    ),
    "rational-written-with-root": (
        "b is zero",
        changed(LASSO, ["claim", "point", "entries", 0, 2], {"a": "0x3", "b": "0x0"}),
    ),
    "rational-not-reduced": ("not in lowest terms", changed(LASSO, ["claim", "problem", "parameter"], ["0x2", "0x2"])),
    "rational-den-negative": (
        "must be at least 1",
        changed(LASSO, ["claim", "problem", "parameter"], ["-0x1", "-0x1"]),
    ),
    "rational-of-three": (
        "must be [numerator, denominator]",
        changed(LASSO, ["claim", "problem", "parameter"], ["0x1", "0x1", "0x1"]),
    ),
}
