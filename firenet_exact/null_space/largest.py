"""The largest sparsities that can be certified: raised one by one, each proof being the next one's floor.

The property with some sparsities implies it with fewer, and a refutation excludes it with more, the weights being as
they are (docs/theory.md, "Null space property in levels"). So what is proved stays proved on the way up, and a level
that cannot be raised now cannot be raised later by the same methods.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from flint import fmpq

from exact_base.errors import NotCertifiedError, UsageError
from exact_base.matrices import ExactMatrix, MatrixLike, exact_matrix
from firenet_exact.levels import Levels
from firenet_exact.null_space.choose import Attempt, Event, Limit, MethodName, search
from firenet_exact.null_space.property import NullSpaceProperty, Refutation, check_size
from firenet_exact.null_space.refutation import refutations
from firenet_exact.running import Rows

__all__ = ["largest"]

_ONE = fmpq(1)


def largest(
    matrix: MatrixLike,
    levels: Levels,
    *,
    free: Sequence[int],
    method: MethodName = "auto",
    most: fmpq = _ONE,
    known: NullSpaceProperty | None = None,
    rows: Rows | None = None,
    improve: bool = False,
) -> Generator[Event, None, None]:
    """Yield properties of A, shape (m, N), with more and more sparsity, and limits of each free level.

    The free levels are raised by one in turn, until none can be: then no single one of them can be raised by the
    methods that were asked. With one level this is the largest sparsity. With all methods it is then asked from which
    sparsity of each free level on the property is refuted, and the last property is improved, if that is wanted.

    Args:
        matrix: as for `search`.
        levels: the levels, with the sparsities to begin with.
        free: the numbers of the levels that are raised, from 0.
        method: as for `search`.
        most: as for `search`.
        known: a property of A with these levels, from which to go on.
        rows: as for `search`.
        improve: whether the last property is improved.

    Raises:
        UsageError: if levels and matrix do not fit together, `method` proves nothing, or a solver is not installed.
        DataError: if A is no matrix of finite numbers.

    >>> from firenet_exact import Levels, NullSpaceProperty, largest
    >>> found = largest([[1, 0, 0], [0, 1, 0], [0, 0, 1]], Levels.of([3], [1]), free=[0])
    >>> [event.levels.sparsities for event in found if isinstance(event, NullSpaceProperty)]
    [(1,), (2,), (3,)]
    """
    matrix = exact_matrix(matrix)
    check_size(matrix, levels)
    if method == "refute":
        raise UsageError("the largest sparsity needs a method that proves, not `refute`")
    best, rows = known, {} if rows is None else rows
    if best is None:
        for event in search(matrix, levels, method=method, most=most, rows=rows, improve=False):
            yield event
            best = event if isinstance(event, NullSpaceProperty) else best
    if best is None:
        return
    limits: dict[int, Limit] = {}
    while len(limits) < len(free):
        for level in free:
            if level in limits:
                continue
            more = _raised(best.levels, level)
            attempts: list[Attempt] = []
            refuted, found = None, None
            events = (
                iter(()) if more is None else search(matrix, more, method=method, most=most, rows=rows, improve=False)
            )
            for event in events:
                if isinstance(event, Refutation):
                    refuted = event
                    continue  # it is about more than was asked
                yield event
                if isinstance(event, Attempt):
                    attempts.append(event)
                found = event if isinstance(event, NullSpaceProperty) else found
            best = found or best
            if found is None:
                limits[level] = Limit(level, more, tuple(attempts), refuted)
                yield limits[level]
    for limit in limits.values():
        if method == "auto" and limit.levels is not None and limit.refuted is None:
            for event in _least_refuted(matrix, limit.levels, limit.level, rows):
                yield replace(limit, refuted=event) if isinstance(event, Refutation) else event
    if improve:
        yield from search(matrix, best.levels, method=method, most=most, known=best, rows=rows)


def _raised(levels: Levels, level: int) -> Levels | None:
    """Return the levels with one more in a level, or None if it has no more columns."""
    sparsities = list(levels.sparsities)
    if sparsities[level] == levels.ends[level] - levels.starts[level]:
        return None
    sparsities[level] += 1
    return replace(levels, sparsities=tuple(sparsities))


def _least_refuted(matrix: ExactMatrix, levels: Levels, level: int, rows: Rows) -> Iterator[Event]:
    """Yield refutations with less and less sparsity in a level, at least that of `levels`.

    Upwards vectors that are there are judged, and downwards from the first that refutes they are improved.
    """
    asked: list[Levels] = []
    following: Levels | None = levels
    found = False
    while following is not None and not found:
        asked.append(following)
        try:
            for event in refutations(matrix, following, rows, climb=False):
                found = found or isinstance(event, Refutation)
                yield event
        except NotCertifiedError:
            following = _raised(following, level)
    if not found:
        return
    for fewer in reversed(asked[:-1]):
        try:
            yield from refutations(matrix, fewer, rows)
        except NotCertifiedError:
            return
