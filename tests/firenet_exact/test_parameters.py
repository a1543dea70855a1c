"""The parameters of a FIRENET: the theorem's inequalities, by their definitions, and violations by name."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import fmpq

from exact_base.errors import DataError, UsageError
from firenet_exact import Levels, network_parameters
from firenet_exact.parameters import a_priori_bound, check_parameters, gap_bounds, required_blocks
from tests.firenet_exact.networks import certified, made


@pytest.mark.parametrize("name", ["gaussian", "complex", "walsh"])
@pytest.mark.parametrize("t", [fmpq(1, 2), fmpq(4, 5), fmpq(1)])
def test_the_hypotheses_hold_exactly(name, t):
    proved, norm = certified(name)
    made_ = made(name, t=t)
    found = proved.best
    assert made_.lam * found.gamma * found.r < 1
    assert made_.c2_prime >= found.network_constant(made_.lam)
    # half as deep as with λ = C1/(C2 r), and less
    assert 2 * made_.c2_prime < proved.constants.c2
    assert made_.norm >= norm.high and made_.tau * made_.norm == t
    assert made_.p * t * made_.v >= (1 + t) * made_.norm * made_.c2_prime
    assert (made_.p - 1) * t * made_.v < (1 + t) * made_.norm * made_.c2_prime
    assert check_parameters(made_, proved=proved, norm=norm, start=fmpq(3)) == []


@pytest.mark.parametrize("name", ["gaussian", "complex", "walsh"])
def test_scales_follow_the_rule_and_are_short(name):
    made_ = made(name)
    epsilon = made_.epsilon0
    for beta, alpha in zip(made_.betas, made_.alphas, strict=True):
        epsilon = made_.v * (made_.delta + epsilon)
        wanted = made_.t * epsilon / ((1 + made_.t) * made_.norm)
        assert wanted * (1 - fmpq(1, 2**20)) < beta <= wanted
        assert alpha * beta * made_.p == 1
        q = int(alpha.q)
        assert q & (q - 1) == 0 and int(alpha.p).bit_length() <= 25


@pytest.mark.parametrize("v", [fmpq(1, 10), fmpq(3, 8), fmpq(9, 10)])
def test_the_gap_decays_as_the_theorem_says(v):
    """g_n <= ε_0 v^n + δ v/(1-v), up to the rounding of the scales."""
    made_ = made(v=v, delta=fmpq(1, 1000), n=30)
    bounds = gap_bounds(made_)
    for n, gap in enumerate(bounds):
        closed = made_.epsilon0 * v**n + made_.delta * v / (1 - v)
        assert gap <= closed * (1 + fmpq(1, 2**40))
    assert a_priori_bound(made_) == made_.c2_prime * (made_.delta + bounds[-1])
    assert a_priori_bound(made_, fmpq(0)) == made_.c2_prime * bounds[-1]
    with pytest.raises(UsageError, match="more than"):
        a_priori_bound(made_, fmpq(1))


def test_errors_enlarge_the_gap():
    made_ = made()
    errors = [fmpq(1, 10**9)] * made_.n
    plain, worse = gap_bounds(made_), gap_bounds(made_, errors)
    assert all(a < b for a, b in zip(plain[1:], worse[1:], strict=True))
    assert worse[1] - plain[1] >= (made_.lam + made_.norm) * errors[0]
    with pytest.raises(UsageError, match="20 in all, not 19"):
        gap_bounds(made_, errors[1:])


def test_scaling_of_a_wrong_beta_costs_what_the_recursion_says():
    """β twice as large as the rule: the second term doubles, the first halves."""
    made_ = made(n=1)
    doubled = replace(made_, betas=(made_.betas[0] * 2,))
    factor = (1 + made_.t) * made_.norm / (2 * made_.t)
    distance = made_.c2_prime * (made_.delta + made_.epsilon0)
    first, second = factor * distance**2 / (made_.betas[0] * made_.p**2), factor * made_.betas[0]
    expected = first / 2 + second * 2
    assert expected <= gap_bounds(doubled)[1] <= expected * (1 + fmpq(1, 2**50))


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"lam": lambda old: old * 4}, ["lambda"]),
        ({"lam": lambda old: old / 2}, ["c2-prime"]),
        ({"c2_prime": lambda old: old * fmpq(99, 100)}, ["c2-prime"]),
        ({"norm": lambda old: old * fmpq(9, 10)}, ["norm"]),
        ({"t": lambda old: fmpq(3, 2)}, ["steps"]),
        ({"v": lambda old: fmpq(1)}, ["rate"]),
        ({"v": lambda old: old / 2}, ["blocks"]),
        ({"p": lambda old: old - 1}, ["blocks"]),
        ({"delta": lambda old: -old}, ["delta"]),
        ({"rho": lambda old: old * fmpq(99, 100)}, ["null-space"]),
        ({"gamma": lambda old: old / 2}, ["null-space"]),
        ({"rho": lambda old: None, "gamma": lambda old: None}, ["null-space"]),
        ({"levels": lambda old: Levels.of([32], [1], [fmpq(2)])}, ["levels", "c2-prime"]),
        ({"epsilon0": lambda old: fmpq(1)}, ["start"]),
    ],
)
def test_violations_are_named(changes, names):
    proved, norm = certified("gaussian")
    made_ = made()
    broken = replace(made_, **{key: change(getattr(made_, key)) for key, change in changes.items()})
    found = check_parameters(broken, proved=proved, norm=norm, start=fmpq(3))
    assert [violation.name for violation in found] == names


def test_one_unit_decides():
    made_ = made()
    most = 1 / (made_.best.gamma * made_.best.r)
    near = most - fmpq(1, 2**60)
    assert [v.name for v in check_parameters(replace(made_, lam=near))] == ["c2-prime"]
    assert [v.name for v in check_parameters(replace(made_, lam=most))] == ["lambda"]
    needed = made_.best.network_constant(made_.lam)
    assert check_parameters(replace(made_, c2_prime=needed)) == []
    broken = check_parameters(replace(made_, c2_prime=needed - fmpq(1, 2**200)))
    assert [v.name for v in broken] == ["c2-prime"]
    least = required_blocks(c2_prime=made_.c2_prime, norm=made_.norm, t=made_.t, v=made_.v)
    assert made_.p == least


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"p": 3}, "blocks: p = 3"),
        ({"p": 0}, "p must be at least 1"),
        ({"n": 0}, "n >= 1"),
        ({"v": fmpq(1)}, "0 < v < 1"),
        ({"t": fmpq(0)}, "0 < t <= 1"),
        ({"delta": fmpq(-1)}, "δ >= 0"),
        ({"epsilon0": fmpq(0)}, "ε_0 > 0"),
        ({"lam": fmpq(10)}, "λ must be positive and less"),
        ({"lam": fmpq(0)}, "λ must be positive and less"),
    ],
)
def test_what_the_theorem_does_not_allow_is_refused(changes, message):
    with pytest.raises(UsageError, match=message):
        made(**changes)


def test_other_lambdas_need_more_blocks():
    for factor in (fmpq(1, 2), fmpq(5, 4)):
        other = made(lam=made().lam * factor)
        assert other.p > made().p and other.c2_prime > made().c2_prime


def test_the_older_parameters_are_parameters_still():
    """λ = C1/(C2 r) and C2' = C1/(λ r), as networks were made before: C2' is larger than it must be."""
    proved, norm = certified("gaussian")
    found = proved.constants
    lam = found.c1 / (found.c2 * found.r)
    older = replace(made(lam=lam), c2_prime=found.c1 / (lam * found.r))
    assert [v.name for v in check_parameters(older, proved=proved, norm=norm)] == ["blocks"]
    assert made().p * 2 < required_blocks(c2_prime=older.c2_prime, norm=older.norm, t=older.t, v=older.v)


@pytest.mark.parametrize(
    "changes", [{"p": 0}, {"betas": ()}, {"betas": (fmpq(0),)}, {"lam": fmpq(0)}, {"rho": None}, {"norm": fmpq(-1)}]
)
def test_what_makes_no_network_is_refused(changes):
    with pytest.raises(UsageError):
        replace(made(), **changes)


def test_plain_numbers_are_read_exactly():
    proved, norm = certified("gaussian")
    plain = network_parameters(proved, norm, delta=2.0**-20, epsilon0="3", n=4, t=0.75, v=Fraction(3, 8))
    same = network_parameters(proved, norm, delta=fmpq(1, 2**20), epsilon0=fmpq(3), n=4, t=fmpq(3, 4), v=fmpq(3, 8))
    assert plain == same
    for delta in (float("nan"), float("inf"), "small", 1j):
        with pytest.raises(DataError):
            network_parameters(proved, norm, delta=delta, epsilon0=3, n=4)
