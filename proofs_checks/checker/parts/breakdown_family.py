"""Kind breakdown, form family: instances that share data and have minimisers apart (docs/format.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_integer,
    decode_list,
    decode_object,
    decode_rational,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Ratio, Reader, Vector
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.core.statements import problem_lines
from proofs_checks.checker.parts.breakdown_radius import Solved, check_radius
from proofs_checks.checker.parts.omega import MAX_EXPONENT
from proofs_checks.checker.parts.problems import Problem, check_optimality, decode_problem
from proofs_checks.checker.parts.semidefinite import spectral_norm_at_most


@dataclass(frozen=True)
class Input:
    """A matrix and a vector, with a name for messages."""

    name: str
    matrix: Exact
    data: Vector


@dataclass(frozen=True)
class Witness:
    """A minimiser of an instance, with a dual vector where one is needed and a multiplier where one is."""

    point: Vector
    dual: Vector | None
    multiplier: Vector | None


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, ("form", "instances", "limit", "point", "precision", "problem", "root", "square"), "claim")
    decode_object(evidence, ("dual", "minimiser", "minimisers", "weights"), "evidence")
    reader = Reader("0x0")
    problem = decode_problem(claim["problem"], reader)
    point = reader.vector(claim["point"], "claim.point", problem.matrix.cols)
    if reader.seen:
        raise MalformedCertificate("claim.problem and claim.point must be rational, as data are")
    n = decode_integer(claim["precision"], "claim.precision", low=1, high=MAX_EXPONENT)
    square = decode_rational(claim["square"], "claim.square", positive=True)
    first, reader = reader, Reader(claim["root"])
    reader.places = first.places  # the cap is on all vectors of the file together
    minimiser = reader.vector(evidence["minimiser"], "evidence.minimiser", problem.matrix.cols)
    dual = _decode_rows(evidence["dual"], reader, "evidence.dual", problem)
    raw = decode_list(claim["instances"], "claim.instances")
    if len(raw) < 2:
        raise MalformedCertificate(f"claim.instances must have at least two, not {len(raw)}")
    instances = [
        _decode_input(item, reader, f"claim.instances[{i}]", f"instance {i + 1}", problem) for i, item in enumerate(raw)
    ]
    limit = (
        [] if claim["limit"] is None else [_decode_input(claim["limit"], reader, "claim.limit", "the limit", problem)]
    )
    witnesses = _decode_witnesses(evidence["minimisers"], reader, problem, len(raw))
    weights = reader.vector(evidence["weights"], "evidence.weights", len(raw), rational=True, real=True)
    reader.finish()

    unit2 = Ratio(1, 4**n)
    try:
        check_optimality(problem, minimiser, dual)
    except Invalid as error:
        raise Invalid("data", f"the minimiser of the common data: {error}") from None
    away = point.minus(minimiser).norm2()
    require(away <= unit2, "data", lambda: f"|x_n - z|^2 = {words.ratio(away)} exceeds 4^-n")
    for one in (*limit, *instances):
        _check_agreement(problem, one, unit2)
    solved = [_solve(problem, one, witness) for one, witness in zip(instances, witnesses, strict=True)]
    attained = check_radius(solved, weights, Ratio(*square))

    low, up = words.decimal(*square, root=True), words.decimal(*square, root=True, up=True)
    lines = (
        *problem_lines(problem),
        f"Instances: {len(instances)}{'; and a limit instance' if limit else ''}. The minimisers of each form a set.",
        f"One datum (A_n, y_n, x_n), with n = {n}, is valid training data of precision n, and so of each precision "
        f"up to {n}, for all of them.",
        "An algorithm that receives this datum whatever it reads up to that precision answers the same for all, and "
        f"no answer is nearer than r to each of the {len(instances)} sets, with r^2 = {words.rational(*square)}: "
        f"r is between {low} and {up}.",
        "No larger r is true: the mean of the minimisers given, with the weights, is an answer within r of each set."
        if attained
        else "It is a lower bound; whether a larger r is true is not said.",
        f"To be nearer than r on all of them, an algorithm must read data of precision above {n}.",
    )
    title = f"With these data of precision up to {n}, every answer errs by at least {low} on one of the instances."
    return Statement("breakdown", title, lines)


def _decode_rows(value: object, reader: Reader, path: str, problem: Problem) -> Vector | None:
    return None if value is None else reader.vector(value, path, problem.matrix.rows)


def _decode_input(value: object, reader: Reader, path: str, name: str, problem: Problem) -> Input:
    fields = decode_object(value, ("data", "matrix"), path)
    rows, cols = problem.matrix.rows, problem.matrix.cols
    matrix = reader.matrix(fields["matrix"], f"{path}.matrix", rows=rows, cols=cols)
    return Input(name, matrix, reader.vector(fields["data"], f"{path}.data", rows))


def _decode_witnesses(value: object, reader: Reader, problem: Problem, count: int) -> list[Witness]:
    items, found = decode_list(value, "evidence.minimisers"), []
    if len(items) != count:
        wanted = words.counted(count, "entry", "entries")
        raise MalformedCertificate(f"evidence.minimisers must have {wanted}, not {len(items)}")
    for i, item in enumerate(items):
        path = f"evidence.minimisers[{i}]"
        fields = decode_object(item, ("dual", "multiplier", "point"), path)
        point = reader.vector(fields["point"], f"{path}.point", problem.matrix.cols)
        dual, q = (_decode_rows(fields[key], reader, f"{path}.{key}", problem) for key in ("dual", "multiplier"))
        found.append(Witness(point, dual, q))
    return found


def _check_agreement(problem: Problem, one: Input, unit2: Ratio) -> None:
    away = problem.data.minus(one.data).norm2()
    require(away <= unit2, "agreement", lambda: f"{one.name}: |y_n - y|^2 = {words.ratio(away)} exceeds 4^-n")
    near = spectral_norm_at_most(problem.matrix.minus(one.matrix), unit2)
    require(near, "agreement", lambda: f"{one.name}: the norm of A_n - A exceeds 2^-n")


def _solve(problem: Problem, one: Input, witness: Witness) -> Solved:
    own = problem.with_data(one.matrix, one.data)
    try:
        optimality = check_optimality(own, witness.point, witness.dual)
    except Invalid as error:
        raise Invalid("minimiser", f"{one.name}: {error}") from None
    return Solved(one.name, own, witness.point, optimality, witness.multiplier)
