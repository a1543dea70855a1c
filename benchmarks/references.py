"""The rules of kind barrier written the straightforward way, with `fractions.Fraction` or python-flint's `fmpq`.

Yardsticks for the checker, which clears denominators and works with plain integers. Both references take the same
parsed JSON, use the same decoders for its shape (`proofs_checks.certificate.reading`), turn every number into a
rational when it is loaded, keep vectors dense, and then follow docs/format.md, "kind `barrier`", line by line. They
give a yes or no and no reasons; the checker also writes the statement of what it accepts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq

from proofs_checks.certificate import reading
from proofs_checks.checker.parts.omega import MAX_EXPONENT, Omega, Read, decode_class, decode_transcript

Number = Any
"""A `Fraction` or an `fmpq`; both have the operators used here."""

Rational = Callable[[int, int], Number]
"""The constructor of the rational num/den."""

LIBRARIES: dict[str, Rational] = {"fractions": Fraction, "python-flint": fmpq}


@dataclass(frozen=True)
class Fields:
    """The fields of a barrier certificate, well formed, as integers; common to the checker and the references."""

    access: str
    omega: Omega
    exponent: int
    index: int
    output: reading.Matrix
    reads: list[Read]


def decode(claim: dict[str, Any], evidence: dict[str, Any]) -> Fields:
    """Return the fields, by the decoders that the checker uses; raises MalformedCertificate."""
    reading.decode_object(claim, ("access", "class", "exponent", "index", "output"), "claim")
    reading.decode_object(evidence, ("transcript",), "evidence")
    omega = decode_class(claim["class"])
    return Fields(
        access=reading.decode_choice(claim["access"], ("query", "stream"), "claim.access"),
        omega=omega,
        exponent=reading.decode_integer(claim["exponent"], "claim.exponent", low=1, high=MAX_EXPONENT),
        index=reading.decode_integer(claim["index"], "claim.index", low=1, high=omega.ties),
        output=reading.decode_matrix(claim["output"], "claim.output", rows=omega.columns, cols=1, rational=True),
        reads=decode_transcript(evidence["transcript"], omega),
    )


def holds(fields: Fields, rational: Rational) -> bool:
    """Return whether every rule of kind barrier holds, with one rational number type."""
    omega, q, i = fields.omega, fields.exponent, fields.index
    d, T = omega.ties, omega.target

    # load: every number becomes a rational, every vector dense
    zero = rational(0, 1)
    p, alpha = rational(*omega.parameter), rational(*omega.alpha)
    reads = [(read.n, rational(*read.c), _dense(read.x, 0, rational)) for read in fields.reads]
    re, im = _dense(fields.output, 0, rational), _dense(fields.output, 2, rational)

    # rule 1: the class at q
    strong = omega.family == "strong"
    beta = alpha if strong else alpha / 16
    delta = rational(1, 2 ** (q if strong else q + 4))
    top = beta + delta
    unit = rational(1, 10**T)
    if omega.problem == "bpdn":
        fits, h, h_q = p < 1, (1 - p) / beta, (1 - p) / top
    elif omega.problem == "lasso":
        fits, h, h_q = beta >= p, (1 - p / (2 * beta)) / beta, (1 - p / (2 * top)) / top
    else:
        fits, h, h_q = beta > p, 1 / beta, 1 / top
    if not (fits and (strong or omega.digits >= 2)):
        return False
    if not (2 * h_q * h_q > 4 * unit * unit and h - h_q <= unit and 2 * h * h <= 100 * unit * unit):
        return False
    if q < max(n for n, _, _ in reads):
        return False

    # the access model
    answers: dict[int, tuple[Number, list[Number]]] = {}
    for j, (n, c, x) in enumerate(reads, start=1):
        if fields.access == "stream" and n != j:
            return False
        if answers.setdefault(n, (c, x)) != (c, x):
            return False

    # rules 2 and 3: each read
    c0_square, cq_square = d * beta * beta, (d - 1) * beta * beta + top * top
    for n, c, x in reads:
        radius = rational(1, 2**n)
        low, high = c - radius, c + radius
        if c < 0 or c0_square > c * c or (low > 0 and low * low > c0_square):
            return False
        if any(entry < 0 for entry in x) or any(entry != 0 for entry in x[d:]) or sum(x, zero) != h:
            return False
        if (low > 0 and low * low > cq_square) or cq_square > high * high or delta > radius:
            return False

    # rule 4: the output fails
    re[i - 1] -= h_q
    return bool(sum((entry * entry for entry in re + im), zero) > unit * unit)


def accepts(certificate: reading.Certificate, rational: Rational) -> bool:
    """Return whether a parsed certificate of kind barrier is accepted."""
    try:
        return holds(decode(certificate.claim, certificate.evidence), rational)
    except reading.MalformedCertificate:
        return False


def _dense(matrix: reading.Matrix, part: int, rational: Rational) -> list[Number]:
    """Return the rational parts (0: real, 2: imaginary) of a column."""
    column = [rational(0, 1)] * matrix.rows
    for (i, _), numerator in matrix.entries.items():
        column[i] = rational(numerator[part], matrix.den)
    return column
