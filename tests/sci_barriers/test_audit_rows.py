"""Rows of a claims file: what is found of each stops no other, and what is printed is true at the margin."""

import json
from fractions import Fraction

import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.scalars import exact_array, exact_vector
from proofs_checks.checker import verify_bytes, verify_path
from sci_barriers import UsageError
from sci_barriers.audit import claims
from sci_barriers.audit.claims import Audit, audit, read_audit
from sci_barriers.audit.instances import BlockInstance, DenseInstance, UniquenessError
from sci_barriers.certificates.claim_audit import row_files
from sci_barriers.problems import ArgminSet, problem_type
from sci_barriers.problems.solve import solve_exactly

BLOCK = {"form": "block", "problem": "bpdn", "parameter": "1/2", "rows": 2, "columns": 3, "row": [3, 2]}
FAILS = {"type": "fails", "point": "zero", "digits": 9}
GOOD = {"name": "good", "instance": BLOCK, "points": {}, "claims": [FAILS]}


def written(tmp_path, *audits):
    (tmp_path / "claims.json").write_text(json.dumps({"audits": audits}))
    return tmp_path / "claims.json"


def finding(instance, claim, **points):
    found = audit(read_audit({"name": "t", "instance": instance, "points": points, "claims": [claim]}))
    assert {verify_bytes(data).verdict for data in row_files(found, 1).values()} == {"valid"}
    return found.findings[0]


# ‖a‖ = √(7 + 4√2) does not lie in Q(√2)
TIED = BLOCK | {"columns": 4, "row": ["1 + sqrt(2)", "1 + sqrt(2)", 1]}


def test_more_than_one_minimiser_of_a_block_is_a_finding_of_its_row(call, tmp_path):
    """The other rows are audited, and the exit code is theirs."""
    path = written(tmp_path, GOOD | {"name": "many", "instance": TIED}, GOOD)
    code, out, err = call("audit-claims", path, "--out", tmp_path / "audited")
    assert (code, err) == (0, "") and out.startswith("many: not unique\n  not unique, ")
    assert "the distance to *the* minimiser is not defined" in out and "\n  certified  zero fails 9 digits" in out
    report = verify_path(tmp_path / "audited")
    assert report.verdict == "valid" and len(report.parts) == 1
    code, out, _ = call("audit-claims", path, "--json")
    assert code == 0 and [row["verdict"] for row in json.loads(out)["result"]["audits"]] == ["not unique", "certified"]


@pytest.mark.parametrize("problem", ["bpdn", "lasso", "sqrt-lasso"])
def test_of_a_block_with_equal_entries_distances_are_to_the_nearest_minimiser(problem):
    """h conv{e_1, e_2}: the nearest to 0 is its midpoint, as far away as it is long."""
    instance = BLOCK | {"problem": problem, "row": [3, 3]}
    h = {"bpdn": "1/6", "lasso": "11/36", "sqrt-lasso": "1/3"}[problem]
    for high, verdict in (("1", "certified"), ("0.9999", "refuted")):
        assert finding(instance, {"type": "relative", "point": "zero", "high": high}).verdict == verdict
    for point in ([h, 0, 0], [0, h, 0], [f"{h} - 1/100", "1/100", 0]):
        assert finding(instance, {"type": "minimiser", "point": "p"}, p=point).verdict == "certified"
    assert finding(instance, {"type": "minimiser", "point": "p"}, p=[h, "1/100", 0]).verdict == "refuted"


def test_of_a_block_at_the_end_of_its_parameter_all_multiples_are_minimisers():
    instance = BLOCK | {"problem": "sqrt-lasso", "row": [1, "1/2"], "parameter": 1}
    for share, verdict in (("0", "certified"), ("1/2", "certified"), ("1", "certified"), ("1.01", "refuted")):
        claim = {"type": "minimiser", "point": "p"}
        assert finding(instance, claim, p=[share, 0, 0]).verdict == verdict


def test_more_than_one_minimiser_of_a_matrix_is_said_and_distances_are_to_the_nearest(call, tmp_path):
    instance = {"problem": "lasso", "parameter": "1/2", "matrix": [[2, 2]], "data": [3]}
    path = written(tmp_path, GOOD | {"name": "many", "instance": instance}, GOOD)
    code, out, err = call("audit-claims", path, "--out", tmp_path / "audited")
    assert (code, err) == (0, "") and out.startswith("many: certified\n  not unique, with minimisers at least 0.")
    report = verify_path(tmp_path / "audited")
    assert report.verdict == "valid" and len(report.parts) == 2
    rows = json.loads(call("audit-claims", path, "--json")[1])["result"]["audits"]
    assert [row["reason"][:10] for row in rows] == ["not unique", ""]


def test_a_row_that_cannot_be_used_does_not_stop_the_others(call, tmp_path):
    bad = GOOD | {"name": "bad", "instance": BLOCK | {"row": [1, 2, 3]}}
    beyond = GOOD | {"name": "beyond", "claims": [{"type": "float64", "first": 1, "second": 9}]}
    code, out, err = call("audit-claims", written(tmp_path, bad, beyond, GOOD, 5), "--out", tmp_path / "audited")
    assert code == 3 and err == "sci-barriers: error: 3 rows of 4 cannot be used\n"
    assert "bad: unusable\n  the length of the row must be" in out
    assert "beyond: unusable\n" in out and "row 4: unusable\n" in out and "certified  zero fails 9 digits" in out
    assert verify_path(tmp_path / "audited").verdict == "valid"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"claims": [FAILS | {"type": ["fails"]}]}, "unknown type of claim ['fails']"),
        ({"claims": [FAILS | {"type": "9" * 10**5}]}, "unknown type of claim '999"),
        ({"claims": [FAILS, FAILS | {"point": "9" * 10**5}]}, "there is no point '999"),
        ({"claims": [FAILS | {"digits": "9" * 10**5}]}, "digits must be an integer from -1000 to 1000, got '999"),
        ({"claims": [FAILS | {"digits": 1001}]}, "digits must be an integer from -1000 to 1000, got 1001"),
        ({"instance": BLOCK | {"problem": "x" * 10**5}}, "unknown problem 'xxx"),
        ({"instance": BLOCK | {"form": "x" * 10**5}}, "has form 'block' or 'dense', got 'xxx"),
        ({"instance": BLOCK | {"rows": "1" * 10**5}}, "rows of a block instance must be an integer"),
        ({"instance": BLOCK | {"rows": 65_536, "columns": 65_537}}, "needs 1 <= m < N <= 65536"),
        ({"instance": BLOCK | {"rows": 10**30, "columns": 10**30 + 1}}, "needs 1 <= m < N <= 65536"),
        ({"instance": BLOCK | {"rows": 0, "columns": 1}}, "needs 1 <= m < N <= 65536"),
    ],
)
def test_odd_content_is_a_short_line_at_its_row(call, tmp_path, wrong, message):
    code, out, _ = call("audit-claims", written(tmp_path, GOOD | wrong, GOOD), "--json")
    first, second = json.loads(out)["result"]["audits"]
    assert code == 3 and (first["verdict"], second["verdict"]) == ("unusable", "certified")
    assert message in first["reason"] and "\n" not in first["reason"] and len(first["reason"]) < 700


@pytest.mark.parametrize("name", ["x" * 10**5, "\ud800", "two\nlines \x1b[31m", "é", "../../up", ["a", {"list": 1}]])
def test_odd_names_of_rows_spoil_nothing(call, tmp_path, name):
    code, out, err = call("audit-claims", written(tmp_path, GOOD | {"name": name}, GOOD), "--out", tmp_path / "audited")
    assert (code, err) == (0, "") and out.count("certified  zero fails 9 digits") == 2 and "\x1b" not in out
    report = verify_path(tmp_path / "audited")
    assert report.verdict == "valid" and len(report.parts) == 2


def test_a_block_with_equal_entries_that_is_too_large_as_a_matrix_is_called_not_unique(call, tmp_path):
    large = BLOCK | {"rows": 65_535, "columns": 65_536, "row": [3, 3]}
    code, out, _ = call("audit-claims", written(tmp_path, GOOD | {"instance": large}, GOOD), "--json")
    assert code == 0 and [row["verdict"] for row in json.loads(out)["result"]["audits"]] == ["not unique", "certified"]


def test_a_row_that_the_memory_does_not_suffice_for_is_undecided(call, tmp_path, monkeypatch):
    find = claims.find

    def short_of_memory(subject, claim):
        if subject.name == "large":
            raise MemoryError
        return find(subject, claim)

    monkeypatch.setattr(claims, "find", short_of_memory)
    code, out, err = call("audit-claims", written(tmp_path, GOOD | {"name": "large"}, GOOD))
    assert (code, err) == (3, "") and "large: undecided\n  the memory of this machine does not suffice" in out
    assert "certified  zero fails 9 digits" in out


def test_the_exit_code_is_that_of_the_rows_that_can_be_used_if_there_are_any(call, tmp_path):
    wrong = GOOD | {"claims": [FAILS | {"type": "reaches"}]}
    many = GOOD | {"name": "many", "instance": TIED}
    assert call("audit-claims", written(tmp_path, many, wrong))[0] == 0
    assert call("audit-claims", written(tmp_path, many, wrong), "--require", "certified")[0] == 1
    assert call("audit-claims", written(tmp_path, many, wrong), "--require", "refuted")[0] == 0
    assert call("audit-claims", written(tmp_path, many, wrong, {}))[0] == 3
    assert call("audit-claims", written(tmp_path, many, {}))[0] == 3
    assert call("audit-claims", written(tmp_path, {}, {}), "--out", tmp_path / "none")[0] == 2
    assert not (tmp_path / "none").exists()


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_another_minimiser_is_found_iff_there_is_one(a, b, y):
    """min |x|_1 + (a x_1 + b x_2 - a x_3 - 4y)²: only the largest columns are used, of which a and -a can be shared."""
    found = ArgminSet(solve_exactly(problem_type("lasso")([[a, b, -a]], [4 * y], parameter=1)))
    other = found.another()
    assert (other is not None) == (a >= b)
    if other is not None:
        assert found.contains(other) and any(other - found.minimiser.point)


def test_one_minimiser_although_columns_are_dependent():
    """(1, 0, 0): all three columns are tight, and a sum of the other two has a second entry."""
    with pytest.raises(UniquenessError, match="unique, but"):
        DenseInstance(
            problem="lasso",
            parameter=fmpq(1),
            matrix=exact_array([[1, 0, "1/2"], [0, 1, "1/2"]]),
            data=exact_array(["3/2", "1/2"]),
        )


HAIR = fmpq(1, 10**20)


@pytest.mark.parametrize("problem", ["bpdn", "lasso", "sqrt-lasso"])
def test_the_excess_is_printed_and_not_two_numbers_that_look_alike(problem):
    """A point a hair beside the minimiser: both objectives are the same to seven digits."""
    instance = BlockInstance(
        problem=problem, parameter=fmpq(1, 2), rows=2, columns=3, row=exact_vector([3, 2], length=2)
    )
    near = instance.minimiser.copy()
    near[0] += HAIR  # for bpdn the residual becomes smaller, and the norm larger
    claims = ({"type": "minimiser", "point": "near"},)
    (found,) = audit(Audit("t", instance, {"near": near, "minimiser": instance.minimiser}, claims)).findings
    assert found.verdict == "refuted" and "exceeds the minimum by at least" in found.computed
    printed = fmpq(*Fraction(found.computed.split()[-1]).as_integer_ratio())
    with ctx.workprec(500):
        exact = instance.objective_ball(near) - instance.objective_ball(instance.minimiser)
        assert printed > 0 and not exact < arb(printed) and exact < arb(printed) * (1 + arb(1) / 10**5)


def test_an_infeasible_point_is_called_so():
    assert finding(BLOCK, {"type": "minimiser", "point": "zero"}).computed == "infeasible"


def test_a_distance_a_hair_beyond_its_digits_is_not_printed_as_if_it_reached_them():
    far = ["1/6", 0, "0.001000000000000000000001"]
    found = finding(BLOCK, {"type": "distance", "point": "p", "low": 0, "high": "0.001"}, p=far)
    assert found.verdict == "refuted" and found.computed == "between 0.001000000 and 0.001000001"
    assert finding(BLOCK, FAILS | {"point": "p", "digits": 3}, p=far).computed == "distance at least 0.001000000"
    near = ["1/6", 0, "0.000999999999999999999999"]
    claim = {"type": "reaches", "point": "p", "digits": 3}
    assert finding(BLOCK, claim, p=near).computed == "distance at most 0.001000000"


def test_steps_that_are_not_quite_allowed():
    """‖A‖² = 13."""
    claim = {"type": "steps", "tau": "1/13", "sigma": 1}
    assert finding(BLOCK, claim).computed == "τσ‖A‖² >= 1"
    assert finding(BLOCK, claim | {"sigma": "0.99999999999"}).computed == "τσ‖A‖² <= 1.000000"


def test_numbers_far_beyond_floats():
    tiny = ["1/6", 0, "1e-400"]
    assert finding(BLOCK, {"type": "distance", "point": "p"}, p=tiny).computed == "1e-400"


def test_float64_has_an_end():
    for row in ([f"1/{2**1030}", f"1/{2**1031}"], [2**1024, 2**1025]):
        with pytest.raises(UsageError, match=r"between 2\^-1022 and 2\^1023"):
            finding(BLOCK | {"row": row}, {"type": "float64", "first": 1, "second": 2})
