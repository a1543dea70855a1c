"""The game on nested ties as a linear program over all chains: the strategy and the measure on chains are optimal.

An algorithm halts with mass x(C, f) at the end of the chain C with an answer that is right, of the inputs whose chains
go on to j tied columns, on those that contain f(j); by the lemma no answer is right on more. It maximises the least
probability of success v over all chains. A chain is the tuple of the columns that have fallen behind, in order.
"""

from itertools import permutations

import numpy as np
import pytest
from flint import fmpq

from sci_barriers.omega.nested import harmonic_bound

VALUES = {2: fmpq(2, 3), 3: fmpq(6, 11), 4: fmpq(12, 25), 5: fmpq(60, 137)}


def chains(d):
    """All chains, by the number of columns that are tied at their end."""
    return {j: list(permutations(range(d), d - j)) for j in range(1, d + 1)}


def tied(d, chain):
    return [column for column in range(d) if column not in chain]


def strategy(d):
    """Mass x(C, l) with which `harmonic` halts at C and guesses l: the candidates are tied, as many as it waits for."""
    whole = sum((fmpq(1, j) for j in range(1, d + 1)), fmpq(0))
    draw = {i: (fmpq(1, i + 1) if i < d else fmpq(1)) / whole for i in range(1, d + 1)}
    return {(chain, guess): draw[i] / i for i, ends in chains(d).items() for chain in ends for guess in tied(d, chain)}


def measure(d):
    """The dual: a weight for each chain, in proportion to 1/j with j tied, and one for each down to one column."""
    whole = sum((fmpq(1, j) for j in range(1, d + 1)), fmpq(0))
    ends = chains(d)
    weights = {chain: 1 / (j * whole * len(found)) for j, found in ends.items() for chain in found}
    return weights, {chain: 1 / (whole * len(ends[1])) for chain in ends[1]}


def starts(longer, chain):
    return longer[: len(chain)] == chain


@pytest.mark.parametrize("d", VALUES)
def test_the_strategy_is_feasible_with_the_value(d):
    x, ends = strategy(d), chains(d)
    assert all(mass >= 0 for mass in x.values())
    for full in ends[1]:  # along a chain it halts at most once
        assert sum(mass for (chain, _), mass in x.items() if starts(full, chain)) <= 1
    for found in ends.values():
        for end in found:
            right = (x[end[:k], guess] for k in range(len(end) + 1) for guess in tied(d, end))
            assert sum(right, fmpq(0)) == VALUES[d] == harmonic_bound(d)


@pytest.mark.parametrize("d", VALUES)
def test_the_measure_is_feasible_with_the_value(d):
    """No answer at a chain gains more than the weight of the chains through it: also one that changes with j."""
    weights, through = measure(d)
    assert sum(weights.values()) == 1 and all(weight > 0 for weight in weights.values())
    assert sum(through.values(), fmpq(0)) == VALUES[d] == harmonic_bound(d)
    ends = chains(d)
    for found in ends.values():
        for chain in found:
            gained = {}  # for each guess, by the number of columns that are tied in the end
            for j in range(1, d - len(chain) + 1):
                for end in ends[j]:
                    if starts(end, chain):
                        for guess in tied(d, end):
                            gained[j, guess] = gained.get((j, guess), fmpq(0)) + weights[end]
            best = sum(
                (max(gained[j, guess] for guess in tied(d, chain)) for j in range(1, d - len(chain) + 1)), fmpq(0)
            )
            assert best <= sum((weight for full, weight in through.items() if starts(full, chain)), fmpq(0))


@pytest.mark.parametrize("d", [2, 3, 4])
def test_a_solver_finds_the_same_value(d):
    """In floating point, and of answers e_l alone; that the value is exact is proved above."""
    optimize = pytest.importorskip("scipy.optimize")
    ends = [chain for found in chains(d).values() for chain in found]
    variables = [(chain, guess) for chain in ends for guess in tied(d, chain)]
    right = [[-float(starts(end, chain) and guess not in end) for chain, guess in variables] + [1.0] for end in ends]
    halts = [[float(starts(full, chain)) for chain, _ in variables] + [0.0] for full in chains(d)[1]]
    found = optimize.linprog(
        [0.0] * len(variables) + [-1.0],
        A_ub=np.array(right + halts),
        b_ub=[0.0] * len(right) + [1.0] * len(halts),
        bounds=[(0, None)] * (len(variables) + 1),
    )
    assert found.status == 0 and abs(-found.fun - float(VALUES[d].p) / float(VALUES[d].q)) < 1e-8
