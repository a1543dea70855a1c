"""Data sets within a precision whose minimisers, known up to a distance, differ; and the files of what is proved."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from exact_base.matrices import ExactMatrix
from exact_base.reprs import short_repr
from sci_barriers.certificates.data_digits import AnyDetermined, data_digits_files
from sci_barriers.certificates.data_pair import data_pair_files
from sci_barriers.certificates.penalised import Files, array_file
from sci_barriers.certificates.provenance import producer
from sci_barriers.checks.data_sets import Stopped
from sci_barriers.checks.enclosed_questions import EnclosedQuestion
from sci_barriers.checks.questions import DATA, MATRIX
from sci_barriers.problems.determined.complex_admissible import rounded_complex
from sci_barriers.problems.determined.complex_point import ComplexDetermined, determine_complex
from sci_barriers.problems.determined.complex_problem import ComplexLeastSquares
from sci_barriers.problems.determined.enclosed_pairs import EnclosedPair, EnclosedPairs, EnclosedVariation, varied
from sci_barriers.problems.determined.precision import Precision
from sci_barriers.problems.determined.unsquared import ResidualNorm, UnsquaredDetermined, determine_unsquared
from sci_barriers.problems.penalised.problem import Progress

__all__ = ["EnclosedSets", "enclosed_files"]

_STEM = "coefficients"
_MOST_ENTRIES = 1 << 20  # of X up to which whole data sets are written


@short_repr()
@dataclass(eq=False)
class EnclosedSets:
    """What was found until now.

    Attributes:
        search: looks for data sets.
        until: the moment after which no further data sets are looked for.
        progress: is told what is being done.
        pair: the two data sets with the minimisers that are farthest apart.
        pairs: for columns that are in for one data set and out for another, two such.
        stopped: what ended the work before all was tried.
    """

    search: EnclosedPairs
    until: float
    progress: Progress | None = None
    pair: EnclosedPair | None = None
    pairs: dict[int, EnclosedPair] = field(default_factory=dict)
    stopped: Stopped | None = None

    @staticmethod
    def of(
        problem: ComplexLeastSquares | ResidualNorm,
        precision: Precision,
        near: ExactMatrix | None,
        *,
        seconds: float,
        progress: Progress | None,
    ) -> EnclosedSets:
        """Return what is to be looked for; nothing is done yet.

        Args:
            problem: the problem with the given data.
            precision: what is known of them.
            near: coefficients near a minimiser, only a place to start.
            seconds: after which no further data sets are looked for.
            progress: is told what is being done.

        Raises:
            DataError: if the precision does not fit the problem.
        """
        search = EnclosedPairs(problem, precision, near=near, budget=seconds, progress=progress)
        return EnclosedSets(search, time.monotonic() + seconds, progress)

    def look(self, undecided: Sequence[int]) -> None:
        """Look for two data sets far apart, and for one column after another that is in for one and out for another.

        Args:
            undecided: the columns of which it is not known whether they are in or out for all the data.
        """
        self._tell("looking for data sets whose minimisers are far apart")
        self.search.distant(keep=lambda pair: self._learn(pair, undecided))
        rest = [j for j in undecided if j not in self.pairs]
        for k, j in enumerate(rest):
            if j in self.pairs:
                continue
            if self._late:
                break
            self._tell(f"looking for data sets that differ in a column, {k + 1} of {len(rest)}")
            differing = self.search.differing(j)
            if differing is not None:
                self._learn(differing, undecided)
        if self._late:
            self.stopped = "budget"

    @property
    def _late(self) -> bool:
        return time.monotonic() >= self.until

    def _learn(self, pair: EnclosedPair, undecided: Sequence[int]) -> None:
        if self.pair is None or pair.distance > self.pair.distance:
            self.pair = pair
        self.pairs |= {j: pair for j in pair.different if j in undecided and j not in self.pairs}

    def _tell(self, words: str) -> None:
        if self.progress is not None:
            self.progress(words)

    @cached_property
    def _named(self) -> dict[str, EnclosedPair]:
        """Each pair once, with the name of its certificate."""
        named = {} if self.pair is None else {"pair": self.pair}
        for j, pair in sorted(self.pairs.items()):
            if not any(pair is other for other in named.values()):
                named[f"column-{j + 1}"] = pair
        return named

    def files(self, files: Files, said: dict[str, str]) -> dict[str, bytes]:
        """Return the certificates of the pairs, and the data sets of `pair` in float64 with what is proved of each."""
        made: dict[str, bytes] = {}
        for stem, pair in self._named.items():
            made |= data_pair_files(pair, stem=stem, files=files, provenance=said)
        problem = self.search.problem
        arrays = problem.arrays if isinstance(problem, ResidualNorm) else problem
        if self.pair is not None and arrays.rows * arrays.features <= _MOST_ENTRIES:
            for number, one in ((1, self.pair.first), (2, self.pair.second)):
                made |= _data_set(problem, one, f"pair-{number}", said)
        return made


def enclosed_files(
    question: EnclosedQuestion,
    determined: AnyDetermined | None,
    sets: EnclosedSets | None,
) -> dict[str, bytes]:
    """Return the certificate `coefficients`, those of data sets that differ, and files beside them, by name.

    Raises:
        SciBarriersError: if a number or an array exceeds the caps of the format.
    """
    fields = {MATRIX: "matrix", DATA: "data"}
    files = {fields[name]: (name, content) for name, content in question.arrays.items()}
    said = producer() | {"subject": question.subject, "objective": question.objective}
    made: dict[str, bytes] = {}
    if determined is not None:
        made |= data_digits_files(determined, question.coefficients, stem=_STEM, files=files, provenance=said)
    return made if sets is None else made | sets.files(files, said)


def _data_set(
    problem: ComplexLeastSquares | ResidualNorm, one: EnclosedVariation, stem: str, said: dict[str, str]
) -> dict[str, bytes]:
    """Return one data set in float64 as files, to be fitted by whoever wants to, and what is proved of its minimisers.

    Numbers that are not float64 are rounded to the nearest.
    """
    given = varied(problem, one)
    arrays = given.arrays if isinstance(given, ResidualNorm) else given
    try:
        matrix, data = rounded_complex(arrays.matrix), rounded_complex(arrays.data)
    except OverflowError:
        return {}
    known: ComplexDetermined | UnsquaredDetermined | None
    if isinstance(given, ResidualNorm):
        rounded = replace(given, arrays=replace(given.arrays, matrix=matrix, data=data))
        known = determine_unsquared(rounded, guess=one.determined.point)
    else:
        known = determine_complex(replace(given, matrix=matrix, data=data), guess=one.determined.point)
    pairs = isinstance(given, ComplexLeastSquares)
    files = {
        "matrix": array_file(f"{stem}-X", matrix, pairs=pairs),
        "data": array_file(f"{stem}-y", data, vector=True, pairs=pairs),
    }
    return {} if known is None else data_digits_files(known, stem=stem, files=files, provenance=said)
