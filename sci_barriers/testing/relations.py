"""Metamorphic relations, and properties of solvers that are ready to run: docs/testing.md, "Relations"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from exact_base.decimals import root_below
from exact_base.rationals import power_of_ten
from exact_base.reprs import short_repr
from exact_base.scalars import ComplexNumber, ExactArray, Real
from sci_barriers.testing.assertions import SolverAnswer, answer, assert_digits, require_digits
from sci_barriers.testing.examples import short_vector
from sci_barriers.testing.known import KnownProblem
from sci_barriers.testing.problem_strategies import COMPLEX_PHASES, PHASES, well_posed
from sci_barriers.testing.variations import (
    Transformed,
    duplicate_columns,
    flip_signs,
    householder,
    permute_columns,
    rotate,
    scale,
)

__all__ = ["RELATIONS", "Relation", "solver_properties"]

Draw: TypeAlias = st.DrawFn
_FACTORS = tuple(fmpq(p, q) for p, q in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (1, 8)))


@short_repr()
@dataclass(frozen=True)
class Relation:
    """A change of the problem whose effect on the minimisers is known exactly.

    Attributes:
        name: what it is called.
        summary: one line.
        draw: draws the change for a problem and makes it.
    """

    name: str
    summary: str
    draw: Callable[[Draw, KnownProblem], Transformed]

    def of(self, known: KnownProblem) -> st.SearchStrategy[Transformed]:
        """The changes of one problem."""
        return st.composite(self.draw)(known)


def _permuted(draw: Draw, known: KnownProblem) -> Transformed:
    return permute_columns(known, draw(st.permutations(range(known.problem.columns))))


def _flipped(draw: Draw, known: KnownProblem) -> Transformed:
    n = known.problem.columns
    phases = st.sampled_from(PHASES if known.problem.is_real else COMPLEX_PHASES)
    return flip_signs(known, draw(st.lists(phases, min_size=n, max_size=n)))


def _rotated(draw: Draw, known: KnownProblem) -> Transformed:
    m = known.problem.rows
    parts = st.lists(st.integers(-2, 2), min_size=m, max_size=m).filter(any)
    vector: ExactArray = np.array([fmpq(entry) for entry in draw(parts)], dtype=object)
    if not known.problem.is_real:
        vector = vector + np.array([ComplexNumber(fmpq(0), fmpq(entry)) for entry in draw(parts)], dtype=object)
    return rotate(known, householder(vector))


def _scaled(draw: Draw, known: KnownProblem) -> Transformed:
    factors = st.sampled_from(_FACTORS)
    return scale(known, matrix=draw(factors), data=draw(factors))


def _duplicated(draw: Draw, known: KnownProblem) -> Transformed:
    phases = st.sampled_from(PHASES if known.problem.is_real else COMPLEX_PHASES)
    copies = st.tuples(st.integers(0, known.problem.columns - 1), phases)
    return duplicate_columns(known, draw(st.lists(copies, min_size=1, max_size=2)))


RELATIONS: Mapping[str, Relation] = {
    relation.name: relation
    for relation in (
        Relation("permutation", "the columns in another order", _permuted),
        Relation("sign flips", "columns times -1 (complex: other numbers of modulus 1)", _flipped),
        Relation("rotation", "A and y times a rational reflection", _rotated),
        Relation("scaling", "A times p and y times q, with λ or ε to match", _scaled),
        Relation("duplication", "copies of columns, with signs", _duplicated),
    )
}


def error_of(found: SolverAnswer, known: KnownProblem, changed: Transformed) -> Real | None:
    """Return the exact squared distance from an answer on the changed problem, taken back, to the minimisers."""
    return None if found.run.output is None else known.distance2(changed.back(found.run.output))


def solver_properties(
    solver: Any,
    *,
    problem: str,
    digits: int,
    scaling: str | None = None,
    problems: st.SearchStrategy[KnownProblem] | None = None,
) -> dict[str, Callable[[], None]]:
    """Return hypothesis tests of a solver by name: `digits`, and one for each relation.

    `digits` demands the digits on the problems as they are drawn; a relation demands that the answer on the changed
    problem, taken back, is within 10^-digits of a minimiser of the problem. Put them where pytest finds them:

        test_digits, test_permutation, *_ = solver_properties(...).values()

    or call one inside a parametrised test.

    Args:
        solver: as for `assert_digits`.
        problem: name of the problem.
        digits: what the solver should reach.
        scaling: objective of a function f(A, y, lam) or an estimator.
        problems: what is drawn; `well_posed(problem)` if not given.

    Raises:
        UsageError: for an unknown problem.

    >>> from hypothesis import settings
    >>> from sci_barriers.testing import solver_properties, well_posed
    >>> def one_column(A, y, lam):
    ...     a, correlation = A[0, 0], A[0, 0] * y[0]
    ...     return [(1 if correlation > 0 else -1) * max(0, abs(correlation) - lam / 2) / a**2]
    >>> one = well_posed("lasso", rows=1, columns=1)
    >>> properties = solver_properties(one_column, problem="lasso", digits=6, scaling="stated", problems=one)
    >>> list(properties)
    ['digits', 'permutation', 'sign flips', 'rotation', 'scaling', 'duplication']
    >>> settings(max_examples=5)(properties["digits"])()
    """
    drawn = well_posed(problem) if problems is None else problems

    @given(drawn)
    def digits_reached(known: KnownProblem) -> None:
        __tracebackhide__ = True
        assert_digits(solver, known, digits, scaling=scaling)

    def property_of(relation: Relation) -> Callable[[], None]:
        @given(drawn, st.data())
        def relation_holds(known: KnownProblem, data: st.DataObject) -> None:
            __tracebackhide__ = True
            changed = data.draw(relation.of(known), label=relation.name)
            found = answer(solver, changed.problem, scaling=scaling)
            error2 = error_of(found, known, changed)
            if error2 is None or not error2 <= power_of_ten(-2 * digits):
                require_digits(found, digits)  # fails with a certificate, unless only the way back is too long
                output = found.run.output
                shown = "nothing" if output is None else f"about {short_vector(changed.back(output))}"
                raise AssertionError(
                    f"{found.candidate.name} breaks the relation {relation.name!r} ({relation.summary}): taken back, "
                    f"its answer is at least {root_below(error2 or fmpq(0))} away from the minimisers, "
                    f"more than 10^-{digits}\ntaken back, its answer is {shown}"
                )

        return relation_holds

    return {"digits": digits_reached} | {name: property_of(relation) for name, relation in RELATIONS.items()}
