"""Runs read back from the certificates that record them, for a replay; read, not verified."""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from exact_base.errors import UsageError
from exact_base.rationals import power_of_ten, power_of_two
from exact_base.reprs import short_repr
from exact_base.scalars import ComplexNumber, ExactArray, zeros
from proofs_checks.certificate import reading
from sci_barriers.data.structured import StructuredRead
from sci_barriers.omega.codec import decode_class
from sci_barriers.omega.families import MAX_PRECISION, Instance, OmegaClass
from sci_barriers.omega.nested import NestedTies
from sci_barriers.randomised.game import DEFAULT_LENGTH, DEFAULT_READS, Outcome

__all__ = ["MAX_PLACES", "REPLAYABLE", "Recorded", "RecordedChain", "RecordedRuns", "read_recorded"]

MAX_PLACES = 2**24
"""Entries of all points, but those that repeat the last, or of all outputs: they are stored dense."""

REPLAYABLE = ("barrier", "control", "budget", "randomised", "nested-ties")
"""The kinds of certificates that record runs."""


@short_repr()
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
        misfit: in what the file contradicts itself, as far as it was looked at; empty if nothing was seen.
    """

    kind: str
    omega: OmegaClass
    access: str
    transcript: tuple[StructuredRead, ...]
    output: ExactArray | None
    precision: int
    budget: int | None = None
    misfit: str = ""


@short_repr()
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
        misfit: as for `Recorded`.
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
    misfit: str = ""

    @property
    def seeds(self) -> tuple[int, ...]:
        """All seeds of a sample."""
        return tuple(seed for outcome in self.outcomes for seed in outcome.seeds) + self.unhalted


@short_repr()
@dataclass(frozen=True)
class RecordedChain:
    """What a certificate of kind `nested-ties` records.

    Attributes:
        nested: the class.
        removed: the columns that have fallen behind on the input, in order.
        exponents: where they did.
        access: the access model.
        transcript: the answers that were read.
        outcomes: what the runs did, with their probabilities.
        precision: as for `Recorded`.
        budget: M, or None.
        length: as for `RecordedRuns`.
        max_reads: as for `RecordedRuns`.
        misfit: as for `Recorded`.
    """

    nested: NestedTies
    removed: tuple[int, ...]
    exponents: tuple[int, ...]
    access: str
    transcript: tuple[StructuredRead, ...]
    outcomes: tuple[Outcome, ...]
    precision: int
    budget: int | None
    length: int
    max_reads: int
    misfit: str = ""


def read_recorded(data: bytes) -> Recorded | RecordedRuns | RecordedChain:
    """Read what a certificate records of runs.

    Raises:
        MalformedCertificate: if the bytes are not a certificate.
        UsageError: if its kind records no run, or its class is not one.
    """
    certificate = reading.parse(data)
    if certificate.kind == "randomised":
        return _runs(certificate)
    if certificate.kind == "nested-ties":
        return _chain(certificate)
    if certificate.kind not in REPLAYABLE:
        raise UsageError(
            f"a certificate of kind {certificate.kind!r} records no run of a solver; give one of kind "
            f"{', '.join(REPLAYABLE[:-1])} or {REPLAYABLE[-1]}"
        )
    more = {"barrier": ("exponent", "index"), "control": ("verdict",), "budget": ("budget", "exponent", "index")}
    claim = reading.decode_object(certificate.claim, ("access", "class", "output", *more[certificate.kind]), "claim")
    omega, access = decode_class(claim["class"]), _access(claim["access"])
    evidence = reading.decode_object(certificate.evidence, ("transcript",), "evidence")
    reads = _transcript(evidence["transcript"], omega)
    budget = _budget(claim["budget"]) if certificate.kind == "budget" else None
    stopped = budget is not None and claim["output"] is None
    output = None if stopped else _vector(claim["output"], "claim.output", length=omega.columns)
    instance: Instance | None
    exponent = None
    if certificate.kind == "control":
        verdict, instance = (
            reading.decode_choice(claim["verdict"], ("ok", "inaccurate"), "claim.verdict"),
            omega.control(),
        )
    else:
        verdict = "inaccurate"
        exponent = reading.decode_integer(claim["exponent"], "claim.exponent", low=1, high=MAX_PRECISION)
        if (claim["index"] is None) != stopped:
            raise reading.MalformedCertificate("claim.index and claim.output must both be null, or neither")
        index = 1 if stopped else reading.decode_integer(claim["index"], "claim.index", low=1, high=omega.ties)
        instance = _member(omega, index, exponent)
    if not reads and (budget is None or stopped):
        raise reading.MalformedCertificate("evidence.transcript must hold at least one read")
    misfit = _misfit(reads, access, instance, exponent) or _wrong_answer(output, instance, verdict)
    return Recorded(certificate.kind, omega, access, reads, output, _precision(certificate, reads), budget, misfit)


def _runs(certificate: reading.Certificate) -> RecordedRuns:
    method = reading.decode_choice(certificate.claim.get("method"), ("enumerated", "sampled"), "claim.method")
    sampled = method == "sampled"
    keys = ("access", "bound", "budget", "class", "exponent", "index", "method", *(("level",) if sampled else ()))
    claim = reading.decode_object(certificate.claim, keys, "claim")
    counted = "unhalted" if sampled else "denominator"
    evidence = reading.decode_object(certificate.evidence, (counted, "outcomes", "transcript"), "evidence")
    omega = decode_class(claim["class"])
    reads = _transcript(evidence["transcript"], omega)
    unhalted = _integers(evidence["unhalted"], "evidence.unhalted") if sampled else ()
    outcomes = _outcomes(evidence["outcomes"], omega, sampled=sampled)
    total = sum(int(outcome.weight.p) for outcome in outcomes) + len(unhalted)
    if not sampled:
        total = reading.decode_integer(evidence["denominator"], "evidence.denominator", low=1)
    elif total == 0:
        raise reading.MalformedCertificate("evidence must have at least one seed")
    budget, access = claim["budget"], _access(claim["access"])
    exponent = reading.decode_integer(claim["exponent"], "claim.exponent", low=1, high=MAX_PRECISION)
    index = reading.decode_integer(claim["index"], "claim.index", low=1, high=omega.ties)
    _proper(claim["bound"], "claim.bound")
    return RecordedRuns(
        omega=omega,
        access=access,
        transcript=reads,
        outcomes=tuple(Outcome(o.reads, o.output, o.weight / total, o.seeds) for o in outcomes),
        precision=_precision(certificate, reads),
        budget=None if budget is None else _budget(budget),
        level=_proper(claim["level"], "claim.level", positive=True) if sampled else None,
        exponent=exponent,
        unhalted=unhalted,
        length=_noted(certificate, "tapes", DEFAULT_LENGTH, low=0),
        max_reads=_noted(certificate, "max reads", DEFAULT_READS),
        # what each run read in which order is the business of the replay itself
        misfit=_misfit(reads, "query", _member(omega, index, exponent), exponent),
    )


def _chain(certificate: reading.Certificate) -> RecordedChain:
    keys = ("access", "bound", "budget", "class", "exponents", "removed", "ties")
    claim = reading.decode_object(certificate.claim, keys, "claim")
    evidence = reading.decode_object(certificate.evidence, ("denominator", "outcomes", "transcript"), "evidence")
    omega = decode_class(claim["class"])
    nested = NestedTies(omega, reading.decode_integer(claim["ties"], "claim.ties", low=2, high=omega.ties))
    removed, exponents = (_integers(claim[key], f"claim.{key}") for key in ("removed", "exponents"))
    reads = _transcript(evidence["transcript"], omega)
    outcomes = _outcomes(evidence["outcomes"], omega, sampled=False)
    total = reading.decode_integer(evidence["denominator"], "evidence.denominator", low=1)
    _proper(claim["bound"], "claim.bound")
    budget = claim["budget"]
    try:
        instance: Instance | None = nested.instance(removed, exponents)
    except UsageError:
        instance = None
    return RecordedChain(
        nested=nested,
        removed=removed,
        exponents=exponents,
        access=_access(claim["access"]),
        transcript=reads,
        outcomes=tuple(Outcome(o.reads, o.output, o.weight / total) for o in outcomes),
        precision=_precision(certificate, reads),
        budget=None if budget is None else _budget(budget),
        length=_noted(certificate, "tapes", DEFAULT_LENGTH, low=0),
        max_reads=_noted(certificate, "max reads", DEFAULT_READS),
        misfit=_misfit(reads, "query", instance, None) if instance else "the class has no such input",
    )


# --- parts -----------------------------------------------------------------------------------------


def _transcript(value: object, omega: OmegaClass) -> tuple[StructuredRead, ...]:
    reads: list[StructuredRead] = []
    raw, vector, places = None, zeros(0), 0  # the last point, which most reads repeat
    for entry in reading.decode_list(value, "evidence.transcript"):
        fields = reading.decode_list(entry, "evidence.transcript")
        if len(fields) != 4:
            raise reading.MalformedCertificate(f"evidence.transcript: a read has 4 parts, got {len(fields)}")
        k, n, c, point = fields
        if not reads or point != raw:
            raw, places = point, places + omega.columns
            _check_places(places)
            vector = _vector(point, "evidence.transcript.x", length=omega.columns)
        reads.append(
            StructuredRead(
                reading.decode_integer(k, "evidence.transcript.k", low=1, high=1),
                reading.decode_integer(n, "evidence.transcript.n", low=1, high=MAX_PRECISION),
                fmpq(*reading.decode_rational(c, "evidence.transcript.c")),
                vector,
            )
        )
    return tuple(reads)


def _outcomes(value: object, omega: OmegaClass, *, sampled: bool) -> list[Outcome]:
    """Return outcomes, with the weights as they are written, or the numbers of their seeds."""
    outcomes = []
    items = reading.decode_list(value, "evidence.outcomes")
    _check_places(omega.columns * sum(isinstance(item, dict) and item.get("output") is not None for item in items))
    for item in items:
        fields = reading.decode_object(item, ("output", "reads", "seeds" if sampled else "weight"), "evidence.outcomes")
        output = None if fields["output"] is None else _vector(fields["output"], "output", length=omega.columns)
        seeds = _integers(fields["seeds"], "evidence.outcomes.seeds") if sampled else ()
        if sampled and not seeds:
            raise reading.MalformedCertificate("evidence.outcomes.seeds must not be empty")
        weight = len(seeds) if sampled else reading.decode_integer(fields["weight"], "evidence.outcomes.weight", low=1)
        ns = _integers(fields["reads"], "evidence.outcomes.reads")
        outcomes.append(Outcome(ns, output, fmpq(weight), seeds))
    if not outcomes:
        raise reading.MalformedCertificate("evidence.outcomes must hold at least one outcome")
    return outcomes


def _check_places(places: int) -> None:
    if places > MAX_PLACES:
        raise UsageError("the vectors of the record are longer than a replay holds: more than 2^24 entries together")


def _vector(value: object, path: str, *, length: int) -> ExactArray:
    matrix = reading.decode_matrix(value, path, rows=length, cols=1, rational=True)
    result = zeros(length)
    for (i, _), (a, _, c, _) in matrix.entries.items():
        re, im = fmpq(a, matrix.den), fmpq(c, matrix.den)
        result[i] = re if c == 0 else ComplexNumber(re, im)
    return result


def _integers(value: object, path: str) -> tuple[int, ...]:
    return tuple(reading.decode_integer(entry, path, low=0) for entry in reading.decode_list(value, path))


def _access(value: object) -> str:
    return reading.decode_choice(value, ("query", "stream"), "claim.access")


def _budget(value: object) -> int:
    return reading.decode_integer(value, "claim.budget", low=0, high=1_000_000)


def _proper(value: object, path: str, *, positive: bool = False) -> fmpq:
    num, den = reading.decode_rational(value, path, positive=positive)
    if not 0 <= num < den:
        raise reading.MalformedCertificate(f"{path} must be at least 0 and less than 1")
    return fmpq(num, den)


def _misfit(reads: tuple[StructuredRead, ...], access: str, instance: Instance | None, exponent: int | None) -> str:
    """Return in what reads contradict each other, or the instance whose data they should be; no proof that they fit."""
    if instance is None:
        return "the class has no such member"
    answers: dict[int, StructuredRead] = {}
    for j, read in enumerate(reads, start=1):
        if access == "stream" and read.n != j:
            return f"read {j} of a stream has precision {read.n}"
        first = answers.setdefault(read.n, read)
        if first.c != read.c or (first.point != read.point).any():
            return f"read {j} answers precision {read.n} otherwise than an earlier read"
        if exponent is not None and read.n > exponent:
            return f"read {j} is of precision {read.n}, above the exponent {exponent}"
        low, high = read.c - power_of_two(-read.n), read.c + power_of_two(-read.n)
        if read.c < 0 or high * high < instance.c2 or (low > 0 and low * low > instance.c2):
            return f"read {j} is more than 2^-{read.n} from the datum"
    return ""


def _member(omega: OmegaClass, i: int, q: int) -> Instance | None:
    try:
        return omega.member(i=i, q=q)
    except UsageError:
        return None


def _wrong_answer(output: ExactArray | None, instance: Instance | None, verdict: str) -> str:
    """Return in what an answer is not what is claimed of it."""
    if output is None or instance is None:
        return ""
    target = instance.omega.target_digits
    found = "ok" if instance.distance2(output) <= power_of_ten(-2 * target) else "inaccurate"
    where = "within" if found == "ok" else "not within"
    return "" if found == verdict else f"its answer is {where} 10^-{target} of the minimiser"


def _precision(certificate: reading.Certificate, reads: tuple[StructuredRead, ...]) -> int:
    return _noted(certificate, "precision", max((read.n for read in reads), default=1))


def _noted(certificate: reading.Certificate, name: str, default: int, *, low: int = 1) -> int:
    """Return a number of the provenance; the default if there is none that can be used."""
    text = certificate.provenance.get(name, "")
    usable = text.isdecimal() and text.isascii() and len(text) <= 7 and low <= int(text) <= MAX_PRECISION
    return int(text) if usable else default
