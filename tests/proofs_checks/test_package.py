"""The checker stays small, imports nothing but the standard library, and runs as a single file."""

import ast
import shutil
import subprocess
import sys
import tomllib
import zipapp
from pathlib import Path

import pytest

import proofs_checks
from proofs_checks.checker.kinds import CHECKS
from tests.proofs_checks.closures import closure, code_lines, size, table

PACKAGE = Path(__file__).resolve().parents[2] / "proofs_checks"
CHECKER = PACKAGE / "checker"
TALKING = {"words.py", "statements.py"}  # they print what was decided, and decide nothing
CORPUS = Path(__file__).resolve().parents[1] / "corpus"


def test_the_core_is_small():
    core = [path for path in (CHECKER / "core").glob("*.py") if path.name not in TALKING]
    assert len(core) >= 4
    assert sum(map(code_lines, core)) <= 500


MODULES = sorted([*(CHECKER / "kinds").glob("*.py"), *(CHECKER / "parts").glob("*.py")])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_is_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= (150 if path.parent.name == "kinds" else 200)


@pytest.mark.parametrize("kind", CHECKS)
def test_the_closure_of_a_kind_is_what_it_loads(kind):
    """Everything in it is loaded with the checker; the core, and the kind's own module, are in it."""
    found = closure(kind)
    assert {"proofs_checks.checker.core.verify", "proofs_checks.certificate.reading", CHECKS[kind].__module__} <= found
    assert found <= {name for name in sys.modules if name.startswith("proofs_checks")}
    assert not {
        name for name in found if name.startswith(("proofs_checks.lemmas", "proofs_checks.certificate.writing"))
    }


def test_the_closures_are_those_of_the_page():
    page = (PACKAGE.parent / "docs" / "format.md").read_text(encoding="utf-8")
    section = page.split("## The size of the checker\n")[1]
    assert table() in section
    lines = [size(kind)[1] for kind in CHECKS]
    words = " ".join((PACKAGE.parent / "README.md").read_text(encoding="utf-8").split())
    low, high = (f"{n:,}" for n in (min(lines) // 100 * 100, -(-max(lines) // 100) * 100))
    assert f"rests on {low} to {high} lines of code" in words


def test_lines_of_code(tmp_path):
    path = tmp_path / "code.py"
    path.write_text('"""What it is,\nin two lines."""\n\n# why\nx = (\n    1\n)  # an end\ny = """two\nlines"""\n')
    assert code_lines(path) == 5


def files():
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "lemmas" not in path.parts]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_are_of_the_standard_library(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [node.module]
        else:
            continue
        assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names, "proofs_checks"}


ROUNDED = {"cholesky", "pair_enclosed", "pair_enclosed_words", "precision", "short"}
ROUNDED |= {path.stem for path in CHECKER.rglob("data_*.py")}
"""Parts with bounds of few bits, of which there are some for each column, and none for each entry of a matrix."""


@pytest.mark.parametrize("path", sorted(CHECKER.rglob("*.py")), ids=lambda path: path.name)
def test_no_fractions_in_the_checker(path):
    """Integers only: a Fraction pays for a gcd in every operation."""
    assert path.stem in ROUNDED or "fractions" not in path.read_text(encoding="utf-8")


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == proofs_checks.__version__


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zipapp")
    shutil.copytree(PACKAGE, folder / "source" / "proofs_checks", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "source" / "__main__.py").write_text("from proofs_checks.cli import main\nraise SystemExit(main())\n")
    target = folder / "proofs-checks.pyz"
    zipapp.create_archive(folder / "source", target)
    return target


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("accept/barrier-sqrt-lasso", 0),
        ("accept/minimiser-lasso-complex-root", 0),
        ("reject/barrier-c-rounded-down", 1),
        ("malformed/envelope-number-nan", 4),
    ],
)
def test_the_package_runs_alone(archive, name, code):
    """In an isolated interpreter without any installed package."""
    command = [sys.executable, "-I", "-S", str(archive), "verify", str(CORPUS / f"{name}.cert.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_package_alone_opens_directories_and_zip_files(archive, tmp_path, jobs):
    for number, name in enumerate(("accept/barrier-sqrt-lasso", "accept/minimiser-lasso-complex-root")):
        (tmp_path / "loose").mkdir(exist_ok=True)
        shutil.copy(CORPUS / f"{name}.cert.json", tmp_path / "loose" / f"{number}.cert.json")
    shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "loose")
    command = [sys.executable, "-I", "-S", str(archive), "verify", "--jobs", jobs, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(": valid (barrier)") == done.stdout.count(": valid (minimiser)") == 2
