"""What a class shows of itself is one short line, and an escaped table, whatever it holds."""

import dataclasses
import functools
import importlib
import inspect
import pkgutil

import numpy as np
import pytest
from flint import fmpq, fmpz_mat

import exact_base
import firenet_exact
import sci_barriers
from exact_base.matrices import exact_matrix
from exact_base.reprs import LIMIT, brief, short_repr
from exact_base.scalars import QuadraticNumber
from firenet_exact import Levels, by_coherence, certify_recovery, decide, operator_norm
from sci_barriers import Lasso, OmegaClass, challenge, load_candidate, sequential_algorithm, solve_exactly
from sci_barriers.players.algorithm import Candidate
from sci_barriers.testing.known import solved

PACKAGES = (exact_base, firenet_exact, sci_barriers)


def public_dataclasses():
    """Every public dataclass of the packages, but those of the commands and of the survey's ledger."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not {"commands", "survey", "__main__", "worker"} & set(found.name.split(".")):
                for name, value in vars(importlib.import_module(found.name)).items():
                    own = inspect.isclass(value) and value.__module__ == found.name
                    if own and not name.startswith("_") and dataclasses.is_dataclass(value):
                        yield value


CLASSES = sorted(public_dataclasses(), key=lambda cls: (cls.__module__, cls.__name__))
HUGE = fmpq(3**4000, 2**5000)
FILLINGS = {
    "text": "<script>\n\u202e&" * 999,
    "number": HUGE,
    "array": np.full((40, 30), HUGE, dtype=object),
    "items": ("<b>" * 50,) * 5000,
    "matrix": fmpz_mat(30, 30),
    "nested": Lasso([[1] * 400] * 3, [HUGE] * 3, parameter=HUGE),
}


def filled(cls, value):
    """An object with the same value in every field, past its checks."""
    made = object.__new__(cls)
    for field in dataclasses.fields(cls):
        object.__setattr__(made, field.name, value)
    return made


def test_there_are_classes_to_try():
    names = {cls.__name__ for cls in CLASSES}
    assert names >= {"ControlResult", "Challenge", "Verdict", "Solution", "Recovery", "FamilyBound", "Minimiser", "Levels"}


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_a_class_has_a_short_line_of_its_own(cls):
    generated = "dataclasses" in getattr(inspect.unwrap(cls.__repr__), "__module__", "") or hasattr(
        cls.__repr__, "__wrapped__"
    )
    assert not generated
    if hasattr(cls, "_repr_html_") and cls.__name__ not in ("ControlResult", "ControlRun", "Verdict", "FamilyBound"):
        for value in FILLINGS.values():
            made = filled(cls, value)
            text = repr(made)
            assert len(text) <= LIMIT and text.isprintable() and text.startswith(cls.__name__)
            assert "<script>" not in made._repr_html_() and "<b>" not in made._repr_html_()


WIDE = exact_matrix(np.eye(40, 60))


@functools.cache
def found():
    """Real objects, the larger the better, of the classes that show more than their fields."""
    omega = OmegaClass("lasso", 2, digits=6)
    play = challenge(load_candidate("ista") if False else Candidate(own(), name="<b>mine</b>"), omega)
    problem = Lasso([[1] * 400] * 3, [HUGE] * 3, parameter=HUGE)
    small = Lasso([[1, "1/2"], [0, 1]], [2, 1], parameter="1/4")
    verdict = decide(exact_matrix(np.eye(3)), Levels.of([3], [1]))
    return {
        "challenge": play,
        "control": play.control,
        "run": play.control.first,
        "game": play.game,
        "problem": problem,
        "minimiser": solve_exactly(small),
        "known": solved(small),
        "verdict": verdict,
        "matrix": WIDE,
        "norm": operator_norm(exact_matrix(np.eye(3))),
    }


def own():
    @sequential_algorithm
    def answer(data):
        read = data.read(k=1, n=20)
        return read.point

    return answer
