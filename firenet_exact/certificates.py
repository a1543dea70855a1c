"""Writing certificates, and reading back what is claimed (docs/format.md, "Null space properties")."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import fmpq

from firenet_exact.arithmetic.output import Output
from firenet_exact.errors import DataError, NotCertifiedError, UsageError
from firenet_exact.levels import Levels
from firenet_exact.matrices import ExactMatrix
from firenet_exact.null_space.coherence import by_coherence
from firenet_exact.null_space.exhaustive import certify_inverses
from firenet_exact.null_space.property import Coherence, Evidence, Exhaustive, NullSpaceProperty, Refutation, Relaxation
from firenet_exact.null_space.relaxation import certify_inverse
from firenet_exact.null_space.transfer import by_transfer
from firenet_exact.operator_norm import NormBounds
from firenet_exact.parameters import a_priori_bound, check_parameters, gap_bounds
from firenet_exact.rationals import power_of_two, round_up
from firenet_exact.recovery.a_posteriori import AssumedProperty, Recovery
from proofs_checks.certificate import (
    build,
    decode_list,
    decode_matrix,
    decode_object,
    decode_rational,
    encode_integer,
    encode_rational,
    parse,
)

__all__ = [
    "forward_certificate",
    "norm_certificate",
    "null_space_certificate",
    "read_constants",
    "read_null_space",
    "recovery_certificate",
    "refutation_certificate",
]


def norm_certificate(bounds: NormBounds, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `operator-norm`."""
    return build(
        "operator-norm",
        claim={
            "high": _rational(bounds.high),
            "low": _rational(bounds.low),
            "matrix": bounds.matrix.encode(),
        },
        evidence={"factor": bounds.factor.encode(), "vector": bounds.vector.encode()},
        provenance=provenance or {},
    )


def forward_certificate(output: Output, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `forward-error` for the output of a network in fixed point.

    The bound is the least that the format allows, rounded up.

    Raises:
        UsageError: if the arithmetic is another one, or the null space property or the norm is not certified.
        NotCertifiedError: if the parameters violate a hypothesis that the bound needs.
    """
    network, parameters = output.network, output.network.parameters
    known, norm = network.proved, network.norm
    if output.fixed_bits is None:
        raise UsageError(f"a network is certified in fixed point, not in the arithmetic {output.arithmetic}")
    if known is None or norm is None:
        raise UsageError(
            "certify the null space property and the norm of the matrix first, and give them to the network"
        )
    found, (bits, matrix_bits) = known.constants, output.fixed_bits
    certain = replace(parameters, rho=known.rho, gamma=known.gamma)
    needed = ("levels", "norm", "steps", "delta", "lambda")
    broken = [str(v) for v in check_parameters(certain, proved=known, norm=norm) if v.name in needed]
    if broken:
        raise NotCertifiedError("; ".join(broken))
    exact = replace(
        parameters,
        c2_prime=found.c1 / (parameters.lam * found.r),
        epsilon0=network.objective_above(output.data, network.initial),
    )
    gap = gap_bounds(exact, output.errors, unit=power_of_two(-bits - 64))[-1]
    return build(
        "forward-error",
        claim={
            "bits": encode_integer(bits),
            "bound": _rational(round_up(a_priori_bound(exact, gap=gap))),
            "data": output.data.encode(),
            "gamma": _rational(known.gamma),
            "initial": None if network.initial is None else network.initial.encode(),
            "levels": parameters.levels.encode(),
            "matrix": network.matrix.encode(),
            "matrix_bits": encode_integer(matrix_bits),
            "network": {
                "blocks": encode_integer(parameters.p),
                "delta": _rational(parameters.delta),
                "lambda": _rational(parameters.lam),
                "norm": _rational(parameters.norm),
                "scales": [_rational(alpha) for alpha in parameters.alphas],
                "step": _rational(parameters.t),
            },
            "output": output.point.encode(),
            "rho": _rational(known.rho),
        },
        evidence={"factor": norm.factor.encode(), "null_space": _evidence(known.evidence)},
        provenance=provenance or {},
    )


def null_space_certificate(proved: NullSpaceProperty, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `null-space`."""
    return build(
        "null-space",
        claim={
            "gamma": _rational(proved.gamma),
            "levels": proved.levels.encode(),
            "matrix": proved.matrix.encode(),
            "rho": _rational(proved.rho),
        },
        evidence=_evidence(proved.evidence),
        provenance=provenance or {},
    )


def refutation_certificate(refuted: Refutation, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `null-space-refuted`."""
    return build(
        "null-space-refuted",
        claim={
            "levels": refuted.levels.encode(),
            "matrix": refuted.matrix.encode(),
            "root": encode_integer(0),
        },
        evidence={"vector": refuted.vector.encode()},
        provenance=provenance or {},
    )


def recovery_certificate(recovery: Recovery, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `recovery`, or `conditional-recovery` if the null space property is only assumed."""
    known, witness = recovery.known, recovery.witness
    evidence: dict[str, Any] = {
        "dual": None if recovery.dual is None else recovery.dual.encode(),
        "witness": None if witness is None else witness.encode(),
    }
    kind = "conditional-recovery"
    if not isinstance(known, AssumedProperty):
        kind, evidence = "recovery", evidence | {"null_space": _evidence(known.evidence)}
    return build(
        kind,
        claim={
            "bound": _rational(recovery.bound),
            "compressibility": _rational(recovery.sigma),
            "data": recovery.data.encode(),
            "gamma": _rational(known.gamma),
            "levels": known.levels.encode(),
            "matrix": known.matrix.encode(),
            "noise": _rational(recovery.noise),
            "point": recovery.point.encode(),
            "rho": _rational(known.rho),
        },
        evidence=evidence,
        provenance=provenance or {},
    )


def _evidence(evidence: Evidence) -> dict[str, Any]:
    fields: dict[str, Any] = {"method": evidence.method}
    if isinstance(evidence, Relaxation):
        fields["inverse"] = evidence.inverse.encode()
    elif isinstance(evidence, Exhaustive):
        fields["inverses"] = [inverse.encode() for inverse in evidence.inverses]
    elif not isinstance(evidence, Coherence):
        known = evidence.other
        fields |= {
            "eta": _rational(evidence.eta),
            "evidence": _evidence(known.evidence),
            "gamma": _rational(known.gamma),
            "other": known.matrix.encode(),
            "rho": _rational(known.rho),
        }
    return fields


def _rational(value: fmpq) -> list[str]:
    return encode_rational(int(value.p), int(value.q))


def read_constants(data: bytes) -> tuple[Levels, fmpq, fmpq]:
    """Return the levels, ρ and γ that a certificate of kind `null-space` claims; nothing is verified.

    Raises:
        MalformedCertificate: if the bytes are no certificate.
        DataError: if it is of another kind.
    """
    claim = _claim(data)
    rho, gamma = (fmpq(*decode_rational(claim[key], f"claim.{key}", positive=True)) for key in ("rho", "gamma"))
    return Levels.decode(claim["levels"], "claim.levels"), rho, gamma


def read_null_space(data: bytes) -> NullSpaceProperty:
    """Return the property that the evidence of a certificate proves, verified again; ρ and γ may be less than claimed.

    For a transfer the property of the other matrix is verified, and the distance of the matrices bounded, again.

    Raises:
        MalformedCertificate: if the bytes are no certificate.
        DataError: if it is of another kind, or its method is unknown.
        NotCertifiedError: if the evidence proves nothing.
    """
    levels, _, _ = read_constants(data)
    certificate = parse(data)
    return _proved(_matrix(certificate.claim["matrix"], "claim.matrix"), levels, certificate.evidence, "evidence")


def _proved(matrix: ExactMatrix, levels: Levels, evidence: object, path: str) -> NullSpaceProperty:
    method = evidence.get("method") if isinstance(evidence, dict) else None
    if method == "coherence":
        return by_coherence(matrix, levels)
    if method == "relaxation":
        fields = decode_object(evidence, ("inverse", "method"), path)
        return certify_inverse(matrix, levels, _matrix(fields["inverse"], f"{path}.inverse"))
    if method == "exhaustive":
        fields = decode_object(evidence, ("inverses", "method"), path)
        listed = decode_list(fields["inverses"], f"{path}.inverses")
        inverses = [_matrix(item, f"{path}.inverses[{i}]") for i, item in enumerate(listed)]
        return certify_inverses(matrix, levels, inverses)
    if method == "transfer":
        fields = decode_object(evidence, ("eta", "evidence", "gamma", "method", "other", "rho"), path)
        other = _matrix(fields["other"], f"{path}.other")
        return by_transfer(_proved(other, levels, fields["evidence"], f"{path}.evidence"), matrix)
    raise DataError(f"{path}.method must be coherence, exhaustive, relaxation or transfer")


def _matrix(value: object, path: str) -> ExactMatrix:
    return ExactMatrix.decode(decode_matrix(value, path, rational=True))


def _claim(data: bytes) -> dict[str, Any]:
    certificate = parse(data)
    if certificate.kind != "null-space":
        raise DataError(f"a certificate of kind null-space is needed, not {certificate.kind}")
    return decode_object(certificate.claim, ("gamma", "levels", "matrix", "rho"), "claim")
