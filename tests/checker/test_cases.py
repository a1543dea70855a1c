"""Every case of the tables gets its verdict, for the reason that was meant."""

import pytest

from proofs_checks import verify_bytes
from tests.checker.cases import MODULES, table

ACCEPT, REJECT, MALFORMED = table("ACCEPT"), table("REJECT"), table("MALFORMED")


@pytest.mark.parametrize("case", ACCEPT)
def test_accepted(case):
    report = verify_bytes(ACCEPT[case])
    assert (report.verdict, report.reason) == ("valid", None)
    assert report.statement.kind == report.kind
    assert all("\n" not in line for line in (report.statement.title, *report.statement.lines))


@pytest.mark.parametrize("case", REJECT)
def test_rejected(case):
    rule, data = REJECT[case]
    report = verify_bytes(data)
    assert report.verdict == "invalid"
    assert report.reason.startswith(f"{rule}: ")
    assert "\n" not in report.reason


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed(case):
    fragment, data = MALFORMED[case]
    report = verify_bytes(data)
    assert report.verdict == "malformed"
    assert fragment in report.reason
    assert "\n" not in report.reason and len(report.reason) < 300


def test_no_case_is_two_cases():
    for cases in (ACCEPT, {k: v for k, (_, v) in REJECT.items()}, {k: v for k, (_, v) in MALFORMED.items()}):
        assert len(set(cases.values())) == len(cases)


@pytest.mark.parametrize("module", MODULES[1:], ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_accepted_and_rejected_are_about_as_many(module):
    assert len(module.REJECT) >= len(module.ACCEPT) / 2
    assert len(module.ACCEPT) >= len(module.REJECT) / 2
