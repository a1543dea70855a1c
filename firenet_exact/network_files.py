"""The files of networks: exact canonical JSON with the SHA-256 of what it says (docs/firenet.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from exact_base.errors import DataError, SciBarriersError, UsageError
from proofs_checks.certificate.reading import canonical_bytes, decode_object, read
from proofs_checks.certificate.writing import write_atomic

__all__ = ["digest_of", "encoded", "load", "save"]


class Saved(Protocol):
    """What is in a file."""

    @property
    def digest(self) -> str:
        """SHA-256 of what is saved, in hexadecimal."""


N = TypeVar("N", bound=Saved)


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of what is saved, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def encoded(content: dict[str, Any]) -> bytes:
    """Return the file that says this, its digest included."""
    return canonical_bytes({**content, "sha256": digest_of(content)}) + b"\n"


def save(path: Path, content: dict[str, Any]) -> None:
    """Write that file.

    Raises:
        UsageError: if the file cannot be written.
    """
    try:
        write_atomic(path, encoded(content))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None


def load(path: Path, names: tuple[str, ...], build: Callable[[dict[str, Any]], N], *, written_as: str) -> N:
    """Read a network that was saved.

    Args:
        path: the file.
        names: its fields, besides `format` and `sha256`.
        build: makes the network of the fields.
        written_as: the format.

    Raises:
        UsageError: if the file cannot be opened, or `build` raises it.
        DataError: if it is no network, or damaged.
    """
    try:
        data = read(path)
        found = decode_object(json.loads(data.decode("utf-8")), (*names, "format", "sha256"), "network")
        if found["format"] != written_as:
            raise DataError(f"the format is {found['format']!r:.40}, not {written_as}")
        if canonical_bytes(found) + b"\n" != data:
            raise DataError("it is not canonical JSON with one final newline")
        network = build(found)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None
    except UsageError:
        raise
    except (SciBarriersError, ValueError, RecursionError, AttributeError) as error:
        raise DataError(f"{path} is no network: {' '.join(str(error).split())}") from None
    if network.digest != found["sha256"]:
        raise DataError(f"{path} is damaged: its digest is not that of its content")
    return network
