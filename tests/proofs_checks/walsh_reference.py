"""Masks of Walsh samples from the definitions: functions on a grid, dense matrices, fractions.

Walsh functions are the rows of a Hadamard matrix, sorted by their changes of sign; wavelets are functions that are
written out. No Gray code, no subband and no fast transform occurs.
"""

import math
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, product

F = Fraction
BITS = 300  # of roots, after the point


def upper(v):
    """A root, or a little more."""
    v = F(v)
    if math.isqrt(v.numerator) ** 2 == v.numerator and math.isqrt(v.denominator) ** 2 == v.denominator:
        return F(math.isqrt(v.numerator), math.isqrt(v.denominator))
    return F(math.isqrt(v.numerator * v.denominator * 4**BITS) + 1, v.denominator * 2**BITS)


@cache
def walsh(n):
    """Walsh functions as rows of signs, in the order of their changes of sign."""
    rows = [[1]]
    while len(rows) < n:
        rows = [row + row for row in rows] + [row + [-x for x in row] for row in rows]
    return sorted(rows, key=lambda row: sum(a != b for a, b in pairwise(row)))


def wave(n, j, o, p):
    """An indicator of a dyadic interval, of length n / 2^j, or (o = 1) that with its second half negative."""
    length = n >> j
    inside = range(p * length, (p + 1) * length)
    return [(-1 if o and 2 * (x - inside.start) >= length else 1) if x in inside else 0 for x in range(n)]


@cache
def axis(n, j, o):
    """The sums of the products of walsh(n)[k] and wave(n, j, o, p), over n / 2^j."""
    sums = [[sum(a * b for a, b in zip(row, wave(n, j, o, p), strict=True)) for p in range(2**j)] for row in walsh(n)]
    assert {x for line in sums for x in line} <= {-(n >> j), 0, n >> j}
    return [[x // (n >> j) for x in line] for line in sums]


def atoms(d, r):
    """(j, o, p) of each coefficient, in order."""
    scaling = [(0, (0,) * d, (0,) * d)]
    places = [
        (j, o, p) for j in range(r) for o in product((0, 1), repeat=d) if any(o) for p in product(range(2**j), repeat=d)
    ]
    return scaling + places


def sign(n, k, atom):
    """The inner product of the Walsh function k and an atom, times the root of 2^(dj)."""
    j, o, p = atom
    return math.prod(axis(n, j, oi)[ki][pi] for ki, oi, pi in zip(k, o, p, strict=True))


class Walsh:
    """A mask and weights of the samples in it; `weights` is a function of the subband number and the place there."""

    def __init__(self, d, r, taken, weights=None, scales=None):
        self.d, self.n = d, 2**r
        self.atoms = atoms(d, r)
        self.names = [(0, (0,) * d)] + [(j, o) for j in range(r) for o in product((0, 1), repeat=d) if any(o)]
        # which coefficients are seen by which samples is found, not known
        self.columns = {name: [i for i, (j, o, _) in enumerate(self.atoms) if (j, o) == name] for name in self.names}
        taken = sorted(taken)
        self.rows = {
            name: [k for k in taken if sign(self.n, k, self.atoms[columns[0]])]
            for name, columns in self.columns.items()
        }
        self.signs = {
            name: [[sign(self.n, k, self.atoms[i]) for i in self.columns[name]] for k in self._ordered(name)]
            for name in self.names
        }
        self.weights = {name: (weights or {}).get(b) or [1] * len(self.rows[name]) for b, name in enumerate(self.names)}
        self.scales = dict(zip(self.names, scales or [1] * len(self.names), strict=True))

    def _ordered(self, name):
        """By the signs at the first places on each axis, which are the digits in base 2: chi_a(2^t)."""
        j = name[0]
        units = [2**t for t in range(self.d * j)][::-1]

        def key(k):
            return [sign(self.n, k, self.atoms[self.columns[name][u]]) * self._first(name, k) < 0 for u in units]

        return sorted(self.rows[name], key=key)

    def _first(self, name, k):
        return sign(self.n, k, self.atoms[self.columns[name][0]])

    def size(self, name):
        return len(self.columns[name])

    @cache  # noqa: B019
    def block(self, name):
        """(the matrix E, the products of the columns of H) of a subband."""
        signs, e, size = self.signs[name], self.weights[name], self.size(name)

        def gram(values):
            return [
                [sum(v * row[i] * row[j] for v, row in zip(values, signs, strict=True)) for j in range(size)]
                for i in range(size)
            ]

        K = gram(e)
        off = max((abs(K[i][j]) for i in range(size) for j in range(size) if i != j), default=F(0))
        c = K[0][0] + off
        if K[0][0] <= 0:
            return None
        E = [[F(int(i == j)) - K[i][j] / F(c) for j in range(size)] for i in range(size)]
        L = gram([v * v for v in e])
        G = [[F(size * x) / (F(c) ** 2 * self.scales[name]) for x in row] for row in L]
        return E, G

    def constants(self, names, s):
        """mu, the square of the largest norm of a column of H, and of the norm of s columns, of some subbands."""
        mu = norm = spectral = F(0)
        for name in names:
            E, G = self.block(name)
            mu = max([mu, *(abs(x) for row in E for x in row)])
            own = max(G[i][i] for i in range(len(G)))
            off = max((abs(G[i][j]) for i, j in combinations(range(len(G)), 2)), default=F(0))
            norm, spectral = max(norm, own), max(spectral, own + (s - 1) * off)
        return mu, norm, spectral

    def samples(self, name, x):
        """The samples of a subband that are in the mask, times the root of its size."""
        part = [x[i] for i in self.columns[name]]
        return [sum(a * b for a, b in zip(row, part, strict=True)) for row in self.signs[name]]

    def q(self, name, off):
        """H*(Ax - y) from the differences of those samples."""
        signs, e, size = self.signs[name], self.weights[name], self.size(name)
        E, _ = self.block(name)
        c = sum(e) / (1 - E[0][0])
        return [sum(w * v * row[i] for w, v, row in zip(e, off, signs, strict=True)) / c for i in range(size)]


def mask_of(d, r, digits):
    bits = f"{int(digits, 16):0{4 * len(digits)}b}"
    return {k for k, bit in zip(product(range(2**r), repeat=d), bits, strict=False) if bit == "1"}


def levels_of(found, claim):
    """(the names of the subbands, size, sparsity) of each level."""
    start, result = 0, []
    for level in claim["levels"]:
        end = int(level["end"], 16)
        names = found.names[start:end]
        result.append((names, sum(map(found.size, names)), int(level["sparsity"], 16)))
        start = end
    return result


def ratio(pair):
    return F(int(pair[0], 16), int(pair[1], 16))


def numbers(obj):
    width, den, offset = (int(obj[key], 16) for key in ("bytes", "den", "offset"))
    digits = obj["digits"]
    return [F(int(digits[i : i + 2 * width], 16) - offset, den) for i in range(0, len(digits), 2 * width)]


def decoded(claim, weights, scales):
    d, r = int(claim["dimension"], 16), int(claim["bits"], 16)
    given = {b: [int(e) for e in numbers(array)] for b, array in enumerate(weights) if array is not None}
    return Walsh(d, r, mask_of(d, r, claim["mask"]), given, scales and [ratio(x) for x in scales])


def complete(found, name):
    return len(found.rows[name]) == found.size(name)


def null_space_walsh(claim, evidence):
    """Whether what the weights prove, by Lemmas 2 and 3 with dense matrices, is what is claimed."""
    found = decoded(claim, evidence["weights"], claim["scales"])
    rho, gamma = ratio(claim["rho"]), ratio(claim["gamma"])
    levels, weights = levels_of(found, claim), [ratio(level["weight"]) for level in claim["levels"]]
    xi = sum(s * w * w for (_, _, s), w in zip(levels, weights, strict=True))
    for (names, size, s), w in zip(levels, weights, strict=True):
        if s == size:
            if not all(complete(found, name) and gamma**2 * found.scales[name] >= 1 for name in names):
                return False
            continue
        if any(not found.rows[name] or found.block(name) is None for name in names):
            return False
        mu, _, spectral = found.constants(names, s)
        left = 1 - s * mu
        if left <= 0 or xi * s * mu**2 > (rho * w * left) ** 2 or spectral > (gamma * left) ** 2:
            return False
    return True


def recovery_walsh(claim, evidence):
    """Whether the bound of Theorem 7 is at most what is claimed."""
    least = recovery_bound(claim, evidence)
    return least is not None and least <= ratio(claim["bound"])


def recovery_bound(claim, evidence):
    """The bound of Theorem 7, level after level, with close roots; None where there is none."""
    noise, rest = claim["noise"], claim["compressibility"]
    found = decoded(claim, evidence["weights"] or noise["weights"], claim["scales"])
    point, data, place = numbers(claim["point"]), numbers(claim["data"]), 0
    squares, parts = [], []
    for number, (names, size, s) in enumerate(levels_of(found, claim)):
        if any(not found.rows[name] or found.block(name) is None for name in names):
            return None
        q = []
        for name in names:
            samples = found.samples(name, point)
            off = [a - b for a, b in zip(samples, data[place : place + len(samples)], strict=True)]
            place += len(samples)
            q += found.q(name, off)
        ((form, e),) = noise["levels"][number].items() if "levels" in noise else [("norm", noise["total"])]
        e, correlation = ratio(e), form == "correlation"
        if s == size:
            if not all(complete(found, name) for name in names):
                return None
            unit = upper(size) if correlation else upper(1 / min(found.scales[name] for name in names))
            own = upper(sum(x * x for x in q))
            squares.append((own + unit * e) ** 2)
            parts.append((own, F(0), F(0), unit) if "total" in noise else (own + unit * e, F(0), F(0), F(0)))
            continue
        mu, norm, spectral = found.constants(names, s)
        theta = s * mu
        if theta >= F(1, 2):
            return None
        sigma, weight = F(0), None
        if "total" in rest:
            weight = ratio(rest["weights"][number])
            sigma = ratio(rest["total"]) / weight
        else:
            sigma = ratio(rest["levels"][number])
        x = sorted((abs(point[i]) for name in names for i in found.columns[name]), reverse=True)
        top = upper(sum(v * v for v in sorted(map(abs, q), reverse=True)[:s]))
        lam, one = (upper(s), F(1)) if correlation else (upper(spectral), upper(norm))

        def lengths(sigma, e, u, s=s, mu=mu, theta=theta, top=top, lam=lam, x=x):
            t = sum(x[s:]) + sigma
            k = (top + lam * e + upper(s) * mu * t) / ((1 - theta) * (1 - upper(u * s) * mu / (1 - theta)))
            return k, upper(u) * k + t

        k, b = lengths(sigma, e, s)
        beta = max(map(abs, q)) + one * e + mu * (upper(s) * k + b)
        u = sum(v < x[s] + 2 * beta for v in x[:s])
        k, b = lengths(sigma, e, u)
        squares.append(k * (k + b * upper(s) / s))

        if evidence["splits"] is not None:
            phi = ratio(evidence["splits"][number])

            def affine(sigma, e, phi=phi, u=u, s=s, lengths=lengths):
                k, b = lengths(sigma, e, u)
                return (phi * k + (k + b * upper(s) / s) / phi) / 2

            fixed, noisy = F(0) if "total" in rest else sigma, F(0) if "total" in noise else e
            alone = affine(fixed, noisy)
            vertex = affine(sigma, noisy) - alone if "total" in rest else F(0)
            parts.append((alone, vertex, sigma, affine(fixed, F(1)) - alone if "total" in noise else F(0)))
    if evidence["splits"] is None:
        return upper(sum(squares))
    # the vertices one by one
    best = max(sum((a + (v if i == j else 0)) ** 2 for j, (a, v, _, _) in enumerate(parts)) for i in range(len(parts)))
    e = ratio(noise["total"]) if "total" in noise else F(0)
    return upper(best) + e * max(p[3] for p in parts)
