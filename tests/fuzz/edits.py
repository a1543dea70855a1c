"""Random edits of certificates that know their structure, made from a seed; the digest is computed afresh.

Most numbers change by a little or into another number of the file, and most results are put into canonical form again,
so that many of them reach the rules.
"""

import json
import random
import re
from copy import deepcopy
from math import gcd

from tests.proofs_checks.builders import F, seal
from tests.proofs_checks.solution_builders import packed

INTEGER = re.compile(r"-?0x[0-9a-f]+")
PACKED = {"bytes", "den", "digits", "offset", "shape"}
SIZES = {"rows", "cols", "columns", "root"}  # a change of one, or of a position, is hardly ever well formed
WORDS = (
    ["bpdn", "lasso", "sqrt-lasso"], ["strong", "weak"], ["query", "stream"], ["ok", "inaccurate"],
    ["block", "dense", "set"], ["distance", "relative", "excess", "objective", "steps", "float64"],
    ["tie", "member", "control"], ["class", "family"], ["minimiser", "z", "x", "w"],
    ["yes", "no", "open"],
)  # fmt: skip
HOSTILE = (
    None, True, False, "", "0x", "-0x0", "0x00", "0X1", "1", "1e400", "NaN", "\x00", "\ufeff0x1", "0x1\u202e", "０x１",
    "\U0001f600", "../x", "0x" + "f" * 5000, hex(10**5 + 1), hex(2**31), "-" * 1000, [], {}, [[]], ["0x1", "0x0"],
    ["0x1", "-0x1"],
    {"rows": "0x10000", "cols": "0x1", "den": "0x1", "entries": []},
    {"rows": "0x10000", "cols": "0x10000", "den": "0x1", "entries": []},
    {"a": "0x1", "b": "0x1"}, {"im": "0x1", "re": "0x0"},
)  # fmt: skip


def is_integer(value):
    return isinstance(value, str) and INTEGER.fullmatch(value) is not None


def places(value, path=()):
    """All paths below claim and evidence."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def number(rng, n, others):
    """Another integer: near n, made of n, or one that the file has elsewhere."""
    return rng.choice(
        (
            lambda: n + rng.choice((-1, 1)),
            lambda: n + rng.choice((-1, 1)) * rng.randrange(1, 10),
            lambda: -n,
            lambda: 0,
            lambda: n * rng.randrange(2, 5),
            lambda: n // 2,
            lambda: n ^ (1 << rng.randrange(max(n.bit_length(), 1) + 2)),
            lambda: rng.choice(others),
            lambda: n + rng.choice(others),
            lambda: rng.choice((1, -1)) << rng.randrange(80),
        )
    )()


def tidy(value):
    """Put what looks like a rational or a matrix into canonical form."""
    if isinstance(value, dict):
        value = {key: tidy(item) for key, item in value.items()}
        if value.keys() == PACKED:
            return _changed_packed(value, lambda entries: entries)
        return _tidy_matrix(value) if value.keys() == {"rows", "cols", "den", "entries"} else value
    if isinstance(value, list) and len(value) == 2 and all(map(is_integer, value)):
        num, den = (int(n, 16) for n in value)
        if den:
            divisor = gcd(num, den) * (1 if den > 0 else -1)
            return [hex(num // divisor), hex(den // divisor)]
    return [tidy(item) for item in value] if isinstance(value, list) else value


def _changed_packed(value, change):
    """A packed array with other entries, in canonical form."""
    try:
        width, den, offset = (int(value[key], 16) for key in ("bytes", "den", "offset"))
        digits, shape = value["digits"], [int(side, 16) for side in value["shape"]]
        starts = range(0, len(digits), 2 * width)
        return packed(change([F(int(digits[i : i + 2 * width], 16) - offset, den) for i in starts]), shape)
    except (ArithmeticError, TypeError, ValueError):
        return value  # an edit has made it no array


def _parts(z):
    pairs = (z["re"], z["im"]) if isinstance(z, dict) and "im" in z else (z, "0x0")
    return [int(n, 16) for p in pairs for n in ((p["a"], p["b"]) if isinstance(p, dict) else (p, "0x0"))]


def _tidy_matrix(value):
    try:
        den = int(value["den"], 16)
        cells = {(int(i, 16), int(j, 16)): _parts(z) for i, j, z in value["entries"]}
        divisor = gcd(den, *(n for parts in cells.values() for n in parts)) * (1 if den > 0 else -1)
        cells = {place: [n // divisor for n in parts] for place, parts in sorted(cells.items()) if any(parts)}
        den //= divisor
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return value  # an edit has made it no matrix

    def real(a, b):
        return {"a": hex(a), "b": hex(b)} if b else hex(a)

    entries = [
        [hex(i), hex(j), {"re": real(a, b), "im": real(c, d)} if c or d else real(a, b)]
        for (i, j), (a, b, c, d) in cells.items()
    ]
    return {**value, "den": hex(den), "entries": entries}


def edit(rng, obj, donor):
    """Change one thing in place."""
    path = rng.choice(
        [("claim", *p) for p in places(obj["claim"])] + [("evidence", *p) for p in places(obj["evidence"])]
    )
    parent, key = at(obj, path[:-1]), path[-1]
    value, action = parent[key], rng.random()
    place = key in SIZES or (len(path) > 2 and path[-3] == "entries" and key in (0, 1))
    if action < 0.02:
        parent[key] = deepcopy(rng.choice(HOSTILE))
    elif action < 0.03 and isinstance(parent, dict):
        parent[rng.choice((f"{key}x", "gap", "\u0430", "sha256"))] = parent.pop(key)
    elif action < 0.06:
        # the same field of another certificate
        found = [p for p in places(donor[path[0]]) if p[-1] == key]
        parent[key] = deepcopy(at(donor[path[0]], rng.choice(found))) if found else value
    elif action < 0.1 and isinstance(parent, list):
        other = rng.randrange(len(parent))
        change = rng.randrange(3)
        if change == 0:
            del parent[key]
        elif change == 1:
            parent.insert(other, deepcopy(value))
        else:
            parent[key], parent[other] = parent[other], value
    elif isinstance(value, bool):
        parent[key] = not value
    elif is_integer(value) and place and action < 0.95:
        edit(rng, obj, donor)
    elif is_integer(value):
        others = [int(n, 16) for n in map(lambda p: at(obj["claim"], p), places(obj["claim"])) if is_integer(n)]
        parent[key] = hex(number(rng, int(value, 16), others))
    elif key == "digits" and parent.keys() == PACKED and action < 0.95:
        parent.update(_changed_packed(parent, lambda entries: _one_changed(rng, entries)))
    elif key == "mask" and isinstance(value, str) and action < 0.95 and re.fullmatch("[0-9a-f]+", value):
        parent[key] = _other_mask(rng, value)
    elif isinstance(value, str):
        parent[key] = rng.choice(next((words for words in WORDS if value in words), [""]))
    else:
        edit(rng, obj, donor)


def _one_changed(rng, entries):
    """One entry moves by units of the denominator, or is another of the array."""
    k, den = rng.randrange(len(entries)), max(x.denominator for x in entries)
    others = [int(x * den) for x in entries if (x * den).denominator == 1]
    old = entries[k]
    new = F(number(rng, int(old * den), others), den)
    return [*entries[:k], new, *entries[k + 1 :]]


def _other_mask(rng, digits):
    """One sample more or less, or one in the place of another."""
    number, length = int(digits, 16), 4 * len(digits)
    for _ in range(rng.randrange(1, 3)):
        number ^= 1 << rng.randrange(length)
    return f"{number:0{len(digits)}x}"


def mutant(rng, data, donor):
    """A certificate with one to a few edits; now and then of another kind, or with its bytes changed as well."""
    obj = json.loads(data)
    other = json.loads(donor)
    for _ in range(min(1 + int(rng.expovariate(1)), 8)):
        if obj["claim"]:
            edit(rng, obj, other)
    if rng.random() < 0.85:
        obj["claim"], obj["evidence"] = tidy(obj["claim"]), tidy(obj["evidence"])
    if rng.random() < 0.01:
        obj["kind"] = other["kind"]
    made = seal(obj)
    if rng.random() < 0.02:
        where = rng.randrange(len(made))
        made = made[:where] + rng.randbytes(rng.randrange(3)) + made[where + 1 :]
    return made


def generator(seed):
    return random.Random(seed)
