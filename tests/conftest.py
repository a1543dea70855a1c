import importlib.util
import os
import signal
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from tests.selection import draw_fewer, mark_slow, named_in_vain

# Some runners of tests say how wide a screen is, and what is printed into a file is as wide as it is.
os.environ.pop("COLUMNS", None)

# The first call of a property may import a solver or compile: time is no part of a property.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

NAMED_IN_VAIN = pytest.StashKey[set[str]]()

# A shell starts what it puts into the background with interrupts ignored, and what is ignored stays so in children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def is_fast(config: pytest.Config) -> bool:
    """Whether this is the fast suite, and not the whole one, a part of it by a mark, or that of a CI service."""
    return config.getoption("markexpr") == "not slow" and "CI" not in os.environ


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[NAMED_IN_VAIN] = named_in_vain(items)
    mark_slow(items)
    if is_fast(config):
        for function in {getattr(item.obj, "__func__", item.obj) for item in items if hasattr(item, "obj")}:
            draw_fewer(function)


@pytest.fixture(scope="session")
def marked_in_vain(pytestconfig: pytest.Config) -> set[str]:
    """The cases that marks name and that there are not, in the files that were collected."""
    return pytestconfig.stash[NAMED_IN_VAIN]


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def dev(root: Path) -> ModuleType:
    """The program `dev.py`."""
    spec = importlib.util.spec_from_file_location("dev", root / "dev.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
