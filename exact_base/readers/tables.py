"""Tables of numbers as text: .csv, .tsv and .txt, with one separator a file and perhaps names of rows and columns.

A text does not say what it means. What could be two matrices is refused: a decimal comma, a first row that counts the
columns, a first column that counts the rows. A header is seen where it cannot be numbers, and otherwise has to be said.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from exact_base.entries.arrays import Entries, named
from exact_base.entries.memory import check_entries, check_memory
from exact_base.errors import DataError
from exact_base.grammar import complex_ratios
from exact_base.readers.options import Header

__all__ = ["read"]

_BLANKS = " "
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", _BLANKS: "blanks"}
_QUOTED = r'"(?:[^"]|"")*"'
_COMMENT = re.compile(r"(?:^|(?<=\s))#+(?:\s.*)?$")  # and not an error of a spreadsheet, like #REF!
_INTEGER = re.compile(r"[0-9]+")
# where a comma or a blank may separate nothing
_ONE_NUMBER = re.compile(r"[+-]?(?:[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]*)?)")
_LEADING_ZERO = re.compile(r"[+-]?0[0-9]")
_LOOKALIKES = str.maketrans("OoIl", "0011")
_TRUTHS = {"true", "false"}
_MISSING = {"na", "nan", "null", "none", "inf", "infinity", "missing", "nil", "undefined", "empty"} | _TRUTHS
_INDEX = {"", "index", "unnamed: 0"}  # what pandas calls a column of labels without a name
_TEXT_FACTOR = 4  # characters in memory, beside the bytes

Row = list[str]


class _Quoted(str):
    """A cell that stood in quotation marks."""


def read(path: Path, header: Header | None, size: int | None) -> Entries:
    """Read a table.

    Args:
        path: the file.
        header: which lines are names; seen from the text if it is not given.
        size: the length of the vector that it is, if it is one.

    Raises:
        DataError: if it is no table of numbers, or could be two.
    """
    check_memory(path.stat().st_size * _TEXT_FACTOR, "this text")
    lines = _lines(path)
    separator = _separator([line for _, line in lines], only_tabs=path.suffix.lower() == ".tsv")
    counts = [len(line.split() if separator == _BLANKS else line.split(separator)) for _, line in lines if line]
    check_entries(len(counts), -(-sum(counts) // len(counts)))
    rows = [_cells(line, separator, number) for number, line in lines if line]
    numbers = [number for number, line in lines if line]
    empty = next((number for number, line in lines if not line), None)
    if empty is not None and len(rows[0]) == 1:
        raise DataError(f"line {empty} is empty, which may stand for a missing number; leave it out")
    for number, row in zip(numbers, rows, strict=True):
        if len(row) != len(rows[0]):
            raise DataError(
                f"the rows must have one length; line {numbers[0]} has {len(rows[0])} cells, line {number} {len(row)}"
            )
    if header is None:
        if all(_ONE_NUMBER.fullmatch(line) for _, line in lines if line) and (len(rows), size) != (1, len(rows[0])):
            raise DataError(
                "each line may be one number with a decimal comma or marks of thousands; write a point, and no marks, "
                "if it is, and say --header none if it is not"
            )
        header = _seen(rows, size)
    return _entries(rows, numbers, separator, header)


# --- lines and cells ----------------------------------------------------------------------------------------------


def _lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines from the first to the last one with cells, without comments, each with its number."""
    data = path.read_bytes()
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise DataError("it is not UTF-8 text") from None
    if "\0" in text:
        raise DataError("it is no text, but binary; its ending should say what it is")
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        kept = (line if '"' in line else _COMMENT.sub("", line)).strip(" ")
        # a line of names above the numbers, behind which there may be no blank
        remark = _COMMENT.match(kept) or (kept.startswith("#") and not any(text for _, text in lines))
        if not remark and (kept or not line.strip(" ")):
            lines.append((number, kept))
    filled = [i for i, (_, line) in enumerate(lines) if line]
    if not filled:
        raise DataError("a matrix needs at least one entry, and there is none")
    return lines[filled[0] : filled[-1] + 1]


def _separator(lines: Sequence[str], *, only_tabs: bool) -> str:
    """Return the one separator of a text."""
    outside = [re.sub(_QUOTED, "", line) for line in lines]
    found = [separator for separator in ",;\t" if any(separator in line for line in outside)]
    if len(found) > 1:
        raise DataError(
            f"it has {' and '.join(_SEPARATORS[s] for s in found)} between its numbers; separate them by one of these "
            "only, and write decimals with a point and without separators of thousands"
        )
    if only_tabs and found not in ([], ["\t"]):
        raise DataError("the ending .tsv stands for tabs between numbers, and there are others; name it .csv or .txt")
    if found or only_tabs:
        return "\t" if only_tabs else found[0]
    # blanks in the first line alone stand in the name of the only column
    return _BLANKS if any(re.search(r"\S +\S", line) for line in outside[1:] or outside) else ","


def _cells(line: str, separator: str, number: int) -> Row:
    if separator == _BLANKS:
        if '"' in line:
            raise DataError(f"line {number}: cells in quotation marks need commas, semicolons or tabs between them")
        return [cell for cell in line.split(" ") if cell]
    cells: Row = []
    for piece in _pieces(line, separator, number):
        word = piece.strip(" ")
        if not word.startswith('"'):
            cells.append(word)
        else:
            cells.append(_Quoted(word[1:-1].replace('""', '"')))
    return cells


def _pieces(line: str, separator: str, number: int) -> list[str]:
    """Split a line at the separators that do not stand in quotation marks."""
    cell = rf' *{_QUOTED} *|[^"{separator}]*'
    if not re.fullmatch(f"(?:{cell})(?:{separator}(?:{cell}))*", line):
        raise DataError(f"line {number}: a quotation mark is open, or stands inside a cell")
    return re.findall(f"(?:^|(?<={separator}))({cell})(?={separator}|$)", line)


# --- names --------------------------------------------------------------------------------------------------------


def _is_name(cell: str) -> bool:
    """Whether a cell is a name, and no number that is badly written or missing."""
    word = cell.strip()
    if not (word[:1].isalpha() or word[:1] == "_") or re.sub(r"[^a-z]", "", word.lower()) in _MISSING:
        return False
    return not _is_number(word.translate(_LOOKALIKES))


def _is_number(cell: str) -> bool:
    try:
        complex_ratios(cell)
    except ValueError:
        return False
    return True


def _seen(rows: Sequence[Row], size: int | None) -> Header:
    """Return what the text shows of its header.

    Raises:
        DataError: if that may be one or another, and the size of the vector does not settle it.
    """
    first, width = rows[0], len(rows[0])
    no_corner = width > 1 and first[0] == ""
    top = all(map(_is_name, first)) or (no_corner and all(first[1:]))
    side = [row[0] for row in rows[top:]]
    if no_corner and top and side and all(map(_is_name, side)):
        return "both"
    if top and width > 1 and side and (first[0].lower() in _INDEX or _counts(side)):
        return _settled(
            rows, size, ("both", "columns"), "the first column may be labels, as pandas writes them", "both"
        )
    if top:
        return "columns"
    if len(rows) > 1 and _counts(first):
        return _settled(rows, size, ("none", "columns"), "the first row may be the numbers of the columns", "columns")
    if width > 1 and _counts(side):
        return _settled(rows, size, ("none", "rows"), "the first column may be the numbers of the rows", "rows")
    if len(rows) > 1 and _stands_out(rows):
        return _settled(
            rows, size, ("none", "columns"), "the first row alone is integers in order, and may be names", "columns"
        )
    return "none"


def _counts(cells: Sequence[str]) -> bool:
    return all(cell == str(i) for i, cell in enumerate(cells))


def _stands_out(rows: Sequence[Row]) -> bool:
    first = rows[0]
    if not all(_INTEGER.fullmatch(cell) and len(cell) < 20 for cell in first):
        return False
    rising = all(int(a) < int(b) for a, b in pairwise(first))
    return rising and not any(re.fullmatch(r"[+-]?[0-9]+", cell) for row in rows[1:] for cell in row)


def _settled(rows: Sequence[Row], size: int | None, ways: tuple[Header, Header], why: str, names: Header) -> Header:
    """Return the way in which the text is a vector of the size, if there is one such way; refuse it otherwise."""
    sides = {way: (len(rows) - (way in ("columns", "both")), len(rows[0]) - (way in ("rows", "both"))) for way in ways}
    fitting = [way for way, shape in sides.items() if size is not None and shape in ((size, 1), (1, size))]
    other = next(way for way in ways if way != names)
    if size is not None and len(fitting) < 2:
        return fitting[0] if fitting else other
    raise DataError(f"{why}; say --header {names} if it is no part of the matrix, and --header {other} if it is")


def _entries(rows: Sequence[Row], lines: Sequence[int], separator: str, header: Header) -> Entries:
    """Take the names off, and see that what remains may be numbers."""
    top, side = header in ("columns", "both"), header in ("rows", "both")
    first = rows[0][side:]
    body = [row[side:] for row in rows[top:]]
    if not body or not body[0]:
        raise DataError("a matrix needs at least one entry, and there are names only")
    width, quoted = len(first), {isinstance(cell, _Quoted) for row in body for cell in row}
    found = Entries(
        (len(body), width),
        [str(cell) for row in body for cell in row],
        rows=named([row[0] for row in rows[top:]]) if side else None,
        columns=named(first) if top else None,
        lines=tuple(lines[top:]),
    )
    if len(quoted) > 1:
        raise DataError("some numbers stand in quotation marks and some do not; those that do may be names or texts")
    cells = zip([(i, j) for i in range(len(body)) for j in range(width)], found.values, strict=True)
    for (i, j), cell in cells:
        if not cell:
            _refuse(found, i, j, "the cell is empty")
        if separator in ", " and _LEADING_ZERO.match(cell):
            _refuse(found, i, j, f"{cell!r:.40} may be the end of a number; write a point, and no marks of thousands")
        if i == 0 and not _is_number(cell) and cell.lower() not in _TRUTHS:  # of those its reader speaks
            in_column = j == 0 and width > 1 and not side and not (len(body) > 1 and _is_number(body[1][0]))
            if top and not in_column:
                continue  # where there are names already it is a number that went wrong, and its reader says how
            line, which = ("column", "rows") if in_column else ("row", "columns")
            which = "both" if top or side else which
            names = f"say --header {which} if the first {line} is names"
            advice = names if cell[0].isalpha() else "write decimals, or p/q"
            _refuse(found, i, j, f"{cell!r:.40} is not a number; {advice}")
    return found


def _refuse(entries: Entries, i: int, j: int, why: str) -> NoReturn:
    raise DataError(f"{entries.place(i * entries.shape[1] + j)}: {why}")
