"""Certificates of recovery made by hand, and the least bound that docs/format.md allows, from fractions alone."""

from math import isqrt

from tests.proofs_checks.builders import F, column, envelope, matrix, parts, rat, seal
from tests.proofs_checks.null_space_builders import levels


def upper_root(v):
    """Of docs/format.md, "Null space properties"."""
    v = F(v)
    p, q = v.numerator, v.denominator
    if isqrt(p) ** 2 == p and isqrt(q) ** 2 == q:
        return F(isqrt(p), isqrt(q))
    n = p * q * 4**64
    root = isqrt(n)
    return F(root + (root * root < n), 2**64 * q)


def upper_fourth_root(v):
    """The least multiple of 2^-64 whose fourth power is at least v, by bisection."""
    v = F(v)
    low, high = 0, 2**64 * (int(v) + 2)
    while high - low > 1:
        middle = (low + high) // 2
        below = middle**4 * v.denominator < v.numerator << 256
        low, high = (middle, high) if below else (low, middle)
    return F(high, 2**64)


def spread_of(spread):
    """(columns, sparsity, weight) of each level."""
    starts = [0, *(end for end, _, _ in spread[:-1])]
    return [(range(start, end), s, F(w)) for start, (end, s, w) in zip(starts, spread, strict=True)]


def factors(spread, rho, gamma):
    """C1/r and C2 of the rounded constants."""
    xi = sum(s * F(w) ** 2 for _, s, w in spread)
    zeta = min(s * F(w) ** 2 for _, s, w in spread)
    r = upper_root(xi)
    q, rho = upper_fourth_root(r * r / zeta), F(rho) * r * r / xi
    c1 = (rho + (1 + rho) * q / 2) * (1 + rho) / (1 - rho)
    return c1 / r, ((1 + rho) / (1 - rho) + (3 + rho) / (1 - rho) * q / 2) * F(gamma)


def cells(spread, cuts):
    """(c, m) of the cells between 0, the cuts and 1."""
    xi, zeta = sum(s * F(w) ** 2 for _, s, w in spread), min(s * F(w) ** 2 for _, s, w in spread)
    kappa = upper_root(xi) ** 2 / zeta
    ends = [F(0), *map(F, cuts), F(1)]
    tops = [a + upper_root((kappa - 1) * (1 - a * a)) if a * a * kappa >= 1 else upper_root(kappa) for a in ends[:-1]]
    return list(zip(ends[1:], tops, strict=True))


def best_constant(spread, rho, gamma, lam, cuts):
    """C2' of a staircase: at the kink, the vertex or the end of the line on which λT + ‖Av‖ is 1."""
    xi = sum(s * F(w) ** 2 for _, s, w in spread)
    r = upper_root(xi)
    rho, share, most = F(rho) * r * r / xi, F(lam) * F(gamma) * r, F(0)
    for c, m in cells(spread, cuts):
        alpha, delta = share - rho, 1 - share * c
        points = [(rho, F(1)), (F(1), F(0))]
        if alpha > 0 and m * delta > alpha:
            k = m / (2 * (m * delta - alpha))
            points.append((k, (1 - delta * k) / alpha))
        for k, b in points:
            if b >= 0 and k >= rho * b:
                most = max(most, (k * k + m * k * b) / (alpha * b + delta * k) ** 2)
    return F(gamma) * upper_root(most)


def pair(z):
    a, _, c, _ = parts(z)
    return a, c


def modulus(z):
    a, c = pair(z)
    return upper_root(a * a + c * c)


def norm(x):
    return upper_root(sum(a * a + c * c for a, c in map(pair, x)))


def inner(x, y):
    """Re of the sum of x_i conj(y_i)."""
    return sum(a * b + c * d for (a, c), (b, d) in zip(map(pair, x), map(pair, y), strict=True))


def image(A, x):
    """Ax, as tuples of builders."""
    result = []
    for row in A:
        terms = [(pair(a), pair(b)) for a, b in zip(row, x, strict=True)]
        result.append(
            (sum(p * r - q * s for (p, q), (r, s) in terms), 0, sum(p * s + q * r for (p, q), (r, s) in terms))
        )
    return result


def minus(x, y):
    return [(a - b, 0, c - d) for (a, c), (b, d) in zip(map(pair, x), map(pair, y), strict=True)]


def spreads(A, spread, rho, gamma, y, x, v, sigma=0, noise=0):
    """The bounds of |p - x|_w off the support: from x alone, with v, by what is settled; the least; and k of that."""
    levels, (rho, gamma, sigma, noise) = spread_of(spread), map(F, (rho, gamma, sigma, noise))
    xi = sum(s * w * w for _, s, w in levels)
    r = upper_root(xi)
    rho = rho * r * r / xi
    t = norm(minus(image(A, x), y)) + noise
    off = sigma + sum(w * sum(sorted(modulus(x[j]) for j in js)[: len(js) - s]) for js, s, w in levels)
    alone = (off + r * gamma * t) / (1 - rho)
    with_v = None
    if v is not None:
        excess = 2 * sigma + sum(w * modulus(x[j]) for js, _, w in levels for j in js) - inner(y, v) + noise * norm(v)
        with_v = (excess + r * gamma * t) / (1 - rho)
    k = rho * min(b for b in (alone, with_v) if b is not None) / r + gamma * t
    share, weight = 0, 0
    for js, s, w in levels:
        ordered = sorted((modulus(x[j]), sum(a * a for a in pair(x[j]))) for j in js)
        for _, square in ordered[-s:]:
            apart = upper_root(2 * k * k) if s > 1 else 2 * k
            weight += w * w * (len(js) > s and (ordered[-s - 1][0] + apart) ** 2 > square)
    share = upper_root(weight) / r
    settled = (off + share * r * gamma * t) / (1 - rho * share) if share <= 1 else alone
    b = min(b for b in (alone, with_v, settled) if b is not None)
    return alone, with_v, settled, b, rho * b / r + gamma * t


def least_square(A, spread, *others, **more):
    """The square of the least bound."""
    *_, b, k = spreads(A, spread, *others, **more)
    return k * (k + b * upper_root(1 / min(s * F(w) ** 2 for _, s, w in spread)))


def best_square(A, spread, rho, gamma, y, x, v, sigma=0, noise=0, *, cuts):
    """The square of the bound of a staircase, from the numbers of which b <= B + a is true."""
    levels, (rho, gamma, sigma, noise) = spread_of(spread), map(F, (rho, gamma, sigma, noise))
    *_, settled, _, _ = spreads(A, spread, rho, gamma, y, x, v, sigma, noise)
    alone = spreads(A, spread, rho, gamma, y, x, v, sigma, noise)[0]
    xi = sum(s * w * w for _, s, w in levels)
    r = upper_root(xi)
    rounded, g = rho * r * r / xi, r * gamma * (norm(minus(image(A, x), y)) + noise)
    limits = [sigma + sum(w * sum(sorted(modulus(x[j]) for j in js)[: len(js) - s]) for js, s, w in levels)]
    if v is not None:
        whole = sum(w * modulus(x[j]) for js, _, w in levels for j in js)
        limits.append(2 * sigma + whole - inner(y, v) + noise * norm(v))
    most = F(0)
    for c, m in cells(spread, cuts):
        found = [(limit + c * g) / (1 - rounded * c) for limit in limits]
        if min(found) >= 0:
            # where r has more than the weight that is not settled, the settled bound is no bound
            b = min([*found, settled] if settled != alone else found)
            k = (rounded * b + g) / r
            most = max(most, k * (k + m * b / r))
    return most


def least(*case, cuts=None, **others):
    return upper_root(least_square(*case, **others) if cuts is None else best_square(*case, **others, cuts=cuts))


def _claim(A, spread, rho, gamma, y, x, v, bound, sigma, noise, cuts):
    bound = least(A, spread, rho, gamma, y, x, v, sigma, noise, cuts=cuts) if bound is None else bound
    return {
        "matrix": matrix(A),
        "levels": levels(*spread),
        "rho": rat(rho),
        "gamma": rat(gamma),
        "data": column(y),
        "point": column(x),
        "compressibility": rat(sigma),
        "noise": rat(noise),
        "bound": rat(bound),
    }


def _sealed(kind, claim, evidence, cuts):
    if cuts is None:
        return seal(envelope(kind, claim, evidence))
    kind = kind.replace("recovery", "best-recovery")
    return seal(envelope(kind, claim, evidence | {"cuts": [rat(cut) for cut in cuts]}))


def recovery(A, spread, rho, gamma, y, x, v, proof, *, bound=None, sigma=0, noise=0, witness=None, cuts=None):
    """The least bound, unless another is given; with cuts, of kind best-recovery."""
    evidence = {"dual": v and column(v), "null_space": proof, "witness": witness and column(witness)}
    return _sealed("recovery", _claim(A, spread, rho, gamma, y, x, v, bound, sigma, noise, cuts), evidence, cuts)


def conditional(A, spread, rho, gamma, y, x, v, *, bound=None, sigma=0, noise=0, witness=None, cuts=None):
    evidence = {"dual": v and column(v), "witness": witness and column(witness)}
    claim = _claim(A, spread, rho, gamma, y, x, v, bound, sigma, noise, cuts)
    return _sealed("conditional-recovery", claim, evidence, cuts)
