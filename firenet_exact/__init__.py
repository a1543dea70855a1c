"""What can be computed: null space properties, certified or refuted, and networks that unroll an iteration for (P3)."""

__version__ = "0.1.0"

from exact_base.documents import read_matrix, read_vector
from exact_base.errors import BudgetError, DataError, InconsistentDataError, NotCertifiedError, UsageError
from exact_base.matrices import ExactMatrix, exact_column, exact_matrix
from firenet_exact.arithmetic import Output, forward
from firenet_exact.certificates.forward_error import forward_certificate
from firenet_exact.certificates.null_space import null_space_certificate, read_constants, read_null_space
from firenet_exact.certificates.null_space_refuted import refutation_certificate
from firenet_exact.certificates.operator_norm import norm_certificate
from firenet_exact.certificates.recovery import recovery_certificate
from firenet_exact.constants import Constants, constants
from firenet_exact.layers import FirenetLayer
from firenet_exact.levels import Levels, optimal_weights
from firenet_exact.network import Firenet, load_network
from firenet_exact.null_space import (
    Coherence,
    Exhaustive,
    NullSpaceProperty,
    Refutation,
    Relaxation,
    Transfer,
    Verdict,
    by_coherence,
    by_exhaustion,
    by_relaxation,
    by_transfer,
    decide,
    refute,
)
from firenet_exact.operator_norm import NormBounds, operator_norm
from firenet_exact.parameters import (
    Parameters,
    Violation,
    a_priori_bound,
    check_parameters,
    gap_bounds,
    network_parameters,
    own_parameters,
    required_blocks,
)
from firenet_exact.published import PublishedParameters, published_forward
from firenet_exact.recovery import (
    AssumedProperty,
    Method,
    Recovery,
    Restart,
    Searched,
    SearchedNetwork,
    Solution,
    bound_point,
    certify_recovery,
    cone_dual,
    largest_gamma,
    network_for,
    polished,
    residual_dual,
    scaled_dual,
    search_parameters,
    sigma_above,
    solve,
)
from firenet_exact.running import Work
from firenet_exact.stability import (
    KernelAwareness,
    Perturbation,
    adversarial_training_error,
    kernel_awareness,
    noise_coefficient,
    worst_perturbation,
)

__all__ = [
    "AssumedProperty",
    "BudgetError",
    "Coherence",
    "Constants",
    "DataError",
    "ExactMatrix",
    "Exhaustive",
    "Firenet",
    "FirenetLayer",
    "InconsistentDataError",
    "KernelAwareness",
    "Levels",
    "Method",
    "NormBounds",
    "NotCertifiedError",
    "NullSpaceProperty",
    "Output",
    "Parameters",
    "Perturbation",
    "PublishedParameters",
    "Recovery",
    "Refutation",
    "Relaxation",
    "Restart",
    "Searched",
    "SearchedNetwork",
    "Solution",
    "Transfer",
    "UsageError",
    "Verdict",
    "Violation",
    "Work",
    "a_priori_bound",
    "adversarial_training_error",
    "bound_point",
    "by_coherence",
    "by_exhaustion",
    "by_relaxation",
    "by_transfer",
    "certify_recovery",
    "check_parameters",
    "cone_dual",
    "constants",
    "decide",
    "exact_column",
    "exact_matrix",
    "forward",
    "forward_certificate",
    "gap_bounds",
    "kernel_awareness",
    "largest_gamma",
    "load_network",
    "network_for",
    "network_parameters",
    "noise_coefficient",
    "norm_certificate",
    "null_space_certificate",
    "operator_norm",
    "optimal_weights",
    "own_parameters",
    "polished",
    "published_forward",
    "read_constants",
    "read_matrix",
    "read_null_space",
    "read_vector",
    "recovery_certificate",
    "refutation_certificate",
    "refute",
    "required_blocks",
    "residual_dual",
    "scaled_dual",
    "search_parameters",
    "sigma_above",
    "solve",
    "worst_perturbation",
]
