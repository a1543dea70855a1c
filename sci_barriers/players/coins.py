"""Randomised algorithms as callables: `f(data, tape)`, or `f(data, generator)` with a seeded numpy generator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from exact_base.errors import UsageError
from sci_barriers.players.algorithm import MARK

__all__ = ["COINS", "COINS_MARK", "coins_of", "randomised_algorithm"]

COINS_MARK = "coins"
COINS = {
    "tape": "f(data, tape): bits and exact rational weights on demand, so that all tapes can be enumerated",
    "numpy": "f(data, generator): a numpy Generator made of a recorded seed, so that runs can be sampled only",
}

_Function = TypeVar("_Function", bound=Callable[..., Any])


@overload
def randomised_algorithm(function: _Function, /) -> _Function: ...


@overload
def randomised_algorithm(*, coins: str) -> Callable[[_Function], _Function]: ...


def randomised_algorithm(function: Any = None, /, *, coins: str = "tape") -> Any:
    """Mark a function as a randomised algorithm over training data.

    Use it plain, `@randomised_algorithm`, for `f(data, tape)`, or as `@randomised_algorithm(coins="numpy")` for
    `f(data, generator)`. The function reads from `data` what it wants and returns a vector of length N.

    Raises:
        UsageError: for coins other than `tape` and `numpy`.

    >>> from sci_barriers import randomised_algorithm
    >>> @randomised_algorithm
    ... def one_of_two(data, tape):
    ...     return data.read(k=1, n=30 + tape.bit()).point
    >>> one_of_two.coins
    'tape'
    """
    if coins not in COINS:
        raise UsageError(f"unknown coins {coins!r}; choose one of {', '.join(COINS)}")

    def mark(found: _Function) -> _Function:
        setattr(found, MARK, True)
        setattr(found, COINS_MARK, coins)
        return found

    return mark if function is None else mark(function)


def coins_of(algorithm: object) -> str | None:
    """Return what an algorithm draws from, `tape` or `numpy`; None for a deterministic one."""
    coins = getattr(algorithm, COINS_MARK, None)
    return coins if isinstance(coins, str) and coins in COINS else None
