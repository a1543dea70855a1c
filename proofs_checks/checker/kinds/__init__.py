"""The kinds of certificates: one module each, all with the shape `check(claim, evidence) -> Statement`."""

from collections.abc import Callable
from typing import Any

from proofs_checks.checker.core.rules import Statement
from proofs_checks.checker.kinds import (
    barrier,
    best_forward_error,
    breakdown,
    budget,
    claim_audit,
    coefficient_bounds,
    conditioning,
    control,
    forward_error,
    gap,
    minimiser,
    network_exists,
    no_reads,
    null_space,
    null_space_refuted,
    operator_norm,
    path,
    randomised,
    reads,
    recovery,
    solution_digits,
    training_data,
)

CHECKS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Statement]] = {
    "minimiser": minimiser.check,
    "gap": gap.check,
    "training-data": training_data.check,
    "barrier": barrier.check,
    "control": control.check,
    "budget": budget.check,
    "randomised": randomised.check,
    "claim-audit": claim_audit.check,
    "operator-norm": operator_norm.check,
    "null-space": null_space.check,
    "null-space-refuted": null_space_refuted.check,
    "recovery": recovery.check,
    "conditional-recovery": recovery.check_conditional,
    "best-recovery": recovery.check_best,
    "conditional-best-recovery": recovery.check_conditional_best,
    "coefficient-bounds": coefficient_bounds.check,
    "forward-error": forward_error.check,
    "best-forward-error": best_forward_error.check,
    "network-exists": network_exists.check,
    "conditioning": conditioning.check,
    "breakdown": breakdown.check,
    "reads": reads.check,
    "no-reads": no_reads.check,
    "solution-digits": solution_digits.check,
    "path": path.check,
}
