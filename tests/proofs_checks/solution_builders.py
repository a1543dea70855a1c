"""Certificates of kind solution-digits, made by hand like those of `builders`."""

from math import lcm

from tests.proofs_checks.builders import F, changed, envelope, seal

__all__ = ["changed", "packed", "solution", "sparse"]


def packed(values, shape=None):
    """A packed array of fractions, in lowest terms, as docs/format.md says it is written."""
    values = [F(x) for x in values]
    den = lcm(*(x.denominator for x in values))
    numbers = [int(x * den) for x in values]
    offset = max(0, -min(numbers))
    width = max(1, ((max(numbers) + offset).bit_length() + 7) // 8)
    return {
        "bytes": hex(width),
        "den": hex(den),
        "digits": "".join(f"{n + offset:0{2 * width}x}" for n in numbers),
        "offset": hex(offset),
        "shape": [hex(side) for side in shape or (len(values),)],
    }


def sparse(values):
    """A sparse vector."""
    places = [j for j, x in enumerate(values) if x]
    return {"entries": packed([values[j] for j in places]) if places else None, "places": [hex(j) for j in places]}


def problem(X, y, mu, *, kappa=None, centres=None, scales=None, weights=None, intercept=False, nonnegative=()):
    return {
        "matrix": packed([x for row in X for x in row], (len(X), len(X[0]))),
        "data": packed(y),
        "penalties": packed(mu),
        "ridge": kappa and packed(kappa),
        "centres": centres and packed(centres),
        "scales": scales and packed(scales),
        "observation_weights": weights and packed(weights),
        "intercept": intercept,
        "nonnegative": [hex(j) for j in nonnegative],
    }


def solution(X, y, mu, c, v, unique="yes", *, rows=None, q=None, other=None, **options):
    """`rows` is for "yes", `q` for the others, `other` for "no"."""
    claim = {
        "problem": problem(X, y, mu, **options),
        "coefficients": packed(c),
        "minimiser": sparse(v),
        "unique": unique,
    }
    evidence = {
        "multiplier": None if q is None else sparse(q),
        "other": None if other is None else sparse(other),
        "rows": None if rows is None else [hex(i) for i in rows],
    }
    return seal(envelope("solution-digits", claim, evidence))
