"""What the testing kit costs: drawing, properties of solvers, and the start of pytest.

python benchmarks/kit.py                                     # two minutes or so
python benchmarks/kit.py --markdown docs/benchmarks.md       # rewrite the table there
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.pages import write_markdown
from benchmarks.timing import Spread
from proofs_checks.certificate.reading import KINDS
from sci_barriers.testing import (
    certificates,
    class_problems,
    duplicated_columns,
    ill_posed,
    known_problems,
    solver_properties,
    training_data,
    well_posed,
)

ROOT = Path(__file__).resolve().parent.parent
PLUGIN = "sci_barriers_plugins.pytest_plugin"
STRATEGIES = {
    "well_posed()": well_posed(),
    "well_posed(complex_=True)": well_posed(complex_=True),
    "well_posed(weighted=True)": well_posed(weighted=True),
    "well_posed(columns=8)": well_posed(columns=8),
    "ill_posed()": ill_posed(),
    "duplicated_columns()": duplicated_columns(),
    "class_problems()": class_problems(),
    "known_problems()": known_problems(),
    "training_data()": training_data(),
    "certificates()": certificates(),
    **{f'certificates("{kind}")': certificates(kind) for kind in KINDS},
}


def generating(count: int) -> settings:
    """Settings that draw and do nothing else."""
    return settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def draws(strategy: st.SearchStrategy[Any], count: int) -> list[float]:
    """Milliseconds of each draw."""
    times: list[float] = []

    @generating(count)
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        start = time.process_time()
        data.draw(strategy)
        times.append(1000 * (time.process_time() - start))

    draw()
    return times


def descent(matrix: Any, right: Any, lam: float) -> Any:
    """Coordinate descent for lam‖x‖_1 + ‖Ax - y‖²."""
    x = np.zeros(matrix.shape[1])
    squares = (matrix**2).sum(axis=0)
    for _ in range(2000):
        before = x.copy()
        for i in np.flatnonzero(squares):
            rest = matrix[:, i] @ (right - matrix @ x) + squares[i] * x[i]
            x[i] = np.sign(rest) * max(0.0, abs(rest) - lam / 2) / squares[i]
        if np.abs(x - before).max() < 1e-12:
            break
    return x


def seconds_of_properties(count: int) -> dict[str, float]:
    """Seconds for `count` examples of two properties of a solver."""
    tests = solver_properties(descent, problem="lasso", digits=2, scaling="stated")
    result = {}
    for name in ("digits", "rotation"):
        start = time.process_time()
        generating(count)(tests[name])()
        result[name] = time.process_time() - start
    return result


def start_of_pytest(rounds: int) -> Spread:
    """Milliseconds that the plugin adds to `pytest --version`, nothing else being loaded; negative is noise."""
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> float:
        command = [sys.executable, "-m", "pytest", "--version", *arguments]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, check=True, capture_output=True, cwd=ROOT / "examples")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    run()
    return Spread.of([run("-p", PLUGIN) - run() for _ in range(rounds)])


def table(*, count: int, examples: int, rounds: int) -> list[str]:
    """The rows, as markdown."""
    lines = ["| what | target | measured | reached |", "|---|---|---|---|"]
    for name, strategy in STRATEGIES.items():
        spread = Spread.of(draws(strategy, count))
        reached = "yes" if spread.median < 5 else "no"
        lines.append(f"| drawing from `{name}`, N <= 8 | median < 5 ms | {spread} ms | {reached} |")
    for name, seconds in seconds_of_properties(examples).items():
        each = f"{seconds:.1f} s, {1000 * seconds / examples:.1f} ms each"
        reached = "yes" if seconds * 1000 / examples < 60 else "no"
        what = f"{examples} examples of the property `{name}`, coordinate descent"
        lines.append(f"| {what} | < 60 s for 1000 | {each} | {reached} |")
    spread = start_of_pytest(rounds)
    reached = "yes" if spread.median < 30 else "no"
    lines.append(f"| what the plugin adds to `pytest --version` | < 30 ms | {spread} ms | {reached} |")
    return lines


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print or write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="few examples: a smoke test")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="rewrite the table in this file")
    options = parser.parse_args(arguments)
    full = {"count": 500, "examples": 1000, "rounds": 20}
    sizes = {"count": 20, "examples": 20, "rounds": 2} if options.quick else full
    where = (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores (shared), Python "
        f"{platform.python_version()}, hypothesis {metadata.version('hypothesis')}, "
        f"pytest {metadata.version('pytest')}. Processor time; medians, with quartiles in brackets."
    )
    text = "\n".join([*table(**sizes), "", where])
    print(text)
    if options.markdown:
        write_markdown(options.markdown, text, marker="kit")


if __name__ == "__main__":
    main()
