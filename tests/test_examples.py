"""The fast suite draws a quarter of the examples of every property, and the whole suite all of them."""

import os
import subprocess
import sys

import pytest

PROPERTY = """
from hypothesis import given, settings, strategies as st

seen = []

@settings(max_examples={examples}, database=None)
@given(st.integers())
def test_property(n):
    seen.append(n)

class TestOfAClass:
    @settings(max_examples={examples}, database=None)
    @given(st.integers())
    def test_method(self, n):
        seen.append(n)

def test_as_many_were_drawn():
    assert len(seen) == 2 * {drawn}
"""
FAST = ("-m", "not slow")


@pytest.mark.parametrize(
    ("arguments", "variables", "examples", "drawn"),
    [
        (FAST, {}, 100, 25),
        pytest.param(FAST, {}, 12, 5, marks=pytest.mark.slow),
        pytest.param(FAST, {}, 3, 3, marks=pytest.mark.slow),
        pytest.param(("-m", ""), {}, 40, 40, marks=pytest.mark.slow),
        pytest.param(FAST, {"CI": "true"}, 40, 40, marks=pytest.mark.slow),
    ],
)
def test_examples(root, tmp_path, arguments, variables, examples, drawn):
    (tmp_path / "conftest.py").write_bytes((root / "tests" / "conftest.py").read_bytes())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    (tmp_path / "test_drawn.py").write_text(PROPERTY.format(examples=examples, drawn=drawn))
    environment = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "3 passed" in done.stdout, done.stdout + done.stderr
