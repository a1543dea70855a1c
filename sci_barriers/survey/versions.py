"""What a solver is made of, without importing it."""

from __future__ import annotations

import platform
import sys
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path

from exact_base import __version__
from exact_base.errors import UsageError
from sci_barriers.solvers import REGISTRY

__all__ = ["versions_of"]

_BASE = ("python-flint", "numpy", "scipy")


@lru_cache
def versions_of(solver: str) -> str:
    """Name the packages behind a solver with their versions; an unregistered solver counts by its source text.

    Raises:
        UsageError: if there is no such source, or it cannot be read.
    """
    names = (*(REGISTRY[solver].needs if solver in REGISTRY else ()), *_BASE)
    parts = [f"{name} {version}" for name in dict.fromkeys(names) if (version := _version(name))]
    source = [] if solver in REGISTRY else [f"source {_digest(solver)}"]
    return ", ".join([f"sci-barriers {__version__}", f"python {platform.python_version()}", *parts, *source])


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _digest(solver: str) -> str:
    digest = sha256()
    try:
        for path in _sources(solver.rpartition(":")[0]):
            digest.update(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {error.filename}: {error.strerror or error}") from None
    return digest.hexdigest()[:16]


def _sources(place: str) -> list[Path]:
    """The files of a module, or of the whole package it is in."""
    if place.endswith(".py"):
        return [Path(place)]
    top = place.partition(".")[0]
    spec = PathFinder.find_spec(top, ["", *sys.path]) if top else None
    if spec is None:
        raise UsageError(f"cannot find {place}")
    folders = spec.submodule_search_locations
    if folders:
        return sorted(path for folder in folders for path in Path(folder).rglob("*.py"))
    return [Path(spec.origin)] if spec.has_location and spec.origin else []
