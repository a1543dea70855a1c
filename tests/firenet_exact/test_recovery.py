"""The a posteriori bound: against its definition, against vectors that look for its limits, and through the checker."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError, InconsistentDataError, UsageError
from exact_base.matrices import column_norm2, scaled
from exact_base.rationals import round_up, sqrt_up, to_float, upper_root
from firenet_exact import (
    AssumedProperty,
    Levels,
    by_coherence,
    certify_recovery,
    exact_column,
    exact_matrix,
)
from firenet_exact.certificates.recovery import recovery_certificate
from firenet_exact.null_space import by_exhaustion, by_relaxation
from firenet_exact.recovery import Method, cone_dual, polished, residual_dual, scaled_dual, sigma_above
from firenet_exact.recovery.report import bounds_table, methods_table, usefulness
from proofs_checks.certificate.reading import printable
from proofs_checks.checker import verify_bytes
from tests.firenet_exact.matrices import gaussian, walsh_haar
from tests.firenet_exact.recovery_attack import column, violations

ROWS = [*range(16), 17, 18, 19, 22, 26, 27, 29, 30]
NAMES = ("gaussian", "complex", "walsh", "small")


@cache
def proved(name):
    if name == "small":
        A = exact_matrix([[1, 0, 0, "1/9"], [0, 1, 0, "1/9"], [0, 0, 1, "1/9"], [0, 0, "1/9", 1]])
        return by_coherence(A, Levels.of([2, 4], [1, 1], [fmpq(1), fmpq(2)]))
    if name == "complex":
        return by_exhaustion(gaussian(8, 10, complex_=True), Levels.of([10], [1], [fmpq(2)]))[0]
    if name == "walsh":
        return by_relaxation(walsh_haar(ROWS), Levels.of([16, 32], [2, 1], [fmpq(1, 2), fmpq(1)]))[0]
    return by_relaxation(gaussian(24, 32), Levels.of([32], [1]))[0]


def instance(name, *, seed=0, noise=1e-2, spread=1e-3):
    """(property, x, y, ‖Ax-y‖ and σ(x), rounded up) of a noisy compressible vector."""
    known, rng = proved(name), np.random.default_rng(seed)
    n, m, levels = known.matrix.cols, known.matrix.rows, known.levels
    unit = 1j if not known.matrix.is_real else 0
    x = (rng.standard_normal(n) + unit * rng.standard_normal(n)) * spread
    for start, end, s in zip(levels.starts, levels.ends, levels.sparsities, strict=True):
        x[rng.choice(np.arange(start, end), s, replace=False)] += rng.choice([-1, 1], s) * (1 + rng.random(s))
    e = rng.standard_normal(m) + unit * rng.standard_normal(m)
    y = known.matrix.to_float() @ x + noise * e / np.linalg.norm(e)
    x, y = column(x), column(y)
    return known, x, y, sqrt_up(column_norm2(known.matrix @ x - y)), round_up(sigma_above(levels, x))


@pytest.mark.parametrize("name", NAMES)
def test_points_from_anywhere_and_any_dual_vector(name):
    rng = np.random.default_rng(5)
    for seed in range(8):
        known, x, y, noise, sigma = instance(name, seed=seed, noise=rng.choice([0, 1e-3, 1]))
        n, m = known.matrix.cols, known.matrix.rows
        point = column(x.to_float()[:, 0] + rng.standard_normal(n) * rng.choice([0, 1e-6, 1e-2, 1, 100]))
        candidate = column(rng.standard_normal(m) * rng.choice([1e-9, 1, 1e9]))
        found = certify_recovery(known, y, point, [candidate], noise=noise, sigma=sigma, witnesses=[x])
        assert column_norm2(point - x) <= found.bound**2
        assert found.witness is x and not found.conditional
        assert found.square <= found.bound**2 <= found.square * (1 + fmpq(1, 2**30))
        assert abs(sum(found.parts, fmpq(0)) - found.bound) <= found.bound / 2**30


def test_what_is_settled():
    """With σ = e = 0 and x known, the large entries of a point near it are settled, and they alone."""
    known, levels = proved("walsh"), proved("walsh").levels
    x = [0] * 32
    x[3], x[20] = 2, -3  # the second entry of the support of the first level is 0
    y = known.matrix @ exact_matrix([[a] for a in x])
    point = exact_matrix([[a + 1e-5] for a in x])
    found = certify_recovery(known, y, point, [], noise=fmpq(0), sigma=fmpq(0))
    assert (levels.size, found.settled) == (3, 2)
    point = exact_matrix([[a + 1e-5 + (1e-3 if j == 7 else 0)] for j, a in enumerate(x)])
    assert certify_recovery(known, y, point, [], noise=fmpq(0), sigma=fmpq(0)).settled == 2
    assert certify_recovery(known, y, point, [], noise=fmpq(1), sigma=fmpq(0)).settled == 0


@pytest.mark.parametrize(("sparsity", "times"), [(1, fmpq(2)), (2, fmpq(14143, 10000))])
def test_how_far_apart_settled_entries_are(sparsity, times):
    """2k for one entry of a level; √2·k for two, which are a support together. 1.4143 > √2 > 1.4142."""
    A = exact_matrix([[int(i == j) for j in range(4)] for i in range(4)])
    known = by_coherence(A, Levels.of([4], [sparsity]))

    def settled(size):
        point = exact_column([size] * sparsity + [0] * (4 - sparsity))
        return certify_recovery(known, point, point, [], noise=fmpq(1, 10), sigma=0)

    k = settled(fmpq(0))
    assert k.settled == 0
    first = known.gamma / 10 + known.rho * (known.gamma / 10) / (1 - known.rho)  # ρ of the identity is 2^-40
    assert settled(times * first * fmpq(10**5 + 1, 10**5)).settled == sparsity
    assert settled(times * first * fmpq(9998, 10**4)).settled == 0


def test_a_dual_vector_helps_a_point_that_is_too_short():
    known = proved("walsh")
    x = exact_matrix([[2 if j in (3, 9) else 0] for j in range(32)])
    y, noise = known.matrix @ x, fmpq(1, 100)
    dual = cone_dual(known.matrix, y, known.levels, noise=0.01)
    point = exact_matrix([[1.6 if j in (3, 9) else 1e-2] for j in range(32)])
    alone = certify_recovery(known, y, point, [], noise=noise, sigma=fmpq(0))
    helped = certify_recovery(known, y, point, [dual], noise=noise, sigma=fmpq(0), witnesses=[x])
    assert alone.dual is None and helped.dual is not None and helped.bound < alone.bound
    assert verify_bytes(recovery_certificate(helped)).verdict == "valid"
    assert not violations(helped, x.to_float()[:, 0], starts=20)


small = st.fractions(-3, 3, max_denominator=8).map(lambda f: fmpq(f.numerator, f.denominator))


def vectors(n):
    return st.lists(small, min_size=n, max_size=n).map(lambda v: exact_matrix([[a] for a in v]))


@given(vectors(4), vectors(4), vectors(4), vectors(4))
def test_the_bound_holds_for_rationals(x, y, point, candidate):
    known = proved("small")
    noise, sigma = sqrt_up(column_norm2(known.matrix @ x - y)), sigma_above(known.levels, x)
    found = certify_recovery(known, y, point, [candidate], noise=noise, sigma=sigma, witnesses=[x])
    assert column_norm2(point - x) <= found.bound**2


@given(vectors(4), vectors(4), st.integers(0, 100))
def test_the_bound_holds_where_the_support_is_settled(x, change, size):
    """Points near x, and an x whose entries may be far apart."""
    known = proved("small")
    point, y = x - scaled(change, fmpq(1, 1000)), known.matrix @ x - scaled(change, fmpq(size, 10**5))
    noise, sigma = sqrt_up(column_norm2(known.matrix @ x - y)), sigma_above(known.levels, x)
    found = certify_recovery(known, y, point, [], noise=noise, sigma=sigma, witnesses=[x])
    assert column_norm2(point - x) <= found.bound**2
    assert verify_bytes(recovery_certificate(found)).verdict == "valid"


@given(vectors(4))
def test_a_sparse_vector_without_noise_is_found_exactly(x):
    """With σ = 0, e = 0 and an optimal dual vector, nothing is left of the bound."""
    known = proved("small")
    sparse = exact_matrix([[x.re[0, 0]], [0], [0], [x.re[3, 0]]])
    y = known.matrix @ sparse
    dual = cone_dual(known.matrix, y, known.levels, noise=0.0)
    found = certify_recovery(known, y, sparse, [] if dual is None else [dual], noise=fmpq(0), sigma=fmpq(0))
    assert dual is not None
    assert found.bound < fmpq(1, 10**4)


@given(vectors(4))
def test_scaled_dual_vectors_are_feasible_and_touch(candidate):
    known = proved("small")
    dual = scaled_dual(known.matrix, known.levels, candidate)
    products = known.matrix.adjoint @ dual
    ratios = [
        fmpq(row[0], products.den**2) / w**2
        for row, w in zip(products.squares(), known.levels.column_weights, strict=True)
    ]
    assert max(ratios) <= 1
    assert max(ratios) > 1 - fmpq(1, 2**50) or column_norm2(candidate) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("noise", [0, 1e-2])
def test_the_search_finds_no_vector_outside(name, noise):
    known, x, y, e, sigma = instance(name, noise=noise, spread=1e-2)
    e, sigma = max(e, fmpq(1, 10**6)) * 2, sigma * 2
    point, dual = polished(known.matrix, y, known.levels, known.matrix.adjoint @ y, noise=to_float(e))
    found = certify_recovery(known, y, point, [dual], noise=e, sigma=sigma, witnesses=[x])
    assert not violations(found, x.to_float()[:, 0], starts=30)


def test_the_search_finds_violations_of_a_smaller_bound():
    """The search is worth something: a bound of a tenth is violated."""
    known, x, y, e, sigma = instance("small", noise=0.1, spread=0.1)
    point, dual = polished(known.matrix, y, known.levels, known.matrix.adjoint @ y, noise=to_float(e))
    found = certify_recovery(known, y, point, [dual], noise=2 * e, sigma=2 * sigma, witnesses=[x])
    object.__setattr__(found, "bound", found.bound / 10)
    assert violations(found, x.to_float()[:, 0])


@pytest.mark.parametrize("name", NAMES)
def test_certificates_are_valid_and_as_sharp_as_possible(name):
    known, x, y, noise, sigma = instance(name)
    point, dual = polished(known.matrix, y, known.levels, known.matrix.adjoint @ y, noise=to_float(noise))
    candidates = [dual, residual_dual(known.matrix, y, point)]
    found = certify_recovery(known, y, point, candidates, noise=noise, sigma=sigma, witnesses=[x])
    report = verify_bytes(recovery_certificate(found))
    assert (report.verdict, report.kind) == ("valid", "recovery")
    assert report.statement.title.startswith("Every x with sigma(x) <= ")
    assert "the witness of the file" in report.statement.lines[0]
    object.__setattr__(found, "bound", upper_root(found.square))
    assert verify_bytes(recovery_certificate(found)).verdict == "valid"
    object.__setattr__(found, "bound", found.bound - fmpq(1, found.bound.q))
    assert verify_bytes(recovery_certificate(found)).reason.startswith("bound: ")


def test_a_conditional_certificate_cannot_be_mistaken():
    known, _, y, noise, sigma = instance("gaussian")
    assumed = AssumedProperty(known.matrix, known.levels, known.rho, known.gamma)
    point = known.matrix.adjoint @ y
    found = certify_recovery(assumed, y, point, [], noise=noise, sigma=sigma)
    report = verify_bytes(recovery_certificate(found))
    assert found.conditional and (report.verdict, report.kind) == ("valid", "conditional-recovery")
    assert report.statement.title.startswith("CONDITIONAL on what is NOT proved here: IF A has ")
    assert "Whether there is such an x is not shown." in report.statement.lines[0]
    assert report.statement.lines[-1].startswith("Condition, NOT proved here: |x_D| <= ")
    proved_too = certify_recovery(known, y, point, [], noise=noise, sigma=sigma)
    assert proved_too.bound == found.bound and not proved_too.conditional


def test_cone_solvers_and_steps_agree():
    for name in ("gaussian", "complex"):
        known, _, y, noise, sigma = instance(name)
        e = to_float(noise)
        point, dual = polished(known.matrix, y, known.levels, known.matrix.adjoint @ y, noise=e, steps=4000)
        cone = cone_dual(known.matrix, y, known.levels, noise=e)
        bounds = [certify_recovery(known, y, point, [v], noise=noise, sigma=sigma).bound for v in (dual, cone)]
        assert abs(bounds[0] - bounds[1]) < bounds[0] / 20


def test_data_that_fit_nothing_are_noticed():
    A = exact_matrix([[1], [0]])
    known, y = by_coherence(A, Levels.of([1], [1])), exact_matrix([[0], [1]])
    far = exact_matrix([[0], [1000]])
    assert scaled_dual(A, known.levels, far) == exact_matrix([[0], [0]])
    with pytest.raises(InconsistentDataError, match="there is no x with"):
        certify_recovery(known, y, exact_matrix([[0]]), [far], noise=fmpq(99, 100), sigma=fmpq(10**6))
    assert certify_recovery(known, y, exact_matrix([[0]]), [far], noise=fmpq(1), sigma=fmpq(0)).bound > 0
    leaning = exact_matrix([[1], [10**6]])
    with pytest.raises(InconsistentDataError, match="there is no x with"):
        certify_recovery(known, y, exact_matrix([[0]]), [leaning], noise=fmpq(1, 2), sigma=fmpq(0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": exact_matrix([[1]])}, "the data must be 4 x 1, not 1 x 1"),
        ({"point": exact_matrix([[1, 1, 1, 1]])}, "the point must be 4 x 1, not 1 x 4"),
        ({"candidates": [exact_matrix([[1]])]}, "a dual vector must be 4 x 1"),
        ({"noise": fmpq(-1)}, "at least 0, not -1 and 0"),
        ({"sigma": fmpq(-1, 2)}, "at least 0, not 0 and -1/2"),
    ],
)
def test_usage(change, message):
    four = exact_matrix([[1], [0], [0], [0]])
    options = {"data": four, "point": four, "candidates": [], "noise": fmpq(0), "sigma": fmpq(0)} | change
    with pytest.raises(UsageError, match=message):
        certify_recovery(proved("small"), **options)


def test_plain_numbers_are_read_exactly():
    known, x, y, noise, _ = instance("small", noise=1e-2)
    floats = [vector.to_float()[:, 0] for vector in (y, x, y)]
    exact = [exact_column(vector.tolist()) for vector in floats]
    options = {"noise": 0.25, "sigma": "1/3", "witnesses": [floats[1]]}
    plain = certify_recovery(known, floats[0], list(floats[1]), [floats[2]], **options)
    same = certify_recovery(known, *exact[:2], exact[2:], noise=fmpq(1, 4), sigma=fmpq(1, 3), witnesses=[exact[1]])
    assert plain.bound == same.bound and plain.witness == same.witness
    wrong = ({"noise": float("nan")}, {"sigma": float("inf")}, {"point": [0, 0, 0, np.nan]}, {"noise": "little"})
    for change in wrong:
        options = {"data": y, "point": x, "candidates": [], "noise": noise, "sigma": 0} | change
        with pytest.raises(DataError):
            certify_recovery(known, **options)


@given(st.integers(0, 10**6))
@settings(max_examples=15)
def test_witnesses_are_judged_exactly(seed):
    known, x, y, noise, sigma = instance("small", seed=seed)
    less = noise - fmpq(1, 2**30)
    found = certify_recovery(known, y, x, [], noise=less, sigma=sigma, witnesses=[x])
    assert found.witness is None
    found = certify_recovery(known, y, x, [], noise=noise, sigma=sigma - fmpq(1, 2**30), witnesses=[x])
    assert found.witness is None


def identity(*entries, **limits):
    """A bound of the distance to a point whose data are itself, with the property of the identity."""
    A = exact_matrix([[int(i == j) for j in range(len(entries))] for i in range(len(entries))])
    y = exact_column(list(entries))
    return certify_recovery(by_coherence(A, Levels.of([A.cols], [1])), y, y, [], **limits)


def test_a_bound_that_is_as_large_as_the_point_says_nothing():
    """Decided exactly: at ‖x̂‖ itself, and not a hair below it; 0 is a bound of its own."""
    small = identity(1, 0, noise=fmpq(1, 10), sigma=0)
    bound = small.bound
    assert 0 < bound < 1 and not small.vacuous and small.ratio == bound
    for length, vacuous in (
        (bound, True),
        (bound * fmpq(2**90 - 1, 2**90), True),
        (bound * (1 + fmpq(1, 2**90)), False),
    ):
        found = replace(small, point=exact_column([length, 0]))
        assert found.vacuous is vacuous and found.ratio >= bound / length
        assert usefulness(found).startswith("says nothing: ") is vacuous
    assert "as large as" in usefulness(replace(small, point=exact_column([bound, 0])))
    zero = identity(0, 0, noise=fmpq(1, 10), sigma=0)
    assert zero.vacuous and zero.ratio is None
    assert not identity(0, 0, noise=0, sigma=0).vacuous  # x = 0, exactly


@given(st.fractions(0, 10, max_denominator=10**12), st.fractions(0, 10, max_denominator=10**12))
def test_what_is_printed_of_a_bound_is_rounded_to_the_side_that_says_less(noise, sigma):
    noise, sigma = (fmpq(f.numerator, f.denominator) for f in (noise, sigma))
    found = identity(1, "1/3", 0, noise=noise, sigma=sigma)
    rows = bounds_table(found, None, exact_column([1, 0, 0])).rows
    row = {str(name).strip(): (str(value), str(words)) for name, value, words in rows}
    assert Fraction(row["a posteriori"][0]) >= Fraction(str(found.bound))
    assert Fraction(row["ratio"][0]) ** 2 >= Fraction(str(found.bound**2 / column_norm2(found.point)))
    assert Fraction(row["true error"][0]) >= Fraction(1, 3)
    times = Fraction(row["true error"][1].split()[5])
    assert times >= 3 * Fraction(str(found.bound))
    for part, name in zip(found.parts, ("gap", "noise", "compressibility"), strict=True):
        assert Fraction(row[name][0]) >= Fraction(str(part))
    assert Fraction(row["noise"][1].split()[-1]) <= Fraction(str(noise))
    assert Fraction(row["compressibility"][1].split()[-1]) <= Fraction(str(sigma))


@pytest.mark.parametrize("truth", [None, exact_column([1, 0, 0])], ids=["unknown", "known"])
def test_the_tables_of_bounds_are_printed_as_they_stand(truth):
    """No character is written as an escape, and there is a column of true errors only where the truth is known."""
    found = identity(1, "1/3", 0, noise=fmpq(1, 10), sigma=0)
    tables = [bounds_table(found, None, truth), methods_table((Method("residual", 0.5, found),), truth)]
    words = [str(cell) for table in tables for row in (table.columns, *table.rows) for cell in row]
    assert [word for word in words if printable(word) != word] == []
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    assert ("true error" in tables[1].columns) is (truth is not None)


def test_there_is_no_x_for_the_printed_limits_either():
    """y is farther from the range of A than the noise allows, but not than the noise rounded up would."""
    known = AssumedProperty(exact_matrix([[1], [0]]), Levels.of([1], [1]), fmpq(1, 2), fmpq(1))
    noise, y = fmpq(1234567891, 10**10), exact_column([0, "0.12345679"])
    with pytest.raises(InconsistentDataError, match=r"‖Ax-y‖ <= 0\.123456;"):
        certify_recovery(known, y, exact_column([0]), [exact_column([0, 1])], noise=noise, sigma=0)
