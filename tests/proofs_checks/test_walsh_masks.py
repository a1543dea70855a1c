"""Masks of Walsh samples: the transform, the blocks, the certificates, and attacks on what they say."""

import hashlib
import io
import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.parts import walsh_blocks
from proofs_checks.checker.parts.subbands import Mask
from proofs_checks.checker.parts.walsh import peaks, transform
from tests.proofs_checks.builders import F, changed, rat
from tests.proofs_checks.cases import null_space_walsh, recovery_walsh
from tests.proofs_checks.walsh_builders import chosen, everything, rows, subbands, tight
from tests.proofs_checks.walsh_builders import null_space_walsh as certificate
from tests.proofs_checks.walsh_reference import Walsh, atoms, decoded, levels_of, sign, upper

# --- the transform ------------------------------------------------------------------------------------------------


def by_definition(values):
    return [sum(v * (-1) ** (a & t).bit_count() for a, v in enumerate(values)) for t in range(len(values))]


def by_lists(values):
    values, half = list(values), 1
    while half < len(values):
        for i in range(0, len(values), 2 * half):
            for j in range(i, i + half):
                values[j], values[j + half] = values[j] + values[j + half], values[j] - values[j + half]
        half *= 2
    return values


def vectors(most):
    size = st.integers(0, 6)
    return size.flatmap(lambda k: st.lists(st.integers(-most, most), min_size=2**k, max_size=2**k))


@given(vectors(2**200) | vectors(2**56) | vectors(3))
def test_the_transform_is_the_definition(values):
    assert transform(values) == by_definition(values)


@given(vectors(2**56) | vectors(3))
def test_peaks_are_those_of_the_definition(values):
    found = by_definition(values)
    assert peaks(values) == (found[0], max(map(abs, found[1:]), default=0))


@pytest.mark.parametrize("count", [11, 12, 13, 14])
@pytest.mark.parametrize("bits", [8, 45, 90])
def test_the_transform_over_several_chunks(count, bits):
    rng = random.Random(count)
    values = [rng.randint(-(2**bits), 2**bits) for _ in range(2**count)]
    found = by_lists(values)
    assert transform(values) == found
    if bits < 48:
        assert peaks(values) == (found[0], max(map(abs, found[1:])))


@pytest.mark.parametrize("values", [[2**62, -(2**62) + 1], [-(2**62), 2**62 - 1], [2**63 - 1, 0], [0, -(2**63) + 1]])
def test_lanes_at_their_limits(values):
    found = by_definition(values)
    assert peaks(values) == (found[0], abs(found[1])) and transform(values) == found


# --- masks --------------------------------------------------------------------------------------------------------

SMALL = [(1, 1), (1, 4), (2, 1), (2, 3), (3, 1), (3, 2)]


@pytest.mark.parametrize(("d", "r"), SMALL)
def test_each_sample_sees_one_subband_with_the_signs_of_its_number(d, r):
    """Lemma 1, with the signs, from functions on a grid; so far as no bits are looked at."""
    found = Walsh(d, r, everything(d, r))
    where = {atom: b for b, name in enumerate(found.names) for atom in (found.atoms[i] for i in found.columns[name])}
    assert list(found.names) == subbands(d, r)
    for b, name in enumerate(found.names):
        size = found.size(name)
        assert found.signs[name] == [[(-1) ** (a & p).bit_count() for p in range(size)] for a in range(size)]
        for a, k in enumerate(rows(d, r, b)):
            seen = {atom: sign(found.n, k, atom) for atom in atoms(d, r)}
            assert {where[atom] for atom, x in seen.items() if x} == {b}
            assert [x for x in seen.values() if x] == found.signs[name][a]


@pytest.mark.parametrize(("d", "r"), SMALL)
def test_rows_of_a_mask(d, r):
    rng = random.Random(d * r)
    taken = {k for k in everything(d, r) if rng.random() < 0.5}
    mask = Mask(d, r, bytes(k in taken for k in sorted(everything(d, r))))
    assert mask.count == len(subbands(d, r))
    assert [list(part) for part in mask.rows] == [[k in taken for k in rows(d, r, b)] for b in range(mask.count)]


@pytest.mark.parametrize(("d", "r"), [(1, 1), (1, 12), (2, 1), (2, 6), (3, 2), (3, 4)])
def test_the_digest_is_that_of_the_file_of_numpy(d, r):
    taken = np.random.default_rng(r).random((2**r,) * d) < 0.4
    file = io.BytesIO()
    np.save(file, taken)
    assert Mask(d, r, taken.astype(np.uint8).tobytes()).digest == hashlib.sha256(file.getvalue()).hexdigest()


# --- Theorem 6 ----------------------------------------------------------------------------------------------------


def spread(k):
    """A spread of Z_2^2k: 2^k + 1 subgroups with 2^k elements that meet in 0, by a field of 2^k elements."""
    q, modulus = 2**k, {2: 0b111, 3: 0b1011, 4: 0b10011}[k]

    def product(x, y):
        total = 0
        while y:
            total ^= x if y & 1 else 0
            x, y = x << 1, y >> 1
            x ^= modulus if x >= q else 0
        return total

    return [[x * q + product(c, x) for x in range(q)] for c in range(q)] + [list(range(q))]


@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_spread_is_certified_up_to_what_is_true(k):
    q = 2**k
    lines, size = spread(k), q * q
    used = lines[: q // 2]
    numbers = sorted(a for line in used for a in line if a)
    d, r, b = 1, 2 * k + 1, 2 * k + 1
    taken = chosen(d, r, {b: numbers})
    found = walsh_blocks._block(Mask(1, r, bytes((i,) in taken for i in range(2**r))), b, [1] * len(numbers))
    assert found.mu == Ratio(1, q)

    def recovery(s):
        data, point = [0] * (2**r - size + len(numbers)), [0] * 2**r
        options = {"sigma": [None, 1], "noise": [0, 0]}
        return recovery_walsh.recovery_walsh(
            d, r, taken, [(b, 2 ** (r - 1)), (b + 1, s)], data, point, 10**6, {b: [1] * len(numbers)}, **options
        )

    assert verify_bytes(recovery(q // 2 - 1)).verdict == "valid"
    assert verify_bytes(recovery(q // 2)).reason.startswith("theta")
    # the characters of a line that is left out sum to q on what is orthogonal to it, and to 0 elsewhere
    missing = lines[-1]
    kernel = [sum((-1) ** (a & p).bit_count() for a in missing) for p in range(size)]
    assert sorted(kernel) == [0] * (size - q) + [q] * q
    assert all(not by_lists(kernel)[a] for a in numbers)
    # so the null space property of the order q/2 is false: half of the entries are not less than the others
    assert sum(sorted(kernel)[-(q // 2) :]) >= sum(sorted(kernel)[: -(q // 2)])


# --- what a rule is for --------------------------------------------------------------------------------------------


def test_mu_without_the_entry_at_zero_would_be_noticed(monkeypatch):
    """|1 - K(0)| is as large as the others: with weights over k_0 alone the bound of H would be another one."""
    case = null_space_walsh.REJECT["mu-with-the-entry-at-zero"][1]
    monkeypatch.setattr(walsh_blocks.Block, "c", property(lambda block: block.total + 2 * block.peak))
    assert verify_bytes(case).verdict == "valid"


def test_the_scale_twice_would_be_noticed(monkeypatch):
    twice = walsh_blocks.Block.spectral2
    monkeypatch.setattr(walsh_blocks.Block, "spectral2", lambda block, s, scale: twice(block, s, scale * scale))
    assert verify_bytes(null_space_walsh.REJECT["scale-not-squared"][1]).verdict == "valid"
    assert verify_bytes(null_space_walsh.ACCEPT["other-scales"]).verdict == "invalid"


# --- attacks ------------------------------------------------------------------------------------------------------


def float_matrix(found):
    """A as floats, row by row, and the coefficients in the order of the file."""
    lines = []
    for name in found.names:
        scale = float(found.scales[name] / found.size(name)) ** 0.5
        for line in found.signs[name]:
            row = np.zeros(len(found.atoms))
            row[found.columns[name]] = [scale * float(x) for x in line]
            lines.append(row)
    return np.array(lines)


def largest(v, parts):
    """The support of the s_l largest entries in each level."""
    support = np.zeros(len(v), bool)
    for columns, s in parts:
        support[columns[np.argsort(-np.abs(v[columns]))[:s]]] = True
    return support


def attacked(data, seed, tries=12, steps=80):
    """The largest quotient of the two sides of the property that an ascent finds."""
    obj = json.loads(data)
    claim = obj["claim"]
    found = decoded(claim, obj["evidence"]["weights"], claim["scales"])
    A, rng = float_matrix(found), np.random.default_rng(seed)
    levels = levels_of(found, claim)
    parts = [(np.array([i for name in names for i in found.columns[name]]), s) for names, _, s in levels]
    w, xi = np.zeros(A.shape[1]), 0.0
    for (columns, s), level in zip(parts, claim["levels"], strict=True):
        weight = int(level["weight"][0], 16) / int(level["weight"][1], 16)
        w[columns], xi = weight, xi + s * weight**2
    rho, gamma = (int(claim[key][0], 16) / int(claim[key][1], 16) for key in ("rho", "gamma"))
    kernel = np.linalg.svd(A)[2][np.linalg.matrix_rank(A) :]
    best = 0.0
    for trial in range(tries):
        v = rng.normal(size=A.shape[1]) * (rng.random(A.shape[1]) < rng.choice([0.1, 0.5, 1]))
        v[rng.integers(len(v))] += 3
        if trial % 2 and len(kernel):
            v = rng.normal(size=len(kernel)) @ kernel + 1e-3 * (trial % 4) * v
        for _ in range(steps):
            D = largest(v, parts)
            image = A @ v
            left, length = np.linalg.norm(v[D]), np.linalg.norm(image)
            right = rho / xi**0.5 * np.abs(w * v)[~D].sum() + gamma * length
            best = max(best, left / right)
            up = np.where(D, v, 0) / left
            down = rho / xi**0.5 * np.where(D, 0, w * np.sign(v)) + gamma * (A.T @ image) / max(length, 1e-12)
            step = up - left / right * down
            v = v + 0.03 * np.linalg.norm(v) * step / max(np.linalg.norm(step), 1e-12)
    return best


ATTACKED = ["edge", "finer-levels", "one-dimension", "uneven-weights", "spread", "three-dimensions-five-of-eight"]


@pytest.mark.parametrize("case", ATTACKED)
def test_no_vector_breaks_the_property(case):
    assert attacked(null_space_walsh.ACCEPT[case], seed=3, tries=4) <= 1 + 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("case", ATTACKED)
def test_no_vector_breaks_the_property_after_a_long_search(case):
    assert attacked(null_space_walsh.ACCEPT[case], seed=5, tries=200, steps=300) <= 1 + 1e-9


def test_the_attack_finds_what_is_false():
    """With a third of rho and of gamma."""
    case = changed(null_space_walsh.EDGE, ["claim", "rho"], rat(F(5, 36)))
    assert verify_bytes(case).verdict == "invalid" and attacked(case, seed=3, tries=4) > 1
    case = changed(null_space_walsh.EDGE, ["claim", "gamma"], rat(F(1, 3)))
    assert verify_bytes(case).verdict == "invalid" and attacked(case, seed=3, tries=4) > 1


TAKEN, LEVELS, WEIGHTS = recovery_walsh.LINE, recovery_walsh.LINE_LEVELS, recovery_walsh.LINE_WEIGHTS
FOUND = Walsh(
    1, 5, TAKEN, WEIGHTS, [F(FOUND_SIZE, m) for FOUND_SIZE, m in ((1, 1), (1, 1), (2, 2), (4, 3), (8, 8), (16, 15))]
)
SPARSE = {2: (3, 1), 4: (5, 3)}  # level: its subband and sparsity


def rest(x, level):
    b, s = SPARSE[level]
    return sum(sorted((abs(x[i]) for i in FOUND.columns[FOUND.names[b]]), reverse=True)[s:])


def misfits(x, data):
    """The differences of the samples and the data, by subbands, and the squares of their norms by levels."""
    off, place = [], 0
    for name in FOUND.names:
        found = FOUND.samples(name, x)
        off.append([a - b for a, b in zip(found, data[place : place + len(found)], strict=True)])
        place += len(found)
    by_subband = [
        sum(v * v for v in part) * FOUND.scales[name] / FOUND.size(name)
        for name, part in zip(FOUND.names, off, strict=True)
    ]
    return off, [by_subband[0] + by_subband[1], *by_subband[2:]]


def drawn(rng, hard):
    """An x, data that it fits, and a point: near it, or hard by the kernel."""
    size = len(FOUND.atoms)
    x = [F(rng.randint(-40, 40), 16) for _ in range(size)]
    for b, s in SPARSE.values():
        columns = FOUND.columns[FOUND.names[b]]
        large = rng.sample(columns, s)
        for i in columns:
            x[i] = x[i] * rng.choice([1, 4]) if i in large else x[i] * rng.choice([0, F(1, 64)])
    data = [y + F(rng.randint(-2, 2), 32) for name in FOUND.names for y in FOUND.samples(name, x)]
    point = [v + F(rng.randint(-3, 3), rng.choice([4, 64])) for v in x]
    if hard:  # along the kernel: all equal in the last subband, whose row 0 is not taken
        t = F(rng.randint(1, 6), 4)
        point = [v + t * (i in FOUND.columns[FOUND.names[5]]) for i, v in enumerate(x)]
    return x, data, point


@pytest.mark.parametrize("seed", range(12))
def test_everything_that_is_admissible_is_within_the_bound(seed):
    """For all forms, with limits that x just meets."""
    rng = random.Random(seed)
    x, data, point = drawn(rng, hard=seed % 3 == 0)
    off, squares = misfits(x, data)
    distance2 = sum((a - b) ** 2 for a, b in zip(point, x, strict=True))
    norms = [upper(v) for v in squares]
    largest_q = [
        max(max(map(abs, FOUND.q(FOUND.names[b], off[b]))) for b in level) for level in ((0, 1), (2,), (3,), (4,), (5,))
    ]
    sigma = [rest(x, level) if level in SPARSE else None for level in range(5)]
    w = [F(rng.randint(1, 8), 4) if level in SPARSE else None for level in range(5)]
    total = sum(a * b for a, b in zip(w, sigma, strict=True) if a is not None)
    splits = [F(rng.randint(1, 8), 4) if level in SPARSE else None for level in range(5)]
    cut = [F(-int(-v * 2**24 // 1), 2**24) for v in norms]
    chosen = [
        ["correlation" if level in SPARSE else "norm" for level in range(5)],
        rng.choices(["norm", "correlation"], k=5),
    ]

    def mixed(forms):
        return [e if form == "norm" else q for form, e, q in zip(forms, cut, largest_q, strict=True)]

    for options in (
        {"sigma": sigma, "noise": cut},
        {"sigma": (total, w), "noise": cut, "splits": splits},
        {"sigma": sigma, "noise": F(-int(-upper(sum(squares)) * 2**24 // 1), 2**24), "splits": splits},
        {"sigma": (total, w), "noise": F(-int(-upper(sum(squares)) * 2**24 // 1), 2**24), "splits": splits},
        {"sigma": sigma, "noise": largest_q, "form": "correlation"},
        {"sigma": (total, w), "noise": largest_q, "form": "correlation", "splits": splits},
        *({"sigma": sigma, "noise": mixed(forms), "form": forms} for forms in chosen),
        {"sigma": (total, w), "noise": mixed(chosen[1]), "form": chosen[1], "splits": splits},
    ):
        made = tight(1, 5, TAKEN, LEVELS, data, point, WEIGHTS, **options)
        assert verify_bytes(made).verdict == "valid"
        bound = F(*(int(n, 16) for n in json.loads(made)["claim"]["bound"]))
        assert distance2 <= bound**2


def test_a_better_bound_than_the_theorem_would_be_noticed():
    """x = 0 and a point along the kernel: the bound is within twice the distance."""
    columns = FOUND.columns[FOUND.names[5]]
    point = [F(int(i in columns)) for i in range(len(FOUND.atoms))]
    data = [F(0)] * 30
    made = tight(1, 5, TAKEN, LEVELS, data, point, WEIGHTS, sigma=[None, None, 0, None, 0], noise=[0] * 5)
    bound = F(*(int(n, 16) for n in json.loads(made)["claim"]["bound"]))
    assert 16 <= bound**2 <= 4 * 16 * 16


# --- random certificates ---------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_is_certified_is_what_the_definitions_give(data):
    """At the least rho and gamma that dense matrices give the certificate is valid; below them it is not."""
    d, r = data.draw(st.sampled_from([(1, 3), (2, 2), (1, 4)]))
    b = len(subbands(d, r)) - 1
    size = 2 ** (d * (r - 1))
    numbers = data.draw(st.lists(st.integers(0, size - 1), min_size=size // 2, max_size=size, unique=True))
    weights = data.draw(st.lists(st.integers(0, 9), min_size=len(numbers), max_size=len(numbers)))
    taken = chosen(d, r, {b: sorted(numbers)})
    found = Walsh(d, r, taken, {b: weights})
    name = found.names[b]
    if found.block(name) is None:
        return
    mu, _, spectral = found.constants([name], 1)
    if mu * 2 >= 1:
        return
    whole = 2 ** (d * r) - size
    levels = [(b, whole, F(1, 2**20)), (b + 1, 1, 1)]
    xi = 1 + whole * F(1, 4**20)
    rho, gamma = upper(xi) * mu / (1 - mu) + F(1, 2**30), max(F(1), upper(spectral) / (1 - mu)) + F(1, 2**30)

    def verdict(rho, gamma):
        scales = [F(1)] * (b + 1)
        rho, gamma = (F(int(x * 2**40), 2**40) for x in (rho, gamma))
        return verify_bytes(certificate(d, r, taken, levels, rho, gamma, {b: weights}, scales=scales)).verdict

    if rho < 1:
        assert verdict(rho, gamma) == "valid"
        assert verdict(rho, gamma - F(1, 2**20)) == "invalid"
        if mu:
            assert verdict(rho - F(1, 2**20), gamma) == "invalid"


def said(**options):
    made = tight(1, 5, TAKEN, LEVELS, [F(0)] * 30, [F(0)] * 32, WEIGHTS, **options)
    return "\n".join(verify_bytes(made).statement.lines)


LONG = F(2, 3) + F(1, 2**80)


def test_limits_are_rounded_so_that_no_more_is_said():
    """Which x are admissible is said with limits rounded down, and weights rounded up: fewer than are."""
    sigma = [LONG if level in SPARSE else None for level in range(5)]
    forms = ["norm", "correlation", "norm", "norm", "correlation"]
    text = said(sigma=sigma, noise=[LONG] * 5, form=forms)
    assert text.count("noise 0.666666 (norm)") == 3 and text.count("noise 0.666666 (correlation)") == 2
    assert text.count("sigma 0.666666") == len(SPARSE) and "0.666667" not in text
    assert "in each level with `norm` the norm of Ax - y is at most the noise, in each with `correlation` no" in text
    weights = [LONG if level in SPARSE else None for level in range(5)]
    splits = [1 if level in SPARSE else None for level in range(5)]
    text = said(sigma=(LONG, weights), noise=LONG, splits=splits)
    assert "sigma = 0.666666;" in text and "at most 0.666666. " in text
    assert text.count("weight 0.666667") == len(SPARSE) and "norm" not in text.replace("orthonormal", "")
