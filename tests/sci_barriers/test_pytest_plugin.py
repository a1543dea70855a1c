"""The pytest plugin and the hypothesis hook, each in a process of its own."""

import os
import shlex
import subprocess
import sys
import tomllib

import pytest

from proofs_checks.checker import verify_path

PLUGIN = "sci_barriers_plugins.pytest_plugin"
HEAVY = ("numpy", "flint", "sci_barriers", "hypothesis", "firenet_exact", "proofs_checks", "scipy", "typer", "rich")

TESTS = """
import numpy as np
import pytest
from hypothesis import given, settings
from sci_barriers.testing import assert_barrier, assert_digits, well_posed

def zero(A, y, lam):
    return np.zeros(A.shape[1])

@pytest.mark.sci_barrier(digits=[2, 3], problem=["lasso", "bpdn"], rows=2, columns=4)
def test_right(sci_barrier):
    result = sci_barrier("exact")
    assert sci_barrier.digits(result) == sci_barrier.omega.digits - 1

@pytest.mark.sci_barrier(digits=3, rows=1, columns=2, family="weak", disguise=True, access="stream", precision=20)
def test_all_options(sci_barrier):
    sci_barrier("memoriser")
    assert sci_barrier.omega.family == "weak" and sci_barrier.access == "stream"

@pytest.mark.sci_barrier(digits=3, rows=2, columns=3)
def test_control(sci_barrier):
    sci_barrier(zero, scaling="stated")

@pytest.mark.sci_barrier(digits=3, rows=2, columns=3)
def test_own_assertion(sci_barrier):
    result = sci_barrier("exact")
    assert sci_barrier.digits(result) == 3

@settings(database=None)
@given(well_posed("lasso"))
def test_drawn(known):
    assert_digits(zero, known, 3, scaling="stated")

@pytest.mark.sci_barrier(digits=3, rows=1, columns=2)
class TestOfAClass:
    def test_with(self, sci_barrier):
        assert sci_barrier.omega.columns == 2

    def test_without(self):
        pass

def test_plain():
    assert 1 == 2

def test_skipped():
    pytest.skip("not a failure")
"""


def run_pytest(folder, *arguments, **variables):
    # pytest repeats whole messages in its summary where CI or BUILD_NUMBER is set
    dropped = ("PYTEST", "HYPOTHESIS", "CI", "BUILD_NUMBER")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "HYPOTHESIS_NO_PLUGINS": "1"} | variables
    command = [sys.executable, "-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "test_foreign.py").write_text(TESTS, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n")
    return folder


@pytest.mark.slow
def test_a_foreign_suite_with_certificates(folder):
    done = run_pytest(folder, "-q", "--sci-barriers-certificates", "out")
    assert "4 failed, 7 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
    names = sorted(path.name for path in (folder / "out").iterdir())
    assert names == [
        "test-foreign-py-test-control-lasso-k3.barrier.cert.json",
        "test-foreign-py-test-control-lasso-k3.control.cert.json",
        "test-foreign-py-test-drawn.claim-audit.cert.json",
        "test-foreign-py-test-own-assertion-lasso-k3.barrier.cert.json",
        "test-foreign-py-test-own-assertion-lasso-k3.control.cert.json",
    ]
    for name in names:
        assert verify_path(str(folder / "out" / name), time_limit=60).verdict == "valid"
    commands = [line.split("check with: ")[1] for line in done.stdout.splitlines() if "check with: " in line]
    assert sorted(path for command in commands for path in command.split()[2:]) == [f"out/{name}" for name in names]
    assert all(command.startswith("proofs-checks verify out/") for command in commands)
    for command in commands:
        words = [sys.executable, "-m", "proofs_checks", *command.split()[1:]]
        assert subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.slow_but("variables1")
@pytest.mark.parametrize("variables", [{}, {"CI": "true"}, {"BUILD_NUMBER": "7"}])
def test_the_check_command_is_printed_whole_wherever_the_tests_run(folder, tmp_path, variables):
    out = tmp_path / ("a directory of a service with a long name" * 3)
    done = run_pytest(folder, "-q", "-k", "control", "--sci-barriers-certificates", str(out), **variables)
    commands = {line.split("check with: ")[1] for line in done.stdout.splitlines() if "check with: " in line}
    (command,) = map(shlex.split, commands)  # CI services get it twice
    assert command[:2] == ["proofs-checks", "verify"]
    assert sorted(command[2:]) == sorted(map(str, out.iterdir())) and len(command) == 4


@pytest.mark.slow
def test_without_a_directory_the_failure_says_how_to_get_one(folder):
    done = run_pytest(folder, "-q", "-k", "control or plain")
    assert done.stdout.count("run pytest with --sci-barriers-certificates DIR") == 1
    assert "check with" not in done.stdout


def test_a_directory_that_cannot_be_made_is_said_and_loses_nothing(folder):
    (folder / "file").write_text("")
    done = run_pytest(folder, "-q", "-k", "control", "--sci-barriers-certificates", "file/out")
    assert "no certificate was written to file/out" in done.stdout and "1 failed" in done.stdout
    assert "INTERNALERROR" not in done.stdout + done.stderr


WRONG = {
    "@pytest.mark.sci_barrier(digits=3)\ndef test_x(): pass": "must take the fixture sci_barrier",
    "def test_x(sci_barrier): pass": "needs the marker",
    "@pytest.mark.sci_barrier(3)\ndef test_x(sci_barrier): pass": "digits=K and",
    "@pytest.mark.sci_barrier(problem='lasso')\ndef test_x(sci_barrier): pass": "got no digits",
    "@pytest.mark.sci_barrier(digits=3, colour=1)\ndef test_x(sci_barrier): pass": "got 'colour'",
    "@pytest.mark.sci_barrier(digits=0)\ndef test_x(sci_barrier): pass": "between 1 and",
    "@pytest.mark.sci_barrier(digits=3, problem='ridge')\ndef test_x(sci_barrier): pass": "unknown problem",
    "@pytest.mark.sci_barrier(digits=[])\ndef test_x(sci_barrier): pass": "got an empty list",
    "@pytest.mark.sci_barrier(digits=3, rows='two')\ndef test_x(sci_barrier): pass": "the marker sci_barrier: ",
    "@pytest.mark.sci_barrier(digits=3, disguise=7)\ndef test_x(sci_barrier): pass": "the marker sci_barrier: ",
}


def test_wrong_uses_fail_their_own_test_alone(tmp_path):
    """In one module, with a test that is right: nothing else is lost, and no frame of the plugin is shown."""
    tests = [source.replace("test_x", f"test_{number}") for number, source in enumerate(WRONG)]
    (tmp_path / "test_all.py").write_text("\n\n".join(["import pytest", *tests, "def test_right(): pass", ""]))
    done = run_pytest(tmp_path, "-q")
    assert f"1 passed, {len(WRONG)} errors" in done.stdout and done.returncode == 1, done.stdout
    for message in WRONG.values():
        assert message in done.stdout
    assert "pytest_plugin.py" not in done.stdout and "INTERNALERROR" not in done.stdout + done.stderr
    assert "another exception occurred" not in done.stdout


def test_the_marker_is_documented(folder):
    done = run_pytest(folder, "--markers")
    assert "sci_barrier(digits=K" in done.stdout


# --- what is loaded when -----------------------------------------------------------------------------


def loaded(program):
    report = f"\nimport sys\nprint('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program + report], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.rpartition("LOADED")[2].split()


def test_the_plugin_loads_nothing_heavy():
    assert loaded(f"import pytest\npytest.main(['--version', '-p', {PLUGIN!r}])") == []
    assert loaded(f"import {PLUGIN}") == []


@pytest.mark.parametrize("name", ["sci_barriers.testing", "sci_barriers.testing.variations"])
def test_without_hypothesis_the_extra_is_named(name):
    program = f"""
import sys
sys.modules["hypothesis"] = sys.modules["pytest"] = None
from sci_barriers import UsageError
try:
    import {name}
except UsageError as error:
    assert isinstance(error, ImportError) and type(error).__name__ == "MissingExtraError"
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    sentence = "sci_barriers.testing needs hypothesis: pip install 'sci-barriers[testing]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, sentence, "")


@pytest.mark.parametrize("name", ["control", pytest.param("drawn", marks=pytest.mark.slow)])
def test_failures_show_no_frames_of_the_kit(folder, name):
    done = run_pytest(folder, "-q", "-k", name)
    assert "1 failed" in done.stdout and "its answer is about [0" in done.stdout, done.stdout
    assert "sci_barriers/testing" not in done.stdout and "reproduce with:" in done.stdout
    assert not [word for word in done.stdout.split() if word.isdigit() and len(word) > 25]


@pytest.mark.slow
def test_the_hook_loads_nothing_by_itself():
    assert loaded("from sci_barriers_plugins.hypothesis_hook import register\nregister()") == []
    hook = "import hypothesis\nfrom sci_barriers_plugins.hypothesis_hook import register\nregister()"
    assert "sci_barriers" not in loaded(hook) and "numpy" not in loaded(hook)
    assert "hypothesis" not in loaded("import sci_barriers")


@pytest.mark.slow_but("start1")
@pytest.mark.parametrize(
    "start",
    [
        "import hypothesis\nimport sci_barriers",
        # what the entry point does, also where this version of the package is not installed
        "import sci_barriers\nimport hypothesis\nfrom sci_barriers_plugins.hypothesis_hook import register\nregister()",
    ],
)
def test_types_are_drawn_in_whatever_order_the_two_are_imported(start):
    program = f"""
{start}
import sys
assert "sci_barriers.testing" not in sys.modules
from hypothesis import given, settings, strategies as st
from sci_barriers import BasisPursuitDenoising, Lasso, Minimiser, OmegaClass, SqrtLasso
from sci_barriers.data.inputs import Input
from sci_barriers.omega.families import Instance
from sci_barriers.problems import Problem

for kind in (BasisPursuitDenoising, Input, Instance, Lasso, Minimiser, OmegaClass, Problem, SqrtLasso):
    @settings(max_examples=3, database=None, deadline=None)
    @given(st.from_type(kind))
    def check(value):
        assert isinstance(value, kind)

    check()
"""
    loaded(program)


def test_the_entry_points_are_declared(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]
    assert points["pytest11"] == {PLUGIN: PLUGIN}
    assert points["hypothesis"] == {"sci_barriers": "sci_barriers_plugins.hypothesis_hook:register"}
    assert {"hypothesis", "pytest"} <= {need.split(">")[0] for need in project["optional-dependencies"]["testing"]}
