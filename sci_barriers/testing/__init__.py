"""Property-based tests for solvers: hand your algorithm to the adversary in your own test suite (docs/testing.md).

Needs hypothesis: pip install 'sci-barriers[testing]'.
"""

from __future__ import annotations

from hypothesis import strategies as _st

from sci_barriers.testing.adversary import Adversary
from sci_barriers.testing.assertions import (
    CertifiedFailure,
    SolverAnswer,
    answer,
    assert_barrier,
    assert_certificate,
    assert_digits,
    assert_valid_training_data,
)
from sci_barriers.testing.certificate_strategies import certificates
from sci_barriers.testing.data_strategies import (
    DrawnTape,
    levels,
    null_space_properties,
    oracles,
    tapes,
    training_data,
    transcripts,
)
from sci_barriers.testing.known import ExactOracle, FloatImage, KnownProblem
from sci_barriers.testing.machine import reading_machine
from sci_barriers.testing.problem_strategies import (
    class_members,
    class_problems,
    duplicated_columns,
    ill_posed,
    known_problems,
    omega_classes,
    rationals,
    well_posed,
)
from sci_barriers.testing.relations import RELATIONS, Relation, solver_properties
from sci_barriers.testing.variations import (
    Transformed,
    duplicate_columns,
    flip_signs,
    nearly_duplicate,
    permute_columns,
    rotate,
    scale,
    with_parallel_column,
)

__all__ = [
    "RELATIONS",
    "Adversary",
    "CertifiedFailure",
    "DrawnTape",
    "ExactOracle",
    "FloatImage",
    "KnownProblem",
    "Relation",
    "SolverAnswer",
    "Transformed",
    "answer",
    "assert_barrier",
    "assert_certificate",
    "assert_digits",
    "assert_valid_training_data",
    "certificates",
    "class_members",
    "class_problems",
    "duplicate_columns",
    "duplicated_columns",
    "flip_signs",
    "ill_posed",
    "known_problems",
    "levels",
    "nearly_duplicate",
    "null_space_properties",
    "omega_classes",
    "oracles",
    "permute_columns",
    "rationals",
    "reading_machine",
    "rotate",
    "scale",
    "solver_properties",
    "tapes",
    "training_data",
    "transcripts",
    "well_posed",
    "with_parallel_column",
]

_st.register_type_strategy(KnownProblem, known_problems())
