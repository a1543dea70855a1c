"""What is known of the noise in samples, and of how compressible an image is (docs/image-null-space.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from flint import arb, fmpq

from exact_base.decimals import enclosure
from exact_base.errors import UsageError
from exact_base.rationals import Readable, exact_number, round_up, sqrt_up
from exact_base.reprs import short_repr
from firenet_exact.imaging.property import WalshInverse

__all__ = ["Compressibility", "Form", "Noise", "gaussian_noise", "gaussian_total"]

Form: TypeAlias = Literal["norm", "correlation"]
"""What of a level is bounded: ‖(Ax - y)_l‖, or every |H*(Ax - y)|_i, which random noise keeps small."""


@short_repr()
@dataclass(frozen=True)
class Noise:
    """What is known of the noise.

    Attributes:
        forms: what is bounded in each level, or None.
        levels: the bound of each level, or None.
        total: a bound of ‖Ax - y‖, or None.

    >>> from firenet_exact.imaging.given import Noise
    >>> Noise.norm(total="1/10").total, Noise.of([("norm", 0), ("correlation", "1/8")]).levels
    (1/10, (0, 1/8))
    """

    forms: tuple[Form, ...] | None
    levels: tuple[fmpq, ...] | None
    total: fmpq | None

    @staticmethod
    def of(levels: Sequence[tuple[Form, Readable]]) -> Noise:
        """Return a bound for each level, of the form that is named with it.

        Raises:
            UsageError: unless they are at least 0, and the forms are `norm` or `correlation`.
        """
        forms, bounds = tuple(form for form, _ in levels), tuple(_bound(bound) for _, bound in levels)
        _check(forms)
        return Noise(forms, bounds, None)

    @staticmethod
    def norm(levels: Sequence[Readable] | None = None, *, total: Readable | None = None) -> Noise:
        """Return bounds e_l of ‖(Ax - y)_l‖ for each level, or one of ‖Ax - y‖.

        Raises:
            UsageError: unless one of both is given, and all numbers are at least 0.
        """
        if (levels is None) == (total is None):
            raise UsageError("a bound of the noise is needed for each level, or one of all of it")
        if levels is not None:
            return Noise.of([("norm", bound) for bound in levels])
        return Noise(None, None, None if total is None else _bound(total))

    @staticmethod
    def correlation(levels: Sequence[Readable]) -> Noise:
        """Return bounds ε_l of |H*(Ax - y)|_i for each coefficient i of each level.

        Raises:
            UsageError: unless they are at least 0.
        """
        return Noise.of([("correlation", bound) for bound in levels])

    def form(self, number: int) -> Form:
        """What is bounded in a level, `norm` if a total is given."""
        return "norm" if self.forms is None else self.forms[number]


@short_repr()
@dataclass(frozen=True)
class Compressibility:
    """What is known of σ_l(x), the sum of all but the s_l largest moduli of the coefficients of a level.

    Attributes:
        levels: a bound for each level, or None; those of dense levels do not matter.
        total: a bound of Σ w_l σ_l(x) over the sparse levels, or None.
        weights: the w_l > 0 of each level that go with a total.

    >>> from firenet_exact.imaging.given import Compressibility
    >>> Compressibility.of(total=1, weights=[1, 2]).weights
    (1, 2)
    """

    levels: tuple[fmpq, ...] | None
    total: fmpq | None
    weights: tuple[fmpq, ...] | None

    @staticmethod
    def of(
        levels: Sequence[Readable] | None = None,
        *,
        total: Readable | None = None,
        weights: Sequence[Readable] | None = None,
    ) -> Compressibility:
        """Return bounds for each level, or one of a weighted sum.

        Raises:
            UsageError: unless one of both is given, and all numbers are at least 0, and the weights are positive.
        """
        if (levels is None) == (total is None) or (total is None) != (weights is None):
            raise UsageError("a bound of σ is needed for each level, or one of a weighted sum with its weights")
        factors = _bounds(weights)
        if factors is not None and not all(factors):
            raise UsageError("weights of σ must be positive")
        return Compressibility(_bounds(levels), None if total is None else _bound(total), factors)


def _bound(value: Readable) -> fmpq:
    number = exact_number(value)
    if number < 0:
        raise UsageError(f"bounds of the noise and of σ are at least 0, not {number}")
    return number


def _bounds(values: Sequence[Readable] | None) -> tuple[fmpq, ...] | None:
    return None if values is None else tuple(map(_bound, values))


def _check(forms: Sequence[str]) -> None:
    for form in forms:
        if form not in ("norm", "correlation"):
            raise UsageError(f"a form of the noise must be norm or correlation, not {form!r:.40}")


def gaussian_noise(
    inverse: WalshInverse,
    *,
    deviation: Readable,
    failure: Readable,
    form: Form | Sequence[Form] | None = None,
    ends: Sequence[int] | None = None,
) -> Noise:
    """Return bounds for each level that independent Gaussian noise satisfies together, with probability 1 - failure.

    With variances of (Ax - y)_a: by Laurent and Massart a sum of squares exceeds its mean by 2‖σ²‖√t + 2 max σ² t with
    probability at most exp(-t); a single number its deviation t times with at most exp(-t²/2). The weights must not
    depend on the noise. Levels of the two forms have half of the failure each, if both occur; the norms of levels share
    theirs equally, and so do all coefficients of the others.

    Args:
        inverse: the left inverses.
        deviation: the standard deviation of each sample of the unitary transform, before the factors of the rows.
        failure: between 0 and 1.
        form: of all levels, or of each of them. None: the norm in levels all of whose rows are sampled, which is less
            where they are dense, and correlations in the others.
        ends: the levels: how many subbands stand before the end of each; those of the paper if not given.

    Raises:
        UsageError: if a number or a form is out of range.

    >>> import numpy as np
    >>> from firenet_exact.imaging.given import gaussian_noise
    >>> from firenet_exact.imaging.property import walsh_inverse
    >>> from firenet_exact.imaging.subbands import Subbands
    >>> inverse = walsh_inverse(Subbands(dimension=1, bits=2), np.ones(4, dtype=bool), [None] * 3)
    >>> gaussian_noise(inverse, deviation="1/100", failure="1/1000").forms
    ('norm', 'norm')
    """
    ends = inverse.subbands.paper_ends if ends is None else tuple(ends)
    sigma, delta = _checked(deviation, failure)
    levels, starts = inverse.levels(ends), (0, *ends[:-1])
    forms: Sequence[Form]
    if form is None:
        forms = ["norm" if level.full else "correlation" for level in levels]
    else:
        forms = [form] * len(levels) if isinstance(form, str) else list(form)
    _check(forms)
    if len(forms) != len(levels):
        raise UsageError(f"a form of the noise is needed for each of {len(levels)} levels, not {len(forms)}")
    share = delta / len(set(forms))
    norms = forms.count("norm")
    coefficients = sum(level.size for level, own in zip(levels, forms, strict=True) if own == "correlation")
    found: list[tuple[Form, fmpq]] = []
    for own, a, b, level in zip(forms, starts, ends, levels, strict=True):
        if own == "norm":
            found.append((own, _norm_above(inverse, a, b, sigma=sigma, log=_log_above(norms / share))))
            continue
        most = max(p.size * fmpq(p.sum2) / ((p.sum + p.peak) * (p.sum + p.peak)) for p in level.parts)
        found.append((own, round_up(sigma * sqrt_up(2 * _log_above(coefficients / share)) * sqrt_up(most))))
    return Noise.of(found)


def gaussian_total(inverse: WalshInverse, *, deviation: Readable, failure: Readable) -> fmpq:
    """Return a bound of ‖Ax - y‖ that independent Gaussian noise satisfies with probability 1 - failure.

    Args:
        inverse: the left inverses, for their mask and factors.
        deviation: as of `gaussian_noise`.
        failure: between 0 and 1.

    Raises:
        UsageError: if a number is out of range.
    """
    sigma, delta = _checked(deviation, failure)
    return _norm_above(inverse, 0, inverse.subbands.count, sigma=sigma, log=_log_above(1 / delta))


def _checked(deviation: Readable, failure: Readable) -> tuple[fmpq, fmpq]:
    sigma, delta = exact_number(deviation), exact_number(failure)
    if sigma < 0 or not 0 < delta < 1:
        raise UsageError(f"a deviation >= 0 and a failure between 0 and 1 are needed, not {sigma} and {delta}")
    return sigma, delta


def _norm_above(inverse: WalshInverse, a: int, b: int, *, sigma: fmpq, log: fmpq) -> fmpq:
    """Return a bound of the noise of subbands a to b in norm, which fails with probability at most exp(-log)."""
    counts = [int(inverse.subbands.rows(inverse.mask, band).sum()) for band in range(a, b)]
    pairs = list(zip(counts, inverse.scales[a:b], strict=True))
    mean = sum((m * d2 for m, d2 in pairs), fmpq(0))
    spread = sqrt_up(sum((m * d2 * d2 for m, d2 in pairs), fmpq(0)) * log)
    return round_up(sigma * sqrt_up(mean + 2 * spread + 2 * max(inverse.scales[a:b]) * log))


def _log_above(value: fmpq) -> fmpq:
    """Return a bound of the natural logarithm of a number more than 1."""
    return round_up(enclosure(lambda: arb(value).log())[1])
