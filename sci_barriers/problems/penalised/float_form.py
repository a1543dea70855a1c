"""The form of the active-set method in float64: it finds a support fast, and nothing that it finds is believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FloatForm"]

_DEPENDENT = 1e-11
"""A column of norm 1 depends on others if this much of it is left when they are taken away."""
_SLACK = 1e-13
_ROUNDED = 1e-11


class FloatForm:
    """½‖y - Aw‖² + ½ Σ K_j w_j² + Σ b_j |w_j|, where the columns of A with √K below them have norm 1 at most."""

    def __init__(
        self,
        matrix: NDArray[Any],
        data: NDArray[Any],
        ridge: NDArray[Any],
        bounds: NDArray[Any],
        nonnegative: Sequence[int],
    ) -> None:
        """Take A, shape (m, N), y, K, b, and the indices whose w must be >= 0."""
        if matrix.shape[0] > matrix.shape[1] + 1:
            triangle: NDArray[Any] = np.linalg.qr(np.column_stack([matrix, data]), mode="r")  # type: ignore[assignment]
            matrix, data = np.ascontiguousarray(triangle[:, :-1]), triangle[:, -1].copy()
        self._matrix, self._data, self._bounds = matrix, data, bounds
        self._transpose = np.ascontiguousarray(matrix.T)
        self._root = np.sqrt(ridge)
        self._ridge = ridge
        self._nonnegative = np.zeros(len(bounds), dtype=bool)
        self._nonnegative[list(nonnegative)] = True
        self._slack = _SLACK * float(np.linalg.norm(data))
        self._refused = np.zeros(len(bounds), dtype=bool)
        self._support: list[int] = []
        self._q: NDArray[Any] = np.zeros((len(data), 0))
        self._r: NDArray[Any] = np.zeros((0, 0))

    def _column(self, support: Sequence[int], index: int) -> NDArray[Any]:
        """Column `index` of A over the rows √K of a support, in which it is the last or does not occur."""
        below = np.zeros(len(support))
        if support and support[-1] == index:
            below[-1] = self._root[index]
        return np.concatenate([self._transpose[index], below])

    def _factor(self, support: list[int]) -> None:
        """Have A_S over diag(√K_S) as QR; a column more than before is only added to it."""
        if support == self._support:
            return
        if support[:-1] == self._support:
            q = np.vstack([self._q, np.zeros((1, self._q.shape[1]))])
            column = self._column(support, support[-1])
            first = q.T @ column
            rest = column - q @ first
            second = q.T @ rest  # twice is enough
            rest -= q @ second
            norm = np.linalg.norm(rest)
            if norm > 0:
                size = len(support)
                r = np.zeros((size, size))
                r[:-1, :-1], r[:-1, -1], r[-1, -1] = self._r, first + second, norm
                self._q, self._r = np.column_stack([q, rest / norm]), r
                self._support = list(support)
                return
        stacked = np.vstack([self._matrix[:, support], np.diag(self._root[support])])
        self._q, self._r = np.linalg.qr(stacked)
        self._support = list(support)

    def target(self, signs: Mapping[int, int]) -> list[float]:
        """Return the minimiser over a support with these signs."""
        support = list(signs)
        self._factor(support)
        tilt = self._bounds[support] * np.array([signs[j] for j in support], dtype=float)
        right = self._q[: len(self._data)].T @ self._data - np.linalg.solve(self._r.T, tilt)
        found = np.linalg.solve(self._r, right)
        if not np.all(np.isfinite(found)):
            raise np.linalg.LinAlgError("not finite")
        result: list[float] = found.tolist()
        return result

    def combination(self, support: Sequence[int], entering: int) -> list[float] | None:
        """Return how a column is a combination of others, if it nearly is."""
        if self._ridge[entering] > _DEPENDENT:
            return None
        self._factor(list(support))
        column = self._column(support, entering)
        along = self._q.T @ column
        if np.linalg.norm(column - self._q @ along) > _DEPENDENT * np.linalg.norm(column):
            return None
        result: list[float] = np.linalg.solve(self._r, along).tolist() if support else []
        return result

    def entering(self, values: Mapping[int, float], signs: Mapping[int, int], *, first: bool) -> tuple[int, int] | None:
        """Return the index whose slope exceeds its bound by most, or the first."""
        support = list(values)
        w = np.array(list(values.values()))
        residual = self._data - w @ self._transpose[support] if support else self._data
        slopes = self._transpose @ residual
        excess = np.where(self._nonnegative, slopes, np.abs(slopes)) - self._bounds * (1 + _ROUNDED) - self._slack
        excess[support] = -1
        excess[self._refused] = -1
        found = int(np.argmax(excess > 0) if first else np.argmax(excess))
        if excess[found] <= 0:
            return None
        return found, 1 if slopes[found] > 0 else -1

    def sign_of(self, index: int, direction: int) -> int:
        """Return the direction, and 0 for what has no bound and may be negative."""
        return direction if self._bounds[index] > 0 or self._nonnegative[index] else 0

    def refuse(self, index: int) -> None:
        """Leave an index out from now on."""
        self._refused[index] = True

    def start(self, values: NDArray[Any]) -> tuple[dict[int, float], dict[int, int]]:
        """Return the entries of a vector, the largest first, as far as their columns are independent, with signs."""
        kept: dict[int, float] = {}
        signs: dict[int, int] = {}
        for j in np.argsort(-np.abs(values), kind="stable").tolist():
            value = float(values[j])
            if value == 0:
                break
            if len(kept) >= len(self._data) and not self._ridge[j]:
                continue
            if (value < 0 and self._nonnegative[j]) or self.combination(list(kept), j) is not None:
                continue
            kept[j], signs[j] = value, self.sign_of(j, 1 if value > 0 else -1)
            self._factor(list(kept))
        return kept, signs
