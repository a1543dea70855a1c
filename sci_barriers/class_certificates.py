"""Certificates of kinds `barrier` and `control`, written from results, and the class as all of them write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flint import fmpq

from proofs_checks import certificate as fmt
from sci_barriers.certificates import encode_array, encode_fraction
from sci_barriers.classes import OmegaClass, StructuredRead
from sci_barriers.errors import UsageError
from sci_barriers.game import ControlResult, GameResult

__all__ = [
    "barrier_certificate",
    "control_certificate",
    "decode_class",
    "encode_class",
    "encode_transcript",
]


def encode_class(omega: OmegaClass) -> dict[str, Any]:
    """Return the class as a certificate writes it."""
    vector = omega.householder
    return {
        "alpha": encode_fraction(omega.alpha),
        "columns": fmt.encode_integer(omega.columns),
        "digits": fmt.encode_integer(omega.digits),
        "family": omega.family,
        "householder": None if vector is None else [fmt.encode_integer(entry) for entry in vector],
        "parameter": encode_fraction(omega.parameter),
        "problem": omega.problem,
        "rows": fmt.encode_integer(omega.rows),
    }


def decode_class(value: object) -> OmegaClass:
    """Read a class as a certificate writes it.

    Raises:
        MalformedCertificate: if it is not written so.
        UsageError: if the numbers do not make a class.
    """
    body = fmt.decode_object(
        value,
        ("alpha", "columns", "digits", "family", "householder", "parameter", "problem", "rows"),
        "claim.class",
    )
    vector = body["householder"]
    return OmegaClass(
        problem=fmt.decode_choice(body["problem"], ("bpdn", "lasso", "sqrt-lasso"), "claim.class.problem"),
        parameter=fmpq(*fmt.decode_rational(body["parameter"], "claim.class.parameter")),
        digits=fmt.decode_integer(body["digits"], "claim.class.digits", low=1, high=100_000),
        family=fmt.decode_choice(body["family"], ("strong", "weak"), "claim.class.family"),
        rows=fmt.decode_integer(body["rows"], "claim.class.rows", low=1, high=65_536),
        columns=fmt.decode_integer(body["columns"], "claim.class.columns", low=1, high=65_536),
        alpha=fmpq(*fmt.decode_rational(body["alpha"], "claim.class.alpha")),
        householder=None
        if vector is None
        else tuple(
            fmt.decode_integer(entry, "claim.class.householder")
            for entry in fmt.decode_list(vector, "claim.class.householder")
        ),
    )


def encode_transcript(reads: Iterable[StructuredRead]) -> dict[str, Any]:
    """Return reads as the evidence of a certificate writes them."""
    return {
        "transcript": [
            [
                fmt.encode_integer(read.k),
                fmt.encode_integer(read.n),
                encode_fraction(read.c),
                encode_array(read.point, 0),
            ]
            for read in reads
        ]
    }


def barrier_certificate(result: GameResult, *, provenance: dict[str, str] | None = None) -> bytes:
    """Return the bytes of the certificate of a game that ended in `barrier`.

    Raises:
        UsageError: if it ended undecided.
    """
    if result.verdict != "barrier" or result.play.run.output is None:
        raise UsageError("only a game with verdict barrier has a certificate")
    claim = {
        "access": result.play.access,
        "class": encode_class(result.play.omega),
        "exponent": fmt.encode_integer(result.exponent),
        "index": fmt.encode_integer(result.index),
        "output": encode_array(result.play.run.output, 0),
    }
    return fmt.build(
        "barrier", claim=claim, evidence=encode_transcript(result.play.transcript), provenance=provenance or {}
    )


def control_certificate(result: ControlResult, *, provenance: dict[str, str] | None = None) -> bytes:
    """Return the bytes of the certificate of the first run of a control; its verdict is on the absolute error alone.

    Raises:
        UsageError: if that run is undecided.
    """
    first = result.first
    if first.distance2 is None or first.play.run.output is None:
        raise UsageError("an undecided control has no certificate")
    claim = {
        "access": first.play.access,
        "class": encode_class(first.play.omega),
        "output": encode_array(first.play.run.output, 0),
        "verdict": first.certified,
    }
    return fmt.build(
        "control", claim=claim, evidence=encode_transcript(first.play.transcript), provenance=provenance or {}
    )
