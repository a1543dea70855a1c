"""Kind data-digits: the square-root lasso, and basis pursuit denoising."""

from tests.proofs_checks.builders import F, changed, rat
from tests.proofs_checks.data_builders import complex_digits, data_digits, entries, norm, precision
from tests.proofs_checks.solution_builders import packed

H, T, U = F(1, 2), F(1, 1000), F(1, 2**20)
EYE, SMALL = [[1, 0], [0, 1]], precision(norm(T), norm(T))
# r = (3, 4)/16, so that t = (3/5, 4/5) for the root; a multiplier of 16/3 makes that (1, 4/3)
POINT = [F(29, 16), 0]
ROOT = EYE, [2, F(1, 4)], [F(3, 5), 1], POINT
BALL = EYE, [2, F(1, 4)], [1, 2], POINT
COMPLEX = [[(0, 1), 0], [0, 1]], [(0, 2), F(1, 4)]
TALL = [[3, 1], [0, 2], [1, 1], [2, -1]], [4, 1, 2, 5]


def root(*args, **options):
    return data_digits(*args, objective="sqrt-lasso", **{"sigma": H, **options})


def ball(*args, **options):
    return data_digits(*args, objective="bpdn", **{"sigma": H, "noise": F(5, 16), **options})


SQRT_LASSO, BPDN = root(*ROOT, SMALL), ball(*BALL, SMALL)
# what is left of the column besides the residual has the norm 4/5
EDGE = F(4, 5) - F(1, 2**60)

ACCEPT = {
    "sqrt-lasso": SQRT_LASSO,
    "sqrt-lasso-exact": root(*ROOT, precision(), sigma=EDGE),
    "sqrt-lasso-rounded": root(*ROOT[:3], [F(29, 16) + T, 0], precision(), coefficients=[2, 0]),
    "sqrt-lasso-entries": root(*ROOT, precision(entries([[T, 2 * T]]), entries([[T], [0]])), times=[F(1, 9), 1, 3]),
    "sqrt-lasso-margin-by-one-unit": root(*ROOT[:2], [F(3, 5), F(4, 5) + U], POINT, precision()),
    "sqrt-lasso-in-doubt": root(*ROOT[:2], [F(3, 5), F(9, 10)], POINT, precision(data=norm(F(1, 50)))),
    "sqrt-lasso-allowed-none": root([[1]], [1], [2], [0], SMALL),
    "sqrt-lasso-weights": root(
        *TALL, [1, F(7, 10)], [556079 * U, 0], precision(norm(T / 9), norm(T)), weights=[1, 2, 3, H],
        scales=[F(1, 3), 3],
    ),
    "sqrt-lasso-intercept": root(
        [[0], [1], [2], [5]], [1, 2, 4, 4], [H, 0], [H, 1], SMALL, allowed=[0, 1], intercept=True, centres=[7]
    ),
    "sqrt-lasso-nonnegative": root(*ROOT[:2], [F(3, 5), 1], POINT, SMALL, nonnegative=[0, 1]),
    "sqrt-lasso-without-penalty": root(EYE, [2, F(1, 4)], [0, 2], [2, 0], SMALL),
    "sqrt-lasso-complex": complex_digits(
        *COMPLEX, [F(3, 5), 1], [F(29, 16), 0], SMALL, sigma=H, objective="sqrt-lasso"
    ),
    "bpdn": BPDN,
    "bpdn-exact": ball(*BALL, precision(), sigma=1 - U),
    "bpdn-beside-the-boundary": ball(*BALL, precision(), noise=F(5, 16) + T, coefficients=[2, 0]),
    "bpdn-rounded": ball(*BALL[:3], [F(29, 16) - U, 0], SMALL),
    "bpdn-entries": ball(*BALL, precision(entries([[T, T / 2]]), entries([[T]])), times=[F(1, 9), 1, 2]),
    "bpdn-margin-by-one-unit": ball(*BALL[:2], [1, F(4, 3) + U], POINT, precision()),
    "bpdn-in-doubt": ball(*BALL[:2], [1, F(3, 2)], POINT, precision(data=norm(F(1, 60)))),
    "bpdn-intercept": ball(
        [[0], [3]], [1, 3], [1, 0], [H, 0], precision(data=norm(U)), allowed=[0, 1], intercept=True, noise=F(13, 36)
    ),
    "bpdn-nonnegative": ball(*BALL, SMALL, nonnegative=[1]),
    "bpdn-complex": complex_digits(
        *COMPLEX, [1, 2], [F(29, 16), 0], SMALL, sigma=H, objective="bpdn", noise=F(5, 16)
    ),
}  # fmt: skip

REJECT = {
    "sqrt-lasso-feasible": ("feasible", root(*ROOT[:3], [-T, 0], SMALL, nonnegative=[0])),
    "sqrt-lasso-allowed": ("allowed", root(*ROOT, SMALL, allowed=[1])),
    "sqrt-lasso-residual": ("residual", root(*ROOT[:3], [2, F(1, 4)], SMALL)),
    "sqrt-lasso-margin": ("margin", root(*ROOT[:2], [F(3, 5), F(4, 5)], POINT, precision())),
    "sqrt-lasso-margin-of-the-square": ("margin", root(*ROOT[:2], [F(3, 8), H], POINT, precision())),
    # what serves for the lasso does not for its root: the column has the norm 1, and 4/5 without the residual
    "sqrt-lasso-factor": ("factor", root(*ROOT, SMALL, sigma=F(4, 5) + U)),
    "sqrt-lasso-factor-the-residual": ("factor", root([[1]], [2], [1], [1], precision(), sigma=U)),
    "sqrt-lasso-factor-complex": (
        "factor",
        complex_digits(*COMPLEX, [F(3, 5), 1], [F(29, 16), 0], SMALL, sigma=F(4, 5) + U, objective="sqrt-lasso"),
    ),
    "sqrt-lasso-scale-sigma": ("scale", root(*ROOT[:2], [F(3, 5), 9], POINT, precision(norm(H)))),
    "sqrt-lasso-scale-residual": ("scale", root(*ROOT, precision(data=norm(F(5, 16))))),
    "sqrt-lasso-scale-bounds": ("scale", root(*ROOT, precision(data=norm(F(1, 4))))),
    "sqrt-lasso-scale-margin": ("scale", root(*ROOT[:2], [F(3, 5), F(4, 5) + U], POINT, SMALL)),
    "bpdn-allowed": ("allowed", ball(*BALL, SMALL, allowed=[])),
    "bpdn-residual": ("residual", ball(*BALL[:3], [2, F(1, 4)], SMALL)),
    "bpdn-multiplier-of-zero": ("multiplier", ball(*BALL[:3], [0, 0], SMALL)),
    # twice as far: everything that is squared is the same, and the slope has the other sign
    "bpdn-multiplier-of-a-reflection": ("multiplier", ball(*BALL[:3], [F(35, 16), 0], SMALL)),
    "bpdn-multiplier-without-penalty": ("multiplier", ball(*BALL[:2], [0, 2], POINT, SMALL)),
    "bpdn-margin": ("margin", ball(*BALL[:2], [1, F(4, 3) - U], POINT, precision())),
    "bpdn-factor": ("factor", ball(*BALL, SMALL, sigma=1)),
    "bpdn-scale-sigma": ("scale", ball(*BALL[:2], [1, 9], POINT, precision(norm(H)))),
    "bpdn-scale-noise-larger": ("scale", ball(*BALL, SMALL, noise=3)),
    "bpdn-scale-noise-smaller": ("scale", ball(*BALL, SMALL, noise=F(1, 8))),
    "bpdn-scale-strictly-feasible": ("scale", ball(*BALL, precision(data=norm(F(1, 20))), noise=F(1, 4) + U)),
    "bpdn-scale-of-all-radii": ("scale", ball(*BALL, SMALL, times=[1, 200])),
    "bpdn-scale-margin": ("scale", ball(*BALL[:2], [1, F(4, 3) + U], POINT, SMALL)),
}  # fmt: skip


def _claim(key, value, data):
    return changed(data, ["claim", *key.split(".")], value)


MALFORMED = {
    "bpdn-without-noise": ("claim.noise", _claim("noise", None, BPDN)),
    "bpdn-noise-zero": ("noise must be positive", _claim("noise", rat(F(0)), BPDN)),
    "bpdn-noise-negative": ("noise must be positive", _claim("noise", rat(-F(5, 16)), BPDN)),
    "bpdn-ridge": ("ridge must be null or 0", _claim("problem.ridge", packed([1, 0]), BPDN)),
    "sqrt-lasso-noise": ("noise must be null", _claim("noise", rat(F(1)), SQRT_LASSO)),
    "sqrt-lasso-ridge": ("ridge must be null or 0", _claim("problem.ridge", packed([0, T]), SQRT_LASSO)),
    "lasso-noise": ("noise must be null", _claim("noise", rat(F(1)), data_digits(*ROOT, SMALL, sigma=H))),
}
