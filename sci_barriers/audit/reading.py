"""Reading instances and points of claims files: written out, or in files beside them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq

from exact_base.documents import read_matrix, read_vector
from exact_base.errors import UsageError
from exact_base.fields import read_real, read_scalar_matrix, read_scalar_vector, require_keys
from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from exact_base.scalars import ComplexNumber, ExactArray, as_rational
from sci_barriers.audit.instances import AuditInstance, block_instance, dense_instance
from sci_barriers.problems import problem_type

__all__ = ["Arrays", "read_instance"]


@short_repr()
@dataclass(frozen=True)
class Arrays:
    """Reads arrays that are lists of numbers, or names of files.

    Attributes:
        folder: the folder of the claims file, which names of files are relative to.
        used: the base names of the files that were read, in order.
    """

    folder: Path = Path()
    used: list[str] = field(default_factory=list)

    def matrix(self, value: Any) -> ExactArray:
        """Return a matrix, shape (m, N).

        Raises:
            UsageError: if a file cannot be opened, or is of another kind.
            DataError: if it is none.
        """
        return _scalars(read_matrix(self._beside(value))) if isinstance(value, str) else read_scalar_matrix(value)

    def vector(self, value: Any, length: int) -> ExactArray:
        """Return a vector; only that of a file has this length for certain.

        Raises:
            UsageError: if a file cannot be opened, or is of another kind.
            DataError: if it is none.
        """
        if isinstance(value, str):
            return _scalars(read_vector(self._beside(value), length)).reshape(-1)
        return read_scalar_vector(value)

    def _beside(self, name: str) -> Path:
        """The file of this name, which may lead out of the folder: it is the user's own."""
        try:
            possible = b"\0" not in os.fsencode(name)
        except UnicodeEncodeError:  # JSON can escape halves of characters
            possible = False
        if not possible:
            raise UsageError(f"{name!r:.60} cannot be the name of a file")
        path = self.folder / name
        if path.name not in self.used:
            self.used.append(path.name)
        return path


def _scalars(matrix: ExactMatrix) -> ExactArray:
    re, im = matrix.integers()
    result = np.empty((matrix.rows, matrix.cols), dtype=object)
    for i, j in np.ndindex(*result.shape):
        real = fmpq(re[i][j], matrix.den)
        imaginary = fmpq(im[i][j], matrix.den) if im is not None else fmpq(0)
        result[i, j] = ComplexNumber(real, imaginary) if imaginary != 0 else real
    return result


def read_instance(description: Any, arrays: Arrays | None = None) -> AuditInstance:
    """Build an instance from its description in a claims file.

    Raises:
        UsageError: if a key is missing or unknown, or a file cannot be read.
        DataError: if the numbers do not fit.
    """
    arrays = Arrays() if arrays is None else arrays
    form = description.get("form", "dense") if isinstance(description, Mapping) else None
    if isinstance(description, Mapping) and not isinstance(description.get("problem"), str):
        raise UsageError(f"an instance names its problem, got {description.get('problem')!r:.60}")
    if form == "block":
        require_keys(description, ("columns", "form", "parameter", "problem", "row", "rows"), "a block instance")
        for key in ("rows", "columns"):
            if type(description[key]) is not int:
                raise UsageError(f"{key} of a block instance must be an integer, got {description[key]!r:.60}")
        return block_instance(
            problem=description["problem"],
            parameter=as_rational(read_real(description["parameter"])),
            rows=description["rows"],
            columns=description["columns"],
            row=arrays.vector(description["row"], max(description["columns"] - description["rows"] + 1, 0)),
        )
    if form == "dense":
        keys, optional = ("data", "matrix", "parameter", "problem"), ("dual", "form", "minimiser", "weights")
        require_keys(description, keys, "a dense instance", optional=optional)
        if "dual" in description and "minimiser" not in description:
            raise UsageError("a dual vector is for a minimiser that is given too")
        matrix = arrays.matrix(description["matrix"])
        sizes = {"dual": matrix.shape[0], "minimiser": matrix.shape[1], "weights": matrix.shape[1]}
        given = {key: arrays.vector(description[key], size) for key, size in sizes.items() if key in description}
        problem = problem_type(description["problem"])(
            matrix,
            arrays.vector(description["data"], matrix.shape[0]),
            parameter=as_rational(read_real(description["parameter"])),
            weights=given.get("weights"),
        )
        return dense_instance(problem, minimiser=given.get("minimiser"), dual=given.get("dual"))
    raise UsageError(f"an instance has form 'block' or 'dense', got {form!r:.60}")
