"""The class Ω(K, L) = Ω_s ∪ Ω_w with all its samples, as the algorithms that reach K - 1 and K - 2 digits know it.

Beside y_1 = U e_1 a class may have samples y_k = U (η, y'_k), the same for all inputs, with fixed rational y'_k in
Q^(m-1) and η = 1, or 0 for bpdn. Source: docs/reads.md, "The class with samples".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flint import fmpq

from exact_base.errors import DataError, UsageError
from exact_base.rationals import sqrt_ceiling
from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray, Real, exact_vector, is_rational_array, norm2, sign, sqrt, zeros
from exact_base.words import counted
from proofs_checks.certificate.reading import MAX_POSITIONS
from sci_barriers.omega.families import Instance, OmegaClass

__all__ = ["MAX_UNION_COLUMNS", "OmegaUnion", "soft", "threshold"]

MAX_UNION_COLUMNS = 4096


def soft(value: Any, level: Any) -> Any:
    """Return sign(value)·max(|value| - level, 0), level >= 0, for real scalars of one field."""
    size = abs(value) - level
    return fmpq(0) if sign(size) <= 0 else size * sign(value)


def threshold(problem: str, parameter: fmpq, inverse: Real) -> Real:
    """Return the level θ with soft(y', θ)/c as the second part of the minimiser, for inverse = 1/c."""
    return {"bpdn": parameter, "lasso": parameter * inverse / 2, "sqrt-lasso": fmpq(0)}[problem]


@short_repr()
@dataclass(frozen=True)
class OmegaUnion:
    """Both families of Ω(K, L), of one problem, size and α, and the samples.

    Attributes:
        strong: the strong family.
        extra: y'_2, .., y'_R, rational, each of length m - 1 and not zero; none for m = 1.

    >>> from sci_barriers import OmegaClass, OmegaUnion
    >>> OmegaUnion(OmegaClass.create("lasso", digits=6, rows=2, columns=3)).weak.family
    'weak'
    """

    strong: OmegaClass
    extra: tuple[ExactArray, ...] = ()

    @classmethod
    def create(
        cls,
        problem: str,
        *,
        digits: int,
        rows: int = 21,
        columns: int = 22,
        parameter: Any = None,
        alpha: Any = None,
        disguise: bool | Sequence[int] = False,
        samples: int | Sequence[Any] = 0,
    ) -> OmegaUnion:
        """Make a class; see `OmegaClass.create` for what is not listed.

        Args:
            problem: name of the problem.
            digits: K >= 2.
            rows: m.
            columns: N.
            parameter: ε or λ.
            alpha: α.
            disguise: of the block structure.
            samples: the y'_k, or how many to choose: up to 6 non-zero entries (1 for bpdn), of the size of c, so that
                the solutions have entries of about ±1 on the strong family and ±16 on the weak one.

        Raises:
            UsageError: naming what is out of range.
        """
        strong = OmegaClass.create(
            problem, digits=digits, rows=rows, columns=columns, parameter=parameter, alpha=alpha, disguise=disguise
        )
        if isinstance(samples, int):
            if samples < 0 or (samples and rows == 1):
                raise UsageError(
                    f"extra samples need m >= 2 and a count >= 0, got m = {rows} and {counted(samples, 'sample')}"
                )
            if samples * (rows - 1) > MAX_POSITIONS:
                raise UsageError(f"{samples} samples of length {rows} do not fit into a certificate; take fewer")
            return cls(strong, tuple(_sample(strong, number) for number in range(samples)))
        try:
            return cls(strong, tuple(exact_vector(sample, length=rows - 1) for sample in samples))
        except DataError as error:
            raise UsageError(f"a sample y' cannot be read: {error}") from None

    def __post_init__(self) -> None:
        """Check both families, and what the minimisers of the samples need."""
        strong = self.strong
        if strong.family != "strong":
            raise UsageError("a union is made from its strong family")
        if strong.columns > MAX_UNION_COLUMNS:
            raise UsageError(f"at most {MAX_UNION_COLUMNS} columns fit here, got N = {strong.columns}")
        if self.extra and strong.rows == 1:
            raise UsageError("there are no extra samples for m = 1")
        if len({tuple(sample) for sample in self.extra}) < len(self.extra):
            raise UsageError("two samples y' are equal; give each sample once")
        base, problem, d = self.weak.base, strong.problem, strong.ties
        for sample in self.extra:
            support = sum(1 for entry in sample if entry)
            if sample.shape != (strong.rows - 1,) or not is_rational_array(sample) or not support:
                raise UsageError(f"an extra sample y' must have {strong.rows - 1} rational entries, not all zero")
            if problem == "bpdn" and support > 1:
                raise UsageError(f"an extra sample y' of bpdn has one non-zero entry, got {support}")
            if problem == "sqrt-lasso" and strong.parameter**2 * (d + support) > d * base**2:
                raise UsageError(f"an extra sample y' with {support} non-zero entries needs a smaller λ or larger K")

    @cached_property
    def weak(self) -> OmegaClass:
        """The weak family."""
        return replace(self.strong, family="weak")

    @property
    def families(self) -> tuple[OmegaClass, OmegaClass]:
        """Both families, the strong one first."""
        return self.strong, self.weak

    @property
    def samples(self) -> int:
        """R, the number of samples."""
        return 1 + len(self.extra)

    def parts(self, k: int) -> tuple[fmpq, ExactArray]:
        """Return (η, y') of sample k, 1 <= k <= R; (1, 0) for k = 1."""
        if k == 1:
            return fmpq(1), zeros(self.strong.rows - 1)
        return fmpq(0 if self.strong.problem == "bpdn" else 1), self.extra[k - 2]

    def data(self, k: int) -> ExactArray:
        """Return y_k, length m."""
        lead, rest = self.parts(k)
        vector = zeros(self.strong.rows)
        vector[0], vector[1:] = lead, rest
        return self.strong.disguised(vector)

    def distance2(self, instance: Instance, k: int, point: ExactArray) -> Real:
        """Exact squared distance from a rational point, length N, to the minimisers of an input for sample k."""
        (lead, rest), d = self.parts(k), self.strong.ties
        first = point.copy()
        first[d:] = fmpq(0)
        inverse = sqrt(instance.c2) / instance.c2
        level = threshold(self.strong.problem, self.strong.parameter, inverse)
        total: Real = instance.distance2(first) if lead != 0 else norm2(first)
        for entry, value in zip(point[d:], rest, strict=True):
            off = entry - soft(value, level) * inverse
            total = total + off * off
        return total

    def minimiser(self, instance: Instance, k: int) -> tuple[ExactArray, ExactArray | None]:
        """Return a minimiser for sample k, length N, over Q(c); for sqrt-lasso also a dual vector, length m."""
        (lead, rest), omega, d = self.parts(k), instance.omega, instance.omega.ties
        inverse = sqrt(instance.c2) / instance.c2
        level = threshold(omega.problem, omega.parameter, inverse)
        point = instance.centroid() * lead
        point[d:] = [soft(value, level) * inverse for value in rest]
        if omega.problem != "sqrt-lasso":
            return point, None
        dual = zeros(omega.rows)
        dual[0] = omega.parameter / max(instance.a)
        dual[1:] = [sign(value) * omega.parameter * inverse for value in rest]
        return point, omega.disguised(dual)


def _sample(strong: OmegaClass, number: int) -> ExactArray:
    """Choose y' with entries of about ±√d·α, different for each number: by position or sign, and every two by size."""
    size, places = fmpq(math.ceil(sqrt_ceiling(strong.ties * strong.alpha**2, bits=0)) + number // 2), strong.rows - 1
    vector = zeros(places)
    for step in range(1 if strong.problem == "bpdn" else min(6, places)):
        vector[(number + step) % places] = size * (-1) ** (step + number // places)
    return vector
