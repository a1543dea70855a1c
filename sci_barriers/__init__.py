"""What cannot be computed: adversarial classes, training data, and certificates of barriers (Theorems 1 and 2)."""

__version__ = "0.1.0"

from exact_base.enclosures import Enclosed, cosine_matrix, enclosed, fourier_matrix
from exact_base.errors import (
    BudgetError,
    DataError,
    FieldError,
    NotAMinimiserError,
    ProtocolError,
    SciBarriersError,
    SolverError,
    UsageError,
)
from exact_base.scalars import ComplexNumber, QuadraticNumber, exact, exact_array, exact_vector
from sci_barriers.breakdown.epsilon import BreakdownEpsilon, breakdown_epsilon
from sci_barriers.breakdown.family import Datum, Family, FamilyBound, FamilyInstance, certify_family
from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.certificates.breakdown import breakdown_certificate, family_certificate
from sci_barriers.certificates.budget import budget_certificate
from sci_barriers.certificates.conditioning import conditioning_certificate
from sci_barriers.certificates.control import control_certificate
from sci_barriers.certificates.gap import gap_certificate
from sci_barriers.certificates.minimiser import minimiser_certificate
from sci_barriers.certificates.network_exists import existence_certificate
from sci_barriers.certificates.no_reads import no_reads_certificate
from sci_barriers.certificates.randomised import randomised_certificate
from sci_barriers.certificates.reads import reach_certificates, reads_certificate
from sci_barriers.certificates.training_data import training_data_certificate
from sci_barriers.data.inputs import Input
from sci_barriers.data.oracles import HonestOracle, NoisyInstanceOracle, NoisyOracle
from sci_barriers.data.sampled import LimitedOracle, SampledOracle
from sci_barriers.data.structured import CommonOracle, InstanceOracle
from sci_barriers.data.training_data import Oracle, QueryAccess, StreamAccess, TrainingData, Triple
from sci_barriers.data.validity import ValidTrainingData, check_training_data
from sci_barriers.games.budget import BudgetResult, play_budget
from sci_barriers.games.game import Challenge, ControlResult, GameResult, challenge, play_control, play_game
from sci_barriers.games.recorded import Recorded, RecordedRuns, read_recorded
from sci_barriers.games.replay import Replay, replay, replay_randomised
from sci_barriers.isolation import IsolatedCandidate, Limits
from sci_barriers.isolation.tapes import IsolatedRandomised
from sci_barriers.network_exists.theorem1 import ExistingNetwork, member_network, network_exists
from sci_barriers.networks.relu import Layer, ReluNetwork, interpolating_network
from sci_barriers.networks.soft import SoftNetwork
from sci_barriers.omega.conditioning import Conditioning, condition
from sci_barriers.omega.families import Instance, OmegaClass
from sci_barriers.omega.known import Known
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.players.algorithm import Candidate, OneShot, Player, sequential_algorithm
from sci_barriers.players.coins import randomised_algorithm
from sci_barriers.players.running import Run, run
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
from sci_barriers.randomised.game import Outcome, RandomisedResult, enumerate_tapes, play_randomised, sample_tapes
from sci_barriers.randomised.loading import load_randomised
from sci_barriers.randomised.measure import MemberOracle, Success, success_probability
from sci_barriers.randomised.runs import RandomisedCandidate
from sci_barriers.randomised.strategies import STRATEGIES
from sci_barriers.randomised.tapes import Tape
from sci_barriers.reads.algorithms import from_one_datum, sufficient_precision, until_known
from sci_barriers.reads.reaching import Reach, reach, without_reads
from sci_barriers.reads.remaining import Left, Remaining
from sci_barriers.solvers import REGISTRY, Adapter, Estimator, load_candidate
from sci_barriers.theorem2.lines import Line, theorem2
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
