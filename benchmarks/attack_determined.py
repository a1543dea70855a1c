"""Attack what is proved of all data within a precision, by data within it that are solved exactly.

    python benchmarks/attack_determined.py [--fits] [--cases N] [--attacks N] [--seed S]

Each case is a small problem with any options, radii of any kind, and the outcomes at some scales; each attack is a data
set at one of them, aimed at the distance, at one coefficient or at the slope of a column that is out, or random. With
--fits it is about what is proved without independent columns, of problems in which some depend on each other. It also
says how near to the bounds the attacks came, and compares the outcomes with those of the checker. Exits with 1 if an
outcome was wrong, or the checker finds another one.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flint import fmpq

from proofs_checks import verify_bytes
from sci_barriers.certificates.data_digits import data_digits_certificate
from sci_barriers.problems.determined.determining import determine, longest, stable_scales
from sci_barriers.problems.determined.fits import determine_fit
from sci_barriers.problems.penalised.problem import entries_of
from sci_barriers.problems.penalised.solving import minimise
from tests.sci_barriers.data_attacks import (
    Attacks,
    changed_status,
    checked_outcomes,
    differences,
    drawn_precision,
    drawn_problem,
    faults,
    generator,
)
from tests.sci_barriers.fit_attacks import FitAttacks, checked_fits, dependent_problem, fit_differences, fit_faults

_LARGE = 2**30
_NEAR = fmpq(2**20 - 1, 2**20)
_SCALES = (fmpq(1, 4), fmpq(1), fmpq(4))


def case(seed: int, attacks: int, counts: Counter[str], ratios: list[float]) -> list[str]:
    """Try one case; return what is wrong."""
    rng = generator(seed)
    problem = drawn_problem(rng)
    precision = drawn_precision(rng, problem)
    solution = minimise(problem)
    limit = longest(solution, precision)
    stable = stable_scales(solution, precision)
    scales = [*_SCALES, *([limit * _NEAR] if 0 < limit < _LARGE else [])]
    found = determine(solution, precision, scales=scales)
    counts["cases"] += 1
    if found is None:
        counts["nothing proved"] += 1
        return []
    wrong: list[str] = []
    certificate = data_digits_certificate(found)
    if verify_bytes(certificate).verdict != "valid":
        return ["the certificate is not valid"]
    for ours, theirs in zip(found.outcomes, checked_outcomes(certificate), strict=True):
        wrong += [f"the checker differs in {name} at {ours.scale}" for name in differences(ours, theirs)]
    aims = Attacks(problem, found, rng)
    best: dict[fmpq, float] = {}
    for direction in aims.directions(attacks):
        for outcome in found.outcomes:
            counts["attacks, unique" if outcome.unique else "attacks, distance"] += 1
            bad, ratio = faults(aims.data(precision, outcome.scale, direction), outcome, found.point)
            best[outcome.scale] = max(best.get(outcome.scale, 0.0), ratio)
            wrong += [f"{name} at {outcome.scale}" for name in bad]
    for direction in aims.directions(2):
        j = rng.randrange(problem.features)
        if 0 < stable[j] < _LARGE:
            counts["attacks, stable scale"] += 1
            if changed_status(aims.data(precision, stable[j], direction), j, found.point):
                wrong.append(f"column {j} changes within its stable scale")
    ratios += best.values()
    return wrong


def fit_case(seed: int, attacks: int, counts: Counter[str], shares: tuple[list[float], list[float]]) -> list[str]:
    """Try one case of fits; return what is wrong."""
    rng = generator(seed)
    problem = dependent_problem(rng)
    precision = drawn_precision(rng, problem)
    solution = minimise(problem)
    found = determine_fit(solution, precision, scales=_SCALES)
    counts["cases"] += 1
    if found is None:
        counts["no more than y alone shows"] += 1
        return []
    counts["cases of which nothing else is proved"] += determine(solution, precision, scales=_SCALES) is None
    certificate = data_digits_certificate(found)
    if verify_bytes(certificate).verdict != "valid":
        return ["the certificate is not valid"]
    wrong: list[str] = []
    penalised = all(mu > 0 for mu in entries_of(problem.penalties)[: problem.features])
    for ours, theirs in zip(found.outcomes, checked_fits(certificate), strict=True):
        wrong += [
            f"the checker differs in {name} at {ours.scale}"
            for name in fit_differences(ours, theirs, penalised=penalised)
        ]
    aims = FitAttacks(problem, found, rng)
    best: dict[fmpq, list[float]] = {}
    for direction in aims.directions(attacks):
        for outcome in found.outcomes:
            counts["attacks"] += 1
            bad, near = fit_faults(aims.data(precision, outcome.scale, direction), outcome, found, rng)
            most = best.setdefault(outcome.scale, [0.0, 0.0])
            most[:] = map(max, most, near)
            wrong += [f"{name} at {outcome.scale}" for name in bad]
    for part, values in zip(shares, zip(*best.values(), strict=True), strict=False):
        part += values
    return wrong


def said(name: str, ratios: list[float]) -> None:
    """Print how near attacks came to a bound."""
    ratios.sort()
    if ratios:
        parts = ", ".join(f"{share}: {ratios[int(share / 100 * (len(ratios) - 1))]:.4f}" for share in (10, 50, 90, 100))
        print(f"largest {name} found over the bound, percentiles: {parts}")


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fits", action="store_true")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--attacks", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    ratios: list[float] = []
    fits: list[float] = []
    failed = 0
    for number in range(options.cases):
        seed = options.seed * 1_000_003 + number
        tried = (
            fit_case(seed, options.attacks, counts, (fits, ratios))
            if options.fits
            else case(seed, options.attacks, counts, ratios)
        )
        for words in tried:
            failed += 1
            print(f"seed {seed}: {words}")
    for name, count in sorted(counts.items()):
        print(f"{name}: {count:,}")
    said("change of the fitted values", fits)
    said("distance", ratios)
    print(f"wrong: {failed:,}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
