"""The arithmetics agree within the errors they state, and the theorem's bound holds for what they compute."""

from dataclasses import replace
from fractions import Fraction
from math import isqrt

import pytest
from flint import arb, ctx, fmpq, fmpz_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import power_of_two, sqrt_up
from firenet_exact import Firenet, Levels, exact_column, exact_matrix, forward
from firenet_exact.arithmetic import balls, exact, fixed, float64
from firenet_exact.parameters import Parameters
from tests.firenet_exact.networks import NAMES, certified, made, network, noisy

WAYS = ("fixed", "exact", "float64", "balls")


def distance2(a, b):
    difference = a - b
    return fmpq(sum(row[0] for row in difference.squares()), difference.den**2)


def run(net, y, way):
    return forward(net, y, arithmetic=way)


def ways(name):
    return [way for way in WAYS if way != "exact" or name == "gaussian"]


@pytest.mark.parametrize("guess", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_they_agree_within_their_errors(name, guess):
    """Every ψ_k of every arithmetic lies within its deviation of the enclosure."""
    x, y = noisy(name, noise=0.1)
    net = network(name, n=3, initial=x if guess else None)
    oracle = run(net, y, "balls")
    assert oracle.error < power_of_two(-100)
    for way in ways(name):
        found = run(net, y, way)
        assert len(found.points) == len(found.deviations) == 3
        for point, centre, near, radius in zip(
            found.points, oracle.points, found.deviations, oracle.deviations, strict=True
        ):
            assert distance2(point, centre) <= (near + radius) ** 2
        if way != "balls":
            assert distance2(found.dual, oracle.dual) < fmpq(1, 10**12)
        assert found.point == found.points[-1]


@pytest.mark.parametrize(("name", "way"), [(name, way) for name in NAMES for way in ways(name) if way != "balls"])
def test_each_restart_is_as_near_as_it_says(name, way):
    """err_k by its definition: the exact restart of the computed start, in balls."""
    x, y = noisy(name, noise=0.3, seed=1)
    net = network(name, n=4, initial=x)
    found = run(net, y, way)
    starts = (x, *found.points)
    for k in range(4):
        single = replace(net.parameters, betas=net.parameters.betas[k : k + 1])
        oracle = balls.forward(Firenet(net.matrix, single, starts[k]), y)
        assert distance2(found.points[k], oracle.point) <= (found.errors[k] + oracle.error) ** 2
        assert found.errors[k] > 0


@pytest.mark.parametrize("name", NAMES)
def test_balls_are_nested(name):
    _, y = noisy(name)
    net = network(name, n=2)
    coarse = balls.forward(net, y, bits=1024, accuracy=power_of_two(-20))
    fine = balls.forward(net, y, bits=4096)
    assert distance2(coarse.point, fine.point) <= (coarse.error + fine.error) ** 2


@pytest.mark.parametrize("bits", [20, 32, 64, 200])
def test_more_bits_are_nearer(bits):
    _, y = noisy("gaussian", noise=0.1)
    net = network("gaussian", n=3)
    oracle = run(net, y, "balls")
    found = fixed.forward(net, y, bits=bits)
    assert distance2(found.point, oracle.point) <= (found.error + oracle.error) ** 2
    assert found.error < 10**4 * net.parameters.p**2 * power_of_two(-bits)


@pytest.mark.parametrize("way", ["fixed", "float64"])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", NAMES)
def test_the_theorem_holds(name, way, seed):
    """‖ψ_k - x‖ <= C2'(δ + g_k) and G(ψ_k) <= g_k, for sparse, compressible and noisy vectors."""
    noise, tail = [(0, 0), (1e-4, 0), (0, 1e-3), (1e-2, 1e-2)][seed]
    x, y = noisy(name, seed=seed, noise=noise, tail=tail)
    proved, _ = certified(name)
    lam = made(name, n=1).lam
    delta = c_above(proved, lam, x, y) + fmpq(1, 10**9)
    net = network(name, delta=delta, n=8)
    found = run(net, y, way)
    assert found.violations == ()
    value = objective(net, x, y)
    for point, gap, bound in zip(found.points, found.gaps[1:], found.bounds[1:], strict=True):
        assert distance2(point, x) <= bound**2
        assert objective(net, point, y) - value <= gap
    assert found.bound == found.bounds[-1]


def c_above(proved, lam, x, y):
    """An upper bound of c(x, y) = 2λσ(x) + 2‖Ax-y‖."""
    levels, moduli = proved.levels, [sqrt_up(fmpq(row[0], x.den**2)) for row in x.squares()]
    residual = proved.matrix @ x - y
    norm = sqrt_up(fmpq(sum(row[0] for row in residual.squares()), residual.den**2))
    return 2 * lam * levels.sigma(moduli) + 2 * norm


def objective(net, x, y):
    """λ‖x‖_w + ‖Ax-y‖ as a ball."""
    ctx.prec = 300
    moduli = [arb(fmpq(row[0], x.den**2)).sqrt() for row in x.squares()]
    residual = net.matrix @ x - y
    norm = arb(fmpq(sum(row[0] for row in residual.squares()), residual.den**2)).sqrt()
    return net.parameters.lam * sum((w * a for w, a in zip(net.parameters.weights, moduli, strict=True)), arb(0)) + norm


@pytest.mark.parametrize("name", NAMES)
def test_the_same_bits_again(name):
    """No state is kept but what the network determines: a pass does not depend on the passes before."""
    net = network(name, n=3)
    _, y = noisy(name)
    _, other = noisy(name, seed=5, noise=1)
    for way in ("fixed", "float64"):
        first = run(net, y, way)
        run(net, other, way)
        again, fresh = run(net, y, way), run(network(name, n=3), y, way)
        assert first.point == again.point == fresh.point and first.dual == again.dual == fresh.dual
        assert first.errors == again.errors == fresh.errors


def test_the_initial_guess_is_improved_or_kept():
    """The use as a stabiliser: ε_0 is a bound of the objective at the guess, and not of ‖y‖."""
    x, y = noisy("gaussian", noise=1e-6, tail=0)
    near = ExactMatrix(x.re * 1001, None, x.den * 1000)
    plain = network("gaussian", n=3)
    value = plain.objective_above(y, near)
    assert value < plain.objective_above(y, None)
    net = network("gaussian", n=3, epsilon0=value, initial=near)
    assert net.violations_at(y) == ()
    assert [v.name for v in network("gaussian", n=3, epsilon0=value).violations_at(y)] == ["start"]
    far = ExactMatrix(x.re * 100, None, x.den)
    assert [v.name for v in network("gaussian", n=3, epsilon0=value, initial=far).violations_at(y)] == ["start"]
    guessed, zero = forward(net, y), forward(plain, y)
    assert guessed.bound <= zero.bound
    assert distance2(guessed.point, x) <= guessed.bound**2


# --- the rules of the fixed point, written out with fractions ---------------------------------------------------------


def nearest(value):
    """The nearest integer, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def fraction(value):
    return Fraction(int(value.p), int(value.q))


def real_form(matrix, paired):
    re, im = matrix.integers()
    if not paired:
        return [[Fraction(a, matrix.den) for a in row] for row in re]
    im = im or [[0] * len(row) for row in re]
    top = [[Fraction(a, matrix.den) for a in row + [-b for b in other]] for row, other in zip(re, im, strict=True)]
    return top + [[Fraction(a, matrix.den) for a in other + row] for row, other in zip(re, im, strict=True)]


def stacked(vector, paired):
    return [row[0] for row in real_form(vector, paired)]


def by_the_rules(net, data, q, b):
    """The numerators S of the last sum and u of the last dual vector, over 2^q."""
    P = net.parameters
    paired = any(part is not None and not part.is_real for part in (net.matrix, data, net.initial))
    tau = fraction(P.tau)
    B = [[nearest(tau * a * 2**b) for a in row] for row in real_form(net.matrix, paired)]
    m, n = len(B), len(B[0])
    T = [nearest(tau * fraction(P.lam) * fraction(w) * 2**q) for w in P.weights]
    S, before = None, None
    for alpha, beta in zip(map(fraction, P.alphas), map(fraction, P.betas), strict=True):
        if S is not None:
            x = [nearest(alpha * before * s) for s in S]
        elif net.initial is not None:
            x = [nearest(alpha * a * 2**q) for a in stacked(net.initial, paired)]
        else:
            x = [0] * n
        Y = [nearest(tau * alpha * a * 2**q) for a in stacked(data, paired)]
        S, u, before = [0] * n, [0] * m, beta
        for _ in range(P.p):
            z = [x[j] - nearest(Fraction(sum(B[i][j] * u[i] for i in range(m)), 2**b)) for j in range(n)]
            new = list(z)
            for j, t in enumerate(T):
                if not paired:
                    new[j] = max(z[j] - t, 0) + min(z[j] + t, 0)
                    continue
                a, c = z[j], z[j + len(T)]
                r = isqrt(a * a + c * c)
                kept = a * a + c * c > t * t
                new[j] = a - nearest(Fraction(a * t, r)) if kept else 0
                new[j + len(T)] = c - nearest(Fraction(c * t, r)) if kept else 0
            h = [2 * a - c for a, c in zip(new, x, strict=True)]
            w = [u[i] + nearest(Fraction(sum(B[i][j] * h[j] for j in range(n)), 2**b)) - Y[i] for i in range(m)]
            square = sum(a * a for a in w)
            if square > 4**q:
                r = isqrt(square) + (isqrt(square) ** 2 < square)
                w = [nearest(Fraction(a * 2**q, r)) for a in w]
            x, u = new, w
            S = [s + a for s, a in zip(S, x, strict=True)]
    return S, u, before


@pytest.mark.parametrize(("q", "b"), [(64, 64), (20, 24), (33, 8), (128, 72)])
@pytest.mark.parametrize("guess", [False, True])
@pytest.mark.parametrize("name", ["gaussian", "complex"])
def test_fixed_point_is_what_the_rules_say(name, guess, q, b):
    x, y = noisy(name, noise=0.5)
    net = network(name, n=2, initial=x if guess else None)
    net = replace(net, parameters=replace(net.parameters, p=4))
    found = fixed.forward(net, y, bits=q, matrix_bits=b)
    S, u, beta = by_the_rules(net, y, q, b)
    N, m = net.matrix.cols, net.matrix.rows
    expected = exact_column([beta * Fraction(a, 2**q) for a in S[:N]])
    dual = exact_column([Fraction(-a, 2**q) for a in u[:m]])
    if len(S) > N:
        for part, other in ((expected, S[N:]), (dual, u[m:])):
            factor = beta if part is expected else -1
            im = exact_column([factor * Fraction(a, 2**q) for a in other])
            assert ExactMatrix((found.point if part is expected else found.dual).im, None,
                               (found.point if part is expected else found.dual).den) == im  # fmt: skip
    assert ExactMatrix(found.point.re, None, found.point.den) == expected
    assert ExactMatrix(found.dual.re, None, found.dual.den) == dual


# --- edges ------------------------------------------------------------------------------------------------------------


def hand_made(rows, **changes):
    return hand_made_of(exact_matrix(rows), None, **changes)


def hand_made_of(A, guess, **changes):
    numbers = {
        "lam": fmpq(1, 3), "c2_prime": fmpq(9), "norm": fmpq(4), "t": fmpq(4, 5), "v": fmpq(1, 2), "delta": fmpq(0),
        "epsilon0": fmpq(1), "p": 3, "betas": (fmpq(1), fmpq(1, 2)), "levels": Levels.of([A.cols], [1]),
    }  # fmt: skip
    return Firenet(A, Parameters(**numbers | changes), guess)


integers = st.integers(-3, 3)
rows = st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(integers, min_size=n, max_size=n), min_size=1, max_size=3))


@settings(max_examples=60)
@given(rows, st.data())
def test_small_integer_networks_agree(A, data):
    """Matrices of zeros, single rows and columns, any y: what is computed lies within its error of the enclosure."""
    y = data.draw(st.lists(st.integers(-20, 20), min_size=len(A), max_size=len(A)))
    net = hand_made(A, norm=fmpq(1 + sum(abs(a) for row in A for a in row)))
    oracle = run(net, exact_column(y), "balls")
    for way in ("fixed", "exact", "float64"):
        found = run(net, exact_column(y), way)
        assert distance2(found.point, oracle.point) <= (found.error + oracle.error) ** 2
    assert len(list(net.hidden_vectors(exact_column(y)))) == net.depth


sizes = st.sampled_from([0, 1, -30, 30, -100, 100])  # exponents of two


@settings(max_examples=80)
@given(st.data())
def test_the_errors_hold_for_numbers_of_any_size(data):
    """Long and short matrices, data, guesses, scales and thresholds, few bits, t near 1: err_k by its definition."""
    m, n, parts = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3)), data.draw(st.sampled_from([1, 2]))

    def numbers(rows, cols=1):
        size, count = data.draw(sizes), rows * cols * parts
        entries = [a << max(size, 0) for a in data.draw(st.lists(st.integers(-20, 20), min_size=count, max_size=count))]
        re, *im = (fmpz_mat(rows, cols, entries[i::parts]) for i in range(parts))
        return ExactMatrix(re, im[0] if im else None, 3 << max(-size, 0))

    A, y, guess = numbers(m, n), numbers(m), data.draw(st.sampled_from([None, numbers(n)]))
    norm = sqrt_up(fmpq(sum(map(sum, A.squares())), A.den**2)) or fmpq(1)
    net = hand_made_of(
        A,
        guess,
        norm=norm,
        lam=norm * power_of_two(data.draw(st.sampled_from([0, -1, -10, 10]))) / 3,
        t=data.draw(st.sampled_from([fmpq(1, 2), fmpq(4, 5), 1 - power_of_two(-20)])),
        p=data.draw(st.sampled_from([1, 2, 4])),
        betas=(power_of_two(data.draw(sizes)), power_of_two(data.draw(sizes)) / 3),
    )
    passes = [float64.forward(net, y), fixed.forward(net, y, bits=data.draw(st.sampled_from([8, 9, 64])))]
    if parts == 1:
        passes.append(exact.forward(net, y, bits=data.draw(st.sampled_from([4, 24]))))
    zero = exact_column([0] * n)
    for found in passes:
        for k, start in enumerate((guess or zero, found.points[0])):
            single = replace(net.parameters, betas=net.parameters.betas[k : k + 1])
            accuracy = found.errors[k] / 1000
            oracle = balls.forward(Firenet(A, single, start), y, accuracy=accuracy)
            assert distance2(found.points[k], oracle.point) <= (found.errors[k] + oracle.error) ** 2


def test_a_norm_that_is_too_small_changes_no_rule():
    """With L < ‖A‖ the iterates may explode: nothing is proved then, but the integers are still those of the rules."""
    net = hand_made([[3, -2], [5, 7]], norm=fmpq(1, 8), p=12)
    for y in ([1, 2], [1000, -1]):
        S, _, beta = by_the_rules(net, exact_column(y), 64, 64)
        assert fixed.forward(net, exact_column(y)).point == exact_column([beta * Fraction(a, 2**64) for a in S])


@pytest.mark.parametrize(
    ("A", "q", "b"),
    [
        ([[3, -2], [5, 7]], 8, 8),
        ([[3, -2], [5, 7]], 1000, 8),
        ([[3, -2], [5, 7]], 8, 1000),
        ([[0, 0]], 64, 64),
        ([[1]], 61, 64),
        ([[1, 2, 3]], 62, 64),
        ([[1], [2], [3]], 63, 64),
        ([[10**30, 1], [1, 1]], 126, 128),
    ],
)
@pytest.mark.parametrize("scale", [1, 10**6, -(10**25)])
def test_lanes_are_wide_enough(A, q, b, scale):
    """Bits near and far from those of a word, short lanes for long vectors, exploding iterates: still the rules."""
    y = exact_column([scale * (i + 1) for i in range(len(A))])
    for norm in (fmpq(1, 8), fmpq(8)):
        net = hand_made(A, norm=norm, p=6)
        S, u, beta = by_the_rules(net, y, q, b)
        found = fixed.forward(net, y, bits=q, matrix_bits=b)
        assert found.point == exact_column([beta * Fraction(a, 2**q) for a in S])
        assert found.dual == exact_column([Fraction(-a, 2**q) for a in u])


def test_projections_to_the_unit_ball_stay_in_it():
    net = hand_made([[2, 1], [0, 1]], p=1, betas=(fmpq(1),))
    for way in ("fixed", "exact"):
        dual = run(net, exact_column([50, -70]), way).dual
        length = distance2(dual, exact_column([0, 0]))
        assert fmpq(99, 100) < length <= (1 + power_of_two(-60)) ** 2
    assert distance2(run(net, exact_column([50, -70]), "exact").dual, exact_column([0, 0])) <= 1


@pytest.mark.parametrize("scale", [1, 10**3, 10**8, 10**40])
@pytest.mark.parametrize("bits", [4, 24, 100])
def test_without_rounding_a_projection_loses_as_little_as_it_says(scale, bits):
    """However long the vector is: docs/firenet.md, "Without rounding"."""
    net, zero = hand_made([[2, 1], [0, 1]], p=1, betas=(fmpq(1),)), exact_column([0, 0])
    length2 = distance2(exact.forward(net, exact_column([50 * scale, -70 * scale]), bits=bits).dual, zero)
    assert (1 - power_of_two(2 - bits)) ** 2 <= length2 <= 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [2.0**600, 1e308, 5e-324, 1e-300])
def test_float64_refuses_what_it_cannot_bound(value):
    net = hand_made([[1.0, 0.5]], betas=(fmpq(1, 100),))
    y = exact_column([value])
    if value < 1:
        found, oracle = float64.forward(net, y), balls.forward(net, y)
        assert distance2(found.point, oracle.point) <= (found.error + oracle.error) ** 2
        return
    with pytest.raises(DataError, match=r"2\^500|too large"):
        float64.forward(net, y)
    assert fixed.forward(net, y).error > 0


def test_float64_refuses_parameters_out_of_range():
    for changes in ({"betas": (power_of_two(-700),)}, {"lam": power_of_two(-700)}, {"norm": power_of_two(700)}):
        with pytest.raises(DataError, match="range"):
            float64.forward(hand_made([[1, 2]], **changes), exact_column([1]))
    with pytest.raises(DataError, match="too large"):
        float64.forward(hand_made([[2.0**520]]), exact_column([1]))


@pytest.mark.parametrize("entry", [float("nan"), float("inf"), "nan", True, None])
def test_no_data_are_no_numbers(entry):
    with pytest.raises(DataError):
        forward(hand_made([[1, 2]]), [entry])


def test_options_out_of_range():
    net, y = hand_made([[1, 2]]), exact_column([1])
    for attempt in (
        lambda: fixed.forward(net, y, bits=4),
        lambda: fixed.forward(net, y, matrix_bits=20),
        lambda: exact.forward(net, y, bits=1),
        lambda: balls.forward(net, y, bits=8),
        lambda: forward(net, y, arithmetic="float64", bits=64),
        lambda: exact.forward(net, exact_column([1j])),
    ):
        with pytest.raises(UsageError):
            attempt()
    full = hand_made([[1, 2]], t=fmpq(1))
    for way in ("fixed", "exact", "float64"):
        with pytest.raises(UsageError, match="t < 1"):
            run(full, y, way)
    assert run(full, y, "balls").error < power_of_two(-100)
