"""A search for vectors that fit the data and are far from a point: floating point proposes, exact arithmetic judges."""

import numpy as np

from exact_base.matrices import column_norm2
from exact_base.rationals import to_float
from firenet_exact import exact_matrix
from firenet_exact.recovery.a_posteriori import fits


def column(values):
    return exact_matrix([[value] for value in np.asarray(values).tolist()])


def farthest(recovery, start, *, starts=60, steps=200, seed=0):
    """The vectors of a random and a gradient search that fit the data and are farthest from the point, best first.

    `start` is a vector that fits. Each step goes away from the point and then back towards `start` until the two
    conditions hold again.
    """
    rng = np.random.default_rng(seed)
    known = recovery.known
    A, y, levels = known.matrix.to_float(), recovery.data.to_float()[:, 0], known.levels
    point, weights = recovery.point.to_float()[:, 0], np.array([to_float(w) for w in levels.column_weights])
    sigma, noise = to_float(recovery.sigma) * (1 - 1e-9), to_float(recovery.noise) * (1 - 1e-9)
    kernel = np.eye(A.shape[1]) - np.linalg.pinv(A) @ A
    complex_ = np.iscomplexobj(A) or np.iscomplexobj(y)

    def excess(x):
        size = np.abs(x)
        off = 0.0
        for begin, end, s in zip(levels.starts, levels.ends, levels.sparsities, strict=True):
            off += np.sum(np.sort(size[begin:end])[: end - begin - s]) * weights[begin]
        return max(off - sigma, np.linalg.norm(A @ x - y) - noise)

    def inside(x):
        """The farthest vector towards x on the way from `start` that fits, by bisection."""
        low, high = 0.0, 1.0
        if excess(x) <= 0:
            return x
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if excess(start + middle * (x - start)) <= 0 else (low, middle)
        return start + low * (x - start)

    found = []
    for index in range(starts):
        direction = rng.standard_normal(A.shape[1]) + (1j * rng.standard_normal(A.shape[1]) if complex_ else 0)
        if index % 3 == 0:
            direction = kernel @ direction
        if index % 3 == 1:  # along few entries, where σ allows most
            direction = direction * (rng.random(A.shape[1]) < 0.1)
        x = inside(start + direction * rng.choice([1e-3, 1e-2, 1e-1, 1]))
        step = max(np.linalg.norm(x - point), 1e-6)
        for _ in range(steps // 10):
            gradient = (x - point) / max(np.linalg.norm(x - point), 1e-300)
            noise_step = rng.standard_normal(len(x)) * 0.3 / np.sqrt(len(x))
            candidate = inside(x + step * (gradient + noise_step))
            if np.linalg.norm(candidate - point) > np.linalg.norm(x - point):
                x = candidate
            else:
                step *= 0.7
        found.append(x)
    return sorted(found, key=lambda x: -np.linalg.norm(x - point))


def violations(recovery, start, **options):
    """The vectors found that certainly fit the data, and are certainly farther from the point than the bound."""
    bad = []
    for x in map(column, farthest(recovery, start, **options)[:10]):
        fit = fits(recovery.known, recovery.data, x, noise=recovery.noise, sigma=recovery.sigma)
        if fit and column_norm2(x - recovery.point) > recovery.bound**2:
            bad.append(x)
    return bad
