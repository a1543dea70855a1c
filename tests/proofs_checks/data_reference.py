"""What the data determine, from the formulas of docs/theory.md and the definition of each quantity, in fractions.

Nothing is fast here, and nothing is rounded but roots, to a relative 2^-200. Instead of removing what an intercept
explains from products, the columns are centred. Numbers are fractions, or complex ones, `Complex`.
"""

from dataclasses import dataclass
from functools import cached_property
from math import isqrt

from tests.proofs_checks.builders import F
from tests.proofs_checks.penalised_reference import Reference

BITS = 200


def root(x):
    """A root, below by at most a relative 2^-200."""
    x = F(x)
    shift = BITS + max(0, x.denominator.bit_length() - x.numerator.bit_length())
    return F(isqrt(x.numerator * 4**shift // x.denominator), 2**shift)


@dataclass(frozen=True)
class Complex:
    """A complex number of two fractions."""

    real: F
    imag: F

    def conjugate(self):
        return Complex(self.real, -self.imag)

    def __add__(self, other):
        return Complex(self.real + other.real, self.imag + other.imag)

    __radd__ = __add__

    def __neg__(self):
        return Complex(-self.real, -self.imag)

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        re = self.real * other.real - self.imag * other.imag
        return Complex(re, self.real * other.imag + self.imag * other.real)

    __rmul__ = __mul__

    def __truediv__(self, other):
        square = F(other.real) ** 2 + F(other.imag) ** 2
        return self * other.conjugate() * (1 / square)

    def __rtruediv__(self, other):
        return Complex(F(other), F(0)) / self

    def __bool__(self):
        return bool(self.real or self.imag)


def square(z):
    return F(z.real) ** 2 + F(z.imag) ** 2


def size(z):
    """The absolute value; that of a fraction exactly."""
    return root(square(z)) if isinstance(z, Complex) else abs(z)


def dot(a, b):
    return sum((x * y for x, y in zip(a, b, strict=True)), F(0))


def length(v):
    return root(sum((square(z) for z in v), F(0)))


def inverse(matrix):
    """By elimination; the matrix is definite, so that no pivot is 0."""
    n = len(matrix)
    rows = [[*row, *[F(i == k) for k in range(n)]] for i, row in enumerate(matrix)]
    for k in range(n):
        rows[k] = [a / rows[k][k] for a in rows[k]]
        for i in range(n):
            if i != k:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [row[n:] for row in rows]


@dataclass
class Known:
    """How far an array may be away: by a norm, or by a bound of each entry, given as rows."""

    norm: F = None
    entries: list = None


@dataclass
class Determined:
    """A problem, a point x over its coefficients, J over its features, and a lower bound of the singular values."""

    ref: Reference
    matrix: Known
    data: Known
    point: list
    allowed: list
    sigma: F

    def __post_init__(self):
        ref = self.ref
        self.n, self.m, self.J = ref.n, len(ref.X), self.allowed
        self.rest = [j for j in range(self.n) if j not in self.J]
        self.heaviest = root(max(ref.w))
        self.s = [F(a) for a in ref.scales or [1] * self.n]
        self.real = not any(isinstance(a, Complex) for row in ref.X for a in row)

    def centred(self, v):
        """A vector over the rows, less its mean with the weights."""
        if not self.ref.intercept:
            return v
        mean = dot(self.ref.w, v) / sum(self.ref.w)
        return [a - mean for a in v]

    @cached_property
    def columns(self):
        """The columns of Z; products of theirs have the weights."""
        return [self.centred([row[j] for row in self.ref.Z]) for j in range(self.n)]

    def product(self, a, b):
        return sum((w * x.conjugate() * y for w, x, y in zip(self.ref.w, a, b, strict=True)), F(0))

    @cached_property
    def residual(self):
        fit = [sum((row[j] * self.point[j] for j in range(self.n)), F(0)) for row in self.ref.Z]
        return self.centred([y - a for y, a in zip(self.ref.y, fit, strict=True)])

    @cached_property
    def slopes(self):
        return [
            2 * self.product(self.columns[j], self.residual) - 2 * self.ref.ridge[j] * self.point[j]
            for j in range(self.n)
        ]

    @cached_property
    def defect(self):
        """The distances of the slopes over J from the subgradients."""
        found = []
        for j in self.J:
            t, mu, x = self.slopes[j], F(self.ref.mu[j]), self.point[j]
            if x:
                found.append(size(t - mu / size(x) * x))
            else:
                found.append(max((t if j in self.ref.nonnegative else size(t)) - mu, F(0)))
        return found

    @cached_property
    def margins(self):
        one_sided = self.ref.nonnegative
        return {j: self.ref.mu[j] - (self.slopes[j] if j in one_sided else size(self.slopes[j])) for j in self.rest}

    def width(self, i, j):
        return F(self.matrix.entries[i][j]) / self.s[j]

    @cached_property
    def beta(self):
        rows, w, x = range(self.m), self.ref.w, self.point
        apart = F(0)
        moved = [F(0)] * self.m
        if self.matrix.entries:
            moved = [sum((self.width(i, j) * size(x[j]) for j in range(self.n)), F(0)) for i in rows]
        else:
            apart += self.heaviest * self.matrix.norm * length([size(x[j]) / self.s[j] for j in range(self.n)])
        if self.data.entries and self.matrix.entries:
            moved = [a + self.data.entries[i][0] for i, a in enumerate(moved)]
        elif self.data.entries:
            apart += root(sum(w[i] * self.data.entries[i][0] ** 2 for i in rows))
        else:
            apart += self.heaviest * self.data.norm
        return apart + root(sum(w[i] * moved[i] ** 2 for i in rows))

    def epsilon(self, j):
        pulls = [w * size(r) for w, r in zip(self.ref.w, self.residual, strict=True)]
        if self.matrix.entries:
            return sum((self.width(i, j) * a for i, a in enumerate(pulls)), F(0))
        return self.matrix.norm * length(pulls) / self.s[j]

    def delta(self, j):
        if self.matrix.entries:
            return root(sum(w * self.width(i, j) ** 2 for i, w in enumerate(self.ref.w)))
        return self.heaviest * self.matrix.norm / self.s[j]

    def together(self, values):
        """Of bounds of columns, one of all in J."""
        if not values:
            return F(0)
        return length(values) if self.matrix.entries else max(values)

    @cached_property
    def gram(self):
        return [
            [self.product(self.columns[j], self.columns[k]) + self.ref.ridge[j] * (j == k) for k in self.J]
            for j in self.J
        ]

    @cached_property
    def inverse(self):
        return inverse(self.gram) if self.J else []

    def norm(self, j):
        return root(self.product(self.columns[j], self.columns[j]).real + self.ref.ridge[j])

    def left_over(self, j, scale):
        """tau, q and |b| for the best b."""
        right = [self.product(self.columns[k], self.columns[j]) for k in self.J]
        b = [dot(row, right) for row in self.inverse]
        z = [a - sum((x * self.columns[k][i] for x, k in zip(b, self.J, strict=True)), F(0))
             for i, a in enumerate(self.columns[j])]  # fmt: skip
        square = self.product(z, z) + sum((self.ref.ridge[k] * x * x for x, k in zip(b, self.J, strict=True)), F(0))
        if self.matrix.entries:
            rows = [
                self.width(i, j) + sum((self.width(i, k) * abs(x) for x, k in zip(b, self.J, strict=True)), F(0))
                for i in range(self.m)
            ]
            tau = root(sum(w * a * a for w, a in zip(self.ref.w, rows, strict=True)))
        else:
            parts = [1 / self.s[j], *(x / self.s[k] for x, k in zip(b, self.J, strict=True))]
            tau = self.heaviest * self.matrix.norm * length(parts)
        return scale * tau, root(square), length(b)

    def at(self, scale, more=0):
        """(unique, distance, moves, inside, outside) at a scale, or None; all bounds are a little larger by `more`."""
        grow = 1 + more
        J, rest, sigma0 = self.J, self.rest, self.sigma
        if any(m <= 0 for m in self.margins.values()):
            return None
        eps = {j: scale * grow * self.epsilon(j) for j in range(self.n)}
        delta = {j: scale * grow * self.delta(j) for j in range(self.n)}
        n = {j: grow * (self.norm(j) + delta[j]) for j in range(self.n)}
        beta = scale * grow * self.beta
        sigma = sigma0 - self.together([delta[j] for j in J])
        if sigma <= 0:
            return None
        push = self.together([eps[j] for j in J]) + grow * length(self.defect) / 2
        rho = push / sigma
        W, V = beta + rho, root(beta**2 + rho**2) * grow
        moves = [F(0)] * self.n

        def coefficients(D):
            for k, j in enumerate(J):
                moves[j] = min(D, D * sigma0 * root(self.inverse[k][k].real))
            return [j for j in J if size(self.point[j]) > moves[j]]

        signed = {j for j in J if self.ref.mu[j] or j in self.ref.nonnegative}
        inside = coefficients(W / sigma)
        if self.real and signed <= set(inside) and all(self.point[j] for j in signed) and all(
            self.margins[j] > 2 * eps[j] + 2 * n[j] * V or self._stays(j, eps, beta, push, sigma, scale, grow)
            for j in rest
        ):  # fmt: skip
            return True, W / sigma if J else F(0), moves, inside, rest
        left = {j: self.margins[j] - 2 * eps[j] - 2 * rho * n[j] for j in rest}
        if any(a <= 0 for a in left.values()):
            return None
        outside = [j for j in rest if self.margins[j] > 2 * eps[j] + 2 * n[j] * V]
        doubt = [j for j in rest if j not in outside]
        D = W
        if doubt:
            kappa = min(left[j] / n[j] for j in doubt)
            w = W if kappa >= 2 * W else W / 2 + kappa / 4
            D = w + (2 * W * w - 2 * w * w) / kappa
        D = D / sigma if J else F(0)
        inside = coefficients(D)
        for j in doubt:
            moves[j] = W**2 / 2 / left[j]
        return False, root(D**2 + max((moves[j] for j in doubt), default=F(0)) ** 2), moves, inside, outside

    def _stays(self, j, eps, beta, push, sigma, scale, grow):
        tau, q, b = (grow * a for a in self.left_over(j, scale))
        spread = self.together([scale * self.delta(k) for k in self.J])
        return self.margins[j] > 2 * eps[j] + 2 * beta * (q + tau) + 2 * push * (b + (tau + spread * q / sigma) / sigma)
