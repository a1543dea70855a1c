"""The certificate format: canonical JSON, hexadecimal numbers, digests, files and bundles.

This is the half that the checker trusts: `read`, `parse` and the `decode_*` functions; producers write with `writing`.
The authority on every detail is docs/format.md, "The file".
"""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

FORMAT = "sci-barriers-certificate"
BUNDLE_FORMAT = "sci-barriers-bundle"
VERSION = "0x1"
KINDS = (
    "minimiser",
    "gap",
    "training-data",
    "barrier",
    "control",
    "budget",
    "randomised",
    "nested-ties",
    "joint-barrier",
    "joint-answer",
    "claim-audit",
    "operator-norm",
    "null-space",
    "null-space-refuted",
    "recovery",
    "conditional-recovery",
    "best-recovery",
    "conditional-best-recovery",
    "coefficient-bounds",
    "forward-error",
    "best-forward-error",
    "network-exists",
    "conditioning",
    "breakdown",
    "reads",
    "no-reads",
    "solution-digits",
    "path",
    "data-digits",
    "data-pair",
    "null-space-walsh",
    "recovery-walsh",
)
SUFFIX = ".cert.json"
ARRAY_SUFFIX = ".array.json"
NPY_SUFFIX = ".npy"
MANIFEST = "manifest.json"

MAX_FILE_BYTES = 64 * 2**20
MAX_NESTING = 16
MAX_HEX_DIGITS = 2**18
MAX_SIDE = 65_536
MAX_POSITIONS = 2**22

_INTEGER = re.compile(r"-?0x[1-9a-f][0-9a-f]*|0x0")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[^/\\]+\.cert\.json")
ARRAY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(\.array\.json|\.npy)")

# Names of points stand in statements as they are, so that they must not be able to say anything there; nor may they be
# taken for the minimiser, however it is spelt: z for s, what looks like a letter, marks between letters.
_MINIMISER = "[._+-]*".join(("(m|rn|nn)", "[il1j]", "n", "[il1j]", "(m|rn|nn)", "[il1j]", "[sz52]", "[e3]", "r"))
POINT_NAME = re.compile(rf"(?!.*{_MINIMISER})[a-z0-9._+-]{{1,64}}", re.ASCII | re.IGNORECASE)

MATRIX_KEYS = ("rows", "cols", "den", "entries")

Numerator = tuple[int, int, int, int]
"""(a, b, c, d) stands for a + b√s + i(c + d√s)."""


class SciBarriersError(Exception):
    """Base class of every error of this project; the message is one line and says what to do."""


class MalformedCertificate(SciBarriersError):
    """The bytes are not a certificate of this format (docs/format.md, "The file")."""


@dataclass(frozen=True)
class Certificate:
    """A parsed file: the envelope is checked, the fields of `claim` and `evidence` are still raw JSON.

    >>> from proofs_checks import build, parse
    >>> parse(build("minimiser", claim={}, evidence={}, provenance={})).kind
    'minimiser'
    """

    kind: str
    claim: dict[str, Any] = field(repr=False)
    evidence: dict[str, Any] = field(repr=False)
    provenance: dict[str, str] = field(repr=False)
    digest: str


@dataclass(frozen=True)
class Matrix:
    """A decoded matrix: entry (i, j) is the numerator `entries[i, j]` over `den`; absent entries are zero.

    >>> from proofs_checks import Matrix
    >>> Matrix(rows=2, cols=2, den=3, entries={(0, 1): 5}).entries[0, 1]
    5
    """

    rows: int
    cols: int
    den: int = field(repr=False)
    entries: dict[tuple[int, int], Numerator] = field(repr=False)


# --- text of others ------------------------------------------------------------------------------------------------

_BESIDE = frozenset({"L", "EN", "ES", "ET", "CS", "ON", "WS"})  # characters of these classes stand side by side
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")  # letters and symbols that show nothing


def printable(text: str, limit: int | None = None) -> str:
    """Return a text as one line that a terminal shows as it stands; every text of others is printed through here.

    Escaped is whatever steers a terminal, ends a line, changes the order of its neighbours, lies on top of them or is
    not seen: control and format characters, surrogates, separators but the space, writing from right to left, marks.
    With a limit, no more than so many characters of the text are shown, and that there were more.
    """
    shown = text if limit is None else text[:limit]
    if not shown.isascii() or not shown.isprintable():
        shown = "".join(c if _stands(c) else ascii(c)[1:-1] for c in shown)
    return shown if limit is None or len(text) <= limit else f"{shown}... ({len(text)} characters)"


def _stands(c: str) -> bool:
    alone = unicodedata.category(c)[0] != "M" and unicodedata.bidirectional(c) in _BESIDE
    return c.isprintable() and alone and c not in _BLANK


def quote(value: object) -> str:
    """Return a short one-line ASCII rendering of any parsed JSON value, for messages."""
    if isinstance(value, (dict, list)):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    if isinstance(value, str) and len(value) > 60:
        return f"{value[:60]!a}... ({len(value)} characters)"
    return ascii(value)


# --- writing -------------------------------------------------------------------------------------------------------


def common_divisor(den: int, numbers: Iterable[int]) -> int:
    """Return gcd(den, *numbers) for den > 0, in linear time when den is a power of two."""
    divisor = den
    if den & (den - 1) == 0:
        for n in numbers:
            if divisor == 1:
                break
            if n:
                divisor = min(divisor, n & -n)
        return divisor
    for n in numbers:
        if divisor == 1:
            break
        divisor = math.gcd(divisor, n)
    return divisor


def canonical_bytes(obj: Any) -> bytes:
    """Return the canonical bytes of a JSON value, without a final newline (docs/format.md, "The file").

    Raises SciBarriersError if a string is not Unicode text (a lone surrogate).

    >>> from proofs_checks import canonical_bytes
    >>> canonical_bytes({"b": "0x1", "a": None})
    b'{"a":null,"b":"0x1"}'
    """
    try:
        return _canonical(obj)
    except _NOT_CANONICAL as error:
        raise SciBarriersError(f"no canonical form: {_first_line(error)}") from None


_NOT_CANONICAL = (TypeError, ValueError, RecursionError)


def _canonical(obj: Any) -> bytes:
    return json.dumps(obj, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


# --- reading -------------------------------------------------------------------------------------------------------


def read(path: str | os.PathLike[str], *, follow_links: bool = True) -> bytes:
    """Return the bytes of a file, never more than the cap on file sizes.

    Raises MalformedCertificate for a larger file, and OSError, always with the name of the file.
    """
    try:
        data = _read(path, os.O_RDONLY if follow_links else os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:  # the failure of a read, unlike that of an opening, names no file
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None
    if len(data) > MAX_FILE_BYTES:
        raise MalformedCertificate("the file is larger than 64 MiB")
    return data


def _read(path: str | os.PathLike[str], flags: int) -> bytes:
    # opening a pipe would wait for a writer
    flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if status.st_size > MAX_FILE_BYTES:
            raise MalformedCertificate("the file is larger than 64 MiB")
        data: bytes | None = file.read(MAX_FILE_BYTES + 1)
    if data is None:  # a file of the system that has nothing to say yet
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return data


def parse(data: bytes) -> Certificate:
    """Parse a certificate file, checking the caps, that it is canonical, and its digest (docs/format.md, "The file").

    Raises MalformedCertificate.

    >>> from proofs_checks import build, parse
    >>> parse(build("minimiser", claim={}, evidence={}, provenance={"solver": "mine"})).provenance
    {'solver': 'mine'}
    """
    keys = ("format", "version", "kind", "claim", "evidence", "provenance", "sha256")
    envelope = decode_object(load_canonical(data), keys, "file")
    if envelope["format"] != FORMAT:
        raise MalformedCertificate(f"format is {quote(envelope['format'])}, not {FORMAT}")
    if envelope["version"] != VERSION:
        raise MalformedCertificate(f"version is {quote(envelope['version'])}; this checker reads {VERSION} only")
    kind = decode_choice(envelope["kind"], KINDS, "kind")
    for key in ("claim", "evidence", "provenance"):
        if not isinstance(envelope[key], dict):
            raise MalformedCertificate(f"{key} must be an object, not {quote(envelope[key])}")
    for key, value in envelope["provenance"].items():
        if not isinstance(value, str):
            raise MalformedCertificate(f"provenance.{quote(key)} must be a string, not {quote(value)}")
    digest = envelope.pop("sha256")
    if digest != hashlib.sha256(canonical_bytes(envelope)).hexdigest():
        raise MalformedCertificate(f"sha256 is {quote(digest)}, which is not the digest of the content")
    return Certificate(kind, envelope["claim"], envelope["evidence"], envelope["provenance"], digest)


def parse_manifest(data: bytes) -> dict[str, str]:
    """Return the file names and digests of a bundle's manifest (docs/format.md, "Verdicts and exit codes").

    Raises MalformedCertificate.
    """
    manifest = decode_object(load_canonical(data), ("files", "format", "version"), MANIFEST)
    if (manifest["format"], manifest["version"]) != (BUNDLE_FORMAT, VERSION):
        raise MalformedCertificate(f"{MANIFEST} is not of format {BUNDLE_FORMAT}, version {VERSION}")
    files = manifest["files"]
    if not isinstance(files, dict) or not files:
        raise MalformedCertificate(f"{MANIFEST}: files must name at least one certificate, not {quote(files)}")
    for name, digest in files.items():
        if not is_member(name):
            raise MalformedCertificate(
                f"{MANIFEST}: {quote(name)} is not a plain file name ending in {SUFFIX}, {ARRAY_SUFFIX} or {NPY_SUFFIX}"
            )
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise MalformedCertificate(f"{MANIFEST}: {quote(digest)} is not a SHA-256 digest")
    return files


def is_member(name: str) -> bool:
    """Whether a file of a bundle may have this name: that of a certificate, or of an array beside one."""
    return (_NAME.fullmatch(name) is not None and printable(name) == name) or ARRAY_NAME.fullmatch(name) is not None


def load_canonical(data: bytes) -> Any:
    """Return the JSON value of some bytes that are canonical, with one final newline; raises MalformedCertificate."""
    if len(data) > MAX_FILE_BYTES:
        raise MalformedCertificate("the file is larger than 64 MiB")
    _check_nesting(data)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_no_number,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except ValueError as error:
        raise MalformedCertificate(f"not JSON: {_first_line(error)}") from None
    try:
        canonical = _canonical(value) + b"\n"
    except _NOT_CANONICAL as error:
        raise MalformedCertificate(f"no canonical form: {_first_line(error)}") from None
    if canonical != data:
        where = next((i for i, (x, y) in enumerate(zip(canonical, data, strict=False)) if x != y), len(canonical))
        raise MalformedCertificate(
            f"not canonical JSON with one final newline: the first difference is at byte {where}"
        )
    return value


def _check_nesting(data: bytes) -> None:
    """Refuse deep nesting before a recursive parser sees it: each round below removes the innermost brackets."""
    outside_strings = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
    others = bytes(set(range(256)) - set(b"[]{}"))
    brackets = b"".join(outside_strings).translate(bytes.maketrans(b"{}", b"[]"), others)
    for _ in range(MAX_NESTING):
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise MalformedCertificate(f"not JSON: brackets do not match, or nest deeper than {MAX_NESTING}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise MalformedCertificate(f"key {quote(twice)} is given twice")
    return result


def _no_number(text: str) -> Any:
    raise MalformedCertificate(f"a JSON number, {quote(text)}; numbers are written as hexadecimal strings")


def _first_line(error: Exception) -> str:
    return ascii(str(error).split("\n")[0])[1:-1][:200]


# --- fields --------------------------------------------------------------------------------------------------------
# `path` names the field in messages, such as claim.problem.matrix; a decoder raises MalformedCertificate and nothing
# else.


def decode_object(value: object, keys: Iterable[str], path: str) -> dict[str, Any]:
    """Return an object that has exactly these keys."""
    if not isinstance(value, dict):
        raise MalformedCertificate(f"{path} must be an object, not {quote(value)}")
    wanted = set(keys)
    if value.keys() != wanted:
        missing, unknown = sorted(wanted - value.keys()), sorted(value.keys() - wanted)
        raise MalformedCertificate(
            f"{path} lacks the key {missing[0]}" if missing else f"{path} has the unknown key {quote(unknown[0])}"
        )
    return value


def decode_list(value: object, path: str) -> list[Any]:
    """Return a list, possibly empty."""
    if not isinstance(value, list):
        raise MalformedCertificate(f"{path} must be a list, not {quote(value)}")
    return value


def decode_choice(value: object, choices: Iterable[str], path: str) -> str:
    """Return one of the given words."""
    words = tuple(choices)
    if not isinstance(value, str) or value not in words:
        raise MalformedCertificate(f"{path} must be one of {', '.join(words)}, not {quote(value)}")
    return value


def decode_bool(value: object, path: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise MalformedCertificate(f"{path} must be true or false, not {quote(value)}")
    return value


def decode_integer(value: object, path: str, *, low: int | None = None, high: int | None = None) -> int:
    """Return an integer, within the inclusive range if one is given."""
    if not isinstance(value, str) or len(value) > MAX_HEX_DIGITS + 3 or not _INTEGER.fullmatch(value):
        raise MalformedCertificate(f"{path} must be a hexadecimal integer of at most 2^20 bits, not {quote(value)}")
    if len(value) - 2 - (value[0] == "-") > MAX_HEX_DIGITS:
        raise MalformedCertificate(f"{path} must be a hexadecimal integer of at most 2^20 bits, not {quote(value)}")
    n = int(value, 16)
    if (low is not None and n < low) or (high is not None and n > high):
        bounds = f"at least {low}" if high is None else f"{low} to {high}"
        raise MalformedCertificate(f"{path} must be {bounds}, not {quote(value)}")
    return n


def decode_rational(value: object, path: str, *, positive: bool = False) -> tuple[int, int]:
    """Return the numerator and denominator of a rational in lowest terms."""
    if not isinstance(value, list) or len(value) != 2:
        raise MalformedCertificate(f"{path} must be [numerator, denominator], not {quote(value)}")
    num, den = decode_integer(value[0], f"{path}[0]"), decode_integer(value[1], f"{path}[1]", low=1)
    if common_divisor(den, (num,)) != 1:
        raise MalformedCertificate(f"{path} is not in lowest terms")
    if positive and num <= 0:
        raise MalformedCertificate(f"{path} must be positive, not {quote(value[0])}/{quote(value[1])}")
    return num, den


def decode_matrix(
    value: object,
    path: str,
    *,
    rows: int | None = None,
    cols: int | None = None,
    rational: bool = False,
    real: bool = False,
) -> Matrix:
    """Return a matrix in canonical form, of the given size if one is given.

    `rational` refuses entries with √s, `real` those with an imaginary part.
    """
    fields = decode_object(value, MATRIX_KEYS, path)
    m = decode_integer(fields["rows"], f"{path}.rows", low=1, high=MAX_SIDE)
    n = decode_integer(fields["cols"], f"{path}.cols", low=1, high=MAX_SIDE)
    if m * n > MAX_POSITIONS:
        raise MalformedCertificate(f"{path} is {m} x {n}, more than 2^22 positions")
    if (rows is not None and m != rows) or (cols is not None and n != cols):
        raise MalformedCertificate(
            f"{path} must be {m if rows is None else rows} x {n if cols is None else cols}, not {m} x {n}"
        )
    den = decode_integer(fields["den"], f"{path}.den", low=1)
    entries: dict[tuple[int, int], Numerator] = {}
    last = (0, -1)
    for index, item in enumerate(decode_list(fields["entries"], f"{path}.entries")):
        where = f"{path}.entries[{index}]"
        if not isinstance(item, list) or len(item) != 3:
            raise MalformedCertificate(f"{where} must be [row, column, numerator], not {quote(item)}")
        position = (
            decode_integer(item[0], f"{where}[0]", low=0, high=m - 1),
            decode_integer(item[1], f"{where}[1]", low=0, high=n - 1),
        )
        if position <= last:
            raise MalformedCertificate(f"{where}: positions must strictly increase, not {position} after {last}")
        last = position
        entries[position] = _decode_numerator(item[2], f"{where}[2]", rational=rational, real=real)
    if common_divisor(den, (x for numerator in entries.values() for x in numerator)) != 1:
        raise MalformedCertificate(f"{path} is not in lowest terms")
    return Matrix(m, n, den, entries)


def _decode_numerator(value: object, path: str, *, rational: bool, real: bool) -> Numerator:
    if isinstance(value, dict) and "im" in value:
        if real:
            raise MalformedCertificate(f"{path} must be real")
        fields = decode_object(value, ("im", "re"), path)
        c, d = _decode_real(fields["im"], f"{path}.im", rational=rational)
        a, b = _decode_real(fields["re"], f"{path}.re", rational=rational)
        if not (c or d):
            raise MalformedCertificate(f"{path}.im is zero; a real numerator is written without it")
        return a, b, c, d
    a, b = _decode_real(value, path, rational=rational)
    if not (a or b):
        raise MalformedCertificate(f"{path} is zero; zeros are not listed")
    return a, b, 0, 0


def _decode_real(value: object, path: str, *, rational: bool) -> tuple[int, int]:
    if not isinstance(value, dict):
        return decode_integer(value, path), 0
    if rational:
        raise MalformedCertificate(f"{path} must be rational, without a root")
    fields = decode_object(value, ("a", "b"), path)
    a, b = decode_integer(fields["a"], f"{path}.a"), decode_integer(fields["b"], f"{path}.b")
    if not b:
        raise MalformedCertificate(f"{path}.b is zero; a rational numerator is written without it")
    return a, b
