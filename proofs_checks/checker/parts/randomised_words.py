"""The statements of kind randomised, with the quantifiers of docs/randomised.md. Nothing here decides."""

from __future__ import annotations

from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio
from proofs_checks.checker.core.rules import Statement
from proofs_checks.checker.core.statements import class_lines
from proofs_checks.checker.parts.omega import Omega
from proofs_checks.checker.parts.outcomes import Claim


def enumerated_statement(claim: Claim, n_max: int, count: int, weights: tuple[int, int, int, int]) -> Statement:
    """Return the statement; `weights` are those of success, over budget, all outcomes, and of probability 1."""
    omega, q, i, budget = claim.omega, claim.q, claim.i, claim.budget
    (success, over, halted, total), d = weights, omega.ties
    bound, delta = success + total - halted, total - halted
    p, rest = words.at_most(Ratio(bound, total)), words.rational(delta, total)
    read = f"reading precisions up to 2^-{n_max}" if n_max else "reading nothing"
    limit = words.at_most(Ratio(halted - over + d * delta, d * total))
    outcomes = words.counted(count, "outcome, with the probability", "outcomes, with the probabilities")
    lines = [
        *class_lines(omega),
        f"A randomised algorithm ({claim.access} access) has {outcomes} of the file, in all "
        f"{words.rational(halted, total)}, after {read}.",
        f"Of the rest, of probability delta = {rest}, nothing is claimed: it is counted as success.",
        f"All answers are valid training data of each of the members (1, {q}) to ({d}, {q}), so that the algorithm has "
        "these outcomes, with these probabilities, on each of them.",
        f"On member (i, q) = ({i}, {q}) answers of probability {words.rational(success, total)} are within "
        f"10^-{omega.target} of the only minimiser, so that success has probability at most {p}.",
    ]
    if budget is not None:
        lines.append(f"Runs of probability {words.rational(over, total)} read more than {words.data(budget)}.")
    lines.append(
        f"Every answer is right on at most one of the {d} members, so that this probability is at most "
        f"{'(1 - delta)' if budget is None else '(1 - over - delta)'}/d + delta <= {limit} on some member."
    )
    lines += _theorem(omega, budget)
    digits = words.digits(omega.target)
    if budget is None:
        title = (
            f"A randomised algorithm with these outcomes reaches {digits} with probability at most {p} on a member of "
            "the class."
        )
    else:
        title = (
            f"With probability at least {words.at_least(Ratio(total - bound, total))} a randomised algorithm with "
            f"these outcomes fails {digits} or reads more than {words.data(budget)} on a member of the weak family."
        )
    return Statement("randomised", title, tuple(lines))


def sampled_statement(claim: Claim, level: tuple[int, int], counts: tuple[int, int, int]) -> Statement:
    """Return the statement; `counts` are the runs that succeed, that did not halt, and all."""
    omega, q, i, budget, bound = claim.omega, claim.q, claim.i, claim.budget, claim.bound
    (success, unhalted, trials), d = counts, omega.ties
    p = words.outward(*bound, up=True)
    within = "" if budget is None else f" within {words.data(budget)}"
    reach = words.counted(success, "answer reaches", "answers reach")
    lost = words.counted(
        unhalted, "run without an answer is counted as a success", "runs without an answer are counted as successes"
    )
    lines = (
        *class_lines(omega),
        f"The file is about {words.counted(trials, 'run')} of a randomised algorithm ({claim.access} access), with the "
        "different seeds that it lists.",
        f"On member (i, q) = ({i}, {q}), for which all that was read is valid training data, {reach} "
        f"{words.digits(omega.target)}{within}; {lost}.",
        f"If each run succeeded there with a probability above {p}, so few successes in "
        f"independent runs would have a probability of at most {words.at_most(Ratio(level[0], level[1] * d))}, the "
        f"level {words.rational(*level)} shared by the {d} members (Clopper and Pearson, exact).",
        "This is evidence under conditions that no file can prove: that the runs were made and came out so, that the "
        "seeds make them independent, and that q, the level and the number of runs were fixed before them.",
    )
    confidence = words.outward(level[1] - level[0], level[1], up=False)
    title = (
        f"Statistical evidence, not proof: with confidence {confidence} the randomised algorithm of these runs reaches "
        f"{words.digits(omega.target)}{within} with probability at most {p} on a member of the class."
    )
    return Statement("randomised", title, lines)


def _theorem(omega: Omega, budget: int | None) -> list[str]:
    """Return what is proved of every algorithm, with its quantifiers."""
    d = omega.ties
    if budget is not None:
        return [
            f"Every randomised algorithm, for each probability below 1 - 1/d = (N-m)/(N+1-m) = {d - 1}/{d}: with more "
            f"than that it fails {words.digits(omega.target)} or reads more than {words.data(budget)}, on some member; "
            f"with at least {d - 1}/{d} if its tapes are finitely many and all of them halt or make one read more."
        ]
    if omega.family == "weak":
        return [
            "Every randomised algorithm whose tapes are finitely many and all halt on the common oracle: at most "
            f"1/{d} on some member. This family does not contain the tie, so that an algorithm may halt and be right "
            "on each member, and run for ever on the common oracle."
        ]
    return [
        "Every randomised algorithm that halts almost surely: the infimum over the class of the probability of "
        f"success is at most 1/d = 1/{d}, though it may be larger on each single member; if its tapes are finitely "
        f"many and all of them halt on the common oracle, it is at most 1/{d} on some member.",
        "Every randomised algorithm, which need not halt: the infimum over this family, the tie included, is at most "
        f"d/(2d-1) = {d}/{2 * d - 1}, and there is one that attains it.",
    ]
