"""The checker stays small, imports nothing but the standard library, and runs as a single file."""

import ast
import io
import shutil
import subprocess
import sys
import tokenize
import tomllib
import zipapp
from pathlib import Path

import pytest

import proofs_checks

PACKAGE = Path(__file__).resolve().parents[2] / "proofs_checks"
CHECKER = PACKAGE / "checker"
TALKING = {"words.py", "statements.py"}  # they print what was decided, and decide nothing
CORPUS = Path(__file__).resolve().parents[1] / "corpus"


def code_lines(path):
    """The lines that hold code: no blank lines, comments and docstrings."""
    source = path.read_text(encoding="utf-8")
    docstrings = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    code = {line for token in tokens if token.type not in silent for line in range(token.start[0], token.end[0] + 1)}
    return len(code - docstrings)


def test_the_core_is_small():
    core = [path for path in (CHECKER / "core").glob("*.py") if path.name not in TALKING]
    assert len(core) >= 4
    assert sum(map(code_lines, core)) <= 500


MODULES = sorted([*(CHECKER / "kinds").glob("*.py"), *(CHECKER / "parts").glob("*.py")])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_is_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= (150 if path.parent.name == "kinds" else 200)


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


@pytest.mark.parametrize("path", sorted(CHECKER.rglob("*.py")), ids=lambda path: path.name)
def test_no_fractions_in_the_checker(path):
    """Integers only: a Fraction pays for a gcd in every operation."""
    assert "fractions" not in path.read_text(encoding="utf-8")


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
