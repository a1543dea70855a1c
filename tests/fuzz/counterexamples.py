"""Vectors that would refute what a certificate says of all vectors, for small matrices, by the definitions alone.

Nothing of the evidence is used, but for one minimiser where all of them are asked for. A property of all vectors holds
if none refutes it; here finitely many are tried. Where they are few enough, they decide two cases: vectors on a support
alone (by minors), and the kernel (by its vectors of least support, since a convex function on a polytope is largest at
a vertex). Between the two, for errors and for answers, some are tried.
"""

import json
from fractions import Fraction
from itertools import combinations, islice, product

from tests.fuzz import walsh_attacks
from tests.fuzz.independent import (
    Problem,
    X,
    adjoint,
    apply,
    column,
    determinant_and_rank,
    inner,
    levels_of,
    matrix,
    minus,
    modulus,
    norm2,
    rational,
    root_above,
    vertices,
)

MOST = 24  # supports, sets of columns, and vectors of the kernel that are looked at
BITS = 256
STEPS = 8  # of a search for points of convex sets that are near to each other


def root_below(x):
    """A rational lower bound of √x, x rational."""
    found = root_above(x, BITS)
    return found if X(0, found * found) == x else max(found - Fraction(2, 2**BITS), Fraction(0))


def violates(A, claim, rho, gamma, x):
    """Whether ‖x_Δ‖ > ρ‖x_Δc‖_w/√ξ + γ‖Ax‖ for the largest entries Δ of each level."""
    levels, xi = levels_of(claim)
    kept, rest = X(0), Fraction(0)
    for js, s, w in levels:
        order = sorted(js, key=lambda j: x[j].abs2().v[0], reverse=True)
        kept = kept + sum((x[j].abs2() for j in order[:s]), start=X(0))
        rest += w * sum(modulus(x[j]) for j in order[s:])
    most = rho * rest / root_below(X(0, xi)) + gamma * root_above(norm2(apply(A, x)), BITS)
    return root_below(kept) > most


def reduced(rows):
    """The reduced row echelon form, and its pivots."""
    rows, pivots = [list(row) for row in rows], []
    for j in range(len(rows[0])):
        k = len(pivots)
        pivot = next((i for i in range(k, len(rows)) if rows[i][j]), None)
        if pivot is None:
            continue
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [a / rows[k][j] if a else a for a in rows[k]]
        for i in range(len(rows)):
            if i != k and rows[i][j]:
                rows[i] = [a - rows[i][j] * b if b else a for a, b in zip(rows[i], rows[k], strict=True)]
        pivots.append(j)
    return rows, pivots


def multiplied(rows):
    """The products of all pairs of columns, A*A."""
    columns = list(zip(*rows, strict=True))
    return [[inner(b, a) for b in columns] for a in columns]


def solved(A, columns, y):
    """The x on these columns for which Ax is nearest to y; None if they are dependent."""
    rows = [[row[j] for j in columns] for row in A]
    gram = [[*line, b] for line, b in zip(multiplied(rows), apply(adjoint(rows), y), strict=True)]
    lines, pivots = reduced(gram)
    if pivots[: len(columns)] != list(range(len(columns))):
        return None
    x = [X(0)] * len(A[0])
    for j, line in zip(columns, lines, strict=True):
        x[j] = line[-1]
    return x


def circuits(A):
    """Vectors of the kernel with least support: a column and the pivots that it depends on."""
    N = len(A[0])
    for columns in combinations(range(N), min(len(A) + 1, N)):
        lines, pivots = reduced([[row[j] for j in columns] for row in A])
        for free in (k for k in range(len(columns)) if k not in pivots):
            x = [X(0)] * N
            x[columns[free]] = X(0, -1)
            for line, k in zip(lines, pivots, strict=False):
                x[columns[k]] = line[free]
            yield x


def supports(claim):
    """The supports of the claim."""
    levels, _ = levels_of(claim)
    return (sum(parts, ()) for parts in product(*(combinations(js, s) for js, s, _ in levels)))


def breaks_property(A, claim, rho, gamma):
    """Whether the null space property is refuted."""
    for support in islice(supports(claim), MOST):
        gram = multiplied([[row[j] for j in support] for row in A])
        shifted = [[gamma**2 * a - (i == j) for j, a in enumerate(line)] for i, line in enumerate(gram)]
        for size in range(1, min(len(support), 4) + 1):
            for chosen in combinations(range(len(support)), size):
                if determinant_and_rank([[shifted[i][j] for j in chosen] for i in chosen])[0].sign() < 0:
                    return True
        for j, k in product(support, range(len(A[0]))):
            # what remains of column j beside another
            x = solved(A, (k,), [row[j] for row in A]) if k not in support else None
            for part in (Fraction(1, 2), 1) if x else ():
                if violates(A, claim, rho, gamma, [X(0, 1) if i == j else -part * z for i, z in enumerate(x)]):
                    return True
    return any(violates(A, claim, rho, gamma, x) for x in islice(circuits(A), MOST))


def fitting(A, claim, y, room):
    """Vectors that fit the data: the nearest on some columns, and from there as far along a column as may be.

    `room` says how far, from σ(x), ‖Ax - y‖, the weight and the length of the column; it is negative if x does not fit.
    """
    levels, _ = levels_of(claim)
    w = [weight for js, _, weight in levels for _ in js]
    lengths = [root_above(norm2([row[j] for row in A]), BITS) for j in range(len(w))]
    sets = (columns for size in range(min(len(A), len(w)), 0, -1) for columns in combinations(range(len(w)), size))
    for x in islice((solved(A, columns, y) for columns in sets), MOST):
        if x is None:
            continue
        sigma = sum(weight * sum(sorted(modulus(x[j]) for j in js)[: len(js) - s]) for js, s, weight in levels)
        off = root_above(norm2(minus(apply(A, x), y)), BITS)
        for i, (weight, length) in enumerate(zip(w, lengths, strict=True)):
            step = room(sigma, off, weight, length)
            if step >= 0:
                yield from ([z + t * (i == j) for j, z in enumerate(x)] for t in (step, -step))


def too_far(A, claim, y, point, bound, room):
    """Whether a vector that fits the data is farther from the point than the bound."""
    return any(norm2(minus(x, point)) > bound**2 for x in fitting(A, claim, y, room))


def null_space(claim, evidence):
    return breaks_property(matrix(claim["matrix"]), claim, rational(claim["rho"]), rational(claim["gamma"]))


def recovery(claim, evidence):
    A, y, point = matrix(claim["matrix"]), column(claim["data"]), column(claim["point"])
    most, noise, bound = (rational(claim[key]) for key in ("compressibility", "noise", "bound"))
    witness = evidence["witness"]

    def room(sigma, off, weight, length):
        return min((most - sigma) / weight, (noise - off) / length if length else noise - off)

    far = witness is not None and norm2(minus(column(witness), point)) > bound**2
    return far or too_far(A, claim, y, point, bound, room) or null_space(claim, evidence)


def coefficients(claim, evidence):
    A, y, point = matrix(claim["matrix"]), column(claim["data"]), column(claim["point"])
    most, noise, bound = (rational(claim[key]) for key in ("compressibility", "noise", "bound"))

    def room(sigma, off, weight, length):
        return min((most - sigma) / weight, (noise - off) / length if length else noise - off)

    bounds = [b.v[0] for b in column(claim["bounds"])]
    witness = [] if evidence["witness"] is None else [column(evidence["witness"])]
    for x in [*fitting(A, claim, y, room), *witness]:
        away = minus(x, point)
        if norm2(away) > bound**2 or any(a.abs2() > b**2 for a, b in zip(away, bounds, strict=True)):
            return True
    return False


def forward_error(claim, evidence):
    A, y, point = matrix(claim["matrix"]), column(claim["data"]), column(claim["output"])
    delta, lam, bound = (
        rational(number) for number in (*map(claim["network"].get, ("delta", "lambda")), claim["bound"])
    )

    def room(sigma, off, weight, length):
        return (delta / 2 - lam * sigma - off) / (lam * weight + length)

    return too_far(A, claim, y, point, bound, room) or null_space(claim, evidence)


def toward(z, extreme):
    """A point of the hull that is near z: from the nearest of the extreme ones towards others, as far as pays."""
    x = min(extreme, key=lambda p: root_above(norm2(minus(z, p)), 64))
    for _ in range(STEPS):
        for p in extreme:
            way = minus(p, x)
            gain, length = inner(minus(z, x), way), norm2(way)
            gain = X(gain.s, *gain.v[:2])
            if not length or gain.sign() <= 0:
                continue
            share = gain / length
            x = p if share > 1 else [a + share * b for a, b in zip(x, way, strict=True)]
    return x


def breakdown(claim, evidence):
    """An answer that is nearer than r to a minimiser of each instance."""
    if claim["form"] == "class":
        return False
    s, square = int(claim["root"], 16), rational(claim["square"])
    problem = Problem(claim["problem"], 0)
    hulls = []
    for fields, witness in zip(claim["instances"], evidence["minimisers"], strict=True):
        A, y = matrix(fields["matrix"], s), column(fields["data"], s)
        hulls.append(vertices(problem, A, y, column(witness["point"], s), witness, s))
    middles = [mean(extreme) for extreme in hulls]
    # the middle of each two sets, and of all of them
    for some in [*combinations(range(len(hulls)), 2), tuple(range(len(hulls)))][:MOST]:
        z = mean([middles[i] for i in some])
        for _ in range(STEPS):
            nearest = [toward(z, extreme) for extreme in hulls]
            if all(norm2(minus(z, x)) < square for x in nearest):
                return True
            z = mean([nearest[i] for i in some])
    return False


def mean(points):
    return [sum(column, start=X(points[0][0].s)) * Fraction(1, len(points)) for column in zip(*points, strict=True)]


ATTACKS = {
    "breakdown": breakdown,
    "null-space": null_space,
    "recovery": recovery,
    "best-recovery": recovery,
    "coefficient-bounds": coefficients,
    "forward-error": forward_error,
    "best-forward-error": forward_error,
    "null-space-walsh": walsh_attacks.null_space_walsh,
    "recovery-walsh": walsh_attacks.recovery_walsh,
}


def refuted(data):
    """Whether a counterexample to the claim of an accepted certificate is known."""
    obj = json.loads(data)
    return obj["kind"] in ATTACKS and bool(ATTACKS[obj["kind"]](obj["claim"], obj["evidence"]))
