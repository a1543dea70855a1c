"""Measure how producing and checking certificates scale, and what the checker costs beside other arithmetic.

Prints one table per question and one that holds the targets against what was measured. All numbers are ratios of times
taken side by side in this run: medians over interleaved rounds, with quartiles.

    python benchmarks/run.py [--quick] [--markdown FILE]
"""

from __future__ import annotations

import argparse
import datetime
import functools
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any
from unittest import mock

from flint import fmpq
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import write_markdown
from benchmarks.references import LIBRARIES, Fields, decode, holds
from benchmarks.timing import Clock, Job, Spread, interleaved, ratio
from proofs_checks.certificate.reading import parse
from proofs_checks.certificate.writing import write_atomic
from proofs_checks.checker import verify_bytes
from proofs_checks.checker.kinds import barrier
from sci_barriers.breakdown.family import Family, FamilyInstance, certify_family
from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.certificates.breakdown import family_certificate
from sci_barriers.certificates.control import control_certificate
from sci_barriers.certificates.network_exists import existence_certificate
from sci_barriers.games.game import Challenge, challenge, play_game
from sci_barriers.network_exists.theorem1 import member_network
from sci_barriers.omega.families import OmegaClass
from sci_barriers.solvers import REGISTRY, load_candidate

ROOT = Path(__file__).resolve().parent.parent
BITS_PER_DIGIT = 3.321928094887362


@dataclass
class Outcome:
    """One line of the summary: a target, what was measured, and whether it is reached (None: no target)."""

    target: str
    measured: str
    reached: bool | None


@dataclass
class Section:
    """One question: a table of measurements and the outcomes that follow from it."""

    title: str
    headings: tuple[str, ...]
    note: str = ""
    rows: list[tuple[str, ...]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class Settings:
    """How long to measure."""

    rounds: int
    sample: float
    quick: bool
    clock: Clock = time.perf_counter

    def time(self, jobs: dict[str, Job]) -> dict[str, list[float]]:
        """Time jobs side by side."""
        return interleaved(jobs, rounds=self.rounds, sample=self.sample, clock=self.clock)


FULL = Settings(rounds=15, sample=10e-3, quick=False)
QUICK = Settings(rounds=3, sample=1e-3, quick=True)


# --- what is timed -------------------------------------------------------------------------------------------------


def produce(
    solver: str = "exact", *, problem: str = "lasso", precision: int = 60, access: str = "query", **size: Any
) -> bytes:
    """Make the class, play a solver against its common oracle and return the bytes of the certificate."""
    omega = OmegaClass.create(problem, **({"digits": 3} | size))
    candidate = load_candidate(solver, problem=problem)
    return barrier_certificate(play_game(candidate, omega, access=access, precision=precision))


def must_hold(data: bytes) -> bytes:
    """Return the bytes of a certificate after checking them."""
    report = verify_bytes(data)
    if report.verdict != "valid":
        raise SystemExit(f"a certificate to be timed is {report.verdict}: {report.reason}")
    return data


@contextmanager
def bare_rules(fields: Fields) -> Iterator[Job]:
    """Give the rules of the checker alone: its decoders answer at once, and it writes no statement."""
    parsed: dict[str, Any] = {
        "decode_object": lambda *_: None,
        "decode_choice": lambda *_: fields.access,
        "decode_integer": lambda _, path, **__: fields.exponent if path == "claim.exponent" else fields.index,
        "decode_class": lambda _: fields.omega,
        "decode_matrix": lambda *_, **__: fields.output,
        "decode_transcript": lambda *_: fields.reads,
        "_statement": lambda *_: None,
    }
    claim: dict[str, Any] = dict.fromkeys(("access", "class", "exponent", "index", "output"))

    def rules() -> object:
        return barrier.check(claim, {"transcript": None})

    with ExitStack() as patches:
        for name, replacement in parsed.items():
            patches.enter_context(mock.patch.object(barrier, name, replacement))
        yield rules


# --- the sections --------------------------------------------------------------------------------------------------


def growth(
    title: str,
    sizes: list[tuple[str, dict[str, Any]]],
    limit: float,
    target: str,
    settings: Settings,
    *,
    make: Callable[..., bytes] = produce,
) -> Section:
    """Time producing and checking over sizes that double; `make` returns the bytes of a certificate."""
    section = Section(title, ("size", "certificate", "producing ×", "checking ×", "checking / producing"))
    jobs: dict[str, Job] = {}
    lengths = {}
    for label, options in sizes:
        data = must_hold(make(**options))
        lengths[label] = len(data)
        jobs[f"produce {label}"] = functools.partial(make, **options)
        jobs[f"check {label}"] = functools.partial(verify_bytes, data)
    times = settings.time(jobs)
    worst: dict[str, list[Spread]] = {"produce": [], "check": []}
    before: str | None = None
    for label, _ in sizes:
        cells = []
        for what, spreads in worst.items():
            if before is None:
                cells.append("")
            else:
                spreads.append(ratio(times[f"{what} {label}"], times[f"{what} {before}"]))
                cells.append(str(spreads[-1]))
        share = ratio(times[f"check {label}"], times[f"produce {label}"])
        section.rows.append((label, f"{lengths[label]:,} B", *cells, str(share)))
        before = label
    for what, word in (("produce", "producing"), ("check", "checking")):
        largest = max(worst[what], key=lambda spread: spread.median)
        section.outcomes.append(
            Outcome(f"{target}: {word} <= {limit:g}×", f"at most {largest}", largest.median <= limit)
        )
    return section


def bits(settings: Settings) -> Iterator[Section]:
    """Bits that double: through the precision n, and through the digits K."""
    sizes = [2**k for k in (range(9, 12) if settings.quick else range(9, 14))]
    yield growth(
        "Bits through the precision: c_n has n bits and q = n (lasso, 21 x 22, K = 3)",
        [(f"n = {size}", {"precision": size}) for size in sizes],
        3,
        "bits double through n",
        settings,
    )
    yield growth(
        "Bits through the digits: 10^K has the bits given (lasso, 21 x 22, n = 60)",
        [
            (f"{size} bits, K = {round(size / BITS_PER_DIGIT)}", {"digits": round(size / BITS_PER_DIGIT)})
            for size in sizes
        ],
        3,
        "bits double through K",
        settings,
    )


def columns(settings: Settings) -> Iterator[Section]:
    """Numbers of columns that double, with few and many ties, plain and disguised."""
    sizes = (20, 40, 80) if settings.quick else (20, 40, 80, 160, 320)
    for disguise, limit in ((False, 4.5), (True, 8.0)):
        for shape, ties in (("m = N - 1, d = 2", "few"), ("m = N/2, d = N/2 + 1", "many")):
            word = "disguised" if disguise else "plain"
            options: list[tuple[str, dict[str, Any]]] = [
                (f"N = {N}", {"rows": N - 1 if ties == "few" else N // 2, "columns": N, "disguise": disguise})
                for N in sizes
            ]
            title = f"Columns, {word}, {shape} (lasso, K = 3, n = 60)"
            yield growth(title, options, limit, f"N doubles, {word}, {shape}", settings)


def network(samples: int) -> bytes:
    """Write the network of Theorem 1 for samples of a member of the class, with weights in Q(√s)."""
    omega = OmegaClass.create("sqrt-lasso", digits=3)
    return existence_certificate(member_network(omega.member(i=1, q=omega.q0), samples=samples))


def family(instances: int) -> bytes:
    """Certify the radius of inputs with one row in which each time another column wins by 2^-20."""
    rows = [[1 + fmpq(int(i == j), 2**20) for j in range(instances)] for i in range(instances)]
    inputs = [FamilyInstance([row], [2]) for row in rows]
    limit = FamilyInstance([[1] * instances], [2])
    bound = certify_family(Family(problem="lasso", parameter=1, instances=inputs, limit=limit), precision=20)
    return family_certificate(bound)


def existence_and_breakdown(settings: Settings) -> Iterator[Section]:
    """Samples of a network, and instances of a family, that double."""
    samples = (8, 16) if settings.quick else (8, 16, 32, 64, 128)
    yield growth(
        "Samples of a network that exists (sqrt-lasso, 21 x 22, K = 3)",
        [(f"R = {count}", {"samples": count}) for count in samples],
        4.5,
        "samples double",
        settings,
        make=network,
    )
    instances = (4, 8) if settings.quick else (4, 8, 16, 32, 64)
    yield growth(
        "Instances of a family that share data (lasso, 1 x d, n = 20)",
        [(f"d = {count}", {"instances": count}) for count in instances],
        6,
        "instances double",
        settings,
        make=family,
    )


def representative(quick: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name the certificates on which the checker is held against the references."""
    large = 300 if quick else 1000
    variants: list[tuple[str, dict[str, Any]]] = [
        ("K = 3", {}),
        ("K = 100", {"digits": 100}),
        (f"K = {large}", {"digits": large}),
        (f"n = {2 * large}", {"precision": 2 * large}),
        ("stream of 60", {"access": "stream"}),
        ("weak family", {"family": "weak"}),
        ("disguised", {"disguise": True}),
        ("chambolle-pock", {"solver": "chambolle-pock"}),
    ]
    for rows, cols in ((5, 40), (21, 22)):
        for label, options in variants:
            yield f"{rows} x {cols}, {label}", {"rows": rows, "columns": cols, **options}
    for problem in ("bpdn", "sqrt-lasso"):
        yield f"21 x 22, K = 100, {problem}", {"rows": 21, "columns": 22, "digits": 100, "problem": problem}


def against_references(settings: Settings) -> Iterator[Section]:
    """The checker beside the same rules in python-flint and in fractions."""
    section = Section(
        "The same rules with other arithmetic",
        ("certificate", "common", "rules: checker / flint", "rules: Fraction / checker")
        + ("total: checker / flint", "total: Fraction / checker"),
        "*Common* is the share of parsing, canonicality, digest and decoding, the same code for all, in the total time "
        "of the checker. *Rules* starts from the decoded integers: the references make a rational of every number and "
        "apply the rules; the checker's own code applies the rules and writes no statement. *Total* goes from bytes to "
        "the verdict, for the checker with the statement in words.",
    )
    found: dict[str, list[Spread]] = {}
    for label, options in representative(settings.quick):
        data = must_hold(produce(**options))
        parsed = parse(data)
        fields = decode(parsed.claim, parsed.evidence)
        jobs: dict[str, Job] = {
            "total": functools.partial(verify_bytes, data),
            "parse": functools.partial(parse, data),
            "decode": functools.partial(decode, parsed.claim, parsed.evidence),
        }
        for name, rational in LIBRARIES.items():
            if not holds(fields, rational):
                raise SystemExit(f"the reference with {name} rejects {label}")
            jobs[name] = functools.partial(holds, fields, rational)
        with bare_rules(fields) as rules:
            # `total` needs the decoders, so it is timed apart from the bare rules
            patched = settings.time({"rules": rules} | {name: jobs[name] for name in LIBRARIES})
        times = settings.time(jobs)
        common = [a + b for a, b in zip(times["parse"], times["decode"], strict=True)]
        totals = {name: [a + b for a, b in zip(common, times[name], strict=True)] for name in LIBRARIES}
        spreads = {
            "rules, flint": ratio(patched["rules"], patched["python-flint"]),
            "rules, Fraction": ratio(patched["fractions"], patched["rules"]),
            "total, flint": ratio(times["total"], totals["python-flint"]),
            "total, Fraction": ratio(totals["fractions"], times["total"]),
        }
        for name, spread in spreads.items():
            found.setdefault(name, []).append(spread)
        section.rows.append((label, f"{ratio(common, times['total']).median:.0%}", *map(str, spreads.values())))
    for part in ("rules", "total"):
        flint = [spread.median for spread in found[f"{part}, flint"]]
        slow = [spread.median for spread in found[f"{part}, Fraction"]]
        section.outcomes += [
            Outcome(f"checker <= 3× python-flint, {part}", _range(flint), max(flint) <= 3),
            Outcome(
                f"checker >= 10× faster than Fraction, {part}",
                f"{_range(slow)}; reached by {sum(value >= 10 for value in slow)} of {len(slow)}",
                min(slow) >= 10,
            ),
        ]
    yield section


def writing(settings: Settings) -> Iterator[Section]:
    """What writing and checking add to a challenge."""
    section = Section(
        "Writing and checking beside the challenge (lasso, 21 x 22, K = 3, n = 60; both columns)",
        ("solver", "writing / challenge", "with files / challenge", "writing / whole command", "checking / producing"),
        "*Writing* makes the bytes of both certificates in memory; *with files* also puts them on disk, synchronised. "
        "The *challenge* is the call in a running process; the *whole command* is `sci-barriers challenge` from "
        "process start to exit. *Producing* is challenge and writing.",
    )
    for solver in ("sklearn-lasso", "exact", "chambolle-pock"):
        if not REGISTRY[solver].available or (settings.quick and solver == "chambolle-pock"):
            continue
        candidate = load_candidate(solver, problem="lasso")

        def played(candidate: Any = candidate) -> Challenge:
            return challenge(candidate, OmegaClass.create("lasso", digits=3))

        result = played()

        def write(result: Challenge = result) -> list[bytes]:
            return [barrier_certificate(result.game), control_certificate(result.control)]

        files = [must_hold(data) for data in write()]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)

            def save(write: Callable[[], list[bytes]] = write, folder: Path = folder) -> None:
                for place, data in zip(("barrier", "control"), write(), strict=True):
                    write_atomic(folder / f"{place}.cert.json", data)

            jobs: dict[str, Job] = {
                "challenge": played,
                "write": write,
                "save": save,
                "check": functools.partial(_verify_all, files),
            }
            times = settings.time(jobs)
            command = functools.partial(_command, solver, folder)
            process = interleaved({"write": write, "command": command}, rounds=2 if settings.quick else 5)
        share = ratio(times["write"], times["challenge"])
        produced = [a + b for a, b in zip(times["challenge"], times["write"], strict=True)]
        checking = ratio(times["check"], produced)
        whole = ratio(process["write"], process["command"])
        section.rows.append(
            (solver, str(share), str(ratio(times["save"], times["challenge"])), str(whole), str(checking))
        )
        section.outcomes += [
            Outcome(f"writing <= 0.07 of a challenge, {solver}", str(share), share.median <= 0.07),
            Outcome(f"writing, share of the whole command, {solver}", str(whole), None),
            Outcome(f"checking <= 0.15 of producing, {solver}", str(checking), checking.median <= 0.15),
        ]
    yield section


def _verify_all(files: list[bytes]) -> None:
    for data in files:
        verify_bytes(data)


def _command(solver: str, folder: Path) -> None:
    arguments = ["challenge", solver, "--problem", "lasso", "--digits", "3", "--out", str(folder / "out.cert.json")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "sci_barriers", *arguments], check=True, env=environment, stdout=subprocess.DEVNULL
    )


def _range(values: list[float]) -> str:
    return f"median {Spread.of(values).median:.3g}, {min(values):.3g} to {max(values):.3g} over the certificates"


# --- printing ------------------------------------------------------------------------------------------------------


def summary(sections: list[Section]) -> Section:
    """Return the table of targets."""
    result = Section("Targets", ("target", "measured", "reached"))
    for section in sections:
        for outcome in section.outcomes:
            reached = "-" if outcome.reached is None else "yes" if outcome.reached else "no"
            result.rows.append((outcome.target, outcome.measured, reached))
    return result


def machine(command: str) -> str:
    """Return one line on where and how this was measured."""
    return (
        f"Measured on {datetime.datetime.now(datetime.UTC).date().isoformat()} with `{command}`: {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores (shared), Python {platform.python_version()}, python-flint "
        f"{metadata.version('python-flint')}. Medians, with quartiles in brackets."
    )


def show(section: Section, console: Console) -> None:
    """Print a section."""
    table = Table(*section.headings, title=section.title, title_justify="left")
    for row in section.rows:
        table.add_row(*row)
    console.print(table)
    if section.note:
        console.print(section.note, markup=False)
    console.print()


def markdown(sections: list[Section], where: str) -> str:
    """Return the sections as markdown."""
    lines = [where, ""]
    for section in sections:
        lines += [f"## {section.title}", "", *([section.note, ""] if section.note else [])]
        lines += [f"| {' | '.join(section.headings)} |", f"|{'---|' * len(section.headings)}"]
        lines += [f"| {' | '.join(row)} |" for row in section.rows]
        lines.append("")
    return "\n".join(lines)


def run_alone(
    arguments: list[str] | None,
    *,
    about: str | None,
    command: str,
    parts: Sequence[Callable[[Settings], Iterator[Section]]],
    marker: str,
) -> None:
    """Run some parts as a program of their own, and print what they measure, or write it into a page too.

    Args:
        arguments: of the command line; None for those of the process.
        about: what is said of the program: the first line.
        command: how it is called.
        parts: what is measured.
        marker: of the comments in the page between which the tables are.
    """
    parser = argparse.ArgumentParser(description=(about or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="the smallest size and few rounds: a smoke test")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the tables between the markers of a file")
    options = parser.parse_args(arguments)
    settings = QUICK if options.quick else FULL
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    sections = [section for part in parts for section in part(settings)]
    targets = summary(sections)
    for section in (targets, *sections):
        show(section, console)
    where = machine(command)
    console.print(where, markup=False)
    if options.markdown:
        text = markdown([targets, *sections], where).replace("## ", "### ")
        write_markdown(options.markdown, text, marker=marker)


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes and few rounds: a smoke test")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the tables to this file")
    options = parser.parse_args(arguments)
    settings = QUICK if options.quick else FULL
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    sections: list[Section] = []
    for part in (bits, columns, existence_and_breakdown, against_references, writing):
        for section in part(settings):
            show(section, console)
            sections.append(section)
    sections.insert(0, summary(sections))
    show(sections[0], console)
    where = machine(f"python3 dev.py bench{' --quick' if options.quick else ''}")
    console.print(where, markup=False)
    if options.markdown:
        write_markdown(options.markdown, markdown(sections, where))


if __name__ == "__main__":
    main()
