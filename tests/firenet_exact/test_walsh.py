import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import DataError
from firenet_exact.transforms import walsh
from firenet_exact.transforms.walsh import hadamard


def by_definition(values):
    n = len(values)
    return [sum((-1) ** int.bit_count(a & p) * values[p] for p in range(n)) for a in range(n)]


sizes = st.integers(0, 7).map(lambda bits: 1 << bits)


@given(sizes.flatmap(lambda n: st.lists(st.integers(-(2**55), 2**55), min_size=n, max_size=n)))
def test_integers_are_transformed_exactly(values):
    """Up to 2^55 · 2^7 < 2^63, and from 2^53 on by integers alone."""
    assert hadamard(np.array(values, dtype=np.int64)).tolist() == by_definition(values)


@given(sizes.flatmap(lambda n: st.lists(st.integers(-(2**40), 2**40), min_size=n, max_size=n)))
def test_floats_and_complex_numbers_that_are_integers_are_too(values):
    expected = by_definition(values)
    assert hadamard(np.array(values, dtype=np.float64)).tolist() == expected
    assert hadamard(np.array(values) * (1 - 2j)).tolist() == [x * (1 - 2j) for x in expected]


@pytest.mark.parametrize("dtype", [np.float64, np.complex128, np.int64, np.float32])
@pytest.mark.parametrize("bits", [15, 16, 17, 18])
def test_arrays_that_do_not_fit_into_a_block(bits, dtype):
    """The transform is its own inverse up to n; a row of it is a product with signs."""
    values = np.random.default_rng(bits).integers(-9, 10, size=(2, 1 << bits)).astype(dtype)
    found = hadamard(values)
    assert found.dtype == dtype
    assert (hadamard(found) == values * (1 << bits)).all()
    signs = np.array([(-1) ** int.bit_count(p & 0x15A5D) for p in range(1 << bits)])
    assert (found[:, 0x15A5D % (1 << bits)] == values @ signs).all()


def test_the_size_of_a_block_changes_nothing(monkeypatch):
    values = np.random.default_rng(1).integers(-9, 10, size=(3, 256)).astype(np.float64)
    expected = [by_definition(list(row)) for row in values]
    for bits in range(4, 12):
        monkeypatch.setattr(walsh, "_BLOCK", 1 << bits)
        assert hadamard(values).tolist() == expected
        assert hadamard(values * 1j).imag.tolist() == expected


def test_it_is_along_the_last_axis_and_copies_unless_told():
    values = np.arange(24.0).reshape(2, 3, 4)
    kept = values.copy()
    found = hadamard(values)
    assert (values == kept).all()
    assert found[1, 2].tolist() == by_definition(list(kept[1, 2]))
    assert hadamard(values, copy=False) is values
    assert (values == found).all()
    turned = np.asfortranarray(kept)
    assert (hadamard(turned) == found).all()
    assert hadamard(np.zeros((0, 4))).shape == (0, 4)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros(3), "not of 3"),
        (np.zeros(0), "not of 0"),
        (np.float64(1), "not of 0"),
        (np.zeros(4, dtype=np.float16), "float16"),
        (np.zeros(4, dtype=bool), "bool"),
        (np.array([2**62, -(2**62)]), "less than 2"),
        (np.array([-(2**63), 0]), "less than 2"),
        (np.array([2**63 - 1, 1]), "less than 2"),
    ],
)
def test_what_is_refused(values, message):
    with pytest.raises(DataError, match=message):
        hadamard(values)


@pytest.mark.parametrize(
    "values", [[2**63 - 2, 1], [2**62, 2**62 - 1], [-(2**62), 1 - 2**62], [2**53, 0], [2**53 - 1, 1]]
)
def test_the_largest_integers(values):
    assert hadamard(np.array(values)).tolist() == by_definition(values)
