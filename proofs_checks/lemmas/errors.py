"""What can be wrong with a proof; no sympy here, so that its absence can be reported."""

from __future__ import annotations

from proofs_checks.certificate.reading import SciBarriersError

__all__ = ["ProofFailed", "SympyMissing", "require_sympy"]


class ProofFailed(SciBarriersError):
    """A step of a proof does not check.

    Attributes:
        step: the name of the step, with those it is nested in, `lemma / step / inner step`.
        expression: what was found instead of what was needed, usually an expression that should vanish.
    """

    def __init__(self, step: str, reason: str, expression: object):
        super().__init__(f"{step}: {reason}: {expression}")
        self.step = step
        self.reason = reason
        self.expression = expression


class SympyMissing(SciBarriersError, ImportError):
    """The lemmas need sympy, which only the extra `proofs` installs."""


def require_sympy() -> None:
    """Do nothing if sympy can be imported.

    Raises:
        SympyMissing: otherwise, with the command that installs it.
    """
    try:
        import sympy  # noqa: F401
    except ImportError as error:
        raise SympyMissing("the lemmas need sympy: pip install 'sci-barriers[proofs]'") from error
