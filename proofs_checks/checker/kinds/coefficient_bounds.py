"""Kind coefficient-bounds: each coefficient of a point is near to that of all that fits (docs/format.md)."""

from __future__ import annotations

from typing import Any, cast

from proofs_checks.certificate.reading import MalformedCertificate, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio, Reader, Vector, abs2
from proofs_checks.checker.core.rules import Statement, require
from proofs_checks.checker.core.statements import size_line
from proofs_checks.checker.parts.coefficient_bounds import coefficient_bounds
from proofs_checks.checker.parts.fits import Fit, check_dual, decode_fit, exists, limits_of

_CLAIM = ("bound", "bounds", "compressibility", "data", "levels", "matrix", "noise", "point")
_EVIDENCE = ("dual", "inverse", "witness")


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate; raises MalformedCertificate and Invalid."""
    decode_object(claim, _CLAIM, "claim")
    decode_object(evidence, _EVIDENCE, "evidence")
    reader = Reader("0x0")
    fit = decode_fit(claim, evidence, reader)
    bounds = reader.vector(claim["bounds"], "claim.bounds", fit.matrix.cols, rational=True)
    if not all(isinstance(bound, int) and bound >= 0 for bound in bounds.items):
        raise MalformedCertificate("claim.bounds must be real and at least 0")
    size = {"rows": fit.matrix.rows, "cols": fit.matrix.cols}
    inverse = reader.matrix(evidence["inverse"], "evidence.inverse", **size, rational=True)
    check_dual(fit)
    there, found = exists(fit), coefficient_bounds(fit, inverse)
    for i, (bound, least) in enumerate(zip(bounds.items, found.items, strict=True)):
        enough = Ratio(least, found.den) <= Ratio(cast(int, bound), bounds.den)
        shown = f"what follows for entry {i + 1} is only {words.at_most(Ratio(least, found.den))}"
        require(enough, "coefficients", lambda shown=shown: shown)  # type: ignore[misc]
    enough = found.square <= fit.bound * fit.bound
    require(enough, "bound", lambda: f"what follows is only |p - x|^2 <= {words.at_most(found.square)}")
    sure, count = _sure(fit, bounds), sum(fit.levels.sparsities)
    title = (
        f"Every x with {limits_of(fit)} lies within {words.at_most(fit.bound)} of the point, and each entry of x "
        "within the bound of the file for it."
    )
    lines = (
        f"sigma(x) is the weighted l1 distance of x to the vectors that are sparse in levels. {there}",
        size_line(fit.bound, fit.point, "the point"),
        f"A is the {size['rows']} x {size['cols']} matrix of the file, y its data. Point: {words.entries(fit.point)}.",
        f"Bounds: {words.entries(bounds)}.",
        "Entries of the point that are larger in modulus than their bounds, and so are not 0 in any such x: "
        f"{sure} of {len(bounds.items)}.",
        f"Of the largest entries of the point in each level, {count} in all, {found.settled} are known to be where "
        "each such x has its largest.",
        fit.levels.in_words(),
        f"Method: bounds on the rows of I - H* A for the matrix H of the file, {words.bounded('theta', found.theta)}.",
    )
    return Statement("coefficient-bounds", title, lines)


def _sure(fit: Fit, bounds: Vector) -> int:
    """Return how many entries of the point are larger than their bounds."""
    pairs, point = zip(fit.point.items, bounds.items, strict=True), fit.point
    return sum(not Ratio(abs2(z), point.den**2) <= Ratio(abs2(b), bounds.den**2) for z, b in pairs)
