"""What a class shows of itself: one short line, and a small table in a notebook, whatever it holds."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import TypeVar

from flint import fmpq, fmpz, fmpz_mat

from exact_base.decimals import about
from proofs_checks.certificate.reading import printable

__all__ = ["LIMIT", "brief", "line", "short_repr", "table", "within"]

LIMIT = 200
"""Characters of a line, at most."""
_TEXT = 60
_NUMBER = 24
_ITEMS = 6
T = TypeVar("T")


def short_repr(*first: str) -> Callable[[type[T]], type[T]]:
    """Return a decorator of dataclasses that gives them a short `repr` and a table in notebooks.

    Args:
        first: properties that are shown before the fields, such as a verdict.
    """

    def decorate(cls: type[T]) -> type[T]:
        def facts(self: T) -> Iterator[tuple[str, object]]:
            yield from ((name, getattr(self, name)) for name in first)
            yield from ((f.name, getattr(self, f.name)) for f in fields(self) if f.repr)  # type: ignore[arg-type]

        def short(self: T) -> str:
            return line(type(self).__name__, facts(self))

        def notebook(self: T) -> str:
            return table(type(self).__name__, facts(self))

        def within_another(self: T) -> str:
            return line(type(self).__name__, facts(self), _TEXT)

        for name, method in (("__repr__", short), ("_repr_html_", notebook), ("_repr_within_", within_another)):
            setattr(cls, name, method)
        return cls

    return decorate


def line(name: str, facts: Iterator[tuple[str, object]], limit: int = LIMIT) -> str:
    """Return `name(key=value, ...)` in at most `limit` characters; what does not fit is left out, and dots say so."""
    text = ""
    for key, value in facts:
        more = f"{', ' if text else ''}{key}={brief(value)}"
        if len(name) + len(text) + len(more) + len("(, ...)") > limit:
            return f"{name}({text}{', ' if text else ''}...)"
        text += more
    return f"{name}({text})"


def table(name: str, facts: Iterator[tuple[str, object]]) -> str:
    """Return the same as a table in HTML, in which nothing of the values is markup."""
    rows = "".join(f"<tr><th>{_escaped(key)}</th><td>{_escaped(brief(value))}</td></tr>" for key, value in facts)
    return f"<table><caption>{_escaped(name)}</caption>{rows}</table>"


def within(*candidates: str) -> str:
    """Return the first of some lines that has at most `LIMIT` characters, else the last."""
    return next((text for text in candidates if len(text) <= LIMIT), candidates[-1])


def brief(value: object) -> str:
    """Return a small value as it is, of others the size or, of a number, about how large it is."""
    if isinstance(value, str):
        return repr(printable(value, _TEXT))
    if isinstance(value, (fmpq, fmpz, int)):
        return _number(value)
    if isinstance(value, fmpz_mat):
        return f"<{value.nrows()} x {value.ncols()} integers>"
    if isinstance(shape := getattr(value, "shape", None), tuple):
        return f"<{' x '.join(map(str, shape)) or 'one-entry'} array>"
    if isinstance(value, (tuple, list, set, frozenset)):
        return _several(tuple(value))
    if isinstance(value, Mapping):
        return f"<{len(value)} entries>"
    if value is None or isinstance(value, float):
        return repr(value)
    if hasattr(type(value), "_repr_html_"):  # a class of ours, whose line is short
        text = repr(value)
        if len(text) <= _TEXT:
            return text
        shorter = getattr(value, "_repr_within_", None)
        return f"<{type(value).__name__}>" if shorter is None else shorter()
    if isinstance(value, type) or callable(value):
        return f"<{printable(getattr(value, '__qualname__', type(value).__name__), _TEXT)}>"
    return f"<{type(value).__name__}>"


def _number(value: fmpq | fmpz | int) -> str:
    q = fmpq(value)
    bits = int(q.p).bit_length() + int(q.q).bit_length()
    if bits <= 4 * _NUMBER and len(str(value)) <= _NUMBER:
        return str(value)
    return f"about {about(q)}"


def _several(values: tuple[object, ...]) -> str:
    listed = f"({', '.join(map(brief, values[:_ITEMS]))})"
    if len(values) <= _ITEMS and len(listed) <= _TEXT:
        return listed
    kinds = {type(value).__name__ for value in values}
    return f"<{len(values)} {kinds.pop() if len(kinds) == 1 else 'items'}>"


def _escaped(text: str) -> str:
    return html.escape(printable(text))
