"""Vectors that refute what a certificate says of a mask of Walsh samples: of the kernel, and single coefficients."""

from itertools import combinations

from tests.proofs_checks.builders import F
from tests.proofs_checks.walsh_reference import decoded, levels_of, mask_of, numbers, ratio

MOST = 60  # of vectors of a subband
STEPS = [F(n, 64) for n in (1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 4096)]


def whole(claim):
    return mask_of(int(claim["dimension"], 16), int(claim["bits"], 16), "f" * len(claim["mask"]))


def kernel(found, everything, name):
    """Vectors on a subband whose samples are 0: sums and differences of the characters that are not taken."""
    taken = {tuple(line) for line in found.signs[name]}
    missing = [line for line in everything.signs[name] if tuple(line) not in taken]
    sums = [part for size in (1, 2, 3, len(missing)) for part in combinations(missing, size) if size <= len(missing)]
    yield from ([sum(column) for column in zip(*part, strict=True)] for part in sums[:MOST] if part)


def null_space_walsh(claim, evidence):
    """Whether a vector has ‖x_D‖ > rho ‖x_Dc‖_w / sqrt(xi) + gamma ‖Ax‖."""
    found = decoded(claim, evidence["weights"], claim["scales"])
    everything = type(found)(found.d, int(claim["bits"], 16), whole(claim))
    rho, gamma = ratio(claim["rho"]), ratio(claim["gamma"])
    levels, weights = levels_of(found, claim), [ratio(level["weight"]) for level in claim["levels"]]
    xi = sum(s * w * w for (_, _, s), w in zip(levels, weights, strict=True))
    for (names, _, s), w in zip(levels, weights, strict=True):
        for name in names:
            # one coefficient is its own support
            if gamma**2 * found.scales[name] * len(found.rows[name]) < found.size(name):
                return True
            for v in kernel(found, everything, name):
                moduli = sorted(map(abs, v), reverse=True)
                if xi * sum(x * x for x in moduli[:s]) > (rho * w * sum(moduli[s:])) ** 2:
                    return True
    return False


def recovery_walsh(claim, evidence):
    """Whether an admissible x is farther away: the point, less something of the kernel."""
    noise, rest = claim["noise"], claim["compressibility"]
    found = decoded(claim, evidence["weights"] or noise["weights"], claim["scales"])
    everything = type(found)(found.d, int(claim["bits"], 16), whole(claim))
    point, data, bound, place = numbers(claim["point"]), numbers(claim["data"]), ratio(claim["bound"]), 0
    levels, squares, largest = levels_of(found, claim), [], []
    for names, _, _ in levels:
        squares.append(F(0))
        largest.append(F(0))
        for name in names:
            samples = found.samples(name, point)
            off = [a - b for a, b in zip(samples, data[place : place + len(samples)], strict=True)]
            place += len(samples)
            squares[-1] += sum(x * x for x in off) * found.scales[name] / found.size(name)
            largest[-1] = max(largest[-1], *map(abs, found.q(name, off)))
    if "total" in noise:
        fits = sum(squares) <= ratio(noise["total"]) ** 2
    else:
        fits = all(
            q <= ratio(level["correlation"]) if "correlation" in level else square <= ratio(level["norm"]) ** 2
            for q, square, level in zip(largest, squares, noise["levels"], strict=True)
        )
    if not fits:
        return False

    def compressible(x):
        rests = []
        for names, size, s in levels:
            moduli = sorted((abs(x[i]) for name in names for i in found.columns[name]), reverse=True)
            rests.append(None if s == size else sum(moduli[s:]))
        if "total" in rest:
            return sum(r * ratio(w) for r, w in zip(rests, rest["weights"], strict=True) if r is not None) <= ratio(
                rest["total"]
            )
        return all(r <= ratio(x) for r, x in zip(rests, rest["levels"], strict=True) if r is not None)

    for name in found.names:
        for v in kernel(found, everything, name):
            for t in STEPS:
                x = list(point)
                for i, value in zip(found.columns[name], v, strict=True):
                    x[i] -= t * value
                if t * t * sum(value * value for value in v) > bound**2 and compressible(x):
                    return True
    return False
