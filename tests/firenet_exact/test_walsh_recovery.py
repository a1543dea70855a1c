"""Bounds of points from Walsh samples, against true vectors, worst vectors of the kernel, and the checker."""

from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError, NotCertifiedError, UsageError
from exact_base.rationals import float_exactly, power_of_two, to_float
from firenet_exact import Compressibility, Noise, certify_image, certify_mask, image_certificate
from firenet_exact.certificates.recovery_walsh import read_recovery_walsh
from firenet_exact.imaging.choose import recoverable
from firenet_exact.imaging.dyadic import sampled
from firenet_exact.imaging.given import gaussian_noise, gaussian_total
from firenet_exact.imaging.operators import ImageOperator
from firenet_exact.imaging.property import walsh_inverse
from firenet_exact.imaging.recovery import bounded
from firenet_exact.imaging.residual import correlations_above
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.transforms.walsh import hadamard
from proofs_checks import verify_bytes
from tests.firenet_exact.test_walsh_property import dense, drawn

FORMS = [("norm", noise, sigma) for noise in ("each", "total") for sigma in "et"]
FORMS += [(form, "each", sigma) for form in ("correlation", "dense", "odd") for sigma in "et"]


def setting(dimension, bits, seed, rate=0.8):
    """Left inverses of a mask whose coarse levels are full, and the largest sparsities with θ < 1/2."""
    subbands = Subbands(dimension=dimension, bits=bits)
    mask = drawn(subbands, rate, seed, full=subbands.count - (2**dimension - 1))
    inverse = certify_mask(subbands, mask, seconds=0.05).found.inverse
    scales = [fmpq(3, 2 + b % 3) for b in range(subbands.count)]
    inverse = walsh_inverse(subbands, mask, inverse.weights, scales=scales)
    levels = inverse.levels(subbands.paper_ends)
    return inverse, [level.size if level.full else max(recoverable(level), 1) for level in levels]


def parts(inverse, vector):
    return np.split(vector, np.cumsum([level.size for level in inverse.levels(inverse.subbands.paper_ends)])[:-1])


def sigmas(inverse, counts, x):
    """σ_l(x), exactly but for the rounding of float64 sums, and a little above."""
    found = [np.sort(np.abs(part))[::-1][s:].sum() for part, s in zip(parts(inverse, x), counts, strict=True)]
    return [float(value) * (1 + 1e-12) for value in found]


def limits(inverse, misfit, form, noise, left=None):
    """Bounds of the noise that are attained; `misfit` has the factors of the rows in it, in the order of the mask."""
    left = dense(inverse)[1] if left is None else left
    sizes = [level.size for level in inverse.levels(inverse.subbands.paper_ends)]
    seen = np.split(np.abs(left.T @ misfit), np.cumsum(sizes)[:-1])
    correlations = [float(part.max()) * (1 + 1e-9) + 1e-300 for part in seen]
    if noise == "total":
        return Noise.norm(total=float(np.linalg.norm(misfit)) * (1 + 1e-9))
    each = np.zeros(inverse.mask.shape)
    each[inverse.mask] = misfit
    squares = [float((inverse.subbands.rows(each, b) ** 2).sum()) for b in range(inverse.subbands.count)]
    ends = inverse.subbands.paper_ends
    norms = [np.sqrt(sum(squares[a:b])) * (1 + 1e-9) for a, b in zip((0, *ends[:-1]), ends, strict=True)]
    pairs = zip(forms_of(inverse, form), norms, correlations, strict=True)
    return Noise.of([(own, norm if own == "norm" else correlation) for own, norm, correlation in pairs])


def forms_of(inverse, form):
    """`dense`: the norm in full levels, correlations in the others; `odd`: in turn."""
    levels = inverse.levels(inverse.subbands.paper_ends)
    plain = {
        "dense": [level.full for level in levels],
        "odd": [number % 2 == 0 for number in range(len(levels))],
    }.get(form, [form == "norm"] * len(levels))
    return ["norm" if norm else "correlation" for norm in plain]


def compressible(inverse, counts, x, sigma):
    listed = sigmas(inverse, counts, x)
    if sigma == "e":
        return Compressibility.of(listed)
    plain = [level.full for level in inverse.levels(inverse.subbands.paper_ends)]
    weights = [1 + i / 2 for i in range(len(listed))]
    total = sum(w * v for w, v, full in zip(weights, listed, plain, strict=True) if not full)
    return Compressibility.of(total=float(total) * (1 + 1e-12), weights=weights)


def unscaled(inverse, samples):
    """Samples without the factors of the rows, in the order of the mask."""
    factors = np.zeros(inverse.mask.shape)
    for band, scale in enumerate(inverse.scales):
        inverse.subbands.put(np.full(inverse.subbands.sizes[band], np.sqrt(to_float(scale))), factors, band)
    return samples / factors[inverse.mask]


def check(inverse, counts, x, misfit, point, form, noise, sigma):
    """Bound a point and compare with the truth; return what was found."""
    matrix, _ = dense(inverse)
    samples = unscaled(inverse, matrix @ x - misfit)
    found = certify_image(
        inverse,
        samples,
        point,
        sparsities=counts,
        noise=limits(inverse, misfit, form, noise),
        compressibility=compressible(inverse, counts, x, sigma),
        bits=30,
    )
    error = parts(inverse, found.point / 2.0**found.bits - x)
    assert np.linalg.norm(np.concatenate(error)) <= to_float(found.bound) * (1 + 1e-9)
    if noise == "each" and sigma == "e":
        for part, level in zip(error, found.levels, strict=True):
            assert np.linalg.norm(part) <= to_float(level.bound) * (1 + 1e-9)
            assert level.beta is None or np.abs(part).max() <= to_float(level.beta) * (1 + 1e-9)
    return found


@pytest.mark.parametrize(("form", "noise", "sigma"), FORMS)
@pytest.mark.parametrize(("dimension", "bits"), [(1, 6), (2, 4), (3, 2)])
def test_the_truth_is_within_the_bound(dimension, bits, form, noise, sigma):
    inverse, counts = setting(dimension, bits, 1)
    rng = np.random.default_rng(bits)
    m = int(inverse.mask.sum())
    for size in (0.0, 0.01):
        for _ in range(5):
            x = rng.normal(size=inverse.subbands.columns) ** 3 * (rng.random(inverse.subbands.columns) < 0.2)
            misfit, off = rng.normal(size=m) * size, rng.normal(size=x.size) * size * 3
            found = check(inverse, counts, x, misfit, x + off, form, noise, sigma)
            assert found.bound > 0 or size == 0


@pytest.mark.parametrize("s", [1, 2, 3])
def test_vectors_of_the_kernel_come_near_to_the_bound(s):
    """Without noise: the shortest vector of the kernel, cut into two vectors that no data tell apart."""
    subbands = Subbands(dimension=1, bits=7)
    mask = drawn(subbands, 0.7, 2, full=subbands.count - 1)
    found = certify_mask(subbands, mask).found
    counts = [level.size for level in found.inverse.levels(subbands.paper_ends)]
    assert recoverable(found.inverse.levels(subbands.paper_ends)[-1]) == 5
    counts[-1] = s
    vector = np.zeros(subbands.columns)
    vector[-64:] = found.limits[subbands.count - 1].vector / 2.0**26
    largest = np.argsort(-np.abs(vector))[:s]
    x, point = -vector, np.zeros_like(vector)
    point[largest], x[largest] = vector[largest], 0
    bound = to_float(check(found.inverse, counts, x, np.zeros(int(mask.sum())), point, "norm", "each", "e").bound)
    assert bound <= 3 * np.linalg.norm(vector)


@given(st.integers(0, 10**6), st.sampled_from(FORMS), st.integers(-3, 3))
@settings(max_examples=15, deadline=None)
def test_the_checker_finds_the_same_number(seed, case, size):
    """The least bound is accepted, and less by a unit in the last place of its square is not."""
    form, noise, sigma = case
    inverse, counts = setting(1, 5, seed % 7)
    rng = np.random.default_rng(seed)
    x = rng.normal(size=inverse.subbands.columns) * 10.0**size
    misfit = rng.normal(size=int(inverse.mask.sum())) * 10.0 ** (size - 3)
    found = check(inverse, counts, x, misfit, x + rng.normal(size=x.size) * 10.0 ** (size - 2), form, noise, sigma)
    assert verify_bytes(image_certificate(found)).verdict == "valid"
    for factor, verdict in ((1 + power_of_two(-1000), "valid"), (1 - power_of_two(-1000), "invalid")):
        # a rational whose square is next to the least one: a step of Newton's method doubles its digits
        root, wanted = found.bound, found.square * factor
        for _ in range(8):
            root = (root + wanted / root) / 2
        near = fmpq((root * power_of_two(1600)).p // (root * power_of_two(1600)).q) * power_of_two(-1600)
        other = replace(found)
        object.__setattr__(other, "bound", near)
        assert verify_bytes(image_certificate(other)).verdict == verdict


@pytest.mark.parametrize(("form", "noise", "sigma"), FORMS)
def test_a_certificate_is_read_back(form, noise, sigma):
    inverse, counts = setting(2, 3, 4)
    rng = np.random.default_rng(1)
    x = rng.normal(size=inverse.subbands.columns)
    found = check(inverse, counts, x, rng.normal(size=int(inverse.mask.sum())) / 100, x, form, noise, sigma)
    data = image_certificate(found)
    assert verify_bytes(data).verdict == "valid"
    again = read_recovery_walsh(data)
    assert (again.square, again.sparsities, again.subband_ends) == (found.square, counts_of(found), found.subband_ends)


def counts_of(found):
    return tuple(found.sparsities)


def test_numbers_beyond_64_bits_are_exact_too():
    """The same at 2^30 and at 2^0: what is computed with Python integers is what int64 numbers give."""
    inverse, counts = setting(1, 5, 3)
    rng = np.random.default_rng(2)
    point, data = rng.integers(-9, 9, size=inverse.subbands.columns), rng.integers(-9, 9, size=int(inverse.mask.sum()))
    known = {"noise": Noise.norm([0] * 5), "compressibility": Compressibility.of([0] * 5)}
    ends = inverse.subbands.paper_ends
    small = bounded(inverse, ends, counts, data=data, point=point, bits=0, **known)
    large = bounded(inverse, ends, counts, data=data << 58, point=point << 58, bits=58, **known)
    assert small.square == large.square
    assert image_certificate(small) == image_certificate(large)


def test_samples_are_scaled_and_rounded_with_a_bound():
    """√N_b times a sample, also where that is no power of two, and by how much the integers are off."""
    for bits in (4, 5):
        inverse, _ = setting(1, bits, 1)
        samples = np.random.default_rng(bits).normal(size=inverse.mask.shape)
        found, errors = sampled(inverse, samples, bits=20)
        place = 0
        for band, error in enumerate(errors):
            rows = inverse.subbands.rows(inverse.mask, band)
            for value in inverse.subbands.rows(samples, band)[rows]:
                exact2 = float_exactly(float(value)) ** 2 * inverse.subbands.sizes[band]
                low, high = (abs(int(found[place])) * power_of_two(-20) + d * error for d in (-1, 1))
                assert max(low, 0) ** 2 <= exact2 <= high**2
                assert np.sign(found[place]) in (0, np.sign(value))
                place += 1
        assert place == len(found)
        again, _ = sampled(inverse, samples[inverse.mask], bits=20)
        assert (again == found).all()


def test_dyadic_samples_are_exact():
    inverse, _ = setting(2, 3, 1)
    _, errors = sampled(inverse, np.full(inverse.mask.shape, 0.375), bits=8)
    assert not any(errors)


def test_rounding_of_samples_is_paid_for():
    """With fewer bits the bounds of the noise, and with them the bound, are larger."""
    inverse, counts = setting(1, 5, 3)
    samples, point = np.full(inverse.mask.shape, 0.1), np.zeros(inverse.subbands.columns)
    mixed = Noise.of([("norm", 1)] * 4 + [("correlation", 1)])
    for noise in (Noise.norm([1] * 5), Noise.norm(total=1), Noise.correlation([1] * 5), mixed):
        known = {"sparsities": counts, "noise": noise, "compressibility": Compressibility.of([0] * 5)}
        fine, coarse = (certify_image(inverse, samples, point, bits=bits, **known) for bits in (40, 4))
        assert coarse.bound > fine.bound
        for a, b, c in zip(fine.noise.levels or [], coarse.noise.levels or [], noise.levels or [], strict=True):
            assert c <= a <= b
        if noise.total is not None:
            assert noise.total < fine.noise.total < coarse.noise.total


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=20, deadline=None)
def test_correlations_are_bounded_tightly(seed, fits):
    """Against sums of integers, for any point and for one that fits, where all is rounding."""
    inverse, _ = setting(2, 3, seed % 3)
    bands, rng = inverse.subbands, np.random.default_rng(seed)
    operator = ImageOperator(transform="walsh", dimension=2, bits=3, mask=inverse.mask, scales=inverse.scales)
    point = rng.integers(-(2**40), 2**40, size=bands.columns)
    samples, exact = np.zeros(bands.shape), []
    for band, part in enumerate(bands.split(point)):
        rows, scale = bands.rows(inverse.mask, band), bands.scale(band)
        moved = np.zeros(bands.sizes[band], dtype=np.int64) if fits else rng.integers(-(2**40), 2**40, size=part.size)
        bands.put((hadamard(part) - moved) / 2.0**scale, samples, band)  # a division that is exact
        weights = np.zeros(part.size, dtype=object)
        weights[rows] = 1 if inverse.weights[band] is None else inverse.weights[band].astype(object)
        found, bounds = hadamard(weights * moved.astype(object)), inverse.bounds[band]
        exact.append(fmpq(int(max(np.abs(found))), bounds.sum + bounds.peak))
    samples = np.where(inverse.mask, samples, 0)
    above = correlations_above(operator, inverse, point.astype(float), samples)
    for most, bound in zip(exact, above, strict=True):
        assert most <= bound <= most * (1 + fmpq(1, 2**30)) + 1


def changed(**more):
    inverse, counts = setting(1, 4, 1)
    given = {
        "samples": np.zeros(16),
        "point": np.zeros(16),
        "sparsities": counts,
        "noise": Noise.norm([0] * 4),
        "compressibility": Compressibility.of([0] * 4),
    }
    given |= more
    return lambda: certify_image(inverse, given.pop("samples"), given.pop("point"), **given)


@pytest.mark.parametrize(
    ("work", "error", "words"),
    [
        (changed(samples=np.zeros(3)), UsageError, "samples of shape"),
        (changed(samples=np.full(16, np.nan)), DataError, "finite"),
        (changed(samples=np.zeros(16, dtype=complex)), DataError, "real"),
        (changed(samples=np.full(16, 1e300)), DataError, "too large"),
        (changed(point=np.zeros(8)), UsageError, "16 coefficients"),
        (changed(point=np.full(16, np.inf)), DataError, "finite"),
        (changed(point=np.full(16, 2**60 + 1)), DataError, "float64"),
        (changed(sparsities=[2, 2, 4]), UsageError, "4 levels"),
        (changed(sparsities=[2, 2, 4, 0]), UsageError, "must be 1 to 8"),
        (changed(sparsities=[2, 2, 4, 8]), NotCertifiedError, "not fully sampled"),
        (changed(sparsities=[2, 2, 4, 7]), NotCertifiedError, "less than 1/2"),
        (changed(noise=Noise.norm([0] * 3)), UsageError, "4 levels"),
        (changed(compressibility=Compressibility.of([0] * 5)), UsageError, "4 levels"),
        (changed(bits=41), UsageError, "0 to 40 bits"),
        (changed(ends=[2, 2, 5]), UsageError, "increase"),
        (lambda: Noise.norm([-1]), UsageError, "at least 0"),
        (lambda: Noise.of([("box", 1)]), UsageError, "norm or correlation"),
        (lambda: Noise.of([("norm", -1)]), UsageError, "at least 0"),
        (lambda: Noise.norm([1], total=1), UsageError, "or one of all"),
        (lambda: Noise.norm(), UsageError, "or one of all"),
        (lambda: Noise.correlation([float("nan")]), DataError, "nan"),
        (lambda: Compressibility.of(total=1), UsageError, "weighted sum"),
        (lambda: Compressibility.of(total=1, weights=[0]), UsageError, "positive"),
    ],
)
def test_what_is_refused(work, error, words):
    with pytest.raises(error, match=words):
        work()


@pytest.mark.parametrize("form", ["norm", "correlation", None, "odd"])
def test_gaussian_noise_is_as_likely_within_its_bounds_as_is_said(form):
    """Of 300 draws few are outside, and the bounds are not twice what occurs."""
    inverse, _ = setting(2, 4, 3)
    asked = forms_of(inverse, form) if form == "odd" else form
    known = gaussian_noise(inverse, deviation="1/100", failure="1/10", form=asked)
    total = gaussian_total(inverse, deviation="1/100", failure="1/10")
    expected = forms_of(inverse, form or "dense")
    assert list(known.forms) == expected and (form is not None or set(expected) == {"norm", "correlation"})
    factors = 1 / unscaled(inverse, np.ones(int(inverse.mask.sum())))
    rng, outside, beyond, most, longest = np.random.default_rng(5), 0, 0, np.zeros(4), 0.0
    left = dense(inverse)[1]
    for _ in range(300):
        misfit = rng.normal(size=factors.size) / 100 * factors
        found = limits(inverse, misfit, form or "dense", "each", left)
        ratios = [to_float(a / b) for a, b in zip(found.levels, known.levels, strict=True)]
        outside, most = outside + (max(ratios) > 1), np.maximum(most, ratios)
        beyond += np.linalg.norm(misfit) > to_float(total)
        longest = max(longest, np.linalg.norm(misfit) / to_float(total))
    assert outside <= 45 and beyond <= 45 and longest > 0.5
    assert most.min() > 0.5


@pytest.mark.parametrize(("deviation", "failure"), [(-1, "1/2"), (1, 0), (1, 1), (1, 2)])
def test_what_is_no_probability_is_refused(deviation, failure):
    inverse, _ = setting(1, 3, 1)
    with pytest.raises(UsageError, match="between 0 and 1"):
        gaussian_noise(inverse, deviation=deviation, failure=failure)
    with pytest.raises(UsageError, match="between 0 and 1"):
        gaussian_total(inverse, deviation=deviation, failure=failure)


@pytest.mark.parametrize(("form", "words"), [("box", "norm or correlation"), (["norm"], "each of 3 levels, not 1")])
def test_what_is_no_form_is_refused(form, words):
    inverse, _ = setting(1, 3, 1)
    with pytest.raises(UsageError, match=words):
        gaussian_noise(inverse, deviation=1, failure="1/2", form=form)


def test_a_norm_in_dense_levels_gives_less_than_correlations():
    """One draw of noise, with bounds that both forms keep with the same probability."""
    inverse, counts = setting(2, 5, 3)
    counts[-1] = 1
    rng, x = np.random.default_rng(7), np.zeros(inverse.subbands.columns)
    samples = rng.normal(size=int(inverse.mask.sum())) / 100
    known = {"sparsities": counts, "compressibility": Compressibility.of([0] * len(counts))}
    found = [
        certify_image(
            inverse, samples, x, noise=gaussian_noise(inverse, deviation="1/100", failure="1/1000", form=f), **known
        )
        for f in (None, "correlation", "norm")
    ]
    assert found[0].bound < found[1].bound and found[0].bound < found[2].bound
