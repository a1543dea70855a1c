"""What can be computed: null space properties, certified or refuted, and networks that unroll an iteration for (P3)."""

__version__ = "0.1.0"

from firenet_exact.arithmetic import Output, forward
from firenet_exact.certificates import (
    norm_certificate,
    null_space_certificate,
    read_constants,
    read_null_space,
    recovery_certificate,
    refutation_certificate,
)
from firenet_exact.constants import Constants, constants
from firenet_exact.errors import BudgetError, DataError, InconsistentDataError, NotCertifiedError, UsageError
from firenet_exact.layers import Layer
from firenet_exact.levels import Levels, optimal_weights
from firenet_exact.matrices import ExactMatrix, exact_matrix, exact_vector
from firenet_exact.matrix_files import read_matrix
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
    required_blocks,
)
from firenet_exact.published import PublishedParameters, published_forward
from firenet_exact.recovery import (
    AssumedProperty,
    Recovery,
    certify_recovery,
    cone_dual,
    polished,
    residual_dual,
    scaled_dual,
    sigma_above,
)
from firenet_exact.running import Run

__all__ = [
    "AssumedProperty",
    "BudgetError",
    "Coherence",
    "Constants",
    "DataError",
    "ExactMatrix",
    "Exhaustive",
    "Firenet",
    "InconsistentDataError",
    "Layer",
    "Levels",
    "NormBounds",
    "NotCertifiedError",
    "NullSpaceProperty",
    "Output",
    "Parameters",
    "PublishedParameters",
    "Recovery",
    "Refutation",
    "Relaxation",
    "Run",
    "Transfer",
    "UsageError",
    "Verdict",
    "Violation",
    "a_priori_bound",
    "by_coherence",
    "by_exhaustion",
    "by_relaxation",
    "by_transfer",
    "certify_recovery",
    "check_parameters",
    "cone_dual",
    "constants",
    "decide",
    "exact_matrix",
    "exact_vector",
    "forward",
    "gap_bounds",
    "load_network",
    "network_parameters",
    "norm_certificate",
    "null_space_certificate",
    "operator_norm",
    "optimal_weights",
    "polished",
    "published_forward",
    "read_constants",
    "read_matrix",
    "read_null_space",
    "recovery_certificate",
    "refutation_certificate",
    "refute",
    "required_blocks",
    "residual_dual",
    "scaled_dual",
    "sigma_above",
]
