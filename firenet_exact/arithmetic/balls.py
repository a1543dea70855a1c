"""The forward pass in balls, as an oracle: the enclosures are those of python-flint's arb, and nothing else is used.

Balls grow by a factor in each block, so the working precision must be large and is doubled until the result is as
accurate as asked for.
"""

from __future__ import annotations

from flint import arb, arb_mat, ctx, fmpq

from exact_base.errors import BudgetError, UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import power_of_two, sqrt_up
from firenet_exact.arithmetic.output import Output
from firenet_exact.arithmetic.real_form import from_real, is_complex, real_entries, real_step
from firenet_exact.arithmetic.recursion import passes
from firenet_exact.network import Firenet

__all__ = ["forward"]

Vector = list[arb]


def forward(
    network: Firenet, data: ExactMatrix, *, bits: int = 1024, accuracy: fmpq | None = None, most_bits: int = 2**16
) -> Output:
    """Return the output for y, shape (m, 1), real or complex: the centres of the balls, with their radii as deviation.

    Args:
        network: the network; t = 1 is allowed.
        data: y.
        bits: the working precision to begin with.
        accuracy: what the deviation of ψ_n must not exceed; 2^-100 if not given.
        most_bits: the working precision to give up at.

    Raises:
        UsageError: if y has another shape, or the bits are out of range.
        BudgetError: if the accuracy is not reached.
    """
    network.check_data(data)
    if not 16 <= bits <= most_bits:
        raise UsageError(f"a working precision of 16 to {most_bits} bits is needed, not {bits}")
    accuracy = power_of_two(-100) if accuracy is None else accuracy
    while True:
        with ctx.workprec(bits):
            found = _enclosed(network, data)
        if found is not None and found.error <= accuracy:
            return found
        if 2 * bits > most_bits:
            raise BudgetError(f"the balls are wider than {accuracy} with {bits} bits; raise most_bits")
        bits *= 2


def _enclosed(network: Firenet, data: ExactMatrix) -> Output | None:
    """Return the output at the current precision, or None if a ball is not finite."""
    arithmetic, parameters = _Balls(network, data), network.parameters
    points, deviations, dual = [], [], []
    for found, beta in zip(passes(arithmetic, n=parameters.n, p=parameters.p), parameters.betas, strict=True):
        point = [arb(beta) * a for a in found.total]
        if not all(a.is_finite() for a in point):
            return None
        points.append([a.mid() for a in point])
        deviations.append(sqrt_up(sum((_exactly(a.rad()) ** 2 for a in point), fmpq(0))))
        dual = [-a.mid() for a in found.dual]
    nothing = (fmpq(0),) * parameters.n
    return Output(network, data, "balls", nothing, None, tuple(deviations), points, dual, arithmetic.exactly)


class _Balls:
    """The operations; all vectors are balls in real form."""

    def __init__(self, network: Firenet, data: ExactMatrix) -> None:
        self.parameters = parameters = network.parameters
        self.paired = is_complex(network, data)
        rows, den = real_step(network, paired=self.paired)
        self.matrix = arb_mat(len(rows), len(rows[0]), [arb(fmpq(a, den)) for row in rows for a in row])
        self.adjoint = self.matrix.transpose()
        self.thresholds = [arb(parameters.tau * parameters.lam * w) for w in parameters.weights]
        self.data = real_entries(data, paired=self.paired)
        self.initial = None if network.initial is None else real_entries(network.initial, paired=self.paired)

    def exactly(self, vector: Vector) -> ExactMatrix:
        """Return the centres, which are dyadic."""
        entries = [_exactly(a) for a in vector]
        den = max((int(a.q) for a in entries), default=1)
        return from_real([int((a * den).p) for a in entries], den, paired=self.paired)

    def start(self, k: int, total: Vector | None) -> tuple[Vector, Vector, Vector]:
        parameters = self.parameters
        alpha, size = parameters.alphas[k], int(self.matrix.ncols())
        self.target = [arb(parameters.tau * alpha * a) for a in self.data]
        zeros = [arb(0)] * size
        if total is not None:
            x = [arb(alpha * parameters.betas[k - 1]) * a for a in total]
        else:
            x = zeros if self.initial is None else [arb(alpha * a) for a in self.initial]
        return x, [arb(0)] * len(self.data), zeros

    def shrink(self, x: Vector, u: Vector) -> Vector:
        z = [a - b for a, b in zip(x, _times(self.adjoint, u), strict=True)]
        if not self.paired:
            return [a - a.max(-t).min(t) for a, t in zip(z, self.thresholds, strict=True)]
        size = len(z) // 2
        factors = [
            1 - t / (a * a + b * b).sqrt().max(t) for a, b, t in zip(z[:size], z[size:], self.thresholds, strict=True)
        ]
        return [a * f for a, f in zip(z, factors + factors, strict=True)]

    def project(self, x: Vector, new: Vector, u: Vector) -> Vector:
        raised = _times(self.matrix, [2 * a - b for a, b in zip(new, x, strict=True)])
        w = [a + b - c for a, b, c in zip(u, raised, self.target, strict=True)]
        length = sum((a * a for a in w), arb(0)).max(arb(1)).sqrt()
        return [a / length for a in w]

    def add(self, total: Vector, new: Vector) -> Vector:
        return [a + b for a, b in zip(total, new, strict=True)]


def _times(matrix: arb_mat, vector: Vector) -> Vector:
    return list((matrix * arb_mat(len(vector), 1, vector)).entries())


def _exactly(value: arb) -> fmpq:
    """Return the dyadic number that a ball of radius 0 is."""
    mantissa, exponent = value.man_exp()
    return fmpq(int(mantissa)) * power_of_two(int(exponent))
