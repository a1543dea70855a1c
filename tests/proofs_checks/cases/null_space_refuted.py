"""Kind null-space-refuted: vectors of the kernel that are as large on a support as off it."""

from tests.proofs_checks.builders import F, changed
from tests.proofs_checks.null_space_builders import refuted

H = F(1, 2)
I = (0, 0, 1)
ONE = [(3, 1, 1)]

EVEN = refuted([[1, 1, 1]], ONE, [2, -1, -1])
# xi |x_D|^2 = (9 + 16)(16 + 9) and |x_Dc|_w = 3 * (4 + 3) + 4 * 1; with the weights (4, 4) x would be spread.
EDGE = refuted(
    [[1, -1, 0, 0, 0], [3, 0, -4, 0, 0], [0, 0, 1, -1, 0], [0, 0, 0, 1, -3]],
    [(3, 1, 3), (5, 1, 4)],
    [4, 4, 3, 3, 1],
)
# A member of the class in which the second block has c = sqrt 5.
MEMBER = refuted([[2, 1, 0], [0, 0, (0, 1)]], ONE, [1, -2, 0], root=5)
COMPLEX = refuted([[1, 1, 1]], ONE, [5, (-5, 0, 0), 0])
GAUSSIAN = refuted([[7, (-3, 0, 4), 5]], ONE, [5, (3, 0, 4), (-2, 0, 0)])
# |1 + i| = sqrt 2 twice, and 3 > 2 sqrt 2.
MODULUS = [3, (1, 0, 1), (1, 0, -1)]
IRRATIONAL = refuted([[2, -3, -3]], ONE, MODULUS)
ROOT = refuted([[1, (0, 1), 0]], ONE, [(0, 1), -1, 0], root=2)
# |sqrt 2 + i|^2 = 3 is rational; |(1 + sqrt 2) + i|^2 = 4 + 2 sqrt 2 is not.
ROOT_RATIONAL_MODULUS = refuted([[(0, 1, 1), -2, 0]], ONE, [2, (0, 1, 1), 0], root=2)
ROOT_MODULUS = refuted([[(1, 1, 1), -3, 0]], ONE, [3, (1, 1, 1), 0], root=2)

ACCEPT = {
    "even": EVEN,
    "levels-at-the-edge": EDGE,
    "member-of-the-class": MEMBER,
    "complex": COMPLEX,
    "irrational-modulus": IRRATIONAL,
    "root": ROOT,
    "root-rational-modulus": ROOT_RATIONAL_MODULUS,
    "root-irrational-modulus": ROOT_MODULUS,
    "nothing-off-the-support": refuted([[0, 1]], [(2, 1, 1)], [1, 0]),
    "whole-level": refuted([[1, 1]], [(2, 2, 1)], [1, -1]),
    "scaled": refuted([[1, 1, 1]], [(3, 1, F(7, 3))], [2 * H, -H, -H]),
}

REJECT = {
    "not-in-the-kernel": ("kernel", refuted([[1, 1, 1]], ONE, [2, -1, 0])),
    "in-the-kernel-of-the-conjugate": ("kernel", refuted([[1, I, 0]], ONE, [1, (0, 0, -1), 0])),
    "not-in-the-kernel-of-the-second-row": ("kernel", refuted([[1, 1, 1], [0, 0, 1]], ONE, [2, -1, -1])),
    "vector-zero": ("kernel", refuted([[1, 1, 1]], ONE, [0, 0, 0])),
    "spread": ("support", refuted([[2, -1, -2]], ONE, [2, 2, 1])),
    "spread-by-two-units": ("support", refuted([[1, -1, -1, 1]], [(4, 1, 1)], [100, 50, 51, 1])),
    # With equal weights 2 * 17 >= 25, with these 5 * 17 < 100.
    "spread-by-the-weights": ("support", refuted([[3, 0] + [-2] * 6], [(2, 1, 1), (8, 1, 2)], [4, 0] + [1] * 6)),
    "spread-with-one-weight-larger": ("support", changed(EDGE, ["claim", "levels", 0, "weight"], ["0x4", "0x1"])),
    "irrational-modulus-spread": ("support", refuted([[4, -5, -5]], ONE, [F(5, 2), (1, 0, 1), (1, 0, -1)])),
    "irrational-modulus-with-root-spread": (
        "support",
        refuted([[(1, 1, 1), -2, 0, 0], [0, 0, 1, 1]], [(4, 1, 1)], [2, (1, 1, 1), 2, -2], root=2),
    ),
}

MALFORMED = {
    "vector-of-other-size": ("evidence.vector must be 3 x 1", refuted([[1, 1, 1]], ONE, [1, -1])),
    "levels-of-other-size": ("claim.levels must end with column 3", refuted([[1, 1, 1]], [(2, 1, 1)], [2, -1, -1])),
    "root-unused": ("claim.root must be 0x0", refuted([[1, 1, 1]], ONE, [2, -1, -1], root=2)),
    "root-missing": ("claim.root must be positive", refuted([[1, (0, 1), 0]], ONE, [(0, 1), -1, 0])),
    "support-is-unknown": (
        "evidence has the unknown key 'support'",
        changed(EVEN, ["evidence", "support"], ["0x0"]),
    ),
    "rho-is-unknown": ("claim has the unknown key 'rho'", changed(EVEN, ["claim", "rho"], ["0x1", "0x2"])),
}
