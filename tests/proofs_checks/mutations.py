"""Every small change of a certificate, with its digest computed afresh, so that only the rules can notice."""

import copy
import hashlib
import json
import re

from tests.proofs_checks.builders import F, canonical, matrix, rat, seal
from tests.proofs_checks.solution_builders import packed

INTEGER = re.compile(r"-?0x[0-9a-f]+")
MATRIX = {"rows", "cols", "den", "entries"}
PACKED = {"bytes", "den", "digits", "offset", "shape"}
WORDS = [
    {"bpdn", "lasso", "sqrt-lasso"},
    {"strong", "weak"},
    {"query", "stream"},
    {"ok", "inaccurate"},
    {"block", "dense", "set"},
    {"distance", "excess", "relative", "objective", "steps", "float64"},
    {"enumerated", "sampled"},
    {"coherence", "exhaustive", "relaxation", "transfer"},
    {"tie", "member", "control", "tie-sensitivity", "tie-samples", "member-samples", "control-samples"},
    {"class", "family"},
    {"yes", "no", "open"},
]
NAMES = {"minimiser", "z", "w", "nobody"}  # of points: all other strings


def mutants(data):
    """Yield (name, bytes); a name is the path of a field and what happened to it."""
    obj = json.loads(data)
    for part in ("claim", "evidence"):
        for path, change, value in _changes(obj[part], (part,)):
            yield f"{_name(path)} {change}", _replaced(obj, path, value)
    for path in _keys(obj):
        yield f"{_name(path)} duplicate", _duplicated(obj, path)


def _name(path):
    return ".".join(str(key) for key in path)


def _replaced(obj, path, value):
    result = copy.deepcopy(obj)
    target = result
    for key in path[:-1]:
        target = target[key]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return seal(result)


def _keys(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key)
            yield from _keys(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _keys(item, (*path, index))


def _duplicated(obj, path):
    """The text with one key written twice; the digest is that of the text as it stands."""
    result = copy.deepcopy(obj)
    target = result
    for key in path[:-1]:
        target = target[key]
    mark = "\u0000"
    target[path[-1] + mark] = target[path[-1]]
    text = canonical({k: v for k, v in result.items() if k.rstrip(mark) != "sha256"}).replace(b"\\u0000", b"")
    digest = b'"sha256":"' + hashlib.sha256(text).hexdigest().encode() + b'"'
    double = digest + b"," + digest if path == ("sha256",) else digest
    return text.replace(b',"version"', b"," + double + b',"version"', 1) + b"\n"


def _changes(value, path):
    """Yield (path, what happened, new value) for a field and all below it."""
    if len(path) > 1:
        yield path, "delete", ...
    if isinstance(value, dict) and value.keys() == MATRIX:
        yield from _matrix_changes(value, path)
    elif isinstance(value, dict) and value.keys() == PACKED:
        yield from _packed_changes(value, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "mask":
                yield from _mask_changes(item, (*path, key))
            yield from _changes(item, (*path, key))
    elif _is_rational(value):
        num, den = (int(n, 16) for n in value)
        for change, new in _rational_changes(num, den):
            yield path, change, rat(new)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield path, f"repeat {index}", [*value[: index + 1], item, *value[index + 1 :]]
            if index + 1 < len(value) and item != value[index + 1]:
                yield path, f"swap {index}", [*value[:index], value[index + 1], item, *value[index + 2 :]]
            yield from _changes(item, (*path, index))
    elif isinstance(value, str) and INTEGER.fullmatch(value):
        n = int(value, 16)
        for change, new in {"+1": n + 1, "-1": n - 1, "sign": -n, "zero": 0}.items():
            if new != n:
                yield path, change, hex(new)
    elif isinstance(value, str):
        for word in sorted(next((words for words in WORDS if value in words), NAMES) - {value}):
            yield path, f"to {word}", word
    elif isinstance(value, bool):
        yield path, "flip", not value
    elif value is None:
        yield path, "to a matrix", matrix([[1]])
        yield path, "to a list", ["0x1"]
    if value is not None:
        yield path, "to null", None


def _mask_changes(value, path):
    """One sample more or less, or one in the place of the next."""
    number, length = int(value, 16), 4 * len(value)
    bits = f"{number:0{length}b}"
    for place in range(length):
        yield path, f"bit {place} flip", f"{number ^ 1 << (length - 1 - place):0{len(value)}x}"
        if "01" in (pair := bits[place : place + 2]) or "10" in pair:
            yield path, f"bit {place} move", f"{number ^ 3 << (length - 2 - place):0{len(value)}x}"


def _is_rational(value):
    pair = isinstance(value, list) and len(value) == 2
    return pair and all(isinstance(n, str) and INTEGER.fullmatch(n) for n in value)


def _rational_changes(num, den):
    yield "+1 unit", F(num + 1, den)
    yield "-1 unit", F(num - 1, den)
    if num:
        yield "sign", F(-num, den)
        yield "zero", F(0)
        yield "denominator +1", F(num, den + 1)
        if den > 1:
            yield "denominator -1", F(num, den - 1)


def _cells(value):
    den, result = int(value["den"], 16), {}
    for i, j, z in value["entries"]:
        re_, im = (z["re"], z["im"]) if isinstance(z, dict) and "im" in z else (z, "0x0")
        pair = [(p["a"], p["b"]) if isinstance(p, dict) else (p, "0x0") for p in (re_, im)]
        result[int(i, 16), int(j, 16)] = tuple(F(int(n, 16), den) for p in pair for n in p)
    return result


def _matrix_changes(value, path):
    rows, cols = int(value["rows"], 16), int(value["cols"], 16)
    den, cells = int(value["den"], 16), _cells(value)
    grid = [[cells.get((i, j), (F(0),) * 4) for j in range(cols)] for i in range(rows)]

    def with_cell(i, j, cell):
        return matrix([[cell if (p, q) == (i, j) else grid[p][q] for q in range(cols)] for p in range(rows)])

    order = [(i, j) for i in range(rows) for j in range(cols)]
    for index, (i, j) in enumerate(order):
        cell, where = grid[i][j], f"({i},{j})"
        used = [p for p in range(4) if cell[p]] or [0]
        for p in used:
            for step, name in ((1, "+1 unit"), (-1, "-1 unit")):
                new = tuple(v + F(step, den) * (p == r) for r, v in enumerate(cell))
                yield path, f"{where}[{p}] {name}", with_cell(i, j, new)
        if any(cell):
            yield path, f"{where} sign", with_cell(i, j, tuple(-v for v in cell))
            yield path, f"{where} zero", with_cell(i, j, (F(0),) * 4)
        if cell[2]:
            yield path, f"{where} conjugate", with_cell(i, j, (cell[0], cell[1], -cell[2], -cell[3]))
        if cell[1]:
            yield path, f"{where} root conjugate", with_cell(i, j, (cell[0], -cell[1], cell[2], -cell[3]))
        if index + 1 < len(order):
            p, q = order[index + 1]
            if grid[p][q] != cell:
                swapped = [row[:] for row in grid]
                swapped[i][j], swapped[p][q] = grid[p][q], cell
                yield path, f"{where} swap", matrix(swapped)
    if cells:
        scaled = [[tuple(v * F(den, den + 1) for v in cell) for cell in row] for row in grid]
        yield path, "denominator +1", matrix(scaled)
        yield path, "raw denominator +1", {**value, "den": hex(den + 1)}
        yield path, "raw first entry delete", {**value, "entries": value["entries"][1:]}
        yield path, "raw first entry repeat", {**value, "entries": value["entries"][:1] + value["entries"]}
    for side, n in (("rows", rows), ("cols", cols)):
        yield path, f"{side} +1", {**value, side: hex(n + 1)}
        yield path, f"{side} -1", {**value, side: hex(n - 1)}


def _packed_changes(value, path):
    width, den, offset = (int(value[key], 16) for key in ("bytes", "den", "offset"))
    stored = [int(value["digits"][i : i + 2 * width], 16) for i in range(0, len(value["digits"]), 2 * width)]
    shape, entries = [int(side, 16) for side in value["shape"]], [F(n - offset, den) for n in stored]

    def with_entry(k, x):
        return packed([*entries[:k], x, *entries[k + 1 :]], shape)

    for k, x in enumerate(entries):
        for step, name in ((1, "+1 unit"), (-1, "-1 unit")):
            yield path, f"[{k}] {name}", with_entry(k, x + F(step, den))
        if x:
            yield path, f"[{k}] sign", with_entry(k, -x)
            yield path, f"[{k}] zero", with_entry(k, F(0))
        if k + 1 < len(entries) and entries[k + 1] != x:
            yield path, f"[{k}] swap", packed([*entries[:k], entries[k + 1], x, *entries[k + 2 :]], shape)
    if any(entries):
        yield path, "denominator +1", packed([x * F(den, den + 1) for x in entries], shape)
        yield path, "raw denominator +1", {**value, "den": hex(den + 1)}
    yield path, "raw offset +1", {**value, "offset": hex(offset + 1)}
    yield path, "raw bytes +1", {**value, "bytes": hex(width + 1)}
    yield path, "raw last digit delete", {**value, "digits": value["digits"][:-1]}
    for k in range(len(shape)):
        for step in (1, -1):
            sides = [hex(s + step * (i == k)) for i, s in enumerate(shape)]
            yield path, f"side {k} {step:+d}", {**value, "shape": sides}
    if len(shape) == 1:
        yield path, "two sides", {**value, "shape": [*value["shape"], "0x1"]}
