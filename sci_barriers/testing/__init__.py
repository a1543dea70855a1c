"""Property-based tests for solvers: hand your algorithm to the adversary in your own test suite (docs/testing.md).

Needs hypothesis: pip install 'sci-barriers[testing]'. The names below are loaded when they are first used; all
others are imported from their modules, such as `sci_barriers.testing.variations`.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from exact_base.errors import MissingExtraError

if find_spec("hypothesis") is None:
    raise MissingExtraError("sci_barriers.testing needs hypothesis: pip install 'sci-barriers[testing]'")

_HOMES = {
    # assertions, and what they say
    "assert_barrier": "sci_barriers.testing.assertions",
    "assert_certificate": "sci_barriers.testing.assertions",
    "assert_digits": "sci_barriers.testing.assertions",
    "assert_valid_training_data": "sci_barriers.testing.assertions",
    "answer": "sci_barriers.testing.assertions",
    "CertifiedFailure": "sci_barriers.testing.assertions",
    "SolverAnswer": "sci_barriers.testing.assertions",
    "Adversary": "sci_barriers.testing.adversary",
    # properties of solvers that are ready to run
    "solver_properties": "sci_barriers.testing.relations",
    "reading_machine": "sci_barriers.testing.machine",
    # problems with known solutions
    "KnownProblem": "sci_barriers.testing.known",
    "known_problems": "sci_barriers.testing.problem_strategies",
    "well_posed": "sci_barriers.testing.problem_strategies",
    "ill_posed": "sci_barriers.testing.problem_strategies",
    "duplicated_columns": "sci_barriers.testing.problem_strategies",
    "class_problems": "sci_barriers.testing.problem_strategies",
    "ReferenceProblem": "sci_barriers.testing.references",
    "reference_problems": "sci_barriers.testing.references",
    "ComplexReferenceProblem": "sci_barriers.testing.complex_references",
    "complex_reference_problems": "sci_barriers.testing.complex_references",
    # classes, and training data
    "omega_classes": "sci_barriers.testing.problem_strategies",
    "class_members": "sci_barriers.testing.problem_strategies",
    "training_data": "sci_barriers.testing.data_strategies",
    "oracles": "sci_barriers.testing.data_strategies",
    "transcripts": "sci_barriers.testing.data_strategies",
    "ExactOracle": "sci_barriers.testing.known",
    # everything else that can be drawn
    "certificates": "sci_barriers.testing.certificate_strategies",
    "rationals": "sci_barriers.testing.problem_strategies",
    "tapes": "sci_barriers.testing.data_strategies",
    "levels": "sci_barriers.testing.data_strategies",
    "null_space_properties": "sci_barriers.testing.data_strategies",
}

if TYPE_CHECKING:
    from sci_barriers.testing.adversary import Adversary as Adversary
    from sci_barriers.testing.assertions import CertifiedFailure as CertifiedFailure
    from sci_barriers.testing.assertions import SolverAnswer as SolverAnswer
    from sci_barriers.testing.assertions import answer as answer
    from sci_barriers.testing.assertions import assert_barrier as assert_barrier
    from sci_barriers.testing.assertions import assert_certificate as assert_certificate
    from sci_barriers.testing.assertions import assert_digits as assert_digits
    from sci_barriers.testing.assertions import assert_valid_training_data as assert_valid_training_data
    from sci_barriers.testing.certificate_strategies import certificates as certificates
    from sci_barriers.testing.complex_references import ComplexReferenceProblem as ComplexReferenceProblem
    from sci_barriers.testing.complex_references import complex_reference_problems as complex_reference_problems
    from sci_barriers.testing.data_strategies import levels as levels
    from sci_barriers.testing.data_strategies import null_space_properties as null_space_properties
    from sci_barriers.testing.data_strategies import oracles as oracles
    from sci_barriers.testing.data_strategies import tapes as tapes
    from sci_barriers.testing.data_strategies import training_data as training_data
    from sci_barriers.testing.data_strategies import transcripts as transcripts
    from sci_barriers.testing.known import ExactOracle as ExactOracle
    from sci_barriers.testing.known import KnownProblem as KnownProblem
    from sci_barriers.testing.machine import reading_machine as reading_machine
    from sci_barriers.testing.problem_strategies import class_members as class_members
    from sci_barriers.testing.problem_strategies import class_problems as class_problems
    from sci_barriers.testing.problem_strategies import duplicated_columns as duplicated_columns
    from sci_barriers.testing.problem_strategies import ill_posed as ill_posed
    from sci_barriers.testing.problem_strategies import known_problems as known_problems
    from sci_barriers.testing.problem_strategies import omega_classes as omega_classes
    from sci_barriers.testing.problem_strategies import rationals as rationals
    from sci_barriers.testing.problem_strategies import well_posed as well_posed
    from sci_barriers.testing.references import ReferenceProblem as ReferenceProblem
    from sci_barriers.testing.references import reference_problems as reference_problems
    from sci_barriers.testing.relations import solver_properties as solver_properties
else:  # a name that is not there is an error to type checkers too, which take any name of a module with a __getattr__
    from exact_base.faces import loader

    __getattr__ = loader(__name__, _HOMES)

__all__ = sorted(_HOMES)


def __dir__() -> list[str]:
    return __all__
