"""Writing the certificate format: numbers, envelopes, files and bundles (docs/format.md, "The file")."""

from __future__ import annotations

import hashlib
import math
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from proofs_checks.certificate.arrays import MAX_ARRAY_POSITIONS, MAX_ARRAY_SIDE, MAX_ARRAY_SIDES
from proofs_checks.certificate.reading import (
    ARRAY_SUFFIX,
    BUNDLE_FORMAT,
    FORMAT,
    MANIFEST,
    MAX_FILE_BYTES,
    MAX_HEX_DIGITS,
    MAX_POSITIONS,
    MAX_SIDE,
    NPY_SUFFIX,
    SUFFIX,
    VERSION,
    Numerator,
    SciBarriersError,
    canonical_bytes,
    common_divisor,
    is_member,
    parse,
    printable,
    quote,
)

__all__ = [
    "build",
    "check_bundle_target",
    "encode_integer",
    "encode_matrix",
    "encode_packed",
    "encode_rational",
    "packed_file",
    "write_atomic",
    "write_bundle",
]


def encode_integer(n: int) -> str:
    """Return the hexadecimal text of an integer (docs/format.md, "Numbers").

    Raises SciBarriersError if it has more than 2^20 bits.

    >>> from proofs_checks import encode_integer
    >>> encode_integer(-255)
    '-0xff'
    """
    if n.bit_length() > 4 * MAX_HEX_DIGITS:
        raise SciBarriersError(f"a number of {n.bit_length()} bits exceeds the format's cap of 2^20 bits")
    return hex(n)


def encode_rational(num: int, den: int) -> list[str]:
    """Return num/den in lowest terms (docs/format.md, "Numbers").

    Raises SciBarriersError if den is zero.

    >>> from proofs_checks import encode_rational
    >>> encode_rational(3, -6)
    ['-0x1', '0x2']
    """
    if den == 0:
        raise SciBarriersError("a rational needs a non-zero denominator, not 0")
    divisor = common_divisor(abs(den), (num,)) * (1 if den > 0 else -1)
    return [encode_integer(num // divisor), encode_integer(den // divisor)]


def encode_matrix(*, rows: int, cols: int, den: int, entries: Iterable[tuple[int, int, Numerator]]) -> dict[str, Any]:
    """Return a matrix in canonical form: zeros dropped, positions sorted, lowest terms, positive denominator.

    Raises SciBarriersError for a zero denominator, a size over the caps, and a position that is outside or given
    twice (docs/format.md, "Numbers").

    >>> from proofs_checks import encode_matrix
    >>> encode_matrix(rows=1, cols=2, den=4, entries=[(0, 1, (2, 0, 0, 0))])
    {'rows': '0x1', 'cols': '0x2', 'den': '0x2', 'entries': [['0x0', '0x1', '0x1']]}
    """
    if den == 0:
        raise SciBarriersError("a matrix needs a non-zero denominator, not 0")
    if not (1 <= rows <= MAX_SIDE and 1 <= cols <= MAX_SIDE and rows * cols <= MAX_POSITIONS):
        raise SciBarriersError(f"a matrix of size {rows} x {cols} is outside the caps of the format")
    kept: dict[tuple[int, int], Numerator] = {}
    seen: set[tuple[int, int]] = set()
    for i, j, numerator in entries:
        if not (0 <= i < rows and 0 <= j < cols):
            raise SciBarriersError(f"position ({i}, {j}) is outside a matrix of size {rows} x {cols}")
        if (i, j) in seen:
            raise SciBarriersError(f"position ({i}, {j}) is given twice")
        seen.add((i, j))
        if any(numerator):
            kept[i, j] = numerator
    divisor = common_divisor(abs(den), (n for numerator in kept.values() for n in numerator)) * (1 if den > 0 else -1)
    listed = []
    for (i, j), (a, b, c, d) in sorted(kept.items()):
        numerator = (a // divisor, b // divisor, c // divisor, d // divisor)
        listed.append([encode_integer(i), encode_integer(j), _encode_numerator(numerator)])
    return {
        "rows": encode_integer(rows),
        "cols": encode_integer(cols),
        "den": encode_integer(den // divisor),
        "entries": listed,
    }


def _encode_numerator(numerator: Numerator) -> Any:
    a, b, c, d = numerator
    real: Any = {"a": encode_integer(a), "b": encode_integer(b)} if b else encode_integer(a)
    if not (c or d):
        return real
    return {"re": real, "im": {"a": encode_integer(c), "b": encode_integer(d)} if d else encode_integer(c)}


def encode_packed(numbers: Sequence[int], *, shape: tuple[int, ...], den: int = 1) -> dict[str, Any]:
    """Return a packed array in canonical form: entry k, the last index running fastest, is numbers[k] / den.

    Raises SciBarriersError for a zero denominator, a number of entries that is not the shape's, and a shape or number
    over the caps (docs/format.md, "Packed arrays").

    >>> from proofs_checks import encode_packed
    >>> encode_packed([1, -2, 3], shape=(3,), den=2)["digits"]
    '030005'
    """
    if den == 0:
        raise SciBarriersError("an array needs a non-zero denominator, not 0")
    sides = 1 <= len(shape) <= MAX_ARRAY_SIDES and all(1 <= side <= MAX_ARRAY_SIDE for side in shape)
    if not sides or math.prod(shape) > MAX_ARRAY_POSITIONS:
        raise SciBarriersError(f"an array of shape {shape} is outside the caps of the format")
    if len(numbers) != math.prod(shape):
        raise SciBarriersError(f"an array of shape {shape} has {math.prod(shape)} entries, not {len(numbers)}")
    divisor = common_divisor(abs(den), numbers) * (1 if den > 0 else -1)
    reduced = numbers if divisor == 1 else [n // divisor for n in numbers]
    offset = max(0, -min(reduced))
    width = max(1, -(-(max(reduced) + offset).bit_length() // 8))
    encode_integer(256**width - 1)  # the cap
    return {
        "bytes": encode_integer(width),
        "den": encode_integer(den // divisor),
        "digits": b"".join([(n + offset).to_bytes(width, "big") for n in reduced]).hex(),
        "offset": encode_integer(offset),
        "shape": [encode_integer(side) for side in shape],
    }


def packed_file(packed: dict[str, Any]) -> tuple[bytes, str]:
    """Return the bytes of a file that holds a packed array, and their SHA-256, to be named by a certificate.

    Raises SciBarriersError if the file would be larger than 64 MiB.

    >>> from proofs_checks import packed_file
    >>> from proofs_checks.certificate.writing import encode_packed
    >>> data, digest = packed_file(encode_packed([1, -2, 3], shape=(3,), den=2))
    >>> len(data), len(digest)
    (77, 64)
    """
    data = canonical_bytes(packed) + b"\n"
    if len(data) > MAX_FILE_BYTES:
        raise SciBarriersError(f"the array takes {len(data)} bytes, more than the 64 MiB of a file")
    return data, hashlib.sha256(data).hexdigest()


def build(kind: str, *, claim: dict[str, Any], evidence: dict[str, Any], provenance: dict[str, str]) -> bytes:
    """Return the bytes of a complete certificate file, with its digest and final newline.

    Raises SciBarriersError if the result would not parse (unknown kind, a JSON number, a cap exceeded).

    >>> from proofs_checks import build, verify_bytes
    >>> verify_bytes(build("minimiser", claim={}, evidence={}, provenance={})).verdict
    'malformed'
    """
    envelope: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "kind": kind,
        "claim": claim,
        "evidence": evidence,
        "provenance": provenance,
    }
    envelope["sha256"] = hashlib.sha256(canonical_bytes(envelope)).hexdigest()
    data = canonical_bytes(envelope) + b"\n"
    parse(data)
    return data


def write_atomic(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that readers see either the old or the new content, and nothing is left behind on failure.

    Raises OSError as the operating system reports it.

    >>> import os, tempfile
    >>> from proofs_checks import write_atomic
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomic(os.path.join(folder, "a.cert.json"), b"{}")
    ...     print(os.listdir(folder))
    ['a.cert.json']
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def check_bundle_target(directory: str | os.PathLike[str]) -> None:
    """Refuse a directory that `write_bundle` would not write, to be asked before the work; nothing is changed.

    Raises SciBarriersError if it exists and is not a bundle, or if what would hold it is no directory or cannot be
    written.
    """
    target = Path(os.path.abspath(directory))
    shown = printable(os.fspath(directory))
    if target.is_symlink():
        raise SciBarriersError(f"{shown} is a link, which a bundle does not replace; give the directory itself")
    if os.path.lexists(target) and not _looks_like_bundle(target):
        raise SciBarriersError(f"{shown} exists and is not a bundle; give another name")
    if not target.parent.is_dir():
        raise SciBarriersError(f"the directory {printable(str(target.parent))} does not exist; make it first")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise SciBarriersError(f"the directory {printable(str(target.parent))} cannot be written")


def write_bundle(directory: str | os.PathLike[str], files: Mapping[str, bytes]) -> None:
    """Write a bundle: certificates by file name, and their manifest (docs/format.md, "Verdicts and exit codes").

    The bundle is built beside `directory` and renamed into place. An existing directory is replaced only if it is
    itself a bundle. Raises SciBarriersError if it is not, or for an unfit file name, and OSError.

    >>> import os, tempfile
    >>> from proofs_checks import build, verify_path, write_bundle
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = os.path.join(folder, "made")
    ...     write_bundle(made, {"a.cert.json": build("minimiser", claim={}, evidence={}, provenance={})})
    ...     print(sorted(os.listdir(made)), verify_path(made).verdict)
    ['a.cert.json', 'manifest.json'] malformed
    """
    target = Path(os.path.abspath(directory))
    for name in files:
        if not is_member(name):
            raise SciBarriersError(
                f"{quote(name)} is not a plain file name ending in {SUFFIX}, {ARRAY_SUFFIX} or {NPY_SUFFIX}"
            )
    if not files:
        raise SciBarriersError("a bundle needs at least one certificate")
    check_bundle_target(target)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest = {"format": BUNDLE_FORMAT, "version": VERSION, "files": digests}
    token = secrets.token_hex(8)
    temporary = target.with_name(f".{target.name}.{token}.tmp")
    old = target.with_name(f".{target.name}.{token}.old")
    try:
        temporary.mkdir()
        for name, data in files.items():
            write_atomic(temporary / name, data)
        write_atomic(temporary / MANIFEST, canonical_bytes(manifest) + b"\n")
        if target.exists():
            os.rename(target, old)
        os.rename(temporary, target)
    except BaseException:
        if old.exists() and not target.exists():
            os.rename(old, target)
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _looks_like_bundle(directory: Path) -> bool:
    if not directory.is_dir():
        return False
    names = os.listdir(directory)
    return MANIFEST in names and all(
        name == MANIFEST or name.endswith((SUFFIX, ARRAY_SUFFIX, NPY_SUFFIX)) for name in names
    )
