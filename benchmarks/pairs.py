"""How near the distance of two data sets that is found comes to the distance that is proved for all data.

Each case is a problem of one kind (independent or correlated columns, an intercept, a ridge penalty, more columns than
rows, scales with weights), and a precision of one kind and size, drawn by a seed. The ratio is what `determine` proves
of the distance from the minimiser, over half the distance of the pair that `distant_pair` finds: 1 is the best, and
less than 1 would refute one of them.

python benchmarks/pairs.py                                     # a minute or so; --cases N for more or fewer
python benchmarks/pairs.py --markdown docs/benchmarks.md       # rewrite the table there
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import write_markdown
from proofs_checks import verify_bytes
from sci_barriers.certificates.data_pair import data_pair_certificate
from sci_barriers.problems.determined.determining import determine
from sci_barriers.problems.determined.pairs import Pair, distant_pair
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, entries_of
from sci_barriers.problems.penalised.solving import Solution, minimise

KINDS = ("independent", "correlated", "intercept", "ridge", "wide", "scaled")
PRECISIONS = ("entries", "norms", "y by entries", "y by its norm", "X by its norm, y by entries")


def drawn(seed: int) -> tuple[PenalisedLeastSquares, Precision]:
    """Return the problem and the precision of a case."""
    rng = np.random.default_rng([20261201, seed])
    kind = KINDS[seed % len(KINDS)]
    m, n = int(rng.integers(8, 60)), int(rng.integers(2, 25))
    if kind == "wide":
        n = m + int(rng.integers(5, 60))
    X = rng.standard_normal((m, n))
    if kind == "correlated":
        share = rng.uniform(0.3, 0.95)
        X = np.sqrt(1 - share) * X + np.sqrt(share) * rng.standard_normal((m, 1))
    count = min(n, int(rng.integers(1, 6)))
    truth = np.zeros(n)
    truth[rng.choice(n, count, replace=False)] = 3 * rng.standard_normal(count)
    y = X @ truth + rng.choice([0.05, 0.5, 2]) * rng.standard_normal(m)
    options: dict[str, Any] = {}
    last = [0.0] if kind == "intercept" else []
    if kind == "intercept":
        X, y = X + rng.uniform(-5, 5, n), y + 3
        options = {"intercept": True, "centres": X.mean(axis=0)}
    elif kind == "ridge":
        options = {"ridge": np.full(n, rng.uniform(0.1, 5))}
    elif kind == "scaled":
        options = {"scales": rng.uniform(0.2, 5, n), "observation_weights": rng.uniform(0.5, 2, m)}
    if rng.random() < 0.2:
        options["nonnegative"] = sorted({int(j) for j in rng.choice(n, 2)})
    slopes = 2 * np.abs((X - X.mean(axis=0) * bool(last)).T @ y) / options.get("scales", 1)
    penalty = float(slopes.max() * rng.choice([0.003, 0.03, 0.2]))
    problem = PenalisedLeastSquares.of(X, y, penalties=[penalty] * n + last, **options)
    return problem, _precision(PRECISIONS[int(rng.integers(len(PRECISIONS)))], float(10 ** rng.uniform(-8, -2)))


def _precision(kind: str, size: float) -> Precision:
    matrix, data = Radius.exactly(), Radius.entrywise(size)
    if kind == "entries":
        matrix = Radius.entrywise(size)
    elif kind == "norms":
        matrix = data = Radius.spectral(size)
    elif kind == "y by its norm":
        data = Radius.spectral(size)
    elif kind.startswith("X"):
        matrix = Radius.spectral(size)
    return Precision(matrix, data)


def ratio_of(solution: Solution, precision: Precision, pair: Pair | None) -> float | None:
    """Return what is proved over what is found; None where no pair is found, or what is proved says nothing.

    That is where the bound is not less than the norm of the minimiser.
    """
    proved = determine(solution, precision)
    if pair is None or proved is None:
        return None
    bound = proved.outcomes[0].distance
    point = entries_of(proved.point)[: solution.problem.features]
    if bound * bound >= sum((x * x for x in point), fmpq(0)):
        return None
    ratio = 2 * bound / pair.distance
    return int(ratio.p) / int(ratio.q)


def ratios(seeds: Iterable[int]) -> Iterator[float | None]:
    """Return the ratios of some cases."""
    for seed in seeds:
        problem, precision = drawn(seed)
        solution = minimise(problem)
        yield ratio_of(solution, precision, distant_pair(solution, precision))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    nothing, seconds, refused = 0, 0.0, 0
    for seed in range(options.cases):
        problem, precision = drawn(seed)
        solution = minimise(problem)
        start = time.process_time()
        pair = distant_pair(solution, precision)
        seconds += time.process_time() - start
        if pair is not None and verify_bytes(data_pair_certificate(pair)).verdict != "valid":
            refused += 1
        ratio = ratio_of(solution, precision, pair)
        if ratio is None:
            nothing += 1
            continue
        found[KINDS[seed % len(KINDS)]].append(ratio)
        if ratio < 1:
            raise SystemExit(f"case {seed}: what is found is beyond what is proved")
    lines = ["| kind of problem | cases | median | 90 % below | largest |", "|---|---|---|---|---|"]
    found["all"] = [ratio for kind in KINDS for ratio in found[kind]]
    for kind, values in found.items():
        if values:
            parts = (np.median(values), np.quantile(values, 0.9), max(values))
            lines.append(f"| {kind} | {len(values)} | {' | '.join(f'{part:.2f}' for part in parts)} |")
    lines.append("")
    lines.append(
        f"Of {options.cases} cases {nothing} are left out, in which what is proved says nothing, or no pair was found; "
        f"{refused} certificates were "
        f"refused. A search took {seconds / options.cases:.2f} s of the processor on average."
    )
    text = "\n".join(lines)
    print(text)
    if options.markdown:
        write_markdown(options.markdown, text, marker="pairs")


if __name__ == "__main__":
    main()
