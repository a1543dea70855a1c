"""Transcripts as the evidence of a certificate writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from exact_base.encoding import encode_array, encode_fraction
from proofs_checks.certificate import writing
from sci_barriers.data.structured import StructuredRead

__all__ = ["encode_transcript"]


def encode_transcript(reads: Iterable[StructuredRead]) -> dict[str, Any]:
    """Return reads as the evidence of a certificate writes them."""
    return {
        "transcript": [
            [
                writing.encode_integer(read.k),
                writing.encode_integer(read.n),
                encode_fraction(read.c),
                encode_array(read.point, 0),
            ]
            for read in reads
        ]
    }
