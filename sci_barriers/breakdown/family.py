"""Families of instances that data of some precision cannot tell apart, and the accuracy this costs.

Source: docs/breakdown.md, "Families of one's own".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.decimals import root_above
from exact_base.enclosures import enclosed
from exact_base.errors import DataError, FieldError, SciBarriersError, UsageError
from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, exact_vector, imaginary_part, norm2, real_part
from exact_base.words import digits_reached
from sci_barriers.breakdown.radius import radius_bound
from sci_barriers.data.training_data import Triple
from sci_barriers.data.validity import close_minimiser
from sci_barriers.problems import Minimiser, Problem, problem_type
from sci_barriers.problems.solve import solve_exactly

__all__ = ["Datum", "Family", "FamilyBound", "FamilyInstance", "certify_family"]


@short_repr()
@dataclass(frozen=True)
class FamilyInstance:
    """An instance (A, y), exact; its minimiser, with a dual vector where one is needed, if it cannot be found here.

    Attributes:
        matrix: A, shape (m, N).
        data: y, length m.
        minimiser: x, length N, to be verified; one of them if there are many.
        dual: u, length m, for sqrt-lasso with Ax = y.
    """

    matrix: Any
    data: Any
    minimiser: Any = None
    dual: Any = None


@short_repr()
@dataclass(frozen=True)
class Datum:
    """A rational training datum (A_n, y_n, x_n), x_n near a minimiser of (A_n, y_n).

    Attributes:
        matrix: A_n, shape (m, N).
        data: y_n, length m.
        point: x_n, length N; None for one that is computed.
        minimiser: a minimiser of (A_n, y_n), if it cannot be found here.
        dual: its dual vector, for sqrt-lasso with A_n x = y_n.
    """

    matrix: Any
    data: Any
    point: Any = None
    minimiser: Any = None
    dual: Any = None


@short_repr()
@dataclass(frozen=True, kw_only=True)
class Family:
    """Instances with different solutions that share training data up to some precision.

    Attributes:
        problem: `bpdn`, `lasso` or `sqrt-lasso`.
        parameter: ε or λ.
        instances: at least two, with one minimiser or many.
        limit: an instance that they tend to, or None. It is asked for common data only, not for a solution; to be one
            of the inputs that an answer is measured on, it must be among the instances too.
        datum: the common training datum; made from the limit, or else from the mean of the instances, if not given.
        weights: w, all ones if not given.
    """

    problem: str
    parameter: Any
    instances: Sequence[FamilyInstance]
    limit: FamilyInstance | None = None
    datum: Datum | None = None
    weights: Any = None


@short_repr("exact")
@dataclass(frozen=True)
class FamilyBound:
    """What was shown of a family: no algorithm that reads precision <= n only is nearer than r on every instance.

    Attributes:
        precision: n.
        square: r², rational; r is a lower bound of min_z max_j dist(z, Ξ_j) for the sets Ξ_j of minimisers.
        error: the square of what the answer `centre` errs by at most on each instance, rational.
        weights: the weights that prove r, one for each instance.
        minimisers: a minimiser of each instance, nearest to the centre as far as found.
        multipliers: for each instance a bound of the others, length m, or None where 0 is the only minimiser.
        centre: the answer of which nothing better was found, length N.
        limit: the problem of the limit instance, or None.
        point: x_n.
        datum: the certified minimiser of (A_n, y_n) near x_n.
    """

    precision: int
    square: fmpq
    error: fmpq
    weights: tuple[fmpq, ...]
    minimisers: tuple[Minimiser, ...]
    multipliers: tuple[ExactArray | None, ...] = field(repr=False)
    centre: ExactArray
    limit: Problem | None
    point: ExactArray = field(repr=False)
    datum: Minimiser

    @property
    def exact(self) -> bool:
        """True if r is the radius itself: the centre errs by r at most."""
        return self.error == self.square

    @property
    def digits(self) -> int | None:
        """The largest K for which K digits can be had on these instances without data above precision n.

        That is, 10^-K >= radius; None if the bounds r and `error` of the radius leave it open.
        """
        least, most = digits_reached(self.error), digits_reached(self.square)
        return least if least == most else None


def certify_family(
    family: Family, *, precision: int, minimise: Callable[[Problem], Minimiser] = solve_exactly
) -> FamilyBound:
    """Show that one datum of precision n belongs to every instance, and bound what any answer to it achieves.

    Args:
        family: the instances.
        precision: n >= 1.
        minimise: finds minimisers that are not given; the default is for real rational data.

    Raises:
        UsageError: for fewer than two instances, a precision below 1, or if the solver for the radius is missing.
        DataError: if the instances part company with the datum before precision n (it says at which precision, which
            instance and which quantity), if one point minimises all instances, or if no bound above 0 was found.
        FieldError: if the numbers do not lie in one field Q(√s).
        SolverError: if a minimiser was not found.
        BudgetError: if a projection on a set of minimisers was not found.
    """
    if type(precision) is not int or precision < 1:
        raise UsageError(f"a precision n >= 1 is needed, got {precision!r}")
    if len(family.instances) < 2:
        raise UsageError(
            f"a family needs at least two instances, got {len(family.instances)}: one alone is confused with nothing"
        )
    kind = problem_type(family.problem)

    def problem(matrix: Any, data: Any) -> Problem:
        return kind(matrix, data, parameter=family.parameter, weights=family.weights)

    instances = [problem(one.matrix, one.data) for one in family.instances]
    limit = None if family.limit is None else problem(family.limit.matrix, family.limit.data)
    named = [*([] if limit is None else [("the limit", limit)])]
    named += [(f"instance {i}", instance) for i, instance in enumerate(instances, start=1)]
    shape = named[0][1].matrix.shape
    for name, instance in named:
        if instance.matrix.shape != shape:
            raise DataError(f"{name} has the shape {instance.matrix.shape}, but {named[0][0]} has {shape}")

    given = family.datum or _datum(named[0][1] if limit is not None else None, instances, precision)
    common = problem(given.matrix, given.data)
    if common.matrix.shape != shape:
        raise DataError(f"the datum has the shape {common.matrix.shape}, but {named[0][0]} has {shape}")
    _require_rational(common.matrix, "A_n")
    _require_rational(common.data, "y_n")
    for name, instance in named:
        _check_agreement(common, instance, name, precision)
    datum = _minimiser(common, given.minimiser, given.dual, "the common datum", minimise)
    if given.point is None:
        point = datum.point if _is_rational(datum.point) else enclosed(datum.point).dyadic(precision + 1)
    else:
        point = exact_vector(given.point, length=common.columns)
        _require_rational(point, "x_n")
        triple = Triple(k=1, n=precision, matrix=common.matrix, data=common.data, point=point)
        datum = close_minimiser(common, datum, triple, "the common datum")

    minimisers = [
        _minimiser(instance, one.minimiser, one.dual, f"instance {i}", minimise)
        for i, (instance, one) in enumerate(zip(instances, family.instances, strict=True), start=1)
    ]
    try:
        found = radius_bound(minimisers)
    except FieldError as error:
        raise FieldError(
            f"the instances and their minimisers do not lie in one field Q(√s): {error}; choose instances that do"
        ) from None
    if found.square == 0:
        if found.error == 0:
            raise DataError("one point minimises all instances, so nothing is lost by confusing them")
        raise DataError(
            "no bound above 0 was found: one answer is within "
            f"{root_above(found.error)} of a minimiser of every instance"
        )
    return FamilyBound(precision=precision, limit=limit, point=point, datum=datum, **vars(found))


def _datum(limit: Problem | None, instances: Sequence[Problem], n: int) -> Datum:
    """The limit, or the mean of the instances, itself if it is rational, else rounded to precision n + 16."""
    count = fmpq(1, len(instances))
    if limit is not None:
        matrix, data = limit.matrix, limit.data
    else:
        try:
            matrix = np.sum([instance.matrix for instance in instances], axis=0) * count
            data = np.sum([instance.data for instance in instances], axis=0) * count
        except FieldError as error:
            raise FieldError(f"the mean of the instances lies in no field Q(√s) ({error}); give a datum") from None
    return Datum(*(array if _is_rational(array) else enclosed(array).dyadic(n + 16) for array in (matrix, data)))


def _is_rational(array: ExactArray) -> bool:
    return all(isinstance(part(entry), fmpq) for entry in array.flat for part in (real_part, imaginary_part))


def _require_rational(array: ExactArray, name: str) -> None:
    if not _is_rational(array):
        raise DataError(f"{name} of the common datum must be rational, as training data are")


def _check_agreement(common: Problem, instance: Problem, name: str, n: int) -> None:
    """Require that (A_n, y_n) is within 2^-n of an instance, or say up to which precision it is."""
    matrix, data2 = common.matrix - instance.matrix, norm2(common.data - instance.data)

    def near(bound: fmpq) -> bool:
        return norm2(matrix) <= bound * bound or operator_norm_at_most(matrix, bound)

    tests: tuple[tuple[str, Callable[[int], bool]], ...] = (
        ("A", lambda precision: near(power_of_two(-precision))),
        ("y", lambda precision: data2 <= power_of_two(-2 * precision)),
    )
    for quantity, holds in tests:
        if not holds(n):
            low, high = 0, n
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if holds(middle) else (low, middle)
            raise DataError(
                f"{name} parts company with the common datum at precision {high}: ‖{quantity}_n - {quantity}‖ exceeds "
                f"2^-{high}, while data of precision {n} are asked for"
            )


def _minimiser(
    problem: Problem, point: Any, dual: Any, name: str, minimise: Callable[[Problem], Minimiser]
) -> Minimiser:
    try:
        return minimise(problem) if point is None else problem.minimiser(point, dual=dual)
    except SciBarriersError as error:
        raise type(error)(f"{name}: {error}") from None
