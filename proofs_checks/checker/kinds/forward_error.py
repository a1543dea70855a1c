"""Kind forward-error: what a network outputs, and what that is near to (docs/format.md, "kind forward-error")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from proofs_checks.certificate.reading import MalformedCertificate, decode_object
from proofs_checks.checker.core import words
from proofs_checks.checker.core.numbers import Ratio, Reader, Vector, abs2
from proofs_checks.checker.core.rules import Invalid, Statement, require
from proofs_checks.checker.core.statements import size_line
from proofs_checks.checker.kinds.null_space import prove
from proofs_checks.checker.kinds.operator_norm import check_high
from proofs_checks.checker.parts.constants import factors
from proofs_checks.checker.parts.fixed_point import Network, nearest
from proofs_checks.checker.parts.lines import reciprocal, root_above, upper_root
from proofs_checks.checker.parts.network_case import Case, decode_case
from proofs_checks.checker.parts.null_space_methods import ONE


def check(claim: dict[str, Any], evidence: dict[str, Any]) -> Statement:
    """Check a certificate of kind forward-error; raises MalformedCertificate and Invalid."""
    return checked("forward-error", claim, evidence, ("factor", "null_space"), _by_two_lemmas)


def _by_two_lemmas(case: Case) -> Ratio:
    """Return C1 / (lambda r)."""
    near, far = factors(case.wanted)
    require(case.lam * far <= near, "lambda", lambda: f"lambda = {words.ratio(case.lam)} exceeds C1 / (C2 r)")
    return near * reciprocal(case.lam)


def checked(
    kind: str, claim: dict[str, Any], evidence: dict[str, Any], keys: tuple[str, ...], constant: Callable[[Case], Ratio]
) -> Statement:
    """Check a certificate whose C2' is the constant of its case."""
    reader = Reader("0x0")
    case, output, bound = decode_case(claim, reader)
    decode_object(evidence, keys, "evidence")
    matrix, wanted = case.wanted.matrix, case.wanted
    factor = reader.matrix(evidence["factor"], "evidence.factor", rows=min(matrix.rows, matrix.cols), rational=True)
    if factor.cols > factor.rows:
        raise MalformedCertificate(
            f"evidence.factor must have at most {words.counted(factor.rows, 'column')}, not {factor.cols}"
        )
    try:
        how = prove(wanted, evidence["null_space"], reader, "evidence.null_space")
    except Invalid as error:
        raise Invalid("null-space", str(error)) from None
    check_high(matrix, case.norm, factor, rule="norm")
    least = constant(case)
    found, errors = _replayed(case)
    equal = all(z * output.den == a * found.den for z, a in zip(found.items, output.items, strict=True))
    require(equal, "output", lambda: f"it is another one: {words.entries(found)}")
    gap = _gap(case, least, errors)
    total = least * (case.delta + gap)
    require(total <= bound, "bound", lambda: f"what follows is a bound of {words.ratio(total)}")
    n, p, c2 = len(case.scales), case.blocks, "C2'"
    size = f"{words.counted(n, 'restart')} of {words.counted(p, 'block')}"
    lines = (
        f"Here lambda is at most {words.at_most(case.lam)}, and sigma(x) the weighted l1 distance to the vectors that "
        "are sparse in levels. Whether there is such an x is not shown.",
        size_line(bound, output, "z"),
        f"The bound is no less than the sum of C2' delta, at most {words.at_most(least * case.delta)}, and C2' g, at "
        f"most {words.at_most(least * gap)}; the objective at z exceeds that at x by at most g, rounding errors "
        f"included, {words.bounded('g', gap)} and {words.bounded(c2, least)}.",
        f"A is the {matrix.rows} x {matrix.cols} matrix of the file, and y its data. Output: {words.entries(output)}.",
        f"The network: {size}, {3 * n * p + 1} layers, t = {words.ratio(case.step)}, "
        f"{words.bounded('L', case.norm)}; {'from 0' if case.initial is None else 'from the guess of the file'}. "
        f"Fixed point: {words.counted(case.bits, 'bit')}, {case.matrix_bits} of the matrix.",
        wanted.levels.in_words(),
        f"Null space property with {words.bounded('rho', wanted.rho)} and {words.bounded('gamma', wanted.gamma)}.",
        *how,
    )
    title = (
        "In fixed point the network outputs exactly z, and every x with 2 lambda sigma(x) + 2 |Ax - y| <= "
        f"{words.at_least(case.delta)} lies within {words.at_most(bound)} of z."
    )
    return Statement(kind, title, lines)


def _replayed(case: Case) -> tuple[Vector, list[Ratio]]:
    """Return the output of the network, and err_k for each restart."""
    tau = case.step * reciprocal(case.norm)
    vectors = [case.data, *([] if case.initial is None else [case.initial])]
    limits = [tau * case.lam * weight for weight in case.weights]
    network = Network(case.wanted.matrix, vectors, tau, limits, case.bits, case.matrix_bits)
    f = root_above(reciprocal(ONE + -(case.step * case.step)))
    total: list[int] = []
    before, errors = ONE, []
    for k, scale in enumerate(case.scales):
        if k:
            # psi = total / (p alpha) of the restart before
            ratio = scale * reciprocal(before * Ratio(case.blocks, 1))
            x = [nearest(a * cast(int, ratio.num), ratio.den) for a in total]
        else:
            x = [0] * network.cols if case.initial is None else network.scaled(case.initial, scale)
        reach = network.reach(x, case.blocks, case.step)
        total = network.restart(x, network.scaled(case.data, tau * scale), case.blocks)
        moved = k > 0 or case.initial is not None
        errors.append(_error(case, network, reach, moved) * f * reciprocal(scale))
        before = scale
    items = [network.number(total, j) for j in range(case.wanted.matrix.cols)]
    last = before * Ratio(case.blocks << case.bits, 1)
    return Vector([z * last.den for z in items], cast(int, last.num)), errors


def _error(case: Case, network: Network, reach: int, moved: bool) -> Ratio:
    """Return e_0 + (p+1)/2 eta of a restart."""
    unit, excess, t = Ratio(1, 1 << case.bits), network.excess, case.step
    root_n, root_m = (upper_root(count, 1) for count in (network.cols, network.rows))
    primal = (root_n * Ratio(3 if network.paired else 1, 1) + excess * Ratio(network.dual_norm, 1)) * unit
    dual = (root_m * Ratio(3, 2) + ONE + excess * Ratio(3 * reach, 1)) * unit
    both = dual + t * primal + t * primal
    block = root_above(primal * primal + both * both + t * primal * both * Ratio(2, 1))
    start = root_n * unit * Ratio(1, 2) if moved else Ratio(0, 1)
    return start + block * Ratio(case.blocks + 1, 2)


def _gap(case: Case, least: Ratio, errors: Sequence[Ratio]) -> Ratio:
    """Return g_n, where `least` is C2'."""
    t, p = case.step, Ratio(case.blocks, 1)
    factor = (ONE + t) * case.norm * reciprocal(t + t)
    square = Ratio(0, 1)
    for weight in case.weights:
        square = Ratio(cast(int, square.num) + cast(int, weight.num) ** 2, weight.den**2)
    lipschitz = case.lam * root_above(square) + case.norm
    gap, unit = _start(case), 1 << case.bits + 64
    for scale, error in zip(case.scales, errors, strict=True):
        distance = least * (case.delta + gap)
        found = factor * (distance * distance * scale * reciprocal(p) + reciprocal(scale * p)) + lipschitz * error
        gap = Ratio(-(-cast(int, found.num) * unit // found.den), unit)
    return gap


def _start(case: Case) -> Ratio:
    """Return g_0, a bound of the objective at the start."""
    if case.initial is None:
        return root_above(case.data.norm2())
    matrix, x, length = case.wanted.matrix, case.initial, Ratio(0, 1)
    for weight, z in zip(case.weights, x.items, strict=True):
        length = length + weight * upper_root(cast(int, abs2(z)), x.den**2)
    return case.lam * length + root_above(case.data.minus(matrix.times(x)).norm2())
