"""Minimisers of complex lasso problems in float64: where a search for more digits starts, and nothing more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["float_minimiser"]

_OUTER = 60
_INNER = 200
_SETTLED = 1e-9
_DONE = 1e-14
_NEWTON = 40
_STEP = 0.7
_WARM = 40
_NEAR = 1e-4

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]


def float_minimiser(columns: Complex, data: Complex, penalties: Real, ridge: Real, start: Complex | None) -> Complex:
    """Return about a minimiser of ‖y - Ax‖² + Σ μ_j |x_j| + Σ κ_j |x_j|²; A has the shape (m, n).

    Coordinate by coordinate, and by Newton's method on the columns that are in.
    """
    search = _Search(columns, data, penalties, ridge, start)
    with np.errstate(all="ignore"):
        return search.run()


class _Search:
    def __init__(self, columns: Complex, data: Complex, penalties: Real, ridge: Real, start: Complex | None) -> None:
        self.scale = np.sqrt(np.sum(np.abs(columns) ** 2, axis=0) + ridge)
        units = np.where(self.scale > 0, self.scale, 1)
        self.columns = np.ascontiguousarray((columns / units).T)
        self.data, self.penalties, self.ridge = data, penalties / units, ridge / units**2
        self.units = units
        self.squares = np.sum(np.abs(self.columns) ** 2, axis=1)
        self.x = np.zeros(len(self.columns), dtype=np.complex128) if start is None else start * units
        self.residual = data - self.columns.T @ self.x

    def run(self) -> Complex:
        """Search until nothing changes."""
        everything = [j for j in range(len(self.x)) if self.scale[j] > 0]
        self._approach(everything)
        for _ in range(_OUTER):
            before = self.x.copy()
            self._sweep(everything)
            active = [j for j in everything if self.x[j] != 0 or self.penalties[j] == 0]
            for _ in range(_INNER):
                change = self._sweep(active)
                if change <= _SETTLED * np.max(np.abs(self.x), initial=0):
                    break
            self._newton([j for j in active if self.x[j] != 0])
            if np.max(np.abs(self.x - before), initial=0) <= _DONE * np.max(np.abs(self.x), initial=0) * 8:
                break
        return self.x / self.units

    def _approach(self, everything: list[int]) -> None:
        """Go through larger penalties, with which few columns are in, to the ones that are asked for."""
        if np.any(self.x) or not np.any(self.penalties):
            return
        wanted = self.penalties
        ratios = 2 * np.abs(self.columns.conj() @ self.data)[wanted > 0] / wanted[wanted > 0]
        factor = float(np.max(ratios, initial=1.0))
        while 1 < factor < np.inf:
            self.penalties = factor * wanted
            self._sweep(everything)
            active = [j for j in everything if self.x[j] != 0 or wanted[j] == 0]
            for _ in range(_WARM):
                if self._sweep(active) <= _NEAR * np.max(np.abs(self.x), initial=0):
                    break
            self._newton([j for j in active if self.x[j] != 0])
            factor *= _STEP
        self.penalties = wanted

    def _sweep(self, places: list[int]) -> float:
        """Minimise over each of these coefficients in turn; return the largest change."""
        largest = 0.0
        for j in places:
            old = self.x[j]
            pull = np.vdot(self.columns[j], self.residual) + self.squares[j] * old
            size = abs(pull)
            kept = size - self.penalties[j] / 2
            new = pull / size * kept / (self.squares[j] + self.ridge[j]) if kept > 0 and size > 0 else 0.0
            if new != old:
                self.residual -= self.columns[j] * (new - old)
                self.x[j] = new
                largest = max(largest, abs(new - old))
        return largest

    def _value(self, x: Complex, places: list[int]) -> float:
        residual = self.data - self.columns[places].T @ x
        sizes = np.abs(x)
        return float(np.sum(np.abs(residual) ** 2) + self.penalties[places] @ sizes + self.ridge[places] @ sizes**2)

    def _newton(self, places: list[int]) -> None:
        """Go on with Newton's method where no coefficient is 0, as long as the value decreases."""
        if not places:
            return
        own = self.columns[places]
        gram = own.conj() @ own.T + np.diag(self.ridge[places])
        x, penalties = self.x[places], self.penalties[places]
        value = self._value(x, places)
        for _ in range(_NEWTON):
            sizes = np.abs(x)
            signs = x / sizes
            slope = 2 * (own.conj() @ (self.data - own.T @ x)) - 2 * self.ridge[places] * x - penalties * signs
            matrix = np.block([[gram.real, -gram.imag], [gram.imag, gram.real]]) * 2
            bends, a, b = penalties / sizes, signs.real, signs.imag
            matrix = matrix + np.block(
                [
                    [np.diag(bends * (1 - a * a)), np.diag(-bends * a * b)],
                    [np.diag(-bends * a * b), np.diag(bends * (1 - b * b))],
                ]
            )
            try:
                found = np.linalg.solve(matrix, np.concatenate([slope.real, slope.imag]))
            except np.linalg.LinAlgError:
                break
            step = found[: len(places)] + 1j * found[len(places) :]
            part = 1.0
            while part > 1e-6 and not self._value(x + part * step, places) <= value * (1 + 1e-15):
                part /= 2
            moved = x + part * step
            if part <= 1e-6 or not np.all(np.isfinite(moved)) or np.any(moved == 0):
                break
            x, value = moved, self._value(moved, places)
            if np.max(np.abs(step)) <= _DONE * np.max(np.abs(x)):
                break
        self.x[places] = x
        self.residual = self.data - self.columns.T @ self.x
