"""Every command of the three programs, with the least that it can be called with; a new command needs an entry here.

The files that entries name are made by `make_files`: small ones, on which each command is done in a moment.
"""

import argparse
import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import typer.main

import firenet_exact.commands.app
import proofs_checks.cli
import proofs_checks.lemmas.cli
import sci_barriers.commands.app

CLASS = ("--problem", "lasso", "--digits", "3", "--size", "2", "3")
PRODUCERS = {"sci-barriers": sci_barriers.commands.app, "firenet-exact": firenet_exact.commands.app}
CHECKER = "proofs-checks"


@dataclass(frozen=True)
class Entry:
    """A command as it is called at the least.

    Attributes:
        program: the program.
        command: the command.
        arguments: what comes after it.
        reads: the files among the arguments, each with what it is: matrix, vector, certificate, claims, solver.
        out: what --out is given, if the command has that option; a directory unless it has an ending.
        verdict: the verdict that this call has; None if the command has no verdicts.
        slow: whether it takes over a second.
    """

    program: str
    command: str
    arguments: tuple[str, ...] = ()
    reads: tuple[tuple[str, str], ...] = ()
    out: str | None = None
    verdict: str | None = None
    slow: bool = False

    @property
    def name(self) -> str:
        return f"{self.program} {self.command}".strip()

    def call(self, *more: str) -> list[str]:
        """The arguments of the program, with more."""
        target = () if self.out is None else ("--out", self.out)
        return [self.command, *self.arguments, *target, *more]


def entry(name: str, *arguments: str, **more) -> Entry:
    program, _, command = name.partition(" ")
    return Entry(program, command, arguments, **more)


HERE = "--in-process"
ENTRIES = [
    entry(
        "sci-barriers check",
        *("A.npy", "y.npy", "--coef", "x.npy", "--like", "half", "--lam", "1/8"),
        reads=(("A.npy", "matrix"), ("y.npy", "vector"), ("x.npy", "vector")),
        out="checked",
        verdict="inaccurate",
    ),
    entry(
        "sci-barriers path",
        *("A.npy", "y.npy", "--like", "half"),
        reads=(("A.npy", "matrix"), ("y.npy", "vector")),
        out="path",
        verdict="solved",
    ),
    entry(
        "sci-barriers support",
        *("A.npy", "y.npy", "--like", "half", "--lam", "1/8"),
        reads=(("A.npy", "matrix"), ("y.npy", "vector")),
        out="support",
        verdict="determined",
    ),
    entry("sci-barriers challenge", "exact", *CLASS, HERE, out="x.cert.json", verdict="barrier"),
    entry("sci-barriers solvers"),
    entry(
        "sci-barriers replay",
        *("game.cert.json", "exact", HERE),
        reads=(("game.cert.json", "certificate"),),
        verdict="same",
    ),
    entry("sci-barriers table1", out="table1", verdict="refuted", slow=True),
    entry(
        "sci-barriers audit-claims", "claims.json", reads=(("claims.json", "claims"),), out="audit", verdict="certified"
    ),
    entry(
        "sci-barriers survey",
        *("exact", *CLASS, "--precisions", "10", "--orders", "1", "--jobs", "1"),
        out="survey",
        verdict="decided",
        slow=True,
    ),
    entry("sci-barriers network-exists", "input.json", reads=(("input.json", "claims"),), out="x.cert.json"),
    entry("sci-barriers reads", *CLASS, out="reads", verdict="reached"),
    entry("sci-barriers budget", "exact", *CLASS, "--reads", "1", HERE, out="x.cert.json", verdict="barrier"),
    entry("sci-barriers breakdown", *CLASS, out="breakdown"),
    entry("sci-barriers randomised", "vertex", *CLASS, HERE, out="x.cert.json", verdict="barrier"),
    entry(
        "sci-barriers theorem2",
        *("--digits", "3", "--data", "1", "--size", "1", "2", "--problem", "lasso"),
        out="theorem2",
        verdict="certified",
        slow=True,
    ),
    entry("sci-barriers doctor"),
    entry(
        "firenet-exact nullspace",
        *("A.npy", "--sparsity", "1"),
        reads=(("A.npy", "matrix"),),
        out="x.cert.json",
        verdict="certified",
    ),
    entry("firenet-exact norm", "A.npy", reads=(("A.npy", "matrix"),), out="x.cert.json"),
    entry("firenet-exact constants", "A.cert.json", reads=(("A.cert.json", "certificate"),)),
    entry(
        "firenet-exact mask",
        *("--size", "4", "--pattern", "subbands", "--rate", "1/2"),
        out="mask.npy",
        verdict="drawn",
    ),
    entry(
        "firenet-exact solve",
        *("A.npy", "y.npy", "--null-space", "A.cert.json", "--estimate", "x.npy", "--noise", "1/10", "--steps", "0"),
        reads=(("A.npy", "matrix"), ("y.npy", "vector"), ("A.cert.json", "certificate"), ("x.npy", "vector")),
        out="solved",
        verdict="certified",
    ),
    entry(
        "firenet-exact theorem4",
        *("--size", "16", "--rates", "7/8", "--sparsity", "1", "--noise", "1/500"),
        out="theorem4",
        verdict="certified",
        slow=True,
    ),
    entry("proofs-checks verify", "game.cert.json", reads=(("game.cert.json", "certificate"),), verdict="valid"),
    entry("proofs-checks explain", "game.cert.json", reads=(("game.cert.json", "certificate"),)),
]
OF_A_FILE = entry(
    "sci-barriers challenge",
    *("mine.py:solve", *CLASS, "--scaling", "stated", HERE),
    reads=(("mine.py", "solver"),),
    out="x.cert.json",
    verdict="barrier",
)
"""With a solver that is read from a file, which takes longer."""

PRECISE = entry(
    "sci-barriers check",
    *("A.npy", "y.npy", "--coef", "x.npy", "--like", "half", "--lam", "1/8", "--x-precision", "dX.npy"),
    reads=(("A.npy", "matrix"), ("y.npy", "vector"), ("x.npy", "vector"), ("dX.npy", "matrix")),
    out="checked",
    verdict="inaccurate",
)
"""With radii in a file."""

OTHER_PROGRAMS = ("python -m proofs_checks.lemmas",)
"""Programs without files, of which only the errors are tried: their own tests run them."""


def commands() -> Iterator[tuple[str, str]]:
    """Every command there is, with the name it goes by now, as the trees of the programs have them."""
    for program, module in PRODUCERS.items():
        group = typer.main.get_command(module.app)
        names = {info.callback: info.name for info in module.app.registered_commands if not info.hidden}
        for info in module.app.registered_commands:
            assert info.name in group.commands
            yield f"{program} {info.name}", f"{program} {names[info.callback]}"
    for parser in (proofs_checks.cli._parser(), proofs_checks.lemmas.cli.parser()):
        groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        names = [word for group in groups for word in group.choices]
        yield from ((f"{parser.prog} {word}", f"{parser.prog} {word}") for word in names)
        if not names:
            yield parser.prog, parser.prog


def run(program: str, arguments: list[str]) -> int:
    """Run a program in this process, and return its exit code."""
    if program == CHECKER:
        try:
            return proofs_checks.cli.main(arguments)
        except SystemExit as end:  # of help
            return end.code
    try:
        PRODUCERS[program].main(arguments)
    except SystemExit as end:
        return end.code
    raise AssertionError("a program ends")


# --- the files -------------------------------------------------------------------------------------

SOLVER = "def solve(A, y, lam): return [0] * A.shape[1]\n"
CLAIMS = {
    "audits": [
        {
            "name": "one",
            "instance": {"form": "block", "problem": "lasso", "parameter": 1, "rows": 2, "columns": 3, "row": [3, 2]},
            "points": {},
            "claims": [{"type": "fails", "point": "zero", "digits": 9}],
        }
    ]
}
INPUT = {"problem": "lasso", "parameter": "1/2", "matrix": [[1, 0], [0, 1]], "samples": [[1, 2]]}


def make_files(folder: Path) -> None:
    """Write what the entries name."""
    np.save(folder / "A.npy", np.array([[1.0, 0, 0.25], [0, 1, 0.25], [0, 0, 1]]))
    np.save(folder / "dX.npy", np.full((3, 3), 2.0**-12))
    np.save(folder / "tall.npy", np.eye(3)[:, :2])
    np.save(folder / "y.npy", np.array([1.0, 0, 0]))
    np.save(folder / "x.npy", np.array([1.0, 0, 0.01]))
    (folder / "mine.py").write_text(SOLVER)
    (folder / "claims.json").write_text(json.dumps(CLAIMS))
    (folder / "input.json").write_text(json.dumps(INPUT))
    game = ("challenge", "exact", *CLASS, HERE, "--out", str(folder / "game.cert.json"))
    a, tall = (
        ("nullspace", str(folder / f"{name}.npy"), "--sparsity", "1", "--out", str(folder / f"{name}.cert.json"))
        for name in ("A", "tall")
    )
    for program, arguments in (("sci-barriers", game), ("firenet-exact", a), ("firenet-exact", tall)):
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            assert run(program, list(arguments)) == 0


WRONG_SHAPE = {
    "matrix": lambda path: np.save(path, np.zeros((2, 2, 2))),
    "vector": lambda path: np.save(path, np.zeros(7)),
    "certificate": lambda path: path.write_text("{}"),
    "claims": lambda path: path.write_text("[]"),
    "solver": lambda path: path.write_text("solve = 1\n"),
}
"""A file of each kind that can be read, and is not what it should be."""

MALFORMED = {"certificate": 4}
"""The exit codes where they are not 2."""


def with_nan(kind: str, path: Path) -> None:
    """Put a NaN where a number of the file is."""
    if path.suffix == ".npy":
        array = np.load(path)
        array.flat[0] = np.nan
        np.save(path, array)
    elif kind == "claims":
        document = json.loads(path.read_text())
        instance = document["audits"][0]["instance"] if "audits" in document else document
        instance["parameter"] = float("nan")
        path.write_text(json.dumps(document))
    else:
        text = path.read_text()
        with suppress(ValueError):
            document = json.loads(text)
            document["claim"] = float("nan")
            path.write_text(json.dumps(document))
