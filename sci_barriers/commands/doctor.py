"""The command `doctor`."""

from __future__ import annotations

import ctypes
import importlib.util
import platform
import re
import sys
from importlib import metadata
from typing import Any

from exact_base.terminal import Answer, Listing, Shown
from sci_barriers.isolation.process import missing_for_workers

__all__ = ["doctor_command"]

_DISTRIBUTION = "sci-barriers"
_ALLOWS = {
    "solvers": "challenge scikit-learn, cvxpy and its open solvers",
    "more-solvers": "challenge larger and younger solvers",
    "proofs": "python -m proofs_checks.lemmas",
    "files": "parquet files, tables of pandas, and MATLAB files of version 7.3",
    "images": "firenet-exact mask --picture; Fourier samples",
    "report": "pictures: --plot, solve --out, table1 --out",
    "testing": "sci_barriers.testing, and the marker of pytest",
    "distributed": "survey --scheduler",
    "dev": "work on this project",
}


def doctor_command() -> Answer:
    """Say what is installed here, what is missing, and what that allows."""
    required, extras = _distributions()
    packages = [{"name": name, "version": _version(name)} for name in (_DISTRIBUTION, *required)]
    groups = [_extra(name, members) for name, members in extras.items()]
    features = _features()
    rows = [(name, _version(name) or "missing") for name in (_DISTRIBUTION, *required)]
    parts = [
        (one["name"], "yes" if not one["missing"] else f"without {', '.join(one['missing'])}", one["allows"])
        for one in groups
    ]
    told = [(one["name"], "yes" if one["present"] else "no", one["allows"]) for one in features]
    shown: list[Shown] = [
        f"Python {platform.python_version()} on {platform.system()}, {platform.machine()}: {sys.executable}",
        Listing(("needed", "version"), rows),
        Listing(("extra", "installed", "what it allows"), parts),
        Listing(("of the system", "here", "what it allows"), told),
        *[f"pip install 'sci-barriers[{one['name']}]'" for one in groups if one["missing"] and one["name"] != "dev"],
    ]
    data = {
        "python": platform.python_version(),
        "system": platform.system(),
        "executable": sys.executable,
        "packages": packages,
        "extras": groups,
        "features": features,
    }
    return Answer(data, shown)


def _distributions() -> tuple[list[str], dict[str, list[str]]]:
    """Return what is needed, and the members of each extra, for this version of Python, as they were installed."""
    try:
        lines = metadata.requires(_DISTRIBUTION) or []
        extras: dict[str, list[str]] = {
            name: [] for name in metadata.metadata(_DISTRIBUTION).get_all("Provides-Extra") or []
        }
    except metadata.PackageNotFoundError:
        return [], {}
    required: list[str] = []
    included: dict[str, list[str]] = {}
    for line in lines:
        wanted, _, marker = line.partition(";")
        if not _for_this_python(marker):
            continue
        name = re.split(r"[\s<>=!~\[(]", wanted.strip(), maxsplit=1)[0]
        extra = re.search(r"extra\s*==\s*['\"]([\w.-]+)['\"]", marker)
        if extra is None:
            required.append(name)
        elif name == _DISTRIBUTION:
            included[extra[1]] = re.findall(r"[\w-]+", wanted.partition("[")[2].partition("]")[0])
        else:
            extras.setdefault(extra[1], []).append(name)
    for name, others in included.items():
        extras[name] = sorted({*extras[name], *(one for other in others for one in extras.get(other, []))})
    return required, {name: extras[name] for name in extras}


def _for_this_python(marker: str) -> bool:
    """Return whether a requirement belongs to this version of Python, all that the markers here ask besides."""
    found = re.search(r"python_version\s*<\s*['\"](\d+)\.(\d+)['\"]", marker)
    return found is None or sys.version_info[:2] < (int(found[1]), int(found[2]))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _extra(name: str, members: list[str]) -> dict[str, Any]:
    found = {member: _version(member) for member in members}
    return {
        "name": name,
        "versions": {member: version for member, version in found.items() if version is not None},
        "missing": [member for member, version in found.items() if version is None],
        "allows": _ALLOWS.get(name, ""),
    }


def _features() -> list[dict[str, Any]]:
    """Return what the system has that some commands need."""
    workers = missing_for_workers()
    return [
        {
            "name": "worker processes",
            "present": not workers,
            "allows": "solvers in processes of their own, with limits" + (f"; {workers}" if workers else ""),
        },
        {
            "name": "child subreaper",
            "present": not workers and hasattr(ctypes.CDLL(None), "prctl"),
            "allows": "to end all that a solver has started, too",
        },
        {
            "name": "limit of memory",
            "present": importlib.util.find_spec("resource") is not None,
            "allows": "--memory-limit",
        },
    ]
