"""Nothing that a solver or a file says is markup, steers a terminal, or tells where on a machine it was."""

import os
import subprocess
import sys

import pytest

from exact_base.words import called, without_folders
from proofs_checks.certificate.reading import parse
from proofs_checks.certificate.writing import build, check_bundle_target, write_bundle
from proofs_checks.checker import verify_path
from sci_barriers.survey.cells import Cell

pytestmark = pytest.mark.usefixtures("empty_directory")

SOLVE = """
import sys, warnings
def solve(A, y, lam):
    warnings.warn("[bold]\\x1b[2J " + __file__)
    print("in", __file__, file=sys.stderr)
    return [0] * A.shape[1]
"""
OPTIONS = ("--problem", "lasso", "--digits", "3", "--size", "2", "3", "--scaling", "stated")


@pytest.fixture
def secret(empty_directory):
    """A folder whose name is nobody's business, with a space in it."""
    folder = empty_directory / "secret project"
    folder.mkdir()
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="a system without pseudo-terminals")
def test_a_name_is_no_markup_on_a_terminal(empty_directory):
    """With a display of progress, which is shown on a terminal only."""
    (empty_directory / "[").mkdir()
    (empty_directory / "[" / "a].py").write_text(SOLVE)
    (empty_directory / "[red].py").write_text(SOLVE)
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "sci_barriers", "challenge", "[/a].py:solve", "[red].py:solve", *OPTIONS]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, text=True, check=False)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0
    assert "a].py:solve" in done.stdout and "[red].py:solve" in done.stdout
    assert verify_path("lasso-K3").verdict == "valid"


def test_what_a_solver_says_is_printed_as_it_stands(call, empty_directory):
    (empty_directory / "mine.py").write_text(SOLVE)
    code, out, err = call("challenge", "mine.py:solve", *OPTIONS, "--out", "x.cert.json")
    assert code == 0 and "[bold]" in out and "\x1b" not in out + err
    code, _, err = call("challenge", "no\x1b[2J\u202e.py:solve", *OPTIONS)
    assert code == 2 and err[:-1].isprintable() and err.endswith("\n")


# --- whose machine it was ------------------------------------------------------------------------------------------


@pytest.mark.slow_but("here")
@pytest.mark.parametrize("where", [pytest.param((), id="isolated"), pytest.param(("--in-process",), id="here")])
def test_certificates_do_not_say_where_a_solver_was(call, secret, where):
    path = secret / "my ridge.py"
    path.write_text(SOLVE)
    options = (*OPTIONS, *where)
    assert call("challenge", f"{path}:solve", *OPTIONS, "--out", "one.cert.json")[0] == 0
    assert call("challenge", f"{path}:solve", "exact", *options, "--out", "bundle")[0] == 0
    assert call("budget", f"{path}:solve", *options, "--reads", "1")[0] == 0
    assert call("randomised", f"{path}:solve", *options)[0] == 0
    written = [p for p in secret.parent.rglob("*") if p.is_file() and p.suffix == ".json"]
    assert len(written) >= 8
    assert "my-ridge-py-solve.barrier.cert.json" in os.listdir("bundle")
    for file in written:
        assert "secret" not in file.name and b"secret" not in file.read_bytes()
        assert str(secret.parent).encode() not in file.read_bytes()
    assert parse((secret.parent / "one.cert.json").read_bytes()).provenance["solver"] == "my ridge.py:solve"


def test_a_survey_does_not_say_where_a_solver_was(call, secret):
    (secret / "ridge.py").write_text(SOLVE)
    arguments = ("survey", f"{secret}/ridge.py:solve", "--problem", "lasso", "--digits", "1", "--size", "2", "3")
    options = ("--precisions", "10", "--orders", "1", "--scaling", "stated", "--jobs", "1", "--out", "survey")
    code, out, _ = call(*arguments, *options)
    assert code == 0 and "ridge.py:solve" in out and "secret" not in out
    for file in (secret.parent / "survey").iterdir():
        assert b"secret" not in file.read_bytes()
    (secret.parent / "ridge.py").write_text(SOLVE)
    code, _, err = call(*arguments[:2], "ridge.py:solve", *arguments[2:], *options)
    assert code == 2 and "two of the solvers are called ridge.py:solve" in err


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/home/me/ridge.py:f", "ridge.py:f"),
        ("../a/ridge.py:f.g", "ridge.py:f.g"),
        (r"C:\Users\me\ridge.py:f", "ridge.py:f"),
        ("ridge.py:f", "ridge.py:f"),
        ("package.module:f", "package.module:f"),
        ("sklearn-lasso", "sklearn-lasso"),
    ],
)
def test_how_a_solver_is_called(target, name):
    assert called(target) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('File "/home/me/x.py", line 3', 'File "x.py", line 3'),
        ("/home/me/x.py:3: UserWarning: 1/2 of a/b", "x.py:3: UserWarning: 1/2 of a/b"),
        (r"C:\Users\me\x.py and D:/a/b.py", "x.py and b.py"),
        ("/home/me/my project/x y.py failed", "x y.py failed"),
        ("see file:///home/me/x.html", "see x.html"),
        ("https://example.org/a/b, x = 1/3, and/or", "https://example.org/a/b, x = 1/3, and/or"),
        ("./a/b ../c/d ~/e -x/2/3", "./a/b ../c/d ~/e -x/2/3"),
        ("PATH=/usr/bin:/home/me/bin, at me:/home/me/x", "PATH=bin:bin, at me:x"),
        ("gcc -I/home/me/inc: no", "gcc -Iinc: no"),
        (r"\\host\me\x.py and " + repr(r"C:\Users\me\x.py") + repr(r"\\host\me\y.py"), "x.py and 'x.py''y.py'"),
        ("", ""),
    ],
)
def test_absolute_paths_become_base_names(text, shown):
    assert without_folders(text) == shown


def test_cells_are_the_same_wherever_the_file_is():
    common = dict(scaling=None, problem="lasso", digits=1, rows=2, columns=3, kind="game", n=0, order=0)
    common |= dict(precision=60, seconds=1.0, versions="source 1234")
    here, there = (Cell(solver=f"{place}x.py:f", **common) for place in ("", "/home/me/"))
    assert here.key == there.key and "/home" not in there.inputs
    assert here.key != Cell(solver="y.py:f", **common).key


# --- targets that cannot be written are known before the work -----------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ("challenge", "exact", *OPTIONS[:-2]),
        ("theorem2", "--solver", "exact", "--digits", "3", "--data", "1"),
        ("reads", "--problem", "lasso", "--digits", "3"),
        ("breakdown", "--problem", "lasso", "--digits", "3"),
    ],
)
@pytest.mark.parametrize("target", ["link", "more"])
def test_links_and_folders_with_more_are_refused_before_the_work(call, empty_directory, command, target):
    content = {"a.cert.json": build("gap", claim={}, evidence={}, provenance={})}
    write_bundle("bundle", content)
    (empty_directory / "link").symlink_to("bundle")
    write_bundle("more", content)
    (empty_directory / "more" / "mine.txt").touch()
    with pytest.raises(Exception, match=r"is a link|is not a bundle"):
        check_bundle_target(target)
    before = sorted(empty_directory.rglob("*"))
    code, out, err = call(*command, "--out", target)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "is a link" in err or "is not a bundle" in err
    assert sorted(empty_directory.rglob("*")) == before
