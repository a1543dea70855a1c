"""Problems of cvxpy as questions: which of the problems to check one is, exactly, and the coefficients found for it.

The whole tree is read (`sci_barriers/checks/cvxpy_terms.py`): nothing is sampled, and nothing is guessed. All entries
of all variables are the coefficients, in the order in which cvxpy lists the variables, but for a scalar without a
penalty that is added to every row: that is the intercept.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import cvxpy as cp
import numpy as np
from flint import fmpq, fmpz_mat

from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix, exact_column
from exact_base.rationals import rational_sqrt, to_float
from exact_base.reprs import short_repr
from proofs_checks.certificate.reading import printable
from sci_barriers.checks.complex_numbers import complex_found
from sci_barriers.checks.cvxpy_affine import (
    SUPPORTED_PROBLEMS,
    Affine,
    Dense,
    Picked,
    Reader,
    below,
    kinds,
    shown,
    unknown,
)
from sci_barriers.checks.cvxpy_complex import ComplexRecognised, recognise_complex
from sci_barriers.checks.cvxpy_terms import Terms, terms_of
from sci_barriers.checks.cvxpy_words import entry_names, factor_words, objective_words, places_of
from sci_barriers.checks.enclosed import EnclosedFound
from sci_barriers.checks.enclosed_questions import EnclosedQuestion
from sci_barriers.checks.findings import Found
from sci_barriers.checks.penalised import penalised_found
from sci_barriers.checks.precisions import Stated
from sci_barriers.checks.questions import DATA, MATRIX, Claimed, Question, array_bytes, check_data
from sci_barriers.checks.unsquared import unsquared_found, unsquared_question
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column

__all__ = ["SUPPORTED_PROBLEMS", "Paper", "Recognised", "recognise_problem", "solver_words"]


@short_repr()
@dataclass(frozen=True)
class Paper:
    """One of the other two problems, (P1) or (P3) of the paper.

    Attributes:
        name: bpdn or sqrt-lasso.
        matrix: A.
        data: y.
        parameter: ε or λ.
        weights: of the penalties; None for ones.
    """

    name: str
    matrix: ExactMatrix
    data: ExactMatrix
    parameter: fmpq
    weights: ExactMatrix | None


@short_repr()
@dataclass(frozen=True)
class Recognised:
    """What a problem of cvxpy minimises.

    Attributes:
        variables: of cvxpy, in order.
        places: where the entries of each variable stand among the coefficients; the intercept is the last.
        names: of the coefficients, n of them.
        objective: in words, with its numbers.
        problem: the exact problem.
        multiple: F of penalised least squares is so many times the objective of cvxpy.
        arrays: the data as files of numpy, as far as the problem has them as such.
        notes: which constants are not taken exactly.
    """

    variables: tuple[Any, ...]
    places: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]
    objective: str
    problem: PenalisedLeastSquares | Paper
    multiple: fmpq = field(default_factory=lambda: fmpq(1))
    arrays: dict[str, bytes] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()

    def values(self) -> ExactMatrix:
        """Return the values of the variables, N x 1.

        Raises:
            UsageError: if a variable has none.
            DataError: if one is not finite.
        """
        found: dict[int, fmpq] = {}
        for variable, places in zip(self.variables, self.places, strict=True):
            if variable.value is None:
                raise UsageError(
                    f"the variable {printable(variable.name(), 60)} of the cvxpy problem has no value: "
                    "it is not solved, or has no solution"
                )
            value = variable.value
            flat = np.ravel(value.toarray() if hasattr(value, "toarray") else value, order="F")
            entries = exact_column(flat)
            for place, entry in zip(places, entries.re.entries(), strict=True):
                found[place] = fmpq(entry, entries.den)
        return column([found[place] for place in range(len(found))])

    def question(self, coefficients: ExactMatrix | None, claimed: Claimed | None = None) -> Question | EnclosedQuestion:
        """Return the question of coefficients, or of the minimiser alone; raises UsageError and DataError."""
        subject = "the exact minimiser" if coefficients is None else "a solution of cvxpy " + cp.__version__
        problem = self.problem
        if isinstance(problem, PenalisedLeastSquares):
            return Question(
                problem,
                coefficients,
                self.names,
                subject,
                self.objective,
                self.multiple,
                claimed,
                self.notes,
                self.arrays,
            )
        asked = unsquared_question(
            problem.name,
            coefficients,
            problem.matrix,
            problem.data,
            problem.parameter,
            weights=problem.weights,
            names=self.names,
            subject=subject,
            arrays=self.arrays,
        )
        return replace(asked, objective=self.objective, notes=self.notes, claimed=claimed)

    def found(
        self, coefficients: ExactMatrix | None, *, digits: int, claimed: Claimed | None = None
    ) -> Found | EnclosedFound:
        """Return what is found of coefficients, or of the minimiser alone.

        Raises:
            UsageError: if no vector is feasible.
            BudgetError, NotCertifiedError: if no minimiser is found within the limits.
        """
        return question_found(self.question(coefficients, claimed), digits=digits)


def question_found(
    question: Question | EnclosedQuestion, *, digits: int, stated: Stated | None = None
) -> Found | EnclosedFound:
    """Return what is found of a question, with what is known of its data.

    Raises:
        UsageError: if no vector is feasible.
        BudgetError, NotCertifiedError: if no minimiser is found within the limits.
    """
    if isinstance(question, Question):
        return penalised_found(question, digits=digits, stated=stated)
    if question.is_complex:
        return complex_found(question, digits=digits, stated=stated)
    return unsquared_found(question, digits=digits, stated=stated)


def recognise_problem(problem: Any) -> Recognised | ComplexRecognised:
    """Return what a problem of cvxpy minimises.

    Args:
        problem: a `cvxpy.Problem`; its parameters have values.

    Raises:
        UsageError: if it is none of `SUPPORTED_PROBLEMS`, with the name of what is not.
        DataError: for a constant that is not finite, or data of which nothing can be said.

    >>> import cvxpy as cp
    >>> from sci_barriers.checks.cvxpy_questions import recognise_problem
    >>> x = cp.Variable(2, name="x")
    >>> found = recognise_problem(cp.Problem(cp.Minimize(cp.sum_squares(x - [2, 1]) / 2 + 0.5 * cp.norm1(x))))
    >>> found.objective, found.names
    ('0.5 ‖r‖² + 0.5 ‖x‖₁', ('x[0]', 'x[1]'))
    """
    if any(variable.is_complex() for variable in problem.variables()):
        return recognise_complex(problem)
    return _Recognition(problem).run()


def solver_words(problem: Any) -> Claimed | None:
    """Return what cvxpy says of its last solution, which is not how far it is from a minimiser."""
    if problem.status is None:
        return None
    stats = problem.solver_stats
    by = f" by {printable(str(stats.solver_name), 40)}" if stats is not None and stats.solver_name else ""
    steps = "" if stats is None or stats.num_iters is None else f" after {stats.num_iters} iterations"
    return Claimed(f"status {printable(problem.status, 40)}{by}{steps}")


_Single = tuple[int, fmpq] | None


class _Recognition:
    """The reading of one problem."""

    def __init__(self, problem: Any) -> None:
        self.problem = problem
        self.reader = Reader()
        self.variables: list[Any] = problem.variables()
        if not self.variables:
            raise unknown("a problem without a variable")
        self.start: dict[int, int] = {}
        size = 0
        for variable in self.variables:
            self.start[variable.id] = size
            size += variable.size
        self.size = size
        self.penalties, self.ridge = [fmpq(0)] * size, [fmpq(0)] * size
        self.nonnegative: set[int] = set()
        for variable in self.variables:
            self._attributes(variable)
        self.norm: tuple[Affine, fmpq] | None = None
        self.bounded = ""
        for constraint in problem.constraints:
            self._constraint(constraint)
        sign = 1 if isinstance(problem.objective, cp.Minimize) else -1
        self.terms = terms_of(self.reader, [(problem.objective.args[0], sign)])

    def run(self) -> Recognised:
        """Return which problem it is."""
        data = self._penalties()
        norms = [(weight, read) for weight, read in self.terms.norms if weight != 0]
        if any(weight < 0 for weight, _ in norms):
            raise unknown("a norm with a negative factor")
        if self.norm is not None:
            if data or norms or any(self.ridge):
                raise unknown(f"the constraint {self.bounded} beside this objective")
            read, bound = self.norm
            return self._paper("bpdn", read, bound, fmpq(1))
        if norms:
            if len(norms) > 1 or data or any(self.ridge):
                raise unknown("a norm2 beside a sum of squares or another norm2")
            ((weight, read),) = norms
            return self._paper("sqrt-lasso", read, None, weight)
        if not data:
            raise unknown("a problem without a sum of squares of A @ x - y")
        return self._lasso(data)

    # --- the parts ---------------------------------------------------------------------------------

    def _attributes(self, variable: Any) -> None:
        """Read the attributes of a variable."""
        first = self.start[variable.id]
        for name, value in variable.attributes.items():
            given = value is not None if name == "bounds" else bool(np.any(value))
            if not given:
                continue
            if name in ("nonneg", "pos") or (name == "bounds" and _is_half_line(value)):
                self.nonnegative |= set(range(first, first + variable.size))
            else:
                raise unknown(f"the variable {printable(variable.name(), 60)} with {name}")

    def _constraint(self, constraint: Any) -> None:
        """Read a constraint: x >= 0 for some coefficients, or a bound of a norm."""
        names, arguments = kinds(constraint), constraint.args
        if "Inequality" in names:
            parts = [(arguments[0], 1), (arguments[1], -1)]
        elif "NonNeg" in names:
            parts = [(arguments[0], -1)]
        elif "NonPos" in names:
            parts = [(arguments[0], 1)]
        elif "SOC" in names and arguments[0].is_constant() and arguments[0].size == 1 and arguments[1].ndim <= 1:
            self._bound(constraint, self.reader.affine(arguments[1]), self.reader.factors(arguments[0])[0])
            return
        else:
            equal = "equality " if names & {"Equality", "Zero"} else ""
            raise unknown(f"the {equal}constraint {shown(constraint)}")
        if all(part.is_affine() for part, _ in parts):
            self._signs(constraint, parts)
            return
        terms = terms_of(self.reader, parts)
        squares = [(weights, read) for weights, read in terms.squares if any(weights)]
        constant = self._constant(terms)
        if any(self._linear(terms)) or terms.sizes or len(terms.norms) + len(squares) != 1:
            raise unknown(f"the constraint {shown(constraint)}")
        if terms.norms:
            ((weight, read),) = terms.norms
            if weight <= 0:
                raise unknown(f"the constraint {shown(constraint)}")
            self._bound(constraint, read, -constant / weight)
            return
        ((weights, read),) = squares
        if weights[0] <= 0 or any(weight != weights[0] for weight in weights):
            raise unknown(f"the constraint {shown(constraint)}")
        root = rational_sqrt(max(-constant / weights[0], fmpq(0)))
        if root is None:
            raise unknown(f"the constraint {shown(constraint)}, whose bound is not the square of a rational number,")
        self._bound(constraint, read, root)

    def _signs(self, constraint: Any, parts: Sequence[tuple[Any, int]]) -> None:
        """Read a constraint e <= 0 for an affine e, whose entries are negative multiples of coefficients."""
        size = constraint.size
        total = Affine(size, {})
        for part, sign in parts:
            read = self.reader.affine(part)
            if read.size not in (1, size):
                raise unknown(f"the constraint {shown(constraint)}")
            spread = list(range(size)) if read.size == size else [0] * size
            total = total.plus(read.taken(spread).times([fmpq(sign)] * size))
        singles, constants = self._singles(total), total.constants
        if singles is None:
            raise unknown(f"the constraint {shown(constraint)}")
        for single, value in zip(singles, constants, strict=True):
            if single is None and value <= 0:
                continue
            if single is None or single[1] > 0 or value != 0:
                raise unknown(f"the constraint {shown(constraint)}")
            self.nonnegative.add(single[0])

    def _bound(self, constraint: Any, read: Affine, bound: fmpq) -> None:
        if self.norm is not None:
            raise unknown(f"a second bound, {shown(constraint)},")
        if bound <= 0:
            raise unknown(f"the constraint {shown(constraint)}, whose bound is not positive,")
        self.norm, self.bounded = (read, bound), shown(constraint)

    def _singles(self, read: Affine) -> list[_Single] | None:
        """Return the one coefficient that each entry has, with its factor; None if an entry has more than one."""
        found: list[_Single] = [None] * read.size
        for key, block in read.blocks.items():
            first = self.start[key]
            for i, j, factor in _entries(block):
                if found[i] is not None:
                    return None
                found[i] = (first + j, factor)
        return found

    def _linear(self, terms: Terms) -> list[fmpq]:
        """Return the factors of the coefficients in the linear terms."""
        linear = [fmpq(0)] * self.size
        for weights, read in terms.linear:
            for key, block in read.blocks.items():
                for i, j, factor in _entries(block):
                    linear[self.start[key] + j] += weights[i] * factor
        return linear

    def _constant(self, terms: Terms) -> fmpq:
        """Return the sum of the constants."""
        values = [(weights, read.constants) for weights, read in terms.linear]
        values += [(weights, self.reader.factors(expression)) for weights, expression in terms.constants]
        return sum((w * c for one, other in values for w, c in zip(one, other, strict=True)), fmpq(0))

    def _penalties(self) -> list[tuple[list[fmpq], Affine]]:
        """Collect μ and κ, in the units of the objective; return the squares that are no penalty."""
        l1, ridge = self.penalties, self.ridge
        for weights, read in self.terms.sizes:
            singles = self._singles(read)
            if singles is None:
                raise unknown("an absolute value of more than one coefficient")
            for weight, single, constant in zip(weights, singles, read.constants, strict=True):
                if single is None or weight == 0:
                    continue
                if constant != 0:
                    raise unknown("an absolute value of a coefficient plus a number")
                l1[single[0]] += weight * abs(single[1])
        data = []
        for weights, read in self.terms.squares:
            if any(weight < 0 for weight in weights):
                raise unknown("a square with a negative factor")
            kept = [i for i, weight in enumerate(weights) if weight != 0]
            if not kept:
                continue
            if len(kept) < len(weights):
                weights, read = [weights[i] for i in kept], read.taken(kept)
            singles = None if any(read.constants) else self._singles(read)
            if singles is None:
                data.append((weights, read))
                continue
            for weight, single in zip(weights, singles, strict=True):
                if single is not None:
                    ridge[single[0]] += weight * single[1] ** 2
        for j, factor in enumerate(self._linear(self.terms)):
            if factor != 0 and j not in self.nonnegative:
                raise unknown("a linear term of a coefficient that is not declared >= 0")
            l1[j] += factor
        if any(value < 0 for value in l1):
            raise unknown("an absolute value or coefficient with a negative factor")
        return data

    # --- penalised least squares -------------------------------------------------------------------

    def _lasso(self, data: Sequence[tuple[list[fmpq], Affine]]) -> Recognised:
        """Return the problem of penalised least squares."""
        weights = [weight for one, _ in data for weight in one]
        read = self._upright(data[0][1])
        for _, other in data[1:]:
            read = below(read, self._upright(other))
        free = self._intercept(read)
        kept = [variable for variable in self.variables if variable is not free]
        matrix, origin = self._matrix(read, kept)
        order = [self.start[variable.id] + k for variable in kept for k in range(variable.size)]
        same = all(weight == weights[0] for weight in weights)
        common = weights[0] if same else fmpq(1)
        fitted = [fmpq(0)] * (free is not None)
        l1 = [self.penalties[j] for j in order]
        ridge = [self.ridge[j] for j in order]
        names = tuple(entry_names(kept))
        right, arrays = self._right(read)
        nonnegative = tuple(k for k, j in enumerate(order) if j in self.nonnegative)
        if origin is not None:
            arrays |= _file(MATRIX, origin, sides=2)
        check_data(matrix, right, names=names, centred=free is not None)
        problem = PenalisedLeastSquares(
            matrix,
            right,
            column([value / common for value in l1] + fitted),
            column([value / common for value in ridge] + fitted) if any(ridge) else None,
            observation_weights=None if same else column(weights),
            intercept=free is not None,
            nonnegative=nonnegative,
        )
        return Recognised(
            tuple(kept) + ((free,) if free is not None else ()),
            places_of([variable.size for variable in kept] + [1] * (free is not None)),
            names,
            objective_words(common if same else None, l1, ridge, len(nonnegative)),
            problem,
            1 / common,
            arrays,
            notes=tuple(self.reader.rounded),
        )

    def _upright(self, read: Affine) -> Affine:
        """Return the residual or its negative, so that the data are those that the user has, and not their negative."""
        signs = [block.sign for block in read.blocks.values() if isinstance(block, Dense) and block.origin is not None]
        if not signs and read.constant is not None and read.constant.origin is not None:
            signs = [-read.constant.sign]
        if not signs:
            scalars = [self._ones(read, variable) for variable in self.variables if variable.size == 1]
            signs = [sign for sign in scalars if sign != 0]
        return read.times([fmpq(-1)] * read.size) if signs and signs[0] < 0 else read

    def _ones(self, read: Affine, variable: Any) -> int:
        """Return 1 or -1 if a scalar is added to, or taken from, every entry; else 0."""
        block = read.blocks.get(variable.id)
        if block is None:
            return 0
        factors = [factor for _, _, factor in _entries(block)]
        same = len(factors) == read.size and all(factor == factors[0] for factor in factors)
        return (1 if factors[0] == 1 else -1 if factors[0] == -1 else 0) if same else 0

    def _intercept(self, read: Affine) -> Any:
        """Return the scalar that is the intercept, or None."""
        for variable in self.variables:
            j = self.start[variable.id]
            plain = self.penalties[j] == 0 and self.ridge[j] == 0 and j not in self.nonnegative
            if len(self.variables) > 1 and variable.size == 1 and plain and self._ones(read, variable) == 1:
                return variable
        return None

    def _matrix(self, read: Affine, variables: Sequence[Any]) -> tuple[ExactMatrix, Any]:
        """Return X, and the array of the user that it is, if it is one."""
        if len(variables) == 1:
            block = read.blocks.get(variables[0].id)
            if isinstance(block, Dense):
                return block.matrix, block.origin
        blocks = {variable.id: read.blocks.get(variable.id) for variable in variables}
        den = math.lcm(*(block.matrix.den for block in blocks.values() if block is not None))
        whole = fmpz_mat(read.size, sum(variable.size for variable in variables))
        first = 0
        for variable in variables:
            block = blocks[variable.id]
            if block is not None:
                for i, j, factor in _entries(block):
                    whole[i, first + j] = int(factor.p) * (den // int(factor.q))
            first += variable.size
        return ExactMatrix(whole, None, den), None

    def _right(self, read: Affine) -> tuple[ExactMatrix, dict[str, bytes]]:
        """Return y, and the file with it."""
        if read.constant is None:
            return ExactMatrix(fmpz_mat(read.size, 1), None, 1), {}
        right = read.constant.times([fmpq(-1)] * read.size)
        return right.matrix, _file(DATA, right.origin, sides=1) if right.origin is not None and right.sign == 1 else {}

    # --- the two other problems --------------------------------------------------------------------

    def _paper(self, name: str, read: Affine, bound: fmpq | None, factor: fmpq) -> Recognised:
        """Return (P1) or (P3); `factor` is that of the norm in (P3)."""
        if self.nonnegative:
            raise unknown(f"{name} with coefficients that must be >= 0")
        if any(value == 0 for value in self.penalties):
            raise unknown(f"{name} with a coefficient that has no penalty")
        first = self.penalties[0]
        same = all(value == first for value in self.penalties)
        read = self._upright(read)
        matrix, _ = self._matrix(read, self.variables)
        right, _ = self._right(read)
        names = tuple(entry_names(self.variables))
        check_data(matrix, right, names=names, centred=False)
        size = "‖x‖₁" if same else "Σ w_j|x_j|"
        if bound is None:
            parameter = first / factor if same else fmpq(1)
            weights = [value / factor for value in self.penalties]
            objective = f"‖r‖ + {factor_words(parameter)}{size}"
            divided = factor
        else:
            parameter, weights = bound, self.penalties
            objective = f"{size} subject to ‖r‖ <= {to_float(bound):.6g}"
            divided = first if same else fmpq(1)
        if divided != 1:
            objective += f" (that of cvxpy divided by {to_float(divided):.6g})"
        return Recognised(
            tuple(self.variables),
            places_of([variable.size for variable in self.variables]),
            names,
            objective,
            Paper(name, matrix, right, parameter, None if same else column(weights)),
            notes=tuple(self.reader.rounded),
        )


def _entries(block: Picked | Dense) -> Iterable[tuple[int, int, fmpq]]:
    """The entries of a map that are not 0, as row, column and value."""
    if isinstance(block, Picked):
        for i, (j, factor) in enumerate(zip(block.places, block.factors, strict=True)):
            if factor != 0:
                yield i, j, factor
        return
    for i, row in enumerate(block.matrix.re.tolist()):
        for j, a in enumerate(row):
            if a != 0:
                yield i, j, fmpq(a, block.matrix.den)


def _is_half_line(bounds: Any) -> bool:
    low, high = bounds
    return bool(low is not None and np.all(np.asarray(low) == 0) and (high is None or np.all(np.isposinf(high))))


def _file(name: str, array: Any, *, sides: int) -> dict[str, bytes]:
    content = array_bytes(array, sides=sides)
    return {} if content is None else {name: content}
