"""Odd files of every form, at random: each writer writes the matrix that somebody has, in a way in which people do.

A writer returns what a reader may do with its file. What it may never do is to read another matrix.
"""

import csv
import io
import json
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import io as scipy_io
from scipy import sparse

READ, REFUSE, EITHER = "read", "refuse", "either"
"""What a reader must do, or that it may do both."""


class Odd(NamedTuple):
    """A file, the matrix that was meant, and what a reader may do."""

    path: Path
    matrix: list[list[tuple[Fraction, Fraction]]]
    may: str


class Case:
    """One matrix and a place for its file; `rng` chooses everything else."""

    def __init__(self, folder: Path, seed: object) -> None:
        self.folder, self.rng = folder, random.Random(repr(seed))
        self.rows, self.cols = self.rng.randint(1, 4), self.rng.randint(1, 4)
        # eighths, which every float and every decimal of three places holds; never integers in every row
        self.floats = np.array([[self.rng.randint(-99, 99) / 8 for _ in range(self.cols)] for _ in range(self.rows)])
        self.floats[:, -1] = np.floor(self.floats[:, -1]) + 0.125
        self.integers = np.array([[self.rng.randint(-99, 99) for _ in range(self.cols)] for _ in range(self.rows)])
        self.name = "odd"

    def frame(self, array: np.ndarray | None = None, *, names: bool = True) -> pd.DataFrame:
        columns = [self.rng.choice(["x", "width", "Größe", "V", "a b"]) + str(j) for j in range(self.cols)]
        return pd.DataFrame(self.floats if array is None else array, columns=columns if names else None)

    def odd(self, ending: str, content: str | bytes, may: str, matrix: np.ndarray | None = None) -> Odd:
        path = self.folder / f"{self.name}{ending}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.known(path, may, matrix)

    def known(self, path: Path, may: str, matrix: np.ndarray | None = None) -> Odd:
        return Odd(path, exactly(self.floats if matrix is None else matrix), may)


def exactly(array: np.ndarray) -> list[list[tuple[Fraction, Fraction]]]:
    """The entries as fractions, by the definition of Python and numpy."""

    def number(x: object) -> tuple[Fraction, Fraction]:
        if isinstance(x, complex | np.complexfloating):
            return Fraction(*x.real.as_integer_ratio()), Fraction(*x.imag.as_integer_ratio())
        return Fraction(*x.as_integer_ratio()) if hasattr(x, "as_integer_ratio") else Fraction(int(x)), Fraction(0)

    return [[number(array[i, j]) for j in range(array.shape[1])] for i in range(array.shape[0])]


WRITERS: dict[str, Callable[[Case], Odd]] = {}


def writer(function: Callable[[Case], Odd]) -> Callable[[Case], Odd]:
    WRITERS[function.__name__] = function
    return function


def odd_file(name: str, folder: Path, seed: int) -> Odd:
    """Write the file of one writer."""
    return WRITERS[name](Case(folder, (name, seed)))


# --- text ---------------------------------------------------------------------------------------------------------


def lines(array: np.ndarray, separator: str, form: Callable[[object], str] = str) -> str:
    return "".join(separator.join(form(x) for x in row) + "\n" for row in array.tolist())


@writer
def savetxt(case: Case) -> Odd:
    text = io.StringIO()
    separator = case.rng.choice([" ", ",", ";", "\t", "  ", ", "])
    form = case.rng.choice(["%.18e", "%.3f", "%8.3f"])
    head = case.rng.choice(["", "x, y", "made today\nby me"])
    np.savetxt(text, case.floats, delimiter=separator, fmt=form, header=head)
    return case.odd(case.rng.choice([".csv", ".txt", ".CSV"]), text.getvalue(), READ)


@writer
def savetxt_complex(case: Case) -> Odd:
    array = case.floats + 1j * case.integers
    text = io.StringIO()
    np.savetxt(text, array, delimiter=case.rng.choice([" ", ",", ";"]), fmt="%.3f")
    return case.odd(".txt", text.getvalue(), READ, array)


@writer
def csv_module(case: Case) -> Odd:
    text = io.StringIO()
    dialect = case.rng.choice([csv.excel, csv.excel_tab, csv.unix_dialect])
    csv.writer(text, dialect=dialect).writerows(case.floats.tolist())
    return case.odd(".csv", text.getvalue(), READ)


@writer
def to_csv(case: Case) -> Odd:
    content = case.frame().to_csv(index=False, sep=case.rng.choice(",;\t"))
    return case.odd(".csv", content.encode(case.rng.choice(["utf-8", "utf-8-sig", "utf-16"])), READ)


@writer
def to_csv_with_the_index(case: Case) -> Odd:
    return case.odd(".csv", case.frame().to_csv(), REFUSE)


@writer
def to_csv_with_names_of_rows(case: Case) -> Odd:
    frame = case.frame()
    frame.index = [f"row{i}" for i in range(case.rows)]
    quoting = case.rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC, csv.QUOTE_ALL])
    return case.odd(".csv", frame.to_csv(quoting=quoting), READ)


@writer
def to_csv_with_numbers_of_columns(case: Case) -> Odd:
    array = case.rng.choice([case.floats, case.integers])
    content = pd.DataFrame(array).to_csv(index=case.rng.random() < 0.5)
    return case.odd(".csv", content, REFUSE, array)


@writer
def to_csv_with_years(case: Case) -> Odd:
    frame = pd.DataFrame(case.floats, columns=[2019 + j for j in range(case.cols)])
    frame += 0.125  # so that no integer is left
    frame[frame == frame.round()] = 0.5
    quoting = case.rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
    return case.odd(".csv", frame.to_csv(index=False, quoting=quoting), REFUSE, frame.to_numpy())


@writer
def to_csv_without_header(case: Case) -> Odd:
    return case.odd(".csv", case.frame().to_csv(header=False), REFUSE)


@writer
def to_csv_with_decimal_commas(case: Case) -> Odd:
    content = case.frame(names=case.rng.random() < 0.5).to_csv(
        index=False, header=case.rng.random() < 0.5, sep=case.rng.choice([";", "\t", ","]), decimal=","
    )
    return case.odd(".csv", content, REFUSE)


@writer
def decimal_commas_and_blanks(case: Case) -> Odd:
    array = case.floats if case.cols > 1 else np.hstack([case.floats, case.floats])
    return case.odd(".txt", lines(array, " ", lambda x: f"{x:.3f}".replace(".", ",")), REFUSE, array)


@writer
def decimal_commas_in_one_column(case: Case) -> Odd:
    array = np.array([[case.rng.randint(0, 99) + 0.0625] for _ in range(case.rows)])
    form = case.rng.choice(["{:.4f}", "{:.6e}", "{:+.4f}"])
    text = lines(array, ";", lambda x: form.format(x).replace(".", ","))
    return case.odd(".csv", text.replace("\n", case.rng.choice(["\n", "\n\n", " # kg\n"])), REFUSE, array)


@writer
def thousands(case: Case) -> Odd:
    array = case.integers * 1000 + 0.5
    mark = case.rng.choice([",", "'", "\u00a0", " ", ".", "_", "\u202f"])
    separator = case.rng.choice([";", "\t"])
    return case.odd(".csv", lines(array, separator, lambda x: f"{x:,}".replace(",", mark)), EITHER, array)


@writer
def to_csv_with_missing_numbers(case: Case) -> Odd:
    frame = case.frame()
    frame.iloc[case.rng.randrange(case.rows), case.rng.randrange(case.cols)] = np.nan
    word = case.rng.choice(["", "NA", "nan", "NULL", "-", "N/A", "?", "None"])
    return case.odd(".csv", frame.to_csv(index=False, na_rep=word, header=case.rng.random() < 0.5), REFUSE)


@writer
def a_blank_line_for_a_missing_number(case: Case) -> Odd:
    return case.odd(".csv", f"{case.floats[0, 0]}\n\n{case.floats[-1, -1]}\n", REFUSE)


@writer
def blank_lines_between_rows(case: Case) -> Odd:
    array = np.hstack([case.floats, case.floats])
    return case.odd(".csv", "\n# hi\n" + lines(array, ",").replace("\n", "\n\n") + "\n \n", READ, array)


@writer
def infinities(case: Case) -> Odd:
    word = case.rng.choice(["inf", "-inf", "1e999999", "Infinity", "nan", "+Inf", "#DIV/0!", "1.#INF"])
    return case.odd(".csv", lines(case.floats, ";") + ";".join([word] * case.cols), REFUSE)


@writer
def quoted_cells(case: Case) -> Odd:
    return case.odd(".csv", lines(case.floats, case.rng.choice(",;\t"), lambda x: f'"{x}"'), READ)


@writer
def some_quoted_cells(case: Case) -> Odd:
    array = np.hstack([case.floats, case.floats])
    text = "".join(f'"{row[0]}",' + ",".join(map(str, row[1:])) + "\n" for row in array.tolist())
    return case.odd(".csv", text, REFUSE, array)


@writer
def a_trailing_separator(case: Case) -> Odd:
    separator = case.rng.choice(",;\t")
    return case.odd(".csv", lines(case.floats, separator).replace("\n", f"{separator}\n"), REFUSE)


@writer
def ragged_rows(case: Case) -> Odd:
    return case.odd(
        ".csv", lines(case.floats, ",") + ",".join(["0.125"] * (case.cols + case.rng.choice([1, 2]))), REFUSE
    )


@writer
def accounting(case: Case) -> Odd:
    form = case.rng.choice(
        ["({})", "{}(", "{})", "[{}]", "{}%", "${}", "€ {}", "{}d0", "--{}", "\u2212{}", "0x{}", "~{}"]
    )
    return case.odd(".csv", lines(case.floats, case.rng.choice(",;"), lambda x: form.format(abs(x))), REFUSE)


@writer
def lookalikes(case: Case) -> Odd:
    text = lines(case.floats, ",", lambda x: str(x).replace("0", "O").replace("1", "l"))
    return case.odd(".csv", text, EITHER)


@writer
def mixed_separators(case: Case) -> Odd:
    array = np.hstack([case.floats, case.floats, case.floats])
    one, two = case.rng.sample([",", ";", "\t", " "], 2)
    text = "".join(f"{row[0]}{one}{two.join(map(str, row[1:]))}\n" for row in array.tolist())
    return case.odd(case.rng.choice([".csv", ".txt"]), text, REFUSE, array)


@writer
def tables_for_people(case: Case) -> Odd:
    frame = case.frame()
    grid = "".join(f"| {' | '.join(map(str, row))} |\n" for row in case.floats.tolist())
    text = case.rng.choice([frame.to_string(), frame.to_html(), grid, repr(case.floats), str(case.floats.tolist())])
    return case.odd(".txt", text, REFUSE)


@writer
def matlab_text(case: Case) -> Odd:
    text = "[" + "; ".join(" ".join(map(str, row)) for row in case.floats.tolist()) + "]"
    return case.odd(".txt", text, REFUSE)


@writer
def of_r(case: Case) -> Odd:
    head = ",".join(['""', *(f'"V{j + 1}"' for j in range(case.cols))])
    rows = "".join(f'"{i + 1}",' + ",".join(map(str, row)) + "\n" for i, row in enumerate(case.floats.tolist()))
    return case.odd(".csv", f"{head}\n{rows}", REFUSE)


@writer
def write_table_of_r(case: Case) -> Odd:
    head = " ".join(f'"V{j + 1}"' for j in range(case.cols))
    rows = "".join(f'"{i + 1}" ' + " ".join(map(str, row)) + "\n" for i, row in enumerate(case.floats.tolist()))
    return case.odd(".txt", f"{head}\n{rows}", REFUSE)


@writer
def tab_separated(case: Case) -> Odd:
    return case.odd(".tsv", case.frame().to_csv(index=False, sep="\t"), READ)


@writer
def commas_in_a_tsv(case: Case) -> Odd:
    array = np.hstack([case.floats, case.floats])
    return case.odd(".tsv", lines(array, case.rng.choice([",", " ", ";"])), REFUSE, array)


@writer
def with_units(case: Case) -> Odd:
    frame = case.frame()
    return case.odd(".csv", frame.to_csv(index=False) + ",".join(["mm"] * case.cols) + "\n", REFUSE)


@writer
def odd_line_ends(case: Case) -> Odd:
    text = lines(case.floats, ",").replace("\n", case.rng.choice(["\r\n", "\r"]))
    return case.odd(".csv", text, READ)


@writer
def control_characters(case: Case) -> Odd:
    array = np.hstack([case.floats, case.floats])
    mark = case.rng.choice(["\x0b", "\x0c", "\x1c", "\u2028", "\x85", "\u3000", "\0", "\u200b"])
    return case.odd(".txt", lines(array, mark), REFUSE, array)


@writer
def latin_1(case: Case) -> Odd:
    return case.odd(".csv", "Größe\n".encode("latin-1") + lines(case.floats[:, :1], ",").encode(), REFUSE)


# --- JSON ---------------------------------------------------------------------------------------------------------


@writer
def json_rows(case: Case) -> Odd:
    array = case.rng.choice([case.floats, case.integers])
    return case.odd(".json", json.dumps(array.tolist(), indent=case.rng.choice([None, 2])), READ, array)


@writer
def json_of_pandas(case: Case) -> Odd:
    orient = case.rng.choice(["columns", "index", "records", "split", "values", "table"])
    return case.odd(".json", case.frame().to_json(orient=orient), READ if orient == "values" else REFUSE)


@writer
def json_that_is_odd(case: Case) -> Odd:
    text = case.rng.choice(
        [
            "[[1, NaN]]",
            "[[1], [2, 3]]",
            "[[true]]",
            '[["1", null]]',
            '{"a": 1, "a": 2}',
            "[[1]] [[2]]",
            "[1, 2]",
            "[[[1]]]",
            '["12", "34"]',
            '[{"0": 1}]',
            '[["0,5"]]',
            "[[01]]",
            "[[1e999999]]",
            "[[1,]]",
        ]
    )
    return case.odd(".json", text, REFUSE)


# --- numpy and scipy ----------------------------------------------------------------------------------------------


def npy(array: object) -> bytes:
    data = io.BytesIO()
    np.save(data, array, allow_pickle=True)
    return data.getvalue()


@writer
def save(case: Case) -> Odd:
    kind = case.rng.choice(["f2", "f4", "f8", "g", "c8", "c16", "G", "i1", "i8", ">f8", ">f4", ">i2", ">c16", "<u8"])
    array = (case.floats if np.dtype(kind).kind in "fc" else abs(case.integers)).astype(kind)
    if np.dtype(kind).kind == "c":
        array = array + (1j * case.integers).astype(kind)
    return case.odd(".npy", npy(case.rng.choice([array, np.asfortranarray(array), array[::-1][::-1]])), READ, array)


@writer
def random_floats(case: Case) -> Odd:
    bits = np.array([[case.rng.getrandbits(64) for _ in range(case.cols)] for _ in range(case.rows)], dtype=np.uint64)
    array = bits.view(np.float64)
    finite = bool(np.isfinite(array).all())
    return case.odd(".npy", npy(array), READ if finite else REFUSE, array if finite else None)


@writer
def save_of_no_numbers(case: Case) -> Odd:
    array = case.rng.choice(
        [
            case.floats > 0,
            case.floats.astype(object),
            case.floats.astype("datetime64[s]"),
            case.floats.astype("S9"),
            case.floats.astype("timedelta64[s]"),
            np.zeros(3, dtype=[("a", "f8"), ("b", "i4")]),
            case.floats[0],
            case.floats[None],
            np.float64(1),
            np.zeros((0, 3)),
            np.array([[np.nan]]),
            {"a": 1},
        ]
    )
    return case.odd(".npy", npy(array), REFUSE)


@writer
def save_of_texts(case: Case) -> Odd:
    return case.odd(".npy", npy(case.floats.astype(str)), READ)


@writer
def two_arrays_in_one(case: Case) -> Odd:
    return case.odd(".npy", npy(case.floats) + npy(case.integers), REFUSE)


@writer
def cut_short(case: Case) -> Odd:
    made = case.rng.choice([save, savez, savemat, parquet])(case)
    data = made.path.read_bytes()
    made.path.write_bytes(data[: -case.rng.randint(1, len(data) - 1)])
    return made._replace(may=EITHER)


@writer
def text_called_npy(case: Case) -> Odd:
    return case.odd(case.rng.choice([".npy", ".npz", ".mat", ".parquet"]), lines(case.floats, ","), REFUSE)


@writer
def another_ending(case: Case) -> Odd:
    made = case.rng.choice([save, savez, savemat, parquet, savetxt])(case)
    ending = case.rng.choice([".npy", ".npz", ".mat", ".parquet", ".csv", ".json", ".tsv"])
    return case.odd(ending, made.path.read_bytes(), EITHER)._replace(matrix=made.matrix)


@writer
def savez(case: Case) -> Odd:
    data = io.BytesIO()
    case.rng.choice([np.savez, np.savez_compressed])(data, **{case.rng.choice(["A", "x", "data"]): case.floats})
    return case.odd(".npz", data.getvalue(), READ)


@writer
def savez_of_several(case: Case) -> Odd:
    data = io.BytesIO()
    np.savez(data, A=case.floats, y=case.integers)
    return case.odd(".npz", data.getvalue(), REFUSE)


@writer
def sparse_npz(case: Case) -> Odd:
    data = io.BytesIO()
    array = np.where(case.integers > 0, case.floats, 0)
    form = case.rng.choice(
        [sparse.csr_matrix, sparse.csc_array, sparse.coo_matrix, sparse.bsr_matrix, sparse.dia_matrix]
    )
    sparse.save_npz(data, form(array), compressed=case.rng.random() < 0.5)
    return case.odd(".npz", data.getvalue(), READ, array)


@writer
def sparse_with_repetitions(case: Case) -> Odd:
    data = io.BytesIO()
    sparse.save_npz(data, sparse.coo_matrix(([0.1, 0.2], ([0, 0], [0, 0])), shape=case.floats.shape))
    return case.odd(".npz", data.getvalue(), REFUSE)


# --- MATLAB -------------------------------------------------------------------------------------------------------


@writer
def savemat(case: Case) -> Odd:
    data = io.BytesIO()
    kind = case.rng.choice(["f4", "f8", "i1", "i8", "u2", "c16", "c8"])
    array = (case.floats if kind[0] in "fc" else abs(case.integers)).astype(kind)
    array = array + (1j * case.integers).astype(kind) if kind[0] == "c" else array
    scipy_io.savemat(data, {"A": array}, do_compression=case.rng.random() < 0.5, format=case.rng.choice(["4", "5"]))
    return case.odd(".mat", data.getvalue(), READ, array)


@writer
def savemat_sparse(case: Case) -> Odd:
    data, array = io.BytesIO(), np.where(case.integers > 0, case.floats, 0)
    scipy_io.savemat(data, {"A": sparse.csc_matrix(array)})
    return case.odd(".mat", data.getvalue(), READ, array)


@writer
def savemat_of_no_matrix(case: Case) -> Odd:
    data = io.BytesIO()
    content = case.rng.choice(
        [
            {"A": case.floats, "y": case.integers},
            {"A": {"field": case.floats}},
            {"A": "text"},
            {"A": case.floats > 0},
            {},
            {"A": np.array([1, "x"], dtype=object)},
            {"A": case.floats[None]},
            {"A": case.floats * np.nan},
            {"A": np.zeros((0, 0))},
        ]
    )
    scipy_io.savemat(data, content)
    return case.odd(".mat", data.getvalue(), REFUSE)


def hdf5(case: Case, fill: Callable[[h5py.File], None], *, user_block: bool = True) -> Path:
    """A file as MATLAB writes it: HDF5 behind 512 bytes of its own."""
    path = case.folder / f"{case.name}.mat"
    with h5py.File(path, "w", userblock_size=512 if user_block else 0) as file:
        fill(file)
    if user_block:
        data = path.read_bytes()
        path.write_bytes(b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM" + data[128:])
    return path


@writer
def mat_7_3(case: Case) -> Odd:
    kind = case.rng.choice(["single", "double", "int32", "complex"])
    array = case.integers.astype("i4") if kind == "int32" else case.floats.astype("f4" if kind == "single" else "f8")
    if kind == "complex":
        array = array + 1j * case.integers

    def fill(file: h5py.File) -> None:
        stored = array.T
        if kind == "complex":
            stored = np.zeros(array.T.shape, dtype=[("real", "f8"), ("imag", "f8")])
            stored["real"], stored["imag"] = array.T.real, array.T.imag
        file.create_dataset("A", data=stored).attrs["MATLAB_class"] = np.bytes_("double" if kind == "complex" else kind)
        file.create_group("#refs#")

    return case.known(hdf5(case, fill), READ, array)


@writer
def mat_7_3_sparse(case: Case) -> Odd:
    array = np.where(case.integers > 0, case.floats, 0)
    stored = sparse.csc_matrix(array)

    def fill(file: h5py.File) -> None:
        group = file.create_group("A")
        group.attrs["MATLAB_class"], group.attrs["MATLAB_sparse"] = np.bytes_("double"), np.uint64(case.rows)
        group["jc"] = stored.indptr.astype("u8")
        if stored.nnz:
            group["ir"], group["data"] = stored.indices.astype("u8"), stored.data

    return case.known(hdf5(case, fill), READ, array)


@writer
def mat_7_3_of_no_matrix(case: Case) -> Odd:
    def fill(file: h5py.File) -> None:
        what = case.rng.randrange(5)
        if what < 2:  # not transposed, or nobody knows
            file["A"] = case.floats
            return
        if what == 2:
            file.create_group("A").attrs["MATLAB_class"] = np.bytes_("struct")
            return
        if what == 3:
            file["A"] = h5py.ExternalLink("other.mat", "/A")
            return
        file["A"] = np.array([0, 0], dtype="u8")
        file["A"].attrs["MATLAB_class"], file["A"].attrs["MATLAB_empty"] = np.bytes_("double"), np.uint8(1)

    return case.known(hdf5(case, fill, user_block=case.rng.random() < 0.5), REFUSE)


# --- Parquet ------------------------------------------------------------------------------------------------------


def parquet_bytes(table: object) -> bytes:
    data = io.BytesIO()
    pq.write_table(table, data)
    return data.getvalue()


@writer
def parquet(case: Case) -> Odd:
    kind = case.rng.choice(["f4", "f8", "i1", "i8", "u4", "Int64", "Float64"])
    array = case.floats if "f" in kind.lower() else abs(case.integers)
    frame = case.frame(array.astype(kind.lower())).astype(kind)
    if case.rng.random() < 0.5:
        frame.index = [f"row{i}" for i in range(case.rows)]
    data = io.BytesIO()
    frame.to_parquet(data)
    return case.odd(".parquet", data.getvalue(), READ, frame.to_numpy(dtype=array.dtype))


@writer
def parquet_of_pyarrow(case: Case) -> Odd:
    kind = case.rng.choice([pa.float64(), pa.float32(), pa.float16(), pa.decimal128(9, 3)])
    made = [
        pa.array(case.floats[:, j].astype("f2") if kind == pa.float16() else case.floats[:, j])
        for j in range(case.cols)
    ]
    made = [column.cast(kind) for column in made]
    return case.odd(".parquet", parquet_bytes(pa.table(made, names=[f"c{j}" for j in range(case.cols)])), READ)


@writer
def parquet_of_no_numbers(case: Case) -> Odd:
    column = case.rng.choice(
        [
            ["a"] * case.rows,
            [None] * case.rows,
            [True] * case.rows,
            [[1.0]] * case.rows,
            [float("nan")] * case.rows,
            [pd.Timestamp(0)] * case.rows,
        ]
    )
    frame = case.frame()
    frame["more"] = column
    data = io.BytesIO()
    frame.to_parquet(data)
    return case.odd(".parquet", data.getvalue(), REFUSE)
