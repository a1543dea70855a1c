"""Certificates of networks: what the fixed point computes is what the checker replays, and the bounds are one."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import NotCertifiedError, UsageError
from exact_base.rationals import round_down
from firenet_exact import Firenet, Levels, exact_column, exact_matrix, forward, network_parameters, operator_norm
from firenet_exact.arithmetic import fixed
from firenet_exact.certificates.forward_error import forward_certificate
from firenet_exact.null_space import certify_inverse
from proofs_checks.checker import verify_bytes
from tests.firenet_exact.networks import NAMES, certified, made, network, noisy
from tests.proofs_checks.builders import changed


@pytest.mark.parametrize("guess", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_the_checker_finds_the_same_output_and_bound(name, guess):
    x, y = noisy(name, noise=0.1)
    net = network(name, n=3, delta=fmpq(1, 4), initial=x if guess else None)
    found = forward(net, y)
    data = forward_certificate(found)
    report = verify_bytes(data)
    assert (report.verdict, report.reason) == ("valid", None)
    bound = Fraction(*(int(part, 16) for part in json.loads(data)["claim"]["bound"]))
    assert bound <= Fraction(int(found.bounds[-1].p), int(found.bounds[-1].q))
    smaller = bound * Fraction(2**38 - 1, 2**38)
    tight = changed(data, ["claim", "bound"], [hex(smaller.numerator), hex(smaller.denominator)])
    assert verify_bytes(tight).reason.startswith("bound:")


small = st.fractions(-3, 3, max_denominator=8)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(small, min_size=2, max_size=2), min_size=2, max_size=2),
    st.lists(small, min_size=2, max_size=2),
    st.sampled_from([(8, 8), (9, 16), (64, 64)]),
    st.booleans(),
)
def test_near_the_identity(E, y, bits, complex_):
    """Small networks with any matrix near to the identity: H = I proves its property."""
    phase = 1j if complex_ else 1
    A = exact_matrix(
        [[1 + E[0][0] / 100, float(E[0][1] / 100) * phase], [float(E[1][0] / 100) * phase, 1 + E[1][1] / 100]]
    )
    proved = certify_inverse(A, Levels.of([2], [1]), exact_matrix([[1, 0], [0, 1]]))
    norm = operator_norm(A)
    parameters = network_parameters(
        proved, norm, delta=fmpq(1, 10), epsilon0=fmpq(10), n=2, v=fmpq(9, 10), t=fmpq(3, 5)
    )
    net = Firenet(A, parameters, None, proved, norm)
    found = fixed.forward(net, exact_column(y), bits=bits[0], matrix_bits=bits[1])
    report = verify_bytes(forward_certificate(found))
    assert (report.verdict, report.reason) == ("valid", None)


def test_parameters_of_ones_own():
    """Few blocks and other scales: the bound is that of the recursion, whatever it is."""
    _, y = noisy("gaussian")
    net = network("gaussian", n=2)
    own = replace(net.parameters, p=2, v=fmpq(1, 100), epsilon0=fmpq(1), betas=(fmpq(1), fmpq(1, 3), fmpq(2)))
    data = forward_certificate(forward(Firenet(net.matrix, own, None, net.proved, net.norm), y))
    assert verify_bytes(data).verdict == "valid"


def test_the_older_kind_is_written_where_its_rule_allows():
    """With λ = C1/(C2 r): the bound of two lemmas is more than twice as large, and both are valid."""
    proved, _ = certified("walsh")
    _, y = noisy("walsh", noise=0.1)
    found = proved.constants
    older = forward(network("walsh", n=2, delta=fmpq(1, 4), lam=round_down(found.c1 / (found.c2 * found.r))), y)
    bounds = []
    for best, kind in ((True, "best-forward-error"), (False, "forward-error")):
        data = forward_certificate(older, best=best)
        report = verify_bytes(data)
        assert (report.verdict, report.kind) == ("valid", kind)
        bounds.append(Fraction(*(int(part, 16) for part in json.loads(data)["claim"]["bound"])))
    assert 2 * bounds[0] < bounds[1]
    with pytest.raises(NotCertifiedError, match="for this kind"):
        forward_certificate(forward(network("walsh", n=2), y), best=False)


def test_what_cannot_be_certified():
    proved, norm = certified("gaussian")
    _, y = noisy("gaussian")
    net = network("gaussian", n=2)
    with pytest.raises(UsageError, match="fixed point"):
        forward_certificate(forward(net, y, arithmetic="float64"))
    with pytest.raises(UsageError, match="first"):
        forward_certificate(forward(Firenet(net.matrix, net.parameters), y))
    for changes, name in (
        ({"lam": net.parameters.lam * 4}, "lambda"),
        ({"norm": net.parameters.norm / 2}, "norm"),
        ({"levels": Levels.of([32], [2])}, "levels"),
    ):
        other = Firenet(net.matrix, replace(made(n=2), **changes), None, proved, norm)
        with pytest.raises(NotCertifiedError, match=name):
            forward_certificate(forward(other, y))
