"""Make the reference data of `reference/` again, or those that are too large to be kept there.

python benchmarks/reference_data.py                     # writes all folders of reference/, in a minute or two
python benchmarks/reference_data.py --only twins-2      # one of them
python benchmarks/reference_data.py --large DIR         # X.csv, y.csv and X.npy of the larger ones, with what is kept
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from flint import fmpq, fmpq_mat

from benchmarks.reference_complex import complex_folder_files
from benchmarks.reference_complex_sets import COMPLEX
from benchmarks.reference_sets import LARGE, SETS, ReferenceSet
from benchmarks.reference_text import DIGITS, exact_decimal, is_float, json_file, rounded, sha256_of, table_file
from exact_base.decimals import about, root_about
from exact_base.matrices import ExactMatrix
from sci_barriers.certificates.solution_digits import array_file, solution_digits_certificate
from sci_barriers.problems.penalised.face import nearest
from sci_barriers.problems.penalised.finding import find
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of
from sci_barriers.problems.penalised.solving import Solution, minimise

ROOT = Path(__file__).resolve().parent.parent / "reference"
INDEX = "index.csv"
_LIMITS = {"lower": (100, fmpq(1, 1000)), "average": (10**6, fmpq(1, 10**6))}
"""The largest variance inflation and the least margin of a class."""


# --- the problem -----------------------------------------------------------------------------------


def _exact(values: Sequence[Fraction] | None) -> ExactMatrix | None:
    return None if values is None else column([fmpq(v.numerator, v.denominator) for v in values])


def problem_of(given: ReferenceSet) -> PenalisedLeastSquares:
    """The problem of a data set, exactly."""
    if not all(is_float(a) for row in given.matrix for a in row if a):
        raise SystemExit(f"{given.name}: not all entries of X are float64 numbers")
    return PenalisedLeastSquares.of(
        np.array([[a.numerator / a.denominator for a in row] for row in given.matrix]),
        [fmpq(b.numerator, b.denominator) for b in given.data],
        penalties=entries_of(_exact(given.each(given.penalty))),
        ridge=entries_of(_exact(given.each(given.ridge))) if any(given.each(given.ridge)) else None,
        centres=None if given.centres is None else entries_of(_exact(given.centres)),
        scales=None if given.scales is None else entries_of(_exact(given.scales)),
        observation_weights=None if given.weights is None else entries_of(_exact(given.weights)),
        intercept=given.intercept,
        nonnegative=given.nonnegative,
    )


def data_files(given: ReferenceSet) -> dict[str, bytes]:
    """X.csv, y.csv, columns.csv, and rows.csv if the observations have weights."""
    m, n = given.rows, given.features
    files = {
        "X.csv": table_file(given.names, [[exact_decimal(a) for a in row] for row in given.matrix]),
        "y.csv": table_file(["y"], [[exact_decimal(b)] for b in given.data]),
    }
    if given.weights is not None:
        files["rows.csv"] = table_file(["weight"], [[exact_decimal(w)] for w in given.weights])
    centres, scales = given.centres or [Fraction(0)] * n, given.scales or [Fraction(1)] * n
    rows = [
        [str(j + 1), name, *map(exact_decimal, (mu, kappa, centre, scale)), str(int(j in given.nonnegative))]
        for j, (name, mu, kappa, centre, scale) in enumerate(
            zip(
                [*given.names, *["(intercept)"] * given.intercept],
                given.each(given.penalty),
                given.each(given.ridge),
                centres + [Fraction(0)] * given.intercept,
                scales + [Fraction(1)] * given.intercept,
                strict=True,
            )
        )
    ]
    files["columns.csv"] = table_file(["column", "name", "penalty", "ridge", "centre", "scale", "nonnegative"], rows)
    assert m == len(given.data)
    return files


def conventions(given: ReferenceSet) -> dict[str, Any] | None:
    """The parameters of libraries, where all columns have the same penalties."""
    penalties, ridges = (set(given.each(value)[: given.features]) for value in (given.penalty, given.ridge))
    if len(penalties) > 1 or len(ridges) > 1:
        return None
    (mu,), (kappa,) = penalties, ridges
    total = sum(given.weights, Fraction(0)) if given.weights is not None else Fraction(given.rows)
    alpha = mu / (2 * total) + kappa / total
    parts = {
        "stated": ("||y - Zx||^2 + lambda ||x||_1 + kappa ||x||^2", {"lambda": mu, "kappa": kappa}),
        "half": ("1/2 ||y - Zx||^2 + lambda ||x||_1 + kappa/2 ||x||^2", {"lambda": mu / 2, "kappa": kappa}),
        "mean-half": (
            "1/(2W) ||y - Zx||^2 + alpha l1_ratio ||x||_1 + alpha (1 - l1_ratio)/2 ||x||^2, W the number of rows, or "
            "the sum of their weights (scikit-learn)",
            {"alpha": alpha, "l1_ratio": mu / (2 * total) / alpha if alpha else Fraction(1)},
        ),
    }
    return {
        name: {
            "objective": words,
            **{key: exact_decimal(value) for key, value in values.items()},
            "exact_in_float64": all(is_float(value) for value in values.values()),
        }
        for name, (words, values) in parts.items()
    }


# --- how hard it is --------------------------------------------------------------------------------


def inflation(solution: Solution, support: Sequence[int]) -> fmpq | None:
    """The largest variance inflation H_jj (H^-1)_jj on a support, H = Z^T Ω Z + diag(κ) there; 1 if it is empty.

    None if the columns there depend on each other, which they do not if there is one minimiser only.
    """
    if not support:
        return fmpq(1)
    block = fmpq_mat(solution.integers.form.block(list(support), list(support)))
    if block.rank() < len(support):
        return None
    inverse = block.inv()
    return max(block[k, k] * inverse[k, k] for k in range(len(support)))


def margin2(solution: Solution, point: Sequence[fmpq], support: Sequence[int]) -> fmpq:
    """The square of the least relative distance to another pattern, at most 1; the point in the units of Z."""
    problem, form = solution.problem, solution.integers.form
    slopes, bounds = entries_of(solution.gradient), problem.penalty_entries
    sizes = [slope / s for slope, s in zip(slopes, problem.scale_entries, strict=True)]
    largest = max((abs(size) for size in sizes), default=fmpq(0))
    found = [fmpq(1)]
    for j, slope in enumerate(slopes):
        if j in support:
            continue
        room = bounds[j] - (slope if j in problem.nonnegative else abs(slope))
        unit = bounds[j] if bounds[j] != 0 else largest * problem.scale_entries[j]
        found.append((room / unit) ** 2 if unit != 0 else fmpq(0))
    features = [j for j in support if j < problem.features]
    # the form is one of the integer columns, which times factor/scale are those of Z
    units = [solution.integers.factors[j] / problem.scale_entries[j] for j in features]
    shares = [point[j] ** 2 * form.block([j], [j])[0, 0] * unit * unit for j, unit in zip(features, units, strict=True)]
    return min(found + [share / max(shares) for share in shares])


def difficulty(unique: str, vif: fmpq | None, margin: fmpq) -> str:
    """The class of a problem, of its variance inflation and the square of its margin."""
    if unique != "yes" or vif is None:
        return "several"
    for name, (most, least) in _LIMITS.items():
        if vif <= most and margin >= least * least:
            return name
    return "higher"


# --- a folder --------------------------------------------------------------------------------------


def folder_files(given: ReferenceSet, *, large: bool = False) -> dict[str, bytes]:
    """All files of the folder of a data set, by name; X of a large one is a file of numpy for its certificate."""
    problem = problem_of(given)
    solution = minimise(problem)
    least = nearest(solution, column([fmpq(0)] * problem.size))
    if least.unique == "open":
        raise SystemExit(f"{given.name}: whether there is one minimiser only is open")
    point = entries_of(problem.coefficients(least.point))
    texts = [rounded(value) for value in point]
    support = [j for j, value in enumerate(point) if value != 0]
    decimals = column([_fraction(text) for text in texts])
    finding = find(solution, decimals)
    provenance = {"data set": given.name, "made by": "benchmarks/reference_data.py"}
    beside = {"matrix": array_file("X", problem.matrix)} if large else {}
    data = data_files(given)
    files = dict(data)
    files["solution.cert.json"] = solution_digits_certificate(
        problem, decimals, finding.nearest, files=beside, provenance=provenance
    )
    if least.unique == "no":
        files["least-norm.cert.json"] = solution_digits_certificate(
            problem, column([fmpq(0)] * problem.size), least, files=beside, provenance=provenance
        )
    files |= dict(beside.values())
    vif, margin = inflation(solution, support), margin2(solution, point, support)
    files["problem.json"] = json_file(_problem_json(given, least.unique, vif, margin, data | dict(beside.values())))
    files["solution.csv"] = _solution_csv(given, solution, least.unique, texts)
    files["solution.json"] = json_file(
        {
            "unique": least.unique,
            "which": "the only minimiser"
            if least.unique == "yes"
            else "of the minimisers that with the least Euclidean norm of the coefficients, without the intercept",
            "significant_digits": DIGITS,
            "objective": rounded(finding.least),
            "weighted_sum_of_squares": rounded(finding.least - _penalty(solution, point)),
            "support_size": sum(j < problem.features for j in support),
        }
    )
    return files


def _fraction(text: str) -> fmpq:
    value = Fraction(text)
    return fmpq(value.numerator, value.denominator)


def _penalty(solution: Solution, point: Sequence[fmpq]) -> fmpq:
    problem = solution.problem
    ridge = [fmpq(0)] * problem.size if problem.ridge is None else entries_of(problem.ridge)
    return sum(
        (mu * abs(x) + kappa * x * x for mu, kappa, x in zip(entries_of(problem.penalties), ridge, point, strict=True)),
        fmpq(0),
    )


def _problem_json(
    given: ReferenceSet, unique: str, vif: fmpq | None, margin: fmpq, files: dict[str, bytes]
) -> dict[str, Any]:
    return {
        "name": given.name,
        "title": given.title,
        "tags": list(given.tags),
        "rows": given.rows,
        "columns": given.features,
        "intercept": given.intercept,
        "objective": "minimise over x: sum_i w_i (y_i - (Z x)_i)^2 + sum_j penalty_j |x_j| + sum_j ridge_j x_j^2, "
        "where Z has the columns (X_j - centre_j)/scale_j"
        + (" and last a column of ones, the intercept" if given.intercept else "")
        + ("; x_j >= 0 where nonnegative is 1" if given.nonnegative else ""),
        "observation_weights": given.weights is not None,
        "conventions": conventions(given),
        "difficulty": difficulty(unique, vif, margin),
        "root_of_variance_inflation": None if vif is None else root_about(vif, digits=3),
        "margin": root_about(margin, digits=3) if margin != 0 else about(margin),
        "source": given.source,
        "licence": given.licence,
        "notes": given.notes,
        "sha256": {name: sha256_of(content) for name, content in sorted(files.items())},
    }


def _solution_csv(given: ReferenceSet, solution: Solution, unique: str, texts: Sequence[str]) -> bytes:
    directions, ridge = solution.directions, solution.problem.ridge_entries
    rows = [
        [
            str(j + 1),
            name,
            text,
            str(int(text != "0")),
            str(int(j in directions)),
            str(directions.get(j, 0)),
            str(int(unique == "no" and j in directions and ridge[j] == 0)),
        ]
        for j, (name, text) in enumerate(zip([*given.names, *["(intercept)"] * given.intercept], texts, strict=True))
    ]
    return table_file(["column", "name", "coefficient", "support", "active", "sign", "face"], rows)


def kept(files: dict[str, bytes], *, large: bool) -> dict[str, bytes]:
    """What of a folder is kept in the repository."""
    return {name: content for name, content in files.items() if not large or name not in ("X.csv", "y.csv", "X.npy")}


def index_line(files: dict[str, bytes], folder: str) -> list[str]:
    """What the index says of a data set."""
    problem, solution = json.loads(files["problem.json"]), json.loads(files["solution.json"])
    return [
        folder,
        problem["title"],
        *(str(problem[key]) for key in ("rows", "columns")),
        problem["difficulty"],
        solution["unique"],
        str(solution["support_size"]),
        problem["root_of_variance_inflation"] or "",
        problem["margin"],
        " ".join(tag.replace(" ", "-") for tag in problem["tags"]),
    ]


INDEX_HEADER = ["folder", "title", "rows", "columns", "difficulty", "unique", "support", "inflation", "margin", "tags"]


def write(root: Path, names: Sequence[str] = ()) -> None:
    """Write the folders of these data sets, and the index if they are all."""
    lines = []
    for name, make in {**SETS, **LARGE}.items():
        if names and name not in names:
            continue
        large = name in LARGE
        files = kept(folder_files(make(), large=large), large=large)
        folder = f"large/{name}" if large else name
        _write(root / folder, files)
        lines.append(index_line(files, folder))
        print(*lines[-1][:7], f"{sum(map(len, files.values())):,} bytes")
    for name, make_complex in COMPLEX.items():
        if names and name not in names:
            continue
        files, folder = complex_folder_files(make_complex(), difficulty), f"complex/{name}"
        _write(root / folder, files)
        lines.append(index_line(files, folder))
        print(*lines[-1][:7], f"{sum(map(len, files.values())):,} bytes")
    if not names:
        (root / INDEX).write_bytes(table_file(INDEX_HEADER, lines))


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def main(arguments: list[str] | None = None) -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this data set; may be repeated")
    parser.add_argument("--large", type=Path, metavar="DIR", help="write the larger ones, all of their files, here")
    parser.add_argument("--out", type=Path, default=ROOT, metavar="DIR", help="write there instead of reference/")
    options = parser.parse_args(arguments)
    if unknown := set(options.only) - set(SETS) - set(LARGE) - set(COMPLEX):
        parser.error(f"no such data set: {', '.join(sorted(unknown))}")
    if options.large is None:
        write(options.out, options.only)
    for name, make in LARGE.items():
        if options.large is not None and (not options.only or name in options.only):
            _write(options.large / name, folder_files(make(), large=True))


if __name__ == "__main__":
    main()
