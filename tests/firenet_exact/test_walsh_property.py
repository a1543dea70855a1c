"""Null space properties of drawn Walsh masks, against dense matrices, random vectors and linear programs."""

import itertools

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from exact_base.errors import DataError, NotCertifiedError, UsageError
from exact_base.rationals import to_float
from firenet_exact import certify_mask, walsh_certificate
from firenet_exact.certificates.null_space_walsh import read_null_space_walsh
from firenet_exact.imaging.choose import Aim, Found, largest_property, recoverable, search_mask, weights_for
from firenet_exact.imaging.limits import subband_limit
from firenet_exact.imaging.property import best_weights, subband_bounds, walsh_inverse, walsh_property
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.imaging.weights import optimise, rounded_weights, uniform
from proofs_checks import verify_bytes
from tests.firenet_exact.haar_atoms import atoms, walsh_matrix

SHAPES = [(1, 4), (2, 3), (3, 2), (2, 2), (1, 1)]


def drawn(subbands, rate, seed, full=0):
    """A mask with one sample at least in each subband, and all in the first `full`."""
    rng, mask = np.random.default_rng(seed), np.zeros(subbands.shape, dtype=bool)
    for band, size in enumerate(subbands.sizes):
        count = size if band < full else max(1, round(rate * size))
        rows = np.zeros(size, dtype=bool)
        rows[rng.choice(size, count, replace=False)] = True
        subbands.put(rows, mask, band)
    return mask


def random_inverse(subbands, mask, seed, *, low=1):
    rng, weights = np.random.default_rng(seed), []
    for band in range(subbands.count):
        rows = subbands.rows(mask, band)
        weights.append(None if rows.all() else rng.integers(low, 9, size=int(rows.sum())))
    scales = [fmpq(int(rng.integers(1, 5)), 2) for _ in range(subbands.count)]
    return walsh_inverse(subbands, mask, weights, scales=scales)


def dense(inverse):
    """A = D P V Ψ* and H from the definitions: Walsh rows of numpy, atoms, and weights row by row."""
    subbands, n = inverse.subbands, 1 << inverse.subbands.bits
    one = walsh_matrix(subbands.bits) / np.sqrt(n)
    transform = one
    for _ in range(subbands.dimension - 1):
        transform = np.kron(transform, one)
    images = np.array([atom.reshape(-1) for _, _, _, atom in atoms(subbands.dimension, subbands.bits)], dtype=float)
    images /= np.linalg.norm(images, axis=1)[:, np.newaxis]
    factors, etas = np.zeros(subbands.shape), np.zeros(subbands.shape)
    for band, (size, bounds) in enumerate(zip(subbands.sizes, inverse.bounds, strict=True)):
        rows = subbands.rows(inverse.mask, band)
        whole, values = inverse.weights[band], np.zeros(size)
        values[rows] = 1 if whole is None else whole
        subbands.put(np.full(size, np.sqrt(to_float(inverse.scales[band]))), factors, band)
        subbands.put(values / (bounds.sum + bounds.peak), etas, band)
    taken = inverse.mask.reshape(-1)
    d, eta = factors.reshape(-1)[taken], etas.reshape(-1)[taken]
    plain = (transform @ images.T)[taken]
    matrix = d[:, np.newaxis] * plain
    # h_i = η_a √N_b χ_a(i)/d_a, and √N_b χ_a(i) = N_b times the entry of the unitary matrix
    sizes = np.repeat(subbands.sizes, subbands.sizes)
    return matrix, (eta / d)[:, np.newaxis] * plain * sizes[np.newaxis, :]


@pytest.mark.parametrize(("dimension", "bits"), SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_mu_and_lambda_are_those_of_dense_matrices(dimension, bits, seed):
    subbands = Subbands(dimension=dimension, bits=bits)
    inverse = random_inverse(subbands, drawn(subbands, 0.6, seed), seed)
    matrix, left = dense(inverse)
    error, gram = np.eye(subbands.columns) - left.T @ matrix, left.T @ left
    starts = subbands.starts
    outside = error.copy()
    for start, size, bounds in zip(starts, subbands.sizes, inverse.bounds, strict=True):
        part = slice(start, start + size)
        assert np.abs(error[part, part]).max() == pytest.approx(to_float(bounds.mu), abs=1e-12)
        assert gram[part, part].diagonal() == pytest.approx(to_float(bounds.norm2), abs=1e-12)
        off = np.abs(gram[part, part] - np.diag(gram[part, part].diagonal())).max()
        assert to_float(bounds.spectral2(2) - bounds.norm2) == pytest.approx(off, abs=1e-12)
        outside[part, part] = 0
        rng = np.random.default_rng(seed)
        for s in range(1, min(size, 6) + 1):
            support = start + rng.choice(size, s, replace=False)
            assert np.linalg.norm(left[:, support], 2) ** 2 <= to_float(bounds.spectral2(s)) * (1 + 1e-12)
    assert np.abs(outside).max() < 1e-12


def kernel(matrix):
    _, values, right = np.linalg.svd(matrix)
    return right[int((values > 1e-10).sum()) :]


def holds(proved, matrix, vector):
    """Whether the inequality of the property holds for the worst support of a vector."""
    left = rest = 0.0
    starts = (0, *proved.levels.ends[:-1])
    for start, end, s, w in zip(
        starts, proved.levels.ends, proved.levels.sparsities, proved.levels.weights, strict=True
    ):
        moduli = np.sort(np.abs(vector[start:end]))[::-1]
        left += (moduli[:s] ** 2).sum()
        rest += to_float(w) * moduli[s:].sum()
    xi = to_float(proved.levels.xi)
    right = to_float(proved.rho) / np.sqrt(xi) * rest + to_float(proved.gamma) * np.linalg.norm(matrix @ vector)
    return np.sqrt(left) <= right * (1 + 1e-12) + 1e-15


@pytest.mark.parametrize(("dimension", "bits"), [(1, 6), (2, 3), (2, 4)])
@pytest.mark.parametrize("rate", [0.6, 0.85])
def test_the_property_holds_for_random_vectors_and_for_the_kernel(dimension, bits, rate):
    subbands = Subbands(dimension=dimension, bits=bits)
    mask = drawn(subbands, rate, 3, full=subbands.count - (2**dimension - 1))
    proved = certify_mask(subbands, mask, rho=fmpq(9, 10), gamma2=9, seconds=0.3).proved
    assert proved is not None
    matrix, _ = dense(proved.inverse)
    rng, nothing = np.random.default_rng(1), kernel(matrix)
    assert len(nothing) == subbands.columns - int(mask.sum())
    for vector in nothing:
        assert holds(proved, matrix, vector)
    for _ in range(200):
        assert holds(proved, matrix, rng.normal(size=subbands.columns) ** 5)
        sparse = np.where(rng.random(subbands.columns) < 0.1, rng.normal(size=subbands.columns), 0)
        assert holds(proved, matrix, sparse)
        assert holds(proved, matrix, sparse + rng.normal(size=len(nothing)) @ nothing)
    assert verify_bytes(walsh_certificate(proved)).verdict == "valid"


@pytest.mark.parametrize(("size", "count"), [(16, 9), (16, 12), (32, 16), (32, 24)])
def test_weights_reach_the_optimum_of_the_linear_program(size, count):
    """Theorem 5: the least max|I - H*A| is 1/‖v‖_1 for the shortest v of the kernel with v_0 = 1."""
    rows = np.zeros(size, dtype=bool)
    rows[np.random.default_rng(size + count).choice(size, count, replace=False)] = True
    signs = np.array([[(-1) ** int.bit_count(a & p) for p in range(size)] for a in range(size)])[rows]
    unit = np.eye(size)[:1]
    equal = np.vstack([signs, unit])
    found = linprog(np.ones(2 * size), A_eq=np.hstack([equal, -equal]), b_eq=np.r_[np.zeros(count), 1.0])
    assert found.status == 0
    *_, best = optimise(rows, steps=4000)
    assert best.kernel is not None
    limit = subband_limit(rows, best.kernel)
    assert not (signs @ limit.vector).any()
    # no vector of the kernel is shorter than the shortest, and no weights are better than these say
    assert to_float(limit.length) >= found.fun - 1e-9
    assert 1 + 1 / best.peak <= found.fun + 1e-9
    if best.sparsity < best.limit:  # it was not content before all steps were done
        assert 1 + 1 / best.peak == pytest.approx(found.fun, rel=1e-2)


@given(st.integers(1, 7), st.integers(0, 10**6), st.floats(0.05, 0.95))
@settings(max_examples=40, deadline=None)
def test_exact_limits_and_exact_weights_bracket_the_truth(bits, seed, rate):
    rows = np.random.default_rng(seed).random(1 << bits) < rate
    rows[0] = True
    *_, best = optimise(rows, penalties=[0.02], steps=100)
    whole = rounded_weights(best.values, bits=10)
    size, subbands = rows.size, Subbands(dimension=1, bits=bits + 1)
    mask = np.ones(2 * size, dtype=bool)
    subbands.put(rows, mask, bits + 1)
    inverse = walsh_inverse(subbands, mask, [*[None] * (bits + 1), whole])
    mu = inverse.bounds[-1].mu
    signs = np.array([[(-1) ** int.bit_count(a & p) for p in range(size)] for a in range(size)])[rows]
    entries = whole @ signs
    assert mu == fmpq(int(np.abs(entries[1:]).max()), int(entries[0]) + int(np.abs(entries[1:]).max()))
    if best.kernel is not None:
        limit = subband_limit(rows, best.kernel)
        assert not (signs @ limit.vector).any()
        assert mu * limit.length >= 1
        moduli = sorted(map(abs, limit.vector.tolist()), reverse=True)
        s = limit.refuted
        assert sum(moduli[:s]) >= sum(moduli[s:]) and sum(moduli[: s - 1]) < sum(moduli[s - 1 :])


def spread(half, lines):
    """Lines {(x, cx)} of GF(2^half)², without 0, in Z_2^(2 half), and a line that is not among them."""
    polynomial, q = {2: 0b111, 3: 0b1011, 4: 0b10011}[half], 1 << half

    def product(x, y):
        total = 0
        for bit in range(half):
            if y >> bit & 1:
                total ^= x << bit
        for bit in range(2 * half, half - 1, -1):
            if total >> bit & 1:
                total ^= polynomial << (bit - half)
        return total

    rows, missing = np.zeros(q * q, dtype=bool), np.zeros(q * q)
    for c, x in itertools.product(range(lines), range(1, q)):
        rows[x * q + product(x, c)] = True
    missing[:q] = 1  # {(0, x)}
    return rows, missing


@pytest.mark.parametrize(("half", "lines"), [(2, 2), (2, 4), (3, 4), (3, 6), (3, 8), (4, 8), (4, 16), (3, 2), (4, 3)])
def test_spreads_are_sharp(half, lines):
    """Theorem 6: with q/2 lines or more everything below q/2 is certified, and q/2 is refuted."""
    q = 1 << half
    rows, missing = spread(half, lines)
    subbands = Subbands(dimension=2, bits=half + 1)
    mask = np.ones(subbands.shape, dtype=bool)
    subbands.put(rows, mask, subbands.count - 1)
    weights = [*[None] * (subbands.count - 1), np.ones(int(rows.sum()), dtype=np.int64)]
    bounds = walsh_inverse(subbands, mask, weights).bounds[-1]
    limit = subband_limit(rows, missing)
    assert (limit.length, limit.refuted) == (q, q // 2)
    if lines >= q // 2:
        assert 1 / bounds.mu == q
        assert limit.sparsity == q // 2 - 1
    else:
        assert 1 / bounds.mu == fmpq(q + q * lines - 2 * lines, q - lines)
    *_, best = optimise(rows, steps=300)
    assert to_float(1 / bounds.mu) == pytest.approx(1 + 1 / uniform(rows).peak)
    assert 1 + 1 / best.peak <= q + 1e-6


def test_the_largest_sparsities_are_the_largest():
    """One more entry in any sparse level, with the paper's weights, is more than the target."""
    subbands = Subbands(dimension=2, bits=5)
    mask = drawn(subbands, 0.75, 1, full=10)
    inverse = certify_mask(subbands, mask).found.inverse
    for rho, gamma2 in ((fmpq(1, 2), 2), (fmpq(9, 10), fmpq(3, 2)), (fmpq(99, 100), 100)):
        proved = largest_property(inverse, rho=rho, gamma2=gamma2)
        assert proved.rho <= rho and proved.gamma**2 <= gamma2
        aim = Aim.of(subbands.bits, rho=rho, gamma2=gamma2)
        for level, s, plain in zip(proved.bounds, proved.levels.sparsities, proved.dense, strict=True):
            assert plain == level.full
            assert plain or not aim.holds(level, s + 1)


def test_theta_below_one_half_is_decided_exactly():
    subbands = Subbands(dimension=1, bits=3)
    mask = np.array([True, True, True, True, True, False, True, True])
    inverse = walsh_inverse(subbands, mask, [None, None, None, np.array([1, 1, 1])])
    (level,) = inverse.levels([3, 4])[1:]
    assert level.mu == fmpq(1, 4)
    assert recoverable(level) == 1  # 2/4 is not less than 1/2


@pytest.mark.parametrize(("dimension", "bits"), [(1, 5), (2, 4), (3, 3)])
def test_a_certificate_is_read_back_and_checked(dimension, bits):
    subbands = Subbands(dimension=dimension, bits=bits)
    mask = drawn(subbands, 0.8, 2, full=subbands.count - (2**dimension - 1))
    proved = certify_mask(subbands, mask, rho=fmpq(99, 100), gamma2=100, seconds=0.1).proved
    data = walsh_certificate(proved)
    assert verify_bytes(data).verdict == "valid"
    found = read_null_space_walsh(data)
    assert (found.rho, found.gamma, found.levels, found.subband_ends) == (
        proved.rho,
        proved.gamma,
        proved.levels,
        proved.subband_ends,
    )
    assert (found.mask == proved.mask).all()


def test_a_search_gives_uniform_weights_at_once_and_never_gets_worse():
    subbands = Subbands(dimension=2, bits=5)
    mask = drawn(subbands, 0.7, 5, full=13)
    found = [event for event in search_mask(subbands, mask) if isinstance(event, Found)]
    assert len(found) == 4
    mus = [[bounds.mu for bounds in event.inverse.bounds] for event in found]
    assert all(b <= a for before, after in itertools.pairwise(mus) for a, b in zip(before, after, strict=True))
    assert mus[-1][-1] < mus[0][-1]
    assert set(found[-1].limits) == {13, 14, 15}


def test_no_time_is_enough_for_uniform_weights():
    subbands = Subbands(dimension=2, bits=5)
    verdict = certify_mask(subbands, drawn(subbands, 0.9, 5, full=13), seconds=0, rho=fmpq(9, 10), gamma2=9)
    assert verdict.word == "certified"


def test_what_cannot_be_certified_is_undecided():
    subbands = Subbands(dimension=2, bits=3)
    verdict = certify_mask(subbands, drawn(subbands, 0.3, 1))
    assert verdict.word == "undecided"
    assert "draw more of its samples" in verdict.reason


ONE = Subbands(dimension=1, bits=3)
MASK = np.array([True, True, True, True, True, False, True, True])
WEIGHTS = [None, None, None, np.array([1, 1, 1])]


@pytest.mark.parametrize(
    ("mask", "weights", "scales", "error", "words"),
    [
        (1 + MASK, WEIGHTS, None, DataError, "zeros and ones"),
        (MASK[:4], WEIGHTS, None, DataError, "shape"),
        (np.zeros(8), WEIGHTS, None, DataError, "no sample"),
        (MASK, WEIGHTS[:3], None, UsageError, "4 subbands"),
        (MASK, [None] * 4, None, UsageError, "not fully sampled"),
        (MASK, [*[None] * 3, np.array([1, 1])], None, UsageError, "needs 3 weights"),
        (MASK, [*[None] * 3, np.array([1.0, 1, 1])], None, UsageError, "int64"),
        (MASK, WEIGHTS, [1, 1, 1, 0], UsageError, "positive"),
        (MASK, WEIGHTS, [1, 1, 1, float("nan")], DataError, "nan"),
        (MASK, [*[None] * 3, np.array([2**31, 1, 1])], None, DataError, "31 bits"),
        (MASK, [*[None] * 3, np.array([-(2**63), 1, 1])], None, DataError, "31 bits"),
        (MASK, [*[None] * 3, np.array([2**31 - 1, 2**31 - 1, 1])], None, DataError, "2\\^62"),
        (MASK, [*[None] * 3, np.array([1, -1, 0])], None, NotCertifiedError, "positive"),
        (np.r_[MASK[:4], [False] * 4], WEIGHTS, None, NotCertifiedError, "no sample"),
    ],
)
def test_what_weights_are_refused(mask, weights, scales, error, words):
    with pytest.raises(error, match=words):
        walsh_inverse(ONE, mask, weights, scales=scales)


@pytest.mark.parametrize(
    ("ends", "sparsities", "error", "words"),
    [
        ([3], [4], UsageError, "up to 4"),
        ([3, 3, 4], [4, 1, 1], UsageError, "increase"),
        ([3, 4], [4, 5], UsageError, "sparsity"),
        ([3, 4], [4, 4], NotCertifiedError, "not fully sampled"),
        ([3, 4], [4, 3], NotCertifiedError, "ρ, which is at least"),
    ],
)
def test_what_levels_are_refused(ends, sparsities, error, words):
    inverse = walsh_inverse(ONE, MASK, WEIGHTS)
    with pytest.raises(error, match=words):
        walsh_property(inverse, ends, sparsities, weights=[1] * len(ends))


def test_theta_must_be_less_than_one():
    mask = np.array([True, True, True, True, True, True, False, False])
    inverse = walsh_inverse(ONE, mask, [*[None] * 3, np.array([1, 1])])
    with pytest.raises(NotCertifiedError, match="must be less than 1"):
        walsh_property(inverse, [3, 4], [4, 2], weights=[1, 1])


@pytest.mark.parametrize("rho", [0, 1, -1, 2])
def test_what_targets_are_refused(rho):
    with pytest.raises(UsageError, match="0 < ρ < 1"):
        Aim.of(3, rho=rho)


def test_the_best_weights_are_better_and_their_rho_is_that_of_the_formula():
    subbands = Subbands(dimension=2, bits=5)
    inverse = certify_mask(subbands, drawn(subbands, 0.75, 1, full=10), seconds=1).found.inverse
    paper = largest_property(inverse, rho=fmpq(99, 100), gamma2=100)
    sparsities = paper.levels.sparsities
    ends = subbands.paper_ends
    best = walsh_property(inverse, ends, sparsities, weights=best_weights(inverse, ends, sparsities))
    assert best.gamma == paper.gamma and best.rho < paper.rho
    thetas = [to_float(s * b.mu) for s, b, plain in zip(sparsities, best.bounds, best.dense, strict=True) if not plain]
    assert to_float(best.rho) == pytest.approx(np.sqrt(sum((t / (1 - t)) ** 2 for t in thetas)), rel=1e-4)
    assert best.zeta < best.levels.xi and best.zeta > best.levels.zeta
    assert best.constants.c2 < paper.constants.c2
    assert best.best.pair[1] <= best.constants.c2


def test_the_bounds_of_the_best_weights_hold_for_random_pairs():
    """‖z-x‖ <= (C1/r)(2σ(x) + ‖z‖_w - ‖x‖_w) + C2‖A(z-x)‖, with ζ_0 without the dense levels."""
    subbands = Subbands(dimension=1, bits=6)
    inverse = certify_mask(subbands, drawn(subbands, 0.85, 4, full=6), seconds=1).found.inverse
    ends = subbands.paper_ends
    sparsities = [level.size if level.full else 2 for level in inverse.levels(ends)]
    proved = walsh_property(inverse, ends, sparsities, weights=best_weights(inverse, ends, sparsities))
    matrix, _ = dense(inverse)
    weights = np.array([to_float(w) for w in proved.levels.column_weights])
    c1, c2 = map(to_float, proved.best.pair)
    r, rng = to_float(proved.best.r), np.random.default_rng(0)
    nothing = kernel(matrix)
    for _ in range(300):
        x = rng.normal(size=subbands.columns) ** 3
        z = x + rng.normal(size=len(nothing)) @ nothing + rng.normal(size=x.size) * 10.0 ** rng.integers(-6, 1)
        sigma = to_float(proved.levels.sigma(x.tolist()))
        excess = 2 * sigma + (weights * np.abs(z)).sum() - (weights * np.abs(x)).sum()
        assert np.linalg.norm(z - x) <= (c1 / r * excess + c2 * np.linalg.norm(matrix @ (z - x))) * (1 + 1e-12)


def test_the_target_recovery_gives_weights_with_less_mu():
    subbands = Subbands(dimension=2, bits=5)
    mask = drawn(subbands, 0.7, 5, full=13)
    short, most = (certify_mask(subbands, mask, target=target) for target in ("theorem4", "recovery"))
    assert most.word == "certified"
    assert most.recoverable[-1] >= short.recoverable[-1]
    assert most.recoverable[-1] <= most.limits[-1]
    with pytest.raises(UsageError, match="theorem4 or recovery"):
        certify_mask(subbands, mask, target="everything")


@pytest.mark.parametrize("sparsity", [None, 1])
def test_the_last_weights_for_a_target_are_the_best_of_them(sparsity):
    rows = np.random.default_rng(3).random(256) < 0.75
    aim = Aim.of(4)
    scale = fmpq(256, int(rows.sum()))
    found = list(weights_for(rows, aim, sparsity=sparsity))
    worth = [aim.worth(subband_bounds(rows, rounded_weights(w.values), scale, "")) for w in found]
    if sparsity is None:
        assert worth[-1] == max(worth) > worth[0]
    else:
        assert worth[-1][0] >= sparsity and all(w[0] < sparsity for w in worth[:-1])
