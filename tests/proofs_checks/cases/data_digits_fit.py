"""Kind data-digits without independent columns: sigma is null."""

from dataclasses import replace

from tests.proofs_checks.builders import F, changed
from tests.proofs_checks.cases import data_digits as others
from tests.proofs_checks.data_builders import complex_digits, data_digits, entries, norm, precision, written

H, T, U = F(1, 2), F(1, 1000), F(1, 2**20)
ANY = {"sigma": None}
SMALL = others.SMALL
# two equal columns, which share what one of them would have, and a third: with t = (1, 1, 1) x is a minimiser
TWICE = [[1, 1, 0], [1, 1, 0], [0, 0, 2]], [1, 2, 3], [1, 1, 1], [F(1, 2), F(3, 4), F(11, 8)]
FIT = data_digits(*TWICE, SMALL, **ANY)
# the fit is bounded by 1, and by |y| + 1 = 1 + U with y alone
ALONE = data_digits([[1]], [U], [1], [0], precision(data=norm(1)), **ANY)
SCALED = replace(others.SCALED, sigma=None)
WIDE = [[1, 2, 3]], [6], [1, 1, 1], [0, 0, F(35, 18)]

ACCEPT = {
    "twice": FIT,
    "twice-exact": data_digits(*TWICE, precision(), **ANY),
    "twice-data": data_digits(*TWICE, precision(data=norm(F(1, 8))), times=[H, 1, 2], **ANY),
    "twice-entries": data_digits(*TWICE, precision(entries([[T, 0, T]]), entries([[T]])), **ANY),
    "twice-none": data_digits(*TWICE, SMALL, allowed=[], **ANY),
    "twice-some": data_digits(*TWICE, SMALL, allowed=[2], **ANY),
    "twice-coefficients": data_digits(*TWICE, SMALL, coefficients=[1, 0, 1], **ANY),
    "more-columns": data_digits(*WIDE, precision(norm(T), norm(T)), allowed=[0, 1, 2], **ANY),
    "not-a-minimiser": data_digits(*TWICE[:3], [1, 0, 1], SMALL, **ANY),
    "far-from-a-minimiser": data_digits(*TWICE[:3], [9, -9, 40], SMALL, **ANY),
    "zero": data_digits(*TWICE[:3], [0, 0, 0], SMALL, **ANY),
    "zero-column": data_digits([[1, 0], [0, 0]], *others.EXAMPLE[1:], SMALL, allowed=[0, 1], **ANY),
    "more-than-y-alone-by-one-unit": ALONE,
    "out-by-one-unit": data_digits([[1]], [1], [4 + U], [0], precision(data=norm(1)), **ANY),
    "in-doubt": data_digits([[1]], [1], [4], [0], precision(data=norm(1)), **ANY),
    "without-penalty": data_digits(*TWICE[:2], [1, 1, 0], TWICE[3], SMALL, **ANY),
    "intercept": data_digits(*others.INTERCEPT, SMALL, intercept=True, **ANY),
    "scaled": written(SCALED, [F(1, 10), 1], [F(1, 5), 1, 2]),
    "net": data_digits(*TWICE, SMALL, kappa=[H, H, 0], **ANY),
    "nonnegative": data_digits(*others.NONNEGATIVE, precision(norm(T), norm(T)), nonnegative=[0, 1], **ANY),
    "complex": complex_digits(*others.COMPLEX, others.NEAR, SMALL, **ANY),
    "complex-twice": complex_digits(
        [[(1, 1), (1, 1)], [0, 0]], [(3, 1), 1], [1, 1], [(1, H), (H, 0)], SMALL, coefficients=[(1, 1), 0], **ANY,
    ),
}  # fmt: skip


def _with(key, value, data=FIT):
    return changed(data, ["evidence", key], value)


REJECT = {
    "feasible": ("feasible", data_digits(*others.NONNEGATIVE[:3], [-T, 0], SMALL, nonnegative=[0, 1], **ANY)),
    "no-more-than-y-alone": ("scale", data_digits([[1]], [0], [1], [0], precision(data=norm(1)), **ANY)),
    "large-radii-of-columns": ("scale", data_digits(*TWICE, precision(norm(4)), **ANY)),
    "large-radii-of-entries": ("scale", data_digits(*TWICE, precision(entries([[2]])), **ANY)),
    "large-scale": ("scale", data_digits(*TWICE, SMALL, times=[1, 256], **ANY)),
    "large-scale-of-all": ("scale", data_digits(*TWICE, SMALL, times=[256], allowed=[0, 1, 2], **ANY)),
    "sign-of-the-point": ("scale", data_digits(*TWICE[:3], [-a for a in TWICE[3]], SMALL, **ANY)),
    "intercept-alone-in-y": (
        "scale", data_digits([[1], [2]], [1, 1], [1, 0], [0, 1], precision(data=norm(1)), intercept=True, **ANY),
    ),
    "weights-forgotten": (
        "scale", data_digits([[1]], [0], [1], [0], precision(data=norm(1)), weights=[4], **ANY),
    ),
    "without-penalty": ("scale", data_digits(*TWICE[:2], [1, 1, 0], [0, 0, 1], precision(norm(2), norm(2)), **ANY)),
    "complex-large-radii": ("scale", complex_digits(*others.COMPLEX, others.NEAR, precision(norm(4)), **ANY)),
}  # fmt: skip

_SQRT = {"objective": "sqrt-lasso"}
MALFORMED = {
    "sqrt-lasso": ("sigma must not be null if the objective is sqrt-lasso", data_digits(*TWICE, SMALL, **_SQRT, **ANY)),
    "bpdn": (
        "sigma must not be null if the objective is bpdn",
        data_digits(*TWICE, SMALL, objective="bpdn", noise=1, **ANY),
    ),
    "allowed-null": ("evidence.allowed must be a list", _with("allowed", None)),
    "allowed-outside": ("must be 0 to 2", _with("allowed", ["0x3"])),
    "allowed-twice": ("must strictly increase", _with("allowed", ["0x1", "0x1"])),
    "sigma-missing": ("evidence", changed(FIT, ["evidence"], {"allowed": [], "point": None})),
    "sigma-false": ("evidence.sigma", _with("sigma", False)),
    "point-null": ("evidence.point must be an object", _with("point", None)),
}
