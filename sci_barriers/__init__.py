"""What cannot be computed: adversarial classes, training data, and certificates of barriers (Theorems 1 and 2)."""

__version__ = "0.1.0"

from sci_barriers.algorithm import Candidate, OneShot, Player, sequential_algorithm
from sci_barriers.breakdown import (
    BreakdownEpsilon,
    Datum,
    Family,
    FamilyBound,
    FamilyInstance,
    breakdown_certificate,
    breakdown_epsilon,
    certify_family,
    family_certificate,
)
from sci_barriers.budget import BudgetResult, budget_certificate, play_budget
from sci_barriers.certificates import gap_certificate, minimiser_certificate, training_data_certificate
from sci_barriers.class_certificates import barrier_certificate, control_certificate
from sci_barriers.classes import CommonOracle, Instance, InstanceOracle, OmegaClass
from sci_barriers.conditioning import Conditioning, condition, conditioning_certificate
from sci_barriers.constructive import (
    Left,
    LimitedOracle,
    OmegaUnion,
    Reach,
    Remaining,
    SampledOracle,
    SoftNetwork,
    from_one_datum,
    no_reads_certificate,
    reach,
    reach_certificates,
    reads_certificate,
    sufficient_precision,
    until_known,
    without_reads,
)
from sci_barriers.enclosures import Enclosed, cosine_matrix, enclosed, fourier_matrix
from sci_barriers.errors import (
    BudgetError,
    DataError,
    FieldError,
    NotAMinimiserError,
    ProtocolError,
    SciBarriersError,
    SolverError,
    UsageError,
)
from sci_barriers.exact import ComplexNumber, QuadraticNumber, exact, exact_array, exact_vector
from sci_barriers.existence import (
    ExistingNetwork,
    Layer,
    ReluNetwork,
    existence_certificate,
    interpolating_network,
    member_network,
    network_exists,
)
from sci_barriers.game import Challenge, ControlResult, GameResult, challenge, play_control, play_game
from sci_barriers.inputs import Input
from sci_barriers.isolation import IsolatedCandidate, Limits
from sci_barriers.isolation.tapes import IsolatedRandomised
from sci_barriers.oracles import HonestOracle, NoisyInstanceOracle, NoisyOracle
from sci_barriers.problems import (
    ArgminSet,
    BasisPursuitDenoising,
    GapCertificate,
    Lasso,
    Minimiser,
    Problem,
    SqrtLasso,
)
from sci_barriers.problems.solve import solve_exactly
from sci_barriers.randomised.algorithm import randomised_algorithm
from sci_barriers.randomised.certificate import randomised_certificate
from sci_barriers.randomised.game import Outcome, RandomisedResult, enumerate_tapes, play_randomised, sample_tapes
from sci_barriers.randomised.loading import load_randomised
from sci_barriers.randomised.measure import MemberOracle, Success, success_probability
from sci_barriers.randomised.runs import RandomisedCandidate
from sci_barriers.randomised.strategies import STRATEGIES
from sci_barriers.randomised.tapes import Tape
from sci_barriers.recorded import Recorded, RecordedRuns, read_recorded
from sci_barriers.replay import Replay, replay, replay_randomised
from sci_barriers.running import Run, run
from sci_barriers.solvers import REGISTRY, Adapter, Estimator, load_candidate
from sci_barriers.theorem2 import Line, theorem2
from sci_barriers.training_data import Known, Oracle, QueryAccess, StreamAccess, TrainingData, Triple
from sci_barriers.validity import ValidTrainingData, check_training_data
from sci_barriers_plugins.hypothesis_hook import register

__all__ = [
    "REGISTRY",
    "STRATEGIES",
    "Adapter",
    "ArgminSet",
    "BasisPursuitDenoising",
    "BreakdownEpsilon",
    "BudgetError",
    "BudgetResult",
    "Candidate",
    "Challenge",
    "CommonOracle",
    "ComplexNumber",
    "Conditioning",
    "ControlResult",
    "DataError",
    "Datum",
    "Enclosed",
    "Estimator",
    "ExistingNetwork",
    "Family",
    "FamilyBound",
    "FamilyInstance",
    "FieldError",
    "GameResult",
    "GapCertificate",
    "HonestOracle",
    "Input",
    "Instance",
    "InstanceOracle",
    "IsolatedCandidate",
    "IsolatedRandomised",
    "Known",
    "Lasso",
    "Layer",
    "Left",
    "LimitedOracle",
    "Limits",
    "Line",
    "MemberOracle",
    "Minimiser",
    "NoisyInstanceOracle",
    "NoisyOracle",
    "NotAMinimiserError",
    "OmegaClass",
    "OmegaUnion",
    "OneShot",
    "Oracle",
    "Outcome",
    "Player",
    "Problem",
    "ProtocolError",
    "QuadraticNumber",
    "QueryAccess",
    "RandomisedCandidate",
    "RandomisedResult",
    "Reach",
    "Recorded",
    "RecordedRuns",
    "ReluNetwork",
    "Remaining",
    "Replay",
    "Run",
    "SampledOracle",
    "SciBarriersError",
    "SoftNetwork",
    "SolverError",
    "SqrtLasso",
    "StreamAccess",
    "Success",
    "Tape",
    "TrainingData",
    "Triple",
    "UsageError",
    "ValidTrainingData",
    "__version__",
    "barrier_certificate",
    "breakdown_certificate",
    "breakdown_epsilon",
    "budget_certificate",
    "certify_family",
    "challenge",
    "check_training_data",
    "condition",
    "conditioning_certificate",
    "control_certificate",
    "cosine_matrix",
    "enclosed",
    "enumerate_tapes",
    "exact",
    "exact_array",
    "exact_vector",
    "existence_certificate",
    "family_certificate",
    "fourier_matrix",
    "from_one_datum",
    "gap_certificate",
    "interpolating_network",
    "load_candidate",
    "load_randomised",
    "member_network",
    "minimiser_certificate",
    "network_exists",
    "no_reads_certificate",
    "play_budget",
    "play_control",
    "play_game",
    "play_randomised",
    "randomised_algorithm",
    "randomised_certificate",
    "reach",
    "reach_certificates",
    "read_recorded",
    "reads_certificate",
    "replay",
    "replay_randomised",
    "run",
    "sample_tapes",
    "sequential_algorithm",
    "solve_exactly",
    "success_probability",
    "sufficient_precision",
    "theorem2",
    "training_data_certificate",
    "until_known",
    "without_reads",
]

# hypothesis calls this as well when it is imported: the later of the two has both (docs/testing.md)
register()
