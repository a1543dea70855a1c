"""docs/rules.md names the rules of each kind: all that its code can raise, and no others."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from proofs_checks.certificate.reading import KINDS
from proofs_checks.checker.kinds import CHECKS
from tests.proofs_checks.cases import table

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "proofs_checks.checker"
NAME = re.compile(r"`((?:rule \d|statement j|[a-z0-9-]+))`")


def sections():
    """{kind: the names in its table}."""
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    found = {}
    for kind, body in zip(parts[::2], parts[1::2], strict=True):
        rows = [line for line in body.splitlines() if line.startswith("|")][2:]
        found[kind] = {name for row in rows for name in NAME.findall(row)} - set(KINDS) - {"unique"}
        # a rule of this name and a kind of this name are told apart by the column
        found[kind] |= {
            name for row in rows for name in NAME.findall(row.rsplit("|", 2)[1].split("kind `")[0]) if name in KINDS
        }
    return found


@cache
def module(name):
    """The functions of a module by name (methods by their own), its imports, and the values of its constants."""
    tree = ast.parse((ROOT / Path(*name.split("."))).with_suffix(".py").read_text(encoding="utf-8"))
    functions, imports, constants = {}, {}, {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            functions.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.ClassDef):  # to call it is to call this, and as a rule that of what it derives from
            own = [f for f in node.body if getattr(f, "name", "") == "__init__"]
            functions.setdefault(node.name, []).extend([*own, *node.bases])
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PREFIX):
            for alias in node.names:
                imports[alias.asname or alias.name] = (node.module, alias.name)
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            if isinstance(target, ast.Name) and node.value is not None:
                constants[target.id] = node.value
    return functions, imports, constants


def is_module(name):
    return (ROOT / Path(*name.split("."))).with_suffix(".py").is_file()


def called(home, expression, reachable):
    """The (module, name) that a name or an attribute may stand for."""
    functions, imports, constants = module(home)
    if isinstance(expression, ast.Name):
        name = expression.id
        if name in functions or name in constants:
            return [(home, name)]
        return [imports[name]] if name in imports and is_module(imports[name][0]) else []
    if isinstance(expression, ast.Attribute) and expression.attr != "__init__":
        value = expression.value
        if isinstance(value, ast.Name) and value.id in imports and is_module(".".join(imports[value.id])):
            return [(".".join(imports[value.id]), expression.attr)]
        return [(other, expression.attr) for other in reachable if expression.attr in module(other)[0]]
    return []


def methods(home):
    """The modules whose methods an attribute may mean: those that are imported, at any distance."""
    found, todo = set(), [home]
    while todo:
        if (name := todo.pop()) not in found:
            found.add(name)
            for source, what in module(name)[1].values():
                todo += [m for m in (source, f"{source}.{what}") if is_module(m)]
    # functions of modules are called by name, so that only classes matter here
    return [name for name in found if "class " in (ROOT / Path(*name.split("."))).with_suffix(".py").read_text()]


def raised(kind):
    """The names of the rules that the code of a kind can raise, by what its check can call."""
    check = CHECKS[kind]
    names, seen, todo = set(), set(), [(check.__module__, check.__name__)]
    reachable = methods(check.__module__)
    while todo:
        home, name = todo.pop()
        if (home, name) in seen:
            continue
        seen.add((home, name))
        functions, imports, constants = module(home)
        bodies = functions.get(name, []) or ([constants[name]] if name in constants else [])
        if not bodies and name in imports:
            todo.append(imports[name])
        for node in (node for body in bodies for node in ast.walk(body)):
            todo += called(home, node, reachable) if isinstance(node, (ast.Name, ast.Attribute)) else []
            if isinstance(node, ast.Call):
                names |= rules_of(home, node, reachable)
    return names


def rules_of(home, call, reachable):
    """The constants that a call passes for a rule."""
    function = getattr(call.func, "id", getattr(call.func, "attr", ""))
    given = [keyword.value for keyword in call.keywords if keyword.arg == "rule"]
    if function == "Invalid":
        given.append(call.args[0])
    elif function == "require":
        given += [] if isinstance(call.args[0], ast.Constant) else [call.args[1]]
    else:
        for where, name in called(home, call.func, reachable):
            for target in module(where)[0].get(name, []):
                if not isinstance(target, ast.FunctionDef):  # what a class derives from
                    continue
                names = [argument.arg for argument in target.args.args]
                place = names.index("rule") - (names[0] == "self") if "rule" in names else len(call.args)
                given += call.args[place : place + 1]
    found = set()
    for value in given:
        if isinstance(value, ast.Name) and value.id in module(home)[2]:
            value = module(home)[2][value.id]
        if isinstance(value, ast.Constant):
            found.add(value.value)
        elif isinstance(value, ast.JoinedStr):
            found.add(ast.unparse(value)[2:-1].replace("{j}", "j"))
    return found


def test_every_kind_has_a_section():
    assert tuple(sections()) == KINDS == tuple(CHECKS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_rules_are_those_of_the_code(kind):
    assert sections()[kind] == raised(kind)


def test_rules_that_fail_in_the_tables_of_cases_are_named():
    """What a message begins with, in every rejected case."""
    seen = {}
    for name, (rule, _) in table("REJECT").items():
        kind = max((kind for kind in KINDS if name.startswith(kind)), key=len)
        seen.setdefault(kind, set()).add(re.sub(r"^statement \d+$", "statement j", rule))
    assert seen.keys() == set(KINDS)
    for kind, rules in seen.items():
        assert {rule.split(": ")[0] for rule in rules} <= sections()[kind], kind


def test_a_name_that_no_code_raises_would_be_noticed():
    assert "feasible" in raised("reads") - raised("no-reads")
    assert "dual" not in raised("breakdown") and "gap" not in raised("breakdown")
