import os
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

# The first call of a property may import a solver or compile: time is no part of a property.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

FEWEST = 5
PART = 4


def fewer(examples: int) -> int:
    """How many of a property's examples the fast suite draws."""
    return min(examples, max(FEWEST, examples // PART))


def is_fast(config: pytest.Config) -> bool:
    """Whether this is the fast suite, and not the whole one, a part of it by a mark, or that of a CI service."""
    return config.getoption("markexpr") == "not slow" and "CI" not in os.environ


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the fast suite a property draws a quarter of the examples that its settings name for the whole suite."""
    if not is_fast(config):
        return
    for function in {getattr(item.obj, "__func__", item.obj) for item in items if hasattr(item, "obj")}:
        if is_hypothesis_test(function):
            # hypothesis has no public name for the settings of a test; its own pytest plugin reads this one
            full = function._hypothesis_internal_use_settings
            function._hypothesis_internal_use_settings = settings(full, max_examples=fewer(full.max_examples))


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return Path(__file__).resolve().parent.parent
