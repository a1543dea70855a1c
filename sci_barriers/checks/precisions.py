"""How near the data are known to be, in a user's words: as printed, within a number or a norm, or their own radii."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from flint import fmpq, fmpz_mat

from exact_base.decimals import about, trimmed
from exact_base.entries.arrays import laid_out
from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix, exact_column, matrix_of
from exact_base.rationals import exact_number, parse_rational
from exact_base.readers import ENDINGS
from exact_base.reprs import short_repr
from proofs_checks.certificate.reading import printable
from sci_barriers.checks.questions import check_order, column_names, listed
from sci_barriers.problems.determined.precision import Precision, Radius

__all__ = ["EXACT", "Asked", "Stated", "asked", "asked_of", "exact_places", "stated"]

Kind: TypeAlias = Literal["exact", "printed", "number", "norm", "file", "array"]

_NORM = "norm:"
_BY_COLUMN = "printed-by-column"
_FORMS = f"`printed`, `{_BY_COLUMN}`, a number, norm:NUMBER, or a file with radii"
_HALF = fmpq(1, 2)


@short_repr()
@dataclass(frozen=True)
class Asked:
    """What was said of one array, before any file is read.

    Attributes:
        kind: in which way.
        value: the number, >= 0, of a number or a norm.
        path: the file with radii.
        array: the radii as they were given.
        by_column: whether the number of a column with most decimals tells how many all of them have.
    """

    kind: Kind
    value: fmpq | None = None
    path: Path | None = None
    array: Any = None
    by_column: bool = False


EXACT = Asked("exact")
"""Of an array of which nothing was said while something was said of the other."""


@short_repr()
@dataclass(frozen=True)
class Stated:
    """What is known of X and y.

    Attributes:
        precision: the radii.
        words: one line for a reader.
        notes: what a reader has to know of it, a line each.
    """

    precision: Precision
    words: str
    notes: tuple[str, ...] = ()


def asked(text: str | None, option: str) -> Asked:
    """Return what an option says; nothing is read yet.

    Raises:
        UsageError: if it says nothing that is known.

    >>> from sci_barriers.checks.precisions import asked
    >>> [asked(text, "--x-precision").kind for text in ("printed", "1e-3", "norm:0.1", "radii.csv", None)]
    ['printed', 'number', 'norm', 'file', 'exact']
    """
    if text is None:
        return EXACT
    if text in ("printed", _BY_COLUMN):
        return Asked("printed", by_column=text == _BY_COLUMN)
    if text.startswith(_NORM):
        try:
            return Asked("norm", _size(parse_rational(text.removeprefix(_NORM)), option))
        except DataError as error:
            raise UsageError(f"{option} {printable(text, 60)}: {error}") from None
    try:
        value = parse_rational(text)
    except DataError:
        if Path(text).suffix.lower() not in ENDINGS:
            raise UsageError(f"{option} is {_FORMS}, not {printable(text, 60)!r}") from None
        return Asked("file", path=Path(text))
    return Asked("number", _size(value, option))


def asked_of(value: Any, name: str) -> Asked:
    """Return what a parameter of Python says: a number, "norm:..." or an array of radii.

    Raises:
        UsageError: for `printed`, as arrays in memory have no printed digits, and for negative numbers.
        DataError: for what is no number.
    """
    if value is None:
        return EXACT
    if isinstance(value, str):
        if value in ("printed", _BY_COLUMN):
            raise UsageError(
                f'{name}="{value}" is for files of text, whose digits are there to count: use the command '
                "`sci-barriers check`, or give a number or an array of radii"
            )
        found = asked(value, name)
        if found.kind == "file":
            raise UsageError(f"{name} is a number, norm:NUMBER, or an array of radii, not the name of a file")
        return found
    if isinstance(value, ExactMatrix) or laid_out(value).shape:
        return Asked("array", array=value)
    try:
        return Asked("number", _size(exact_number(value), name))
    except DataError as error:
        raise DataError(f"{name}: {error}") from None


def _size(value: fmpq, option: str) -> fmpq:
    if value < 0:
        raise UsageError(f"{option} must be at least 0, got {value}")
    return value


def stated(
    matrix: Asked,
    data: Asked,
    *,
    shape: tuple[int, int],
    names: Sequence[str],
    exact: Sequence[int] = (),
    printed: Callable[[str], ExactMatrix] | None = None,
    read: Callable[[str, Path], ExactMatrix] | None = None,
) -> Stated:
    """Return the precision that is meant.

    Args:
        matrix: what was said of X.
        data: what was said of y.
        shape: m and n.
        names: of the columns.
        exact: columns that are known exactly, whatever is said of the others.
        printed: returns half a unit of the last printed digit of each entry of "matrix" or "data".
        read: returns the radii of a file for "matrix" or "data".

    Raises:
        UsageError: for exact columns beside a norm.
        DataError: for radii that are negative or do not fit, or whose names are not those of the columns in order.

    >>> from sci_barriers.checks.precisions import EXACT, asked, stated
    >>> stated(asked("0.05", "--x-precision"), EXACT, shape=(3, 2), names=("a", "b"), exact=[1]).words
    'X: each entry to within 0.05, and b exactly; y: exactly'
    """
    rows, columns = shape
    found: dict[str, Radius] = {}
    for name, one in (("matrix", matrix), ("data", data)):
        if one.kind == "printed" and printed is not None:
            radii = printed(name)
            one = replace(one, array=_least(radii) if one.by_column else radii)
        elif one.path is not None and read is not None:
            one = replace(one, array=read(name, one.path))
        try:
            found[name] = _radius(one, vector=name == "data", names=names)
        except DataError as error:
            raise DataError(f"the precision of {'y' if name == 'data' else 'X'}: {error}") from None
    if exact:
        found["matrix"] = _with_exact(found["matrix"], columns, exact)
    precision = Precision(found["matrix"], found["data"])
    precision.check(rows, columns)
    known = f", and {listed(names, exact)} exactly" if exact and not precision.matrix.nothing else ""
    words = f"X: {_words(matrix, precision.matrix, 'spectral')}{known}; y: {_words(data, precision.data, 'Euclidean')}"
    return Stated(precision, words, _notes(matrix, data, precision, names))


def _radius(one: Asked, *, vector: bool, names: Sequence[str]) -> Radius:
    if one.kind == "exact":
        return Radius.exactly()
    if one.kind == "norm":
        return Radius.spectral(one.value)
    if one.kind == "number":
        return Radius.entrywise(one.value)
    if isinstance(one.array, ExactMatrix):
        return Radius.entrywise(one.array)
    entries = laid_out(one.array)
    if vector:
        return Radius.entrywise(exact_column(one.array))
    if list(names) != list(column_names(None, len(names))):
        check_order(names, entries.rows if len(entries.shape) == 1 else entries.columns, what="radii")
    # as numpy has it: a list of numbers is a row, one for each column
    return Radius.entrywise(_row(exact_column(one.array)) if len(entries.shape) == 1 else matrix_of(entries))


def _row(column: ExactMatrix) -> ExactMatrix:
    return ExactMatrix(column.re.transpose(), None, column.den)


def _least(radii: ExactMatrix) -> ExactMatrix:
    """Return the least radius of each column, as a row."""
    columns = [[radii.re[i, j] for i in range(radii.rows)] for j in range(radii.cols)]
    return ExactMatrix(fmpz_mat(1, radii.cols, [min(column) for column in columns]), None, radii.den)


def _with_exact(radius: Radius, columns: int, exact: Sequence[int]) -> Radius:
    """Return the radius with zeros in these columns."""
    if radius.entries is None:
        if radius.norm == 0:
            return radius
        raise UsageError("a norm is of X as a whole; with --exact-columns give a number or radii for its entries")
    entries = radius.entries
    if entries.cols not in (1, columns):
        raise DataError(f"the radii of X must have 1 or {columns} columns, got {entries.cols}")
    wide = fmpz_mat(entries.rows, columns)
    for i in range(entries.rows):
        for j in range(columns):
            wide[i, j] = 0 if j in exact else entries.re[i, j if entries.cols > 1 else 0]
    return Radius(None, ExactMatrix(wide, None, entries.den))


def exact_places(named: Sequence[str | int], names: Sequence[str]) -> tuple[int, ...]:
    """Return the places of columns that are given by their names, or by their numbers from 1.

    Raises:
        UsageError: if there is no such column, or two have the name.

    >>> from sci_barriers.checks.precisions import exact_places
    >>> exact_places(["sex", 3], ["age", "sex", "bmi"])
    (1, 2)
    """
    found: set[int] = set()
    for one in named:
        word = str(one).strip()
        places = [j for j, name in enumerate(names) if name == word]
        if not places and word.isdecimal() and 1 <= int(word) <= len(names):
            places = [int(word) - 1]
        if len(places) != 1:
            why = "there is no column" if not places else "several columns have the name"
            raise UsageError(f"{why} {printable(word, 60)!r}; columns are given by name, or by number from 1")
        found.add(places[0])
    return tuple(sorted(found))


# --- words -----------------------------------------------------------------------------------------


def _words(one: Asked, radius: Radius, norm: str) -> str:
    if radius.nothing:
        return "exactly"
    if radius.entries is None:
        return f"to within {_short(radius.norm or fmpq(0))} in the {norm} norm"
    if one.kind == "number":
        return f"each entry to within {_short(one.value or fmpq(0))}"
    largest = _short(fmpq(max(radius.entries.re.entries()), radius.entries.den))
    if one.kind == "printed":
        last = "last digit of its column" if one.by_column else "last digit"
        return f"as printed, to half a unit of the {last}, at most {largest}"
    return f"each entry to within its own radius, at most {largest}"


def _short(value: fmpq) -> str:
    """Return a radius as it was meant, as a rule: to six digits."""
    return trimmed(about(value, digits=6))


def _notes(matrix: Asked, data: Asked, precision: Precision, names: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if matrix.kind == "printed" and (uneven := _uneven(precision.matrix)):
        notes.append(
            f"of {listed(names, uneven)} some numbers have fewer decimals than others; if zeros at the end were not "
            f"printed, say --x-precision {_BY_COLUMN}"
        )
    if data.kind == "printed" and _uneven(precision.data):
        notes.append(
            "of y some numbers have fewer decimals than others; if zeros at the end were not printed, say "
            f"--y-precision {_BY_COLUMN}"
        )
    if matrix.kind == "printed" and (whole := _integers(precision.matrix)):
        one = len(whole) == 1
        notes.append(
            f"{listed(names, whole)} {'has' if one else 'have'} no decimals and {'is' if one else 'are'} taken as "
            f"rounded, to within 1/2; name {'it' if one else 'those'} in --exact-columns if {'it' if one else 'they'} "
            f"{'counts or names' if one else 'count or name'} something"
        )
    if data.kind == "printed" and _integers(precision.data):
        notes.append("y has no decimals and is taken as rounded, to within 1/2; --y-precision 0 is for exact counts")
    return tuple(notes)


def _uneven(radius: Radius) -> list[int]:
    """Return the columns whose numbers have a last digit at different places."""
    entries = radius.entries
    if entries is None:
        return []
    columns = [[entries.re[i, j] for i in range(entries.rows)] for j in range(entries.cols)]
    return [j for j, column in enumerate(columns) if min(column) < max(column)]


def _integers(radius: Radius) -> list[int]:
    """Return the columns in which no entry has a decimal."""
    entries = radius.entries
    if entries is None:
        return []
    return [
        j for j in range(entries.cols) if all(fmpq(entries.re[i, j], entries.den) >= _HALF for i in range(entries.rows))
    ]
