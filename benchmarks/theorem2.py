"""Measure what the parts of `sci-barriers theorem2` cost as digits, competing columns and coins grow.

All numbers are ratios of processor times taken side by side in this run, but for the largest enumeration, whose target
is a time.

    python benchmarks/theorem2.py [--quick] [--markdown FILE]
"""

from __future__ import annotations

import argparse
import functools
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from benchmarks.pages import write_markdown
from sci_barriers.omega.known import known_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.run import (
    FULL,
    QUICK,
    Outcome,
    Section,
    Settings,
    growth,
    machine,
    markdown,
    must_hold,
    produce,
    show,
    summary,
)
from benchmarks.timing import Job, ratio
from exact_base.rationals import power_of_two
from exact_base.scalars import ExactArray, zeros
from proofs_checks.checker import verify_bytes
from sci_barriers.breakdown.epsilon import breakdown_epsilon
from sci_barriers.certificates.breakdown import breakdown_certificate
from sci_barriers.certificates.budget import budget_certificate
from sci_barriers.certificates.network_exists import existence_certificate
from sci_barriers.certificates.randomised import randomised_certificate
from sci_barriers.certificates.reads import reads_certificate
from sci_barriers.data.structured import CommonOracle
from sci_barriers.data.training_data import QueryAccess, TrainingData
from sci_barriers.games.budget import play_budget
from sci_barriers.isolation import Limits
from sci_barriers.isolation.tapes import IsolatedRandomised
from sci_barriers.network_exists.theorem1 import member_network
from sci_barriers.omega.families import OmegaClass
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.players.coins import randomised_algorithm
from sci_barriers.problems import PROBLEMS
from sci_barriers.randomised.game import enumerate_tapes
from sci_barriers.randomised.runs import RandomisedCandidate, RandomisedPlayer
from sci_barriers.randomised.tapes import SeededTape, Tape
from sci_barriers.reads.reaching import reach
from sci_barriers.solvers import load_candidate
from sci_barriers.theorem2.lines import theorem2

MARKER = "theorem2"
MOST_COINS = 16


# --- what is timed -------------------------------------------------------------------------------------------------


def budget(**size: Any) -> bytes:
    """Play the candidate `exact` on the weak family with a budget of two data."""
    omega = OmegaClass.create("lasso", family="weak", **size)
    return budget_certificate(play_budget(load_candidate("exact", problem="lasso"), omega, budget=2))


def reads(statement: int, **size: Any) -> bytes:
    """Run the algorithm of a statement on a member of the weak family, with two samples."""
    union = OmegaUnion.create("lasso", samples=1, **size)
    member = union.weak.member(i=union.weak.ties, q=union.weak.q0 + 1)
    return reads_certificate(reach(union, member, statement=statement))


def breakdown(**size: Any) -> bytes:
    """Write the breakdown epsilon of the strong family."""
    return breakdown_certificate(breakdown_epsilon(OmegaClass.create("lasso", **size)))


def network(**size: Any) -> bytes:
    """Write the network of Theorem 1 for two samples of a member of the strong family."""
    omega = OmegaClass.create("lasso", **size)
    return existence_certificate(member_network(omega.member(i=1, q=omega.q0), samples=2))


PARTS: dict[str, Callable[..., bytes]] = {
    "barrier": produce,
    "budget": budget,
    "reads, K - 1 digits": functools.partial(reads, 2),
    "reads, K - 2 digits": functools.partial(reads, 3),
    "breakdown": breakdown,
    "network-exists": network,
}


def guesser(count: int, *, alike: bool) -> Any:
    """Return an algorithm that throws that many coins and reads one datum: alike, it has d answers, else 2^count."""

    @randomised_algorithm
    def guess(data: TrainingData, tape: Tape) -> ExactArray:
        value = sum(tape.bit() << position for position in range(count))
        omega = data.known.omega
        if omega is None:
            raise SystemExit("the algorithm is for the class only")
        point = zeros(omega.columns)
        point[value % omega.ties] = data.read_to(8).point[0] * (1 if alike else 1 + value * power_of_two(-40))
        return point

    return guess


sixteen = guesser(MOST_COINS, alike=True)
"""For a process of its own, which loads it from this file."""


# --- the sections --------------------------------------------------------------------------------------------------


def grown(title: str, unit: str, sizes: list[tuple[str, dict[str, Any]]], limit: float, settings: Settings) -> Section:
    """Every part over the same sizes, in one table."""
    section = Section(title, ("part", "size", "certificate", "producing ×", "checking ×", "checking / producing"))
    for name, make in PARTS.items():
        part = growth(title, sizes, limit, f"{unit} doubles, {name}", settings, make=make)
        section.rows += [(name, *row) for row in part.rows]
        section.outcomes += part.outcomes
    return section


def digits(settings: Settings) -> Iterator[Section]:
    """Digits that double."""
    sizes = [
        (f"K = {count}", {"digits": count, "rows": 5, "columns": 9})
        for count in ((3, 6) if settings.quick else (3, 6, 12, 24))
    ]
    yield grown("Digits that double (lasso, 5 x 9, d = 5)", "K", sizes, 3, settings)


def ties(settings: Settings) -> Iterator[Section]:
    """Competing columns that double."""
    sizes = [
        (f"d = {count}", {"digits": 3, "rows": 2, "columns": count + 1})
        for count in ((2, 4) if settings.quick else (2, 4, 8, 16, 32, 64))
    ]
    yield grown("Competing columns that double (lasso, 2 x (d + 1), K = 3)", "d", sizes, 4.5, settings)


def whole(settings: Settings) -> Iterator[Section]:
    """All statements of one problem."""
    section = Section(
        "All statements (K = 3, L = 2, 5 x 9)",
        ("problem", "certificates", "bytes", "checking / producing"),
        "What `sci-barriers theorem2 --problem` does but for loading, isolating and writing: the certificates of all "
        "statements, played against by `exact`, and their checking.",
    )
    for problem in ("lasso",) if settings.quick else tuple(PROBLEMS):
        player = load_candidate("exact", problem=problem)

        def made(problem: str = problem, player: Any = player) -> list[bytes]:
            found = theorem2(player, problem, digits=3, data=2, rows=5, columns=9)
            return [line.certificate for line in found if line.certificate is not None]

        files = [must_hold(data) for data in made()]
        times = settings.time({"produce": made, "check": functools.partial(_verified, files)})
        share = ratio(times["check"], times["produce"])
        section.rows.append((problem, str(len(files)), f"{sum(map(len, files)):,}", str(share)))
        section.outcomes.append(
            Outcome(f"checking <= 0.15 of producing, all statements, {problem}", str(share), share.median <= 0.15)
        )
    yield section


def coins(settings: Settings) -> Iterator[Section]:
    """Coins: all tapes, with few answers and with one for each tape."""
    omega = OmegaClass.create("lasso", digits=3)
    for alike, words in ((True, "two answers in all"), (False, "each tape with an answer of its own")):
        section = Section(
            f"All tapes of b coins, {words} (lasso, 21 x 22, K = 3)",
            ("b", "tapes", "certificate", "producing ×", "checking ×", "checking / producing", "a tape / one call"),
            "Each row has 16 times as many tapes as the one above. *One call* is a call of the algorithm on the common "
            "oracle, with its coins and its read, of which nothing is recorded.",
        )
        counts = (2, 6) if settings.quick else (4, 8, 12, MOST_COINS)
        jobs: dict[str, Job] = {}
        lengths = {}
        for count in counts:
            algorithm = guesser(count, alike=alike)
            make = functools.partial(_enumerated, RandomisedCandidate("guess", algorithm), omega)
            data = must_hold(make())
            lengths[count] = len(data)
            jobs[f"produce {count}"] = make
            jobs[f"check {count}"] = functools.partial(verify_bytes, data)
            jobs[f"call {count}"] = functools.partial(_called, algorithm, omega)
        times = replace(settings, rounds=3).time(jobs)
        slowest = {"produce": 0.0, "check": 0.0}
        for before, count in zip((None, *counts), counts, strict=False):
            cells = []
            for what in slowest:
                spread = None if before is None else ratio(times[f"{what} {count}"], times[f"{what} {before}"])
                cells.append("" if spread is None else str(spread))
                slowest[what] = max(slowest[what], 0.0 if spread is None else spread.median)
            share = ratio(times[f"check {count}"], times[f"produce {count}"])
            tape = ratio(times[f"produce {count}"], [seconds * 2**count for seconds in times[f"call {count}"]])
            section.rows.append((str(count), f"{2**count:,}", f"{lengths[count]:,} B", *cells, str(share), str(tape)))
            last = tape
        for what, word in (("produce", "producing"), ("check", "checking")):
            # 16 times as many tapes, each of which is longer, at most doubled
            section.outcomes.append(
                Outcome(f"b + 4, {words}: {word} <= 32×", f"at most {slowest[what]:.3g}", slowest[what] <= 32)
            )
        section.outcomes.append(Outcome(f"a tape, over one call, b = {counts[-1]}, {words}", str(last), None))
        yield section


def minute(settings: Settings) -> Iterator[Section]:
    """The largest enumeration in a process of its own, in seconds."""
    if settings.quick:
        return
    section = Section(
        f"2^{MOST_COINS} tapes in a process of their own (lasso, 21 x 22, K = 3)",
        ("what", "processor seconds"),
        "Seconds of the processor, of both processes together, of a single run: on an idle machine it takes no longer. "
        "With the start of the process, each run reported to the game, and the certificate.",
    )
    before = _processor_seconds()
    omega = OmegaClass.create("lasso", digits=3)
    target = f"{Path(__file__).resolve()}:sixteen"
    with IsolatedRandomised(target, problem="lasso", limits=Limits(seconds=60.0)) as player:
        data = _enumerated(player, omega)
    seconds = _processor_seconds() - before
    must_hold(data)
    section.rows.append((f"{2**MOST_COINS:,} tapes", f"{seconds:.1f}"))
    section.outcomes.append(Outcome(f"2^{MOST_COINS} tapes in under a minute", f"{seconds:.1f} s", seconds < 60))
    yield section


def _verified(files: list[bytes]) -> None:
    for data in files:
        verify_bytes(data)


def _enumerated(player: RandomisedPlayer, omega: OmegaClass) -> bytes:
    return randomised_certificate(enumerate_tapes(player, omega, length=MOST_COINS))


def _called(algorithm: Any, omega: OmegaClass) -> object:
    tape = SeededTape(np.random.default_rng(0), length=MOST_COINS)
    return algorithm(QueryAccess(known_of(omega, precision=60), CommonOracle(omega)), tape)


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(times.ru_utime + times.ru_stime for times in used)


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="the smallest sizes and few rounds: a smoke test")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the tables between the markers of a file")
    options = parser.parse_args(arguments)
    settings = replace(QUICK if options.quick else FULL, clock=time.process_time)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    sections: list[Section] = []
    for part in (digits, ties, whole, coins, minute):
        for section in part(settings):
            show(section, console)
            sections.append(section)
    sections.insert(0, summary(sections))
    show(sections[0], console)
    where = machine(f"python benchmarks/theorem2.py{' --quick' if options.quick else ''}")
    console.print(where, markup=False)
    if options.markdown:
        text = markdown(sections, where).replace("## ", "### ")
        write_markdown(options.markdown, text, marker=MARKER)


if __name__ == "__main__":
    main()
