"""The solvers that can be named on the command line.

Each entry declares which problems it solves; its objective scaling is declared once, here or beside its adapter, and a
test proves it right.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from typing import Any

from exact_base.errors import UsageError
from exact_base.reprs import short_repr
from sci_barriers.players.algorithm import Algorithm, Candidate, OneShot
from sci_barriers.solvers import exact_candidates, numpy_solvers
from sci_barriers.solvers.estimators import Estimator

__all__ = ["REGISTRY", "SolverEntry", "versions"]

Build = Mapping[str, Callable[[], Algorithm]]


@short_repr()
@dataclass(frozen=True)
class SolverEntry:
    """A registered solver.

    Attributes:
        name: what to type.
        summary: one line.
        build: for each problem it solves, a function that makes the algorithm.
        needs: the distributions it needs beyond the base installation, each with the module to look for.
        extra: the extra of sci-barriers that brings them.
    """

    name: str
    summary: str
    build: Build
    needs: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""

    @property
    def available(self) -> bool:
        """Whether what it needs is installed."""
        return not self._missing()

    def _missing(self) -> list[str]:
        return [package for package, module in self.needs.items() if importlib.util.find_spec(module) is None]

    def check(self, problem: str) -> None:
        """Refuse a problem that the solver cannot be asked for here, without loading anything.

        Raises:
            UsageError: if the extra is missing or the solver does not solve the problem.
        """
        if problem not in self.build:
            raise UsageError(f"{self.name} does not solve {problem}; it solves {', '.join(self.build)}")
        if missing := self._missing():
            needed = " and ".join(missing)
            raise UsageError(f"the solver {self.name} needs {needed}: pip install 'sci-barriers[{self.extra}]'")

    def candidate(self, problem: str) -> Candidate:
        """Make the candidate for a problem.

        Raises:
            UsageError: if the extra is missing or the solver does not solve the problem.
        """
        self.check(problem)
        try:
            algorithm = self.build[problem]()
        except ImportError as error:
            raise UsageError(f"{self.name} cannot be loaded: {' '.join(str(error).split())}") from None
        return Candidate(self.name, algorithm, versions(*self.needs))


def versions(*packages: str) -> str:
    """Name these distributions and numpy with their versions, for the provenance of certificates."""
    return ", ".join(f"{package} {metadata.version(package)}" for package in (*packages, "numpy"))


# --- how the algorithms are made: nothing is imported before it is needed ----------------------------------


def _estimator(module: str, name: str, scaling: str) -> Callable[[], Algorithm]:
    return lambda: Estimator(getattr(importlib.import_module(module), name), scaling)


def _adapter(module: str, *problems: str, **options: str) -> Build:
    """A build from `adapter(problem)` of a module of this package."""

    def build(problem: str) -> Algorithm:
        algorithm: Algorithm = importlib.import_module(f"sci_barriers.solvers.{module}").adapter(problem, **options)
        return algorithm

    return {problem: partial(build, problem) for problem in problems}


def _cvxpy(name: str, solver: str, package: str, *problems: str, extra: str = "solvers") -> SolverEntry:
    build = _adapter("cvxpy_problems", *problems, solver=solver.upper())
    needs = {"cvxpy": "cvxpy", package: package}
    return SolverEntry(f"cvxpy-{solver.lower()}", f"cvxpy with {solver}, {name}", build, needs, extra)


def _one_shot(solver: Callable[..., Any]) -> Callable[[], Algorithm]:
    return lambda: OneShot(solver, "stated")


def _everywhere(algorithm: Algorithm) -> Build:
    return {problem: lambda: algorithm for problem in ("bpdn", "lasso", "sqrt-lasso")}


# 1/(2m)‖Ax-y‖² + alpha‖x‖_1 is what scikit-learn, celer and skglm minimise (plus an intercept, which is turned off)
_SKLEARN = {"scikit-learn": "sklearn"}

REGISTRY: dict[str, SolverEntry] = {
    entry.name: entry
    for entry in (
        SolverEntry(
            "exact",
            "shipped candidate: rational arithmetic, knows the class",
            _everywhere(exact_candidates.exact_class_solver),
        ),
        SolverEntry(
            "support",
            "shipped candidate: rational arithmetic, reads until the support is determined",
            {"lasso": lambda: exact_candidates.support_reader},
        ),
        SolverEntry("memoriser", "answers with the x_n of its training data", _everywhere(exact_candidates.memoriser)),
        SolverEntry("ista", "numpy proximal gradient", {"lasso": _one_shot(numpy_solvers.ista)}),
        SolverEntry("fista", "numpy accelerated proximal gradient", {"lasso": _one_shot(numpy_solvers.fista)}),
        SolverEntry(
            "chambolle-pock",
            "numpy primal-dual iteration",
            {
                "bpdn": _one_shot(numpy_solvers.chambolle_pock_bpdn),
                "lasso": _one_shot(numpy_solvers.chambolle_pock_lasso),
                "sqrt-lasso": _one_shot(numpy_solvers.chambolle_pock_sqrt_lasso),
            },
        ),
        SolverEntry(
            "firenet",
            "the restarted network of firenet_exact in float64, its hypotheses assumed",
            _adapter("firenet_solver", "sqrt-lasso"),
        ),
        SolverEntry(
            "sklearn-lasso",
            "scikit-learn Lasso, coordinate descent",
            {"lasso": _estimator("sklearn.linear_model", "Lasso", "mean-half")},
            _SKLEARN,
            "solvers",
        ),
        SolverEntry(
            "sklearn-lasso-lars",
            "scikit-learn LassoLars, least angle regression",
            {"lasso": _estimator("sklearn.linear_model", "LassoLars", "mean-half")},
            _SKLEARN,
            "solvers",
        ),
        _cvxpy("interior point", "Clarabel", "clarabel", "bpdn", "lasso", "sqrt-lasso"),
        _cvxpy("splitting, first order", "SCS", "scs", "bpdn", "lasso", "sqrt-lasso"),
        _cvxpy("splitting, quadratic programs", "OSQP", "osqp", "lasso"),
        _cvxpy("active set, quadratic programs", "HiGHS", "highspy", "lasso"),
        _cvxpy(
            "interior point (no wheels for Python 3.13)",
            "ECOS",
            "ecos",
            "bpdn",
            "lasso",
            "sqrt-lasso",
            extra="more-solvers",
        ),
        SolverEntry(
            "celer",
            "celer Lasso, working sets with extrapolation",
            {"lasso": _estimator("celer", "Lasso", "mean-half")},
            {"celer": "celer"},
            "more-solvers",
        ),
        SolverEntry(
            "skglm",
            "skglm Lasso and SqrtLasso, working sets and proximal Newton",
            {
                "lasso": _estimator("skglm", "Lasso", "mean-half"),
                # ‖Ax-y‖ + alpha‖x‖_1
                "sqrt-lasso": _estimator("skglm.experimental.sqrt_lasso", "SqrtLasso", "stated"),
            },
            {"skglm": "skglm"},
            "more-solvers",
        ),
        SolverEntry(
            "spgl1",
            "SPGL1, spectral projected gradients along the Pareto curve (numpy < 2.5)",
            _adapter("spgl1_solver", "bpdn"),
            {"spgl1": "spgl1"},
            "more-solvers",
        ),
        SolverEntry(
            "statsmodels",
            "statsmodels OLS.fit_regularized: elastic_net for lasso, sqrt_lasso (cvxopt) for sqrt-lasso",
            _adapter("statsmodels_solvers", "lasso", "sqrt-lasso"),
            {"statsmodels": "statsmodels", "cvxopt": "cvxopt"},
            "more-solvers",
        ),
    )
}
