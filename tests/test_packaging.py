"""What the distribution and dev.py promise: one version, commands that exist, a wheel of the packages, nothing else."""

import importlib
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("exact_base", "sci_barriers", "sci_barriers_plugins", "firenet_exact", "proofs_checks")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / ".ci" / "run"]


@pytest.mark.parametrize("package", [package for package in PACKAGES if package != "sci_barriers_plugins"])
def test_one_version(package):
    assert importlib.import_module(package).__version__ == PROJECT["version"]


def test_the_installed_version_and_the_changelog_agree():
    assert importlib.metadata.version(PROJECT["name"]) == PROJECT["version"]
    versions = re.findall(r"^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == PROJECT["version"]


@pytest.mark.parametrize(("script", "target"), PROJECT["scripts"].items())
def test_entry_points_exist(script, target):
    module, _, function = target.partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    installed = {point.name: point.value for point in importlib.metadata.entry_points(group="console_scripts")}
    assert installed[script] == target


@pytest.mark.parametrize("package", PACKAGES)
def test_the_packages_carry_their_types(package):
    assert (ROOT / package / "py.typed").is_file()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_documented_commands_exist(page, dev):
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"python3 dev\.py ([a-z]+)", text)) <= set(dev.COMMANDS)


def test_the_readme_shows_the_two_commands(dev):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"demo", "test"} <= set(re.findall(r"python3 dev\.py ([a-z]+)", text))
    assert set(re.findall(r"^ +python3 dev\.py ([a-z]+)", dev.__doc__, re.MULTILINE)) == set(dev.COMMANDS)


def test_dev_script_and_package_want_the_same_python(dev):
    assert PROJECT["requires-python"] == ">={}.{}".format(*dev.MINIMUM)


def test_a_usage_error_exits_with_2(dev, capsys):
    assert dev.main([]) == dev.main(["no-such-command"]) == dev.main(["lint", "x"]) == 2
    assert "no such command" in capsys.readouterr().err


def test_the_zipapp_is_the_checker_alone(dev, tmp_path, monkeypatch, capsys):
    pyz = tmp_path / "proofs-checks.pyz"
    monkeypatch.setattr(dev, "PYZ", pyz)
    dev.zipapp()
    first = pyz.read_bytes()
    dev.zipapp()
    assert pyz.read_bytes() == first
    names = set(zipfile.ZipFile(pyz).namelist())
    assert {"__main__.py", "proofs_checks/cli.py", "proofs_checks/certificate/reading.py"} <= names
    assert {name.split("/")[0] for name in names} == {"__main__.py", "proofs_checks"}
    done = subprocess.run([sys.executable, "-I", "-S", str(pyz), "no-such-command"], capture_output=True, check=False)
    assert done.returncode == 2


@pytest.mark.slow
def test_the_wheel_holds_the_packages_and_nothing_else(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    information = f"sci_barriers-{PROJECT['version']}.dist-info/"
    rest = {name for name in names if not name.startswith(information)}
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert rest == expected
    assert information + "licenses/LICENSE" in names
