"""How many digits solvers reach on the reference data, with the settings that they come with.

python benchmarks/reference_table.py                                      # some minutes
python benchmarks/reference_table.py --markdown docs/reference-data.md    # rewrite the table there
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benchmarks.pages import write_markdown
from exact_base.errors import DataError, SciBarriersError
from sci_barriers.data.inputs import Input
from sci_barriers.data.training_data import Triple, open_access
from sci_barriers.solvers import REGISTRY
from sci_barriers.testing.references import MOST_DIGITS, ReferenceProblem, reference_problems

MARKER = "digits"
SECONDS = 100
_KNOW_THE_CLASS = ("exact", "memoriser")
_ESTIMATORS = {
    # the class without a ridge, and the one with; what it can be told
    "sklearn-lasso": ("sklearn.linear_model", "Lasso", "ElasticNet", {"positive", "sample_weight"}),
    "sklearn-lasso-lars": ("sklearn.linear_model", "LassoLars", None, {"positive"}),
    "celer": ("celer", "Lasso", "ElasticNet", {"positive"}),
    "skglm": ("skglm", "Lasso", "ElasticNet", {"positive"}),
}
_CVXPY = "cvxpy-"

Solve = Callable[[ReferenceProblem], Any]


class _Oracle:
    """Answers with X and y; the point, which no solver here reads, is zero."""

    samples = 1

    def __init__(self, problem: ReferenceProblem, given: Input) -> None:
        self._matrix, self._data = given.matrix.dyadic(1200), given.samples[0].dyadic(1200)

    def read(self, *, k: int, n: int) -> Triple:
        return Triple(k=k, n=n, matrix=self._matrix, data=self._data, point=self._data[:0])


def registered(name: str, problem: ReferenceProblem) -> Any:
    """Ask a registered solver for the LASSO, with its declared scaling."""
    lam = problem.parameters("stated")["lambda"]
    given = Input.create(problem.matrix, [problem.data], problem="lasso", parameter=lam)
    access = open_access("query", given.known(precision=60), _Oracle(problem, given))
    run = REGISTRY[name].candidate("lasso").run(access)
    if run.output is None:
        raise DataError("no answer")
    return run.output


def estimator(name: str, problem: ReferenceProblem) -> Any:
    """Ask an estimator with the parameters of the convention `mean-half`, or say that it has none for this."""
    module, plain, elastic, told = _ESTIMATORS[name]
    values = problem.parameters("mean-half") if problem.about["conventions"] else {}
    weights = problem.observation_weights
    positive = len(problem.nonnegative) == int(problem.about["columns"])
    if not values.get("alpha") or not problem.penalties.any() or (problem.nonnegative and not positive):
        raise NotImplementedError
    if weights is not None and "sample_weight" not in told:
        raise NotImplementedError
    if problem.ridge.any():
        if elastic is None:
            raise NotImplementedError
        model = getattr(importlib.import_module(module), elastic)(**values)
    else:
        model = getattr(importlib.import_module(module), plain)(alpha=values["alpha"])
    model.set_params(fit_intercept=problem.intercept, positive=positive)
    model.fit(problem.design, problem.data, **({} if weights is None else {"sample_weight": weights}))
    return [*np.ravel(model.coef_), *([float(model.intercept_)] if problem.intercept else [])]


def cvxpy_problem(name: str, problem: ReferenceProblem) -> Any:
    """Write the whole objective in cvxpy, and solve it."""
    import cvxpy as cp

    matrix, weights = problem.design, problem.observation_weights
    if problem.intercept:
        matrix = np.column_stack([matrix, np.ones(len(matrix))])
    x = cp.Variable(matrix.shape[1])
    residual = problem.data - matrix @ x
    objective = cp.sum_squares(residual if weights is None else cp.multiply(np.sqrt(weights), residual))
    if problem.penalties.any():
        objective = objective + problem.penalties @ cp.abs(x)
    if problem.ridge.any():
        objective = objective + problem.ridge @ cp.square(x)
    constraints = [x[list(problem.nonnegative)] >= 0] if problem.nonnegative else []
    cp.Problem(cp.Minimize(objective), constraints).solve(solver=name.removeprefix(_CVXPY).upper(), warm_start=False)
    if x.value is None:
        raise DataError("no answer")
    return x.value


def solvers() -> dict[str, list[Solve]]:
    """For each registered solver of the LASSO that is installed, how it is asked, the first way that fits."""
    found: dict[str, list[Solve]] = {}
    for name, entry in REGISTRY.items():
        if "lasso" in entry.build and entry.available and name not in _KNOW_THE_CLASS:
            found[name] = [partial(registered, name)]
            if name in _ESTIMATORS:
                found[name].append(partial(estimator, name))
            if name.startswith(_CVXPY):
                found[name].append(partial(cvxpy_problem, name))
    return found


class _Limit:
    """Raises TimeoutError after so many seconds of a processor, and knows that it did, whoever catches it.

    For systems that have such alarms, and solvers that return to Python.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds, self.is_over = seconds, False

    def _stop(self, *_: object) -> None:
        self.is_over = True
        raise TimeoutError

    def __enter__(self) -> _Limit:
        self._before = signal.signal(signal.SIGPROF, self._stop)
        signal.setitimer(signal.ITIMER_PROF, self._seconds)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)


def digits(ways: Sequence[Solve], problem: ReferenceProblem, *, seconds: float = SECONDS) -> str:
    """The digits that a solver reaches: `all` if the answer is exact, `-` if it cannot be told the problem."""
    limit = _Limit(seconds)
    try:
        with limit, warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            if problem.is_plain:
                answer = ways[0](problem)
            elif len(ways) > 1:
                answer = ways[1](problem)
            else:
                return "-"
        reached = problem.digits(answer)
        return "all" if reached == MOST_DIGITS else str(reached)
    except NotImplementedError:
        return "-"
    except Exception as error:
        if limit.is_over:
            return "late"
        # cvxpy's error of a solver derives from Exception alone
        expected = (SciBarriersError, ValueError, ArithmeticError, RuntimeError)
        if not isinstance(error, expected) and type(error).__name__ != "SolverError":
            raise
        return "none"


def table(
    problems: Sequence[ReferenceProblem], names: Sequence[str] = (), tell: Callable[[str], None] = print
) -> list[str]:
    """The table of these solvers, or all, as markdown, by difficulty."""
    asked = {name: ways for name, ways in solvers().items() if not names or name in names}
    lines = ["| data set | class | " + " | ".join(asked) + " |", "|---" * (2 + len(asked)) + "|"]
    order = ("lower", "average", "higher", "several")
    for problem in sorted(problems, key=lambda problem: order.index(problem.difficulty)):
        cells = [digits(ways, problem) for ways in asked.values()]
        lines.append(f"| {problem.name} | {problem.difficulty} | " + " | ".join(cells) + " |")
        tell(lines[-1])
    return lines


def setting() -> str:
    """What was used."""
    packages = ("scikit-learn", "cvxpy", "clarabel", "scs", "osqp", "highspy", "ecos", "celer", "skglm", "statsmodels")
    return ", ".join(f"{package} {metadata.version(package)}" for package in (*packages, "numpy") if _has(package))


def _has(package: str) -> bool:
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return False


def main(arguments: list[str] | None = None) -> None:
    """Ask the solvers, and print or write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="three data sets: a smoke test")
    parser.add_argument("--only", action="append", default=[], metavar="SOLVER", help="this one; may be repeated")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="rewrite the table in this file")
    options = parser.parse_args(arguments)
    problems = reference_problems()
    if options.quick:
        problems = [problem for problem in problems if problem.name in ("twins-2", "gauss-20x10", "ridge-20x30")]
    text = "\n".join([*table(problems, options.only), "", f"With {setting()}."]) + "\n"
    if options.markdown is None:
        print(text)
    else:
        write_markdown(options.markdown, text, marker=MARKER)


if __name__ == "__main__":
    main()
