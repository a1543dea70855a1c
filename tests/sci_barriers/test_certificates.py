"""Certificates of the generic kinds: what the library shows, the independent checker accepts."""

import json
import random

import pytest
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base.encoding import common_root, encode_array
from exact_base.errors import DataError, FieldError, SolverError
from exact_base.scalars import ComplexNumber, QuadraticNumber, exact, exact_array, zeros
from proofs_checks.certificate.reading import decode_matrix
from proofs_checks.checker import verify_bytes
from sci_barriers.certificates.gap import gap_certificate
from sci_barriers.certificates.minimiser import minimiser_certificate
from sci_barriers.certificates.training_data import training_data_certificate
from sci_barriers.data.inputs import Input
from sci_barriers.data.oracles import HonestOracle, NoisyOracle
from sci_barriers.data.structured import CommonOracle
from sci_barriers.data.validity import check_training_data
from sci_barriers.omega.families import OmegaClass
from sci_barriers.problems import PROBLEMS, BasisPursuitDenoising, Lasso, SqrtLasso
from sci_barriers.problems.solve import solve_exactly
from sci_barriers.testing import known_problems

seeds = st.integers(0, 10**6)
fractions = st.fractions(max_denominator=40, min_value=-30, max_value=30)


def q(x):
    return fmpq(x.numerator, x.denominator)


def accepted(data):
    report = verify_bytes(data)
    assert report.verdict == "valid", report.reason
    return report


def random_problem(seed):
    rng = random.Random(seed)
    rows, columns = rng.randint(1, 3), rng.randint(1, 4)
    matrix = [[rng.randint(-3, 3) for _ in range(columns)] for _ in range(rows)]
    weights = [fmpq(rng.randint(1, 3), rng.randint(1, 2)) for _ in range(columns)]
    data = [fmpq(rng.randint(-9, 9), rng.randint(1, 4)) for _ in range(rows)]
    kind = PROBLEMS[rng.choice(sorted(PROBLEMS))]
    return kind(matrix, data, parameter=fmpq(1, rng.randint(1, 4)), weights=weights), rng


def solved(problem):
    try:
        return solve_exactly(problem)
    except SolverError:
        assume(False)


def solved_first(pair):
    return solved(pair[0])


# --- arrays --------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(fractions, fractions, fractions, fractions), min_size=1, max_size=5), st.sampled_from([2, 3, 12])
)
def test_arrays_survive_the_format(parts, s):
    """√s, √(s/49) and √(4s) in one array are written with one root."""
    array = zeros(len(parts))
    for k, (a, b, c, d) in enumerate(parts):
        radicand = (fmpq(s), fmpq(s, 49), fmpq(4 * s))[k % 3]
        array[k] = exact(ComplexNumber(QuadraticNumber(q(a), q(b), radicand), QuadraticNumber(q(c), q(d), radicand)))
    root = common_root(array)
    decoded = decode_matrix(encode_array(array, root), "array")
    assert (decoded.rows, decoded.cols) == (len(parts), 1)
    for k in range(len(parts)):
        a, b, c, d = (fmpq(n, decoded.den) for n in decoded.entries.get((k, 0), (0, 0, 0, 0)))
        if root == 0:
            assert b == d == 0
        back = ComplexNumber(QuadraticNumber(a, b, fmpq(root)), QuadraticNumber(c, d, fmpq(root)))
        assert array[k] == back


def test_roots():
    def root_of(*radicands):
        return common_root(*(exact_array([QuadraticNumber(fmpq(1), fmpq(1), s)]) for s in radicands))

    assert root_of(fmpq(4), fmpq(0), fmpq(9, 25)) == 0
    assert root_of(fmpq(2, 3)) == 6
    assert root_of(fmpq(9, 4), fmpq(8), fmpq(2)) == 8
    assert common_root(exact_array([1, 2j])) == 0
    with pytest.raises(FieldError):
        root_of(fmpq(2), fmpq(3))
    for root in (0, 3):
        with pytest.raises(FieldError):
            encode_array(exact_array([QuadraticNumber(fmpq(0), fmpq(1), fmpq(2))]), root)


# --- minimisers ----------------------------------------------------------------------------------


@settings(max_examples=80)
@given(st.one_of(known_problems().map(lambda known: known.minimiser), seeds.map(random_problem).map(solved_first)))
def test_minimisers_round_trip(minimiser):
    unique = minimiser.certainly_unique
    accepted(minimiser_certificate(minimiser, unique=unique))
    accepted(minimiser_certificate(minimiser, provenance={"note": "a test"}))
    if not unique:
        with pytest.raises(DataError):
            minimiser_certificate(minimiser, unique=True)


@pytest.mark.parametrize(
    "minimiser",
    [
        BasisPursuitDenoising([[1, 2]], ["1/2"], parameter=1).minimiser([0, 0]),
        SqrtLasso([[1, 0]], [0], parameter=1).minimiser([0, 0], dual=[0]),
        SqrtLasso([[1, "1/2"]], [1], parameter=1).minimiser([1, 0], dual=[1]),
        solve_exactly(SqrtLasso([[1, 0], [1, 1]], [3, 1], parameter="1/2")),
        solve_exactly(BasisPursuitDenoising([[1, 2], [1, 1]], [3, 1], parameter="1/3")),
        OmegaClass.create("lasso", digits=2, rows=2, columns=3)
        .tie()
        .exact_problem()
        .minimiser(OmegaClass.create("lasso", digits=2, rows=2, columns=3).tie().centroid()),
    ],
)
def test_special_minimisers(minimiser):
    accepted(minimiser_certificate(minimiser, unique=minimiser.certainly_unique))


def test_another_point_is_not_accepted():
    problem = Lasso([[1, 0], [0, 1]], [2, 3], parameter=1)
    good = json.loads(minimiser_certificate(problem.minimiser(["3/2", "5/2"]), unique=True))
    assert good["claim"]["unique"] is True and good["claim"]["root"] == "0x0"
    near = Lasso([[1, 0], [0, 1]], ["2.001", 3], parameter=1)
    forged = problem.minimiser(["3/2", "5/2"])
    object.__setattr__(forged, "problem", near)
    assert verify_bytes(minimiser_certificate(forged)).verdict == "invalid"


# --- gaps ----------------------------------------------------------------------------------------


@settings(max_examples=80)
@given(seeds, st.sampled_from([0, 8, 64, 200]))
def test_gaps_round_trip(seed, bits):
    problem, rng = random_problem(seed)
    minimiser = solved(problem)
    point = minimiser.point
    if problem.name != "bpdn":
        point = point + exact_array([fmpq(rng.randint(-5, 5), 7) for _ in point])
    dual = exact_array([fmpq(rng.randint(-9, 9), 11) for _ in range(problem.rows)])
    largest = max(abs(v) / b for v, b in zip(problem.correlation(dual), problem.bounds, strict=True))
    scale = max(largest, sum((abs(v) for v in dual), fmpq(0)), fmpq(1))
    accepted(gap_certificate(problem.gap(point, dual / scale, bits=bits)))


def test_complex_and_irrational_gaps():
    root = QuadraticNumber(fmpq(0), fmpq(1), fmpq(2))
    for kind in (Lasso, SqrtLasso):
        problem = kind([[1j, root], [1, 2]], [1 + 1j, 2], parameter=3)
        accepted(gap_certificate(problem.gap([exact(1 + 2j), root / 9], [exact(1j) / 3, root / 9])))


# --- training data -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(PROBLEMS))
@pytest.mark.parametrize("kind", [HonestOracle, NoisyOracle])
def test_training_data_round_trip(name, kind):
    oracle = kind([["1/3", 1, 0], [2, "1/7", 1]], [[1, 2], ["1/3", -2]], problem=name, parameter="1/5")
    triples = [oracle.read(k=k, n=n) for k in (1, 2) for n in (3, 20)]
    if name == "lasso":
        accepted(training_data_certificate(check_training_data(oracle.input, triples), provenance={"who": "test"}))
    for triple in triples:  # roots differ from triple to triple
        accepted(training_data_certificate(check_training_data(oracle.input, [triple])))


def test_training_data_of_the_class_over_a_quadratic_field():
    omega = OmegaClass.create("sqrt-lasso", digits=3, rows=2, columns=3, disguise=True)
    member = omega.member(i=1, q=omega.q0 + 9)
    problem = member.exact_problem()
    instance = Input.create(problem.matrix, [problem.data], problem=problem.name, parameter=problem.parameter)
    common = CommonOracle(omega)
    valid = check_training_data(instance, [common.read(k=1, n=n) for n in (1, 5, omega.q0 + 9)])
    report = accepted(training_data_certificate(valid))
    assert report.kind == "training-data"


def test_different_fields_and_enclosures_have_no_certificate():
    sympy = pytest.importorskip("sympy")
    oracle = HonestOracle([[sympy.cos(1)]], [[1]], problem="lasso", parameter=1)
    valid = check_training_data(oracle.input, [oracle.read(k=1, n=4)])
    with pytest.raises(DataError, match="exactly"):
        training_data_certificate(valid)
    root = QuadraticNumber(fmpq(0), fmpq(1), fmpq(2))
    other = QuadraticNumber(fmpq(0), fmpq(1), fmpq(3))
    mixed = HonestOracle([[1]], [[root], [other]], problem="lasso", parameter=1)
    valid = check_training_data(mixed.input, [mixed.read(k=1, n=4)])
    with pytest.raises(FieldError):
        training_data_certificate(valid)
