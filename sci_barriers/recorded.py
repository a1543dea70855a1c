"""Runs read back from the certificates that record them, for a replay; read, not verified."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from proofs_checks import certificate as fmt
from sci_barriers.class_certificates import decode_class
from sci_barriers.classes import OmegaClass, StructuredRead
from sci_barriers.errors import UsageError
from sci_barriers.exact import ComplexNumber, ExactArray, zeros
from sci_barriers.randomised.game import DEFAULT_LENGTH, DEFAULT_READS, Outcome
from sci_barriers.training_data import MAX_PRECISION

__all__ = ["REPLAYABLE", "Recorded", "RecordedRuns", "read_recorded"]

REPLAYABLE = ("barrier", "control", "budget", "randomised")
"""The kinds of certificates that record runs."""


@dataclass(frozen=True)
class Recorded:
    """What a certificate of kind `barrier`, `control` or `budget` records of a run.

    Attributes:
        kind: the kind.
        omega: the class.
        access: the access model.
        transcript: the data read.
        output: the answer; None for a run that was stopped at read M + 1.
        precision: what a one-shot solver was told to read to, as the provenance has it; without, the largest read.
        budget: M, or None.
    """

    kind: str
    omega: OmegaClass
    access: str
    transcript: tuple[StructuredRead, ...]
    output: ExactArray | None
    precision: int
    budget: int | None = None


@dataclass(frozen=True)
class RecordedRuns:
    """What a certificate of kind `randomised` records.

    Attributes:
        omega: the class.
        access: the access model.
        transcript: the answers of the common oracle that were read.
        outcomes: what the runs did, with weights that are probabilities, or with seeds.
        precision: as for `Recorded`.
        budget: M, or None.
        level: of a sample, one minus the confidence; None if all tapes were enumerated.
        exponent: q of the members.
        unhalted: of a sample, the seeds of the runs without an answer.
        length: the draws on one tape; from the provenance, or 16.
        max_reads: without a budget, the reads after which a run was stopped; from the provenance, or 1000.
    """

    omega: OmegaClass
    access: str
    transcript: tuple[StructuredRead, ...]
    outcomes: tuple[Outcome, ...]
    precision: int
    budget: int | None
    level: fmpq | None
    exponent: int
    unhalted: tuple[int, ...]
    length: int
    max_reads: int

    @property
    def seeds(self) -> tuple[int, ...]:
        """All seeds of a sample."""
        return tuple(seed for outcome in self.outcomes for seed in outcome.seeds) + self.unhalted


def read_recorded(data: bytes) -> Recorded | RecordedRuns:
    """Read what a certificate records of runs.

    Raises:
        MalformedCertificate: if the bytes are not a certificate.
        UsageError: if its kind records no run, or its class is not one.
    """
    certificate = fmt.parse(data)
    if certificate.kind == "randomised":
        return _runs(certificate)
    if certificate.kind not in REPLAYABLE:
        raise UsageError(
            f"a certificate of kind {certificate.kind!r} records no run of a solver; give one of kind "
            f"{', '.join(REPLAYABLE[:-1])} or {REPLAYABLE[-1]}"
        )
    more = {"barrier": ("exponent", "index"), "control": ("verdict",), "budget": ("budget", "exponent", "index")}
    claim = fmt.decode_object(certificate.claim, ("access", "class", "output", *more[certificate.kind]), "claim")
    omega = decode_class(claim["class"])
    evidence = fmt.decode_object(certificate.evidence, ("transcript",), "evidence")
    reads = _transcript(evidence["transcript"], omega)
    budget = _budget(claim["budget"]) if certificate.kind == "budget" else None
    stopped = budget is not None and claim["output"] is None
    output = None if stopped else _vector(claim["output"], "claim.output", length=omega.columns)
    return Recorded(
        certificate.kind, omega, _access(claim["access"]), reads, output, _precision(certificate, reads), budget
    )


def _runs(certificate: fmt.Certificate) -> RecordedRuns:
    method = fmt.decode_choice(certificate.claim.get("method"), ("enumerated", "sampled"), "claim.method")
    sampled = method == "sampled"
    keys = ("access", "bound", "budget", "class", "exponent", "index", "method", *(("level",) if sampled else ()))
    claim = fmt.decode_object(certificate.claim, keys, "claim")
    counted = "unhalted" if sampled else "denominator"
    evidence = fmt.decode_object(certificate.evidence, (counted, "outcomes", "transcript"), "evidence")
    omega = decode_class(claim["class"])
    reads = _transcript(evidence["transcript"], omega)
    unhalted = _integers(evidence["unhalted"], "evidence.unhalted") if sampled else ()
    outcomes = []
    for item in fmt.decode_list(evidence["outcomes"], "evidence.outcomes"):
        fields = fmt.decode_object(item, ("output", "reads", "seeds" if sampled else "weight"), "evidence.outcomes")
        output = None if fields["output"] is None else _vector(fields["output"], "output", length=omega.columns)
        seeds = _integers(fields["seeds"], "evidence.outcomes.seeds") if sampled else ()
        if sampled and not seeds:
            raise fmt.MalformedCertificate("evidence.outcomes.seeds must not be empty")
        weight = len(seeds) if sampled else fmt.decode_integer(fields["weight"], "evidence.outcomes.weight", low=1)
        ns = _integers(fields["reads"], "evidence.outcomes.reads")
        outcomes.append(Outcome(ns, output, fmpq(weight), seeds))
    if not outcomes:
        raise fmt.MalformedCertificate("evidence.outcomes must hold at least one outcome")
    total = sum(int(outcome.weight.p) for outcome in outcomes) + len(unhalted)
    if not sampled:
        total = fmt.decode_integer(evidence["denominator"], "evidence.denominator", low=1)
    budget = claim["budget"]
    return RecordedRuns(
        omega=omega,
        access=_access(claim["access"]),
        transcript=reads,
        outcomes=tuple(Outcome(o.reads, o.output, o.weight / total, o.seeds) for o in outcomes),
        precision=_precision(certificate, reads),
        budget=None if budget is None else _budget(budget),
        level=fmpq(*fmt.decode_rational(claim["level"], "claim.level", positive=True)) if sampled else None,
        exponent=fmt.decode_integer(claim["exponent"], "claim.exponent", low=1),
        unhalted=unhalted,
        length=_noted(certificate, "tapes", DEFAULT_LENGTH, low=0),
        max_reads=_noted(certificate, "max reads", DEFAULT_READS),
    )


# --- parts -----------------------------------------------------------------------------------------


def _transcript(value: object, omega: OmegaClass) -> tuple[StructuredRead, ...]:
    reads = []
    for entry in fmt.decode_list(value, "evidence.transcript"):
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
    return tuple(reads)


def _vector(value: object, path: str, *, length: int) -> ExactArray:
    matrix = fmt.decode_matrix(value, path, rows=length, cols=1)
    result = zeros(length)
    for (i, _), (a, _, c, _) in matrix.entries.items():
        re, im = fmpq(a, matrix.den), fmpq(c, matrix.den)
        result[i] = re if c == 0 else ComplexNumber(re, im)
    return result


def _integers(value: object, path: str) -> tuple[int, ...]:
    return tuple(fmt.decode_integer(entry, path, low=0) for entry in fmt.decode_list(value, path))


def _access(value: object) -> str:
    return fmt.decode_choice(value, ("query", "stream"), "claim.access")


def _budget(value: object) -> int:
    return fmt.decode_integer(value, "claim.budget", low=0)


def _precision(certificate: fmt.Certificate, reads: tuple[StructuredRead, ...]) -> int:
    return _noted(certificate, "precision", max((read.n for read in reads), default=1))


def _noted(certificate: fmt.Certificate, name: str, default: int, *, low: int = 1) -> int:
    """Return a number of the provenance; the default if there is none that can be used."""
    text = certificate.provenance.get(name, "")
    usable = text.isdecimal() and text.isascii() and len(text) <= 7 and low <= int(text) <= MAX_PRECISION
    return int(text) if usable else default
