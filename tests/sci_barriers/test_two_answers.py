"""With two columns and two samples one of two answers is right on every input: against exact minimisers."""

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from exact_base.rationals import power_of_ten, power_of_two
from proofs_checks import verify_bytes
from sci_barriers import Lasso, solve_exactly
from sci_barriers.breakdown.two_answers import two_answers
from sci_barriers.certificates.joint_answer import joint_answer_certificate
from sci_barriers.problems import ArgminSet

moves = st.tuples(*[st.integers(-64, 64)] * 4)


@settings(max_examples=60, deadline=None)
@given(moves, st.sampled_from([(700, 700), (700, 701), (3, 900)]), st.integers(1, 4))
def test_one_answer_is_right_on_every_input_that_has_the_data(move, matrix, digits):
    n = 24
    found = two_answers(matrix, [1, "5/4"], parameter="1/2", digits=digits, precision=n)
    unit = power_of_two(-n) / 100
    a = [alpha + step * unit for alpha, step in zip(found.matrix, move[:2], strict=True)]
    y = [eta + step * unit for eta, step in zip(found.data, move[2:], strict=True)]
    right = []
    for k in (0, 1):
        answer = [found.answers[k] if j == k else fmpq(0) for j in (0, 1)]
        nearest = ArgminSet(solve_exactly(Lasso([a], [y[k]], parameter=found.parameter))).distance2(answer)
        right.append(nearest <= power_of_ten(-2 * digits))
    assert any(right)
    assert verify_bytes(joint_answer_certificate(found)).verdict == "valid"


def test_neither_is_right_on_every_input():
    """So that two answers are needed: each fails where the other column is the larger one."""
    found = two_answers([700, 700], [1, "5/4"], parameter="1/2", digits=3, precision=24)
    for k in (0, 1):
        a = [700 + (power_of_two(-24) if j != k else 0) for j in (0, 1)]
        point = solve_exactly(Lasso([a], [found.data[k]], parameter="1/2")).point
        assert sum((point[j] - (found.answers[k] if j == k else 0)) ** 2 for j in (0, 1)) > power_of_ten(-6)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"digits": 0}, UsageError, "K >= 1"),
        ({"parameter": 0}, UsageError, "λ > 0"),
        ({"matrix": [700]}, UsageError, "two entries"),
        ({"data": [1, 0]}, UsageError, "must be above"),
        ({"precision": 2, "digits": 9}, DataError, "too coarse"),
    ],
)
def test_mistakes(change, error, message):
    options = {"matrix": [700, 700], "data": [1, 1], "parameter": "1/2", "digits": 3, "precision": 24} | change
    with pytest.raises(error, match=message):
        two_answers(**options)
