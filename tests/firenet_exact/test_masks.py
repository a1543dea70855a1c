import itertools
import math

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import UsageError
from firenet_exact.imaging.bands import Bands
from firenet_exact.imaging.fibres import coarse_fibres
from firenet_exact.imaging.masks import (
    default_sparsities,
    half_half,
    level_density,
    multilevel,
    partial_spreads,
    per_subband,
    variable_density,
)
from firenet_exact.imaging.spreads import line, lines_of_rate
from firenet_exact.imaging.subbands import Subbands
from firenet_exact.transforms.walsh import hadamard

TRANSFORMS = ["walsh", "fourier"]


# --- bands ---------------------------------------------------------------------------------------


def band_by_definition(transform, bits):
    """{element: band} along an axis."""
    found = {0: 1, 1: 1}
    for k in range(2, bits + 1):
        if transform == "walsh":
            members = range(1 << (k - 1), 1 << k)
        else:
            low, high = 1 << (k - 2), 1 << (k - 1)
            members = [*range(-high + 1, -low + 1), *range(low + 1, high + 1)]
        assert len(members) == 1 << (k - 1)
        assert not found.keys() & set(members)
        found |= dict.fromkeys(members, k)
    return found


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("bits", range(1, 9))
def test_the_bands_of_an_axis(transform, bits):
    n = 1 << bits
    expected = band_by_definition(transform, bits)
    bands = Bands(transform=transform, dimension=1, bits=bits)
    elements = range(n) if transform == "walsh" else [a if a <= n // 2 else a - n for a in range(n)]
    assert bands.axis_band.tolist() == [expected[a] for a in elements]
    assert [bands.axis_band.tolist().count(k) for k in range(1, bits + 1)] == list(bands.sizes)


@pytest.mark.parametrize(("dimension", "bits"), [(1, 4), (2, 3), (3, 2)])
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_boxes_are_products_of_bands(transform, dimension, bits):
    bands = Bands(transform=transform, dimension=dimension, bits=bits)
    assert bands.boxes == tuple(itertools.product(range(1, bits + 1), repeat=dimension))
    for number, box in enumerate(bands.boxes):
        inside = np.argwhere(bands.index == number)
        assert len(inside) == bands.sizes[number]
        assert all(tuple(bands.axis_band[place]) == box for place in inside)
        assert (bands.index[np.ix_(*bands.box(number))] == number).all()


# --- densities -----------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 99), min_size=1, max_size=6), st.data())
def test_densities_are_those_of_the_paper(sparsities, data):
    box = data.draw(st.lists(st.integers(1, len(sparsities)), min_size=1, max_size=3))
    top = max(box)
    walsh = sparsities[top - 1] * math.prod(2.0 ** -abs(k - top) for k in box)
    low = sum(sparsities[j - 1] * math.prod(2.0 ** -abs(k - j) for k in box) for j in range(1, top + 1))
    high = sum(
        sparsities[j - 1] * 2.0 ** (-2 * (j - top)) * math.prod(2.0 ** -abs(k - j) for k in box)
        for j in range(top + 1, len(sparsities) + 1)
    )
    assert float(level_density("walsh", sparsities, box).p / 1) / int(
        level_density("walsh", sparsities, box).q
    ) == pytest.approx(walsh, rel=1e-12)
    fourier = level_density("fourier", sparsities, box)
    assert int(fourier.p) / int(fourier.q) == pytest.approx(low + high, rel=1e-12)


def test_default_sparsities():
    assert default_sparsities(dimension=2, bits=4, dense=2) == (4, 12, 1, 1)
    assert default_sparsities(dimension=2, bits=4, dense=3) == (4, 12, 48, 4)
    assert default_sparsities(dimension=1, bits=2, dense=0) == (1, 1)


# --- patterns ------------------------------------------------------------------------------------


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize(("dimension", "bits", "dense"), [(1, 8, 5), (2, 5, 3), (3, 3, 1)])
def test_multilevel_takes_a_multiple_of_the_density_in_every_box(transform, dimension, bits, dense):
    pattern = multilevel(transform=transform, dimension=dimension, bits=bits, rate=fmpq(2, 5), dense=dense, seed=3)
    bands = Bands(transform=transform, dimension=dimension, bits=bits)
    sparsities = default_sparsities(dimension=dimension, bits=bits, dense=dense)
    assert 0 < pattern.mask.sum() <= round(0.4 * pattern.mask.size)
    low, high = fmpq(0), fmpq(10**9)
    for number, (share, box) in enumerate(zip(pattern.shares, bands.boxes, strict=True)):
        assert pattern.mask[np.ix_(*bands.box(number))].sum() == share.count
        assert share.size == bands.sizes[number]
        assert share.square == fmpq(share.size, share.count)
        if max(box) <= dense:
            assert share.count == share.size
        else:  # the numbers c with ⌈c·M⌉ = count
            density = level_density(transform, sparsities, box)
            low = max(low, (share.count - 1) / density)
            if share.count < share.size:
                high = min(high, share.count / density)
    assert low < high, "one c explains all counts"


@pytest.mark.parametrize(("dimension", "bits"), [(1, 6), (2, 4), (3, 2)])
def test_one_rate_a_subband(dimension, bits):
    rates = [fmpq(1)] * (bits - 1) + [fmpq(3, 10)]
    pattern = per_subband(dimension=dimension, bits=bits, rates=rates, seed=4)
    bands = Subbands(dimension=dimension, bits=bits)
    for band, share in enumerate(pattern.shares):
        taken = pattern.mask[bands.box(band)]
        whole = bands.scale(band) < bits - 1
        assert taken.sum() == share.count == (taken.size if whole else round(0.3 * taken.size))


@given(st.integers(1, 6))
def test_lines_meet_in_nothing_but_zero_and_add_up_to_everything(half):
    q = 1 << half
    lines = [set(line(half, number).tolist()) | {0} for number in range(q + 1)]
    for one, other in itertools.islice(itertools.combinations(lines, 2), 40):
        assert one & other == {0}
        assert len({x ^ y for x in one for y in other}) == q * q
    for members in lines:
        assert {x ^ y for x in members for y in members} == members
    assert set().union(*lines) == set(range(q * q))


@pytest.mark.parametrize("half", [2, 3, 4])
def test_correlations_of_lines_have_two_values(half):
    """u lines: the sums over characters are u(q - 1) at 0, and q - u or -u elsewhere."""
    q = 1 << half
    for u in range(1, q + 1):
        rows = np.zeros(q * q, dtype=np.int64)
        for number in range(u):
            rows[line(half, number)] = 1
        found = hadamard(rows)
        assert found[0] == u * (q - 1)
        assert set(found[1:].tolist()) <= {-u, q - u}


def test_partial_spreads_are_lines_in_every_subband():
    pattern = partial_spreads(dimension=2, bits=4, rates=[fmpq(1), fmpq(1), fmpq(1, 2), fmpq(1, 4)], seed=1)
    bands = Subbands(dimension=2, bits=4)
    for band in range(7, bands.count):
        half = bands.scale(band)
        rows = bands.rows(pattern.mask, band)
        members = [number for number in range((1 << half) + 1) if rows[line(half, number)].all()]
        assert rows.sum() == len(members) * ((1 << half) - 1) == pattern.shares[band].count
        assert len(members) == lines_of_rate(half, round(rows.size / (2 if half == 2 else 4)))
    assert all(share.count == share.size for share in pattern.shares[:7])


def test_scales_that_are_no_squares_are_drawn_as_subbands_are():
    pattern = partial_spreads(dimension=1, bits=4, rates=[fmpq(1, 2)] * 4, seed=1)
    assert [share.count for share in pattern.shares] == [1, 1, 1, 2, 4]  # 2 of the 3 lines of GF(2)²; 4 of 8


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("draw", [half_half, variable_density])
@pytest.mark.parametrize("dense", [None, 0, 2])
def test_low_samples_are_whole(transform, draw, dense):
    n = 16
    pattern = draw(transform=transform, dimension=2, bits=4, rate=fmpq(1, 2), dense=dense, seed=2)
    assert pattern.mask.sum() == n * n // 2
    axis = [a if transform == "walsh" else min(a, n - a) for a in range(n)]
    largest = np.maximum.outer(axis, axis)
    if dense is None:
        limit = 8 if transform == "walsh" else 4  # 8² and 7² samples are at most half of 128, or 64
    else:
        limit = 0 if dense == 0 else (4 if transform == "walsh" else 3)
    assert pattern.mask[largest < limit].all()
    assert not pattern.mask[largest == limit].all() or draw is variable_density
    assert sum(share.count for share in pattern.shares) == n * n // 2


def test_a_density_that_decays_takes_fewer_high_samples():
    drawn = [
        variable_density(transform="fourier", dimension=2, bits=6, rate=fmpq(1, 4), dense=3, power=power, seed=1)
        for power in (0.0, 1.0, 3.0)
    ]
    inner = [pattern.mask[np.ix_(*[np.r_[0:17, 48:64]] * 2)].sum() for pattern in drawn]
    assert inner[0] < inner[1] < inner[2]
    assert len({int(pattern.mask.sum()) for pattern in drawn}) == 1


def test_a_seed_determines_a_pattern():
    def draw(seed):
        return per_subband(dimension=2, bits=4, rates=[fmpq(1, 2)] * 4, seed=seed).mask

    assert (draw(1) == draw(1)).all()
    assert (draw(1) != draw(2)).any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: per_subband(dimension=2, bits=2, rates=[fmpq(1)], seed=1), "2 rates"),
        (lambda: per_subband(dimension=2, bits=1, rates=[fmpq(0)], seed=1), "more than 0"),
        (lambda: per_subband(dimension=2, bits=1, rates=[fmpq(2)], seed=1), "at most 1"),
        (lambda: per_subband(dimension=2, bits=1, rates=[fmpq(1)], seed=-1), "seed"),
        (lambda: partial_spreads(dimension=4, bits=1, rates=[fmpq(1)], seed=1), "dimension"),
        (lambda: drawn(transform="cosine"), "walsh or fourier"),
        (lambda: drawn(dense=5), "0 to 4"),
        (lambda: drawn(dense=4), "raise it"),
        (lambda: drawn(sparsities=[1]), "4 sparsities"),
        (lambda: drawn(sparsities=[1, 1, 0, 1]), "4 sparsities"),
        (lambda: half_half(transform="walsh", dimension=2, bits=4, rate=fmpq(1, 2), dense=4, seed=1), "low samples"),
        (
            lambda: variable_density(transform="walsh", dimension=2, bits=4, rate=fmpq(1, 2), power=math.nan, seed=1),
            "power",
        ),
        (lambda: line(2, 5), "0 to 4"),
        (lambda: line(0, 0), "lines"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(UsageError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


def drawn(**changes):
    good = {"transform": "walsh", "dimension": 2, "bits": 4, "rate": fmpq(1, 2), "dense": 2, "seed": 1}
    return multilevel(**good | changes)


# --- the coarse part of an image ---------------------------------------------------------------------


@pytest.mark.parametrize(("dimension", "bits", "levels"), [(1, 4, 2), (1, 4, 4), (2, 3, 1), (2, 3, 2), (3, 2, 1)])
def test_fibres_are_the_norms_of_coarse_waves(dimension, bits, levels):
    """den_c is the squared norm of the sampled part of a unit vector: a wave on cubes of Q points per axis."""
    n, side = 1 << bits, 1 << levels
    mask = np.random.default_rng(bits).random((n,) * dimension) < 0.6
    found = coarse_fibres(mask, levels=levels)
    for c in itertools.product(range(side), repeat=dimension):
        wave = np.ones((1,) * dimension)
        for axis, frequency in enumerate(c):
            shape = [1] * dimension
            shape[axis] = n
            values = np.exp(2j * np.pi * frequency * (np.arange(n) // (n // side)) / side) / math.sqrt(n)
            wave = wave * values.reshape(shape)
        assert found[c] == pytest.approx(np.linalg.norm(np.fft.fftn(wave, norm="ortho")[mask]) ** 2, abs=1e-12)


@pytest.mark.parametrize("dimension", [1, 2])
def test_low_frequencies_give_four_over_pi_squared_for_each_axis(dimension):
    for bits, levels in ((5, 2), (5, 4), (6, 3)):
        n = 1 << bits
        axis = np.minimum(np.arange(n), n - np.arange(n)) <= 1 << (levels - 1)
        mask = np.logical_and.outer(axis, axis) if dimension == 2 else axis
        assert coarse_fibres(mask, levels=levels).min() >= (4 / math.pi**2) ** dimension


def test_bands_that_are_shifted_by_one_lose_a_coarse_frequency():
    """Of ±[2^(k-1), 2^k) in place of the bands, the lowest ones whole: frequencies |a| < J/2, without ±J/2."""
    n, levels = 64, 3
    a = np.minimum(np.arange(n), n - np.arange(n))
    shifted = a < 1 << (levels - 1)
    assert coarse_fibres(shifted, levels=levels).min() == 0
    pattern = multilevel(transform="fourier", dimension=1, bits=6, rate=fmpq(1, 2), dense=levels, seed=1)
    assert coarse_fibres(pattern.mask, levels=levels).min() > 0.4


def test_fibres_of_levels_that_do_not_exist():
    with pytest.raises(UsageError, match="1 to 3"):
        coarse_fibres(np.ones(8, dtype=bool), levels=4)
