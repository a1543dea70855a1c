"""The forward pass as published, against the iteration written out entry by entry, and against known minimisers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from firenet_exact.published import PublishedParameters, published_forward

entries = st.floats(-2, 2, allow_subnormal=False).map(lambda x: round(x, 6))


def parameters(norm, **changed):
    step = 0.9 / norm
    given = {"lam": 0.25, "tau": step, "sigma": step, "norm": norm, "blocks": 3, "restarts": 2}
    return PublishedParameters(**given | {"decay": 0.5, "delta": 0.01, "initial": 1.0} | changed)


def by_entries(A, y, p, w):
    """Chambolle and Pock's iteration for λ‖x‖_w + ‖Ax - y/(β p)‖, from x/(β p) with dual 0; its averages, restarted."""
    m, n = len(A), len(A[0])
    guess, accuracy = [0] * n, p.initial
    for _ in range(p.restarts):
        accuracy = p.decay * (p.delta + accuracy)
        scale = 2 * p.norm / (accuracy * p.blocks)
        x, u, total = [scale * g for g in guess], [0] * m, [0] * n
        for _ in range(p.blocks):
            new = []
            for j in range(n):
                z = x[j] - p.tau * sum(np.conj(A[i][j]) * u[i] for i in range(m))
                t = p.tau * p.lam * w[j]
                new.append(0 if abs(z) <= t else (1 - t / abs(z)) * z)
            over = [2 * a - b for a, b in zip(new, x, strict=True)]
            u = [u[i] + p.sigma * (sum(A[i][j] * over[j] for j in range(n)) - scale * y[i]) for i in range(m)]
            length = math.sqrt(sum(abs(v) ** 2 for v in u))
            u = [v / max(1, length) for v in u]
            x = new
            total = [a + b for a, b in zip(total, x, strict=True)]
        guess = [t / p.blocks / scale for t in total]
    return guess


@given(
    hnp.arrays(float, (2, 3), elements=entries),
    hnp.arrays(float, (2, 3), elements=entries),
    hnp.arrays(float, 2, elements=entries),
    hnp.arrays(float, 3, elements=st.sampled_from([0.5, 1, 2])),
    st.booleans(),
)
def test_it_is_the_iteration(re, im, y, w, complex_):
    A = re + 1j * im if complex_ else re
    p = parameters(max(1.0, float(np.linalg.norm(A))))
    found = published_forward(A, y, p, weights=w)
    assert found.dtype == A.dtype
    assert np.allclose(found, by_entries(A.tolist(), y.tolist(), p, w.tolist()), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("lam", "expected"), [(0.25, [1.5, -0.5]), (4.0, [0.0, 0.0])])
def test_it_tends_to_the_minimiser(lam, expected):
    """λ‖x‖_1 + ‖x - y‖ is least at y if λ√2 < 1, and at 0 if λ >= 1."""
    p = parameters(1.0, lam=lam, blocks=200, restarts=12, delta=1e-9)
    assert np.allclose(published_forward(np.eye(2), np.array([1.5, -0.5]), p), expected, atol=1e-3)


def test_weights_are_one_unless_given():
    A, y, p = np.array([[1.0, 2.0]]), np.array([1.0]), parameters(3.0)
    assert np.array_equal(published_forward(A, y, p), published_forward(A, y, p, weights=np.ones(2)))
    assert not np.array_equal(published_forward(A, y, p), published_forward(A, y, p, weights=np.array([1.0, 0.1])))
