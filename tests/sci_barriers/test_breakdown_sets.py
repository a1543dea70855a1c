"""Families whose instances have many minimisers: the bound against the distances to the sets, and known radii."""

import json
import random
import sys
from dataclasses import replace

import numpy as np
import pytest
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base.rationals import power_of_ten, power_of_two
from exact_base.scalars import ComplexNumber, conjugate, exact_array, norm2
from proofs_checks.checker import verify_bytes, verify_path
from sci_barriers import DataError, SciBarriersError, UsageError
from sci_barriers.breakdown import proposal, radius
from sci_barriers.breakdown.family import Datum, Family, FamilyInstance, certify_family
from sci_barriers.certificates.breakdown import family_certificate
from sci_barriers.commands.app import main
from sci_barriers.problems import ArgminSet, problem_type
from sci_barriers.problems.solve import solve_exactly
from tests.fuzz.independent import true

PROBLEMS = ["bpdn", "lasso", "sqrt-lasso"]
E = "9/8"


def accepted(bound):
    data = family_certificate(bound)
    report = verify_bytes(data)
    assert report.verdict == "valid", report.reason
    assert true(data)
    # the checker says that r is the radius exactly where the producer does
    assert any("No larger r is true" in line for line in report.statement.lines) == bound.exact
    return report


def spikes(rows, problem="lasso", n=2, **others):
    """Instances of one row: the columns with the largest entry, height h, share the minimisers h·conv."""
    instances = [FamilyInstance([row], [2]) for row in rows]
    limit = FamilyInstance([[1] * len(rows[0])], [2])
    given = {"problem": problem, "parameter": "1/2", "instances": instances, "limit": limit}
    return certify_family(Family(**(given | others)), precision=n)


# --- against radii that are known ----------------------------------------------------------------


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize(
    ("rows", "share"),
    [
        ([[E, E, 1, 1], [1, 1, E, E]], fmpq(1, 4)),  # the middles of two segments
        ([[E, E, 1], [1, 1, E]], fmpq(3, 8)),  # the middle of a segment and a vertex
        ([[E, E, 1], [1, E, E], [E, 1, E]], fmpq(1, 6)),  # the sides of a triangle
        ([[E, 1, 1], [1, E, 1], [1, 1, E]], fmpq(2, 3)),  # its vertices
        ([[E, 1, 1], [1, E, 1], [E, E, 1]], fmpq(1, 2)),  # two of them, and the side between, which costs nothing
        ([[E, E, 1, 1, 1], [1, 1, E, E, 1], [1, 1, 1, 1, E]], fmpq(9, 20)),  # two middles and a vertex
    ],
)
def test_parts_of_a_simplex(problem, rows, share):
    bound = spikes(rows, problem)
    height2 = norm2(spikes([[E, 1], [1, E]], problem).minimisers[0].point)
    assert bound.square == bound.error == height2 * share and bound.exact
    assert power_of_ten(-2 * bound.digits) >= bound.square > power_of_ten(-2 * (bound.digits + 1))
    accepted(bound)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("n", [3, 60, 300])
def test_the_limit_as_one_of_the_instances(problem, n):
    """The tie and a member are about 2^-n apart, far below what the solver sees; beside two members the tie is free."""
    tie, e = [1, 1], power_of_two(-n)
    near = spikes([tie, [1 + e, 1]], problem, n)
    segment = ArgminSet(near.minimisers[0])
    assert near.exact and 4 * near.square == segment.distance2(near.minimisers[1].point) > 0
    accepted(near)
    both = spikes([tie, [1 + e, 1], [1, 1 + e]], problem, n)
    assert both.square == spikes([[1 + e, 1], [1, 1 + e]], problem, n).square
    assert both.exact and both.weights == (0, fmpq(1, 2), fmpq(1, 2))
    accepted(both)


def test_a_ray_of_minimisers():
    """sqrt-lasso with λ = 1 and A = [1, 1/2], y = 1 is minimised by (s, 0) for 0 <= s <= 1, as ‖u‖ = 1."""
    ray = FamilyInstance([[1, "1/2"]], [1])
    for other, point, square in (
        (FamilyInstance([["3/4", "5/4"]], ["3/2"]), [0, 0], fmpq(9, 25)),  # (0, 6/5)
        (FamilyInstance([["9/8", "5/8"]], ["3/2"]), [1, 0], fmpq(1, 36)),  # (4/3, 0)
        (FamilyInstance([["5/4", "1/2"]], ["5/8"]), None, None),  # (1/2, 0)
    ):
        family = Family(problem="sqrt-lasso", parameter=1, instances=[ray, other])
        if square is None:
            with pytest.raises(DataError, match="one point minimises all instances"):
                certify_family(family, precision=1)
            continue
        bound = certify_family(family, precision=1)
        assert bound.exact and bound.square == square
        assert not (bound.minimisers[0].point - exact_array(point)).any()
        accepted(bound)


def test_zero_as_the_only_minimiser():
    """bpdn with ‖y‖ <= ε: the set is {0}, and there is no multiplier."""
    instances = [FamilyInstance([[1, 1]], ["1/2"]), FamilyInstance([[1, 1]], ["3/2"])]
    bound = certify_family(Family(problem="bpdn", parameter="1/2", instances=instances), precision=1)
    assert bound.multipliers[0] is None and bound.multipliers[1] is not None
    assert bound.exact and bound.square == fmpq(1, 8)  # half the way to the middle of (1, 0) and (0, 1)
    accepted(bound)


def test_segments_that_cross():
    crossing = [[E, E, 1], [1, E, E]]
    with pytest.raises(DataError, match="one point minimises all instances"):
        spikes(crossing)
    # three segments, of which two and two meet
    assert spikes([*crossing, [E, 1, E]]).square > 0


# --- against the definition ----------------------------------------------------------------------


def turned(family, phases):
    """Each column times a number of modulus 1, with minimisers that solve_exactly found for the real family."""

    def turn(one):
        x = solve_exactly(
            problem_type(family.problem)(one.matrix, one.data, parameter=family.parameter, weights=family.weights)
        )
        point = np.array([conjugate(p) * v for p, v in zip(phases, x.point, strict=True)], dtype=object)
        return FamilyInstance(exact_array(one.matrix) * phases, one.data, point, x.dual)

    instances, limit = [turn(one) for one in family.instances], turn(family.limit)
    datum = Datum(limit.matrix, limit.data, minimiser=limit.minimiser, dual=limit.dual)
    return Family(
        problem=family.problem, parameter=family.parameter, weights=family.weights, instances=instances, datum=datum
    )


PHASES = [fmpq(1), fmpq(-1), *(ComplexNumber(a, b) for a, b in ((fmpq(3, 5), fmpq(4, 5)), (fmpq(0), fmpq(1))))]


@given(st.integers(0, 10**6), st.sampled_from(PROBLEMS), st.booleans())
@settings(max_examples=25)
def test_no_answer_is_nearer_to_all_sets(seed, problem, is_complex):
    rng = random.Random(seed)
    rows, columns, n = rng.randint(1, 2), rng.randint(1, 4), rng.randint(1, 3)
    matrix = np.array([[fmpq(rng.choice([0, 1, 1, 2, -1])) for _ in range(columns)] for _ in range(rows)], dtype=object)
    for j in range(1, columns):  # columns in common make ties
        if rng.random() < 0.6:
            matrix[:, j] = matrix[:, rng.randrange(j)] * rng.choice([1, -1])
    data = [fmpq(rng.randint(-6, 6), 2) for _ in range(rows)]

    def near():
        moved = matrix.copy()
        for j in range(columns):
            if rng.random() < 0.3:
                moved[rng.randrange(rows), j] += fmpq(rng.choice([-1, 1]), 6) * power_of_two(-n)
        return FamilyInstance(moved, [v + fmpq(rng.randint(-9, 9), 20) * power_of_two(-n) for v in data])

    family = Family(
        problem=problem, parameter=rng.choice([fmpq(1, 3), fmpq(1)]), weights=[rng.choice([1, 1, 2])] * columns,
        instances=[near() for _ in range(rng.randint(2, 4))], limit=FamilyInstance(matrix, data),
    )  # fmt: skip
    try:
        if is_complex:
            family = turned(family, exact_array([rng.choice(PHASES) for _ in range(columns)]))
        bound = certify_family(family, precision=n)
        accepted(bound)
    except SciBarriersError:  # one common minimiser, no field, infeasible: said by other tests
        assume(False)
    sets = [ArgminSet(minimiser) for minimiser in bound.minimisers]
    worst = max(one.distance2(bound.centre) for one in sets)
    assert bound.square <= worst <= bound.error <= bound.square * (1 + power_of_two(-10))
    for scale in (1, 10, 1000):
        z = bound.centre + exact_array([fmpq(rng.randint(-9, 9), 9 * scale) for _ in range(columns)])
        assert max(one.distance2(z) for one in sets) >= bound.square


@given(st.integers(0, 10**6), st.sampled_from(PROBLEMS))
@settings(max_examples=20)
def test_without_the_solver_the_bound_is_smaller_and_true(seed, problem):
    """Floats only propose: whatever centre and weights they give, what is made of them is proved."""
    rng = random.Random(seed)
    rows = [[E if j // 2 == i else 1 for j in range(6)] for i in range(3)]

    def nonsense(sets, centre, nearest, *, exponent):
        parts = [fmpq(rng.randint(-20, 20), 8) for _ in proposal.real_parts(centre)]
        return exact_array(parts), np.array([rng.random() for _ in sets])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(radius, "propose_centre", nonsense)
        patch.setattr(radius, "_NEWTON_STEPS", rng.choice([0, 1, 20]))
        try:
            bound = spikes(rows, problem, instances=[FamilyInstance([row], [2]) for row in rows])
        except DataError as error:
            assert "no bound above 0 was found: one answer is within" in str(error)
            return
    accepted(bound)
    assert bound.square <= spikes(rows, problem).square <= bound.error


def test_two_sets_need_no_solver(monkeypatch):
    monkeypatch.setitem(sys.modules, "clarabel", None)
    assert spikes([[E, E, 1], [1, 1, E]]).exact
    with pytest.raises(UsageError, match="pip install"):
        spikes([[E, E, 1, 1, 1], [1, 1, E, E, 1], [1, 1, 1, 1, E]])


def test_complex_minimisers_must_be_given():
    i = ComplexNumber(fmpq(0), fmpq(1))
    rows = [[i, i], [i, i * fmpq(9, 8)]]
    family = Family(problem="lasso", parameter=1, instances=[FamilyInstance([row], [2]) for row in rows])
    with pytest.raises(DataError, match=r"the common datum: .* give minimisers"):
        certify_family(family, precision=1)


def test_digits_are_said_where_both_bounds_agree():
    bound = spikes([[E, E, 1], [1, 1, E]])
    assert bound.digits == 0
    assert replace(bound, square=fmpq(1, 200), error=fmpq(1, 100)).digits == 1  # 10^-1 >= r, at equality too
    assert replace(bound, square=fmpq(1, 200), error=fmpq(101, 10000)).digits is None


# --- the command ---------------------------------------------------------------------------------


def test_the_command_says_whether_equality_holds(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    document = {
        "problem": "sqrt-lasso", "parameter": "1/2", "limit": {"matrix": [[1, 1, 1]], "data": [2]},
        "instances": [{"matrix": [row], "data": [2]} for row in ([E, E, 1], [1, E, E], [E, 1, E])],
    }  # fmt: skip
    (tmp_path / "f.json").write_text(json.dumps(document))
    for options in (["--out", "r"], ["--json"]):
        with pytest.raises(SystemExit) as caught:
            main(["breakdown", "f.json", "--precision", "2", *options])
        assert caught.value.code == 0
    text, _, last = capsys.readouterr().out.partition("written: r")
    assert "attained: one answer errs by at most r" in text and "digits from such data     0, not 1" in text
    assert "the strong one too, if the limit instance is in the class" in text
    found = json.loads(last.splitlines()[-1])["result"]["breakdown"][0]
    assert found["attained_by_an_answer"] and found["square"]["exact"] == found["error_square"]["exact"]
    assert found["largest_digits_without_more_data"] == 0
    assert verify_path("r", time_limit=60).verdict == "valid"


@pytest.mark.slow
def test_many_sets():
    rows = [[E if j % 16 == i else 1 for j in range(32)] for i in range(16)]
    bound = spikes(rows, n=2)
    height2 = norm2(spikes([[E, 1], [1, E]]).minimisers[0].point)
    assert bound.square == height2 / 2 * fmpq(15, 16) and bound.exact  # the middles of 16 segments
    accepted(bound)
