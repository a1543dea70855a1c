"""Certificates and their independent checker; standard library only.

`certificate` is the format (docs/format.md), `checker` gives verdicts. The names below are loaded on first use, so that
a producer that only writes certificates never loads the checker.
"""

# `python -m` runs this file while modules are still looked for in the current directory: it imports nothing.
TYPE_CHECKING = False
__version__ = "0.1.0"

_HOMES = {
    # a verdict
    "verify_path": "checker",
    "verify_bytes": "checker",
    "Report": "checker",
    "Statement": "checker",
    "Invalid": "checker",
    "OutOfTime": "checker",
    # what a file says, unchecked: as plain Python, or as the format has it
    "load": "loading",
    "parse": "certificate.reading",
    "Certificate": "certificate.reading",
    "Matrix": "certificate.reading",
    # writing one
    "build": "certificate.writing",
    "encode_integer": "certificate.writing",
    "encode_rational": "certificate.writing",
    "encode_matrix": "certificate.writing",
    "encode_packed": "certificate.writing",
    "packed_file": "certificate.writing",
    "canonical_bytes": "certificate.reading",
    "write_atomic": "certificate.writing",
    "write_bundle": "certificate.writing",
    # errors
    "SciBarriersError": "certificate.reading",
    "MalformedCertificate": "certificate.reading",
}

if TYPE_CHECKING:
    from proofs_checks.certificate.reading import Certificate as Certificate
    from proofs_checks.certificate.reading import MalformedCertificate as MalformedCertificate
    from proofs_checks.certificate.reading import Matrix as Matrix
    from proofs_checks.certificate.reading import SciBarriersError as SciBarriersError
    from proofs_checks.certificate.reading import canonical_bytes as canonical_bytes
    from proofs_checks.certificate.reading import parse as parse
    from proofs_checks.certificate.writing import build as build
    from proofs_checks.certificate.writing import encode_integer as encode_integer
    from proofs_checks.certificate.writing import encode_matrix as encode_matrix
    from proofs_checks.certificate.writing import encode_packed as encode_packed
    from proofs_checks.certificate.writing import encode_rational as encode_rational
    from proofs_checks.certificate.writing import packed_file as packed_file
    from proofs_checks.certificate.writing import write_atomic as write_atomic
    from proofs_checks.certificate.writing import write_bundle as write_bundle
    from proofs_checks.checker import Invalid as Invalid
    from proofs_checks.checker import OutOfTime as OutOfTime
    from proofs_checks.checker import Report as Report
    from proofs_checks.checker import Statement as Statement
    from proofs_checks.checker import verify_bytes as verify_bytes
    from proofs_checks.checker import verify_path as verify_path
    from proofs_checks.loading import load as load
else:

    def __getattr__(name):
        if name in _HOMES:
            from importlib import import_module

            return getattr(import_module(f"proofs_checks.{_HOMES[name]}"), name)
        raise AttributeError(f"module 'proofs_checks' has no attribute {name!r}")


__all__ = sorted([*_HOMES, "__version__"])


def __dir__() -> list[str]:
    return __all__
