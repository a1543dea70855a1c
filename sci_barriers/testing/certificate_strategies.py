"""Hypothesis strategies for certificates of every kind, made by the producers from small drawn problems.

What only an optimiser finds is left out (docs/testing.md, "Certificates that can be drawn"). Everything shrinks towards
small problems.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq, fmpz_mat
from hypothesis import reject
from hypothesis import strategies as st

from exact_base.errors import InconsistentDataError, NotCertifiedError, UsageError
from exact_base.matrices import ExactMatrix, exact_column
from exact_base.rationals import power_of_two, rational_sqrt, round_down, round_up
from exact_base.scalars import ExactArray, as_rational
from sci_barriers.audit.claims import Audit, audit
from sci_barriers.audit.instances import DenseInstance, SetInstance
from sci_barriers.breakdown.epsilon import breakdown_epsilon
from sci_barriers.breakdown.family import Datum, Family, FamilyInstance, certify_family
from sci_barriers.breakdown.joint_families import independent_ties, scaled_samples, sign_patterns
from sci_barriers.breakdown.two_answers import two_answers
from sci_barriers.certificates.barrier import barrier_certificate
from sci_barriers.certificates.breakdown import breakdown_certificate, family_certificate
from sci_barriers.certificates.budget import budget_certificate
from sci_barriers.certificates.claim_audit import audit_certificate
from sci_barriers.certificates.conditioning import conditioning_certificate
from sci_barriers.certificates.control import control_certificate
from sci_barriers.certificates.data_digits import AnyDetermined, data_digits_certificate
from sci_barriers.certificates.data_pair import data_pair_certificate
from sci_barriers.certificates.gap import gap_certificate
from sci_barriers.certificates.joint_answer import joint_answer_certificate
from sci_barriers.certificates.joint_barrier import joint_barrier_certificate
from sci_barriers.certificates.minimiser import minimiser_certificate
from sci_barriers.certificates.nested_ties import nested_ties_certificate
from sci_barriers.certificates.network_exists import existence_certificate
from sci_barriers.certificates.no_reads import no_reads_certificate
from sci_barriers.certificates.path import path_certificate
from sci_barriers.certificates.randomised import randomised_certificate
from sci_barriers.certificates.reads import reads_certificate
from sci_barriers.certificates.solution_digits import solution_digits_certificate
from sci_barriers.certificates.training_data import training_data_certificate
from sci_barriers.games.budget import play_budget
from sci_barriers.games.game import play_control, play_game
from sci_barriers.network_exists.theorem1 import member_network
from sci_barriers.omega.conditioning import condition
from sci_barriers.omega.families import OmegaClass
from sci_barriers.omega.nested import NestedTies
from sci_barriers.omega.union import OmegaUnion
from sci_barriers.players.algorithm import Candidate, sequential_algorithm
from sci_barriers.players.coins import randomised_algorithm
from sci_barriers.problems import Minimiser
from sci_barriers.problems.determined.balls import above, norm
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.determined.determining import determine
from sci_barriers.problems.determined.enclosed_pairs import EnclosedPairs
from sci_barriers.problems.determined.fits import determine_fit
from sci_barriers.problems.determined.pairs import distant_pair, support_pair
from sci_barriers.problems.determined.precision import Precision, Radius
from sci_barriers.problems.determined.unsquared import ResidualNorm, determine_unsquared
from sci_barriers.problems.determined.unsquared_point import weighted_residual
from sci_barriers.problems.penalised.face import nearest
from sci_barriers.problems.penalised.integers import IntegerProblem
from sci_barriers.problems.penalised.path import certified_path
from sci_barriers.problems.penalised.problem import PenalisedLeastSquares, column, entries_of, over_one_denominator
from sci_barriers.problems.penalised.solving import minimise
from sci_barriers.randomised.game import enumerate_tapes, sample_tapes
from sci_barriers.randomised.nested import play_nested
from sci_barriers.randomised.runs import RandomisedCandidate
from sci_barriers.reads.reaching import reach, without_reads
from sci_barriers.testing.data_strategies import levels, null_space_properties, precisions, training_data
from sci_barriers.testing.known import KnownProblem
from sci_barriers.testing.problem_strategies import (
    NAMES,
    class_members,
    ill_posed,
    integers,
    known_problems,
    lists,
    omega_classes,
    rationals,
    well_posed,
)
from sci_barriers.testing.variations import permute_columns
from sci_barriers.testing.walsh_strategies import walsh_properties, walsh_recoveries

__all__ = ["certificates"]

Draw: TypeAlias = st.DrawFn
_MAX_DATA = 100


def _vector(draw: Draw, length: int) -> list[fmpq]:
    return draw(lists(rationals(), length))


# --- problems --------------------------------------------------------------------------------------


def _minimisers(draw: Draw) -> bytes:
    known = draw(known_problems())
    return minimiser_certificate(known.minimiser, unique=known.minimiser.certainly_unique and draw(st.booleans()))


def _gaps(draw: Draw) -> bytes:
    known = draw(well_posed(draw(st.sampled_from(["lasso", "sqrt-lasso"]))))
    minimiser = known.minimiser
    u = minimiser.direction * (rational_sqrt(as_rational(minimiser.scale2)) or fmpq(1))
    moved = known.vertices[0] + np.array(_vector(draw, known.problem.columns), dtype=object)
    return gap_certificate(known.problem.gap(moved, u))


def _data(draw: Draw) -> bytes:
    # one triple, because the minimisers of two may lie in different fields
    kind = draw(st.sampled_from(["exact", "honest", "noisy"]))
    return training_data_certificate(draw(training_data(kind=kind, known=draw(well_posed()), most=1)))


def _audits(draw: Draw) -> bytes:
    known = draw(well_posed())
    form = draw(st.sampled_from([DenseInstance.of, SetInstance]))
    instance = form(known.minimiser)
    answer: ExactArray = np.array(_vector(draw, instance.columns), dtype=object)
    reaches: dict[str, Any] = {"type": "reaches", "point": "answer", "digits": draw(integers(0, 4))}
    # of bpdn the answer may be infeasible
    claim = (
        reaches
        if known.problem.name == "bpdn"
        else draw(st.sampled_from([reaches, {"type": "excess", "point": "answer"}]))
    )
    return audit_certificate(audit(Audit("drawn", instance, {"answer": answer}, (claim,))))


def _networks(draw: Draw) -> bytes:
    return existence_certificate(member_network(draw(class_members()), samples=draw(integers(1, 3))))


def _own_problem(draw: Draw, *, path: bool = False) -> PenalisedLeastSquares:
    """A small problem on data of one's own, perhaps with a column twice; of a path, with a penalty."""
    m, n = draw(integers(1, 3)), draw(integers(1, 3))
    rows = [_vector(draw, n) for _ in range(m)]
    if draw(st.booleans()):
        rows, n = [[*row, row[0]] for row in rows], n + 1
    intercept = draw(st.booleans())
    last = [fmpq(0)] * intercept
    ridge = draw(st.none() | lists(rationals(low=0), n))
    if path:
        penalties = [fmpq(1), *draw(lists(st.sampled_from([fmpq(1), fmpq(0), fmpq(1, 2)]), n - 1))]
    else:
        penalties = [draw(rationals(low=0))] * n
    return PenalisedLeastSquares.of(
        rows,
        _vector(draw, m),
        penalties=penalties + last,
        ridge=None if ridge is None else ridge + last,
        centres=draw(st.none() | lists(rationals(), n)),
        scales=draw(st.none() | lists(rationals(low=1), n)),
        observation_weights=draw(st.none() | lists(rationals(low=1), m)),
        intercept=intercept,
        nonnegative=sorted(draw(st.sets(integers(0, n - 1), max_size=n))),
    )


def _solutions(draw: Draw) -> bytes:
    """Any coefficients beside the minimisers."""
    problem = _own_problem(draw)
    answer = exact_column(_vector(draw, problem.size))
    return solution_digits_certificate(problem, answer, nearest(minimise(problem), answer))


def _paths(draw: Draw) -> bytes:
    return path_certificate(certified_path(_own_problem(draw, path=True), low=draw(st.sampled_from([0, 1]))))


def _known(draw: Draw) -> Precision:
    """What is known of the data of a problem."""
    radii = st.builds(Radius.spectral, rationals(low=0)) | st.builds(Radius.entrywise, rationals(low=0))
    return Precision(draw(radii), draw(radii))


def _noise(problem: PenalisedLeastSquares) -> fmpq:
    """Return a bound of the residual that is reached, near that of the lasso; some problems have none."""
    values = entries_of(problem.coefficients(minimise(problem).point))
    residual = weighted_residual(problem, IntegerProblem.of(problem), values)
    found = round_up(above(norm(residual)), bits=12)
    if found <= 0:
        reject()
    return found


def _determined(draw: Draw) -> bytes:
    """What the data of a small problem determine, at the scales at which something is proved; perhaps any answer."""
    problem = _own_problem(draw)
    known, scales = _known(draw), [fmpq(1, 2**k) for k in (24, 12, 6, 0)]
    found: AnyDetermined | None
    objective = draw(st.sampled_from(["lasso", "lasso", "any columns", "sqrt-lasso", "bpdn"]))
    if objective == "any columns":
        found = determine_fit(minimise(problem), known, scales=scales)
    elif objective == "lasso":
        found = determine(minimise(problem), known, scales=scales)
    else:
        problem = replace(problem, ridge=None)
        noise = _noise(problem) if objective == "bpdn" else None
        found = determine_unsquared(ResidualNorm(problem, noise), known, digits=15, scales=scales)
    if found is None:
        reject()
    answer = exact_column(_vector(draw, problem.size)) if draw(st.booleans()) else None
    return data_digits_certificate(found, answer)


def _pairs(draw: Draw) -> bytes:
    """Two data sets near to those of a small problem: each with one minimiser, or with a point near its minimisers."""
    objective = draw(st.sampled_from(["lasso", "sqrt-lasso", "bpdn", "complex"]))
    if objective != "lasso":
        return _enclosed_pairs(draw, objective)
    solution = minimise(_own_problem(draw))
    precision = _known(draw)
    feature = draw(integers(0, solution.problem.features - 1))
    pair = distant_pair(solution, precision) if draw(st.booleans()) else support_pair(solution, precision, feature)
    if pair is None:
        reject()
    return data_pair_certificate(pair)


def _enclosed_pairs(draw: Draw, objective: str) -> bytes:
    problem, precision = replace(_own_problem(draw), ridge=None), _known(draw)
    if objective == "complex":
        rows, features = problem.rows, problem.features
        imaginary = draw(st.lists(rationals(), min_size=rows * features, max_size=rows * features))
        numerators, den = over_one_denominator([*entries_of(problem.matrix), *imaginary])
        half = rows * features
        real, other = (fmpz_mat(rows, features, numerators[k : k + half]) for k in (0, half))
        given: ComplexLeastSquares | ResidualNorm = ComplexLeastSquares(
            ExactMatrix(real, other, int(den)),
            problem.data,
            column(entries_of(problem.penalties)[:features]),
            observation_weights=problem.observation_weights,
        )
    else:
        given = ResidualNorm(problem, _noise(problem) if objective == "bpdn" else None)
    pair = EnclosedPairs(given, precision).distant()
    if pair is None:
        reject()
    return data_pair_certificate(pair)


# --- the class -------------------------------------------------------------------------------------


def _guess(draw: Draw, omega: OmegaClass) -> list[fmpq]:
    """Any answer, in units of the height."""
    height = as_rational(omega.height(omega.base))
    return [entry * height for entry in _vector(draw, omega.columns)]


def _answers(draw: Draw, family: str | None = None) -> tuple[OmegaClass, Candidate]:
    """A class and an algorithm that reads a few precisions and gives any answer."""
    omega = draw(omega_classes(family=family))
    wanted = draw(st.lists(precisions(), min_size=1, max_size=3))
    guess = _guess(draw, omega)

    @sequential_algorithm
    def anything(data: Any) -> list[fmpq]:
        for n in wanted:
            data.read(n)
        return guess

    return omega, Candidate("anything", anything)


def _barriers(draw: Draw) -> bytes:
    omega, candidate = _answers(draw)
    return barrier_certificate(play_game(candidate, omega))


def _controls(draw: Draw) -> bytes:
    omega, candidate = _answers(draw)
    return control_certificate(play_control(candidate, omega))


def _budgets(draw: Draw) -> bytes:
    omega, candidate = _answers(draw, "weak")
    return budget_certificate(play_budget(candidate, omega, budget=draw(integers(0, 4))))


def _randomised(draw: Draw) -> bytes:
    """An algorithm that reads a little, draws one coin, and then gives one of two answers, or perhaps none."""
    budget = draw(st.none() | integers(0, 2))
    omega = draw(omega_classes(family=None if budget is None else "weak"))
    wanted = draw(st.lists(precisions(), min_size=1, max_size=2))
    guesses: list[list[fmpq] | None] = [_guess(draw, omega), _guess(draw, omega) if draw(st.booleans()) else None]
    weights = draw(lists(integers(1, 3), 2))

    @randomised_algorithm
    def anything(data: Any, tape: Any) -> list[fmpq]:
        for n in wanted:
            data.read(n)
        guess: list[fmpq] | None = guesses[tape.choose(weights)]
        if guess is None:
            raise ValueError("no answer")
        return guess

    player = RandomisedCandidate("anything", anything)
    if draw(st.booleans()):
        seeds = draw(st.lists(integers(0, 2**64 - 1), min_size=1, max_size=5, unique=True))
        result = sample_tapes(player, omega, seeds=seeds, level=fmpq(1, 10), budget=budget)
    else:
        result = enumerate_tapes(player, omega, budget=budget)
    if result.bound is None:  # no run gave an answer
        reject()
    return randomised_certificate(result)


def _nested_ties(draw: Draw) -> bytes:
    """An algorithm that reads a little, draws one coin, and gives one of two answers, or waits for more."""
    problem = draw(st.sampled_from(NAMES))
    rows = draw(integers(1, 2))
    nested = NestedTies.create(
        problem,
        digits=draw(integers(1, 6)),
        rows=rows,
        columns=rows + draw(integers(1, 3)),
        disguise=draw(st.booleans()),
    )
    wanted, waits = draw(precisions()), draw(st.booleans())
    points: list[ExactArray] = [nested.omega.control(last=draw(st.booleans())).centroid() for _ in range(2)]
    budget = draw(st.none() | integers(1, 2))

    @randomised_algorithm
    def anything(data: Any, tape: Any) -> ExactArray:
        choice = tape.bit()
        if choice == 0:
            data.read(wanted)
        elif waits:
            for n in range(1, 4):
                data.read(n)
        point: ExactArray = points[choice]
        return point

    player = RandomisedCandidate("anything", anything)
    result = play_nested(player, nested, budget=budget, max_reads=3)
    if result.worst is None:
        reject()
    return nested_ties_certificate(result)


def _joint_barriers(draw: Draw) -> bytes:
    form = draw(st.sampled_from(["scaled", "independent", "signs"]))
    rows = draw(integers(1 if form == "scaled" else 2, 3))
    omega = OmegaClass.create(
        draw(st.sampled_from(NAMES[:2] if form == "signs" else NAMES)),
        digits=draw(integers(2, 5)),
        rows=rows,
        columns=rows + draw(integers(2, 3) if form != "signs" else integers(1, 2)),
        disguise=form == "scaled" and draw(st.booleans()),
    )
    precision = draw(integers(omega.q0, omega.q0 + 20))
    if form == "scaled":
        found = scaled_samples(omega, [1, fmpq(draw(integers(5, 7)), 4)], precision=precision)
    elif form == "independent":
        found = independent_ties(omega, samples=2, ties=2, precision=precision)
    else:
        found = sign_patterns(omega, samples=2, precision=precision)
    return joint_barrier_certificate(found)


def _joint_answers(draw: Draw) -> bytes:
    entries = integers(1, 900)
    digits = draw(integers(1, 6))
    found = two_answers(
        [draw(entries), draw(entries)],
        [fmpq(draw(entries), 4), fmpq(draw(entries), 4)],
        parameter=fmpq(draw(entries), 8),
        digits=digits,
        precision=40 + 4 * digits,
    )
    return joint_answer_certificate(found)


def _conditions(draw: Draw) -> bytes:
    instance = draw(class_members())
    chosen = instance.omega.control() if draw(st.booleans()) else instance
    omega, samples = chosen.omega, []
    if omega.rows > 1 and draw(st.booleans()):
        places = draw(st.permutations(range(omega.rows - 1)))[: 1 if omega.problem == "bpdn" else 2]
        entries = {place: omega.base * draw(integers(1, 8)) / 8 for place in places}
        samples = [[sign * entries.get(place, fmpq(0)) for place in range(omega.rows - 1)] for sign in (1, -1)]
    return conditioning_certificate(condition(chosen, at_tie=draw(st.booleans()), samples=samples))


def _breakdowns(draw: Draw) -> bytes:
    if draw(st.booleans()):
        return breakdown_certificate(breakdown_epsilon(draw(omega_classes())))
    # two columns that are nearly one: which of them is it?
    known = draw(ill_posed())
    limit, distance, last = known.neighbour, known.distance, known.problem.columns - 1
    if limit is None or distance is None:
        reject()
    (twin,) = (j for j in known.support if (limit.problem.matrix[:, j] == limit.problem.matrix[:, last]).all())
    order = list(range(last + 1))
    order[twin], order[last] = last, twin
    precision = 1
    while distance <= power_of_two(-precision - 1):
        precision += 1
    family = Family(
        problem=known.problem.name,
        parameter=known.problem.parameter,
        instances=[_instance(known), _instance(permute_columns(known, order).problem)],
        datum=Datum(limit.problem.matrix, limit.problem.data, **_solution(limit.minimiser)),
        weights=known.problem.weights,
    )
    return family_certificate(certify_family(family, precision=precision))


def _instance(known: KnownProblem) -> FamilyInstance:
    return FamilyInstance(known.problem.matrix, known.problem.data, **_solution(known.minimiser))


def _solution(minimiser: Minimiser) -> dict[str, Any]:
    return {"minimiser": minimiser.point, "dual": minimiser.dual}


@st.composite
def _unions(draw: Draw, *, sampled: bool) -> OmegaUnion:
    rows = draw(integers(2 if sampled else 1, 3))
    return OmegaUnion.create(
        draw(st.sampled_from(NAMES)),
        digits=draw(integers(3, 8)),
        rows=rows,
        columns=rows + draw(integers(1, 3)),
        disguise=draw(st.booleans()),
        samples=draw(integers(1, 2)) if sampled else 0,
    )


def _reads(draw: Draw) -> bytes:
    union = draw(_unions(sampled=draw(st.booleans())))
    statement = draw(st.sampled_from([2, 3] if union.extra else [2, 3, None]))
    if statement is None:
        return reads_certificate(without_reads(union, digits=union.strong.digits - 2))
    omega = draw(st.sampled_from(union.families))
    instance = omega.member(i=draw(integers(1, omega.ties)), q=omega.q0 + draw(integers(0, 10)))
    if omega.family == "strong" and draw(st.booleans()):
        instance = omega.tie()
    access = draw(st.sampled_from(["query", "stream"]))
    return reads_certificate(reach(union, instance, statement=statement, access=access, data=_MAX_DATA))


def _no_reads(draw: Draw) -> bytes:
    union = draw(_unions(sampled=True))
    return no_reads_certificate(union, digits=draw(integers(1, union.strong.digits - 2)))


# --- null space properties and networks ------------------------------------------------------------


def _null_spaces(draw: Draw) -> bytes:
    import firenet_exact as fe

    return fe.null_space_certificate(draw(null_space_properties()))


def _refutations(draw: Draw) -> bytes:
    """A kernel vector with most of its length on one support, and rows that are orthogonal to it."""
    import firenet_exact as fe

    drawn = draw(levels(draw(integers(2, 6))))
    n = drawn.columns
    x = _vector(draw, n)
    kept = sum((x[j] ** 2 for j in drawn.largest([entry**2 for entry in x])), fmpq(0))
    if kept == 0 or drawn.sigma(x) ** 2 > drawn.xi * kept:
        reject()
    pivot = next(j for j in range(n) if x[j] != 0)
    rows = []
    for _ in range(draw(integers(1, 4))):
        row = _vector(draw, n)
        row[pivot] = fmpq(0)
        row[pivot] = -sum((a * b for a, b in zip(row, x, strict=True)), fmpq(0)) / x[pivot]
        rows.append(row)
    return fe.refutation_certificate(fe.Refutation(fe.exact_matrix(rows), drawn, fe.exact_column(x)))


def _norms(draw: Draw) -> bytes:
    import firenet_exact as fe

    size = integers(1, 4)
    m, n = draw(size), draw(size)
    rows = [_vector(draw, n) for _ in range(m)]
    if not any(entry for row in rows for entry in row):
        rows[0][0] = fmpq(1)
    return fe.norm_certificate(fe.operator_norm(fe.exact_matrix(rows)))


def _recoveries(draw: Draw) -> bytes:
    return _recovery(draw, assumed=False)


def _conditional_recoveries(draw: Draw) -> bytes:
    return _recovery(draw, assumed=True)


def _best_recoveries(draw: Draw) -> bytes:
    return _recovery(draw, assumed=False, best=True)


def _conditional_best_recoveries(draw: Draw) -> bytes:
    return _recovery(draw, assumed=True, best=True)


def _recovery(draw: Draw, *, assumed: bool, best: bool = False) -> bytes:
    """A vector, noisy measurements of it, and any point and dual vector; those that are best need cuts."""
    import firenet_exact as fe

    proved = draw(null_space_properties())
    matrix, n = proved.matrix, proved.matrix.cols
    known: fe.NullSpaceProperty | fe.AssumedProperty = proved
    if assumed:
        rho, gamma = draw(st.sampled_from([fmpq(1, 2), fmpq(1, 4), fmpq(3, 4)])), draw(rationals(low=1))
        known = fe.AssumedProperty(matrix, draw(levels(n)), rho, gamma)
    x, error = _vector(draw, n), [entry / 16 for entry in _vector(draw, matrix.rows)]
    truth = fe.exact_column(x)
    try:
        found = fe.certify_recovery(
            known,
            matrix @ truth - fe.exact_column(error),
            fe.exact_column(_vector(draw, n)),
            [fe.exact_column(_vector(draw, matrix.rows))],
            noise=sum(map(abs, error), fmpq(0)),
            sigma=known.levels.sigma(x),
            witnesses=[truth],
        )
    except InconsistentDataError:  # what is assumed is not true
        reject()
    if not best:
        found = replace(found, square=found.plain_square, cuts=())
    elif not found.cuts:  # they would gain little or nothing here, and the roots of cells are rounded
        found = replace(found, square=found.plain_square * (1 + power_of_two(-50)), cuts=(fmpq(1, 2),))
    return fe.recovery_certificate(found)


def _coefficients(draw: Draw) -> bytes:
    """A vector, noisy measurements of it, and any point, for a matrix near the identity: H is the identity."""
    import firenet_exact as fe

    n = draw(integers(1, 4))
    drawn = fe.Levels.of([n], [1])
    identity = [[fmpq(int(i == j)) for j in range(n)] for i in range(n)]
    rows = [[a + b / 64 for a, b in zip(row, _vector(draw, n), strict=True)] for row in identity]
    try:
        proved = fe.by_coherence(fe.exact_matrix(rows), drawn)
        x, error = _vector(draw, n), [entry / 16 for entry in _vector(draw, n)]
        truth = fe.exact_column(x)
        found = fe.certify_coefficients(
            proved,
            proved.matrix @ truth - fe.exact_column(error),
            fe.exact_column(_vector(draw, n)),
            [fe.exact_column(_vector(draw, n))],
            noise=sum(map(abs, error), fmpq(0)),
            sigma=drawn.sigma(x),
            inverse=fe.exact_matrix(identity),
            witnesses=[truth],
        )
    except NotCertifiedError:  # too far from the identity
        reject()
    return fe.recovery_certificate(found)


def _passes(draw: Draw) -> bytes:
    return _pass(draw, best=False)


def _best_passes(draw: Draw) -> bytes:
    return _pass(draw, best=True)


def _pass(draw: Draw, *, best: bool) -> bytes:
    """A network with fewer blocks than its theorem asks for, whose certified bound is what they give."""
    import firenet_exact as fe

    proved = draw(null_space_properties())
    norm = fe.operator_norm(proved.matrix)
    found, n = proved.constants, draw(integers(1, 2))
    lam = None if best else round_down(found.c1 / (found.c2 * found.r))
    full = fe.network_parameters(proved, norm, delta=draw(rationals(low=0)), epsilon0=fmpq(10), n=n, lam=lam)
    network = fe.Firenet(proved.matrix, replace(full, p=draw(integers(1, 3))), None, proved, norm)
    output = fe.forward(network, fe.exact_column(_vector(draw, proved.matrix.rows)), bits=draw(integers(8, 64)))
    return fe.forward_certificate(output, best=best)


_PRODUCERS: dict[str, Callable[[Draw], bytes]] = {
    "minimiser": _minimisers,
    "gap": _gaps,
    "training-data": _data,
    "barrier": _barriers,
    "control": _controls,
    "budget": _budgets,
    "randomised": _randomised,
    "nested-ties": _nested_ties,
    "joint-barrier": _joint_barriers,
    "joint-answer": _joint_answers,
    "claim-audit": _audits,
    "operator-norm": _norms,
    "null-space": _null_spaces,
    "null-space-refuted": _refutations,
    "recovery": _recoveries,
    "conditional-recovery": _conditional_recoveries,
    "best-recovery": _best_recoveries,
    "conditional-best-recovery": _conditional_best_recoveries,
    "coefficient-bounds": _coefficients,
    "forward-error": _passes,
    "best-forward-error": _best_passes,
    "network-exists": _networks,
    "conditioning": _conditions,
    "breakdown": _breakdowns,
    "reads": _reads,
    "no-reads": _no_reads,
    "solution-digits": _solutions,
    "path": _paths,
    "data-digits": _determined,
    "data-pair": _pairs,
    "null-space-walsh": walsh_properties,
    "recovery-walsh": walsh_recoveries,
}


@st.composite
def certificates(draw: Draw, *kinds: str) -> bytes:
    """Bytes of valid certificates, of the kinds named or of any kind.

    Raises:
        UsageError: for a kind that does not exist.

    >>> from hypothesis import Phase, find, settings
    >>> from proofs_checks import verify_bytes
    >>> from sci_barriers.testing import certificates
    >>> drawn = find(certificates("gap"), lambda content: True, settings=settings(phases=[Phase.generate]))
    >>> verify_bytes(drawn).verdict
    'valid'
    """
    unknown = [kind for kind in kinds if kind not in _PRODUCERS]
    if unknown:
        raise UsageError(f"no certificates of kind {unknown[0]!r} here; choose from {', '.join(_PRODUCERS)}")
    kind = draw(st.sampled_from(kinds or tuple(_PRODUCERS)))
    return _PRODUCERS[kind](draw)
