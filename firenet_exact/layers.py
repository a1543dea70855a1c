"""A FIRENET layer by layer: affine maps with rational weights, and their nonlinearities (docs/firenet.md, "Layers").

Hidden vectors are written (x, S, u): the primal iterate, the sum of those since the restart, and the dual iterate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from flint import acb, acb_mat, arb, ctx, fmpq, fmpz_mat

from exact_base.matrices import ExactMatrix, assembled, identity_matrix, scaled
from exact_base.reprs import short_repr
from firenet_exact.parameters import Parameters

__all__ = ["FirenetLayer", "hidden_vectors", "layers", "widths"]

Activation = Literal["shrink", "square", "project", "identity"]


@short_repr()
@dataclass(frozen=True, eq=False)
class FirenetLayer:
    """h ↦ activation(weight·h + data·y + constant).

    Attributes:
        weight: shape (width, width of the layer before); the first layer acts on y.
        data: what y adds to the bias, shape (width, m), or None.
        constant: the rest of the bias, shape (width, 1), or None.
        activation: `shrink` moves the first N entries towards 0 by the thresholds τλw, `square` takes the squared
            moduli of the last m, `project` divides the m before the last by max(1, √last) and sets that to 0.
    """

    weight: ExactMatrix
    data: ExactMatrix | None
    constant: ExactMatrix | None
    activation: Activation

    @property
    def width(self) -> int:
        """The number of entries of its output."""
        return self.weight.rows


def widths(matrix: ExactMatrix, parameters: Parameters) -> list[int]:
    """Return the widths (m, [2N+m, 2(N+m), 2N+m+1] n·p times, N) of all layers, input and output included."""
    m, size = matrix.rows, matrix.cols
    blocks = parameters.n * parameters.p
    return [m, *([2 * size + m, 2 * (size + m), 2 * size + m + 1] * blocks), size]


def layers(matrix: ExactMatrix, parameters: Parameters, initial: ExactMatrix | None) -> Iterator[FirenetLayer]:
    """Yield the 3np + 1 layers for A, shape (m, N), and a guess, shape (N, 1), or None; equal ones are one object."""
    m, size, tau = matrix.rows, matrix.cols, parameters.tau
    narrow, wide, third = 2 * size + m, 2 * (size + m), 2 * size + m + 1
    step, back = scaled(matrix, tau), scaled(matrix.adjoint, -tau)
    one, unit = identity_matrix(size), identity_matrix(m)
    advance = assembled(wide, narrow, [(0, 0, one), (size, 0, one), (size, size, one)] + [
        block
        for row in (2 * size, 2 * size + m)
        for block in ((row, 0, scaled(step, fmpq(2))), (row, 2 * size, unit))
    ])  # fmt: skip
    ones = ExactMatrix(fmpz_mat(1, m, [1] * m), None, 1)
    collect = assembled(third, wide, [(0, 0, identity_matrix(narrow)), (2 * size + m, narrow, ones)])
    inside = assembled(
        narrow,
        third,
        [(0, 0, identity_matrix(narrow)), (0, 2 * size, back), (2 * size, 0, scaled(step, fmpq(-1)))],
    )
    before = parameters.betas[0]
    second, last = FirenetLayer(advance, None, None, "square"), FirenetLayer(collect, None, None, "project")
    for k, (alpha, beta) in enumerate(zip(parameters.alphas, parameters.betas, strict=True)):
        data = assembled(narrow, m, [(2 * size, 0, scaled(unit, -tau * alpha))])
        if k == 0:
            yield FirenetLayer(data, None, _start(initial, step, alpha), "shrink")
        else:
            factor = alpha * before
            weight = assembled(narrow, third, [(0, size, scaled(one, factor)), (2 * size, size, scaled(step, -factor))])
            yield FirenetLayer(weight, data, None, "shrink")
        first = FirenetLayer(inside, data, None, "shrink")
        for block in range(parameters.p):
            if block:
                yield first
            yield second
            yield last
        before = beta
    yield FirenetLayer(assembled(size, third, [(0, size, scaled(one, before))]), None, None, "identity")


def _start(initial: ExactMatrix | None, step: ExactMatrix, alpha: fmpq) -> ExactMatrix | None:
    """Return what the initial guess adds to the first layer; `step` is τA."""
    if initial is None:
        return None
    guess = scaled(initial, alpha)
    size, m = step.cols, step.rows
    return assembled(2 * size + m, 1, [(0, 0, guess), (2 * size, 0, scaled(step @ guess, fmpq(-1)))])


def hidden_vectors(
    chain: Iterable[FirenetLayer], parameters: Parameters, data: ExactMatrix, *, bits: int = 1024
) -> Iterator[list[acb]]:
    """Yield the output of each layer as complex balls, for y of shape (m, 1), computed from weights and biases alone.

    Balls grow from layer to layer: this is for looking inside a network and for tests of it, not for its results.
    """
    weights: dict[int, tuple[ExactMatrix, acb_mat]] = {}  # by identity; the matrix is kept so that it stays unique
    thresholds = [parameters.tau * parameters.lam * w for w in parameters.weights]
    current, given = _balls(data), _balls(data)
    for layer in chain:
        with ctx.workprec(bits):
            for part in (layer.weight, layer.data):
                if part is not None and id(part) not in weights:
                    weights[id(part)] = (part, _balls(part))
            moved = weights[id(layer.weight)][1] * current
            if layer.data is not None:
                moved = moved + weights[id(layer.data)][1] * given
            if layer.constant is not None:
                moved = moved + _balls(layer.constant)
            values = _ACTIVATIONS[layer.activation](moved.entries(), thresholds, data.rows)
            current = acb_mat(len(values), 1, values)
        yield values


def _shrink(values: list[acb], thresholds: Sequence[fmpq], m: int) -> list[acb]:
    def moved(z: acb, threshold: fmpq) -> acb:
        s = arb(threshold)
        return z * (1 - s / abs(z).max(s))

    changed = [moved(z, threshold) for z, threshold in zip(values, thresholds, strict=False)]
    return changed + values[len(thresholds) :]


def _square(values: list[acb], thresholds: Sequence[fmpq], m: int) -> list[acb]:
    return values[:-m] + [acb(z.real * z.real + z.imag * z.imag) for z in values[-m:]]


def _project(values: list[acb], thresholds: Sequence[fmpq], m: int) -> list[acb]:
    length = values[-1].real.max(arb(1)).sqrt()
    return values[: -m - 1] + [z / length for z in values[-m - 1 : -1]] + [acb(0)]


def _identity(values: list[acb], thresholds: Sequence[fmpq], m: int) -> list[acb]:
    return values


_ACTIVATIONS = {"shrink": _shrink, "square": _square, "project": _project, "identity": _identity}


def _balls(matrix: ExactMatrix) -> acb_mat:
    re, im = matrix.integers()
    den = matrix.den
    if im is None:
        entries = [acb(arb(fmpq(a, den))) for row in re for a in row]
    else:
        pairs = ((a, b) for row, other in zip(re, im, strict=True) for a, b in zip(row, other, strict=True))
        entries = [acb(arb(fmpq(a, den)), arb(fmpq(b, den))) for a, b in pairs]
    return acb_mat(matrix.rows, matrix.cols, entries)
