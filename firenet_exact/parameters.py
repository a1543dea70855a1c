"""The numbers of a FIRENET, made from certified constants or checked against them (docs/firenet.md, "Parameters")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from flint import fmpq

from exact_base.decimals import above, below
from exact_base.errors import UsageError
from exact_base.rationals import Readable, exact_number, round_down, round_up, upper_root
from exact_base.reprs import short_repr
from firenet_exact.best_constants import BestConstants, best_constants
from firenet_exact.levels import Levels

__all__ = [
    "Known",
    "Norm",
    "Parameters",
    "Violation",
    "a_priori_bound",
    "check_parameters",
    "gap_bounds",
    "network_parameters",
    "own_parameters",
    "required_blocks",
    "scales",
]


class Known(Protocol):
    """A certified null space property, of a matrix or of an operator without one."""

    @property
    def levels(self) -> Levels:
        """The levels of the columns."""

    @property
    def rho(self) -> fmpq:
        """ρ, 0 < ρ < 1."""

    @property
    def gamma(self) -> fmpq:
        """γ > 0."""

    @property
    def best(self) -> BestConstants:
        """The best bounds that ρ and γ give."""


class Norm(Protocol):
    """A bound of a norm."""

    @property
    def high(self) -> fmpq:
        """At least ‖A‖."""


T, V = fmpq(4, 5), fmpq(3, 8)
STEP_BITS = 12  # of τ, so that τA has few bits more than A
SCALE_BITS = 24  # of α, so that a restart is exact in float64
_BITS = 64  # of bounds that are rounded up


@short_repr()
@dataclass(frozen=True, kw_only=True)
class Parameters:
    """The numbers that fix a FIRENET once A is given, and those its theorem is about; all exact.

    Attributes:
        lam: λ > 0, with λ γ r < 1 where the theorem is to hold.
        c2_prime: C2' >= C(λ).
        norm: L >= ‖A‖; both steps are t/L.
        t: in (0, 1]; less than 1 where rounding errors are bounded.
        v: the rate that the β_k are made for, in (0, 1).
        delta: δ >= 0, the bound of c(x, y) = 2λσ(x) + 2‖Ax-y‖ that is aimed at.
        epsilon0: ε_0 >= 0, a bound of the objective at the start: of ‖y‖, if there is no initial guess.
        p: blocks between two restarts.
        betas: β_1, ..., β_n, positive.
        levels: the levels of the columns, with their sparsities and weights.
        rho: ρ of the null space property, or None if none is known.
        gamma: γ of the null space property, or None if none is known.
    """

    lam: fmpq
    c2_prime: fmpq
    norm: fmpq
    t: fmpq
    v: fmpq
    delta: fmpq
    epsilon0: fmpq
    p: int
    betas: tuple[fmpq, ...]
    levels: Levels
    rho: fmpq | None = None
    gamma: fmpq | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no network; what only makes no theorem is left to `check_parameters`."""
        for name in ("lam", "c2_prime", "norm", "t"):
            if not getattr(self, name) > 0:
                raise UsageError(f"{name} must be positive, not {getattr(self, name)}")
        if not self.epsilon0 >= 0:
            raise UsageError(f"ε_0 must be at least 0, not {self.epsilon0}")
        if self.p < 1 or not self.betas:
            raise UsageError(f"a network needs at least one block and one restart, not p = {self.p}, n = {self.n}")
        if not all(beta > 0 for beta in self.betas):
            raise UsageError("all β must be positive")
        if (self.rho is None) != (self.gamma is None):
            raise UsageError("ρ and γ belong together; give both or none")

    @property
    def n(self) -> int:
        """The number n of restarts."""
        return len(self.betas)

    @cached_property
    def weights(self) -> tuple[fmpq, ...]:
        """w_1, ..., w_N."""
        return tuple(self.levels.column_weights)

    @property
    def tau(self) -> fmpq:
        """The steps τ = σ = t/L."""
        return self.t / self.norm

    @cached_property
    def alphas(self) -> tuple[fmpq, ...]:
        """The scales α_k = 1/(β_k p)."""
        return tuple(1 / (beta * self.p) for beta in self.betas)

    @cached_property
    def lipschitz(self) -> fmpq:
        """A Lipschitz constant λ‖w‖ + L of the objective, rounded up."""
        spread = zip(self.levels.starts, self.levels.ends, self.levels.weights, strict=True)
        return self.lam * upper_root(sum((w * w * (end - start) for start, end, w in spread), fmpq(0))) + self.norm

    @cached_property
    def best(self) -> BestConstants | None:
        """The best bounds of the null space property, or None if no property is known, or none of any use."""
        if self.rho is None or self.gamma is None:
            return None
        try:
            return best_constants(self.levels, self.rho, self.gamma)
        except UsageError:
            return None


@short_repr()
@dataclass(frozen=True)
class Violation:
    """A hypothesis of the theorem that parameters do not satisfy.

    Attributes:
        name: one word for the hypothesis.
        message: the hypothesis with the numbers that violate it.
    """

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


def required_blocks(*, c2_prime: fmpq, norm: fmpq, t: fmpq, v: fmpq) -> int:
    """Return the least p of the theorem, ⌈(1+t)·L·C2'/(t·v)⌉."""
    least = (1 + t) * norm * c2_prime / (t * v)
    return int(-(-least.p // least.q))


def network_parameters(
    proved: Known,
    norm: Norm,
    *,
    delta: Readable,
    epsilon0: Readable,
    n: int,
    t: Readable = T,
    v: Readable = V,
    p: int | None = None,
    lam: Readable | None = None,
) -> Parameters:
    """Return the parameters of the theorem for a matrix with the null space property.

    Args:
        proved: the property.
        norm: bounds of the norm of the same matrix.
        delta: δ >= 0.
        epsilon0: ε_0 > 0, at least ‖y‖ for all y that are meant.
        n: the number of restarts.
        t: 0 < t < 1; a larger t needs fewer blocks, and lets rounding errors grow more.
        v: 0 < v < 1, the rate of each restart; near to 1/e the depth is least.
        p: blocks between restarts; the least that the theorem allows, if not given.
        lam: λ; that for which C2' is least, if not given.

    Raises:
        UsageError: if they violate a hypothesis of the theorem.
        DataError: if one is no finite number.

    >>> from firenet_exact import Levels, decide, exact_matrix, network_parameters, operator_norm
    >>> matrix = exact_matrix([[1, 0], [0, 1]])
    >>> proved = decide(matrix, Levels.of([2], [1]), method="coherence").proved
    >>> network_parameters(proved, operator_norm(matrix), delta="1/100", epsilon0=1, n=5).p
    9
    """
    delta, epsilon0, t, v = (exact_number(x) for x in (delta, epsilon0, t, v))
    if not (0 < t <= 1 and 0 < v < 1 and n >= 1):
        raise UsageError(f"0 < t <= 1, 0 < v < 1 and n >= 1 are needed, not t = {t}, v = {v}, n = {n}")
    if not (delta >= 0 and epsilon0 > 0):
        raise UsageError(f"δ >= 0 and ε_0 > 0 are needed, not δ = {delta}, ε_0 = {epsilon0}")
    found = proved.best
    lam = found.lam if lam is None else exact_number(lam)
    c2_prime = round_up(found.network_constant(lam))
    length = t / round_down(t / norm.high, bits=STEP_BITS)
    blocks = required_blocks(c2_prime=c2_prime, norm=length, t=t, v=v) if p is None else p
    if blocks < 1:
        raise UsageError(f"p must be at least 1, not {p}")
    parameters = Parameters(
        lam=lam,
        c2_prime=c2_prime,
        norm=length,
        t=t,
        v=v,
        delta=delta,
        epsilon0=epsilon0,
        p=blocks,
        betas=scales(delta=delta, epsilon0=epsilon0, norm=length, t=t, v=v, p=blocks, n=n),
        levels=proved.levels,
        rho=proved.rho,
        gamma=proved.gamma,
    )
    violations = check_parameters(parameters, proved=proved, norm=norm)
    if violations:
        raise UsageError("; ".join(map(str, violations)))
    return parameters


def own_parameters(
    levels: Levels,
    norm: Norm,
    *,
    lam: Readable,
    delta: Readable,
    epsilon0: Readable,
    p: int,
    n: int,
    t: Readable = T,
    v: Readable = V,
) -> Parameters:
    """Return parameters for a matrix without a known null space property; C2' is the largest that p allows.

    What the theorem says of their network is conditional on a null space property with C(λ) <= C2'.

    Args:
        levels: the levels of the columns, for their weights.
        norm: bounds of the norm of the matrix.
        lam: λ > 0.
        delta: δ >= 0.
        epsilon0: ε_0 > 0, at least ‖y‖.
        p: blocks between restarts.
        n: the number of restarts.
        t: 0 < t < 1.
        v: 0 < v < 1.

    Raises:
        UsageError: if they make no network.
        DataError: if one is no finite number.

    >>> from firenet_exact import Levels, exact_matrix, operator_norm, own_parameters
    >>> norm = operator_norm(exact_matrix([["1/2", 0], [0, "1/2"]]))
    >>> own_parameters(Levels.of([2], [1]), norm, lam=1, delta="1/100", epsilon0=1, p=8, n=3).n
    3
    """
    lam, delta, epsilon0, t, v = (exact_number(x) for x in (lam, delta, epsilon0, t, v))
    if not (0 < t <= 1 and 0 < v < 1 and n >= 1 and p >= 1 and delta >= 0 and epsilon0 > 0):
        raise UsageError("0 < t <= 1, 0 < v < 1, n >= 1, p >= 1, δ >= 0 and ε_0 > 0 are needed")
    length = t / round_down(t / norm.high, bits=STEP_BITS)
    return Parameters(
        lam=lam,
        c2_prime=p * t * v / ((1 + t) * length),
        norm=length,
        t=t,
        v=v,
        delta=delta,
        epsilon0=epsilon0,
        p=p,
        betas=scales(delta=delta, epsilon0=epsilon0, norm=length, t=t, v=v, p=p, n=n),
        levels=levels,
    )


def scales(*, delta: fmpq, epsilon0: fmpq, norm: fmpq, t: fmpq, v: fmpq, p: int, n: int) -> tuple[fmpq, ...]:
    """Return β_1, ..., β_n: t·ε_k/((1+t)L), ε_k = v(δ + ε_{k-1}), rounded down such that each α_k is short."""
    betas, epsilon = [], epsilon0
    for _ in range(n):
        epsilon = round_up(v * (delta + epsilon), bits=_BITS)
        alpha = round_up((1 + t) * norm / (t * epsilon * p), bits=SCALE_BITS)
        betas.append(1 / (alpha * p))
    return tuple(betas)


def gap_bounds(parameters: Parameters, errors: Sequence[fmpq] | None = None, *, unit: fmpq | None = None) -> list[fmpq]:
    """Return g_0, ..., g_n, rounded up: bounds of F(ψ_k) - F(x) for each x with c(x, y) <= δ.

    Args:
        parameters: those of the network.
        errors: the rounding errors err_1, ..., err_n; none if not given.
        unit: round up to multiples of it; if not given, within 2^-63 of the value.

    Raises:
        UsageError: if the number of errors is not n.
    """
    errors = [fmpq(0)] * parameters.n if errors is None else errors
    if len(errors) != parameters.n:
        raise UsageError(f"an error for each restart is needed, {parameters.n} in all, not {len(errors)}")
    factor = (1 + parameters.t) * parameters.norm / (2 * parameters.t)
    lipschitz = parameters.lipschitz
    bounds = [parameters.epsilon0]
    for beta, error in zip(parameters.betas, errors, strict=True):
        distance = parameters.c2_prime * (parameters.delta + bounds[-1])
        gap = factor * (distance * distance / (beta * parameters.p**2) + beta) + lipschitz * error
        bounds.append(round_up(gap, bits=_BITS) if unit is None else -(-(gap / unit).p // (gap / unit).q) * unit)
    return bounds


def a_priori_bound(parameters: Parameters, c: fmpq | None = None, *, gap: fmpq | None = None) -> fmpq:
    """Return C2'·(c + g_n), a bound of ‖ψ_n - x‖ for each x with c(x, y) <= c <= δ.

    Args:
        parameters: those of the network.
        c: a bound of c(x, y); δ if not given.
        gap: g_n; that of the network without rounding errors, if not given.

    Raises:
        UsageError: if c is more than δ.
    """
    c = parameters.delta if c is None else fmpq(c)
    if c > parameters.delta:
        raise UsageError(f"c = {c} is more than δ = {parameters.delta}, and then the theorem says nothing")
    return parameters.c2_prime * (c + (gap_bounds(parameters)[-1] if gap is None else gap))


def check_parameters(
    parameters: Parameters,
    *,
    proved: Known | None = None,
    norm: Norm | None = None,
    start: fmpq | None = None,
) -> list[Violation]:
    """Return the hypotheses of the theorem that the parameters violate, with the numbers; none if it holds.

    Args:
        parameters: those of the network.
        proved: the null space property of its matrix; without it ρ and γ are taken as they are.
        norm: bounds of the norm of its matrix; without them L is taken as it is.
        start: a bound of the objective at the start for the y at hand: ‖y‖, if there is no initial guess.
    """
    found: list[Violation] = []

    def require(holds: bool, name: str, message: str) -> None:
        if not holds:
            found.append(Violation(name, message))

    t, v, p = parameters.t, parameters.v, parameters.p
    rho, gamma = parameters.rho, parameters.gamma
    if proved is not None and rho is not None and gamma is not None:
        same = proved.levels == parameters.levels
        require(same, "levels", "the null space property is proved for other levels, sparsities or weights")
        holds = proved.rho <= rho and proved.gamma <= gamma
        least = f"ρ = {_up(proved.rho)}, γ = {_up(proved.gamma)}"
        require(holds, "null-space", f"what is proved is {least}, which is more than ρ = {_up(rho)}, γ = {_up(gamma)}")
    if norm is not None:
        holds = parameters.norm >= norm.high
        require(holds, "norm", f"L = {_up(parameters.norm)} must be at least ‖A‖ <= {_up(norm.high)}")
    require(t <= 1, "steps", f"t = {t} must be at most 1: τσ‖A‖² <= t² <= 1")
    require(0 < v < 1, "rate", f"v = {v} must lie between 0 and 1")
    require(parameters.delta >= 0, "delta", f"δ = {parameters.delta} must be at least 0")
    known = parameters.best
    if known is None:
        message = (
            "no ρ < 1 and γ are known" if parameters.rho is None else f"ρ = {parameters.rho}, γ = {parameters.gamma}"
        )
        require(False, "null-space", f"{message}: nothing is known of the distance to any x")
    else:
        most = 1 / (known.gamma * known.r)
        holds = parameters.lam < most
        require(holds, "lambda", f"λ = {_up(parameters.lam)} must be less than 1/(γ r) = {_down(most)}")
        if holds:
            needed = known.network_constant(parameters.lam)
            holds = parameters.c2_prime >= needed
            require(holds, "c2-prime", f"C2' = {_down(parameters.c2_prime)} must be at least C(λ) <= {_up(needed)}")
    if 0 < v < 1:
        blocks = required_blocks(c2_prime=parameters.c2_prime, norm=parameters.norm, t=t, v=v)
        require(p >= blocks, "blocks", f"p = {p} must be at least (1+t)L C2'/(tv), which needs {blocks}")
    if start is not None:
        holds = parameters.epsilon0 >= start
        require(
            holds,
            "start",
            f"ε_0 = {_down(parameters.epsilon0)} must be at least the objective {_up(start)} at the start",
        )
    return found


def _up(value: fmpq) -> str:
    return above(value, digits=6)


def _down(value: fmpq) -> str:
    return below(value, digits=6)
