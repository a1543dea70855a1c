"""The class rules against the definitions: members go through the kinds that know nothing of the class."""

import json
from math import isqrt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from tests.proofs_checks.builders import F, barrier, ceil_root, minimiser, training_data
from tests.proofs_checks.cases import barrier as cases
from tests.proofs_checks.test_properties import classes

TABLE = [cases.SQRT, cases.LASSO, cases.BPDN, cases.WEAK, cases.WIDE]


def norm_with_root(square):
    """c = sqrt(p/q) as (0, 1/q) over the root p q, or as a rational over the root 0."""
    root = square.numerator * square.denominator
    if isqrt(root) ** 2 == root:
        return F(isqrt(root), square.denominator), 0
    return (0, F(1, square.denominator)), root


def instance(cls, a, c):
    """A(a) = [[a^T, 0], [0, c I]]."""
    first = list(a) + [0] * (cls.m - 1)
    return [first] + [[c if j == cls.d + i else 0 for j in range(cls.N)] for i in range(cls.m - 1)]


def data(cls):
    return [1] + [0] * (cls.m - 1)


def dual(cls, top):
    return [cls.parameter / top] + [0] * (cls.m - 1) if cls.name == "sqrt-lasso" else None


def member(cls, i, q):
    a = [cls.beta + cls.delta(q) * (j == i) for j in range(1, cls.d + 1)]
    c, root = norm_with_root(sum(v * v for v in a))
    return a, instance(cls, a, c), root


def unit(cls, i, height):
    return [height if j == i else 0 for j in range(1, cls.N + 1)]


def only_minimiser(cls, a, matrix, root, i):
    top = a[i - 1]
    if cls.m == 1:
        root = 0
    return minimiser(
        cls.name, matrix, data(cls), cls.parameter, unit(cls, i, cls.height(top)), unique=True,
        inverse=[[1 / top] + [0] * (cls.m - 1)], dual=dual(cls, top), root=root,
    )  # fmt: skip


@pytest.mark.parametrize("cls", TABLE, ids=lambda cls: f"{cls.name}-{cls.family}-{cls.m}x{cls.N}")
@pytest.mark.parametrize("q", [8, 30])
def test_the_height_is_the_only_minimiser_of_each_member(cls, q):
    for i in range(1, cls.d + 1):
        a, matrix, root = member(cls, i, q)
        assert verify_bytes(only_minimiser(cls, a, matrix, root, i)).verdict == "valid"


@given(classes(), st.integers(1, 40), st.data())
@settings(max_examples=40)
def test_the_height_is_the_only_minimiser_of_random_members(cls, q, data):
    i = data.draw(st.integers(1, cls.d))
    a, matrix, root = member(cls, i, q)
    assert verify_bytes(only_minimiser(cls, a, matrix, root, i)).verdict == "valid"


@given(classes())
@settings(max_examples=40)
def test_the_control_has_one_minimiser(cls):
    a = [cls.beta] + [cls.beta / 2] * (cls.d - 1)
    c, root = norm_with_root(cls.control_squared)
    assert sum(v * v for v in a) == cls.control_squared
    assert verify_bytes(only_minimiser(cls, a, instance(cls, a, c), root, 1)).verdict == "valid"


@given(classes(), st.integers(1, 20), st.integers(-2, 2), st.data())
@settings(max_examples=80)
def test_transcripts_are_training_data_of_every_member(cls, n, ulps, data_):
    """A barrier that is accepted has valid training data of all d members, by the norm of A_n - A itself."""
    assume(cls.m > 1)
    q = max(n, 24)
    c = ceil_root(cls.c0_squared, n) + F(ulps, 2**n)
    assume(c > 0)
    weights = [data_.draw(st.integers(0, 3)) for _ in range(cls.d)]
    assume(sum(weights))
    x = [cls.h * w / sum(weights) for w in weights]
    accepted = verify_bytes(barrier(cls, [cls.read(n, c=c, x=x)], [0], q=q)).verdict == "valid"
    for i in range(1, cls.d + 1):
        _, matrix, root = member(cls, i, q)
        approximate = instance(cls, [cls.beta] * cls.d, c)
        z = cls.vector(x)
        triple = (1, n, approximate, data(cls), z, z)
        u = dual(cls, cls.beta)
        certificate = training_data(
            cls.name, matrix, cls.parameter, [data(cls)], [(*triple, u) if u else triple], root=root
        )
        verdict = verify_bytes(certificate).verdict
        c_q = (cls.d - 1) * cls.beta**2 + (cls.beta + cls.delta(q)) ** 2
        unit = F(1, 2**n)
        near = c_q <= (c + unit) ** 2 and (c <= unit or (c - unit) ** 2 <= c_q)
        assert verdict == ("valid" if near else "invalid")
        assert verdict == "valid" or not accepted


def test_members_agree_with_the_certificate_on_the_distance():
    """The minimisers of a level are further apart than twice the tolerance."""
    claim = json.loads(cases.EDGE)["claim"]
    assert claim["exponent"] == "0x4"
    top = F(1) / (F(17676, 25) + F(1, 16))
    assert 2 * top**2 > 4 * F(1, 1000) ** 2 >= 2 * (F(1) / (F(17677, 25) + F(1, 16))) ** 2
