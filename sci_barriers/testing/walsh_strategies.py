"""Hypothesis strategies for certificates about masks of Walsh samples: a few samples are missing, of small images.

What only an optimiser finds is left out: weights of the rows are equal, or nearly so (docs/testing.md).
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from flint import fmpq
from hypothesis import reject
from hypothesis import strategies as st
from numpy.typing import NDArray

from exact_base.errors import NotCertifiedError
from sci_barriers.testing.problem_strategies import integers

__all__ = ["walsh_properties", "walsh_recoveries"]

Draw: TypeAlias = st.DrawFn
_SIZES = ((1, 2), (1, 3), (2, 2), (1, 4), (3, 2))
"""(d, r) of images, the simplest first."""


def _inverse(draw: Draw) -> tuple[Any, list[int], list[int]]:
    """Return a left inverse with the ends and the sparsities of its levels; one row or two are missing in some."""
    import firenet_exact as fe

    dimension, bits = draw(st.sampled_from(_SIZES))
    bands = fe.Subbands(dimension=dimension, bits=bits)
    mask = np.ones(bands.shape, dtype=bool)
    weights: list[NDArray[np.int64] | None] = [None] * bands.count
    for band, size in enumerate(bands.sizes):
        if size < 4:
            continue
        missing = draw(st.sets(integers(0, size - 1), max_size=min(size // 4, 2)))
        taken = [a not in missing for a in range(size)]
        bands.put(np.array(taken), mask, band)
        if missing:
            base = draw(integers(1, 9))
            weights[band] = np.array([base + draw(integers(0, base // 4)) for a in taken if a], dtype=np.int64)
    scales = None if draw(st.booleans()) else [fmpq(draw(integers(1, 4)), draw(integers(1, 2))) for _ in bands.sizes]
    inverse = fe.walsh_inverse(bands, mask, weights, scales=scales)
    ends = list(bands.paper_ends if draw(st.booleans()) else range(1, bands.count + 1))
    sparsities = []
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        size, full = sum(bands.sizes[start:end]), all(weight is None for weight in weights[start:end])
        sparsities.append(size if full and draw(st.booleans()) else 1)
    return inverse, ends, sparsities


def walsh_properties(draw: Draw) -> bytes:
    """Draw a certificate of kind null-space-walsh."""
    import firenet_exact as fe

    inverse, ends, sparsities = _inverse(draw)
    weights = [fmpq(1, 2 ** draw(integers(0, 6))) if s > 1 else fmpq(1) for s in sparsities]
    try:
        proved = fe.walsh_property(inverse, ends, sparsities, weights=weights)
    except NotCertifiedError:
        reject()
    return fe.walsh_certificate(proved)


def walsh_recoveries(draw: Draw) -> bytes:
    """Draw a certificate of kind recovery-walsh, of any point and any data, in all its forms."""
    import firenet_exact as fe

    inverse, ends, sparsities = _inverse(draw)
    mask, dense = inverse.mask, [s > 1 for s in sparsities]

    def numbers(count: int, low: int, unit: int) -> list[Any]:
        return [fmpq(n, unit) for n in draw(st.lists(integers(low, 16), min_size=count, max_size=count))]

    point = np.array(draw(st.lists(integers(-32, 32), min_size=mask.size, max_size=mask.size))) / 8
    samples = np.array(draw(st.lists(integers(-32, 32), min_size=int(mask.sum()), max_size=int(mask.sum())))) / 8
    if draw(st.booleans()):
        noise = fe.Noise.norm(total=numbers(1, 0, 16)[0])
    else:
        every: Any = draw(st.sampled_from([("norm",), ("correlation",), ("norm", "correlation")]))
        forms = draw(st.lists(st.sampled_from(every), min_size=len(ends), max_size=len(ends)))
        noise = fe.Noise.of(list(zip(forms, numbers(len(ends), 0, 32), strict=True)))
    if draw(st.booleans()):
        sigma = fe.Compressibility.of(total=numbers(1, 0, 4)[0], weights=numbers(len(ends), 1, 4))
    else:
        sigma = fe.Compressibility.of(
            [fmpq(0) if d else s for s, d in zip(numbers(len(ends), 0, 4), dense, strict=True)]
        )
    try:
        found = fe.certify_image(
            inverse, samples, point, sparsities=sparsities, ends=ends, noise=noise, compressibility=sigma
        )
    except NotCertifiedError:
        reject()
    return fe.image_certificate(found)
