"""Kind null-space-walsh: masks of a few samples, whose blocks miss a row or more."""

import json

from tests.proofs_checks.builders import F, changed, rat
from tests.proofs_checks.solution_builders import packed
from tests.proofs_checks.walsh_builders import chosen, everything, null_space_walsh, rows

ONES, MOST = [1, 1, 1], list(range(1, 16))
# Without row 0, K is -1 off 0: mu = 1/4, theta = 1/4, Lambda = 3/4; xi = 25/16. All rules hold with equality.
THREE = chosen(2, 2, {4: [1, 2, 3], 5: [1, 2, 3], 6: [1, 2, 3]})
PLAIN = [(4, 4, F(3, 8)), (7, 1, 1)]
WEIGHTS = {4: ONES, 5: ONES, 6: ONES}
EDGE = null_space_walsh(2, 2, THREE, PLAIN, F(5, 12), 1, WEIGHTS)
# One subband a level; the last is complete, and sparse all the same. xi = 4 w1^2 + 2 + 1/4 = 9/4.
FINER_TAKEN = chosen(2, 2, {4: [1, 2, 3], 5: [0, 1, 3]})
FINER = null_space_walsh(
    2, 2, FINER_TAKEN, [(4, 4, F(1, 8)), (5, 1, 1), (6, 1, 1), (7, 1, F(7, 16))], F(51, 100), 1, {4: ONES, 5: [2, 2, 2]}
)
LINE = chosen(1, 5, {5: MOST, 3: [1, 2, 3]})
LEVELS_1D = [(3, 4, F(1, 8)), (4, 1, 1), (5, 8, F(1, 8)), (6, 3, 1)]
ONE_D = null_space_walsh(1, 5, LINE, LEVELS_1D, F(71, 100), F(3, 2), {5: [1] * 15, 3: ONES})
SPACE = chosen(3, 2, {b: range(1, 8) for b in range(8, 15)})
THREE_D = null_space_walsh(
    3, 2, SPACE, [(8, 8, F(1, 4)), (15, 2, 1)], F(3, 4), F(3, 2), {b: [1] * 7 for b in range(8, 15)}
)
FIVE = null_space_walsh(
    3, 2, chosen(3, 2, {b: [1, 2, 3, 4, 5] for b in range(8, 15)}), [(8, 8, F(1, 8)), (15, 1, 1)],
    F(3, 5), 2, {b: [2, 2, 1, 2, 1] for b in range(8, 15)},
)  # fmt: skip
# weights of different sizes, one of them 0 and one negative
UNEVEN_TAKEN = chosen(1, 4, {4: [0, 1, 2, 3, 4, 5, 6]})
UNEVEN = null_space_walsh(1, 4, UNEVEN_TAKEN, [(4, 8, F(1, 10)), (5, 1, 1)], F(59, 100), 3, {4: [4, 5, 5, 4, 6, 0, -1]})
# Theorem 6, q = 4: three of the five lines without 0; certified for s = 1 < q/2, and false for s = 2
LINES = [1, 2, 3, 4, 8, 12, 5, 10, 15]
SPREAD_TAKEN = chosen(1, 5, {5: sorted(LINES)})
SPREAD = null_space_walsh(1, 5, SPREAD_TAKEN, [(5, 16, F(1, 16)), (6, 1, 1)], F(2, 5), F(4, 3), {5: [1] * 9})


def _mask(data, move):
    """The mask with one sample in place of another: (old, new), by their places."""
    obj = json.loads(data)
    digits = obj["claim"]["mask"]
    number, length = int(digits, 16), 4 * len(digits)
    for place in move:
        number ^= 1 << (length - 1 - place)
    return changed(data, ["claim", "mask"], f"{number:0{len(digits)}x}")


def _place(d, r, k):
    place = 0
    for index in k:
        place = place << r | index
    return place


def moved(data, d, r, b, old, new):
    """Row `new` of a subband is taken in place of row `old`."""
    here = rows(d, r, b)
    return _mask(data, [_place(d, r, here[a]) for a in (old, new)])


def _level(data, number, **fields):
    for key, value in fields.items():
        data = changed(data, ["claim", "levels", number, key], value)
    return data


def _weights(data, b, values):
    return changed(data, ["evidence", "weights", b], values if values is None else packed(values))


ACCEPT = {
    "edge": EDGE,
    "finer-levels": FINER,
    "one-dimension": ONE_D,
    "three-dimensions": THREE_D,
    "three-dimensions-five-of-eight": FIVE,
    "uneven-weights": UNEVEN,
    "spread": SPREAD,
    "all-samples": null_space_walsh(2, 1, everything(2, 1), [(4, 4, 1)], F(1, 2), 1, {}),
    "all-samples-sparse": null_space_walsh(2, 2, everything(2, 2), [(4, 1, 1), (7, 2, 1)], F(1, 100), 1, {}),
    "two-samples": null_space_walsh(1, 1, everything(1, 1), [(2, 2, 1)], F(1, 2), 1, {}),
    "other-scales": null_space_walsh(2, 2, THREE, PLAIN, F(5, 12), 2, WEIGHTS, scales=[F(1, 4)] * 4 + [F(1, 3)] * 3),
    "weights-of-a-single-row": null_space_walsh(
        2, 2, THREE, [(1, 1, 1), (4, 1, 1), (7, 1, 1)], F(58, 100), 1, WEIGHTS | {1: [7], 2: [1], 3: [2**30]}
    ),
    "weights-large": _weights(EDGE, 4, [2**30, 2**30, 2**30]),
    "weights-negative-without-harm": _weights(
        null_space_walsh(2, 2, everything(2, 2), [(4, 4, F(1, 8)), (7, 1, 1)], F(1, 2), 2, {4: [5, 5, 5, -1]}),
        5,
        ONES + [1],
    ),
    "sparsity-of-one-level-whole": null_space_walsh(
        2, 2, THREE, [(1, 1, F(1, 8)), (4, 3, F(1, 8)), (7, 1, 1)], F(2, 5), 1, WEIGHTS
    ),
    # any three rows of four are as good
    "mask-moved": moved(EDGE, 2, 2, 4, 1, 0),
    "gamma-larger": changed(EDGE, ["claim", "gamma"], rat(2)),
}

HALF = chosen(2, 2, {4: [1, 2], 5: [1, 2, 3], 6: [1, 2, 3]})

REJECT = {
    "rho-too-small": ("rho", changed(EDGE, ["claim", "rho"], rat(F(4, 12)))),
    "rho-a-little-too-small": ("rho", changed(EDGE, ["claim", "rho"], rat(F(5, 12) - F(1, 10**9)))),
    "gamma-too-small": ("gamma", changed(EDGE, ["claim", "gamma"], rat(1 - F(1, 10**9)))),
    "gamma-of-a-dense-level": ("gamma", changed(EDGE, ["claim", "scales", 2], rat(1 - F(1, 10**9)))),
    # d in place of its square, and its square twice
    "scale-not-squared": ("gamma", changed(EDGE, ["claim", "scales", 4], rat(F(1155, 1000)))),
    "scale-smaller": ("gamma", changed(EDGE, ["claim", "scales", 6], rat(F(4, 3) - F(1, 10**9)))),
    "theta-one": ("theta", _level(EDGE, 1, sparsity="0x4")),
    "theta-above-one": ("theta", _level(EDGE, 1, sparsity="0x5")),
    "weight-of-the-sparse-level": ("rho", _level(EDGE, 1, weight=rat(1 - F(1, 10**9)))),
    "weight-of-the-dense-level": ("rho", _level(EDGE, 0, weight=rat(F(3, 8) + F(1, 10**9)))),
    "mask-moved": ("rho", moved(UNEVEN, 1, 4, 4, 0, 7)),
    "mask-moved-in-a-spread": ("rho", moved(SPREAD, 1, 5, 5, 15, 13)),
    "mask-moved-in-space": ("rho", moved(FIVE, 3, 2, 9, 5, 7)),
    "row-of-a-dense-level-missing": ("full", _mask(EDGE, [_place(2, 2, rows(2, 2, 2)[0])])),
    "scaling-row-missing": ("full", _mask(EDGE, [0])),
    "row-of-a-sparse-level-missing": ("full", _mask(FINER, [_place(2, 2, rows(2, 2, 6)[2])])),
    "weights-left-out": ("full", _weights(EDGE, 5, None)),
    "empty-subband": ("full", null_space_walsh(
        2, 2, chosen(2, 2, {4: [], 5: [1, 2, 3], 6: [1, 2, 3]}), PLAIN, F(5, 12), 1, {5: ONES, 6: ONES}
    )),
    "empty-mask": ("full", null_space_walsh(2, 2, set(), PLAIN, F(5, 12), 1, {})),
    "weights-zero": ("weights", _weights(EDGE, 4, [0, 0, 0])),
    "weights-of-sum-zero": ("weights", _weights(EDGE, 6, [1, 1, -2])),
    "weights-negative": ("weights", _weights(EDGE, 6, [-1, -1, -1])),
    # without the entry at 0 the largest one would be less
    "mu-with-the-entry-at-zero": ("rho", changed(EDGE, ["claim", "rho"], rat(F(5, 16)))),
    "weights-worse": ("rho", _weights(EDGE, 5, [2, 1, 1])),
    "spread-beyond-its-order": ("rho", _level(SPREAD, 1, sparsity="0x2")),
    "spread-far-beyond-its-order": ("theta", _level(SPREAD, 1, sparsity="0x4")),
    "swapped-subbands": ("gamma", changed(
        changed(EDGE, ["claim", "scales", 0], rat(F(4, 3))), ["claim", "scales", 4], rat(1)
    )),
    "other-subband-misses-rows": ("theta", null_space_walsh(
        2, 2, HALF, [(4, 4, F(3, 8)), (7, 2, 1)], F(9, 10), 9, {4: [1, 1], 5: ONES, 6: ONES}
    )),
}  # fmt: skip

_SHORT = json.loads(EDGE)["claim"]["mask"]
_LONG = rat(F(1, 2**4096))


def _claim(key, value):
    return changed(EDGE, ["claim", key], value)


MALFORMED = {
    "dimension-zero": ("dimension must be 1 to 3", _claim("dimension", "0x0")),
    "dimension-four": ("dimension must be 1 to 3", _claim("dimension", "0x4")),
    "bits-zero": ("bits must be 1 to 11", _claim("bits", "0x0")),
    "bits-too-many": ("bits must be 1 to 11", _claim("bits", "0xc")),
    "bits-of-another-mask": ("mask must be 16 hexadecimal digits", _claim("bits", "0x3")),
    "mask-too-long": ("mask must be 4 hexadecimal digits", _claim("mask", _SHORT + "00")),
    "mask-too-short": ("mask must be 4 hexadecimal digits", _claim("mask", _SHORT[:-1])),
    "mask-upper-case": ("mask must be 4 hexadecimal digits", _claim("mask", "FFFF")),
    "mask-with-a-blank": ("mask must be 4 hexadecimal digits", _claim("mask", "ff f")),
    "mask-a-list": ("mask must be 4 hexadecimal digits", _claim("mask", ["ffff"])),
    "mask-padded": ("the bits after them must be 0", changed(ACCEPT["two-samples"], ["claim", "mask"], "c1")),
    "rho-one": ("rho must be less than 1", _claim("rho", rat(1))),
    "rho-zero": ("rho must be positive", _claim("rho", rat(0))),
    "gamma-negative": ("gamma must be positive", _claim("gamma", rat(-1))),
    "gamma-long": ("at most 4096 bits", _claim("gamma", _LONG)),
    "scales-too-few": ("a number for each of 7 subbands", changed(EDGE, ["claim", "scales", 0], ...)),
    "scale-zero": ("scales[3] must be positive", changed(EDGE, ["claim", "scales", 3], rat(0))),
    "scale-long": ("at most 4096 bits", changed(EDGE, ["claim", "scales", 3], _LONG)),
    "levels-none": ("levels must end with subband 7", _claim("levels", [])),
    "level-beyond": ("end must be 5 to 7", _level(EDGE, 1, end="0x8")),
    "level-short": ("levels must end with subband 7", _level(EDGE, 1, end="0x6")),
    "level-empty": ("end must be 1 to 7", _level(EDGE, 0, end="0x0")),
    "sparsity-zero": ("sparsity must be 1 to 12", _level(EDGE, 1, sparsity="0x0")),
    "sparsity-too-large": ("sparsity must be 1 to 12", _level(EDGE, 1, sparsity="0xd")),
    "weight-zero": ("weight must be positive", _level(EDGE, 1, weight=rat(0))),
    "weight-long": ("at most 4096 bits", _level(EDGE, 1, weight=_LONG)),
    "weights-without-common-multiple": ("no common multiple", _level(
        _level(EDGE, 0, weight=rat(F(1, 3**1400))), 1, weight=rat(F(1, 5**1400)))),
    "weights-too-few": ("an item for each of 7 subbands", changed(EDGE, ["evidence", "weights", 0], ...)),
    "weights-of-a-dense-level": ("must be null, as the level is dense", _weights(EDGE, 0, [1])),
    "weights-of-too-many-rows": ("must have the shape (3,)", _weights(EDGE, 4, [1, 1, 1, 1])),
    "weights-of-too-few-rows": ("must have the shape (3,)", _weights(EDGE, 4, [1, 1])),
    "weights-fractions": ("must have integers", _weights(EDGE, 4, [1, 1, F(1, 2)])),
    "weights-beyond-the-cap": ("must be less than 2^62", _weights(EDGE, 4, [2**31, 0, 0])),
    "weights-together-beyond-the-cap": ("must be less than 2^62", _weights(EDGE, 4, [2**30, 2**30, 2**30 + 2**30])),
    "weights-a-string": ("weights must be a list", changed(EDGE, ["evidence", "weights"], "0x1")),
    "mask-of-other-counts": ("must have the shape (2,)", _mask(EDGE, [_place(2, 2, rows(2, 2, 4)[1])])),
    "unknown-key": ("unknown key", _claim("seed", "0x1")),
}  # fmt: skip
