"""Loading what a user names: a registered solver, or an attribute of a module or file."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from exact_base.errors import UsageError
from exact_base.words import called
from sci_barriers.players.algorithm import MARK, SCALINGS, UNDECLARED, Candidate, OneShot, Player, check_scaling
from sci_barriers.players.coins import coins_of
from sci_barriers.problems import problem_type
from sci_barriers.solvers.adapter import Adapter
from sci_barriers.solvers.estimators import Estimator
from sci_barriers.solvers.registry import REGISTRY, versions

__all__ = ["as_candidate", "check_target", "load_attribute", "load_candidate"]


def load_candidate(target: str, *, problem: str, scaling: str | None = None, randomised: bool = False) -> Candidate:
    """Return the candidate called `target`: a registered name, `package.module:attr` or `file.py:attr`.

    Args:
        target: what to load.
        problem: the problem it will be asked to solve.
        scaling: objective scaling of an unregistered one-shot solver or estimator; registered ones declare theirs,
            that of a cvxpy problem is recognised, and a function marked with `sequential_algorithm` needs none.
            `UNDECLARED` for one that is still to be found out: the solver gets lam = λ.
        randomised: whether it may draw coins.

    Raises:
        UsageError: with what to do, if the target cannot be loaded or the scaling is missing or superfluous.

    >>> from sci_barriers import load_candidate
    >>> load_candidate("no-such-solver", problem="lasso")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    exact_base.errors.UsageError: unknown solver 'no-such-solver'; ...
    """
    check_target(target, problem=problem, scaling=None if scaling == UNDECLARED else scaling)
    if target in REGISTRY:
        return REGISTRY[target].candidate(problem)
    found = load_attribute(target)
    return _candidate(found, called(target), problem=problem, scaling=scaling, randomised=randomised)


def check_target(target: str, *, problem: str, scaling: str | None = None) -> None:
    """Refuse what `load_candidate` would refuse, as far as it is seen without loading anything.

    Raises:
        UsageError: with what to do.
    """
    problem_type(problem)
    if scaling is not None:
        check_scaling(scaling, problem=problem)
    if target in REGISTRY:
        if scaling is not None:
            raise UsageError(f"{target} declares its own scaling; leave --scaling out")
        REGISTRY[target].check(problem)
        return
    if ":" not in target.strip(":"):
        raise UsageError(
            f"unknown solver {target!r}; choose one of {', '.join(REGISTRY)}, "
            "or write package.module:attr or file.py:attr"
        )
    place = target.rpartition(":")[0]
    if place.endswith(".py") and not Path(place).is_file():
        raise UsageError(f"there is no file {place}")


def as_candidate(found: Any, *, problem: str, scaling: str | None = None) -> Player:
    """Return a solver that a program hands over as a candidate.

    Args:
        found: a registered name or another target of `load_candidate`, a candidate (returned as it is), a function or
            class marked with `sequential_algorithm`, an estimator, a cvxpy problem, or a function f(A, y, lam) -> x.
        problem: the problem it will be asked to solve.
        scaling: objective scaling of a function f(A, y, lam) or an estimator; the others need none.

    Raises:
        UsageError: with what to do, if it is none of these, or the scaling is missing or superfluous.
    """
    problem_type(problem)
    if isinstance(found, str):
        return load_candidate(found, problem=problem, scaling=scaling)
    if hasattr(found, "run") and hasattr(found, "versions"):
        if scaling is not None:
            raise UsageError(f"the candidate {found.name} has its scaling already; leave it out")
        player: Player = found
        return player
    target = f"{getattr(found, '__module__', '')}:{getattr(found, '__qualname__', type(found).__name__)}"
    return _candidate(found, target, problem=problem, scaling=scaling)


def _candidate(found: Any, target: str, *, problem: str, scaling: str | None, randomised: bool = False) -> Candidate:
    if coins_of(found) is not None and not randomised:
        raise UsageError(f"{target} is a randomised algorithm; play it with sci-barriers randomised")
    if getattr(found, MARK, False):
        return Candidate(target, found() if isinstance(found, type) else found)
    if scaling in (None, UNDECLARED) and (adapter := _cvxpy_adapter(found, target, problem)):
        return Candidate(target, adapter, versions("cvxpy"))
    if scaling == UNDECLARED and problem != "lasso":
        scaling = "stated"  # the only one there is
    if scaling is None:
        choices = "; ".join(f"{name}: {meaning}" for name, meaning in SCALINGS.items())
        raise UsageError(
            f"{target} is not registered, so say what its objective is with scaling= or --scaling: {choices}"
        )
    if scaling != UNDECLARED:
        check_scaling(scaling, problem=problem)
    if hasattr(found, "fit"):
        if not hasattr(found, "get_params"):
            raise UsageError(f"{target} has fit but not get_params, so it cannot be copied and given its parameter")
        return Candidate(target, Estimator(found, scaling))
    if not callable(found):
        raise UsageError(f"{target} is neither a function f(A, y, lam) nor an estimator with fit")
    return Candidate(target, OneShot(found, scaling))


def load_attribute(target: str) -> Any:
    """Return what `package.module:attr` or `file.py:attr` names; the module is executed in this process.

    Raises:
        UsageError: if the target is not of this form, or cannot be loaded.
    """
    place, separator, attribute = target.rpartition(":")
    if not separator or not place or not attribute:
        raise UsageError(f"{target!r} names no attribute; write package.module:attr or file.py:attr")
    module = _load_file(place) if place.endswith(".py") else _load_module(place)
    found: Any = getattr(module, attribute, None)
    if found is None:
        raise UsageError(f"{place} has no attribute {attribute!r}")
    return found


def _cvxpy_adapter(found: Any, target: str, problem: str) -> Adapter | None:
    """Return the algorithm of a cvxpy problem; only code that has loaded cvxpy can hand one over."""
    if "cvxpy" not in sys.modules or hasattr(found, "fit"):
        return None
    from sci_barriers.solvers.cvxpy_recognition import recognise

    return recognise(found, target=target, problem=problem)


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
