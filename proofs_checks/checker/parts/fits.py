"""A point, and all that is compressible and fits data: what kinds of bounds of their distance share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from proofs_checks.certificate.reading import MalformedCertificate, decode_rational, quote
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Ratio, Reader, Vector, abs2, sign
from proofs_checks.checker.core.rules import require
from proofs_checks.checker.parts.levels import Levels, decode_levels
from proofs_checks.checker.parts.lines import BITS, upper_root


@dataclass(frozen=True)
class Fit:
    """A point, and limits of sigma(x) and |Ax - y|; with a dual vector and a witness, if there are any."""

    matrix: Exact
    levels: Levels
    data: Vector
    point: Vector
    sigma: Ratio
    noise: Ratio
    bound: Ratio
    dual: Vector | None
    witness: Vector | None


def decode_fit(claim: dict[str, Any], evidence: dict[str, Any], reader: Reader) -> Fit:
    """Return what is claimed of a point; raises MalformedCertificate."""
    matrix = reader.matrix(claim["matrix"], "claim.matrix", rational=True)
    levels = decode_levels(claim["levels"], matrix.cols)
    data = reader.vector(claim["data"], "claim.data", matrix.rows, rational=True)
    point = reader.vector(claim["point"], "claim.point", matrix.cols, rational=True)
    sigma, noise, bound = (_at_least_zero(claim, key) for key in ("compressibility", "noise", "bound"))
    sizes = {"dual": matrix.rows, "witness": matrix.cols}
    dual, witness = (
        None if evidence[key] is None else reader.vector(evidence[key], f"evidence.{key}", size, rational=True)
        for key, size in sizes.items()
    )
    return Fit(matrix, levels, data, point, sigma, noise, bound, dual, witness)


def _at_least_zero(claim: dict[str, Any], key: str) -> Ratio:
    num, den = decode_rational(claim[key], f"claim.{key}")
    if num < 0:
        raise MalformedCertificate(f"claim.{key} must be at least 0, not {quote(claim[key][0])}")
    return Ratio(num, den)


def check_dual(fit: Fit) -> None:
    """Apply the rule `dual`, if there is a dual vector."""
    if fit.dual is None:
        return
    products, levels = fit.matrix.adjoint_times(fit.dual), fit.levels
    for start, end, weight in zip(levels.starts, levels.ends, levels.weights, strict=True):
        for j in range(start, end):
            slack = sign((weight * products.den) ** 2 + -(levels.den**2 * abs2(products.items[j])))
            require(slack >= 0, "dual", lambda j=j: f"|A*v| exceeds the weight of column {j + 1}")  # type: ignore[misc]


def exists(fit: Fit) -> str:
    """Check the witness, if there is one, and say what it shows."""
    if fit.witness is None:
        return "Whether there is such an x is not shown."
    square = fit.data.minus(fit.matrix.times(fit.witness)).norm2()
    require(square <= fit.noise * fit.noise, "witness", lambda: f"|Az - y|^2 = {words.ratio(square)} is too large")
    rest = length(fit.levels, fit.witness, fit.levels.sparsities)
    require(rest <= fit.sigma, "witness", lambda: f"sigma(z) is not known to be less than {words.ratio(rest)}")
    limits = (fit.sigma, fit.noise)
    sigma, noise = map(words.at_most, limits)
    if [sigma, noise] == [*map(words.at_least, limits)]:
        return "There is such an x, the witness of the file."
    return (
        "There is an x within the limits of the file, which the title rounds down: the witness of the file, with "
        f"sigma(x) <= {sigma} and |Ax - y| <= {noise}."
    )


def limits_of(fit: Fit) -> str:
    """Return what x has to satisfy, in words."""
    return f"sigma(x) <= {words.at_least(fit.sigma)} and |Ax - y| <= {words.at_least(fit.noise)}"


def length(levels: Levels, x: Vector, without: list[int] | tuple[int, ...]) -> Ratio:
    """Return an upper bound of |x|_w without so many of the largest entries of each level."""
    moduli = [cast(int, upper_root(cast(int, abs2(z)), x.den**2).num) for z in x.items]
    spread, summed = zip(levels.starts, levels.ends, levels.weights, without, strict=True), 0
    for start, end, weight, few in spread:
        summed += weight * sum(sorted(moduli[start:end])[: end - start - few])
    return Ratio(summed, levels.den * x.den**2 << BITS)
