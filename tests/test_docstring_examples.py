"""The examples in the docstrings of the faces' names run, and give what they say."""

import doctest
import importlib
import inspect
from collections.abc import Callable
from typing import get_origin

import pytest

import firenet_exact
import proofs_checks
import sci_barriers
import sci_barriers.testing

FACES = (sci_barriers, sci_barriers.testing, firenet_exact, proofs_checks)


def needs_an_example(value):
    """Whether it can be called to do something: it is no alias of a type, and no exception, which is caught."""
    alias, raised = get_origin(value) is not None, isinstance(value, type) and issubclass(value, BaseException)
    return callable(value) and not alias and not raised


def example_of(face, name):
    value = getattr(face, name)
    module = importlib.import_module(value.__module__)
    text = inspect.getdoc(value) or ""
    return doctest.DocTestParser().get_doctest(text, dict(vars(module)), name, module.__file__, 0)


NAMES = {f"{face.__name__}.{name}": (face, name) for face in FACES for name in face.__all__}
NEEDED = [label for label, (face, name) in NAMES.items() if needs_an_example(getattr(face, name))]


def test_what_needs_an_example():
    assert "firenet_exact.read_matrix" in NEEDED and "sci_barriers.testing.rationals" in NEEDED
    assert "sci_barriers.testing.KnownProblem" in NEEDED and "sci_barriers.testing.CertifiedFailure" not in NEEDED
    assert needs_an_example(len) and needs_an_example(dict)
    assert not any(map(needs_an_example, (ValueError, list[int], Callable[[], int], int | None, "text")))


@pytest.mark.parametrize("label", NEEDED)
def test_an_example_gives_what_it_says(label):
    example = example_of(*NAMES[label])
    assert example.examples, f"the docstring of {label} has no example"
    failed, tried = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example)
    assert (failed, tried) == (0, len(example.examples))
