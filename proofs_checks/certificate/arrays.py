"""Packed arrays, and the files beside a certificate that hold them (docs/format.md, "Packed arrays").

A packed array is one long hexadecimal string of numerators of equal width, so that a million of them are read in the
time that it takes to look at them. This is the reading half; `writing.encode_packed` is the other.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from proofs_checks.certificate.npy import decode_npy
from proofs_checks.certificate.reading import (
    ARRAY_NAME,
    ARRAY_SUFFIX,
    MAX_HEX_DIGITS,
    NPY_SUFFIX,
    Certificate,
    MalformedCertificate,
    common_divisor,
    decode_integer,
    decode_list,
    decode_object,
    load_canonical,
    quote,
)

MAX_ARRAY_SIDES = 4
MAX_ARRAY_SIDE = 2**20
MAX_ARRAY_POSITIONS = 2**24
MAX_ARRAY_FILES = 16
_MAX_BYTES = MAX_HEX_DIGITS // 2
_REFERENCE = {"file", "sha256"}
PACKED_KEYS = ("bytes", "den", "digits", "offset", "shape")
_DIGITS = re.compile(r"[0-9a-f]*")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CODES = {array(code).itemsize: code for code in "BHILQ"}
"""Type codes of the array module by their number of bytes."""


@dataclass(frozen=True)
class PackedArray:
    """A decoded packed array: entry k, in the order in which the last index runs fastest, is numbers[k] / den.

    `source` is the name and the digest of the file that it was in, if it was in one. `pairs`: a file of numpy, whose
    complex entries are the pairs along the last side.
    """

    shape: tuple[int, ...]
    den: int = field(repr=False)
    numbers: Sequence[int] = field(repr=False)
    source: tuple[str, str] | None = field(default=None, repr=False)
    pairs: bool = field(default=False, repr=False)


class _FromFile(dict[str, Any]):
    """The fields of a packed array that a file holds."""

    source: tuple[str, str]


def decode_packed(
    value: object, path: str, *, shape: tuple[int, ...] | None = None, pairs: bool = False
) -> PackedArray:
    """Return a packed array in canonical form, of the given shape if one is given.

    `pairs` allows a file of complex numbers, whose array has a last side of 2 more. Raises MalformedCertificate.
    """
    if isinstance(value, PackedArray):  # a file of numpy
        if value.pairs and not pairs:
            raise MalformedCertificate(f"{path} must be real, and its file holds complex numbers")
        if shape is not None and value.shape != shape:
            raise MalformedCertificate(f"{path} must have the shape {shape}, not {value.shape}")
        return value
    fields = decode_object(value, PACKED_KEYS, path)
    listed = decode_list(fields["shape"], f"{path}.shape")
    if not 1 <= len(listed) <= MAX_ARRAY_SIDES:
        raise MalformedCertificate(f"{path}.shape must have 1 to {MAX_ARRAY_SIDES} sides, not {len(listed)}")
    sides = tuple(
        decode_integer(side, f"{path}.shape[{i}]", low=1, high=MAX_ARRAY_SIDE) for i, side in enumerate(listed)
    )
    positions = math.prod(sides)
    if positions > MAX_ARRAY_POSITIONS:
        raise MalformedCertificate(f"{path} has the shape {sides}, more than 2^24 positions")
    if shape is not None and sides != shape:
        raise MalformedCertificate(f"{path} must have the shape {shape}, not {sides}")
    width = decode_integer(fields["bytes"], f"{path}.bytes", low=1, high=_MAX_BYTES)
    den = decode_integer(fields["den"], f"{path}.den", low=1)
    offset = decode_integer(fields["offset"], f"{path}.offset", low=0)
    digits = fields["digits"]
    if not isinstance(digits, str) or len(digits) != 2 * width * positions or not _DIGITS.fullmatch(digits):
        raise MalformedCertificate(f"{path}.digits must be {2 * width * positions} hexadecimal digits")
    stored = _cut(bytes.fromhex(digits), width)
    if width > 1 and max(stored) < 256 ** (width - 1):
        raise MalformedCertificate(f"{path}.bytes is larger than the numbers need")
    if offset and min(stored):
        raise MalformedCertificate(f"{path}.offset is larger than the numbers need")
    numbers = [n - offset for n in stored] if offset else stored
    if common_divisor(den, numbers) != 1:
        raise MalformedCertificate(f"{path} is not in lowest terms")
    return PackedArray(sides, den, numbers, fields.source if isinstance(fields, _FromFile) else None)


def _cut(data: bytes, width: int) -> Sequence[int]:
    """Return the unsigned big-endian integers of equal width that follow each other in some bytes."""
    if width in _CODES:
        numbers = array(_CODES[width], data)
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers
    return [int.from_bytes(data[i : i + width], "big") for i in range(0, len(data), width)]


# --- files beside a certificate -------------------------------------------------------------------------------------


def array_files(certificate: Certificate) -> dict[str, str]:
    """Return the digests of the files that a certificate names in place of packed arrays, by file name.

    Raises MalformedCertificate for a name that is no plain file name, and for two digests of one file.
    """
    found: dict[str, str] = {}
    for reference in _references([certificate.claim, certificate.evidence]):
        name, digest = reference["file"], reference["sha256"]
        if not ARRAY_NAME.fullmatch(name):
            raise MalformedCertificate(
                f"{quote(name)} is not a plain file name ending in {ARRAY_SUFFIX} or {NPY_SUFFIX}"
            )
        if not _DIGEST.fullmatch(digest):
            raise MalformedCertificate(f"{quote(digest)} is not a SHA-256 digest")
        if found.setdefault(name, digest) != digest:
            raise MalformedCertificate(f"the file {quote(name)} is named with two digests")
    if len(found) > MAX_ARRAY_FILES:
        raise MalformedCertificate(f"the certificate names {len(found)} files, more than {MAX_ARRAY_FILES}")
    return found


def with_files(certificate: Certificate, read: Callable[[str], bytes]) -> Certificate:
    """Return a certificate with the packed arrays of its files in the places that name them.

    `read` returns the bytes of a file beside the certificate. Raises MalformedCertificate if a file is not there, has
    another digest, or holds no packed array.
    """
    files = array_files(certificate)
    if not files:
        return certificate
    if _is_reference(certificate.claim) or _is_reference(certificate.evidence):
        raise MalformedCertificate("a file holds an array of a claim, and no claim or evidence")
    arrays: dict[str, Any] = {}
    for name, digest in files.items():
        try:
            data = read(name)
        except OSError as error:
            raise MalformedCertificate(
                f"the file {quote(name)} is not beside the certificate: {error.strerror}"
            ) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise MalformedCertificate(f"the file {quote(name)} does not have the digest that the certificate names")
        arrays[name] = read_array(name, digest, data)
    claim, evidence = (_filled(part, arrays) for part in (certificate.claim, certificate.evidence))
    return replace(certificate, claim=claim, evidence=evidence)


def read_array(name: str, digest: str, data: bytes) -> PackedArray | _FromFile:
    """Return the array that the bytes of a file are, for `decode_packed`; raises MalformedCertificate."""
    if name.endswith(NPY_SUFFIX):
        shape, numbers, pairs = decode_npy(data, name)
        return PackedArray(shape, 1 << numbers.bits, numbers, (name, digest), pairs)
    fields = _FromFile(decode_object(load_canonical(data), PACKED_KEYS, name))
    fields.source = (name, digest)
    return fields


def _is_reference(value: dict[str, Any]) -> bool:
    """Whether an object names a file: two points of a claim may be called `file` and `sha256`, but are no strings."""
    return value.keys() == _REFERENCE and all(isinstance(item, str) for item in value.values())


def _references(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if _is_reference(value):
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)):
                yield from _references(item)


def _filled(value: Any, arrays: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        if _is_reference(value):
            return arrays[value["file"]]
        return {key: _filled(item, arrays) for key, item in value.items()}
    return [_filled(item, arrays) for item in value] if isinstance(value, list) else value
