"""Kind data-pair about minimisers that are known up to a distance: complex data, and norms of residuals."""

from tests.proofs_checks.builders import F, changed, rat
from tests.proofs_checks.pair_builders import enclosed, entries, near, norm, precision
from tests.proofs_checks.solution_builders import packed, sparse

H, Q, T, U = F(1, 2), F(1, 4), F(1, 1000), F(1, 2**40)
EYE, EXACT = [[1, 0], [0, 1]], norm(0)
# r = (3, 4)/16 for y and for y with another first entry, which moves x by as much
X0 = F(29, 16)
ROOT = EYE, [2, Q], [F(3, 5), 1]
BALL = EYE, [2, Q], [1, 2]
GIVEN, MOVED = near([X0, 0]), near([X0 + Q, 0], y=[2 + Q, Q])
SQRT_LASSO = enclosed(*ROOT, precision(EXACT, entries(Q)), GIVEN, MOVED, objective="sqrt-lasso")
BPDN = enclosed(*BALL, precision(EXACT, norm(Q)), GIVEN, MOVED, objective="bpdn", noise=F(5, 16))
# |y| = 5, x = y (1 - 1/5); of y moved by 1/4 towards infinity 17/20 (3 + 4i)
Y = [(3, 4)]
COMPLEX = enclosed(
    [[(1, 0)]], Y, [2], precision(EXACT, entries(Q)),
    near([(F(12, 5), F(16, 5))], sigma=1 - U), near([(F(51, 20), F(17, 5))], y=[(F(63, 20), F(21, 5))], sigma=1 - U),
)  # fmt: skip
# 1 + i/5 in place of 1: |y (1 - i/5)| = sqrt 26, the points are rounded
_TURNED = near([(F(305893, 100000), F(261166, 100000))], columns=[0], matrix=[[(1, F(1, 5))]])
MATRIX = enclosed(
    [[(1, 0)]], Y, [2], precision(entries(F(1, 5)), EXACT), near([(F(12, 5), F(16, 5))]), _TURNED
)  # fmt: skip
# i/4 (0, 1; 1, 0) has the singular values 1/4 twice, and the root of the sum of squares is more
_I4 = (0, Q)
_SPECTRAL = near(
    [(F(2354567, 10**6), F(-196214, 10**6)), (F(564706, 10**6), F(-423529, 10**6))],
    columns=[0, 1], matrix=[[(1, 0), _I4], [_I4, (1, 0)]],
)  # fmt: skip


def _spectral(radius):
    return enclosed(
        [[(1, 0), 0], [0, 1]], [(3, 0), (1, 0)], [1, 1], precision(norm(radius), EXACT),
        near([(F(5, 2), 0), (H, 0)]), _SPECTRAL,
    )  # fmt: skip


LASSO = enclosed(*ROOT, precision(EXACT, entries(Q)), GIVEN, MOVED, objective="sqrt-lasso")
BPDN = enclosed(*BALL, precision(EXACT, norm(Q)), GIVEN, MOVED, objective="bpdn", noise=F(5, 16))
# |y| = 5, x = y (1 - 1/5); of y moved by 1/4 towards infinity 17/20 (3 + 4i)
Y = [(3, 4)]
COMPLEX = enclosed(
    [[(1, 0)]], Y, [2], precision(EXACT, entries(Q)),
    near([(F(12, 5), F(16, 5))], sigma=1 - U), near([(F(51, 20), F(17, 5))], y=[(F(63, 20), F(21, 5))], sigma=1 - U),
)  # fmt: skip
# 1 + i/5 in place of 1: |y (1 - i/5)| = sqrt 26, the points are rounded
_TURNED = near([(F(305893, 100000), F(261166, 100000))], columns=[0], matrix=[[(1, F(1, 5))]])
MATRIX = enclosed(
    [[(1, 0)]], Y, [2], precision(entries(F(1, 5)), EXACT), near([(F(12, 5), F(16, 5))]), _TURNED
)  # fmt: skip
LASSO = enclosed([[1]], [2], [1], precision(entries(Q), EXACT), near([F(3, 2)]), near(
    [F(32, 25)], columns=[0], matrix=[[1 + Q]]))  # fmt: skip


ACCEPT = {
    "sqrt-lasso": SQRT_LASSO,
    "bpdn": BPDN,
    "complex": COMPLEX,
    "complex-matrix": MATRIX,
    "lasso": LASSO,
    "sqrt-lasso-rounded": enclosed(
        *ROOT, precision(EXACT, norm(Q)), near([X0 + T, 0]), near([X0 + Q - T, 0], y=[2 + Q, Q]),
        objective="sqrt-lasso",
    ),
    "complex-spectral": _spectral(F(26, 100)),
    "bpdn-support": enclosed(
        EYE, [2, Q], [1, 2], precision(EXACT, norm(3)), GIVEN, near([0, F(171358902, 10**8)], y=[F(1, 8), 2]),
        objective="bpdn", noise=F(5, 16),
    ),
}  # fmt: skip


def _second(key, value, data):
    return changed(data, ["evidence", "second", key], value)


def _known(part, value, data):
    return changed(data, ["claim", "precision", part], value)


REJECT = {
    "entry-of-data-beyond": ("admissible", _known("data", entries(Q - T), SQRT_LASSO)),
    "norm-of-data-beyond": ("admissible", _known("data", norm(Q - T), BPDN)),
    "complex-entry-beyond": ("admissible", _known("data", entries(Q - T), COMPLEX)),
    # each part is within the radius, and the absolute value is not
    "complex-parts-within": ("admissible", _known("data", entries(F(1, 5)), COMPLEX)),
    "complex-entry-of-matrix-beyond": ("admissible", _known("matrix", entries(F(1, 5) - T), MATRIX)),
    "complex-spectral-beyond": ("admissible", _spectral(F(24, 100))),
    "data-known": ("admissible", _known("data", EXACT, BPDN)),
    "feasible": (
        "feasible",
        enclosed(*ROOT, precision(EXACT, norm(5)), GIVEN, near([-X0, 0], y=[-2, Q]), objective="sqrt-lasso",
                 nonnegative=[0]),
    ),
    "allowed": ("allowed", _second("allowed", [], SQRT_LASSO)),
    "residual": (
        "residual", enclosed(*ROOT, precision(EXACT, norm(5)), GIVEN, near([2, Q]), objective="sqrt-lasso"),
    ),
    "multiplier": ("multiplier", _second("point", sparse([-X0, 0]), BPDN)),
    "margin": ("margin", changed(SQRT_LASSO, ["claim", "problem", "penalties"], packed([F(3, 5), F(4, 5)]))),
    "factor": ("factor", changed(COMPLEX, ["evidence", "first", "sigma"], rat(F(1)))),
    "scale": ("scale", _second("sigma", rat(F(1, 10)), _second("point", sparse([F(1, 5), 0]), SQRT_LASSO))),
    "data-forgotten": ("apart", enclosed(*ROOT, precision(EXACT, norm(Q)), GIVEN, GIVEN, objective="sqrt-lasso")),
    # the points differ, and the minimisers are the same
    "points-apart": (
        "apart",
        enclosed(*ROOT, precision(EXACT, norm(Q)), GIVEN, near([X0 + T, 0]), objective="sqrt-lasso"),
    ),
}  # fmt: skip

MALFORMED = {
    "noise-of-the-root": ("noise must be null", changed(SQRT_LASSO, ["claim", "noise"], rat(F(1)))),
    "no-noise": ("noise", changed(BPDN, ["claim", "noise"], None)),
    "objective": ("objective must be one of", changed(SQRT_LASSO, ["claim", "objective"], "ridge")),
    "ridge": (
        "ridge must be null or 0", changed(SQRT_LASSO, ["claim", "problem", "ridge"], packed([1, 0])),
    ),
    "sigma": ("sigma", _second("sigma", rat(F(0)), SQRT_LASSO)),
    "rows": ("evidence.second", _second("rows", [], SQRT_LASSO)),
    "matrix-without-columns": (
        "matrix must be null if there are no columns", _second("matrix", packed([1, 1], (2, 1)), SQRT_LASSO),
    ),
    "complex-columns-real": (
        "must have the shape (1, 1, 2)", _second("matrix", packed([1], (1, 1)), MATRIX),
    ),
    "complex-data-real": ("must have the shape (1, 2)", _second("data", packed([1]), COMPLEX)),
    "point-outside": ("must be 0 to 1", _second("point", sparse([1, 1, 1]), COMPLEX)),
    "allowed-outside": ("must be 0 to 0", _second("allowed", ["0x1"], COMPLEX)),
}  # fmt: skip
