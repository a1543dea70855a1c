"""The solvers that can be named on the command line, and loading a user's own.

Each entry declares which problems it solves and its objective scaling once, here, and a test proves it
right.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from sci_barriers.algorithm import MARK, SCALINGS, Algorithm, Candidate, Estimator, OneShot, scaled_parameter
from sci_barriers.classes import DEFAULT_PARAMETERS
from sci_barriers.errors import UsageError
from sci_barriers.problems import problem_type
from sci_barriers.solvers import exact_candidates, numpy_solvers

__all__ = ["REGISTRY", "SolverEntry", "load_candidate"]


@dataclass(frozen=True)
class SolverEntry:
    """A registered solver.

    Attributes:
        name: what to type.
        summary: one line.
        build: for each problem it solves, a function that makes the algorithm.
        package: the distribution it needs beyond the base installation, or empty.
        module: the module to look for.
        extra: the extra of sci-barriers that brings the package.
    """

    name: str
    summary: str
    build: Mapping[str, Callable[[], Algorithm]]
    package: str = ""
    module: str = ""
    extra: str = ""

    @property
    def available(self) -> bool:
        """Whether what it needs is installed."""
        return not self.module or importlib.util.find_spec(self.module) is not None

    def candidate(self, problem: str) -> Candidate:
        """Make the candidate for a problem.

        Raises:
            UsageError: if the extra is missing or the solver does not solve the problem.
        """
        if problem not in self.build:
            raise UsageError(f"{self.name} does not solve {problem}; it solves {', '.join(self.build)}")
        if not self.available:
            raise UsageError(f"{self.name} needs {self.package}: pip install 'sci-barriers[{self.extra}]'")
        versions = f"numpy {metadata.version('numpy')}"
        if self.package:
            versions = f"{self.package} {metadata.version(self.package)}, {versions}"
        return Candidate(self.name, self.build[problem](), versions)


def _sklearn(name: str) -> Callable[[], Algorithm]:
    # scikit-learn minimises 1/(2m)‖Ax-y‖² + alpha‖x‖_1 (plus an intercept, which Estimator turns off)
    return lambda: Estimator(getattr(importlib.import_module("sklearn.linear_model"), name), "mean-half")


def _one_shot(solver: Callable[..., Any]) -> Callable[[], Algorithm]:
    return lambda: OneShot(solver, "stated")


def _everywhere(algorithm: Algorithm) -> dict[str, Callable[[], Algorithm]]:
    return {problem: lambda: algorithm for problem in ("bpdn", "lasso", "sqrt-lasso")}


REGISTRY: dict[str, SolverEntry] = {
    entry.name: entry
    for entry in (
        SolverEntry(
            "exact",
            "shipped candidate: rational arithmetic, knows the class",
            _everywhere(exact_candidates.exact_class_solver),
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
            "sklearn-lasso",
            "scikit-learn Lasso, coordinate descent",
            {"lasso": _sklearn("Lasso")},
            "scikit-learn",
            "sklearn",
            "solvers",
        ),
        SolverEntry(
            "sklearn-lasso-lars",
            "scikit-learn LassoLars, least angle regression",
            {"lasso": _sklearn("LassoLars")},
            "scikit-learn",
            "sklearn",
            "solvers",
        ),
    )
}


def load_candidate(target: str, *, problem: str, scaling: str | None = None) -> Candidate:
    """Return the candidate called `target`: a registered name, `package.module:attr` or `file.py:attr`.

    Args:
        target: what to load.
        problem: the problem it will be asked to solve.
        scaling: objective scaling of an unregistered one-shot solver or estimator; registered ones declare theirs,
            and a function marked with `sequential_algorithm` needs none.

    Raises:
        UsageError: with what to do, if the target cannot be loaded or the scaling is missing or superfluous.
    """
    problem_type(problem)
    if target in REGISTRY:
        if scaling is not None:
            raise UsageError(f"{target} declares its own scaling; leave --scaling out")
        return REGISTRY[target].candidate(problem)
    place, separator, attribute = target.rpartition(":")
    if not separator or not place or not attribute:
        raise UsageError(
            f"unknown solver {target!r}; choose one of {', '.join(REGISTRY)}, "
            "or write package.module:attr or file.py:attr"
        )
    module = _load_file(place) if place.endswith(".py") else _load_module(place)
    found: Any = getattr(module, attribute, None)
    if found is None:
        raise UsageError(f"{place} has no attribute {attribute!r}")
    if getattr(found, MARK, False):
        return Candidate(target, found() if isinstance(found, type) else found)
    if scaling is None:
        choices = "; ".join(f"{name}: {meaning}" for name, meaning in SCALINGS.items())
        raise UsageError(f"{target} is not registered, so say what its objective is with --scaling: {choices}")
    scaled_parameter(DEFAULT_PARAMETERS[problem], problem=problem, scaling=scaling, rows=1)
    if hasattr(found, "fit"):
        return Candidate(target, Estimator(found, scaling))
    if not callable(found):
        raise UsageError(f"{target} is neither a function f(A, y, lam) nor an estimator with fit")
    return Candidate(target, OneShot(found, scaling))


def _load_module(name: str) -> ModuleType:
    sys.path.insert(0, "")
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise UsageError(f"cannot import {name}: {type(error).__name__}: {error}") from None
    finally:
        sys.path.remove("")


def _load_file(name: str) -> ModuleType:
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"there is no file {name}")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"cannot load {name}")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"cannot load {name}: {type(error).__name__}: {error}") from None
    return module
