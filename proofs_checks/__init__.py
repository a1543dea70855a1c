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
    "Certificate": "certificate",
    "MalformedCertificate": "certificate",
    "Matrix": "certificate",
    "SciBarriersError": "certificate",
    "build": "certificate",
    "canonical_bytes": "certificate",
    "encode_integer": "certificate",
    "encode_matrix": "certificate",
    "encode_rational": "certificate",
    "parse": "certificate",
    "write_atomic": "certificate",
    "write_bundle": "certificate",
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
