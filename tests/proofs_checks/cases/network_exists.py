"""Kind network-exists. For lasso with A = [1] and lambda = 1 the minimiser is y - 1/2, if y >= 1/2."""

from tests.proofs_checks.breakdown_builders import network_exists
from tests.proofs_checks.builders import F, changed, column, matrix

H = F(1, 2)
Q = F(1, 4)
I = (0, 0, 1)

# (y - 1)_+ / 2 + (2y - 4)_+ / 4 + 1: at y = 2 the second unit is at its edge.
TWO_UNITS = [([[1], [2]], [-1, -4]), ([[H, Q]], [1])]
LASSO = network_exists("lasso", [[1]], 1, [[2], [3]], TWO_UNITS)
AFFINE = network_exists("lasso", [[1]], 1, [[2], [3]], [([[1]], [-H])])
# The minimiser of sqrt-lasso with A = [1], lambda = 1/2 is y, with the dual 1/2 (or -1/2).
IDENTITY = [([[1], [-1]], [0, 0]), ([[1, -1]], [0])]
SQRT = network_exists("sqrt-lasso", [[1]], H, [[2], [-3]], IDENTITY, duals=[[H], [-H]])
# A = diag(sqrt 2, 1): y = (sqrt 2, 1) and (2 sqrt 2, 1) have the minimisers (1, 1), (2, 1) with u = (sqrt(2)/4, 1/2).
ROOT_A = [[(0, 1), 0], [0, 1]]
ROOT = network_exists(
    "sqrt-lasso", ROOT_A, H, [[(0, 1), 1], [(0, 2), 1]],
    [([[(0, H), 0], [0, 1]], [-H, -H]), ([[1, 1], [0, 1]], [0, H])], duals=[[(0, Q), H], [(0, Q), H]], root=2,
)  # fmt: skip
# lasso, lambda = 2: the minimiser of |z - y|^2 + 2|z| is y (1 - 1/|y|); |3 + 4i| = |-5i| = 5.
# The hidden units are Re((3 - 4i) y / 5) = 5, -4 and Re(i y) = -4, 5.
COMPLEX = network_exists(
    "lasso", [[1]], 2, [[(3, 0, 4)], [(0, 0, -5)]],
    [([[(F(3, 5), 0, -F(4, 5))], [I]], [0, 0]), ([[(F(12, 25), 0, F(16, 25)), (0, 0, -F(4, 5))]], [0])],
)  # fmt: skip
BPDN = network_exists("bpdn", [[1, H]], H, [[2], [Q]], [([[1]], [-H]), ([[1], [0]], [0, 0])])
WEIGHTED = network_exists("lasso", [[1, 1]], 1, [[2]], [([[0]], [0]), ([[0], [0]], [0, F(7, 4)])], weights=[1, H])


def lasso(layers, samples=((2,), (3,)), **others):
    return network_exists("lasso", [[1]], 1, samples, layers, **others)


ACCEPT = {
    "lasso": LASSO,
    "affine": AFFINE,
    "one-sample": lasso([([[0]], [F(3, 2)])], [[2]]),
    "sqrt-lasso": SQRT,
    "sqrt-lasso-with-a-residual": network_exists(
        "sqrt-lasso", [[1], [0]], F(3, 5), [[1, 1], [2, 2]], [([[Q, 0]], [0])]
    ),
    "root": ROOT,
    "complex": COMPLEX,
    "complex-hidden-unit-loses-its-imaginary-part": lasso([([[(1, 0, 5)]], [(-1, 0, 7)]), ([[1]], [H])]),
    "bpdn": BPDN,
    "bpdn-inside-the-tolerance": network_exists("bpdn", [[1]], H, [[Q], [-Q]], [([[0]], [0])]),
    "weighted": WEIGHTED,
    "three-hidden-layers": lasso([([[1]], [0]), ([[1]], [-1]), ([[1]], [0]), ([[1]], [H])]),
    "hats": lasso([
        ([[1]], [-2]), ([[1], [-1], [1], [-1]], [0, 0, -1, 1]), ([[-1, -1, 0, 0], [0, 0, -1, -1]], [1, 1]),
        ([[F(3, 2), F(5, 2)]], [0]),
    ]),
}  # fmt: skip

REJECT = {
    "off-by-one-unit": ("rule 1", lasso([([[1], [2]], [-1, -4]), ([[H, Q]], [F(99, 100)])])),
    "second-sample-wrong": ("rule 1", lasso([([[0]], [F(3, 2)])])),
    "without-relu": ("rule 1", lasso([([[1], [2]], [-1, -6]), ([[H, H]], [F(5, 2)])], [[2]])),
    "relu-after-the-last-layer": (
        "rule 1",
        network_exists("sqrt-lasso", [[1]], H, [[2], [-3]], [([[1]], [0]), ([[1]], [0])], duals=[[H], [-H]]),
    ),
    "sample-twice": ("distinct", lasso(TWO_UNITS, [[2], [2]])),
    "samples-apart-and-twice": ("distinct", lasso([([[1]], [-H])], [[2], [3], [2]])),
    "wrong-side": ("rule 2", network_exists("bpdn", [[1]], H, [[2]], [([[0]], [F(5, 2)])])),
    "dual-missing": ("rule 1", network_exists("sqrt-lasso", [[1]], H, [[2], [-3]], IDENTITY, duals=[[H], None])),
    "dual-too-short": ("rule 2", network_exists("sqrt-lasso", [[1]], H, [[2]], IDENTITY, duals=[[Q]])),
    "dual-where-none-belongs": ("rule 1", lasso(TWO_UNITS, duals=[None, [1]])),
    "duals-swapped": ("rule 2", network_exists("sqrt-lasso", [[1]], H, [[2], [-3]], IDENTITY, duals=[[-H], [H]])),
    "complex-without-conjugation": (
        "rule 1",
        network_exists("lasso", [[1]], 2, [[(3, 0, 4)]], [([[0]], [(F(12, 5), 0, -F(16, 5))])]),
    ),
    "root-conjugate": (
        "rule 1",
        network_exists(
            "sqrt-lasso", ROOT_A, H, [[(0, 1), 1]], [([[(0, -H), 0], [0, 1]], [0, 0])], duals=[[(0, Q), H]], root=2
        ),
    ),
}

MALFORMED = {
    "no-layers": ("must have at least one layer", lasso([])),
    "no-samples": ("there must be samples", lasso(TWO_UNITS, [])),
    "fewer-duals": ("as many duals", changed(LASSO, ["evidence", "duals", 1], ...)),
    "more-duals": ("as many duals", changed(LASSO, ["evidence", "duals"], [None] * 3)),
    "layers-do-not-fit": ("claim.network[1].weights must be 1 x 2", lasso([([[1], [2]], [0, 0]), ([[1]], [0])])),
    "first-layer-does-not-fit": ("claim.network[0].weights must be 1 x 1", lasso([([[1, 1]], [0])])),
    "output-of-other-size": ("claim.network[0].weights must have 1 row,", lasso([([[1], [1]], [0, 0])])),
    "bias-of-other-size": ("claim.network[0].bias must be 1 x 1", lasso([([[1]], [0, 0])])),
    "layer-without-bias": ("lacks the key bias", changed(LASSO, ["claim", "network", 0, "bias"], ...)),
    "layer-with-activation": (
        "unknown key 'activation'",
        changed(LASSO, ["claim", "network", 0, "activation"], "ReLU"),
    ),
    "root-without-use": ("claim.root must be 0x0", lasso(TWO_UNITS, root=2)),
    "sample-of-other-size": ("claim.samples[1] must be 1 x 1", changed(LASSO, ["claim", "samples", 1], column([1, 1]))),
    "dual-of-other-size": ("evidence.duals[0] must be", changed(SQRT, ["evidence", "duals", 0], matrix([[1, 1]]))),
    "network-is-an-object": ("claim.network must be a list", changed(LASSO, ["claim", "network"], {})),
    "problem-with-data": ("unknown key 'data'", changed(LASSO, ["claim", "problem", "data"], column([2]))),
}
