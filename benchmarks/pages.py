"""The pages that hold what the benchmarks measured."""

from __future__ import annotations

from pathlib import Path

__all__ = ["write_markdown"]


def write_markdown(path: Path, text: str, *, marker: str = "measured") -> None:
    """Put a text between the two comments with this marker, in place of what is there, or into a new file.

    Raises:
        SystemExit: if the file lacks one of these comments; it stays as it is.
    """
    begin, end = f"<!-- {marker}: begin -->", f"<!-- {marker}: end -->"
    old = path.read_text(encoding="utf-8") if path.exists() else f"{begin}\n{end}\n"
    head, found, rest = old.partition(begin)
    _, last, tail = rest.partition(end)
    if not (found and last):
        raise SystemExit(f"{path} lacks the lines {begin} and {end}")
    path.write_text(f"{head}{begin}\n\n{text.rstrip()}\n\n{end}{tail}", encoding="utf-8")
