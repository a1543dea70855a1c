"""Condition numbers against their definitions: singular values, infeasible perturbations, and minimisers that move."""

import random

import flint
import pytest
from flint import fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_two, sqrt_ceiling
from exact_base.scalars import ball, norm2
from proofs_checks.checker import verify_bytes
from sci_barriers import DataError, OmegaClass, SolverError, condition, solve_exactly
from sci_barriers.certificates.conditioning import conditioning_certificate
from sci_barriers.omega.families import Instance
from sci_barriers.problems import problem_type

PROBLEMS = ["bpdn", "lasso", "sqrt-lasso"]
# c is rational for these, and one entry is the largest
SQUARES = [(fmpq(3), fmpq(4)), (fmpq(3), fmpq(2), fmpq(6)), (fmpq(12), fmpq(5)), (fmpq(2), fmpq(3, 2))]


def block(a, rows):
    """The matrix with rational c."""
    c = sqrt_ceiling(sum(t * t for t in a), bits=1)
    assert c * c == sum(t * t for t in a)
    matrix = [[fmpq(0)] * (len(a) + rows - 1) for _ in range(rows)]
    matrix[0][: len(a)] = a
    for k in range(1, rows):
        matrix[k][len(a) + k - 1] = c
    return matrix, c


@given(st.integers(0, 10**6), st.sampled_from(PROBLEMS), st.sampled_from(SQUARES), st.integers(1, 3))
@settings(max_examples=60)
def test_the_minimiser_moves_no_more_than_the_bound(seed, problem, a, rows):
    """Difference quotients at a small step, in random directions of norm at most 1, or the one that is worst."""
    rng = random.Random(seed)
    matrix, _ = block(a, rows)
    top = max(a)
    parameter = fmpq(rng.randint(1, 9), 10)
    y = [fmpq(1)] + [fmpq(0)] * (rows - 1)
    kind = problem_type(problem)
    before = solve_exactly(kind(matrix, y, parameter=parameter)).point
    step = power_of_two(-40)
    columns = len(matrix[0])
    if rng.random() < 0.3:
        direction = [[fmpq(0)] * columns for _ in range(rows)]
        direction[0][a.index(top)] = fmpq(-1)
        other = [fmpq(1)] + [fmpq(0)] * (rows - 1)
    else:
        direction = [[fmpq(rng.randint(-9, 9), 40) for _ in range(columns)] for _ in range(rows)]
        other = [fmpq(rng.randint(-9, 9), 20) for _ in range(rows)]
    moved = [[p + step * q for p, q in zip(*pair, strict=True)] for pair in zip(matrix, direction, strict=True)]
    size = max(norm2_of([v for row in direction for v in row]), norm2_of(other))
    size = size if size > 1 else fmpq(1)
    shifted = [p + step * q for p, q in zip(y, other, strict=True)]
    try:
        after = solve_exactly(kind(moved, shifted, parameter=parameter)).point
    except SolverError:
        pytest.fail("the perturbed problem is as well posed")
    bound = (1 / top + 1 / top**2) * step
    # second order terms are below 2^-20 of it; irrational entries are compared as they are
    assert norm2(after - before) <= bound**2 * size * (1 + power_of_two(-15))


@given(st.integers(0, 10**6), st.sampled_from(["lasso", "sqrt-lasso"]), st.sampled_from(SQUARES), st.integers(2, 3))
@settings(max_examples=40)
def test_the_minimiser_of_a_further_sample_moves_no_more_than_its_bound(seed, problem, a, rows):
    rng = random.Random(seed)
    matrix, c = block(a, rows)
    top, step, parameter = max(a), power_of_two(-40), fmpq(rng.randint(1, 9), 10)
    y = [fmpq(1)] + [fmpq(rng.randint(-6, 6), 4) for _ in range(rows - 1)]
    kind = problem_type(problem)
    before = solve_exactly(kind(matrix, y, parameter=parameter)).point
    columns = len(matrix[0])
    direction = [[fmpq(rng.randint(-9, 9), 40) for _ in range(columns)] for _ in range(rows)]
    other = [fmpq(rng.randint(-9, 9), 20) for _ in range(rows)]
    moved = [[p + step * q for p, q in zip(*pair, strict=True)] for pair in zip(matrix, direction, strict=True)]
    shifted = [p + step * q for p, q in zip(y, other, strict=True)]
    after = solve_exactly(kind(moved, shifted, parameter=parameter)).point
    size = max(fmpq(1), norm2_of([v for row in direction for v in row]), norm2_of(other))
    with flint.ctx.workprec(300):
        length, square = flint.arb(rational_near(norm2(before))).sqrt(), 1 / top**2 + (rows - 1) / c**2
        bound = (1 + length) / top + (parameter / 2 * flint.arb(square).sqrt() / top**2 if problem == "lasso" else 0)
        found = flint.arb(rational_near(norm2(after - before))).sqrt() / step
        assert found <= bound * flint.arb(size).sqrt() * (1 + flint.arb(2) ** -15)


def at_a_step(rng, problem, matrix, y, parameter):
    """The minimiser, one at a small step in a random direction, and the square of the direction's norm, 1 at least."""
    kind, step, columns = problem_type(problem), power_of_two(-40), len(matrix[0])
    direction = [[fmpq(rng.randint(-9, 9), 40) for _ in range(columns)] for _ in y]
    if rng.random() < 0.5:  # the first row, with ties that stay
        row = [fmpq(rng.choice([-1, 0, 0, 1]), 2) for _ in range(columns)]
        direction = [row] + [[fmpq(0)] * columns for _ in y[1:]]
    other = [fmpq(rng.randint(-9, 9), 20) for _ in y]
    moved = [[p + step * q for p, q in zip(*pair, strict=True)] for pair in zip(matrix, direction, strict=True)]
    shifted = [p + step * q for p, q in zip(y, other, strict=True)]
    before = solve_exactly(kind(matrix, y, parameter=parameter)).point
    after = solve_exactly(kind(moved, shifted, parameter=parameter)).point
    return before, after, max(fmpq(1), norm2_of([v for row in direction for v in row]), norm2_of(other))


# c is rational for these, and two or three entries are the largest
TIED = [(fmpq(2), fmpq(2), fmpq(1)), (fmpq(6), fmpq(6), fmpq(3)), (fmpq(3, 2),) * 4]


@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 2), min_size=4, max_size=4), st.sampled_from(PROBLEMS))
def test_complex_perturbations_of_a_tie_of_one_row(parts, problem):
    """The minimiser is known there: it uses the entry of the largest modulus, with its phase."""
    size = max(1, sum(p * p + q * q for p, q in parts[1:]), sum(v * v for v in parts[0]))
    with flint.ctx.workprec(300):
        step, (t, p) = flint.arb(2) ** -60 / flint.arb(size).sqrt(), (flint.arb(4), flint.arb(1) / 3)
        y, *a = (base + step * flint.acb(*pair) for base, pair in zip([1, 4, 4, 4], parts, strict=True))
        largest = max(a, key=lambda entry: float((abs(entry) - t) / step))
        shrunk = {"bpdn": 1 - p / abs(y), "lasso": 1 - p / (2 * abs(largest) * abs(y)), "sqrt-lasso": 1}[problem]
        x = largest.conjugate() * y / abs(largest) ** 2 * shrunk
        h = {"bpdn": 1 - p, "lasso": 1 - p / (2 * t), "sqrt-lasso": flint.arb(1)}[problem] / t
        off = h - x.real
        short = off * off / (1 if x.real >= h else 3)
        constant = (1 + h) / t if problem != "sqrt-lasso" else (1 + (1 + flint.arb(2).sqrt()) / t) / t
        # the step has norm 2^-60
        assert (
            x.imag**2 + short
            <= (constant * flint.arb(2) ** -60) ** 2 * (1 + flint.arb(2) ** -20) + flint.arb(2) ** -200
        )


@given(st.integers(0, 10**6), st.sampled_from(PROBLEMS), st.sampled_from(TIED), st.integers(1, 3))
@settings(max_examples=60)
def test_minimisers_beside_a_tie_are_near_one_of_the_tie(seed, problem, a, rows):
    """At a small step, in random real directions of norm at most 1, also such as keep some columns tied."""
    rng = random.Random(seed)
    matrix, _ = block(a, rows)
    top, step = max(a), power_of_two(-40)
    parameter = fmpq(rng.randint(1, 9), 10)
    y = [fmpq(1)] + [fmpq(0)] * (rows - 1)
    columns = len(matrix[0])
    entry = [[fmpq(rng.randint(-9, 9), 40) for _ in range(columns)] for _ in range(rows)]
    if rng.random() < 0.5:  # the first row, with ties that stay
        row = [fmpq(rng.choice([-1, 0, 0, 1]), 2) for _ in range(columns)]
        entry = [row] + [[fmpq(0)] * columns for _ in range(rows - 1)]
    other = [fmpq(rng.randint(-9, 9), 20) for _ in range(rows)]
    size = max(fmpq(1), norm2_of([v for row in entry for v in row]), norm2_of(other))
    moved = [[p + step * q for p, q in zip(*pair, strict=True)] for pair in zip(matrix, entry, strict=True)]
    shifted = [p + step * q for p, q in zip(y, other, strict=True)]
    kind = problem_type(problem)
    after = solve_exactly(kind(moved, shifted, parameter=parameter)).point
    height = {"bpdn": 1 - parameter, "lasso": 1 - parameter / (2 * top), "sqrt-lasso": fmpq(1)}[problem] / top
    tied = [i for i, entry in enumerate(a) if entry == top]
    bound = 1 / top + 1 / top**2 if problem == "sqrt-lasso" else (1 + height) / top
    assert distance2(after, tied, height) <= (bound * step) ** 2 * size * (1 + power_of_two(-15))


@given(st.integers(0, 10**6), st.sampled_from(["lasso", "sqrt-lasso"]), st.sampled_from(TIED), st.integers(2, 3))
@settings(max_examples=60)
def test_minimisers_beside_a_tie_at_a_further_sample(seed, problem, a, rows):
    rng = random.Random(seed)
    matrix, c = block(a, rows)
    top, parameter = max(a), fmpq(rng.randint(1, 9), 10)
    rest = [fmpq(rng.randint(-6, 6), 4) for _ in range(rows - 1)]
    _, after, size = at_a_step(rng, problem, matrix, [fmpq(1), *rest], parameter)
    height = {"lasso": 1 - parameter / (2 * top), "sqrt-lasso": fmpq(1)}[problem] / top
    level = parameter / (2 * c) if problem == "lasso" else fmpq(0)
    off = after.copy()
    for j, value in enumerate(rest):
        off[len(a) + j] -= max(abs(value) - level, fmpq(0)) / c * (1 if value > 0 else -1)
    tied = [i for i, entry in enumerate(a) if entry == top]
    count = sum(1 for value in rest if value != 0) if problem == "lasso" else rows - 1
    with flint.ctx.workprec(300):
        longest, dual2 = flint.arb(height**2 + norm2_of(rest) / c**2).sqrt(), 1 / top**2 + count / c**2
        bound = (1 + longest + flint.arb(2 * dual2).sqrt()) / top * power_of_two(-40)
        assert flint.arb(distance2(off, tied, height)) <= bound**2 * size * (1 + flint.arb(2) ** -15)


@given(st.integers(0, 10**6), st.sampled_from(SQUARES + TIED), st.integers(2, 3), st.integers(1, 40))
@settings(max_examples=60)
def test_the_minimiser_of_a_further_sample_of_bpdn_moves_no_more_than_its_bound(seed, a, rows, length):
    """On the tie too, and where 0 is the minimiser, with |y| up to epsilon = 1."""
    rng = random.Random(seed)
    matrix, c = block(a, rows)
    y = [fmpq(0)] * rows
    y[rng.randint(1, rows - 1)] = fmpq(length, 8) * rng.choice([-1, 1])
    before, after, size = at_a_step(rng, "bpdn", matrix, y, fmpq(1))
    over = max(fmpq(length, 8) - 1, fmpq(0))
    assert norm2(before) == (over / c) ** 2
    bound = (1 / c + over / c**2) * power_of_two(-40)
    assert norm2(after - before) <= bound**2 * size * (1 + power_of_two(-15))


@given(st.integers(0, 10**6), st.sampled_from(SQUARES), st.integers(2, 4), st.integers(1, 60))
@settings(max_examples=100)
def test_bpdn_at_any_sample_moves_no_more_than_the_bound_of_the_page(seed, a, rows, level):
    """Several entries of x move together with the multiplier; epsilon is a root, with these numbers of the dual."""
    rng = random.Random(seed)
    matrix, c = block(a, rows)
    t, i = max(a), a.index(max(a))
    columns, widths = [i, *range(len(a), len(a) + rows - 1)], [t] + [c] * (rows - 1)
    y = [fmpq(rng.choice([-1, 1]) * rng.randint(1, 99), 17) for _ in range(rows)]
    bounds = [fmpq(level, 10) / width for width in widths]
    used = [k for k in range(rows) if abs(y[k]) > bounds[k]]
    assume(used and all(abs(y[k]) != bounds[k] for k in range(rows)))
    signs = [1 if y[k] > 0 else -1 for k in used]
    step = power_of_two(-80)
    # of rank one, against the minimiser and the data
    towards = [fmpq(rng.randint(-2, 2)) for _ in y]
    assume(any(v != 0 for v in towards))
    against = [fmpq(0)] * len(matrix[0])
    for k, sign in zip(used, signs, strict=True):
        against[columns[k]] = -sign * (abs(y[k]) - bounds[k]) / widths[k]
    direction = [[v * w for w in against] for v in towards]
    other = [v * sqrt_ceiling(norm2_of(against), bits=8) for v in towards]
    size = max(norm2_of([v for row in direction for v in row]), norm2_of(other))

    def minimiser(size_of_step, epsilon2):
        """By its support and signs, and whether these are right."""
        A = flint.fmpq_mat(
            [[p + size_of_step * q for p, q in zip(*z, strict=True)] for z in zip(matrix, direction, strict=True)]
        )
        data = flint.fmpq_mat([[p + size_of_step * q] for p, q in zip(y, other, strict=True)])
        B = flint.fmpq_mat([[A[row, columns[k]] for k in used] for row in range(rows)])
        gram, turned = B.transpose() * B, flint.fmpq_mat([[sign] for sign in signs])
        free, pull = gram.solve(B.transpose() * data), gram.solve(turned)
        off, weight = data - B * free, sum(v * w for v, w in zip(turned.entries(), pull.entries(), strict=True))
        rest2 = norm2_of(off.entries())
        half = (flint.arb(epsilon2 - rest2) / weight).sqrt()
        x = [flint.arb(v) - half * w for v, w in zip(free.entries(), pull.entries(), strict=True)]
        r = [flint.arb(v) + half * w for v, w in zip(off.entries(), (B * pull).entries(), strict=True)]
        sums = [abs(sum((A[row, k] * r[row] for row in range(rows)), flint.arb(0))) for k in range(len(matrix[0]))]
        assert all(v * sign > 0 for v, sign in zip(x, signs, strict=True))
        assert all(sums[k] < half * (1 + flint.arb(2) ** -100) for k in range(len(sums)))
        return x

    with flint.ctx.workprec(600):
        r = [min(abs(v), bound) for v, bound in zip(y, bounds, strict=True)]
        epsilon2 = norm2_of(r)
        before, after = minimiser(fmpq(0), epsilon2), minimiser(step, epsilon2)
        epsilon, kappa2 = flint.arb(epsilon2).sqrt(), min(epsilon2 / r[k] ** 2 for k in used)
        b = 1 + sum((v * v for v in before), flint.arb(0)).sqrt()
        p, q = b * (1 + flint.arb(kappa2).sqrt()), epsilon / t
        bound = (b + p + q + min(p, q, key=float)) / t
        # by products: the root or a power of a ball around 0 is no number
        moves = [v - w for v, w in zip(before, after, strict=True)]
        found2 = sum((v * v for v in moves), flint.arb(0)) / step**2
        assert found2 <= bound**2 * size * (1 + flint.arb(2) ** -15)


def rational_near(value):
    """A rational within 2^-250 or so of an entry."""
    with flint.ctx.workprec(300):
        mantissa, exponent = ball(value).mid().man_exp()
    return fmpq(int(mantissa)) * fmpq(2) ** int(exponent)


def distance2(z, tied, height):
    """The squared distance to height conv{e_i}, by bisection for the threshold; rounded up by little."""
    parts = [rational_near(z[i]) for i in tied]
    low, high = min(parts) - height, max(parts)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(max(p - middle, fmpq(0)) for p in parts) > height else (low, middle)
    near = [max(p - high, fmpq(0)) for p in parts]
    rest = sum((rational_near(v) ** 2 for i, v in enumerate(z) if i not in tied), fmpq(0))
    return rest + sum(((p - q) ** 2 for p, q in zip(parts, near, strict=True)), fmpq(0))


def norm2_of(values):
    return sum((v * v for v in values), fmpq(0))


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_bound_is_attained(problem):
    """For sqrt-lasso by -e_1 e_i^T and e_1; for the others up to the factors of the proof."""
    a = (fmpq(3), fmpq(4))
    matrix, _ = block(a, 2)
    step, parameter = power_of_two(-60), power_of_two(-60)
    moved = [row[:] for row in matrix]
    moved[0][1] -= step
    kind = problem_type(problem)
    before = solve_exactly(kind(matrix, [1, 0], parameter=parameter)).point
    after = solve_exactly(kind(moved, [1 + step, 0], parameter=parameter)).point
    quotient2 = norm2(after - before) / step**2
    assert abs(quotient2 - (fmpq(1, 4) + fmpq(1, 16)) ** 2) < power_of_two(-20)


@pytest.mark.parametrize("a", SQUARES)
def test_the_distance_to_infeasibility_is_c(a):
    matrix, c = block(a, 3)
    # every perturbation of norm < c leaves A' of full rank: here the extreme ones, which remove a singular direction
    nearly = problem_type("bpdn")(
        [[v * (1 - fmpq(99, 100)) for v in row] for row in matrix], [1, 0, 0], parameter=fmpq(1, 2)
    )
    assert solve_exactly(nearly).point is not None
    assert operator_norm_at_most(nearly.matrix * 0 + nearly.matrix * 100, c)
    with pytest.raises(SolverError, match="no feasible point"):
        solve_exactly(problem_type("bpdn")([[0] * len(row) for row in matrix], [1, 0, 0], parameter=fmpq(1, 2)))


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("family", ["strong", "weak"])
@pytest.mark.parametrize(("digits", "size"), [(3, (1, 2)), (4, (3, 4)), (6, (5, 9)), (12, (21, 22)), (3, (2, 65))])
def test_instances_of_the_class(problem, family, digits, size):
    omega = OmegaClass.create(
        problem, digits=digits, rows=size[0], columns=size[1], family=family, disguise=size == (3, 4)
    )
    instances = [omega.member(i=1, q=omega.q0), omega.member(i=omega.ties, q=omega.q0 + 9), omega.control()]
    for instance in instances + ([omega.tie()] if family == "strong" else []):
        found = condition(instance)
        assert (found.sensitivity is None) == (len(instance.argmax) > 1)
        assert found.sensitivity is None or found.sensitivity <= 1
        report = verify_bytes(conditioning_certificate(found))
        assert report.verdict == "valid", report.reason


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_tie_with_distances_to_its_minimisers(problem):
    omega = OmegaClass.create(problem, digits=3, rows=3, columns=6)
    tie, t = omega.tie(), omega.base
    found = condition(tie, at_tie=True)
    h = tie.height
    if problem == "sqrt-lasso":
        rest = found.sensitivity - 1 / t - 1 / t**2
        square = 2 / t**2 * (1 / t**2 + 2 / tie.c2)
        assert square <= rest**2 <= square * (1 + power_of_two(-20))
    else:
        assert found.sensitivity == (1 + h) / t <= 1 / t + 1 / t**2
    data = conditioning_certificate(found)
    report = verify_bytes(data)
    assert report.verdict == "valid" and "distances to the set" in report.statement.title
    assert data != conditioning_certificate(condition(tie))
    assert condition(omega.control(), at_tie=True) == condition(omega.control())


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("family", ["strong", "weak"])
def test_further_samples(problem, family):
    omega = OmegaClass.create(problem, digits=3, rows=4, columns=7, family=family, disguise=True)
    instances = [omega.member(i=2, q=omega.q0), omega.control()] + ([omega.tie()] if family == "strong" else [])
    for instance in instances:
        samples = [[10, 0, 0], [0, -1400 if family == "strong" else -200, 0]]
        found = condition(instance, samples=samples)
        assert 0 < found.sensitivity <= 1 < found.feasibility
        lead = 0 if problem == "bpdn" else 1
        assert 0 <= found.feasibility**2 - (lead + samples[1][1] ** 2) / instance.c2 <= power_of_two(-50)
        report = verify_bytes(conditioning_certificate(found))
        assert report.verdict == "valid", report.reason
        assert "that of feasibility is at most" in report.statement.title
        shorter = condition(instance, samples=samples[:1])
        assert shorter.feasibility == 1
        assert shorter.sensitivity <= found.sensitivity


@pytest.mark.parametrize(
    ("problem", "samples", "reason"),
    [
        ("bpdn", [[1, 2]], "one non-zero entry, got 2"),
        ("lasso", [[0, 0]], "not all zero"),
        ("lasso", [[1, 2], [1, 2]], "are equal"),
        ("lasso", [[1]], "length 2 is needed"),
        ("lasso", [[10**9, 0]], "exceeds 1 at a further sample"),
        ("sqrt-lasso", [[10**9, 0]], "exceeds 1 at a further sample"),
        ("bpdn", [[10**9, 0]], "exceeds 1 at a further sample"),
    ],
)
def test_further_samples_that_do_not_serve(problem, samples, reason):
    omega = OmegaClass.create(problem, digits=3, rows=3, columns=5)
    with pytest.raises(DataError, match=reason):
        condition(omega.tie(), samples=samples)


def test_further_samples_need_rows_and_a_small_parameter():
    with pytest.raises(DataError, match="m = 1"):
        condition(OmegaClass.create("lasso", digits=3, rows=1, columns=2).tie(), samples=[[1]])
    low = OmegaClass.create("sqrt-lasso", digits=1, rows=5, columns=6, parameter=1, alpha="173/100")
    with pytest.raises(DataError, match="4 non-zero entries needs a smaller λ"):
        condition(low.member(i=1, q=3), samples=[[1, 1, 1, 1]])


def test_hypotheses_that_fail_are_named():
    flat = OmegaClass.create("bpdn", digits=1, rows=1, columns=2, parameter="6/7", alpha="7/10")
    with pytest.raises(DataError, match="feasibility condition number"):
        condition(flat.tie())
    low = OmegaClass.create("sqrt-lasso", digits=1, rows=1, columns=2, parameter="8/5", alpha="1617/1000")
    assert condition(low.tie()).sensitivity is None
    for instance in (low.control(), low.tie()):
        with pytest.raises(DataError, match="exceeds 1"):
            condition(instance, at_tie=True)
    near = OmegaClass.create("sqrt-lasso", digits=1, rows=2, columns=4, parameter="19/10", alpha="2197/1000")
    with pytest.raises(DataError, match="at the tie exceeds 1"):
        condition(near.tie(), at_tie=True)
    steep = OmegaClass.create("sqrt-lasso", digits=1, rows=7, columns=11, parameter="3/2", alpha=3)
    with pytest.raises(DataError, match="which is 1 here"):
        condition(steep.control())


def test_only_instances_of_the_class_have_a_certificate():
    omega = OmegaClass.create("lasso", digits=3, rows=2, columns=3)
    other = condition(Instance(omega, (omega.alpha, omega.alpha + fmpq(1, 3))))
    for stranger in (other, condition(Instance(omega, (omega.alpha + 2**40, omega.alpha)))):
        with pytest.raises(DataError, match="only the tie, a member or the control"):
            conditioning_certificate(stranger)
