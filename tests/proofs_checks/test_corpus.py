"""The corpus on disk: it is what its script writes, and it tells checkers apart."""

import pytest

from proofs_checks import verify_path
from tests.corpus.generate import ROOT, SUFFIX, corpus

VERDICTS = {"accept": "valid", "reject": "invalid", "malformed": "malformed"}


def files():
    return [path for folder in VERDICTS for path in sorted((ROOT / folder).iterdir())]


def disagreements(verdict_of):
    """The files on which a checker, given as a function from paths to verdicts, is wrong."""
    return {path.parent.name for path in files() if verdict_of(path) != VERDICTS[path.parent.name]}


def test_the_script_writes_the_same_bytes():
    on_disk = {f"{path.parent.name}/{path.name}": path.read_bytes() for path in files()}
    assert on_disk == corpus()


def test_the_checker_agrees():
    assert disagreements(lambda path: verify_path(path).verdict) == set()


@pytest.mark.parametrize(
    ("dummy", "caught_by"),
    [
        ("valid", {"reject", "malformed"}),
        ("invalid", {"accept", "malformed"}),
        ("malformed", {"accept", "reject"}),
        ("undecided", {"accept", "reject", "malformed"}),
    ],
)
def test_a_checker_that_always_says_the_same_is_caught(dummy, caught_by):
    assert disagreements(lambda path: dummy) == caught_by


def test_accepted_and_refused_are_about_as_many():
    count = {folder: len(list((ROOT / folder).glob(f"*{SUFFIX}"))) for folder in VERDICTS}
    assert min(count.values()) >= 60
    assert max(count["reject"], count["malformed"]) <= 2 * count["accept"]
