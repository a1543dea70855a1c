"""The modules and lines that the verdict on a kind of certificate rests on (docs/format.md, "The size of the checker").

`python -m tests.proofs_checks.closures` prints the table of that page.
"""

import ast
import io
import tokenize
from functools import cache
from pathlib import Path

from proofs_checks.checker.kinds import CHECKS
from tests.test_layers import imported, modules, parents

TABLE = "proofs_checks.checker.kinds"
"""It lists all kinds, and the closure of one of them leaves out the others."""
FACE = "proofs_checks"
"""It imports its names when they are asked for, which nothing of the checker does."""
ROOT = "proofs_checks.checker.core.verify"
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
KNOWN = modules("proofs_checks")


def code_lines(path: Path) -> int:
    """The lines that hold code: no blank lines, comments and docstrings."""
    source = path.read_text(encoding="utf-8")
    docstrings = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    code = {line for token in tokens if token.type not in SILENT for line in range(token.start[0], token.end[0] + 1)}
    return len(code - docstrings)


@cache
def loads(module: str) -> frozenset[str]:
    """What a module imports; of the table nothing, nor of the face."""
    if module in (TABLE, FACE):
        return frozenset()
    return frozenset(imported(KNOWN[module].read_text("utf-8"), module, KNOWN))


def closure(kind: str) -> set[str]:
    """The modules that the verdict on a kind rests on: all that its module and `verify` import, however far."""
    found, waiting = set(), [ROOT, CHECKS[kind].__module__, *parents(ROOT), TABLE]
    while waiting:
        if (module := waiting.pop()) not in found:
            found.add(module)
            waiting += loads(module)
    return found


def size(kind: str) -> tuple[int, int]:
    """The number of modules that hold code, and of their lines of code."""
    lines = [count for module in closure(kind) if (count := code_lines(KNOWN[module]))]
    return len(lines), sum(lines)


def table() -> str:
    """The table of the page."""
    rows = "".join(f"| {kind} | {' | '.join(map(str, size(kind)))} |\n" for kind in CHECKS)
    return f"| kind | modules | lines of code |\n|---|---|---|\n{rows}"


if __name__ == "__main__":
    print(table(), end="")
