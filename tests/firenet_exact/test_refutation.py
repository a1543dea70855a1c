import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.encoding import common_root, encode_array
from exact_base.errors import NotCertifiedError
from exact_base.scalars import QuadraticNumber
from firenet_exact import Levels, exact_matrix, refute
from firenet_exact.certificates.null_space_refuted import refutation_certificate
from firenet_exact.null_space import is_refuted_by
from proofs_checks.certificate.writing import build, encode_integer
from sci_barriers import OmegaClass
from tests.firenet_exact.matrices import accepted, gaussian


def parts(A):
    """[P; Q] for A = P + √s·Q: a rational vector is in the kernel of A exactly if it is in theirs."""
    rational = [[a.a if isinstance(a, QuadraticNumber) else a for a in row] for row in A]
    surd = [[a.b if isinstance(a, QuadraticNumber) else fmpq(0) for a in row] for row in A]
    return exact_matrix(rational + surd)


@pytest.mark.parametrize("problem", ["bpdn", "lasso", "sqrt-lasso"])
@pytest.mark.parametrize("family", ["strong", "weak"])
@pytest.mark.parametrize("size", [(1, 2), (2, 3), (3, 7), (5, 9)])
@pytest.mark.parametrize("disguise", [False, True])
def test_every_member_of_the_class_is_refuted(problem, family, size, disguise):
    omega = OmegaClass.create(problem, digits=3, rows=size[0], columns=size[1], family=family, disguise=disguise)
    members = [omega.member(i=i, q=omega.q0 + extra) for i in (1, omega.ties) for extra in (0, 7)]
    if family == "strong":
        members.append(omega.tie())
    levels = Levels.of([size[1]], [1])
    for member in members:
        A = member.exact_problem().matrix
        found = refute(parts(A), levels)
        root = common_root(A)
        claim = {"levels": levels.encode(), "matrix": encode_array(A, root), "root": encode_integer(root)}
        assert accepted(
            build("null-space-refuted", claim=claim, evidence={"vector": found.vector.encode()}, provenance={})
        )


@pytest.mark.parametrize(
    ("A", "levels"),
    [
        (gaussian(24, 32), Levels.of([32], [6])),
        (gaussian(6, 12), Levels.of([6, 12], [2, 2], [fmpq(1), fmpq(2)])),
        (gaussian(3, 9, complex_=True), Levels.of([9], [2])),
        (exact_matrix([[1, 1, 0], [0, 0, 1]]), Levels.of([3], [1])),
        (exact_matrix([[0, 1], [0, 2]]), Levels.of([2], [1])),
        (exact_matrix([["1+1j", "2j"]]), Levels.of([2], [1])),
        (exact_matrix([["1e-30", "1/3", 0]]), Levels.of([3], [1])),
    ],
)
def test_refutations_are_accepted(A, levels):
    found = refute(A, levels)
    assert is_refuted_by(A, levels, found.vector)
    assert accepted(refutation_certificate(found))


def test_nothing_is_found_where_the_property_holds():
    with pytest.raises(NotCertifiedError, match="reaches"):
        refute(gaussian(24, 32), Levels.of([32], [1]))


@given(st.lists(st.integers(-6, 6), min_size=5, max_size=5), st.integers(1, 2))
def test_the_test_is_that_of_the_theory(x, s):
    """√ξ‖x_Δ‖ >= ‖x_Δc‖_w by the definition, for a matrix that vanishes."""
    levels = Levels.of([2, 5], [1, s], [fmpq(1), fmpq(1, 2)])
    weights = [1, 1, 0.5, 0.5, 0.5]
    inside = sorted(range(2), key=lambda j: -abs(x[j]))[:1] + sorted(range(2, 5), key=lambda j: -abs(x[j]))[:s]
    kept = levels.xi * sum(x[j] ** 2 for j in inside)
    rest = fmpq(int(2 * sum(weights[j] * abs(x[j]) for j in range(5) if j not in inside)), 2)
    wanted = any(x) and kept >= rest**2
    assert is_refuted_by(exact_matrix([[0] * 5]), levels, exact_matrix([[a] for a in x])) == wanted


def test_a_vector_off_the_kernel_refutes_nothing():
    A, levels = exact_matrix([[1, 1]]), Levels.of([2], [1])
    assert is_refuted_by(A, levels, exact_matrix([[1], [-1]]))
    assert not is_refuted_by(A, levels, exact_matrix([[1], ["-1.0000001"]]))
    assert not is_refuted_by(A, levels, exact_matrix([[0], [0]]))


def test_a_tie_at_the_very_edge_is_found_exactly():
    """All entries of one modulus: ‖x_Δ‖√ξ = s·... equals ‖x_Δc‖ exactly for N = 2s."""
    n = 6
    A = np.eye(n)[:-1] - np.eye(n)[1:]
    found = refute(exact_matrix(A.tolist()), Levels.of([n], [3]))
    assert accepted(refutation_certificate(found))


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_rounding_does_not_hide_a_sparse_kernel_vector(seed, complex_):
    """Noise makes the four columns of a sparse kernel vector independent; there is a vector of full length nearby."""
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((12, 16)) + (1j * rng.standard_normal((12, 16)) if complex_ else 0)
    A[:, 9] = (3 * A[:, 2] - A[:, 5] + A[:, 12]) / 3 * (1j if complex_ else 1)
    A = exact_matrix((A * (1 + 1e-16 * rng.integers(-2, 3, A.shape))).tolist())
    found = refute(A, Levels.of([16], [2]))
    assert sum(any(row) for row in found.vector.squares()) > 4
    assert accepted(refutation_certificate(found))
