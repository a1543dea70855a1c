"""What each library minimises, in exact terms: the penalties of `F(x) = Σ ω r² + Σ μ|x| + Σ κx²`.

A library multiplies the whole objective by a number of its own, and calls its parameters by names of its own. Here it
is written down once for each, with the place in its documentation that says so; docs/check.md, "What is minimised", has
the same as a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flint import fmpq

from exact_base.errors import UsageError
from exact_base.matrices import ExactMatrix
from exact_base.rationals import to_float
from exact_base.reprs import short_repr
from sci_barriers.problems.penalised.problem import column, entries_of

__all__ = ["LIKE", "LIKE_WORDS", "Convention", "Penalties", "Request", "penalties"]


@short_repr()
@dataclass(frozen=True)
class Convention:
    """How a library writes its objective, in its own letters: m rows, residual r, coefficients w or x.

    Attributes:
        name: the word after --like.
        loss: the sum of squares.
        l1: what comes for the l1 norm.
        ridge: what comes for the squared norm, or nothing.
        source: where its documentation says so.
        strength: the option that multiplies the l1 norm, `alpha` or `lam`.
        mixing: the option that divides it between l1 and ridge, or nothing.
        squares: F is so many times the objective: 1, or 2, or 0 for 2m.
        weighted: the letters of its weights of the penalties, or nothing if it has none.
        observed: whether it takes weights of the observations.
        floats: whether its parameters are float64 numbers, so that 0.1 is the float64 nearest to it.
        unscaled: how it is told not to standardise the columns, if it does.
        remark: what has to hold besides, or nothing.
    """

    name: str
    loss: str
    l1: str
    ridge: str
    source: str
    strength: str = "lam"
    mixing: str = ""
    squares: int = 0
    weighted: str = ""
    observed: bool = False
    floats: bool = False
    unscaled: str = ""
    remark: str = ""

    def objective(self, *, weights: bool = False, ridge: bool = True) -> str:
        """Return the objective, with its weights and ridge part or without; then what would divide them is 1."""
        l1 = self.l1 if not weights else f"{self.strength} {self.weighted}"
        if self.mixing and not ridge:
            l1 = l1.replace("l1_ratio " if self.mixing == "l1_ratio" else "Alpha ", "")
        return " + ".join([self.loss, l1, *([self.ridge] if ridge and self.ridge else [])])


LIKE: Mapping[str, Convention] = {
    convention.name: convention
    for convention in (
        Convention(
            "sklearn",
            "1/(2m) ‖r‖²",
            "alpha l1_ratio ‖w‖₁",
            "alpha (1 - l1_ratio)/2 ‖w‖²",
            "scikit-learn, class ElasticNet; with weights of the observations 1/(2 Σω) Σ ω r², as its method fit says",
            strength="alpha",
            mixing="l1_ratio",
            observed=True,
            floats=True,
        ),
        Convention(
            "glmnet",
            "1/(2m) ‖r‖²",
            "lambda ‖w‖₁",
            "",
            "R package glmnet, function glmnet, family gaussian; penalty.factor f is scaled to the sum n",
            weighted="Σ f_j|w_j|",
            floats=True,
            unscaled="standardize = FALSE",
            remark="and with alpha = 1, which is the LASSO",
        ),
        Convention(
            "matlab",
            "1/(2m) ‖r‖²",
            "Lambda Alpha ‖w‖₁",
            "Lambda (1 - Alpha)/2 ‖w‖²",
            "MATLAB, Statistics and Machine Learning Toolbox, function lasso, Lasso and Elastic Net",
            mixing="alpha",
            floats=True,
            unscaled="'Standardize', false",
        ),
        Convention(
            "stated",
            "‖r‖²",
            "lam ‖x‖₁",
            "ridge ‖x‖²",
            "(P2) of the paper",
            squares=1,
            weighted="Σ w_j|x_j|",
            observed=True,
        ),
        Convention(
            "half",
            "½‖r‖²",
            "lam ‖x‖₁",
            "ridge/2 ‖x‖²",
            "textbooks",
            squares=2,
            weighted="Σ w_j|x_j|",
            observed=True,
        ),
        Convention(
            "mean-half",
            "1/(2m) ‖r‖²",
            "lam ‖x‖₁",
            "ridge/2 ‖x‖²",
            "celer, skglm, statsmodels",
            weighted="Σ w_j|x_j|",
        ),
    )
}
"""What there is for --like, by its word."""

LIKE_WORDS = (
    "how the objective is written: as sklearn, glmnet or matlab has it; or stated, with ‖r‖², half, with ½‖r‖², "
    "or mean-half, with 1/(2m) ‖r‖², as celer and statsmodels have it"
)
"""What there is for --like, for who has not said it."""


@short_repr()
@dataclass(frozen=True)
class Request:
    """The parameters of an objective, by the names of the options; what is None was not given.

    Attributes:
        like: one of `LIKE`.
        alpha: the strength for sklearn; Alpha for matlab.
        lam: the strength for all others.
        l1_ratio: for sklearn, 1 if it is not given.
        ridge: of stated, half and mean-half.
        weights: w or f, n x 1, all >= 0.
        scales: the numbers by which glmnet or MATLAB has divided the columns, n x 1, all > 0.
    """

    like: str
    alpha: fmpq | None = None
    lam: fmpq | None = None
    l1_ratio: fmpq | None = None
    ridge: fmpq | None = None
    weights: ExactMatrix | None = None
    scales: ExactMatrix | None = None


@short_repr()
@dataclass(frozen=True)
class Penalties:
    """The penalties of F, and what F is.

    Attributes:
        l1: μ, N x 1.
        ridge: κ, N x 1, or None where all are 0.
        multiple: F is so many times the objective of the library.
        words: the objective of the library with its numbers.
    """

    l1: ExactMatrix
    ridge: ExactMatrix | None
    multiple: fmpq
    words: str


def penalties(
    request: Request, *, rows: int, columns: int, intercept: bool, observation_weights: ExactMatrix | None = None
) -> Penalties:
    """Return μ and κ for an objective as a library states it.

    Args:
        request: the parameters by the names that the library gives them.
        rows: m.
        columns: n, without the intercept.
        intercept: whether there is one, which has no penalty.
        observation_weights: ω, m x 1.

    Raises:
        UsageError: for a parameter that the library does not have, is missing, or is out of range.

    >>> from flint import fmpq
    >>> from sci_barriers.checks.conventions import Request, penalties
    >>> found = penalties(Request("sklearn", alpha=fmpq(1, 2)), rows=10, columns=3, intercept=False)
    >>> found.l1.re.tolist(), found.ridge
    ([[10], [10], [10]], None)
    """
    if request.like not in LIKE:
        raise UsageError(f"--like {request.like!r:.40} is not known; it is one of {', '.join(LIKE)}")
    convention = LIKE[request.like]
    _check_names(request, convention, observed=observation_weights is not None)
    strength = _positive(getattr(request, convention.strength), convention.strength, convention)
    ratio = fmpq(1)
    if convention.mixing:
        given = getattr(request, convention.mixing)
        ratio = fmpq(1) if given is None else _as_taken(given, convention)
        if not 0 <= ratio <= 1:
            raise UsageError(f"{_option(convention.mixing)} must be between 0 and 1, got {given}")
    total = fmpq(rows) if observation_weights is None else sum(entries_of(observation_weights), fmpq(0))
    multiple = fmpq(convention.squares) if convention.squares else 2 * total
    ridge = fmpq(0) if request.ridge is None else request.ridge
    if ridge < 0:
        raise UsageError(f"--ridge must be at least 0, got {ridge}")
    # what multiplies ‖x‖² in the objective
    square = strength * (1 - ratio) / 2 + (ridge if convention.squares == 1 else ridge / 2)
    factors = _weights(request, convention, columns)
    scales = _factors("scales", request.scales, columns)
    free = [fmpq(0)] * intercept
    l1 = column([multiple * strength * ratio * f * s for f, s in zip(factors, scales, strict=True)] + free)
    kappa = column([multiple * square * s * s for s in scales] + free) if square != 0 else None
    return Penalties(l1, kappa, multiple, _words(convention, request, ridge=square != 0))


def _check_names(request: Request, convention: Convention, *, observed: bool) -> None:
    """Refuse what the library does not have."""
    taken = {convention.strength, convention.mixing}
    has = f"--like {convention.name} minimises {convention.objective()}"
    for option in ("alpha", "lam", "l1_ratio"):
        if getattr(request, option) is not None and option not in taken:
            if convention.name == "glmnet" and option == "alpha":
                if request.alpha == 1:
                    continue
                raise UsageError(
                    "glmnet divides the ridge part by the standard deviation of y, which is no rational number; "
                    "standardise y yourself, and give the objective with --like mean-half --lam --ridge"
                )
            missing = getattr(request, convention.strength) is None
            give = f"give {_option(convention.strength)}, and leave out" if missing else "leave out"
            raise UsageError(f"{has}; {give} {_option(option)}")
    if request.ridge is not None and convention.floats:
        raise UsageError(f"{has}; leave out --ridge")
    if request.weights is not None and not convention.weighted:
        raise UsageError(f"{has}, without weights; give weights with --like mean-half")
    if request.scales is not None and convention.name not in ("glmnet", "matlab"):
        raise UsageError("--scales is for coefficients of --like glmnet or matlab, which divide the columns themselves")
    if observed and not convention.observed:
        named = ", ".join(name for name, one in LIKE.items() if one.observed)
        raise UsageError(f"weights of observations are taken for {named}; not for --like {convention.name}")


def _positive(value: fmpq | None, name: str, convention: Convention) -> fmpq:
    if value is None:
        raise UsageError(f"--like {convention.name} minimises {convention.objective()}; give {_option(name)}")
    if value <= 0:
        raise UsageError(f"{_option(name)} must be positive, got {value}; without a penalty it is least squares")
    return _as_taken(value, convention)


def _as_taken(value: fmpq, convention: Convention) -> fmpq:
    """Return the number that the library works with."""
    if not convention.floats:
        return value
    taken = fmpq(*to_float(value).as_integer_ratio())
    if value > 0 and taken == 0:
        raise UsageError("a parameter is too small for float64")
    return taken


def _weights(request: Request, convention: Convention, columns: int) -> list[fmpq]:
    """The weights of the penalties, which glmnet scales to the sum n."""
    weights = _factors("weights", request.weights, columns)
    total = sum(weights, fmpq(0))
    if total == 0:
        raise UsageError("all --weights are 0; without a penalty it is least squares")
    return [weight * columns / total for weight in weights] if convention.name == "glmnet" else weights


def _factors(name: str, given: ExactMatrix | None, columns: int) -> list[fmpq]:
    if given is None:
        return [fmpq(1)] * columns
    if (given.rows, given.cols) != (columns, 1) or not given.is_real:
        raise UsageError(f"--{name} must be {columns} real numbers, one for each column")
    factors = entries_of(given)
    if any(factor < 0 or (name == "scales" and factor == 0) for factor in factors):
        raise UsageError(f"--{name} must be {'positive' if name == 'scales' else 'at least 0'}")
    return factors


def _words(convention: Convention, request: Request, *, ridge: bool) -> str:
    """The objective with its numbers."""
    text = convention.objective(weights=request.weights is not None, ridge=ridge)
    values = [name for name in (convention.strength, convention.mixing, "ridge") if name]
    said = [f"{name} = {to_float(value):.6g}" for name in values if (value := getattr(request, name)) is not None]
    said += [name for name in ("weights", "scales") if getattr(request, name) is not None]
    return f"{text}, {', '.join(said)}"


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")
