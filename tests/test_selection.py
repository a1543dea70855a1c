"""The fast suite draws a quarter of the examples of every property, and the whole suite all of them."""

import os
import subprocess
import sys
from itertools import product

import pytest

from tests.selection import covering, fewer, pairs

PROPERTY = """
import pytest
from hypothesis import given, settings, strategies as st

seen = []

@settings(max_examples=40, database=None)
@given(st.integers())
def test_property(n):
    seen.append(n)

class TestOfAClass:
    @settings(max_examples=40, database=None)
    @given(st.integers())
    def test_method(self, n):
        seen.append(n)

@pytest.mark.slow_but("two", "zwei")
@pytest.mark.parametrize("case", ["one", "two", "three"])
def test_cases(case):
    seen.append(case)

@pytest.mark.slow_for("four")
@pytest.mark.parametrize("case", ["four", "five"])
def test_other_cases(case):
    seen.append(case)

@pytest.mark.pairwise
@pytest.mark.parametrize("one", range(3))
@pytest.mark.parametrize(("two", "with_two"), [(4, 5), (6, 7), (8, 9)])
@pytest.mark.parametrize("three", range(3))
def test_product(one, two, with_two, three):
    seen.append((one, two, three))

def test_what_is_named_in_vain(marked_in_vain):
    print("in vain:", *marked_in_vain)

def test_as_many_were_drawn():
    products = [case for case in seen if isinstance(case, tuple)]
    assert all(len({case[:i] + case[i + 1 :] for case in products}) == 9 for i in range(3))
    integers = sum(isinstance(case, int) for case in seen)
    print("drawn", integers, *(case for case in ("one", "two", "three", "four", "five") if case in seen), len(products))
"""
FAST = ("-m", "not slow")


@pytest.mark.slow_but("arguments0-variables0-drawn 20 two five 11")
@pytest.mark.parametrize(
    ("arguments", "variables", "drawn"),
    [
        (FAST, {}, "drawn 20 two five 11"),
        (("-m", ""), {}, "drawn 80 one two three four five 27"),
        (FAST, {"CI": "true"}, "drawn 80 two five 11"),
    ],
)
def test_what_the_fast_suite_leaves_out(root, tmp_path, arguments, variables, drawn):
    (tmp_path / "conftest.py").write_bytes((root / "tests" / "conftest.py").read_bytes())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = \n  slow\n  slow_but\n  slow_for\n  pairwise\n")
    (tmp_path / "test_drawn.py").write_text(PROPERTY)
    environment = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST")}
    environment |= {"PYTHONPATH": str(root)} | variables
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and drawn in done.stdout, done.stdout + done.stderr
    assert "in vain: test_drawn.py::test_cases[zwei]\n" in done.stdout


def test_marks_name_cases_that_there_are(marked_in_vain):
    """In all files that are collected together with this one; a name in vain would make a slow case fast."""
    assert marked_in_vain == set()


@pytest.mark.parametrize(("examples", "drawn"), [(400, 100), (100, 25), (20, 5), (12, 5), (5, 5), (3, 3)])
def test_fewer_examples(examples, drawn):
    assert fewer(examples) == drawn


@pytest.mark.parametrize("sizes", [(3,), (2, 2), (3, 4), (2, 3, 4), (2, 2, 2, 2, 2), (3, 3, 3, 2)])
def test_every_pair_occurs(sizes):
    cases = [dict(zip("abcde", values, strict=False)) for values in product(*map(range, sizes))]
    chosen = covering(cases)
    assert set().union(*(pairs(cases[i]) for i in chosen)) == set().union(*map(pairs, cases))
    largest, second = sorted([1, *sizes])[-1:-3:-1]
    assert largest * second <= len(chosen) <= 2 * largest * second


@pytest.mark.slow
def test_every_fast_case_exists(root):
    """A test with a case that is named by a wrong id would run where it should not, or not where it should."""
    program = (
        "import pytest\n"
        "class Plugin:\n"
        "    def pytest_collection_finish(self, session):\n"
        "        ids, names = {}, {}\n"
        "        for item in session.items:\n"
        "            for mark in item.iter_markers():\n"
        "              if mark.name in ('slow_but', 'slow_for'):\n"
        "                test = item.nodeid.partition('[')[0]\n"
        "                ids.setdefault(test, set()).add(item.callspec.id)\n"
        "                names[test] = set(mark.args)\n"
        "        print('UNKNOWN', [(test, names[test] - ids[test]) for test in ids if names[test] - ids[test]])\n"
        "        print('TESTS', len(ids))\n"
        "pytest.main(['--collect-only', '-qq', '-m', ''], plugins=[Plugin()])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert "UNKNOWN []" in done.stdout and "TESTS 0" not in done.stdout, done.stdout[-2000:] + done.stderr
