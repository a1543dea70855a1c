"""Kind path: what is said of it, and that nothing can be left out of one."""

import json
import re
from unittest import mock

import pytest

from proofs_checks import verify_bytes
from tests.proofs_checks.builders import F, rat, seal
from tests.proofs_checks.cases import path as cases
from tests.proofs_checks.path_builders import followed, mairal_yu, path
from tests.proofs_checks.penalised_reference import Reference

EYE = [[1, 0], [0, 1]]
# breakpoints of the problem of Mairal and Yu with alphas 1/4 and 1/128
OF_THREE = [2, 1, F(2, 3), F(2, 13), F(1, 59), F(2, 223), F(2, 241), F(1, 121), F(2, 247), F(2, 265), F(1, 135)]
OF_THREE += [F(2, 271), F(2, 289), 0]


def said(data):
    report = verify_bytes(data)
    assert report.verdict == "valid", report.reason
    return [report.statement.title, *report.statement.lines]


def without(data, k):
    """The same path, less a breakpoint inside."""
    obj = json.loads(data)
    for part, key in (("claim", "breakpoints"), ("claim", "points"), ("claim", "unique"), ("evidence", "minors")):
        del obj[part][key][k]
    return seal(obj)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_a_breakpoint_at_which_the_path_turns_cannot_be_left_out(k):
    assert verify_bytes(without(cases.ACCEPT["turning"], k)).reason.startswith("pattern: piece ")


def test_a_breakpoint_at_which_it_does_not_turn_is_not_counted():
    fine = cases.ACCEPT["lasso-by-brute-force"]
    assert [line for line in said(fine) if "linear piece" in line] == [
        "It has exactly 3 linear pieces, the constant one included."
    ]
    assert said(without(fine, 2))[0] == said(fine)[0]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_pieces_of_mairal_and_yu(n):
    """The minimisers at these breakpoints are found by brute force."""
    ref, levels = Reference(*mairal_yu(n, [F(1, 4), F(1, 128)]), [1] * n), {1: [2, 0], 2: cases.TURNS, 3: OF_THREE}[n]
    assert f"It has exactly {(3**n + 1) // 2} linear pieces, the constant one included." in said(followed(ref, levels))


@pytest.mark.parametrize("case", cases.ACCEPT)
def test_only_what_is_proved_is_said_to_be_unique(case):
    obj = json.loads(cases.ACCEPT[case])
    lines = said(cases.ACCEPT[case])
    only, above = obj["claim"]["unique"][1:], obj["claim"]["unique"][0]
    assert any("other minimisers are not excluded" in line for line in lines) == (not all(only))
    assert any("it stays a minimiser, and there is no other" in line for line in lines) == above
    assert ("no other point is" in lines[0]) <= all(only)


def test_a_column_may_come_back():
    ranges = "for lambda strictly between 2/3 and 2 and for lambda strictly between 0 and 2/13."
    assert any(line.endswith(ranges) for line in said(cases.ACCEPT["turning"]))


def test_a_column_may_be_in_at_the_ends_of_the_path_outside_of_its_open_ranges():
    """From 3 to 2, where x_1 = 2 - level/2 is not 0 at either end, and these are no levels strictly between them."""
    lines = said(path(EYE, [2, 1], [1, 1], [3, 2], [[F(1, 2), 0], [1, 0]], [None, [0]]))
    assert any(line.endswith("for lambda strictly between 2 and 3.") for line in lines)
    line = next(line for line in lines if "outside of its ranges a column is 0" in line)
    assert line.endswith("outside of its ranges a column is 0, but perhaps at an end of the path.")


def test_a_column_without_a_penalty_has_no_ranges():
    """Its sign may change inside of a piece."""
    data = path([[1, 0], [1, 1]], [1, -1], [0, 1], [2, 0], [[0, 0], [1, -2]], [None, None])
    lines = said(data)
    assert not any(line.startswith("Column 1 is in") for line in lines)
    assert any(line.endswith("so that no ranges are stated: column 1.") for line in lines)


TINY, TINIER = F(1, 10**20), F(1, 10**60)


@pytest.mark.parametrize(("width", "short"), [(F(1, 2), False), (TINY, False), (TINIER, True)])
def test_ends_of_a_range_are_told_apart_and_lie_within_it(width, short):
    high = F(3) + F(1, 7**30)
    low = high - width
    points = [[2 - level / 2, 0] for level in (high, low)]
    lines = said(path(EYE, [2, 1], [1, 1], [high, low], points, [None, [0]]))
    line = next(line for line in lines if line.startswith("Column 1 is in"))
    if short:
        assert "in a range too short to be printed" in line
    else:
        first, last = (F(end.rstrip(".")) for end in re.search(r"between (\S+) and (\S+)", line).groups())
        assert low <= first < last <= high
        assert last - first >= width / 2


def test_the_first_breakpoint_is_the_least_level_only_if_the_path_leaves_zero_there():
    longer = path(EYE, [2, 1], [1, 1], [5, 4, 2], [[0, 0], [0, 0], [1, 0]], [[], [], [0]])
    assert not any("least lambda at which" in line for line in said(longer))
    assert any("least lambda at which" in line for line in said(cases.LASSO))
    assert any(line == "It has exactly 2 linear pieces." for line in said(longer))


def test_levels_of_many_digits_are_read():
    level = F(4) - F(1, 3**200)
    changed = path(EYE, [2, 1], [1, 1], [4, level, 2], [[0, 0], [2 - level / 2, 0], [1, 0]], [[], [0], [0]])
    assert "3.99999" in " ".join(said(changed))
    assert rat(level)[1].startswith("0x")


def test_a_short_file_may_not_ask_for_many_long_numbers():
    """A number of 2^20 bits in a point, and 8,192 rows; or products of 5,000 columns with each other."""
    tall = path([[1]] * 8192, [0] * 8192, [1], [0], [[F(1, 3**660_000)]], [None])
    report = verify_bytes(tall)
    assert report.verdict == "malformed" and "exceed 2^32 bits" in report.reason
    wide = path([[1] * 5000], [0], [1] * 5000, [0], [[1] * 5000], [None])
    report = verify_bytes(wide)
    assert report.verdict == "malformed" and "exceed 2^32 bits" in report.reason


@pytest.mark.parametrize(
    ("where", "room"),
    [
        # bits of X, of y, of five arrays, of lambda = 4, and of v = 0, the most at any breakpoint; 2 rows, 2 columns
        ("penalised", 4 * (2 + 3 + 5 * 2 + 4 + 2)),
        ("penalised_moments", 2 * 2 * 256),
    ],
)
def test_the_room_is_what_the_page_says(where, room):
    for cap, verdict in ((room, "valid"), (room - 1, "malformed")):
        with mock.patch(f"proofs_checks.checker.parts.{where}.MAX_BITS", cap):
            assert verify_bytes(cases.LASSO).verdict == verdict
