"""What docs/image-fourier.md proves of levels that mix, and of one sign pattern, against vectors that attack it."""

import numpy as np
import pytest

from tests.firenet_exact.haar_atoms import walsh_matrix

N = 32
SLACK = 1e-9
DENSE, LEVELS, SPARSITIES = slice(0, 8), [slice(8, 16), slice(16, 32)], [1, 1]


def orthonormal():
    return walsh_matrix(5) / np.sqrt(N)


def largest(vector, count):
    return np.sort(np.abs(vector))[::-1][:count]


def mixing(rng):
    """A, a left inverse H that is none, and the constants of E = I - H*A: (A, H, μ, λ, ν, λ_C)."""
    rows = np.sort(rng.choice(N, N - 2, replace=False))
    a = orthonormal()[rows] * rng.uniform(0.9, 1.1, N)
    h = np.linalg.pinv(a).T * rng.uniform(0.98, 1.02, N)
    e = np.abs(np.eye(N) - h.T @ a)
    mu = np.array([[e[k, l].max() for l in LEVELS] for k in LEVELS])
    leak = np.array([np.linalg.norm(e[k, DENSE], axis=1).max() for k in LEVELS])
    nu = np.array([np.linalg.norm(e[DENSE, k], axis=0).max() for k in LEVELS])
    return a, h, mu, leak, nu, np.linalg.norm((np.eye(N) - h.T @ a)[DENSE, DENSE], 2)


def system(constants, s, factors):
    mu, leak, nu, dense = constants
    top = np.column_stack([s[:, None] * mu * factors, s * leak])
    return np.vstack([top, np.append(nu * factors, dense)])


def point(rng, a, x, trial):
    """A point whose error is random, or next to the kernel of A."""
    if trial % 2:
        v = rng.normal(size=N) * (rng.random(N) < rng.choice([0.1, 0.5, 1]))
    else:
        v = np.linalg.svd(a)[2][-2:].T @ rng.normal(size=2) + rng.normal(size=N) * rng.choice([0, 0.01])
    x_hat = x + v * 10 ** rng.uniform(-2, 0)
    if trial % 3 == 0:
        for level, s in zip(LEVELS, SPARSITIES, strict=True):
            x_hat[level] *= np.abs(x_hat[level]) >= largest(x_hat[level], s)[-1]
    return x_hat


@pytest.mark.parametrize("seed", range(3))
def test_theorem_8_bounds_each_component(seed):
    rng = np.random.default_rng(seed)
    a, h, *constants = mixing(rng)
    mu, leak, nu, _ = constants
    s, ratios, settled_seen = np.array(SPARSITIES), [], 0
    first = system(constants, s, np.array([2, 2]))
    p = np.linalg.solve(np.eye(3) - first, np.ones(3))
    assert (p > 0).all() and (first @ p < p).all()
    for trial in range(40):
        x = rng.normal(size=N) * rng.choice([0, 1e-3, 1e-2])
        x[DENSE] = rng.normal(size=8)
        for level in LEVELS:
            x[level.start + rng.integers(8)] += rng.choice([-1, 1]) * rng.uniform(1, 5)
        noise = rng.normal(size=len(a)) * rng.choice([0, 1e-3])
        x_hat = point(rng, a, x, trial)
        v, q, hn = x_hat - x, h.T @ (a @ x_hat - (a @ x - noise)), np.abs(h.T @ noise)
        eps = np.array([hn[level].max() for level in LEVELS])
        rest = [np.abs(z[k]).sum() - largest(z[k], c).sum() for z in (x, x_hat) for k, c in zip(LEVELS, s, strict=True)]
        t = np.array(rest[:2]) + rest[2:]
        g = np.array([largest(q[k], c).sum() + c * n for k, c, n in zip(LEVELS, s, eps, strict=True)])
        g_dense = np.linalg.norm(q[DENSE]) + np.linalg.norm(hn[DENSE])
        c = np.append(g + s * (mu @ t), g_dense + nu @ t)
        tops = np.array([largest(v[k], n).sum() for k, n in zip(LEVELS, s, strict=True)])
        truth = np.append(tops, np.linalg.norm(v[DENSE]))
        bound = np.linalg.solve(np.eye(3) - first, c)
        assert (truth <= bound * (1 + SLACK) + SLACK).all()
        norms = 2 * bound[:2] + t
        beta = np.array([np.abs(q[k]).max() for k in LEVELS]) + eps + mu @ norms + leak * bound[2]
        for k, level in enumerate(LEVELS):
            entry = eps[k] + mu[k] @ norms + leak[k] * bound[2]
            k_l = np.linalg.norm(largest(q[level], s[k])) + np.sqrt(s[k]) * entry
            length = np.sqrt(k_l * (k_l + (bound[k] + t[k]) / np.sqrt(s[k])))
            assert np.abs(v[level]).sum() <= norms[k] * (1 + SLACK) + SLACK
            assert np.abs(v[level]).max() <= beta[k] * (1 + SLACK) + SLACK
            assert np.linalg.norm(v[level]) <= length * (1 + SLACK) + SLACK
        gaps = [largest(x_hat[k], n + 1)[-2:] @ [1, -1] for k, n in zip(LEVELS, s, strict=True)]
        settled = np.array(gaps) >= 2 * beta
        second = np.linalg.solve(np.eye(3) - system(constants, s, 2 - settled), c)
        assert (truth <= second * (1 + SLACK) + SLACK).all() and (second <= bound * (1 + SLACK) + SLACK).all()
        settled_seen += int(settled.any())
        t = t + s * ~settled * beta  # none of a level is settled, or all
        c = np.append(g + s * (mu @ t), g_dense + nu @ t)
        third = np.linalg.solve(np.eye(3) - system(constants, s, np.array([1, 1])), c)
        assert (truth <= third * (1 + SLACK) + SLACK).all()
        ratios.append((truth / np.maximum(second, SLACK)).max())
    assert settled_seen and max(ratios) > 0.3  # the bounds are tried, and are not far away


@pytest.mark.parametrize("seed", range(3))
def test_the_property_from_the_constants_of_mixing_levels(seed):
    """The null space property with the coarse part that leaks."""
    rng = np.random.default_rng(seed)
    a, h, *constants = mixing(rng)
    s = np.array([2, 3])
    plain = system(constants, s, np.array([1, 1]))
    inverse = np.linalg.inv(np.eye(3) - plain)
    assert (inverse >= 0).all()
    length = np.sqrt(s) * [np.linalg.norm(h[:, k], axis=0).max() for k in LEVELS]
    kappa = inverse @ np.append(np.sqrt(s) * length, np.linalg.norm(h[:, DENSE], 2))
    scale = np.append(np.sqrt(s), 1)
    r, kappa = inverse @ plain[:, :2] / scale[:, None], kappa / scale
    ratios = []
    for trial in range(40):
        v = point(rng, a, np.zeros(N), 6 * trial + trial % 2 + 1)
        tops = np.array([np.linalg.norm(largest(v[k], n)) for k, n in zip(LEVELS, s, strict=True)])
        t = [np.abs(v[k]).sum() - largest(v[k], n).sum() for k, n in zip(LEVELS, s, strict=True)]
        bound = r @ t + kappa * np.linalg.norm(a @ v)
        truth = np.append(tops, np.linalg.norm(v[DENSE]))
        assert (truth <= bound * (1 + SLACK) + SLACK).all()
        ratios.append((truth / np.maximum(bound, SLACK)).max())
    assert max(ratios) > 0.3


def test_without_a_contraction_a_fixed_point_proves_nothing():
    """With 2sμ = 1, P = (1) and c = 0: 0 = P0 + c, and yet a vector of the kernel has data 0, and is not 0."""
    a, v = np.array([[1.0, 1.0]]), np.array([1.0, -1.0])
    e = np.eye(2) - (a / 2).T @ a
    assert np.abs(e).max() == 0.5 and (a @ v == 0).all() and (e @ v == v).all()
    x_hat, x = np.array([1.0, 0.0]), np.array([0.0, 1.0])  # both have one entry, and the same data
    assert (x_hat - x == v).all()


@pytest.mark.parametrize("seed", range(3))
def test_theorem_10_with_a_dual_vector_that_does_not_fit(seed):
    rng, ratios = np.random.default_rng(seed), []
    size = 4
    while len(ratios) < 40:
        rows = np.sort(rng.choice(N, 22, replace=False))
        a = orthonormal()[rows] * np.sqrt(N / 22)
        support = np.sort(rng.choice(N, size, replace=False))
        off = np.setdiff1d(np.arange(N), support)
        x_hat = np.zeros(N)
        x_hat[support] = rng.choice([-1, 1], size) * rng.uniform(0.5, 2, size)
        inside, outside = a[:, support], a[:, off]
        b = np.linalg.pinv(inside)
        u = inside @ (np.linalg.solve(inside.T @ inside, np.sign(x_hat[support])) + rng.uniform(-0.03, 0.03, size))
        zeta = np.abs(inside.T @ u - np.sign(x_hat[support])).max()
        kappa, steep = 1 - np.abs(outside.T @ u).max(), np.linalg.norm(b @ outside, axis=0).max()
        contraction = zeta * np.sqrt(size) * steep / kappa
        if kappa < 0.05 or contraction >= 1:
            continue
        v = np.linalg.svd(a)[2][len(rows) :].T @ rng.normal(size=N - len(rows))
        v = (v + rng.normal(size=N) * rng.choice([0, 0.1])) * 10 ** rng.uniform(-2, 0.5)
        x, e = x_hat - v, rng.normal(size=len(rows)) * rng.choice([0, 0.01])
        r = a @ x_hat - (a @ x - e)
        delta = np.abs(x).sum() - np.abs(x_hat).sum()
        c = (delta + u @ r + np.abs(u @ e)) / kappa
        top = (np.linalg.norm(b @ (r - e)) + steep * c) / (1 - contraction)
        assert np.linalg.norm(v[support]) <= top * (1 + SLACK) + SLACK
        assert np.abs(v[off]).sum() <= (c + zeta * np.sqrt(size) * top / kappa) * (1 + SLACK) + SLACK
        ratios.append(np.linalg.norm(v[support]) / top)
    assert max(ratios) > 0.1
