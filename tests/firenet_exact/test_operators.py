import itertools
import math

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from firenet_exact.imaging.bands import Bands
from firenet_exact.imaging.operators import FloatOperator, ImageOperator, as_linear_operator
from firenet_exact.transforms import fourier, walsh
from tests.firenet_exact.haar_atoms import atoms, walsh_matrix, walsh_samples

SIZES = [(1, 1), (1, 4), (2, 1), (2, 3), (3, 1), (3, 2)]


def drawn_mask(shape, seed, rate=0.5):
    mask = np.random.default_rng(seed).random(shape) < rate
    mask[(0,) * len(shape)] = True
    return mask


def unitary_samples(image, transform):
    if transform == "walsh":
        return walsh_samples(image) / math.sqrt(image.size)
    n = image.shape[0]
    matrix = np.exp(-2j * np.pi * np.outer(np.arange(n), np.arange(n)) / n) / math.sqrt(n)
    for axis in range(image.ndim):
        image = np.moveaxis(np.tensordot(matrix, image, (1, axis)), 0, axis)
    return image


def dense(operator, transform):
    """D P V Ψ*, column by column, from the definitions of atoms and samples."""
    bands = operator.subbands
    columns = [
        unitary_samples(atom / np.sqrt(np.abs(atom).sum()), transform).reshape(-1)[operator.positions]
        for *_, atom in atoms(bands.dimension, bands.bits)
    ]
    roots = np.sqrt([float(int(s.p) / int(s.q)) for s in operator.scales])
    return np.repeat(roots, operator.counts)[:, None] * np.array(columns).T if transform == "walsh" else columns


def parts_of_rows(operator):
    """For each row its scale, by the box of bands where its sample is."""
    bands = Bands(transform="fourier", dimension=operator.subbands.dimension, bits=operator.subbands.bits)
    return [operator.scales[bands.index.reshape(-1)[p]] for p in operator.positions]


@pytest.mark.parametrize("transform", ["walsh", "fourier"])
@pytest.mark.parametrize(("dimension", "bits"), SIZES)
def test_forward_and_adjoint_are_the_matrix(dimension, bits, transform):
    mask = drawn_mask((1 << bits,) * dimension, seed=bits)
    operator = ImageOperator(transform=transform, dimension=dimension, bits=bits, mask=mask)
    matrix = dense(operator, transform)
    if transform == "fourier":
        roots = [math.sqrt(int(s.p) / int(s.q)) for s in parts_of_rows(operator)]
        matrix = np.array(roots)[:, None] * np.array(matrix).T
    m, N = operator.shape
    assert matrix.shape == (m, N) == (mask.sum(), mask.size)
    rng = np.random.default_rng(1)
    for x in (rng.normal(size=N), rng.normal(size=N) + 1j * rng.normal(size=N)):
        assert np.allclose(operator.forward(x), matrix @ x)
    for y in (rng.normal(size=m), rng.normal(size=m) + 1j * rng.normal(size=m)):
        assert np.allclose(operator.adjoint(y), matrix.conj().T @ y)
    assert np.isclose(np.linalg.norm(matrix, 2) ** 2, int(operator.norm2.p) / int(operator.norm2.q))
    assert np.allclose(matrix @ matrix.conj().T, np.diag(np.diag(matrix @ matrix.conj().T)))


@pytest.mark.parametrize("transform", ["walsh", "fourier"])
@pytest.mark.parametrize(("dimension", "bits"), SIZES)
def test_images_and_samples(dimension, bits, transform):
    shape = (1 << bits,) * dimension
    operator = ImageOperator(
        transform=transform, dimension=dimension, bits=bits, mask=drawn_mask(shape, 3), scales=fmpq(9, 4)
    )
    rng = np.random.default_rng(1)
    image = rng.normal(size=shape)
    data = operator.forward_image(image)
    samples = unitary_samples(image, transform)
    assert np.allclose(data, 1.5 * samples.reshape(-1)[operator.positions])
    assert np.allclose(data, operator.select(samples))
    assert sorted(operator.positions) == np.flatnonzero(operator.mask).tolist()
    y = rng.normal(size=len(data)) + 1j * rng.normal(size=len(data))
    back = operator.adjoint_image(y)
    assert back.shape == shape
    assert np.isclose(np.vdot(back, image), np.vdot(y, data))
    full = fourier.transform(image) if transform == "fourier" else walsh.transform(image)
    assert np.allclose(full, samples)


@pytest.mark.parametrize("kind", [np.int64, object])
@given(st.sampled_from(SIZES), st.integers(0, 2**31))
def test_walsh_is_exact_on_integers(kind, size, seed):
    """Rows of the exact operator are those of the matrix of signs, and the adjoint is the transposed one."""
    dimension, bits = size
    operator = ImageOperator(
        transform="walsh", dimension=dimension, bits=bits, mask=drawn_mask((1 << bits,) * dimension, seed)
    )
    m, N = operator.shape
    rng = np.random.default_rng(seed)
    x, y = rng.integers(-(2**40), 2**40, size=N).astype(kind), rng.integers(-(2**40), 2**40, size=m).astype(kind)
    forward, adjoint = operator.exact_forward(x), operator.exact_adjoint(y)
    assert forward.dtype == adjoint.dtype == np.dtype(kind)
    as_ints = [list(map(int, values)) for values in (x, y, forward, adjoint)]
    assert sum(map(math.prod, zip(as_ints[2], as_ints[1], strict=True))) == sum(
        map(math.prod, zip(as_ints[0], as_ints[3], strict=True))
    )
    for band in range(operator.subbands.count):
        part = operator.subbands.split(x)[band]
        expected = [
            sum((-1) ** int.bit_count(int(a) & p) * int(value) for p, value in enumerate(part))
            for a in operator.indices(band)
        ]
        assert [int(value) for value in forward[operator.row_slice(band)]] == expected


def test_the_exact_operator_is_the_floating_one_up_to_its_factor():
    operator = ImageOperator(transform="walsh", dimension=2, bits=4, mask=drawn_mask((16, 16), 5))
    x = np.random.default_rng(1).integers(-99, 99, size=256)
    factor = np.repeat(
        [
            math.sqrt(int(s.p) / (int(s.q) * size))
            for s, size in zip(operator.scales, operator.subbands.sizes, strict=True)
        ],
        operator.counts,
    )
    assert np.allclose(operator.forward(x), operator.exact_forward(x) * factor)


def test_integers_beyond_int64():
    operator = ImageOperator(transform="walsh", dimension=1, bits=3, mask=np.ones(8))
    big = np.array([3**70 + i for i in range(8)], dtype=object)
    assert operator.exact_forward(big)[-1] == big[4] - big[5] - big[6] + big[7]
    with pytest.raises(DataError, match="less than 2"):
        operator.exact_forward(np.full(8, 2**62))


@pytest.mark.parametrize(("dimension", "bits"), SIZES)
def test_default_scales_are_what_theorem_4_takes(dimension, bits):
    mask = drawn_mask((1 << bits,) * dimension, 8, rate=0.4)
    for transform in ("walsh", "fourier"):
        operator = ImageOperator(transform=transform, dimension=dimension, bits=bits, mask=mask)
        parts = (
            operator.subbands if transform == "walsh" else Bands(transform=transform, dimension=dimension, bits=bits)
        )
        for part in range(parts.count):
            box = parts.box(part) if transform == "walsh" else np.ix_(*parts.box(part))
            size, taken = mask[box].size, int(mask[box].sum())
            assert operator.counts[part] == taken
            assert operator.scales[part] == (fmpq(size, taken) if taken else 1)


def test_a_centred_mask_is_the_same_operator():
    mask = drawn_mask((8, 8), 2)
    plain = ImageOperator(transform="fourier", dimension=2, bits=3, mask=mask)
    centred = ImageOperator(transform="fourier", dimension=2, bits=3, mask=np.fft.fftshift(mask), centred=True)
    x = np.random.default_rng(1).normal(size=64)
    assert (plain.forward(x) == centred.forward(x)).all()


def test_the_mask_is_a_copy_that_cannot_be_changed():
    mask = np.ones((4, 4), dtype=bool)
    operator = ImageOperator(transform="walsh", dimension=2, bits=2, mask=mask)
    mask[:] = False
    assert operator.mask.all()
    with pytest.raises(ValueError, match="read-only"):
        operator.mask[0, 0] = False


@pytest.mark.parametrize("transform", ["walsh", "fourier"])
def test_a_linear_operator_of_scipy(transform):
    from scipy.sparse.linalg import lsqr, svds

    operator = ImageOperator(transform=transform, dimension=2, bits=3, mask=drawn_mask((8, 8), 2), scales="9/4")
    linear = operator.as_linear_operator()
    assert linear.shape == operator.shape
    x = np.random.default_rng(1).normal(size=64)
    assert np.allclose(linear @ x, operator.forward(x))
    assert np.allclose(linear.H @ (linear @ x), operator.adjoint(operator.forward(x)))
    assert np.allclose(linear @ np.column_stack([x, 2 * x]), np.column_stack([linear @ x, 2 * (linear @ x)]))
    assert np.isclose(svds(linear, k=1, return_singular_vectors=False)[0], 1.5)
    found = lsqr(linear, operator.forward(x))[0] if transform == "walsh" else None
    assert found is None or np.allclose(operator.forward(found), operator.forward(x))


def test_a_black_box_in_floating_point_is_never_exact():
    matrix = np.random.default_rng(1).normal(size=(3, 5))
    box = FloatOperator((3, 5), lambda x: matrix @ x, lambda y: matrix.T @ y)
    assert box.exact is False
    assert np.allclose(as_linear_operator(box) @ np.ones(5), matrix.sum(axis=1))


GOOD = {"transform": "walsh", "dimension": 2, "bits": 2, "mask": np.ones((4, 4))}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"transform": "cosine"}, "walsh or fourier"),
        ({"dimension": 4}, "dimension"),
        ({"bits": 0}, "bits"),
        ({"mask": np.ones((4, 8))}, r"\(4, 4\)"),
        ({"mask": np.ones((3, 3))}, r"\(4, 4\)"),
        ({"mask": np.ones(16)}, r"\(4, 4\)"),
        ({"mask": np.full((4, 4), np.nan)}, "entry .0, 0. is nan"),
        ({"mask": np.full((4, 4), 0.5)}, "zeros and ones"),
        ({"mask": np.full((4, 4), "1")}, "zeros and ones"),
        ({"mask": np.zeros((4, 4))}, "no sample"),
        ({"scales": [1, 2]}, "7 scales"),
        ({"scales": 0}, "positive"),
        ({"scales": [1] * 6 + ["-1/2"]}, "positive"),
        ({"scales": math.nan}, "finite"),
        ({"centred": True}, "sequency"),
    ],
)
def test_what_is_refused(changes, message):
    with pytest.raises((DataError, UsageError), match=message) as caught:
        ImageOperator(**GOOD | changes)
    assert "\n" not in str(caught.value)


def test_vectors_of_another_length_are_refused():
    operator = ImageOperator(**GOOD)
    for call, (values, message) in itertools.product(
        (operator.forward, operator.adjoint, operator.exact_forward, operator.exact_adjoint),
        ((np.zeros(15, dtype=np.int64), "shape"), (np.zeros((4, 4), dtype=np.int64), "shape")),
    ):
        with pytest.raises(UsageError, match=message):
            call(values)
    with pytest.raises(UsageError, match="irrational"):
        ImageOperator(**GOOD | {"transform": "fourier"}).exact_forward(np.zeros(16, dtype=np.int64))
    with pytest.raises(UsageError, match="no subband"):
        ImageOperator(**GOOD | {"transform": "fourier"}).row_slice(1)
    with pytest.raises(DataError, match="int64"):
        operator.exact_forward(np.zeros(16))


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, complex(0, math.nan)])
@pytest.mark.parametrize("transform", ["walsh", "fourier"])
def test_numbers_that_are_not_finite_are_refused(transform, wrong):
    operator = ImageOperator(**GOOD | {"transform": transform})
    values = np.ones(16, dtype=type(wrong))
    values[5] = wrong
    for call in (operator.forward, operator.adjoint):
        with pytest.raises(DataError, match="entry 5 is not"):
            call(values)
    for call in (operator.forward_image, operator.select):
        with pytest.raises(DataError, match="entry 5 is not"):
            call(values.reshape(4, 4))
    with pytest.raises(DataError, match="are numbers"):
        operator.forward(np.full(16, "1"))


def test_sums_that_overflow_are_no_numbers_that_do():
    operator = ImageOperator(**GOOD)
    large = np.zeros(16)
    large[7:9] = 1.7e308
    assert np.isfinite(operator.select(large.reshape(4, 4))).all()


@pytest.mark.parametrize("bits", range(1, 6))
def test_axes_are_the_matrices_that_the_transforms_are_named_after(bits):
    n = 1 << bits
    assert np.allclose(walsh.transform(np.eye(n)[0]) * math.sqrt(n), 1)
    columns = np.array([walsh.transform(column, scaled=False) for column in np.eye(n, dtype=np.int64)]).T
    assert (columns == walsh_matrix(bits)).all()
