"""Error bounds of a given point, and the search for points and dual vectors that make them small."""

from firenet_exact.recovery.a_posteriori import AssumedProperty, Recovery, certify_recovery, scaled_dual, sigma_above
from firenet_exact.recovery.duals import cone_dual, polished, residual_dual

__all__ = [
    "AssumedProperty",
    "Recovery",
    "certify_recovery",
    "cone_dual",
    "polished",
    "residual_dual",
    "scaled_dual",
    "sigma_above",
]
