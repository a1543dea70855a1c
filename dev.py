#!/usr/bin/env python3
"""Make the virtual environment and run the documented steps of this project.

    python3 dev.py demo                 install, challenge a solver, check the certificates it yields
    python3 dev.py test [pytest args]   the fast test suite; with --slow all of it, with --changed of either the files
                                        that what differs from the branch main can reach
    python3 dev.py lint                 ruff check, ruff format --check, mypy
    python3 dev.py docs                 build the documentation, warnings are errors
    python3 dev.py check                lint + test + docs: run this before you commit
    python3 dev.py bench [args]         the benchmarks
    python3 dev.py campaign [args]      mutants and random files against the checker, with a fresh seed
    python3 dev.py zipapp               dist/proofs-checks.pyz, the checker in one file
    python3 dev.py empty                show that the checker runs with the standard library alone
    python3 dev.py example              the tests of a foreign project against the built wheel
    python3 dev.py rocq                 the formal proofs: build, coqchk, and the axioms of each main theorem, which
                                        must be none; it needs Coq 8.16 and make

It needs Python 3.11 or newer and, but for `rocq`, nothing else; everything is installed into `.venv` beside this file.
A step that fails ends the command with its exit code.
"""

import hashlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

MINIMUM = (3, 11)
if sys.version_info < MINIMUM:
    sys.exit(
        "dev.py needs Python {}.{} or newer, and this is Python {}.{}. Run it with a newer one, "
        "for example `python3.12 dev.py demo`.".format(*MINIMUM, *sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
RESULTS = ROOT / "results"
PYZ = ROOT / "dist" / "proofs-checks.pyz"
EXAMPLE = ROOT / "examples" / "coordinate_descent"
CORPUS = ROOT / "tests" / "corpus"
ROCQ = ROOT / "proofs_checks" / "rocq"
ROCQ_BUILD = ROOT / "build" / "rocq"
ROCQ_FILES = ("Main", "Mutants")  # what the page names
ROCQ_PROGRAMS = ("coqc", "coqchk", "coq_makefile", "make")
CLOSED = "Closed under the global context"
EXPECTED = {"accept": ("valid", 0), "reject": ("invalid", 1), "malformed": ("malformed", 4)}
NOT_NEEDED = ("flint", "numpy", "rich", "typer", "sklearn", "scipy", "sympy")


class StepFailed(Exception):
    """A step failed; `code` is the exit code of the whole command."""

    def __init__(self, message: str, code: int = 1):
        super().__init__(message)
        self.code = code


def bin_of(venv: Path, name: str) -> str:
    """The path of a program of a virtual environment."""
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return str(venv / folder / (name + suffix))


def shown(argument: str) -> str:
    """An argument as a reader would type it from the root of the project."""
    return shlex.quote(argument.removeprefix(str(ROOT) + os.sep))


def run(*command: "str | Path", cwd: Path = ROOT) -> None:
    """Echo a command, run it, and fail with its exit code."""
    words = [str(word) for word in command]
    print("$", " ".join(map(shown, words)), flush=True)
    code = subprocess.run(words, cwd=cwd, check=False).returncode
    if code:
        raise StepFailed(f"`{' '.join(map(shown, words))}` failed", code if code > 0 else 128 - code)


def make_venv(venv: Path) -> None:
    """Make an empty virtual environment, or say what is missing."""
    if importlib.util.find_spec("ensurepip") is None:
        version = "{}.{}".format(*sys.version_info[:2])
        raise StepFailed(
            f"This Python ({sys.executable}) has no ensurepip, so it cannot make a virtual environment with pip.\n"
            f"Debian and Ubuntu: `sudo apt install python{version}-venv` (or python3-venv).\n"
            "Elsewhere: use a Python from python.org, or make `.venv` beside dev.py with `virtualenv .venv`.",
            code=2,
        )
    run(sys.executable, "-m", "venv", "--clear", venv)


def pip_install(venv: Path, *what: str) -> None:
    """Install into a virtual environment; only errors are shown."""
    run(bin_of(venv, "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *what)


def installed(extra: str) -> Path:
    """Install the project, editable, with one extra into `.venv`, unless it is there already."""
    if not Path(bin_of(VENV, "python")).exists():
        make_venv(VENV)
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    covered_by = {"solvers": ("solvers", "dev")}.get(extra, (extra,))
    stamps = [VENV / f"installed-{name}" for name in covered_by]
    if not any(stamp.exists() and stamp.read_text() == digest for stamp in stamps):
        pip_install(VENV, "--editable", f".[{extra}]")
        (VENV / f"installed-{extra}").write_text(digest)
    return VENV


def demo() -> None:
    """Challenge scikit-learn's Lasso, then check the certificates that come out."""
    venv = installed("solvers")
    RESULTS.mkdir(exist_ok=True)
    barrier = RESULTS / "sklearn-lasso.cert.json"
    control = RESULTS / "sklearn-lasso.control.cert.json"
    for old in (barrier, control):
        old.unlink(missing_ok=True)
    challenge = ("challenge", "sklearn-lasso", "--problem", "lasso", "--digits", "3")
    run(bin_of(venv, "sci-barriers"), *challenge, "--out", barrier.relative_to(ROOT))
    run(bin_of(venv, "proofs-checks"), "verify", barrier.relative_to(ROOT), control.relative_to(ROOT))


def test(*arguments: str) -> None:
    """Run the fast tests, or with --slow all of them; with --changed those that a change can reach."""
    python = bin_of(installed("dev"), "python")
    extra = [argument for argument in arguments if argument not in ("--slow", "--changed")]
    everything = ["-m", ""] if "--slow" in arguments else []
    if "--changed" in arguments:
        done = subprocess.run([python, "-m", "tests.changed"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise StepFailed("git cannot say what differs from the branch main")
        files = done.stdout.split()
        if not files:
            print("what differs from the branch main reaches no test")
            return
        extra += files
    serial = any(argument == "--pdb" or argument.startswith(("-n", "--numprocesses")) for argument in extra)
    run(python, "-m", "pytest", *([] if serial else ["-n", "2"]), *everything, *extra)


def lint() -> None:
    """Run the linter, the formatter in checking mode, and the type checker."""
    python = bin_of(installed("dev"), "python")
    run(python, "-m", "ruff", "check", ".")
    run(python, "-m", "ruff", "format", "--check", ".")
    run(python, "-m", "mypy")


def docs() -> None:
    """Build the documentation into docs/_build/html."""
    python = bin_of(installed("dev"), "python")
    run(python, "-m", "sphinx", "-W", "--keep-going", "-q", "-j", "auto", "-b", "html", "docs", "docs/_build/html")
    print("docs/_build/html/index.html")


def check() -> None:
    """Lint, fast tests and documentation."""
    lint()
    test()
    docs()


def bench(*arguments: str) -> None:
    """Run the benchmarks."""
    run(bin_of(installed("dev"), "python"), "benchmarks/run.py", *arguments)


def campaign(*arguments: str) -> None:
    """Try to deceive the checker."""
    run(bin_of(installed("dev"), "python"), "benchmarks/campaign.py", *arguments)


def zipapp() -> None:
    """Pack the checker alone into one file, byte for byte the same for the same sources."""
    package = ROOT / "proofs_checks"
    sources = sorted(
        path
        for path in package.rglob("*")
        if path.is_file() and not {"__pycache__", "lemmas", "rocq"} & set(path.relative_to(package).parts)
    )
    start = "import sys\n\nfrom proofs_checks.__main__ import main\n\nmain()\n"
    PYZ.parent.mkdir(exist_ok=True)
    with open(PYZ, "wb") as stream:
        stream.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in [
                ("__main__.py", start.encode()),
                *((path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in sources),
            ]:
                entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content)
    PYZ.chmod(0o755)
    print(f"{shown(str(PYZ))}  sha256 {hashlib.sha256(PYZ.read_bytes()).hexdigest()}")


def corpus_cases(expected: str) -> list[Path]:
    """The certificates and bundles of one part of the corpus; none is an error."""
    folder = CORPUS / expected
    if not folder.is_dir():
        raise StepFailed(f"{shown(str(folder))} is missing: there is nothing to show")
    cases = [path for path in sorted(folder.iterdir()) if path.is_dir() or path.name.endswith(".cert.json")]
    if not cases:
        raise StepFailed(f"{shown(str(folder))} holds no *.cert.json: there is nothing to show")
    return cases


def verify_corpus(checker: list[str], title: str, cwd: Path, environment: dict[str, str]) -> None:
    """Check that a checker gives each file of the corpus the verdict of its folder, and the folder's exit code."""
    for expected, (verdict, code) in EXPECTED.items():
        cases = [str(path) for path in corpus_cases(expected)]
        command = [*checker, "verify", "--json", "--jobs", "2", *cases]
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        try:  # an uncaught exception exits with 1 as well, and is no verdict
            reports = json.loads(done.stdout)["result"]["reports"]
        except (ValueError, KeyError, TypeError):
            raise StepFailed(f"{title}: no answer on {shown(str(CORPUS / expected))}\n{done.stderr}") from None
        found = {report["name"]: report["verdict"] for report in reports}
        wrong = [name for name in cases if found.get(name) != verdict]
        if wrong or done.returncode != code:
            raise StepFailed(f"{title}: exit code {done.returncode}, and not {verdict}: {wrong}")
        print(
            f"{title}: {len(cases)} files of {shown(str(CORPUS / expected))} are {verdict}, exit code {code}",
            flush=True,
        )


def empty() -> None:
    """Show that the checker needs nothing: installed without dependencies, and as one file without site-packages."""
    program = (
        "import sys; from importlib.util import find_spec; sys.exit(' '.join(filter(find_spec, sys.argv[1:])) or 0)"
    )
    absent = ("-c", program, *NOT_NEEDED)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.TemporaryDirectory() as name:
        elsewhere = Path(name)
        venv = elsewhere / "venv"
        make_venv(venv)
        pip_install(venv, "--no-deps", str(ROOT))
        run(bin_of(venv, "python"), "-I", *absent, cwd=elsewhere)
        checker = [bin_of(venv, "proofs-checks")]
        verify_corpus(checker, "installed without dependencies", elsewhere, environment)
        zipapp()
        bare = [sys.executable, "-I", "-S"]
        run(*bare, *absent, cwd=elsewhere)
        copy = shutil.copy(PYZ, elsewhere / PYZ.name)
        verify_corpus([*bare, str(copy)], "proofs-checks.pyz with python -I -S", elsewhere, environment)


def example() -> None:
    """Run the tests of a project that only has the built wheel, in a virtual environment of its own."""
    with tempfile.TemporaryDirectory() as name:
        elsewhere = Path(name)
        venv, dist, project = elsewhere / "venv", elsewhere / "dist", elsewhere / EXAMPLE.name
        make_venv(venv)
        run(bin_of(venv, "python"), "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", dist, ROOT)
        (wheel,) = dist.glob("*.whl")
        shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache", ".hypothesis"))
        pip_install(venv, f"{wheel}[testing]", str(project))
        where = "import sys, sci_barriers as s; sys.exit(not s.__file__.startswith(sys.prefix) and s.__file__)"
        run(bin_of(venv, "python"), "-I", "-c", where, cwd=elsewhere)
        run(bin_of(venv, "python"), "-m", "pytest", "-q", "--sci-barriers-certificates", "certificates", cwd=project)


def rocq_words(source: str) -> set[str]:
    """The words of a .v file, outside its comments, by which a proof can be assumed."""
    while (without := re.sub(r"\(\*(?:(?!\(\*|\*\)).)*\*\)", " ", source, flags=re.DOTALL)) != source:
        source = without
    assumed = r"\b(Axioms?|Parameters?|Conjectures?|Admitted|admit|give_up|Admit|bypass_check|Unset\s+\w+\s+Checking)\b"
    return set(re.findall(assumed, source))


def rocq_theorems(file: str) -> list[str]:
    """The names of the theorems in a file of the formal proofs, `Main` or `Mutants`."""
    return re.findall(r"^ *Theorem (\w+)", (ROCQ / f"{file}.v").read_text(encoding="utf-8"), re.MULTILINE)


def rocq_output(*command: str) -> str:
    """Run a program of Coq in the build folder; its output."""
    print("$", *command, flush=True)
    done = subprocess.run(command, cwd=ROCQ_BUILD, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StepFailed(f"`{command[0]}` failed\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def rocq() -> None:
    """Build the formal proofs outside the package, check them once more with coqchk, and ask for their axioms."""
    missing = [name for name in ROCQ_PROGRAMS if shutil.which(name) is None]
    if missing:
        raise StepFailed(
            f"NOT RUN, the formal proofs were not checked: {', '.join(missing)} not found. "
            "Debian and Ubuntu: `sudo apt-get install coq make`, then `python3 dev.py rocq`.",
            code=2,
        )
    begin = time.monotonic()
    sources = sorted(ROCQ.glob("*.v"))
    for path in sources:
        if words := rocq_words(path.read_text(encoding="utf-8")):
            raise StepFailed(f"{shown(str(path))} assumes what it should prove: {', '.join(sorted(words))}")
    ROCQ_BUILD.mkdir(parents=True, exist_ok=True)
    for old in ROCQ_BUILD.glob("*.v"):
        if not (ROCQ / old.name).exists():
            old.unlink()
    for path in [*sources, ROCQ / "_CoqProject"]:
        copy = ROCQ_BUILD / path.name
        if not copy.exists() or copy.read_bytes() != path.read_bytes():
            copy.write_bytes(path.read_bytes())
    run("coq_makefile", "-f", "_CoqProject", "-o", "Makefile", cwd=ROCQ_BUILD)
    run("make", "-s", "-j2", cwd=ROCQ_BUILD)
    names = [f"{file}.{name}" for file in ROCQ_FILES for name in rocq_theorems(file)]
    (ROCQ_BUILD / "Assumptions.v").write_text(
        f"From SciBarriers Require {' '.join(ROCQ_FILES)}.\n"
        + "".join(f"Print Assumptions {name}.\n" for name in names)
    )
    answers = rocq_output("coqc", "-Q", ".", "SciBarriers", "Assumptions.v").strip().splitlines()
    if not names or answers != [CLOSED] * len(names):
        raise StepFailed("a theorem rests on an axiom:\n" + "\n".join(answers))
    for name in names:
        print(f"{name}: {CLOSED}")
    built = time.monotonic() - begin
    summary = rocq_output(
        "coqchk", "-silent", "-o", "-Q", ".", "SciBarriers", *(f"SciBarriers.{file}" for file in ROCQ_FILES)
    )
    if "* Axioms: <none>" not in summary or summary.count("<none>") != 4:
        raise StepFailed("coqchk finds axioms, or checks that were switched off:\n" + summary)
    print(f"{len(names)} theorems without an axiom: {built:.0f} s, with coqchk {time.monotonic() - begin:.0f} s")


COMMANDS = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "docs": docs,
    "check": check,
    "bench": bench,
    "campaign": campaign,
    "zipapp": zipapp,
    "empty": empty,
    "example": example,
    "rocq": rocq,
}
TAKE_ARGUMENTS = {"test", "bench", "campaign"}


def main(arguments: list[str]) -> int:
    """Run one command; the exit code is 0, that of the step that failed, or 2 for a usage error."""
    if arguments and arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    name, *rest = arguments or [""]
    if name not in COMMANDS or (rest and name not in TAKE_ARGUMENTS):
        wrong = f"`{name}` takes no arguments" if name in COMMANDS else f"no such command: `{name}`"
        print(wrong, "\n\n", __doc__, sep="", file=sys.stderr)
        return 2
    try:
        COMMANDS[name](*rest)
    except StepFailed as failure:
        print(f"dev.py {name}: {failure}", file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
