"""Problems of cvxpy in complex variables as questions: a sum of squares of A @ x - y plus absolute values of entries.

The tree is read as for real variables (`sci_barriers/checks/cvxpy_terms.py`); an affine expression is a matrix of
complex numbers times all entries of all variables, and a column.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import cvxpy as cp
import numpy as np
from flint import fmpq, fmpz_mat

from exact_base.errors import DataError, UsageError
from exact_base.matrices import ExactMatrix, exact_column, exact_matrix
from exact_base.rationals import rational_sqrt
from exact_base.reprs import short_repr
from proofs_checks.certificate.reading import printable
from sci_barriers.checks.complex_numbers import complex_found
from sci_barriers.checks.cvxpy_affine import MOVED, Reader, kinds, shown, sources, unknown
from sci_barriers.checks.cvxpy_terms import terms_of
from sci_barriers.checks.cvxpy_words import entry_names, objective_words, places_of
from sci_barriers.checks.enclosed import EnclosedFound
from sci_barriers.checks.enclosed_questions import EnclosedQuestion
from sci_barriers.checks.questions import Claimed
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares, complex_entries, parts_of
from sci_barriers.problems.penalised.problem import column

__all__ = ["ComplexRecognised", "recognise_complex"]


@short_repr()
@dataclass(frozen=True)
class ComplexAffine:
    """A complex affine function Mx + c of all entries of all variables; M and c have as many rows.

    Attributes:
        matrix: M.
        constant: c.
    """

    matrix: ExactMatrix
    constant: ExactMatrix

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self.matrix.rows

    @property
    def constants(self) -> list[fmpq]:
        """The entries of a real constant."""
        if not self.constant.is_real:
            raise unknown("a complex factor or weight of a term")
        return [fmpq(a, self.constant.den) for a in self.constant.re.entries()]

    def taken(self, rows: Sequence[int]) -> ComplexAffine:
        """Return these entries."""
        return ComplexAffine(_rows(self.matrix, rows), _rows(self.constant, rows))

    def after(self, matrix: ExactMatrix) -> ComplexAffine:
        """Return a matrix times the entries."""
        return ComplexAffine(matrix @ self.matrix, matrix @ self.constant)

    def plus(self, other: ComplexAffine) -> ComplexAffine:
        """Return the sum."""
        return ComplexAffine(self.matrix - _negative(other.matrix), self.constant - _negative(other.constant))


@short_repr()
@dataclass(frozen=True)
class ComplexRecognised:
    """What a problem of cvxpy in complex variables minimises.

    Attributes:
        variables: of cvxpy, in order.
        places: where the entries of each variable stand among the coefficients.
        names: of the coefficients, n of them.
        objective: in words, with its numbers.
        problem: the exact problem.
        multiple: F is so many times the objective of cvxpy.
        notes: which constants are not taken exactly.
    """

    variables: tuple[Any, ...]
    places: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]
    objective: str
    problem: ComplexLeastSquares
    multiple: fmpq = field(default_factory=lambda: fmpq(1))
    notes: tuple[str, ...] = ()

    def values(self) -> ExactMatrix:
        """Return the values of the variables, n x 1.

        Raises:
            UsageError: if a variable has none.
            DataError: if one is not finite.
        """
        for variable in self.variables:
            if variable.value is None:
                raise UsageError(
                    f"the variable {printable(variable.name(), 60)} of the cvxpy problem has no value: "
                    "it is not solved, or has no solution"
                )
        return exact_column(np.concatenate([np.ravel(variable.value, order="F") for variable in self.variables]))

    def question(self, coefficients: ExactMatrix | None, claimed: Claimed | None = None) -> EnclosedQuestion:
        """Return the question of coefficients, or of the minimiser alone."""
        subject = "the minimiser" if coefficients is None else "a solution of cvxpy " + cp.__version__
        return EnclosedQuestion(
            self.problem, coefficients, self.names, subject, self.objective, self.multiple, claimed, self.notes
        )

    def found(self, coefficients: ExactMatrix | None, *, digits: int, claimed: Claimed | None = None) -> EnclosedFound:
        """Return what is found of coefficients, or of the minimiser alone; raises DataError as `complex_found` does."""
        return complex_found(self.question(coefficients, claimed), digits=digits)


def recognise_complex(problem: Any) -> ComplexRecognised:
    """Return what a problem of cvxpy minimises whose variables are complex.

    Raises:
        UsageError: if it is no sum of squares plus multiples of absolute values, with the name of what is not.
        DataError: for a constant that is not finite.

    >>> import cvxpy as cp
    >>> from sci_barriers.checks.cvxpy_complex import recognise_complex
    >>> x = cp.Variable(2, complex=True, name="x")
    >>> found = recognise_complex(cp.Problem(cp.Minimize(cp.sum_squares(1j * x - [2, 1]) + cp.norm1(x))))
    >>> found.objective, found.problem.rows
    ('‖r‖² + ‖x‖₁', 2)
    """
    if problem.constraints:
        raise unknown(f"the constraint {shown(problem.constraints[0])} beside complex variables")
    variables = problem.variables()
    for variable in variables:
        if not variable.is_complex():
            raise unknown(f"the real variable {printable(variable.name(), 60)} beside complex ones")
        others = [name for name, value in variable.attributes.items() if name != "complex" and np.any(value)]
        if others:
            raise unknown(f"the variable {printable(variable.name(), 60)} with {others[0]}")
    sign = 1 if isinstance(problem.objective, cp.Minimize) else -1
    reader = _ComplexReader(variables)
    terms = terms_of(cast(Reader, reader), [(problem.objective.args[0], sign)])
    if terms.norms or terms.linear:
        raise unknown("a norm2 or a linear term in complex variables")
    l1, ridge = [fmpq(0)] * reader.size, [fmpq(0)] * reader.size
    for weights, read in cast("list[tuple[list[fmpq], ComplexAffine]]", terms.sizes):
        singles = _singles(read, "an absolute value of more than one coefficient, or of one plus a number")
        for weight, single in zip(weights, singles, strict=True):
            if single is not None and weight != 0:
                l1[single[0]] += weight * _modulus(single[1])
    data: list[tuple[list[fmpq], ComplexAffine]] = []
    for weights, read in cast("list[tuple[list[fmpq], ComplexAffine]]", terms.squares):
        _add_squares(weights, read, ridge, data)
    if any(value < 0 for value in l1):
        raise unknown("an absolute value or coefficient with a negative factor")
    if not data:
        raise unknown("a problem without a sum of squares of A @ x - y")
    return _recognised(variables, reader, l1, ridge, data)


def _add_squares(
    weights: list[fmpq], read: ComplexAffine, ridge: list[fmpq], data: list[tuple[list[fmpq], ComplexAffine]]
) -> None:
    """Add squares to the ridge part, if they are of multiples of single coefficients, else to the data."""
    if any(weight < 0 for weight in weights):
        raise unknown("a square with a negative factor")
    kept = [i for i, weight in enumerate(weights) if weight != 0]
    weights, read = [weights[i] for i in kept], read.taken(kept)
    try:
        singles = _singles(read, "")
    except UsageError:
        data.append((weights, read))
        return
    for weight, single in zip(weights, singles, strict=True):
        if single is not None:
            a, b = single[1]
            ridge[single[0]] += weight * (a * a + b * b)


def _recognised(
    variables: Sequence[Any],
    reader: _ComplexReader,
    l1: list[fmpq],
    ridge: list[fmpq],
    data: Sequence[tuple[list[fmpq], ComplexAffine]],
) -> ComplexRecognised:
    weights = [weight for one, _ in data for weight in one]
    same = all(weight == weights[0] for weight in weights)
    common = weights[0] if same else fmpq(1)
    matrix = _stacked([read.matrix for _, read in data])
    right = _negative(_stacked([read.constant for _, read in data]))
    names = tuple(entry_names(variables))
    squares = matrix.squares()
    if empty := [names[j] for j in range(matrix.cols) if not any(row[j] for row in squares)]:
        raise DataError(f"the column of {empty[0]} is empty, with zeros only; leave it out")
    return ComplexRecognised(
        tuple(variables),
        places_of([variable.size for variable in variables]),
        names,
        objective_words(common if same else None, l1, ridge, 0),
        ComplexLeastSquares(
            matrix,
            right,
            column([value / common for value in l1]),
            column([value / common for value in ridge]) if any(value != 0 for value in ridge) else None,
            None if same else column(weights),
        ),
        1 / common,
        tuple(reader.rounded),
    )


_Single = tuple[int, tuple[fmpq, fmpq]]


def _singles(read: ComplexAffine, wrong: str) -> list[_Single | None]:
    """Return the one coefficient that each entry is a multiple of, with its factor; raises UsageError if one is not."""
    real, imaginary = (part.tolist() for part in parts_of(read.matrix))
    found: list[_Single | None] = []
    for i, (row, other) in enumerate(zip(real, imaginary, strict=True)):
        inside = [j for j, (a, b) in enumerate(zip(row, other, strict=True)) if a != 0 or b != 0]
        if len(inside) > 1 or any(part[i, 0] != 0 for part in parts_of(read.constant)):
            raise unknown(wrong)
        den = read.matrix.den
        found.append((inside[0], (fmpq(row[inside[0]], den), fmpq(other[inside[0]], den))) if inside else None)
    return found


def _modulus(factor: tuple[fmpq, fmpq]) -> fmpq:
    root = rational_sqrt(factor[0] ** 2 + factor[1] ** 2)
    if root is None:
        raise unknown("an absolute value with a factor whose absolute value is not rational")
    return root


class _ComplexReader:
    """Reads affine expressions in complex variables; takes the place of `Reader` in `terms_of`."""

    def __init__(self, variables: Sequence[Any]) -> None:
        self._real = Reader()
        self._start: dict[int, int] = {}
        self.size = 0
        for variable in variables:
            self._start[variable.id] = self.size
            self.size += variable.size

    @property
    def rounded(self) -> list[str]:
        """The constants that cvxpy itself has rounded, in words."""
        return self._real.rounded

    def factors(self, expression: Any) -> list[fmpq]:
        """Return the entries of a real constant."""
        return self._real.factors(expression)

    def matrix(self, expression: Any, *, lying: bool) -> tuple[ExactMatrix, Any]:
        """Return a real constant as a matrix."""
        return self._real.matrix(expression, lying=lying)

    def affine(self, expression: Any) -> ComplexAffine:
        """Return an affine expression; raises UsageError for an atom that is not known."""
        names = kinds(expression)
        if not expression.args and expression.is_constant():
            return self._constant(expression)
        if not expression.args:
            picked = fmpz_mat(expression.size, self.size)
            for k in range(expression.size):
                picked[k, self._start[expression.id] + k] = 1
            return ComplexAffine(ExactMatrix(picked, None, 1), _zeros(expression.size, 1))
        if names & MOVED:
            arguments = [self.affine(argument) for argument in expression.args]
            starts = np.cumsum([0, *(read.size for read in arguments)]).tolist()
            places = [starts[which] + number for ((which, number),) in sources(expression)]
            if len(arguments) == 1:
                return arguments[0].taken([number for ((_, number),) in sources(expression)])
            stacked = ComplexAffine(
                _stacked([read.matrix for read in arguments]), _stacked([read.constant for read in arguments])
            )
            return stacked.taken(places)
        if "AddExpression" in names:
            entries = sources(expression)
            total = ComplexAffine(_zeros(len(entries), self.size), _zeros(len(entries), 1))
            for k, argument in enumerate(expression.args):
                total = total.plus(self.affine(argument).taken([entry[k][1] for entry in entries]))
            return total
        if "NegExpression" in names:
            read = self.affine(expression.args[0])
            return ComplexAffine(_negative(read.matrix), _negative(read.constant))
        if "multiply" in names or "DivExpression" in names:
            return self._multiplied(expression, inverse="DivExpression" in names)
        if "MulExpression" in names:
            return self._product(expression)
        if expression.is_constant():
            return self._constant(expression)
        raise unknown(f"{shown(expression)} of complex variables")

    def _constant(self, expression: Any) -> ComplexAffine:
        value = expression.value
        if value is None:
            raise UsageError("a parameter of the cvxpy problem has no value; give it one")
        held = exact_column(np.ravel(_full(value), order="F"))
        if expression.args:
            said = f"{shown(expression)}, a constant, is taken as the numbers that cvxpy computes"
            if said not in self.rounded:
                self.rounded.append(said)
        return ComplexAffine(_zeros(held.rows, self.size), held)

    def _multiplied(self, expression: Any, *, inverse: bool) -> ComplexAffine:
        """A product or quotient entry by entry."""
        first, second = expression.args
        k = 1 if inverse or second.is_constant() else 0
        if not (first, second)[k].is_constant():
            raise unknown(f"the product {shown(expression)}")
        entries = sources(expression)
        factors = complex_entries(self.affine((first, second)[k]).constant)
        pairs = [factors[entry[k][1]] for entry in entries]
        if inverse:
            if any(a == 0 == b for a, b in pairs):
                raise DataError("the cvxpy problem divides by 0")
            pairs = [(a / (a * a + b * b), -b / (a * a + b * b)) for a, b in pairs]
        read = self.affine((first, second)[1 - k]).taken([entry[1 - k][1] for entry in entries])
        return read.after(_diagonal(pairs))

    def _product(self, expression: Any) -> ComplexAffine:
        """A matrix of constants times a vector."""
        first, second = expression.args
        if not first.is_constant() or (second.ndim == 2 and second.shape[1] != 1):
            raise unknown(f"the product {shown(expression)} of complex variables")
        if not first.args and first.ndim == 2 and first.value is not None:
            return self.affine(second).after(exact_matrix(first.value))
        held = self.affine(first).constant
        rows, cols = first.shape if first.ndim == 2 else (1, held.rows)
        real, imaginary = (
            fmpz_mat(cols, rows, part.entries()).transpose() if rows > 1 else fmpz_mat(rows, cols, part.entries())
            for part in parts_of(held)
        )
        return self.affine(second).after(ExactMatrix(real, imaginary, held.den))


# --- matrices -------------------------------------------------------------------------------------------


def _zeros(rows: int, cols: int) -> ExactMatrix:
    return ExactMatrix(fmpz_mat(rows, cols), None, 1)


def _negative(matrix: ExactMatrix) -> ExactMatrix:
    return ExactMatrix(-matrix.re, None if matrix.im is None else -matrix.im, matrix.den)


def _rows(matrix: ExactMatrix, rows: Sequence[int]) -> ExactMatrix:
    re, im = matrix.re.tolist(), None if matrix.im is None else matrix.im.tolist()
    if not rows:
        return _zeros(0, matrix.cols)
    return ExactMatrix(
        fmpz_mat([re[i] for i in rows]), None if im is None else fmpz_mat([im[i] for i in rows]), matrix.den
    )


def _stacked(parts: Sequence[ExactMatrix]) -> ExactMatrix:
    """Return matrices one below another."""
    den = math.lcm(*(part.den for part in parts))
    re = [[a * (den // part.den) for a in row] for part in parts for row in parts_of(part)[0].tolist()]
    im = [[a * (den // part.den) for a in row] for part in parts for row in parts_of(part)[1].tolist()]
    return ExactMatrix(fmpz_mat(re), fmpz_mat(im), den)


def _diagonal(pairs: Sequence[tuple[fmpq, fmpq]]) -> ExactMatrix:
    flat = column([part for pair in pairs for part in pair])
    numbers, size = flat.re.entries(), len(pairs)
    real, imaginary = fmpz_mat(size, size), fmpz_mat(size, size)
    for k in range(size):
        real[k, k], imaginary[k, k] = numbers[2 * k], numbers[2 * k + 1]
    return ExactMatrix(real, imaginary, flat.den)


def _full(value: Any) -> np.ndarray[Any, Any]:
    return np.asarray(value.toarray() if hasattr(value, "toarray") else value)
