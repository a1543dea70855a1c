"""Hypothesis strategies for what surrounds a problem: oracles, training data, transcripts, tapes, levels.

Everything shrinks towards small problems and small precisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flint import fmpq
from hypothesis import reject
from hypothesis import strategies as st

from exact_base.errors import SolverError, UsageError
from sci_barriers.data.oracles import HonestOracle, NoisyInstanceOracle, NoisyOracle
from sci_barriers.data.structured import CommonOracle, StructuredRead
from sci_barriers.data.training_data import Oracle
from sci_barriers.data.validity import ValidTrainingData, check_training_data
from sci_barriers.omega.families import OmegaClass
from sci_barriers.problems import Minimiser
from sci_barriers.randomised.tapes import Tape
from sci_barriers.testing.known import KnownProblem, class_problem
from sci_barriers.testing.problem_strategies import (
    integers,
    known_problems,
    lists,
    omega_classes,
    rationals,
)

if TYPE_CHECKING:
    from firenet_exact import Levels, NullSpaceProperty

__all__ = [
    "DrawnTape",
    "levels",
    "null_space_properties",
    "oracles",
    "tapes",
    "training_data",
    "transcripts",
]

Draw: TypeAlias = st.DrawFn
KINDS = ("exact", "honest", "noisy", "common")
# made once: making a strategy takes longer than drawing from it
_SEEDS = st.integers(0, 2**16)
_SIGN, _FACTOR = st.sampled_from([1, -1]), st.sampled_from([fmpq(1), fmpq(2), fmpq(1, 3)])


def precisions(most: int = 40) -> st.SearchStrategy[int]:
    """Precisions n from 1, shrinking to 1."""
    return st.integers(1, most)


# --- training data ---------------------------------------------------------------------------------


@st.composite
def oracles(draw: Draw, known: KnownProblem, *, kind: str | None = None) -> Oracle:
    """Oracles of a problem, all of them valid wherever they answer.

    `exact` answers with the truth, `honest` rounds it, `noisy` is nearly as wrong as it may be. On bpdn an honest or
    noisy oracle raises SolverError where its problem of precision n has no feasible point. The oracle of a member of
    the class rounds c, in every kind.

    Args:
        draw: given by hypothesis.
        known: the problem; complex data have the exact oracle only.
        kind: `exact`, `honest` or `noisy`, any that there is if not given.

    Raises:
        UsageError: for a kind that the problem does not have.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import oracles, well_posed
    >>> simplest = settings(phases=[Phase.generate])
    >>> known = find(well_posed("lasso"), lambda known: True, settings=simplest)
    >>> find(oracles(known, kind="exact"), lambda oracle: True, settings=simplest).read(k=1, n=3)
    <datum k = 1, n = 3: y = ['3/2'], x = [1]>
    >>> find(oracles(known, kind="noisy"), lambda oracle: True, settings=simplest).read(k=1, n=3)
    <datum k = 1, n = 3: y = ['111669133311/68719476736'], x = ['15508571/16777216']>
    """
    p = known.problem
    possible = KINDS[:3] if known.instance is not None or p.is_rational else KINDS[:1]
    chosen = draw(st.sampled_from(possible)) if kind is None else kind
    if chosen not in possible:
        raise UsageError(f"this problem has no oracle of kind {chosen!r}; choose one of {', '.join(possible)}")
    if chosen == "noisy":
        seed = draw(_SEEDS)
        if known.instance is not None:
            return NoisyInstanceOracle(known.instance, seed=seed)
        return NoisyOracle(p.matrix, [p.data], problem=p.name, parameter=p.parameter, weights=p.weights, seed=seed)
    if chosen == "honest" and known.instance is None:
        return HonestOracle(p.matrix, [p.data], problem=p.name, parameter=p.parameter, weights=p.weights)
    return known.oracle()


@st.composite
def training_data(
    draw: Draw,
    problem: str | None = None,
    *,
    kind: str | None = None,
    known: KnownProblem | None = None,
    most: int = 3,
) -> ValidTrainingData:
    """Triples of a few precisions, each shown to be valid training data of their input.

    Args:
        draw: given by hypothesis.
        problem: name of the problem, any if not given.
        kind: `exact`, `honest`, `noisy`, or `common`: that of a class, for one of the members it belongs to.
        known: the problem itself, instead of `problem`; not for `common`.
        most: how many precisions at most.

    Raises:
        UsageError: for an unknown kind, or one that the problem does not have.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import training_data
    >>> drawn = training_data("lasso", kind="noisy")
    >>> find(drawn, lambda data: True, settings=settings(phases=[Phase.generate])).triples
    (<datum k = 1, n = 1: y = ['2097151/1048576'], x = ['6757485/4194304']>,)
    """
    chosen = draw(st.sampled_from(KINDS)) if kind is None else kind
    if chosen == "common":
        return draw(_common_data(problem, most))
    if known is None:
        known = draw(known_problems(problem, complex_=None if chosen == "exact" else False))
    wanted = draw(st.lists(precisions(), min_size=1, max_size=most, unique=True))
    oracle = draw(oracles(known, kind=chosen))
    try:
        triples = [oracle.read(k=1, n=n) for n in wanted]
    except SolverError:  # bpdn that is infeasible at this precision
        reject()
    found: list[Minimiser] | None = None
    if isinstance(oracle, HonestOracle):
        found = [oracle.minimisers[1, n] for n in wanted]
    elif known.instance is None:
        found = [known.minimiser] * len(wanted)
    return check_training_data(known.input, triples, minimisers=found)


@st.composite
def _common_data(draw: Draw, problem: str | None, most: int) -> ValidTrainingData:
    omega = draw(omega_classes(problem))
    wanted = draw(st.lists(precisions(), min_size=1, max_size=most, unique=True))
    oracle = CommonOracle(omega)
    triples = [oracle.read(k=1, n=n) for n in wanted]
    q = omega.least_exponent(max(wanted)) + draw(st.integers(0, 5))
    member = class_problem(omega.member(i=draw(st.integers(1, omega.ties)), q=q))
    return check_training_data(member.input, triples)


@st.composite
def transcripts(
    draw: Draw, classes: st.SearchStrategy[OmegaClass] | None = None
) -> tuple[OmegaClass, tuple[StructuredRead, ...]]:
    """Transcripts of reads from the common oracle of a class, with repeated reads, and the class.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import transcripts
    >>> omega, reads = find(transcripts(), lambda drawn: True, settings=settings(phases=[Phase.generate]))
    >>> omega.rows, omega.columns, reads
    (1, 2, (StructuredRead(k=1, n=1, c=9, point=<2 array>),))
    """
    omega = draw(omega_classes() if classes is None else classes)
    oracle = CommonOracle(omega)
    for n in draw(st.lists(precisions(), min_size=1, max_size=5)):
        oracle.read(k=1, n=n)
    return omega, tuple(oracle.transcript)


class DrawnTape(Tape):
    """A tape whose coins were drawn by hypothesis.

    Attributes:
        choices: what the draws are answered with, in order: c means the possible outcome number c, counted from 0 and
            around; 0 where there are no more.
    """

    def __init__(self, choices: tuple[int, ...], *, length: int) -> None:
        """Give at most `length` draws."""
        super().__init__(length)
        self.choices = choices

    def _choose(self, weights: tuple[int, ...]) -> int:
        possible = [index for index, weight in enumerate(weights) if weight]
        made = self._drawn - 1
        return possible[self.choices[made] % len(possible) if made < len(self.choices) else 0]

    def rewound(self) -> DrawnTape:
        """Return the same tape from its beginning."""
        return DrawnTape(self.choices, length=self.length)

    def __repr__(self) -> str:
        return f"DrawnTape({self.choices}, length={self.length})"


def tapes(*, most: int = 12) -> st.SearchStrategy[DrawnTape]:
    """Tapes for randomised algorithms f(data, tape), which stop the run after `most` draws; shrink to coins that are 0.

    Each run that makes at most `most` draws, each among at most four outcomes, is drawn; weights do not count.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import tapes
    >>> drawn = find(tapes(most=3), lambda tape: True, settings=settings(phases=[Phase.generate]))
    >>> drawn, drawn.bit(), drawn.choose([0, 2, 1])
    (DrawnTape((), length=3), 0, 1)
    """
    return st.lists(st.integers(0, 3), max_size=most).map(lambda drawn: DrawnTape(tuple(drawn), length=most))


# --- null space properties -------------------------------------------------------------------------


@st.composite
def levels(draw: Draw, columns: int | None = None) -> Levels:
    """Sparsity structures in levels, with rational weights; 1 to 8 columns if `columns` is not given.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import levels
    >>> find(levels(4), lambda drawn: True, settings=settings(phases=[Phase.generate]))
    Levels(ends=(4), sparsities=(1), weights=(1))
    """
    from firenet_exact import Levels

    n = draw(integers(1, 8)) if columns is None else columns
    ends = sorted({*draw(st.lists(integers(1, n), max_size=2)), n})
    starts = [0, *ends[:-1]]
    sparsities = [draw(integers(1, end - start)) for start, end in zip(starts, ends, strict=True)]
    weights = [draw(rationals(low=1)) for _ in ends]
    return Levels.of(ends, sparsities, weights)


@st.composite
def null_space_properties(draw: Draw) -> NullSpaceProperty:
    """Matrices with 2 to 8 columns, at most 4 rows, and a certified null space property, proved by their coherence.

    The columns are some of those of [I, H/2], with the 4 x 4 Hadamard matrix H, whose scalar products are at most 1/2.
    Signs, a common factor and small perturbations of the first row vary.

    >>> from hypothesis import Phase, find, settings
    >>> from sci_barriers.testing import null_space_properties
    >>> found = find(null_space_properties(), lambda drawn: True, settings=settings(phases=[Phase.generate]))
    >>> found.evidence, found.gamma
    (Coherence(), 1)
    """
    from exact_base.errors import NotCertifiedError
    from firenet_exact import Levels, by_coherence, exact_matrix

    half = fmpq(1, 2)
    frame = [[fmpq(int(i == j)) for j in range(4)] for i in range(4)]
    for i in range(4):
        frame[i] += [half * (-1 if (i & j).bit_count() % 2 else 1) for j in range(4)]
    count = draw(integers(2, 8))
    chosen = draw(lists(integers(0, 7), count, unique=True))
    signs = draw(lists(_SIGN, count))
    factor = draw(_FACTOR)
    bent = draw(lists(integers(-1, 1), count))
    rows = [
        [(row[j] + (fmpq(b, 16) if i == 0 else 0)) * s * factor for j, s, b in zip(chosen, signs, bent, strict=True)]
        for i, row in enumerate(frame)
    ]
    sparsity = draw(integers(1, 2 if set(chosen) <= {0, 1, 2, 3} else 1))
    try:
        return by_coherence(exact_matrix(rows), Levels.of([count], [sparsity]))
    except NotCertifiedError:
        reject()
