"""Affine expressions of cvxpy, exactly: what matrix and vector they stand for, read from the tree and never sampled.

A constant is the float64 numbers that it holds, and what is added, multiplied or divided in the expression is so
exactly. Where an entry of an argument only moves (an index, a reshape, a stack), cvxpy is asked where it goes: its own
function is called on the numbers of the entries. Entries of arrays are counted column by column, as cvxpy does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from flint import fmpq, fmpz_mat

from exact_base.entries.memory import check_entries
from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix, exact_column, exact_matrix, scaled
from exact_base.reprs import short_repr
from proofs_checks.certificate.reading import printable

__all__ = [
    "MOVED",
    "SUPPORTED_PROBLEMS",
    "Affine",
    "Dense",
    "Picked",
    "Reader",
    "below",
    "kinds",
    "shown",
    "sources",
    "unknown",
]

SUPPORTED_PROBLEMS = (
    "a sum of squares of A @ x - y plus multiples of norm1(x) and sum_squares(x), x of any sign or x >= 0; "
    "norm2(A @ x - y) plus a multiple of norm1(x); or norm1(x) subject to norm2(A @ x - y) <= epsilon"
)
"""What there is to check, in words."""

MOVED = {"index", "special_index", "Promote", "broadcast_to", "reshape", "transpose", "Hstack", "Vstack"} | {
    "Concatenate",
    "nonneg_wrap",
    "nonpos_wrap",
}
"""The atoms whose entries are entries of their arguments."""


_BY_UNITS = {"conv", "convolve", "cumsum", "diag_vec", "diag_mat", "upper_tri", "Trace", "kron"}
"""Linear atoms whose value at a unit vector is entries of their constant, 0 and 1, so that float64 rounds nothing."""


def unknown(what: str) -> UsageError:
    """Return the error for something that no problem to check has."""
    return UsageError(f"check does not know {what} in a cvxpy problem; it takes {SUPPORTED_PROBLEMS}")


def kinds(expression: Any) -> set[str]:
    """Return the names of the classes of an expression."""
    return {kind.__name__ for kind in type(expression).__mro__}


def shown(expression: Any) -> str:
    """Return what an atom is called, and what stands in it as far as a line takes it."""
    return printable(" ".join(str(expression).split()), 60)


# --- linear maps -----------------------------------------------------------------------------------


@short_repr()
@dataclass(frozen=True)
class Picked:
    """A map each of whose rows is a multiple of one entry of the variable.

    Attributes:
        places: the entry, for each row.
        factors: what it is multiplied by.
        columns: how many entries the variable has.
    """

    places: tuple[int, ...]
    factors: tuple[fmpq, ...]
    columns: int

    @property
    def matrix(self) -> ExactMatrix:
        """The matrix of the map."""
        den = math.lcm(*(int(f.q) for f in self.factors))
        entries = fmpz_mat(len(self.places), self.columns)
        for i, (j, f) in enumerate(zip(self.places, self.factors, strict=True)):
            entries[i, j] = int(f.p) * (den // int(f.q))
        return ExactMatrix(entries, None, den)

    @property
    def is_identity(self) -> bool:
        """Whether it is that."""
        return self.places == tuple(range(self.columns)) and all(f == 1 for f in self.factors)

    def taken(self, rows: Sequence[int]) -> Picked:
        """Return the map of these rows."""
        return replace(self, places=tuple(self.places[i] for i in rows), factors=tuple(self.factors[i] for i in rows))

    def times(self, factors: Sequence[fmpq]) -> Picked:
        """Return the map with each row multiplied by its factor."""
        return replace(self, factors=tuple(f * g for f, g in zip(self.factors, factors, strict=True)))

    def after(self, matrix: ExactMatrix, origin: Any) -> Dense:
        """Return a matrix times the map."""
        return Dense(matrix, origin) if self.is_identity else Dense(matrix @ self.matrix)


@short_repr()
@dataclass(frozen=True)
class Dense:
    """A map by its matrix.

    Attributes:
        matrix: the matrix.
        origin: the array that is `sign` times that matrix, as the user has it; None if there is none.
        sign: 1 or -1.
    """

    matrix: ExactMatrix
    origin: Any = field(default=None, repr=False)
    sign: int = 1

    def taken(self, rows: Sequence[int]) -> Dense:
        """Return the map of these rows."""
        if list(rows) == list(range(self.matrix.rows)):
            return self
        entries = self.matrix.re.tolist()
        return Dense(ExactMatrix(_stacked([entries[i] for i in rows], self.matrix.cols), None, self.matrix.den))

    def times(self, factors: Sequence[fmpq]) -> Dense:
        """Return the map with each row multiplied by its factor."""
        first = factors[0] if factors else fmpq(1)
        if all(f == first for f in factors):
            if first == 1:
                return self
            kept = self.origin if first == -1 else None
            return Dense(scaled(self.matrix, first), kept, self.sign if kept is None else -self.sign)
        den = math.lcm(*(int(f.q) for f in factors))
        whole = [int(f.p) * (den // int(f.q)) for f in factors]
        rows = [[a * f for a in row] for row, f in zip(self.matrix.re.tolist(), whole, strict=True)]
        return Dense(ExactMatrix(_stacked(rows, self.matrix.cols), None, self.matrix.den * den))

    def after(self, matrix: ExactMatrix, origin: Any) -> Dense:
        """Return a matrix times the map."""
        return Dense(matrix @ self.matrix)


def _stacked(rows: list[Any], columns: int) -> fmpz_mat:
    return fmpz_mat(rows) if rows else fmpz_mat(0, columns)


def _sum(one: Picked | Dense | None, other: Picked | Dense | None) -> Picked | Dense | None:
    if one is None or other is None:
        return other if one is None else one
    return _dense_sum(one, other)


def _dense_sum(one: Picked | Dense, other: Picked | Dense) -> Dense:
    return Dense(one.matrix - scaled(other.matrix, fmpq(-1)))


# --- affine expressions ----------------------------------------------------------------------------


@short_repr()
@dataclass(frozen=True)
class Affine:
    """An affine function of the variables.

    Attributes:
        size: how many entries it has.
        blocks: the maps of the variables that occur, by the number that cvxpy gives each.
        constant: what is added, as a matrix of one column; None for 0.
    """

    size: int
    blocks: Mapping[int, Picked | Dense]
    constant: Dense | None = None

    def taken(self, rows: Sequence[int]) -> Affine:
        """Return these entries."""
        constant = None if self.constant is None else self.constant.taken(rows)
        return Affine(len(rows), {key: one.taken(rows) for key, one in self.blocks.items()}, constant)

    def times(self, factors: Sequence[fmpq]) -> Affine:
        """Return the entries multiplied by these factors."""
        constant = None if self.constant is None else self.constant.times(factors)
        return Affine(self.size, {key: one.times(factors) for key, one in self.blocks.items()}, constant)

    def after(self, matrix: ExactMatrix, origin: Any = None) -> Affine:
        """Return a matrix times the entries."""
        constant = None if self.constant is None else self.constant.after(matrix, origin)
        return Affine(matrix.rows, {key: one.after(matrix, origin) for key, one in self.blocks.items()}, constant)

    def plus(self, other: Affine) -> Affine:
        """Return the sum."""
        blocks = {key: _sum(self.blocks.get(key), other.blocks.get(key)) for key in {**self.blocks, **other.blocks}}
        kept = {key: one for key, one in blocks.items() if one is not None}
        if self.constant is None or other.constant is None:
            return Affine(self.size, kept, self.constant or other.constant)
        return Affine(self.size, kept, _dense_sum(self.constant, other.constant))

    @property
    def constants(self) -> list[fmpq]:
        """What is added, entry by entry."""
        if self.constant is None:
            return [fmpq(0)] * self.size
        return [fmpq(a, self.constant.matrix.den) for a in self.constant.matrix.re.entries()]


def sources(expression: Any) -> list[list[tuple[int, int]]]:
    """Return for each entry of an expression which entries it has, of which arguments, by their numbers.

    That is one of one argument for an atom that moves entries; one of each for an elementwise atom, whose arguments are
    repeated to its shape; and a group of the first argument for an atom with an axis.
    """
    arguments = [_numbers(argument.shape) for argument in expression.args]
    names = kinds(expression)
    if names & MOVED:
        starts = np.cumsum([0, *(numbers.size for numbers in arguments)])
        moved = expression.numeric([numbers + start for numbers, start in zip(arguments, starts, strict=False)])
        flat = [int(number) for number in np.asarray(moved).flatten(order="F")]
        found = []
        for number in flat:
            which = int(np.searchsorted(starts, number, side="right")) - 1
            found.append([(which, number - int(starts[which]))])
        return found
    if "AxisAtom" in names:
        return _groups(expression, arguments[0])
    spread = [np.broadcast_to(numbers, expression.shape).flatten(order="F").tolist() for numbers in arguments]
    return [list(enumerate(entry)) for entry in zip(*spread, strict=True)]


def _groups(expression: Any, numbers: np.ndarray[Any, Any]) -> list[list[tuple[int, int]]]:
    axis = expression.axis
    axes = tuple(range(numbers.ndim)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    axes = tuple(one % numbers.ndim for one in axes)
    kept = tuple(1 if k in axes else side for k, side in enumerate(numbers.shape))
    targets = np.broadcast_to(_numbers(kept), numbers.shape)
    found: list[list[tuple[int, int]]] = [[] for _ in range(math.prod(kept))]
    for number, target in zip(numbers.flatten(order="F").tolist(), targets.flatten(order="F").tolist(), strict=True):
        found[target].append((0, number))
    return found


def _numbers(shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    return np.arange(math.prod(shape)).reshape(shape, order="F")


# --- reading ---------------------------------------------------------------------------------------


class Reader:
    """Reads affine expressions, and remembers which constants cvxpy itself has rounded.

    Attributes:
        rounded: these constants, in words.
    """

    def __init__(self) -> None:
        self.rounded: list[str] = []

    def affine(self, expression: Any) -> Affine:
        """Return an affine expression.

        Raises:
            UsageError: for an atom that is not known, or a parameter without a value.
            DataError: for a constant that is not finite, or is complex.
        """
        names = kinds(expression)
        if not expression.args and not expression.is_constant():
            size = expression.size
            return Affine(size, {expression.id: Picked(tuple(range(size)), (fmpq(1),) * size, size)})
        if not expression.args:
            value = self._value(expression)
            return Affine(expression.size, {}, Dense(exact_column(np.ravel(_full(value), order="F")), _vector(value)))
        if names & MOVED:
            return self._moved(expression)
        if "AddExpression" in names:
            return self._added(expression)
        if "NegExpression" in names:
            return self.affine(expression.args[0]).times([fmpq(-1)] * expression.size)
        if "Sum" in names:
            return self._summed(expression)
        if "multiply" in names or "DivExpression" in names:
            return self._multiplied(expression, inverse="DivExpression" in names)
        if "MulExpression" in names:
            return self._product(expression)
        if names & {"diag_vec", "diag_mat"} and expression.is_constant():
            return self._diagonal(expression)
        if names & _BY_UNITS and sum(not argument.is_constant() for argument in expression.args) == 1:
            return self._by_units(expression)
        if expression.is_constant():
            return self._computed(expression)
        raise unknown(shown(expression))

    def factors(self, expression: Any) -> list[fmpq]:
        """Return the entries of a constant."""
        return self.affine(expression).constants

    def matrix(self, expression: Any, *, lying: bool) -> tuple[ExactMatrix, Any]:
        """Return a constant as a matrix, a vector as a row or a column, and the array that it is, if it is one."""
        if not expression.args and expression.ndim == 2:
            value = self._value(expression)
            return _real(exact_matrix(value)), value if isinstance(value, np.ndarray) else None
        read = self.affine(expression)
        whole = read.constant or Dense(ExactMatrix(fmpz_mat(read.size, 1), None, 1))
        rows, cols = expression.shape if expression.ndim == 2 else (1, read.size) if lying else (read.size, 1)
        by_column = fmpz_mat(cols, rows, whole.matrix.re.entries())
        return ExactMatrix(by_column.transpose(), None, whole.matrix.den), None

    def _value(self, leaf: Any) -> Any:
        if leaf.value is None:
            raise UsageError(
                f"the parameter {printable(leaf.name(), 60)} of the cvxpy problem has no value; give it one"
            )
        if leaf.is_complex():
            raise DataError("complex data are not checked here; `sci-barriers audit-claims` takes a complex minimiser")
        return leaf.value

    def _computed(self, expression: Any) -> Affine:
        """A function of constants that is not arithmetic: the float64 number that cvxpy has for it."""
        value = expression.value
        if value is None:
            raise UsageError("a parameter of the cvxpy problem has no value; give it one")
        said = f"{shown(expression)}, a constant, is taken as the float64 number that cvxpy computes"
        if said not in self.rounded:
            self.rounded.append(said)
        return Affine(expression.size, {}, Dense(_real(exact_column(np.ravel(_full(value), order="F")))))

    def _diagonal(self, expression: Any) -> Affine:
        """A constant whose entries are entries of its argument, or 0."""
        (argument,) = expression.args
        entries = [fmpq(0), *self.factors(argument)]
        moved = np.asarray(expression.numeric([_numbers(argument.shape) + 1])).flatten(order="F")
        return Affine(expression.size, {}, Dense(exact_column([entries[int(number)] for number in moved])))

    def _by_units(self, expression: Any) -> Affine:
        """A linear atom of one argument that is no constant: its columns are its values at the unit vectors."""
        (which,) = (k for k, argument in enumerate(expression.args) if not argument.is_constant())
        values = [None if k == which else self._float_value(one) for k, one in enumerate(expression.args)]
        argument = expression.args[which]
        columns = []
        for j in range(argument.size):
            values[which] = (_numbers(argument.shape) == j).astype(float)
            columns.append(np.asarray(_full(expression.numeric(values))).flatten(order="F"))
        return self.affine(argument).after(_real(exact_matrix(np.column_stack(columns))))

    def _float_value(self, constant: Any) -> Any:
        """Return a constant as cvxpy has it, which is named if it is computed."""
        if constant.args:
            self._computed(constant)
        return self._value(constant)

    def _moved(self, expression: Any) -> Affine:
        arguments = [self.affine(argument) for argument in expression.args]
        found = [entry[0] for entry in sources(expression)]
        if len(arguments) == 1:
            return arguments[0].taken([number for _, number in found])
        stacked = Affine(0, {})
        for read in arguments:
            stacked = below(stacked, read)
        starts = np.cumsum([0, *(read.size for read in arguments)]).tolist()
        return stacked.taken([starts[which] + number for which, number in found])

    def _added(self, expression: Any) -> Affine:
        entries = sources(expression)
        total = Affine(len(entries), {})
        for k, argument in enumerate(expression.args):
            total = total.plus(self.affine(argument).taken([entry[k][1] for entry in entries]))
        return total

    def _summed(self, expression: Any) -> Affine:
        groups = sources(expression)
        read = self.affine(expression.args[0])
        ones = fmpz_mat(len(groups), read.size)
        for i, group in enumerate(groups):
            for _, j in group:
                ones[i, j] = 1
        return read.after(ExactMatrix(ones, None, 1))

    def _multiplied(self, expression: Any, *, inverse: bool) -> Affine:
        """A product or quotient entry by entry."""
        first, second = expression.args
        entries = sources(expression)
        k = 1 if inverse or second.is_constant() else 0
        if not (first, second)[k].is_constant():
            raise unknown(f"the product {shown(expression)}")
        factors = self.factors((first, second)[k])
        spread = [factors[entry[k][1]] for entry in entries]
        if inverse and any(f == 0 for f in spread):
            raise DataError("the cvxpy problem divides by 0")
        read = self.affine((first, second)[1 - k]).taken([entry[1 - k][1] for entry in entries])
        return read.times([1 / f for f in spread] if inverse else spread)

    def _product(self, expression: Any) -> Affine:
        """A product of matrices, one of constants; a vector is a row if it is the first, and a column otherwise."""
        first, second = expression.args
        if not (first.is_constant() or second.is_constant()) or max(first.ndim, second.ndim) > 2:
            raise unknown(f"the product {shown(expression)}")
        columns = second.shape[1] if second.ndim == 2 else 1
        if first.is_constant() and (columns == 1 or not second.is_constant()):
            matrix, origin = self.matrix(first, lying=True)
            return _by_columns(self.affine(second), matrix, columns, origin)
        if second.is_constant() and first.is_constant() and first.ndim == 2 and first.shape[0] > 1:
            return self._computed(expression)
        # (CE)' = E'C'
        rows = first.shape[0] if first.ndim == 2 else 1
        matrix, _ = self.matrix(second, lying=False)
        turned = self.affine(first).taken(_transposition(rows, first.size // rows))
        return _by_columns(turned, matrix.adjoint, rows, None).taken(_transposition(columns, rows))


def _transposition(rows: int, columns: int) -> list[int]:
    """Return where the entries of the transpose of a matrix stand in it, both column by column."""
    return [i + j * rows for i in range(rows) for j in range(columns)]


def _by_columns(read: Affine, matrix: ExactMatrix, columns: int, origin: Any) -> Affine:
    """Return a matrix times each of the columns of which an affine matrix consists."""
    if columns == 1:
        return read.after(matrix, origin)
    check_entries(matrix.rows * columns, read.size)
    height = read.size // columns
    parts = [read.taken(range(k * height, (k + 1) * height)).after(matrix) for k in range(columns)]
    stacked = parts[0]
    for part in parts[1:]:
        stacked = below(stacked, part)
    return stacked


def below(first: Affine, second: Affine) -> Affine:
    """Return one affine function below another."""
    blocks: dict[int, Picked | Dense] = {}
    for key in {**first.blocks, **second.blocks}:
        one, other = first.blocks.get(key), second.blocks.get(key)
        if isinstance(one, Picked) and isinstance(other, Picked):
            blocks[key] = Picked(one.places + other.places, one.factors + other.factors, one.columns)
        else:
            blocks[key] = Dense(_matrices([(first.size, one), (second.size, other)]))
    if first.constant is None and second.constant is None:
        return Affine(first.size + second.size, blocks)
    whole = Dense(_matrices([(first.size, first.constant), (second.size, second.constant)]))
    return Affine(first.size + second.size, blocks, whole)


def _matrices(parts: Sequence[tuple[int, Picked | Dense | None]]) -> ExactMatrix:
    """Return matrices one below another, each with its number of rows; None is 0."""
    columns = next(one.matrix.cols for _, one in parts if one is not None)
    den = math.lcm(*(one.matrix.den for _, one in parts if one is not None))
    rows: list[list[Any]] = []
    for size, one in parts:
        if one is None:
            rows += [[0] * columns for _ in range(size)]
            continue
        factor = den // one.matrix.den
        rows += [[a * factor for a in row] for row in one.matrix.re.tolist()]
    return ExactMatrix(_stacked(rows, columns), None, den)


def _full(value: Any) -> np.ndarray[Any, Any]:
    return np.asarray(value.toarray() if hasattr(value, "toarray") else value)


def _vector(value: Any) -> Any:
    """Return a vector, or a column, that numpy has as one; else None."""
    return value if isinstance(value, np.ndarray) and (value.ndim == 1 or value.shape[1:] == (1,)) else None


def _real(matrix: ExactMatrix) -> ExactMatrix:
    if not matrix.is_real:
        raise DataError("complex data are not checked here; `sci-barriers audit-claims` takes a complex minimiser")
    return matrix
