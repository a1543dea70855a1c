"""What each library minimises: F of the problem against the objective as its documentation has it, at any point."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.errors import UsageError
from exact_base.matrices import exact_column, exact_matrix
from sci_barriers.checks.conventions import LIKE, Request, penalties
from sci_barriers.checks.given import given_question
from sci_barriers.problems.penalised.problem import entries_of

small = st.fractions(min_value=-3, max_value=3, max_denominator=4)
positive = st.sampled_from([Fraction(1, 8), Fraction(1, 2), Fraction(3, 4), Fraction(5, 2)])
ratios = st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1)])
M, N = 3, 2


def vectors(size, entries=small):
    return st.lists(entries, min_size=size, max_size=size)


def squares(X, y, x, b, omega):
    return sum(
        w * (t - sum(a * c for a, c in zip(row, x, strict=True)) - b) ** 2
        for w, t, row in zip(omega, y, X, strict=True)
    )


def sizes(x):
    return sum(map(abs, x)), sum(c * c for c in x)


def rational(value):
    return fmpq(value.numerator, value.denominator)


def column(values):
    return exact_column([rational(v) for v in values])


def objective_of(problem, x, b):
    """F, as docs/theory.md defines it."""
    X = [[Fraction(int(a), problem.matrix.den) for a in row] for row in problem.matrix.re.tolist()]
    y, mu = ([Fraction(int(v.p), int(v.q)) for v in entries_of(one)] for one in (problem.data, problem.penalties))
    omega = problem.observation_weights
    weights = [Fraction(1)] * len(y) if omega is None else [Fraction(int(v.p), int(v.q)) for v in entries_of(omega)]
    kappa = [Fraction(0)] * len(mu)
    if problem.ridge is not None:
        kappa = [Fraction(int(v.p), int(v.q)) for v in entries_of(problem.ridge)]
    total = squares(X, y, x, b, weights)
    return total + sum(m * abs(c) + k * c * c for m, k, c in zip(mu, kappa, x, strict=False))


def ask(X, y, request, **more):
    matrix = exact_matrix([[rational(a) for a in row] for row in X])
    return given_question(None, matrix, column(y), request, intercept="fit", **more)


problems = st.tuples(
    st.lists(vectors(N), min_size=M, max_size=M).filter(
        lambda X: all(len({row[j] for row in X}) > 1 for j in range(N))  # no column that is constant
    ),
    vectors(M),
    vectors(N),
    small,
)
OWN = ("stated", "half", "mean-half")


@given(problems, positive, ratios, vectors(M, positive))
def test_scikit_learn_divides_by_the_sum_of_the_weights(data, alpha, rho, omega):
    X, y, x, b = data
    request = Request("sklearn", alpha=rational(alpha), l1_ratio=rational(rho))
    one, two = sizes(x)
    for weights in (None, omega):
        question = ask(X, y, request, observation_weights=None if weights is None else column(weights))
        used = weights or [Fraction(1)] * M
        wanted = squares(X, y, x, b, used) / (2 * sum(used)) + alpha * rho * one + alpha * (1 - rho) / 2 * two
        assert rational(objective_of(question.problem, x, b)) == question.multiple * rational(wanted)


@given(problems, positive, vectors(N, positive), vectors(N, positive))
def test_glmnet_scales_its_penalty_factors_to_the_sum_n(data, lam, factors, scales):
    X, y, x, b = data
    request = Request("glmnet", lam=rational(lam), weights=column(factors), scales=column(scales))
    question = ask(X, y, request)
    own = [s * c for s, c in zip(scales, x, strict=True)]  # of the columns that glmnet has divided
    penalty = sum(f * N / sum(factors) * abs(c) for f, c in zip(factors, own, strict=True))
    wanted = squares(X, y, x, b, [Fraction(1)] * M) / (2 * M) + lam * penalty
    assert rational(objective_of(question.problem, x, b)) == question.multiple * rational(wanted)


@given(problems, positive, ratios.filter(bool), vectors(N, positive))
def test_matlab_has_lambda_outside_and_alpha_inside(data, lam, mixing, scales):
    X, y, x, b = data
    question = ask(X, y, Request("matlab", lam=rational(lam), alpha=rational(mixing), scales=column(scales)))
    one, two = sizes([s * c for s, c in zip(scales, x, strict=True)])
    wanted = squares(X, y, x, b, [Fraction(1)] * M) / (2 * M) + lam * (mixing * one + (1 - mixing) / 2 * two)
    assert rational(objective_of(question.problem, x, b)) == question.multiple * rational(wanted)


@given(st.sampled_from(OWN), problems, positive, positive, vectors(N, positive))
def test_the_three_that_are_stated(like, data, lam, ridge, weights):
    X, y, x, b = data
    question = ask(X, y, Request(like, lam=rational(lam), ridge=rational(ridge), weights=column(weights)))
    total = squares(X, y, x, b, [Fraction(1)] * M)
    one = sum(w * abs(c) for w, c in zip(weights, x, strict=True))
    two = sizes(x)[1]
    wanted = {
        "stated": total + lam * one + ridge * two,
        "half": total / 2 + lam * one + ridge / 2 * two,
        "mean-half": total / (2 * M) + lam * one + ridge / 2 * two,
    }[like]
    assert rational(objective_of(question.problem, x, b)) == question.multiple * rational(wanted)


def found(request, **more):
    return penalties(request, rows=M, columns=N, intercept=False, **more)


HALF, TENTH = fmpq(1, 2), fmpq(1, 10)
WEIGHTS = exact_column([1, 2])
RIGHT = [
    Request("sklearn", alpha=HALF),
    Request("sklearn", alpha=HALF, l1_ratio=fmpq(0)),
    Request("glmnet", lam=HALF),
    Request("glmnet", lam=HALF, alpha=fmpq(1)),
    Request("glmnet", lam=HALF, weights=exact_column([0, 2])),
    Request("matlab", lam=HALF, alpha=HALF, scales=WEIGHTS),
    Request("stated", lam=HALF, weights=exact_column([0, 1])),
    Request("half", lam=HALF, ridge=fmpq(0)),
    Request("mean-half", lam=HALF, ridge=HALF),
]
WRONG = [
    (Request("lars", lam=HALF), "is not known; it is one of sklearn"),
    (Request("sklearn"), "give --alpha"),
    (Request("sklearn", lam=HALF), "give --alpha, and leave out --lam"),
    (Request("sklearn", alpha=HALF, lam=HALF), "; leave out --lam"),
    (Request("sklearn", alpha=fmpq(0)), "must be positive, got 0"),
    (Request("sklearn", alpha=fmpq(-1)), "must be positive, got -1"),
    (Request("sklearn", alpha=HALF, l1_ratio=fmpq(2)), "between 0 and 1"),
    (Request("sklearn", alpha=HALF, ridge=HALF), "leave out --ridge"),
    (Request("sklearn", alpha=HALF, weights=WEIGHTS), "without weights"),
    (Request("sklearn", alpha=HALF, scales=WEIGHTS), "--scales is for coefficients of --like glmnet or matlab"),
    (Request("glmnet", alpha=HALF, lam=HALF), "standard deviation of y"),
    (Request("glmnet", lam=HALF, weights=exact_column([0, 0])), "all --weights are 0"),
    (Request("glmnet", lam=HALF, weights=exact_column([1])), "--weights must be 2 real numbers"),
    (Request("matlab", lam=HALF, weights=WEIGHTS), "without weights"),
    (Request("matlab", lam=HALF, scales=exact_column([0, 1])), "--scales must be positive"),
    (Request("stated", lam=HALF, alpha=HALF), "leave out --alpha"),
    (Request("half", lam=HALF, ridge=fmpq(-1)), "--ridge must be at least 0"),
    (Request("half", lam=HALF, weights=exact_column([-1, 1])), "--weights must be at least 0"),
    (Request("half"), "give --lam"),
    (Request("sklearn", alpha=fmpq(1, 10**400)), "too small for float64"),
]


@pytest.mark.parametrize("request_", RIGHT, ids=str)
def test_what_a_library_has_is_taken(request_):
    assert found(request_).l1.rows == N


@pytest.mark.parametrize(("request_", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_it_does_not_have_is_refused(request_, said):
    with pytest.raises(UsageError, match=said) as caught:
        found(request_)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("like", LIKE)
def test_a_parameter_is_the_float_that_a_library_takes(like):
    """0.1 is no float64 number; for what is stated in words it is 1/10 all the same."""
    strength = LIKE[like].strength
    penalty = (
        entries_of(found(Request(like, **{strength: TENTH})).l1)[0] / found(Request(like, **{strength: TENTH})).multiple
    )
    assert (penalty == TENTH) == (like in OWN)
    assert abs(penalty - TENTH) < fmpq(1, 2**56)


def test_weights_of_observations_are_for_those_that_say_what_they_do_with_them():
    omega = exact_column([1, 2, 3])
    for like, convention in LIKE.items():
        request = Request(like, **{convention.strength: HALF})
        if convention.observed:
            assert found(request, observation_weights=omega).l1.rows == N
        else:
            with pytest.raises(UsageError, match="weights of observations are taken for sklearn, stated, half"):
                found(request, observation_weights=omega)
