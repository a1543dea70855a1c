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


class _Factor:
    """Columns with √K below them as QR; one column more than before is only added."""

    def __init__(self, columns: NDArray[Any], root: NDArray[Any]) -> None:
        self._columns, self._root = columns, root
        self._support: list[int] = []
        self.q: NDArray[Any] = np.zeros((columns.shape[1], 0))
        self.r: NDArray[Any] = np.zeros((0, 0))

    def take(self, support: list[int]) -> None:
        """Factor the columns of this support."""
        if support == self._support or (support[:-1] == self._support and self._add(support[-1])):
            return
        self.q, self.r = np.linalg.qr(np.vstack([self._columns[support].T, np.diag(self._root[support])]))
        self._support = list(support)

    def _add(self, index: int) -> bool:
        size = len(self._support)
        q = np.vstack([self.q, np.zeros((1, size))])
        column = np.concatenate([self._columns[index], np.zeros(size), [self._root[index]]])
        first = q.T @ column
        rest = column - q @ first
        second = q.T @ rest  # twice is enough
        rest -= q @ second
        norm = float(np.linalg.norm(rest))
        if norm == 0:
            return False
        r = np.zeros((size + 1, size + 1))
        r[:-1, :-1], r[:-1, -1], r[-1, -1] = self.r, first + second, norm
        self.q, self.r = np.column_stack([q, rest / norm]), r
        self._support = [*self._support, index]
        return True


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
            matrix, data = triangle[:, :-1], triangle[:, -1].copy()
        self._columns = np.ascontiguousarray(matrix.T)
        self._data, self._bounds, self._ridge = data, bounds, ridge
        self._loose = ridge <= _DEPENDENT**2
        self._nonnegative = np.zeros(len(bounds), dtype=bool)
        self._nonnegative[list(nonnegative)] = True
        self._slack = _SLACK * float(np.linalg.norm(data))
        self._refused = np.zeros(len(bounds), dtype=bool)
        root = np.sqrt(ridge)
        self._all, self._some = _Factor(self._columns, root), _Factor(self._columns, root)

    def target(self, signs: Mapping[int, int]) -> list[float]:
        """Return the minimiser over a support with these signs."""
        support = list(signs)
        tilt = self._bounds[support] * np.array(list(signs.values()), dtype=float)
        if len(support) > len(self._data) + np.count_nonzero(self._loose[support]):
            found = self._target_by_rows(np.array(support), tilt)
        else:
            self._all.take(support)
            q, r = self._all.q[: len(self._data)], self._all.r
            found = np.linalg.solve(r, q.T @ self._data - np.linalg.solve(r.T, tilt))
        if not np.all(np.isfinite(found)):
            raise np.linalg.LinAlgError("not finite")
        result: list[float] = found.tolist()
        return result

    def _target_by_rows(self, support: NDArray[Any], tilt: NDArray[Any]) -> NDArray[Any]:
        """Solve for the residual u and the w_j without ridge; K_j w_j = (A^T u)_j - tilt_j elsewhere."""
        rows, loose = len(self._data), self._loose[support]
        strict, free = self._columns[support[~loose]], self._columns[support[loose]]
        ridge = self._ridge[support[~loose]]
        size = rows + len(free)
        system = np.zeros((size, size))
        system[:rows, :rows] = np.eye(rows) + (strict.T / ridge) @ strict
        system[:rows, rows:], system[rows:, :rows] = free.T, free
        right = np.concatenate([self._data + strict.T @ (tilt[~loose] / ridge), tilt[loose]])
        solution = np.linalg.solve(system, right)
        found = np.empty(len(support))
        found[~loose] = (strict @ solution[:rows] - tilt[~loose]) / ridge
        found[loose] = solution[rows:]
        return found

    def combination(self, support: Sequence[int], entering: int) -> list[float] | None:
        """Return how a column is a combination of others, if it nearly is: of those without ridge."""
        if not self._loose[entering]:
            return None
        free = [j for j in support if self._loose[j]]
        self._some.take(free)
        column = np.concatenate([self._columns[entering], np.zeros(len(free))])
        along = self._some.q.T @ column
        if np.linalg.norm(column - self._some.q @ along) > _DEPENDENT * np.linalg.norm(column):
            return None
        found = dict(zip(free, np.linalg.solve(self._some.r, along).tolist() if free else [], strict=True))
        return [found.get(j, 0.0) for j in support]

    def entering(self, values: Mapping[int, float], signs: Mapping[int, int], *, first: bool) -> tuple[int, int] | None:
        """Return the index whose slope exceeds its bound by most, or the first."""
        support = list(values)
        w = np.array(list(values.values()))
        residual = self._data - w @ self._columns[support] if support else self._data
        slopes = self._columns @ residual
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
        chosen = [j for j in np.argsort(-np.abs(values), kind="stable").tolist() if values[j]]
        chosen = [j for j in chosen if values[j] > 0 or not self._nonnegative[j]]
        kept: list[int] = []
        for j in chosen:
            if self._loose[j] and len(kept) < len(self._data) and self.combination(kept, j) is None:
                kept.append(j)
        kept += [j for j in chosen if not self._loose[j]]
        signs = {j: self.sign_of(j, 1 if values[j] > 0 else -1) for j in kept}
        return {j: float(values[j]) for j in kept}, signs
