"""Kind joint-barrier. Matrices of one row or of blocks, with one entry raised by 2^-n, and minimisers of one entry."""

from tests.proofs_checks.builders import F, changed, column
from tests.proofs_checks.joint_builders import joint_barrier

H, E = F(1, 2), F(1, 8)
TOP = 1 + E


def spike(i, value, size):
    return [value if j == i else 0 for j in range(size)]


def raised(i, size, top=TOP):
    return [[top if j == i else 1 for j in range(size)]]


def height(name, a, y):
    return {"lasso": (y - 1 / (2 * F(a))) / a, "sqrt-lasso": F(y) / a, "bpdn": (y - H) / F(a)}[name]


def scaled(
    name="lasso", samples=(2, 3), size=3, *, n=3, K=1, top=TOP, A=None, points=None, inverse=None, inputs=None, **others
):
    """lambda = 1 for lasso, 1/2 for sqrt-lasso and bpdn; the inputs are all places of the raised entry."""
    parameter = 1 if name == "lasso" else H

    def dual(a):
        return [F(H) / a] if name == "sqrt-lasso" else None

    def row(i):
        return [(spike(i, height(name, top, y), size), inverse or [[1 / F(top)]], dual(top)) for y in samples]

    return joint_barrier(
        name, parameter, K, n, A or [[1] * size], [[y] for y in samples],
        others.pop("common", [(spike(0, height(name, 1, y), size), dual(1)) for y in samples]),
        inputs or [(raised(i, size, top), row(i)) for i in range(size)], points=points, **others,
    )  # fmt: skip


LASSO = scaled()
# x_kn is as far away as may be, and the minimisers are one unit more than 2 10^-K apart.
APART = F(14143, 10**5)
EDGE = scaled(
    "sqrt-lasso", (APART * TOP, 2), points=[[APART * TOP, E, 0], [2, 0, -E]]
)  # fmt: skip
NEAR = scaled("sqrt-lasso", ((APART - F(1, 10**5)) * TOP, 2))
BPDN = scaled("bpdn")


def blocks(third=None, name="lasso", near=None, root=0):
    """Two blocks of two columns with a sample each, all four patterns; perhaps with one more row and column."""
    more = [] if third is None else [third]
    size, rows = 4 + len(more), 2 + len(more)

    def block(i, k, c):
        return [
            [*(raised(i, 2)[0] if i is not None else [1, 1]), 0, 0, *([0] if more else [])],
            [0, 0, *(raised(k, 2)[0] if k is not None else [1, 1]), *([0] if more else [])],
            *([[0, 0, 0, 0, c]] if more else []),
        ]

    unit = [[1, *[0] * (rows - 1)], [0, 1, *[0] * (rows - 2)]]
    samples = [[2 * e for e in row] for row in unit]

    def witness(k, i):
        inverse = [[e / TOP for e in unit[k]]]
        return spike(2 * k + i, height(name, TOP, 2), size), inverse, None

    inputs = [(block(i, k, third), [witness(0, i), witness(1, k)]) for i in (0, 1) for k in (0, 1)]
    common = [(spike(2 * k, height(name, 1, 2), size), None) for k in (0, 1)]
    return joint_barrier(
        name, 1 if name == "lasso" else H, 1, 3, block(None, None, near), samples, common, inputs, root=root
    )


BLOCKS = blocks()
# c = |(9/8, 1)| = sqrt(145)/8, so that A A* = c^2 I
ROOT = blocks(third=(0, E), near=F(3, 2), root=145)
I = (0, 0, 1)
_LAST = height("lasso", TOP, 2)
# i times the columns, with -i times the minimisers
COMPLEX = joint_barrier(
    "lasso", 1, 1, 3, [[I, I]], [[2]], [([(0, 0, -F(3, 2)), 0], None)],
    [
        ([[(0, 0, TOP), I]], [([(0, 0, -_LAST), 0], [[(0, 0, -1 / TOP)]], None)]),
        ([[I, (0, 0, TOP)]], [([0, (0, 0, -_LAST)], [[(0, 0, -1 / TOP)]], None)]),
    ],
)  # fmt: skip
# two inputs with the same minimisers are in one group, and the third in another
GROUPED = scaled(inputs=[
    (raised(i, 3), [(spike(i, height("lasso", TOP, y), 3), [[1 / TOP]], None) for y in (2,)]) for i in (0, 0, 1)
], samples=(2,))  # fmt: skip


def tied():
    """Input 3 is a tie of its last two columns."""
    inputs = [(raised(i, 3), [(spike(i, height("lasso", TOP, 2), 3), [[1 / TOP]], None)]) for i in (0, 1)]
    two = (spike(2, height("lasso", TOP, 2), 3), [[1 / TOP], [0]], None)
    return scaled(samples=(2,), n=2, inputs=[*inputs, ([[1, TOP, TOP]], [two])])


def told(point):
    """The inputs of LASSO, with another point for the minimiser of the last one for the first sample."""

    def row(i):
        return [(spike(i, height("lasso", TOP, y), 3), [[1 / TOP]], None) for y in (2, 3)]

    last = [(point, [[1 / TOP]], None), row(2)[1]]
    return scaled(inputs=[*((raised(i, 3), row(i)) for i in (0, 1)), (raised(2, 3), last)])


ACCEPT = {
    "scaled-samples": LASSO,
    "scaled-samples-bpdn": BPDN,
    "scaled-samples-at-the-edge": EDGE,
    "one-sample": scaled(samples=(2,), size=2),
    "three-samples-of-four": scaled(samples=(2, 3, 4), size=4),
    "independent-ties": BLOCKS,
    "independent-ties-root": ROOT,
    "independent-ties-bpdn": blocks(name="bpdn"),
    "complex": COMPLEX,
    "equal-inputs": GROUPED,
    "weighted": joint_barrier(
        "lasso", 1, 1, 3, [[2, 1]], [[2]], [([F(7, 8), 0], None)],
        [
            ([[2 + E, 1]], [([F(240, 289), 0], [[F(8, 17)]], None)]),
            ([[2, TOP]], [([0, F(128, 81)], [[F(8, 9)]], None)]),
        ],
        weights=[1, H],
    ),
}  # fmt: skip

REJECT = {
    "minimisers-one-unit-too-near": ("cover", NEAR),
    "fewer-digits": ("cover", scaled("sqrt-lasso", (F(9, 8) * F(14143, 10**6), 2))),
    # the strong reading is false where there are as many samples as columns: answer column k at sample k
    "as-many-samples-as-columns": ("cover", scaled(size=2)),
    "three-samples-of-three": ("cover", scaled(samples=(2, 3, 4))),
    "the-same-sample-twice": ("distinct", scaled(samples=(2, 2))),
    "the-same-input-twice": ("cover", scaled(samples=(2,), inputs=[
        (raised(0, 3), [(spike(0, height("lasso", TOP, 2), 3), [[1 / TOP]], None)])] * 2)),
    "too-many-choices": ("cover", scaled(samples=tuple(range(2, 19)), size=2)),
    "matrix-one-unit-too-far": ("agreement", scaled(top=TOP + F(1, 10**30))),
    "precision-too-high": ("agreement", scaled(n=4)),
    "point-one-unit-too-far": ("data", scaled(points=[[F(3, 2) + E + F(1, 10**30), 0, 0], [F(5, 2), 0, 0]])),
    "points-swapped": ("data", scaled(points=[[F(5, 2), 0, 0], [F(3, 2), 0, 0]])),
    "datum-not-minimised": ("data", scaled(common=[([1, 0, 0], None), ([F(5, 2), 0, 0], None)])),
    "datum-dual-given": ("data", scaled(common=[([F(3, 2), 0, 0], [1]), ([F(5, 2), 0, 0], None)])),
    "minimiser-wrong": ("minimiser", told([0, 0, 1])),
    "minimiser-of-another-input": ("minimiser", told(spike(0, height("lasso", TOP, 2), 3))),
    "inverse-wrong": ("minimiser", scaled(inverse=[[TOP]])),
    "not-the-only-one": ("minimiser", tied()),
}  # fmt: skip

MALFORMED = {
    "one-input": ("claim.matrices must have at least two", scaled(size=1)),
    "no-input": ("claim.matrices must have at least one entry", changed(LASSO, ["claim", "matrices"], [])),
    "no-sample": ("claim.samples must have at least one entry", changed(LASSO, ["claim", "samples"], [])),
    "fewer-points": ("claim.points must have 2 entries, not 1", changed(LASSO, ["claim", "points", 1], ...)),
    "fewer-common": ("evidence.common must have 2 entries, not 1", changed(LASSO, ["evidence", "common", 1], ...)),
    "fewer-minimisers": (
        "evidence.minimisers must have 3 entries, not 2",
        changed(LASSO, ["evidence", "minimisers", 1], ...),
    ),
    "fewer-minimisers-of-an-input": (
        "evidence.minimisers[1] must have 2 entries, not 1",
        changed(LASSO, ["evidence", "minimisers", 1, 0], ...),
    ),
    "sample-of-other-size": ("claim.samples must be 1 x 1", changed(LASSO, ["claim", "samples", 0], column([1, 1]))),
    "sample-with-root": ("must be rational", changed(ROOT, ["claim", "samples", 0], column([(0, 1), 0, 0]))),
    "precision-zero": ("precision must be 1 to", changed(LASSO, ["claim", "precision"], "0x0")),
    "digits-zero": ("digits must be 1 to", changed(LASSO, ["claim", "digits"], "0x0")),
    "root-without-use": ("claim.root must be 0x0", changed(LASSO, ["claim", "root"], "0x2")),
    "data-in-the-problem": (
        "claim.problem has the unknown key",
        changed(LASSO, ["claim", "problem", "data"], column([2])),
    ),
}
