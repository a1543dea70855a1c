"""The formal proofs: no source assumes what it should prove, and with Coq they build without an axiom."""

import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROCQ = ROOT / "proofs_checks" / "rocq"
SOURCES = sorted(ROCQ.glob("*.v"))
PAGE = (ROOT / "docs" / "formal.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def blueprint():
    spec = importlib.util.spec_from_file_location("blueprint", ROOT / "docs" / "blueprint.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["blueprint"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_source_assumes_what_it_should_prove(dev, path):
    assert dev.rocq_words(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Axiom a : False.", {"Axiom"}),
        ("Lemma a : False. Proof. admit. Admitted.", {"admit", "Admitted"}),
        ("Parameter a : nat. Conjecture b : a = 0.", {"Parameter", "Conjecture"}),
        ("Unset Guard Checking.", {"Unset Guard Checking"}),
        ("(* Axiom (* Admitted *) Parameter *) Lemma a : True. Proof. exact I. Qed.", set()),
        ("(* a *) Axiom b : False. (* c *)", {"Axiom"}),
    ],
)
def test_words_are_found_outside_comments(dev, source, words):
    assert dev.rocq_words(source) == words


def test_every_source_is_built_and_the_main_file_is_short():
    listed = [line for line in (ROCQ / "_CoqProject").read_text(encoding="utf-8").split() if line.endswith(".v")]
    assert sorted(listed) == [path.name for path in SOURCES]
    assert len((ROCQ / "Main.v").read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize(("file", "heading"), [("Main", "What is proved"), ("Mutants", "Mutants")])
def test_the_page_names_every_theorem_and_no_other(dev, file, heading):
    names = dev.rocq_theorems(file)
    assert len(set(names)) == len(names) > 0
    (part,) = re.findall(rf"^## {heading}\n(.*?)^## ", PAGE, re.MULTILINE | re.DOTALL)
    assert re.findall(r"^\| `(\w+)`", part, re.MULTILINE) == names


def test_the_crosswalk_names_every_main_theorem_and_no_other(dev):
    page = (ROOT / "docs" / "crosswalk.md").read_text(encoding="utf-8")
    part = page.partition("## Formal proofs\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(\w+)`", part)) == set(dev.rocq_theorems("Main"))


def test_the_blueprint_on_the_page_is_that_of_the_sources(blueprint):
    assert blueprint.page_with_section(PAGE) == PAGE, "run `python3 docs/blueprint.py`"


def test_the_first_theorem_rests_on_the_definitions_it_is_about_and_nothing_is_left_over(blueprint):
    assert blueprint.unused() == []
    graph = blueprint.declarations()
    words = {"solves", "halts", "valid", "near_matrix", "minimiser", "near_solution"}
    assert words <= blueprint.reached(["K_digits_impossible"])
    assert graph["no_algorithm"].file == "Barrier" and "impossible" in graph["no_algorithm"].uses
    assert '"no_algorithm" -> "impossible";' in blueprint.dot()


def test_the_blueprint_refuses_a_name_that_is_declared_twice(blueprint, monkeypatch):
    sources = {"A": "Lemma one : True.", "B": "(* Lemma two : one. *) Definition one := 1."}
    monkeypatch.setattr(blueprint, "_sources", lambda: sources)
    with pytest.raises(ValueError, match=r"`one` is declared in A\.v and in B\.v"):
        blueprint._read.__wrapped__()


def test_the_zipapp_leaves_the_proofs_out(dev, tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "PYZ", tmp_path / "checker.pyz")
    dev.zipapp()
    names = zipfile.ZipFile(tmp_path / "checker.pyz").namelist()
    assert "proofs_checks/cli.py" in names and not [name for name in names if "rocq" in name or name.endswith(".v")]


def test_without_coq_one_line_says_what_was_not_run(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    assert dev.main(["rocq"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "NOT RUN" in error and "apt-get install coq" in error and "dev.py rocq" in error


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_proofs_build_without_an_axiom(dev, capsys):
    missing = [name for name in dev.ROCQ_PROGRAMS if shutil.which(name) is None]
    if missing:
        line = "THE FORMAL PROOFS WERE NOT BUILT: `apt-get install coq make`, then `python3 dev.py rocq`"
        with capsys.disabled():
            print(f"\n{line}")
        pytest.skip(line)
    command = [sys.executable, str(ROOT / "dev.py"), "rocq"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for file in dev.ROCQ_FILES:
        for name in dev.rocq_theorems(file):
            assert f"{file}.{name}: {dev.CLOSED}\n" in done.stdout
