"""What cannot be computed: adversarial classes, training data, and certificates of barriers (Theorems 1 and 2).

A first use needs `check`, for coefficients of your own, or `OmegaClass`, `load_candidate`, `challenge` and
`barrier_certificate`. The names below are loaded when
they are first used; all others are imported from their rooms, such as `sci_barriers.data.oracles`.
"""

from typing import TYPE_CHECKING

from exact_base import __version__ as __version__
from sci_barriers_plugins.hypothesis_hook import register

_HOMES = {
    # problems, and their minimisers
    "BasisPursuitDenoising": "sci_barriers.problems",
    "Lasso": "sci_barriers.problems",
    "SqrtLasso": "sci_barriers.problems",
    "Minimiser": "sci_barriers.problems",
    "solve_exactly": "sci_barriers.problems.solve",
    # the class of Theorem 2, for one sample and for several
    "OmegaClass": "sci_barriers.omega.families",
    "NestedTies": "sci_barriers.omega.nested",
    "OmegaUnion": "sci_barriers.omega.union",
    # algorithms that play: a solver by its name, or one's own
    "load_candidate": "sci_barriers.solvers",
    "sequential_algorithm": "sci_barriers.players.algorithm",
    "randomised_algorithm": "sci_barriers.players.coins",
    "Candidate": "sci_barriers.players.algorithm",
    "IsolatedCandidate": "sci_barriers.isolation",
    "Limits": "sci_barriers.isolation",
    # what is played, and what is found
    "challenge": "sci_barriers.games.game",
    "play_budget": "sci_barriers.games.budget",
    "reach": "sci_barriers.reads.reaching",
    "breakdown_epsilon": "sci_barriers.breakdown.epsilon",
    "condition": "sci_barriers.omega.conditioning",
    # one's own data: coefficients of a library, checked
    "check": "sci_barriers.checks.checking",
    # certificates
    "barrier_certificate": "sci_barriers.certificates.barrier",
    "breakdown_certificate": "sci_barriers.certificates.breakdown",
    "budget_certificate": "sci_barriers.certificates.budget",
    "conditioning_certificate": "sci_barriers.certificates.conditioning",
    "control_certificate": "sci_barriers.certificates.control",
    "minimiser_certificate": "sci_barriers.certificates.minimiser",
    "reads_certificate": "sci_barriers.certificates.reads",
    # errors: the base class of all, and those a user meets
    "SciBarriersError": "proofs_checks.certificate.reading",
    "DataError": "exact_base.errors",
    "SolverError": "exact_base.errors",
    "UsageError": "exact_base.errors",
}

if TYPE_CHECKING:
    from exact_base.errors import DataError as DataError
    from exact_base.errors import SolverError as SolverError
    from exact_base.errors import UsageError as UsageError
    from proofs_checks.certificate.reading import SciBarriersError as SciBarriersError
    from sci_barriers.breakdown.epsilon import breakdown_epsilon as breakdown_epsilon
    from sci_barriers.certificates.barrier import barrier_certificate as barrier_certificate
    from sci_barriers.certificates.breakdown import breakdown_certificate as breakdown_certificate
    from sci_barriers.certificates.budget import budget_certificate as budget_certificate
    from sci_barriers.certificates.conditioning import conditioning_certificate as conditioning_certificate
    from sci_barriers.certificates.control import control_certificate as control_certificate
    from sci_barriers.certificates.minimiser import minimiser_certificate as minimiser_certificate
    from sci_barriers.certificates.reads import reads_certificate as reads_certificate
    from sci_barriers.checks.checking import check as check
    from sci_barriers.games.budget import play_budget as play_budget
    from sci_barriers.games.game import challenge as challenge
    from sci_barriers.isolation import IsolatedCandidate as IsolatedCandidate
    from sci_barriers.isolation import Limits as Limits
    from sci_barriers.omega.conditioning import condition as condition
    from sci_barriers.omega.families import OmegaClass as OmegaClass
    from sci_barriers.omega.nested import NestedTies as NestedTies
    from sci_barriers.omega.union import OmegaUnion as OmegaUnion
    from sci_barriers.players.algorithm import Candidate as Candidate
    from sci_barriers.players.algorithm import sequential_algorithm as sequential_algorithm
    from sci_barriers.players.coins import randomised_algorithm as randomised_algorithm
    from sci_barriers.problems import BasisPursuitDenoising as BasisPursuitDenoising
    from sci_barriers.problems import Lasso as Lasso
    from sci_barriers.problems import Minimiser as Minimiser
    from sci_barriers.problems import SqrtLasso as SqrtLasso
    from sci_barriers.problems.solve import solve_exactly as solve_exactly
    from sci_barriers.reads.reaching import reach as reach
    from sci_barriers.solvers import load_candidate as load_candidate
else:  # a name that is not there is an error to type checkers too, which take any name of a module with a __getattr__
    from exact_base.faces import loader

    __getattr__ = loader(__name__, _HOMES)

__all__ = sorted(_HOMES)


def __dir__() -> list[str]:
    return __all__


# hypothesis calls this as well when it is imported: the later of the two has both (docs/testing.md)
register()
