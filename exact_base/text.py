"""Numbers and vectors as text, for messages between processes and for file names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.errors import DataError
from exact_base.grammar import hexadecimal_ratio
from exact_base.scalars import ComplexNumber, ExactArray, Scalar, imaginary_part, real_part
from exact_base.words import called

__all__ = ["Message", "number_from_text", "number_to_text", "slug", "vector_from_text", "vector_to_text"]


Message = dict[str, Any]


_LONGEST_SLUG = 80  # file systems take 255 bytes, and names have other parts
_MAX_NUMBER = 1 << 20  # characters: twice what a datum of the largest precision has


def number_to_text(value: fmpq) -> str:
    """Write a rational: `numerator` or `numerator/denominator`."""
    p, q = int(value.p), int(value.q)
    return f"{p:x}" if q == 1 else f"{p:x}/{q:x}"


def number_from_text(text: object) -> fmpq:
    """Read a rational.

    Raises:
        DataError: if the text is not one.
    """
    if not isinstance(text, str) or len(text) > _MAX_NUMBER:
        raise DataError("a rational in hexadecimal is needed")
    try:
        return fmpq(*hexadecimal_ratio(text))
    except ValueError:
        raise DataError("a rational in hexadecimal is needed") from None


def vector_to_text(vector: Iterable[Scalar]) -> str:
    """Write a rational or Gaussian rational vector: entries `re` or `re|im`, separated by blanks.

    Raises:
        DataError: if an entry is irrational.
    """

    def written(entry: Any) -> str:
        if not entry:
            return "0"
        re, im = real_part(entry), imaginary_part(entry)
        if not (isinstance(re, fmpq) and isinstance(im, fmpq)):
            raise DataError(f"only rational numbers can be sent, not {entry}")
        return f"{number_to_text(re)}|{number_to_text(im)}" if im != 0 else number_to_text(re)

    return " ".join(map(written, vector))


def vector_from_text(text: object, *, length: int) -> ExactArray:
    """Read a vector of the given length.

    Raises:
        DataError: if the text is not one.
    """
    if not isinstance(text, str) or text.count(" ") != length - 1:
        raise DataError(f"a vector of length {length} is needed")
    result = np.empty(length, dtype=object)
    for i, entry in enumerate(text.split(" ")):
        re, separator, im = entry.partition("|")
        result[i] = ComplexNumber(number_from_text(re), number_from_text(im)) if separator else number_from_text(re)
    return result


def slug(name: str) -> str:
    """Return a name as part of a file name, of at most 80 characters; of the path of a file only its last part."""
    return re.sub(r"[^A-Za-z0-9]+", "-", called(name)).strip("-")[:_LONGEST_SLUG].rstrip("-").lower()
