"""The certificates of what the data determine, and the two data sets as files with the minimiser of each, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sci_barriers.certificates.data_digits import data_digits_files
from sci_barriers.certificates.data_pair import data_pair_files
from sci_barriers.certificates.penalised import Files, array_file
from sci_barriers.certificates.precision import DATA_RADII, MATRIX_RADII, compact, without_radii
from sci_barriers.certificates.provenance import producer
from sci_barriers.certificates.solution_digits import solution_digits_files
from sci_barriers.checks.determined import DeterminedFinding
from sci_barriers.checks.findings import rounded_array
from sci_barriers.checks.questions import DATA, MATRIX, Question
from sci_barriers.problems.determined.pairs import Pair, Variation
from sci_barriers.problems.determined.precision import Precision
from sci_barriers.problems.penalised.face import nearest
from sci_barriers.problems.penalised.problem import column
from sci_barriers.problems.penalised.solving import minimise

__all__ = ["determined_files", "shared_files"]

_INLINE = 1 << 10  # entries of an array from which on it is in a file that all certificates share
_MOST_ENTRIES = 1 << 20  # of X up to which whole data sets are written


def determined_files(question: Question, found: DeterminedFinding) -> dict[str, bytes]:
    """Return certificates `determined`, `fitted`, `stable`, `pair`, `changed` and `column-J`, and files beside them.

    `determined` is about all data within the precision, and `fitted` about what holds without independent columns;
    `stable` is about the multiple of the precision up to which the support is the same, `changed` about the one at
    which there is another, `column-J` about two data sets that differ in a column, and perhaps in others.
    `pair-1` and `pair-2` are the data sets of `pair` in float64, each with its minimiser.

    Raises:
        SciBarriersError: if a number or an array exceeds the caps of the format.
    """
    said = producer() | {"subject": question.subject, "objective": question.objective}
    files = shared_files(question, found.stated.precision)
    made: dict[str, bytes] = {}
    for stem, known in (("determined", found.determined), ("fitted", found.fit)):
        if known is not None:
            made |= data_digits_files(known, question.coefficients, stem=stem, files=files, provenance=said)
    if found.held is not None:
        made |= data_digits_files(found.held, stem="stable", files=files, provenance=said)
    for stem, pair in _pairs(found):
        beside = files if _same(pair.precision, found.stated.precision) else without_radii(files)
        made |= data_pair_files(pair, stem=stem, files=beside, provenance=said)
        if stem == "pair" and question.problem.rows * question.problem.features <= _MOST_ENTRIES:
            for number, one in ((1, pair.first), (2, pair.second)):
                made |= _data_set(one, f"{stem}-{number}", said)
    return made


def _data_set(one: Variation, stem: str, said: dict[str, str]) -> dict[str, bytes]:
    """Return one data set in float64 as files, to be fitted by whoever wants to, and the certificate of its minimiser.

    Numbers that are not float64, as decimals of a text that were not changed, are rounded to the nearest.
    """
    matrix, data = (rounded_array(array) for array in (one.problem.matrix, one.problem.data))
    solution = one.solution
    if not (matrix == one.problem.matrix and data == one.problem.data):
        solution = minimise(replace(one.problem, matrix=matrix, data=data), guess=column(one.coefficients))
    files = {"matrix": array_file(f"{stem}-X", matrix), "data": array_file(f"{stem}-y", data, vector=True)}
    asked = rounded_array(solution.problem.coefficients(solution.point))
    near = nearest(solution, asked)
    return solution_digits_files(solution.problem, asked, near, stem=stem, files=files, provenance=said)


def shared_files(question: Question, precision: Precision) -> Files:
    """Return the files that hold X, y and their radii, for all certificates."""
    fields = {MATRIX: "matrix", DATA: "data"}
    files = {fields[name]: (name, content) for name, content in question.arrays.items()}
    problem = question.problem
    if "matrix" not in files and problem.rows * problem.features > _INLINE:
        files["matrix"] = array_file("data-X", problem.matrix)
    if "data" not in files and problem.rows > _INLINE:
        files["data"] = array_file("data-y", problem.data, vector=True)
    for name, stem, radius in (
        (MATRIX_RADII, "radii-X", precision.matrix),
        (DATA_RADII, "radii-y", precision.data),
    ):
        short = None if radius.entries is None else compact(radius.entries)
        if radius.entries is not None and short is not None and short.rows * short.cols > _INLINE:
            files[name] = array_file(stem, radius.entries)
    return files


def _same(one: Precision, other: Precision) -> bool:
    """Return whether the radii of entries are the same; those of a multiple of a precision are others."""
    return one.matrix.entries == other.matrix.entries and one.data.entries == other.data.entries


def _pairs(found: DeterminedFinding) -> Iterator[tuple[str, Pair]]:
    """Yield each pair once, with the name of its certificate."""
    if found.pair is not None:
        yield "pair", found.pair
    if found.change is not None:
        yield "changed", found.change[1]
    named = [found.pair, None if found.change is None else found.change[1]]
    for j, pair in sorted(found.pairs.items()):
        if not any(pair is other for other in named):
            named.append(pair)
            yield f"column-{j + 1}", pair
