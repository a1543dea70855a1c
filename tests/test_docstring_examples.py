"""The examples in the docstrings of the faces' names run, and give what they say."""

import doctest
import importlib
import inspect

import pytest

import firenet_exact
import proofs_checks
import sci_barriers


def examples():
    for face in (sci_barriers, firenet_exact, proofs_checks):
        for name in face._HOMES:
            value = getattr(face, name)
            module = importlib.import_module(value.__module__)
            text = inspect.getdoc(value) or ""
            found = doctest.DocTestParser().get_doctest(text, dict(vars(module)), name, module.__file__, 0)
            if found.examples:
                yield pytest.param(found, id=f"{face.__name__}.{name}")


EXAMPLES = list(examples())


def test_there_are_examples():
    names = {parameter.id for parameter in EXAMPLES}
    needed = ("OmegaClass", "challenge", "barrier_certificate", "load_candidate", "Lasso", "solve_exactly")
    assert {f"sci_barriers.{name}" for name in needed} <= names and len(names) >= 25


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_gives_what_it_says(example):
    failed, tried = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example)
    assert (failed, tried) == (0, len(example.examples))
