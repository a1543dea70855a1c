"""The exact upper confidence bound of Clopper and Pearson. See docs/randomised.md, "Sampling"."""

from __future__ import annotations

from flint import arb, fmpq

__all__ = ["BOUND_BITS", "tail_at_most", "upper_bound"]

BOUND_BITS = 16


def tail_at_most(*, trials: int, successes: int, bound: fmpq, level: fmpq) -> bool:
    """Tell whether P(X <= successes) <= level for X binomial with `trials` and success probability `bound`, exactly."""
    a, b = int(bound.p), int(bound.q)
    c = b - a
    # Σ_{k<=s} C(S,k) a^k c^(s-k), the common factor c^(S-s) apart
    term, total = 1, 1
    for k in range(1, successes + 1):
        term = term * a * (trials - k + 1) // k
        total = total * c + term
    return bool(total * c ** (trials - successes) * int(level.q) <= int(level.p) * b**trials)


def upper_bound(*, trials: int, successes: int, level: fmpq) -> fmpq | None:
    """Return the least p in multiples of 2^-16 below 1 that `tail_at_most` confirms; None if there is none."""

    def confirmed(position: int) -> bool:
        if successes >= trials:
            return False
        # the tail is I_{1-p}(S-s, s+1), the regularised incomplete beta function; a ball that is undecided is computed
        p = fmpq(position, 1 << BOUND_BITS)
        tail = arb(1 - p).beta_lower(trials - successes, successes + 1, regularized=True)
        if tail < level:
            return True
        return not tail > level and tail_at_most(trials=trials, successes=successes, bound=p, level=level)

    low, high = 0, (1 << BOUND_BITS) - 1
    if not confirmed(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if confirmed(middle) else (middle, high)
    return fmpq(high, 1 << BOUND_BITS)
