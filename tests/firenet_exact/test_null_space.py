"""Each certified (ρ, γ) is attacked, and accepted by the independent checker; the targets are those of the project."""

import dataclasses
import itertools

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from exact_base.errors import NotCertifiedError, UsageError
from exact_base.rationals import to_float
from firenet_exact import Levels, by_coherence, decide, exact_matrix
from firenet_exact.certificates.null_space import null_space_certificate, read_null_space
from firenet_exact.null_space import cones
from firenet_exact.null_space.exhaustive import by_exhaustion, left_inverse_near
from firenet_exact.null_space.relaxation import _products_of_columns, by_relaxation, certify_inverse
from firenet_exact.null_space.transfer import by_transfer
from tests.firenet_exact.attack import excess, violations
from tests.firenet_exact.matrices import accepted, gaussian, walsh_haar

PROVERS = {
    "coherence": lambda A, levels: by_coherence(A, levels),
    "relaxation": lambda A, levels: by_relaxation(A, levels)[0],
    "exhaustive": lambda A, levels: by_exhaustion(A, levels)[0],
}


def one(n, s):
    return Levels.of([n], [s])


def two(n, s, t, *weights):
    return Levels.of([n // 2, n], [s, t], [fmpq(w) for w in weights] or None)


CASES = [
    ("coherence", gaussian(40, 48), one(48, 1)),
    ("coherence", gaussian(40, 44, complex_=True), one(44, 1)),
    ("coherence", walsh_haar([*range(16), 17, 18, 19, 22, 26, 27, 29, 30]), two(32, 2, 1, fmpq(1, 4), 1)),
    ("coherence", gaussian(200, 24, complex_=True), two(24, 1, 1, fmpq(3, 4), 1)),
    ("relaxation", gaussian(24, 32), one(32, 1)),
    ("relaxation", gaussian(24, 32, normalised=False), two(32, 1, 1, 1, 2)),
    ("relaxation", gaussian(24, 32, complex_=True), one(32, 2)),
    ("relaxation", walsh_haar([*range(16), 17, 18, 19, 22, 26, 27, 29, 30]), two(32, 2, 1, fmpq(1, 2), 1)),
    ("relaxation", gaussian(24, 32, complex_=True), two(32, 1, 1, fmpq(2, 3), 1)),
    ("exhaustive", gaussian(10, 14), one(14, 1)),
    ("exhaustive", gaussian(16, 20), two(20, 1, 1, 1, fmpq(3, 2))),
    ("exhaustive", gaussian(12, 14, complex_=True), one(14, 2)),
    ("exhaustive", gaussian(12, 14, complex_=True), two(14, 1, 1, fmpq(2, 3), 1)),
]


@pytest.mark.slow_but(
    "coherence-A0-levels0",
    "coherence-A2-levels2",
    "relaxation-A4-levels4",
    "relaxation-A5-levels5",
    "relaxation-A7-levels7",
    "exhaustive-A9-levels9",
    "exhaustive-A12-levels12",
)
@pytest.mark.parametrize(("method", "A", "levels"), CASES)
def test_what_is_certified_is_accepted_and_withstands_attacks(method, A, levels):
    proved = PROVERS[method](A, levels)
    assert proved.evidence.method == method and 0 < proved.rho < 1 and proved.gamma > 0
    assert accepted(null_space_certificate(proved))
    assert violations(A, levels, proved.rho, proved.gamma) == []
    for part in ("rho", "gamma"):  # what is certified is not much weaker than what the evidence proves
        less = dataclasses.replace(proved, **{part: getattr(proved, part) * (1 - fmpq(1, 2**20))})
        assert not accepted(null_space_certificate(less))


@pytest.mark.slow
def test_the_attack_finds_violations_where_there_are_some():
    A, levels = gaussian(24, 32), one(32, 2)
    proved, _ = by_exhaustion(A, levels)
    found = violations(A, levels, proved.rho / 3, proved.gamma)
    assert found and excess(A, levels, proved.rho / 3, proved.gamma, found[0].tolist()) > 0
    assert violations(A, levels, proved.rho, proved.gamma / 20)


@settings(max_examples=30)
@given(hnp.arrays(int, (3, 4), elements=st.integers(-4, 4)), st.integers(1, 2))
def test_small_matrices_are_never_both_certified_and_refuted(A, s):
    matrix, levels = exact_matrix(A.tolist()), one(4, s)
    words = {
        method: decide(matrix, levels, method=method) for method in ("coherence", "relaxation", "exhaustive", "refute")
    }
    proved = [verdict.proved for verdict in words.values() if verdict.proved is not None]
    assert not (proved and words["refute"].refuted)
    for property_ in proved:
        assert accepted(null_space_certificate(property_))
        assert violations(matrix, levels, property_.rho, property_.gamma, starts=20, steps=20) == []


def test_auto_takes_the_least_c2():
    A, levels = gaussian(24, 32), one(32, 1)
    verdict = decide(A, levels)
    assert [a.method for a in verdict.attempts if a.outcome == "certified"] == ["coherence", "relaxation", "exhaustive"]
    assert verdict.proved.best.pair[1] == min(prove(A, levels).best.pair[1] for prove in PROVERS.values())


@pytest.mark.parametrize("spread", [([8], [2]), ([8], [8]), ([3, 8], [1, 2])])
def test_gamma_is_by_the_lesser_bound_of_the_columns(spread):
    """Orthonormal columns have beta = √s and Λ = 1; equal ones have Λ >= beta."""
    levels = Levels.of(*spread)
    identity = exact_matrix(np.eye(8, dtype=int))
    proved = certify_inverse(identity, levels, identity)
    assert proved.gamma < fmpq(1000001, 10**6) and levels.size > 1
    assert accepted(null_space_certificate(proved))


@pytest.mark.parametrize("name", ["real", "complex"])
def test_the_bound_of_columns_is_one(name):
    """Against the norm of every support, for H of any kind."""
    rng = np.random.default_rng(3)
    values = rng.integers(-9, 9, (4, 6)) + (1j * rng.integers(-9, 9, (4, 6)) if name == "complex" else 0)
    levels = Levels.of([3, 6], [1, 2])
    bound = to_float(_products_of_columns(exact_matrix(values), levels)) ** 0.5
    for first, pair in itertools.product(range(3), itertools.combinations(range(3, 6), 2)):
        assert np.linalg.norm(values[:, [first, *pair]], 2) <= bound * (1 + 1e-12)


def test_the_trade_off_moves_rho_against_gamma():
    A, levels = gaussian(24, 32), one(32, 1)
    best, points = by_relaxation(A, levels)
    small, _ = by_relaxation(A, levels, most=0.9 * to_float(best.rho))
    assert small.rho < best.rho and small.gamma > best.gamma and small.best.pair[1] >= best.best.pair[1]
    c2 = to_float(best.best.pair[1])
    assert c2 == pytest.approx(min(point.c2 for point in points), rel=1e-6)


def test_any_scale_of_the_weights_is_the_same_property():
    A = gaussian(24, 32)
    first, second = (by_relaxation(A, Levels.of([32], [1], [fmpq(w)]))[0] for w in (1, 16))
    assert to_float(first.rho) == pytest.approx(to_float(second.rho), rel=1e-6)


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("exponent", [-500, 480])
def test_any_scale_of_the_matrix_has_the_same_left_inverses(exponent, complex_, capfd):
    """The cone programs do not see the scale, which solvers could not cope with; one of them would print."""
    A, scale = gaussian(6, 8, complex_=complex_).to_float(), 2.0**exponent
    levels = Levels.of([8], [1])
    one, other = (by_exhaustion(exact_matrix((A * s).tolist()), levels)[0] for s in (1.0, scale))
    assert one.rho == other.rho < 1
    assert to_float(one.gamma / other.gamma) == pytest.approx(scale, rel=1e-9)
    assert capfd.readouterr().out == ""


def test_left_inverses_are_exact():
    A = gaussian(6, 9, complex_=True)
    for support in ((0, 1), (2, 5), (0, 3, 8)):
        B = left_inverse_near(A, support, np.linalg.pinv(A.to_float()[:, list(support)]))
        assert B @ A.columns(support) == exact_matrix(np.eye(len(support), dtype=int).tolist())


def test_a_failing_cone_solver_is_replaced(monkeypatch):
    pytest.importorskip("scs")

    def fails(*_):
        raise RuntimeError("numerical error")

    A, levels = gaussian(10, 14), one(14, 1)
    normal, _ = by_exhaustion(A, levels)
    monkeypatch.setattr(cones, "_clarabel", fails)
    fallback, _ = by_exhaustion(A, levels)
    assert float(fallback.rho.p) / float(fallback.rho.q) == pytest.approx(
        float(normal.rho.p) / float(normal.rho.q), rel=0.1
    )
    monkeypatch.setattr(cones, "_scs", fails)
    pseudo, _ = by_exhaustion(A, levels)
    assert pseudo.constants.c2 >= normal.constants.c2 * fmpq(99, 100)
    assert accepted(null_space_certificate(pseudo))


@pytest.mark.slow_but("False-levels0")
@pytest.mark.parametrize(
    ("complex_", "levels"), [(False, one(32, 1)), (False, two(32, 1, 1, 1, fmpq(3, 2))), (True, two(32, 1, 1, 1, 2))]
)
def test_transfer_to_a_matrix_nearby(complex_, levels):
    A = gaussian(24, 32, complex_=complex_)
    known, _ = by_relaxation(A, levels)
    near = exact_matrix(np.round(A.to_float() * 2.0**12) / 2.0**12)
    moved = by_transfer(read_null_space(null_space_certificate(known)), near)
    assert moved.rho > known.rho and moved.gamma > known.gamma
    assert accepted(null_space_certificate(moved))
    again = read_null_space(null_space_certificate(moved))
    assert (again.matrix, again.rho, again.gamma) == (near, moved.rho, moved.gamma)
    assert accepted(null_space_certificate(again))
    assert violations(near, levels, moved.rho, moved.gamma) == []
    for part in ("rho", "gamma"):
        less = dataclasses.replace(moved, **{part: getattr(moved, part) * (1 - fmpq(1, 2**20))})
        assert not accepted(null_space_certificate(less))
    with pytest.raises(NotCertifiedError):
        by_transfer(known, gaussian(24, 32, seed=1, complex_=complex_))
    with pytest.raises(UsageError):
        by_transfer(moved, A)
    other = dataclasses.replace(moved.evidence.other, matrix=gaussian(24, 32, seed=1, complex_=complex_))
    with pytest.raises(NotCertifiedError):  # the nested evidence is about the matrix nearby, and is verified again
        evidence = dataclasses.replace(moved.evidence, other=other)
        read_null_space(null_space_certificate(dataclasses.replace(moved, evidence=evidence)))


def test_transfer_by_the_spectral_norm_where_the_frobenius_norm_is_too_large():
    A, levels = gaussian(24, 32), one(32, 1)
    known, _ = by_relaxation(A, levels)
    near = exact_matrix((A.to_float() + 0.1 * np.sign(np.random.default_rng(0).standard_normal((24, 32))) / 6).tolist())
    moved = by_transfer(known, near)
    frobenius = float(np.linalg.norm(near.to_float() - A.to_float()))
    assert to_float(moved.evidence.eta) < frobenius
    assert accepted(null_space_certificate(moved))


@pytest.mark.slow
def test_the_limit_of_rho_is_exact():
    A, levels = walsh_haar([*range(16), 17, 18, 19, 22, 26, 27, 29, 30]), two(32, 1, 1)
    rho = decide(A, levels, method="exhaustive").proved.rho
    assert decide(A, levels, method="exhaustive", most=rho * (1 + fmpq(1, 2**30))).word == "certified"
    assert decide(A, levels, method="exhaustive", most=rho).word == "undecided"


@pytest.mark.parametrize("scale", [fmpq(2) ** 1020, fmpq(2) ** -1000])
def test_any_scale_of_the_matrix_ends_without_an_error(scale):
    """What overflows in floating point proves nothing, and what is certified is so exactly."""
    A = gaussian(10, 14)
    scaled = exact_matrix([[fmpq(a, A.den) * scale for a in row] for row in A.re.tolist()])
    for method in ("coherence", "relaxation", "exhaustive"):
        verdict = decide(scaled, one(14, 1), method=method)
        assert verdict.refuted is None
        assert verdict.proved is None or accepted(null_space_certificate(verdict.proved))


def test_sizes_must_fit():
    with pytest.raises(UsageError, match="end with column 5"):
        decide(gaussian(3, 4), one(5, 1))


def test_more_columns_than_rows_in_a_support():
    with pytest.raises(NotCertifiedError, match="no left inverse"):
        by_exhaustion(gaussian(2, 5), one(5, 3))


@pytest.mark.parametrize(("s", "most"), [(2, 0.45), (3, 0.8)])
@pytest.mark.slow
def test_target_gaussian_64_by_128(s, most):
    A, levels = gaussian(64, 128), one(128, s)
    proved, _ = by_relaxation(A, levels, most=most)
    assert proved.rho <= fmpq(*most.as_integer_ratio())
    assert accepted(null_space_certificate(proved))
    assert violations(A, levels, proved.rho, proved.gamma) == []


@pytest.mark.slow
def test_target_walsh_haar():
    """24 of 32 rows, 16 low and 8 others; s = (2, 2) is impossible there, which a kernel vector shows."""
    A = walsh_haar([*range(16), 17, 18, 19, 22, 26, 27, 29, 30])
    plain, points = by_exhaustion(A, two(32, 1, 1), most=0.5)
    assert plain.rho <= fmpq(1, 2) and min(point.rho for point in points) < 0.48
    assert accepted(null_space_certificate(plain))
    weighted, _ = by_relaxation(A, two(32, 2, 1, fmpq(1, 2), 1))
    assert weighted.rho <= fmpq(1, 2)
    assert decide(A, two(32, 2, 2), method="refute").word == "refuted"


@pytest.mark.slow
def test_target_exhaustive_24_by_32():
    A, levels = gaussian(24, 32), one(32, 2)
    proved, points = by_exhaustion(A, levels)
    assert accepted(null_space_certificate(proved))
    assert min(point.rho for point in points) < 0.4
    assert violations(A, levels, proved.rho, proved.gamma) == []


@pytest.mark.slow
def test_target_relaxation_128_by_256():
    A, levels = gaussian(128, 256), one(256, 3)
    proved, _ = by_relaxation(A, levels)
    assert accepted(null_space_certificate(proved))
    assert violations(A, levels, proved.rho, proved.gamma, starts=60, steps=60) == []
