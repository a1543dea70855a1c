"""Certificates of kind `recovery-walsh`, written and read back."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq

from exact_base.encoding import encode_fraction as _rational
from exact_base.errors import DataError
from firenet_exact.certificates.null_space_walsh import encode_mask, encode_weights, read_mask, read_weights
from firenet_exact.imaging.given import Compressibility, Form, Noise
from firenet_exact.imaging.property import walsh_inverse
from firenet_exact.imaging.recovery import WalshRecovery, bounded
from proofs_checks.certificate.arrays import PackedArray, decode_packed
from proofs_checks.certificate.reading import (
    MalformedCertificate,
    decode_integer,
    decode_list,
    decode_object,
    decode_rational,
    parse,
)
from proofs_checks.certificate.writing import build, encode_integer, encode_packed

__all__ = ["image_certificate", "read_recovery_walsh"]

_KEYS = ("bits", "bound", "compressibility", "data", "dimension", "levels", "mask", "noise", "point", "scales")


def image_certificate(recovery: WalshRecovery, *, provenance: dict[str, str] | None = None) -> bytes:
    """Write a certificate of kind `recovery-walsh`.

    >>> import numpy as np
    >>> from firenet_exact import certify_image, image_certificate
    >>> from firenet_exact.imaging.property import walsh_inverse
    >>> from firenet_exact.imaging.given import Compressibility, Noise
    >>> from firenet_exact.imaging.subbands import Subbands
    >>> from proofs_checks import verify_bytes
    >>> mask = np.array([True, True, True, True, True, False, True, True])
    >>> inverse = walsh_inverse(Subbands(dimension=1, bits=3), mask, [None, None, None, np.array([1, 1, 1])])
    >>> noise, sigma = Noise.norm(["1/10", "1/10"]), Compressibility.of([0, 0])
    >>> found = certify_image(inverse, np.zeros(8), np.zeros(8), sparsities=[4, 1], ends=[3, 4], noise=noise,
    ...                       compressibility=sigma)
    >>> verify_bytes(image_certificate(found)).verdict
    'valid'
    """
    inverse, noise, sigma, dense = recovery.inverse, recovery.noise, recovery.compressibility, recovery.dense
    weights = encode_weights(inverse, recovery.subband_ends, dense)
    claimed, den = "correlation" in (noise.forms or ()), 1 << recovery.bits
    scaled, noisy = noise.forms is None or "norm" in noise.forms, _encode_noise(noise, weights if claimed else None)
    return build(
        "recovery-walsh",
        claim={
            **encode_mask(inverse.subbands, inverse.mask),
            "bound": _rational(recovery.bound),
            "compressibility": _encode_compressibility(sigma, dense),
            "data": encode_packed(recovery.data.tolist(), shape=recovery.data.shape, den=den),
            "levels": [
                {"end": encode_integer(end), "sparsity": encode_integer(s)}
                for end, s in zip(recovery.subband_ends, recovery.sparsities, strict=True)
            ],
            "noise": noisy,
            "point": encode_packed(recovery.point.tolist(), shape=recovery.point.shape, den=den),
            "scales": [_rational(scale) for scale in inverse.scales] if scaled else None,
        },
        evidence={
            "splits": None
            if recovery.splits is None
            else [None if split is None else _rational(split) for split in recovery.splits],
            "weights": None if claimed else weights,
        },
        provenance=provenance or {},
    )


def _encode_noise(noise: Noise, weights: Any) -> dict[str, Any]:
    if noise.levels is None:
        return {"total": _rational(noise.total or fmpq(0))}
    listed = zip(noise.forms or (), noise.levels, strict=True)
    return {"levels": [{form: _rational(bound)} for form, bound in listed], "weights": weights}


def _encode_compressibility(sigma: Compressibility, dense: tuple[bool, ...]) -> dict[str, Any]:
    given = sigma.levels or sigma.weights or ()
    listed = [None if plain else _rational(value) for value, plain in zip(given, dense, strict=True)]
    if sigma.total is None:
        return {"levels": listed}
    return {"total": _rational(sigma.total), "weights": listed}


def read_recovery_walsh(data: bytes) -> WalshRecovery:
    """Return what the evidence of a certificate proves, computed again; the bound may be less than the claimed one.

    The scales of a certificate that bounds the noise by correlations in every level, which has none, are 1, and do not
    matter.

    Raises:
        MalformedCertificate: if the bytes are no certificate.
        DataError: if it is of another kind, its mask has no sample, or its numbers are not dyadic, or exceed 63 bits.
        UsageError: if its parts do not fit together.
        NotCertifiedError: if the evidence proves nothing.
    """
    certificate = parse(data)
    if certificate.kind != "recovery-walsh":
        raise DataError(f"a certificate of kind recovery-walsh is needed, not {certificate.kind}")
    claim = decode_object(certificate.claim, _KEYS, "claim")
    evidence = decode_object(certificate.evidence, ("splits", "weights"), "evidence")
    subbands, mask = read_mask(claim)
    known, claimed = _read_noise(claim["noise"])
    weights = evidence["weights"] if claimed is None else claimed
    scales = [fmpq(1)] * subbands.count if claim["scales"] is None else _rationals(claim["scales"], "claim.scales")
    inverse = walsh_inverse(subbands, mask, read_weights(weights, "weights"), scales=scales)
    ends, counts = [], []
    for index, item in enumerate(decode_list(claim["levels"], "claim.levels")):
        fields = decode_object(item, ("end", "sparsity"), f"claim.levels[{index}]")
        ends.append(decode_integer(fields["end"], f"claim.levels[{index}].end"))
        counts.append(decode_integer(fields["sparsity"], f"claim.levels[{index}].sparsity"))
    sigma = _fields(claim["compressibility"], "claim.compressibility")
    limits = Compressibility.of(
        _rationals(sigma["levels"], "claim.compressibility.levels") if "levels" in sigma else None,
        total=_one(sigma["total"], "claim.compressibility.total") if "total" in sigma else None,
        weights=_rationals(sigma["weights"], "claim.compressibility.weights", fmpq(1)) if "weights" in sigma else None,
    )
    splits = None
    if evidence["splits"] is not None:
        items = decode_list(evidence["splits"], "evidence.splits")
        splits = tuple(None if x is None else _one(x, f"evidence.splits[{i}]") for i, x in enumerate(items))
    point, given = decode_packed(claim["point"], "claim.point"), decode_packed(claim["data"], "claim.data")
    bits = max(point.den, given.den).bit_length() - 1
    return bounded(
        inverse,
        ends,
        counts,
        data=_dyadic(given, bits, "claim.data"),
        point=_dyadic(point, bits, "claim.point"),
        bits=bits,
        noise=known,
        compressibility=limits,
        splits=splits,
    )


def _read_noise(value: object) -> tuple[Noise, Any]:
    """Return what is known of the noise, and the weights of the claim, or None."""
    path = "claim.noise"
    if "total" in _fields(value, path):
        return Noise.norm(total=_one(decode_object(value, ("total",), path)["total"], f"{path}.total")), None
    fields, levels = decode_object(value, ("levels", "weights"), path), []
    for index, item in enumerate(decode_list(fields["levels"], f"{path}.levels")):
        where = f"{path}.levels[{index}]"
        form: Form = "correlation" if "correlation" in _fields(item, where) else "norm"
        levels.append((form, _one(decode_object(item, (form,), where)[form], f"{where}.{form}")))
    return Noise.of(levels), fields["weights"]


def _fields(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedCertificate(f"{path} must be an object")
    return value


def _one(value: object, path: str) -> fmpq:
    return fmpq(*decode_rational(value, path))


def _rationals(value: object, path: str, absent: fmpq = fmpq(0)) -> list[fmpq]:  # noqa: B008
    return [absent if x is None else _one(x, f"{path}[{i}]") for i, x in enumerate(decode_list(value, path))]


def _dyadic(array: PackedArray, bits: int, path: str) -> Any:
    """Return the numbers over 2^bits."""
    if (1 << bits) % array.den or max(map(abs, array.numbers)) << bits >= array.den << 63:
        raise DataError(f"{path} must be dyadic numbers of at most 63 bits")
    factor = (1 << bits) // array.den
    return np.array([factor * number for number in array.numbers], dtype=np.int64)
