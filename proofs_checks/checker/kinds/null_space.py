"""Kind null-space: a matrix has the null space property in levels (docs/format.md, "kind null-space")."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_choice,
    decode_list,
    decode_object,
    decode_rational,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Ratio, Reader
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.parts import null_space_methods as methods
from proofs_checks.checker.parts.levels import decode_levels
from proofs_checks.checker.parts.null_space_methods import Property, decode_constants
from proofs_checks.checker.parts.semidefinite import spectral_norm_at_most

_FIELDS = {
    "coherence": {"method"},
    "exhaustive": {"inverses", "method"},
    "relaxation": {"inverse", "method"},
    "transfer": {"eta", "evidence", "gamma", "method", "other", "rho"},
}


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("gamma", "levels", "matrix", "rho"), "claim")
    reader = Reader("0x0")
    matrix = reader.matrix(claim["matrix"], "claim.matrix", rational=True)
    levels = decode_levels(claim["levels"], matrix.cols)
    rho, gamma = decode_constants(claim, "claim")
    how = prove(Property(matrix, levels, rho, gamma), evidence, reader, "evidence")
    lines = (
        f"A is the {matrix.rows} x {matrix.cols} matrix of the file, and the property is known of this matrix only.",
        levels.in_words(),
        f"|x_D| <= rho |x_Dc|_w / sqrt(xi) + gamma |Ax| for each x and each support D of these sparsities, with "
        f"{words.bounded('rho', rho)} and {words.bounded('gamma', gamma)}.",
        *how,
    )
    return Statement("null-space", "The matrix has the weighted robust null space property in levels.", lines)


def prove(
    wanted: Property, evidence: Any, reader: Reader, path: str, known: dict[str, set[str]] = _FIELDS
) -> tuple[str, ...]:
    """Apply the rules of the method and return it in words; `known` are the methods that are allowed here.

    Raises MalformedCertificate and Invalid.
    """
    named = evidence.get("method") if isinstance(evidence, dict) else None
    method = decode_choice(named, sorted(known), f"{path}.method")
    decode_object(evidence, known[method], path)
    if method == "coherence":
        return methods.coherence(wanted)
    if method == "relaxation":
        size = {"rows": wanted.matrix.rows, "cols": wanted.matrix.cols}
        return methods.relaxation(wanted, reader.matrix(evidence["inverse"], f"{path}.inverse", rational=True, **size))
    if method == "exhaustive":
        return methods.exhaustive(wanted, _inverses(wanted, evidence["inverses"], reader, f"{path}.inverses"))
    return _transfer(wanted, evidence, reader, path)


def _inverses(wanted: Property, value: object, reader: Reader, path: str) -> list[Exact]:
    items = decode_list(value, path)
    if wanted.levels.count_supports(len(items)) != len(items):
        raise MalformedCertificate(f"{path} must have one matrix for each support, not {len(items)}")
    size = {"rows": sum(wanted.levels.sparsities), "cols": wanted.matrix.rows}
    return [reader.matrix(item, f"{path}[{i}]", rational=True, **size) for i, item in enumerate(items)]


def _transfer(wanted: Property, evidence: dict[str, Any], reader: Reader, path: str) -> tuple[str, ...]:
    matrix, levels = wanted.matrix, wanted.levels
    size = {"rows": matrix.rows, "cols": matrix.cols}
    other = reader.matrix(evidence["other"], f"{path}.other", rational=True, **size)
    eta = Ratio(*decode_rational(evidence["eta"], f"{path}.eta", positive=True))
    rho, gamma = decode_constants(evidence, path)
    within = {method: fields for method, fields in _FIELDS.items() if method != "transfer"}
    try:
        how = prove(Property(other, levels, rho, gamma), evidence["evidence"], reader, f"{path}.evidence", within)
    except Invalid as error:
        raise Invalid("other", str(error)) from None
    require(_near(matrix, other, eta), "distance", lambda: f"|A - A'| exceeds eta = {words.ratio(eta)}")
    moved = gamma * eta
    left = Ratio(1, 1) + -moved
    require(not left <= Ratio(0, 1), "theta", lambda: f"gamma' eta = {words.ratio(moved)} must be less than 1")
    room = wanted.rho * left + -rho
    least = Ratio(min(levels.weights), levels.den)
    enough = Ratio(0, 1) <= room and moved * moved * levels.xi <= room * room * least * least
    require(enough, "rho", lambda: f"rho (1 - gamma' eta) - rho' is only {words.ratio(room)}")
    require(gamma <= wanted.gamma * left, "gamma", lambda: f"gamma' = {words.ratio(gamma)} is too large")
    constants = " and ".join(words.bounded(name, x) for name, x in (("rho'", rho), ("gamma'", gamma)))
    return (
        f"Method: transfer, as |A - A'| <= eta, {words.bounded('eta', eta)}, from another matrix A' with {constants}.",
        *(line.replace("Method", "Method for A'") for line in how),
    )


def _near(matrix: Exact, other: Exact, eta: Ratio) -> bool:
    """Return whether |A - A'| <= eta; the Frobenius norm settles most."""
    entries = {position: a * other.den for position, a in matrix.entries.items()}
    for position, a in other.entries.items():
        entries[position] = entries.get(position, 0) + -(a * matrix.den)
    entries = {position: a for position, a in entries.items() if a}
    difference = Exact(matrix.rows, matrix.cols, matrix.den * other.den, entries)
    return methods.frobenius2(difference) <= eta * eta or spectral_norm_at_most(difference, eta * eta)
