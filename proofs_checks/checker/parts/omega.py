"""The class Omega(K, L): its object, heights, members, and the rules of transcripts (barrier and control).

docs/format.md, "The class Ω(K, L)"; docs/theory.md, "The class Omega(K,L)". Rationals are pairs (num, den), not
reduced, den > 0; everything is linear in the number of columns.
"""

import math
from dataclasses import dataclass

from proofs_checks.certificate.reading import (
    MAX_SIDE,
    MalformedCertificate,
    Matrix,
    decode_choice,
    decode_integer,
    decode_list,
    decode_matrix,
    decode_object,
    decode_rational,
    quote,
)
from proofs_checks.checker.core import words
from proofs_checks.checker.core.rules import Invalid, require
from proofs_checks.checker.parts.problems import PROBLEMS

Rational = tuple[int, int]

MAX_DIGITS = 100_000
MAX_EXPONENT = 1_000_000


@dataclass(frozen=True)
class Omega:
    """One family of the class, with the base beta and the target digits T of docs/format.md."""

    problem: str
    parameter: Rational
    rows: int
    columns: int
    digits: int
    family: str
    alpha: Rational
    householder: list[int] | None

    @property
    def ties(self) -> int:
        """The number d of tied columns."""
        return self.columns - self.rows + 1

    @property
    def target(self) -> int:
        """The number T of digits that the family puts out of reach."""
        return self.digits if self.family == "strong" else self.digits - 1

    @property
    def base(self) -> Rational:
        """The base beta."""
        num, den = self.alpha
        return (num, den) if self.family == "strong" else (num, 16 * den)

    def delta_bits(self, q: int) -> int:
        """Return r with perturbation delta_q = 2^-r."""
        return q if self.family == "strong" else q + 4

    def top(self, q: int) -> Rational:
        """Return beta + delta_q, the largest entry of a member at level q."""
        num, den = self.base
        shift = self.delta_bits(q)
        return (num << shift) + den, den << shift

    def height(self, t: Rational) -> Rational:
        """Return h(t)."""
        (num, den), (p_num, p_den) = t, self.parameter
        if self.problem == "bpdn":
            return (p_den - p_num) * den, p_den * num
        if self.problem == "lasso":
            return (2 * p_den * num - p_num * den) * den, 2 * p_den * num * num
        return den, num

    def scaled_square(self, h: Rational) -> Rational:
        """Return h² / 10^-2T."""
        return h[0] * h[0] * 100**self.target, h[1] * h[1]

    def check_parameters(self, separated: Rational) -> None:
        """Check the conditions on p, K and beta, with `separated` the height whose minimisers lie far apart."""
        (p_num, p_den), (b_num, b_den) = self.parameter, self.base
        require(self.family == "strong" or self.digits >= 2, "class", lambda: "the weak family needs K >= 2")
        slack = b_num * p_den - p_num * b_den
        fits = {"bpdn": p_num < p_den, "lasso": slack >= 0, "sqrt-lasso": slack > 0}[self.problem]
        beta = f"beta = {words.rational(b_num, b_den)}"
        require(fits, "class", lambda: f"p = {words.rational(p_num, p_den)} is too large for {beta}")
        num, den = self.scaled_square(separated)
        require(num > 2 * den, "class", lambda: f"2 h^2 > 4 * 10^-2T fails: h = {words.decimal(*separated)}")
        num, den = self.scaled_square(high := self.height(self.base))
        require(num <= 50 * den, "class", lambda: f"2 h^2 <= 10^(2-2T) fails: h = {words.decimal(*high)}")


def decode_class(value: object) -> Omega:
    """Return the class at claim.class; raises MalformedCertificate."""
    path = "claim.class"
    keys = ("alpha", "columns", "digits", "family", "householder", "parameter", "problem", "rows")
    fields = decode_object(value, keys, path)
    columns = decode_integer(fields["columns"], f"{path}.columns", low=2, high=MAX_SIDE)
    rows = decode_integer(fields["rows"], f"{path}.rows", low=1, high=columns - 1)
    vector = None
    if fields["householder"] is not None:
        where = f"{path}.householder"
        vector = [decode_integer(v, where) for v in decode_list(fields["householder"], where)]
        if len(vector) != rows or math.gcd(*vector) != 1 or next(v for v in vector if v) < 0:
            raise MalformedCertificate(f"{where} must be {rows} integers, of gcd 1, the first non-zero one positive")
    return Omega(
        problem=decode_choice(fields["problem"], PROBLEMS, f"{path}.problem"),
        parameter=decode_rational(fields["parameter"], f"{path}.parameter", positive=True),
        rows=rows,
        columns=columns,
        digits=decode_integer(fields["digits"], f"{path}.digits", low=1, high=MAX_DIGITS),
        family=decode_choice(fields["family"], ("strong", "weak"), f"{path}.family"),
        alpha=decode_rational(fields["alpha"], f"{path}.alpha", positive=True),
        householder=vector,
    )


@dataclass(frozen=True)
class Read:
    """One datum: at precision n the answer c = c_n and x = x_n."""

    n: int
    c: Rational
    x: Matrix

    def near(self, square: Rational) -> bool:
        """Return whether c_n >= 0 and |c_n - c| <= 2^-n, for c >= 0 given by its square."""
        (num, den), (c2_num, c2_den) = self.c, square
        # c_n -+ 2^-n over one denominator, without the powers of two that den and 2^n share
        shared = min(self.n, (den & -den).bit_length() - 1)
        low, high = ((num << self.n - shared) + sign * (den >> shared) for sign in (-1, 1))
        common = den << self.n - shared
        middle = c2_num * common * common
        return num >= 0 and middle <= high * high * c2_den and (low <= 0 or low * low * c2_den <= middle)


def decode_transcript(value: object, omega: Omega, *, empty: bool = False) -> list[Read]:
    """Return the reads of evidence.transcript, which may be `empty` or not; raises MalformedCertificate."""
    path = "evidence.transcript"
    reads: list[Read] = []
    raw, x = None, None  # the last x_n, which most reads repeat
    for index, item in enumerate(decode_list(value, path)):
        where = f"{path}[{index}]"
        if not isinstance(item, list) or len(item) != 4:
            raise MalformedCertificate(f"{where} must be [k, n, c_n, x_n], not {quote(item)}")
        decode_integer(item[0], f"{where}[0]", low=1, high=1)
        n = decode_integer(item[1], f"{where}[1]", low=1, high=MAX_EXPONENT)
        c = decode_rational(item[2], f"{where}[2]")
        if x is None or item[3] != raw:
            raw = item[3]
            x = decode_matrix(raw, f"{where}[3]", rows=omega.columns, cols=1, rational=True, real=True)
        reads.append(Read(n, c, x))
    if not (reads or empty):
        raise MalformedCertificate(f"{path} must hold at least one read")
    return reads


def check_access(access: str, reads: list[Read]) -> None:
    """Check the order of the reads: a stream counts up; a repeated query repeats its answer."""
    answers: dict[int, Read] = {}
    for j, read in enumerate(reads, start=1):
        if access == "stream" and read.n != j:
            raise Invalid("access", f"read {j} of a stream has precision {read.n}")
        if answers.setdefault(read.n, read) != read:
            raise Invalid("access", f"read {j} answers precision {read.n} otherwise than an earlier read")


def distance2(z: Matrix, h: Rational, i: int) -> Rational:
    """Return |z - h e_i|^2, i counting from 1."""
    num, den = h
    total, real, imaginary = 0, 0, 0
    for (row, _), (a, _, c, _) in z.entries.items():
        if row == i - 1:
            real, imaginary = a, c
        else:
            total += a * a + c * c
    total = (total + imaginary * imaginary) * den * den + (real * den - num * z.den) ** 2
    return total, (z.den * den) ** 2
