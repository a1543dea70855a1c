"""Certificates of kind `null-space-walsh`, written and read back."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq

from exact_base.encoding import encode_fraction as _rational
from exact_base.errors import DataError
from firenet_exact.imaging.mask_files import mask_digits, mask_of_digits
from firenet_exact.imaging.property import Integers, Mask, WalshInverse, WalshProperty, walsh_inverse, walsh_property
from firenet_exact.imaging.subbands import Subbands
from proofs_checks.certificate.arrays import decode_packed
from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_integer,
    decode_list,
    decode_object,
    decode_rational,
    parse,
)
from proofs_checks.certificate.writing import build, encode_integer, encode_packed

__all__ = ["encode_mask", "encode_weights", "read_mask", "read_null_space_walsh", "walsh_certificate"]

_KEYS = ("bits", "dimension", "gamma", "levels", "mask", "rho", "scales")


def walsh_certificate(proved: WalshProperty, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `null-space-walsh`.

    >>> import numpy as np
    >>> from firenet_exact import certify_mask, walsh_certificate
    >>> from firenet_exact.imaging.subbands import Subbands
    >>> from proofs_checks import verify_bytes
    >>> mask = np.ones((64, 64), dtype=bool)
    >>> mask[32:, 32:] = np.random.default_rng(0).random((32, 32)) < 0.75
    >>> proved = certify_mask(Subbands(dimension=2, bits=6), mask).proved
    >>> verify_bytes(walsh_certificate(proved)).verdict
    'valid'
    """
    levels = proved.levels
    return build(
        "null-space-walsh",
        claim={
            **encode_mask(proved.subbands, proved.mask),
            "gamma": _rational(proved.gamma),
            "levels": [
                {"end": encode_integer(end), "sparsity": encode_integer(s), "weight": _rational(w)}
                for end, s, w in zip(proved.subband_ends, levels.sparsities, levels.weights, strict=True)
            ],
            "rho": _rational(proved.rho),
            "scales": [_rational(scale) for scale in proved.scales],
        },
        evidence={"weights": encode_weights(proved.inverse, proved.subband_ends, proved.dense)},
        provenance=provenance or {},
    )


def encode_mask(subbands: Subbands, mask: Mask) -> dict[str, Any]:
    """Return the fields of a claim that say what is sampled."""
    return {
        "bits": encode_integer(subbands.bits),
        "dimension": encode_integer(subbands.dimension),
        "mask": mask_digits(mask),
    }


def encode_weights(inverse: WalshInverse, ends: tuple[int, ...], dense: tuple[bool, ...]) -> list[Any]:
    """Return the weights of all subbands; those of dense levels are null."""
    fields: list[Any] = []
    for start, end, plain in zip((0, *ends[:-1]), ends, dense, strict=True):
        for whole in inverse.weights[start:end]:
            fields.append(None if whole is None or plain else encode_packed(whole.tolist(), shape=whole.shape))
    return fields


def read_mask(claim: dict[str, Any]) -> tuple[Subbands, Mask]:
    """Return the subbands and the mask of a claim.

    Raises:
        MalformedCertificate: if they are not in their form.
        UsageError: if the dimension or the size is out of range.
    """
    subbands = Subbands(
        dimension=decode_integer(claim["dimension"], "claim.dimension"),
        bits=decode_integer(claim["bits"], "claim.bits"),
    )
    return subbands, mask_of_digits(claim["mask"], "claim.mask", shape=subbands.shape)


def read_weights(value: object, path: str) -> list[Integers | None]:
    """Return the weights of all subbands.

    Raises:
        MalformedCertificate: if they are not in their form.
    """
    found: list[Integers | None] = []
    for index, item in enumerate(decode_list(value, path)):
        where = f"{path}[{index}]"
        packed = None if item is None else decode_packed(item, where)
        if packed is not None and (packed.den != 1 or max(map(abs, packed.numbers)) >= 2**31):
            raise MalformedCertificate(f"{where} must be integers of at most 31 bits")
        found.append(None if packed is None else np.array(packed.numbers, dtype=np.int64))
    return found


def read_null_space_walsh(data: bytes) -> WalshProperty:
    """Return the property that the evidence of a certificate proves, verified again; ρ and γ may be less than claimed.

    Raises:
        MalformedCertificate: if the bytes are no certificate.
        DataError: if it is of another kind, or its mask has no sample.
        UsageError: if its parts do not fit together.
        NotCertifiedError: if the evidence proves nothing.
    """
    certificate = parse(data)
    if certificate.kind != "null-space-walsh":
        raise DataError(f"a certificate of kind null-space-walsh is needed, not {certificate.kind}")
    claim = decode_object(certificate.claim, _KEYS, "claim")
    subbands, mask = read_mask(claim)
    scales = [
        fmpq(*decode_rational(item, f"claim.scales[{i}]", positive=True))
        for i, item in enumerate(decode_list(claim["scales"], "claim.scales"))
    ]
    ends, sparsities, weights = [], [], []
    for index, item in enumerate(decode_list(claim["levels"], "claim.levels")):
        where = f"claim.levels[{index}]"
        fields = decode_object(item, ("end", "sparsity", "weight"), where)
        ends.append(decode_integer(fields["end"], f"{where}.end"))
        sparsities.append(decode_integer(fields["sparsity"], f"{where}.sparsity"))
        weights.append(fmpq(*decode_rational(fields["weight"], f"{where}.weight", positive=True)))
    evidence = decode_object(certificate.evidence, ("weights",), "evidence")
    inverse = walsh_inverse(subbands, mask, read_weights(evidence["weights"], "evidence.weights"), scales=scales)
    return walsh_property(inverse, ends, sparsities, weights=weights)
