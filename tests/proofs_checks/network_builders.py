"""Networks in fixed point, their errors and certificates, by the rules of docs/format.md, from fractions alone."""

from math import ceil, isqrt

from tests.proofs_checks.builders import F, column, envelope, matrix, rat, seal
from tests.proofs_checks.null_space_builders import levels
from tests.proofs_checks.recovery_builders import (
    best_constant,
    factors,
    image,
    minus,
    modulus,
    pair,
    spread_of,
    upper_root,
)
from tests.proofs_checks.recovery_builders import norm as length


def nearest(value):
    """The nearest integer, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def stacked(x, paired):
    """A vector in real form."""
    return [pair(z)[0] for z in x] + [pair(z)[1] for z in x] * paired


def real_form(A, paired):
    if not paired:
        return [[pair(a)[0] for a in row] for row in A]
    top = [[pair(a)[0] for a in row] + [-pair(a)[1] for a in row] for row in A]
    return top + [[pair(a)[1] for a in row] + [pair(a)[0] for a in row] for row in A]


def replay(A, y, x0, weights, *, lam, norm, step, scales, blocks, bits, matrix_bits):
    """The sum of each restart, the starts, e, and whether anything is complex."""
    paired = any(pair(z)[1] for row in [*A, y, x0 or []] for z in row)
    tau = F(step) / F(norm)
    exact = [[tau * a for a in row] for row in real_form(A, paired)]
    B = [[nearest(a * 2**matrix_bits) for a in row] for row in exact]
    m, n = len(B), len(B[0])
    error = sum(
        (F(b, 2**matrix_bits) - a) ** 2 for r, o in zip(exact, B, strict=True) for a, b in zip(r, o, strict=True)
    )
    T = [nearest(tau * F(lam) * F(w) * 2**bits) for w in weights]
    sums, starts, u = [], [], []
    for k, alpha in enumerate(map(F, scales)):
        if k:
            x = [nearest(alpha * a / (blocks * F(scales[k - 1]))) for a in sums[-1]]
        else:
            x = [nearest(alpha * a * 2**bits) for a in stacked(x0, paired)] if x0 else [0] * n
        Y = [nearest(tau * alpha * a * 2**bits) for a in stacked(y, paired)]
        starts.append(x)
        total, u = [0] * n, [0] * m
        for _ in range(blocks):
            z = [x[j] - nearest(F(sum(B[i][j] * u[i] for i in range(m)), 2**matrix_bits)) for j in range(n)]
            new = list(z)
            for j, t in enumerate(T):
                if paired:
                    a, c = z[j], z[j + len(T)]
                    r = isqrt(a * a + c * c)
                    kept = a * a + c * c > t * t
                    new[j] = a - nearest(F(a * t, r)) if kept else 0
                    new[j + len(T)] = c - nearest(F(c * t, r)) if kept else 0
                else:
                    new[j] = max(z[j] - t, 0) + min(z[j] + t, 0)
            h = [2 * a - c for a, c in zip(new, x, strict=True)]
            w = [u[i] + nearest(F(sum(B[i][j] * h[j] for j in range(n)), 2**matrix_bits)) - Y[i] for i in range(m)]
            square = sum(a * a for a in w)
            if square > 4**bits:
                r = isqrt(square) + (isqrt(square) ** 2 < square)
                w = [nearest(F(a * 2**bits, r)) for a in w]
            x, u = new, w
            total = [s + a for s, a in zip(total, x, strict=True)]
        sums.append(total)
    return sums, starts, u, upper_root(error), paired


def least_bound(
    A, spread, rho, gamma, y, x0, replayed, *, lam, norm, step, scales, blocks, bits, matrix_bits, delta, cuts=None
):
    """The right side of the rule `bound`; with cuts, that of the best constant."""
    _, starts, u, e, paired = replayed
    weights = [w for js, _, w in spread_of(spread) for _ in js]
    t, L, p, unit, n, m = F(step), F(norm), blocks, F(1, 2**bits), len(starts[0]), len(u)
    D = 2**bits + m
    growth = ceil((t + e) * D) + 2 * n
    least = factors(spread, rho, gamma)[0] / F(lam) if cuts is None else best_constant(spread, rho, gamma, lam, cuts)
    f = upper_root(1 / (1 - t * t))
    lipschitz = F(lam) * upper_root(sum(w * w for w in weights)) + L
    gap = length(y) if x0 is None else F(lam) * sum(
        w * modulus(z) for w, z in zip(weights, x0, strict=True)
    ) + length(minus(image(A, x0), y))  # fmt: skip
    for k, (alpha, start) in enumerate(zip(map(F, scales), starts, strict=True)):
        square = sum(a * a for a in start)
        reach = isqrt(square) + (isqrt(square) ** 2 < square) + p * growth
        primal = ((3 if paired else 1) * upper_root(n) + e * D) * unit
        dual = (F(3, 2) * upper_root(m) + 1 + 3 * e * reach) * unit + 2 * t * primal
        block = upper_root(primal**2 + dual**2 + 2 * t * primal * dual)
        begun = upper_root(n) * unit / 2 if k or x0 is not None else 0
        error = (begun + F(p + 1, 2) * block) * f / alpha
        distance = least * (F(delta) + gap)
        found = (1 + t) * L / (2 * t) * (distance**2 * alpha / p + 1 / (alpha * p)) + lipschitz * error
        gap = F(ceil(found * 2 ** (bits + 64)), 2 ** (bits + 64))
    return least * (F(delta) + gap)


def forward_error(
    A, spread, rho, gamma, y, proof, *, factor, x0=None, bound=None, output=None, delta=0, cuts=None, **numbers
):
    """The certificate of a network, with its own output and the least bound unless others are given.

    With cuts it is of kind best-forward-error. `numbers` are lam, norm, step, scales, blocks, bits and matrix_bits.
    """
    weights = [w for js, _, w in spread_of(spread) for _ in js]
    replayed = replay(A, y, x0, weights, **numbers)
    sums, *_, paired = replayed
    scale = 2 ** numbers["bits"] * numbers["blocks"] * F(numbers["scales"][-1])
    real = [F(a) / scale for a in sums[-1]]
    N = len(A[0])
    point = [(real[j], 0, real[N + j]) if paired else real[j] for j in range(N)]
    least = least_bound(A, spread, rho, gamma, y, x0, replayed, delta=delta, cuts=cuts, **numbers)
    claim = {
        "bits": hex(numbers["bits"]),
        "bound": rat(least if bound is None else bound),
        "data": column(y),
        "gamma": rat(gamma),
        "initial": x0 and column(x0),
        "levels": levels(*spread),
        "matrix": matrix(A),
        "matrix_bits": hex(numbers["matrix_bits"]),
        "network": {
            "blocks": hex(numbers["blocks"]),
            "delta": rat(delta),
            "lambda": rat(numbers["lam"]),
            "norm": rat(numbers["norm"]),
            "scales": [rat(a) for a in numbers["scales"]],
            "step": rat(numbers["step"]),
        },
        "output": column(point if output is None else output),
        "rho": rat(rho),
    }
    evidence = {"factor": matrix(factor), "null_space": proof}
    if cuts is None:
        return seal(envelope("forward-error", claim, evidence))
    return seal(envelope("best-forward-error", claim, evidence | {"cuts": [rat(cut) for cut in cuts]}))
