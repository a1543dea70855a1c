"""The entry point `hypothesis`: what `st.from_type(Lasso)` and annotated arguments of `@given` mean.

Called when hypothesis is imported, and again when `sci_barriers` and its module of known problems are; the latest finds
all of them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["register"]


def register() -> None:
    """Register a strategy for each type; what makes the objects is imported when one is first drawn."""
    if sys.modules.get("sci_barriers") is None or sys.modules.get("hypothesis") is None:
        return
    from hypothesis import strategies as st

    from sci_barriers.data.inputs import Input
    from sci_barriers.omega.families import Instance, OmegaClass
    from sci_barriers.problems import BasisPursuitDenoising, Lasso, Minimiser, Problem, SqrtLasso

    for kind in (Problem, BasisPursuitDenoising, Lasso, SqrtLasso):
        st.register_type_strategy(kind, _problems)
    st.register_type_strategy(Minimiser, _minimisers)
    st.register_type_strategy(Input, _inputs)
    st.register_type_strategy(OmegaClass, _classes)
    st.register_type_strategy(Instance, _members)
    known = getattr(sys.modules.get("sci_barriers.testing.known"), "KnownProblem", None)
    if known is not None:
        st.register_type_strategy(known, _known)


def _problems(kind: type[Any]) -> SearchStrategy[Any]:
    from sci_barriers.testing import known_problems

    return known_problems(getattr(kind, "name", None)).map(lambda known: known.problem)


def _known(_: type[Any]) -> SearchStrategy[Any]:
    from sci_barriers.testing import known_problems

    return known_problems()


def _minimisers(_: type[Any]) -> SearchStrategy[Any]:
    from sci_barriers.testing import known_problems

    return known_problems().map(lambda known: known.minimiser)


def _inputs(_: type[Any]) -> SearchStrategy[Any]:
    from sci_barriers.testing import known_problems

    return known_problems().map(lambda known: known.input)


def _classes(_: type[Any]) -> SearchStrategy[Any]:
    from sci_barriers.testing import omega_classes

    return omega_classes()


def _members(_: type[Any]) -> SearchStrategy[Any]:
    from sci_barriers.testing import class_members

    return class_members()
