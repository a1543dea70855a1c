"""Bounds of single coefficients: they hold for every x that is tried, and the checker finds the same ones."""

import dataclasses
import json
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from exact_base.errors import InconsistentDataError, NotCertifiedError, UsageError
from exact_base.matrices import column_norm2
from exact_base.rationals import sqrt_up, upper_root
from firenet_exact import Levels, by_coherence, certify_recovery, exact_column, exact_matrix
from firenet_exact.certificates.coefficient_bounds import coefficients_certificate
from firenet_exact.null_space import by_relaxation
from firenet_exact.recovery import certify_coefficients, sigma_above
from firenet_exact.recovery.coefficients import single_coefficients
from proofs_checks.checker import verify_bytes
from tests.firenet_exact.test_recovery import instance
from tests.proofs_checks.builders import changed, rat


def moved(x, seed, size):
    """A vector near x, of which few entries are moved much."""
    rng = np.random.default_rng(seed)
    step = rng.standard_normal(x.rows) * (rng.random(x.rows) < 0.3)
    return exact_column((x.to_float()[:, 0] + size * step).tolist())


def inside(found, x):
    """Whether a vector is within all bounds of the point."""
    away = found.point - x
    entries = zip(away.squares(), found.bounds, strict=True)
    each = all(fmpq(row[0], away.den**2) <= bound * bound for row, bound in entries)
    return each and column_norm2(away) <= found.bound**2


@pytest.mark.parametrize("name", ["walsh", "gaussian"])
@pytest.mark.parametrize("size", [0.0, 1e-3, 0.2])
def test_every_vector_that_fits_is_within_the_bounds(name, size):
    """The limits are those of each x in turn, so that it fits by nothing."""
    known, x, y, _, _ = instance(name, noise=1e-3, spread=1e-4)
    point = moved(x, 99, 1e-3)
    for seed in range(4):
        other = moved(x, seed, size)
        noise, sigma = upper_root(column_norm2(known.matrix @ other - y)), sigma_above(known.levels, other)
        found = certify_coefficients(known, y, point, noise=noise, sigma=sigma, witnesses=[other])
        assert inside(found, other) and found.witness is not None
        assert all(other.squares()[i][0] > 0 for i in found.certain)


@pytest.mark.parametrize("name", ["walsh", "gaussian"])
@pytest.mark.parametrize("noise", [fmpq(1, 1000), fmpq(1, 2)])
def test_the_checker_finds_the_same_bounds(name, noise):
    known, x, y, _, sigma = instance(name, noise=1e-3, spread=1e-4)
    found = certify_coefficients(known, y, x, noise=noise, sigma=sigma)
    data = coefficients_certificate(found)
    report = verify_bytes(data)
    assert (report.verdict, report.reason) == ("valid", None)
    # from H directly it is no more than from ρ and γ, where γ is by the lengths of the columns of H, as it is here
    squares = [column_norm2(known.evidence.inverse.columns([j])) for j in range(known.levels.columns)]
    gamma = sqrt_up((1 + known.rho) ** 2 * sum(known.levels.top(squares)))
    by_lengths = dataclasses.replace(known, gamma=max(gamma, known.gamma))
    assert found.bound <= certify_recovery(by_lengths, y, x, [], noise=noise, sigma=sigma).bound
    claim = json.loads(data)["claim"]
    bound = Fraction(*(int(part, 16) for part in claim["bound"])) * Fraction(2**35 - 1, 2**35)
    assert verify_bytes(changed(data, ["claim", "bound"], rat(bound))).reason.startswith("bound:")


def test_settled_entries_make_all_bounds_smaller():
    known, x, y, _, sigma = instance("gaussian", noise=1e-3, spread=1e-4)
    near, far = (certify_coefficients(known, y, x, noise=noise, sigma=sigma) for noise in (fmpq(1, 100), fmpq(1)))
    assert near.settled == 1 and far.settled == 0
    assert all(100 * a < b for a, b in zip(near.bounds, far.bounds, strict=True))


def test_what_gives_no_bounds():
    matrix = exact_matrix([[1, 0, "1/9"], [0, 1, 0], [0, 0, 1]])
    levels = Levels.of([3], [1])
    other = by_coherence(matrix, levels)
    with pytest.raises(NotCertifiedError, match="not by coherence"):
        certify_coefficients(other, [1, 0, 0], [1, 0, 0], noise=1, sigma=0)
    assert single_coefficients(certify_recovery(other, [1, 0, 0], [1, 0, 0], [], noise=1, sigma=0)) is None
    known, _ = by_relaxation(matrix, levels)
    # with an H it does
    found = certify_coefficients(other, [1, 0, 0], [1, 0, 0], noise=0, sigma=0, inverse=exact_matrix(np.eye(3)))
    assert found.bound == 0 and found.certain == (0,)
    with pytest.raises(UsageError, match="H must be 3 x 3"):
        certify_coefficients(other, [1, 0, 0], [1, 0, 0], noise=0, sigma=0, inverse=exact_matrix(np.eye(2)))
    with pytest.raises(UsageError, match="at least 0"):
        certify_coefficients(known, [1, 0, 0], [1, 0, 0], noise=-1, sigma=0)
    with pytest.raises(UsageError, match="must be 3 x 1"):
        certify_coefficients(known, [1, 0], [1, 0, 0], noise=1, sigma=0)
    tall, _ = by_relaxation(exact_matrix([[1, 0], [0, 1], [0, 0]]), Levels.of([2], [1]))
    with pytest.raises(InconsistentDataError):
        certify_coefficients(tall, [0, 0, 1], [0, 0], [[0, 0, 1]], noise=fmpq(1, 2), sigma=0)
    with pytest.raises(InconsistentDataError):
        certify_coefficients(tall, [0, 0, 1], [0, 0], [[fmpq(1, 2**10), 0, 1]], noise=fmpq(1, 2), sigma=0)
