"""The class as certificates and messages write it."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from exact_base.encoding import encode_fraction
from proofs_checks.certificate import reading, writing
from sci_barriers.omega.families import OmegaClass

__all__ = ["decode_class", "encode_class"]


def encode_class(omega: OmegaClass) -> dict[str, Any]:
    """Return the class as a certificate writes it."""
    vector = omega.householder
    return {
        "alpha": encode_fraction(omega.alpha),
        "columns": writing.encode_integer(omega.columns),
        "digits": writing.encode_integer(omega.digits),
        "family": omega.family,
        "householder": None if vector is None else [writing.encode_integer(entry) for entry in vector],
        "parameter": encode_fraction(omega.parameter),
        "problem": omega.problem,
        "rows": writing.encode_integer(omega.rows),
    }


def decode_class(value: object) -> OmegaClass:
    """Read a class as a certificate writes it.

    Raises:
        MalformedCertificate: if it is not written so.
        UsageError: if the numbers do not make a class.
    """
    body = reading.decode_object(
        value,
        ("alpha", "columns", "digits", "family", "householder", "parameter", "problem", "rows"),
        "claim.class",
    )
    vector = body["householder"]
    return OmegaClass(
        problem=reading.decode_choice(body["problem"], ("bpdn", "lasso", "sqrt-lasso"), "claim.class.problem"),
        parameter=fmpq(*reading.decode_rational(body["parameter"], "claim.class.parameter")),
        digits=reading.decode_integer(body["digits"], "claim.class.digits", low=1, high=100_000),
        family=reading.decode_choice(body["family"], ("strong", "weak"), "claim.class.family"),
        rows=reading.decode_integer(body["rows"], "claim.class.rows", low=1, high=65_536),
        columns=reading.decode_integer(body["columns"], "claim.class.columns", low=1, high=65_536),
        alpha=fmpq(*reading.decode_rational(body["alpha"], "claim.class.alpha")),
        householder=None
        if vector is None
        else tuple(
            reading.decode_integer(entry, "claim.class.householder")
            for entry in reading.decode_list(vector, "claim.class.householder")
        ),
    )
