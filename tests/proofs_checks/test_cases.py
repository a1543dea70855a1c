"""Every case of the tables gets its verdict, for the reason that was meant."""

import re
from unittest import mock

import pytest

from proofs_checks import verify_bytes
from tests.proofs_checks.builders import F, changed, rat
from tests.proofs_checks.cases import MODULES, breakdown, table

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


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("minimiser-bpdn-other-column-better", "rule 1: the dual vector exceeds the bound of column 2"),
        ("minimiser-bpdn-wrong-side", "rule 2: x_1 does not have the sign of (A*g)_1"),
        ("minimiser-bpdn-orthogonal-column", "rule 1: (A*r)_1 is 0 where x is not"),
        ("minimiser-lasso-too-long", "rule 2: x_1 is not 0, but the bound of column 1 is not attained"),
        ("gap-bpdn-infeasible", "feasible: |Ax - y|^2 = 4 exceeds p^2"),
        ("training-data-point-too-far", "rule 4: triple (k, n) = (1, 1): |x_kn - z|^2 = 251001/1000000 exceeds 4^-n"),
        ("barrier-second-read-wrong", "rule 2: read 2, of precision 4: c_n is not c_0 rounded up to precision n"),
        ("barrier-output-right", "rule 4: z is within 10^-3 of the minimiser of member (1, 12)"),
        ("barrier-disjoint-for-h-only", "class: 2 h^2 > 4 * 10^-2T fails: h = 0.0014141"),
        ("control-called-ok", "verdict: the output is inaccurate, not ok"),
    ],
)
def test_reasons_name_the_offending_value(case, reason):
    assert verify_bytes(REJECT[case][1]).reason == reason


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("conditioning-member", "The condition numbers of this instance are at most 1."),
        (
            "conditioning-tie",
            "The condition numbers of the matrix and of feasibility are 1; "
            "of the tie's sensitivity nothing is claimed.",
        ),
        (
            "conditioning-tie-sensitivity",
            "The condition numbers of the tie are at most 1, with distances to the set of its minimisers.",
        ),
        (
            "conditioning-samples-tie",
            "The condition numbers of the matrix and of sensitivity of this instance are at most 1 at the further "
            "samples of the file, with distances to the set of its minimisers; that of feasibility is at most 1.36083.",
        ),
        (
            "conditioning-samples-tie-bpdn-as-long-as-p",
            "The condition numbers of this instance are at most 1 at the further samples of the file.",
        ),
    ],
)
def test_titles_do_not_say_more_than_the_rules(case, title):
    assert verify_bytes(ACCEPT[case]).statement.title == title


@pytest.mark.parametrize(
    ("case", "field", "value", "said"),
    [
        ("gap-lasso", "claim gap", 10 + F(1, 10**24), "at most 10.0001 above"),
        ("operator-norm-factor-with-one-column", "claim high", 10 + F(1, 10**24), "high <= 10.0001,"),
        ("null-space-coherence-one-column", "claim gamma", 10 + F(1, 10**24), "gamma <= 10.0001."),
        ("null-space-transfer-of-coherence", "evidence rho", F(3, 5) + F(1, 10**24), "rho' <= 0.600001 and"),
        ("null-space-transfer-of-coherence", "evidence eta", F(1, 10) + F(1, 10**24), "eta <= 0.100001, from"),
        ("recovery-exact", "claim gamma", 1 + F(1, 10**24), "gamma <= 1.00001."),
        ("conditional-recovery-with-witness", "claim gamma", F(13, 2) - F(1, 10**24), "gamma <= 6.49999 or"),
        ("randomised-sampled", "claim bound", F(3 * 2**30 + 1, 2**32 - 5), "at most 0.750001 on"),
    ],
)
def test_long_bounds_are_printed_on_the_side_that_says_less(case, field, value, said):
    statement = verify_bytes(changed(ACCEPT[case], field.split(), rat(value))).statement
    assert said in " ".join((statement.title, *statement.lines))


def test_numbers_beyond_those_of_a_float64_are_not_called_one():
    statement = verify_bytes(ACCEPT["claim-audit-float64-smallest"]).statement
    assert statement.lines[-1].startswith("The float64 (exponents unlimited) nearest to entry 2 of the row a is ")


def test_all_vectors_of_a_family_count_together():
    """Five numbers of the common data, and 13 that may have roots."""
    with mock.patch("proofs_checks.checker.core.numbers.MAX_PLACES", 18):
        assert verify_bytes(breakdown.FAMILY).verdict == "valid"
    with mock.patch("proofs_checks.checker.core.numbers.MAX_PLACES", 17):
        assert verify_bytes(breakdown.FAMILY).verdict == "malformed"


ONE_OF_MANY = re.compile(
    r"(?<![-+.,/*^\w])(?<![-+*=/] )1 (?:answers|bits|blocks|columns|data|digits|entries|instances|members|"
    r"minimisers|outcomes|reads|restarts|rows|runs|samples|seeds|supports|tapes|times|units|weights)\b"
)


def test_one_is_no_plural():
    assert ONE_OF_MANY.search("this fails 1 digits") and not ONE_OF_MANY.search("K - 1 digits, 11 digits, 10^-1 units")
    reports = [
        verify_bytes(data) for data in (*ACCEPT.values(), *(data for _, data in {**REJECT, **MALFORMED}.values()))
    ]
    statements = [report.statement for report in reports if report.statement is not None]
    said = [line for statement in statements for line in (statement.title, *statement.lines)]
    said += [report.reason for report in reports if report.reason is not None]
    assert [line for line in said if ONE_OF_MANY.search(line)] == []
    for once in ("1 digit", "1 datum", "1 read", "1 outcome"):
        assert any(once in line for line in said), once


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed(case):
    fragment, data = MALFORMED[case]
    report = verify_bytes(data)
    assert report.verdict == "malformed"
    assert fragment in report.reason
    assert "\n" not in report.reason and len(report.reason) < 500


def test_no_case_is_two_cases():
    for cases in (ACCEPT, {k: v for k, (_, v) in REJECT.items()}, {k: v for k, (_, v) in MALFORMED.items()}):
        assert len(set(cases.values())) == len(cases)


@pytest.mark.parametrize("module", MODULES[1:], ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_accepted_and_rejected_are_about_as_many(module):
    assert len(module.REJECT) >= len(module.ACCEPT) / 2
    assert len(module.ACCEPT) >= len(module.REJECT) / 2
