"""The pytest plugin: marker and fixture `sci_barrier`, option `--sci-barriers-certificates`. See docs/testing.md."""

from __future__ import annotations

import hashlib
import itertools
import re
import shlex
from collections.abc import Generator, Iterator
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


def _wanted(marker: pytest.Mark) -> list[dict[str, Any]] | str:
    """Return the arguments of each adversary that a marker asks for, or what is wrong with it."""
    unknown = [name for name in marker.kwargs if name not in _NAMES]
    if marker.args or unknown or "digits" not in marker.kwargs:
        shown = ", ".join(map(repr, [*marker.args, *unknown])) or "no digits"
        return f"the marker {_MARKER} takes digits=K and {', '.join(_NAMES[1:])}, got {shown}"
    arguments: dict[str, Any] = {"problem": "lasso", **marker.kwargs}
    lists = [
        value if isinstance(value, (list, tuple)) else [value] for value in (arguments["problem"], arguments["digits"])
    ]
    wanted = [arguments | {"problem": problem, "digits": digits} for problem, digits in itertools.product(*lists)]
    return wanted or f"the marker {_MARKER} takes one or more digits and problems, got an empty list"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each problem and K; the marker of a class or module is for its tests with the fixture.

    A marker that is wrong makes one test, which fails with what is wrong: all others are there to run.
    """
    marker = metafunc.definition.get_closest_marker(_MARKER)
    if marker is None or _MARKER not in metafunc.fixturenames:
        return
    wanted = _wanted(marker)
    if isinstance(wanted, str):
        metafunc.parametrize(_MARKER, [wanted], ids=["wrong-marker"], indirect=True)
    else:
        names = [f"{arguments['problem']}-K{arguments['digits']}" for arguments in wanted]
        metafunc.parametrize(_MARKER, wanted, ids=names, indirect=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test that has a marker of its own and would not use it."""
    if any(own.name == _MARKER for own in item.own_markers) and _MARKER not in getattr(item, "fixturenames", ()):
        pytest.fail(f"a test with the marker {_MARKER} must take the fixture {_MARKER}", pytrace=False)


@pytest.fixture
def sci_barrier(request: pytest.FixtureRequest) -> Adversary:
    """The adversary of the class that the marker `sci_barrier` describes."""
    wanted = getattr(request, "param", f"the fixture {_MARKER} needs the marker @pytest.mark.{_MARKER}(digits=K)")
    if isinstance(wanted, str):
        pytest.fail(wanted, pytrace=False)
    from proofs_checks.certificate.reading import SciBarriersError

    try:
        from sci_barriers.testing.adversary import Adversary

        adversary = Adversary.create(**wanted)
    except (ImportError, SciBarriersError, TypeError, ValueError) as error:
        wrong = f"the marker {_MARKER}: {error}"
    else:
        request.node.stash[_ADVERSARY] = adversary
        return adversary
    pytest.fail(wrong, pytrace=False)  # outside of the handler, whose error pytest would show as well


_ADVERSARY: pytest.StashKey[Any] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Write the certificates of a failed test, and note in the failure how to check them."""
    if call.when == "call" and call.excinfo is not None and not call.excinfo.errisinstance(_NO_FAILURES):
        error = call.excinfo.value
        carried = [leaf for leaf in _leaves(error) if getattr(leaf, "kind", "") and hasattr(leaf, "certificate")]
        adversary = item.stash.get(_ADVERSARY, None)
        directory = item.config.getoption(_OPTION)
        if directory is None:
            if carried or (adversary is not None and adversary.played):
                error.add_note("a certificate of this can be written: run pytest with --sci-barriers-certificates DIR")
        else:
            try:
                _write(item, error, directory, _certificates(carried, adversary))
            except Exception as problem:  # the test's own failure is what must be seen
                error.add_note(f"no certificate was written to {directory}: {problem}")
    return (yield)


_NO_FAILURES = (pytest.skip.Exception, pytest.xfail.Exception, pytest.exit.Exception)


def _certificates(carried: list[Any], adversary: Adversary | None) -> dict[str, bytes]:
    """Return what the failures carry and what the adversary of the test has played, by a name for each."""
    found: dict[str, bytes] = {}
    for leaf in carried:
        found[leaf.kind if leaf.kind not in found else f"{leaf.kind}-{len(found) + 1}"] = leaf.certificate
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
    if not found:
        return
    from proofs_checks.certificate.writing import write_atomic

    stem = re.sub(r"[^A-Za-z0-9]+", "-", item.nodeid).strip("-").lower()
    if len(stem) > _MAX_NAME:
        stem = f"{stem[:_MAX_NAME]}-{hashlib.sha256(item.nodeid.encode()).hexdigest()[:12]}"
    directory.mkdir(parents=True, exist_ok=True)
    paths = [directory / f"{stem}.{name}.cert.json" for name in found]
    for path, content in zip(paths, found.values(), strict=True):
        write_atomic(path, content)
    error.add_note(f"check with: proofs-checks verify {' '.join(shlex.quote(str(path)) for path in paths)}")
