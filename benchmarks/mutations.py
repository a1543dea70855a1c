"""Change accepted certificates at random, and hold every verdict of the checker against an independent evaluation.

    python benchmarks/mutations.py [--count N] [--seed S] [--markdown FILE]

The certificates are the accepted ones of tests/corpus and of tests/checker/margin_one.py. Every mutant has a fresh
digest, and the same seed makes the same mutants. A mutant that is accepted must be true by tests/fuzz/independent.py,
and not refuted by tests/fuzz/counterexamples.py; kinds that are not evaluated there are only watched for exceptions.
Exits with 1 for a false accept or an exception.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proofs_checks.checker import verify_bytes
from tests.checker.margin_one import INSTANCES
from tests.fuzz.counterexamples import refuted
from tests.fuzz.edits import generator, mutant
from tests.fuzz.independent import ORACLES, true

ROOT = Path(__file__).resolve().parent.parent
BATCH = 500
TIME_LIMIT = 30
BEGIN, END = "<!-- mutations: begin -->", "<!-- mutations: end -->"
TRUE, UNKNOWN, FALSE, CRASH = "accepted and true", "accepted, not evaluated", "false accepts", "crashes"
COLUMNS = ("mutants", "malformed", "invalid", "undecided", TRUE, UNKNOWN, FALSE, CRASH)


@cache
def originals() -> dict[str, list[bytes]]:
    """Return the accepted certificates by kind."""
    files = sorted((ROOT / "tests" / "corpus" / "accept").glob("*.cert.json"))
    found: dict[str, list[bytes]] = {}
    for data in [*(path.read_bytes() for path in files), *INSTANCES.values()]:
        found.setdefault(json.loads(data)["kind"], []).append(data)
    return found


def batch(seed: int, size: int) -> tuple[dict[str, Counter[str]], dict[str, float], list[str]]:
    """Return the counts and the slowest check of each kind, and what must not have happened, with its bytes."""
    rng, kinds = generator(seed), originals()
    counts = {kind: Counter[str]() for kind in kinds}
    slowest, faults = dict.fromkeys(kinds, 0.0), []
    for _ in range(size):
        kind = rng.choice(list(kinds))
        data = mutant(rng, rng.choice(kinds[kind]), rng.choice(kinds[rng.choice([kind, *kinds])]))
        start = time.perf_counter()
        try:
            report = verify_bytes(data, TIME_LIMIT)
        except Exception:
            outcome = CRASH
            faults.append(f"{traceback.format_exc()}{data!r}")
        else:
            outcome = report.verdict
        slowest[kind] = max(slowest[kind], time.perf_counter() - start)
        if outcome == "valid":
            outcome = UNKNOWN if report.kind not in ORACLES else TRUE if true(data) and not refuted(data) else FALSE
        if outcome == FALSE:
            faults.append(f"a false accept: {data!r}")
        counts[kind].update(("mutants", outcome))
    return counts, slowest, faults


def table(counts: dict[str, Counter[str]], slowest: dict[str, float]) -> str:
    """Return the counts as a markdown table."""
    lines = [f"| kind | {' | '.join(COLUMNS)} | slowest |", "|---" * (len(COLUMNS) + 2) + "|"]
    total = sum(counts.values(), start=Counter[str]())
    for kind, found in [*counts.items(), ("all", total)]:
        cells = " | ".join(f"{found[column]:,}" for column in COLUMNS)
        lines.append(f"| {kind} | {cells} | {slowest[kind] if kind in slowest else max(slowest.values()):.2g} s |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run it; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=100_000, help="how many mutants (default 100000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="also put the table between the markers of a file"
    )
    options = parser.parse_args(arguments)
    sizes = [min(BATCH, options.count - done) for done in range(0, options.count, BATCH)]
    seeds = [options.seed * 10**6 + index for index in range(len(sizes))]
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in originals()}
    slowest, faults = dict.fromkeys(counts, 0.0), []
    with ProcessPoolExecutor(options.processes) as pool:
        for found, slow, wrong in pool.map(batch, seeds, sizes):
            faults += wrong
            for kind in counts:
                counts[kind] += found[kind]
                slowest[kind] = max(slowest[kind], slow[kind])
    print(*faults, table(counts, slowest), sep="\n\n")
    if options.markdown:
        head, begin, rest = options.markdown.read_text(encoding="utf-8").partition(BEGIN)
        _, end, tail = rest.partition(END)
        if not (begin and end):
            parser.error(f"{options.markdown} lacks the lines {BEGIN} and {END}")
        text = f"{head}{BEGIN}\n\n{table(counts, slowest)}\n\n{END}{tail}"
        options.markdown.write_text(text, encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
