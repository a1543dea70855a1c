"""The crosswalk is complete, and everything it names exists."""

import importlib
import re
import shlex

import pytest
import typer.main

import firenet_exact
import firenet_exact.commands.app
import sci_barriers
import sci_barriers.commands.app
from proofs_checks.certificate.reading import KINDS
from proofs_checks.lemmas import LEMMAS

APPS = {"sci-barriers": sci_barriers.commands.app.app, "firenet-exact": firenet_exact.commands.app.app}
NUMBERED = (
    [f"eq. {n}" for n in range(1, 10)]
    + [f"Theorem {n}" for n in range(1, 5)]
    + [f"Definition {n}" for n in range(1, 3)]
    + [f"Remark {n}" for n in range(1, 6)]
    + ["Table 1"]
)


@pytest.fixture(scope="module")
def rows(pytestconfig):
    """Paper, Python, proof, certificate and deviation, row by row."""
    text = (
        (pytestconfig.rootpath / "docs" / "crosswalk.md").read_text(encoding="utf-8").partition("## Formal proofs")[0]
    )
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    assert {len(row) for row in cells} == {5}
    return cells


def code(cell):
    return re.findall(r"`([^`]+)`", cell)


def resolved(name):
    """The object of a dotted name, as it stands, or public in one of the two packages, or a module of sci_barriers."""
    first, *rest = name.split(".")
    if first in ("sci_barriers", "firenet_exact"):
        found = importlib.import_module(first)
    else:
        homes = [package for package in (sci_barriers, firenet_exact) if first in package.__all__]
        found = getattr(homes[0], first) if homes else importlib.import_module(f"sci_barriers.{first}")
    for part in rest:
        if not hasattr(found, part):
            importlib.import_module(f"{found.__name__}.{part}")
        found = getattr(found, part)
    return found


def runs(command):
    """Whether a command line names a command, and options of it."""
    program, name, *options = shlex.split(command)
    known = typer.main.get_command(APPS[program]).commands
    return name in known and set(options) <= {option for given in known[name].params for option in given.opts}


def test_every_python_name_and_command_exists(rows):
    names = [name for row in rows for name in code(row[1])]
    assert len(names) > 40
    for name in names:
        assert runs(name) if " " in name else resolved(name) is not None, name


def test_what_does_not_exist_is_not_found():
    assert not runs("sci-barriers no-such") and not runs("firenet-exact solve --no-such")
    for name in ("no_such", "firenet_exact.no_such", "OmegaClass.no_such", "Instance.no_such", "sci_barriers.no_such"):
        with pytest.raises((AttributeError, ImportError)):
            resolved(name)


def test_every_kind_of_certificate_is_there(rows):
    assert {name for row in rows for name in code(row[3])} == set(KINDS)


def test_every_numbered_statement_of_the_paper_is_there(rows):
    named = set()
    for row in rows:
        for word, numbers in re.findall(r"(eq|Theorem|Definition|Remark|Table)s?\.? (\d(?:, \d)*)", row[0]):
            named |= {f"{word}{'.' * (word == 'eq')} {n}" for n in numbers.split(", ")}
    assert set(NUMBERED) <= named


def test_each_row_says_where_it_is_proved(rows, pytestconfig):
    """A section of theory, or a page that is linked and sections of that."""
    docs = pytestconfig.rootpath / "docs"
    for paper, _, proof, _, _ in rows:
        pages = ["theory.md", *re.findall(r"\]\((\w+\.md)", proof)]
        heads = [h for page in pages for h in re.findall(r"^##+ (.*)$", (docs / page).read_text("utf-8"), re.MULTILINE)]
        rest = re.sub(r"\[[^]]*\]\([^)]*\)", "", proof)
        for head in sorted(heads, key=len, reverse=True):
            rest = rest.replace(head, "")
        assert rest.strip(", -") == "", (paper, rest)


def test_every_lemma_is_there(pytestconfig):
    text = (pytestconfig.rootpath / "docs" / "crosswalk.md").read_text(encoding="utf-8").partition("## Lemmas")[2]
    named = {name for line in text.splitlines() if line.startswith("|") for name in code(line)}
    assert named == {lemma.name for lemma in LEMMAS}
