"""Oracles and the check of training data: every answer valid, and validity decided to the last unit."""

import math
import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.enclosures import Enclosed, cosine_matrix, enclosed, expression_ball, fourier_matrix
from exact_base.errors import BudgetError, DataError, ProtocolError, SolverError
from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_two, sqrt_ceiling
from exact_base.scalars import exact, exact_array, imaginary_part, norm2, real_part, sqrt
from sci_barriers.data.inputs import Input
from sci_barriers.data.oracles import HonestOracle, NoisyInstanceOracle, NoisyOracle
from sci_barriers.data.structured import CommonOracle, InstanceOracle
from sci_barriers.data.training_data import QueryAccess, Triple
from sci_barriers.data.validity import check_training_data
from sci_barriers.omega.families import OmegaClass
from sci_barriers.problems.solve import solve_exactly

PROBLEMS = ("bpdn", "lasso", "sqrt-lasso")
PRECISIONS = (1, 2, 5, 40, 90)


# --- enclosures ----------------------------------------------------------------------------------


def high(precision=400):
    context = mpmath.mp.clone()
    context.prec = precision
    return context


def distance2(points, truth, mp):
    def real(x):
        return mp.mpf(int(x.p)) / int(x.q)

    total = mp.mpf(0)
    for point, value in zip(points.ravel(), truth, strict=True):
        total += abs(mp.mpc(real(real_part(point)), real(imaginary_part(point))) - value) ** 2
    return total


@settings(max_examples=20)
@given(st.integers(1, 6), st.integers(1, 200))
def test_transforms_against_mpmath(size, n):
    mp = high()
    cosine = [
        mp.sqrt(mp.mpf(1 if k == 0 else 2) / size) * mp.cos(mp.pi * (2 * j + 1) * k / (2 * size))
        for k in range(size)
        for j in range(size)
    ]
    fourier = [mp.exp(-2j * mp.pi * j * k / size) / mp.sqrt(size) for k in range(size) for j in range(size)]
    for matrix, truth in ((cosine_matrix(size), cosine), (fourier_matrix(size), fourier)):
        points = matrix.dyadic(n)
        assert distance2(points, truth, mp) <= mp.mpf(4) ** -n
        for entry in points.ravel():
            for part in (real_part(entry), imaginary_part(entry)):
                assert int(part.q) & (int(part.q) - 1) == 0
        # orthonormal: the approximation of a unitary matrix is nearly one
        assert operator_norm_at_most(points, 1 + power_of_two(-n))


def test_subsampled_rows_and_products():
    part = fourier_matrix(5).rows([0, 3])
    assert part.shape == (2, 5) and (part.dyadic(30) == fourier_matrix(5).rows([0, 3]).dyadic(30)).all()
    product = cosine_matrix(4) @ enclosed([[sympy.sqrt(2), 0], [0, 1], [0, 0], [0, "1/3"]])
    mp = high()
    points = product.dyadic(100)
    first = [mp.sqrt(2) * mp.sqrt(mp.mpf(1 if k == 0 else 2) / 4) * mp.cos(mp.pi * k / 8) for k in range(4)]
    assert distance2(points[:, 0], first, mp) <= mp.mpf(4) ** -100
    for bad in ([5], [-1], []):
        with pytest.raises(DataError):
            fourier_matrix(5).rows(bad)
    with pytest.raises(DataError):
        cosine_matrix(3) @ cosine_matrix(4)
    for size in (0, 2.0, True):
        with pytest.raises(DataError):
            cosine_matrix(size)


x = sympy.Symbol("x")
EXPRESSIONS = [
    "sqrt(2)",
    "2**Rational(1, 3) - 5",
    "cos(1)*pi",
    "exp(I)/3",
    "log(2)**2",
    "tan(1) + sin(sqrt(3))",
    "E",
    "sqrt(-2)",
    "(1 + I)**5",
    "3**Rational(-5, 7)",
    "pi**2/6",
    "Float('0.1')*sqrt(2)",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions_against_mpmath(text):
    expression = sympy.sympify(text)
    mp = high(300)
    truth = sympy.lambdify((), expression, "mpmath")
    with mpmath.workprec(300):
        value = mp.mpmathify(truth())
    points = enclosed([expression]).dyadic(150)
    assert distance2(points, [value], mp) <= mp.mpf(4) ** -149


def test_expressions_that_have_no_enclosure():
    for bad in (x, sympy.gamma(sympy.Rational(1, 3)), sympy.sqrt(2) ** sympy.sqrt(3), sympy.oo, sympy.nan):
        with pytest.raises(DataError):
            enclosed([bad, 1])
    assert enclosed([sympy.Rational(1, 3), 2]).exact[0] == fmpq(1, 3)
    with ctx.workprec(64):
        assert expression_ball(sympy.Float(0.1), precision=64).real.contains(arb(0.1))


def test_a_number_that_is_not_finite_or_never_known_better_ends_in_the_budget():
    for function in (lambda precision: arb(0, 1), lambda precision: acb("nan")):
        with pytest.raises(BudgetError):
            enclosed([function]).dyadic(3, max_precision=1000)


@given(st.lists(st.fractions(), min_size=1, max_size=6), st.integers(1, 100))
def test_exact_arrays_are_rounded_within_the_bound(values, n):
    array = exact_array(values)
    points = enclosed(values).dyadic(n)
    assert norm2(points - array) <= power_of_two(-2 * n)
    irrational = array + sqrt(fmpq(2))
    assert norm2(enclosed(irrational).dyadic(n) - irrational) <= power_of_two(-2 * n)


def test_balls_contain_and_shapes_are_checked():
    array = enclosed([[1, sqrt(fmpq(2))], [exact(1j), lambda precision: arb.pi()]])
    assert array.exact is None and array.balls(100)[0, 1].real.overlaps(arb(2).sqrt())
    for bad in ([], 3, [[[1]]], [True], ["x"]):
        with pytest.raises(DataError):
            enclosed(bad)


# --- general oracles -----------------------------------------------------------------------------


def random_input(seed, irrational):
    rng = random.Random(seed)
    rows, columns = rng.randint(1, 3), rng.randint(2, 4)

    def entry():
        if irrational and rng.random() < 0.4:
            return rng.choice([sympy.sqrt(2), sympy.cos(1), sympy.pi / 3])
        return Fraction(rng.randint(-9, 9), rng.randint(1, 9))

    matrix = [[entry() for _ in range(columns)] for _ in range(rows)]
    return matrix, [[entry() for _ in range(rows)] for _ in range(2)]


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("kind", [HonestOracle, NoisyOracle])
@pytest.mark.parametrize("irrational", [False, True])
def test_every_answer_is_valid(problem, kind, irrational):
    checked = 0
    for seed in range(8):
        matrix, samples = random_input(seed, irrational)
        oracle = kind(matrix, samples, problem=problem, parameter="1/2", weights=range(1, len(matrix[0]) + 1))
        triples = []
        for n in PRECISIONS:
            for k in (1, 2):
                try:
                    triples.append(oracle.read(k=k, n=n))
                except SolverError:
                    assert problem == "bpdn"
        if not triples:
            continue
        valid = check_training_data(oracle.input, triples)
        again = check_training_data(
            oracle.input, triples, minimisers=[oracle.minimisers[triple.k, triple.n] for triple in triples]
        )
        assert len(valid.triples) == len(again.triples) == len(triples)
        for triple, minimiser in zip(again.triples, again.minimisers, strict=True):
            assert norm2(triple.point - minimiser.point) <= power_of_two(-2 * triple.n)
        checked += 1
    assert checked >= 3


def test_answers_repeat_and_the_matrix_does_not_depend_on_the_sample():
    matrix, samples = random_input(3, True)
    for kind in (HonestOracle, NoisyOracle):
        first, second = (kind(matrix, samples, problem="lasso", parameter=1) for _ in range(2))
        for n in (1, 9, 4):
            a, b = first.read(k=1, n=n), second.read(k=2, n=n)
            c = second.read(k=1, n=n)
            assert (a.matrix == b.matrix).all() and (a.matrix == c.matrix).all()
            assert (a.data == c.data).all() and (a.point == c.point).all()
            assert first.read(k=1, n=n) is a
    other = NoisyOracle(matrix, samples, problem="lasso", parameter=1, seed=1)
    assert (other.read(k=1, n=4).matrix != first.read(k=1, n=4).matrix).any()


def test_noise_spends_nearly_all_it_may():
    matrix, samples = exact_array([[1, 2, 0], [0, 1, 1]]), [exact_array([1, 1])]
    oracle = NoisyOracle(matrix, samples, problem="lasso", parameter=1)
    for n in (1, 17, 80):
        triple = oracle.read(k=1, n=n)
        nearly = (1 - power_of_two(-15)) * power_of_two(-n)
        assert not operator_norm_at_most(triple.matrix - matrix, nearly)
        assert operator_norm_at_most(triple.matrix - matrix, power_of_two(-n))
        for given_, truth in ((triple.data, samples[0]), (triple.point, oracle.minimisers[1, n].point)):
            assert nearly**2 < norm2(given_ - truth) <= power_of_two(-2 * n)


def test_directions_given_by_the_user():
    matrix, direction = exact_array([[1, 2], [0, 1]]), exact_array([["1e9", 0], [0, 0]])
    oracle = NoisyOracle(
        matrix,
        [[1, 1]],
        problem="sqrt-lasso",
        parameter="1/4",
        matrix_direction=direction,
        data_direction=[0, -1],
        point_direction=[0, 0],
    )
    triple = oracle.read(k=1, n=10)
    assert (1 - power_of_two(-15)) * power_of_two(-10) < triple.matrix[0, 0] - 1 <= power_of_two(-10)
    assert triple.matrix[1, 1] == 1 and triple.data[0] == 1 and triple.data[1] < 1
    assert norm2(triple.point - oracle.minimisers[1, 10].point) <= power_of_two(-40)
    check_training_data(oracle.input, [triple])
    for bad in ({"matrix_direction": [1, 2]}, {"data_direction": [1]}, {"point_direction": [True, False]}):
        with pytest.raises(DataError):
            NoisyOracle(matrix, [[1, 1]], problem="lasso", parameter=1, **bad)
    irrational = NoisyOracle([[1]], [[1]], problem="lasso", parameter=1, data_direction=[1 + sqrt(fmpq(2))])
    with pytest.raises(DataError):
        irrational.read(k=1, n=1)


def test_complex_data_with_minimisers_of_the_caller():
    """With λ large the minimiser is 0, also for a subsampled Fourier matrix."""

    def zero(problem):
        return problem.minimiser([0] * problem.columns)

    matrix = fourier_matrix(5).rows([1, 2])
    for kind in (HonestOracle, NoisyOracle):
        oracle = kind(matrix, [[1, 1j]], problem="lasso", parameter=10, minimise=zero)
        triples = [oracle.read(k=1, n=n) for n in PRECISIONS]
        assert any(imaginary_part(entry) != 0 for entry in triples[-1].matrix.ravel())
        check_training_data(oracle.input, triples, minimise=zero)
        with pytest.raises(DataError, match="real"):
            check_training_data(oracle.input, triples)


def test_protocol_and_shapes():
    oracle = HonestOracle([[1, 2]], [[1], [2]], problem="lasso", parameter=1)
    assert oracle.samples == 2
    for k, n in ((0, 1), (3, 1), (1, 0), (1, 1.0), (True, 1)):
        with pytest.raises(ProtocolError):
            oracle.read(k=k, n=n)
    data = QueryAccess(oracle.input.known(), oracle)
    assert data.read(12, k=2).k == 2 and data.count == 1 and data.known.samples == 2
    for bad in ({"samples": []}, {"samples": [[1, 2]]}, {"matrix": [1]}, {"parameter": 0}, {"weights": [1, -1]}):
        arguments = {"matrix": [[1, 2]], "samples": [[1]], "parameter": 1} | bad
        with pytest.raises(DataError):
            Input.create(arguments.pop("matrix"), arguments.pop("samples"), problem="lasso", **arguments)


# --- oracles of the class ------------------------------------------------------------------------


def class_input(instance):
    problem = instance.exact_problem()
    omega = instance.omega
    return Input.create(problem.matrix, [problem.data], problem=omega.problem, parameter=omega.parameter)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("family", ["strong", "weak"])
@pytest.mark.parametrize("disguise", [False, True])
def test_oracles_of_the_class_answer_validly(problem, family, disguise):
    omega = OmegaClass.create(problem, digits=3, rows=2, columns=4, family=family, disguise=disguise)
    q = omega.q0 + 20
    members = [omega.member(i=2, q=q), omega.member(i=1, q=omega.q0), omega.control()]
    for instance in [omega.tie(), *members] if family == "strong" else members:
        truth = class_input(instance)
        for oracle in (InstanceOracle(instance), *(NoisyInstanceOracle(instance, seed=s) for s in range(3))):
            triples = [oracle.read(k=1, n=n) for n in PRECISIONS]
            check_training_data(truth, triples)
            assert len(oracle.transcript) == len(PRECISIONS)
            assert (oracle.read(k=1, n=2).matrix == triples[1].matrix).all()
    common = CommonOracle(omega)
    check_training_data(class_input(members[0]), [common.read(k=1, n=n) for n in (1, 7, q - 1, q)])


def test_noise_of_the_structured_oracle_is_decided_by_squares():
    instance = OmegaClass.create("lasso", digits=3, rows=2, columns=4).tie()
    for seed in range(10):
        oracle = NoisyInstanceOracle(instance, seed=seed)
        for n in (1, 8, 60):
            oracle.read(k=1, n=n)
            answer = oracle.transcript[-1]
            shift = sum(((a - b) ** 2 for a, b in zip(answer.a, instance.a, strict=True)), fmpq(0))
            assert (1 - power_of_two(-15)) ** 2 * power_of_two(-2 * n) < shift <= power_of_two(-2 * n)
            c = sqrt(instance.c2)
            assert abs(answer.c - c) <= power_of_two(-n) < abs(answer.c - c) * (1 + power_of_two(-15))
    with pytest.raises(ProtocolError):
        oracle.read(k=2, n=1)


def test_noise_keeps_to_the_range_of_the_height():
    """α just above λ at a low precision: full noise could push a below it, where the minimiser is 0."""
    omega = OmegaClass.create("sqrt-lasso", digits=1, rows=1, columns=2, parameter="4.4", alpha="4.5")
    for seed in range(40):
        oracle = NoisyInstanceOracle(omega.tie(), seed=seed)
        check_training_data(class_input(omega.tie()), [oracle.read(k=1, n=n) for n in (1, 2, 30)])


@pytest.mark.parametrize("rounding", ["up", "nearest", "down"])
def test_rounding_of_c(rounding):
    """c_0 <= c_n <= c_0 + 2^-n is valid for every member of exponent q >= n; the other roundings are not."""
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    c2, rejected = omega.tie().c2, 0
    for n in range(omega.q0, omega.q0 + 12):
        member = omega.member(i=1, q=n)
        up = sqrt_ceiling(c2, bits=n)
        down = up - power_of_two(-n)
        c = {"up": up, "down": down, "nearest": up if up + down <= 2 * sqrt(c2) else down}[rounding]
        triple = Triple(
            k=1, n=n, matrix=omega.matrix(omega.tie().a, c), data=omega.data(), point=omega.tie().centroid()
        )
        try:
            check_training_data(class_input(member), [triple])
        except DataError as error:
            assert "‖A_n - A‖" in str(error)
            rejected += 1
    assert (rejected == 0) == (rounding == "up")


# --- validity, to the last unit ------------------------------------------------------------------

UNIT = power_of_two(-300)


def lasso_input():
    """A = I, λ = 1, y = (2, 1/4): the only minimiser is (3/2, 0)."""
    return Input.create([[1, 0], [0, 1]], [[2, "1/4"]], problem="lasso", parameter=1)


@pytest.mark.parametrize("n", [1, 10, 50])
@pytest.mark.parametrize("excess", [fmpq(0), UNIT])
@pytest.mark.parametrize("what", ["matrix", "both entries", "data", "point"])
def test_an_error_of_exactly_the_bound_is_valid_and_a_unit_more_is_not(n, excess, what):
    size = power_of_two(-n) + excess
    matrix, data = exact_array([[1, 0], [0, 1]]), exact_array([2, "1/4"])
    if what == "matrix":
        matrix[0, 1] = size * fmpq(3, 5)
        matrix[1, 1] += size * fmpq(4, 5)
    elif what == "both entries":  # spectral norm `size`, Frobenius norm √2 times that
        matrix = matrix * (1 + size)
    elif what == "data":
        data = data + exact_array(["3/5", "-4/5"]) * size
    instance = lasso_input()
    point = solve_exactly(instance.instance(matrix, data)).point
    if what == "point":
        point = point + exact_array(["-4/5", "3/5"]) * size
    triple = Triple(k=1, n=n, matrix=matrix, data=data, point=point)
    if excess == 0:
        assert check_training_data(instance, [triple]).triples == (triple,)
        return
    named = {"data": "‖y_kn - y_k‖", "point": "dist"}.get(what, "‖A_n - A‖")
    with pytest.raises(DataError, match=rf"\(1, {n}\).*{named}"):
        check_training_data(instance, [triple])


def test_the_nearest_minimiser_is_found_from_a_far_one():
    """A = [1, 1]: the minimisers are a segment, and each of its points is a valid x_n."""
    instance = Input.create([[1, 1]], [[2]], problem="lasso", parameter=1)
    problem = instance.instance(exact_array([[1, 1]]), exact_array([2]))
    ends = [problem.minimiser(p) for p in (["3/2", 0], [0, "3/2"])]
    for n, point, good in (
        (20, [0, "3/2"], True),
        (20, ["1/2", 1], True),
        (20, [fmpq(1, 2) + power_of_two(-20), 1], True),  # at distance 2^-20/√2
        (1, [-power_of_two(-1), "3/2"], True),
        (1, [-power_of_two(-1) - UNIT, "3/2"], False),
    ):
        triple = Triple(k=1, n=n, matrix=exact_array([[1, 1]]), data=exact_array([2]), point=exact_array(point))
        for end in ends:
            if good:
                close = check_training_data(instance, [triple], minimisers=[end]).minimisers[0]
                assert norm2(close.point - triple.point) <= power_of_two(-2 * n)
            else:
                with pytest.raises(DataError, match="dist"):
                    check_training_data(instance, [triple], minimisers=[end])


def test_the_nearest_minimiser_of_sqrt_lasso_may_need_the_dual_of_another():
    """A = [1, 1/2], y = 1, λ = 1: from the minimiser 0 (r = 1) to (1, 0) (r = 0)."""
    instance = Input.create([[1, "1/2"]], [[1]], problem="sqrt-lasso", parameter=1)
    matrix, data = exact_array([[1, "1/2"]]), exact_array([1])
    zero = instance.instance(matrix, data).minimiser([0, 0])
    for first in (1, "1.5", "1/3"):
        triple = Triple(k=1, n=1, matrix=matrix, data=data, point=exact_array([first, 0]))
        valid = check_training_data(instance, [triple], minimisers=[zero])
        assert 0 <= valid.minimisers[0].point[0] <= 1


def honest_triple(**changes):
    parts = {
        "k": 1,
        "n": 4,
        "matrix": exact_array([[1, 0], [0, 1]]),
        "data": exact_array([2, "1/4"]),
        "point": exact_array(["3/2", 0]),
    }
    return Triple(**(parts | changes))


@pytest.mark.parametrize(
    ("triples", "text"),
    [
        ([], "no triple"),
        ([honest_triple(k=2)], "1 <= k <= 1"),
        ([honest_triple(k=0)], "1 <= k <= 1"),
        ([honest_triple(n=0)], "n >= 1"),
        ([honest_triple(data=exact_array([2]))], "shape"),
        ([honest_triple(matrix=exact_array([[1, 0, 0], [0, 1, 0]]))], "shape"),
        ([honest_triple(point=exact_array([1]))], "shape"),
        ([honest_triple(matrix=exact_array([[1, 0], [0, 1]]) * sqrt(fmpq(2)))], "rational"),
        ([honest_triple(), honest_triple(matrix=exact_array([[1, 0], ["1/100", 1]]))], "differs"),
        ([honest_triple(), honest_triple(point=exact_array(["3/2", "1/100"]))], "two ways"),
        ([honest_triple(), honest_triple(data=exact_array([2, "1/5"]))], "two ways"),
    ],
)
def test_ill_formed_training_data(triples, text):
    with pytest.raises(DataError, match=text):
        check_training_data(lasso_input(), triples)


def test_repeats_are_kept_once_and_in_order():
    triples = [honest_triple(n=9), honest_triple(n=2), honest_triple(n=9)]
    valid = check_training_data(lasso_input(), triples)
    assert [t.n for t in valid.triples] == [2, 9] and len(valid.minimisers) == 2
    with pytest.raises(DataError, match="one minimiser"):
        check_training_data(lasso_input(), triples, minimisers=[])


def test_a_false_minimiser_is_not_believed():
    """(1, 0) minimises for y = (3/2, 1/4), and not for the data of the triple."""
    other = lasso_input().instance(exact_array([[1, 0], [0, 1]]), exact_array(["3/2", "1/4"]))
    wrong = other.minimiser([1, 0])
    with pytest.raises(DataError, match="not a minimiser"):
        check_training_data(lasso_input(), [honest_triple(point=exact_array([1, 0]))], minimisers=[wrong])


@pytest.mark.parametrize("what", ["matrix", "data"])
def test_enclosed_inputs_are_accepted_refused_or_undecided_but_never_guessed(what):
    """An entry 1 that is known as a ball only: errors below 2^-n pass, above fail, exactly 2^-n cannot be decided."""

    def almost(precision):
        return arb(1) + arb(0, arb(2) ** -precision)

    for n in (1, 20):
        for error, outcome in (
            (power_of_two(-n) - power_of_two(-n - 400), None),
            (power_of_two(-n) + power_of_two(-n - 400), DataError),
            (power_of_two(-n), BudgetError),
        ):
            matrix, data = [[almost if what == "matrix" else 1]], [almost if what == "data" else 1]
            instance = Input.create(matrix, [data], problem="lasso", parameter=4)
            triple = Triple(
                k=1,
                n=n,
                matrix=exact_array([[1 + (error if what == "matrix" else 0)]]),
                data=exact_array([1 - (error if what == "data" else 0)]),
                point=exact_array([0]),
            )
            if outcome is None:
                check_training_data(instance, [triple])
            else:
                with pytest.raises(outcome):
                    check_training_data(instance, [triple])


def test_enclosed_spectral_norm_is_not_that_of_frobenius():
    """A = √2·I with A_n = (√2 ± almost 2^-n)·I: the Frobenius norm of the error exceeds 2^-n."""
    n = 30
    root = fmpq(math.isqrt(2 << 400), 1 << 200)
    instance = Input.create([[sympy.sqrt(2), 0], [0, sympy.sqrt(2)]], [[0, 0]], problem="lasso", parameter=1)
    for factor, good in ((1 - power_of_two(-40), True), (1 + power_of_two(-40), False)):
        matrix = exact_array(np.eye(2, dtype=int)) * (root + factor * power_of_two(-n))
        triple = Triple(k=1, n=n, matrix=matrix, data=exact_array([0, 0]), point=exact_array([0, 0]))
        if good:
            check_training_data(instance, [triple])
        else:
            with pytest.raises(DataError, match="A_n - A"):
                check_training_data(instance, [triple])


def test_an_enclosed_array_is_handed_through():
    array = cosine_matrix(2)
    assert isinstance(array, Enclosed) and enclosed(array) is array
