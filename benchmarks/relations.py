"""Who survives what: every registered solver on drawn problems, and on changes of them whose solutions follow exactly.

python benchmarks/relations.py                               # ten minutes or so
python benchmarks/relations.py --markdown docs/testing.md    # rewrite the tables there
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.pages import write_markdown
from exact_base.rationals import power_of_ten
from sci_barriers import IsolatedCandidate, Limits
from sci_barriers.players.algorithm import Player
from sci_barriers.solvers import REGISTRY
from sci_barriers.testing import KnownProblem, answer, ill_posed, well_posed
from sci_barriers.testing.relations import RELATIONS, error_of
from sci_barriers.testing.variations import Transformed

PROBLEMS = ("lasso", "sqrt-lasso", "bpdn")
COLUMNS = ("as drawn", *RELATIONS, "near ill-posed")
DISTANCE = "1/1000000"
SECONDS = 60.0


def drawn(problem: str, count: int) -> list[dict[str, tuple[KnownProblem, Transformed | None]]]:
    """The same problems in each run: drawn by hypothesis, derandomised."""
    found: list[dict[str, tuple[KnownProblem, Transformed | None]]] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        known = data.draw(well_posed(problem, rows=st.integers(2, 5), columns=st.integers(3, 8)))
        row: dict[str, tuple[KnownProblem, Transformed | None]] = {"as drawn": (known, None)}
        for name, relation in RELATIONS.items():
            row[name] = known, data.draw(relation.of(known))
        row["near ill-posed"] = data.draw(ill_posed(problem, distance=DISTANCE)), None
        found.append(row)

    draw()
    return found[:count]


def reached(candidate: Player, example: tuple[KnownProblem, Transformed | None], digits: tuple[int, ...]) -> list[bool]:
    """Whether the answer, taken back, has each number of digits; without one it has none."""
    known, changed = example
    found = answer(candidate, known if changed is None else changed.problem)
    error2 = found.distance2 if changed is None else error_of(found, known, changed)
    return [error2 is not None and bool(error2 <= power_of_ten(-2 * k)) for k in digits]


def table(problem: str, count: int, digits: tuple[int, ...]) -> Iterator[str]:
    """One line of markdown for each solver."""
    examples = drawn(problem, count)
    yield f"| {problem} | {' | '.join(COLUMNS)} |"
    yield f"|{'---|' * (1 + len(COLUMNS))}"
    for name, entry in REGISTRY.items():
        if problem not in entry.build or not entry.available:
            continue
        if name == "exact":  # it solves the class only
            continue
        cells = []
        with IsolatedCandidate(name, problem=problem, limits=Limits(seconds=SECONDS)) as candidate:
            for column in COLUMNS:
                found = [reached(candidate, example[column], digits) for example in examples]
                cells.append(" / ".join(str(sum(row)) for row in zip(*found, strict=True)))
        line = f"| `{name}` | {' | '.join(cells)} |"
        print(line, flush=True)
        yield line


def versions() -> str:
    """What was measured."""
    packages = sorted(
        {package for entry in REGISTRY.values() if entry.available for package in entry.needs} | {"numpy"}
    )
    return ", ".join(f"{package} {metadata.version(package)}" for package in packages)


def main(arguments: list[str] | None = None) -> None:
    """Run everything and print, or write, the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=40, help="problems for each table (default 40)")
    parser.add_argument("--digits", type=int, nargs="+", default=[2, 5], help="the K of each number (default 2 5)")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="rewrite the tables in this file")
    options = parser.parse_args(arguments)
    lines: list[str] = []
    for problem in PROBLEMS:
        lines += [*table(problem, options.count, tuple(options.digits)), ""]
    lines.append(f"Of {options.count} problems each. Versions: {versions()}.")
    text = "\n".join(lines)
    if options.markdown:
        write_markdown(options.markdown, text, marker="relations")
    else:
        print(text)


if __name__ == "__main__":
    main()
