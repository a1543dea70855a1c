"""The sentences that statements share. Nothing here decides."""

from __future__ import annotations

from typing import cast

from proofs_checks.certificate.reading import printable
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio, Vector
from proofs_checks.checker.parts.omega import Omega, Read
from proofs_checks.checker.parts.problems import Problem

NAMES = {
    "bpdn": "basis pursuit denoising (minimise |x|_w subject to |Ax - y| <= p)",
    "lasso": "LASSO (minimise p |x|_w + |Ax - y|^2)",
    "sqrt-lasso": "square-root LASSO (minimise p |x|_w + |Ax - y|)",
}
_HEARD = 60  # characters of a string of the file that are repeated as hearsay


def problem_lines(problem: Problem) -> tuple[str, ...]:
    """Return a problem in words."""
    weights = {weight == problem.weights_den for weight in problem.weights}
    return (
        f"Problem: {NAMES[problem.name]}, {'weights 1' if weights == {True} else 'the weights of the file'}, "
        f"p = {words.rational(*problem.parameter)}.",
        f"A is the {problem.matrix.rows} x {problem.matrix.cols} matrix of the file.",
    )


def class_lines(omega: Omega, further: int = 0) -> tuple[str, ...]:
    """Return a class in words, of which the sample y_1 is looked at, or so many further ones."""
    disguise, sample = reflection(omega)
    lead = "0" if omega.problem == "bpdn" else "1"
    turned = "U " if omega.householder else ""
    several = f"its further samples are {turned}({lead}, y') for {words.counted(further, 'vector')} y' of the file"
    looked_at = several if further else f"the sample is y = {sample}"
    return (
        f"Problem: {NAMES[omega.problem]}, weights 1, p = {words.rational(*omega.parameter)}.",
        f"Inputs: the {omega.family} family of the class Omega(K), K = {omega.digits}, with base "
        f"beta = {words.rational(*omega.base)}; A is m x N = {omega.rows} x {omega.columns}{disguise}, "
        f"and its first d = {omega.ties} columns compete; {looked_at}.",
    )


def reflection(omega: Omega) -> tuple[str, str]:
    """Return what is said of A where it is hidden by a reflection, and the sample y_1."""
    return ("", "e_1") if omega.householder is None else (", times a Householder reflection U", "U e_1")


def size_line(bound: Ratio, point: Vector, name: str) -> str:
    """Return how large a bound of the distance from a point is beside the point; both are rational."""
    return size_of(bound, point.norm2(), name)


def size_of(bound: Ratio, norm2: Ratio, name: str) -> str:
    """Return the same for a point with this square of its norm."""
    square = bound * bound
    if not bound.num:
        return f"The bound is 0, so that no such x differs from {name}."
    if not norm2.num:
        return f"This SAYS NOTHING of {name}, which is 0: it bounds |x| alone."
    num, den = cast(int, square.num) * norm2.den, square.den * cast(int, norm2.num)
    if norm2 <= square:
        return (
            f"This SAYS NOTHING of {name}: the bound is not less than the norm of {name} itself, but at least "
            f"{words.decimal(num, den, root=True)} times that, so that 0 is within it too."
        )
    return f"The bound is at most {words.decimal(num, den, root=True, up=True)} times the norm of {name}."


def reads_line(reads: list[Read], access: str, end: str = "answered z") -> str:
    """Return how much was read, and what the algorithm did then."""
    if not reads:
        return f"The algorithm read nothing and {end}."
    n_max = max(read.n for read in reads)
    times = words.counted(len(reads), "read")
    return f"The algorithm made {times} ({access} access), of precision up to 2^-{n_max}, and {end}."


def hearsay(provenance: dict[str, str]) -> str:
    """Return what a file says of its making, for those who read that it is valid: nothing of this was checked."""
    named = [name for name in ("producer", "solver", "name") if provenance.get(name)]
    said = [f'{name} "{printable(" ".join(provenance[name].split()), _HEARD)}"' for name in named]
    if len(provenance) > len(named):
        said.append(f"{len(provenance) - len(named)} {'more' if said else 'other'} under provenance")
    return f"who made this, and how; the file says {', '.join(said) or 'nothing of it'}"
