"""Every lemma is proved, needs all it assumes, and says no more than what holds."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from proofs_checks.lemmas import LEMMAS, Apply, ProofFailed, prove
from tests.proofs_checks.lemmas.change import all_steps, stronger, vary

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = ("theory.md", "breakdown.md", "randomised.md", "theorem2.md", "firenet.md", "recovery.md", "lemmas.md")
BY_NAME = {lemma.name: lemma for lemma in LEMMAS}


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def cell(text):
    return text.replace("|", "\\|")


def headings(name):
    return re.findall(r"^##+ (.*)$", page(name), re.MULTILINE)


def test_names_are_unique():
    assert [name for name, times in Counter(lemma.name for lemma in LEMMAS).items() if times > 1] == []


@pytest.mark.parametrize("name", BY_NAME)
def test_proved_and_nothing_assumed_in_vain(name):
    proof = prove(BY_NAME[name])
    assert proof.unused == ()
    assert proof.steps == sum(1 for _ in all_steps(BY_NAME[name].steps)) > 0


@pytest.mark.parametrize("name", BY_NAME)
def test_a_dropped_hypothesis_is_missed(name):
    for hypothesis in BY_NAME[name].hypotheses:
        with pytest.raises(ProofFailed):
            prove(vary(BY_NAME[name], {hypothesis: None}))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_strict_hypothesis_is_needed_strictly(name):
    for hypothesis, relation in BY_NAME[name].hypotheses.items():
        if relation.sign == ">":
            with pytest.raises(ProofFailed):
                prove(vary(BY_NAME[name], {hypothesis: replace(relation, sign=">=")}))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_stronger_conclusion_is_not_proved(name):
    lemma = BY_NAME[name]
    for conclusion, relation in lemma.conclusions.items():
        for change in stronger(relation):
            with pytest.raises(ProofFailed):
                prove(vary(lemma, conclusions={conclusion: change}))


def test_applied_lemmas_are_listed():
    applied = {step.lemma.name for lemma in LEMMAS for step in all_steps(lemma.steps) if isinstance(step, Apply)}
    assert applied <= set(BY_NAME)


def test_the_page_lists_exactly_these_lemmas():
    rows = re.findall(
        r"^\| `([A-Za-z-]+)` \| (.*) \| (.*) \|$", page("lemmas.md").partition("## The lemmas")[2], re.MULTILINE
    )
    assert rows == [(lemma.name, cell(lemma.statement), cell(lemma.source)) for lemma in LEMMAS]


@pytest.mark.parametrize("name", BY_NAME)
def test_the_source_is_a_section(name):
    sections = [heading for name in PAGES for heading in headings(name)]
    assert (
        any(BY_NAME[name].source.startswith(f"{section} (") for section in sections) or BY_NAME[name].source in sections
    )
