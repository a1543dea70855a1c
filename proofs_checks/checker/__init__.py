"""The independent checker: it reads a certificate, recomputes what it can, and trusts nothing else."""

from proofs_checks.checker.core.rules import Invalid, OutOfTime, Statement
from proofs_checks.checker.core.verify import Report, verify_bytes, verify_path

__all__ = ["Invalid", "OutOfTime", "Report", "Statement", "verify_bytes", "verify_path"]
