"""Certificates of kinds `barrier` and `control` (docs/format.md), written from results and read back for a replay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from proofs_checks import certificate as fmt
from sci_barriers.certificates import encode_array, encode_fraction
from sci_barriers.classes import OmegaClass, StructuredRead
from sci_barriers.errors import UsageError
from sci_barriers.exact import ComplexNumber, ExactArray, zeros
from sci_barriers.game import ControlResult, GameResult

__all__ = [
    "Recorded",
    "barrier_certificate",
    "control_certificate",
    "decode_class",
    "encode_class",
    "encode_transcript",
    "read_recorded",
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
    """Return the bytes of the certificate of a decided control.

    Raises:
        UsageError: if it is undecided.
    """
    if result.verdict == "undecided" or result.play.run.output is None:
        raise UsageError("an undecided control has no certificate")
    claim = {
        "access": result.play.access,
        "class": encode_class(result.play.omega),
        "output": encode_array(result.play.run.output, 0),
        "verdict": result.verdict,
    }
    return fmt.build(
        "control", claim=claim, evidence=encode_transcript(result.play.transcript), provenance=provenance or {}
    )


@dataclass(frozen=True)
class Recorded:
    """What a barrier or control certificate records of a run; read, not verified.

    Attributes:
        kind: `barrier` or `control`.
        omega: the class.
        access: the access model.
        transcript: the data read.
        output: the answer.
    """

    kind: str
    omega: OmegaClass
    access: str
    transcript: tuple[StructuredRead, ...]
    output: ExactArray


def _vector(value: object, path: str, *, length: int) -> ExactArray:
    matrix = fmt.decode_matrix(value, path, rows=length, cols=1)
    result = zeros(length)
    for (i, _), (a, _, c, _) in matrix.entries.items():
        re, im = fmpq(a, matrix.den), fmpq(c, matrix.den)
        result[i] = re if c == 0 else ComplexNumber(re, im)
    return result


def read_recorded(data: bytes) -> Recorded:
    """Read the run that a certificate of kind `barrier` or `control` records.

    Raises:
        MalformedCertificate: if the bytes are not a certificate.
        UsageError: if it is of another kind, or its class is not one.
    """
    certificate = fmt.parse(data)
    if certificate.kind not in ("barrier", "control"):
        raise UsageError(
            f"a certificate of kind {certificate.kind!r} records no run; give one of kind barrier or control"
        )
    verdict_keys = ("exponent", "index") if certificate.kind == "barrier" else ("verdict",)
    claim = fmt.decode_object(certificate.claim, ("access", "class", "output", *verdict_keys), "claim")
    omega = decode_class(claim["class"])
    evidence = fmt.decode_object(certificate.evidence, ("transcript",), "evidence")
    reads: list[StructuredRead] = []
    for entry in fmt.decode_list(evidence["transcript"], "evidence.transcript"):
        fields = fmt.decode_list(entry, "evidence.transcript")
        if len(fields) != 4:
            raise fmt.MalformedCertificate(f"evidence.transcript: a read has 4 parts, got {len(fields)}")
        k, n, c, point = fields
        reads.append(
            StructuredRead(
                fmt.decode_integer(k, "evidence.transcript.k", low=1),
                fmt.decode_integer(n, "evidence.transcript.n", low=1),
                fmpq(*fmt.decode_rational(c, "evidence.transcript.c")),
                _vector(point, "evidence.transcript.x", length=omega.columns),
            )
        )
    access = fmt.decode_choice(claim["access"], ("query", "stream"), "claim.access")
    output = _vector(claim["output"], "claim.output", length=omega.columns)
    return Recorded(certificate.kind, omega, access, tuple(reads), output)
