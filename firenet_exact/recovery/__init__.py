"""Points with bounds of their error: networks, a posteriori bounds, and the search for parameters."""

from firenet_exact.recovery.a_posteriori import AssumedProperty, Recovery, certify_recovery, scaled_dual, sigma_above
from firenet_exact.recovery.coefficients import CoefficientBounds, certify_coefficients
from firenet_exact.recovery.duals import cone_dual, polished, residual_dual
from firenet_exact.recovery.solve import (
    Method,
    Restart,
    Solution,
    bound_point,
    least_a_priori,
    least_of_all,
    network_for,
    solve,
)
from firenet_exact.recovery.unknown import Searched, SearchedNetwork, largest_gamma, search_parameters

__all__ = [
    "AssumedProperty",
    "CoefficientBounds",
    "Method",
    "Recovery",
    "Restart",
    "Searched",
    "SearchedNetwork",
    "Solution",
    "bound_point",
    "certify_coefficients",
    "certify_recovery",
    "cone_dual",
    "largest_gamma",
    "least_a_priori",
    "least_of_all",
    "network_for",
    "polished",
    "residual_dual",
    "scaled_dual",
    "search_parameters",
    "sigma_above",
    "solve",
]
