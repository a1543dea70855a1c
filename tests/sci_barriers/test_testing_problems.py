"""Problems of the kit against the definitions: minimisers, margins, distances, images, shrinking."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from exact_base.errors import SolverError, UsageError
from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_two
from exact_base.scalars import (
    ComplexNumber,
    QuadraticNumber,
    abs2,
    exact,
    exact_array,
    imaginary_part,
    norm2,
    real_part,
    sign,
)
from sci_barriers.problems import ArgminSet, Lasso, SqrtLasso
from sci_barriers.problems.solve import solve_exactly
from sci_barriers.testing import (
    KnownProblem,
    class_members,
    class_problems,
    duplicated_columns,
    ill_posed,
    known_problems,
    omega_classes,
    rationals,
    well_posed,
)
from sci_barriers.testing.known import nearest_float, solved
from sci_barriers.testing.relations import RELATIONS
from sci_barriers.testing.variations import (
    duplicate_columns,
    flip_signs,
    nearly_duplicate,
    permute_columns,
    rotate,
    scale,
    with_parallel_column,
)

NAMES = ("bpdn", "lasso", "sqrt-lasso")
ONCE = settings(max_examples=300, database=None, phases=[Phase.generate, Phase.shrink])
ANY = settings(max_examples=1000, database=None, phases=[Phase.generate])


def dual(known):
    """u as a multiple of what the definition gives: 2r for lasso, a positive multiple of r, or the given vector."""
    return known.minimiser.dual if known.minimiser.dual is not None else known.problem.residual(known.minimiser.point)


def certainly(point, vertices):
    return any((point == vertex).all() for vertex in vertices)


@given(known_problems())
def test_every_vertex_minimises(known):
    again = ArgminSet(known.certified(known.vertices[0]))
    for vertex in known.vertices:
        assert known.argmin.contains(vertex) and again.contains(vertex)
        assert known.distance2(vertex) == 0
    mean = sum(known.vertices[1:], known.vertices[0]) / fmpq(len(known.vertices))
    assert known.argmin.contains(mean)
    assert known.unique == (len(known.vertices) == 1)


@given(known_problems(complex_=False), st.randoms(use_true_random=False))
def test_there_are_no_other_minimisers(known, rng):
    """A point of the polytope nearest to a random one lies in the convex hull of the vertices, by a linear program."""
    points = [[approximate(v) for v in vertex] for vertex in known.vertices]
    target = exact_array([rng.randint(-9, 9) for _ in range(known.problem.columns)])
    nearest = np.array([approximate(v) for v in known.argmin.nearest(target)])
    matrix = np.vstack([np.array(points).T, np.ones(len(points))])
    found = linprog(np.zeros(len(points)), A_eq=matrix, b_eq=[*nearest, 1], bounds=(0, None))
    assert found.status == 0
    if known.unique:
        assert known.instance is not None or known.minimiser.certainly_unique or not any(known.minimiser.point)


def exact_to_fraction(value):
    return Fraction(int(value.p), int(value.q))


def approximate(value):
    if isinstance(value, QuadraticNumber):
        return approximate(value.a) + approximate(value.b) * float(exact_to_fraction(value.s)) ** 0.5
    return float(exact_to_fraction(value))


@settings(max_examples=60)
@given(known_problems(complex_=False), st.randoms(use_true_random=False))
def test_the_exact_solver_finds_a_known_minimiser(known, rng):
    problem = known.problem
    if not problem.is_rational:
        return
    order = rng.sample(range(problem.columns), problem.columns)
    other = type(problem)(
        problem.matrix[:, order], problem.data, parameter=problem.parameter, weights=problem.weights[order]
    )
    point = np.empty(problem.columns, dtype=object)
    point[order] = solve_exactly(other).point
    assert known.argmin.contains(point)
    if problem.name != "sqrt-lasso":  # independent columns make it an extreme point
        assert certainly(point, known.vertices)


@given(known_problems())
def test_the_margin_is_that_of_the_definition(known):
    u, problem = dual(known), known.problem
    ratios = [abs2(value) / bound**2 for value, bound in zip(problem.correlation(u), problem.bounds, strict=True)]
    # u is known up to a factor: that of an active column where there is one, else that of the definition
    active = [ratios[i] for i in known.minimiser.active]
    largest = max(ratios)
    if active:
        assert all(ratio == largest for ratio in active)
        unit = active[0]
    elif problem.name == "lasso":
        unit = fmpq(1, 4)  # u = 2r
    elif problem.name == "bpdn":
        assert known.margin == 1 and norm2(problem.data) <= problem.parameter**2
        return
    else:
        unit = norm2(u) if known.minimiser.dual is None else fmpq(1)
    rest = [ratio / unit for i, ratio in enumerate(ratios) if i not in known.minimiser.active]
    if not rest:
        assert known.margin == 1
        return
    # (1 - margin)² is the largest ratio; moduli are rational but for the class
    difference = (1 - known.margin) ** 2 - max(rest)
    assert sign(real_part(difference)) >= 0 and difference <= power_of_two(-60)


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_well_posed_problems_are_what_they_say(name, complex_):
    seen = set()

    @settings(max_examples=60)
    @given(well_posed(name, margin="1/4", complex_=complex_, rows=st.integers(1, 4), columns=st.integers(4, 6)))
    def check(known):
        problem = known.problem
        assert problem.name == name and 4 <= problem.columns <= 6 and 1 <= problem.rows <= 4
        assert known.margin >= fmpq(1, 4) and known.unique and known.minimiser.certainly_unique
        assert list(known.minimiser.active) == list(known.support) != []
        assert all(weight == 1 for weight in problem.weights)
        seen.add(problem.is_real)

    check()
    assert seen == ({True} if not complex_ else {True, False})


@given(ill_posed(distance=power_of_two(-20)))
def test_ill_posed_at_a_chosen_distance(known):
    difference = known.problem.matrix - known.neighbour.problem.matrix
    assert known.distance == power_of_two(-20)
    assert operator_norm_at_most(difference, known.distance)
    assert not operator_norm_at_most(difference, known.distance * (1 - power_of_two(-60)))
    assert (known.problem.data == known.neighbour.problem.data).all()
    assert known.unique and known.minimiser.certainly_unique and not known.neighbour.unique
    assert known.neighbour.argmin.contains(known.vertices[0])
    one, other = known.neighbour.vertices
    j = known.problem.columns - 1
    # u with |(A*u)_i| = bound_i on the support; the new column differs from one of the support by a vector of length t,
    # so that 1 - |(A*u)_j|/bound_j <= t·‖u‖/bound_j
    i = known.support[0]
    direction = known.minimiser.direction
    length2 = norm2(direction) * known.problem.bounds[i] ** 2 / abs2(known.problem.correlation(direction)[i])
    assert known.margin > 0 and (known.margin * known.problem.bounds[j]) ** 2 <= known.distance**2 * length2
    assert not one[j] and other[j]
    # what the neighbour leaves open is as long as √2 times the entry shared
    assert norm2(one - other) == 2 * abs2(other[j])


@settings(max_examples=40)
@given(ill_posed(complex_=False))
def test_on_the_other_side_of_the_neighbour_the_minimiser_is_another(known):
    """Beyond the neighbour by the same distance, the appended column is needed, where x determines u."""
    if known.minimiser.dual is not None:
        return
    problem, near = known.problem, known.neighbour.problem
    beyond = type(problem)(
        near.matrix * 2 - problem.matrix, problem.data, parameter=problem.parameter, weights=problem.weights
    )
    try:
        found = solve_exactly(beyond)
    except SolverError:
        return
    assert found.point[problem.columns - 1] != 0
    assert known.distance2(found.point) > 0


@given(duplicated_columns())
def test_duplicated_columns_have_several_minimisers(known):
    assert not known.unique and not known.minimiser.certainly_unique
    for i, vertex in enumerate(known.vertices):
        assert not certainly(vertex, known.vertices[:i])


@settings(max_examples=60)
@given(known_problems(weighted=False, complex_=False))
def test_weights_can_be_left_out(known):
    assert all(weight == 1 for weight in known.problem.weights) and known.problem.is_real


@settings(max_examples=10)
@given(st.from_type(KnownProblem))
def test_the_type_can_be_drawn(known):
    assert isinstance(known, KnownProblem)


WANTED = {
    "complex": lambda k: not k.problem.is_real,
    "irrational": lambda k: not k.problem.is_rational and k.problem.is_real,
    "zero": lambda k: k.support == (),
    "weights": lambda k: any(w != 1 for w in k.problem.weights),
    "ill posed": lambda k: k.neighbour is not None,
    "segment": lambda k: isinstance(k.problem, SqrtLasso) and not k.unique and k.minimiser.dual is None,
    "three vertices": lambda k: len(k.vertices) == 3,
    "y small": lambda k: k.problem.name == "bpdn" and not any(k.minimiser.point),
}


@pytest.mark.slow_for("irrational")
@pytest.mark.parametrize("kind", WANTED)
def test_kinds_are_all_drawn(kind):
    """Complex, irrational, zero, segments of sqrt-lasso, weights: each can be found."""
    assert WANTED[kind](find(known_problems(), WANTED[kind], settings=ANY))


# --- the class -------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(omega_classes(), st.data())
def test_members_of_the_class(omega, data):
    instance = data.draw(class_members(st.just(omega)))
    if min(instance.a) == max(instance.a):
        assert omega.family == "strong"
    else:
        largest = max(instance.a)
        q = next(q for q in range(omega.q0, omega.q0 + 41) if omega.base + omega.perturbation(q) == largest)
        assert omega.admits(q) and sorted(instance.a)[:-1] == [omega.base] * (omega.ties - 1)


@pytest.mark.parametrize("family", ["strong", "weak"])
@pytest.mark.parametrize("disguise", [False, True])
def test_both_families_disguised_or_not(family, disguise):
    omega = find(omega_classes(family=family, disguise=disguise), lambda o: True, settings=ONCE)
    assert omega.family == family and (omega.householder is not None) == disguise
    assert (omega.rows, omega.columns) == (1, 2)
    assert omega.digits == (2 if family == "weak" else 1)


# --- images ----------------------------------------------------------------------------------------


def ulp_neighbours(number):
    kind = type(number)
    return [np.nextafter(number, kind(-np.inf)), np.nextafter(number, kind(np.inf))]


@given(st.fractions(-1000, 1000, max_denominator=1000), st.integers(-140, 100), st.sampled_from(["float32", "float64"]))
def test_rounding_is_to_nearest(value, exponent, name):
    value = fmpq(value.numerator, value.denominator) * power_of_two(exponent)
    number = nearest_float(value, name)
    error = abs(exact(number) - value)
    for other in ulp_neighbours(number):
        distance = abs(exact(other) - value)
        assert error <= distance
        if error == distance and error:
            integer = {"float32": np.uint32, "float64": np.uint64}[name]
            assert int(number.view(integer)) % 2 == 0


def test_rounding_once_and_not_twice():
    """1 + 2^-24 + 2^-60 is above the midpoint of two float32, but rounds to it in float64."""
    value = 1 + power_of_two(-24) + power_of_two(-60)
    assert exact(nearest_float(value, "float32")) == 1 + power_of_two(-23)
    assert exact(nearest_float(1 + power_of_two(-24), "float32")) == 1
    with pytest.raises(Exception, match="too large"):
        nearest_float(fmpq(10) ** 39, "float32")


@settings(max_examples=50)
@given(known_problems())
def test_images(known):
    for name, kinds in (("float64", (np.float64, np.complex128)), ("float32", (np.float32, np.complex64))):
        image = getattr(known, name)
        assert image.matrix.dtype.type in kinds and image.data.dtype.type in kinds
        assert image.matrix.shape == known.problem.matrix.shape and not image.matrix.flags.writeable
        eps = np.finfo(kinds[0]).eps
        for rounded, entry in [*zip(image.matrix.flat, known.problem.matrix.flat, strict=True)]:
            for part, truth in ((rounded.real, real_part(entry)), (rounded.imag, imaginary_part(entry))):
                assert abs(exact(part) - truth) <= exact(float(eps)) * abs(truth)
        same = (exact_array(image.matrix) == known.problem.matrix).all()
        same = same and (exact_array(image.data) == known.problem.data).all()
        same = same and (exact_array(image.weights) == known.problem.weights).all()
        assert image.is_exact == (bool(same) and exact(image.parameter) == known.problem.parameter)
    assert known.float64 is known.float64


# --- shrinking -------------------------------------------------------------------------------------


def test_shrinking_goes_to_small_problems():
    small = find(well_posed(), lambda k: True, settings=ONCE)
    assert (small.problem.rows, small.problem.columns) == (1, 1)
    assert small.problem.name == "lasso" and small.problem.parameter == 1
    assert [str(v) for v in (*small.problem.matrix.flat, *small.minimiser.point)] == ["1", "1"]


@pytest.mark.slow
def test_shrinking_keeps_only_what_is_needed():
    wide = find(well_posed(), lambda k: k.problem.columns >= 3 and len(k.support) >= 2, settings=ONCE)
    assert wide.problem.rows <= 3 and (wide.problem.columns, len(wide.support)) == (3, 2)
    assert max(int(v.q) for v in (*wide.problem.matrix.flat, *wide.problem.data)) <= 2
    assert sum(1 for v in wide.problem.matrix.flat if v) <= 4


def test_shrinking_removes_columns():
    two = find(well_posed(rows=2), lambda k: k.minimiser.point[0] < 0, settings=ONCE)
    assert two.problem.columns <= 2


def test_shrinking_of_distances_and_copies():
    near = find(ill_posed(), lambda k: True, settings=ONCE)
    assert near.distance == power_of_two(-6) and near.problem.matrix.shape == (1, 2)
    copied = find(duplicated_columns(), lambda k: True, settings=ONCE)
    assert copied.problem.matrix.shape == (1, 2) and len(copied.vertices) == 2
    assert find(rationals(), lambda v: v > fmpq(1, 2), settings=ONCE) == 1
    assert find(rationals(), lambda v: True, settings=ONCE) == 0


# --- relations -------------------------------------------------------------------------------------


@pytest.mark.slow_but("permutation", "sign flips")
@pytest.mark.parametrize("name", RELATIONS)
def test_relations_take_minimisers_to_minimisers(name):
    @settings(max_examples=60)
    @given(known_problems(), st.data())
    def check(known, data):
        if known.instance is not None:
            return  # Q(√s) and another field do not mix in the shared dual
        changed = data.draw(RELATIONS[name].of(known))
        for vertex in changed.problem.vertices:
            assert known.argmin.contains(changed.back(vertex))
            assert changed.problem.argmin.contains(vertex)
        back = [changed.back(vertex) for vertex in changed.problem.vertices]
        assert all(certainly(vertex, back) for vertex in known.vertices)

    check()


def test_relations_change_what_they_should():
    known = solved(Lasso([[1, 2], ["1/2", -1]], [3, 1], parameter=1))
    assert (permute_columns(known, [1, 0]).problem.problem.matrix == known.problem.matrix[:, [1, 0]]).all()
    flipped = flip_signs(known, [fmpq(1), fmpq(-1)])
    assert (flipped.problem.minimiser.point == known.minimiser.point * exact_array([1, -1])).all()
    scaled = scale(known, matrix=fmpq(3), data=fmpq(2)).problem
    assert scaled.problem.parameter == 6 and (scaled.minimiser.point == known.minimiser.point * fmpq(2, 3)).all()
    twice = duplicate_columns(known, [(0, fmpq(-1))])
    assert (twice.problem.problem.matrix[:, 2] == -known.problem.matrix[:, 0]).all()


@pytest.mark.parametrize(
    "change",
    [
        lambda k: permute_columns(k, [0, 0]),
        lambda k: permute_columns(k, [0]),
        lambda k: flip_signs(k, [fmpq(1), fmpq(2)]),
        lambda k: rotate(k, exact_array([[1, 1], [0, 1]])),
        lambda k: rotate(k, exact_array([[1]])),
        lambda k: scale(k, matrix=fmpq(0), data=fmpq(1)),
        lambda k: scale(k, matrix=fmpq(1), data=fmpq(-1)),
        lambda k: duplicate_columns(k, [(2, fmpq(1))]),
        lambda k: duplicate_columns(k, [(0, fmpq(1, 2))]),
        lambda k: nearly_duplicate(k, 0, distance=fmpq(0), unit=exact_array([1, 0])),
        lambda k: nearly_duplicate(k, 0, distance=fmpq(100), unit=exact_array([1, 0])),
        lambda k: nearly_duplicate(k, 0, distance=fmpq(1, 100), unit=exact_array([1, 1])),
        lambda k: with_parallel_column(k, sign=1, amount=fmpq(1)),
    ],
)
def test_changes_that_make_no_sense_are_refused(change):
    known = solved(Lasso([[1, 2], ["1/2", -1]], [3, 1], parameter=1))
    with pytest.raises(UsageError):
        change(known)


@pytest.mark.parametrize(
    "make",
    [
        lambda: well_posed("ridge"),
        lambda: omega_classes("ridge"),
        lambda: class_problems("ridge"),
        lambda: known_problems("ridge"),
        lambda: well_posed(margin=0),
        lambda: well_posed(margin="3/2"),
        lambda: ill_posed(distance=0),
        lambda: ill_posed(distance="1/10"),
    ],
)
def test_strategies_refuse_what_they_cannot_draw(make):
    with pytest.raises(UsageError):
        make()


def test_the_printed_problem_can_be_copied():
    known = solved(Lasso([[1, "1/2"]], ["3/4"], parameter="1/3"))
    text = repr(known)
    assert "Lasso([[1, '1/2']], ['3/4'], parameter='1/3')" in text
    inner = text.split("KnownProblem ")[1].split(", vertices")[0]
    again = eval(inner, {"Lasso": Lasso})
    assert (again.matrix == known.problem.matrix).all() and again.parameter == known.problem.parameter


def test_a_solved_problem_with_several_minimisers_has_no_list_of_vertices():
    known = solved(Lasso([[1, 1]], [2], parameter=1))
    assert known.vertices == () and not known.unique
    assert known.distance2([2, 0]) == ArgminSet(known.minimiser).distance2([2, 0])
    assert isinstance(known, KnownProblem) and "..." in repr(known)


def test_class_problems_are_members():
    known = find(class_problems("bpdn"), lambda k: k.instance.omega.family == "weak", settings=ANY)
    assert known.problem.name == "bpdn" and known.instance is not None
    assert not isinstance(known.problem.matrix[0, 0], ComplexNumber)
