"""Certificates made by hand from fractions.Fraction, sharing no code with the package.

A scalar is an int, a Fraction, or a tuple (a, b, c, d) of them for a + b√s + i(c + d√s).
"""

import copy
import hashlib
import json
from fractions import Fraction
from math import isqrt, lcm

F = Fraction


def rat(x):
    x = F(x)
    return [hex(x.numerator), hex(x.denominator)]


def parts(x):
    values = [F(v) for v in x] if isinstance(x, tuple) else [F(x)]
    return tuple(values + [F(0)] * (4 - len(values)))


def _numerator(a, b, c, d):
    def real(p, q):
        return {"a": hex(p), "b": hex(q)} if q else hex(p)

    return {"re": real(a, b), "im": real(c, d)} if c or d else real(a, b)


def matrix(rows):
    """A matrix from a list of rows of scalars."""
    cells = {(i, j): parts(x) for i, row in enumerate(rows) for j, x in enumerate(row)}
    den = lcm(*(v.denominator for cell in cells.values() for v in cell))
    entries = [
        [hex(i), hex(j), _numerator(*(int(v * den) for v in cell))]
        for (i, j), cell in sorted(cells.items())
        if any(cell)
    ]
    return {"rows": hex(len(rows)), "cols": hex(len(rows[0])), "den": hex(den), "entries": entries}


def column(values):
    return matrix([[x] for x in values])


def canonical(obj):
    return json.dumps(obj, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def seal(envelope):
    """The file's bytes, the digest computed afresh."""
    content = {key: value for key, value in envelope.items() if key != "sha256"}
    return canonical({**content, "sha256": hashlib.sha256(canonical(content)).hexdigest()}) + b"\n"


def envelope(kind, claim, evidence, provenance=None):
    return {
        "format": "sci-barriers-certificate",
        "version": "0x1",
        "kind": kind,
        "claim": claim,
        "evidence": evidence,
        "provenance": provenance or {},
    }


def changed(data, path, value):
    """The certificate with one field replaced (or deleted, for the value `...`), sealed again.

    `path` is a list of keys and indices.
    """
    obj = copy.deepcopy(json.loads(data))
    target = obj
    for key in path[:-1]:
        target = target[key]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return seal(obj)


# --- generic kinds -----------------------------------------------------------------------------------------------


def problem(name, A, y, parameter, weights=None):
    fields = {
        "name": name,
        "matrix": matrix(A),
        "parameter": rat(parameter),
        "weights": column(weights or [1] * len(A[0])),
    }
    return fields if y is None else {**fields, "data": column(y)}


def minimiser(name, A, y, parameter, x, *, unique=False, inverse=None, dual=None, root=0, weights=None):
    claim = {
        "problem": problem(name, A, y, parameter, weights),
        "point": column(x),
        "unique": unique,
        "root": hex(root),
    }
    evidence = {"dual": dual and column(dual), "left_inverse": inverse and matrix(inverse)}
    return seal(envelope("minimiser", claim, evidence))


def gap(name, A, y, parameter, x, u, g, *, root=0, weights=None):
    claim = {"problem": problem(name, A, y, parameter, weights), "point": column(x), "gap": rat(g), "root": hex(root)}
    return seal(envelope("gap", claim, {"dual": column(u)}))


def training_data(name, A, parameter, samples, triples, *, root=0, weights=None):
    """`triples` lists (k, n, A_n, y_kn, x_kn, z) or (k, n, A_n, y_kn, x_kn, z, dual)."""
    claim = {
        "problem": problem(name, A, None, parameter, weights),
        "samples": [column(y) for y in samples],
        "root": hex(root),
        "triples": [
            {"k": hex(k), "n": hex(n), "matrix": matrix(B), "data": column(y), "point": column(x)}
            for k, n, B, y, x, *_ in triples
        ],
    }
    minimisers = [
        {"point": column(z), "dual": column(dual[0]) if dual else None} for _, _, _, _, _, z, *dual in triples
    ]
    return seal(envelope("training-data", claim, {"minimisers": minimisers}))


# --- the class ---------------------------------------------------------------------------------------------------


def ceil_root(x, n):
    """√x rounded up to a multiple of 2^-n."""
    scaled = F(x) * 4**n
    root = isqrt(scaled.numerator // scaled.denominator)
    while root * root < scaled:
        root += 1
    return F(root, 2**n)


class Class:
    """The class object, with every number of docs/format.md recomputed here from its definition."""

    def __init__(self, name, *, alpha, parameter, m=2, N=3, K=3, family="strong", householder=None):
        self.name, self.alpha, self.parameter = name, F(alpha), F(parameter)
        self.m, self.N, self.K, self.family, self.householder = m, N, K, family, householder
        self.d = N - m + 1
        weak = family == "weak"
        self.T, self.beta = (K - 1, self.alpha / 16) if weak else (K, self.alpha)
        self.eps = F(1, 10**self.T) if self.T >= 0 else F(10)

    def delta(self, q):
        return F(1, 2 ** (q + (4 if self.family == "weak" else 0)))

    def height(self, t):
        p = self.parameter
        return {"bpdn": (1 - p) / t, "lasso": (1 - p / (2 * t)) / t, "sqrt-lasso": 1 / t}[self.name]

    @property
    def h(self):
        return self.height(self.beta)

    def top(self, q):
        return self.height(self.beta + self.delta(q))

    @property
    def c0_squared(self):
        return self.d * self.beta**2

    @property
    def control_squared(self):
        return self.beta**2 * F(self.d + 3, 4)

    def obj(self):
        return {
            "problem": self.name,
            "parameter": rat(self.parameter),
            "alpha": rat(self.alpha),
            "rows": hex(self.m),
            "columns": hex(self.N),
            "digits": hex(self.K),
            "family": self.family,
            "householder": self.householder and [hex(v) for v in self.householder],
        }

    def vector(self, values):
        return list(values) + [0] * (self.N - len(values))

    def read(self, n, *, c=None, x=None, k=1):
        """The common oracle's answer, unless told otherwise."""
        c = ceil_root(self.c0_squared, n) if c is None else c
        x = [self.h / self.d] * self.d if x is None else x
        return [hex(k), hex(n), rat(c), column(self.vector(x))]

    def control_read(self, n, *, c=None, x=None):
        c = ceil_root(self.control_squared, n) if c is None else c
        return [hex(1), hex(n), rat(c), column(self.vector([self.h] if x is None else x))]


def barrier(cls, reads, z, *, q, i=1, access="query"):
    claim = {
        "class": cls.obj(),
        "access": access,
        "exponent": hex(q),
        "index": hex(i),
        "output": column(cls.vector(z)),
    }
    return seal(envelope("barrier", claim, {"transcript": reads}))


def budget(cls, reads, z, *, M, q, i=1, access="query"):
    """Kind budget; without an answer z there is no index either."""
    claim = {
        "class": cls.obj(),
        "access": access,
        "budget": hex(M),
        "exponent": hex(q),
        "index": None if z is None else hex(i),
        "output": None if z is None else column(cls.vector(z)),
    }
    return seal(envelope("budget", claim, {"transcript": reads}))


def enumerated(cls, reads, outcomes, bound, *, q, den, i=1, M=None, access="query"):
    """Kind randomised; `outcomes` lists (weight, precisions, z or None)."""
    claim = {
        "class": cls.obj(),
        "access": access,
        "bound": rat(bound),
        "budget": None if M is None else hex(M),
        "exponent": hex(q),
        "index": hex(i),
        "method": "enumerated",
    }
    listed = [{"weight": hex(weight), **_outcome(cls, ns, z)} for weight, ns, z in outcomes]
    return seal(envelope("randomised", claim, {"denominator": hex(den), "outcomes": listed, "transcript": reads}))


def sampled(cls, reads, outcomes, bound, level, *, q, unhalted=(), i=1, M=None, access="query"):
    """Kind randomised; `outcomes` lists (seeds, precisions, z or None)."""
    claim = {
        "class": cls.obj(),
        "access": access,
        "bound": rat(bound),
        "budget": None if M is None else hex(M),
        "exponent": hex(q),
        "index": hex(i),
        "level": rat(level),
        "method": "sampled",
    }
    listed = [{"seeds": [hex(seed) for seed in seeds], **_outcome(cls, ns, z)} for seeds, ns, z in outcomes]
    evidence = {"outcomes": listed, "transcript": reads, "unhalted": [hex(seed) for seed in unhalted]}
    return seal(envelope("randomised", claim, evidence))


def _outcome(cls, ns, z):
    return {"reads": [hex(n) for n in ns], "output": None if z is None else column(cls.vector(z))}


def control(cls, reads, z, verdict, *, access="query"):
    claim = {"class": cls.obj(), "access": access, "output": column(cls.vector(z)), "verdict": verdict}
    return seal(envelope("control", claim, {"transcript": reads}))


# --- published numbers -------------------------------------------------------------------------------------------


def block(name, a, parameter, *, rows=2):
    """[[a^T, 0], [0, |a| I]], with as many columns as that gives."""
    return {
        "form": "block",
        "problem": name,
        "parameter": rat(parameter),
        "row": column(a),
        "rows": hex(rows),
        "columns": hex(len(a) + rows - 1),
    }


def dense(name, A, y, parameter, x, *, weights=None):
    return {"form": "dense", "problem": problem(name, A, y, parameter, weights), "point": column(x)}


def audit(instance, statements, points=None, *, root=0, dual=None, inverse=None):
    """Kind claim-audit; the evidence is that of the instance's form."""
    claim = {
        "instance": instance,
        "points": {key: column(z) for key, z in (points or {}).items()},
        "root": hex(root),
        "statements": statements,
    }
    evidence = {"dual": dual and column(dual), "left_inverse": inverse and matrix(inverse)}
    return seal(envelope("claim-audit", claim, evidence if instance["form"] == "dense" else {}))


def solution_set(instance, statements, points=None, *, root=0, dual=None, nearest=None):
    """Kind claim-audit, form set; `nearest` gives (p, q) for names of points."""
    claim = {
        "instance": {**instance, "form": "set"},
        "points": {key: column(z) for key, z in (points or {}).items()},
        "root": hex(root),
        "statements": statements,
    }
    witnesses = {name: {"point": column(p), "multiplier": q and column(q)} for name, (p, q) in (nearest or {}).items()}
    return seal(envelope("claim-audit", claim, {"dual": dual and column(dual), "nearest": witnesses}))


def distance(point, low, high, *, to="minimiser", holds=True):
    return {"type": "distance", "point": point, "to": to, "low": rat(low), "high": rat(high), "holds": holds}


def relative(point, low, high, *, holds=True):
    return {"type": "relative", "point": point, "low": rat(low), "high": rat(high), "holds": holds}


def excess(point, low, high):
    return {"type": "excess", "point": point, "low": rat(low), "high": rat(high)}


def objective(point, low, high, *, holds=True):
    return {"type": "objective", "point": point, "low": rat(low), "high": rat(high), "holds": holds}


def steps(tau, sigma, *, holds=True):
    return {"type": "steps", "tau": rat(tau), "sigma": rat(sigma), "holds": holds}


def float64(first, second, units):
    return {"type": "float64", "first": hex(first), "second": hex(second), "steps": hex(units)}


class Chain:
    """An input with nested ties, with every number of docs/format.md recomputed here from its definition."""

    def __init__(self, cls, ties, removed=(), exponents=()):
        self.cls, self.ties, self.removed, self.exponents = cls, ties, list(removed), list(exponents)
        self.s = next(s for s in range(20) if 4**s >= 4 * ties)

    def entries(self, count):
        """a^(k), and T_k, for k = count."""
        tied = set(range(1, self.ties + 1))
        a = [self.cls.alpha if i in tied else self.cls.alpha / 2 for i in range(1, self.cls.d + 1)]
        for i, q in list(zip(self.removed, self.exponents, strict=True))[:count]:
            tied -= {i}
            a = [v + F(1, 2 ** (q + self.s)) * (j in tied) for j, v in enumerate(a, start=1)]
        return a, sorted(tied)

    @property
    def c_squared(self):
        return sum(v * v for v in self.entries(len(self.removed))[0])

    def height(self, count=None):
        return self.cls.height(max(self.entries(len(self.removed) if count is None else count)[0]))

    def point(self, weights, height=None):
        """height times a convex combination; `weights` is {column: weight}."""
        height = self.height() if height is None else height
        return [height * weights.get(i, 0) for i in range(1, self.cls.d + 1)]

    def read(self, n, *, c=None, x=None):
        """The answer of an honest oracle of a^(k), with the centroid, unless told otherwise."""
        count = sum(q < n for q in self.exponents)
        a, tied = self.entries(count)
        c = ceil_root(sum(v * v for v in a), n) if c is None else c
        x = self.point({i: F(1, len(tied)) for i in tied}, self.height(count)) if x is None else x
        return [hex(1), hex(n), rat(c), column(self.cls.vector(x))]


def nested(chain, reads, outcomes, bound, *, den, M=None, access="query"):
    """Kind nested-ties; `outcomes` lists (weight, precisions, z or None)."""
    cls = chain.cls
    claim = {
        "class": cls.obj(),
        "access": access,
        "bound": rat(bound),
        "budget": None if M is None else hex(M),
        "exponents": [hex(q) for q in chain.exponents],
        "removed": [hex(i) for i in chain.removed],
        "ties": hex(chain.ties),
    }
    listed = [{"weight": hex(weight), **_outcome(cls, ns, z)} for weight, ns, z in outcomes]
    return seal(envelope("nested-ties", claim, {"denominator": hex(den), "outcomes": listed, "transcript": reads}))
