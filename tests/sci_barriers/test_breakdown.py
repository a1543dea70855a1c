"""Breakdown epsilons against their definitions, families, and the command."""

import json
import random
import sys

import numpy as np
import pytest
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base.errors import FieldError
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.scalars import ComplexNumber, QuadraticNumber, exact_array, norm2, sqrt, zeros
from proofs_checks.checker import verify_bytes, verify_path
from sci_barriers import DataError, OmegaClass, SolverError, UsageError, breakdown_epsilon
from sci_barriers.breakdown.chebyshev import chebyshev_bound
from sci_barriers.breakdown.family import Datum, Family, FamilyInstance, certify_family
from sci_barriers.certificates.breakdown import breakdown_certificate, family_certificate
from sci_barriers.data.structured import CommonOracle
from sci_barriers.data.training_data import QueryAccess
from sci_barriers.games.game import play_game
from sci_barriers.omega.known import known_of
from sci_barriers.solvers import load_candidate

pytestmark = pytest.mark.usefixtures("empty_directory")

PROBLEMS = ["bpdn", "lasso", "sqrt-lasso"]
SIZES = [(1, 2), (1, 5), (3, 4), (5, 9), (21, 22)]


def accepted(data):
    report = verify_bytes(data)
    assert report.verdict == "valid", report.reason
    return report


# --- the class -----------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("family", ["strong", "weak"])
@pytest.mark.parametrize("digits", [3, 4, 6, 12])
@pytest.mark.parametrize("size", [*SIZES, (2, 65)])
def test_the_class(problem, family, digits, size):
    omega = OmegaClass.create(problem, digits=digits, rows=size[0], columns=size[1], family=family)
    epsilon = breakdown_epsilon(omega)
    # the largest K with 10^-K >= e, by trying
    k = next(k for k in range(99) if power_of_ten(-2 * (k + 1)) < epsilon.square)
    assert epsilon.digits == k == omega.target_digits - 1 and power_of_ten(-2 * k) >= epsilon.square
    assert epsilon.strong_square == (epsilon.square if family == "strong" else 0)
    accepted(breakdown_certificate(epsilon))


@given(st.integers(0, 10**6), st.sampled_from(PROBLEMS), st.sampled_from(SIZES[:4]), st.integers(0, 12))
def test_every_answer_errs_and_the_centroid_errs_least(seed, problem, size, level):
    omega = OmegaClass.create(problem, digits=3, rows=size[0], columns=size[1])
    epsilon, q = breakdown_epsilon(omega), omega.q0 + level
    members = [omega.member(i=i, q=q) for i in range(1, omega.ties + 1)]
    rng = random.Random(seed)
    z = zeros(omega.columns)
    for i in range(omega.columns):
        z[i] = omega.height(omega.base) * fmpq(rng.randint(-3, 6), rng.randint(1, 9))
    worst = max(member.distance2(z) for member in members)
    assert epsilon.level_square(q) <= worst
    centroid = omega.tie().centroid()
    errors = {member.distance2(centroid) for member in members}
    assert errors == {epsilon.centroid_square(q)}
    assert epsilon.level_square(q) <= epsilon.centroid_square(q) < epsilon.square
    assert omega.tie().distance2(centroid) == 0
    # both bounds tend to e
    assert epsilon.level_square(q) < epsilon.level_square(q + 1) < epsilon.square
    far = q + 40
    assert epsilon.square - epsilon.level_square(far) < epsilon.square * power_of_two(-30)


def test_the_game_is_no_better_than_the_epsilon():
    """What a solver reaches on the members that its reads belong to is at least e at that level."""
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=5)
    result = play_game(load_candidate("exact", problem="lasso"), omega)
    assert result.worst2 >= breakdown_epsilon(omega).level_square(result.exponent)


def test_levels_must_belong_to_the_class():
    epsilon = breakdown_epsilon(OmegaClass.create("lasso", digits=3))
    with pytest.raises(UsageError, match="exponent q >= "):
        epsilon.level_square(0)


# --- the radius ----------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.sampled_from(["rational", "root", "complex"]))
@settings(max_examples=60)
def test_the_bound_is_below_every_answer_and_nearly_attained(seed, kind):
    rng = random.Random(seed)
    count, dimension = rng.randint(2, 6), rng.randint(1, 4)

    def entry():
        a, b = fmpq(rng.randint(-9, 9), rng.randint(1, 4)), rng.randint(-2, 2)
        if kind == "root" and b:
            return QuadraticNumber(a, fmpq(b), fmpq(3))
        return ComplexNumber(a, fmpq(b)) if kind == "complex" and b else a

    points = [exact_array([entry() for _ in range(dimension)]) for _ in range(count)]
    weights, square = chebyshev_bound(points)
    assert min(weights) >= 0 and sum(weights) == 1
    centre = sum((p * w for p, w in zip(points, weights, strict=True)), start=zeros(dimension))
    worst = max(norm2(p - centre) for p in points)
    # the centre is an answer, so that it bounds the radius from above; for the best weights both agree
    assert square <= worst <= square * (1 + power_of_two(-10)) + power_of_two(-20)
    for _ in range(5):
        z = centre + exact_array([entry() for _ in range(dimension)]) * fmpq(1, rng.randint(1, 50))
        assert square <= max(norm2(p - z) for p in points)


def test_radii_that_are_known():
    square = [[0, 0], [1, 0], [0, 1], [1, 1]]
    assert chebyshev_bound([exact_array(p) for p in square])[1] == fmpq(1, 2)
    thales = [[0, 0], [3, 0], [0, 4]]
    weights, radius2 = chebyshev_bound([exact_array(p) for p in thales])
    assert (radius2, weights) == (fmpq(25, 4), [0, fmpq(1, 2), fmpq(1, 2)])
    simplex = [exact_array([fmpq(int(i == j), 7**30) for j in range(64)]) for i in range(64)]
    weights, radius2 = chebyshev_bound(simplex)
    assert radius2 == fmpq(63, 64) / fmpq(7**60) and set(weights) == {fmpq(1, 64)}
    assert chebyshev_bound([exact_array([1]), exact_array([1])])[1] == 0
    # |p_1 - p_2|² / 4 = (3 + 2√2)/4, rounded down
    radius2 = chebyshev_bound([exact_array([1]), exact_array([-sqrt(fmpq(2))])])[1]
    exact = (3 + 2 * sqrt(fmpq(2))) / 4
    assert radius2 < exact and exact - radius2 < power_of_two(-59)


def test_without_a_solver(monkeypatch):
    monkeypatch.setitem(sys.modules, "clarabel", None)
    points = [exact_array([1]), exact_array([2]), exact_array([5])]
    assert chebyshev_bound(points[:2]) == ([fmpq(1, 2), fmpq(1, 2)], fmpq(1, 4))  # of two it is the middle
    with pytest.raises(UsageError, match="pip install"):
        chebyshev_bound(points)


# --- families ------------------------------------------------------------------------------------


def pair(n, problem="lasso", **others):
    e = power_of_two(-n)
    defaults = {
        "problem": problem, "parameter": "1/2",
        "instances": [FamilyInstance([[1 + e, 1]], [2]), FamilyInstance([[1, 1 + e]], [2])],
        "limit": FamilyInstance([[1, 1]], [2]),
    }  # fmt: skip
    return Family(**(defaults | others))


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("n", [1, 7, 200])
def test_two_columns(problem, n):
    bound = certify_family(pair(n, problem), precision=n)
    first, second = (minimiser.point for minimiser in bound.minimisers)
    assert bound.square == norm2(first - second) / 4
    assert bound.weights == (fmpq(1, 2), fmpq(1, 2))
    statement = accepted(family_certificate(bound)).statement
    assert f"n = {n}," in statement.lines[3]


def test_the_datum_does_not_depend_on_the_precision_if_the_limit_is_rational():
    datums = [certify_family(pair(n), precision=n) for n in (3, 9)]
    assert not (datums[0].datum.problem.matrix - datums[1].datum.problem.matrix).any()
    assert not (datums[0].point - datums[1].point).any()


def test_a_family_of_the_class_itself():
    """The members of one level, with c rounded up, and the bound is that of the class at this level."""
    omega = OmegaClass.create("sqrt-lasso", digits=3, rows=3, columns=5)
    q = omega.q0 + 3
    oracle = CommonOracle(omega)
    triple = QueryAccess(known_of(omega), oracle).read(q)
    dual = [omega.parameter / omega.base, 0, 0]
    instances = []
    for i in range(1, omega.ties + 1):
        member = omega.member(i=i, q=q)
        instance = member.exact_problem()
        point = zeros(5)
        point[i - 1] = member.height
        instances.append(FamilyInstance(instance.matrix, instance.data, point, [omega.parameter / max(member.a), 0, 0]))
    datum = Datum(triple.matrix, triple.data, triple.point, omega.tie().centroid(), dual)
    family = Family(problem="sqrt-lasso", parameter=1, instances=instances, datum=datum)
    bound = certify_family(family, precision=q)
    assert bound.square == breakdown_epsilon(omega).level_square(q)
    accepted(family_certificate(bound))
    with pytest.raises(DataError, match=f"instance 1 parts company with the common datum at precision {q + 1}"):
        certify_family(family, precision=q + 1)
    # the limit needs another root: c_0 beside c_q
    limit = omega.tie().exact_problem()
    with_limit = Family(
        problem="sqrt-lasso", parameter=1, instances=instances, datum=datum,
        limit=FamilyInstance(limit.matrix, limit.data),
    )  # fmt: skip
    with pytest.raises(FieldError, match="leave out the limit") as caught:
        family_certificate(certify_family(with_limit, precision=q))
    assert "\n" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("d", [8, 64])
def test_many_instances(d):
    e = power_of_two(-20)
    rows = [[1 + e * int(i == j) for j in range(d)] for i in range(d)]
    family = Family(
        problem="sqrt-lasso", parameter="1/3", instances=[FamilyInstance([row], [2]) for row in rows],
        limit=FamilyInstance([[1] * d], [2]),
    )  # fmt: skip
    bound = certify_family(family, precision=20)
    assert bound.square == norm2(bound.minimisers[0].point) * fmpq(d - 1, d)
    accepted(family_certificate(bound))


@given(st.integers(0, 10**6), st.sampled_from(PROBLEMS), st.booleans())
@settings(max_examples=40)
def test_random_families(seed, problem, with_limit):
    rng = random.Random(seed)
    rows, columns, n = rng.randint(1, 2), rng.randint(1, 3), rng.randint(1, 4)
    matrix = np.array([[rng.randint(-3, 3) for _ in range(columns)] for _ in range(rows)], dtype=object)
    data = [fmpq(rng.randint(-6, 6)) for _ in range(rows)]

    def near():
        moved = matrix + np.array(
            [[fmpq(rng.randint(-9, 9), 30) for _ in range(columns)] for _ in range(rows)], dtype=object
        ) * power_of_two(-n)
        return FamilyInstance(moved, [v + fmpq(rng.randint(-9, 9), 20) * power_of_two(-n) for v in data])

    limit = FamilyInstance(matrix, data) if with_limit else None
    family = Family(problem=problem, parameter="1/3", instances=[near() for _ in range(3)], limit=limit)
    try:
        bound = certify_family(family, precision=n)
        certificate = family_certificate(bound)
    except (DataError, SolverError):  # not unique, no field, infeasible: said by other tests
        assume(False)
    accepted(certificate)


def test_families_that_part_company():
    with pytest.raises(DataError, match=r"instance 1 parts company with the common datum at precision 8: ‖A_n - A‖"):
        certify_family(pair(7), precision=12)
    other = pair(7, instances=[pair(7).instances[0], FamilyInstance([[1, "129/128"]], ["65/32"])])
    with pytest.raises(DataError, match=r"instance 2 parts company .* at precision 6: ‖y_n - y‖ exceeds 2\^-6"):
        certify_family(other, precision=6)
    with pytest.raises(DataError, match="the limit parts company"):
        certify_family(pair(7, datum=Datum([[1, 2]], [2])), precision=1)


def test_the_spectral_norm_decides():
    """The Frobenius norm of the difference is √2 times as large."""
    instances = [
        FamilyInstance([["3/2", 0], [0, "1/2"]], [2, 0]),
        FamilyInstance([["1/2", 0], [0, "3/2"]], [2, "1/2"]),
    ]
    family = pair(1, instances=instances, limit=None, datum=Datum([[1, 0], [0, 1]], [2, 0]))
    accepted(family_certificate(certify_family(family, precision=1)))


def test_data_are_given_or_made():
    # x_n of the datum may be near another minimiser than the first one found
    third = Datum([[1, 1]], [2], point=["7/12", "7/6"])
    bound = certify_family(pair(3, datum=third), precision=3)
    assert not (bound.datum.point - exact_array(["7/12", "7/6"])).any()
    accepted(family_certificate(bound))
    with pytest.raises(DataError, match=r"the common datum: dist\(x_kn"):
        certify_family(pair(3, datum=Datum([[1, 1]], [2], point=[1, 1])), precision=3)
    with pytest.raises(DataError, match="A_n of the common datum must be rational"):
        certify_family(pair(3, datum=Datum([[sqrt(fmpq(2)), 1]], [2])), precision=3)
    # the mean serves where there is no limit
    mean = certify_family(pair(3, limit=None), precision=3)
    assert not (mean.datum.problem.matrix - exact_array([["17/16", "17/16"]])).any()
    accepted(family_certificate(mean))


def test_an_irrational_limit_is_rounded():
    root = sqrt(fmpq(2))
    instances = [
        FamilyInstance([[root, root * fmpq(3, 4)]], [2], [root, 0], [root / 4]),
        FamilyInstance([[root * fmpq(3, 4), root]], [2], [0, root], [root / 4]),
    ]
    limit = FamilyInstance([[root * fmpq(7, 8), root * fmpq(7, 8)]], [2])
    bound = certify_family(Family(problem="sqrt-lasso", parameter="1/2", instances=instances, limit=limit), precision=1)
    assert all(isinstance(entry, fmpq) for entry in bound.datum.problem.matrix.flat)
    assert bound.square == 1
    accepted(family_certificate(bound))


def test_bad_families():
    with pytest.raises(UsageError, match="at least two instances, got 1"):
        certify_family(pair(3, instances=pair(3).instances[:1]), precision=3)
    for n in (0, -1, True, "3"):
        with pytest.raises(UsageError, match="n >= 1 is needed"):
            certify_family(pair(3), precision=n)
    with pytest.raises(DataError, match="one point minimises all instances"):
        certify_family(pair(3, instances=[pair(3).instances[0]] * 2), precision=3)
    with pytest.raises(DataError, match="one point minimises all instances"):
        certify_family(pair(3, instances=[FamilyInstance([[1, 1]], [2])] * 3), precision=3)
    with pytest.raises(DataError, match=r"instance 1 has the shape \(1, 3\), but the limit has \(1, 2\)"):
        certify_family(pair(3, instances=[FamilyInstance([[1, 1, 1]], [2])] * 2), precision=3)
    with pytest.raises(DataError, match=r"the datum has the shape"):
        certify_family(pair(3, datum=Datum([[1]], [2])), precision=3)
    with pytest.raises(SolverError, match=r"instance 1: bpdn .* no feasible point"):
        zero = FamilyInstance([[0, 0]], [2])
        certify_family(pair(3, "bpdn", instances=[zero, zero], limit=None, datum=Datum([["1/9", 0]], [2])), precision=3)
    with pytest.raises(FieldError, match="the instances and their minimisers do not lie in one field"):
        # residuals along (1, 1) and (1, 4/5), of length 1/2
        instances = [FamilyInstance([[1, 0], [0, 1]], [3, 3]), FamilyInstance([[1, 0], [0, "5/4"]], [3, 3])]
        certify_family(Family(problem="bpdn", parameter="1/2", instances=instances), precision=1)


# --- the command ---------------------------------------------------------------------------------


CLASS = ("--problem", "lasso", "--digits", "3,6", "--size", "3", "4")
MODULE = """
from fractions import Fraction
from sci_barriers.breakdown.family import Family, FamilyInstance

def pairs(n):
    e = Fraction(1, 2**n)
    return ([[1, 1]], [2]), [([[1 + e, 1]], [2]), ([[1, 1 + e]], [2])]

def family(n):
    limit, instances = pairs(n)
    return Family(problem="lasso", parameter="1/2", limit=FamilyInstance(*limit),
                  instances=[FamilyInstance(*pair) for pair in instances])

def slow(n):
    return pairs(min(n, 5))

def leaves(n):
    print("noise")
    raise SystemExit(0)

def breaks(n):
    raise KeyError("x")

number = 3

def nothing(n):
    return n

def alone(n):
    return pairs(n)[0], pairs(n)[1][:1]
"""
DOCUMENT = {
    "problem": "lasso", "parameter": "1/2", "limit": {"matrix": [[1, 1]], "data": [2]},
    "instances": [{"matrix": [["9/8", 1]], "data": [2]}, {"matrix": [[1, "9/8"]], "data": [2]}],
}  # fmt: skip


def test_the_class_by_command(call, empty_directory):
    code, out, err = call("breakdown", *CLASS, "--out", "e", "--plot", "e.svg")
    assert (code, err) == (0, "")
    assert "2 digits, not 3" in out and "5 digits, not 6" in out and "e, about 0.001061" in out
    assert verify_path("e", time_limit=60).verdict == "valid"
    assert (empty_directory / "e.svg").read_bytes()[:5] == b"<?xml"
    code, out, _ = call("breakdown", *CLASS, "--family", "weak", "--json")
    answer = json.loads(out)
    found = answer["result"]
    assert code == 0 and answer["files"] == []
    assert [row["largest_computable_digits"] for row in found["breakdown"]] == [1, 4]
    assert all(row["strong_square"]["exact"] == "0" for row in found["breakdown"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("f.py:family", "--precision", "3,5"),
        ("f.py:pairs", "--precision", "3,5", "--problem", "lasso", "--parameter", "1/2"),
    ],
)
def test_a_function(call, empty_directory, arguments):
    (empty_directory / "f.py").write_text(MODULE)
    code, out, err = call("breakdown", *arguments, "--out", "r", "--plot", "r.svg")
    assert (code, err) == (0, "") and out.count("errs by at least") == 2
    report = verify_path("r", time_limit=60)
    assert report.verdict == "valid" and len(report.parts) == 2
    assert (empty_directory / "r.svg").exists()


def test_a_file(call, empty_directory):
    (empty_directory / "f.json").write_text(json.dumps(DOCUMENT))
    code, out, _ = call("breakdown", "f.json", "--precision", "3", "--out", "r", "--json")
    (bound,) = json.loads(out)["result"]["breakdown"]
    assert code == 0 and [weight["exact"] for weight in bound["weights"]] == ["1/2", "1/2"]
    assert verify_path("r", time_limit=60).verdict == "valid"
    code, _, err = call("breakdown", "f.json", "--precision", "3,4", "--out", "r")
    assert code == 2 and "n = 4: instance 1 parts company with the common datum at precision 4" in err
    assert verify_path("r", time_limit=60).verdict == "valid"


def test_arrays_in_files_are_those_that_are_written_out(call, empty_directory):
    document = json.loads(json.dumps(DOCUMENT))
    for i, item in enumerate(document["instances"]):
        (empty_directory / f"A{i}.json").write_text(json.dumps(item["matrix"]))
        (empty_directory / f"y{i}.csv").write_text("\n".join(map(str, item["data"])) + "\n")
        item |= {"matrix": f"A{i}.json", "data": {"file": f"y{i}.csv", "header": "none"}}
    for name, content in (("written.json", DOCUMENT), ("files.json", document)):
        (empty_directory / name).write_text(json.dumps(content))
    found = [call("breakdown", name, "--precision", "3", "--json") for name in ("written.json", "files.json")]
    assert found[0] == found[1] and found[0][0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give a FAMILY with --precision"),
        (("--problem", "lasso"), "--problem and --digits"),
        (("--problem", "lasso", "--digits", "x"), "must be integers"),
        (("--problem", "lasso", "--digits", "0"), "must be positive"),
        (("--problem", "lasso", "--digits", "3", "--precision", "3"), "give a FAMILY"),
        (("--problem", "lasso", "--digits", "3", "--size", "3", "3"), "1 <= m < N"),
        (("f.py:family",), "say with --precision"),
        (("f.py:family", "--precision", "3", "--digits", "3"), "belong to the class"),
        (("f.py:family", "--precision", "3", "--problem", "lasso"), "leave out --problem"),
        (("f.py:family", "--precision", "-3"), "must be positive"),
        (("f.py:family", "--precision", "3", "--plot", "no/r.svg"), "does not exist"),
        (("f.py:family", "--precision", "3", "--plot", "f.py"), "must end in .svg"),
        (("f.py:family", "--precision", "3", "--out", "no/r"), "does not exist"),
        (("f.py:family", "--precision", "3", "--out", "f.py"), "is not a bundle"),
        (("f.py:pairs", "--precision", "3"), "give --problem and --parameter"),
        (("f.py:slow", "--precision", "5,9", "--problem", "lasso", "--parameter", "1"), "n = 9: instance 1 parts"),
        (("f.py:breaks", "--precision", "3"), "failed at n = 3: KeyError"),
        (("f.py:leaves", "--precision", "3"), "failed at n = 3: SystemExit"),
        (("g.py:family", "--precision", "3"), "g.py:family could not be loaded: SystemExit"),
        (("f.py:nothing", "--precision", "3", "--problem", "lasso", "--parameter", "1"), "it returned int"),
        (("f.py:number", "--precision", "3"), "is no function"),
        (("f.py:missing", "--precision", "3"), "has no attribute"),
        (("f.py", "--precision", "3"), "names no attribute"),
        (("f.py:alone", "--precision", "3", "--problem", "lasso", "--parameter", "1"), "at least two instances"),
        (("g.json", "--precision", "3"), "cannot read"),
        (("bad.json", "--precision", "3"), "instances must be a list"),
        (("f.json", "--precision", "3", "--problem", "lasso"), "leave out --problem"),
    ],
)
def test_usage(call, empty_directory, arguments, message):
    (empty_directory / "f.py").write_text(MODULE)
    (empty_directory / "g.py").write_text("raise SystemExit(0)")
    (empty_directory / "f.json").write_text(json.dumps(DOCUMENT))
    (empty_directory / "bad.json").write_text(json.dumps({**DOCUMENT, "instances": 3}))
    code, out, err = call("breakdown", *arguments)
    assert code == 2 and out == "" and message in err
    assert err.removeprefix("noise\n").count("\n") == 1
