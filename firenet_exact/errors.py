"""The errors of this package: each has a one-line message that says what to do."""

from proofs_checks.certificate import SciBarriersError

__all__ = [
    "BudgetError",
    "DataError",
    "InconsistentDataError",
    "NotCertifiedError",
    "SciBarriersError",
    "UsageError",
]


class UsageError(SciBarriersError):
    """The caller asked for something that does not exist or is out of range."""


class DataError(SciBarriersError):
    """A number or a matrix cannot be read exactly: NaN, infinite, of the wrong shape or type."""


class BudgetError(SciBarriersError):
    """A computation reached its time limit before it could decide."""


class NotCertifiedError(SciBarriersError):
    """A method did not prove the null space property; that refutes nothing."""


class InconsistentDataError(SciBarriersError):
    """No vector fits the data within the stated bounds, and a dual vector proves it."""
