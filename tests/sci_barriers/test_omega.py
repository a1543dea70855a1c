"""The class Ω(K, L) against its definition: minimisers, distances, inequalities, common oracle."""

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.scalars import exact_array, norm2, sqrt
from sci_barriers import OmegaClass, UsageError
from sci_barriers.data.structured import CommonOracle
from sci_barriers.omega.families import Instance
from sci_barriers.problems import ArgminSet

PROBLEMS = ("bpdn", "lasso", "sqrt-lasso")
HOUSEHOLDER = st.one_of(st.just(False), st.just(True))


def certified(instance: Instance):
    """The centroid, shown to be a minimiser of the dense exact problem by the general optimality conditions."""
    problem = instance.exact_problem()
    # for sqrt-lasso the residual vanishes, and u = (λ/a_max) y is dual
    dual = problem.data * (problem.parameter / max(instance.a)) if problem.name == "sqrt-lasso" else None
    return problem.minimiser(instance.centroid(), dual=dual)


@st.composite
def instances(draw):
    rows = draw(st.integers(1, 3))
    omega = OmegaClass.create(
        draw(st.sampled_from(PROBLEMS)),
        digits=draw(st.integers(1, 5)),
        rows=rows,
        columns=rows + draw(st.integers(1, 3)),
        disguise=draw(st.one_of(HOUSEHOLDER, st.lists(st.integers(-3, 3), min_size=rows, max_size=rows).filter(any))),
    )
    low = omega.parameter + 1
    entries = st.fractions(min_value=int(low) + 1, max_value=int(low) + 4, max_denominator=3)
    a = draw(st.lists(entries, min_size=omega.ties, max_size=omega.ties))
    return Instance(omega, tuple(fmpq(entry.numerator, entry.denominator) for entry in a))


@given(instances(), st.data())
def test_minimisers_and_distances_agree_with_the_general_theory(instance, data):
    argmin = ArgminSet(certified(instance))
    for i in instance.argmax:
        vertex = exact_array([0] * instance.omega.columns)
        vertex[i] = instance.height
        assert argmin.contains(vertex)
    numbers = st.integers(-6, 6).map(lambda k: k / 8)
    z = exact_array(data.draw(st.lists(numbers, min_size=instance.omega.columns, max_size=instance.omega.columns)))
    assert instance.distance2(z) == argmin.distance2(z)
    assert norm2(instance.exact_problem().residual(z)) == instance.residual2(z)


@given(instances())
def test_the_disguise_is_an_isometry(instance):
    omega = instance.omega
    columns = omega.matrix(instance.a, fmpq(2))
    plain = OmegaClass.create(omega.problem, digits=omega.digits, rows=omega.rows, columns=omega.columns)
    reference = plain.matrix(instance.a, fmpq(2))
    assert (columns.T @ columns == reference.T @ reference).all()
    assert (columns.T @ omega.data() == reference.T @ plain.data()).all()


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("digits", [1, 2, 3, 6, 12, 50, 300])
@pytest.mark.parametrize("family", ["strong", "weak"])
def test_every_inequality_of_the_class(problem, digits, family):
    if family == "weak" and digits == 1:
        with pytest.raises(UsageError, match="K >= 2"):
            OmegaClass.create(problem, digits=1, family="weak")
        return
    omega = OmegaClass.create(problem, digits=digits, rows=2, columns=4, family=family)
    unit = power_of_ten(-omega.target_digits)
    height = omega.tie().height
    for q in (omega.q0, omega.q0 + 1, omega.q0 + 50):
        perturbed = omega.member(i=2, q=q).height
        assert 2 * perturbed**2 > 4 * unit**2
        assert 0 < height - perturbed <= unit
    assert 2 * height**2 <= (10 * unit) ** 2
    assert omega.q0 == 1 or not omega.admits(omega.q0 - 1)
    assert omega.target_digits == (digits if family == "strong" else digits - 1)


def test_the_weak_family_is_sixteen_times_smaller_and_has_the_same_scaling():
    strong = OmegaClass.create("sqrt-lasso", digits=4, rows=2, columns=4)
    weak = OmegaClass.create("sqrt-lasso", digits=4, rows=2, columns=4, family="weak")
    assert weak.base * 16 == strong.base
    for q in (3, 9):
        one, other = strong.member(i=1, q=q), weak.member(i=1, q=q)
        assert tuple(16 * entry for entry in other.a) == one.a
        assert 256 * other.c2 == one.c2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"problem": "ridge"}, "unknown problem"),
        ({"digits": 0}, "digits K"),
        ({"digits": -3}, "digits K"),
        ({"digits": 100_001}, "digits K"),
        ({"digits": 3.0}, "integer"),
        ({"rows": 5, "columns": 5}, "1 <= m < N"),
        ({"rows": 6, "columns": 5}, "1 <= m < N"),
        ({"rows": 0, "columns": 5}, "1 <= m < N"),
        ({"family": "medium"}, "unknown family"),
        ({"parameter": 0}, "out of range"),
        ({"parameter": "-1/2"}, "out of range"),
        ({"parameter": "nan"}, "not a number"),
        ({"parameter": float("inf")}, "finite"),
        ({"parameter": 10**9}, "out of range"),
        ({"problem": "bpdn", "parameter": 1}, "out of range"),
        ({"problem": "sqrt-lasso", "parameter": 10**9}, "out of range"),
        ({"alpha": 0}, "out of range"),
        ({"alpha": -5}, "out of range"),
        ({"disguise": (0, 0)}, "zero"),
        ({"disguise": (1, 2, 3)}, "entries"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(UsageError, match=message):
        OmegaClass.create(**{"problem": "lasso", "digits": 3, "rows": 2, "columns": 4} | arguments)


@pytest.mark.parametrize(
    ("problem", "alpha", "accepted"),
    [
        # sqrt-lasso, λ = 1: √2/α must lie in (2·10^-3, 10^-2], so α² in [20000, 500000)
        ("sqrt-lasso", fmpq(707), True),
        ("sqrt-lasso", fmpq(708), False),
        ("sqrt-lasso", fmpq(142), True),
        ("sqrt-lasso", fmpq(141), False),
        # bpdn, ε = 1/2: half of that
        ("bpdn", fmpq(353), True),
        ("bpdn", fmpq(354), False),
        ("bpdn", fmpq(71), True),
        ("bpdn", fmpq(70), False),
    ],
)
def test_the_range_of_alpha_is_decided_exactly(problem, alpha, accepted):
    if accepted:
        assert OmegaClass.create(problem, digits=3, rows=1, columns=2, alpha=alpha).alpha == alpha
    else:
        with pytest.raises(UsageError, match="out of range"):
            OmegaClass.create(problem, digits=3, rows=1, columns=2, alpha=alpha)


def test_sqrt_lasso_needs_alpha_above_lambda_and_lasso_at_least_lambda():
    # K = 1: heights near 3/20, so α is near 7 and λ can reach it
    assert OmegaClass.create("sqrt-lasso", digits=1, parameter="699/100", alpha=7, rows=1, columns=2)
    with pytest.raises(UsageError, match="out of range"):
        OmegaClass.create("sqrt-lasso", digits=1, parameter=7, alpha=7, rows=1, columns=2)
    assert OmegaClass.create("lasso", digits=1, parameter="7/2", alpha="7/2", rows=1, columns=2).height(
        fmpq(7, 2)
    ) == fmpq(1, 7)
    with pytest.raises(UsageError, match="out of range"):
        OmegaClass.create("lasso", digits=1, parameter="701/200", alpha="7/2", rows=1, columns=2)


def test_below_lambda_the_lasso_height_is_not_monotone():
    omega = OmegaClass.create("lasso", digits=1, parameter="7/2", alpha="7/2", rows=1, columns=2)
    assert omega.height(fmpq(3)) < omega.height(fmpq(7, 2)) > omega.height(fmpq(4))


def dense_difference(omega, *, c_n, member):
    """A_n - A for the common oracle's A_n, over Q(√c²)."""
    return omega.matrix(omega.tie().a, c_n) - omega.matrix(member.a, sqrt(member.c2))


@pytest.mark.parametrize("disguise", [False, True])
@pytest.mark.parametrize("family", ["strong", "weak"])
@pytest.mark.parametrize("n", [1, 2, 5, 17])
def test_the_common_oracle_is_valid_for_every_member_it_claims(family, n, disguise):
    omega = OmegaClass.create("sqrt-lasso", digits=3, rows=3, columns=5, family=family, disguise=disguise)
    triple = CommonOracle(omega).read(k=1, n=n)
    bound = power_of_two(-n)
    instances = [omega.member(i=i, q=q) for i in (1, 3) for q in (max(n, omega.q0), n + 1, n + 9)]
    for instance in [omega.tie(), *instances]:
        difference = triple.matrix - omega.matrix(instance.a, sqrt(instance.c2))
        assert operator_norm_at_most(difference, bound)
    approximate = Instance(omega, omega.tie().a)
    assert approximate.distance2(triple.point) == 0
    assert (triple.data == omega.data()).all()


def test_rounding_c_down_or_to_nearest_violates_eq_3_for_some_member():
    omega = OmegaClass.create("sqrt-lasso", digits=3, rows=2, columns=3, alpha=500)
    c_0 = sqrt(omega.tie().c2)
    rounded_up_wrongly = 0
    for n in range(1, 40):
        grid = power_of_two(-n)
        down = CommonOracle(omega).read(k=1, n=n).matrix[1, 2] - grid
        nearest = down if (c_0 - down) < grid / 2 else down + grid
        member = omega.member(i=1, q=max(n, omega.q0))
        assert not operator_norm_at_most(dense_difference(omega, c_n=down, member=member), grid) or down + grid >= sqrt(
            member.c2
        )
        if nearest == down and not operator_norm_at_most(dense_difference(omega, c_n=nearest, member=member), grid):
            rounded_up_wrongly += 1
        assert operator_norm_at_most(dense_difference(omega, c_n=down + grid, member=member), grid)
    assert rounded_up_wrongly > 0


def test_the_frobenius_norm_would_refuse_valid_data():
    omega = OmegaClass.create("sqrt-lasso", digits=3, rows=4, columns=5)
    refused = 0
    for n in range(2, 12):
        triple = CommonOracle(omega).read(k=1, n=n)
        member = omega.member(i=1, q=n)
        difference = triple.matrix - omega.matrix(member.a, sqrt(member.c2))
        assert operator_norm_at_most(difference, power_of_two(-n))
        refused += norm2(difference) > power_of_two(-2 * n)
    assert refused > 0


def test_members_are_refused_outside_the_class():
    omega = OmegaClass.create("sqrt-lasso", digits=1, rows=2, columns=3)
    with pytest.raises(UsageError, match="1 <= i <= 2"):
        omega.member(i=3, q=9)
    with pytest.raises(UsageError, match="1 <= i <= 2"):
        omega.member(i=0, q=9)
    with pytest.raises(UsageError, match="q >= 2"):
        omega.member(i=1, q=1)
    with pytest.raises(UsageError, match="q > 1000000"):
        omega.member(i=1, q=10**11)


def test_the_control_is_well_posed_and_not_a_member():
    for problem in PROBLEMS:
        omega = OmegaClass.create(problem, digits=3, rows=2, columns=5)
        control = omega.control()
        minimiser = certified(control)
        assert minimiser.certainly_unique
        assert control.argmax == (0,)
        assert control.a not in {omega.tie().a, omega.member(i=1, q=3).a}
        assert np.count_nonzero(control.centroid()) == 1
