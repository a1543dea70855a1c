"""The blueprint of the formal proofs: which statement rests on which, read off the sources in `proofs_checks/rocq`.

    python3 docs/blueprint.py          # writes the section "Blueprint" of docs/formal.md
    python3 docs/blueprint.py --dot    # the whole graph, for Graphviz

An edge says that the text of a statement or of its proof names the other, of the same file or one that it imports. That
the proofs hold is Coq's affair.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Declaration", "declarations", "dot", "reached", "section", "unused"]

ROOT = Path(__file__).resolve().parent.parent
ROCQ = ROOT / "proofs_checks" / "rocq"
PAGE = ROOT / "docs" / "formal.md"
HEADING, NEXT = "## Blueprint\n", "\n## "
ROOTS = ("Main", "Mutants")
KINDS = "Theorem|Lemma|Corollary|Definition|Record|Fixpoint|Inductive"


@dataclass(frozen=True)
class Declaration:
    """A statement or definition: its kind, its file, and the names of others in its text."""

    kind: str
    file: str
    uses: frozenset[str]

    @property
    def proved(self) -> bool:
        """Whether it is a statement with a proof."""
        return self.kind in {"Theorem", "Lemma", "Corollary"}


def _sources() -> dict[str, str]:
    listed = (ROCQ / "_CoqProject").read_text(encoding="utf-8").split()
    return {name[:-2]: (ROCQ / name).read_text(encoding="utf-8") for name in listed if name.endswith(".v")}


def _without_comments(source: str) -> str:
    while (without := re.sub(r"\(\*(?:(?!\(\*|\*\)).)*\*\)", " ", source, flags=re.DOTALL)) != source:
        source = without
    return source


def _imported() -> dict[str, list[str]]:
    """The files of the project that each file imports, in the order of `_CoqProject`."""
    sources = _sources()
    lists = {
        file: " ".join(re.findall(r"From SciBarriers Require Import ([^.]*)\.", sources[file])) for file in sources
    }
    return {file: [other for other in sources if other in lists[file].split()] for file in sources}


@cache
def _read() -> tuple[dict[str, Declaration], frozenset[str]]:
    """All declarations, and the names in what stands between them: variables, hypotheses, notations."""
    found: dict[str, tuple[str, str, set[str]]] = {}
    between = set[str]()
    for file, source in _sources().items():
        parts = re.split(rf"^ *({KINDS}) (\w+)", _without_comments(source), flags=re.MULTILINE)
        for kind, name, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            if name in found:
                raise ValueError(f"`{name}` is declared in {found[name][1]}.v and in {file}.v: rename one of them")
            end = re.search(r"\b(Qed|Defined)\." if re.search(r"\bProof\.", text) else r"\.\s", text)
            own = text[: end.end()] if end else text
            found[name] = (kind, file, _words(own))
            between |= _words(text[len(own) :])
    seen = {file: {file, *others} for file, others in _imported().items()}
    graph = {
        name: Declaration(
            kind, file, frozenset(use for use in uses & found.keys() - {name} if found[use][1] in seen[file])
        )
        for name, (kind, file, uses) in found.items()
    }
    return graph, frozenset(between & found.keys())


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_][\w']*", text))


def declarations() -> dict[str, Declaration]:
    """All statements and definitions by name, in the order of the files; names are unique in them all."""
    return _read()[0]


def reached(names: Iterable[str]) -> set[str]:
    """What these names rest on, directly or not, and they themselves."""
    graph, seen, todo = declarations(), set[str](), list(names)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(graph[name].uses)
    return seen


def unused() -> list[str]:
    """What no theorem of `Main.v` and `Mutants.v` rests on."""
    used = reached([*_read()[1], *(name for name, one in declarations().items() if one.file in ROOTS)])
    return [name for name in declarations() if name not in used]


def _files() -> list[str]:
    lines = ["| file | what is in it | it imports |", "|---|---|---|"]
    for file, source in _sources().items():
        head = re.match(r"\(\*\*(.*?)(?:\.\s|\*\))", source, flags=re.DOTALL)
        purpose = " ".join(head[1].split()).rstrip(".") if head else ""
        lines.append(f"| {file} | {purpose} | {', '.join(_imported()[file]) or '-'} |")
    return lines


def _statements() -> list[str]:
    lines = ["| statement | proved from | definitions named in it | statements below it |", "|---|---|---|---|"]
    for name, one in declarations().items():
        if one.file in ROOTS and one.proved:
            uses = [use for use in declarations() if use in one.uses]
            proofs = [f"`{use}`" for use in uses if declarations()[use].proved]
            words = [f"`{use}`" for use in uses if not declarations()[use].proved]
            below = sum(declarations()[other].proved for other in reached([name])) - 1
            lines.append(f"| `{name}` | {', '.join(proofs) or '-'} | {', '.join(words) or '-'} | {below} |")
    return lines


def section() -> str:
    """The section of the page, without its heading."""
    count = sum(one.proved for one in declarations().values())
    return "\n".join(
        [
            "",
            f"`python3 docs/blueprint.py` writes this section from the sources: {count} statements with proofs and "
            f"{len(declarations()) - count} definitions.",
            "With `--dot` it prints the whole graph for Graphviz. An edge says that a statement, or its proof,",
            "names the other. Hypotheses and notations of a section are not followed, and a bound variable of the",
            "same name makes an edge too many.",
            "Every one of them is below a theorem of `Main.v` or `Mutants.v`, or in a hypothesis or notation of one.",
            "",
            *_files(),
            "",
            *_statements(),
            "",
        ]
    )


def dot() -> str:
    """The graph of all statements and definitions in the language of Graphviz."""
    lines = ["digraph blueprint {", "  rankdir=LR;"]
    for name, one in declarations().items():
        lines.append(f'  "{name}" [shape={"box" if one.proved else "ellipse"}, group="{one.file}"];')
        lines.extend(f'  "{name}" -> "{use}";' for use in declarations() if use in one.uses)
    return "\n".join([*lines, "}"])


def page_with_section(page: str) -> str:
    """The page with its section as it should be."""
    before, after = page.split(HEADING)
    return before + HEADING + section() + NEXT[0] + after[after.index(NEXT) + 1 :].lstrip("\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The blueprint of the formal proofs.")
    parser.add_argument("--dot", action="store_true", help="print the graph for Graphviz instead")
    if parser.parse_args().dot:
        print(dot())
    else:
        PAGE.write_text(page_with_section(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
