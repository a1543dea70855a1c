import os
import sys
import time
from contextlib import closing

import numpy as np
import pytest
from flint import fmpq

from exact_base.errors import BudgetError, SolverError, UsageError
from exact_base.matrices import exact_matrix
from firenet_exact import running
from firenet_exact.running import Ledger, Progress, Row, aside, computed


def count(n):
    yield os.getpid()
    yield from range(n)


def count_and_hang(n):
    yield from count(n)
    time.sleep(3600)


def count_and_print(n):
    print("what a library says")
    os.write(1, b"and one in another language")
    yield from count(n)


def count_and_die(n):
    yield from count(n)
    os._exit(7)


def count_and_fail(n):
    yield from count(n)
    raise UsageError("this is asked in vain")


def is_gone(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("function", [count, count_and_print])
def test_what_a_function_yields_comes_from_another_process(function):
    process, *rest = aside(function, 5)
    assert process != os.getpid() and is_gone(process)
    assert rest == [*range(5)]


def collected(events, seen):
    seen.extend(events)  # keeps what came before an error


@pytest.mark.slow_for("hang")
@pytest.mark.parametrize(
    ("function", "error", "words"),
    [
        (count_and_hang, BudgetError, "time is over"),
        (count_and_die, SolverError, "exit status 7"),
        (count_and_fail, UsageError, "asked in vain"),
    ],
    ids=["hang", "die", "fail"],
)
def test_what_came_before_the_end_is_there_and_nothing_is_left(function, error, words):
    seen = []
    with pytest.raises(error, match=words):
        collected(aside(function, 3, seconds=20 if function is not count_and_hang else 4), seen)
    process, *rest = seen
    assert rest == [0, 1, 2] and is_gone(process)


def test_no_time_is_no_work():
    with pytest.raises(BudgetError):
        list(aside(count_and_hang, 1, seconds=-1))


def test_who_stops_to_read_ends_the_process():
    with closing(aside(count_and_hang, 3)) as events:
        process = next(events)
        assert not is_gone(process)
    assert is_gone(process)


def matrices(A, number):
    yield A, number


@pytest.mark.parametrize("rows", [[[1, "1/3"], [0, -2]], [["1+2j", 2**80]]])
def test_exact_numbers_go_through(rows):
    A = exact_matrix(rows)
    [(matrix, number)] = aside(matrices, A, fmpq(2, 3))
    assert matrix == A and number == fmpq(2, 3)


def fill(rows, n=5):
    return [
        event
        for i in range(n)
        for event in computed(rows, "squares", i, count=n, width=2, compute=lambda i=i: np.array([i, i * i]))
    ]


def kept(path, n, key="one"):
    ledger = Ledger(path, key=key)
    for event in fill(ledger.rows, n):
        if isinstance(event, Row):
            ledger.keep(event)
    ledger.save()


def test_rows_are_computed_once_and_a_ledger_goes_on(tmp_path):
    path = tmp_path / "a.npz"
    kept(path, 3)
    ledger = Ledger(path, key="one")
    events = fill(ledger.rows)
    assert [event for event in events if isinstance(event, Progress)] == [Progress("squares", i, 5) for i in (3, 4)]
    assert all(ledger.rows["squares", i].tolist() == [i, i * i] for i in range(5))
    assert fill(ledger.rows) == []
    assert [*tmp_path.iterdir()] == [path]


def test_a_ledger_is_written_every_few_seconds(tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(running.time, "monotonic", lambda: now[0])
    ledger, there = Ledger(tmp_path / "a.npz", key="one"), []
    for number in range(12):
        now[0] += 1
        ledger.keep(Row("squares", number, np.zeros(2)))
        there.append(len(Ledger(tmp_path / "a.npz", key="one").rows))
    assert there == [0] * 5 + [6] * 6 + [12]


@pytest.mark.parametrize("damage", ["key", "bytes", "matrix", "text"])
def test_another_file_is_no_ledger_and_stays(tmp_path, damage):
    path = tmp_path / "a.npz"
    kept(path, 3, key="other" if damage == "key" else "one")
    if damage == "bytes":
        path.write_bytes(path.read_bytes()[:100])
    elif damage == "matrix":
        np.savez(path, A=np.eye(3))
    elif damage == "text":
        path.write_text("a shopping list")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="another matrix" if damage == "key" else "is no ledger"):
        Ledger(path, key="one")
    assert path.read_bytes() == before


def test_rows_of_another_width_are_computed_again():
    rows = {("squares", 0): np.zeros(3)}
    assert len(fill(rows, 1)) == 2 and rows["squares", 0].shape == (2,)


def test_the_process_loads_what_the_caller_does(monkeypatch, tmp_path):
    (tmp_path / "only_here.py").write_text("def numbers():\n    yield 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    import only_here

    try:
        assert [*aside(only_here.numbers)] == [42]
    finally:
        sys.modules.pop("only_here")
