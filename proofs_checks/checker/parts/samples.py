"""Both families of Omega(K, L) and the samples beside e_1 (docs/format.md, "kind reads")."""

from __future__ import annotations

import math
from dataclasses import replace

from proofs_checks.certificate.reading import MalformedCertificate, decode_list, decode_matrix
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.core.statements import NAMES, reflection
from proofs_checks.checker.parts.lines import BITS
from proofs_checks.checker.parts.omega import Omega, Rational, decode_class

MAX_COLUMNS = 4096  # every column is looked at, however short the file
Sample = tuple[list[int], int]
"""The moduli of the non-zero entries of y', as numerators, and their denominator."""


def decode_union(value: object) -> tuple[Omega, Omega]:
    """Return the strong and the weak family of claim.class; raises MalformedCertificate."""
    strong = decode_class(value)
    if strong.family != "strong" or strong.columns > MAX_COLUMNS:
        raise MalformedCertificate(f"claim.class must name the strong family and at most {MAX_COLUMNS} columns")
    return strong, replace(strong, family="weak")


def decode_sample(value: object, path: str, omega: Omega) -> Sample:
    """Return y' at a path; raises MalformedCertificate."""
    if omega.rows == 1:
        raise MalformedCertificate(f"{path}: there are no samples beside e_1 for m = 1")
    column = decode_matrix(value, path, rows=omega.rows - 1, cols=1, rational=True, real=True)
    if not column.entries:
        raise MalformedCertificate(f"{path} is zero")
    return [abs(a) for a, *_ in column.entries.values()], column.den


def decode_samples(value: object, omega: Omega, path: str = "claim.samples") -> list[Sample]:
    """Return the samples at a path; raises MalformedCertificate."""
    items = decode_list(value, path)
    return [decode_sample(item, f"{path}[{index}]", omega) for index, item in enumerate(items)]


def check_union(families: tuple[Omega, Omega], samples: list[Sample]) -> None:
    """Require the conditions of both families, and those under which the samples have the stated minimisers."""
    for omega in families:
        omega.check_parameters(omega.height(omega.base))
    check_samples(families[1], samples)


def check_samples(omega: Omega, samples: list[Sample]) -> None:
    """Require the condition under which samples have the stated minimisers on all members of a family and its tie."""
    (num, den), (p_num, p_den), d = omega.base, omega.parameter, omega.ties
    most = max((len(moduli) for moduli, _ in samples), default=0)
    if omega.problem == "bpdn":
        require(most <= 1, "samples", lambda: f"{most} non-zero entries in a sample, where bpdn allows 1")
    if omega.problem == "sqrt-lasso":
        # p^2 (1/beta^2 + most/(d beta^2)) <= 1
        fits = (p_num * den) ** 2 * (d + most) <= (num * p_den) ** 2 * d
        require(fits, "samples", lambda: f"{most} non-zero entries in a sample are too many for p and beta")


def shrunk(sample: Sample, threshold: Rational) -> Ratio:
    """Return the sum of the squares of (|y'_i| - threshold)_+ over the non-zero y'_i."""
    (moduli, den), (t_num, t_den) = sample, threshold
    return Ratio(sum(max(a * t_den - t_num * den, 0) ** 2 for a in moduli), (den * t_den) ** 2)


def roots(square: Rational) -> tuple[Rational, Rational]:
    """Return a lower and an upper bound of the root of a positive rational, both its root if that is rational."""
    divisor = math.gcd(*square)
    p, q = square[0] // divisor, square[1] // divisor
    root = math.isqrt(p * q)
    if root * root == p * q:
        return (root, q), (root, q)
    root = math.isqrt(p * q << 2 * BITS)
    return (root, q << BITS), (root + 1, q << BITS)


def union_lines(strong: Omega) -> tuple[str, ...]:
    """Return the union of both families in words."""
    disguise, _ = reflection(strong)
    return (
        f"Problem: {NAMES[strong.problem]}, weights 1, p = {words.rational(*strong.parameter)}.",
        f"Inputs: both families of the class Omega(K), K = {strong.digits}, with bases alpha = "
        f"{words.rational(*strong.alpha)} and alpha/16; A is m x N = {strong.rows} x {strong.columns}{disguise}, "
        f"and its first d = {strong.ties} columns compete.",
    )
