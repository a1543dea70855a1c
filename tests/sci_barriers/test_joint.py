"""Failure at several samples at once: the three constructions, against definitions."""

from itertools import product

import pytest
from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.linalg import identity
from exact_base.rationals import power_of_ten
from exact_base.scalars import adjoint, norm2
from proofs_checks import verify_bytes
from sci_barriers import OmegaClass
from sci_barriers.breakdown.joint import joint_barrier
from sci_barriers.breakdown.joint_families import independent_ties, scaled_samples, sign_patterns
from sci_barriers.certificates.joint_barrier import joint_barrier_certificate

PROBLEMS = ("bpdn", "lasso", "sqrt-lasso")


def omega(problem, rows, columns, **others):
    return OmegaClass.create(problem, digits=3, rows=rows, columns=columns, **others)


MADE = {
    **{
        f"scaled-{problem}": lambda problem=problem: scaled_samples(
            omega(problem, 2, 5, disguise=True), [1, "5/4", "3/2"], precision=9
        )
        for problem in PROBLEMS
    },
    **{
        f"ties-{problem}": lambda problem=problem: independent_ties(
            omega(problem, 3, 5), samples=2, ties=2, precision=9
        )
        for problem in PROBLEMS
    },
    **{
        f"signs-{problem}": lambda problem=problem: sign_patterns(omega(problem, 3, 4), samples=3, precision=9)
        for problem in PROBLEMS[1:]
    },
}


def right(found, k, answer):
    """The inputs on which an answer at sample k is within 10^-K."""
    unit2 = power_of_ten(-2 * found.digits)
    return {i for i, row in enumerate(found.minimisers) if norm2(answer - row[k].point) <= unit2}


@pytest.mark.parametrize("name", MADE)
def test_every_choice_of_minimisers_fails_at_all_samples_somewhere(name):
    """The best answers are near a minimiser; between two of them one is near one only, or none."""
    found = MADE[name]()
    inputs, samples = len(found.minimisers), len(found.common)
    good = [
        [right(found, k, row[k].point) for row in found.minimisers]
        + [
            right(found, k, (a[k].point + b[k].point) / fmpq(2))
            for a, b in product(found.minimisers, repeat=2)
            if norm2(a[k].point - b[k].point) <= 4 * power_of_ten(-2 * found.digits)
        ]
        for k in range(samples)
    ]
    least = min(
        inputs - len(set().union(*chosen)) for chosen in product(*({frozenset(g) for g in part} for part in good))
    )
    assert least == found.failing > 0
    assert found.chance == 1 - fmpq(least, inputs)


@pytest.mark.parametrize("name", MADE)
def test_the_matrices_are_perfectly_conditioned_and_the_file_is_valid(name):
    found = MADE[name]()
    for row in found.minimisers:
        square = row[0].problem.matrix @ adjoint(row[0].problem.matrix)
        assert not (square - identity(len(square)) * square[0, 0]).any()
    report = verify_bytes(joint_barrier_certificate(found))
    assert report.verdict == "valid"
    text = " ".join(report.statement.lines)
    assert "Cond(A A*) = 1" in text and f"at least {found.failing} of the {len(found.minimisers)} inputs" in text


def test_one_digit_less_is_possible_at_all_samples():
    """The vertex of column 1 has K - 1 digits on every member, so that K digits is what fails, and no fewer."""
    found = scaled_samples(omega("lasso", 1, 4), [1, "5/4"], precision=9)
    for k, common in enumerate(found.common):
        assert all(norm2(common.point - row[k].point) <= power_of_ten(-4) for row in found.minimisers)


def test_with_as_many_samples_as_columns_the_strong_reading_is_false():
    """Column k is answered at sample k: on every member one of the answers is right."""
    assert scaled_samples(omega("lasso", 1, 3), [1, "5/4"], precision=9).failing == 1
    with pytest.raises(DataError, match="near minimisers of all inputs"):
        scaled_samples(omega("lasso", 1, 2), [1, "5/4"], precision=9)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: scaled_samples(omega("lasso", 1, 3, family="weak"), [1], precision=9), "strong family"),
        (lambda: scaled_samples(omega("lasso", 1, 3), [], precision=9), "got none"),
        (lambda: scaled_samples(omega("lasso", 1, 3), [1, 1], precision=9), "different"),
        (lambda: scaled_samples(omega("lasso", 1, 3), ["1/2"], precision=9), "at least 1"),
        (lambda: scaled_samples(omega("lasso", 1, 3), [1], precision=0), "a precision n >= 1"),
        (lambda: independent_ties(omega("lasso", 2, 3), samples=2, ties=2, precision=9), "N - m >= R"),
        (lambda: independent_ties(omega("lasso", 2, 4, disguise=True), samples=2, ties=2, precision=9), "disguise"),
        (lambda: sign_patterns(omega("bpdn", 2, 3), samples=2, precision=9), "different fields"),
        (lambda: sign_patterns(omega("lasso", 2, 3), samples=3, precision=9), "R <= m = 2"),
        (
            lambda: joint_barrier(
                "lasso", [[[1]]], [[1]], parameter=1, digits=1, precision=1, witnesses=[], matrix=[[1]], common=[]
            ),
            "at least two inputs",
        ),
    ],
)
def test_mistakes(make, message):
    with pytest.raises(UsageError, match=message):
        make()


def test_inputs_that_are_too_far_from_the_datum():
    def raised(i):
        return [["9/8" if j == i else 1 for j in range(2)]]

    def spike(i, value):
        return [value if j == i else 0 for j in range(2)], None

    options = {"parameter": 1, "digits": 1, "matrix": [[1, 1]], "common": [spike(0, "3/2")]}
    options["witnesses"] = [[spike(i, "112/81")] for i in range(2)]
    assert joint_barrier("lasso", [raised(0), raised(1)], [[2]], precision=3, **options).failing == 1
    with pytest.raises(DataError, match="input 1 is farther than 2"):
        joint_barrier("lasso", [raised(0), raised(1)], [[2]], precision=4, **options)
    with pytest.raises(DataError, match="near minimisers of all"):
        joint_barrier(
            "lasso",
            [raised(0), raised(0)],
            [[2]],
            precision=3,
            **(options | {"witnesses": [options["witnesses"][0]] * 2}),
        )
