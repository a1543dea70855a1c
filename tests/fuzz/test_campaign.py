"""The campaign notices what it is there for, makes the same files for a seed, and goes on where it stopped."""

import json
from unittest import mock

import pytest

from benchmarks import campaign
from tests.fuzz.edits import generator
from tests.fuzz.hostile import FAMILIES
from tests.proofs_checks.cases import minimiser

KNOWN = [data for kind in campaign.originals().values() for data in kind]


@pytest.mark.parametrize("family", FAMILIES)
def test_files_are_bytes_and_the_same_for_a_seed(family):
    first, second = ([FAMILIES[family](generator("1"), KNOWN) for _ in range(3)] for _ in range(2))
    assert first == second and all(isinstance(data, bytes) for data in first)


def test_random_files_are_borne():
    counts, _, faults = campaign.random_files("a seed", 160)
    assert faults == [] and sum(n for (_, column), n in counts.items() if column == "files") == 160
    assert {column for _, column in counts} >= {"valid", "malformed"}


def test_mutants_are_judged():
    counts, _, faults = campaign.mutants("a seed", 30)
    assert faults == [] and {column for _, column in counts} >= {campaign.TRUE, "malformed", "invalid"}


def test_what_is_accepted_and_false_is_noticed():
    """That a broken rule of the checker leads to this is tested in test_fuzz."""
    with mock.patch("benchmarks.campaign.true", lambda _: False):
        counts, _, faults = campaign.mutants("a seed", 30)
    false = sum(n for (_, column), n in counts.items() if column == campaign.FALSE)
    assert len(faults) == false > 0 and all(fault.startswith("a false accept: b'{") for fault in faults)


def test_a_checker_that_crashes_is_noticed():
    with mock.patch("benchmarks.campaign.verify_bytes", side_effect=ZeroDivisionError):
        assert len(campaign.mutants("7", 3)[2]) == 3


def test_output_that_is_not_escaped_is_noticed():
    with mock.patch("proofs_checks.cli.printable", lambda text: text):
        found = campaign.random_files("1", 40)[2]
    assert any("the character" in fault for fault in found)


@pytest.mark.parametrize(
    ("out", "err", "found"),
    [
        ("fine √ λ\n", "", 0),
        ("a\x1bb\n", "", 1),
        ("a\x85b\n", "", 1),
        ("\u202e\n", "", 1),
        ("\u05d0\n", "", 1),
        ("e\u0301\n", "", 1),
        ("no end", "", 1),
        ("", "", 1),
        ("Traceback\n", "", 1),
        ("fine\n", "words", 1),
        ("x" * 30_000 + "\n", "", 1),
    ],
)
def test_what_is_a_fault(out, err, found):
    assert len(list(campaign.faults_of(out, err))) == found


def test_exit_codes_that_disagree_are_noticed(tmp_path):
    path = tmp_path / "x.cert.json"
    path.write_bytes(minimiser.LASSO)
    assert campaign.read_by_command(path) == ("valid", [])

    def other(arguments):
        print("x")
        return 4 if "explain" in arguments else 0

    with mock.patch("benchmarks.campaign.checker", other):
        assert campaign.read_by_command(path)[1]
    with mock.patch("benchmarks.campaign.checker", side_effect=KeyError("x")):
        assert any("KeyError" in fault for fault in campaign.read_by_command(path)[1])


def test_mutants_of_some_kinds_only(tmp_path):
    counts, _, faults = campaign.mutants("a seed", 20, ("joint-answer", "nested-ties"))
    assert faults == [] and {kind for kind, _ in counts} == {"joint-answer", "nested-ties"}
    with pytest.raises(SystemExit):
        campaign.main(["--kind", "joint-answer", "--out", str(tmp_path / "c.jsonl")])


@pytest.mark.slow
def test_a_campaign_goes_on_where_it_stopped(tmp_path, capsys):
    out, page = tmp_path / "c.jsonl", tmp_path / "page.md"
    page.write_text("before\n<!-- campaign: begin -->\nold\n<!-- campaign: end -->\nafter\n")
    arguments = ["--mutants", "20", "--random", "20", "--out", str(out), "--markdown", str(page)]
    assert campaign.main([*arguments, "--seed", "5"]) == 0
    first, text = out.read_text(), page.read_text()
    assert "Seed 5." in text and "old" not in text and text.endswith("after\n") and "| all | 20 |" in text
    seconds = [json.loads(line) for line in first.splitlines()]
    assert [record.get("size") for record in seconds] == [None, 20, 20]
    out.write_text(first[:-30])  # stopped while the last batch was written
    assert campaign.main(arguments) == 0
    assert "Seed 5." in page.read_text() and "| all | 20 |" in page.read_text()
    with pytest.raises(SystemExit, match="another seed"):
        campaign.main([*arguments, "--seed", "6"])
    assert "seed 5" in capsys.readouterr().out
