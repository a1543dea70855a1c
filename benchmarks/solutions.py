"""What it costs to check certificates of kind solution-digits, in time and memory, from small problems to large ones.

The rules alone are timed beside the same rules in Fractions, as a first draft would have them, and in python-flint.

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
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from flint import fmpq, fmpz_mat

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import write_markdown
from exact_base.matrices import ExactMatrix, exact_column
from proofs_checks.certificate.arrays import PackedArray
from proofs_checks.certificate.writing import write_bundle
from proofs_checks.checker.parts.penalised import Penalised, Sparse
from proofs_checks.checker.parts.penalised_optimum import check_minimiser
from sci_barriers.certificates.solution_digits import solution_digits_files
from sci_barriers.problems.penalised.face import nearest
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares
from sci_barriers.problems.penalised.solving import minimise

SIZES = ((442, 10, 0.1), (1000, 100, 0.0), (150, 2000, 0.08), (200, 10_000, 0.05), (100_000, 50, 0.0))
"""Rows, columns and alpha of a lasso without intercept; least squares for alpha = 0."""
SEED = 20261201
_MOST_FRACTIONS = 20_000_000
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


def seconds_of(rule: Callable[[], bool]) -> float:
    """Return the processor seconds of a rule, the least of three runs unless one is long."""
    found = []
    while not found or (len(found) < 3 and min(found) < 5):
        start = time.process_time()
        if not rule():
            raise SystemExit("a rule failed that holds")
        found.append(time.process_time() - start)
    return min(found)


def rules(problem: PenalisedLeastSquares, point: ExactMatrix) -> tuple[float, float | None, float]:
    """Return the seconds in which it is decided that a point is a minimiser: by the checker, in Fractions, by flint.

    No scales, weights and signs; Fractions are left out where they would take minutes.
    """

    def packed(array: ExactMatrix) -> PackedArray:
        shape = (array.rows, array.cols) if array.cols > 1 else (array.rows,)
        return PackedArray(shape, int(array.den), [int(x) for x in array.re.entries()])

    m, n = problem.matrix.rows, problem.matrix.cols
    ones, zeros = (PackedArray((n,), 1, [value] * n) for value in (1, 0))
    data, penalties = packed(problem.data), packed(problem.penalties)
    weights = PackedArray((m,), 1, [1] * m)
    own = Penalised(
        packed(problem.matrix), data, zeros, ones, weights, False, penalties, zeros, frozenset()
    )  # fmt: skip
    entries = [int(x) for x in point.re.entries()]
    sparse = Sparse(int(point.den), {j: x for j, x in enumerate(entries) if x})

    def by_checker() -> bool:
        return len(check_minimiser(own, sparse, ()).signs) >= len(sparse.numbers)

    matrix = [[Fraction(x, own.matrix.den) for x in own.matrix.numbers[i * n : i * n + n]] for i in range(m)]
    y, mu = ([Fraction(x, array.den) for x in array.numbers] for array in (data, penalties))
    x = {j: Fraction(value, sparse.den) for j, value in sparse.numbers.items()}

    def by_fractions() -> bool:
        residual = [y_i - sum(row[j] * value for j, value in x.items()) for row, y_i in zip(matrix, y, strict=True)]
        slopes = [2 * sum(row[j] * r for row, r in zip(matrix, residual, strict=True)) for j in range(n)]
        if any(abs(slope) > bound for slope, bound in zip(slopes, mu, strict=True)):
            return False
        return all(slopes[j] == (mu[j] if value > 0 else -mu[j]) for j, value in x.items())

    chosen = sorted(sparse.numbers)
    part = fmpz_mat(m, len(chosen), [own.matrix.numbers[i * n + j] for i in range(m) for j in chosen])
    values = fmpz_mat(len(chosen), 1, [sparse.numbers[j] for j in chosen])
    turned = problem.matrix.re.transpose()

    def by_flint() -> bool:
        fit_den = own.matrix.den * sparse.den
        residual = problem.data.re * fit_den - part * values * data.den
        common = fmpq(2, fit_den * data.den * own.matrix.den)
        slopes = [slope * common for slope in (turned * residual).entries()]
        bounds = [fmpq(value, penalties.den) for value in penalties.numbers]
        if any(abs(slope) > bound for slope, bound in zip(slopes, bounds, strict=True)):
            return False
        return all(slopes[j] == (bounds[j] if sparse.numbers[j] > 0 else -bounds[j]) for j in chosen)

    plain = seconds_of(by_fractions) if m * n * len(chosen) < _MOST_FRACTIONS else None
    return seconds_of(by_checker), plain, seconds_of(by_flint)


def solved(rows: int, columns: int, alpha: float, folder: Path) -> tuple[PenalisedLeastSquares, ExactMatrix]:
    """Write a certificate of a float64 solution; return the problem and its minimiser."""
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
    return problem, found.point


def lines(quick: bool) -> Iterator[str]:
    """Yield the lines of the table."""
    yield (
        "| problem | bits of the minimiser | files, MiB | checking, transforms | processor s | memory, MiB "
        "| rules: Fractions / checker | rules: checker / python-flint |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for rows, columns, alpha in SIZES[: -1 if quick else None]:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "bundle"
            problem, point = solved(rows, columns, alpha, folder)
            bits = max(int(point.den).bit_length(), *(int(x).bit_length() for x in point.re.entries()))
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
        own, plain, flint = rules(problem, point)
        ratios = f"{'' if plain is None else f'{plain / own:.0f}'} | {own / flint:.2g}"
        yield f"| {name} | {bits:,} | {size:.2g} | {cost} | {ratios} |"


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
