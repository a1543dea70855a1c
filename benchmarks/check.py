"""Measure how long a problem of somebody's own takes to solve and to compare, from arrays of floats to the last number.

Times are process times in units of a reference, numpy's real Fourier transform of 256 x 256 numbers and its inverse,
timed before and after each case: a reference second is what takes a second where these two take 0.53 ms.

    python benchmarks/check.py [--quick] [--markdown FILE]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy is imported

import numpy as np  # noqa: E402
from rich.console import Console  # noqa: E402
from sklearn.datasets import load_diabetes  # noqa: E402
from sklearn.linear_model import ElasticNet, LinearRegression, Ridge  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import write_markdown  # noqa: E402
from benchmarks.run import Section, machine, markdown, show  # noqa: E402
from exact_base.matrices import exact_column  # noqa: E402
from sci_barriers.problems.penalised.finding import Finding, find  # noqa: E402
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares  # noqa: E402
from sci_barriers.problems.penalised.solving import minimise  # noqa: E402

REFERENCE = 0.53e-3
Array = Any


def reference() -> float:
    """Return the seconds of a transform and its inverse here and now."""
    image = np.random.default_rng(0).standard_normal((256, 256))
    times = []
    for _ in range(41):
        start = time.process_time()
        for _ in range(5):
            np.fft.irfft2(np.fft.rfft2(image))
        times.append((time.process_time() - start) / 5)
    return statistics.median(times)


def normal(m: int, n: int, *, correlated: bool = False, twice: bool = False) -> tuple[Array, Array]:
    """Return a Gaussian matrix, neighbours with correlation 0.9 or none, and data of ten columns with noise."""
    rng = np.random.default_rng(m + n)
    matrix = rng.standard_normal((m, n // 2 if twice else n))
    if correlated:
        for j in range(1, n):
            matrix[:, j] = 0.9 * matrix[:, j - 1] + np.sqrt(1 - 0.81) * matrix[:, j]
    data = matrix[:, :10].sum(axis=1) + rng.standard_normal(m)
    return (np.hstack([matrix, matrix]) if twice else matrix), data


def net(matrix: Array, data: Array, *, alpha: float, ratio: float = 1.0) -> tuple[PenalisedLeastSquares, Array, Any]:
    """Return what the elastic net of scikit-learn has fitted, and how to make its problem."""
    m, n = matrix.shape
    model = ElasticNet(alpha=alpha, l1_ratio=ratio, max_iter=10_000).fit(matrix, data)
    ridge = [m * alpha * (1 - ratio)] * n + [0] if ratio < 1 else None
    return fitted(model, matrix, data, penalties=[2 * m * alpha * ratio] * n + [0], ridge=ridge)


def fitted(model: Any, matrix: Array, data: Array, **options: Any) -> Any:
    """Return coefficients of a fitted model, and how to make its problem."""

    def problem() -> PenalisedLeastSquares:
        return PenalisedLeastSquares.of(matrix, data, intercept=True, **options)

    return problem, [*model.coef_, model.intercept_]


def standardised(m: int, n: int, *, alpha: float, ratio: float = 1.0) -> Any:
    """Return the same for an elastic net behind a StandardScaler, on columns of sizes from 1e-4 to 1e4."""
    matrix, data = normal(m, n)
    matrix = matrix * 10.0 ** np.random.default_rng(n).uniform(-4, 4, n) + 1
    scaler = StandardScaler().fit(matrix)
    model = ElasticNet(alpha=alpha, l1_ratio=ratio, max_iter=10_000).fit(scaler.transform(matrix), data)
    ridge = [m * alpha * (1 - ratio)] * n + [0] if ratio < 1 else None
    options = {"centres": scaler.mean_, "scales": scaler.scale_, "ridge": ridge}
    return fitted(model, matrix, data, penalties=[2 * m * alpha * ratio] * n + [0], **options)


def ridge_case(m: int, n: int) -> Any:
    matrix, data = normal(m, n)
    return fitted(Ridge(alpha=1.0).fit(matrix, data), matrix, data, penalties=[0] * (n + 1), ridge=[1.0] * n + [0])


def least_squares(m: int, n: int) -> Any:
    matrix, data = normal(m, n)
    return fitted(LinearRegression().fit(matrix, data), matrix, data, penalties=[0] * (n + 1))


CASES: dict[str, tuple[Callable[[], Any], float | None, bool]] = {
    "diabetes, lasso": (lambda: net(*load_diabetes(return_X_y=True), alpha=0.1), 1, True),
    "diabetes, elastic net": (lambda: net(*load_diabetes(return_X_y=True), alpha=0.01, ratio=0.5), 1, True),
    "1,000 x 100, lasso": (lambda: net(*normal(1000, 100), alpha=0.01), 10, True),
    "1,000 x 100, correlated, lasso": (lambda: net(*normal(1000, 100, correlated=True), alpha=0.01), 10, True),
    "1,000 x 100, elastic net": (lambda: net(*normal(1000, 100), alpha=0.01, ratio=0.5), 10, True),
    "1,000 x 200, each column twice": (lambda: net(*normal(1000, 200, twice=True), alpha=0.01), None, True),
    "1,000 x 100, standardised, elastic net": (lambda: standardised(1000, 100, alpha=0.01, ratio=0.5), 10, True),
    "200 x 10,000, standardised": (lambda: standardised(200, 10_000, alpha=0.1), 120, False),
    "200 x 10,000, lasso": (lambda: net(*normal(200, 10_000), alpha=0.1), 120, False),
    "200 x 10,000, small penalty": (lambda: net(*normal(200, 10_000), alpha=0.01), 120, False),
    "200 x 10,000, correlated": (lambda: net(*normal(200, 10_000, correlated=True), alpha=0.1), 120, False),
    "200 x 10,000, elastic net": (lambda: net(*normal(200, 10_000), alpha=0.1, ratio=0.5), 120, False),
    "200 x 1,000, ridge": (lambda: ridge_case(200, 1000), None, False),
    "100 x 2,000, least squares": (lambda: least_squares(100, 2000), None, False),
    "100,000 x 50, lasso": (lambda: net(*normal(100_000, 50), alpha=0.001), 120, False),
    "100,000 x 50, elastic net": (lambda: net(*normal(100_000, 50), alpha=0.001, ratio=0.5), 120, False),
}


def everything(found: Finding) -> None:
    """Compute all that a report says."""
    for name in ("distance", "relative", "digits", "errors", "intercept", "wrongly_chosen", "wrongly_left_out"):
        getattr(found, name)
    for name in ("groups", "least", "excess", "excess_above"):
        getattr(found, name)


def measure(make: Callable[[], Any]) -> tuple[list[float], float, Finding, int]:
    """Return the reference seconds of reading, solving and comparing, what one is here, and what was found."""
    problem, coefficients = make()
    before = reference()
    times = [time.process_time()]
    stated, given = problem(), exact_column(coefficients)
    times.append(time.process_time())
    solution = minimise(stated, guess=given)
    times.append(time.process_time())
    found = find(solution, given)
    everything(found)
    times.append(time.process_time())
    unit = (before + reference()) / 2 / REFERENCE
    parts = [(b - a) / unit for a, b in pairwise(times)]
    return parts, unit, found, solution.pivots


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="only the small cases")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the table to this file")
    options = parser.parse_args(arguments)
    headings = ("case", "reading", "solving", "comparing", "all", "target", "E", "exact pivots", "unique", "distance")
    section = Section("Reference seconds", headings)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    missed = 0
    for name, (make, target, small) in CASES.items():
        if options.quick and not small:
            continue
        parts, unit, found, pivots = measure(make)
        total = sum(parts)
        missed += target is not None and total > target
        shown = [f"{part:.2g}" for part in (*parts, total)]
        wanted = "" if target is None else f"{target:g}"
        console.print(f"{name}: {total:.3g} reference seconds, one is {unit:.2f} s here")
        last = (str(len(found.solution.active)), str(pivots), found.unique, found.distance)
        section.rows.append((name, *shown, wanted, *last))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    section.note = f"At most {peak:,} MiB of memory. Targets missed: {missed}."
    show(section, console)
    if options.markdown:
        where = machine("python benchmarks/check.py").replace(" Medians, with quartiles in brackets.", "")
        write_markdown(options.markdown, markdown([section], where).replace("## ", "### "), marker="check")


if __name__ == "__main__":
    main()
