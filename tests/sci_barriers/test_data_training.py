"""Access models: what may be read, and that every read is counted."""

import contextlib

import numpy as np
import pytest

from exact_base.errors import ProtocolError
from sci_barriers import OmegaClass, UsageError, load_candidate
from sci_barriers.data.oracles import NoisyInstanceOracle
from sci_barriers.data.structured import CommonOracle
from sci_barriers.data.training_data import QueryAccess, StreamAccess, open_access
from sci_barriers.games.game import play
from sci_barriers.omega.known import known_of

OMEGA = OmegaClass.create("lasso", digits=3, rows=2, columns=3)


def query():
    return QueryAccess(known_of(OMEGA), CommonOracle(OMEGA))


def stream():
    return StreamAccess(known_of(OMEGA), CommonOracle(OMEGA))


def test_every_query_is_counted_and_repeats_are_answered_alike():
    data = query()
    first, second = data.read(7), data.read(3)
    again = data.read(7)
    assert data.count == 3 and data.log == ((1, 7), (1, 3), (1, 7)) and data.max_precision == 7
    assert (first.matrix == again.matrix).all() and (first.point == again.point).all()
    assert second.n == 3


def test_the_stream_goes_up_one_precision_at_a_time():
    data = stream()
    assert [triple.n for triple in data.next()] == [1]
    assert data.read_to(4).n == 4
    assert data.count == 4 and data.log == ((1, 1), (1, 2), (1, 3), (1, 4))
    for passed in (4, 1, 0, -2):
        with pytest.raises(ProtocolError):
            data.read_to(passed)
    assert data.count == 4


@pytest.mark.parametrize("n", [0, -1, 1.0, "3", None, True])
def test_precisions_outside_the_protocol_are_refused_and_not_counted(n):
    data = query()
    with pytest.raises(ProtocolError, match="precision n >= 1"):
        data.read(n)
    assert data.count == 0
    assert data.notes == [f"a read was refused: a precision n >= 1 must be asked for, got {n!r}"]


@pytest.mark.parametrize("n", [10**5000, -(10**5000), 10**12], ids=["long", "negative", "large"])
def test_precisions_that_python_does_not_write_are_refused_in_one_line(n):
    for data, read in ((query(), "read"), (query(), "read_to"), (stream(), "read_to")):
        with pytest.raises(ProtocolError) as caught:
            getattr(data, read)(n)
        assert len(str(caught.value)) < 200 and data.count == 0
    with pytest.raises(ProtocolError):
        query().read(1, k=n)
    with pytest.raises(ProtocolError):
        NoisyInstanceOracle(OMEGA.control()).read(k=1, n=-abs(n))
    with pytest.raises(UsageError):
        play(load_candidate("exact", problem="lasso"), OMEGA, CommonOracle(OMEGA), precision=n)


def test_the_log_cannot_be_changed():
    data = query()
    data.read(3)
    with pytest.raises(AttributeError):
        data.log.clear()
    with pytest.raises(AttributeError):
        data.log = ()
    assert data.log == ((1, 3),)


def test_refusals_that_are_swallowed_are_noted_once_each_and_not_for_ever():
    data = query()
    for n in [*range(0, -100, -1), 0]:
        with contextlib.suppress(ProtocolError):
            data.read(n)
    assert data.count == 0 and len(data.notes) == len(set(data.notes)) == 20


@pytest.mark.parametrize("k", [0, 2, -1, 1.0])
def test_unknown_samples_are_refused(k):
    with pytest.raises(ProtocolError, match="no sample"):
        query().read(3, k=k)


def test_data_cannot_be_changed_by_the_reader():
    triple = query().read(5)
    for array in (triple.matrix, triple.data, triple.point):
        with pytest.raises(ValueError, match="read-only"):
            array[(0,) * array.ndim] = 0
    assert isinstance(triple.matrix, np.ndarray)


def test_unknown_access_model():
    with pytest.raises(UsageError, match="query, stream"):
        open_access("batch", known_of(OMEGA), CommonOracle(OMEGA))
