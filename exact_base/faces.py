"""The public names of a package, each loaded from its room when it is first asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def loader(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package whose public names live in the given rooms.

    Args:
        package: the package's `__name__`.
        homes: the module of each name. No name may be that of a module of the package: loading the module
            would put it in the place of the name.

    What it returns raises AttributeError for every other name, which says where the public names are listed.
    """

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}; see dir({package})")
        value = getattr(import_module(homes[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
