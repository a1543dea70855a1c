"""Which cells a survey has."""

from __future__ import annotations

from collections.abc import Sequence

from exact_base.errors import UsageError
from exact_base.words import called
from sci_barriers.isolation import IsolatedCandidate, Limits
from sci_barriers.omega.families import OmegaClass
from sci_barriers.players.algorithm import UNDECLARED, check_scaling
from sci_barriers.solvers import REGISTRY
from sci_barriers.solvers.scaling import found_scaling
from sci_barriers.survey.cells import Cell
from sci_barriers.survey.versions import versions_of

__all__ = ["PROBLEMS", "plan"]

PROBLEMS = ("lasso", "sqrt-lasso", "bpdn")

_PRECISION = 60
_BEYOND = 20


def plan(
    *,
    solvers: Sequence[str] = (),
    problems: Sequence[str] = PROBLEMS,
    digits: Sequence[int],
    precisions: Sequence[int],
    orders: Sequence[int] = (1, 2),
    rows: int = 21,
    columns: int = 22,
    scaling: str | None = None,
    seconds: float = 60.0,
) -> list[Cell]:
    """Return the cells, those of one solver and problem together.

    Args:
        solvers: what to run; if there are none, all registered ones that are installed and solve one of the problems.
        problems: the problems; a solver is asked for those it solves.
        digits: the K.
        precisions: the n, as exponents of members.
        orders: which columns are the raised ones.
        rows: m.
        columns: N.
        scaling: the objective of unregistered solvers.
        seconds: the time limit of one call.

    Raises:
        UsageError: if a solver cannot be run, or a number is out of range.
    """
    limits = Limits(seconds=seconds)
    if scaling is not None:
        check_scaling(scaling, problem="lasso")  # the problem that has all of them
    for problem in problems:
        for k in digits:
            omega = OmegaClass.create(problem, digits=k, rows=rows, columns=columns)
            for n in precisions:
                for order in orders:
                    omega.member(i=order, q=n)
    named = [called(solver) for solver in dict.fromkeys(solvers)]
    if twice := next((name for name in named if named.count(name) > 1), None):
        raise UsageError(f"two of the solvers are called {twice}; survey files of one name apart")
    cells: list[Cell] = []
    for solver in dict.fromkeys(solvers or _present(problems)):
        for problem in _solved(solver, problems):
            own: str | None = None
            if solver not in REGISTRY:
                # a mistake is known at once
                own = _scaling(solver, problem, scaling, limits)
            for k in digits:
                places = [("control", 0, 0), ("game", 0, 0)]
                places += [("member", n, order) for order in orders for n in precisions]
                cells += [
                    Cell(
                        solver=solver,
                        scaling=own,
                        problem=problem,
                        digits=k,
                        rows=rows,
                        columns=columns,
                        kind=kind,
                        n=n,
                        order=order,
                        precision=max(_PRECISION, n + _BEYOND),
                        seconds=seconds,
                        versions=versions_of(solver),
                    )
                    for kind, n, order in places
                ]
    return cells


def _scaling(solver: str, problem: str, given: str | None, limits: Limits) -> str | None:
    """Load an unregistered solver, and return its scaling: as given, or as its answers have it."""
    with IsolatedCandidate(solver, problem=problem, scaling=given or UNDECLARED, limits=limits) as player:
        return found_scaling(player, problem) if player.scaling == UNDECLARED else given


def _present(problems: Sequence[str]) -> list[str]:
    """The registered solvers that are installed and solve one of the problems."""
    return [
        entry.name for entry in REGISTRY.values() if entry.available and not entry.build.keys().isdisjoint(problems)
    ]


def _solved(solver: str, problems: Sequence[str]) -> list[str]:
    """The problems a solver can be asked for."""
    entry = REGISTRY.get(solver)
    if entry is None:
        return list(problems)
    if not entry.available:
        raise UsageError(f"{solver} is not installed: pip install 'sci-barriers[{entry.extra}]'")
    solved = [problem for problem in problems if problem in entry.build]
    if not solved:
        raise UsageError(f"{solver} does not solve {' or '.join(problems)}; it solves {', '.join(entry.build)}")
    return solved
