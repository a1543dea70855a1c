"""Matrices and vectors from the files that users have, exactly, or an error of one line.

A file is read by what it is and by its ending; what could be read in two ways is refused, with what settles it. Nothing
is unpickled, and no library is loaded that the file does not need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

from flint import fmpq

from exact_base.entries.arrays import Entries
from exact_base.errors import DataError, SciBarriersError, UsageError
from exact_base.grammar import half_unit
from exact_base.matrices import ExactMatrix, matrix_of
from exact_base.readers import json_files, matlab, numpy_files, parquet, tables
from exact_base.readers.options import Header, check_header
from exact_base.reprs import short_repr
from exact_base.scalars import ComplexNumber, ExactArray, zeros

__all__ = ["Table", "read_matrix", "read_named_vector", "read_printed", "read_table", "read_vector"]

TEXTS = (".csv", ".tsv", ".txt")
_ARRAYS: dict[str, Callable[[Path, str | None], Entries]] = {
    ".npy": numpy_files.read_npy,
    ".npz": numpy_files.read_npz,
    ".mat": matlab.read,
}
_BINARY = (
    "numbers of a binary file, also integers, have no printed digits; say how near they are with a number, or with a "
    "file of radii"
)
ENDINGS = (*_ARRAYS, *TEXTS, ".parquet", ".json")


@short_repr()
@dataclass(frozen=True)
class Table:
    """A matrix with the names that its file gives.

    Attributes:
        matrix: shape (m, N).
        rows: the names of the rows, m of them, or None.
        columns: the names of the columns, N of them, or None.
        printed: half a unit of the last digit of each entry, where `read_printed` has read it.
    """

    matrix: ExactMatrix
    rows: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None
    printed: ExactMatrix | None = None

    @property
    def array(self) -> ExactArray:
        """The matrix as an array of scalars, shape (m, N)."""
        re, im = self.matrix.integers()
        found = zeros((self.matrix.rows, self.matrix.cols))
        for i, row in enumerate(re):
            for j, a in enumerate(row):
                part = fmpq(a, self.matrix.den)
                other = 0 if im is None else im[i][j]
                found[i, j] = ComplexNumber(part, fmpq(other, self.matrix.den)) if other else part
        return found


def read_table(path: Path | str, *, array: str | None = None, header: Header | None = None) -> Table:
    """Read a matrix with its names exactly; floats are the dyadic rationals that they store, texts what they say.

    What is read and what is refused: docs/files.md.

    Args:
        path: a file that ends in .npy, .npz, .mat, .csv, .tsv, .txt, .parquet or .json.
        array: the name of the array, in a file that can hold several.
        header: whether the first row of a text holds names ("columns"), the first column ("rows"), "both" or "none";
            seen from the text if it is not given.

    Raises:
        UsageError: if the file cannot be opened, has another ending, or a library for it is not installed.
        DataError: if it holds no matrix of finite numbers, or more than one.
    """
    return _read(Path(path), array, header, None)


def read_matrix(path: Path | str, *, array: str | None = None, header: Header | None = None) -> ExactMatrix:
    r"""Read a matrix exactly, as `read_table` does.

    Raises:
        UsageError: as `read_table`.
        DataError: as `read_table`.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from firenet_exact import read_matrix
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "A.csv").write_text("0.1,1/3\n2,-1e-3\n")
    ...     matrix = read_matrix(Path(folder, "A.csv"))
    >>> matrix.re.tolist(), matrix.den
    ([[300, 1000], [6000, -3]], 3000)
    """
    return read_table(path, array=array, header=header).matrix


def read_vector(path: Path | str, size: int, *, array: str | None = None, header: Header | None = None) -> ExactMatrix:
    """Read a vector of the given size exactly, as `read_table` reads matrices; shape (size, 1).

    It is a matrix of one column or one row, an array of one dimension, or a .json list of numbers or strings.

    Raises:
        UsageError: as `read_table`.
        DataError: as `read_table`, and if it is no vector of this size.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from firenet_exact import read_vector
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "y.json").write_text('[1, "1/3", 0.5]')
    ...     vector = read_vector(Path(folder, "y.json"), 3)
    >>> vector.re.tolist(), vector.den
    ([[6], [2], [3]], 6)
    """
    return _read(Path(path), array, header, size).matrix


def read_named_vector(
    path: Path | str, size: int, *, array: str | None = None, header: Header | None = None
) -> tuple[ExactMatrix, tuple[str, ...] | None]:
    r"""Read a vector as `read_vector` does, with the names of its entries if the file has them.

    Raises:
        UsageError: as `read_table`.
        DataError: as `read_vector`.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from exact_base.readers import read_named_vector
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "x.csv").write_text("name,value\nage,1\nbmi,1/2\n")
    ...     vector, names = read_named_vector(Path(folder, "x.csv"), 2, header="both")
    >>> vector.den, names
    (2, ('age', 'bmi'))
    """
    table = _read(Path(path), array, header, size)
    return table.matrix, next((names for names in (table.rows, table.columns) if names and len(names) == size), None)


def read_printed(
    path: Path | str, size: int | None = None, *, array: str | None = None, header: Header | None = None
) -> tuple[Table, ExactMatrix]:
    r"""Read a table, or a vector of a size as a column, with half a unit of the last digit of each number.

    So much each number may have been changed when it was rounded to what stands in the file; the shape is the same.

    Raises:
        UsageError: as `read_table`.
        DataError: as `read_table` and `read_vector`, and where no digits are printed: in a binary file, or of a
            fraction p/q.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from exact_base.readers import read_printed
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "X.csv").write_text("age,bmi\n31,0.50\n40,1e-3\n")
    ...     table, radii = read_printed(Path(folder, "X.csv"))
    >>> table.columns, radii.re.tolist(), radii.den
    (('age', 'bmi'), [[1000, 10], [1000, 1]], 2000)
    """
    path = Path(path)
    if path.suffix.lower() in ENDINGS and path.suffix.lower() not in (*TEXTS, ".json"):
        raise DataError(f"{path}: {_BINARY}")
    table = _read(path, array, header, size, printed=True)
    if table.printed is None:  # a matrix of the certificate format, over one denominator
        raise DataError(f"{path}: {_BINARY}")
    return table, table.printed


def _read(path: Path, array: str | None, header: Header | None, size: int | None, *, printed: bool = False) -> Table:
    """Read a matrix, or a vector if there is a size; with what is printed of it where that is asked for."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"{path} must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    try:
        if not path.is_file():
            raise UsageError(f"cannot read {path}: {_no_file(path)}")
        if array is not None and ending not in _ARRAYS:
            raise DataError("it holds no named arrays; leave out --array")
        if header is not None and ending not in TEXTS:
            raise DataError("only a text has a header row to choose; leave out --header")
        return _table(path, ending, array, check_header(header), size, printed=printed)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except (EOFError, BadZipFile):
        raise DataError(f"{path}: the file is damaged, or cut short") from None
    except MemoryError:
        raise DataError(f"{path} holds a matrix that is too large for the memory of this machine") from None
    except UsageError:
        raise
    except SciBarriersError as error:
        raise DataError(f"{path}: {error}") from None


def _no_file(path: Path) -> str:
    if path.is_dir():
        return "it is a directory; name a file in it"
    return "it is no regular file" if path.exists() else "there is no such file"


def _table(
    path: Path, ending: str, array: str | None, header: Header | None, size: int | None, *, printed: bool
) -> Table:
    if ending == ".json":
        found = json_files.read(path, vector=size is not None)
        if isinstance(found, ExactMatrix):
            return Table(_column(found, size))
    elif ending in _ARRAYS:
        found = _ARRAYS[ending](path, array)
    elif ending == ".parquet":
        found = parquet.read(path)
    else:
        found = tables.read(path, header, size)
    if size is not None and len(found.shape) == 1:
        found = found.as_column()
    matrix = _column(matrix_of(found), size)
    radii = _column(matrix_of(replace(found, values=found.read(_printed))), size) if printed else None
    return Table(matrix, found.rows, found.columns, radii)


def _printed(value: str) -> fmpq:
    """Return half a unit of the last digit of a number."""
    try:
        return fmpq(*half_unit(value))
    except ValueError as error:
        raise DataError(f"{value.strip()!r:.60} {error}; say how near it is with a number or a file of radii") from None


def _column(matrix: ExactMatrix, size: int | None) -> ExactMatrix:
    if size is None:
        return matrix
    if (matrix.rows, matrix.cols) == (1, size):
        return ExactMatrix(matrix.re.transpose(), None if matrix.im is None else matrix.im.transpose(), matrix.den)
    if (matrix.rows, matrix.cols) != (size, 1):
        single = 1 in (matrix.rows, matrix.cols)
        got = f"one of length {matrix.rows * matrix.cols}" if single else f"a matrix of {matrix.rows} x {matrix.cols}"
        raise DataError(f"a vector of length {size} is needed, not {got}")
    return matrix
