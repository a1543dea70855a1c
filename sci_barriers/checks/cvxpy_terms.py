"""The terms of an objective of cvxpy: squares, absolute values and norms of affine expressions, with their weights.

An expression is walked from its top with the weight that each of its entries has in the sum, exactly; what is not a sum
of such terms is refused by the name of the atom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq

from exact_base.errors import DataError
from exact_base.reprs import short_repr
from sci_barriers.checks.cvxpy_affine import Affine, Reader, kinds, shown, sources, unknown

__all__ = ["Terms", "terms_of"]

Weights = list[fmpq]

_PASSED = {"index", "special_index", "Promote", "broadcast_to", "reshape", "transpose", "Hstack", "Vstack", "Sum"} | {
    "AddExpression",
    "Concatenate",
    "nonneg_wrap",
}
"""The atoms each of whose entries is a sum of entries of the arguments."""


@short_repr()
@dataclass
class Terms:
    """What a sum consists of.

    Attributes:
        squares: Σ w_i e_i², as the weights w and the expression e.
        sizes: Σ w_i |e_i|, likewise.
        norms: w ‖e‖.
        linear: Σ w_i e_i.
        constants: likewise, as expressions that are read only where they matter.
    """

    squares: list[tuple[Weights, Affine]] = field(default_factory=list)
    sizes: list[tuple[Weights, Affine]] = field(default_factory=list)
    norms: list[tuple[fmpq, Affine]] = field(default_factory=list)
    linear: list[tuple[Weights, Affine]] = field(default_factory=list)
    constants: list[tuple[Weights, Any]] = field(default_factory=list)


def terms_of(reader: Reader, parts: Sequence[tuple[Any, int]]) -> Terms:
    """Return the terms of a sum of scalar expressions, each with a sign.

    Raises:
        UsageError: for an atom that is not known, named, or a parameter without a value.
        DataError: for a constant that is not finite.
    """
    terms = Terms()
    for expression, sign in parts:
        _walk(reader, expression, [fmpq(sign)] * expression.size, terms)
    return terms


def _walk(reader: Reader, expression: Any, weights: Weights, terms: Terms) -> None:
    """Add the terms of an expression whose entries have these weights."""
    if all(weight == 0 for weight in weights):
        return
    names, arguments = kinds(expression), expression.args
    if expression.is_constant():
        terms.constants.append((weights, expression))
    elif expression.is_affine():
        terms.linear.append((weights, reader.affine(expression)))
    elif names & _PASSED:
        for argument, passed in zip(arguments, _passed(expression, weights), strict=True):
            _walk(reader, argument, passed, terms)
    elif "NegExpression" in names:
        _walk(reader, arguments[0], [-weight for weight in weights], terms)
    elif "multiply" in names or "DivExpression" in names:
        _multiplied(reader, expression, weights, terms, inverse="DivExpression" in names)
    elif "MulExpression" in names:
        _product(reader, expression, weights, terms)
    elif "quad_over_lin" in names and arguments[1].is_constant():
        (divisor,) = reader.factors(arguments[1])
        if divisor <= 0:
            raise DataError("the cvxpy problem divides a sum of squares by a number that is not positive")
        (passed,) = _passed(expression, weights, 1)
        _squares(reader, arguments[0], [weight / divisor for weight in passed], expression, terms)
    elif "Power" in names and _exponent(reader, expression) in (1, 2):
        wanted = _walk if _exponent(reader, expression) == 1 else None
        if wanted is not None:
            _walk(reader, arguments[0], weights, terms)
        else:
            _squares(reader, arguments[0], weights, expression, terms)
    elif names & {"abs", "norm1"} or ("Pnorm" in names and expression.original_p == 1):
        (passed,) = _passed(expression, weights, 1)
        if not arguments[0].is_affine():
            raise unknown(shown(expression))
        terms.sizes.append((passed, reader.affine(arguments[0])))
    elif "Pnorm" in names and expression.original_p == 2 and arguments[0].is_affine():
        read = reader.affine(arguments[0])
        for weight, group in zip(weights, sources(expression), strict=True):
            terms.norms.append((weight, read.taken([number for _, number in group])))
    elif names & {"max", "maximum"} and len(arguments) == 1 and arguments[0].size == 1:
        _walk(reader, arguments[0], weights, terms)  # as in cvxpy's norm of a matrix of one column
    else:
        raise unknown(_called(expression))


def _passed(expression: Any, weights: Weights, most: int | None = None) -> list[Weights]:
    """Return the weights of the entries of the arguments of which an expression is made."""
    found = [[fmpq(0)] * argument.size for argument in expression.args[:most]]
    for weight, entries in zip(weights, sources(expression), strict=True):
        for which, number in entries:
            if which < len(found):
                found[which][number] += weight
    return found


def _multiplied(reader: Reader, expression: Any, weights: Weights, terms: Terms, *, inverse: bool) -> None:
    first, second = expression.args
    k = 1 if inverse or second.is_constant() else 0
    if not expression.args[k].is_constant():
        raise unknown(f"the product {shown(expression)}")
    factors, passed = reader.factors(expression.args[k]), [fmpq(0)] * expression.args[1 - k].size
    for weight, entry in zip(weights, sources(expression), strict=True):
        factor = factors[entry[k][1]]
        if inverse and factor == 0:
            raise DataError("the cvxpy problem divides by 0")
        passed[entry[1 - k][1]] += weight / factor if inverse else weight * factor
    _walk(reader, (first, second)[1 - k], passed, terms)


def _product(reader: Reader, expression: Any, weights: Weights, terms: Terms) -> None:
    """A matrix or row of constants times a vector of terms."""
    first, second = expression.args
    if first.is_constant() and (second.ndim <= 1 or second.shape[1] == 1):
        matrix, _ = reader.matrix(first, lying=True)
        passed, other = matrix.adjoint, second
    elif second.is_constant() and (first.ndim <= 1 or first.shape[0] == 1):
        passed, _ = reader.matrix(second, lying=False)
        other = first
    else:
        raise unknown(f"the product {shown(expression)}")
    rows = passed.re.tolist()
    _walk(
        reader,
        other,
        [sum((fmpq(a, passed.den) * w for a, w in zip(row, weights, strict=True)), fmpq(0)) for row in rows],
        terms,
    )


def _squares(reader: Reader, base: Any, weights: Weights, expression: Any, terms: Terms) -> None:
    """Add Σ w_i e_i² for a base e that is affine, or an absolute value or a norm of what is affine."""
    names = kinds(base)
    if base.is_affine():
        terms.squares.append((weights, reader.affine(base)))
    elif "abs" in names or ("Pnorm" in names and base.original_p == 2) or ("norm1" in names and base.args[0].size == 1):
        (passed,) = _passed(base, weights, 1)
        _squares(reader, base.args[0], passed, expression, terms)
    elif names & {"NegExpression"}:
        _squares(reader, base.args[0], weights, expression, terms)
    else:
        raise unknown(shown(expression))


def _exponent(reader: Reader, expression: Any) -> fmpq:
    (exponent,) = reader.factors(expression.p)
    return exponent


def _called(expression: Any) -> str:
    """Return the name of an atom as cvxpy's users have it, and the expression."""
    name = type(expression).__name__.removesuffix("Approx")
    text = shown(expression)
    return text if name.lower() in text.lower() else f"{name} in {text}"
