"""The floors and rooms of the house (CONTRIBUTING.md): who may import whom, without any circle."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# The rooms of each package from the bottom to the top: a room imports rooms that stand before it, and no others.
ROOMS = {
    "exact_base": [
        *("errors", "start", "grammar", "entries", "files", "rationals", "words", "scalars", "text", "decimals"),
        *("answers", "terminal", "encoding", "reprs", "matrices", "readers", "fields", "linalg", "enclosures", "faces"),
    ],
    "firenet_exact": [
        *(
            "running",
            "published",
            "levels",
            "norms",
            "transforms",
            "constants",
            "best_constants",
            "null_space",
            "extremal",
        ),
        *(
            "parameters",
            "layers",
            "network_files",
            "network",
            "arithmetic",
            "report",
            "recovery",
            "stability",
            "imaging",
            "certificates",
            "commands",
            "__main__",
        ),
    ],
    "sci_barriers": [
        *("problems", "omega", "networks", "audit", "data", "players", "solvers", "breakdown", "randomised", "games"),
        *(
            "network_exists",
            "reads",
            "certificates",
            "isolation",
            "checks",
            "survey",
            "theorem2",
            "commands",
            "testing",
        ),
        "__main__",
    ],
}
PACKAGES = (*ROOMS, "proofs_checks", "sci_barriers_plugins")
MOST_ROOMS = 21
MOST_ARROWS = 120
MOST_SILENT = 60
"""The lines of a function that needs no docstring."""

Arrows = Mapping[str, Iterable[str]]


def modules(package: str, root: Path = ROOT) -> dict[str, Path]:
    """The modules of a package by dotted name."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def parents(module: str) -> set[str]:
    """The packages that a module stands in: they are loaded before it."""
    parts = module.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts))}


def imported(source: str, module: str, known: Iterable[str]) -> set[str]:
    """The known modules that a module of this source loads: those it imports, at any depth of the code and under
    `if TYPE_CHECKING` too, and the packages that they stand in and it does not, whose `__init__` runs first.
    """
    named = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, f"{module} imports by a relative name"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            named |= full & set(known)
            if not full <= set(known):
                named.add(node.module)
    around = set().union(*map(parents, named)) - parents(module)
    return (named | around) & set(known) - {module}


def module_arrows(package: str, root: Path = ROOT) -> dict[str, set[str]]:
    """Which modules of a package each of them loads."""
    known = modules(package, root)
    return {name: imported(path.read_text(encoding="utf-8"), name, known) for name, path in known.items()}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def room_arrows(package: str) -> dict[str, set[str]]:
    rooms: dict[str, set[str]] = {}
    for module, targets in module_arrows(package).items():
        rooms.setdefault(room_of(module), set()).update(room_of(target) for target in targets)
    return {room: targets - {room, ""} for room, targets in rooms.items() if room}


def long_and_silent(source: str, most: int = MOST_SILENT) -> list[str]:
    """The functions of a source that have more lines than `most` and no docstring."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > most
        and ast.get_docstring(node) is None
    ]


def circle(arrows: Arrows) -> list[str]:
    """A circle of arrows, or an empty list."""
    done: set[str] = set()
    path: list[str] = []

    def walk(node: str) -> list[str]:
        if node in path:
            return path[path.index(node) :]
        if node in done:
            return []
        path.append(node)
        for target in sorted(arrows.get(node, ())):
            if found := walk(target):
                return found
        path.pop()
        done.add(node)
        return []

    return next((found for node in sorted(arrows) if (found := walk(node))), [])


@pytest.mark.parametrize("package", PACKAGES)
def test_no_circle_of_modules(package):
    assert circle(module_arrows(package)) == []


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_stand_in_one_order(package):
    order, arrows = ROOMS[package], room_arrows(package)
    assert sorted(arrows) == sorted(order), "a room is listed in ROOMS, from the bottom to the top"
    wrong = {
        (room, other) for room, others in arrows.items() for other in others if order.index(other) > order.index(room)
    }
    assert wrong == set()


def test_a_part_of_the_checker_imports_no_kind():
    arrows = module_arrows("proofs_checks")
    parts = {name: targets for name, targets in arrows.items() if name.startswith("proofs_checks.checker.parts.")}
    assert len(parts) >= 10
    kinds = "proofs_checks.checker.kinds"
    assert {name for name, targets in parts.items() if any(t.startswith(kinds) for t in targets)} == set()


def test_there_are_few_rooms_and_few_arrows():
    arrows = room_arrows("sci_barriers")
    assert len(arrows) <= MOST_ROOMS
    assert sum(map(len, arrows.values())) <= MOST_ARROWS


@pytest.mark.parametrize("package", PACKAGES)
def test_a_long_function_says_what_it_does(package):
    sources = {name: path.read_text(encoding="utf-8") for name, path in modules(package).items()}
    assert {name: found for name, source in sources.items() if (found := long_and_silent(source))} == {}


def test_a_long_function_is_seen():
    long, short = (f"def {name}():\n    x = 1\n" + "    x += 1\n" * lines for name, lines in (("f", 59), ("g", 58)))
    assert long_and_silent(long + short) == ["f"]
    assert long_and_silent(long.replace("x = 1", "'It adds.'")) == []


@pytest.mark.parametrize(
    ("arrows", "found"),
    [
        ({"a": "b", "b": "c"}, []),
        ({"a": "bc", "b": "c"}, []),
        ({"a": "b", "b": "a"}, ["a", "b"]),
        ({"a": "b", "b": "c", "c": "b"}, ["b", "c"]),
        ({"a": "a"}, ["a"]),
    ],
)
def test_a_circle_is_seen(arrows, found):
    assert circle(arrows) == found


def test_imports_under_type_checking_and_in_functions_count(tmp_path):
    package = tmp_path / "house"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "low.py").write_text("if TYPE_CHECKING:\n    from house.high import x\n")
    (package / "high.py").write_text("def f():\n    import house.low\n")
    assert circle(module_arrows("house", tmp_path)) == ["house.high", "house.low"]


@pytest.mark.parametrize(
    ("module", "source", "found"),
    [
        ("h.a.x", "from h.b import y", {"h.b", "h.b.y"}),
        ("h.a.x", "from h.b import Name", {"h.b"}),
        ("h.a.x", "import h.b.y", {"h.b", "h.b.y"}),
        ("h.a.x", "from h.a import z", {"h.a.z"}),  # h.a is under way already
        ("h.a.x", "from h.a import Name", {"h.a"}),
        ("h.a", "from h.a import x", {"h.a.x"}),
        ("h.b.y", "from h import Name", {"h"}),
        ("h", "from h.b import y", {"h.b", "h.b.y"}),
        ("h.b.y", "import json", set()),
    ],
)
def test_a_package_is_loaded_before_its_modules(module, source, found):
    assert imported(source, module, ["h", "h.a", "h.a.x", "h.a.z", "h.b", "h.b.y"]) == found
