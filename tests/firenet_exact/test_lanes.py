import math

import numpy as np
import pytest
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from firenet_exact.transforms import fourier
from firenet_exact.transforms.lanes import enclosed_transform, twiddles


@pytest.fixture(autouse=True)
def precise():
    old, ctx.prec = ctx.prec, 300
    yield
    ctx.prec = old


def by_definition(re, im, dimension, side):
    """Balls that contain the transform."""
    places = list(np.ndindex(*(side,) * dimension))
    roots = [acb(fmpq(-2 * k, side)).exp_pi_i() for k in range(side)]
    values = [acb(a, b) for a, b in zip(re, im, strict=True)]

    def entry(k):
        powers = (sum(map(math.prod, zip(k, p, strict=True))) % side for p in places)
        return sum((roots[power] * x for power, x in zip(powers, values, strict=True)), acb(0))

    return [entry(k) for k in places]


def distance(found, exact):
    return sum((abs(acb(a, b) - y) ** 2 for a, b, y in zip(found.re, found.im, exact, strict=True)), arb(0)).sqrt()


SIZES = [(1, 1), (1, 4), (2, 1), (2, 2), (3, 1)]


@settings(max_examples=40)
@given(st.sampled_from(SIZES), st.data())
def test_the_error_is_at_most_the_bound(size, data):
    dimension, bits = size
    total = 1 << bits * dimension
    magnitude = data.draw(st.sampled_from([0, 1, 2**10, 2**60, 2**200]))
    re, im = (data.draw(st.lists(st.integers(-magnitude, magnitude), min_size=total, max_size=total)) for _ in "ab")
    precision = data.draw(st.sampled_from([2, 10, 50, 80]))
    found = enclosed_transform(re, im, dimension=dimension, bits=bits, precision=precision)
    exact = by_definition(re, im, dimension, 1 << bits)
    assert distance(found, exact) <= arb(found.error)


@pytest.mark.parametrize("precision", [2, 50])
@pytest.mark.parametrize("bits", range(1, 12))
def test_roots_of_unity_are_as_near_as_said(bits, precision):
    bound = arb(fmpq(7072, 10000)) / 2**precision
    for k, (c, s) in enumerate(twiddles(bits, precision)):
        assert abs(acb(fmpq(c, 2**precision), fmpq(s, 2**precision)) - acb(fmpq(2 * k, 1 << bits)).exp_pi_i()) <= bound
    assert twiddles(bits, precision)[0] == (1 << precision, 0)


@pytest.mark.parametrize(("dimension", "bits"), [(1, 8), (2, 4), (3, 2)])
def test_the_fast_transform_is_the_exact_one_up_to_rounding(dimension, bits):
    rng = np.random.default_rng(1)
    shape = (1 << bits,) * dimension
    re, im = rng.integers(-(2**51), 2**51, size=(2, *shape))
    found = enclosed_transform(re.reshape(-1).tolist(), im.reshape(-1).tolist(), dimension=dimension, bits=bits)
    scale = math.sqrt(re.size)
    exact = (np.array(found.re, dtype=float) + 1j * np.array(found.im, dtype=float)).reshape(shape) / scale
    fast = fourier.transform(re + 1j * im)
    size = np.linalg.norm(fast)
    assert np.linalg.norm(fast - exact) < 1e-14 * size
    assert found.error < fmpq(int(1e-13 * size * scale))
    assert np.allclose(fast, np.fft.fftn(re + 1j * im, norm="ortho"))
    assert np.allclose(fourier.inverse(fast), re + 1j * im)
    work = fourier.padded(shape)
    work[...] = re + 1j * im
    fourier.in_place(work)
    assert np.allclose(work, fast)
    fourier.in_place(work, inverted=True)
    assert np.allclose(work, re + 1j * im)


def test_the_largest_lanes_do_not_overflow():
    """All entries as large as can be with one sign: the sum at frequency 0 is the largest."""
    for magnitude in (2**31, 2**31 - 1, -(2**31)):
        found = enclosed_transform([magnitude] * 64, [magnitude] * 64, dimension=2, bits=3, precision=11)
        assert (found.re[0], found.im[0]) == (64 * magnitude, 64 * magnitude)
        assert found.re[1:] == found.im[1:] == [0] * 63


@pytest.mark.slow
def test_a_large_image():
    rng = np.random.default_rng(1)
    re, im = rng.integers(-(2**48), 2**48, size=(2, 256, 256))
    found = enclosed_transform(re.reshape(-1).tolist(), im.reshape(-1).tolist(), dimension=2, bits=8)
    fast = 256 * fourier.transform(re + 1j * im).reshape(-1)
    exact = np.array(found.re, dtype=float) + 1j * np.array(found.im, dtype=float)
    assert np.linalg.norm(fast - exact) < 1e-14 * np.linalg.norm(fast)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"bits": 0}, UsageError, "2 to 2048"),
        ({"bits": 12}, UsageError, "2 to 2048"),
        ({"dimension": 0}, UsageError, "at least 1 axis"),
        ({"dimension": 2}, UsageError, "4 real"),
        ({"im": [0]}, UsageError, "2 real"),
        ({"precision": 1}, UsageError, "precision"),
        ({"re": [0, 1.0]}, DataError, "integers"),
        ({"re": [0, True]}, DataError, "integers"),
    ],
)
def test_what_is_refused(changes, error, message):
    good = {"re": [0, 1], "im": [0, 0], "dimension": 1, "bits": 1}
    with pytest.raises(error, match=message):
        enclosed_transform(**good | changes)
