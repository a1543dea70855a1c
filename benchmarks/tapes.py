"""What the enumeration of tapes costs: against the number of coins b, the digits K and the ties d; and 2^16 tapes.

    python3 benchmarks/tapes.py [--quick] [--markdown docs/benchmarks.md]

Ratios of times taken side by side in one run, medians over rounds with quartiles. The candidate draws b coins, reads
one datum, and guesses a vertex by what it drew.
"""

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.run import must_hold
from benchmarks.timing import Job, interleaved, ratio
from proofs_checks.checker import verify_bytes
from sci_barriers import (
    IsolatedRandomised,
    OmegaClass,
    RandomisedCandidate,
    enumerate_tapes,
    randomised_algorithm,
    randomised_certificate,
)
from sci_barriers.exact import zeros

BEGIN, END = "<!-- tapes: begin -->", "<!-- tapes: end -->"
SOURCE = """
from benchmarks.tapes import guesser
sixteen = guesser(16)
"""


def guesser(bits):
    """A candidate that uses that many coins."""

    @randomised_algorithm
    def algorithm(data, tape):
        value = sum(tape.bit() << position for position in range(bits))
        omega = data.known.omega
        data.read_to(1)
        point = zeros(omega.columns)
        point[value % omega.ties] = omega.height(omega.base)
        return point

    return algorithm


def produce(*, bits: int, digits: int, size: tuple[int, int]) -> bytes:
    """Enumerate all tapes and return the certificate."""
    omega = OmegaClass.create("lasso", digits=digits, rows=size[0], columns=size[1])
    return randomised_certificate(enumerate_tapes(RandomisedCandidate("guess", guesser(bits)), omega))


def growth(title: str, cases: list[tuple[str, dict]], rounds: int) -> list[str]:
    """The lines of one table: producing against the case before, and checking against producing."""
    jobs: dict[str, Job] = {}
    sizes = {}
    for label, options in cases:
        data = must_hold(produce(**options))
        sizes[label] = len(data)
        jobs[f"produce {label}"] = functools.partial(produce, **options)
        jobs[f"check {label}"] = functools.partial(verify_bytes, data)
    times = interleaved(jobs, rounds=rounds)
    lines = [f"| {title} | certificate | producing × | checking / producing |", "|---|---|---|---|"]
    before = None
    for label, _ in cases:
        grown = "" if before is None else str(ratio(times[f"produce {label}"], times[f"produce {before}"]))
        share = ratio(times[f"check {label}"], times[f"produce {label}"])
        lines.append(f"| {label} | {sizes[label]:,} B | {grown} | {share} |")
        before = label
    return [*lines, ""]


def minute() -> str:
    """Run 2^16 tapes in a worker process, once, and say whether that took a minute."""
    omega = OmegaClass.create("lasso", digits=3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coins.py"
        path.write_text(SOURCE, encoding="utf-8")
        with IsolatedRandomised(f"{path}:sixteen", problem="lasso") as player:
            started = time.perf_counter()
            result = enumerate_tapes(player, omega)
            seconds = time.perf_counter() - started
    must_hold(randomised_certificate(result))
    return (
        f"2^16 tapes ({result.runs:,} runs) of a candidate in one process of its own, default size: "
        f"{'less' if seconds < 60 else 'more'} than a minute."
    )


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes and few rounds, and no 2^16 tapes")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the tables between the markers there")
    options = parser.parse_args(arguments)
    rounds, most = (3, 4) if options.quick else (7, 9)
    base = {"bits": 3 if options.quick else 6, "digits": 3, "size": (21, 22)}
    bits = range(most - 2, most + 1)
    ties = (2, 4, 8) if options.quick else (2, 4, 8, 16, 32, 64)
    text = [
        *growth("coins b (21 x 22, K = 3)", [(f"b = {b}", base | {"bits": b}) for b in bits], rounds),
        *growth("digits K (21 x 22, 2^6 tapes)", [(f"K = {k}", base | {"digits": k}) for k in (3, 6, 12)], rounds),
        *growth("ties d (m = 2, K = 3, 2^6 tapes)", [(f"d = {d}", base | {"size": (2, d + 1)}) for d in ties], rounds),
    ]
    if not options.quick:
        text.append(minute())
    page = "\n".join(text)
    print(page)
    if options.markdown:
        old = options.markdown.read_text(encoding="utf-8")
        head, begin, rest = old.partition(BEGIN)
        _, end, tail = rest.partition(END)
        if not (begin and end):
            raise SystemExit(f"{options.markdown} has no markers {BEGIN} and {END}")
        options.markdown.write_text(f"{head}{BEGIN}\n\n{page}\n\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
