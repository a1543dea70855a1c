"""The faces of the packages: what they name is there, typed, and loaded when it is asked for."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import exact_base
import firenet_exact
import proofs_checks
import sci_barriers
import sci_barriers.testing
from exact_base.faces import loader

ROOT = Path(__file__).resolve().parent.parent
FACES = {package.__name__: package for package in (sci_barriers, sci_barriers.testing, firenet_exact, proofs_checks)}


def folder_of(package):
    return ROOT.joinpath(*package.split("."))


@pytest.mark.parametrize("name", FACES)
def test_every_name_is_there(name):
    face = FACES[name]
    for public in face._HOMES:
        value = getattr(face, public)
        assert value is getattr(importlib.import_module(value.__module__), public)
    assert set(face._HOMES) <= set(dir(face)) and dir(face) == sorted(face.__all__)
    assert len(face._HOMES) <= 44


@pytest.mark.parametrize("name", FACES)
def test_type_checkers_see_the_same_names_in_the_same_rooms(name):
    tree = ast.parse((folder_of(name) / "__init__.py").read_text(encoding="utf-8"))
    (block,) = [n for n in tree.body if isinstance(n, ast.If) and getattr(n.test, "id", "") == "TYPE_CHECKING"]
    typed = {alias.asname: node.module for node in block.body for alias in node.names}
    prefix = "proofs_checks." if name == "proofs_checks" else ""
    assert typed == {public: prefix + home for public, home in FACES[name]._HOMES.items()}


@pytest.mark.parametrize("name", FACES)
def test_no_name_is_that_of_a_module(name):
    """Importing the module would put it in the place of the name."""
    rooms = {path.stem for path in folder_of(name).iterdir()}
    assert rooms & set(FACES[name]._HOMES) == set()


@pytest.mark.parametrize("name", FACES)
def test_another_name_is_an_error(name):
    with pytest.raises(AttributeError, match=f"'{name}' has no attribute 'no_such'"):
        FACES[name].no_such  # noqa: B018


def test_a_name_is_looked_up_once():
    package = type(sys)("a_package_of_a_test")
    sys.modules[package.__name__] = package
    try:
        assert loader(package.__name__, {"loads": "json"})("loads") is json.loads
        assert vars(package)["loads"] is json.loads
    finally:
        del sys.modules[package.__name__]


@pytest.mark.parametrize("name", FACES)
def test_a_face_loads_no_room(name):
    program = f"import sys, {name}\nprint(*[m for m in sys.modules if m.startswith(('numpy', 'flint', '{name}.'))])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_one_version():
    assert sci_barriers.__version__ is firenet_exact.__version__ is exact_base.__version__ == proofs_checks.__version__
