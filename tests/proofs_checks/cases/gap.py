"""Kind gap. An irrational modulus or norm is bounded above, so the least accepted gap is computed here by the rule."""

from math import isqrt

from tests.proofs_checks.builders import F, changed, gap

H = F(1, 2)


def root_above(v, gap_den):
    """The upper bound of the square root of a rational that is no square (docs/format.md, "kind gap")."""
    p = 64 + gap_den.bit_length()
    scaled = F(v) * 4**p
    root = isqrt(scaled.numerator // scaled.denominator)
    while root * root < scaled:
        root += 1
    return F(root, 2**p)


# x = 1 + i, y = 3 + 3i, lambda = 1, u = y - x scaled into the dual ball: |u|^2 = 1/2.
_DEN = 5**30
_EXCESS = root_above(2, _DEN) + 8 + F(1, 8) - 3
_LEAST = F(-((-_EXCESS * _DEN) // 1), _DEN)
if _LEAST.denominator != _DEN:
    raise ValueError("choose another denominator: the bound depends on it")


def irrational(g):
    return gap("lasso", [[1]], [(3, 0, 3)], 1, [(1, 0, 1)], [(H, 0, H)], g)


LASSO = gap("lasso", [[1]], [2], 1, [1], [1], F(1, 4))
BPDN = gap("bpdn", [[1]], [2], H, [F(7, 4)], [1], F(1, 4))
SQRT = gap("sqrt-lasso", [[1]], [2], H, [1], [H], H)
ROOT = gap("lasso", [[(0, 1)]], [(0, 1)], 1, [F(3, 4)], [(0, H)], 0, root=2)
# |Ax - y|^2 = (2 - sqrt 2)^2 = 6 - 4 sqrt 2 is no rational, and its root is bounded above.
NORM_ROOT = gap("sqrt-lasso", [[1]], [(0, 1)], 1, [2], [1], F(118, 100), root=2)

ACCEPT = {
    "lasso": LASSO,
    "lasso-minimiser": gap("lasso", [[1]], [2], 1, [F(3, 2)], [1], 0),
    "lasso-root": ROOT,
    "lasso-complex-exact-modulus": gap("lasso", [[1]], [(3, 0, 4)], 2, [(3, 0, 4)], [(F(6, 5), 0, F(8, 5))], 1),
    "lasso-complex-least-gap": irrational(_LEAST),
    "lasso-weighted": gap("lasso", [[1, 1]], [2], 1, [0, 1], [H], F(9, 16), weights=[1, H]),
    "bpdn": BPDN,
    "bpdn-minimiser": gap("bpdn", [[1]], [2], H, [F(3, 2)], [1], 0),
    "bpdn-zero-dual": gap("bpdn", [[1]], [2], H, [F(3, 2)], [0], F(3, 2)),
    "sqrt-lasso": SQRT,
    "sqrt-lasso-root": NORM_ROOT,
    "sqrt-lasso-negative-x": gap("sqrt-lasso", [[1]], [-2], H, [-2], [-H], 0),
}

REJECT = {
    "lasso-gap-too-small": ("gap", gap("lasso", [[1]], [2], 1, [1], [1], F(249, 1000))),
    "lasso-complex-one-unit-less": ("gap", irrational(_LEAST - F(1, _DEN))),
    "lasso-dual-outside": ("dual", gap("lasso", [[1]], [2], 1, [1], [F(101, 100)], 1)),
    "lasso-dual-outside-other-column": ("dual", gap("lasso", [[1, 2]], [2], 1, [1, 0], [1], 1)),
    "lasso-dual-outside-weight": ("dual", gap("lasso", [[1, 1]], [2], 1, [0, 1], [1], 1, weights=[1, H])),
    "lasso-gap-negative-by-sign-of-dual": ("gap", gap("lasso", [[1]], [2], 1, [1], [-1], F(1, 4))),
    # The objective of an infeasible point may lie below the dual value.
    "bpdn-infeasible": ("feasible", gap("bpdn", [[1]], [2], H, [0], [1], 0)),
    "bpdn-infeasible-by-one-unit": ("feasible", gap("bpdn", [[1]], [2], H, [F(149, 100)], [1], 1)),
    "bpdn-infeasible-beyond": ("feasible", gap("bpdn", [[1]], [2], H, [F(251, 100)], [1], 9)),
    "bpdn-dual-outside": ("dual", gap("bpdn", [[1]], [2], H, [F(3, 2)], [F(101, 100)], 1)),
    "bpdn-gap-too-small": ("gap", gap("bpdn", [[1]], [2], H, [F(7, 4)], [1], F(249, 1000))),
    "sqrt-lasso-dual-outside-ball": ("dual", gap("sqrt-lasso", [[1]], [2], 2, [2], [F(101, 100)], 9)),
    "sqrt-lasso-dual-outside": ("dual", gap("sqrt-lasso", [[1]], [2], H, [1], [F(51, 100)], 9)),
    "sqrt-lasso-gap-too-small": ("gap", gap("sqrt-lasso", [[1]], [2], H, [1], [H], F(499, 1000))),
    "sqrt-lasso-root-gap-too-small": ("gap", changed(NORM_ROOT, ["claim", "gap"], ["0x1", "0x1"])),
}

MALFORMED = {
    "gap-negative": ("gap must be at least 0", gap("lasso", [[1]], [2], 1, [F(3, 2)], [1], -1)),
    "gap-missing": ("claim lacks the key gap", changed(LASSO, ["claim", "gap"], ...)),
    "dual-null": ("evidence.dual must be an object", changed(LASSO, ["evidence", "dual"], None)),
    "dual-of-other-size": ("evidence.dual must be 1 x 1", gap("lasso", [[1]], [2], 1, [1], [1, 0], 1)),
    "unique-is-unknown": ("claim has the unknown key 'unique'", changed(LASSO, ["claim", "unique"], True)),
}
