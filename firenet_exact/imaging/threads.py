"""One thread for products of small matrices, which several threads make many times slower on a busy machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["one_thread"]


@contextmanager
def one_thread() -> Iterator[None]:
    """Let libraries of linear algebra use one thread, if threadpoolctl is installed to tell them.

    >>> with one_thread():
    ...     pass
    """
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        yield
        return
    with threadpool_limits(limits=1):
        yield
