"""Python code that makes a problem exactly and calls a solver again, to be pasted from a failure into a test."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from exact_base.decimals import about
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Real, Scalar, imaginary_part, real_part
from sci_barriers.omega.families import Instance, OmegaClass
from sci_barriers.problems import Problem
from sci_barriers.testing.known import KnownProblem

__all__ = ["Call", "barrier_example", "digits_example", "short_vector", "words_of"]

_ENTRIES = 8
_WRITTEN = 1000
"""Entries of an array that are written out."""
_CHARACTERS = 12
"""Characters of a number that is shown as it is."""


@short_repr()
@dataclass(frozen=True)
class Call:
    """How a solver was called: as it was handed over, with its options; `oracle` if the data come from one by hand."""

    solver: Any
    scaling: str | None = None
    access: str = "query"
    precision: int = 60
    oracle: bool = False

    def options(self) -> str:
        """The options that are not the defaults, as arguments."""
        given = {"scaling": self.scaling, "access": self.access, "precision": self.precision}
        usual = {"scaling": None, "access": "query", "precision": 60}
        return "".join(f", {name}={value!r}" for name, value in given.items() if value != usual[name])


def digits_example(call: Call, problem: KnownProblem | OmegaClass, digits: int) -> str | None:
    """Return code that calls `assert_digits`, or None if the problem or its data cannot be written in a few lines."""
    if call.oracle:
        return None
    return _code(call, problem, "assert_digits", f", {digits}")


def barrier_example(call: Call, omega: OmegaClass) -> str | None:
    """Return code that calls `assert_barrier`."""
    return _code(call, omega, "assert_barrier", "")


def _code(call: Call, problem: KnownProblem | OmegaClass, function: str, more: str) -> str | None:
    made = _class(problem) if isinstance(problem, OmegaClass) else _problem(problem)
    if made is None:
        return None
    source, solver = _solver(call.solver)
    lines = [
        f"from sci_barriers import {made.partition('.')[0].partition('(')[0]}",
        f"from sci_barriers.testing import {function}",
        *source,
        "",
        f"problem = {made}",
        f"{function}({solver}, problem{more}{call.options()})",
    ]
    return "\n".join(lines)


def _solver(solver: Any) -> tuple[list[str], str]:
    """Return the line that makes a solver, and its name; what cannot be imported is left to the reader."""
    if isinstance(solver, str):
        return [], repr(solver)
    module, name = getattr(solver, "__module__", None), getattr(solver, "__qualname__", "")
    if name.isidentifier() and getattr(sys.modules.get(module or ""), name, None) is solver:
        return ([] if module == "__main__" else [f"from {module} import {name}"]), name
    return [f"solver = ...  # your {name or type(solver).__name__}"], "solver"


def _problem(known: KnownProblem) -> str | None:
    if known.instance is not None:
        return _instance(known.instance)
    problem = known.problem
    numbers = (problem.matrix, problem.data, problem.weights)
    if problem.matrix.size > _WRITTEN or not all(isinstance(v, fmpq) for array in numbers for v in array.flat):
        return None
    return problem.in_full()


def _instance(instance: Instance) -> str | None:
    omega, made = instance.omega, _class(instance.omega)
    if instance == omega.control():
        return f"{made}.control()"
    if instance == omega.control(last=True):
        return f"{made}.control(last=True)"
    if instance == omega.tie():
        return f"{made}.tie()"
    (largest, *others), q = instance.argmax, instance.exponent
    if others or instance != omega.member(i=largest + 1, q=q):
        return None
    return f"{made}.member(i={largest + 1}, q={q})"


def _class(omega: OmegaClass) -> str:
    given: dict[str, Any] = {"digits": omega.digits, "rows": omega.rows, "columns": omega.columns}
    if omega.family != "strong":
        given["family"] = omega.family
    if omega.householder is not None:
        given["disguise"] = omega.householder
    usual = OmegaClass.create(omega.problem, **given)
    if omega.parameter != usual.parameter:
        given["parameter"] = str(omega.parameter)
    if omega.alpha != OmegaClass.create(omega.problem, **given).alpha:
        given["alpha"] = str(omega.alpha)
    arguments = "".join(f", {name}={value!r}" for name, value in given.items())
    return f"OmegaClass.create({omega.problem!r}{arguments})"


# --- numbers for a reader ------------------------------------------------------------------------------------------


def _short(value: Real) -> str:
    """Return a number as it is if that is short, and otherwise about how large it is."""
    text = str(value)
    return f"= {text}" if len(text) <= _CHARACTERS else f"about {about(value)}"


def short_vector(vector: ExactArray) -> str:
    """Return the first entries of a vector, each to a few digits, and how many more there are."""
    more = f", ... ({len(vector)} entries)" if len(vector) > _ENTRIES else ""
    return f"[{', '.join(map(_about, vector[:_ENTRIES]))}{more}]"


def _about(value: Scalar) -> str:
    real, imaginary = real_part(value), imaginary_part(value)
    if not imaginary:
        return _decimal(real)
    return f"{_decimal(real)}{'' if imaginary < 0 else '+'}{_decimal(imaginary)}i"


def _decimal(value: Real) -> str:
    return about(value) if value else "0"


def words_of(problem: Problem) -> str:
    """Return a problem in a few words: its name, its size and its parameter."""
    size = f"{problem.rows} x {problem.columns}"
    return f"{problem.name} ({size}, {problem.parameter_symbol} {_short(problem.parameter)})"
