"""The errors of the project: every one has a one-line message that says what to do.

All derive from `SciBarriersError`, so a caller can catch that one.
"""

from proofs_checks.certificate.reading import SciBarriersError

__all__ = [
    "BudgetError",
    "DataError",
    "FieldError",
    "InconsistentDataError",
    "MissingExtraError",
    "NotAMinimiserError",
    "NotCertifiedError",
    "ProtocolError",
    "SciBarriersError",
    "SolverError",
    "UsageError",
]


class UsageError(SciBarriersError):
    """The caller asked for something that does not exist or is out of range (exit code 2)."""


class MissingExtraError(UsageError, ImportError):
    """What only an extra of this project installs is missing; the message has the command that installs it."""


class DataError(SciBarriersError):
    """A number or array cannot be read exactly: NaN, infinite, of the wrong shape or type."""


class FieldError(DataError):
    """Two numbers do not lie in one real quadratic field Q(√s)."""


class NotAMinimiserError(DataError):
    """A vector fails the optimality conditions; the message names the one that fails."""


class ProtocolError(SciBarriersError):
    """An algorithm asked for training data outside the protocol (precision below 1, unknown sample, ...)."""


class SolverError(SciBarriersError):
    """A solver raised, or returned something that is not a vector of finite numbers of the right length."""


class BudgetError(SciBarriersError):
    """A computation reached its limit before it could decide."""


class NotCertifiedError(SciBarriersError):
    """A method did not prove the null space property; that refutes nothing."""


class InconsistentDataError(SciBarriersError):
    """No vector fits the data within the stated bounds, and a dual vector proves it."""
