"""What is minimised in a certificate of kind data-digits (docs/format.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from proofs_checks.certificate.reading import MalformedCertificate, decode_choice, decode_rational
from proofs_checks.checker.parts.data_bpdn import Bpdn, BpdnAtScale
from proofs_checks.checker.parts.data_lasso import Lasso
from proofs_checks.checker.parts.data_sqrt_lasso import SqrtLasso, SqrtLassoAtScale
from proofs_checks.checker.parts.data_theorems import AtScale, Outcome
from proofs_checks.checker.parts.penalised import Penalised, Sparse
from proofs_checks.checker.parts.precision import Precision

_OBJECTIVES = ("lasso", "sqrt-lasso", "bpdn")


@dataclass(frozen=True)
class Objective:
    """A name, and the bound of the residual that bpdn has."""

    name: str
    noise: Fraction | None

    def outcomes(
        self,
        problem: Penalised,
        precision: Precision,
        point: Sparse,
        allowed: list[int],
        sigma: Fraction,
        scales: Sequence[Fraction],
    ) -> tuple[Lasso, list[Outcome]]:
        """Return a point with its quantities, and what is proved at each scale; raises Invalid."""
        given = problem, precision, point, allowed, sigma
        if self.noise is not None:
            bpdn = Bpdn(*given, self.noise)
            return bpdn, [BpdnAtScale(bpdn, scale).outcome() for scale in scales]
        if self.name == "sqrt-lasso":
            root = SqrtLasso(*given)
            return root, [SqrtLassoAtScale(root, scale).outcome() for scale in scales]
        lasso = Lasso(*given)
        return lasso, [AtScale(lasso, scale).outcome() for scale in scales]


def decode_objective(name: object, noise: object, path: str) -> Objective:
    """Return an objective; raises MalformedCertificate."""
    chosen = decode_choice(name, _OBJECTIVES, f"{path}.objective")
    if chosen == "bpdn":
        return Objective(chosen, Fraction(*decode_rational(noise, f"{path}.noise", positive=True)))
    if noise is not None:
        raise MalformedCertificate(f"{path}.noise must be null if the objective is not bpdn")
    return Objective(chosen, None)


def require_fitting(objective: Objective, problem: Penalised, path: str) -> None:
    """Refuse a ridge where the objective has none; raises MalformedCertificate."""
    if objective.name != "lasso" and any(problem.ridge.numbers):
        raise MalformedCertificate(f"{path}.ridge must be null or 0 if the objective is {objective.name}")
