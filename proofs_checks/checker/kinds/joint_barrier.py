"""Kind joint-barrier: digits fail at all samples at once, on one of several inputs (docs/format.md)."""

from __future__ import annotations

from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    canonical_bytes,
    decode_integer,
    decode_list,
    decode_object,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Ratio, Reader, Vector
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.core.statements import problem_lines
from proofs_checks.checker.parts.joint import cover, groups, tight
from proofs_checks.checker.parts.minimisers import Candidate, certify
from proofs_checks.checker.parts.omega import MAX_DIGITS, MAX_EXPONENT
from proofs_checks.checker.parts.problems import Problem, check_optimality, decode_problem
from proofs_checks.checker.parts.semidefinite import spectral_norm_at_most


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("digits", "matrices", "points", "precision", "problem", "root", "samples"), "claim")
    decode_object(evidence, ("common", "minimisers"), "evidence")
    digits = decode_integer(claim["digits"], "claim.digits", low=1, high=MAX_DIGITS)
    n = decode_integer(claim["precision"], "claim.precision", low=1, high=MAX_EXPONENT)
    reader = Reader("0x0")
    problem = decode_problem(claim["problem"], reader, data=False)
    rows, cols = problem.matrix.rows, problem.matrix.cols
    samples = [reader.vector(y, "claim.samples", rows) for y in _list(claim["samples"], "claim.samples", None)]
    points = [reader.vector(x, "claim.points", cols) for x in _list(claim["points"], "claim.points", len(samples))]
    if reader.seen:
        raise MalformedCertificate("claim.problem, claim.points and claim.samples must be rational, as data are")
    first, reader = reader, Reader(claim["root"])
    reader.places = first.places  # the cap is on all vectors of the file together
    raw = _list(claim["matrices"], "claim.matrices", None)
    if len(raw) < 2:
        raise MalformedCertificate(f"claim.matrices must have at least two, not {len(raw)}")
    matrices = [reader.matrix(item, f"claim.matrices[{i}]", rows=rows, cols=cols) for i, item in enumerate(raw)]
    common = [
        _decode_witness(item, reader, f"evidence.common[{k}]", problem, inverse=False)
        for k, item in enumerate(_list(evidence["common"], "evidence.common", len(samples)))
    ]
    witnesses = []
    for i, item in enumerate(_list(evidence["minimisers"], "evidence.minimisers", len(matrices))):
        path = f"evidence.minimisers[{i}]"
        row = _list(item, path, len(samples))
        witnesses.append([_decode_witness(w, reader, f"{path}[{k}]", problem) for k, w in enumerate(row)])
    reader.finish()

    seen: dict[bytes, int] = {}
    for k, y in enumerate(claim["samples"], start=1):
        before = seen.setdefault(canonical_bytes(y), k)  # there is one way to write a vector
        if before != k:
            raise Invalid("distinct", f"samples {before} and {k} are equal")
    unit2 = Ratio(1, 4**n)
    for k, (y, x, (point, dual, _)) in enumerate(zip(samples, points, common, strict=True), start=1):
        _check_datum(problem.with_data(problem.matrix, y), x, point, dual, unit2, k)
    for i, matrix in enumerate(matrices, start=1):
        if not spectral_norm_at_most(problem.matrix.minus(matrix), unit2):
            raise Invalid("agreement", f"input {i}: the norm of A_n - A exceeds 2^-n")
    for i, (matrix, row) in enumerate(zip(matrices, witnesses, strict=True), start=1):
        for k, (y, (point, dual, inverse)) in enumerate(zip(samples, row, strict=True), start=1):
            try:
                certify(Candidate(problem.with_data(matrix, y), point, dual, inverse), unique=True)
            except Invalid as error:
                raise Invalid("minimiser", f"input {i}, sample {k}: {error}") from None
    apart = Ratio(4, 100**digits)
    found = [groups([row[k][0] for row in witnesses], apart) for k in range(len(samples))]
    most = cover(found, len(matrices))
    total = len(matrices)
    require(most < total, "cover", lambda: f"one answer for each sample is near minimisers of all {total} inputs")
    return _statement(problem, matrices, len(samples), (digits, n, most), [max(g) + 1 for g in found])


Witness = tuple[Vector, Vector | None, Exact | None]


def _list(value: object, path: str, length: int | None) -> list[Any]:
    items = decode_list(value, path)
    if not items or (length is not None and len(items) != length):
        wanted = "at least one entry" if length is None else words.counted(length, "entry", "entries")
        raise MalformedCertificate(f"{path} must have {wanted}, not {len(items)}")
    return items


def _decode_witness(value: object, reader: Reader, path: str, problem: Problem, *, inverse: bool = True) -> Witness:
    fields = decode_object(value, ("dual", "left_inverse", "point") if inverse else ("dual", "point"), path)
    rows, cols = problem.matrix.rows, problem.matrix.cols
    point = reader.vector(fields["point"], f"{path}.point", cols)
    dual = None if fields["dual"] is None else reader.vector(fields["dual"], f"{path}.dual", rows)
    left = fields.get("left_inverse")
    return point, dual, None if left is None else reader.matrix(left, f"{path}.left_inverse", cols=rows)


def _check_datum(common: Problem, x: Vector, point: Vector, dual: Vector | None, unit2: Ratio, k: int) -> None:
    """Check that x_kn is within 2^-n of a minimiser for A_n and y_k."""
    try:
        check_optimality(common, point, dual)
    except Invalid as error:
        raise Invalid("data", f"the minimiser of the common data for sample {k}: {error}") from None
    away = x.minus(point).norm2()
    require(away <= unit2, "data", lambda: f"sample {k}: |x_n - z|^2 = {words.ratio(away)} exceeds 4^-n")


def _statement(
    problem: Problem, matrices: list[Exact], samples: int, numbers: tuple[int, int, int], kinds: list[int]
) -> Statement:
    (digits, n, most), total = numbers, len(matrices)
    ways, every = ", ".join(map(str, kinds)), words.digits(digits)
    several = words.counted(samples, "sample")
    lines = (
        problem_lines(problem)[0],
        f"Inputs: {total} matrices A, {problem.matrix.rows} x {problem.matrix.cols}, with the same {several}. Each "
        "input has one minimiser for each sample.",
        "Every A has A A* = c^2 I, so that Cond(A A*) = 1."
        if all(tight(matrix) for matrix in matrices)
        else "Not claimed: that A A* is well conditioned.",
        f"One datum (A_n, y_k, x_kn) for each sample, with n = {n}, is valid training data of precision n, and so of "
        f"each precision up to {n}, for all of these inputs.",
        f"By their minimisers the inputs form groups, of which there are {ways}, one number for each sample. Groups "
        f"are more than 2 * 10^-{digits} apart, so that an answer is within 10^-{digits} of minimisers of one only.",
        f"However one group is chosen for each sample, at least {total - most} of the {total} inputs belong to none "
        f"of them: there {every} fail at every sample.",
        "A randomised algorithm that reads so far only, on all tapes, is right at one sample or more with "
        f"probability at most {words.rational(most, total)} on some input.",
        f"To do better, an algorithm must read data of precision above {n}.",
    )
    title = (
        f"With these data of precision up to {n}, every algorithm fails {every} on one of the inputs, at {several} "
        "at once."
    )
    return Statement("joint-barrier", title, lines)
