"""The statements of the lemmas, at exact random numbers: hypotheses can hold, conclusions do, more would not."""

from random import Random

import pytest

from proofs_checks.lemmas import LEMMAS, ProofFailed, prove
from tests.proofs_checks.lemmas.change import stronger, vary
from tests.proofs_checks.lemmas.given import GIVEN
from tests.proofs_checks.lemmas.sampling import sample

BY_NAME = {lemma.name: lemma for lemma in LEMMAS}
IRRATIONAL = {"c-rounded-down-fails"}  # its hypotheses say c_0 = √2
SAMPLED = [name for name in BY_NAME if name not in IRRATIONAL]


def samples(name, count, seed):
    random = Random(f"{name} {seed}")
    for _ in range(count):
        values = sample(BY_NAME[name], random, GIVEN.get(name))
        assert values is not None, "no values satisfy the hypotheses"
        yield values


@pytest.mark.parametrize("name", SAMPLED)
def test_the_conclusions_hold_where_the_hypotheses_do(name):
    for values in samples(name, 3, "true"):
        for conclusion in BY_NAME[name].conclusions.values():
            assert values.holds(conclusion)


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLED)
def test_the_conclusions_hold_often(name):
    for values in samples(name, 40, "often"):
        for conclusion in BY_NAME[name].conclusions.values():
            assert values.holds(conclusion)


@pytest.mark.parametrize("name", SAMPLED)
def test_a_false_variant_has_a_counterexample_and_no_proof(name):
    """For each conclusion a stronger one that exact numbers refute, and that the steps do not prove."""
    lemma = BY_NAME[name]
    changes = {(key, new) for key, relation in lemma.conclusions.items() for new in stronger(relation)}
    false = set()
    for values in samples(name, 60, "false"):
        false |= {(key, new) for key, new in changes - false if not values.holds(new)}
        if {key for key, _ in false} == set(lemma.conclusions):
            break
    assert {key for key, _ in false} == set(lemma.conclusions)
    for key, new in false:
        with pytest.raises(ProofFailed):
            prove(vary(lemma, conclusions={key: new}))


def test_the_irrational_lemma_in_integers():
    assert 11**2 < 2 * 8**2 < 12**2 and 2 * 16**2 < 23**2  # 11/8 is the floor of √2, and nearest
    assert 145 > 12**2 and 145 <= 13**2  # c_q = √145/8
