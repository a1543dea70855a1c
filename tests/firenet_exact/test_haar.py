import numpy as np
import pytest
import pywt
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError
from firenet_exact.transforms import haar
from tests.firenet_exact.haar_atoms import atoms

SIZES = [(1, 0), (1, 1), (1, 5), (2, 0), (2, 1), (2, 3), (3, 1), (3, 2)]


@pytest.mark.parametrize(("dimension", "bits"), SIZES)
def test_coefficients_are_inner_products_with_the_atoms(dimension, bits):
    patterns = [atom for *_, atom in atoms(dimension, bits)]
    rng = np.random.default_rng(bits)
    image = rng.integers(-9, 10, size=(1 << bits,) * dimension)
    sums = [int((atom * image).sum()) for atom in patterns]
    assert haar.analysis(image, scaled=False).tolist() == sums
    assert haar.analysis(image.astype(object) << 70, scaled=False).tolist() == [value << 70 for value in sums]
    expected = [value / np.sqrt(np.abs(atom).sum()) for value, atom in zip(sums, patterns, strict=True)]
    assert np.allclose(haar.analysis(image.astype(np.float64)), expected, atol=1e-12)
    assert np.allclose(haar.analysis(image * (1 - 2j)), np.multiply(expected, 1 - 2j), atol=1e-12)
    coefficients = rng.integers(-9, 10, size=len(patterns))
    total = sum(x * atom for x, atom in zip(coefficients, patterns, strict=True))
    assert (haar.synthesis(coefficients, dimension=dimension, scaled=False) == total).all()


@given(st.sampled_from(SIZES), st.integers(0, 2**31))
def test_without_factors_synthesis_is_the_adjoint_of_analysis(size, seed):
    dimension, bits = size
    rng = np.random.default_rng(seed)
    image = rng.integers(-(2**40), 2**40, size=(1 << bits,) * dimension).astype(object)
    coefficients = rng.integers(-(2**40), 2**40, size=image.size).astype(object)
    back = haar.synthesis(coefficients, dimension=dimension, scaled=False)
    assert (back * image).sum() == (haar.analysis(image, scaled=False) * coefficients).sum()


@pytest.mark.parametrize("slab", [1, 1 << 6, 1 << 16])
@pytest.mark.parametrize("size", SIZES)
def test_with_factors_they_are_inverse_whatever_the_slabs(monkeypatch, size, slab):
    monkeypatch.setattr(haar, "_SLAB", slab)
    dimension, bits = size
    image = np.random.default_rng(1).normal(size=(1 << bits,) * dimension)
    coefficients = haar.analysis(image)
    assert np.isclose(np.linalg.norm(coefficients), np.linalg.norm(image))
    assert np.allclose(haar.synthesis(coefficients, dimension=dimension), image)


@pytest.mark.parametrize(("dimension", "bits"), [(1, 6), (2, 5), (3, 3)])
def test_the_coefficients_are_those_of_pywavelets(dimension, bits):
    """Its orientations are named by a for the average and d for the details of each axis, in this order."""
    image = np.random.default_rng(2).normal(size=(1 << bits,) * dimension)
    theirs = pywt.wavedecn(image, "haar", mode="periodization", level=bits)
    parts = [theirs[0].reshape(-1)]
    for details in theirs[1:]:
        parts += [details[name].reshape(-1) for name in sorted(details)]
    assert np.allclose(haar.analysis(image), np.concatenate(parts))
    assert np.allclose(haar.synthesis(np.concatenate(parts), dimension=dimension), image)


def test_the_image_is_written_where_asked():
    out = np.zeros((4, 9))[:, :4]
    coefficients = np.arange(16.0)
    assert haar.synthesis(coefficients, dimension=2, out=out) is out
    assert (out == haar.synthesis(coefficients, dimension=2)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: haar.analysis(np.zeros((4, 8))), "same length"),
        (lambda: haar.analysis(np.zeros((3, 3))), "same length"),
        (lambda: haar.analysis(np.zeros((2, 2, 2, 2))), "1 to 3 axes"),
        (lambda: haar.analysis(np.zeros((2, 2), dtype=np.int64)), "int64"),
        (lambda: haar.analysis(np.zeros((2, 2), dtype=np.float32), scaled=False), "float32"),
        (lambda: haar.analysis(np.full((2, 2), 2**61), scaled=False), "add up"),
        (lambda: haar.synthesis(np.full(4, -(2**61)), dimension=2, scaled=False), "add up"),
        (lambda: haar.synthesis(np.zeros(8), dimension=2), "vector of length"),
        (lambda: haar.synthesis(np.zeros((2, 2)), dimension=2), "vector of length"),
        (lambda: haar.synthesis(np.zeros(16), dimension=4), "vector of length"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()


def test_the_largest_integers():
    assert haar.analysis(np.full((2, 2), 2**61 - 1), scaled=False).tolist() == [2**63 - 4, 0, 0, 0]
