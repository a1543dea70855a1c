"""The network of Theorem 3 as an object: what it is made of, what is known of it, and files (docs/firenet.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from flint import acb, fmpq

from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix, column_norm2
from exact_base.rationals import upper_root
from exact_base.reprs import short_repr
from firenet_exact.layers import FirenetLayer, hidden_vectors, layers, widths
from firenet_exact.levels import Levels
from firenet_exact.network_files import digest_of, load, save
from firenet_exact.norms import NormBounds
from firenet_exact.null_space.property import NullSpaceProperty
from firenet_exact.parameters import Parameters, Violation, check_parameters
from proofs_checks.certificate.reading import (
    decode_integer,
    decode_list,
    decode_matrix,
    decode_object,
    decode_rational,
)
from proofs_checks.certificate.writing import encode_integer, encode_rational

__all__ = ["Firenet", "decode_parameters", "encode_parameters", "load_network"]

FORMAT = "firenet-1"
_NUMBERS = ("lam", "c2_prime", "norm", "t", "v", "delta", "epsilon0")


@short_repr()
@dataclass(frozen=True, eq=False)
class Firenet:
    """The network ψ_n of docs/firenet.md for a matrix.

    Attributes:
        matrix: A, shape (m, N), real or complex.
        parameters: its numbers; they need not satisfy the theorem, see `violations`.
        initial: an initial guess x0, shape (N, 1), or None for 0: the network then improves the guess.
        proved: the null space property of A, if it is certified.
        norm: bounds of ‖A‖, if they are certified.

    >>> from firenet_exact import Firenet, Levels, exact_matrix, operator_norm, own_parameters
    >>> matrix = exact_matrix([["1/2", 0], [0, "1/2"]])
    >>> norm = operator_norm(matrix)
    >>> numbers = own_parameters(Levels.of([2], [1]), norm, lam=1, delta="1/100", epsilon0=1, p=8, n=3)
    >>> Firenet(matrix, numbers).depth
    73
    """

    matrix: ExactMatrix
    parameters: Parameters
    initial: ExactMatrix | None = None
    proved: NullSpaceProperty | None = None
    norm: NormBounds | None = None
    prepared: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    """What arithmetics keep of the matrix between forward passes."""

    def __post_init__(self) -> None:
        """Raise UsageError unless the parts belong together."""
        size = self.matrix.cols
        if self.parameters.levels.columns != size:
            raise UsageError(f"the levels end with column {self.parameters.levels.columns}, but A has {size}")
        if self.initial is not None and (self.initial.rows, self.initial.cols) != (size, 1):
            raise UsageError(f"an initial guess is {size} x 1, not {self.initial.rows} x {self.initial.cols}")
        for known in (self.proved, self.norm):
            if known is not None and known.matrix is not self.matrix and known.matrix != self.matrix:
                raise UsageError("the null space property and the norm must be those of this matrix")

    @property
    def depth(self) -> int:
        """The number 3np + 1 of layers."""
        return 3 * self.parameters.n * self.parameters.p + 1

    @property
    def widths(self) -> list[int]:
        """The widths (m, [2N+m, 2(N+m), 2N+m+1] n·p times, N), input and output included."""
        return widths(self.matrix, self.parameters)

    def layers(self) -> Iterator[FirenetLayer]:
        """Yield the layers with their exact weights and biases; equal ones are the same object."""
        return layers(self.matrix, self.parameters, self.initial)

    def hidden_vectors(self, data: ExactMatrix, *, bits: int = 1024) -> Iterator[list[acb]]:
        """Yield the output of each layer for y, shape (m, 1), as complex balls; see `layers.hidden_vectors`.

        Raises:
            UsageError: if y has another shape.
        """
        self.check_data(data)
        return hidden_vectors(self.layers(), self.parameters, data, bits=bits)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """The hypotheses of the theorem that do not hold, or are not certified, for every y."""
        found = check_parameters(self.parameters, proved=self.proved, norm=self.norm)
        if self.proved is None and not any(violation.name == "null-space" for violation in found):
            found.append(Violation("null-space", "the null space property of this matrix is assumed, not certified"))
        if self.norm is None:
            found.append(Violation("norm", f"‖A‖ <= L = {self.parameters.norm} is assumed, not certified"))
        return tuple(found)

    def violations_at(self, data: ExactMatrix) -> tuple[Violation, ...]:
        """Return those hypotheses, and the one on ε_0 and the y at hand, shape (m, 1).

        Raises:
            UsageError: if y has another shape.
        """
        self.check_data(data)
        start = self.objective_above(data, self.initial)
        if start <= self.parameters.epsilon0:
            return self.violations
        return self.violations + tuple(
            violation for violation in check_parameters(self.parameters, start=start) if violation.name == "start"
        )

    def check_data(self, data: ExactMatrix) -> None:
        """Raise UsageError unless y has the shape (m, 1)."""
        if (data.rows, data.cols) != (self.matrix.rows, 1):
            raise UsageError(f"y must be {self.matrix.rows} x 1, not {data.rows} x {data.cols}")

    def objective_above(self, data: ExactMatrix, point: ExactMatrix | None) -> fmpq:
        """Return an upper bound of F(x) = λ‖x‖_w + ‖Ax-y‖, for x of shape (N, 1), or None for 0.

        Square roots are upper roots (docs/format.md, "Null space properties"), exact where they are rational.
        """
        if point is None:
            return upper_root(column_norm2(data))
        weighted = fmpq(0)
        for weight, (square,) in zip(self.parameters.weights, point.squares(), strict=True):
            weighted += weight * upper_root(fmpq(square, point.den**2))
        return self.parameters.lam * weighted + upper_root(column_norm2(self.matrix @ point - data))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is saved, in hexadecimal."""
        return digest_of(self._content())

    def save(self, path: Path) -> None:
        """Write the matrix, the parameters and the initial guess, which determine the network, as exact .json.

        Certificates of the null space property and of the norm are files of their own.

        Raises:
            UsageError: if the file cannot be written.
        """
        save(path, self._content())

    def _content(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "initial": None if self.initial is None else self.initial.encode(),
            "matrix": self.matrix.encode(),
            "parameters": encode_parameters(self.parameters),
        }


def encode_parameters(parameters: Parameters) -> dict[str, Any]:
    """Return the numbers of a network as its file has them."""
    numbers: dict[str, Any] = {name: _rational(getattr(parameters, name)) for name in _NUMBERS}
    for name in ("rho", "gamma"):
        value = getattr(parameters, name)
        numbers[name] = None if value is None else _rational(value)
    numbers["betas"] = [_rational(beta) for beta in parameters.betas]
    numbers["p"] = encode_integer(parameters.p)
    numbers["levels"] = parameters.levels.encode()
    return numbers


def load_network(path: Path, *, proved: NullSpaceProperty | None = None, norm: NormBounds | None = None) -> Firenet:
    """Read a network that was saved.

    Args:
        path: the file.
        proved: the null space property of its matrix, if certified.
        norm: bounds of the norm of its matrix, if certified.

    Raises:
        UsageError: if the file cannot be opened, or property or norm belong to another matrix.
        DataError: if it is no network, or damaged.
    """

    def build(found: dict[str, Any]) -> Firenet:
        matrix = ExactMatrix.decode(decode_matrix(found["matrix"], "matrix", rational=True))
        initial = None
        if found["initial"] is not None:
            guess = decode_matrix(found["initial"], "initial", rows=matrix.cols, cols=1, rational=True)
            initial = ExactMatrix.decode(guess)
        return Firenet(matrix, decode_parameters(found["parameters"]), initial, proved, norm)

    return load(path, ("initial", "matrix", "parameters"), build, written_as=FORMAT)


def decode_parameters(value: object) -> Parameters:
    """Read the numbers of a network as `encode_parameters` writes them.

    Raises:
        MalformedCertificate: if they are none.
        UsageError: if they make no network.
    """
    path = "parameters"
    fields = decode_object(value, (*_NUMBERS, "betas", "gamma", "levels", "p", "rho"), path)
    numbers = {name: fmpq(*decode_rational(fields[name], f"{path}.{name}")) for name in _NUMBERS}
    rho, gamma = (
        None if fields[name] is None else fmpq(*decode_rational(fields[name], f"{path}.{name}"))
        for name in ("rho", "gamma")
    )
    betas = [fmpq(*decode_rational(beta, f"{path}.betas")) for beta in decode_list(fields["betas"], f"{path}.betas")]
    return Parameters(
        **numbers,
        rho=rho,
        gamma=gamma,
        p=decode_integer(fields["p"], f"{path}.p", low=1),
        betas=tuple(betas),
        levels=Levels.decode(fields["levels"], f"{path}.levels"),
    )


def _rational(value: fmpq) -> list[str]:
    return encode_rational(int(value.p), int(value.q))
