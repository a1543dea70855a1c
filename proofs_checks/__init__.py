"""Certificates and their independent checker; standard library only.

`certificate` is the format (docs/format.md), `checker` gives verdicts. The names below are loaded on first use, so that
a producer that only writes certificates never loads the checker.
"""

# `python -m` runs this file while modules are still looked for in the current directory: it imports nothing.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Certificate": "certificate.reading",
    "MalformedCertificate": "certificate.reading",
    "Matrix": "certificate.reading",
    "SciBarriersError": "certificate.reading",
    "build": "certificate.writing",
    "canonical_bytes": "certificate.reading",
    "encode_integer": "certificate.writing",
    "encode_matrix": "certificate.writing",
    "encode_rational": "certificate.writing",
    "parse": "certificate.reading",
    "write_atomic": "certificate.writing",
    "write_bundle": "certificate.writing",
    "Invalid": "checker",
    "OutOfTime": "checker",
    "Report": "checker",
    "Statement": "checker",
    "verify_bytes": "checker",
    "verify_path": "checker",
}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> "Any":
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"proofs_checks.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'proofs_checks' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
