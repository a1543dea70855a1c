"""`python -m proofs_checks.lemmas`: exit codes, JSON, and what it says without sympy."""

import json
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from proofs_checks.lemmas import registry
from proofs_checks.lemmas.cli import main

ROOT = Path(__file__).resolve().parents[3]
WITHOUT_SYMPY = "import sys; sys.modules['sympy'] = None; "


def run(*arguments):
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_all_are_proved():
    done = run("-m", "proofs_checks.lemmas", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr, found["verdict"]) == (0, "", "proved")
    rows = found["result"]["lemmas"]
    assert [row["name"] for row in rows] == [lemma.name for lemma in registry.LEMMAS]
    assert all(row["proved"] and row["steps"] > 0 and row["failure"] is None for row in rows)


def test_the_table(capsys):
    assert main(["modulus", "game-value", "--full"]) == 0
    printed = capsys.readouterr().out
    assert "lemmas proved: 2 of 2" in printed and "Re z <= |z|" in printed and "m >= x" in printed


def test_one_that_fails(capsys, monkeypatch):
    first = registry.LEMMAS[0]
    wrong = {name: replace(relation, right=relation.right + 1) for name, relation in first.conclusions.items()}
    monkeypatch.setattr(registry, "LEMMAS", (replace(first, conclusions=wrong), *registry.LEMMAS[1:2]))
    assert main(["--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "failed"
    assert [row["proved"] for row in found["result"]["lemmas"]] == [False, True]
    assert "this was not proved" in found["result"]["lemmas"][0]["failure"]
    assert main([]) == 1
    assert "NO" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [(["no-such-lemma"], "no such lemma"), (["--ful"], "unrecognized"), (["--json=1"], "ignored explicit argument")],
)
def test_errors_in_json(capsys, arguments, fragment):
    assert main([*arguments, "--json"]) == 2
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert list(found) == ["format", "version", "command", "verdict", "files", "result", "error"]
    assert (found["command"], found["verdict"], found["result"]) == ("python -m proofs_checks.lemmas", None, None)
    assert fragment in found["error"]["message"] and found["error"]["exit_code"] == 2 and captured.err == ""


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_closed_pipe(option):
    arguments = [sys.executable, "-m", "proofs_checks.lemmas", "modulus", *option]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 141


def test_an_unknown_name(capsys):
    assert main(["no-such-lemma"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "no such lemma: 'no-such-lemma'" in captured.err and captured.err.count("\n") == 1


def test_an_interrupt_is_one_line(capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("proofs_checks.lemmas.cli._prove", interrupted)
    monkeypatch.setattr(sys, "argv", ["lemmas"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module("proofs_checks.lemmas", run_name="__main__")
    assert end.value.code == 130
    assert capsys.readouterr() == ("", "proofs_checks.lemmas: interrupted\n")
    assert main(["--json"]) == 130
    assert json.loads(capsys.readouterr().out)["error"] == {"message": "interrupted", "exit_code": 130}


def test_without_sympy_the_command_says_so():
    done = run("-c", WITHOUT_SYMPY + "from proofs_checks.lemmas.cli import main; sys.exit(main(['--json']))")
    error = {"message": "the lemmas need sympy: pip install 'sci-barriers[proofs]'", "exit_code": 2}
    assert (done.returncode, json.loads(done.stdout)["error"], done.stderr) == (2, error, "")
    done = run("-c", WITHOUT_SYMPY + "from proofs_checks.lemmas.cli import main; sys.exit(main([]))")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "proofs_checks.lemmas: the lemmas need sympy: pip install 'sci-barriers[proofs]'\n"


@pytest.mark.parametrize("name", ["LEMMAS", "prove", "Lemma"])
def test_without_sympy_the_names_say_so(name):
    done = run("-c", WITHOUT_SYMPY + f"import proofs_checks.lemmas\nproofs_checks.lemmas.{name}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(
        "SympyMissing: the lemmas need sympy: pip install 'sci-barriers[proofs]'"
    )


def test_the_package_alone_loads_no_sympy():
    done = run("-c", "import sys, proofs_checks.lemmas, proofs_checks.lemmas.cli; print('sympy' in sys.modules)")
    assert (done.returncode, done.stdout) == (0, "False\n")


def test_every_public_name_is_there():
    import proofs_checks.lemmas as lemmas

    assert dir(lemmas) == lemmas.__all__ and all(getattr(lemmas, name) is not None for name in lemmas.__all__)
    with pytest.raises(AttributeError, match="no_such"):
        _ = lemmas.no_such
