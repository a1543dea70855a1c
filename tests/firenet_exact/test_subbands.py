import itertools

import numpy as np
import pytest

from exact_base.errors import UsageError
from firenet_exact.imaging.subbands import Subbands
from tests.firenet_exact.haar_atoms import atoms, walsh_matrix, walsh_samples

SIZES = [(1, 1), (1, 5), (2, 1), (2, 3), (3, 1), (3, 2)]


@pytest.mark.parametrize("bits", range(5))
def test_rows_of_the_walsh_matrix_have_as_many_changes_of_sign_as_their_number(bits):
    matrix = walsh_matrix(bits)
    assert [int(np.count_nonzero(np.diff(row))) for row in matrix] == list(range(1 << bits))
    assert (matrix @ matrix.T == (1 << bits) * np.eye(1 << bits)).all()


@pytest.mark.parametrize(("dimension", "bits"), SIZES)
def test_every_atom_is_seen_by_its_box_with_the_signs_of_its_position(dimension, bits):
    """Lemma 1, for each entry of the matrix of all inner products: an atom of ±1 on 2^(d(bits-j)) points."""
    bands = Subbands(dimension=dimension, bits=bits)
    found = list(atoms(dimension, bits))
    assert len(found) == bands.columns == sum(bands.sizes)
    for column, (scale, orientation, position, atom) in enumerate(found):
        band = int(np.searchsorted(bands.starts, column, side="right")) - 1
        assert orientation == bands.orientation(band)
        assert (scale or 0) == bands.scale(band)
        p = int(np.ravel_multi_index(position, (1 << (scale or 0),) * dimension))
        assert column == bands.starts[band] + p
        samples = walsh_samples(atom)
        support = np.abs(atom).sum()
        assert support == bands.columns // bands.sizes[band]
        signs = [(-1) ** int.bit_count(a & p) * support for a in range(bands.sizes[band])]
        assert bands.rows(samples, band).tolist() == signs
        samples[bands.box(band)] = 0
        assert not samples.any()


@pytest.mark.parametrize(("dimension", "bits"), SIZES)
def test_boxes_are_a_partition_and_orders_are_permutations(dimension, bits):
    bands = Subbands(dimension=dimension, bits=bits)
    seen = np.zeros(bands.shape, dtype=int)
    for band in range(bands.count):
        seen[bands.box(band)] += 1
        assert sorted(bands.order(band)) == list(range(bands.sizes[band]))
    assert (seen == 1).all()


@pytest.mark.parametrize(("dimension", "bits"), SIZES)
def test_rows_and_put_follow_the_order(dimension, bits):
    bands = Subbands(dimension=dimension, bits=bits)
    samples = np.random.default_rng(1).normal(size=bands.shape)
    copy = np.zeros_like(samples)
    for band in range(bands.count):
        rows = bands.rows(samples, band)
        assert (rows[bands.order(band)] == samples[bands.box(band)].reshape(-1)).all()
        bands.put(rows, copy, band)
    assert (copy == samples).all()


def test_the_levels_of_the_paper():
    bands = Subbands(dimension=2, bits=4)
    assert bands.paper_ends == (4, 7, 10, 13)
    totals = list(itertools.accumulate(bands.sizes))
    assert [totals[end - 1] for end in bands.paper_ends] == [4**level for level in range(1, 5)]
    assert [bands.label(b) for b in (0, 1, 12)] == ["scaling coefficient", "scale 0 (0, 1)", "scale 3 (1, 1)"]


def test_coefficients_are_split_into_views():
    bands = Subbands(dimension=3, bits=2)
    coefficients = np.arange(64.0)
    parts = bands.split(coefficients)
    assert [len(part) for part in parts] == list(bands.sizes)
    parts[3][:] = -1
    assert coefficients[3] == -1
    assert np.concatenate(parts).tolist() == coefficients.tolist()


def test_equal_sizes_are_equal_and_hashable():
    assert len({Subbands(dimension=2, bits=3), Subbands(dimension=2, bits=3), Subbands(dimension=1, bits=3)}) == 2


@pytest.mark.parametrize(
    ("dimension", "bits", "message"), [(0, 1, "dimension"), (4, 1, "dimension"), (2, 0, "1 to 14"), (3, 10, "1 to 9")]
)
def test_sizes_that_are_refused(dimension, bits, message):
    with pytest.raises(UsageError, match=message):
        Subbands(dimension=dimension, bits=bits)


def test_arrays_of_another_shape_are_refused():
    bands = Subbands(dimension=2, bits=2)
    with pytest.raises(UsageError, match=r"\(4, 4\)"):
        bands.rows(np.zeros((4, 8)), 1)
    with pytest.raises(UsageError, match="has 4 samples"):
        bands.put(np.zeros(5), np.zeros((4, 4)), 4)
    with pytest.raises(UsageError, match="16 coefficients"):
        bands.split(np.zeros(15))
