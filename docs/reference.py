"""Write the pages of reference from the code itself: the public names, and the commands with their options.

`docs/conf.py` calls this before each build; what it writes, into `docs/api` and `docs/commands.md`, is not kept in git.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import typer.main

__all__ = ["api_pages", "commands_page", "plain", "public_modules", "whole_names", "write_pages"]

PACKAGES = ("sci_barriers", "firenet_exact", "proofs_checks", "exact_base", "sci_barriers_plugins")
COMMANDS_PAGE = "commands.md"


def write_pages(folder: Path) -> None:
    """Write all pages of reference into the folder of the documentation; a page that is right stays untouched."""
    pages = {f"api/{name}.rst": text for name, text in api_pages().items()} | {COMMANDS_PAGE: commands_page()}
    (folder / "api").mkdir(exist_ok=True)
    for old in (folder / "api").glob("*.rst"):
        if f"api/{old.name}" not in pages:
            old.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


# --- the public names ------------------------------------------------------------------------------


@cache
def public_modules() -> tuple[ModuleType, ...]:
    """All modules that say what is public in them, by `__all__`; those named with an underscore are left out."""
    found = []
    for package in PACKAGES:
        top = importlib.import_module(package)
        names = [package, *(info.name for info in pkgutil.walk_packages(top.__path__, f"{package}."))]
        public = [name for name in names if not any(part.startswith("_") for part in name.split("."))]
        found += [module for module in map(importlib.import_module, public) if public_names(module)]
    return tuple(found)


def public_names(module: ModuleType) -> list[str]:
    """What a module says is public, but for its version."""
    return [name for name in getattr(module, "__all__", ()) if name != "__version__"]


def api_pages() -> dict[str, str]:
    """One page a package, with its face, and one a room: file name without suffix → reStructuredText."""
    rooms: dict[str, dict[str, list[ModuleType]]] = {package: {} for package in PACKAGES}
    for module in public_modules():
        package, *rest = module.__name__.split(".")
        if rest:
            rooms[package].setdefault(f"{package}.{rest[0]}", []).append(module)
    pages = {room: "\n".join(_room_page(room, modules)) for found in rooms.values() for room, modules in found.items()}
    pages["index"] = "\n".join(_index_page())
    return pages | {package: "\n".join(_face_page(package, list(found))) for package, found in rooms.items()}


def _index_page() -> Iterator[str]:
    yield from _heading("Python", "=")
    yield from ["What each package offers to ``import``, in its face and in its rooms, from the docstrings.", ""]
    yield from [".. toctree::", "   :maxdepth: 2", "", *(f"   {package}" for package in PACKAGES), ""]


def _face_page(package: str, rooms: list[str]) -> Iterator[str]:
    face = importlib.import_module(package)
    yield from _heading(package, "=")
    yield from [f".. automodule:: {package}", ""]
    names = public_names(face)
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(".".join(_home(face, name).split(".")[:2]), []).append(name)
    if names:
        yield from _heading("The face", "-")
        yield from [f"What ``from {package} import ...`` offers, by the room where it is at home.", ""]
    for room in [package, *rooms, *sorted(set(groups) - {package, *rooms})]:
        if room in groups:
            yield from [f"**{room}**", "", ".. list-table::", "   :widths: 1 2", ""]
            for name in groups[room]:
                yield f"   * - {_link(face, name)}"
                yield f"     - {_summary(face, name)}"
            yield ""
    yield from _heading("The rooms", "-")
    yield from [".. toctree::", "   :maxdepth: 1", "", *(f"   {room}" for room in rooms), ""]
    here = [name for name in names if _home(face, name) == package]
    if here:
        yield from _heading("At home in the face", "-")
        yield from [line for name in here for line in _entry(face, name)]


def _room_page(room: str, modules: list[ModuleType]) -> Iterator[str]:
    yield from _heading(room, "=")
    if room != modules[0].__name__:
        yield from [plain((inspect.getdoc(importlib.import_module(room)) or "").split("\n\n")[0]), ""]
    for module in modules:
        if module.__name__ != room:
            yield from _heading(module.__name__, "-")
        yield from [f".. automodule:: {module.__name__}", ""]
        moved = [name for name in public_names(module) if _home(module, name) != module.__name__]
        if moved:
            yield from [f"Offered here too: {', '.join(_link(module, name) for name in moved)}.", ""]
        for name in public_names(module):
            if name not in moved:
                yield from _entry(module, name)


def _heading(text: str, line: str) -> list[str]:
    return [text.replace("_", r"\_"), line * (len(text) + text.count("_")), ""]


def _entry(module: ModuleType, name: str) -> list[str]:
    """The directive that documents a name; the fields of a class are told by its docstring."""
    value = getattr(module, name)
    if inspect.isclass(value):
        kind = "exception" if issubclass(value, BaseException) else "class"
        return [f".. auto{kind}:: {module.__name__}.{name}", "   :members:", ""]
    if inspect.isroutine(value):
        if ".commands." in module.__name__ and name.endswith("_command"):  # its parameters are options
            told = f"{_summary(module, name)} See :doc:`/commands`."
            return [f".. py:function:: {name}", f"   :module: {module.__name__}", "", f"   {told}", ""]
        return [f".. autofunction:: {module.__name__}.{name}", ""]
    # autodoc would tell what type the value has, in the words of that type
    told = plain(_assigned(module.__name__).get(name, ""))
    return [
        f".. py:data:: {name}",
        f"   :module: {module.__name__}",
        "",
        *(f"   {line}" for line in told.split("\n")),
        "",
    ]


def _link(module: ModuleType, name: str) -> str:
    return f":py:obj:`{name} <{_target(module, name)}>`"


def _target(module: ModuleType, name: str) -> str:
    value = getattr(module, name)
    return value.__name__ if inspect.ismodule(value) else f"{_home(module, name)}.{name}"


def _summary(module: ModuleType, name: str) -> str:
    value = getattr(module, name)
    text = inspect.getdoc(value) if inspect.isclass(value) or inspect.isroutine(value) else None
    text = text or _assigned(_home(module, name)).get(name, "")
    return plain(re.split(r"(?<=\.) ", " ".join(text.split("\n\n")[0].split()))[0])


def _home(module: ModuleType, name: str) -> str:
    """The module in which the pages document what `module` offers under this name.

    That is the one which defines it, if it is public there; otherwise the first room that offers it, or the face.
    """
    value = getattr(module, name)
    if inspect.ismodule(value):
        return value.__name__
    offering = [
        other.__name__ for other in public_modules() if name in public_names(other) and getattr(other, name) is value
    ]
    defining = getattr(value, "__module__", None) if inspect.isclass(value) or inspect.isroutine(value) else None
    for home in offering:
        if home == defining or (defining not in offering and name in _assigned(home)):
            return home
    return next((home for home in offering if "." in home), module.__name__)


@cache
def whole_names() -> dict[str, str]:
    """The full name, as the pages have it, of each name that is public in one meaning only."""
    found: dict[str, set[str]] = {}
    for module in public_modules():
        for name in public_names(module):
            found.setdefault(name, set()).add(_target(module, name))
    return {name: targets.pop() for name, targets in found.items() if len(targets) == 1}


@cache
def _assigned(module: str) -> dict[str, str]:
    """The names that a module assigns or defines at its top, each with the string that follows an assignment."""
    body = ast.parse(inspect.getsource(importlib.import_module(module))).body
    found: dict[str, str] = {}
    for node, after in zip(body, [*body[1:], None], strict=True):
        text = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            text = after.value.value
        if isinstance(node, ast.Assign):
            found |= {target.id: text for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = text
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = ""
    return found


def plain(text: str) -> str:
    """A text of the code as reStructuredText: words between backticks and examples are code, all else is plain."""
    pieces = re.split(r"(^ *>>> .*(?:\n.*\S.*)*)", text, flags=re.MULTILINE)
    return "".join(piece if index % 2 else _plain_words(piece) for index, piece in enumerate(pieces))


def _plain_words(text: str) -> str:
    parts = re.split(r"(``[^`]+``|`[^`]+`)", text)
    for index, part in enumerate(parts):
        if index % 2:
            before, after = parts[index - 1][-1:], parts[index + 1][:1]
            parts[index] = f"{_apart(before)}``{part.strip('`')}``{_apart(after)}"
        else:
            parts[index] = re.sub(r"([\\*|`]|_(?!\w))", r"\\\1", part)
    return "".join(parts)


def _apart(neighbour: str) -> str:
    return r"\ " if neighbour.isalnum() else ""


# --- the commands ----------------------------------------------------------------------------------

EXIT_CODES = {
    0: ("done, valid", "also where the finding is bad news: refuted, non-unique, vacuous, inconsistent, a barrier"),
    1: (
        "invalid, different, not as required",
        "an invalid certificate, a replay or a lemma that fails, or a verdict that is not among those of `--require`",
    ),
    2: ("usage", "an option, an argument or a file that cannot be used, or data; said in one line before the work"),
    3: ("undecided", "neither shown nor refuted, within the limits of time and memory or by the methods there are"),
    4: ("malformed", "a certificate or bundle that is not of the format"),
    130: ("interrupted", "from the keyboard, or by the signal SIGINT"),
    141: ("nobody reads", "the output was closed by its reader, as by `head`; this is no verdict"),
}
"""What the exit codes of the programs mean: a word or more, and in which cases."""

_COMMANDS_TOP = """\
# Commands and exit codes

This page is written from the programs themselves whenever the documentation is built. `COMMAND --help` says the same.

## Exit codes

One table for `sci-barriers`, `firenet-exact`, `proofs-checks` and `python -m proofs_checks.lemmas`; the head of each
program says which of them it has a use for. A finding is not an error: an answer that is bad news exits with 0. A check
of several files or of a bundle is as bad as its worst file; how the verdicts of a file are ordered is told in
[the format](format.md#verdicts-and-exit-codes).

Without a command `sci-barriers` and `firenet-exact` print their help and exit with 2, as nothing was done.

@CODES@

## What all commands have

- `--json` prints one JSON object on standard output, also for an error: [answers in JSON](json.md).
- `--require WORD,...`, of each command with verdicts: 0 if the verdict is one of these words, 1 if it is another,
  also where it is `undecided`. The words are looked at before the work. So `firenet-exact nullspace A.npy --sparsity
  2 --require certified` can stand in a script.
- `--quiet` prints nothing but errors, and shows no progress. `proofs-checks verify --quiet` prints what is not valid.
- All options are looked at before the work begins, and solvers are loaded last. `--out` takes a file that ends in
  `.cert.json` or a directory, whichever the command writes; the directory that is to hold it exists already. What is
  written is whole or not there.
- Progress and notes go to standard error; progress only on a terminal, notes with `--json` too only there.
- Lines and tables fit the terminal, or as many columns as the variable `COLUMNS` says; a table that does not fit
  becomes a block for each row. Never folded are commands to paste and the paths of what was written (`check with:
  ...`, `written: ...`), and single words that are longer than the screen. In a file or a pipe, lines have any length
  and tables at most 80 columns. `NO_COLOR` is heeded.
- Solvers run in processes of their own where the system is POSIX; elsewhere the commands that take solvers need
  `--in-process`, and say so. `sci-barriers doctor` tells what is here.

## Completion in the shell

`sci-barriers --install-completion` and `firenet-exact --install-completion` make the shell (bash, zsh, fish or
PowerShell) complete commands and options from its next start; `--show-completion` prints what would be installed.
"""


def commands_page() -> str:
    """The page of all commands, in Markdown, with their arguments, options and exit codes."""
    import firenet_exact.commands.app
    import sci_barriers.commands.app
    from proofs_checks.cli import _parser as checker_parser
    from proofs_checks.lemmas.cli import parser as lemmas_parser

    codes = [(str(code), *words) for code, words in EXIT_CODES.items()]
    lines = [_COMMANDS_TOP.replace("@CODES@", "\n".join(_table(("code", "meaning", "when"), codes)))]
    lines += _typer_program("sci-barriers", sci_barriers.commands.app.app)
    lines += _typer_program("firenet-exact", firenet_exact.commands.app.app)
    lines += _argparse_program(checker_parser())
    lines += _argparse_program(lemmas_parser())
    return "\n".join(lines)


def _typer_program(name: str, app: typer.Typer) -> Iterator[str]:
    group: Any = typer.main.get_command(app)
    context = group.make_context(name, [], resilient_parsing=True)
    yield from [f"## `{name}`", "", _markdown(group.help), ""]
    yield from _options(_typer_rows(group, context))
    former: dict[Any, list[str]] = {}
    for old, command in group.commands.items():
        if command.hidden:
            former.setdefault(_callback(app, old), []).append(old)
    notes = []
    for word, command in group.commands.items():
        if command.hidden:
            continue
        yield from [f"### `{name} {word}`", ""]
        inside = command.make_context(f"{name} {word}", [], resilient_parsing=True)
        usage = " ".join(command.collect_usage_pieces(inside))
        mark = ""
        if olds := former.get(_callback(app, word)):
            mark = f" [^{name}-{word}]"
            notes.append(f"[^{name}-{word}]: Still understood: {', '.join(f'`{name} {old}`' for old in olds)}.")
        yield from [f"`{inside.command_path} {usage}`{mark}", "", _markdown(command.help), ""]
        yield from _options(_typer_rows(command, inside))
    yield from [line for note in notes for line in (note, "")]


def _callback(app: typer.Typer, name: str) -> Any:
    """The function behind a command; the names of one function are one command."""
    (found,) = (info.callback for info in app.registered_commands if info.name == name)
    return found


def _typer_rows(command: Any, context: Any) -> Iterator[tuple[str, str]]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:  # a hidden one has none
            yield record


def _argparse_program(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield from [f"## `{parser.prog}`", "", _markdown(f"{parser.description} {parser.epilog or ''}"), ""]
    yield from _options(_argparse_rows(parser))
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for word, command in action.choices.items():
                yield from [f"### `{command.prog}`", "", _markdown(summaries[word].capitalize() + "."), ""]
                yield from _options(_argparse_rows(command))


def _argparse_rows(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in parser._actions:
        if not isinstance(action, argparse._SubParsersAction):
            words = ", ".join(action.option_strings)
            metavar = action.metavar if action.nargs != 0 else None
            yield f"{words} {metavar or ''}".strip(), action.help or ""


def _options(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    shown = [(words, text) for words, text in rows if "--help" not in words]
    cells = [(f"`{' '.join(words.split())}`", _markdown(text)) for words, text in shown]
    if cells:
        yield from [*_table(("argument or option", "what it is"), cells), ""]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


def _markdown(text: str | None) -> str:
    """A text of a program as Markdown, meant as it stands."""
    return re.sub(r"([\\`*_{}\[\]<>$])", r"\\\1", " ".join((text or "").split()))
