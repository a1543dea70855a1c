"""Certificates of Walsh masks, made by hand like those of `builders`: rows from the definition, by sorting."""

import json
import math
from itertools import product

from tests.proofs_checks.builders import F, envelope, rat, seal
from tests.proofs_checks.solution_builders import packed
from tests.proofs_checks.walsh_reference import recovery_bound


def subbands(d, r):
    """(j, o) of each subband."""
    return [(0, (0,) * d)] + [(j, o) for j in range(r) for o in product((0, 1), repeat=d) if any(o)]


def size(d, subband):
    return 2 ** (d * subband[0])


def number(k, j):
    """The j lower bits of the Gray code of k in reverse order."""
    gray = k ^ k >> 1
    return sum((gray >> t & 1) << (j - 1 - t) for t in range(j))


def rows(d, r, b):
    """The samples of a subband in the order of their numbers a."""
    j, o = subbands(d, r)[b]
    axes = [range(2**j, 2 ** (j + 1)) if bit else range(2**j) for bit in o]
    if b == 0:
        axes = [range(1)] * d

    def place(k):
        a = 0
        for index in k:
            a = a << j | number(index, j)
        return a

    return sorted(product(*axes), key=place)


def everything(d, r):
    return set(product(range(2**r), repeat=d))


def chosen(d, r, places):
    """A mask from {subband: numbers of rows that are taken}; all of the subbands that are not named."""
    taken = set()
    for b in range(len(subbands(d, r))):
        here = rows(d, r, b)
        taken |= {here[a] for a in places[b]} if b in places else set(here)
    return taken


def mask_field(d, r, taken):
    bits = "".join("1" if k in taken else "0" for k in product(range(2**r), repeat=d))
    bits += "0" * (-len(bits) % 8)
    return "".join(f"{int(bits[i : i + 8], 2):02x}" for i in range(0, len(bits), 8))


def counts(d, r, taken):
    return [sum(k in taken for k in rows(d, r, b)) for b in range(len(subbands(d, r)))]


def standard_scales(d, r, taken):
    """N/m."""
    pairs = zip(subbands(d, r), counts(d, r, taken), strict=True)
    return [F(size(d, subband), m or 1) for subband, m in pairs]


def common(d, r, taken):
    return {"bits": hex(r), "dimension": hex(d), "mask": mask_field(d, r, taken)}


def weights_field(d, r, weights):
    """From {subband: weights of its rows in the mask}."""
    return [packed(weights[b]) if b in weights else None for b in range(len(subbands(d, r)))]


def null_space_walsh(d, r, taken, spread, rho, gamma, weights, *, scales=None):
    """`spread` has (end, sparsity, weight) of each level."""
    claim = common(d, r, taken) | {
        "gamma": rat(gamma),
        "levels": [{"end": hex(end), "sparsity": hex(s), "weight": rat(w)} for end, s, w in spread],
        "rho": rat(rho),
        "scales": [rat(x) for x in scales or standard_scales(d, r, taken)],
    }
    return seal(envelope("null-space-walsh", claim, {"weights": weights_field(d, r, weights)}))


def limits(values):
    return [None if x is None else rat(x) for x in values]


def recovery_walsh(
    d, r, taken, spread, data, point, bound, weights, *, sigma, noise, splits=None, scales=None, form="norm"
):
    """`spread` has (end, sparsity); `sigma` is a list, or (total, weights), and `noise` a list or a number.

    `form` is that of each level, or a list.
    """
    given = weights_field(d, r, weights)
    forms = form if isinstance(form, list) else [form] * len(spread)
    claimed = "correlation" in forms
    if isinstance(sigma, tuple):
        compressibility = {"total": rat(sigma[0]), "weights": limits(sigma[1])}
    else:
        compressibility = {"levels": limits(sigma)}
    if isinstance(noise, list):
        listed = [{name: rat(x)} for name, x in zip(forms, noise, strict=True)]
        noise = {"levels": listed, "weights": given if claimed else None}
    else:
        noise = {"total": rat(noise)}
    claim = common(d, r, taken) | {
        "bound": rat(bound),
        "compressibility": compressibility,
        "data": packed(data),
        "levels": [{"end": hex(end), "sparsity": hex(s)} for end, s in spread],
        "noise": noise,
        "point": packed(point),
        "scales": [rat(x) for x in scales or standard_scales(d, r, taken)] if "norm" in forms else None,
    }
    evidence = {"splits": None if splits is None else limits(splits), "weights": None if claimed else given}
    return seal(envelope("recovery-walsh", claim, evidence))


UNIT = F(1, 2**20)


def tight(*arguments, **options):
    """The same with the least bound that is a multiple of the unit."""
    loose = json.loads(recovery_walsh(*arguments[:6], 0, *arguments[6:], **options))
    least = recovery_bound(loose["claim"], loose["evidence"])
    return recovery_walsh(*arguments[:6], math.ceil(least / UNIT) * UNIT, *arguments[6:], **options)
