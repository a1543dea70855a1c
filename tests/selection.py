"""What the fast suite leaves to the whole one: examples of properties, and cases of tests with many.

@pytest.mark.slow                   the whole test is slow
@pytest.mark.slow_but("id", ...)    of its cases all are slow but those with these ids
@pytest.mark.pairwise               so many of its cases stay fast that each two values of two parameters occur
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import is_hypothesis_test, settings

FEWEST = 5
PART = 4

Case = Mapping[str, Hashable]


def fewer(examples: int) -> int:
    """How many of a property's examples the fast suite draws."""
    return min(examples, max(FEWEST, examples // PART))


def draw_fewer(function) -> None:
    if is_hypothesis_test(function):
        # hypothesis has no public name for the settings of a test; its own pytest plugin reads this one
        full = function._hypothesis_internal_use_settings
        function._hypothesis_internal_use_settings = settings(full, max_examples=fewer(full.max_examples))


def pairs(case: Case) -> set[Hashable]:
    """The pairs of values of different parameters; with one parameter its value."""
    return set(combinations(sorted(case.items()), min(2, len(case))))


def covering(cases: Sequence[Case]) -> list[int]:
    """The places of some cases in which all pairs of all cases occur, chosen greedily."""
    rest, chosen = set().union(*map(pairs, cases)), []
    while rest:
        best = max(range(len(cases)), key=lambda i: len(pairs(cases[i]) & rest))
        rest -= pairs(cases[best])
        chosen.append(best)
    return chosen


def named_in_vain(items: Iterable[pytest.Item]) -> set[str]:
    """The cases that `slow_but` and `slow_for` name and that are not among those collected of their test."""
    named: dict[str, set[str]] = {}
    collected: dict[str, set[str]] = {}
    for item in items:
        test = item.nodeid.partition("[")[0]
        marks = (*item.iter_markers("slow_but"), *item.iter_markers("slow_for"))
        named.setdefault(test, set()).update(*(mark.args for mark in marks))
        collected.setdefault(test, set()).add(item.callspec.id if hasattr(item, "callspec") else "")
    return {f"{test}[{case}]" for test, cases in named.items() for case in cases - collected[test]}


def mark_slow(items: Iterable[pytest.Item]) -> None:
    """Mark the cases that `slow_but`, `slow_for` and `pairwise` leave to the whole suite."""
    products: dict[str, list[pytest.Item]] = {}
    for item in items:
        fast, slow = item.get_closest_marker("slow_but"), item.get_closest_marker("slow_for")
        if (fast and item.callspec.id not in fast.args) or (slow and item.callspec.id in slow.args):
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("pairwise") is not None:
            products.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for cases in products.values():
        fast = covering([{name: repr(value) for name, value in item.callspec.params.items()} for item in cases])
        for place, item in enumerate(cases):
            if place not in fast:
                item.add_marker(pytest.mark.slow)
