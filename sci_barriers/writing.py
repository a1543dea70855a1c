"""Writing the certificates of challenges: one pair of files, or a bundle."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from proofs_checks import certificate as fmt
from sci_barriers import __version__
from sci_barriers.algorithm import Player
from sci_barriers.class_certificates import barrier_certificate, control_certificate
from sci_barriers.errors import UsageError
from sci_barriers.game import Challenge, Play
from sci_barriers.words import called, without_folders

__all__ = [
    "challenge_files",
    "check_bundle_target",
    "check_certificate_target",
    "check_target",
    "producer",
    "provenance",
    "slug",
    "write_bundle",
    "write_certificate",
    "write_results",
]


def slug(name: str) -> str:
    """Return a name as part of a file name; of the path of a file only its last part."""
    return re.sub(r"[^A-Za-z0-9]+", "-", called(name)).strip("-").lower()


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
        fmt.check_bundle_target(target)
    except fmt.SciBarriersError as error:
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
        fmt.write_atomic(target, data)
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None


def write_bundle(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a bundle of certificates by file name.

    Raises:
        UsageError: if the system refuses.
    """
    try:
        fmt.write_bundle(target, files)
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
                    fmt.write_atomic(path, files[part])
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
        fmt.write_bundle(target, bundle)
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
        fmt.parse(fmt.read(path))
    except (OSError, fmt.SciBarriersError):
        return False
    return True


def producer() -> dict[str, str]:
    """Return what wrote a certificate, for its provenance."""
    return {"producer": f"sci-barriers {__version__}", "python": sys.version.split()[0]}


def provenance(candidate: Player, play: Play) -> dict[str, str]:
    """Return how a run was made and what was seen of it, for the provenance of a certificate."""
    run = play.run
    said = {
        **candidate.conditions,
        **producer(),
        "notes": "\n".join(run.notes),
        "precision": str(play.precision),
        "printed": run.printed,
        "repeatable": {None: "not tried", True: "yes", False: "no"}[run.repeatable],
        "seconds": f"{run.seconds:.6f}",
        "solver": candidate.name,
        "solver status": "\n".join(f"{key}: {value}" for key, value in run.reported.items()),
        "standard error": run.errors,
        "status": run.status,
        "versions": candidate.versions,
        "warnings": "\n".join(run.warnings),
    }
    return {key: without_folders(text) for key, text in said.items()}


def challenge_files(result: Challenge) -> dict[str, bytes]:
    """Return the certificates of one candidate, by part; an undecided part has none."""
    files: dict[str, bytes] = {}
    if result.game.verdict == "barrier":
        files["barrier"] = barrier_certificate(result.game, provenance=provenance(result.candidate, result.game.play))
    if result.control.first.distance2 is not None:
        files["control"] = control_certificate(
            result.control, provenance=provenance(result.candidate, result.control.first.play)
        )
    return files
