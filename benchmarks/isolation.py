"""What a worker process costs over running the solver here: one run of the game, warm worker.

    python3 benchmarks/isolation.py

Times are of this machine at this moment; the ratio is taken within each round.
"""

from __future__ import annotations

import statistics
import sys
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.timing import interleaved, ratio
from sci_barriers import IsolatedCandidate, OmegaClass, load_candidate
from sci_barriers.games.game import play_game

CASES = [("exact", 21, 22), ("memoriser", 21, 22), ("sklearn-lasso", 21, 22), ("exact", 5, 40), ("exact", 100, 200)]


def main() -> None:
    table = Table("solver", "m x N", "here, ms", "worker, ms", "difference, ms", "worker / here")
    for name, rows, columns in CASES:
        omega = OmegaClass.create("lasso", digits=3, rows=rows, columns=columns)
        with IsolatedCandidate(name, problem="lasso") as isolated:
            jobs = {"here": load_candidate(name, problem="lasso"), "worker": isolated}
            times = interleaved({key: partial(play_game, player, omega) for key, player in jobs.items()}, rounds=30)
        here, worker = (1e3 * statistics.median(times[key]) for key in ("here", "worker"))
        difference = 1e3 * statistics.median(b - a for a, b in zip(times["here"], times["worker"], strict=True))
        quotient = ratio(times["worker"], times["here"])
        table.add_row(
            name, f"{rows} x {columns}", f"{here:.3f}", f"{worker:.3f}", f"{difference:.3f}", f"{quotient.median:.3g}"
        )
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    main()
