"""The three problems against their definitions; the objective is computed here again, with mpmath at 60 digits."""

import itertools
import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import sympy
from flint import ctx, fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError, FieldError, NotAMinimiserError, SolverError
from exact_base.rationals import power_of_two
from exact_base.scalars import (
    ComplexNumber,
    QuadraticNumber,
    conjugate,
    exact,
    imaginary_part,
    norm2,
    real_part,
    sign,
    sqrt,
)
from sci_barriers.problems import PROBLEMS, ArgminSet, BasisPursuitDenoising, Lasso, SqrtLasso
from sci_barriers.problems.solve import solve_exactly
from sci_barriers.testing import known_problems, well_posed

mp = mpmath.mp.clone()
mp.dps = 60
TINY = mp.mpf(10) ** -45
names = st.sampled_from(sorted(PROBLEMS))
ROWS, COLUMNS = st.integers(1, 3), st.integers(1, 4)


def to_mp(value):
    def real(x):
        if isinstance(x, QuadraticNumber):
            return real(x.a) + real(x.b) * mp.sqrt(real(x.s))
        return mp.mpf(int(x.p)) / int(x.q)

    return mp.mpc(real(real_part(value)), real(imaginary_part(value)))


def residual_size(problem, z):
    image = [mp.fsum(to_mp(a) * to_mp(b) for a, b in zip(row, z, strict=True)) for row in problem.matrix]
    return mp.sqrt(mp.fsum(abs(i - to_mp(y)) ** 2 for i, y in zip(image, problem.data, strict=True)))


def value(problem, z):
    """The objective by its definition, infinite where z is clearly infeasible."""
    l1 = mp.fsum(to_mp(w).real * abs(to_mp(x)) for w, x in zip(problem.weights, z, strict=True))
    size, p = residual_size(problem, z), to_mp(problem.parameter).real
    if problem.name == "bpdn":
        return l1 if size <= p else mp.inf
    return p * l1 + (size**2 if problem.name == "lasso" else size)


def real_array(x):
    return np.array([float(to_mp(v).real) for v in x])


@st.composite
def problems(draw, rows=ROWS, columns=COLUMNS, names=names):
    """Small integers, so ties and dependent columns are common; weights and parameters rational."""
    m, n = draw(rows), draw(columns)
    entry = st.integers(-2, 2)
    matrix = draw(st.lists(st.lists(entry, min_size=n, max_size=n), min_size=m, max_size=m))
    data = draw(st.lists(entry, min_size=m, max_size=m))
    weight = st.sampled_from([Fraction(1), Fraction(1), Fraction(2), Fraction(1, 3)])
    weights = draw(st.lists(weight, min_size=n, max_size=n))
    parameter = draw(st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 10), Fraction(3)]))
    return PROBLEMS[draw(names)](matrix, data, parameter=parameter, weights=weights)


def solved(problem):
    try:
        return solve_exactly(problem)
    except SolverError:
        assume(False)


def rational(rng, size=8):
    return fmpq(rng.randint(-size, size), rng.randint(1, 5))


# --- minimisers ----------------------------------------------------------------------------------


# random ones, which the exact solver solves, and those of the testing kit, which were made from their minimisers
minimisers = st.one_of(
    problems().map(solved), known_problems().filter(lambda known: known.problem.is_real).map(lambda k: k.minimiser)
)


@given(minimisers, st.randoms(use_true_random=False))
def test_no_point_is_below_a_minimiser(minimiser, rng):
    problem, x = minimiser.problem, minimiser.point
    assert problem.name != "bpdn" or norm2(problem.residual(x)) <= problem.parameter**2
    if problem.name == "bpdn":
        least = mp.fsum(to_mp(w).real * abs(to_mp(v)) for w, v in zip(problem.weights, x, strict=True))
    else:
        least = value(problem, x)
    zero = [fmpq(0)] * problem.columns
    points = [zero, [rational(rng) for _ in zero]]
    for scale in (1, 2**-10, 2**-30):
        shift = [rational(rng, 2) * exact(scale) for _ in zero]
        points += [
            list(x + np.array(shift, dtype=object)),
            [v if rng.random() < 0.5 else v + s for v, s in zip(x, shift, strict=True)],
        ]
    points += [list(x * exact(t)) for t in (0.5, 0.999, 1.001)]
    for z in points:
        assert value(problem, z) >= least - TINY


@given(problems(rows=st.just(2), columns=st.integers(2, 4), names=st.sampled_from(["lasso", "sqrt-lasso"])))
def test_minimisers_against_all_supports(problem):
    """Brute force in float64: the best over a grid of supports, each solved by descent, is not below the claim."""
    best = float(value(problem, solved(problem).point))
    a, y = np.array([real_array(r) for r in problem.matrix]), real_array(problem.data)
    w, lam = real_array(problem.weights), float(problem.parameter.p) / float(problem.parameter.q)
    for size in range(problem.columns + 1):
        for support in map(list, itertools.combinations(range(problem.columns), size)):
            for signs in itertools.product((-1, 1), repeat=size):
                s = np.array(signs) * w[support]
                least = np.linalg.pinv(a[:, support].T @ a[:, support]) @ (a[:, support].T @ y - lam / 2 * s)
                r = np.linalg.norm(y - a[:, support] @ least)
                objective = lam * np.sum(w[support] * abs(least)) + (r**2 if problem.name == "lasso" else r)
                assert objective >= best - 1e-9


@given(problems(), st.randoms(use_true_random=False))
def test_what_is_no_minimiser_is_refused(problem, rng):
    minimiser = solved(problem)
    x = minimiser.point.copy()
    i = rng.randrange(problem.columns)
    x[i] = x[i] + power_of_two(-rng.randint(0, 200)) * rng.choice((-1, 1))
    if value(problem, x) > value(problem, minimiser.point) + TINY:  # bpdn: inf is included
        with pytest.raises(DataError):  # NotAMinimiserError, unless the dual vector no longer has a place
            problem.minimiser(x, dual=minimiser.dual)


@pytest.mark.parametrize("x", ["5/2", "3/2", "-3/2", "0"])
def test_trap_squares_lose_signs_in_bpdn(x):
    """A = 1, y = 2, ε = 1/2: the minimiser is 3/2; at 5/2 the residual has the same length and the wrong sign."""
    problem = BasisPursuitDenoising([[1]], [2], parameter="1/2")
    if x == "3/2":
        assert problem.minimiser([x]).certainly_unique
    else:
        with pytest.raises(NotAMinimiserError):
            problem.minimiser([x])


def test_trap_sign_of_the_correlation_in_lasso():
    """A = 1, y = 1, λ = 1: 1/2 minimises; at 3/2 the squares agree, the signs do not."""
    problem = Lasso([[1]], [1], parameter=1)
    assert problem.minimiser(["1/2"]).active == (0,)
    with pytest.raises(NotAMinimiserError, match="phase"):
        problem.minimiser(["3/2"])


def test_bpdn_checks_feasibility_in_a_gap():
    problem = BasisPursuitDenoising([[1]], [2], parameter="1/2")
    with pytest.raises(DataError, match="infeasible"):
        problem.gap([1], [1])
    with pytest.raises(DataError, match="infeasible"):
        problem.gap(["3/2"], ["1.01"])
    assert problem.gap(["3/2"], [1]).gap == 0


def test_bpdn_with_small_data_has_the_minimiser_zero():
    problem = BasisPursuitDenoising([[1, 2]], ["1/2"], parameter="1/2")
    assert problem.minimiser([0, 0]).certainly_unique
    with pytest.raises(NotAMinimiserError):
        problem.minimiser([0, power_of_two(-100)])


def test_trap_sqrt_lasso_uniqueness():
    """A = [1, 1/2], y = 1, λ = w = u = 1: column 1 is independent, yet (s, 0) minimises for all s in [0, 1]."""
    problem = SqrtLasso([[1, "1/2"]], [1], parameter=1)
    ends = [problem.minimiser([1, 0], dual=[1]), problem.minimiser([0, 0])]
    for minimiser in ends:
        assert not minimiser.certainly_unique
        argmin = ArgminSet(minimiser)
        assert all(argmin.contains([s, 0]) for s in (0, "1/3", 1))
        assert not any(argmin.contains(z) for z in ([-1, 0], ["1/2", "1/2"], ["1.0001", 0], [0, 1], [0.5j, 0]))
        assert argmin.distance2(["1/2", 1]) == 1 and argmin.distance2([3, 0]) == 4 and argmin.distance2([-2, 0]) == 4


def test_sqrt_lasso_needs_a_dual_where_the_residual_vanishes():
    problem = SqrtLasso([[2]], [1], parameter=1)
    with pytest.raises(NotAMinimiserError, match="dual"):
        problem.minimiser(["1/2"])
    assert problem.minimiser(["1/2"], dual=["1/2"]).certainly_unique
    for dual in (["2"], ["-1/2"], ["1/3"]):
        with pytest.raises(NotAMinimiserError):
            problem.minimiser(["1/2"], dual=dual)
    with pytest.raises(DataError, match="dual"):
        Lasso([[2]], [1], parameter=1).minimiser(["3/8"], dual=[1])


def test_trap_a_dual_vector_outside_the_unit_ball():
    """A = 1, y = 1, λ = 2: the minimiser is 0; at x = 1 only the norm of u = 2 tells."""
    problem = SqrtLasso([[1]], [1], parameter=2)
    assert problem.minimiser([0]).certainly_unique
    with pytest.raises(NotAMinimiserError, match="> 1"):
        problem.minimiser([1], dual=[2])
    with pytest.raises(DataError, match="> 1"):
        problem.gap([1], [2])


def test_trap_imaginary_parts_that_cancel():
    """A = [1, 1], y = 2, λ = 1: a minimiser is (3/4, 3/4); adding (i, -i)/4 changes neither residual nor real parts."""
    problem = Lasso([[1, 1]], [2], parameter=1)
    good = problem.minimiser(["3/4", "3/4"])
    wrong = [0.75 + 0.25j, 0.75 - 0.25j]
    with pytest.raises(NotAMinimiserError, match="phase"):
        problem.minimiser(wrong)
    assert not ArgminSet(good).contains(wrong)
    assert ArgminSet(good).distance2(wrong) == fmpq(1, 8)


@pytest.mark.parametrize("name", sorted(PROBLEMS))
@pytest.mark.parametrize(
    "change",
    [
        {"matrix": [[1, float("nan")]]},
        {"matrix": [1, 2]},
        {"data": [1, 2]},
        {"parameter": 0},
        {"parameter": -1},
        {"parameter": sqrt(fmpq(2))},
        {"weights": [1, 0]},
        {"weights": [1]},
    ],
)
def test_ill_posed_problems_are_refused(name, change):
    arguments = {"matrix": [[1, 2]], "data": [1], "parameter": 1, "weights": None} | change
    with pytest.raises(DataError):
        PROBLEMS[name](arguments.pop("matrix"), arguments.pop("data"), **arguments)


# --- complex -------------------------------------------------------------------------------------

PHASES = [exact(1), exact(1j), exact(-1), exact(3 + 4j) / 5, exact(5 - 12j) / 13, exact(-8 - 15j) / 17]


@settings(max_examples=60)
@given(problems(), st.randoms(use_true_random=False))
def test_unit_phases_turn_real_minimisers_into_complex_ones(real, rng):
    """With A' = Q A P for diagonal unitary P, Q: x' = P* x solves (A', Qy), and no complex point is better."""
    minimiser = solved(real)
    p = np.array([rng.choice(PHASES) for _ in range(real.columns)], dtype=object)
    q = np.array([rng.choice(PHASES) for _ in range(real.rows)], dtype=object)
    problem = type(real)(
        real.matrix * p[np.newaxis, :] * q[:, np.newaxis], real.data * q, parameter=real.parameter, weights=real.weights
    )
    x = np.array([conjugate(a) * b for a, b in zip(p, minimiser.point, strict=True)], dtype=object)
    dual = None if minimiser.dual is None else minimiser.dual * q
    found = problem.minimiser(x, dual=dual)
    assert found.active == minimiser.active and found.certainly_unique == minimiser.certainly_unique
    assert problem.objective(x) == real.objective(minimiser.point)
    with ctx.workprec(300):
        assert problem.objective_ball(x).overlaps(real.objective_ball(minimiser.point))
    least = value(real, minimiser.point) if real.name != "bpdn" else to_mp(real.objective(minimiser.point)).real
    for scale in (1, 2**-20):
        shift = [ComplexNumber(rational(rng), rational(rng)) * exact(scale) for _ in x]
        assert value(problem, x + np.array(shift, dtype=object)) >= least - TINY
    if any(x):
        i = next(i for i in range(len(x)) if x[i])
        x[i] = x[i] * (exact(3 + 4j) / 5)  # right modulus, wrong phase
        if value(problem, x) > least + TINY:
            with pytest.raises(DataError):
                problem.minimiser(x, dual=dual)
    argmin = ArgminSet(found)
    assert argmin.contains(found.point) and argmin.distance2(found.point) == 0


# --- the argmin set ------------------------------------------------------------------------------


def other_minimisers(problem, rng, count=4):
    """Minimisers found by solving with the columns in other orders."""
    result = []
    for _ in range(count):
        order = rng.sample(range(problem.columns), problem.columns)
        shuffled = type(problem)(
            problem.matrix[:, order], problem.data, parameter=problem.parameter, weights=problem.weights[order]
        )
        found = solve_exactly(shuffled)
        point = np.empty(problem.columns, dtype=object)
        point[order] = found.point
        result.append(problem.minimiser(point, dual=found.dual))
    return result


@given(problems(columns=st.integers(2, 5), rows=st.integers(1, 2)), st.randoms(use_true_random=False))
def test_every_minimiser_describes_the_same_set(problem, rng):
    first = solved(problem)
    others = other_minimisers(problem, rng)
    sets = [ArgminSet(m) for m in (first, *others)]
    for argmin in sets:
        for other in others:
            assert argmin.contains(other.point)
            middle = (first.point + other.point) / fmpq(2)
            assert argmin.contains(middle) and argmin.distance2(middle) == 0
    if any(m.certainly_unique for m in (first, *others)):
        assert all((first.point == other.point).all() for other in others)
    target = np.array([rational(rng) for _ in range(problem.columns)], dtype=object)
    distances = [argmin.distance2(target) for argmin in sets]
    assert all(d == distances[0] for d in distances)


@given(problems(names=st.sampled_from(["lasso", "bpdn"])), st.randoms(use_true_random=False))
def test_contains_means_equal_objective(problem, rng):
    minimiser = solved(problem)
    argmin = ArgminSet(minimiser)
    least = problem.objective(minimiser.point)
    kernel_moves = [m.point - minimiser.point for m in other_minimisers(problem, rng, 2)]
    for move in kernel_moves:
        for t in (fmpq(-1), fmpq(1, 3), fmpq(1), fmpq(2)):
            z = minimiser.point + move * t
            try:
                equal = problem.objective(z) == least
            except DataError:
                equal = False
            assert argmin.contains(z) == equal


@settings(max_examples=60)
@given(problems(columns=st.integers(2, 5), rows=st.integers(1, 2)), st.randoms(use_true_random=False))
def test_nearest_point_against_all_faces(problem, rng):
    """In float64, over all faces {t_i = 0 off F} of the polytope of minimisers: the least distance that is feasible."""
    argmin = ArgminSet(solved(problem))
    target = np.array([rational(rng) for _ in range(problem.columns)], dtype=object)
    nearest = argmin.nearest(target)
    assert argmin.contains(nearest)
    for m in other_minimisers(problem, rng, 3):  # the obtuse angle that characterises a projection
        assert sign(sum(((target - nearest) * (m.point - nearest)), fmpq(0))) <= 0
    minimiser = argmin.minimiser
    a, z = np.array([real_array(r) for r in problem.matrix]), real_array(target)
    active, s = list(minimiser.active), np.sign(real_array(problem.correlation(minimiser.direction)))
    sphere = problem.name == "sqrt-lasso" and (minimiser.dual is None or norm2(minimiser.dual) == 1)
    columns = a[:, active] * s[active]
    right = a @ real_array(minimiser.point)
    if sphere:
        columns, right = np.column_stack([columns, real_array(minimiser.direction)]), real_array(problem.data)
    goal = z[active] * s[active]
    best, size = np.inf, columns.shape[1]
    for free in itertools.product((False, True), repeat=size):
        f = [k for k in range(size) if free[k]]
        point, *_ = np.linalg.lstsq(columns[:, f], right, rcond=None) if f else (np.zeros(0),)
        if f:
            _, sv, vt = np.linalg.svd(columns[:, f])
            null = vt[np.sum(sv > 1e-9) :].T
            visible = [j for j, k in enumerate(f) if k < len(active)]
            if null.size:
                shift, *_ = np.linalg.lstsq(null[visible], goal[[f[j] for j in visible]] - point[visible], rcond=None)
                point = point + null @ shift
        t = np.zeros(size)
        t[f] = point
        if np.linalg.norm(columns @ t - right) < 1e-9 and t.min(initial=0) > -1e-9:
            full = np.zeros(problem.columns)
            full[active] = t[: len(active)] * s[active]
            best = min(best, float(np.sum((full - z) ** 2)))
    exact_value = float(to_mp(norm2(target - nearest)).real)
    assert abs(best - exact_value) <= 1e-7 * (1 + exact_value)


@given(st.one_of(minimisers, well_posed().map(lambda known: known.minimiser)), st.randoms(use_true_random=False))
def test_uniqueness_means_that_no_other_point_minimises(minimiser, rng):
    problem = minimiser.problem
    assume(minimiser.certainly_unique)
    inverse, columns = minimiser.left_inverse, minimiser.uniqueness_matrix
    product = inverse @ columns
    assert all(product[i, j] == (i == j) for i in range(len(product)) for j in range(len(product)))
    argmin = ArgminSet(minimiser)
    target = np.array([rational(rng) for _ in range(problem.columns)], dtype=object)
    assert (argmin.nearest(target) == minimiser.point).all()


# --- weak duality and gaps -----------------------------------------------------------------------


def feasible_dual(problem, rng):
    u = np.array([rational(rng) for _ in range(problem.rows)], dtype=object)
    ratios = [abs(v) / b for v, b in zip(problem.correlation(u), problem.bounds, strict=True)]
    largest = max(ratios)
    if problem.name == "sqrt-lasso":
        largest = max(largest, sum((abs(v) for v in u), fmpq(0)))
    return u / largest if largest > 1 else u


@given(problems(), st.randoms(use_true_random=False))
def test_weak_duality_and_gaps(problem, rng):
    minimiser = solved(problem)
    point = np.array([rational(rng) for _ in range(problem.columns)], dtype=object)
    if problem.name == "bpdn":
        assume(norm2(problem.data) > problem.parameter**2)
        least = mp.fsum(to_mp(w).real * abs(to_mp(v)) for w, v in zip(problem.weights, minimiser.point, strict=True))
        point = minimiser.point
    else:
        least = value(problem, minimiser.point)
    dual = feasible_dual(problem, rng)
    u = [to_mp(v).real for v in dual]
    product = mp.fsum(a * to_mp(b).real for a, b in zip(u, problem.data, strict=True))
    size = mp.sqrt(mp.fsum(v * v for v in u))
    p = to_mp(problem.parameter).real
    bound = {"bpdn": product - p * size, "lasso": product - size**2 / 4, "sqrt-lasso": product}[problem.name]
    assert bound <= least + TINY
    certificate = problem.gap(point, dual, bits=80)
    primal = least if problem.name == "bpdn" else value(problem, point)
    gap = to_mp(certificate.gap).real
    assert primal - bound - TINY <= gap <= primal - bound + mp.mpf(2) ** -50 or gap == 0
    assert primal - least <= gap + TINY
    for i in range(problem.columns):
        limit = certificate.coordinate_bound(i)
        assert limit is None or abs(to_mp(minimiser.point[i])) <= to_mp(limit).real + TINY


@given(minimisers)
def test_the_dual_of_a_minimiser_has_gap_zero(minimiser):
    problem = minimiser.problem
    if problem.name == "lasso":
        dual = minimiser.direction
    elif minimiser.dual is not None:
        dual = minimiser.dual
    else:
        assume(isinstance(minimiser.scale2, fmpq) and any(minimiser.direction))
        dual = minimiser.direction * sqrt(minimiser.scale2)
    assert problem.gap(minimiser.point, dual, bits=40).gap <= power_of_two(-40)
    if problem.name != "bpdn" or any(minimiser.point):
        assert problem.dual_objective(dual) == problem.objective(minimiser.point)


# --- the exact solver ----------------------------------------------------------------------------


@settings(max_examples=40)
@given(problems(), st.randoms(use_true_random=False))
def test_a_guess_changes_nothing_but_the_path(problem, rng):
    first = solved(problem)
    guess = [rational(rng) if rng.random() < 0.7 else 0 for _ in range(problem.columns)]
    second = solve_exactly(problem, guess=guess)
    assert ArgminSet(first).contains(second.point)


@pytest.mark.parametrize("name", sorted(PROBLEMS))
def test_two_columns_that_float64_cannot_tell_apart(name):
    near = 1 + power_of_two(-200)
    problem = PROBLEMS[name]([[1, near, 0], [0, 0, 1]], [1, 0], parameter="1/2")
    assert [bool(v) for v in solve_exactly(problem, guess=[1, 0, 0]).point] == [False, True, False]


def test_a_random_problem_of_float64_data():
    rng = np.random.default_rng(3)
    matrix, data = rng.normal(size=(8, 16)), rng.normal(size=8)
    for kind in PROBLEMS.values():
        assert solve_exactly(kind(matrix, data, parameter="1/4")).certainly_unique


@pytest.mark.parametrize(("epsilon", "text"), [("1/2", "no feasible"), (1, "gap")])
def test_bpdn_without_interior_is_refused(epsilon, text):
    with pytest.raises(SolverError, match=text):
        solve_exactly(BasisPursuitDenoising([[1], [0]], [1, 1], parameter=epsilon))


def test_the_solver_takes_real_rational_data_only():
    for data in ([1j], [sqrt(fmpq(2))]):
        with pytest.raises(DataError):
            solve_exactly(Lasso([[1]], data, parameter=1))
    with pytest.raises(DataError):
        solve_exactly(Lasso([[1]], [1], parameter=1), guess=[1j])


def test_fields_are_recognised():
    assert Lasso([[1, 2]], [1], parameter=1).is_rational and Lasso([[1, 2]], [1], parameter=1).is_real
    assert not Lasso([[1j]], [1], parameter=1).is_real
    irrational = Lasso([[sqrt(fmpq(2))]], [1], parameter=1)
    assert irrational.is_real and not irrational.is_rational


def test_objectives_where_roots_of_quadratic_numbers_are_quadratic():
    """|(3+4i)/5·(1-√2)| = √2 - 1, though its square is 3 - 2√2; and √(1+√2) is in no Q(√s)."""
    x = exact(3 + 4j) / 5 * (1 - sqrt(fmpq(2)))
    problem = SqrtLasso([[1]], [x], parameter=1)
    assert problem.objective([x]) == sqrt(fmpq(2)) - 1 == problem.objective([0])
    with pytest.raises(FieldError):
        SqrtLasso([[1, 1]], [x], parameter=1).objective([1, QuadraticNumber(fmpq(0), fmpq(1), fmpq(2))])
    mixed = Lasso([[1, 1]], [x], parameter=1)
    point = [sqrt(fmpq(2)), exact(1j)]
    with ctx.workprec(200):
        assert (
            abs(mp.mpf(mixed.objective_ball(point).str(50, radius=False)) - value(mixed, mixed.vector(point))) < 1e-40
        )


def test_a_problem_is_written_so_that_it_can_be_copied():
    problem = Lasso([[1, "1/2"], [0, "-5/7"]], [2, "1/3"], parameter="1/4", weights=[1, 2])
    copied = eval(repr(problem), {"Lasso": Lasso})
    assert (copied.matrix == problem.matrix).all() and (copied.data == problem.data).all()
    assert (copied.weights == problem.weights).all() and copied.parameter == problem.parameter
    assert "weights" not in repr(Lasso([[1]], [1], parameter=1))
    assert len(repr(Lasso([[1] * 2000], [1], parameter=1))) < 100


def test_a_problem_is_read_from_tables_by_their_values():
    matrix, data = [[1.0, 0.1], [0.5, 3.0]], [0.25, 0.1]
    wanted = Lasso(matrix, data, parameter=1)
    table = pd.DataFrame(matrix, columns=[7, 8], index=["a", "b"])
    for like in (table, scipy.sparse.csr_array(table.to_numpy()), sympy.Matrix(matrix)):
        found = Lasso(like, pd.Series(data, index=["b", "a"]), parameter=Decimal(1))
        assert found.matrix.tolist() == wanted.matrix.tolist() and found.data.tolist() == wanted.data.tolist()
    table.iloc[1, 0] = math.nan
    with pytest.raises(DataError, match="row 2 'b', column 1 '7': a finite number"):
        Lasso(table, data, parameter=1)
    with pytest.raises(DataError, match="not a dict"):
        Lasso({0: [1, 2], 1: [3, 4]}, data, parameter=1)
