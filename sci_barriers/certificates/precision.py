"""What is known of data, as certificates write it (docs/format.md, "kind data-digits")."""

from __future__ import annotations

from typing import Any

from exact_base.encoding import encode_fraction
from proofs_checks.certificate.writing import encode_packed
from sci_barriers.problems.determined.precision import Precision, Radius

__all__ = ["encode_precision"]


def encode_precision(precision: Precision) -> dict[str, Any]:
    """Return the radii of X and of y.

    Raises:
        SciBarriersError: if a number or an array exceeds the caps of the format.

    >>> from sci_barriers.certificates.precision import encode_precision
    >>> from sci_barriers.problems.determined.precision import Precision, Radius
    >>> encode_precision(Precision(Radius.spectral("1/2"), Radius.exactly()))["matrix"]
    {'entries': None, 'norm': ['1', '2']}
    """
    return {"data": _radius(precision.data), "matrix": _radius(precision.matrix)}


def _radius(radius: Radius) -> dict[str, Any]:
    if radius.norm is not None:
        return {"entries": None, "norm": encode_fraction(radius.norm)}
    entries = radius.entries
    if entries is None:
        return {"entries": None, "norm": None}
    numbers = [int(entry) for entry in entries.re.entries()]
    return {"entries": encode_packed(numbers, shape=(entries.rows, entries.cols), den=int(entries.den)), "norm": None}
