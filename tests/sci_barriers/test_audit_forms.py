"""Claims beyond one real minimiser: sets of minimisers, complex data, relative distances, the excess; and the files."""

import json
import math
import os
import select
import signal
import subprocess
import sys

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base.scalars import exact_vector, norm2
from proofs_checks.checker import verify_bytes, verify_path
from sci_barriers.audit.claims import Audit, audit, read_audit
from sci_barriers.audit.instances import DenseInstance, SetInstance, UnsolvedInstance
from sci_barriers.certificates.claim_audit import row_files
from sci_barriers.commands import audit_claims
from sci_barriers.problems import problem_type
from sci_barriers.problems.solve import solve_exactly
from sci_barriers.testing.problem_strategies import known_problems
from tests.fuzz.independent import true

# (3/2, 0) minimises |x|_1 + (x_1 - 2)^2 + (x_2 - 1/2)^2
ONE = {"problem": "lasso", "parameter": 1, "matrix": [[1, 0], [0, 1]], "data": [2, "1/2"]}
# all (t, 2 - t), 0 <= t <= 2, with the minimum 9/4
MANY = {"problem": "lasso", "parameter": 1, "matrix": [[1, 1]], "data": ["5/2"]}
I = {"re": 0, "im": 1}
MINUS_I = {"re": 0, "im": -1}
# all (t, (2 - t)i)
COMPLEX = {"problem": "lasso", "parameter": 1, "matrix": [[1, MINUS_I]], "data": ["5/2"]}
COMPLEX_SOLVED = COMPLEX | {"minimiser": [2, 0]}
UNIT = "1/1000000000000000000000000"
UNKNOWN = "no minimiser is known, so that only an excess can be bounded: "


def row(instance, *claims, **points):
    return audit(read_audit({"name": "t", "instance": instance, "points": points, "claims": list(claims)}))


def decide(instance, claim, **points):
    """The finding, whose certificates are valid."""
    found = row(instance, claim, **points)
    for data in row_files(found, 1).values():
        report = verify_bytes(data)
        assert report.verdict == "valid", report
    return found.findings[0]


# --- at the margin -------------------------------------------------------------------------------------------------

# the distance is 3/4 (of a norm 3/2), the excess (3/4)^2 + 3/4 - 3/4 = 9/16 of (9/4, 0)
PAST = ["9/4", 0]
BESIDE = [-1, 2]  # at distance 1 from (0, 2), of norm 2; the excess is 3


@pytest.mark.parametrize(
    ("instance", "point", "kind", "exact"),
    [
        (ONE, PAST, "distance", "3/4"),
        (ONE, PAST, "relative", "1/2"),
        (ONE, PAST, "excess", "9/16"),
        (MANY, BESIDE, "distance", "1"),
        (MANY, BESIDE, "relative", "1/2"),
        (MANY, BESIDE, "excess", "3"),
        (MANY, BESIDE, "objective", "21/4"),
        (COMPLEX_SOLVED, [2, MINUS_I], "distance", "1"),
        (COMPLEX_SOLVED, [2, MINUS_I], "relative", "1/2"),
        (COMPLEX_SOLVED, [2, MINUS_I], "excess", "3"),
        (COMPLEX_SOLVED, [2, MINUS_I], "objective", "21/4"),
    ],
)
def test_a_claim_at_its_number_holds_and_one_unit_off_does_not(instance, point, kind, exact):
    claims = [
        ({"high": exact}, "certified"),
        ({"low": exact, "high": 9}, "certified"),
        ({"low": exact, "high": exact}, "certified"),
        ({"high": f"{exact} + {UNIT}"}, "certified"),
        ({"high": f"{exact} - {UNIT}"}, "refuted"),
        ({"low": f"{exact} + {UNIT}", "high": 9}, "refuted"),
    ]
    for fields, verdict in claims:
        assert decide(instance, {"type": kind, "point": "p", **fields}, p=point).verdict == verdict, fields
    assert decide(instance, {"type": kind, "point": "p"}, p=point).verdict == "certified"


@pytest.mark.parametrize("instance", [MANY, COMPLEX_SOLVED])
@pytest.mark.parametrize(("shift", "verdict"), [("0", "certified"), (UNIT, "refuted")])
def test_digits_and_minimisers_are_about_the_nearest_one(instance, shift, verdict):
    far, inside = [f"2001/1000 + {shift}", 0], [f"2 + {shift}", 0]
    assert decide(instance, {"type": "reaches", "point": "p", "digits": 3}, p=far).verdict == verdict
    assert decide(instance, {"type": "fails", "point": "p", "digits": 3}, p=far).verdict != verdict
    found = decide(instance, {"type": "minimiser", "point": "p"}, p=inside)
    assert found.verdict == verdict and ("exceeds the minimum by at least" in found.computed) == (shift != "0")


def test_a_claim_that_rounding_cannot_decide_is_undecided():
    """|1 + i| = sqrt 2 cancels in the excess, which is 2, and its enclosure never is a point."""
    y = {"re": "1 + 1/4*sqrt(2)", "im": "1 + 1/4*sqrt(2)"}
    instance = {"problem": "lasso", "parameter": 1, "matrix": [[1]], "data": [y], "minimiser": [{"re": 1, "im": 1}]}
    point = [{"re": 2, "im": 2}]
    assert decide(instance, {"type": "excess", "point": "p", "high": 2}, p=point).verdict == "undecided"
    for high, verdict in ((f"2 + {UNIT}", "certified"), (f"2 - {UNIT}", "refuted")):
        assert decide(instance, {"type": "excess", "point": "p", "high": high}, p=point).verdict == verdict


# --- by definition -------------------------------------------------------------------------------------------------

SMALL = st.integers(-3, 3)


@settings(max_examples=30)
@given(
    st.sampled_from(["lasso", "sqrt-lasso", "bpdn"]),
    st.lists(st.lists(SMALL, min_size=3, max_size=3), min_size=2, max_size=2),
    st.lists(st.integers(-4, 4), min_size=2, max_size=2),
    st.lists(SMALL, min_size=3, max_size=3),
    st.fractions(0, 3, max_denominator=4),
)
def test_findings_are_what_the_definitions_say(problem, matrix, data, point, high):
    instance = {"problem": problem, "parameter": "1/2", "matrix": matrix, "data": data}
    p = problem_type(problem)(matrix, data, parameter="1/2")
    found = row(instance, {"type": "excess", "point": "p", "high": str(high)}, p=point)
    assume(not isinstance(found.instance, UnsolvedInstance))
    excess = found.findings[0]
    feasible = problem != "bpdn" or norm2(p.residual(point)) <= p.parameter**2
    with ctx.workprec(300):
        value = p.objective_ball(point) - p.objective_ball(solve_exactly(p).point) if feasible else None
        if value is None:
            assert excess.verdict == "undecided"
        elif excess.verdict == "undecided":
            assert abs(value - arb(fmpq(*high.as_integer_ratio()))) < 1e-60
        else:
            below = not value > arb(fmpq(*high.as_integer_ratio()))
            assert (excess.verdict == "certified") == below
    for certificate in row_files(found, 1).values():
        assert verify_bytes(certificate).verdict == "valid"


@settings(max_examples=20)
@given(known_problems(), st.data())
def test_statements_about_sets_are_true(known, data):
    """Of drawn problems, real and complex, with one minimiser or many; by the checker, and by another evaluation."""
    coordinates = st.lists(st.fractions(-2, 2, max_denominator=4), min_size=2, max_size=2)
    point = [f"{v}" for v in data.draw(coordinates)] + [0] * known.problem.columns
    instance = SetInstance(known.minimiser)
    z = exact_vector(point[: known.problem.columns], length=known.problem.columns)
    claims = ({"type": "distance", "point": "z"}, {"type": "relative", "point": "z"}, {"type": "excess", "point": "z"})
    found = audit(Audit("drawn", instance, {"z": z}, claims))
    (certificate,) = row_files(found, 1).values()
    assert verify_bytes(certificate).verdict == "valid" and true(certificate)


@settings(max_examples=30)
@given(st.lists(st.fractions(-4, 4, max_denominator=8), min_size=2, max_size=2), st.integers(0, 40))
def test_no_minimiser_is_nearer_than_the_distance_to_the_set(point, k):
    t, instance = fmpq(k, 20), SetInstance(solve_exactly(problem_type("lasso")([[1, 1]], ["5/2"], parameter=1)))
    z = exact_vector([str(v) for v in point], length=2)
    other = exact_vector([t, 2 - t], length=2)
    assert instance.distance2(z) <= norm2(z - other)
    # by projecting on the line, and cutting
    along = min(max((z[0] - z[1] + 2) / 2, fmpq(0)), fmpq(2))
    assert instance.distance2(z) == norm2(z - exact_vector([along, 2 - along], length=2))


@settings(max_examples=50)
@given(st.lists(st.fractions(-2, 2, max_denominator=8), min_size=2, max_size=2))
def test_a_gap_bounds_the_excess_from_above(point):
    """Of an instance that is treated as if no minimiser were known."""
    problem = problem_type("lasso")([[1, 0], [0, 1]], [2, "1/2"], parameter=1)
    z = exact_vector([str(v) for v in point], length=2)
    gap = UnsolvedInstance(problem, "none").best_gap(z, [], wanted=None)
    excess = problem.objective(z) - problem.objective([fmpq(3, 2), 0])
    assert excess <= gap.gap
    exact = UnsolvedInstance(problem, "none").best_gap(z, [exact_vector(["3/2", 0], length=2)], wanted=excess)
    assert exact.gap == excess


@pytest.mark.parametrize("name", ["bpdn", "lasso", "sqrt-lasso"])
@settings(max_examples=40)
@given(st.lists(st.complex_numbers(max_magnitude=4, allow_subnormal=False), min_size=2, max_size=2))
def test_a_scaled_residual_is_dual_feasible(name, point):
    problem = problem_type(name)([[1, 2j], [0.5, 1j]], [2, 1j], parameter="1/3")
    problem.check_dual_feasible(problem.scaled_residual(point))


# --- what is known of the minimisers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instance", "kind", "note"),
    [
        (ONE, DenseInstance, ""),
        (MANY, SetInstance, "not unique, with minimisers at least "),
        (COMPLEX_SOLVED, SetInstance, "not unique, with minimisers at least "),
        (COMPLEX, UnsolvedInstance, f"{UNKNOWN}for complex or irrational data, give it"),
        ({"problem": "lasso", "parameter": 1, "matrix": [[I]], "data": [I], "minimiser": ["1/2"]}, SetInstance, ""),
        (ONE | {"problem": "bpdn", "matrix": [[0, 0], [0, 1]]}, UnsolvedInstance, f"{UNKNOWN}bpdn with"),
        (
            {"problem": "lasso", "parameter": 1, "matrix": [[1, 0, "1/2"], [0, 1, "1/2"]], "data": ["3/2", "1/2"]},
            SetInstance,
            "unique, which no certificate can show",
        ),
        (
            {"problem": "sqrt-lasso", "parameter": 1, "matrix": [[1, "1/2"]], "data": [1], "minimiser": [1, 0],
             "dual": [1]},
            SetInstance,
            "not unique",
        ),
    ],
)  # fmt: skip
def test_what_is_known_of_the_minimisers(instance, kind, note):
    found = row(instance, {"type": "excess", "point": "zero"})
    assert isinstance(found.instance, kind) and found.instance.note.startswith(note)
    assert (found.instance.note == "") == (note == "")


def test_without_a_minimiser_only_an_excess_is_bounded():
    near = [2, {"re": 0, "im": UNIT}]
    claims = [
        ({"type": "excess", "high": "1/1000"}, "certified"),
        ({"type": "excess"}, "certified"),
        ({"type": "excess", "high": "-1"}, "undecided"),
        ({"type": "excess", "low": "1/2", "high": 1}, "undecided"),
        ({"type": "objective", "high": 9}, "undecided"),
        ({"type": "distance", "high": 1}, "undecided"),
        ({"type": "distance", "to": "zero", "high": 9}, "undecided"),
        ({"type": "reaches", "digits": 1}, "undecided"),
        ({"type": "relative", "high": 1}, "undecided"),
        ({"type": "minimiser"}, "undecided"),
    ]
    for claim, verdict in claims:
        found = row(COMPLEX, {"point": "p", **claim}, p=near)
        assert found.findings[0].verdict == verdict, claim
        files = row_files(found, 1)
        assert {verify_bytes(data).verdict for data in files.values()} <= {"valid"}
        assert all("gap" in name for name in files)


def test_of_the_minimiser_of_a_set_distances_are_not_asked():
    for kind, fields in (("distance", {}), ("relative", {}), ("minimiser", {}), ("reaches", {"digits": 1})):
        found = decide(MANY, {"type": kind, "point": "minimiser", **fields})
        assert found.verdict == "undecided" and "perhaps one of several" in found.computed
    assert decide(MANY, {"type": "objective", "point": "minimiser", "value": "2.25"}).verdict == "certified"
    assert decide(MANY, {"type": "excess", "point": "minimiser", "high": 0}).verdict == "certified"


def test_nothing_is_relative_to_zero():
    zero = ONE | {"data": [0, 0]}
    assert decide(zero, {"type": "relative", "point": "p", "high": 1}, p=[1, 1]).verdict == "undecided"


def test_points_of_a_real_instance_with_one_minimiser_are_real(call, tmp_path):
    entry = {"name": "t", "instance": ONE, "points": {"p": [I, 0]}, "claims": [{"type": "excess", "point": "p"}]}
    (tmp_path / "c.json").write_text(json.dumps({"audits": [entry]}))
    code, out, _ = call("audit-claims", tmp_path / "c.json")
    assert code == 2 and "t: unusable" in out and "imaginary part" in out


# --- files beside the claims ---------------------------------------------------------------------------------------


def saved(folder, name, values):
    path = folder / name
    if path.suffix == ".npy":
        np.save(path, np.array(values))
    elif path.suffix == ".npz":
        np.savez(path, A=np.array(values))
    elif path.suffix == ".csv":
        lines = values if isinstance(values[0], list) else [values]
        path.write_text("\n".join(",".join(map(str, line)) for line in lines))
    else:
        path.write_text(json.dumps(values))


@pytest.mark.parametrize("ending", ["npy", "csv", "json"])
def test_arrays_are_read_from_files_beside_the_claims(call, tmp_path, ending):
    folder = tmp_path / "secret"
    folder.mkdir()
    for name, values in {"A": [[1.0, 0.0], [0.0, 1.0]], "y": [2.0, 0.5], "x": [2.25, 0.0], "w": [1.0, 1.0]}.items():
        saved(folder, f"{name}.{ending}", values)
    instance = {key: f"{name}.{ending}" for key, name in (("matrix", "A"), ("data", "y"), ("weights", "w"))}
    entry = {
        "name": "from files",
        "instance": ONE | instance,
        "points": {"p": f"../secret/x.{ending}"},
        "claims": [{"type": "relative", "point": "p", "low": "1/2", "high": "1/2"}],
    }
    (folder / "claims.json").write_text(json.dumps({"audits": [entry]}))
    code, out, err = call("audit-claims", folder / "claims.json", "--out", tmp_path / "audited")
    assert (code, err) == (0, "") and "certified" in out
    data = (tmp_path / "audited" / "01-from-files.cert.json").read_bytes()
    assert verify_bytes(data).verdict == "valid" and b"secret" not in data
    assert json.loads(data)["provenance"]["files"] == ", ".join(f"{name}.{ending}" for name in "Awyx")


def test_complex_arrays_and_floats_are_read_exactly(tmp_path):
    np.savez(tmp_path / "A.npz", A=np.array([[1, -1j]]))
    np.save(tmp_path / "z.npy", np.array([0.1, 0.2j]))
    entry = {
        "name": "t",
        "instance": COMPLEX_SOLVED | {"matrix": "A.npz"},
        "points": {"z": "z.npy"},
        "claims": [{"type": "distance", "point": "z"}],
    }
    found = audit(read_audit(entry, tmp_path))
    assert found.points["z"][0] == fmpq(*(0.1).as_integer_ratio())
    assert verify_bytes(row_files(found, 1)["01-t.cert.json"]).verdict == "valid"


def broken(folder):
    (folder / "text.npy").write_text("no array")
    np.save(folder / "nan.npy", np.array([[1.0, math.nan]]))
    np.save(folder / "cube.npy", np.zeros((1, 2, 2)))
    np.save(folder / "wide.npy", np.ones((1, 3)))
    np.save(folder / "objects.npy", np.array([[1, "x"]], dtype=object))
    (folder / "ragged.csv").write_text("1,2\n3\n")
    (folder / "folder.npy").mkdir()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        *((name, name) for name in ("missing.npy", "text.npy", "nan.npy", "cube.npy", "objects.npy", "ragged.csv")),
        ("folder.npy", "folder.npy"),
        ("matrix.docx", "matrix.docx"),
        ("wide.npy", "length 3 is needed"),
        ("nul\0.csv", "cannot be the name"),
        *((f"\ud800.{ending}", "cannot be the name") for ending in ("csv", "json", "npy")),
        ("x" * 100_000 + ".csv", " characters)"),
        ("two\nlines.docx", "must end in"),
        ("", ""),
    ],
)
def test_a_file_that_cannot_be_used_is_the_matter_of_its_row(call, tmp_path, name, message):
    broken(tmp_path)
    claim = {"type": "excess", "point": "p", "high": 3}
    good = {"name": "good", "instance": MANY, "points": {"p": BESIDE}, "claims": [claim]}
    bad = {**good, "name": "bad", "instance": MANY | {"matrix": name}}
    (tmp_path / "claims.json").write_text(json.dumps({"audits": [bad, good]}))
    code, out, err = call("audit-claims", tmp_path / "claims.json", "--out", tmp_path / "audited", "--json")
    rows = json.loads(out)["result"]["audits"]
    assert (code, err) == (3, "")
    assert [row["verdict"] for row in rows] == ["unusable", "certified"]
    assert message in rows[0]["reason"] and "\n" not in rows[0]["reason"]
    assert len(verify_path(tmp_path / "audited").parts) == 1


def test_numbers_of_two_fields_spoil_their_row_only(call, tmp_path):
    claim = {"type": "objective", "point": "p"}
    good = {"name": "good", "instance": MANY, "points": {"p": BESIDE}, "claims": [claim]}
    bad = {**good, "name": "bad", "points": {"p": ["sqrt(2)", "sqrt(3)"]}}
    (tmp_path / "claims.json").write_text(json.dumps({"audits": [bad, good]}))
    code, out, _ = call("audit-claims", tmp_path / "claims.json", "--out", tmp_path / "audited")
    assert code == 3 and "bad: unusable" in out and "good: certified" in out
    assert verify_path(tmp_path / "audited").verdict == "valid"


# --- long audits ---------------------------------------------------------------------------------------------------


def three(tmp_path):
    claim = {"type": "excess", "point": "p", "high": 3}
    rows = [{"name": f"row of {n}", "instance": MANY, "points": {"p": BESIDE}, "claims": [claim]} for n in "abc"]
    (tmp_path / "claims.json").write_text(json.dumps({"audits": rows}))
    return tmp_path / "claims.json"


def test_what_is_proved_before_an_interrupt_is_kept(call, tmp_path, monkeypatch):
    real = audit_claims.audited_row

    def second(entry, number, folder):
        if number == 2:
            raise KeyboardInterrupt
        return real(entry, number, folder)

    monkeypatch.setattr(audit_claims, "audited_row", second)
    code, out, err = call("audit-claims", three(tmp_path), "--out", tmp_path / "audited")
    assert code == 130 and "row of a: certified" in out and "row of b" not in out
    assert err == "sci-barriers: interrupted after 1 row of 3\n"
    report = verify_path(tmp_path / "audited")
    assert report.verdict == "valid" and len(report.parts) == 1
    code, out, _ = call("audit-claims", three(tmp_path), "--json")
    assert code == 130 and json.loads(out)["result"]["complete"] is False


def on_terminal(columns, *arguments, stop=False):
    """What a command shows on a terminal of so many columns, and its exit code."""
    ours, theirs = os.openpty()
    environment = os.environ | {"COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "sci_barriers", *map(str, arguments)]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment, start_new_session=True) as process:
        os.close(theirs)
        seen = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
            if stop and b"slow" in seen:
                process.send_signal(signal.SIGINT)
                stop = False
    os.close(ours)
    return process.returncode, seen.decode()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a system without pseudo-terminals")
@pytest.mark.parametrize("columns", [80, 45])
def test_a_terminal_is_not_left_to_break_lines(root, columns):
    code, text = on_terminal(columns, "audit-claims", root / "examples" / "claims.toml")
    lines = text.split("\x1b[2K")[-1].replace("\r", "").split("\n")
    assert code == 0 and any("certified" in line for line in lines)
    assert max(len(line.rstrip()) for line in lines if "\x1b" not in line) <= columns


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a system without pseudo-terminals")
def test_an_audit_shows_its_progress_and_heeds_an_interrupt(tmp_path):
    three(tmp_path)
    document = json.loads((tmp_path / "claims.json").read_text())
    generator = np.random.default_rng(0)
    size = (120, 160)
    large = {"problem": "lasso", "parameter": "1/100", "matrix": generator.normal(size=size).tolist()}
    large["data"] = generator.normal(size=size[0]).tolist()
    document["audits"].insert(
        1, {**document["audits"][0], "name": "slow", "instance": large, "points": {"p": [0] * 160}}
    )
    (tmp_path / "claims.json").write_text(json.dumps(document))
    command = ("audit-claims", tmp_path / "claims.json", "--out", tmp_path / "audited")
    code, text = on_terminal(80, *command, stop=True)
    assert code == 130 and "slow" in text and "row of a: certified" in text and "row of c" not in text
    assert verify_path(tmp_path / "audited").verdict == "valid"
