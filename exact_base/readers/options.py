"""How a matrix is chosen in a file: one definition of the options, for every command that reads one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal, TypeAlias, get_args

import typer

from exact_base.errors import DataError, UsageError

__all__ = ["ArrayNames", "Header", "Headers", "check_header", "chosen", "meant", "settings"]

Header: TypeAlias = Literal["none", "columns", "rows", "both"]

ArrayNames = Annotated[
    list[str] | None,
    typer.Option(
        "--array",
        metavar="[FILE=]NAME",
        help="The array NAME of a .npz or .mat file that holds several: of the matrix, or of the FILE meant, as "
        "data=NAME. May be repeated.",
    ),
]
Headers = Annotated[
    list[str] | None,
    typer.Option(
        "--header",
        metavar="[FILE=]WHICH",
        help="Which lines of a text are names: none, the first row (columns), the first column (rows), or both; of the "
        "matrix, or of the FILE meant, as data=none. May be repeated.",
    ),
]


def check_header(header: str | None) -> Header | None:
    """Return a header.

    Raises:
        UsageError: if it is none of the four words.
    """
    for word in get_args(Header):
        if header == word:
            return word  # type: ignore[no-any-return]
    if header is not None:
        raise UsageError(f"the header is {', '.join(get_args(Header))}, not {header!r:.40}")
    return None


def settings(
    arrays: Sequence[str] | None, headers: Sequence[str] | None, files: Sequence[str] = ("matrix",)
) -> Mapping[str, Mapping[str, Any]]:
    """Return for each file of a command the keywords with which `exact_base.readers` reads it.

    Args:
        arrays: the values of --array.
        headers: the values of --header.
        files: what the files of the command are called, the matrix first.

    Raises:
        UsageError: for a file that the command does not read, or two values for one.
    """
    found: dict[str, dict[str, str]] = {name: {} for name in files}
    for keyword, values in (("array", arrays), ("header", headers)):
        for value in values or ():
            name, _, rest = value.partition("=")
            if name not in found:
                name, rest = files[0], value
            if keyword in found[name]:
                raise UsageError(f"--{keyword} is given twice for the {name}; other files are named {_named(files)}")
            if keyword == "header":
                check_header(rest)
            found[name][keyword] = rest
    return found


@contextmanager
def meant(file: str) -> Iterator[None]:
    """Have what readers advise say the options of this file of a command, which is not its matrix.

    >>> from exact_base.errors import DataError
    >>> from exact_base.readers.options import meant
    >>> with meant("coef"):
    ...     raise DataError("say --header both")
    Traceback (most recent call last):
    ...
    exact_base.errors.DataError: say --header coef=both
    """
    try:
        yield
    except DataError as error:
        text = re.sub(f"--header (?={'|'.join(get_args(Header))})", f"--header {file}=", str(error))
        raise type(error)(text.replace("with --array which", f"with --array {file}=NAME which")) from None


def _named(files: Sequence[str]) -> str:
    return ", ".join(f"{name}=..." for name in files)


def chosen(names: Iterable[str], wanted: str | None) -> str:
    """Return the name of the array that is meant: the only one, or the one that is wanted.

    Raises:
        DataError: naming those that there are.
    """
    there = list(names)
    if wanted is None and len(there) == 1:
        return there[0]
    if wanted is not None and wanted in there:
        return wanted
    listed = ", ".join(f"{name!r:.40}" for name in there[:20]) + (", ..." if len(there) > 20 else "")
    if not there:
        raise DataError("it holds no array")
    if wanted is None:
        raise DataError(f"it holds {len(there)} arrays, {listed}; say with --array which is meant")
    raise DataError(f"it holds no array {wanted!r:.40}, but {listed}")
