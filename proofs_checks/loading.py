"""A certificate as plain Python, for others to compute with; nothing in it is checked here."""

from __future__ import annotations

import html
import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from proofs_checks.certificate.arrays import PACKED_KEYS, PackedArray, decode_packed, with_files
from proofs_checks.certificate.reading import (
    MATRIX_KEYS,
    MalformedCertificate,
    Numerator,
    decode_integer,
    decode_matrix,
    decode_rational,
    parse,
    printable,
    read,
)

INTEGERS = {"householder", "nonnegative", "places", "reads", "rows", "seeds", "unhalted"}
"""Fields that are lists of integers, of which two would look like a rational."""
_NAMES = {"point", "to"}
"""Fields that are names, where they are strings, and a name may look like an integer."""


@dataclass(frozen=True)
class Root:
    """The number a + b√s, with b not 0 and s the `root` of the certificate's claim."""

    a: Fraction
    b: Fraction
    s: int


@dataclass(frozen=True)
class Complex:
    """The number re + i·im, with im not 0."""

    re: Fraction | Root
    im: Fraction | Root


@dataclass(frozen=True, repr=False)
class Loaded:
    """What a file says: its kind, what it claims, its evidence, and who made it, as plain Python."""

    kind: str
    claim: dict[str, Any]
    evidence: dict[str, Any]
    provenance: dict[str, str]
    sha256: str

    def __repr__(self) -> str:
        return f"Loaded(kind={self.kind!r}, sha256='{self.sha256[:16]}...', not verified)"

    def _repr_html_(self) -> str:
        rows = [("kind", self.kind), ("sha256", self.sha256), ("verified", "no")]
        rows += [(part, ", ".join(sorted(getattr(self, part)))) for part in ("claim", "evidence", "provenance")]
        cells = "".join(f"<tr><th>{key}</th><td>{html.escape(printable(text, 200))}</td></tr>" for key, text in rows)
        return f"<table><caption>Certificate</caption>{cells}</table>"


def load(path: str | os.PathLike[str]) -> Loaded:
    """Read a certificate file as plain Python. Nothing is verified: use `verify_path` for that.

    Integers come as int, rationals as Fraction; a matrix as a list of rows and a packed array as nested lists of
    Fraction, `Root` (a + b√s) or `Complex`; files beside the certificate are read in the places that name them.
    All else is as in docs/format.md.

    Raises:
        MalformedCertificate: if the bytes, or those of a file beside them, are not of the format, a matrix
            or an array in them included.
        OSError: if the file cannot be read.

    >>> load("no such file")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no such file'
    """
    folder = Path(path).parent
    certificate = with_files(parse(read(path)), lambda name: read(folder / name, follow_links=False))
    s = _root(certificate.claim)
    claim, evidence = (
        {key: _plain(value, f"{part}.{key}", s) for key, value in getattr(certificate, part).items()}
        for part in ("claim", "evidence")
    )
    return Loaded(certificate.kind, claim, evidence, dict(certificate.provenance), certificate.digest)


def _root(claim: dict[str, Any]) -> int:
    root = claim.get("root")
    return 0 if root is None else decode_integer(root, "claim.root")


def _plain(value: Any, path: str, s: int) -> Any:
    field = path.rpartition(".")[2]
    if isinstance(value, PackedArray) or (isinstance(value, dict) and value.keys() == set(PACKED_KEYS)):
        array = decode_packed(value, path, pairs=True)
        return _nested(array, array.shape, 0)
    if isinstance(value, dict):
        if value.keys() == set(MATRIX_KEYS):
            return _rows(value, path, s)
        return {key: _plain(item, f"{path}.{key}", s) for key, item in value.items()}
    if isinstance(value, list):
        rational = None if field in INTEGERS else _rational(value)
        return rational if rational is not None else [_plain(v, f"{path}[{i}]", s) for i, v in enumerate(value)]
    return value if field in _NAMES else _integer(value)


def _integer(value: Any) -> Any:
    try:
        return decode_integer(value, "value")
    except MalformedCertificate:
        return value


def _rational(value: list[Any]) -> Fraction | None:
    try:
        return Fraction(*decode_rational(value, "value"))
    except MalformedCertificate:
        return None


def _rows(value: Any, path: str, s: int) -> list[list[Fraction | Root | Complex]]:
    matrix = decode_matrix(value, path)
    zero = Fraction(0)
    rows: list[list[Fraction | Root | Complex]] = [[zero] * matrix.cols for _ in range(matrix.rows)]
    for (i, j), numerator in matrix.entries.items():
        rows[i][j] = _number(numerator, matrix.den, s)
    return rows


def _number(numerator: Numerator, den: int, s: int) -> Fraction | Root | Complex:
    a, b, c, d = (Fraction(n, den) for n in numerator)
    re, im = (Root(x, y, s) if y else x for x, y in ((a, b), (c, d)))
    return Complex(re, im) if c or d else re


def _nested(array: PackedArray, shape: Sequence[int], start: int) -> list[Any]:
    if len(shape) == 1:
        return [Fraction(n, array.den) for n in array.numbers[start : start + shape[0]]]
    size = 1
    for side in shape[1:]:
        size *= side
    return [_nested(array, shape[1:], start + i * size) for i in range(shape[0])]
