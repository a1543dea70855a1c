"""What proves the null space property of a matrix by itself (docs/format.md, "kind null-space")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from proofs_checks.certificate.reading import MalformedCertificate, decode_rational
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Exact, Ratio, Real, abs2
from proofs_checks.checker.core.rules import Invalid, require
from proofs_checks.checker.parts.levels import Levels
from proofs_checks.checker.parts.lines import BITS, Line, product, rows, upper_root
from proofs_checks.checker.parts.semidefinite import spectral_norm_at_most

ONE = Ratio(1, 1)


@dataclass(frozen=True)
class Property:
    """What is to be proved."""

    matrix: Exact
    levels: Levels
    rho: Ratio
    gamma: Ratio


def frobenius2(matrix: Exact) -> Ratio:
    """Return the sum of the squared moduli of the entries."""
    total: Real = 0
    for a in matrix.entries.values():
        total = total + abs2(a)
    return Ratio(total, matrix.den**2)


def row_maxima(matrix: Exact, levels: Levels, inverse: Exact) -> tuple[list[int], int]:
    """Return N_i = max_j |E_ij|^2 / w_j^2 for the rows of E = I - H* A, times unit / levels.den^2, and that unit."""
    columns, others = rows(matrix, adjoint=True), rows(inverse, adjoint=True)
    den, reciprocals = matrix.den * inverse.den, levels.reciprocals
    largest = []
    for i, other in enumerate(others):
        values = []
        for j, (column, reciprocal) in enumerate(zip(columns, reciprocals, strict=True)):
            re, im = product(other, column)  # (H* A)_ij, as a line of columns is conjugate
            re -= den * (i == j)
            values.append((re * re + im * im) * reciprocal * reciprocal)
        largest.append(max(values))
    return largest, (den * levels.multiple) ** 2


def row_roots(levels: Levels, largest: list[int], unit: int) -> list[int]:
    """Return the upper roots of N_i, over the denominator unit 2^64."""
    return [root.num for root in (upper_root(n * levels.den**2, unit) for n in largest) if isinstance(root.num, int)]


def relaxation(wanted: Property, inverse: Exact) -> tuple[str, ...]:
    """Bound I - H* A by rows, and sum the largest bounds of each level."""
    levels, others = wanted.levels, rows(inverse, adjoint=True)
    largest, unit = row_maxima(wanted.matrix, levels, inverse)
    roots = row_roots(levels, largest, unit)
    weighted = sum(weight * top for weight, top in zip(levels.weights, levels.top(roots), strict=True))
    theta = Ratio(weighted, levels.den * unit << BITS)
    tau2 = Ratio(sum(levels.top(largest)) * levels.den**2, unit)
    beta2 = Ratio(sum(levels.top([product(other, other)[0] for other in others])), inverse.den**2)

    left = ONE + -theta
    require(not theta >= ONE, "theta", lambda: f"theta = {words.ratio(theta)} must be less than 1")
    enough = levels.xi * tau2 <= wanted.rho * wanted.rho * left * left
    require(enough, "rho", lambda: f"xi T = {words.ratio(levels.xi * tau2)} exceeds rho^2 (1 - theta)^2")
    above = ONE + wanted.rho
    square, factor = wanted.gamma * wanted.gamma, above * above
    name, found = "beta^2", beta2
    if not factor * beta2 <= square:
        name, found = "Lambda^2", products_of_columns(levels, others, inverse.den)
    require(
        factor * found <= square,
        "gamma",
        lambda: (
            f"(1 + rho) times the lesser of beta and Lambda exceeds gamma, with beta^2 = {words.ratio(beta2)} and "
            f"Lambda^2 = {words.ratio(found)}"
        ),
    )
    return (
        "Method: relaxation, by bounds on the entries of I - H* A for the matrix H of the file: "
        f"{words.bounded('theta', theta)}, {words.bounded('tau^2', tau2)}, {words.bounded(name, found)}"
        f"{', by the products of columns of H' if found is not beta2 else ''}.",
    )


def products_of_columns(levels: Levels, columns: list[Line], den: int) -> Ratio:
    """Bound the square of the norm of any s_l columns of each level of a matrix with these lines: Gershgorin."""
    most = 0
    for i, column in enumerate(columns):
        length, sizes = product(column, column)[0] << BITS, []
        for other in columns:
            re, im = product(column, other)
            sizes.append(cast(int, upper_root(re * re + im * im, 1).num) if im else abs(re) << BITS)
        # in the place of i, the most: then the others of its level are one fewer
        sizes[i] = 0
        sizes[i] = max(sizes)
        most = max(most, length + sum(levels.top(sizes)) - sizes[i])
    return Ratio(most, den * den << BITS)


def exhaustive(wanted: Property, inverses: list[Exact]) -> tuple[str, ...]:
    """Test a left inverse of the columns of each support."""
    matrix, levels = wanted.matrix, wanted.levels
    columns, reciprocals = rows(matrix, adjoint=True), levels.reciprocals
    square, top = wanted.gamma * wanted.gamma, Ratio(0, 1)
    for number, (support, inverse) in enumerate(zip(levels.supports(), inverses, strict=True)):
        where = f"support {number + 1} of {len(inverses)}"
        place, den = {j: k for k, j in enumerate(support)}, matrix.den * inverse.den
        others, most = rows(inverse), 0
        for j, column in enumerate(columns):
            products = [product(other, column) for other in others]
            if j not in place:
                most = max(most, sum(re * re + im * im for re, im in products) * reciprocals[j] ** 2)
            elif products != [(den * (k == place[j]), 0) for k in range(len(others))]:
                raise Invalid("inverse", f"{where}: B times column {j + 1} of A is not a unit vector")
        found = Ratio(most * levels.den**2, (den * levels.multiple) ** 2) * levels.xi
        if not found <= wanted.rho * wanted.rho:
            raise Invalid("rho", f"{where}: rho^2 must be at least {words.ratio(found)}")
        if not (frobenius2(inverse) <= square or spectral_norm_at_most(inverse, square)):
            raise Invalid("gamma", f"{where}: the norm of B exceeds gamma")
        top = found if top <= found else top
    return (
        f"Method: exhaustive, for {words.counted(len(inverses), 'support')}, each with a left inverse; "
        f"rho^2 could be {words.at_most(top)}.",
    )


def coherence(wanted: Property) -> tuple[str, ...]:
    """Bound the Gram matrix of the columns."""
    matrix, levels = wanted.matrix, wanted.levels
    columns, reciprocals = rows(matrix, adjoint=True), levels.reciprocals
    largest, diagonal = 0, []
    for i, column in enumerate(columns):
        diagonal.append(product(column, column)[0])
        for j in range(i):
            re, im = product(column, columns[j])
            largest = max(largest, (re * re + im * im) * (reciprocals[i] * reciprocals[j]) ** 2)
    mu = upper_root(largest * levels.den**4, matrix.den**4 * levels.multiple**4)
    spread = mu * levels.xi
    slack = [
        Ratio(min(diagonal[start:end]), matrix.den**2) + mu * Ratio(weight**2, levels.den**2) + -spread
        for start, end, weight in zip(levels.starts, levels.ends, levels.weights, strict=True)
    ]
    nu = slack[0]
    for other in slack:
        nu = other if other <= nu else nu
    require(not nu <= Ratio(0, 1), "theta", lambda: f"nu = {words.ratio(nu)} must be positive")
    require(spread <= wanted.rho * nu, "rho", lambda: f"mu xi = {words.ratio(spread)} exceeds rho nu")
    enough = wanted.gamma * wanted.gamma * nu >= ONE
    require(enough, "gamma", lambda: f"gamma^2 nu is less than 1, with nu = {words.ratio(nu)}")
    return (f"Method: coherence, by the products of columns: {words.bounded('mu', mu)}, nu >= {words.at_least(nu)}.",)


def decode_constants(fields: dict[str, Any], path: str) -> tuple[Ratio, Ratio]:
    """Return rho and gamma; raises MalformedCertificate."""
    rho, gamma = (decode_rational(fields[key], f"{path}.{key}", positive=True) for key in ("rho", "gamma"))
    if rho[0] >= rho[1]:
        raise MalformedCertificate(f"{path}.rho must be less than 1")
    return Ratio(*rho), Ratio(*gamma)
