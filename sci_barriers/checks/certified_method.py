"""`problem.solve(method="certified")` for cvxpy: the exact minimiser, rounded to float64, with what was found."""

from __future__ import annotations

from typing import Any

import numpy as np

from exact_base.errors import MissingExtraError, NotCertifiedError, SolverError, UsageError
from proofs_checks.certificate.reading import printable
from sci_barriers.checks.checking import DIGITS, Checked, digits_asked
from sci_barriers.checks.enclosed import EnclosedFound
from sci_barriers.checks.findings import nearest_float

try:
    import cvxpy as cp
    from cvxpy.problems.problem import SolverStats
    from cvxpy.reductions.solution import Solution

    from sci_barriers.checks.cvxpy_complex import ComplexRecognised
    from sci_barriers.checks.cvxpy_questions import Recognised, recognise_problem, solver_words
except ModuleNotFoundError:
    raise MissingExtraError("the method needs cvxpy: pip install 'sci-barriers[solvers]'") from None

__all__ = ["METHOD", "CertifiedValue", "certified_solve", "register"]

METHOD = "certified"
"""What `method=` is called."""


class CertifiedValue(float):
    """The value of the objective as cvxpy computes it at the rounded minimiser, with what was found.

    Attributes:
        checked: the finding: how far the solver's own solution was from the minimiser, if there was a solver; whether
            there are other minimisers; and the certificate.
    """

    checked: Checked

    def __new__(cls, value: float, checked: Checked) -> CertifiedValue:
        """Return the number with the finding."""
        made = super().__new__(cls, value)
        made.checked = checked
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy is made of."""
        return CertifiedValue, (float(self), self.checked)


def register() -> None:
    """Make `problem.solve(method="certified")` known to cvxpy, for this process.

    >>> import cvxpy as cp
    >>> from sci_barriers.checks.certified_method import register
    >>> register()
    >>> x = cp.Variable(2)
    >>> problem = cp.Problem(cp.Minimize(cp.sum_squares(x - [2, 1]) + cp.norm1(x)))
    >>> problem.solve(method="certified").checked.unique
    True
    >>> x.value.tolist()
    [1.5, 0.5]
    """
    cp.Problem.register_solve(METHOD, certified_solve)


def certified_solve(problem: Any, *, solver: str | None = None, digits: int = DIGITS, **options: Any) -> CertifiedValue:
    """Solve a problem of cvxpy exactly; this is what `problem.solve(method="certified")` calls.

    The variables get the minimiser rounded to float64; where there are several, the one nearest to what the solver has
    found, or without a solver one of them. Dual variables get no value. The finding is the attribute `checked` of what
    is returned, and `problem.solution.attr["checked"]`.

    Args:
        problem: the problem, one of those that `check` takes.
        solver: a solver of cvxpy, which solves it first, so that its own solution is checked too. Default: none.
        digits: K; `ok` is a distance of at most 10^-K, relative to the norm of the minimiser.
        options: of that solver.

    Raises:
        UsageError: for a problem that is not recognised, with the name of what is not known; for options without a
            solver; and if no vector is feasible.
        DataError: for a constant that cannot be read exactly.
        SolverError: if the solver finds no value.
        BudgetError, NotCertifiedError: if no exact minimiser is found within the limits.

    >>> import cvxpy as cp
    >>> from sci_barriers.checks.certified_method import certified_solve
    >>> x = cp.Variable(2, name="x")
    >>> problem = cp.Problem(cp.Minimize(cp.sum_squares(x - [2, 1]) + cp.norm1(x)))
    >>> value = certified_solve(problem, solver="CLARABEL")
    >>> value.checked.verdict, round(float(value), 12), problem.status
    ('ok', 2.5, 'optimal')
    """
    wanted = digits_asked(digits)
    if solver is None and options:
        named = ", ".join(sorted(printable(name, 40) for name in options))
        raise UsageError(f'method="certified" without a solver takes digits alone; leave out {named}, or give solver=')
    recognised = recognise_problem(problem)
    coefficients = claimed = None
    if solver is not None:
        problem.solve(solver=solver, **options)
        if any(variable.value is None for variable in recognised.variables):
            raise SolverError(f"{printable(str(solver), 40)} found no value: status {problem.status}")
        coefficients, claimed = recognised.values(), solver_words(problem)
    checked = Checked(recognised.found(coefficients, digits=wanted, claimed=claimed))
    _unpack(problem, recognised, checked)
    return CertifiedValue(float(problem.value), checked)


def _unpack(problem: Any, recognised: Recognised | ComplexRecognised, checked: Checked) -> None:
    """Give the variables their values, and the problem its status."""
    found = checked.found
    if isinstance(found, EnclosedFound):
        if found.determined is None:
            raise NotCertifiedError("no distance from the minimisers was proved for any point; a ridge penalty helps")
        point = checked.coefficients.tolist()
    else:
        entries = [*found.point, *([] if found.intercept is None else [found.intercept])]
        point = [nearest_float(value) for value in entries]
    values = {
        variable.id: np.array([point[place] for place in places]).reshape(variable.shape, order="F")
        for variable, places in zip(recognised.variables, recognised.places, strict=True)
    }
    for constraint in problem.constraints:
        for dual in constraint.dual_variables:
            dual.save_value(None)
    problem.unpack(Solution(cp.OPTIMAL, None, values, {}, {"checked": checked}))
    problem._solver_stats = SolverStats(solver_name="sci-barriers")
