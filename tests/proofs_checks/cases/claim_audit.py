"""Kind claim-audit. The block has a = (4, 3), c = 5 and the minimiser (1/8, 0, 0); the dense one is 1 x 1 or 2 x 2."""

from tests.proofs_checks.builders import (
    F,
    audit,
    block,
    changed,
    dense,
    distance,
    excess,
    float64,
    objective,
    relative,
    solution_set,
    steps,
)

H = F(1, 2)
UNIT = F(1, 10**30)
BLOCK = block("lasso", [4, 3], 4)
SQRT_BLOCK = block("sqrt-lasso", [4, 3], 1)
X = [F(1, 8), 0, 0]
NEAR = [F(1, 8) + F(3, 5), F(4, 5), 0]  # at distance 1
FAR = [0, 0, H]  # Ax - y = (-1, 5/2): the objective is 2 + 1 + 25/4
BIG = 2**53


def _pell(steps):
    """Two neighbouring convergents of sqrt 2, the first one below it."""
    p, q = 1, 1
    for _ in range(steps):
        p, q = p + 2 * q, p + q
    return (p, q), (p + 2 * q, p + q)


def on_block(*statements, instance=BLOCK, points=None, **others):
    points = {"z": NEAR} if points is None else points
    return audit(instance, list(statements), points, **others)


def of(name, a, p, height, **others):
    """The claim that the minimiser of a block instance has this height in entry 1, with the objective there."""
    x = [height] + [0] * len(a)
    return on_block(distance("x", 0, 0), objective("x", *[others.pop("value")] * 2), instance=block(name, a, p),
                    points={"x": x}, **others)  # fmt: skip


def floats(a, units, first=1, second=2, **others):
    return audit(block("bpdn", a, H), [float64(first, second, units)], **others)


# Both bounds attained, as in kind minimiser; |A| = 1.
SQUARE = dense("lasso", [[1, 0], [0, 1]], [2, H], 1, [F(3, 2), 0])
IDENTITY = [[1, 0], [0, 1]]
# A = y = sqrt 2: the minimiser is 3/4, and |A|^2 = 2.
ROOT = dense("lasso", [[(0, 1)]], [(0, 1)], 1, [F(3, 4)])
# x = 2 with u = 1/2.
SQRT = dense("sqrt-lasso", [[1]], [2], H, [2])
BPDN = dense("bpdn", [[1]], [2], H, [F(3, 2)])
SHEAR = dense("bpdn", [[1, 1], [0, 1]], [0, 0], 1, [0, 0])  # |A|^2 = (3 + sqrt 5)/2 = 2.618...


def on_square(*statements, instance=SQUARE, points=None, inverse=IDENTITY, **others):
    return audit(instance, list(statements), points, inverse=inverse, **others)


def on_root(*statements, points=None, **others):
    return audit(ROOT, list(statements), points, **{"root": 2, "inverse": [[(0, H)]], **others})


def on_one(instance, *statements, points=None, **others):
    return audit(instance, list(statements), points, **{"inverse": [[1]], **others})


# All (t, 2 - t), 0 <= t <= 2, minimise |x|_1 + (x_1 + x_2 - 5/2)^2, with the minimum 9/4.
SEGMENT = dense("lasso", [[1, 1]], [F(5, 2)], 1, [2, 0])
# All (s, 0), 0 <= s <= 1: the trap of docs/theory.md, "The argmin set".
RAY = dense("sqrt-lasso", [[1, H]], [1], 1, [1, 0])
# All of (t, (2 - t) i), in C^2.
COMPLEX = dense("lasso", [[1, (0, 0, -1)]], [F(5, 2)], 1, [2, 0])
# x = 1 + i with u = y - x along it: |x| = sqrt 2; A = 1, y = (1 + i)(1 + sqrt 2 / 4).
ROUND = dense("lasso", [[1]], [(1, F(1, 4), 1, F(1, 4))], 1, [(1, 0, 1)])
I = (0, 0, 1)
# All (s i, 0), 0 <= s <= 1, with u = i.
TURNED = dense("sqrt-lasso", [[1, H]], [I], 1, [I, 0])
# RAY below a row of zeros, so that u = e_2.
LOWERED = dense("sqrt-lasso", [[0, 0], [1, H]], [0, 1], 1, [1, 0])
# 0 alone, with g = y = (3, 4): (1/2) has the phase and the residual (3/2, 9/2), which is no multiple of g.
ASKEW = dense("sqrt-lasso", [[3], [-1]], [3, 4], 1, [0])
# x = 1/2; the objective is 3/2 |z|, |z - 2| <= 3/2.
ONE = dense("bpdn", [[1]], [2], F(3, 2), [H], weights=[F(3, 2)])
FINE = F(1, 10**60)  # its double is below 4^-b for the b of ends with short denominators
# Convergents of sqrt 2, nearer to it than 2^-b: on ROUND the objective at 2 + 2i is 9/4 + sqrt 2.
LESS, MORE = (F(9, 4) + F(p, q) for p, q in _pell(80))


def on_segment(*statements, z=(3, 1), p=(2, 0), q=(1,), points=None, nearest=None, instance=SEGMENT, **others):
    points = {"z": list(z)} if points is None else points
    nearest = {"z": (list(p), q and list(q))} if nearest is None else nearest
    return solution_set(instance, list(statements), points, nearest=nearest, **others)


def on_ray(*statements, z, p, q, **others):
    return on_segment(*statements, z=z, p=p, q=q, **{"dual": [1], "instance": RAY, **others})


def on_complex(*statements, z=(3, I), p=(2, 0), q=(1,), **others):
    return on_segment(*statements, z=z, p=p, q=q, instance=COMPLEX, **others)


def on_one_complex(*statements, z):
    return on_segment(*statements, points={"z": [z]}, nearest={}, instance=ONE)


def on_round(*statements, z=((2, 0, 2),), points=None, **others):
    points = {"z": list(z)} if points is None else points
    return solution_set(ROUND, list(statements), points, root=2, **others)


SET = on_segment(distance("z", F(14142, 10**4), F(14143, 10**4)))
AT_ONE = on_block(distance("z", 1, 1))
TWO_TO_BIG = floats([BIG - F(1, 4), BIG + 2], 1)
MINIMUM = on_square(objective("minimiser", 2, 2))

ACCEPT = {
    "distance-at-both-edges": AT_ONE,
    "distance-negated-above": on_block(distance("z", 1 + UNIT, 2, holds=False)),
    "distance-negated-below": on_block(distance("z", 0, 1 - UNIT, holds=False)),
    "distance-to-a-point": on_block(distance("z", 1, 1, to="x"), points={"z": NEAR, "x": X}),
    "distance-of-points-with-the-names-of-a-reference": on_block(
        distance("file", 1, 1, to="sha256"), points={"file": NEAR, "sha256": X}
    ),
    "distance-zero": on_block(distance("x", 0, 0), points={"x": X}),
    "distance-low-negative": on_block(distance("z", -2, 1)),
    "distance-high-negative-negated": on_block(distance("z", -2, -1, holds=False)),
    "distance-of-the-minimiser-to-itself": on_block(distance("minimiser", 0, 0), points={}),
    "distance-irrational": on_block(
        distance("z", F(1414213562, 10**9), F(1414213563, 10**9)), points={"z": [F(9, 8), 1, 0]}
    ),
    "distance-with-root": on_root(
        distance("z", F(1414213562, 10**9), F(1414213563, 10**9)), points={"z": [(F(3, 4), 1)]}
    ),
    "objective-lasso": on_block(objective("z", F(925, 100), F(925, 100)), points={"z": FAR}),
    "objective-negated": on_block(objective("z", F(925, 100) + UNIT, 10, holds=False), points={"z": FAR}),
    "objective-of-the-minimiser": on_block(objective("minimiser", F(3, 4), F(3, 4)), points={}),
    # Ax - y = (-3, 4) with |x|_1 = 13/10
    "objective-sqrt-lasso": on_block(
        objective("z", F(63, 10), F(63, 10)), instance=SQRT_BLOCK, points={"z": [-H, 0, F(4, 5)]}
    ),
    "objective-bpdn-on-the-boundary": on_block(
        objective("z", F(1, 8), F(1, 8)), instance=block("bpdn", [4, 3], H), points={"z": X}
    ),
    "block-bpdn": of("bpdn", [4, 3], H, F(1, 8), value=F(1, 8)),
    "block-sqrt-lasso": of("sqrt-lasso", [4, 3], 3, F(1, 4), value=F(3, 4)),
    "block-lasso-parameter-equals-largest": of("lasso", [4, 3], 4, F(1, 8), value=F(3, 4)),
    "block-with-root": on_block(
        distance("x", 0, 0), instance=block("lasso", [(0, 1), (0, H)], 1), points={"x": [(-F(1, 4), H), 0, 0]}, root=2
    ),
    "block-largest-second": on_block(
        distance("x", 0, 0), instance=block("bpdn", [3, 4], H), points={"x": [0, F(1, 8), 0]}
    ),
    "block-one-row": on_block(steps(F(1, 26), 1), instance=block("lasso", [4, 3], 4, rows=1), points={}),
    "steps-block": on_block(steps(F(1, 25) - UNIT, 1), points={}),
    "steps-block-equality-negated": on_block(steps(F(1, 5), F(1, 5), holds=False), points={}),
    "steps-dense-equality-negated": on_square(steps(1, 1, holds=False)),
    "steps-dense": on_square(steps(1 - UNIT, 1)),
    "steps-dense-off-diagonal": audit(SHEAR, [steps(F(381, 1000), 1)]),
    "steps-dense-off-diagonal-negated": audit(SHEAR, [steps(F(382, 1000), 1, holds=False)]),
    "steps-dense-with-root": on_root(steps(H - UNIT, 1)),
    "dense-two-statements": on_square(objective("minimiser", 2, 2), distance("z", 1, 1), points={"z": [F(3, 2), -1]}),
    "dense-sqrt-lasso-dual": on_one(SQRT, objective("minimiser", 1, 1), dual=[H]),
    "dense-bpdn": on_one(BPDN, objective("minimiser", F(3, 2), F(3, 2))),
    # |z| = 1, |x| = 1/8
    "relative": on_block(relative("z", 8, 8)),
    "relative-negated-above": on_block(relative("z", 8 + UNIT, 9, holds=False)),
    "relative-negated-below": on_block(relative("z", 0, 8 - UNIT, holds=False)),
    "relative-low-negative": on_block(relative("z", -1, 8)),
    "relative-high-negative-negated": on_block(relative("z", -2, -1, holds=False)),
    "relative-with-root": on_root(
        relative("z", F(1885618083, 10**9), F(1885618084, 10**9)), points={"z": [(F(3, 4), 1)]}
    ),
    "excess-lasso": on_block(excess("z", F(17, 2), F(17, 2)), points={"z": FAR}),
    "excess-low-negative": on_block(excess("z", -1, F(17, 2)), points={"z": FAR}),
    "excess-of-the-minimiser": on_block(excess("minimiser", 0, 0), points={}),
    "excess-sqrt-lasso": on_block(
        excess("z", F(605, 100), F(605, 100)), instance=SQRT_BLOCK, points={"z": [-H, 0, F(4, 5)]}
    ),
    "excess-bpdn": on_one(BPDN, excess("z", 1, 1), points={"z": [F(5, 2)]}),
    "set-one-end": SET,
    "set-inside": on_segment(distance("z", F(7071, 10**4), F(7072, 10**4)), z=(F(3, 2), F(3, 2)), p=(1, 1), q=(H,)),
    "set-member": on_segment(distance("z", 0, 0), z=(H, F(3, 2)), p=(H, F(3, 2)), q=(0,)),
    "set-other-end": on_segment(distance("z", 1, 1), z=(-1, 2), p=(0, 2), q=(0,)),
    "set-negated": on_segment(distance("z", 1 + UNIT, 2, holds=False), z=(-1, 2), p=(0, 2), q=(0,)),
    "set-between-points": on_segment(distance("z", 1, 1, to="w"), points={"z": [3, 1], "w": [3, 2]}, nearest={}),
    "set-relative": on_segment(relative("z", H, H), z=(-1, 2), p=(0, 2), q=(0,)),
    "set-excess": on_segment(excess("z", 4, 4), nearest={}),
    "set-excess-of-another-minimiser": on_segment(excess("z", 0, 0), z=(1, 1), nearest={}),
    "set-objective": on_segment(objective("z", F(25, 4), F(25, 4)), nearest={}),
    "set-steps": on_segment(steps(H - UNIT, 1), points={}, nearest={}),
    "set-ray-inside": on_ray(distance("z", 1, 1), z=(H, 1), p=(H, 0), q=(0,)),
    "set-ray-end": on_ray(distance("z", 1, 1), z=(2, 0), p=(1, 0), q=(1,)),
    "set-ray-origin": on_ray(distance("z", 1, 1), z=(-1, 0), p=(0, 0), q=(0,)),
    "set-ray-given-by-its-other-end": on_ray(
        distance("z", 1, 1),
        z=(2, 0),
        p=(1, 0),
        q=(1,),
        instance=dense("sqrt-lasso", [[1, H]], [1], 1, [0, 0]),
        dual=None,
    ),
    "set-bpdn-zero": on_segment(
        distance("z", 2, 2), z=(2,), p=(0,), q=None, instance=dense("bpdn", [[1]], [H], 1, [0])
    ),
    "set-complex": on_complex(distance("z", F(14142, 10**4), F(14143, 10**4))),
    "set-complex-with-a-real-point": on_complex(distance("z", 1, 1), z=(2, -1), p=(2, 0), q=(0,)),
    "set-complex-excess": on_complex(excess("z", 4, 4), nearest={}),
    "set-complex-objective": on_complex(objective("z", F(25, 4), F(25, 4)), nearest={}),
    # at z = 2 + 2i the objective is 9/4 + sqrt 2, and the minimum 1/4 + sqrt 2
    "set-round-excess": on_round(excess("z", 2 - UNIT, 2 + UNIT)),
    "set-round-objective": on_round(objective("z", F(3664213562, 10**9), F(3664213563, 10**9))),
    "set-round-objective-negated": on_round(objective("z", F(3664213563, 10**9), 4, holds=False)),
    "set-round-objective-negated-above": on_round(objective("z", 0, 3, holds=False)),
    "set-round-objective-with-64-bits-more": on_round(objective("z", 3, F(9, 4) + F(17, 12))),
    "set-round-excess-of-the-minimiser": on_round(excess("minimiser", 0, UNIT), points={}),
    "set-complex-at-the-other-end": on_complex(distance("z", 0, F(3, 2)), z=(1, (0, 0, 3)), p=(0, (0, 0, 2))),
    "set-complex-with-slack": on_complex(distance("z", 0, F(3, 2)), z=(3, (0, 0, -1))),
    "set-complex-ray": on_ray(
        distance("z", 0, 0), z=((0, 0, H), 0), p=((0, 0, H), 0), q=(0,), dual=[I], instance=TURNED
    ),
    "set-complex-weighted": on_one_complex(objective("z", F(3, 2), F(3, 2)), z=(F(4, 5), 0, F(3, 5))),
    "float64-neighbours": floats([BIG, BIG + 2], 1),
    "float64-unit-of-the-smaller": floats([BIG - 1, BIG + 4], 5),
    "float64-negative": floats([BIG + 2, BIG], -1),
    "float64-same-entry": floats([2, 1], 0, second=1),
    "float64-tie-to-even-below": floats([BIG, BIG + 1], 0),
    "float64-tie-to-even-above": floats([BIG + 2, BIG + 3], 1),
    "float64-above-the-tie": floats([BIG, BIG + 1 + UNIT], 1),
    "float64-rounded-to-a-power": TWO_TO_BIG,
    "float64-root": floats([(0, 1), (UNIT, 1)], 0, root=2),
    "float64-smallest": floats([F(1, 2**1100), F(1, 2**1099)], 2**52),
}

REJECT = {
    "distance-below-low": ("statement 1", on_block(distance("z", 1 + UNIT, 2))),
    "distance-above-high": ("statement 1", on_block(distance("z", 0, 1 - UNIT))),
    "distance-negated-at-low": ("statement 1", on_block(distance("z", 1, 2, holds=False))),
    "distance-negated-at-high": ("statement 1", on_block(distance("z", 0, 1, holds=False))),
    "distance-high-negative": ("statement 1", on_block(distance("z", -2, -1))),
    "distance-other-point": (
        "statement 1",
        on_block(distance("z", 1, 1, to="x"), distance("x", 0, 1), points={"z": NEAR, "x": FAR}),
    ),
    "distance-in-another-norm": ("statement 1", on_block(distance("z", F(7, 5), F(7, 5)))),
    "distance-irrational": (
        "statement 1",
        on_block(distance("z", 0, F(1414213562, 10**9)), points={"z": [F(9, 8), 1, 0]}),
    ),
    "distance-with-root": (
        "statement 1",
        on_root(distance("z", 0, F(1414213562, 10**9)), points={"z": [(F(3, 4), 1)]}),
    ),
    "second-statement": ("statement 2", on_block(distance("z", 1, 1), distance("z", 2, 2))),
    "objective-lasso": ("statement 1", on_block(objective("z", F(925, 100) + UNIT, 10), points={"z": FAR})),
    "objective-lasso-second-block-forgotten": ("statement 1", on_block(objective("z", 3, 3), points={"z": FAR})),
    "objective-sqrt-lasso": (
        "statement 1",
        on_block(objective("z", F(63, 10) + UNIT, 7), instance=SQRT_BLOCK, points={"z": [-H, 0, F(4, 5)]}),
    ),
    "objective-bpdn-infeasible": (
        "statement 1",
        on_block(
            objective("z", F(1, 8) - UNIT, 1), instance=block("bpdn", [4, 3], H), points={"z": [F(1, 8) - UNIT, 0, 0]}
        ),
    ),
    "objective-bpdn-infeasible-negated": (
        "statement 1",
        on_block(objective("z", 2, 3, holds=False), instance=block("bpdn", [4, 3], H), points={"z": [0, 0, 0]}),
    ),
    "objective-negated": ("statement 1", on_block(objective("z", 9, 10, holds=False), points={"z": FAR})),
    "block-not-the-minimiser": ("statement 1", on_block(distance("x", 0, 0), points={"x": [F(1, 8) + UNIT, 0, 0]})),
    "block-tie": ("instance", on_block(distance("z", 0, 9), instance=block("lasso", [4, 4], 4))),
    "block-entry-zero": ("instance", on_block(distance("z", 0, 9), instance=block("lasso", [4, 0], 4))),
    "block-entry-negative": ("instance", on_block(distance("z", 0, 9), instance=block("lasso", [4, -5], 4))),
    "block-lasso-parameter-above-largest": (
        "instance",
        on_block(distance("z", 0, 9), instance=block("lasso", [4, 3], 4 + UNIT)),
    ),
    "block-sqrt-lasso-parameter-equals-largest": (
        "instance",
        on_block(distance("z", 0, 9), instance=block("sqrt-lasso", [4, 3], 4)),
    ),
    "block-bpdn-parameter-one": ("instance", on_block(distance("z", 0, 9), instance=block("bpdn", [4, 3], 1))),
    "steps-block-equality": ("statement 1", on_block(steps(F(1, 5), F(1, 5)), points={})),
    "steps-block-negated": ("statement 1", on_block(steps(F(1, 25) - UNIT, 1, holds=False), points={})),
    "steps-dense-equality": ("statement 1", on_square(steps(1, 1))),
    "steps-dense-off-diagonal": ("statement 1", audit(SHEAR, [steps(F(382, 1000), 1)])),
    "steps-dense-with-root": ("statement 1", on_root(steps(H, 1))),
    "dense-not-the-minimiser": (
        "rule 2",
        on_square(distance("minimiser", 0, 0), instance=dense("lasso", [[1, 0], [0, 1]], [2, H], 1, [F(8, 5), 0])),
    ),
    "dense-not-unique": ("rule 3", on_one(dense("lasso", [[1, 1]], [2], 1, [F(3, 2), 0]), distance("minimiser", 0, 0))),
    "dense-without-inverse": ("rule 3", on_square(objective("minimiser", 2, 2), inverse=None)),
    "dense-complex": (
        "instance",
        on_one(
            dense("lasso", [[(0, 0, 1)]], [(0, 0, 2)], 1, [F(3, 2)]),
            distance("minimiser", 0, 0),
            inverse=[[(0, 0, -1)]],
        ),
    ),
    "relative-below-low": ("statement 1", on_block(relative("z", 8 + UNIT, 9))),
    "relative-above-high": ("statement 1", on_block(relative("z", 0, 8 - UNIT))),
    "relative-negated-at-low": ("statement 1", on_block(relative("z", 8, 9, holds=False))),
    "relative-negated-at-high": ("statement 1", on_block(relative("z", 0, 8, holds=False))),
    "relative-high-negative": ("statement 1", on_block(relative("z", -2, -1))),
    "relative-to-zero": (
        "statement 1",
        audit(dense("lasso", [[1]], [0], 1, [0]), [relative("z", 0, 1, holds=False)], {"z": [1]}),
    ),
    "relative-with-root": (
        "statement 1",
        on_root(relative("z", 0, F(1885618083, 10**9)), points={"z": [(F(3, 4), 1)]}),
    ),
    "excess-below-low": ("statement 1", on_block(excess("z", F(17, 2) + UNIT, 9), points={"z": FAR})),
    "excess-above-high": ("statement 1", on_block(excess("z", 0, F(17, 2) - UNIT), points={"z": FAR})),
    "excess-of-the-minimiser": ("statement 1", on_block(excess("minimiser", -1, -UNIT), points={})),
    "excess-sqrt-lasso": (
        "statement 1",
        on_block(excess("z", 6, F(605, 100) - UNIT), instance=SQRT_BLOCK, points={"z": [-H, 0, F(4, 5)]}),
    ),
    "excess-bpdn-infeasible": ("statement 1", on_one(BPDN, excess("z", 0, 9), points={"z": [F(5, 2) + UNIT]})),
    "set-beyond-the-distance": ("statement 1", on_segment(distance("z", F(14143, 10**4), 2))),
    "set-another-minimiser": (
        "statement 1",
        on_segment(distance("z", F(5, 2), 4), z=(3, 1), p=(0, 2), q=(1,)),
    ),
    "set-not-the-nearest": (
        "statement 1",
        on_segment(distance("z", F(7, 10), 2), z=(F(3, 2), F(3, 2)), p=(2, 0), q=(H,)),
    ),
    "set-multiplier-too-small": ("statement 1", on_segment(distance("z", 0, 2), q=(1 - UNIT,))),
    "set-multiplier-too-large": ("statement 1", on_segment(distance("z", 0, 2), q=(1 + UNIT,))),
    "set-multiplier-missing": ("statement 1", on_segment(distance("z", 0, 2), q=None)),
    "set-multiplier-of-nothing": (
        "statement 1",
        on_segment(distance("z", 2, 2), z=(2,), p=(0,), q=(0,), instance=dense("bpdn", [[1]], [H], 1, [0])),
    ),
    "set-no-member-by-its-sign": (
        "statement 1",
        on_segment(distance("z", 0, 9), z=(3, -1), p=(3, -1), q=(0,)),
    ),
    "set-no-member-by-its-image": (
        "statement 1",
        on_segment(distance("z", 0, 0), z=(2 + UNIT, 0), p=(2 + UNIT, 0), q=(0,)),
    ),
    "set-no-member-off-the-support": (
        "statement 1",
        on_ray(distance("z", 0, 0), z=(H, UNIT), p=(H, UNIT), q=(0,)),
    ),
    "set-ray-beyond-its-end": ("statement 1", on_ray(distance("z", 0, 0), z=(1 + UNIT, 0), p=(1 + UNIT, 0), q=(0,))),
    "set-ray-negative-multiplier": ("statement 1", on_ray(distance("z", H, H), z=(0, 0), p=(H, 0), q=(-H,))),
    "set-ray-not-the-nearest": ("statement 1", on_ray(distance("z", 0, 2), z=(1, 0), p=(H, 0), q=(H,))),
    "set-relative-above-high": (
        "statement 1",
        on_segment(relative("z", 0, H - UNIT), z=(-1, 2), p=(0, 2), q=(0,)),
    ),
    "set-relative-to-zero": (
        "statement 1",
        on_segment(
            relative("z", 0, 1, holds=False), z=(2,), p=(0,), q=None, instance=dense("bpdn", [[1]], [H], 1, [0])
        ),
    ),
    "set-excess": ("statement 1", on_segment(excess("z", 0, 4 - UNIT), nearest={})),
    "set-not-a-minimiser": (
        "rule 2",
        on_segment(excess("z", 0, 9), nearest={}, instance=dense("lasso", [[1, 1]], [F(5, 2)], 1, [3, -1])),
    ),
    "set-steps": ("statement 1", on_segment(steps(H, 1), points={}, nearest={})),
    "set-complex-phase": ("statement 1", on_complex(distance("z", 0, 0), z=(1, (0, 0, -1)), p=(1, (0, 0, -1)), q=(0,))),
    "set-complex-not-the-nearest": ("statement 1", on_complex(distance("z", 2, 4), p=(0, (0, 0, 2)))),
    "set-round-excess-within-the-rounding": ("statement 1", on_round(excess("z", 2, 2))),
    "set-round-excess-up-to-the-rounding": ("statement 1", on_round(excess("z", 0, 2))),
    "set-round-excess-from-the-rounding": ("statement 1", on_round(excess("z", 2, 3))),
    "set-round-objective-above-the-number": ("statement 1", on_round(objective("z", MORE, 4))),
    "set-round-objective-below-the-number": ("statement 1", on_round(objective("z", 0, LESS))),
    "set-round-objective-negated-from-below": ("statement 1", on_round(objective("z", LESS, 4, holds=False))),
    "set-round-objective-negated-from-above": ("statement 1", on_round(objective("z", 0, MORE, holds=False))),
    "set-complex-objective-a-hair-above": ("statement 1", on_one_complex(objective("z", 0, F(3, 2)), z=(1, 0, FINE))),
    "set-complex-objective-a-hair-below": (
        "statement 1",
        on_one_complex(objective("z", F(3, 2), 2), z=(F(4, 5) - FINE, 0, F(3, 5))),
    ),
    "set-complex-objective-infeasible": (
        "statement 1",
        on_one_complex(objective("z", 0, 9), z=(2, 0, F(3, 2) + UNIT)),
    ),
    "set-complex-excess-infeasible": ("statement 1", on_one_complex(excess("z", 0, 9), z=(2, 0, F(3, 2) + UNIT))),
    "set-complex-no-member-by-its-phase": (
        "statement 1",
        on_complex(distance("z", 0, 0), z=((2, 0, 1), 1), p=((2, 0, 1), 1), q=(0,)),
    ),
    "set-ray-beyond-its-end-in-row-two": (
        "statement 1",
        on_ray(distance("z", 0, 0), z=(1 + UNIT, 0), p=(1 + UNIT, 0), q=(0, 0), dual=[0, 1], instance=LOWERED),
    ),
    "set-ray-off-its-direction": (
        "statement 1",
        on_ray(distance("z", 0, 0), z=(H,), p=(H,), q=(0, 0), dual=None, instance=ASKEW),
    ),
    "set-round-objective": ("statement 1", on_round(objective("z", F(3664213563, 10**9), 4))),
    "set-round-objective-negated": (
        "statement 1",
        on_round(objective("z", F(3664213562, 10**9), 4, holds=False)),
    ),
    "float64-one-more": ("statement 1", floats([BIG, BIG + 2], 2)),
    "float64-swapped": ("statement 1", floats([BIG, BIG + 2], 1, first=2, second=1)),
    "float64-tie": ("statement 1", floats([BIG, BIG + 1], 1)),
    "float64-tie-above": ("statement 1", floats([BIG + 2, BIG + 3], 0)),
    # the unit at 2^53 is 2, although that below it is 1
    "float64-unit-below-a-power": ("statement 1", floats([BIG - F(1, 4), BIG + 2], 2)),
    "float64-too-small": ("statement 1", floats([F(1, 2**1100) - F(1, 2**1300), 1], 0, second=1)),
}

_FIRST = ["claim", "statements", 0]


def renamed(name):
    return on_block(distance(name, 1, 1), points={name: NEAR})


MALFORMED = {
    "no-statements": ("must hold at least one statement", on_block(points={})),
    "statement-without-type": ("type must be one of", changed(AT_ONE, [*_FIRST, "type"], ...)),
    "statement-of-unknown-type": ("type must be one of", changed(AT_ONE, [*_FIRST, "type"], "norm")),
    "statement-is-a-list": ("type must be one of", changed(AT_ONE, _FIRST, [])),
    "statement-with-a-field-of-another": ("unknown key 'tau'", changed(AT_ONE, [*_FIRST, "tau"], ["0x1", "0x1"])),
    "statement-of-float64-with-holds": ("unknown key 'holds'", changed(TWO_TO_BIG, [*_FIRST, "holds"], True)),
    "holds-null": ("holds must be true or false", changed(AT_ONE, [*_FIRST, "holds"], None)),
    # the second statement is malformed although the first is false already
    "later-statement": (
        "statements[1].low must be",
        on_block(distance("z", 2, 2), {**distance("z", 1, 1), "low": None}),
    ),
    "point-of-no-name": ("point must name a point", changed(AT_ONE, [*_FIRST, "point"], "y")),
    "point-name-list": ("to must name a point", changed(AT_ONE, [*_FIRST, "to"], [])),
    "point-unused": ("claim.points.z is in no statement", on_block(distance("minimiser", 0, 0))),
    "point-called-minimiser": ("cannot be the name of a point", renamed("minimiser")),
    "point-called-nothing": ("cannot be the name of a point", renamed("")),
    "point-name-with-a-sentence": (
        "cannot be the name of a point",
        renamed("z to minimiser is 0. The distance from z"),
    ),
    "point-name-looks-like-minimiser": ("cannot be the name of a point", renamed("m\u0456nimiser")),
    "point-name-contains-minimiser": ("cannot be the name of a point", renamed("minimiser.")),
    "point-name-minimiser-in-capitals": ("cannot be the name of a point", renamed("the-Minimiser")),
    **{
        f"point-name-{how}": ("cannot be the name of a point", renamed(name))
        for how, name in {
            "american": "minimizer",
            "american-in-capitals": "The_MINIMIZER",
            "with-an-l": "mlnimiser",
            "with-a-one": "min1miser",
            "with-a-five": "minimi5er",
            "with-rn-for-m": "rninirniser",
            "with-marks": "mini-mi.ser_1",
        }.items()
    },
    "point-name-kelvin-sign": ("cannot be the name of a point", renamed("\u212a")),
    "point-name-newline": ("cannot be the name of a point", renamed("z\n")),
    "point-name-right-to-left": ("cannot be the name of a point", renamed("z\u202e")),
    "point-name-too-long": ("cannot be the name of a point", renamed("z" * 65)),
    "point-complex": ("must be real", on_block(distance("z", 0, 9), points={"z": [(0, 0, 1), 0, 0]})),
    "point-of-other-size": ("claim.points.z must be 3 x 1", on_block(distance("z", 0, 9), points={"z": [0, 0]})),
    "points-list": ("claim.points must be an object", changed(AT_ONE, ["claim", "points"], [])),
    "root-only-in-an-unused-way": ("claim.root must be 0x0", on_block(distance("z", 1, 1), root=2)),
    "root-missing": ("claim.root must be positive", on_block(distance("z", 0, 9), points={"z": [(0, 1), 0, 0]})),
    # with the root 0 the largest entry would be 0 + 1·0, and have no reciprocal
    "root-missing-in-the-row": (
        "claim.root must be positive",
        on_block(distance("minimiser", 0, 9), points={}, instance=block("bpdn", [(0, 1), (0, H)], H)),
    ),
    "relative-to-a-point": ("unknown key 'to'", on_block({**relative("z", 0, 9), "to": "minimiser"})),
    "excess-with-holds": ("unknown key 'holds'", on_block({**excess("z", 0, 9), "holds": True})),
    "excess-of-no-name": ("point must name a point", on_block(excess("y", 0, 9), points={})),
    "set-with-a-left-inverse": ("unknown key 'left_inverse'", changed(SET, ["evidence", "left_inverse"], None)),
    "set-without-nearest": ("evidence lacks the key nearest", changed(SET, ["evidence", "nearest"], ...)),
    "set-nearest-list": ("evidence.nearest must be an object", changed(SET, ["evidence", "nearest"], [])),
    "set-nearest-null": ("evidence.nearest.z must be an object", changed(SET, ["evidence", "nearest", "z"], None)),
    "set-nearest-missing": ("holds the points whose distance is stated", on_segment(distance("z", 0, 9), nearest={})),
    "set-nearest-of-another": (
        "holds the points whose distance is stated",
        on_segment(excess("z", 0, 9)),
    ),
    "set-nearest-of-no-point": (
        "holds the points whose distance is stated",
        on_segment(distance("z", 0, 9), nearest={"z": ([2, 0], [1]), "w": ([2, 0], [1])}),
    ),
    "set-nearest-name-right-to-left": (
        "cannot be the name of a point",
        on_segment(distance("z", 0, 9), nearest={"z": ([2, 0], [1]), "w\u202e": ([2, 0], [1])}),
    ),
    "set-nearest-of-relative-missing": ("whose distance is stated", on_segment(relative("z", 0, 9), nearest={})),
    "set-distance-of-the-minimiser": (
        "distances are those of named points",
        on_segment(distance("minimiser", 0, 0), points={}, nearest={}),
    ),
    "set-relative-of-the-minimiser": (
        "distances are those of named points",
        on_segment(relative("minimiser", 0, 0), points={}, nearest={}),
    ),
    "set-multiplier-of-other-size": (
        "evidence.nearest.z.multiplier must be 1 x 1",
        on_segment(distance("z", 0, 9), q=(1, 1)),
    ),
    "set-nearest-of-other-size": ("evidence.nearest.z.point must be 2 x 1", on_segment(distance("z", 0, 9), p=(1,))),
    "set-point-of-other-size": ("claim.points.z must be 2 x 1", on_segment(distance("z", 0, 9), z=(1,))),
    "set-float64": ("about the row of a block instance", on_segment(float64(1, 1, 0), points={}, nearest={})),
    "form-unknown": ("form must be one of block, dense, set", changed(AT_ONE, ["claim", "instance", "form"], "sparse")),
    "form-missing": ("form must be one of block, dense, set", changed(AT_ONE, ["claim", "instance"], {})),
    "row-of-other-length": ("row must be 3 x 1", changed(AT_ONE, ["claim", "instance", "columns"], "0x4")),
    "row-complex": ("must be real", on_block(distance("z", 0, 9), instance=block("lasso", [4, (3, 0, 1)], 4))),
    "rows-equal-columns": ("rows must be 1 to 2", changed(AT_ONE, ["claim", "instance", "rows"], "0x3")),
    "evidence-of-a-block": ("evidence has the unknown key", changed(AT_ONE, ["evidence", "dual"], None)),
    "evidence-of-dense-empty": ("evidence lacks the key dual", changed(MINIMUM, ["evidence"], {})),
    "dense-point-of-other-size": (
        "claim.instance.point must be 2 x 1",
        changed(MINIMUM, ["claim", "instance", "point", "rows"], "0x3"),
    ),
    "dense-problem-null": (
        "claim.instance.problem must be an object",
        changed(MINIMUM, ["claim", "instance", "problem"], None),
    ),
    "float64-of-dense": ("about the row of a block instance", on_square(float64(1, 1, 0))),
    "float64-beyond-the-row": ("second must be 1 to 2", floats([4, 3], 0, second=3)),
    "steps-zero": ("tau must be positive", on_block(steps(0, 1), points={})),
    "steps-negative": ("sigma must be positive", on_block(steps(1, -1), points={})),
    "interval-in-words": ("high must be [numerator, denominator]", changed(AT_ONE, [*_FIRST, "high"], "1")),
}
