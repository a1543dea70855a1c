"""The check that triples are valid training data of an input: the inequalities (3) and (4) of the paper.

Squared norms are compared exactly, the spectral norm through an exact test of semidefiniteness, and the distance to
the set of minimisers through one certified minimiser. Where A or y is known through enclosures only, it is replaced by
a dyadic approximation whose certified error is added or subtracted; a comparison that this cannot decide is an error,
never a silent yes. See docs/theory.md, "The model", "The argmin set" and "Operator norm bounds".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import arb, fmpq

from exact_base.enclosures import Enclosed
from exact_base.errors import BudgetError, DataError
from exact_base.linalg import operator_norm_at_most
from exact_base.rationals import power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Real, ball, imaginary_part, norm2, real_part, sqrt
from sci_barriers.data.inputs import Input
from sci_barriers.data.training_data import Triple
from sci_barriers.problems import ArgminSet, Minimiser, Problem, SqrtLasso
from sci_barriers.problems.solve import solve_exactly

__all__ = ["ValidTrainingData", "check_training_data", "close_minimiser"]

_GUARD_BITS = (16, 64, 256, 1024)


@short_repr()
@dataclass(frozen=True)
class ValidTrainingData:
    """Triples that were shown to be valid training data of an input.

    Attributes:
        instance: the input.
        triples: the triples, increasing in (k, n), no (k, n) twice.
        minimisers: for each triple a certified minimiser of its problem within 2^-n of x_kn.
    """

    instance: Input
    triples: tuple[Triple, ...]
    minimisers: tuple[Minimiser, ...]


def check_training_data(
    instance: Input,
    triples: Sequence[Triple],
    *,
    minimisers: Sequence[Minimiser] | None = None,
    minimise: Callable[[Problem], Minimiser] = solve_exactly,
) -> ValidTrainingData:
    """Show that triples are valid training data of an input, or say which inequality fails.

    Args:
        instance: A, y_1..y_R and the problem.
        triples: any triples; a repeated one must repeat itself.
        minimisers: one minimiser of (A_n, y_kn) for each triple; they are verified again, and where one is too far
            from x_kn the nearest minimiser is computed from it.
        minimise: finds a minimiser where none is given; the default is for real data.

    Raises:
        DataError: naming (k, n) and the inequality that fails, or the entry that is not rational.
        BudgetError: if a comparison with an enclosed A or y is too close to be decided.
    """
    if not triples:
        raise DataError("there is no triple to check")
    if minimisers is not None and len(minimisers) != len(triples):
        raise DataError(f"one minimiser for each triple is needed, got {len(minimisers)} for {len(triples)}")
    checked: dict[tuple[int, int], tuple[Triple, Minimiser]] = {}
    matrices: dict[int, ExactArray] = {}
    for index, triple in enumerate(triples):
        where = f"(k, n) = ({triple.k}, {triple.n})"
        _check_form(instance, triple, where)
        if triple.n not in matrices:
            _check_matrix(instance.matrix, triple, where)
            matrices[triple.n] = triple.matrix
        elif (matrices[triple.n] != triple.matrix).any():
            raise DataError(f"{where}: A_n differs from that of another triple of the same precision")
        before = checked.get((triple.k, triple.n))
        if before is not None:
            if (before[0].data != triple.data).any() or (before[0].point != triple.point).any():
                raise DataError(f"{where} was answered in two ways")
            continue
        _check_data(instance.samples[triple.k - 1], triple, where)
        problem = instance.instance(triple.matrix, triple.data)
        known = minimise(problem) if minimisers is None else minimisers[index]
        checked[triple.k, triple.n] = triple, close_minimiser(problem, known, triple, where)
    ordered = [checked[key] for key in sorted(checked)]
    return ValidTrainingData(instance, tuple(t for t, _ in ordered), tuple(m for _, m in ordered))


def _check_form(instance: Input, triple: Triple, where: str) -> None:
    rows, columns = instance.matrix.shape
    if not (1 <= triple.k <= len(instance.samples) and triple.n >= 1):
        raise DataError(f"{where}: 1 <= k <= {len(instance.samples)} and n >= 1 are needed")
    for name, array, shape in (
        ("A_n", triple.matrix, (rows, columns)),
        ("y_kn", triple.data, (rows,)),
        ("x_kn", triple.point, (columns,)),
    ):
        if array.shape != shape:
            raise DataError(f"{where}: {name} must have shape {shape}, got {array.shape}")
        for entry in array.flat:
            if not (isinstance(real_part(entry), fmpq) and isinstance(imaginary_part(entry), fmpq)):
                raise DataError(f"{where}: {name} must be rational, got the entry {entry}")


def _check_matrix(truth: Enclosed, triple: Triple, where: str) -> None:
    def at_most(difference: ExactArray, bound: fmpq) -> bool:
        return norm2(difference) <= bound * bound or operator_norm_at_most(difference, bound)

    if not _within(truth, triple.matrix, triple.n, at_most, f"{where}: ‖A_n - A‖"):
        raise DataError(f"{where}: ‖A_n - A‖ exceeds 2^-{triple.n} (Frobenius norm {_size(truth, triple.matrix)})")


def _check_data(truth: Enclosed, triple: Triple, where: str) -> None:
    def at_most(difference: ExactArray, bound: fmpq) -> bool:
        return bool(norm2(difference) <= bound * bound)

    if not _within(truth, triple.data, triple.n, at_most, f"{where}: ‖y_kn - y_k‖"):
        raise DataError(f"{where}: ‖y_kn - y_k‖ = {_size(truth, triple.data)} exceeds 2^-{triple.n}")


def _within(truth: Enclosed, given: ExactArray, n: int, at_most: Callable[[ExactArray, fmpq], bool], what: str) -> bool:
    """Decide whether ‖given - truth‖ <= 2^-n, exactly, or by approximations of the truth with certified errors."""
    bound = power_of_two(-n)
    if truth.exact is not None:
        return at_most(given - truth.exact, bound)
    for guard in _GUARD_BITS:
        error = power_of_two(-n - guard)
        difference = given - truth.dyadic(n + guard)
        if at_most(difference, bound - error):
            return True
        if not at_most(difference, bound + error):
            return False
    raise BudgetError(f"{what} is within 2^-{n + _GUARD_BITS[-1]} of 2^-{n}, too close to decide with enclosures")


def _size(truth: Enclosed, given: ExactArray) -> str:
    """Write ‖given - truth‖ for a message."""
    difference = given - (truth.exact if truth.exact is not None else truth.dyadic(128))
    return _root(norm2(difference))


def _root(square: Real) -> str:
    return str((ball(square) + arb(0)).sqrt().str(6, radius=False))


def close_minimiser(problem: Problem, known: Minimiser, triple: Triple, where: str) -> Minimiser:
    """Return a certified minimiser within 2^-n of x_kn, from any minimiser.

    Raises:
        DataError: if there is none, beginning with `where`.
        BudgetError: if it needs a dual vector outside Q(√s).
    """
    bound2 = power_of_two(-2 * triple.n)
    minimiser = problem.minimiser(known.point, dual=known.dual)
    if norm2(triple.point - minimiser.point) <= bound2:
        return minimiser
    nearest = ArgminSet(minimiser).nearest(triple.point)
    distance2 = norm2(triple.point - nearest)
    if distance2 > bound2:
        raise DataError(f"{where}: dist(x_kn, Ξ(A_n, y_kn)) = {_root(distance2)} exceeds 2^-{triple.n}")
    return problem.minimiser(nearest, dual=_dual_of(problem, minimiser, nearest, where))


def _dual_of(problem: Problem, minimiser: Minimiser, point: ExactArray, where: str) -> ExactArray | None:
    """Return the dual that another minimiser needs, sqrt-lasso's where Az = y, from the first one's."""
    if not isinstance(problem, SqrtLasso) or any(problem.residual(point)):
        return None
    if minimiser.dual is not None:
        return minimiser.dual
    if not isinstance(minimiser.scale2, fmpq):
        raise BudgetError(f"{where}: the nearest minimiser needs a dual vector outside Q(√s); pass it in `minimisers`")
    dual: ExactArray = minimiser.direction * sqrt(minimiser.scale2)
    return dual
