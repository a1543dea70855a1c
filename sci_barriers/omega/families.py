"""The class Ω(K, L): its strong and weak family, members, control instance and common oracle.

Everything is exact. An instance is described by a in Q^d and c² = ‖a‖²; c is irrational in general and is only ever
handed out as a rational c_n. Source: docs/theory.md, "The class Omega(K,L)", "The common oracle", "The control".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, fmpq

from exact_base.errors import DataError, UsageError
from exact_base.rationals import power_of_ten, power_of_two, sqrt_ceiling
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Real, abs2, as_rational, exact, norm2, real_part, sqrt, zeros
from exact_base.words import counted, shown
from sci_barriers.problems import Problem, problem_type

__all__ = ["MAX_BUDGET", "MAX_PRECISION", "Instance", "OmegaClass", "check_budget"]

DEFAULT_PARAMETERS = {"bpdn": fmpq(1, 2), "lasso": fmpq(1, 2), "sqrt-lasso": fmpq(1)}
FAMILIES = ("strong", "weak")
MAX_DIGITS = 100_000
MAX_COLUMNS = 65_536
_MAX_EXPONENT = 1_000_000


def height(problem: str, parameter: fmpq, largest: Real) -> Real:
    """Return h(a_max), the norm of each extreme minimiser of an input [[a^T, 0], [0, c I]], y = e_1."""
    if problem == "bpdn":
        return (1 - parameter) / largest
    if problem == "lasso":
        return (1 - parameter / (2 * largest)) / largest
    return 1 / largest


@short_repr()
@dataclass(frozen=True, kw_only=True)
class OmegaClass:
    """One family of Ω(K, L): inputs on which no algorithm reaches `target_digits` digits.

    Attributes:
        problem: `bpdn`, `lasso` or `sqrt-lasso`.
        parameter: ε or λ.
        digits: K.
        family: `strong` (with the tie instance) or `weak` (without it, one digit and a factor 16 larger).
        rows: m.
        columns: N > m; d = N - m + 1 columns are tied.
        alpha: the scale α of the class, rational.
        householder: integers v of the disguise U = I - 2vv^T/(v^T v), or None.

    >>> from sci_barriers import OmegaClass
    >>> omega = OmegaClass.create("lasso", digits=6, rows=2, columns=3)
    >>> omega.digits, str(omega.alpha)
    (6, '1999999/3')
    """

    problem: str
    parameter: fmpq
    digits: int
    family: str
    rows: int
    columns: int
    alpha: fmpq
    householder: tuple[int, ...] | None = None

    @classmethod
    def create(
        cls,
        problem: str,
        *,
        digits: int,
        rows: int = 21,
        columns: int = 22,
        parameter: Any = None,
        family: str = "strong",
        alpha: Any = None,
        disguise: bool | Sequence[int] = False,
    ) -> OmegaClass:
        """Make a class, choosing α so that the height h is about 3/2·10^-K, and check every inequality.

        Args:
            problem: name of the problem.
            digits: K >= 1 (>= 2 for the weak family).
            rows: m, 1 <= m < N.
            columns: N >= 2.
            parameter: ε or λ, anything `exact` reads; the default is 1/2 (bpdn, lasso) or 1 (sqrt-lasso).
            family: `strong` or `weak`.
            alpha: α, chosen if not given.
            disguise: True hides the block structure by U with v = (1,..,1); a sequence gives v itself.

        Raises:
            UsageError: naming what is out of range or the inequality that fails.
        """
        problem_type(problem)
        _require_integer("digits K", digits)
        if not 1 <= digits <= MAX_DIGITS:
            raise UsageError(f"digits K must be between 1 and {MAX_DIGITS}, got {digits}")
        try:
            value = DEFAULT_PARAMETERS[problem] if parameter is None else as_rational(exact(parameter))
            chosen = (
                default_alpha(problem, value, digits, units=fmpq(3, 2)) if alpha is None else as_rational(exact(alpha))
            )
        except DataError as error:
            raise UsageError(f"the parameter or α cannot be read: {error}") from None
        vector: tuple[int, ...] | None = None
        if disguise is not False:
            vector = tuple([1] * rows if disguise is True else [int(v) for v in disguise])
            common = math.gcd(*vector)
            leading = next((v for v in vector if v), 0)
            if common == 0:
                raise UsageError("the Householder vector of the disguise must not be zero")
            vector = tuple(v // common * (1 if leading > 0 else -1) for v in vector)
        return cls(
            problem=problem,
            parameter=value,
            digits=digits,
            family=family,
            rows=rows,
            columns=columns,
            alpha=chosen,
            householder=vector,
        )

    def __post_init__(self) -> None:
        """Check every inequality of docs/theory.md, "The class Omega(K,L)"."""
        _require_integer("the number of rows m", self.rows)
        _require_integer("the number of columns N", self.columns)
        if self.columns > MAX_COLUMNS:
            raise UsageError(f"at most {MAX_COLUMNS} columns fit into a certificate, got N = {self.columns}")
        if not 1 <= self.rows < self.columns:
            raise UsageError(f"sizes must satisfy 1 <= m < N, got m = {self.rows}, N = {self.columns}")
        if self.family not in FAMILIES:
            raise UsageError(f"unknown family {self.family!r}; choose one of {', '.join(FAMILIES)}")
        if self.family == "weak" and self.digits < 2:
            raise UsageError(f"the weak family needs K >= 2, got K = {self.digits}")
        if self.householder is not None and len(self.householder) != self.rows:
            raise UsageError(
                f"the Householder vector needs {counted(self.rows, 'entry', 'entries')}, got {len(self.householder)}"
            )
        symbol = problem_type(self.problem).parameter_symbol
        if self.parameter <= 0 or (self.problem == "bpdn" and self.parameter >= 1):
            allowed = "0 < ε < 1" if self.problem == "bpdn" else "λ > 0"
            raise UsageError(f"{symbol} out of range: {allowed} is needed, got {self.parameter}")
        low = (
            self.base <= 0
            or {
                "bpdn": False,
                "lasso": self.base < self.parameter,
                "sqrt-lasso": self.base <= self.parameter,
            }[self.problem]
        )
        height, unit = self.height(self.base) if not low else fmpq(0), power_of_ten(-self.target_digits)
        if low or not 2 * height**2 > 4 * unit**2 or not 2 * height**2 <= 100 * unit**2:
            raise UsageError(
                f"{symbol} = {_short(self.parameter)} with α = {_short(self.alpha)} is out of range for "
                f"K = {self.digits} ({self.family} family): "
                f"√2·h must lie in (2·10^-{self.target_digits}, 10^-{self.target_digits - 1}]; "
                f"use a smaller {symbol} or larger K"
            )

    # --- the numbers of the class --------------------------------------------------------------

    @property
    def ties(self) -> int:
        """D = N - m + 1, the number of tied columns."""
        return self.columns - self.rows + 1

    @property
    def target_digits(self) -> int:
        """The number of digits that cannot be reached: K (strong), K - 1 (weak)."""
        return self.digits if self.family == "strong" else self.digits - 1

    @property
    def base(self) -> fmpq:
        """The common entry of a on the tie: α (strong) or α/16 (weak)."""
        return self.alpha if self.family == "strong" else self.alpha / 16

    def perturbation(self, q: int) -> fmpq:
        """δ_q = 2^-q (strong) or 2^-(q+4) (weak)."""
        return power_of_two(-q if self.family == "strong" else -q - 4)

    def least_exponent(self, n: int) -> int:
        """The least q of the class with δ_q <= 2^-n: the common data of precision n belong to its members."""
        return max(self.q0, n if self.family == "strong" else n - 4)

    def height(self, largest: fmpq) -> fmpq:
        """h(a_max): the norm of each extreme minimiser."""
        return as_rational(height(self.problem, self.parameter, largest))

    def admits(self, q: int) -> bool:
        """Tell whether q >= q0: the two inequalities that depend on q hold."""
        height, unit = self.height(self.base + self.perturbation(q)), power_of_ten(-self.target_digits)
        return bool(2 * height**2 > 4 * unit**2 and self.height(self.base) - height <= unit)

    @cached_property
    def q0(self) -> int:
        """The least exponent of the class."""
        return least_admitted(self.admits)

    # --- instances -----------------------------------------------------------------------------

    def tie(self) -> Instance:
        """A = (β,..,β); a member of the strong family only."""
        return Instance(self, (self.base,) * self.ties)

    def member(self, *, i: int, q: int) -> Instance:
        """The member with a_i = β + δ_q and the others β, 1 <= i <= d, q0 <= q <= MAX_PRECISION."""
        if not 1 <= i <= self.ties:
            raise UsageError(f"a member has index 1 <= i <= {self.ties}, got {i}")
        if q < self.q0:
            raise UsageError(f"a member has exponent q >= {self.q0}, got {q}")
        if q > MAX_PRECISION:
            raise UsageError(f"no certificate holds a member with exponent q > {MAX_PRECISION}, got {q}")
        a = [self.base] * self.ties
        a[i - 1] += self.perturbation(q)
        return Instance(self, tuple(a))

    def control(self, *, last: bool = False) -> Instance:
        """The well-posed instance a = (β, β/2, .., β/2), whose only minimiser is h(β)·e_1; not a member.

        With `last` the tied columns are in the other order, a = (β/2, .., β/2, β), and the minimiser is h(β)·e_d.
        """
        a = (self.base,) + (self.base / 2,) * (self.ties - 1)
        return Instance(self, a[::-1] if last else a)

    # --- dense matrices ------------------------------------------------------------------------

    def disguised(self, array: ExactArray) -> ExactArray:
        """U · array for a matrix or vector with m rows; U is symmetric, so that a second time undoes the first."""
        if self.householder is None:
            return array
        v = np.array([fmpq(entry) for entry in self.householder], dtype=object)
        factor = fmpq(2) / (v @ v)
        result: ExactArray = array - np.multiply.outer(v, (v @ array) * factor)
        return result

    def matrix(self, a: Sequence[fmpq], c: Any, *, disguised: bool = True) -> ExactArray:
        """U · [[a^T, 0], [0, c I]], shape (m, N), for a scalar c; without `disguised`, not multiplied by U."""
        plain = zeros((self.rows, self.columns))
        plain[0, : self.ties] = a
        for row in range(1, self.rows):
            plain[row, self.ties + row - 1] = c
        return self.disguised(plain) if disguised else plain

    def data(self) -> ExactArray:
        """The data y = U e_1, length m."""
        unit = zeros(self.rows)
        unit[0] = fmpq(1)
        return self.disguised(unit)


@short_repr()
@dataclass(frozen=True)
class Instance:
    """The input (U A(a), U e_1) for one a > 0; its minimisers are h(a_max)·conv{e_i : a_i = a_max}."""

    omega: OmegaClass
    a: tuple[fmpq, ...]

    @cached_property
    def c2(self) -> fmpq:
        """c² = ‖a‖²."""
        return sum((entry * entry for entry in self.a), fmpq(0))

    @cached_property
    def height(self) -> fmpq:
        """h(a_max)."""
        return self.omega.height(max(self.a))

    @cached_property
    def argmax(self) -> tuple[int, ...]:
        """The positions, from 0, of the largest entries of a."""
        largest = max(self.a)
        return tuple(i for i, entry in enumerate(self.a) if entry == largest)

    @property
    def exponent(self) -> int:
        """The q of a member, whose largest entry is β + δ_q; 0 for the tie and the control."""
        excess = max(self.a) - self.omega.base
        return int((self.omega.perturbation(0) / excess).p).bit_length() - 1 if excess > 0 else 0

    def centroid(self) -> ExactArray:
        """The mean of the extreme minimisers, itself a minimiser; length N."""
        point = zeros(self.omega.columns)
        for i in self.argmax:
            point[i] = self.height / len(self.argmax)
        return point

    def distance2(self, z: ExactArray) -> fmpq:
        """Exact squared distance from z (rational, real or complex, length N) to the set of minimisers.

        The set is a simplex, so this is the projection onto a simplex by the threshold rule.
        """
        inside = [as_rational(real_part(z[i])) for i in self.argmax]
        threshold = fmpq(0)
        running = -self.height
        for count, value in enumerate(sorted(inside, reverse=True), start=1):
            running += value
            if value <= running / count:
                break
            threshold = running / count
        return as_rational(norm2(z)) - sum((value**2 - min(value, threshold) ** 2 for value in inside), fmpq(0))

    def residual2(self, z: ExactArray) -> fmpq:
        """Exact ‖Az - y‖² for a rational (or Gaussian rational) z."""
        d = self.omega.ties
        first = sum((a * entry for a, entry in zip(self.a, z[:d], strict=True)), fmpq(0)) - 1
        return as_rational(abs2(first) + self.c2 * norm2(z[d:]))

    def exact_problem(self) -> Problem:
        """The dense problem with c = √c² exactly, over Q(√c²)."""
        omega = self.omega
        matrix = omega.matrix(self.a, sqrt(self.c2))
        return problem_type(omega.problem)(matrix, omega.data(), parameter=omega.parameter)


def default_alpha(problem: str, parameter: fmpq, digits: int, *, units: fmpq) -> fmpq:
    """Choose α with h(α) close to units·10^-K."""
    target = units * power_of_ten(-digits)
    if problem == "bpdn":
        return (1 - parameter) / target
    if problem == "lasso":
        # the larger root of h·α² - α + λ/2 = 0, down to a multiple of 1/3
        discriminant = 1 - 2 * target * parameter
        if discriminant < 0:
            raise UsageError(f"λ = {_short(parameter)} is out of range for K = {digits}: use a smaller λ or larger K")
        root = (1 + sqrt_ceiling(discriminant, bits=64 + 4 * digits)) / (2 * target)
        return fmpq(math.floor(root * 3), 3)
    return 1 / target


def least_admitted(admits: Callable[[int], bool]) -> int:
    """Return the least exponent q >= 1 that a class admits, if it admits all from some q on.

    Raises:
        UsageError: if there is none up to 10^6.
    """
    high = 1
    while not admits(high):
        high *= 2
        if high > _MAX_EXPONENT:
            raise UsageError("α is too close to the edge of its range: no exponent q up to 10^6 belongs to the class")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if admits(middle) else (middle, high)
    return high


def _require_integer(what: str, value: object) -> None:
    if type(value) is not int:
        raise UsageError(f"{what} must be an integer, got {value!r}")


def _short(value: fmpq) -> str:
    """Write a rational for a message."""
    text = str(value)
    return text if len(text) <= 24 else arb(value).str(6, radius=False)


MAX_PRECISION = 1_000_000


MAX_BUDGET = 1_000_000


def check_budget(omega: OmegaClass, budget: int) -> None:
    """Refuse a budget that is none, or a class to which no budget belongs.

    Raises:
        UsageError: unless M is an integer from 0 to 10^6 and the family is weak.
    """
    if type(budget) is not int or not 0 <= budget <= MAX_BUDGET:
        raise UsageError(f"the budget of data must be an integer between 0 and {MAX_BUDGET}, got {shown(budget)}")
    if omega.family != "weak":
        raise UsageError("a budget is about the weak family; on the strong one K digits fail with any number of data")
