"""Norms and null spaces against their definitions: exact recomputations, and a search for vectors that break claims."""

import json
import time
from itertools import combinations, product
from math import isqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from tests.proofs_checks.builders import F, changed
from tests.proofs_checks.cases import null_space as cases
from tests.proofs_checks.cases import null_space_refuted, operator_norm
from tests.proofs_checks.null_space_builders import coherence, exhaustive, null_space, refuted, relaxation
from tests.proofs_checks.null_space_builders import operator_norm as norm_certificate

TINY = F(1, 2**40)


def root(v):
    """√v to within 2^-80, from above."""
    v = F(v)
    return F(isqrt(v.numerator * v.denominator * 4**80) + 1, v.denominator * 2**80) if v else F(0)


def square(z):
    return F(z[0]) ** 2 + F(z[2]) ** 2 if isinstance(z, tuple) else F(z) ** 2


def times(a, b, *, conjugate=False):
    (p, q), (r, s) = ((F(z[0]), F(z[2])) if isinstance(z, tuple) else (F(z), F(0)) for z in (a, b))
    q = -q if conjugate else q
    return p * r - q * s, p * s + q * r


def inner(left, right):
    """The sum of conj(left_k) right_k, as a scalar of `builders`."""
    parts = [times(a, b, conjugate=True) for a, b in zip(left, right, strict=True)]
    return (sum(re for re, _ in parts), 0, sum(im for _, im in parts))


def columns(A):
    return [list(column) for column in zip(*A, strict=True)]


def by_level(spread):
    starts = [0, *(end for end, _, _ in spread[:-1])]
    return [(range(start, end), s, F(w)) for start, (end, s, w) in zip(starts, spread, strict=True)]


def weights(spread):
    return [w for level, _, w in by_level(spread) for _ in level]


def xi(spread):
    return sum(s * F(w) ** 2 for _, s, w in spread)


def supports(spread):
    return [sum(parts, ()) for parts in product(*(combinations(level, s) for level, s, _ in by_level(spread)))]


def best(values, spread):
    """For each level the sum of its s largest values."""
    return [sum(sorted((values[i] for i in level), reverse=True)[:s]) for level, s, _ in by_level(spread)]


def relaxed(A, H, spread):
    """theta, rho and gamma of a relaxation, from the definitions."""
    w, N = weights(spread), len(A[0])
    nu = []
    for i, h in enumerate(columns(H)):
        row = [inner(h, a) for a in columns(A)]
        row[i] = (row[i][0] - 1, 0, row[i][2])
        nu.append(max(square(row[j]) / w[j] ** 2 for j in range(N)))
    theta = sum(w_ * top for (_, _, w_), top in zip(spread, best([root(n) for n in nu], spread), strict=True))
    hs = columns(H)
    beta2 = sum(best([sum(map(square, h)) for h in hs], spread))
    products = [[root(square(inner(a, b))) if i != j else 0 for j, b in enumerate(hs)] for i, a in enumerate(hs)]
    lambda2 = max(
        sum(map(square, h))
        + sum(
            sum(sorted((row[j] for j in level if j != i), reverse=True)[: s - (i in level)])
            for level, s, _ in by_level(spread)
        )
        for i, (h, row) in enumerate(zip(hs, products, strict=True))
    )
    if theta >= 1:
        return theta, None, None
    rho = root(xi(spread) * sum(best(nu, spread))) / (1 - theta)
    return theta, rho, (1 + rho) * root(min(beta2, lambda2))


def coherent(A, spread):
    w, a = weights(spread), columns(A)
    pairs = combinations(range(len(a)), 2)
    mu = max((root(square(inner(a[i], a[j]))) / (w[i] * w[j]) for i, j in pairs), default=F(0))
    nu = min(inner(a[i], a[i])[0] + mu * w[i] ** 2 for i in range(len(a))) - mu * xi(spread)
    return (None, None) if nu <= 0 else (mu * xi(spread) / nu, root(1 / nu))


def judge(A, spread, rho, gamma, evidence):
    """Claims beside the constants: valid above them, and refused below, by the rule that names what is too small."""
    up, down = 1 + TINY, 1 - TINY
    above = max(rho * up, TINY)
    if above < 1:
        assert verify_bytes(null_space(A, spread, above, gamma * up * up, evidence)).verdict == "valid"
        below = verify_bytes(null_space(A, spread, above, gamma * down, evidence))
        assert (below.verdict, below.reason[:6]) == ("invalid", "gamma:")
    if 0 < rho * down < 1:
        below = verify_bytes(null_space(A, spread, rho * down, 10 * gamma, evidence))
        assert (below.verdict, below.reason[:4]) == ("invalid", "rho:")


small = st.fractions(-1, 1, max_denominator=7)
scalars = small | st.tuples(small, st.just(0), small)


@st.composite
def settings_of(draw, *, real=False):
    """A matrix near a multiple of the identity, or of a frame, and a level structure."""
    N = draw(st.integers(1, 4))
    m = draw(st.integers(max(1, N - 1), N))
    A = [[draw(small if real else scalars) for _ in range(N)] for _ in range(m)]
    cut = sorted(draw(st.sets(st.integers(1, N - 1), max_size=1))) if N > 1 else []
    sizes = [b - a for a, b in zip([0, *cut], [*cut, N], strict=True)]
    spread = [
        (end, draw(st.integers(1, size)), draw(st.fractions(F(1, 3), 3, max_denominator=4)))
        for end, size in zip([*cut, N], sizes, strict=True)
    ]
    return A, spread


def nearly_inverse(A, noise):
    """Columns of a regularised pseudo-inverse, rounded to multiples of 1/64."""
    M = np.array([[complex(z[0], z[2]) if isinstance(z, tuple) else complex(z) for z in row] for row in A])
    H = np.linalg.solve(M @ M.conj().T + 0.02 * np.eye(len(M)), M) * (1 + noise)
    return [[(F(round(z.real * 64), 64), 0, F(round(z.imag * 64), 64)) for z in row] for row in H]


@settings(max_examples=60, deadline=None)
@given(settings_of(), st.sampled_from([0.0, 0.1, -0.1]))
def test_the_constants_of_a_relaxation(setting, noise):
    A, spread = setting
    H = nearly_inverse(A, noise)
    theta, rho, gamma = relaxed(A, H, spread)
    if rho is None:
        if theta > 1 + TINY:
            report = verify_bytes(null_space(A, spread, F(1, 2), 99, relaxation(H)))
            assert (report.verdict, report.reason[:6]) == ("invalid", "theta:")
    elif gamma:
        judge(A, spread, rho, gamma, relaxation(H))


@settings(max_examples=60, deadline=None)
@given(settings_of())
def test_the_constants_of_coherence(setting):
    A, spread = setting
    rho, gamma = coherent(A, spread)
    if rho is None:
        assert verify_bytes(null_space(A, spread, F(99, 100), 10**6, coherence())).verdict == "invalid"
    else:
        judge(A, spread, rho, gamma, coherence())


@settings(max_examples=40, deadline=None)
@given(settings_of(real=True))
def test_the_constants_of_an_enumeration(setting):
    """With a rational left inverse for each support, where there is one."""
    A, spread = setting
    a, w, inverses, rho2, gamma = columns(A), weights(spread), [], F(0), 0.0
    for support in supports(spread):
        B = left_inverse([a[j] for j in support])
        if B is None:
            return
        inverses.append(B)
        for j in set(range(len(a))) - set(support):
            image = [sum(b * c for b, c in zip(row, a[j], strict=True)) for row in B]
            rho2 = max(rho2, sum(x * x for x in image) / w[j] ** 2)
        gamma = max(gamma, float(np.linalg.norm(np.array(B, float), 2)))
    judge(A, spread, root(xi(spread) * rho2), F(gamma), exhaustive(*inverses))


def left_inverse(vectors):
    """The pseudo-inverse of independent columns, by exact elimination of their Gram matrix."""
    n = len(vectors)
    rows = [[sum(x * y for x, y in zip(u, v, strict=True)) for v in vectors] + list(map(F, u)) for u in vectors]
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in set(range(n)) - {k}:
            rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k], strict=True)]
    return [row[n:] for row in rows]


# --- truth -----------------------------------------------------------------------------------------------------------


def decoded(value):
    den = int(value["den"], 16)
    result = np.zeros((int(value["rows"], 16), int(value["cols"], 16)), complex)
    for i, j, z in value["entries"]:
        re_, im = (z["re"], z["im"]) if isinstance(z, dict) else (z, "0x0")
        result[int(i, 16), int(j, 16)] = complex(int(re_, 16) / den, int(im, 16) / den)
    return result


def ratio(pair):
    return int(pair[0], 16) / int(pair[1], 16)


def excess(claim, x):
    """The largest ‖x_Δ‖ - ρ‖x_Δc‖_w/√ξ - γ‖Ax‖ over the supports, which are those of the largest entries."""
    A, rho, gamma = decoded(claim["matrix"]), ratio(claim["rho"]), ratio(claim["gamma"])
    spread = [(int(level["end"], 16), int(level["sparsity"], 16), ratio(level["weight"])) for level in claim["levels"]]
    kept2 = rest = start = 0
    for end, s, w in spread:
        size = np.sort(np.abs(x[start:end]))[::-1]
        kept2, rest, start = kept2 + np.sum(size[:s] ** 2), rest + w * np.sum(size[s:]), end
    length = np.sqrt(sum(s * w * w for _, s, w in spread))
    return np.sqrt(kept2) - rho * rest / length - gamma * np.linalg.norm(A @ x)


@pytest.mark.parametrize("case", cases.ACCEPT)
def test_no_vector_breaks_an_accepted_claim(case):
    """By random vectors, and by steps from the worst of them, also along the kernel."""
    claim = json.loads(cases.ACCEPT[case])["claim"]
    A = decoded(claim["matrix"])
    N, rng = A.shape[1], np.random.default_rng(7)
    kernel = np.linalg.svd(A)[2][np.linalg.matrix_rank(A) :].conj().T
    worst = []
    for k in range(400):
        x = rng.standard_normal(N) + 1j * rng.standard_normal(N) * (k % 2)
        if kernel.size and k % 3:
            x = kernel @ (kernel.conj().T @ x) + (k % 3 - 1) * 0.1 * x
        worst.append((excess(claim, x / np.linalg.norm(x)), x / np.linalg.norm(x)))
    value, x = max(worst, key=lambda pair: pair[0])
    for k in range(600):
        y = x + (rng.standard_normal(N) + 1j * rng.standard_normal(N)) * 0.3 * 0.99**k
        y /= np.linalg.norm(y)
        if (other := excess(claim, y)) > value:
            value, x = other, y
    assert value <= 1e-9


def test_the_search_finds_what_is_there():
    """With half the constants the same search breaks a claim, which the checker refuses."""
    data = changed(cases.RELAXATION, ["claim", "rho"], ["0x1", "0x4"])
    assert verify_bytes(data).verdict == "invalid"
    assert excess(json.loads(data)["claim"], np.array([1, 1, 1])) > 0


@pytest.mark.parametrize("case", null_space_refuted.ACCEPT)
def test_what_is_refuted_has_no_certificate(case):
    """No claim for the same matrix and levels is accepted with the evidence at hand."""
    claim = json.loads(null_space_refuted.ACCEPT[case])["claim"]
    if claim["root"] == "0x0":
        claim = {
            "matrix": claim["matrix"],
            "levels": claim["levels"],
            "rho": ["0xfff", "0x1000"],
            "gamma": ["0xfff", "0x1"],
        }
        for evidence in (coherence(), {"method": "relaxation", "inverse": claim["matrix"]}):
            data = changed(changed(cases.COHERENCE, ["claim"], claim), ["evidence"], evidence)
            assert verify_bytes(data).verdict == "invalid"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=2, max_size=6), st.integers(1, 3), st.fractions(F(1, 4), 4))
def test_refutations_of_a_row(x, s, w):
    """x is in the kernel of the projection off it; whether it refutes is decided here from the definition."""
    norm2, N = sum(a * a for a in x), len(x)
    s = min(s, N)
    if norm2 == 0:
        return
    A = [[(i == j) - F(x[i] * x[j], norm2) for j in range(N)] for i in range(N)]
    size = sorted(map(abs, x), reverse=True)
    holds = s * sum(a * a for a in size[:s]) >= sum(size[s:]) ** 2
    verdict = verify_bytes(refuted(A, [(N, s, w)], x)).verdict
    assert verdict == ("valid" if holds else "invalid")


# --- norms -----------------------------------------------------------------------------------------------------------


def dyadic(value, bits=40):
    return F(round(float(value) * 2**bits), 2**bits)


def bounds(A, *, width=2**-31):
    """A certificate of the norm of a float64 matrix within 2 * width, relative."""
    G = A @ A.T if A.shape[0] <= A.shape[1] else A.T @ A
    _, sizes, right = np.linalg.svd(A)
    low, high = dyadic(sizes[0] * (1 - width)), dyadic(sizes[0] * (1 + width))
    R = np.linalg.cholesky((float(high) ** 2 * (1 - 2.0**-37)) * np.eye(len(G)) - G)
    exact = [[F(float(a)) for a in row] for row in A]
    factor = [[dyadic(r, 52) for r in row] for row in R]
    return low, high, norm_certificate(exact, low, high, factor, [dyadic(v) for v in right[0]])


@pytest.mark.parametrize(("m", "n"), [(1, 5), (5, 1), (6, 6), (8, 12), (12, 8)])
def test_norms_of_gaussian_matrices(m, n):
    A = np.random.default_rng(m * n).standard_normal((m, n))
    low, high, data = bounds(A)
    assert float(high - low) < 2e-9 * float(high)
    assert verify_bytes(data).verdict == "valid"
    gain = F(2**28 + 1, 2**28)
    for path, value in ((["claim", "high"], high / gain), (["claim", "low"], low * gain)):
        report = verify_bytes(changed(data, path, [hex(value.numerator), hex(value.denominator)]))
        assert (report.verdict, report.reason.split(":")[0]) == ("invalid", path[1])


@pytest.mark.parametrize("case", operator_norm.ACCEPT)
def test_the_norm_lies_between_the_bounds(case):
    claim = json.loads(operator_norm.ACCEPT[case])["claim"]
    norm = np.linalg.norm(decoded(claim["matrix"]), 2)
    assert ratio(claim["low"]) - 1e-9 <= norm <= ratio(claim["high"]) + 1e-9


@pytest.mark.slow
def test_a_matrix_of_64_by_128_takes_seconds():
    rng = np.random.default_rng(3)
    A = rng.standard_normal((64, 128)) / 8
    _, _, data = bounds(A)
    H = np.linalg.pinv(A).T
    H /= np.sum(H * A, axis=0)
    exact = [[F(float(a)) for a in row] for row in A]
    weak = null_space(exact, [(128, 1, 1)], F(99, 100), 99, relaxation([[dyadic(h, 26) for h in row] for row in H]))
    began = time.process_time()
    assert verify_bytes(data).verdict == "valid"
    assert verify_bytes(weak).verdict == "valid"
    assert time.process_time() - began < 10


# --- the constants of docs/theory.md ---------------------------------------------------------------------------------


def constants(rho, gamma, q):
    C1 = (rho + (1 + rho) * q / 2) * (1 + rho) / (1 - rho)
    return C1, ((1 + rho) / (1 - rho) + (3 + rho) / (1 - rho) * q / 2) * gamma


def test_the_trap_of_rounding_one_constant():
    """A = [1], x = 1, z = 0: 2σ + |z|_w - |x|_w = -1, and a larger C1 with the same C2 breaks the error bound."""
    rho, gamma = F(1, 10), F(1)
    C1, C2 = constants(rho, gamma, F(1))
    assert verify_bytes(null_space([[1]], [(1, 1, 1)], rho, gamma, exhaustive([[1]]))).verdict == "valid"
    assert -C1 + C2 >= 1
    larger_rho = constants((1 + rho) / 2, 2 * gamma, F(1))
    assert -larger_rho[0] + larger_rho[1] >= 1
    assert -larger_rho[0] + C2 < 1
    assert -(C1 + 2) + C2 < 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_error_bound_on_a_kernel(data):
    """Where A has the kernel (1, 1, 1), rho = 1/2, gamma = 13/2: exact search for x, z with a larger error."""
    entries = st.integers(-4, 4).map(F)
    x = data.draw(st.tuples(entries, entries, entries))
    z = data.draw(st.tuples(entries, entries, entries))
    v = [a - b for a, b in zip(z, x, strict=True)]
    image2 = sum(sum(a * b for a, b in zip(row, v, strict=True)) ** 2 for row in cases.A3)
    size = sorted(map(abs, x), reverse=True)
    T = 2 * sum(size[1:]) + sum(map(abs, z)) - sum(size)
    C1, C2 = constants(F(1, 2), F(13, 2), F(1))
    assert root(sum(a * a for a in v)) <= C1 * T + C2 * root(image2) + TINY
