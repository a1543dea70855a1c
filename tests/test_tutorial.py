"""The tutorial is executed: every command and every Python block, in order, in one empty directory."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = {"sci-barriers": "sci_barriers", "proofs-checks": "proofs_checks"}


def blocks(root: Path) -> list[tuple[str, str]]:
    return BLOCK.findall((root / "docs" / "tutorial.md").read_text(encoding="utf-8"))


def run_command(line: str, root: Path) -> str:
    program, *arguments = shlex.split(line)
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", COMMANDS[program], *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    assert finished.returncode == 0, finished.stderr
    assert not finished.stderr
    return finished.stdout


@pytest.mark.parametrize("most", [2, pytest.param(None, marks=pytest.mark.slow)], ids=["its first blocks", "all"])
def test_the_tutorial_runs(root, tmp_path, monkeypatch, most):
    monkeypatch.chdir(tmp_path)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    names: dict[str, object] = {}
    found = blocks(root)
    assert {kind for kind, _ in found} == {"console", "python"} and len(found) >= 10
    for kind, text in found[:most]:
        if kind == "python":
            exec(compile(text, "docs/tutorial.md", "exec"), names)
            continue
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            line, _, expected = part.partition("\n")
            printed = run_command(line, root)
            assert doctest.OutputChecker().check_output(expected, printed, flags), f"$ {line}\n{printed}"
