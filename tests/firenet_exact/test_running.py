import numpy as np
import pytest

from exact_base.errors import BudgetError
from firenet_exact import Work


def squares(calls):
    def compute(i):
        calls.append(i)
        return np.array([i, i * i], dtype=float)

    return compute


def stopped(path, key="one"):
    """A run that has done three rows of five and was stopped."""
    run = Work(checkpoint=path, key=key)
    table = run.table("squares", 5, 2, squares([]))
    for i in range(3):
        table.row(i)
    run.save()


def test_rows_are_computed_once_and_a_run_goes_on(tmp_path):
    path = tmp_path / "a.partial"
    stopped(path)
    calls = []
    run = Work(checkpoint=path, key="one")
    rows = run.table("squares", 5, 2, squares(calls)).all()
    assert calls == [3, 4]
    assert np.array_equal(rows, [[i, i * i] for i in range(5)])
    assert run.table("squares", 5, 2, squares(calls)).all() is rows
    run.finish()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["key", "bytes", "size"])
def test_other_and_damaged_checkpoints_are_as_good_as_none(tmp_path, damage):
    path = tmp_path / "a.partial"
    stopped(path, key="other" if damage == "key" else "one")
    if damage == "bytes":
        path.write_bytes(path.read_bytes()[:100])
    calls = []
    Work(checkpoint=path, key="one").table("squares", 6 if damage == "size" else 5, 2, squares(calls)).all()
    assert calls[0] == 0


def test_the_time_limit_saves_and_says_where(tmp_path):
    path = tmp_path / "a.partial"
    seen = []
    run = Work(seconds=1e-9, checkpoint=path, report=lambda *progress: seen.append(progress))
    with pytest.raises(BudgetError, match=r"squares, 0 of 5 done.*a\.partial"):
        run.table("squares", 5, 2, squares([])).all()
    assert path.is_file() and seen == [("squares", 0, 5)]
