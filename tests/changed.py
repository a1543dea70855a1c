"""The test files that a change can reach: `python -m tests.changed [BRANCH]`, `python3 dev.py test --changed`.

A changed module reaches the tests that import it, in any number of steps, or name it in a string (a program to run, a
name to replace). Any other file reaches the tests that mention its name or a folder it is in: a page those that read
`docs`. A `conftest.py` reaches what is beside and below it, and pyproject.toml every test.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tests.test_layers import parents

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "exact_base",
    "sci_barriers",
    "sci_barriers_plugins",
    "firenet_exact",
    "proofs_checks",
    "tests",
    "benchmarks",
)
DOTTED = re.compile(r"\w+(?:\.\w+)*")


def changed_files(branch: str, root: Path = ROOT) -> set[str]:
    """What differs from where this branch left the other, committed or not, and files that are new."""
    commands = (("diff", "--name-only", "--merge-base", branch), ("ls-files", "--others", "--exclude-standard"))
    return {
        line
        for command in commands
        for line in subprocess.run(
            ["git", *command], cwd=root, check=True, capture_output=True, text=True
        ).stdout.splitlines()
    }


class Project:
    """The modules of a project, and what they load."""

    def __init__(self, root: Path = ROOT):
        self.paths: dict[str, str] = {}
        self.modules: dict[str, Path] = {}
        for path in (path for folder in FOLDERS for path in sorted((root / folder).rglob("*.py"))):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            self.modules[name] = path
            self.paths[path.relative_to(root).as_posix()] = name
        self.tests = {name for name, path in self.modules.items() if path.name.startswith("test_")}
        self.homes = cache(self._homes)
        self.loads = cache(self._loads)

    def nodes(self, module: str) -> Iterator[ast.AST]:
        return ast.walk(ast.parse(self.modules[module].read_text(encoding="utf-8")))

    def _homes(self, face: str) -> dict[str, str]:
        """Where the names are at home that a package loads on first use: its table of strings."""
        if self.modules[face].name != "__init__.py":
            return {}
        return {
            key.value: home
            for node in self.nodes(face)
            if isinstance(node, ast.Dict)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
            for home in (str(value.value), f"{face}.{value.value}")
            if home in self.modules
        }

    def nearest(self, name: str) -> set[str]:
        """The module of a dotted name, or else the longest part of it that is one."""
        while name and name not in self.modules:
            name = name.rpartition(".")[0]
        return {name} & set(self.modules)

    def _loads(self, module: str) -> set[str]:
        """The modules that one imports or names in a string, and the packages that these stand in."""
        found: set[str] = set()
        table = set(self.homes(module).values())
        for node in self.nodes(module):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found |= self.nearest(alias.name)
                    if alias.name in self.modules:
                        found |= set(self.homes(alias.name).values())
            elif isinstance(node, ast.ImportFrom) and self.nearest(node.module) | {node.module} & {
                "tests",
                "benchmarks",
            }:
                homes = self.homes(node.module) if node.module in self.modules else {}
                found |= {
                    home for a in node.names for home in self.nearest(homes.get(a.name, f"{node.module}.{a.name}"))
                }
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                named = {name for name in DOTTED.findall(node.value) if "." in name} - table
                found |= {m for name in named for m in self.nearest(name)}
                found |= {f"{node.value}.__main__"} & set(self.modules)
        around = {package for name in found for package in parents(name)} & set(self.modules)
        return (found | around) - {module}

    def reached(self, changed: Iterable[str]) -> list[str]:
        """The test files that changed files can reach."""
        changed = set(changed)
        if "pyproject.toml" in changed:
            return sorted(path for path, name in self.paths.items() if name in self.tests)
        loads = {name: self.loads(name) for name in self.modules}
        found = {self.paths[path] for path in changed if path in self.paths}
        sources = {name: self.modules[name].read_text(encoding="utf-8") for name in self.tests}
        for path in changed - set(self.paths):
            *folders, file = Path(path).parts
            names = {*folders, *([file] if "." in file else [])} - {"tests"}
            mentions = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, names))})(?![\w-])")
            found |= {name for name, source in sources.items() if mentions.search(source)}
        for path in (path for path in changed if Path(path).name == "conftest.py"):
            beside = Path(path).parent.as_posix() + "/"
            found |= {name for file, name in self.paths.items() if file.startswith(beside)}
        before: set[str] = set()
        while found != before:
            before = found
            found = found | {name for name, targets in loads.items() if targets & found}
        return sorted(path for path, name in self.paths.items() if name in found & self.tests)


if __name__ == "__main__":
    print(*Project().reached(changed_files(*sys.argv[1:] or ["main"])), sep="\n")
