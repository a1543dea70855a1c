"""Counts in words, in reports about one of each."""

import re

import pytest

from exact_base.words import counted, digits_in_words
from exact_base.words import counted as firenet_counted
from sci_barriers import load_candidate
from sci_barriers.commands.app import main
from sci_barriers.theorem2.lines import theorem2

ONE_OF_MANY = re.compile(r"(?<![-+.,/*^·\w])(?<![-+*=/] )1 (?:digits|data|reads|runs|samples|outcomes|entries)\b")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (counted(0, "read"), "0 reads"),
        (counted(1, "read"), "1 read"),
        (counted(2, "datum", "data"), "2 data"),
        (counted(1, "datum", "data"), "1 datum"),
        (digits_in_words(None), "all digits"),
        (digits_in_words(-1), "no digit"),
        (digits_in_words(1), "1 digit"),
        (firenet_counted(1, "block"), "1 block"),
        (firenet_counted(3, "block"), "3 blocks"),
    ],
)
def test_examples(shown, expected):
    assert shown == expected


def test_theorem_2_of_three_digits_and_one_datum():
    lines = [
        line.words
        for line in theorem2(load_candidate("exact", problem="lasso"), "lasso", digits=3, data=1, rows=1, columns=2)
    ]
    assert [line for line in lines if ONE_OF_MANY.search(line)] == []
    assert any("1 digit" in line for line in lines) and any("1 datum" in line for line in lines)


COMMON = ("--problem", "lasso", "--digits", "2", "--size", "2", "3", "--in-process")


@pytest.mark.parametrize(
    "command",
    [
        ("challenge", "exact", "--family", "weak"),
        ("budget", "exact", "--reads", "1"),
        ("budget", "exact", "--reads", "1", "--access", "stream"),
        ("randomised", "vertex", "--family", "weak", "--budget", "1"),
        ("randomised", "vertex", "--family", "weak", "--budget", "1", "--seeds", "20"),
    ],
)
def test_commands_about_one_digit(command, capsys, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main([*command, *COMMON, "--out", str(tmp_path / "x.cert.json")])
    out = capsys.readouterr().out
    assert ended.value.code == 0 and re.search(r"\b1 (digit|datum)\b", out) and not ONE_OF_MANY.search(out)
