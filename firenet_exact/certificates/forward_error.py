"""Certificates of kinds `forward-error` and `best-forward-error`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exact_base.decimals import below
from exact_base.encoding import encode_fraction as _rational
from exact_base.errors import NotCertifiedError, UsageError
from exact_base.rationals import power_of_two, round_up
from firenet_exact.arithmetic.output import Output
from firenet_exact.best_constants import staircase
from firenet_exact.certificates.null_space import encode_evidence as _evidence
from firenet_exact.parameters import a_priori_bound, check_parameters, gap_bounds
from proofs_checks.certificate.writing import build, encode_integer

__all__ = ["forward_certificate"]


def forward_certificate(output: Output, *, best: bool = True, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `best-forward-error` for the output of a network in fixed point.

    The bound is the least that the format allows, rounded up.

    Args:
        output: what the network computed.
        best: whether C2' is the best of its λ; otherwise it is C1/(λ r), for λ <= C1/(C2 r), in kind `forward-error`.
        provenance: free text about who made it.

    Raises:
        UsageError: if the arithmetic is another one, or the null space property or the norm is not certified.
        NotCertifiedError: if the parameters violate a hypothesis that the bound needs.

    >>> from firenet_exact import Firenet, Levels, decide, exact_matrix, forward, forward_certificate
    >>> from firenet_exact import network_parameters, operator_norm
    >>> from proofs_checks import verify_bytes
    >>> matrix = exact_matrix([[1, 0], [0, 1]])
    >>> proved, norm = decide(matrix, Levels.of([2], [1]), method="coherence").proved, operator_norm(matrix)
    >>> numbers = network_parameters(proved, norm, delta="1/100", epsilon0=1, n=2)
    >>> output = forward(Firenet(matrix, numbers, proved=proved, norm=norm), [1, 0])
    >>> verify_bytes(forward_certificate(output)).verdict
    'valid'
    """
    network, parameters = output.network, output.network.parameters
    known, norm = network.proved, network.norm
    if output.fixed_bits is None:
        raise UsageError(f"a network is certified in fixed point, not in the arithmetic {output.arithmetic}")
    if known is None or norm is None:
        raise UsageError(
            "certify the null space property and the norm of the matrix first, and give them to the network"
        )
    (bits, matrix_bits), lam = output.fixed_bits, parameters.lam
    certain = replace(parameters, rho=known.rho, gamma=known.gamma)
    needed = ("levels", "norm", "steps", "delta", "lambda")
    broken = [str(v) for v in check_parameters(certain, proved=known, norm=norm) if v.name in needed]
    most = known.constants.c1 / (known.constants.c2 * known.constants.r)
    if not best and lam > most:
        broken.append(f"lambda: it must be at most C1/(C2 r) = {below(most, digits=6)} for this kind")
    if broken:
        raise NotCertifiedError("; ".join(broken))
    evidence: dict[str, Any] = {"factor": norm.factor.encode(), "null_space": _evidence(known.evidence)}
    if best:
        cuts = known.best.network_cuts(lam)
        constant = known.best.network_constant_by(staircase(known.best.kappa, cuts), lam)
        evidence["cuts"] = [_rational(cut) for cut in cuts]
    else:
        constant = known.constants.c1 / (lam * known.constants.r)
    exact = replace(parameters, c2_prime=constant, epsilon0=network.objective_above(output.data, network.initial))
    gap = gap_bounds(exact, output.errors, unit=power_of_two(-bits - 64))[-1]
    return build(
        "best-forward-error" if best else "forward-error",
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
        evidence=evidence,
        provenance=provenance or {},
    )
