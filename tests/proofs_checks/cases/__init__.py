"""The tables of accepted, rejected and malformed certificates: the tests and the corpus are made of them.

A rejected case names the rule that must fail; a malformed one, a fragment of the message.
"""

from tests.proofs_checks.cases import (
    barrier,
    best_forward_error,
    best_recovery,
    breakdown,
    budget,
    claim_audit,
    coefficient_bounds,
    conditional_best_recovery,
    conditional_recovery,
    conditioning,
    control,
    data_digits,
    data_digits_fit,
    data_digits_unsquared,
    data_pair,
    data_pair_enclosed,
    envelope,
    forward_error,
    gap,
    joint_answer,
    joint_barrier,
    minimiser,
    nested_ties,
    network_exists,
    no_reads,
    null_space,
    null_space_refuted,
    null_space_walsh,
    operator_norm,
    path,
    randomised,
    reads,
    recovery,
    recovery_walsh,
    solution_digits,
    training_data,
)

MODULES = (envelope, minimiser, gap, training_data, barrier, control, claim_audit)
MODULES += (operator_norm, null_space, null_space_refuted)
MODULES += (recovery, conditional_recovery, best_recovery, conditional_best_recovery)
MODULES += (coefficient_bounds, forward_error, best_forward_error)
MODULES += (network_exists, conditioning, breakdown)
MODULES += (budget, randomised, nested_ties, joint_barrier, joint_answer)
MODULES += (reads, no_reads)
MODULES += (solution_digits, path, data_digits, data_digits_fit, data_digits_unsquared, data_pair)
MODULES += (data_pair_enclosed,)
MODULES += (null_space_walsh, recovery_walsh)
MODULES += (solution_digits, path, data_digits, data_digits_fit, data_digits_unsquared)
MODULES += (data_pair, data_pair_enclosed)


def table(name):
    """One of ACCEPT, REJECT and MALFORMED, over all modules: {case: value}."""
    cases = {}
    for module in MODULES:
        prefix = module.__name__.rsplit(".", 1)[1].replace("_", "-")
        for case, value in getattr(module, name, {}).items():
            cases[f"{prefix}-{case}"] = value
    return cases
