"""Where to look for the point nearest to several sets of minimisers: a cone program, in floating point.

Nothing rests on it: sci_barriers/breakdown/radius.py makes exact numbers of what it finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import ctx
from numpy.typing import NDArray

from exact_base.rationals import power_of_two
from exact_base.scalars import ExactArray, abs2, as_rational, ball, exact, imaginary_part, norm2, real_part, zeros
from sci_barriers.breakdown.chebyshev import load_solver
from sci_barriers.problems import ArgminSet, Projection
from sci_barriers.problems.base import ceiling

__all__ = ["propose_centre", "real_parts"]

_GRID_BITS = 24
"""The centre is rounded to 2^-24 of the scale: few bits, as its exact place is found later."""
_FAR = 1e4
"""A bound that is farther than this many times the scale is as good as none, and better for the solver."""

_TOLERANCE = 1e-14
"""As far as the solver gets: R is flat in the weights at the best ones, so that they are half as precise as R."""


def real_parts(vector: ExactArray) -> ExactArray:
    """Return the real and then the imaginary parts of a vector of length N, length 2N."""
    return np.array([part(entry) for part in (real_part, imaginary_part) for entry in vector], dtype=object)


def propose_centre(
    sets: Sequence[ArgminSet], centre: ExactArray, nearest: Sequence[Projection], *, exponent: int
) -> tuple[ExactArray, NDArray[Any]] | None:
    """Return about the z that minimises max_j dist(z, Ξ_j), and the weights of the sets in the optimality conditions.

    The program is: minimise R over R, z and t_j >= 0 with M_j t_j = b_j and ‖z - P_j t_j‖ <= R. It is solved for the
    changes of z and t_j in units of 2^exponent, so that it can be solved again, nearer to the answer, in smaller units.

    Args:
        sets: the sets Ξ_j of real or complex vectors of length N, in one field Q(√s).
        centre: a place c to begin at, length N.
        nearest: an element of each set, with its parameters t_j.
        exponent: 2^exponent is about how far z may be from c.

    Returns:
        z, length 2N, real parts first, in multiples of 2^(exponent - 24), and weights >= 0 that nearly sum to 1; None
        if the solver fails.

    Raises:
        UsageError: if the solver is not installed.
    """
    clarabel, sparse = load_solver()
    with ctx.workprec(128):
        blocks = [_block(one, element.parameters, exponent) for one, element in zip(sets, nearest, strict=True)]
        away = [_floats(real_parts(centre - element.point) * power_of_two(-exponent)) for element in nearest]
    places, count = 2 * sets[0].problem.columns, len(blocks)
    system = sparse.block_diag([matrix for matrix, _, _ in blocks])
    lines, parameters = system.shape
    # the variables are the changes of z and t, and R; the rows of each cone are R and z - P_j t_j
    cone = sparse.vstack([sparse.csc_matrix((1, places)), sparse.eye(places)])
    first = sparse.csc_matrix(([1.0], ([0], [0])), shape=(places + 1, 1))
    spread = sparse.block_diag([np.vstack([np.zeros(len(start)), phases]) for _, phases, start in blocks])
    rows = sparse.bmat(
        [
            [sparse.csc_matrix((lines, places)), system, None],
            [None, -sparse.eye(parameters), None],
            [-sparse.vstack([cone] * count), spread, -sparse.vstack([first] * count)],
        ],
        format="csc",
    )
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = _TOLERANCE
    solution = clarabel.DefaultSolver(
        sparse.csc_matrix((rows.shape[1], rows.shape[1])),
        np.concatenate([np.zeros(places + parameters), [1.0]]),
        rows,
        np.concatenate(
            [
                np.zeros(lines),
                *(np.minimum(start, _FAR) for _, _, start in blocks),
                *(np.concatenate([[0.0], offset]) for offset in away),
            ]
        ),
        [
            clarabel.ZeroConeT(lines),
            clarabel.NonnegativeConeT(parameters),
            *[clarabel.SecondOrderConeT(places + 1)] * count,
        ],
        settings,
    ).solve()
    moved, dual = np.asarray(solution.x, dtype=float)[:places], np.asarray(solution.z, dtype=float)
    if moved.shape != (places,) or not np.isfinite(moved).all() or not np.isfinite(dual).all():
        return None
    unit, found = power_of_two(exponent), zeros(places)
    for i, (entry, change) in enumerate(zip(real_parts(centre), moved, strict=True)):
        place = entry + unit * as_rational(exact(change))
        found[i] = ceiling(place, bits=_GRID_BITS - exponent)
    return found, np.array([max(dual[-(places + 1) * k], 0.0) for k in range(count, 0, -1)])


def _floats(array: ExactArray) -> NDArray[Any]:
    result = np.zeros(array.shape)
    for position, entry in np.ndenumerate(array):
        result[position] = float(ball(entry).mid())
    return result


def _block(one: ArgminSet, parameters: ExactArray, exponent: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """M_j, P_j and t_j for columns of P_j of length 1, rows of M_j with entries up to 1, t_j in units of 2^exponent."""
    lengths = [ball(abs2(phase)).sqrt() for phase in one.phases]
    if one.has_ray:
        lengths.append(ball(norm2(one.minimiser.direction)).sqrt())
    matrix = np.zeros(one.constraint[0].shape)
    for (row, k), entry in np.ndenumerate(one.constraint[0]):
        matrix[row, k] = float((ball(entry) / lengths[k]).mid())
    matrix = matrix / np.maximum(np.abs(matrix).max(axis=1, initial=0, keepdims=True), 1e-300)
    columns = one.problem.columns
    phases = np.zeros((2 * columns, len(lengths)))
    for k, (i, phase) in enumerate(zip(one.active, one.phases, strict=True)):
        phases[i, k], phases[columns + i, k] = (
            float((ball(part(phase)) / lengths[k]).mid()) for part in (real_part, imaginary_part)
        )
    unit = ball(power_of_two(exponent))
    start = [float((ball(t) * length / unit).mid()) for t, length in zip(parameters, lengths, strict=True)]
    return matrix, phases, np.array(start)
