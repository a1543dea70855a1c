"""Kind joint-answer: two answers, one of which is right on every input with these data (docs/format.md)."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_integer,
    decode_list,
    decode_object,
    decode_rational,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import Invalid, Statement
from proofs_checks.checker.core.statements import NAMES
from proofs_checks.checker.parts.omega import MAX_DIGITS, MAX_EXPONENT

ZERO = Ratio(0, 1)


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("answers", "data", "digits", "matrix", "parameter", "precision"), "claim")
    decode_object(evidence, (), "evidence")
    digits = decode_integer(claim["digits"], "claim.digits", low=1, high=MAX_DIGITS)
    n = decode_integer(claim["precision"], "claim.precision", low=1, high=MAX_EXPONENT)
    parameter = Ratio(*decode_rational(claim["parameter"], "claim.parameter", positive=True))
    matrix, data = _pair(claim["matrix"], "claim.matrix", True), _pair(claim["data"], "claim.data", True)
    answers = _pair(claim["answers"], "claim.answers", False)

    unit, worst = Ratio(1, 1 << n), ZERO
    for k, (a, y, z) in enumerate(zip(matrix, data, answers, strict=True), start=1):
        if a <= unit or y <= unit:
            raise Invalid("zero", f"pair {k}: it may be 0, within 2^-{n}")
        error = _error(a, y, z, parameter, unit)
        worst = error if worst <= error else worst
        if not error <= Ratio(1, 10**digits):
            raise Invalid("error", f"answer {k} may be {words.ratio(error)} away, more than 10^-{digits}")
    lines = (
        f"Problem: {NAMES['lasso']}, weights 1, p = {words.ratio(parameter)}.",
        "Inputs: all complex A = (a_1, a_2) and y_1, y_2 of which (A_n, y_1n, y_2n) are data of precision n, "
        f"n = {n}: A_n = ({', '.join(map(words.ratio, matrix))}), y_n = {', '.join(map(words.ratio, data))}.",
        f"Answers: z_1 = ({words.ratio(answers[0])}, 0) for y_1 and z_2 = (0, {words.ratio(answers[1])}) for y_2.",
        "The entry of A of the larger modulus, whichever it is, alone has a minimiser for each sample. So on each of "
        f"these inputs one of the two answers is within 10^-{digits} of a minimiser: the error is at most "
        f"{words.at_most(worst)}.",
        f"No input with these data makes an algorithm that gives these answers fail {words.digits(digits)} at both "
        "samples.",
    )
    title = f"On every input with these data, one of the two answers has {words.digits(digits)} at its sample."
    return Statement("joint-answer", title, lines)


def _pair(value: object, path: str, positive: bool) -> list[Ratio]:
    items = decode_list(value, path)
    if len(items) != 2:
        raise MalformedCertificate(f"{path} must have 2 entries, not {len(items)}")
    found = [Ratio(*decode_rational(item, f"{path}[{i}]", positive=positive)) for i, item in enumerate(items)]
    if not all(number >= ZERO for number in found):
        raise MalformedCertificate(f"{path} must not be negative")
    return found


def _error(a: Ratio, y: Ratio, z: Ratio, parameter: Ratio, unit: Ratio) -> Ratio:
    """Bound the distance from z of the minimiser of one column near a, for data near y: modulus, then phase."""
    low_a, high_a, low_y, high_y = a + -unit, a + unit, y + -unit, y + unit
    half = parameter * Ratio(1, 2)
    high = high_y * _inverse(low_a) + -(half * _inverse(high_a * high_a))
    low = low_y * _inverse(high_a) + -(half * _inverse(low_a * low_a))
    high, low = (bound if bound >= ZERO else ZERO for bound in (high, low))
    above, below = high + -z, z + -low
    turn = Ratio(2, 1) * unit * (_inverse(a) + _inverse(y))
    return (above if below <= above else below) + high * turn


def _inverse(x: Ratio) -> Ratio:
    return Ratio(x.den, x.num)  # type: ignore[arg-type]
