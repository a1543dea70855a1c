"""Certificates of recovery made by hand, and the least bound that docs/format.md allows, from fractions alone."""

from math import isqrt

from tests.checker.builders import F, column, envelope, matrix, parts, rat, seal
from tests.checker.null_space_builders import levels


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


def contributions(A, spread, rho, gamma, y, x, v, sigma=0, noise=0):
    """What the gap, the noise and the compressibility contribute."""
    near, far = factors(spread, rho, gamma)
    length = sum(w * modulus(x[j]) for js, _, w in spread_of(spread) for j in js)
    gap = near * (length - inner(y, v)) + far * norm(minus(image(A, x), y))
    return gap, (near * norm(v) + far) * noise, 2 * near * sigma


def _claim(A, spread, rho, gamma, y, x, v, bound, sigma, noise):
    least = sum(contributions(A, spread, rho, gamma, y, x, v, F(sigma), F(noise)))
    return {
        "matrix": matrix(A),
        "levels": levels(*spread),
        "rho": rat(rho),
        "gamma": rat(gamma),
        "data": column(y),
        "point": column(x),
        "compressibility": rat(sigma),
        "noise": rat(noise),
        "bound": rat(least if bound is None else bound),
    }


def recovery(A, spread, rho, gamma, y, x, v, proof, *, bound=None, sigma=0, noise=0, witness=None):
    """The least bound, unless another is given."""
    evidence = {"dual": column(v), "null_space": proof, "witness": witness and column(witness)}
    return seal(envelope("recovery", _claim(A, spread, rho, gamma, y, x, v, bound, sigma, noise), evidence))


def conditional(A, spread, rho, gamma, y, x, v, *, bound=None, sigma=0, noise=0, witness=None):
    evidence = {"dual": column(v), "witness": witness and column(witness)}
    claim = _claim(A, spread, rho, gamma, y, x, v, bound, sigma, noise)
    return seal(envelope("conditional-recovery", claim, evidence))
