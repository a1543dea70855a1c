"""What a certificate file says, in readable lines, without any check of its claim."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from proofs_checks.certificate.arrays import PACKED_KEYS, PackedArray, decode_packed
from proofs_checks.certificate.reading import (
    MATRIX_KEYS,
    Certificate,
    MalformedCertificate,
    decode_matrix,
    decode_rational,
    printable,
    quote,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import number, real
from proofs_checks.loading import INTEGERS

_FIRST = 8  # entries of a packed array that are printed
_SHOWN = 40  # entries of a matrix, and items of a list, that are printed
_CHARACTERS = 2000  # of a string that are printed


def explain(certificate: Certificate) -> Iterator[str]:
    """Yield the lines of a readable form of a certificate; nothing in it is vouched for."""
    root = certificate.claim.get("root", "0x0")
    s = int(root, 16) if isinstance(root, str) and len(root) < 2**18 and _is_integer(root) else 0
    yield "What the file says; none of it was checked:"
    yield f"kind: {certificate.kind}"
    yield f"sha256: {certificate.digest}"
    for name in ("claim", "evidence", "provenance"):
        yield from _lines(name, getattr(certificate, name), s, 0)


def _lines(key: str, value: Any, s: int, depth: int) -> Iterator[str]:
    pad, name = "  " * depth, printable(key, _CHARACTERS)
    if isinstance(value, dict) and value.keys() == set(MATRIX_KEYS):
        yield from _matrix(name, value, s, pad)
    elif isinstance(value, PackedArray) or (isinstance(value, dict) and value.keys() == set(PACKED_KEYS)):
        yield from _packed(name, value, pad)
    elif name == "transcript" and isinstance(value, list):
        yield from _transcript(value, pad)
    elif isinstance(value, dict):
        yield f"{pad}{name}:" + ("" if value else " nothing")
        for inner, item in value.items():
            yield from _lines(inner, item, s, depth + 1)
    elif isinstance(value, list) and (name in INTEGERS or not _is_rational(value)):
        yield f"{pad}{name}: a list of {len(value)}"
        for index, item in enumerate(value[:_SHOWN]):
            yield from _lines(f"[{index}]", item, s, depth + 1)
    else:
        yield f"{pad}{name}: {_scalar(value)}"


def _matrix(name: str, value: dict[str, Any], s: int, pad: str) -> Iterator[str]:
    try:
        matrix = decode_matrix(value, name)
    except MalformedCertificate as error:
        yield f"{pad}{name}: a malformed matrix ({error})"
        return
    listed = len(matrix.entries)
    size = f"{matrix.rows} x {matrix.cols}"
    yield f"{pad}{name}: {size}, {listed} non-zero, over {words.integer(matrix.den)}"
    for (i, j), (a, b, c, d) in list(matrix.entries.items())[:_SHOWN]:
        yield f"{pad}  ({i + 1}, {j + 1}): {words.number(number(real(a, b, s), real(c, d, s)), matrix.den)}"
    if listed > _SHOWN:
        yield f"{pad}  and {listed - _SHOWN} more"


def _packed(name: str, value: dict[str, Any] | PackedArray, pad: str) -> Iterator[str]:
    try:
        array = decode_packed(value, name, pairs=True)
    except MalformedCertificate as error:
        yield f"{pad}{name}: a malformed array ({error})"
        return
    size = " x ".join(map(str, array.shape))
    first = ", ".join(words.rational(*_lowest(n, array.den)) for n in array.numbers[:_FIRST])
    dots = ", ..." if len(array.numbers) > _FIRST else ""
    yield f"{pad}{name}: an array, {size}, over {words.integer(array.den)}: {first}{dots}"


def _lowest(num: int, den: int) -> tuple[int, int]:
    divisor = math.gcd(num, den)
    return num // divisor, den // divisor


def _transcript(reads: list[Any], pad: str) -> Iterator[str]:
    yield f"{pad}transcript: {words.counted(len(reads), 'read')}"
    yield f"{pad}  {'k':>3} {'n':>8}  {'c_n':40} x_n"
    for read in reads:
        if not isinstance(read, list) or len(read) != 4:
            yield f"{pad}  a malformed read: {quote(read)}"
            continue
        k, n, c, x = read
        try:
            matrix = decode_matrix(x, "x_n")
            shown = "; ".join(
                f"{i + 1}: {words.number(number(real(a, b, 0), real(p, q, 0)), matrix.den)}"
                for (i, _), (a, b, p, q) in list(matrix.entries.items())[:4]
            )
            shown += f"; and {len(matrix.entries) - 4} more" if len(matrix.entries) > 4 else ""
        except MalformedCertificate as error:
            shown = f"malformed ({error})"
        yield f"{pad}  {_scalar(k):>3} {_scalar(n):>8}  {_scalar(c):40} {shown}"


def _scalar(value: Any) -> str:
    if _is_rational(value):
        return words.rational(*decode_rational(value, "rational"))
    if isinstance(value, str):
        return words.integer(int(value, 16)) if _is_integer(value) else printable(value, _CHARACTERS)
    return {None: "null", True: "true", False: "false"}[value] if not isinstance(value, (dict, list)) else quote(value)


def _is_integer(text: str) -> bool:
    return _is_rational([text, "0x1"])


def _is_rational(value: Any) -> bool:
    try:
        decode_rational(value, "rational")
    except MalformedCertificate:
        return False
    return True
