"""What the data determine without independent columns, from the formulas of docs/theory.md, in fractions."""

from dataclasses import dataclass
from functools import cached_property

from tests.proofs_checks.builders import F
from tests.proofs_checks.data_reference import Determined, Known, inverse, root, size, square

PARTS = (16, 12, 8, 6, 4, 3, 2, 1, 0)
RIDGES = (6, 12, 20)


@dataclass
class Fitted:
    """What holds at a scale, as the checker has it."""

    fit: F
    low: F
    high: F
    alone: bool
    distance: F
    moves: list
    inside: list
    outside: list


class AnyColumns(Determined):
    """A problem, a point and any J; `sigma` is not used."""

    @cached_property
    def sizes(self):
        return [size(x) for x in self.point[: self.n]]

    @cached_property
    def lengths(self):
        """Of the fitted values, of the residual and the fitted values with the rows of the ridge, and of y."""
        y = self.centred(list(self.ref.y))
        fit = [a - b for a, b in zip(y, self.residual, strict=True)]
        w, bent = self.ref.w, sum((k * x * x for k, x in zip(self.ref.ridge, self.sizes, strict=False)), F(0))

        def weighted(v):
            return sum((a * square(b) for a, b in zip(w, v, strict=True)), F(0))

        squares = weighted(fit), weighted(self.residual) + bent, weighted(fit) + bent, weighted(y)
        return [root(a) for a in squares]

    @cached_property
    def agreement(self):
        """<t, x>."""
        pairs = zip(self.slopes, self.point[: self.n], strict=True)
        return sum((F((x.conjugate() * t).real) for t, x in pairs), F(0))

    @cached_property
    def image(self):
        """A bound of |dA x|."""
        return Determined(self.ref, self.matrix, Known(norm=F(0)), self.point, self.J, F(0)).beta

    @cached_property
    def shift(self):
        if self.data.entries:
            return root(sum(w * self.data.entries[i][0] ** 2 for i, w in enumerate(self.ref.w)))
        return self.heaviest * self.data.norm

    @cached_property
    def rows(self):
        """For each ridge and column of J |B_j| and the |R_jk|."""
        longest = max((self.norm(j) for j in self.J), default=F(1)) or F(1)
        found = []
        for part in RIDGES if self.J else ():
            theta = 2 * (longest / 2**part) ** 2
            G = inverse([[a + theta * (i == k) for k, a in enumerate(row)] for i, row in enumerate(self.gram)])
            for i in range(len(self.J)):
                left = [theta * size(a) for a in G[i]]
                image = [sum((a * b for a, b in zip(G[i], column, strict=True)), F(0))
                         for column in zip(*self.gram, strict=True)]  # fmt: skip
                whole = sum((F((a * b.conjugate()).real) for a, b in zip(image, G[i], strict=True)), F(0))
                found.append((i, root(max(whole, 0)), left))
        return found

    def fit_at(self, scale, more=0):
        """A Fitted, or None; all bounds are a little larger by `more`."""
        grow, n, mu = 1 + more, range(self.n), [F(a) for a in self.ref.mu[: self.n]]
        eps, delta = ([scale * grow * of(j) for j in n] for of in (self.epsilon, self.delta))
        norms = [grow * self.norm(j) for j in n]
        beta, image, shift = (scale * grow * a for a in (self.beta, self.image, self.shift))
        fitted, residual, whole, given = (grow * a for a in self.lengths)
        tau = []
        for j in n:
            one_sided = j in self.ref.nonnegative
            tau.append(max(F(0), (self.slopes[j] if one_sided else size(self.slopes[j])) * grow + 2 * eps[j]))
        most = min([F(1), *(m / t for m, t in zip(mu, tau, strict=True) if t)])
        f = sum((m * x for m, x in zip(mu, self.sizes, strict=False)), F(0))
        pushed = sum((e * x for e, x in zip(eps, self.sizes, strict=True)), F(0))
        duals = []
        for s in (most, *(most * (1 - F(1, 2**k)) for k in PARTS)):
            c = max(F(0), f - s * self.agreement + 2 * s * pushed) + more * f
            q = (1 - s) * residual + beta + more * residual
            duals.append((s, (q + root(q * q + 2 * c)) / 2 * grow, root(q * q + c) * grow, c + q * q / 2))
        w = min(dual[1] for dual in duals)
        fit, size_y = w + image, given + shift
        if fit >= fitted + size_y:
            return None
        away = 2 * pushed + 2 * w * residual + 2 * (beta + w) * (whole + image + w)
        highs = [gap * 2**k for (_, _, _, gap), k in zip(duals[1:], PARTS, strict=True)]
        high, alone = min(self.agreement + away, *highs), size_y**2 / 2
        outside = [j for j in n if any(s * tau[j] + 2 * (norms[j] + delta[j]) * V < mu[j] for s, _, V, _ in duals)]
        high_all = min(high, alone)
        moves = []
        for j in n:
            end = None
            if j in outside:
                end = F(0)
            elif mu[j]:
                slacks = [(gap, mu[j] - s * tau[j]) for s, _, _, gap in duals]
                end = min([high_all / mu[j], *(gap / a for gap, a in slacks if a > 0)])
            moves.append(None if end is None else end + self.sizes[j])
        if None not in moves:
            for _ in range(2):
                moves = self._improved(moves, w, delta, norms, high_all, mu)
        distance = None if None in moves else root(sum(a * a for a in moves)) * grow
        inside = [j for j in n if self.sizes[j] and moves[j] is not None and moves[j] < self.sizes[j]]
        low = max(F(0), self.agreement - away)
        return Fitted(fit, low, high_all, alone <= high, distance, moves, inside, outside)

    def _improved(self, moves, w, delta, norms, high, mu):
        def together(factors):
            each = sum((a * b for a, b in zip(factors, moves, strict=True)), F(0))
            if any(a and not m for a, m in zip(factors, mu, strict=False)):
                return each
            steep = max((a / m for a, m in zip(factors, mu, strict=False) if a), default=F(0))
            return min(each, steep * high + sum((a * x for a, x in zip(factors, self.sizes, strict=True)), F(0)))

        whole = w + together(delta) + together([F(0) if j in self.J else a for j, a in enumerate(norms)])
        found = list(moves)
        for i, b, left in self.rows:
            rest = sum((a * moves[k] for a, k in zip(left, self.J, strict=True)), F(0))
            found[self.J[i]] = min(found[self.J[i]], b * whole + rest)
        return found
