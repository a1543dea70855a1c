from pathlib import Path

import pytest
from hypothesis import settings

# The first call of a property may import a solver or compile: time is no part of a property.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return Path(__file__).resolve().parent.parent
