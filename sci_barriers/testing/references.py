"""The reference data for sparse regression, for tests of solvers: docs/reference-data.md.

They are in the folder `reference` of the source of sci-barriers, which a wheel does not contain.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from exact_base.errors import DataError
from exact_base.matrices import VectorLike, exact_column
from exact_base.words import counted
from sci_barriers.problems.penalised.finding import Finding, find
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column
from sci_barriers.problems.penalised.solving import Solution, minimise

__all__ = ["ReferenceProblem", "reference_problems"]

DIFFICULTIES = ("lower", "average", "higher", "several")
MOST_DIGITS = 50
_HOME = Path(__file__).resolve().parents[2] / "reference"


@dataclass(frozen=True, eq=False)
class DataSet:
    """What the folder of a data set says of it."""

    name: str
    folder: Path
    about: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}, {self.difficulty}>"

    @property
    def difficulty(self) -> str:
        """One of `lower`, `average`, `higher`; `several` if there are several minimisers."""
        return str(self.about["difficulty"])

    @property
    def tags(self) -> tuple[str, ...]:
        """What it tries."""
        return tuple(self.about["tags"])


class ReferenceProblem(DataSet):
    """One of the reference data sets; all its numbers are float64 numbers, so that arrays are exact.

    N is the number n of columns, or n + 1 with an intercept, which is the last coefficient.

    Attributes:
        name: that of its folder.
        folder: where its files are.
        about: what its `problem.json` says: `title`, `tags`, `source`, `licence`, `conventions`, ...

    >>> from sci_barriers.testing import reference_problems
    >>> twins = {problem.name: problem for problem in reference_problems()}["twins-2"]
    >>> twins
    <ReferenceProblem twins-2, several>
    >>> twins.matrix, twins.data, twins.parameters("stated")
    (array([[1., 1.]]), array([2.]), {'lambda': 1.0, 'kappa': 0.0})
    >>> twins.digits([0.5, 1.0]), twins.digits([0.5, 1.001])
    (50, 3)
    """

    @property
    def intercept(self) -> bool:
        """Whether there is an intercept."""
        return bool(self.about["intercept"])

    def parameters(self, convention: str) -> dict[str, float]:
        """Return the numbers that a library is to be called with, rounded to float64.

        Args:
            convention: `stated` (`lambda` and `kappa`), `half` (likewise) or `mean-half` (`alpha` and `l1_ratio`).

        Raises:
            DataError: if the penalties are not the same for all columns, or for an unknown convention.
        """
        known = self.about["conventions"]
        if known is None:
            raise DataError(f"the penalties of {self.name} differ from column to column: see `penalties`")
        if convention not in known:
            raise DataError(f"unknown convention {convention!r:.40}; choose one of {', '.join(known)}")
        values = known[convention]
        return {key: float(Fraction(text)) for key, text in values.items() if key not in ("objective", _EXACT)}

    # --- arrays --------------------------------------------------------------------------------

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """X, shape (m, n)."""
        return _floats(self._rows("X.csv")[1])

    @cached_property
    def data(self) -> NDArray[np.float64]:
        """The data y, length m."""
        return _floats(self._rows("y.csv")[1])[:, 0]

    @cached_property
    def observation_weights(self) -> NDArray[np.float64] | None:
        """The weights ω of the observations, length m, or None."""
        return _floats(self._rows("rows.csv")[1])[:, 0] if self.about["observation_weights"] else None

    @property
    def penalties(self) -> NDArray[np.float64]:
        """The penalties μ, length N."""
        return _float_vector(self._columns["penalty"])

    @property
    def ridge(self) -> NDArray[np.float64]:
        """The ridge penalties κ, length N."""
        return _float_vector(self._columns["ridge"])

    @property
    def nonnegative(self) -> tuple[int, ...]:
        """The columns, from 0, whose coefficients must be at least 0."""
        return tuple(j for j, text in enumerate(self._columns["nonnegative"]) if text == "1")

    @property
    def is_plain(self) -> bool:
        """Whether it is ‖y - Xx‖² + λ‖x‖_1 and nothing else, which every solver of a LASSO solves."""
        plain = self.about["conventions"] is not None and bool(self.penalties.any()) and not self.ridge.any()
        return plain and not (
            self.intercept or self._is_scaled or self.nonnegative or self.about["observation_weights"]
        )

    @property
    def design(self) -> NDArray[np.float64]:
        """The columns (X_j - centre_j)/scale_j, shape (m, n), rounded; X itself without centres and scales."""
        if not self._is_scaled:
            return self.matrix
        count = int(self.about["columns"])
        centres, scales = (_float_vector(self._columns[name])[:count] for name in ("centre", "scale"))
        return np.asarray((self.matrix - centres) / scales)

    @cached_property
    def solution(self) -> tuple[Fraction, ...]:
        """The minimiser to 50 significant digits, length N; of several, that of least norm."""
        header, rows = self._rows("solution.csv")
        return tuple(Fraction(row[header.index("coefficient")]) for row in rows)

    # --- what answers are worth ----------------------------------------------------------------

    @cached_property
    def problem(self) -> PenalisedLeastSquares:
        """The problem, exactly."""
        count = int(self.about["columns"])
        weights = self.observation_weights
        return PenalisedLeastSquares.of(
            self.matrix,
            self.data,
            penalties=self._exact("penalty"),
            ridge=self._exact("ridge") if self.ridge.any() else None,
            centres=self._exact("centre")[:count] if self._is_scaled else None,
            scales=self._exact("scale")[:count] if self._is_scaled else None,
            observation_weights=weights,
            intercept=self.intercept,
            nonnegative=self.nonnegative,
        )

    def finding(self, coefficients: VectorLike) -> Finding:
        """Return what is to say of coefficients, length N, beside the nearest exact minimiser.

        Raises:
            DataError: if they do not have this length, or are not finite real numbers.
        """
        return find(self._minimiser, exact_column(coefficients))

    def digits(self, coefficients: VectorLike) -> int:
        """Return how many digits coefficients have: the largest k <= 50 with a relative distance of at most 10^-k.

        The distance is to the nearest minimiser, over the features; an intercept has no part in it. It is absolute if
        that minimiser is zero. Less than nothing is 0.

        Raises:
            DataError: as `finding` does.
        """
        return _digits(self.finding(coefficients))

    def require(self, coefficients: VectorLike, *, digits: int) -> None:
        """Fail unless coefficients have so many digits.

        Raises:
            AssertionError: with the distance, and where the errors are.
            DataError: as `finding` does.
        """
        found = self.finding(coefficients)
        reached = _digits(found)
        if reached >= digits:
            return
        kind, distance = ("", found.distance) if found.relative is None else ("relative ", found.relative)
        names = self._columns["name"]
        errors = ", ".join(f"{names[item.index]} ({item.index + 1}) by {item.about}" for item in found.errors[:3])
        support = "" if found.support_is_right else "; other columns are chosen than in the minimiser"
        raise AssertionError(
            f"{self.name} ({self.difficulty}): {counted(reached, 'digit')} of {digits}; the {kind}distance from the "
            f"{'only' if found.unique == 'yes' else 'nearest'} minimiser is {distance}; off the most: {errors}{support}"
        )

    # --- files ---------------------------------------------------------------------------------

    @cached_property
    def _minimiser(self) -> Solution:
        guess = column([fmpq(value.numerator, value.denominator) for value in self.solution])
        return minimise(self.problem, guess=guess)

    @property
    def _is_scaled(self) -> bool:
        return any(text != "0" for text in self._columns["centre"]) or any(
            text != "1" for text in self._columns["scale"]
        )

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        header, rows = self._rows("columns.csv")
        return {name: [row[k] for row in rows] for k, name in enumerate(header)}

    def _exact(self, name: str) -> list[fmpq]:
        values = map(Fraction, self._columns[name])
        return [fmpq(value.numerator, value.denominator) for value in values]

    def _rows(self, name: str) -> tuple[list[str], list[list[str]]]:
        return read_table(self.folder / name)


_EXACT = "exact_in_float64"


def reference_problems(
    folder: str | Path | None = None, *, difficulty: str | Collection[str] = DIFFICULTIES, tag: str | None = None
) -> list[ReferenceProblem]:
    """Return the reference data sets, by name, for `pytest.mark.parametrize`.

    Args:
        folder: where they are; the folder `reference` of the source of sci-barriers, if nothing is given.
        difficulty: one class, or several, of `lower`, `average`, `higher` and `several`.
        tag: only those with this tag.

    Raises:
        DataError: if they are not there, or a class is unknown.

    >>> from sci_barriers.testing import reference_problems
    >>> len(reference_problems()) >= 40
    True
    >>> [problem.name for problem in reference_problems(tag="omega", difficulty="several")]
    ['omega-tie-k4', 'omega-tie-k4-disguised']
    """
    return find_sets(ReferenceProblem, folder, "*", difficulty, tag)


S = TypeVar("S", bound=DataSet)


def find_sets(
    make: Callable[[str, Path, Mapping[str, Any]], S],
    folder: str | Path | None,
    pattern: str,
    difficulty: str | Collection[str],
    tag: str | None,
) -> list[S]:
    """Return the data sets in the folders of this pattern, as `reference_problems` does."""
    wanted = {difficulty} if isinstance(difficulty, str) else set(difficulty)
    if unknown := wanted - set(DIFFICULTIES):
        raise DataError(f"unknown difficulty {min(unknown)!r:.40}; choose of {', '.join(DIFFICULTIES)}")
    home = _HOME if folder is None else Path(folder)
    found = []
    for path in sorted(home.glob(f"{pattern}/problem.json")):
        try:
            about = json.loads(path.read_text(encoding="utf-8"))
            problem = make(about["name"], path.parent, about)
            keep = problem.difficulty in wanted and (tag is None or tag in problem.tags)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DataError(f"cannot read {path}: {error!r:.80}") from None
        if keep:
            found.append(problem)
    if not found and not (home / "index.csv").is_file():
        raise DataError(
            f"there are no reference data in {home}; they are in the folder `reference` of the source of sci-barriers, "
            "whose path can be given"
        )
    return found


def read_table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of a CSV file; raises DataError if it cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"cannot read {path}: {error}") from None
    return header, rows


def _digits(found: Finding) -> int:
    """Return the digits, at most 50; an exact answer has all of them."""
    exact, reached = found.distance2 == 0, found.relative_digits if found.size2 != 0 else found.digits
    return digits_of_50(None if exact else reached)


def digits_of_50(reached: int | None) -> int:
    """Return digits as the decimals of a solution can show them: from 0 to 50, and 50 for an exact answer, None."""
    return MOST_DIGITS if reached is None else max(0, min(MOST_DIGITS, reached))


def _floats(rows: list[list[str]]) -> NDArray[np.float64]:
    return np.array([[float(text) for text in row] for row in rows])


def _float_vector(texts: list[str]) -> NDArray[np.float64]:
    return np.array([float(Fraction(text)) for text in texts])
