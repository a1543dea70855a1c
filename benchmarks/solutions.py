"""What it costs to check certificates of kind solution-digits, in time and memory, from small problems to large ones.

python benchmarks/solutions.py                                # ten minutes or so; --quick leaves the largest out
python benchmarks/solutions.py --markdown docs/benchmarks.md  # rewrite the table there
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.run import write_markdown
from exact_base.matrices import exact_column
from proofs_checks.certificate.writing import write_bundle
from sci_barriers.certificates.solution_digits import solution_digits_files
from sci_barriers.problems.penalised.face import nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
from sci_barriers.problems.penalised.solving import minimise

SIZES = ((442, 10, 0.1), (1000, 100, 0.0), (150, 2000, 0.08), (200, 10_000, 0.05), (100_000, 50, 0.0))
"""Rows, columns and alpha of a lasso without intercept; least squares for alpha = 0."""
SEED = 20261201
# in a process of its own, which loads nothing but the checker
CHECK = """
import sys, time
from proofs_checks.checker.core.verify import verify_path
start = time.process_time()
verdict = verify_path(sys.argv[1]).verdict
seconds = time.process_time() - start
# not that of getrusage, which counts what the parent had
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(verdict, seconds, int(peak.split()[1]) / 1024)
"""


def transform() -> float:
    """Return the seconds of a real transform of numpy of 256 x 256 numbers and its inverse, the least of many."""
    image = np.random.default_rng(SEED).standard_normal((256, 256))
    found = []
    for _ in range(200):
        start = time.process_time()
        np.fft.irfft2(np.fft.rfft2(image))
        found.append(time.process_time() - start)
    return min(found)


def solved(rows: int, columns: int, alpha: float, folder: Path) -> int:
    """Write a certificate of a float64 solution; return the bits of the minimiser."""
    rng = np.random.default_rng(SEED)
    matrix = rng.standard_normal((rows, columns))
    true = np.zeros(columns)
    true[:20] = 3 * rng.standard_normal(min(20, columns))
    data = matrix @ true + rng.standard_normal(rows) / 2
    if alpha:
        from sklearn.linear_model import Lasso

        answer = Lasso(alpha=alpha, fit_intercept=False, tol=1e-13, max_iter=10**6).fit(matrix, data).coef_
    else:
        answer = np.linalg.lstsq(matrix, data, rcond=None)[0]
    problem = PenalisedLeastSquares.of(matrix, data, penalties=[2 * rows * alpha] * columns)
    coefficients = exact_column(answer.tolist())
    found = nearest(minimise(problem, guess=coefficients), coefficients)
    write_bundle(folder, solution_digits_files(problem, coefficients, found))
    return max(int(found.point.den).bit_length(), *(int(x).bit_length() for x in found.point.re.entries()))


def lines(quick: bool) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| problem | bits of the minimiser | files, MiB | checking, transforms | processor s | memory, MiB |"
    yield "|---|---|---|---|---|---|"
    for rows, columns, alpha in SIZES[: -1 if quick else None]:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "bundle"
            bits = solved(rows, columns, alpha, folder)
            size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
            unit = transform()
            done = subprocess.run(
                [sys.executable, "-c", CHECK, str(folder)],
                capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parent.parent,
            )  # fmt: skip
        verdict, seconds, memory = done.stdout.split()
        if verdict != "valid":
            raise SystemExit(f"the certificate of {rows} x {columns} is {verdict}")
        name = f"lasso, {rows:,} x {columns:,}" if alpha else f"least squares, {rows:,} x {columns:,}"
        cost = f"{float(seconds) / unit:,.0f} | {float(seconds):.2g} | {float(memory):.0f}"
        yield f"| {name} | {bits:,} | {size:.2g} | {cost} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="without the largest problem")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the table to this file")
    options = parser.parse_args()
    made = []
    for line in lines(options.quick):
        print(line, flush=True)
        made.append(line)
    if options.markdown:
        made += [
            "",
            f"Measured once, {platform.system()} {platform.machine()}, Python {platform.python_version()}.",
            "",
        ]
        write_markdown(options.markdown, "\n".join(made), marker="solutions")


if __name__ == "__main__":
    main()
