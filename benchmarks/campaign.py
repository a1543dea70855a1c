"""Try to deceive the checker: mutants of certificates that it must judge truly, and random files that it must bear.

    python benchmarks/campaign.py [--mutants N] [--random N] [--seed S] [--kind KIND ...] [--out FILE] [--markdown FILE]

*Mutants* are accepted certificates (tests/corpus, tests/proofs_checks/margin_one.py) of every kind with random edits
and a fresh digest. One that is accepted must be true by tests/fuzz/independent.py, and not refuted by
tests/fuzz/counterexamples.py. *Random files* (tests/fuzz/hostile.py) go through `proofs-checks verify`, with and
without --json, and `explain`, under hostile names: each has an exit code of the table, no traceback, no character that
steers a terminal, and ends in time. The same seed makes the same files. With --out, each finished batch is a line of
FILE, and the same command goes on from there. Exits with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import secrets
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import write_markdown
from proofs_checks.certificate.reading import KINDS
from proofs_checks.checker import verify_bytes
from proofs_checks.cli import main as checker
from tests.fuzz.counterexamples import refuted
from tests.fuzz.edits import generator, mutant
from tests.fuzz.hostile import FAMILIES, file_name
from tests.fuzz.independent import ORACLES, true
from tests.proofs_checks.margin_one import INSTANCES

ROOT = Path(__file__).resolve().parent.parent
BATCH = 250
TIME_LIMIT = 30
LONGEST_LINE = 25_000
TRUE, UNKNOWN, FALSE, CRASH = "accepted and true", "accepted, not evaluated", "false accepts", "crashes"
MUTANTS = ("mutants", "malformed", "invalid", "undecided", TRUE, UNKNOWN, FALSE, CRASH)
RANDOM = ("files", "valid", "invalid", "undecided", "malformed", "faults")
VERDICTS = {0: "valid", 1: "invalid", 3: "undecided", 4: "malformed"}
SILENT = {"R", "AL", "AN", "NSM", "BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "B", "S"}

Counts = dict[str, Counter[str]]
Tried = tuple[Counter[tuple[str, str]], dict[str, float], list[str]]
"""Counts by group and column, the slowest check by group, and what must not have happened."""


@cache
def originals() -> dict[str, list[bytes]]:
    """Return the accepted certificates by kind."""
    files = sorted((ROOT / "tests" / "corpus" / "accept").glob("*.cert.json"))
    found: dict[str, list[bytes]] = {}
    for data in [*(path.read_bytes() for path in files), *INSTANCES.values()]:
        found.setdefault(json.loads(data)["kind"], []).append(data)
    if missing := set(KINDS) - found.keys():
        raise SystemExit(f"there is no certificate of kind {min(missing)} to change")
    return found


# --- one batch -----------------------------------------------------------------------------------------------------


def mutants(
    seed: str, size: int, only: tuple[str, ...] = ()
) -> tuple[Counter[tuple[str, str]], dict[str, float], list[str]]:
    """Judge mutants; return counts and the slowest check by kind, and what must not have happened, with its bytes."""
    rng, kinds = generator(seed), originals()
    counts, slowest, faults = Counter[tuple[str, str]](), dict[str, float](), list[str]()
    for _ in range(size):
        kind = rng.choice(list(only or kinds))
        data = mutant(rng, rng.choice(kinds[kind]), rng.choice(kinds[rng.choice([kind, *kinds])]))
        start = time.perf_counter()
        try:
            report = verify_bytes(data, TIME_LIMIT)
        except Exception:
            outcome = CRASH
            faults.append(f"{traceback.format_exc()}{data!r}")
        else:
            outcome = report.verdict
        slowest[kind] = max(slowest.get(kind, 0.0), time.perf_counter() - start)
        if outcome == "valid":
            outcome = UNKNOWN if report.kind not in ORACLES else TRUE if true(data) and not refuted(data) else FALSE
        if outcome == FALSE:
            faults.append(f"a false accept: {data!r}")
        counts.update([(kind, "mutants"), (kind, outcome)])
    return counts, slowest, faults


def random_files(
    seed: str, size: int, _: tuple[str, ...] = ()
) -> tuple[Counter[tuple[str, str]], dict[str, float], list[str]]:
    """Let the command read files; return as `mutants` does, by family."""
    rng, known = generator(seed), [data for kind in originals().values() for data in kind]
    counts, slowest, faults = Counter[tuple[str, str]](), dict[str, float](), list[str]()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(size):
            family = rng.choice(list(FAMILIES))
            data, path = FAMILIES[family](rng, known), Path(folder) / file_name(rng)
            path.write_bytes(data)
            start = time.perf_counter()
            verdict, found = read_by_command(path)
            seconds = time.perf_counter() - start
            path.unlink()
            slowest[family] = max(slowest.get(family, 0.0), seconds)
            if seconds > 3 * TIME_LIMIT + 10:
                found.append(f"it took {seconds:.0f} s")
            counts.update([(family, "files"), (family, verdict)])
            if found:
                counts[family, "faults"] += 1
                faults.append(f"{'; '.join(found)}: {data!r} as {path.name!r}")
    return counts, slowest, faults


def read_by_command(path: Path) -> tuple[str, list[str]]:
    """Return the verdict on a file, and what is wrong with what the command does and prints."""
    found, codes = [], {}
    for command in (("verify",), ("verify", "--json"), ("explain",)):
        out, err = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                codes[command] = checker([*command, "--time-limit", str(TIME_LIMIT), str(path)])
        except BaseException:
            found.append(traceback.format_exc())
            codes[command] = -1
        found += [f"{' '.join(command)}: {fault}" for fault in faults_of(out.getvalue(), err.getvalue())]
    verify, as_json, explain = codes.values()
    # explain reads the envelope only, so that it may show what verify calls malformed, but not the other way round
    if verify not in VERDICTS or as_json != verify or explain not in (0, 3, 4) or (explain == 4 and verify != 4):
        found.append(f"exit codes {codes}")
    return VERDICTS.get(verify, "faults"), found


def faults_of(out: str, err: str) -> Iterator[str]:
    """Yield what must not be in the output of a command."""
    if err:
        yield f"standard error: {err!r}"
    if not out.endswith("\n"):
        yield "no line"
    for c in sorted(set(out) - {"\n"}):
        if unicodedata.category(c)[0] in "CM" or unicodedata.category(c) in ("Zl", "Zp"):
            yield f"the character {c!a}"
        elif unicodedata.bidirectional(c) in SILENT:
            yield f"the character {c!a}, which moves its neighbours"
    if "Traceback" in out:
        yield "a traceback"
    if "\n{" not in f"\n{out}" and max(map(len, out.splitlines()), default=0) > LONGEST_LINE:
        yield "a line that is too long"


# --- all of them ---------------------------------------------------------------------------------------------------

PARTS = {"mutants": mutants, "random": random_files}


def run_batch(part: str, index: int, size: int, seed: int, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the record of one batch, ready for JSON."""
    counts, slowest, faults = PARTS[part](f"{seed} {part} {index}", size, only)
    listed = [[group, column, count] for (group, column), count in counts.items()]
    return {"part": part, "index": index, "size": size, "counts": listed, "slowest": slowest, "faults": faults}


def batches(part: str, total: int) -> Iterator[tuple[str, int, int]]:
    """Yield (part, index, size) for `total` files."""
    for index, done in enumerate(range(0, total, BATCH)):
        yield part, index, min(BATCH, total - done)


def load(path: Path, seed: int | None) -> tuple[int, list[dict[str, Any]]]:
    """Return the seed and the records of an unfinished campaign; a last line that was cut off is left out."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    records = []
    for line in lines:
        with contextlib.suppress(ValueError):
            records.append(json.loads(line))
    if not records:
        chosen = secrets.randbelow(2**32) if seed is None else seed
        path.write_text(json.dumps({"seed": chosen}) + "\n", encoding="utf-8")
        return chosen, []
    if "seed" not in records[0] or seed not in (None, records[0]["seed"]):
        raise SystemExit(f"{path} is no campaign, or one with another seed; give another --out")
    if lines and not path.read_bytes().endswith(b"\n"):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")
    return records[0]["seed"], records[1:]


def campaign(
    wanted: list[tuple[str, int, int]], seed: int, processes: int, out: Path | None, only: tuple[str, ...] = ()
) -> Iterator[dict[str, Any]]:
    """Run batches and yield their records as they come; each is kept in `out` first."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    screen = Console(stderr=True)
    with (
        ProcessPoolExecutor(processes) as pool,
        Progress(*columns, console=screen, disable=not sys.stderr.isatty()) as progress,
    ):
        bars = {part: progress.add_task(part, total=sum(s for p, _, s in wanted if p == part)) for part in PARTS}
        running = [pool.submit(run_batch, *batch, seed, only) for batch in wanted]
        try:
            for done in as_completed(running):
                record = done.result()
                if out is not None:
                    with out.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(record) + "\n")
                progress.update(bars[record["part"]], advance=record["size"])
                yield record
        finally:
            pool.shutdown(cancel_futures=True)


def collected(records: Iterable[dict[str, Any]], part: str) -> tuple[Counts, dict[str, float], list[str]]:
    """Return the counts and slowest checks of a part by group, and its faults."""
    counts: Counts = {group: Counter() for group in (KINDS if part == "mutants" else FAMILIES)}
    slowest, faults = dict.fromkeys(counts, 0.0), []
    for record in records:
        if record["part"] == part:
            faults += record["faults"]
            for group, column, count in record["counts"]:
                counts[group][column] += count
            for group, seconds in record["slowest"].items():
                slowest[group] = max(slowest[group], seconds)
    return counts, slowest, faults


def table(heading: str, columns: tuple[str, ...], counts: Counts, slowest: dict[str, float]) -> str:
    """Return counts as a markdown table."""
    lines = [f"| {heading} | {' | '.join(columns)} | slowest |", "|---" * (len(columns) + 2) + "|"]
    total = sum(counts.values(), start=Counter[str]())
    for group, found in [*counts.items(), ("all", total)]:
        cells = " | ".join(f"{found[column]:,}" for column in columns)
        lines.append(f"| {group} | {cells} | {slowest[group] if group in slowest else max(slowest.values()):.2g} s |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run it; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--mutants", type=int, default=100_000, metavar="N", help="how many mutants (default 100000)")
    parser.add_argument("--random", type=int, default=100_000, metavar="N", help="how many files (default 100000)")
    parser.add_argument("--seed", type=int, help="default: a fresh one, which is printed")
    parser.add_argument("--kind", action="append", choices=KINDS, default=[], help="mutants of these kinds only")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, metavar="FILE", help="keep finished batches here, and go on from them")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the tables between the markers of a file")
    options = parser.parse_args(arguments)
    if options.kind and options.out is not None:
        parser.error("--kind is for one run: leave out --out, whose batches are of all kinds")
    wanted = [*batches("mutants", options.mutants), *batches("random", options.random)]
    chosen, kept = options.seed, []
    if options.out is not None:
        chosen, kept = load(options.out, options.seed)
    seed: int = secrets.randbelow(2**32) if chosen is None else chosen
    print(f"seed {seed}", flush=True)
    records = {(r["part"], r["index"], r["size"]): r for r in kept}
    left = [batch for batch in wanted if batch not in records]
    start = time.perf_counter()
    for record in campaign(left, seed, options.processes, options.out, tuple(options.kind)):
        records[record["part"], record["index"], record["size"]] = record
        for fault in record["faults"]:
            print(ascii(fault)[1:-1], flush=True)
    chosen_records = [records[batch] for batch in wanted]
    judged, random = collected(chosen_records, "mutants"), collected(chosen_records, "random")
    text = "\n\n".join(
        (
            f"Seed {seed}.",
            table("kind", MUTANTS, judged[0], judged[1]),
            table("family of random files", RANDOM, random[0], random[1]),
        )
    )
    faults = judged[2] + random[2]
    print(f"\n{text}\n\n{len(faults)} found in {time.perf_counter() - start:.0f} s")
    if options.markdown:
        write_markdown(options.markdown, text, marker="campaign")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
