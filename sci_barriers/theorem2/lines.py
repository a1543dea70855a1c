"""The statements of Theorem 2 for one class Ω(K, L), each played out and certified (docs/theorem2.md).

Nothing is decided here. Each line is the outcome of a game or of a construction of this package, and its certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flint import fmpq

from exact_base.decimals import root_about, root_above, root_below
from exact_base.errors import UsageError
from exact_base.reprs import short_repr
from exact_base.scalars import sqrt
from exact_base.words import counted
from sci_barriers.breakdown.epsilon import breakdown_epsilon
from sci_barriers.breakdown.joint import JointBarrier
from sci_barriers.breakdown.joint_families import independent_ties, scaled_samples, sign_patterns
from sci_barriers.breakdown.two_answers import two_answers
from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.certificates.breakdown import breakdown_certificate
from sci_barriers.certificates.budget import budget_certificate
from sci_barriers.certificates.conditioning import conditioning_certificate
from sci_barriers.certificates.control import control_certificate
from sci_barriers.certificates.joint_answer import joint_answer_certificate
from sci_barriers.certificates.joint_barrier import joint_barrier_certificate
from sci_barriers.certificates.nested_ties import nested_ties_certificate
from sci_barriers.certificates.network_exists import existence_certificate
from sci_barriers.certificates.no_reads import no_reads_certificate
from sci_barriers.certificates.provenance import producer, provenance
from sci_barriers.certificates.randomised import randomised_certificate
from sci_barriers.certificates.reads import reads_certificate
from sci_barriers.data.oracles import NoisyInstanceOracle
from sci_barriers.games.budget import play_budget
from sci_barriers.games.game import challenge
from sci_barriers.network_exists.theorem1 import network_exists
from sci_barriers.omega.conditioning import condition
from sci_barriers.omega.families import Instance, OmegaClass
from sci_barriers.omega.nested import PAPER_TIES, NestedTies
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.players.algorithm import Player
from sci_barriers.randomised.game import RandomisedResult, enumerate_tapes
from sci_barriers.randomised.loading import load_randomised
from sci_barriers.randomised.nested import play_nested
from sci_barriers.randomised.runs import RandomisedCandidate
from sci_barriers.randomised.strategies import STRATEGIES
from sci_barriers.reads.reaching import Reach, reach, without_reads

__all__ = ["Line", "theorem2"]


@short_repr()
@dataclass(frozen=True)
class Line:
    """One statement about one class.

    Attributes:
        statement: what of the theorems it belongs to, such as `1` or `Theorem 1`.
        problem: name of the problem.
        name: what it is, one word or a few, different for each line of a problem.
        words: what was found, one sentence.
        certificate: the bytes of its certificate; None if the line is undecided.
    """

    statement: str
    problem: str
    name: str
    words: str
    certificate: bytes | None


def theorem2(
    player: Player,
    problem: str,
    *,
    digits: int,
    data: int,
    rows: int = 21,
    columns: int = 22,
    disguise: bool = False,
    seed: int = 0,
) -> Iterator[Line]:
    """Yield the statements of Theorem 2, and Theorem 1, for the class Ω(K, L) of one problem.

    Args:
        player: who plays against the barriers of statements 1 and 2.
        problem: name of the problem.
        digits: K >= 3.
        data: L >= 1: the data of statement 3, and the budget M of statement 2.
        rows: m.
        columns: N.
        disguise: whether to hide the block structure.
        seed: of the noise.

    Raises:
        UsageError: for numbers out of range; a class to which the theorem does not belong.
    """
    if digits < 3:
        raise UsageError(f"Theorem 2 is about K > 2, got K = {digits}")
    if data < 1:
        raise UsageError(f"the number of data L must be at least 1, got {data}")
    union = OmegaUnion.create(
        problem, digits=digits, rows=rows, columns=columns, disguise=disguise, samples=1 if rows > 1 else 0
    )
    used: list[Instance] = [union.strong.tie()]
    for statement, name, words, content in (
        *_impossible(player, union.strong, used),
        *_joint(union.strong),
        *_budgets(player, union.weak, data, used),
        *_reached(union, data, seed, used),
        *_randomised(union, data, used),
        *_nested(union.strong),
        *_exists(union, used),
        *_conditions(union, used),
    ):
        yield Line(statement, problem, name, words, content)


Part = tuple[str, str, str, bytes | None]
"""statement, name, words, certificate."""


def _impossible(player: Player, omega: OmegaClass, used: list[Instance]) -> Iterator[Part]:
    """Statement 1: K digits are out of reach."""
    played = challenge(player, omega)
    game, control = played.game, played.control
    if game.verdict == "barrier" and game.distance2 is not None:
        used.append(omega.member(i=game.index, q=game.exponent))
        words = (
            f"{player.name} fails K = {counted(omega.digits, 'digit')} on member ({game.index}, {game.exponent}): its "
            f"answer is at least {root_below(game.distance2)} away; with the same data every algorithm fails on all "
            f"but at most one of {omega.ties}"
        )
        yield "1", "barrier", words, barrier_certificate(game, provenance=provenance(player, game.play))
    else:
        yield "1", "barrier", f"undecided: {game.play.run.failure}", None
    if control.first.distance2 is not None:
        words = f"{player.name} is {control.verdict} on a well-posed instance of the same size"
        yield "1", "control", words, control_certificate(control, provenance=provenance(player, control.first.play))
    epsilon = breakdown_epsilon(omega)
    words = (
        f"ε_B^s = h·sqrt((d-1)/d), about {root_about(epsilon.square)}: {counted(epsilon.digits, 'digit')} can be "
        f"computed, {epsilon.digits + 1} cannot"
    )
    yield "1", "breakdown", words, breakdown_certificate(epsilon, provenance=producer())


def _joint(omega: OmegaClass) -> Iterator[Part]:
    """Statement 1 at several samples at once, where the sizes allow it: the strong reading of "any element of S"."""
    plain, precision = replace(omega, householder=None), max(omega.q0, _JOINT_PRECISION)
    if omega.ties >= 3:
        found = scaled_samples(omega, _SCALES, precision=precision)
        where = "at multiples of y_1, on members of one level"
        yield "1", "joint-scaled", _together(found, where), joint_barrier_certificate(found, provenance=producer())
    if omega.rows >= 2 and omega.ties >= 3:
        found = independent_ties(plain, samples=2, ties=2, precision=precision)
        where = "at samples with a tie each, on block matrices beside the class"
        yield "1", "joint-ties", _together(found, where), joint_barrier_certificate(found, provenance=producer())
    elif omega.rows >= 2 and omega.problem != "bpdn":
        found = sign_patterns(plain, samples=2, precision=precision)
        where = "at samples with different signs, on rotated matrices beside the class"
        yield "1", "joint-signs", _together(found, where), joint_barrier_certificate(found, provenance=producer())

    if omega.problem == "lasso" and (omega.rows, omega.columns) == (1, 2):
        two = two_answers(
            [omega.alpha] * 2, _SCALES, parameter=omega.parameter, digits=omega.digits, precision=precision
        )
        words = (
            "with two columns and two samples the strong reading, that one input makes an algorithm fail at all "
            f"samples, is false: one of two answers to the data of the tie has {counted(omega.digits, 'digit')} at its "
            "sample on every input with these data"
        )
        yield "1", "joint-answer", words, joint_answer_certificate(two, provenance=producer())


_SCALES, _JOINT_PRECISION = (1, "5/4"), 64


def _together(found: JointBarrier, where: str) -> str:
    return (
        f"every algorithm that reads precisions up to {found.precision} only fails {counted(found.digits, 'digit')} at "
        f"{counted(len(found.common), 'sample')} at once on at least {found.failing} of {len(found.minimisers)} "
        f"inputs, {where}"
    )


def _budgets(player: Player, omega: OmegaClass, budget: int, used: list[Instance]) -> Iterator[Part]:
    """Statement 2, first half: K - 1 digits fail within every budget, for one who answers and for one who reads on."""
    for name, candidate in (("budget", player), ("budget-reader", load_randomised("reader", problem=omega.problem))):
        result = play_budget(candidate, omega, budget=budget)
        if result.verdict != "barrier":
            yield "2", name, f"undecided: {result.reason}", None
            continue
        if result.over_budget:
            words = (
                f"{candidate.name} reads more than M = {counted(budget, 'datum', 'data')}, on each of {omega.ties} "
                "members of a level"
            )
        else:
            used.append(omega.member(i=result.index, q=result.exponent))
            words = (
                f"{candidate.name} reads at most M = {counted(budget, 'datum', 'data')} and fails K-1 = "
                f"{counted(omega.target_digits, 'digit')} on "
                f"member ({result.index}, {result.exponent}) of the weak family"
            )
        yield "2", name, words, budget_certificate(result, provenance=provenance(candidate, result.play))


def _reached(union: OmegaUnion, data: int, seed: int, used: list[Instance]) -> Iterator[Part]:
    """Statement 2, second half, and statement 3: what can be reached, on inputs of both families."""
    strong, weak = union.families
    inputs = {
        "tie": strong.tie(),
        "strong": strong.member(i=1, q=strong.q0 + 1),
        "weak": weak.member(i=strong.ties, q=weak.q0 + 1),
    }
    used += list(inputs.values())[1:]
    for name, instance in inputs.items():
        for noise, oracle in (("", None), ("-noisy", NoisyInstanceOracle(instance, seed=seed))):
            result = reach(union, instance, statement=2, oracle=oracle)
            yield "2", f"reach-{name}{noise}", _words(result), reads_certificate(result, provenance=producer())
    for name, instance in inputs.items():
        result = reach(union, instance, statement=3, data=data)
        yield "3", f"one-datum-{name}", _words(result), reads_certificate(result, provenance=producer())
    if union.extra:
        words = (
            f"without a read no network has {counted(strong.digits - 2, 'digit')} on both families: the same y asks "
            "for solutions that are too far apart"
        )
        content = no_reads_certificate(union, digits=strong.digits - 2, provenance=producer())
        yield "3", "no-reads", words, content
    alone = OmegaUnion(strong)
    zero = without_reads(alone, digits=strong.digits - 2)
    words = (
        f"with y_1 alone the zero network has {counted(zero.digits, 'digit')} on all of Ω(K,L) and nothing has to be "
        "read"
    )
    yield "3", "nothing-read", words, reads_certificate(zero, provenance=producer())


def _words(result: Reach) -> str:
    count = len(result.reads)
    data = counted(count, "datum", "data")
    return (
        f"{counted(result.digits, 'digit')} from {data} of precision up to {max(n for n, _ in result.reads)}: error "
        f"at most {root_above(result.error2)} on {_samples(result.union)}, on every input that has these data"
    )


def _samples(union: OmegaUnion) -> str:
    return "y_1" if union.samples == 1 else f"{union.samples} samples"


def _randomised(union: OmegaUnion, budget: int, used: list[Instance]) -> Iterator[Part]:
    """Statement 4: coins do not help, but for the little that they do."""
    strong, weak = union.families
    games = (("vertex", strong, None), ("mixed", strong, None), ("vertex", weak, budget), ("mixed", weak, budget))
    for name, family, limit in games:
        result = enumerate_tapes(RandomisedCandidate(name, STRATEGIES[name]), family, budget=limit, max_reads=60)
        part = f"randomised-{name}" if limit is None else f"randomised-{name}-budget"
        if result.bound is None:
            yield "4", part, f"undecided: {result.reason}", None
            continue
        used.append(family.member(i=result.index, q=result.exponent))
        words = _chances(name, result, strong.ties)
        yield "4", part, words, randomised_certificate(result, provenance=producer())


def _chances(name: str, result: RandomisedResult, d: int) -> str:
    member, bound = f"member ({result.index}, {result.exponent})", result.bound
    if result.budget is not None and bound is not None:
        least = 1 - fmpq(1, d)
        return (
            f"{name} fails {counted(result.omega.target_digits, 'digit')} or reads more than M = "
            f"{counted(result.budget, 'datum', 'data')} with "
            f"probability at least {1 - bound} on {member}; each algorithm does with more than any p < 1-1/d = {least} "
            "somewhere"
        )
    if result.unhalted == 0:
        return f"{name} succeeds with probability {bound} on {member}; every one that halts has infimum at most 1/d"
    return (
        f"{name} succeeds with probability at most {bound} on {member} and {result.tie} on the tie; one that may not "
        f"halt has infimum at most d/(2d-1) = {fmpq(d, 2 * d - 1)}, on this family, which this one attains"
    )


def _nested(omega: OmegaClass) -> Iterator[Part]:
    """Statement 4, where ties break one by one: the strategy that is best there, whether it halts or not."""
    ties = min(omega.ties, PAPER_TIES)
    nested = NestedTies.create(
        omega.problem,
        digits=omega.digits,
        rows=omega.rows,
        columns=omega.columns,
        ties=ties,
        parameter=omega.parameter,
        disguise=omega.householder or False,
    )
    result = play_nested(RandomisedCandidate("harmonic", STRATEGIES["harmonic"]), nested, max_reads=60)
    if result.worst is None:
        yield "4", "nested-harmonic", f"undecided: {result.reason}", None
        return
    words = (
        f"with nested ties of {ties} columns, for which another α is chosen, harmonic succeeds with probability "
        f"{result.worst.bound} on an input where {counted(len(result.worst.removed), 'column')} fell behind; every "
        f"algorithm, halting or not, has infimum at most {nested.bound} there"
    )
    yield "4", "nested-harmonic", words, nested_ties_certificate(result, provenance=producer())


def _exists(union: OmegaUnion, used: list[Instance]) -> Iterator[Part]:
    """Theorem 1: the network that cannot be computed exists, for the same samples."""
    for name, where, instance in (("tie", "the tie", used[0]), ("member", "the first member above", used[1])):
        omega = instance.omega
        found = [union.minimiser(instance, k) for k in range(1, union.samples + 1)]
        existing = network_exists(
            omega.matrix(instance.a, sqrt(instance.c2)),
            [union.data(k) for k in range(1, union.samples + 1)],
            problem=omega.problem,
            parameter=omega.parameter,
            minimisers=[point for point, _ in found],
            duals=[dual for _, dual in found],
        )
        widths = ", ".join(map(str, existing.network.widths))
        words = f"a ReLU network of widths {widths} maps {_samples(union)} exactly to a minimiser, on {where}"
        yield "Theorem 1", f"network-{name}", words, existence_certificate(existing, provenance=producer())


def _conditions(union: OmegaUnion, used: list[Instance]) -> Iterator[Part]:
    """The condition numbers of each input that a line above is about."""
    for number, instance in enumerate(dict.fromkeys(used), start=1):
        tied, name = len(instance.argmax) > 1, f"conditioning-{number}"
        found = condition(instance, at_tie=True)
        moves = "its minimiser moves by no more than the data, to first order"
        rest = "minimisers beside it move no farther from the nearest of its own than the data" if tied else moves
        words = f"{_place(instance)}, for y_1: Cond(AA*) = 1 and the feasibility condition number is 1; {rest}"
        yield "conditions", name, words, conditioning_certificate(found, provenance=producer())
        if union.extra:
            found = condition(instance, samples=union.extra)
            # the further samples of bpdn have one minimiser, on the tie too
            said = moves if union.strong.problem == "bpdn" else rest
            size = "1" if found.feasibility == 1 else f"at most {root_above(found.feasibility**2)}"
            words = f"{_place(instance)}, for y_2: Cond(AA*) = 1 and the feasibility condition number is {size}; {said}"
            yield "conditions", f"{name}-y2", words, conditioning_certificate(found, provenance=producer())


def _place(instance: Instance) -> str:
    """Return which input of the class it is, in words."""
    if len(instance.argmax) > 1:
        return "on the tie"
    family = instance.omega.family
    if instance.exponent == 0:
        return f"on the control of the {family} family"
    return f"on member ({instance.argmax[0] + 1}, {instance.exponent}) of the {family} family"
