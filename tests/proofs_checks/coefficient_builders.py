"""Certificates of kind coefficient-bounds made by hand, and the least bounds of the format, from fractions alone."""

from tests.proofs_checks.builders import F, column, envelope, matrix, rat, seal
from tests.proofs_checks.null_space_builders import levels
from tests.proofs_checks.recovery_builders import image, inner, minus, modulus, norm, pair, spread_of, upper_root


def tops(spread, values):
    return sum(w * sum(sorted((values[j] for j in js), reverse=True)[:s]) for js, s, w in spread_of(spread))


def row_bounds(A, spread, H):
    """nu_i and |h_i|."""
    weights = [w for js, _, w in spread_of(spread) for _ in js]
    n, rows, lengths = len(weights), [], []
    for i in range(n):
        h = [row[i] for row in H]
        lengths.append(norm(h))
        squares = []
        for j in range(n):
            # the real and imaginary parts of conj(h_i) . a_j
            a = [row[j] for row in A]
            re = inner(a, h) - (i == j)
            im = sum(d * p - c * q for (p, q), (c, d) in zip(map(pair, h), map(pair, a), strict=True))
            squares.append((re * re + im * im) / weights[j] ** 2)
        rows.append(upper_root(max(squares)))
    return rows, lengths


def least(A, spread, y, p, v, H, sigma=0, noise=0):
    """The bounds of the coefficients, the square of that of |p - x|, and V without what is settled."""
    rows, lengths = row_bounds(A, spread, H)
    theta, eta = tops(spread, rows), tops(spread, lengths)
    t = norm(minus(image(A, p), y)) + F(noise)
    split = spread_of(spread)
    off = F(sigma) + sum(w * sum(sorted(modulus(p[j]) for j in js)[: len(js) - s]) for js, s, w in split)
    limits = [off]
    if v is not None:
        whole = sum(w * modulus(p[j]) for js, _, w in split for j in js)
        limits.append(2 * F(sigma) + whole - inner(y, v) + F(noise) * norm(v))
    first = (min(limits) + 2 * t * eta) / (1 - 2 * theta)
    beta = [h * t + nu * first for h, nu in zip(lengths, rows, strict=True)]
    free = []
    for js, s, w in split:
        order = sorted(js, key=lambda j: sum(a * a for a in pair(p[j])), reverse=True)
        for i in order[:s]:
            square = sum(a * a for a in pair(p[i]))
            if any((modulus(p[j]) + beta[j] + beta[i]) ** 2 > square for j in order[s:]):
                free.append((i, w))
    V, near = first, theta + sum(w * rows[i] for i, w in free)
    if near < 1:
        V = min(V, (off + t * (eta + sum(w * lengths[i] for i, w in free))) / (1 - near))
    beta = [h * t + nu * V for h, nu in zip(lengths, rows, strict=True)]
    weights = [w for js, _, w in split for _ in js]
    left, total = V, F(0)
    for b, w in sorted(zip(beta, weights, strict=True), key=lambda q: q[0] / q[1], reverse=True):
        part = min(b, left / w)
        left, total = left - w * part, total + b * part
    return beta, total, first


def coefficients(A, spread, y, p, v, H, *, sigma=0, noise=0, bounds=None, bound=None, witness=None):
    """The least bounds, unless others are given."""
    if bounds is None or bound is None:
        found, square, _ = least(A, spread, y, p, v, H, sigma, noise)
        bounds, bound = found if bounds is None else bounds, upper_root(square) if bound is None else bound
    claim = {
        "bound": rat(bound),
        "bounds": column(bounds),
        "compressibility": rat(sigma),
        "data": column(y),
        "levels": levels(*spread),
        "matrix": matrix(A),
        "noise": rat(noise),
        "point": column(p),
    }
    evidence = {"dual": v and column(v), "inverse": matrix(H), "witness": witness and column(witness)}
    return seal(envelope("coefficient-bounds", claim, evidence))
