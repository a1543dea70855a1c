"""Kind training-data: triples that approximate a matrix, samples and minimisers (docs/format.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofs_checks.certificate.reading import MalformedCertificate, decode_integer, decode_list, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Ratio, Reader, Vector
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.core.statements import problem_lines
from proofs_checks.checker.parts.omega import MAX_EXPONENT
from proofs_checks.checker.parts.problems import Problem, check_optimality, decode_problem
from proofs_checks.checker.parts.semidefinite import spectral_norm_at_most


@dataclass(frozen=True)
class Triple:
    """One datum and its witnesses: the minimiser z, and a dual vector where rule 1 asks for one."""

    k: int
    n: int
    matrix: Exact
    data: Vector
    point: Vector
    minimiser: Vector
    dual: Vector | None


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("problem", "root", "samples", "triples"), "claim")
    decode_object(evidence, ("minimisers",), "evidence")
    reader = Reader(claim["root"])
    problem = decode_problem(claim["problem"], reader, data=False)
    samples = [
        reader.vector(y, f"claim.samples[{index}]", problem.matrix.rows)
        for index, y in enumerate(decode_list(claim["samples"], "claim.samples"))
    ]
    triples = _decode_triples(claim["triples"], evidence["minimisers"], reader, problem.matrix)
    if not samples or not triples:
        raise MalformedCertificate("claim.samples and claim.triples must not be empty")
    reader.finish()

    matrices: dict[int, Exact] = {}
    for triple in triples:
        try:
            _check_triple(triple, problem, samples, matrices)
        except Invalid as error:
            k = words.integer(triple.k)
            raise Invalid(error.rule, f"triple (k, n) = ({k}, {triple.n}): {error.found}") from None
    pairs = ", ".join(f"({triple.k}, {triple.n})" for triple in triples[:8]) + (", ..." if len(triples) > 8 else "")
    lines = (
        *problem_lines(problem),
        f"Samples: {len(samples)}. Triples: {len(triples)}, at (k, n) = {pairs}.",
        "In each, A_n and y_kn are within 2^-n of A and y_k, and x_kn of a minimiser for A_n and y_kn.",
    )
    return Statement("training-data", "Every triple is valid training data.", lines)


def _check_triple(triple: Triple, problem: Problem, samples: list[Vector], matrices: dict[int, Exact]) -> None:
    """Apply the rules to one triple; `matrices` holds the A_n that are already known to be near A."""
    require(1 <= triple.k <= len(samples), "rule 1", lambda: f"the only samples are 1 to {len(samples)}")
    square = Ratio(1, 4**triple.n)
    same = matrices.setdefault(triple.n, triple.matrix)
    require(same == triple.matrix, "rule 1", lambda: "A_n is not that of an earlier triple with this n")
    away = triple.data.minus(samples[triple.k - 1]).norm2()
    require(away <= square, "rule 2", lambda: f"|y_kn - y_k|^2 = {words.ratio(away)} exceeds 4^-n")
    if same is triple.matrix:
        near = spectral_norm_at_most(same.minus(problem.matrix), square)
        require(near, "rule 3", lambda: "the norm of A_n - A exceeds 2^-n")
    try:
        check_optimality(problem.with_data(same, triple.data), triple.minimiser, triple.dual)
    except Invalid as error:
        raise Invalid("rule 4", error.found) from None
    away = triple.point.minus(triple.minimiser).norm2()
    require(away <= square, "rule 4", lambda: f"|x_kn - z|^2 = {words.ratio(away)} exceeds 4^-n")


def _decode_triples(value: object, witnesses: object, reader: Reader, matrix: Exact) -> list[Triple]:
    items, others = decode_list(value, "claim.triples"), decode_list(witnesses, "evidence.minimisers")
    if len(items) != len(others):
        raise MalformedCertificate(
            f"evidence.minimisers must have {words.counted(len(items), 'entry', 'entries')}, not {len(others)}"
        )
    triples: list[Triple] = []
    for index, (item, other) in enumerate(zip(items, others, strict=True)):
        path, where = f"claim.triples[{index}]", f"evidence.minimisers[{index}]"
        fields = decode_object(item, ("data", "k", "matrix", "n", "point"), path)
        witness = decode_object(other, ("dual", "point"), where)
        size = {"rows": matrix.rows, "cols": matrix.cols}
        triple = Triple(
            k=decode_integer(fields["k"], f"{path}.k"),
            n=decode_integer(fields["n"], f"{path}.n", low=1, high=MAX_EXPONENT),
            matrix=reader.matrix(fields["matrix"], f"{path}.matrix", rational=True, **size),
            data=reader.vector(fields["data"], f"{path}.data", matrix.rows, rational=True),
            point=reader.vector(fields["point"], f"{path}.point", matrix.cols, rational=True),
            minimiser=reader.vector(witness["point"], f"{where}.point", matrix.cols),
            dual=None if witness["dual"] is None else reader.vector(witness["dual"], f"{where}.dual", matrix.rows),
        )
        if triples and (triples[-1].k, triples[-1].n) >= (triple.k, triple.n):
            raise MalformedCertificate(f"{path}: triples must strictly increase in (k, n)")
        triples.append(triple)
    return triples
