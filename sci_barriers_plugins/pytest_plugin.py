"""The pytest plugin: marker and fixture `sci_barrier`, option `--sci-barriers-certificates`. See docs/testing.md."""

from __future__ import annotations

import hashlib
import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sci_barriers.testing.adversary import Adversary

_MARKER = "sci_barrier"
_OPTION = "sci_barriers_certificates"
_HELP = (
    "sci_barrier(digits=K, problem='lasso', rows=21, columns=22, family='strong', disguise=False, parameter=None, "
    "access='query', precision=60): hand the test the adversary of a class of inputs on which no algorithm reaches K "
    "digits, as the fixture sci_barrier; digits and problem may be lists, which makes one test of each."
)
_NAMES = ("digits", "problem", "rows", "columns", "family", "disguise", "parameter", "access", "precision")
_MAX_NAME = 120


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("sci-barriers")
    group.addoption(
        "--sci-barriers-certificates",
        dest=_OPTION,
        type=Path,
        metavar="DIR",
        help="write the certificates of failed tests to this directory, and say in the failure how to check them",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", _HELP)


def _wanted(item: pytest.Function) -> list[dict[str, Any]] | None:
    """Return the arguments of each adversary a test asks for, or None if it has no marker."""
    marker = item.get_closest_marker(_MARKER)
    if marker is None:
        return None
    unknown = [name for name in marker.kwargs if name not in _NAMES]
    if marker.args or unknown or "digits" not in marker.kwargs:
        shown = ", ".join(map(repr, [*marker.args, *unknown])) or "no digits"
        raise pytest.UsageError(f"{item.nodeid}: the marker {_MARKER} takes digits=K and {_NAMES[1:]}, got {shown}")
    arguments: dict[str, Any] = {"problem": "lasso", **marker.kwargs}
    lists = [
        value if isinstance(value, (list, tuple)) else [value] for value in (arguments["problem"], arguments["digits"])
    ]
    return [arguments | {"problem": problem, "digits": digits} for problem, digits in itertools.product(*lists)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each problem and number of digits."""
    wanted = _wanted(metafunc.definition)
    asks = _MARKER in metafunc.fixturenames
    if wanted is None and asks:
        raise pytest.UsageError(
            f"{metafunc.definition.nodeid}: the fixture {_MARKER} needs the marker @pytest.mark.{_MARKER}(digits=K)"
        )
    if wanted is not None and not asks:
        raise pytest.UsageError(
            f"{metafunc.definition.nodeid}: a test with the marker {_MARKER} must take the fixture {_MARKER}"
        )
    if wanted is not None:
        names = [f"{arguments['problem']}-K{arguments['digits']}" for arguments in wanted]
        metafunc.parametrize(_MARKER, wanted, ids=names, indirect=True)


@pytest.fixture
def sci_barrier(request: pytest.FixtureRequest) -> Adversary:
    """The adversary of the class that the marker `sci_barrier` describes."""
    from sci_barriers.testing.adversary import Adversary

    adversary = Adversary.create(**request.param)
    request.node.stash[_ADVERSARY] = adversary
    return adversary


_ADVERSARY: pytest.StashKey[Any] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Write the certificates of a failed test, and note in the failure how to check them."""
    if call.when == "call" and call.excinfo is not None and not call.excinfo.errisinstance(_NO_FAILURES):
        error = call.excinfo.value
        found = _certificates(item, error)
        directory = item.config.getoption(_OPTION)
        if found and directory is None:
            error.add_note("a certificate of this can be written: run pytest with --sci-barriers-certificates DIR")
        elif found:
            _write(item, error, directory, found)
    return (yield)


_NO_FAILURES = (pytest.skip.Exception, pytest.xfail.Exception, pytest.exit.Exception)


def _certificates(item: pytest.Item, error: BaseException) -> dict[str, bytes]:
    """Return what the failure carries and what the adversary of the test has played, by a name for each."""
    found: dict[str, bytes] = {}
    for leaf in _leaves(error):
        kind, content = getattr(leaf, "kind", None), getattr(leaf, "certificate", None)
        if isinstance(kind, str) and isinstance(content, bytes):
            found[kind if kind not in found else f"{kind}-{len(found) + 1}"] = content
    adversary = item.stash.get(_ADVERSARY, None)
    if adversary is not None:
        for name, content in adversary.certificates().items():
            if content not in found.values():
                found[name] = content
    return found


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _leaves(part)
    else:
        yield error


def _write(item: pytest.Item, error: BaseException, directory: Path, found: dict[str, bytes]) -> None:
    from proofs_checks.certificate import write_atomic

    stem = re.sub(r"[^A-Za-z0-9]+", "-", item.nodeid).strip("-").lower()
    if len(stem) > _MAX_NAME:
        stem = f"{stem[:_MAX_NAME]}-{hashlib.sha256(item.nodeid.encode()).hexdigest()[:12]}"
    paths = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in found.items():
            paths.append(directory / f"{stem}.{name}.cert.json")
            write_atomic(paths[-1], content)
    except OSError as problem:
        error.add_note(f"no certificate was written to {directory}: {problem.strerror or problem}")
        return
    error.add_note(f"check with: proofs-checks verify {' '.join(shlex.quote(str(path)) for path in paths)}")
