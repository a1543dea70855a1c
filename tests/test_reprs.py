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
from exact_base.reprs import LIMIT, brief
from firenet_exact import Levels, decide
from sci_barriers import Candidate, Lasso, OmegaClass, challenge, sequential_algorithm, solve_exactly
from sci_barriers.data.training_data import Triple
from sci_barriers.testing.known import solved

BY_PROPERTY = {"ControlResult", "ControlRun", "Verdict", "FamilyBound"}
"""What shows a property as well, and needs real fields for it."""


def public_dataclasses():
    """Every public dataclass of the packages, but what the commands alone use, and the ledger of a survey."""
    for package in (exact_base, firenet_exact, sci_barriers):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not {"commands", "survey", "__main__", "worker", "files", "terminal"} & set(found.name.split(".")):
                for name, value in vars(importlib.import_module(found.name)).items():
                    own = inspect.isclass(value) and value.__module__ == found.name
                    if own and not name.startswith("_") and dataclasses.is_dataclass(value):
                        yield value


CLASSES = {f"{cls.__module__}.{cls.__name__}": cls for cls in public_dataclasses()}
HUGE = fmpq(3**4000, 2**5000)
LARGE = Lasso([[1] * 400] * 3, [HUGE] * 3, parameter=HUGE)
FILLINGS = {
    "text": "<script>\n\u202e&" * 999,
    "number": HUGE,
    "array": np.full((40, 30), HUGE, dtype=object),
    "items": ("<b>" * 50,) * 5000,
    "matrix": fmpz_mat(30, 30),
    "nested": LARGE,
}


def filled(cls, value):
    """An object with the same value in every field, past its checks."""
    made = object.__new__(cls)
    for field in dataclasses.fields(cls):
        object.__setattr__(made, field.name, value)
    return made


def test_there_are_classes_to_try():
    names = {cls.__name__ for cls in CLASSES.values()}
    assert names >= {"Challenge", "Solution", "Recovery", "NullSpaceProperty", "Minimiser", "Levels"} | BY_PROPERTY


def test_every_dataclass_says_what_it_shows():
    """Python's own line has no end, and names what stands on the class itself."""
    assert [name for name, cls in CLASSES.items() if hasattr(cls.__repr__, "__wrapped__")] == []


@pytest.mark.parametrize(
    "name", [n for n, cls in CLASSES.items() if hasattr(cls, "_repr_html_") and not inspect.isabstract(cls)]
)
def test_a_class_has_a_short_line_and_no_markup_of_others(name):
    cls = CLASSES[name]
    for value in FILLINGS.values() if cls.__name__ not in BY_PROPERTY else ():
        made = filled(cls, value)
        assert len(repr(made)) <= LIMIT and repr(made).isprintable() and repr(made).startswith(f"{cls.__name__}(")
        assert "<script>" not in made._repr_html_() and "<b>" not in made._repr_html_()


@sequential_algorithm
def reader(data):
    return data.read(k=1, n=20).point


@functools.cache
def found():
    """Objects that were really made, of the classes that show more than their fields, or are no table."""
    play = challenge(Candidate("<b>mine</b>", reader), OmegaClass.create("lasso", digits=6))
    small = Lasso([[1, "1/2"], [0, 1]], [2, 1], parameter="1/4")
    return {
        "Challenge": play,
        "ControlResult": play.control,
        "ControlRun": play.control.first,
        "GameResult": play.game,
        "Lasso": LARGE,
        "Minimiser": solve_exactly(small),
        "Verdict": decide(exact_matrix([[1, 0], [0, 1]]), Levels.of([2], [1]), method="coherence"),
        "ExactMatrix": exact_matrix(np.eye(40, 60)),
        "<datum": Triple(k=1, n=10, matrix=np.eye(2), data=LARGE.data, point=LARGE.weights),
        "<KnownProblem": solved(Lasso([[1] * 2, [HUGE, 1]], [HUGE, 1], parameter="1/4")),
    }


@pytest.mark.parametrize("start", sorted(found()))
def test_what_is_made_is_shown_in_a_line(start):
    made = found()[start]
    assert repr(made).startswith(start) and len(repr(made)) <= LIMIT and repr(made).isprintable()
    if not start.startswith("<"):
        assert "<b>" not in made._repr_html_() and made._repr_html_().startswith("<table>")


def test_a_verdict_comes_first():
    assert repr(found()["ControlResult"]).startswith("ControlResult(verdict='")
    assert repr(found()["Verdict"]).startswith("Verdict(word='certified'")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (fmpq(1, 3), "1/3"),
        (fmpq(10**40, 3), "about 3.333e+39"),
        ("a\nb", r"'a\\nb'"),
        (np.zeros((2, 3)), "<2 x 3 array>"),
        ((1, fmpq(1, 2)), "(1, 1/2)"),
        ((fmpq(1, 2),) * 7, "<7 fmpq>"),
        ({"a": 1}, "<1 entries>"),
        (None, "None"),
        (True, "True"),
        (0.5, "0.5"),
        (len, "<len>"),
        (Levels.of([2], [1]), "Levels(ends=(2), sparsities=(1), weights=(1))"),
        (LARGE, "<Lasso>"),
    ],
)
def test_values_in_brief(value, text):
    assert brief(value) == text
