"""The examples in the docstrings of the faces' names run, and give what they say."""

import doctest
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable
from typing import get_origin

import pytest

import exact_base
import firenet_exact
import firenet_exact.best_constants
import firenet_exact.imaging.forward
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


def examples_of(module):
    """The examples of all docstrings of a module, also of names that are on no face."""
    return [found for found in doctest.DocTestFinder().find(module) if found.examples]


def modules_of(package):
    names = [found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]


def failing(modules):
    examples = [example for module in modules for example in examples_of(module)]
    assert examples
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    return [example.name for example in examples if runner.run(example).failed]


def test_examples_that_are_on_no_face():
    names = ("firenet_exact.best_constants", "firenet_exact.imaging.forward")
    assert failing([sys.modules[name] for name in names]) == []


@pytest.mark.slow
@pytest.mark.parametrize("package", [exact_base, firenet_exact, proofs_checks, sci_barriers], ids=lambda x: x.__name__)
def test_all_examples(package):
    assert failing(modules_of(package)) == []
