"""Kind recovery-walsh: points near what fits samples of small images."""

import json

from tests.proofs_checks.builders import F, changed, rat
from tests.proofs_checks.cases.null_space_walsh import MOST, ONES, SPREAD_TAKEN, THREE, WEIGHTS, moved
from tests.proofs_checks.solution_builders import packed
from tests.proofs_checks.walsh_builders import UNIT, chosen, everything, recovery_walsh, tight
from tests.proofs_checks.walsh_reference import Walsh

PLAIN = [(4, 4), (7, 1)]
# one large entry in the sparse level, and small ones
POINT = [3, F(1, 2), -1, 0, 8, F(1, 4), 0, 0, F(-1, 4), 0, 0, F(1, 8), 0, 0, 0, 0]


def samples(taken, d, r, x):
    """The samples of x, times the roots of the sizes, subband after subband."""
    found = Walsh(d, r, taken)
    return [y for name in found.names for y in found.samples(name, x)]


def moved_by(values, step):
    """Some values with noise of a fixed pattern."""
    return [v + step * ((7 * k) % 5 - 2) for k, v in enumerate(values)]


DATA = moved_by(samples(THREE, 2, 2, POINT), F(1, 16))
SIGMA, NOISE = [None, 1], [F(1, 4), F(1, 2)]
LEVELS = tight(2, 2, THREE, PLAIN, DATA, POINT, WEIGHTS, sigma=SIGMA, noise=NOISE)
# the entry is 1, which is not settled
OPEN_POINT = [*POINT[:4], 1, *POINT[5:]]
OPEN_DATA = moved_by(samples(THREE, 2, 2, OPEN_POINT), F(1, 16))
OPEN = tight(2, 2, THREE, PLAIN, OPEN_DATA, OPEN_POINT, WEIGHTS, sigma=SIGMA, noise=NOISE)
TOTAL_SIGMA = tight(
    2, 2, THREE, PLAIN, DATA, POINT, WEIGHTS, sigma=(F(1, 2), [None, F(3, 2)]), noise=NOISE, splits=[None, F(3, 4)]
)
TOTAL_NOISE = tight(2, 2, THREE, PLAIN, DATA, POINT, WEIGHTS, sigma=SIGMA, noise=F(1, 4), splits=[None, F(3, 4)])
TOTALS = tight(
    2, 2, THREE, PLAIN, DATA, POINT, WEIGHTS, sigma=(F(1, 2), [None, 1]), noise=F(1, 4), splits=[None, 1]
)  # fmt: skip
CORRELATION = tight(
    2, 2, THREE, PLAIN, DATA, POINT, WEIGHTS, sigma=SIGMA, noise=[F(1, 16), F(1, 8)], form="correlation"
)
CORRELATION_TOTAL = tight(
    2, 2, THREE, PLAIN, DATA, POINT, WEIGHTS,
    sigma=(F(1, 2), [None, F(3, 2)]), noise=[F(1, 16), F(1, 8)], splits=[None, F(3, 4)], form="correlation",
)  # fmt: skip
# Each subband a level; two that are sparse have different sparsities; one line of 32
LINE = chosen(1, 5, {5: MOST, 3: [1, 2, 3]})
LINE_LEVELS = [(2, 2), (3, 2), (4, 1), (5, 8), (6, 3)]
LINE_POINT = [2, -1, F(1, 2), 0, 5, 0, F(1, 8), 0, *[1] * 8, 6, 0, 4, 0, 0, F(-9, 4), F(1, 2), *[0] * 8, F(1, 4)]
LINE_DATA = moved_by(samples(LINE, 1, 5, LINE_POINT), F(1, 32))
LINE_WEIGHTS = {5: [3] * 15, 3: ONES}
LINE_NOISE = [F(1, 8)] * 4 + [F(1, 4)]
PARTLY = tight(
    1, 5, LINE, LINE_LEVELS, LINE_DATA, LINE_POINT, LINE_WEIGHTS,
    sigma=[None, None, F(1, 4), None, 1], noise=LINE_NOISE,
)  # fmt: skip
LINE_TOTALS = tight(
    1, 5, LINE, LINE_LEVELS, LINE_DATA, LINE_POINT, LINE_WEIGHTS,
    sigma=(F(1, 2), [None, None, 2, None, 1]), noise=F(1, 4), splits=[None, None, 1, None, F(1, 2)],
)  # fmt: skip
LINE_CORRELATION = tight(
    1, 5, LINE, LINE_LEVELS, LINE_DATA, LINE_POINT, LINE_WEIGHTS,
    sigma=[None, None, F(1, 4), None, 1], noise=[F(1, 16)] * 5, form="correlation",
)  # fmt: skip
# the dense level, which is whole, in norm, and the sparse one by correlations; and the other way round
FORMS = tight(
    2, 2, THREE, PLAIN, DATA, POINT, WEIGHTS, sigma=SIGMA, noise=[F(1, 4), F(1, 8)], form=["norm", "correlation"]
)
FORMS_TURNED = tight(
    2, 2, THREE, PLAIN, DATA, POINT, WEIGHTS, sigma=SIGMA, noise=[F(1, 16), F(1, 2)], form=["correlation", "norm"]
)
FORMS_TOTAL = tight(
    2, 2, THREE, PLAIN, OPEN_DATA, OPEN_POINT, WEIGHTS,
    sigma=(F(1, 2), [None, F(3, 2)]), noise=[F(1, 4), F(1, 8)], splits=[None, F(3, 4)], form=["norm", "correlation"],
)  # fmt: skip
LINE_FORMS = tight(
    1, 5, LINE, LINE_LEVELS, LINE_DATA, LINE_POINT, LINE_WEIGHTS, sigma=[None, None, F(1, 4), None, 1],
    noise=[F(1, 8), F(1, 16), F(1, 8), F(1, 4), F(1, 16)],
    form=["norm", "correlation", "norm", "norm", "correlation"],
)  # fmt: skip
SMALL_SCALES = tight(
    1, 5, LINE, LINE_LEVELS, LINE_DATA, LINE_POINT, LINE_WEIGHTS, sigma=[None, None, F(1, 4), None, 1],
    noise=[F(1, 8), F(1, 16), F(1, 8), F(1, 4), F(1, 16)],
    form=["norm", "correlation", "norm", "norm", "correlation"], scales=[F(1, 16)] * 6,
)  # fmt: skip
# a sparse level of three subbands, of which one is complete and has no weights
MIXED_TAKEN = chosen(2, 2, {4: [1, 2, 3], 6: [0, 1, 2]})
MIXED = tight(
    2, 2, MIXED_TAKEN, PLAIN, moved_by(samples(MIXED_TAKEN, 2, 2, POINT), F(1, 16)), POINT, {4: [2, 2, 2], 6: ONES},
    sigma=SIGMA, noise=NOISE, scales=[1, 2, F(1, 2), 1, F(4, 3), F(9, 4), 2],
)  # fmt: skip
SPREAD_POINT = [1] * 16 + [9] + [0] * 15
SPREAD = tight(
    1, 5, SPREAD_TAKEN, [(5, 16), (6, 1)], samples(SPREAD_TAKEN, 1, 5, SPREAD_POINT), SPREAD_POINT, {5: [1] * 9},
    sigma=[None, F(1, 10)], noise=[F(1, 10), F(1, 5)],
)  # fmt: skip
ALL = everything(2, 1)
WHOLE = tight(2, 1, ALL, [(4, 4)], [4, 0, 2, F(1, 3)], [1, 0, F(1, 2), 0], {}, sigma=[None], noise=[F(1, 3)])

ACCEPT = {
    "levels": LEVELS,
    "not-settled": OPEN,
    "partly-settled": PARTLY,
    "total-sigma": TOTAL_SIGMA,
    "total-noise": TOTAL_NOISE,
    "totals": TOTALS,
    "totals-of-several-levels": LINE_TOTALS,
    "correlation": CORRELATION,
    "correlation-total": CORRELATION_TOTAL,
    "correlation-of-several-levels": LINE_CORRELATION,
    "forms": FORMS,
    "forms-turned": FORMS_TURNED,
    "forms-total-sigma": FORMS_TOTAL,
    "forms-of-several-levels": LINE_FORMS,
    "forms-small-scales": SMALL_SCALES,
    "forms-scale-of-no-matter": changed(FORMS, ["claim", "scales", 5], rat(F(1, 100))),
    "one-subband-complete": MIXED,
    "spread": SPREAD,
    "all-samples": WHOLE,
    "all-samples-total": tight(
        2, 1, ALL, [(4, 4)], [4, 0, 2, F(1, 3)], [1, 0, F(1, 2), 0], {}, sigma=[None], noise=F(1, 3), splits=[None]
    ),
    "exact": tight(
        2, 2, THREE, PLAIN, samples(THREE, 2, 2, [0] * 4 + [1] + [0] * 11), [0] * 4 + [1] + [0] * 11, WEIGHTS,
        sigma=[None, 0], noise=[0, 0],
    ),
    "point-zero": tight(2, 2, THREE, PLAIN, DATA, [0] * 16, WEIGHTS, sigma=[None, 20], noise=NOISE),
    "bound-larger": changed(LEVELS, ["claim", "bound"], rat(100)),
    "weights-times-two": changed(LEVELS, ["evidence", "weights", 4], packed([2, 2, 2])),
    "noise-smaller": changed(LEVELS, ["claim", "noise", "levels", 0, "norm"], rat(0)),
    "other-units": tight(
        2, 2, THREE, PLAIN, [F(y, 3) for y in DATA], [F(x, 3) for x in POINT], WEIGHTS,
        sigma=[None, F(1, 6)], noise=[F(1, 24), F(1, 12)],
    ),
    "split-not-the-best": tight(
        2, 2, THREE, PLAIN, DATA, POINT, WEIGHTS, sigma=(F(1, 2), [None, 1]), noise=F(1, 4), splits=[None, F(1, 9)]
    ),
}  # fmt: skip


def less(data, step=UNIT):
    obj = json.loads(data)
    num, den = (int(n, 16) for n in obj["claim"]["bound"])
    return changed(data, ["claim", "bound"], rat(F(num, den) - step))


def _claim(key, value, data=LEVELS):
    return changed(data, ["claim", key], value)


REJECT = {f"bound-one-unit-less-{name}": ("bound", less(ACCEPT[name])) for name in ACCEPT if "larger" not in name}
for name in ("exact", "weights-times-two", "noise-smaller", "forms-scale-of-no-matter"):
    del REJECT[f"bound-one-unit-less-{name}"]
REJECT |= {
    "bound-of-the-settled": ("bound", changed(OPEN, ["claim", "bound"], json.loads(LEVELS)["claim"]["bound"])),
    "theta-half": ("theta", changed(LEVELS, ["claim", "levels", 1, "sparsity"], "0x2")),
    "theta-above-half": ("theta", changed(LEVELS, ["claim", "levels", 1, "sparsity"], "0x3")),
    "theta-in-one-level": ("theta", changed(PARTLY, ["claim", "levels", 4, "sparsity"], "0x8")),
    "weights-zero": ("weights", changed(LEVELS, ["evidence", "weights", 4], packed([0, 0, 0]))),
    "weights-of-sum-zero": ("weights", changed(CORRELATION, ["claim", "noise", "weights", 4], packed([2, -1, -1]))),
    "weights-left-out": ("full", changed(LEVELS, ["evidence", "weights", 4], None)),
    "weights-worse": ("bound", changed(LEVELS, ["evidence", "weights", 4], packed([2, 1, 1]))),
    "mask-moved": ("bound", moved(PARTLY, 1, 5, 5, 3, 0)),
    "mask-moved-in-a-small-subband": ("bound", moved(LEVELS, 2, 2, 4, 1, 0)),
    "row-of-a-dense-level-missing": ("full", recovery_walsh(
        2, 2, chosen(2, 2, {1: [], 4: [1, 2, 3], 5: [1, 2, 3], 6: [1, 2, 3]}), PLAIN, DATA[:1] + DATA[2:], POINT, 99,
        WEIGHTS, sigma=SIGMA, noise=NOISE,
    )),
    "data-of-another-subband": ("bound", changed(
        LEVELS, ["claim", "data"], packed([*DATA[:4], *DATA[7:10], *DATA[4:7], *DATA[10:]])
    )),
    "data-of-unit-samples": ("bound", changed(LEVELS, ["claim", "data"], packed([y / 2 for y in DATA]))),
    "noise-larger": ("bound", changed(LEVELS, ["claim", "noise", "levels", 1, "norm"], rat(F(1, 2) + F(1, 2**16)))),
    "noise-of-the-dense-level-larger": ("bound", changed(
        LEVELS, ["claim", "noise", "levels", 0, "norm"], rat(F(1, 4) + F(1, 2**16))
    )),
    "norm-as-a-correlation": ("bound", changed(
        LINE_FORMS, ["claim", "noise", "levels", 3], {"correlation": rat(F(1, 4))}
    )),
    "correlation-as-a-norm": ("bound", changed(
        SMALL_SCALES, ["claim", "noise", "levels", 4], {"norm": rat(F(1, 16))}
    )),
    "forms-norm-larger": ("bound", changed(
        FORMS, ["claim", "noise", "levels", 0, "norm"], rat(F(1, 4) + F(1, 2**16))
    )),
    "forms-correlation-larger": ("bound", changed(
        FORMS, ["claim", "noise", "levels", 1, "correlation"], rat(F(1, 8) + F(1, 2**16))
    )),
    "forms-scale-of-the-dense-level-smaller": ("bound", changed(
        FORMS, ["claim", "scales", 2], rat(1 - F(1, 2**10))
    )),
    "forms-scale-of-the-sparse-level-smaller": ("bound", changed(
        FORMS_TURNED, ["claim", "scales", 5], rat(F(4, 3) - F(1, 2**10))
    )),
    "forms-weights-left-out": ("full", changed(FORMS, ["claim", "noise", "weights", 4], None)),
    "sigma-larger": ("bound", changed(LEVELS, ["claim", "compressibility", "levels", 1], rat(1 + F(1, 2**16)))),
    "total-sigma-larger": ("bound", changed(TOTALS, ["claim", "compressibility", "total"], rat(F(51, 100)))),
    "total-weight-smaller": ("bound", changed(TOTALS, ["claim", "compressibility", "weights", 1], rat(F(99, 100)))),
    "total-noise-larger": ("bound", changed(TOTALS, ["claim", "noise", "total"], rat(F(26, 100)))),
    "split-worse": ("bound", changed(TOTALS, ["evidence", "splits", 1], rat(9))),
    "scale-smaller": ("bound", changed(LEVELS, ["claim", "scales", 5], rat(F(4, 3) - F(1, 2**10)))),
    "scale-of-the-dense-level-smaller": ("bound", changed(LEVELS, ["claim", "scales", 2], rat(1 - F(1, 2**10)))),
}  # fmt: skip

_LONG = rat(F(1, 2**4096))

MALFORMED = {
    "too-many-bits": ("bits must be 1 to 10", _claim("bits", "0xb")),
    "levels-with-weights": ("unknown key", changed(LEVELS, ["claim", "levels", 1, "weight"], rat(1))),
    "point-too-short": ("must have the shape (16,)", _claim("point", packed(POINT[1:]))),
    "point-of-two-sides": ("must have the shape (16,)", _claim("point", packed(POINT, (4, 4)))),
    "point-long": ("at most 128 bits", _claim("point", packed([2**128, *POINT[1:]]))),
    "point-long-denominator": ("at most 128 bits", _claim("point", packed([F(1, 2**128), *POINT[1:]]))),
    "data-too-short": ("must have the shape (13,)", _claim("data", packed(DATA[1:]))),
    "data-long": ("at most 128 bits", _claim("data", packed([-(2**128), *DATA[1:]]))),
    "data-of-an-empty-mask": ("must have the shape (0,)", recovery_walsh(
        2, 2, set(), PLAIN, [1], POINT, 1, {}, sigma=SIGMA, noise=NOISE
    )),
    "bound-negative": ("bound must be at least 0", _claim("bound", rat(-1))),
    "bound-long": ("at most 4096 bits", _claim("bound", _LONG)),
    "noise-of-no-form": ("lacks the key norm", changed(
        LEVELS, ["claim", "noise", "levels", 0], {"box": rat(1)}
    )),
    "noise-of-one-form-for-all": ("unknown key", changed(LEVELS, ["claim", "noise", "form"], "norm")),
    "noise-of-both-forms": ("unknown key", changed(
        LEVELS, ["claim", "noise", "levels", 0, "correlation"], rat(1)
    )),
    "noise-null": ("noise must be an object", _claim("noise", None)),
    "noise-negative": ("must be at least 0", changed(LEVELS, ["claim", "noise", "levels", 0, "norm"], rat(-1))),
    "correlation-negative": ("must be at least 0", changed(
        FORMS, ["claim", "noise", "levels", 1, "correlation"], rat(-1)
    )),
    "noise-of-too-few-levels": ("an item for each of 2 levels", changed(LEVELS, ["claim", "noise", "levels", 0], ...)),
    "noise-null-in-a-level": ("levels[0] must be an object", changed(LEVELS, ["claim", "noise", "levels", 0], None)),
    "noise-a-number-in-a-level": ("levels[0] must be an object", changed(
        LEVELS, ["claim", "noise", "levels", 0], rat(1)
    )),
    "noise-twice": ("unknown key", changed(LEVELS, ["claim", "noise", "total"], rat(1))),
    "noise-with-weights": ("must be null where no level has a correlation", changed(
        LEVELS, ["claim", "noise", "weights"], [None] * 7
    )),
    "correlation-with-a-total": ("unknown key", changed(CORRELATION, ["claim", "noise", "total"], rat(1))),
    "correlation-lacks-weights": ("lacks the key weights", changed(CORRELATION, ["claim", "noise", "weights"], ...)),
    "correlation-without-weights": ("must be null where no level has a correlation", changed(
        CORRELATION, ["claim", "noise", "weights"], None
    )),
    "correlation-with-scales": ("must be null where each level has a correlation", _claim(
        "scales", [rat(1)] * 7, CORRELATION
    )),
    "correlation-with-evidence": ("must be null where a level has a correlation", changed(
        CORRELATION, ["evidence", "weights"], [None] * 7
    )),
    "forms-with-evidence": ("must be null where a level has a correlation", changed(
        FORMS, ["evidence", "weights"], [None] * 7
    )),
    "forms-without-scales": ("must be null where each level has a correlation", _claim("scales", None, FORMS)),
    "norm-without-scales": ("must be null where each level has a correlation", _claim("scales", None)),
    "norm-without-weights": ("must be null where a level has a correlation", changed(
        LEVELS, ["evidence", "weights"], None
    )),
    "sigma-of-a-dense-level": ("must be null for dense levels", changed(
        LEVELS, ["claim", "compressibility", "levels", 0], rat(0)
    )),
    "sigma-missing": ("must be null for dense levels", changed(
        LEVELS, ["claim", "compressibility", "levels", 1], None
    )),
    "sigma-negative": ("must be at least 0", changed(LEVELS, ["claim", "compressibility", "levels", 1], rat(-1))),
    "sigma-twice": ("unknown key", changed(TOTALS, ["claim", "compressibility", "levels"], [])),
    "total-weight-zero": ("must be positive", changed(TOTALS, ["claim", "compressibility", "weights", 1], rat(0))),
    "splits-without-a-total": ("splits must be null where there is no total", changed(
        LEVELS, ["evidence", "splits"], [None, rat(1)]
    )),
    "total-without-splits": ("splits must be null where there is no total", changed(
        TOTALS, ["evidence", "splits"], None
    )),
    "split-zero": ("must be positive", changed(TOTALS, ["evidence", "splits", 1], rat(0))),
    "split-of-a-dense-level": ("must be null for dense levels", changed(TOTALS, ["evidence", "splits", 0], rat(1))),
}  # fmt: skip
