"""An interrupt (Ctrl-C) shows no traceback, whenever it comes to a program."""

import subprocess
import sys

import pytest

PROGRAMS = {"sci_barriers": "sci_barriers.commands.app", "firenet_exact": "typer", "proofs_checks": "proofs_checks.cli"}
START = """
import os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background
sys.argv = ["program", "--version"]
"""
WHILE_IT_LOADS = """
class Interrupter:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupter())
"""
AT_THE_END = """
import atexit
atexit.register(os.kill, os.getpid(), signal.SIGINT)
"""
WHERE_ERRORS_ARE_DROPPED = """
import time
class Thrown:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)

class Arguments(list):
    def __getitem__(self, key):
        if key == slice(1, None):
            Thrown()
            time.sleep(20)
        return super().__getitem__(key)

sys.argv = Arguments(sys.argv)
"""
IN_THE_BACKGROUND = """
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGINT)
"""
RUN = "\nrunpy.run_module({package!r}, run_name='__main__')\n"


def ran(script: str, package: str) -> tuple[int, str, str]:
    script = START + script.format(module=PROGRAMS[package]) + RUN.format(package=package)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("package", PROGRAMS)
def test_while_libraries_load(package):
    assert ran(WHILE_IT_LOADS, package) == (130, "", "")


@pytest.mark.parametrize("package", PROGRAMS)
@pytest.mark.parametrize("script", [AT_THE_END, IN_THE_BACKGROUND, ""])
def test_an_interrupt_that_is_too_late_or_ignored(package, script):
    code, text, errors = ran(script, package)
    assert (code, errors) == (0, "") and "0." in text


@pytest.mark.parametrize("package", PROGRAMS)
def test_where_python_drops_errors(package):
    code, _, errors = ran(WHERE_ERRORS_ARE_DROPPED, package)
    assert code == 130 and "Traceback" not in errors and "ignored" not in errors
