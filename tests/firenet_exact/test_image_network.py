"""FIRENET for images: against the network with a matrix, its rounding errors, files, and what is refused."""

import json
import math

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from exact_base.matrices import exact_column, exact_matrix
from exact_base.rationals import float_exactly, to_float
from firenet_exact import Firenet, Levels, own_parameters
from firenet_exact import forward as forward_with_matrix
from firenet_exact.arithmetic.rounding import chained
from firenet_exact.imaging import fourier_float, walsh_float
from firenet_exact.imaging.forward import forward
from firenet_exact.imaging.fourier_float import FFT_HYPOTHESIS, FourierFloat64
from firenet_exact.imaging.network import ImageFirenet, load_image_network
from firenet_exact.imaging.operators import ImageOperator
from firenet_exact.imaging.residual import residual_norm_above, residual_squares_above
from firenet_exact.imaging.rounding import fft_error, fourier_haar_error, walsh_error
from firenet_exact.imaging.samples import checked_samples, data_norm_above, operator_norm_above, walsh_order
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.imaging.walsh_fixed import root_factor, scaled, squared_norm
from firenet_exact.imaging.walsh_float import WalshFloat64
from firenet_exact.transforms import fourier, haar
from firenet_exact.transforms.walsh import hadamard

ROOTS = (fmpq(1), fmpq(3, 2), fmpq(5, 4), fmpq(2))  # of scales, so that A is rational


def operator_of(bits=2, *, dimension=2, seed=0, transform="walsh", rate=0.6):
    rng = np.random.default_rng(seed)
    mask = rng.random((1 << bits,) * dimension) < rate
    mask.reshape(-1)[0] = True
    scales = None
    if transform == "walsh":
        count = Subbands(dimension=dimension, bits=bits).count
        scales = [ROOTS[i] ** 2 for i in rng.integers(0, len(ROOTS), count)]
    return ImageOperator(transform=transform, dimension=dimension, bits=bits, mask=mask, scales=scales)


def network_of(operator, *, p=6, n=3, lam="1/20", initial=None, levels=None, **more):
    size = operator.subbands.columns
    levels = Levels.of([size // 4, size], [2, 3], [1, "3/2"]) if levels is None else levels
    options = {"lam": lam, "delta": "1/8", "epsilon0": 8, "p": p, "n": n} | more
    return ImageFirenet(operator, own_parameters(levels, operator_norm_above(operator), **options), initial)


def samples_of(operator, seed=1):
    rng = np.random.default_rng(seed)
    samples = rng.normal(size=operator.mask.shape)
    if operator.transform == "fourier":
        samples = samples + 1j * rng.normal(size=samples.shape)
    return samples


def dense(operator):
    """A exactly; the roots of the scales must be rational."""
    bands, rows = operator.subbands, []
    roots = [next(r for r in ROOTS if r * r == s) for s in operator.scales]
    for band in range(bands.count):
        for a in operator.indices(band):
            row, size = [fmpq(0)] * bands.columns, bands.sizes[band]
            unit = fmpq(1, math.isqrt(size))
            for p in range(size):
                sign = -1 if int(a & p).bit_count() % 2 else 1
                row[bands.starts[band] + p] = sign * unit * roots[band]
            rows.append(row)
    data = [roots[band] for band in range(bands.count) for _ in operator.indices(band)]
    return exact_matrix(rows), data


@pytest.mark.parametrize("transform", ["walsh", "fourier"])
def test_twice_the_new_less_the_old_is_rounded_once(monkeypatch, transform):
    """As the bound counts it."""
    operator = ImageOperator(transform=transform, dimension=1, bits=1, mask=np.ones(2, dtype=bool))
    network = network_of(operator, levels=Levels.of([2], [1]))
    kind, real = (WalshFloat64, float) if transform == "walsh" else (FourierFloat64, complex)
    operations, seen = kind(network, np.zeros(2, dtype=real)), []
    if transform == "fourier":
        monkeypatch.setattr(fourier_float, "synthesis", lambda x, **more: (seen.extend(x), haar.synthesis(x, **more)))
    else:
        monkeypatch.setattr(walsh_float._Chunk, "sums", lambda chunk, part: seen.extend(part))
    rng = np.random.default_rng(1)
    for _ in range(20):
        x, new = (rng.normal(size=8).view(real)[:2] for _ in range(2))
        pairs = zip(x.view(float).copy(), new.view(float).copy(), strict=True)
        wanted = [to_float(2 * float_exactly(after) - float_exactly(before)) for before, after in pairs]
        seen.clear()
        operations.project(x, new, np.zeros(2, dtype=real))
        assert np.array(seen, dtype=real).view(float).tolist() == wanted


@pytest.mark.parametrize("arithmetic", ["float64", "integers"])
@pytest.mark.parametrize("guess", [False, True])
def test_it_is_the_network_of_the_matrix(arithmetic, guess):
    operator = operator_of()
    initial = np.random.default_rng(5).normal(size=16) if guess else None
    network, samples = network_of(operator, initial=initial), samples_of(operator)
    matrix, roots = dense(operator)
    taken = samples.reshape(-1)[operator.positions]
    y = exact_column([float_exactly(float(v)) * r for v, r in zip(taken, roots, strict=True)])
    exact_guess = None if initial is None else exact_column([float_exactly(float(v)) for v in initial])
    same = Firenet(matrix, network.parameters, exact_guess)
    oracle = forward_with_matrix(same, y, arithmetic="balls")
    points = []
    output = forward(network, samples, arithmetic=arithmetic, report=lambda k, x: points.append(x.copy()))
    limits = chained(network.parameters, output.errors)
    assert len(points) == 3 and (points[-1] == output.point).all()
    for point, found, limit, radius in zip(points, oracle.points, limits, oracle.deviations, strict=True):
        distance = exact_column([float_exactly(float(v)) for v in point]) - found
        square = sum((fmpq(s, distance.den**2) for (s,) in distance.squares()), fmpq(0))
        assert square <= (limit + radius) ** 2
        assert to_float(limit) < (1e-10 if arithmetic == "float64" else 1e-6)
    assert network.start_above(samples) >= float_exactly(0.999) * same.objective_above(y, exact_guess)


@given(st.integers(0, 10**6), st.sampled_from([(1, 4), (2, 2), (2, 3), (3, 2)]))
@settings(deadline=None, max_examples=12)
def test_integers_and_floats_differ_by_no_more_than_their_errors(seed, shape):
    dimension, bits = shape
    mask = np.random.default_rng(seed).random((1 << bits,) * dimension) < 0.5
    mask.reshape(-1)[0] = True
    operator = ImageOperator(transform="walsh", dimension=dimension, bits=bits, mask=mask)
    network, samples = network_of(operator, n=2, p=9), samples_of(operator, seed)
    floats, integers = (forward(network, samples, arithmetic=name) for name in ("float64", "integers"))
    limit = chained(network.parameters, floats.errors)[-1] + chained(network.parameters, integers.errors)[-1]
    assert float(np.linalg.norm(floats.point - integers.point)) <= to_float(limit)
    assert (forward(network, samples, arithmetic="integers").point == integers.point).all()


@pytest.mark.parametrize(("dimension", "bits"), [(1, 4), (2, 3), (3, 2)])
def test_fourier_is_the_network_of_the_matrix(dimension, bits):
    operator = operator_of(bits, dimension=dimension, transform="fourier")
    size = operator.subbands.columns
    network, samples = network_of(operator), samples_of(operator)
    columns = [operator.forward(column) for column in np.eye(size)]
    matrix = exact_matrix(np.array(columns).T)
    same = Firenet(matrix, network.parameters)
    found = forward_with_matrix(same, operator.select(samples), arithmetic="float64")
    output = forward(network, samples)
    assert np.abs(output.point - found.point.to_float()[:, 0]).max() < 1e-12
    assert output.hypotheses == (FFT_HYPOTHESIS,)
    assert 0 < to_float(output.errors[-1]) < 1e-9
    assert forward(network_of(operator_of()), samples_of(operator_of())).hypotheses == ()


@given(st.integers(0, 13), st.integers(0, 10**6))
@settings(deadline=None, max_examples=30)
def test_the_bound_of_walsh_transforms_holds(bits, seed):
    rng = np.random.default_rng(seed)
    whole = rng.integers(-(2**40), 2**40, 1 << bits)
    values = whole.astype(np.float64) * 2.0 ** rng.integers(-300, 300)  # exact, and so is the transform of integers
    exact = hadamard(whole).astype(object)
    scale = values[whole != 0][0] / float(whole[whole != 0][0]) if whole.any() else 1.0
    off = np.array([float(v / scale) for v in hadamard(values)]) - exact.astype(float)
    length = float(np.linalg.norm(whole.astype(float)))
    assert float(np.linalg.norm(off)) <= (walsh_error(bits) + 2**-50) * 2 ** (bits / 2) * length


@pytest.mark.parametrize("bits", [3, 6, 8])
def test_the_hypothesis_on_fourier_transforms_has_room(bits):
    """Back and forth is off by a tenth of what is assumed, or less; this is no proof, and none is claimed."""
    rng = np.random.default_rng(bits)
    image = rng.normal(size=(1 << bits,) * 2) + 0j
    back = fourier.inverse(fourier.transform(image))
    assert np.linalg.norm(back - image) <= 0.1 * fft_error(image.size) * np.linalg.norm(image)
    x = haar.analysis(image)
    assert np.linalg.norm(haar.synthesis(x, dimension=2) - image) <= fourier_haar_error(bits, 2) * np.linalg.norm(x)


@given(st.lists(st.integers(-(2**61), 2**61), min_size=1, max_size=5), st.integers(0, 2**32 - 1), st.integers(32, 120))
def test_products_of_integers_are_rounded_to_nearest(values, factor, shift):
    found = scaled(np.array(values), factor, shift).tolist()
    assert found == [(v * factor + (1 << shift - 1)) >> shift for v in values]
    assert squared_norm(np.array(values)) == sum(v * v for v in values)


@given(st.fractions(min_value=0, max_value=1).filter(lambda q: q > 0))
def test_roots_as_factors(square):
    c, s = root_factor(fmpq(square.numerator, square.denominator))
    assert 2**31 <= c < 2**32 and s >= 32
    assert c * c * square.denominator <= square.numerator << 2 * s
    assert (c + 1) ** 2 * square.denominator >= square.numerator << 2 * s


@pytest.mark.parametrize("transform", ["walsh", "fourier"])
def test_residuals_are_bounded(transform):
    operator = operator_of(3, transform=transform)
    samples = checked_samples(operator, samples_of(operator))
    x = np.random.default_rng(3).normal(size=64)
    true = float(np.linalg.norm(operator.forward(x) - operator.select(samples)))
    found = to_float(residual_norm_above(operator, x, samples))
    assert true * (1 - 1e-13) <= found <= true * (1 + 1e-5)
    data = float(np.linalg.norm(operator.select(samples)))
    assert data * (1 - 1e-13) <= to_float(data_norm_above(operator, samples)) <= data * (1 + 1e-5)
    if transform == "walsh":
        rest = operator.forward(x) - operator.select(samples)
        for band, square in enumerate(residual_squares_above(operator, x, samples)):
            part = float(np.sum(rest[operator.row_slice(band)] ** 2))
            assert part * (1 - 1e-13) <= to_float(square) <= part * (1 + 1e-5) + 1e-200


def test_samples_are_in_the_order_of_coefficients():
    operator = operator_of(3)
    order = walsh_order(operator, operator.mask)
    for band, (start, size) in enumerate(zip(operator.subbands.starts, operator.subbands.sizes, strict=True)):
        assert np.flatnonzero(order[start : start + size]).tolist() == operator.indices(band).tolist()


@pytest.mark.parametrize("transform", ["walsh", "fourier"])
@pytest.mark.parametrize("guess", [False, True])
def test_files(tmp_path, transform, guess):
    operator = operator_of(transform=transform)
    initial = None
    if guess:
        initial = np.arange(16) / 7 * (1 if transform == "walsh" else 1j)
    network = network_of(operator, initial=initial)
    network.save(tmp_path / "network.json")
    read = load_image_network(tmp_path / "network.json")
    assert read.digest == network.digest and read.parameters == network.parameters
    samples = samples_of(operator)
    assert (forward(read, samples).point == forward(network, samples).point).all()
    content = json.loads((tmp_path / "network.json").read_text())
    content["operator"]["mask"] = "0" + content["operator"]["mask"][1:]
    bad = tmp_path / "bad.json"
    bad.write_bytes(json.dumps(content, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    with pytest.raises(DataError, match="damaged"):
        load_image_network(bad)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.pop("sha256"), "sha256"),
        (lambda c: c.update(format="firenet-1"), "format"),
        (lambda c: c["operator"].update(transform="cosine"), "walsh or fourier"),
        (lambda c: c["operator"].update(mask="ff"), "bytes"),
        (lambda c: c["operator"].update(mask=7), "hexadecimal"),
        (lambda c: c["operator"].update(bits="0x40"), "no images"),
        (lambda c: c["operator"]["scales"].pop(), "scales"),
        (lambda c: c["parameters"].update(p="0x0"), "p"),
    ],
)
def test_files_that_are_no_network(tmp_path, change, words):
    content = json.loads(network_of(operator_of()).encoded())
    change(content)
    path = tmp_path / "network.json"
    path.write_bytes(json.dumps(content, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    with pytest.raises((DataError, UsageError), match=words):
        load_image_network(path)


def test_what_is_refused():
    operator = operator_of()
    network, samples = network_of(operator), samples_of(operator)
    with pytest.raises(UsageError, match="shape"):
        forward(network, samples[:2])
    with pytest.raises(DataError, match="NaN"):
        forward(network, np.where(operator.mask, np.nan, 0))
    with pytest.raises(DataError, match="complex"):
        forward(network, samples + 1j)
    with pytest.raises(DataError, match="int64"):
        forward(network, np.full(samples.shape, 2**60 + 1))
    with pytest.raises(UsageError, match="float64"):
        forward(network, samples, arithmetic="fixed")
    with pytest.raises(UsageError, match="integers for Walsh"):
        fourier_operator = operator_of(transform="fourier")
        forward(network_of(fourier_operator), samples_of(fourier_operator), arithmetic="integers")
    for arithmetic in ("float64", "integers"):
        with pytest.raises(UsageError, match="t < 1"):
            forward(network_of(operator, t=1), samples, arithmetic=arithmetic)
        with pytest.raises(DataError):
            forward(network, samples * 1e300, arithmetic=arithmetic)
    with pytest.raises(UsageError, match="levels"):
        network_of(operator, levels=Levels.of([8], [1]))
    with pytest.raises(UsageError, match="initial"):
        network_of(operator, initial=np.zeros(15))
    with pytest.raises(DataError, match="NaN"):
        network_of(operator, initial=np.full(16, np.inf))
    # what is not in the mask does not matter
    assert (forward(network, np.where(operator.mask, samples, np.nan)).point == forward(network, samples).point).all()


def test_integers_need_the_norm():
    operator = operator_of()
    parameters = network_of(operator).parameters
    short = type(parameters)(**{**vars(parameters), "norm": parameters.norm / 4})
    network = ImageFirenet(operator, short)
    with pytest.raises(UsageError, match="‖A‖"):
        forward(network, samples_of(operator), arithmetic="integers")
    assert "norm" in [violation.name for violation in network.violations]
    assert forward(network_of(operator), samples_of(operator)).bound is None  # nothing is certified
