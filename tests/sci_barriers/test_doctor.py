"""What `sci-barriers doctor` says is so."""

import json
import re
import tomllib
from importlib import metadata

import pytest

from sci_barriers.commands.doctor import _distributions, _extra, _for_this_python


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_it_names_what_is_needed_and_every_extra(call, project):
    code, out, err = call("doctor", "--json")
    found = json.loads(out)["result"]
    assert (code, err) == (0, "")
    needed = [re.split(r"[<>=]", line)[0] for line in project["dependencies"]]
    assert [package["name"] for package in found["packages"]] == ["sci-barriers", *needed]
    for package in found["packages"]:
        assert package["version"] == metadata.version(package["name"])
    assert {extra["name"] for extra in found["extras"]} == set(project["optional-dependencies"])
    assert all(extra["allows"] for extra in found["extras"])
    told = call("doctor")[1]
    assert all(name in told for name in (*needed, *project["optional-dependencies"], "worker processes"))


def test_an_extra_has_what_those_have_that_it_includes():
    extras = _distributions()[1]
    assert "scikit-learn" in extras["solvers"] and set(extras["solvers"]) < set(extras["more-solvers"])
    assert "sci-barriers" not in [member for members in extras.values() for member in members]


def test_what_is_missing_is_named():
    found = _extra("solvers", ["numpy", "no-such-distribution"])
    assert found["versions"] == {"numpy": metadata.version("numpy")} and found["missing"] == ["no-such-distribution"]


@pytest.mark.parametrize(
    ("marker", "here"),
    [
        ("", True),
        (" extra == 'solvers'", True),
        (" python_version < '3.0' and extra == 'x'", False),
        (" (python_version < '3.99') and extra == 'x'", True),
    ],
)
def test_a_requirement_of_another_python_is_not_missed(marker, here):
    assert _for_this_python(marker) is here
