"""A library's solver as an algorithm that keeps what the library says about its own run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from numpy.typing import NDArray

from exact_base.errors import SolverError
from exact_base.reprs import short_repr
from sci_barriers.data.training_data import TrainingData
from sci_barriers.players.algorithm import OneShot

__all__ = ["Adapter", "Solve", "words"]

Solve = Callable[[NDArray[Any], NDArray[Any], float], tuple[Any, dict[str, str]]]


@short_repr()
@dataclass
class Adapter:
    """A function (A, y, parameter) -> (x, status) as an algorithm: read once, round to float64, solve.

    Attributes:
        solve: the solver; x is None if it found no answer, and the status is in the library's own words.
        scaling: the objective's scaling, one of `sci_barriers.players.algorithm.SCALINGS`.
        recognised: whether its objective was compared with the problem's itself, so that its answers need not tell.
        last_status: the status of the last call, empty if it raised.
    """

    takes_weights: ClassVar[bool] = False

    solve: Solve
    scaling: str = "stated"
    recognised: bool = False
    last_status: dict[str, str] = field(default_factory=dict, init=False, compare=False)

    def __call__(self, data: TrainingData) -> Any:
        """Read, solve, and return x.

        Raises:
            SolverError: with the status, if there is no answer.
        """
        self.last_status = {}
        return OneShot(self._solve, self.scaling)(data)

    def _solve(self, matrix: NDArray[Any], right: NDArray[Any], parameter: float) -> Any:
        answer, self.last_status = self.solve(matrix, right, parameter)
        if answer is None:
            raise SolverError("no answer: " + ", ".join(f"{key} {value}" for key, value in self.last_status.items()))
        return answer


def words(values: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Return the named entries that are there as a status: each as the library would print it."""
    return {name: str(values[name]) for name in names if values.get(name) is not None}
