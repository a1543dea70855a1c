"""The arrows between the packages, walked on the syntax tree: producers write, the checker trusts nobody."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("proofs_checks", "exact_base", "sci_barriers", "sci_barriers_plugins", "firenet_exact")
TRUSTED = ("proofs_checks.certificate.reading", "proofs_checks.certificate.arrays", "proofs_checks.certificate.npy")
"""The half of the format that the checker reads with."""
STANDARD = sys.stdlib_module_names


def module_of(path: Path, root: Path) -> tuple[str, bool]:
    """The dotted name of a file, and whether it is a package's __init__."""
    parts = path.relative_to(root).with_suffix("").parts
    package = parts[-1] == "__init__"
    return ".".join(parts[:-1] if package else parts), package


def is_module(name: str, root: Path) -> bool:
    path = root.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def dynamic_target(argument: ast.expr | None) -> str:
    start = argument.values[0] if isinstance(argument, ast.JoinedStr) else None
    if isinstance(start, ast.Constant) and "." in str(start.value).lstrip("."):
        return str(start.value).rpartition(".")[0]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return "<dynamic>"


def imports(source: str, module: str, package: bool, root: Path = ROOT) -> set[str]:
    """Every module a source imports, at any depth of the code, by its full dotted name.

    `from p import x` counts as `p.x` where that is a module, otherwise as `p`. A dynamic import counts by its name
    where that is written out, as `p` for f"p.{x}", and as `<dynamic>` otherwise.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".")
                parents = parents[: len(parents) - node.level + (1 if package else 0)]
                base = ".".join([*parents, base] if base else parents)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if is_module(full, root) else base)
        elif isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if called in ("import_module", "__import__"):
                found.add(dynamic_target(node.args[0] if node.args else None))
    return found


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def standard(name: str) -> bool:
    return name.split(".")[0] in STANDARD


def forbidden(module: str, name: str) -> bool:
    """Whether `module` must not import `name`: the whole house in one function."""
    if within(module, "proofs_checks.lemmas"):
        return within(name, "exact_base", "sci_barriers", "sci_barriers_plugins", "firenet_exact")
    if within(module, "proofs_checks.checker", *TRUSTED):
        return not (standard(name) or within(name, *TRUSTED, "proofs_checks.checker"))
    if within(module, "proofs_checks.certificate"):
        return not (standard(name) or within(name, "proofs_checks.certificate"))
    if within(module, "proofs_checks"):
        return not (standard(name) or within(name, "proofs_checks")) or within(name, "proofs_checks.lemmas")
    if within(name, "proofs_checks") and not within(name, "proofs_checks.certificate"):
        return True
    if within(module, "exact_base"):
        return within(name, "sci_barriers", "sci_barriers_plugins", "firenet_exact")
    if within(module, "sci_barriers"):
        return name.startswith("firenet_exact.")
    return within(module, "firenet_exact") and within(name, "sci_barriers", "sci_barriers_plugins")


def violations(source: str, module: str, package: bool = False, root: Path = ROOT) -> set[str]:
    return {name for name in imports(source, module, package, root) if forbidden(module, name)}


def library_files() -> list[Path]:
    return [path for library in LIBRARIES for path in sorted((ROOT / library).rglob("*.py"))]


def test_there_is_something_to_walk():
    names = {module_of(path, ROOT)[0] for path in library_files()}
    assert {"proofs_checks", *TRUSTED, "sci_barriers", "sci_barriers.commands.app"} <= names
    assert any(within(name, "proofs_checks.checker") for name in names)


@pytest.mark.parametrize("path", library_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_arrows_point_the_right_way(path):
    module, package = module_of(path, ROOT)
    assert not violations(path.read_text(encoding="utf-8"), module, package)


@pytest.mark.parametrize("path", library_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_assert_in_library_code(path):
    """`python -O` removes assert statements, so a check must raise."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


def checker_files() -> list[Path]:
    return [path for path in library_files() if within(module_of(path, ROOT)[0], "proofs_checks.checker")]


@pytest.mark.parametrize("path", checker_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_floats_in_the_checker(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    literals = [
        n.lineno for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float | complex)
    ]
    calls = [
        n.lineno
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in ("float", "complex")
    ]
    assert literals + calls == []


# The walker itself: sources that must be seen through, in a project of three packages made for it.


@pytest.fixture
def house(tmp_path):
    for name in ("certificate/reading.py", "certificate/writing.py", "cli.py", "checker/kinds/gap.py"):
        path = tmp_path / "proofs_checks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "firenet_exact").mkdir()
    (tmp_path / "firenet_exact" / "network.py").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("module", "source", "bad"),
    [
        ("proofs_checks.checker.kinds.gap", "import json, fractions", set()),
        ("proofs_checks.checker.kinds.gap", "from ...certificate.reading import parse", set()),
        ("proofs_checks.checker.kinds.gap", "from proofs_checks.certificate import reading", set()),
        (
            "proofs_checks.checker.kinds.gap",
            "from proofs_checks.certificate import writing",
            {"proofs_checks.certificate.writing"},
        ),
        ("proofs_checks.checker.kinds.gap", "from ... import cli", {"proofs_checks.cli"}),
        ("proofs_checks.checker.kinds.gap", "from proofs_checks import main", {"proofs_checks"}),
        ("proofs_checks.checker.kinds.gap", "def f():\n    import flint", {"flint"}),
        ("proofs_checks.checker.kinds.gap", "__import__('numpy')", {"numpy"}),
        ("proofs_checks.checker.kinds.gap", "__import__(name)", {"<dynamic>"}),
        ("proofs_checks.checker.kinds.gap", "import_module(f'proofs_checks.{x}')", {"proofs_checks"}),
        ("proofs_checks", "import_module(f'proofs_checks.{x}')", set()),
        ("proofs_checks", "import_module(f'{x}.proofs_checks')", {"<dynamic>"}),
        ("proofs_checks.certificate.reading", "from ..cli import main", {"proofs_checks.cli"}),
        ("proofs_checks.cli", "from . import checker, certificate", set()),
        ("proofs_checks.cli", "import typer", {"typer"}),
        ("proofs_checks.cli", "import sci_barriers", {"sci_barriers"}),
        ("proofs_checks.lemmas.heights", "import sympy", set()),
        ("proofs_checks.lemmas.heights", "import sci_barriers.omega.families", {"sci_barriers.omega.families"}),
        ("sci_barriers.games.game", "from proofs_checks.certificate.reading import dump", set()),
        ("sci_barriers.games.game", "from proofs_checks import certificate", set()),
        ("sci_barriers.games.game", "import proofs_checks", {"proofs_checks"}),
        ("sci_barriers.games.game", "from proofs_checks.checker.kinds import gap", {"proofs_checks.checker.kinds.gap"}),
        ("sci_barriers.games.game", "importlib.import_module('proofs_checks.cli')", {"proofs_checks.cli"}),
        ("sci_barriers.games.game", "import firenet_exact", set()),
        ("sci_barriers.games.game", "from firenet_exact import network", {"firenet_exact.network"}),
        ("exact_base.rationals", "import firenet_exact", {"firenet_exact"}),
        ("exact_base.rationals", "from proofs_checks.certificate.reading import parse", set()),
        ("exact_base.rationals", "from proofs_checks.checker import words", {"proofs_checks.checker"}),
        ("proofs_checks.cli", "import exact_base", {"exact_base"}),
        ("proofs_checks.lemmas.heights", "import exact_base", {"exact_base"}),
        ("firenet_exact.network", "import sci_barriers.games.game", {"sci_barriers.games.game"}),
    ],
)
def test_the_walker_sees(house, module, source, bad):
    assert violations(source, module, root=house) == bad


# What an import loads, in a process of its own.


def loaded_by(module: str, names: tuple[str, ...]) -> list[str]:
    program = f"import sys, {module}\nprint(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("module", ["proofs_checks", "proofs_checks.checker", "proofs_checks.cli"])
def test_the_checker_loads_nothing_heavy(module):
    heavy = ("sklearn", "scipy", "sympy", "mpmath", "flint", "numpy", "typer", "rich", "sci_barriers")
    assert loaded_by(module, heavy) == []


@pytest.mark.parametrize("module", ["sci_barriers", "sci_barriers.commands.app"])
def test_the_command_loads_no_solver(module):
    assert loaded_by(module, ("sklearn", "scipy", "sympy", "cvxpy", "torch", "proofs_checks.checker")) == []
