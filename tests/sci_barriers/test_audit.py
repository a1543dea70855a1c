"""Audits of published numbers: claims are decided exactly, and Table 1's finding comes out of the computation."""

import json
import math

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.fields import read_real
from exact_base.rationals import power_of_ten
from exact_base.scalars import exact_array, norm2, sqrt
from proofs_checks.checker import verify_bytes, verify_path
from sci_barriers import DataError, UsageError
from sci_barriers.audit.claims import audit, audited, read_audit
from sci_barriers.audit.float64 import float64_steps
from sci_barriers.audit.instances import BlockInstance, DenseInstance
from sci_barriers.audit.table1 import DIGITS, PRECISIONS, PUBLISHED, claims_document, table1
from sci_barriers.certificates.claim_audit import audit_certificate

# --- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (3, fmpq(3)),
        (0.1, fmpq(3602879701896397, 36028797018963968)),
        ("0.1", fmpq(1, 10)),
        ("-2/3", fmpq(-2, 3)),
        ("1e-3", fmpq(1, 1000)),
        ("sqrt(4)", fmpq(2)),
        ("sqrt(2)", sqrt(fmpq(2))),
        ("-sqrt(2)", -sqrt(fmpq(2))),
        ("10/3*sqrt(2) + 1/2048", sqrt(fmpq(2)) * fmpq(10, 3) + fmpq(1, 2048)),
        ("1/2 - 0.5*sqrt(8)", fmpq(1, 2) - sqrt(fmpq(2))),
    ],
)
def test_numbers_are_read_exactly(text, value):
    assert read_real(text) == value


@pytest.mark.parametrize(
    "text", ["", "x", "1 1", "1//2", "sqrt(-1)", "2sqrt(2)", "1/0", "nan", float("nan"), float("inf"), True, None, [1]]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(DataError):
        read_real(text)


@given(
    st.fractions(min_value="1/1000", max_value=10**6),
    st.fractions(min_value="1/1000", max_value=10**6),
)
def test_float64_steps_against_numpy(low, high):
    low, high = sorted((low, high))
    a, b = (fmpq(x.numerator, x.denominator) for x in (low, high))
    below = np.nextafter(float(low), 0) if float(low) > low else float(low)
    unit = fmpq(*float(np.spacing(below)).as_integer_ratio())
    difference = fmpq(*float(high).as_integer_ratio()) - fmpq(*float(low).as_integer_ratio())
    assert float64_steps(a, b) * unit == difference == -float64_steps(b, a) * unit


def test_the_unit_of_a_power_of_two_is_the_one_above_it():
    below = fmpq(1) - fmpq(1, 2**60)  # rounds up to 1
    assert float64_steps(below, fmpq(1) + fmpq(1, 2**52)) == 1
    assert float64_steps(below, fmpq(1)) == 0


def test_float64_ties_go_to_even():
    one, ulp = fmpq(1), fmpq(1, 2**52)
    assert float64_steps(one, one + ulp / 2) == 0
    assert float64_steps(one, one + ulp / 2 + power_of_ten(-40)) == 1
    assert float64_steps(one, one + ulp * fmpq(3, 2)) == 2
    assert float64_steps(one, one + ulp * fmpq(3, 2) - power_of_ten(-40)) == 1


# --- instances -------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", ["bpdn", "lasso", "sqrt-lasso"])
def test_a_block_is_what_it_stands_for(problem):
    # a = (3, 4) has c = 5, so the dense matrix is rational
    block = BlockInstance(problem=problem, parameter=fmpq(1, 2), rows=2, columns=3, row=exact_array([3, 4]))
    dense = DenseInstance(
        problem=problem, parameter=fmpq(1, 2), matrix=exact_array([[3, 4, 0], [0, 0, 5]]), data=exact_array([1, 0])
    )
    assert (block.minimiser == dense.minimiser).all()
    for z in ([0, 0, 0], ["1/3", 0, "-1/7"], [1, 2, 3], block.minimiser):
        point = block.point(z)
        assert block.residual2(point) == dense.residual2(point)
        assert block.l1(point) == dense.l1(point)
        assert block.distance2(point) == dense.distance2(point) == norm2(point - block.minimiser)
    # ‖A‖² = 25: strict at the edge
    for product, allowed in [(fmpq(1, 25), False), (fmpq(1, 25) - power_of_ten(-30), True), (fmpq(1, 24), False)]:
        assert block.steps_allowed(product) is dense.steps_allowed(product) is allowed


@pytest.mark.parametrize(
    "changes",
    [
        {"row": exact_array([3, 3])},
        {"row": exact_array([3, 0])},
        {"row": exact_array([3, -4])},
        {"row": exact_array([3, 4, 5])},
        {"parameter": fmpq(4)},
        {"parameter": fmpq(0)},
        {"rows": 3},
    ],
)
def test_blocks_without_one_known_minimiser_are_refused(changes):
    with pytest.raises(DataError):
        BlockInstance(
            **{"problem": "sqrt-lasso", "parameter": fmpq(1), "rows": 2, "columns": 3, "row": exact_array([3, 4])}
            | changes
        )


def test_a_dense_instance_without_unique_minimiser_is_refused():
    with pytest.raises(DataError, match="unique"):
        DenseInstance(problem="lasso", parameter=fmpq(1, 2), matrix=exact_array([[2, 2]]), data=exact_array([3]))


# --- claims ----------------------------------------------------------------------------------------

DENSE = {"form": "dense", "problem": "lasso", "parameter": "1/2", "matrix": [[2, 1, 0], [0, 1, 3]], "data": [3, 1]}
BLOCK = {
    "form": "block",
    "problem": "sqrt-lasso",
    "parameter": 1,
    "rows": 2,
    "columns": 3,
    "row": ["7*sqrt(2)", "7*sqrt(2) + 1/1099511627776"],
}


def decide(instance, claim, **points):
    subject = audit(read_audit({"name": "t", "instance": instance, "points": points, "claims": [claim]}))
    certificate = audit_certificate(subject)
    report = verify_bytes(certificate)
    assert report.verdict == "valid", report
    flip = certificate.replace(b'"holds":true', b'"holds":TRUE').replace(b'"holds":false', b'"holds":true')
    assert verify_bytes(flip).verdict == "malformed" or flip == certificate
    return subject.findings[0]


UNIT = "1/1000000000000000000000000"


@pytest.mark.parametrize("instance", [DENSE, BLOCK], ids=["dense", "block"])
@pytest.mark.parametrize(
    ("claim", "shift", "verdict"),
    [
        ({"type": "minimiser"}, "0", "certified"),
        ({"type": "minimiser"}, UNIT, "refuted"),
        ({"type": "reaches", "digits": 3}, "1/1000", "certified"),
        ({"type": "reaches", "digits": 3}, f"1/1000 + {UNIT}", "refuted"),
        ({"type": "fails", "digits": 3}, "1/1000", "refuted"),
        ({"type": "fails", "digits": 3}, f"1/1000 + {UNIT}", "certified"),
        ({"type": "distance", "value": "0.25"}, "0.255", "certified"),
        ({"type": "distance", "value": "0.25"}, "0.245", "certified"),
        ({"type": "distance", "value": "0.25"}, f"0.255 + {UNIT}", "refuted"),
        ({"type": "distance", "value": "0.25"}, f"0.245 - {UNIT}", "refuted"),
        ({"type": "distance", "value": "0.25", "slack": "0.005"}, "0.26", "certified"),
        ({"type": "distance", "value": "2.5e-1"}, "0.255", "certified"),
        ({"type": "distance", "value": "2.5e-1"}, f"0.255 + {UNIT}", "refuted"),
        ({"type": "distance", "value": "3e-1"}, "0.255", "certified"),
        ({"type": "distance", "value": "3e-1"}, "0.245", "refuted"),
        ({"type": "distance", "low": "1/8", "high": "1/8"}, "1/8", "certified"),
        ({"type": "distance"}, "1/8", "certified"),
        ({"type": "distance", "to": "zero", "low": 0, "high": 100}, "1/8", "certified"),
    ],
)
def test_claims_about_points_near_the_minimiser(instance, claim, shift, verdict):
    minimiser = read_audit(
        {"name": "t", "instance": instance, "points": {}, "claims": [{"type": "minimiser", "point": "zero"}]}
    ).instance.minimiser
    point = [_text(entry) for entry in minimiser]
    point[2] = f"{point[2]} + {shift}"
    assert decide(instance, {**claim, "point": "p"}, p=point).verdict == verdict


def _text(entry):
    if isinstance(entry, fmpq):
        return str(entry)
    return f"{entry.b}*sqrt({entry.s}) " + ("+ " if entry.a >= 0 else "- ") + str(abs(entry.a))


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        # the objective at 0 is ‖y‖² = 10
        ({"type": "objective", "value": "10"}, "certified"),
        ({"type": "objective", "value": "10.0"}, "certified"),
        ({"type": "objective", "value": "9.9"}, "refuted"),
        ({"type": "objective", "low": 10, "high": 10}, "certified"),
        ({"type": "objective", "low": f"10 + {UNIT}", "high": 11}, "refuted"),
        ({"type": "objective"}, "certified"),
    ],
)
def test_claims_about_objectives(claim, verdict):
    assert decide(DENSE, {**claim, "point": "zero"}).verdict == verdict


def test_nothing_decided_writes_nothing(call, tmp_path):
    document = {
        "audits": [
            {
                "name": "t",
                "instance": DENSE | {"problem": "bpdn"},
                "points": {},
                "claims": [{"type": "objective", "point": "zero"}],
            }
        ]
    }
    (tmp_path / "c.json").write_text(json.dumps(document))
    code, out, _ = call("audit-claims", tmp_path / "c.json", "--out", tmp_path / "out")
    assert code == 3 and "nothing was written" in out and not (tmp_path / "out").exists()


def test_entries_too_small_for_the_checker_are_refused():
    tiny = BLOCK | {"problem": "lasso", "parameter": "1e-500", "row": ["1e-400", "2e-400"]}
    with pytest.raises(UsageError, match="2\\^-1099"):
        decide(tiny, {"type": "float64", "first": 1, "second": 2})


def test_an_infeasible_point_has_no_objective():
    subject = audit(
        read_audit(
            {
                "name": "t",
                "instance": DENSE | {"problem": "bpdn"},
                "points": {},
                "claims": [{"type": "objective", "point": "zero"}, {"type": "objective", "point": "minimiser"}],
            }
        )
    )
    assert [finding.verdict for finding in subject.findings] == ["undecided", "certified"]
    assert subject.verdict == "undecided"
    assert verify_bytes(audit_certificate(subject)).verdict == "valid"


def test_steps_and_float64():
    # ‖A‖² of the block is about 196
    assert decide(BLOCK, {"type": "steps", "tau": "1/14", "sigma": "1/15"}).verdict == "certified"
    assert decide(BLOCK, {"type": "steps", "tau": "1/14", "sigma": "1/13"}).verdict == "refuted"
    assert decide(BLOCK, {"type": "float64", "first": 1, "second": 2}).verdict == "certified"
    near = BLOCK | {"row": ["7*sqrt(2)", f"7*sqrt(2) + {UNIT}"]}
    finding = decide(near, {"type": "float64", "first": 1, "second": 2})
    assert finding.verdict == "refuted" and finding.computed.startswith("0 ")


GOOD = {"name": "t", "instance": BLOCK, "points": {}, "claims": [{"type": "minimiser", "point": "zero"}]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"claims": []}, "non-empty list of claims"),
        ({"claims": [{"type": "guess"}]}, "unknown type"),
        ({"claims": [{"type": "minimiser"}]}, "lacks point"),
        ({"claims": [{"type": "minimiser", "point": "nowhere"}]}, "no point 'nowhere'"),
        ({"claims": [{"type": "minimiser", "point": "zero", "x": 1}]}, "unknown key 'x'"),
        ({"claims": [{"type": "reaches", "point": "zero", "digits": 2.5}]}, "must be an integer"),
        ({"claims": [{"type": "distance", "point": "zero", "value": 0.25}]}, "as a string"),
        ({"claims": [{"type": "distance", "point": "zero", "low": 1}]}, "both low and high"),
        ({"claims": [{"type": "distance", "point": "zero", "value": "1/4"}]}, "a decimal like"),
        ({"claims": [{"type": "distance", "point": "zero", "value": "0.2", "low": 0, "high": 1}]}, "a decimal like"),
        ({"claims": [{"type": "distance", "point": "zero", "value": "0.2", "slack": -1}]}, "at least 0"),
        ({"claims": [{"type": "distance", "point": "zero", "slack": 1}]}, "printed value only"),
        ({"claims": [{"type": "minimiser", "point": ["zero"]}]}, "no point"),
        ({"claims": [{"type": "steps", "tau": 0, "sigma": 1}]}, "tau must be positive"),
        ({"claims": [{"type": "steps", "tau": 1, "sigma": "-1/2"}]}, "sigma must be positive"),
        ({"claims": "minimiser"}, "non-empty list of claims"),
        ({"points": 5}, "a table of lists"),
        ({"points": {"p": 5}}, "a list of numbers"),
        ({"points": {"p": ["1e999999999", 0, 0]}}, "exponent"),
        ({"instance": BLOCK | {"problem": ["x"]}}, "names its problem"),
        ({"points": {"p": [1, 2]}}, "length 3"),
        ({"points": {"p": [1, 2, "x"]}}, "not a number"),
        ({"points": {"zero": [0, 0, 0]}}, "taken"),
        ({"instance": {"form": "ring", "problem": "lasso"}}, "'block' or 'dense'"),
        ({"instance": BLOCK | {"rows": "2"}}, "must be an integer"),
        ({"instance": BLOCK | {"problem": "ridge"}}, "unknown problem"),
        ({"instance": DENSE | {"matrix": [[1, 2], [3]]}}, "one length"),
        ({"extra": 1}, "unknown key 'extra'"),
    ],
)
def test_what_is_wrong_with_a_claims_file_is_said_in_one_line(change, message):
    with pytest.raises(UsageError, match=message) as caught:
        read_audit(GOOD | change)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.json", "empty.json", "binary.toml", "list.json", "nothing.json"])
def test_files_that_are_no_claims_exit_2(call, tmp_path, name):
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "nothing.json").write_text('{"audits": []}')
    code, out, err = call("audit-claims", tmp_path / name)
    assert code == 2 and out == "" and err.count("\n") == 1


def test_the_example(call, root, tmp_path):
    code, out, err = call("audit-claims", root / "examples" / "claims.toml", "--out", tmp_path / "audited")
    assert code == 0 and err == ""
    assert out.count("\n  certified") == 7 and out.count("\n  refuted") == 1
    assert verify_path(tmp_path / "audited").verdict == "valid"
    code, out, _ = call("audit-claims", root / "examples" / "claims.toml", "--json")
    verdicts = [f["verdict"] for a in json.loads(out)["result"]["audits"] for f in a["findings"]]
    assert verdicts == ["certified", "refuted", *["certified"] * 6]


# --- Table 1 ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tables():
    return {indexing: list(table1(indexing=indexing)) for indexing in ("published", "correct")}


def findings(row, kind, **fields):
    pairs = zip(row.audit.claims, row.audit.findings, strict=True)
    return [f for c, f in pairs if c["type"] == kind and all(c.get(k) == v for k, v in fields.items())]


def test_every_row_has_a_valid_certificate(tables):
    for rows in tables.values():
        assert len(rows) == 2 * len(DIGITS) * len(PRECISIONS)
        for row in rows:
            assert verify_bytes(audit_certificate(row.audit)).verdict == "valid"


def test_the_conclusion_of_the_table_stands(tables):
    """All outputs fail K digits and reach K - 1, at 1.5·10^-K from the certified minimiser; so does 0 reach K - 1."""
    for rows in tables.values():
        for row in rows:
            assert [f.verdict for f in findings(row, "fails")] == ["certified"]
            assert {f.verdict for f in findings(row, "reaches")} == {"certified"}
            (distance,) = findings(row, "distance", to=None)
            assert math.isclose(float(distance.value), 1.5 * 10.0**-row.digits, rel_tol=0.004)


def test_the_printed_numbers_come_out_with_the_published_indexing_only(tables):
    for indexing, rows in tables.items():
        for row in rows:
            if row.steps != "published":
                continue
            found = [f.verdict for f in findings(row, "distance", to="reference")]
            agrees = indexing == "published" or row.digits == 6
            # the last claim allows for the measured effect of rounding, where there is any
            assert found[-1] == ("certified" if agrees else "refuted"), row
            assert len(found) == (2 if row.digits == 1 else 1)
            assert row.published == PUBLISHED[row.digits, row.precision]


def test_the_reference_vector_is_a_minimiser_for_six_digits_only(tables):
    for indexing, rows in tables.items():
        for row in rows:
            (finding,) = findings(row, "minimiser")
            right = indexing == "correct" or row.digits == 6
            assert finding.verdict == ("certified" if right else "refuted")


def test_the_published_steps_violate_the_hypothesis_and_valid_ones_exist(tables):
    for row in tables["published"]:
        (finding,) = findings(row, "steps")
        assert finding.verdict == ("refuted" if row.steps == "published" else "certified")
    products = [findings(r, "steps")[0].value for r in tables["published"] if r.steps == "published"]
    assert [round(float(p.split()[-1]), 2) for p in products[::3]] == [6.66, 663.23, 562244.9]


def test_the_last_perturbation_is_eight_units_in_the_last_place(tables):
    row = next(r for r in tables["published"] if (r.digits, r.precision) == (6, 30))
    assert findings(row, "float64")[0].computed == "8 units in the last place apart"


@pytest.mark.slow
def test_table1_is_deterministic_to_the_last_bit(tables):
    again = [audit_certificate(row.audit) for row in table1()]
    assert again == [audit_certificate(row.audit) for row in tables["published"]]


def test_the_shipped_claims_file_is_audited_with_the_same_verdicts(root, tables):
    """It was computed on another machine, so the findings that rounding decides may differ; no other may.

    These are the printed digits where the effect of rounding was measured: there the claim that allows for it decides.
    """
    shipped = json.loads((root / "examples" / "table1.json").read_text(encoding="utf-8"))
    assert [a["instance"] for a in shipped["audits"]] == [
        a["instance"] for a in claims_document(tables["published"])["audits"]
    ]
    audits = audited(root / "examples" / "table1.json")
    for subject, row in zip(audits, tables["published"], strict=True):
        here = row.audit
        assert [c["type"] for c in subject.claims] == [c["type"] for c in here.claims]
        by_rounding = [decided_by_rounding(one) for one in (subject, here)]
        assert by_rounding == [[1] if row.steps == "published" and row.digits == 1 else []] * 2
        for k, (found, expected) in enumerate(zip(subject.findings, here.findings, strict=True)):
            if k in by_rounding[0]:
                assert (subject.findings[k + 1].verdict, here.findings[k + 1].verdict) == ("certified", "certified")
            else:
                assert found.verdict == expected.verdict, (row, k)


def decided_by_rounding(audited):
    """The places of the claims that are followed by the same claim with the measured effect of rounding as slack."""
    pairs = enumerate(zip(audited.claims, audited.claims[1:], strict=False))
    return [k for k, (one, two) in pairs if "slack" in two and {**one, "slack": two["slack"]} == two]


@pytest.mark.slow
def test_the_command_writes_everything(call, tmp_path):
    code, out, err = call("table1", "--out", tmp_path / "t")
    assert code == 0 and err == ""
    assert sorted(p.name for p in (tmp_path / "t").iterdir()) == [
        "certificates",
        "claims.json",
        "table.md",
        "table1.svg",
    ]
    assert verify_path(tmp_path / "t" / "certificates").verdict == "valid"
    assert "LISTA" in out and "1.944101" in out
    assert (tmp_path / "t" / "table1.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert call("table1", "--out", tmp_path / "t", "--indexing", "correct", "--json")[0] == 0


def test_what_table1_does_not_do(call, tmp_path):
    code, out, err = call("table1", "--only", "lista")
    assert code == 2 and "training" in err and out == ""
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "table.md").touch()
    code, _, err = call("table1", "--out", tmp_path / "taken")
    assert code == 2 and "give another --out" in err
