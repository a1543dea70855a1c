"""The networks that kind forward-error is about, read from its claim (docs/format.md, "kind forward-error")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_integer,
    decode_list,
    decode_object,
    decode_rational,
    quote,
)
from proofs_checks.checker.core.numbers import Ratio, Reader, Vector
from proofs_checks.checker.parts.levels import decode_levels
from proofs_checks.checker.parts.null_space_methods import ONE, Property, decode_constants

_CLAIM = ("bits", "bound", "data", "gamma", "initial", "levels", "matrix", "matrix_bits", "network", "output", "rho")
_NETWORK = ("blocks", "delta", "lambda", "norm", "scales", "step")
MAX_BITS, MAX_BLOCKS, MAX_SCALES = 4096, 2**20, 2**12


@dataclass(frozen=True)
class Case:
    """What is claimed, apart from output and bound: sigma = tau = step/norm, and `scales` are alpha_1, ..., alpha_n."""

    wanted: Property
    data: Vector
    initial: Vector | None
    weights: list[Ratio]
    lam: Ratio
    norm: Ratio
    step: Ratio
    delta: Ratio
    scales: list[Ratio]
    blocks: int
    bits: int
    matrix_bits: int


def decode_case(claim: dict[str, Any], reader: Reader) -> tuple[Case, Vector, Ratio]:
    """Return the network, its output and the bound; raises MalformedCertificate."""
    decode_object(claim, _CLAIM, "claim")
    fields = decode_object(claim["network"], _NETWORK, "claim.network")
    matrix = reader.matrix(claim["matrix"], "claim.matrix", rational=True)
    levels = decode_levels(claim["levels"], matrix.cols)
    data = reader.vector(claim["data"], "claim.data", matrix.rows, rational=True)
    output = reader.vector(claim["output"], "claim.output", matrix.cols, rational=True)
    initial = None
    if claim["initial"] is not None:
        initial = reader.vector(claim["initial"], "claim.initial", matrix.cols, rational=True)
    lam, norm, step = (
        Ratio(*decode_rational(fields[key], f"claim.network.{key}", positive=True))
        for key in ("lambda", "norm", "step")
    )
    if step >= ONE:
        raise MalformedCertificate("claim.network.step must be less than 1")
    delta, bound = _at_least_zero(fields, "delta", "claim.network"), _at_least_zero(claim, "bound", "claim")
    scales = [
        Ratio(*decode_rational(item, f"claim.network.scales[{i}]", positive=True))
        for i, item in enumerate(decode_list(fields["scales"], "claim.network.scales"))
    ]
    if not 1 <= len(scales) <= MAX_SCALES:
        raise MalformedCertificate(f"claim.network.scales must have 1 to {MAX_SCALES} entries, not {len(scales)}")
    blocks = decode_integer(fields["blocks"], "claim.network.blocks", low=1, high=MAX_BLOCKS)
    bits, matrix_bits = (
        decode_integer(claim[key], f"claim.{key}", low=8, high=MAX_BITS) for key in ("bits", "matrix_bits")
    )
    if matrix_bits % 8:
        raise MalformedCertificate(f"claim.matrix_bits must be a multiple of 8, not {matrix_bits}")
    spread = zip(levels.starts, levels.ends, levels.weights, strict=True)
    weights = [Ratio(weight, levels.den) for start, end, weight in spread for _ in range(start, end)]
    wanted = Property(matrix, levels, *decode_constants(claim, "claim"))
    case = Case(wanted, data, initial, weights, lam, norm, step, delta, scales, blocks, bits, matrix_bits)
    return case, output, bound


def _at_least_zero(fields: dict[str, Any], key: str, path: str) -> Ratio:
    num, den = decode_rational(fields[key], f"{path}.{key}")
    if num < 0:
        raise MalformedCertificate(f"{path}.{key} must be at least 0, not {quote(fields[key][0])}")
    return Ratio(num, den)
