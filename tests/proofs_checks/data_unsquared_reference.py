"""What the data determine of sqrt-lasso and bpdn, from the formulas of docs/theory.md, in decimals of 80 digits.

The bounds of |r'|, or of the multiplier, are found by repeating the theorem with what it gives, up to the end.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

from tests.proofs_checks.builders import F
from tests.proofs_checks.data_reference import Determined
from tests.proofs_checks.penalised_reference import dot

DIGITS = 80


def decimal(x):
    x = F(x)
    return Decimal(x.numerator) / Decimal(x.denominator)


def length(v):
    return sum((a * a for a in v), Decimal(0)).sqrt()


def products(a, b):
    return sum((x * y for x, y in zip(a, b, strict=True)), Decimal(0))


def largest(W, slack):
    """max of w + (2 W w - 2 w^2)/slack over 0 <= w <= W."""
    w = W if slack is None or slack >= 2 * W else W / 2 + slack / 4
    return w if slack is None else w + (2 * W * w - 2 * w * w) / slack


@dataclass
class Unsquared(Determined):
    """`t` are the slopes, as decimals; the theorems are called in the context of `at`."""

    @cached_property
    def square(self):
        return self.product(self.residual, self.residual)

    @cached_property
    def against(self):
        """(A^T r)_j, exactly."""
        return [self.product(column, self.residual) for column in self.columns]

    def rate(self):
        raise NotImplementedError

    @property
    def projected(self):
        """What the projection takes from the product of two columns."""
        return lambda j, k: F(0)

    @cached_property
    def gram(self):
        taken = self.projected
        return [[self.product(self.columns[j], self.columns[k]) - taken(j, k) for k in self.J] for j in self.J]

    def prepare(self, scale, more):
        """The quantities of the page at a scale, each bound a little larger."""
        grow, mu, one_sided = 1 + decimal(more), self.ref.mu, self.ref.nonnegative
        self.s0 = decimal(self.square).sqrt()
        rate = self.rate()
        self.t = [rate * decimal(a) for a in self.against]
        self.margin = {j: decimal(mu[j]) - (self.t[j] if j in one_sided else abs(self.t[j])) for j in self.rest}
        h = []
        for j in self.J:
            t, m, x = self.t[j], decimal(mu[j]), self.point[j]
            low = min(-m, t) if j in one_sided else -m
            h.append(t - (m if x > 0 else -m if x < 0 else min(max(t, low), m)))
        self.h = h
        unit = decimal(scale) * grow
        self.eps = [unit * rate * decimal(self.epsilon(j)) for j in range(self.n)]
        self.spread = [unit * decimal(self.delta(j)) for j in range(self.n)]
        self.reach = [grow * (decimal(self.norm(j)) + self.spread[j]) for j in range(self.n)]
        self.b = unit * decimal(self.beta)
        self.dJ = self.of_all([self.spread[j] for j in self.J])
        self.sig = decimal(self.sigma) - self.dJ
        self.eJ = self.of_all([self.eps[j] for j in self.J]) + grow * length(h)
        self.grow = grow

    def of_all(self, values):
        return max(values, default=Decimal(0)) if not self.matrix.entries else length(values)

    def shares(self, D):
        moves = [Decimal(0)] * self.n
        for k, j in enumerate(self.J):
            moves[j] = min(D, D * decimal(self.sigma) * decimal(self.inverse[k][k]).sqrt())
        return moves, [j for j in self.J if abs(decimal(self.point[j])) > moves[j]]

    def ready(self):
        """Whether the margins and sigma are positive, at least."""
        return all(m > 0 for m in self.margin.values()) and self.sig > 0

    def signs_hold(self, inside):
        signed = {j for j in self.J if self.ref.mu[j] or j in self.ref.nonnegative}
        return signed <= set(inside) and all(self.point[j] for j in signed)

    def finished(self, left, out, kappa_of, D_of, M):
        """(unique, distance, moves, inside, outside) of the theorem on the distance."""
        doubt = [j for j in self.rest if j not in out]
        kappa = min((kappa_of(j) for j in doubt), default=None)
        D = D_of(kappa) if self.J else Decimal(0)
        moves, inside = self.shares(D)
        for j in doubt:
            moves[j] = M / left[j]
        away = max((moves[j] for j in doubt), default=Decimal(0))
        return False, length([D, away]), moves, inside, out

    def beside(self, j, scale):
        """q, tau, |b|, <b, t_J>."""
        taken = self.projected
        right = [self.product(self.columns[k], self.columns[j]) - taken(k, j) for k in self.J]
        b = [dot(row, right) for row in self.inverse]
        square = self.product(self.columns[j], self.columns[j]) - taken(j, j) - dot(b, right)
        if self.matrix.entries:
            rows = [
                self.width(i, j) + sum((self.width(i, k) * abs(x) for x, k in zip(b, self.J, strict=True)), F(0))
                for i in range(self.m)
            ]
            tau = sum((decimal(w * a * a) for w, a in zip(self.ref.w, rows, strict=True)), Decimal(0)).sqrt()
        else:
            parts = [1 / self.s[j], *(x / self.s[k] for x, k in zip(b, self.J, strict=True))]
            tau = decimal(self.heaviest * self.matrix.norm) * length([decimal(a) for a in parts])
        b = [decimal(x) for x in b]
        grow = self.grow
        return grow * decimal(square).sqrt(), grow * grow * decimal(scale) * tau, grow * length(b)

    def at(self, scale, more=0, **options):
        with localcontext() as context:
            context.prec = DIGITS
            self.prepare(scale, more)
            return self.proved(scale, **options) if self.ready() else None


@dataclass
class SqrtLasso(Unsquared):
    def rate(self):
        return 1 / self.s0

    @property
    def projected(self):
        return lambda j, k: self.against[j] * self.against[k] / self.square

    def bracket(self, kappa, wider):
        """The least gap of s_- and s_+ from |r| that the theorem reproduces, widened; None if it does not hold."""
        gap = self.b

        def needed(gap):
            low, high = self.s0 - gap, self.s0 + gap
            alpha = min(Decimal(1), (self.s0 - self.b + high) / (2 * high))
            if low <= 0 or 2 * alpha <= 1:
                return None
            W = (self.b + high * self.rho) / alpha
            M = alpha * W * W / (4 * low)
            V = ((self.b**2 + (high * self.rho) ** 2) / (2 * alpha - 1)).sqrt()
            most = largest(W, None if kappa is None else 2 * kappa * low / alpha)
            more = self.b + (self.gamma + self.rho) * most + (M / kappa if kappa is not None else 0)
            self.values = low, alpha, W, M, V / (self.s0 - more) if more < self.s0 else None
            return ((self.s0 + more) ** 2 + V**2).sqrt() - self.s0

        for _ in range(4000):
            found = needed(gap)
            if found is None:
                return False
            if found <= gap * (1 + Decimal(10) ** -16):
                break
            gap = found
        else:
            # it converges slowly where there is hardly a solution
            gap *= Decimal("1.001")
        gap = max(gap * wider, 2 * self.b * (wider > 1))
        return needed(gap) is not None and self.values[4] is not None and needed(gap) <= gap * (1 + Decimal(10) ** -14)

    def proved(self, scale, wider=1):
        self.rho = self.eJ / self.sig
        wider = Decimal(wider)
        tJ = [self.t[j] for j in self.J]
        square = sum(
            (a * b * decimal(x) for a, row in zip(tJ, self.inverse, strict=True) for b, x in zip(tJ, row, strict=True)),
            Decimal(0),
        )
        self.gamma = min(decimal(self.sigma) * max(square, Decimal(0)).sqrt(), length(tJ)) / self.sig
        if self.b >= self.s0:
            return None
        if self.bracket(None, wider):
            low, _, W, _, Q = self.values
            moves, inside = self.shares(W / self.sig)
            if self.signs_hold(inside) and all(self.stays(j, scale, Q, low) for j in self.rest):
                return True, W / self.sig if self.J else Decimal(0), moves, inside, self.rest
        left = {j: self.margin[j] - self.eps[j] - self.rho * self.reach[j] for j in self.rest}
        if any(a <= 0 for a in left.values()):
            return None
        kappa = min((left[j] / self.reach[j] for j in self.rest if self.reach[j]), default=None)
        if not self.bracket(kappa, wider):
            return None
        low, alpha, W, M, Q = self.values
        out = [j for j in self.rest if self.margin[j] > self.eps[j] + self.reach[j] * Q]

        def distance(kappa):
            return largest(W, None if kappa is None else 2 * kappa * low / alpha) / self.sig

        return self.finished(left, out, lambda j: left[j] / self.reach[j], distance, M)

    def stays(self, j, scale, Q, low):
        m, eps = self.margin[j], self.eps[j]
        if m > eps + self.reach[j] * Q:
            return True
        q, tau, b = self.beside(j, scale)
        tJ = length([self.t[k] for k in self.J])
        along = (tau + self.dJ * q / self.sig) / self.sig
        # |t_j - <b, t_J>| is bounded by the sum, as the checker does
        turned = abs(self.t[j]) + b * tJ + eps + self.eJ * b + (tJ + self.eJ) * along
        return m > eps + self.b * (q + tau) / low + self.eJ * (b + along) + Q * Q / 2 * turned


@dataclass
class Bpdn(Unsquared):
    noise: F = None

    def rate(self):
        total = sum((F(self.ref.mu[j]) * abs(self.point[j]) for j in range(self.n)), F(0))
        fit = dot(self.against, self.point[: self.n])
        return decimal(total / fit) if fit > 0 and total > 0 else Decimal(0)

    def proved(self, scale, rounds=400):
        level = decimal(self.noise)
        fit = decimal(dot(self.against, self.point[: self.n]))
        if fit <= 0 or self.rate() == 0:
            return None
        image = [sum((a * x for a, x in zip(row, self.point, strict=False)), F(0)) for row in self._rows]
        k2 = decimal(self.product(image, image))
        p, nu, b = fit / self.s0, self.rate() * self.s0, self.b
        K = max(k2 - p * p, Decimal(0)).sqrt()
        off = b + abs(self.s0 - level)
        chi = decimal(scale) * decimal(replace_data(self).beta) * self.grow
        zeta = fit / k2
        if p <= off or off >= level or max(self.s0**2 - zeta * fit, Decimal(0)).sqrt() + b + zeta * chi >= level:
            return None
        psi, plain = off / (p - off), self.eJ / self.sig
        rho = (1 + psi) * plain
        first = nu * (p - off) - plain * (self.s0 + level + b)
        if first <= 0:
            return None
        # beta in place of its part that is due to y, as the checker does
        low, high = first / ((self.s0**2 + 2 * fit + k2).sqrt() + b - level), None
        for _ in range(rounds):
            alpha = (1 + (min(Decimal(1), nu / high) if high else 0) - off / level) / 2
            W = b + psi * K + level * rho / low
            L = psi * (b * b / 4 + level * chi) + level * rho * off / low
            q = (W + (W * W + 4 * alpha * L).sqrt()) / (2 * alpha)
            low = max(low, (nu * (p - off) - plain * (q + off)) / (p - off + q * K / level + b * b / (4 * level) + chi))
            den = p - q * q * p / (2 * level**2) - q * K / level - chi
            if den > 0:
                high = min(nu * p / den, high or nu * p / den)
        E = W * W / (4 * alpha) + L
        theta = None if high is None else nu * q / level + max(high - nu, nu - low)
        moves, inside = self.shares((q + off) / self.sig)
        if theta is not None and self.signs_hold(inside) and all(self.stays(j, scale, theta) for j in self.rest):
            return True, (q + off) / self.sig, moves, inside, self.rest
        left = {j: self.margin[j] - (1 + psi) * self.eps[j] - rho * self.reach[j] for j in self.rest}
        if any(a <= 0 for a in left.values()) or (high is None and self.rest):
            return None
        out = [j for j in self.rest if self.margin[j] > self.eps[j] + self.reach[j] * theta]
        M = E * (high or 0) / level

        def distance(kappa):
            return (q + off + (0 if kappa is None else M / kappa)) / self.sig

        return self.finished(left, out, lambda j: left[j] / self.reach[j], distance, M)

    def stays(self, j, scale, theta):
        if self.margin[j] > self.eps[j] + self.reach[j] * theta:
            return True
        q, tau, b = self.beside(j, scale)
        return self.margin[j] > self.eps[j] + self.eJ * b + (q + tau) * theta

    @property
    def _rows(self):
        return [list(row) for row in zip(*self.columns, strict=True)]


def replace_data(found):
    """The same with y known exactly, whose beta is that of X alone."""
    exact = type(found.data)(norm=F(0))
    return Determined(found.ref, found.matrix, exact, found.point, found.allowed, found.sigma)
