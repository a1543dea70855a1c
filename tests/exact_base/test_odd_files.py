"""Odd files: each is read as the matrix that was meant, or refused in one line; none is read as another."""

import pytest

from exact_base.errors import DataError, UsageError
from exact_base.readers import read_matrix
from tests.exact_base.odd_files import READ, REFUSE, WRITERS, odd_file

MANY = 8


def outcome(path):
    """What is read, as fractions; or None, if it is refused."""
    try:
        found = read_matrix(path)
    except (DataError, UsageError) as error:
        assert "\n" not in str(error) and len(str(error)) < 600 and "allow_pickle" not in str(error)
        return None
    return found


def judge(name, folder, seed):
    odd = odd_file(name, folder, seed)
    found = outcome(odd.path)
    said = f"{name}, seed {seed}: {odd.path.read_bytes()[:300]!r}"
    if found is None:
        assert odd.may != READ, f"refused: {said}"
        return
    re, im = found.integers()
    wanted = [[part * found.den for part in entry] for row in odd.matrix for entry in row]
    assert (found.rows, found.cols) == (len(odd.matrix), len(odd.matrix[0])), said
    flat = [a for row in re for a in row], [a for row in im or [] for a in row] or [0] * len(wanted)
    assert [list(pair) for pair in zip(*flat, strict=True)] == wanted, f"another matrix was read: {said}"
    assert odd.may != REFUSE, f"read: {said}"


@pytest.mark.parametrize("name", WRITERS)
def test_an_odd_file_is_read_right_or_refused(name, tmp_path):
    judge(name, tmp_path, 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITERS)
def test_many_odd_files(name, tmp_path):
    for seed in range(1, MANY):
        judge(name, tmp_path, seed)


def test_there_are_many_odd_files_of_every_fate():
    assert len(WRITERS) * MANY >= 400
