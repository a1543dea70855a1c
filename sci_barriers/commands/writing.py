"""Where results go."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from exact_base.errors import UsageError
from exact_base.text import slug
from proofs_checks.certificate import reading, writing
from sci_barriers.certificates.challenge import challenge_files
from sci_barriers.games.game import Challenge

__all__ = [
    "check_bundle_target",
    "check_certificate_target",
    "check_target",
    "write_bundle",
    "write_certificate",
    "write_results",
]


def check_target(target: Path, *, solvers: int) -> bool:
    """Refuse a target that must not or could not be written, before any solver runs; tell whether it will be replaced.

    Only certificates and bundles are replaced.

    Raises:
        UsageError: with what to do.
    """
    if _is_file(target):
        if solvers > 1:
            raise UsageError(f"--out {target} is one file, but there are {solvers} solvers; give a directory")
        if target.is_dir():
            raise UsageError(f"--out {target} is a directory; leave out the ending .json or give a file")
        existing = [path for path in _pair(target).values() if path.exists()]
        _only_certificates(existing)
    else:
        existing = [target] if target.exists() else []
        check_bundle_target(target)
    _parent_exists(target)
    return bool(existing)


def check_bundle_target(target: Path) -> None:
    """Refuse a directory for a bundle that must not or could not be written; only bundles are replaced.

    Raises:
        UsageError: with what to do.
    """
    try:
        writing.check_bundle_target(target)
    except reading.SciBarriersError as error:
        raise UsageError(f"--out {error}") from None
    if target.exists() and Path.cwd() == target.resolve():
        raise UsageError(f"--out {target} is the directory you are in, which would be replaced; give another name")


def _only_certificates(paths: list[Path]) -> None:
    for path in paths:
        if not _is_certificate(path):
            raise UsageError(f"{path} exists and is not a certificate; give another name")


def _parent_exists(target: Path) -> None:
    parent = target.absolute().parent
    if not parent.is_dir():
        raise UsageError(f"the directory {parent} does not exist; make it first")


def check_certificate_target(target: Path) -> None:
    """Refuse a file for one certificate that must not or could not be written; only certificates are replaced.

    Raises:
        UsageError: with what to do.
    """
    if target.is_dir():
        raise UsageError(f"--out {target} is a directory; give a file")
    _only_certificates([target] if target.exists() else [])
    _parent_exists(target)


def write_certificate(target: Path, data: bytes) -> None:
    """Write one certificate.

    Raises:
        UsageError: if the system refuses.
    """
    try:
        writing.write_atomic(target, data)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None


def write_bundle(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a bundle of certificates by file name.

    Raises:
        UsageError: if the system refuses.
    """
    try:
        writing.write_bundle(target, files)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None


def write_results(target: Path, results: list[Challenge]) -> list[Path]:
    """Write all certificates and return what to verify; nothing is written if there are none.

    What an earlier run wrote to the same target is replaced as a whole, so that no file of it stays beside these.

    Raises:
        UsageError: if the system refuses.
    """
    try:
        if _is_file(target):
            files = challenge_files(results[0])
            for part, path in _pair(target).items():
                if part in files:
                    writing.write_atomic(path, files[part])
                else:
                    path.unlink(missing_ok=True)
            return [path for part, path in _pair(target).items() if part in files]
        bundle = {
            f"{slug(result.candidate.name)}.{part}.cert.json": content
            for result in results
            for part, content in challenge_files(result).items()
        }
        if not bundle:
            return []
        writing.write_bundle(target, bundle)
        return [target]
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None


def _is_file(target: Path) -> bool:
    return target.suffix.lower() == ".json"


def _pair(target: Path) -> dict[str, Path]:
    stem = target.name[: -len(".json")].removesuffix(".cert")
    return {"barrier": target, "control": target.with_name(f"{stem}.control.cert.json")}


def _is_certificate(path: Path) -> bool:
    try:
        reading.parse(reading.read(path))
    except (OSError, reading.SciBarriersError):
        return False
    return True
