"""Kind null-space-refuted: vectors of the kernel that are as large on a support as off it."""

from tests.checker.builders import F, changed
from tests.checker.null_space_builders import refuted

H = F(1, 2)
I = (0, 0, 1)  # noqa: E741
ONE = [(3, 1, 1)]

EVEN = refuted([[1, 1, 1]], ONE, [2, -1, -1])
# |x_D|^2 xi = (9 + 16)(9 + 16) = 25^2 with x_D = (3, 4) and the weights (3, 4); |x_Dc|_w = 3 * 3 + 4 * 4.
TWO = [(2, 1, 3), (4, 1, 4)]
LEVELS = refuted([[1, 1, 1, -F(3, 2)]], TWO, [3, 3, -12, -4])
TIED = refuted([[1, 1, 0, 0], [0, 0, 1, -1]], TWO, [3, -3, 4, 4])
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
    "levels-at-the-edge": TIED,
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
    "not-in-the-kernel-complex": ("kernel", refuted([[1, I, 0]], ONE, [1, I, 0][:2] + [1])),
    "not-in-the-kernel-of-the-second-row": ("kernel", refuted([[1, 1, 1], [0, 0, 1]], ONE, [2, -1, -1])),
    "vector-zero": ("kernel", refuted([[1, 1, 1]], ONE, [0, 0, 0])),
    "spread": ("support", refuted([[1, 1, 1]], ONE, [F(199, 100), -1, -F(99, 100)][:1] + [-1, -F(99, 100)])[:0] or
               refuted([[2, -1, -2]], ONE, [2, 2, 1])),
    "spread-by-one-unit": ("support", refuted([[1001, 1000, 1001]], ONE, [1000, -1001, 0])[:0] or
                           refuted([[1, -1, -1, 1]], [(4, 1, 1)], [100, 50, 51, 1])),
    "weight-off-the-support": ("support", refuted([[1, 1, 1]], [(1, 1, 1), (3, 1, 2)], [2, -1, -1])[:0] or
                               refuted([[1, 1, 1, 0]], [(2, 1, 1), (4, 1, 4)], [0, 2, 0, 0])[:0] or
                               refuted([[0, 1, 1, -2]], [(1, 1, 1), (4, 1, 2)], [0, 1, 1, 1])),
    "irrational-modulus-spread": ("support", refuted([[4, (-5, 0, 0), (-5, 0, 0)]], ONE, [F(5, 2), (1, 0, 1), (1, 0, -1)])),
    "modulus-of-one-part": ("support", refuted([[3, (-5, 0, 0), (-5, 0, 0)]], ONE, [F(10, 4), (1, 0, 1), (H, 0, -1)])),
}  # fmt: skip

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
