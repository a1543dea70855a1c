"""Kind data-digits: what data that are known up to a precision determine."""

from tests.proofs_checks.builders import F, changed, rat
from tests.proofs_checks.data_builders import complex_digits, data_digits, entries, norm, precision, written
from tests.proofs_checks.data_reference import Determined, Known
from tests.proofs_checks.penalised_reference import Reference
from tests.proofs_checks.solution_builders import packed, sparse

H, T, U = F(1, 2), F(1, 1000), F(1, 2**20)
EYE = [[1, 0], [0, 1]]
SMALL = precision(norm(F(1, 64)), norm(F(1, 64)))
# x = (3/2, 0), t = (1, 1/2): the margin of the second column is 1/2
EXAMPLE = EYE, [2, F(1, 4)], [1, 1], [F(3, 2), 0]
LASSO = data_digits(*EXAMPLE, SMALL, sigma=H)
# nothing is allowed, the slope is 2, and the margin is 2: it is eaten by 2 epsilon_1 = 2 Delta
EMPTY = [[1]], [1], [4], [0]
ENTRY = data_digits(*EMPTY, precision(entries([[1 - U]])))
# with n_1 beta = d the column is out if its margin 2 exceeds 2 d, and in doubt otherwise
OUT = data_digits(*EMPTY, precision(data=entries([[1 - U]])))
DOUBT = data_digits(*EMPTY, precision(data=entries([[1]])))
# the residual is 0: what is left of the second column besides the first has the norm 1, and the column itself root 2
BESIDE = [[1, 1], [0, 1]], [3, 0]
REST = data_digits(*BESIDE, [0, 2 + U], [3, 0], precision(data=norm(1)), sigma=H)
REST_DOUBT = data_digits(*BESIDE, [0, 2], [3, 0], precision(data=norm(1)), sigma=H)
INTERCEPT = [[0], [1], [2]], [1, 2, 4], [1, 0], [F(5, 4), F(13, 12)]
_SCALED = Reference(
    [[1, 4], [2, 4], [3, 10]], [1, 2, 4], [F(1, 64), F(1, 64), 0],
    centres=[2, 6], scales=[F(1, 3), 2], weights=[1, 2, 1], intercept=True,
)  # fmt: skip
SCALED = Determined(_SCALED, Known(norm=T), Known(entries=[[T], [T], [0]]), _SCALED.best[1][0], [0, 1], F(1, 4))
NET = {"kappa": [H, H]}
NONNEGATIVE = [[2, 1], [0, 1]], [2, -3], [H, H], [F(7, 8), 0]
COMPLEX = [[(1, 1), 1], [0, (0, 2)]], [(3, 1), (F(1, 8), 0)], [1, 1]
# t_1 = 2 (1 - i)(y_1 - (1 + i) x_1) is x_1/|x_1| for x_1 = (2 - i) - (2 - i)/(4 root 5), about
NEAR = [(F(3, 2) + F(71, 256), -F(3, 4) - F(71, 512)), 0]

ACCEPT = {
    "lasso": LASSO,
    "lasso-entries": data_digits(*EXAMPLE, precision(entries([[F(1, 64)]]), entries([[F(1, 64)]])), sigma=H),
    "lasso-entries-of-all": data_digits(
        *EXAMPLE, precision(entries([[T, T / 2], [0, T / 3]]), entries([[T], [0]])), sigma=H, times=[H, 1, 8],
    ),
    "lasso-matrix-exact": data_digits(*EXAMPLE, precision(data=norm(F(1, 8))), sigma=H),
    "lasso-data-exact": data_digits(*EXAMPLE, precision(entries([[T, T]])), sigma=H),
    "lasso-mixed": data_digits(*EXAMPLE, precision(norm(T), entries([[T], [2 * T]])), sigma=H),
    "lasso-exact": data_digits(*EXAMPLE, precision(), sigma=H),
    "lasso-rounded": data_digits(*EXAMPLE[:3], [F(1537, 1024), 0], precision(), sigma=H),
    "coefficients": data_digits(*EXAMPLE, SMALL, sigma=H, coefficients=[2, T]),
    "coefficients-right": data_digits(*EXAMPLE, SMALL, sigma=H, coefficients=[F(3, 2), 0]),
    "scales": data_digits(*EXAMPLE, SMALL, sigma=H, times=[F(1, 10**9), F(1, 3), 1, 4]),
    "allowed-more": data_digits(*EXAMPLE, SMALL, sigma=H, allowed=[0, 1]),
    "allowed-none": ENTRY,
    "out-by-one-unit": OUT,
    "in-doubt": DOUBT,
    "rest-by-one-unit": REST,
    "rest-in-doubt": REST_DOUBT,
    "zero-column": data_digits([[1, 0], [0, 0]], *EXAMPLE[1:], SMALL, sigma=H),
    "intercept": data_digits(*INTERCEPT, SMALL, sigma=1, intercept=True),
    "intercept-alone": data_digits(*INTERCEPT[:2], [8, 0], [0, 0], SMALL, allowed=[1], intercept=True),
    "scaled": written(SCALED, [F(1, 10), 1], [F(1, 5), 1, 2]),
    "net": data_digits([[1, 1]], [F(5, 2)], [1, 1], [H, H], SMALL, allowed=[0, 1], sigma=H, **NET),
    "nonnegative": data_digits(*NONNEGATIVE, SMALL, sigma=1, nonnegative=[0, 1]),
    "without-penalty": data_digits(
        EYE, [3, F(1, 8)], [0, 1], [3, 0], precision(norm(T), norm(T)), sigma=F(1, 4), coefficients=[3, 1],
    ),
    "complex": complex_digits(*COMPLEX, NEAR, SMALL, sigma=1),
    "complex-coefficients": complex_digits(
        *COMPLEX, NEAR, precision(entries([[T, 0], [0, T]])), sigma=1, times=[1, 2], coefficients=[(2, -1), (0, 1)],
    ),
}  # fmt: skip


def _claim(key, value, data=LASSO):
    return changed(data, ["claim", *key.split(".")], value)


def _evidence(key, value, data=LASSO):
    return changed(data, ["evidence", key], value)


REJECT = {
    "feasible": ("feasible", data_digits(*NONNEGATIVE[:3], [-T, 0], SMALL, nonnegative=[0, 1])),
    "allowed-not-the-support": ("allowed", _evidence("allowed", ["0x1"])),
    "allowed-not-the-intercept": ("allowed", data_digits(*INTERCEPT, SMALL, allowed=[0], intercept=True)),
    "allowed-not-the-imaginary": ("allowed", complex_digits(*COMPLEX, [0, (0, T)], SMALL, allowed=[0])),
    "margin-none": ("margin", data_digits(EYE, [2, H], [1, 1], [F(3, 2), 0], SMALL, sigma=H)),
    "margin-beyond": ("margin", data_digits(EYE, [2, H + T], [1, 1], [F(3, 2), 0], SMALL, sigma=H)),
    "margin-without-penalty": ("margin", data_digits(EYE, [2, 0], [1, 0], [F(3, 2), 0], SMALL, sigma=H)),
    "margin-complex": ("margin", complex_digits(*COMPLEX[:2], [1, F(1, 4)], NEAR, SMALL, sigma=1)),
    "factor-too-large": ("factor", _evidence("sigma", rat(F(1)))),
    "factor-dependent": (
        "factor", data_digits([[1, 1], [1, 1]], *EXAMPLE[1:], SMALL, allowed=[0, 1], sigma=F(1, 10**6)),
    ),
    "factor-zero-column": (
        "factor", data_digits([[1, 0], [0, 0]], *EXAMPLE[1:], SMALL, allowed=[0, 1], sigma=F(1, 10**6)),
    ),
    "factor-shared-with-the-intercept": (
        "factor", data_digits([[1], [1]], [1, 1], [1, 0], [0, 1], SMALL, allowed=[0, 1], sigma=T, intercept=True),
    ),
    "factor-of-the-real-parts": (
        "factor", complex_digits([[1, (0, 1)]], [1], [1, 1], [0, 0], SMALL, allowed=[0, 1], sigma=F(1, 10**6)),
    ),
    "scale-of-all-radii": ("scale", data_digits(*EXAMPLE, SMALL, sigma=H, times=[1, 64])),
    "scale-sigma": ("scale", data_digits(*EXAMPLE[:2], [1, 9], EXAMPLE[3], precision(norm(H)), sigma=H)),
    "scale-margin": ("scale", data_digits(*EMPTY, precision(entries([[1]])))),
    "scale-margin-by-norm": ("scale", data_digits(*EMPTY, precision(norm(1)))),
    "scale-weights-forgotten": (
        "scale", data_digits(*EMPTY[:2], [F(9, 2)], [0], precision(entries([[1]])), weights=[F(9, 8)]),
    ),
}  # fmt: skip


def _problem(key, value, data=LASSO):
    return changed(data, ["claim", "problem", key], value)


_COMPLEX = ACCEPT["complex"]
MALFORMED = {
    "objective-unknown": ("objective must be one of", _claim("objective", "ridge")),
    "precision-of-nothing": ("claim.precision must be an object", _claim("precision", None)),
    "precision-both": (
        "must have one of entries and norm",
        _claim("precision.data", {"entries": packed([1], (1, 1)), "norm": rat(F(1))}),
    ),
    "precision-neither": (
        "must have one of entries and norm", _claim("precision.data", {"entries": None, "norm": None}),
    ),
    "precision-negative-norm": ("norm must be at least 0", _claim("precision.matrix", norm(-T))),
    "precision-negative-entry": ("entries must be at least 0", _claim("precision.matrix", entries([[T, -T]]))),
    "precision-of-three-columns": ("1 or 2 columns", _claim("precision.matrix", entries([[T, T, T]]))),
    "precision-of-three-rows": ("1 or 2 rows", _claim("precision.data", entries([[T], [T], [T]]))),
    "precision-of-data-of-two-columns": ("and 1 column", _claim("precision.data", entries([[T, T]]))),
    "precision-of-one-side": ("1 or 2 rows", _claim("precision.data", {"entries": packed([T, T]), "norm": None})),
    "scales-none": ("must have 1 to 64 entries", _claim("scales", [])),
    "scales-many": ("must have 1 to 64 entries", _claim("scales", [rat(F(k)) for k in range(1, 66)])),
    "scales-zero": ("must be positive", _claim("scales", [rat(F(0))])),
    "scales-equal": ("must strictly increase", _claim("scales", [rat(F(1)), rat(F(1))])),
    "scales-decreasing": ("must strictly increase", _claim("scales", [rat(F(2)), rat(F(1))])),
    "allowed-twice": ("must strictly increase", _evidence("allowed", ["0x0", "0x0"])),
    "allowed-outside": ("must be 0 to 1", _evidence("allowed", ["0x0", "0x2"])),
    "sigma-zero": ("must be positive", _evidence("sigma", rat(F(0)))),
    "point-too-long": ("must be 0 to 1", _evidence("point", sparse([1, 0, 1]))),
    "coefficients-too-long": ("must have the shape (2,)", _claim("coefficients", packed([1, 0, 1]))),
    "coefficients-complex": ("must have the shape (2,)", _claim("coefficients", packed([1, 0, 1, 1], (2, 2)))),
    "matrix-of-three-sides": ("a third of 2 if it is complex", _problem("matrix", packed(range(12), (2, 2, 3)))),
    "complex-data-real": ("must have the shape (2, 2)", _problem("data", packed([1, 2]), _COMPLEX)),
    "complex-intercept": ("intercept must be false", _problem("intercept", True, _COMPLEX)),
    "complex-centres": ("centres must be null", _problem("centres", packed([1, 1]), _COMPLEX)),
    "complex-scales": ("scales must be null", _problem("scales", packed([1, 1]), _COMPLEX)),
    "complex-nonnegative": ("nonnegative must be empty", _problem("nonnegative", ["0x0"], _COMPLEX)),
    "complex-coefficients-real": ("must have the shape (2, 2)", _claim("coefficients", packed([1, 0]), _COMPLEX)),
}  # fmt: skip
