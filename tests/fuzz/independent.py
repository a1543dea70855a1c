"""Whether the claim of an accepted certificate is true, computed another way and sharing no code with the checker.

Numbers are fractions, with their field operations; matrices are dense; members of the class are written out as
instances and solved by the optimality conditions of the general problem; uniqueness is a rank, semidefiniteness a set
of minors, square roots are enclosed. Only for certificates that were accepted: their form is taken for granted.
"""

import json
import math
from dataclasses import replace
from fractions import Fraction
from functools import cmp_to_key
from itertools import combinations, product

from tests.proofs_checks.data_fit_reference import AnyColumns
from tests.proofs_checks.data_reference import Complex, Determined, Known
from tests.proofs_checks.data_unsquared_reference import Bpdn, SqrtLasso
from tests.proofs_checks.penalised_reference import Reference
from tests.proofs_checks.walsh_reference import null_space_walsh, recovery_walsh


class X:
    """a + b√s + i(c + d√s), for one s in each file."""

    __slots__ = ("s", "v")

    def __init__(self, s, a=0, b=0, c=0, d=0):
        self.s, self.v = s, (Fraction(a), Fraction(b), Fraction(c), Fraction(d))

    def _of(self, other):
        return other if isinstance(other, X) else X(self.s, other)

    def __add__(self, other):
        return X(self.s, *(p + q for p, q in zip(self.v, self._of(other).v, strict=True)))

    __radd__ = __add__

    def __neg__(self):
        return X(self.s, *(-p for p in self.v))

    def __sub__(self, other):
        return self + -self._of(other)

    def __rsub__(self, other):
        return self._of(other) - self

    def __mul__(self, other):
        (a, b, c, d), (e, f, g, h), s = self.v, self._of(other).v, self.s
        re = (a * e + s * b * f - c * g - s * d * h, a * f + b * e - c * h - d * g)
        return X(s, *re, a * g + s * b * h + c * e + s * d * f, a * h + b * g + c * f + d * e)

    __rmul__ = __mul__

    def conj(self):
        a, b, c, d = self.v
        return X(self.s, a, b, -c, -d)

    def __truediv__(self, other):
        other = self._of(other)
        a, b, _, _ = (other * other.conj()).v
        return self * other.conj() * X(self.s, a, -b) * (1 / (a * a - self.s * b * b))

    def abs2(self):
        return self * self.conj()

    def __rtruediv__(self, other):
        return self._of(other) / self

    def __bool__(self):
        return any(self.v)

    @property
    def real(self):
        return not (self.v[2] or self.v[3])

    def __eq__(self, other):
        return not self - other

    def sign(self):
        """That of a real number, from enclosures of √s that shrink until they leave 0 outside."""
        if not self.real:
            raise ValueError("not a real number")
        if not self:
            return 0
        bits = 32
        while True:
            low, high = enclosure(self, bits)
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            bits *= 2

    def __le__(self, other):
        return (self._of(other) - self).sign() >= 0

    def __lt__(self, other):
        return (self._of(other) - self).sign() > 0

    def __gt__(self, other):
        return (self - other).sign() > 0

    def __ge__(self, other):
        return (self - other).sign() >= 0


def enclosure(x, bits):
    """Rationals low <= x <= high for real x."""
    a, b, _, _ = x.v
    root = math.isqrt(x.s << 2 * bits)
    ends = [a + b * Fraction(r, 1 << bits) for r in (root, root + (root * root != x.s << 2 * bits))]
    return min(ends), max(ends)


def root_above(x, bits):
    """A rational upper bound of √x, the root itself where it is rational."""
    v = enclosure(x, bits)[1]
    exact = Fraction(math.isqrt(v.numerator), math.isqrt(v.denominator))
    if exact * exact == v:
        return exact
    bits += v.denominator.bit_length()  # small numbers as closely as others
    return Fraction(math.isqrt(math.ceil(v * 4**bits)) + 1, 2**bits)


# --- reading -----------------------------------------------------------------------------------------------------


def integer(text):
    return int(text, 16)


def rational(pair):
    return Fraction(int(pair[0], 16), int(pair[1], 16))


def matrix(obj, s=0):
    den = integer(obj["den"])
    rows = [[X(s)] * integer(obj["cols"]) for _ in range(integer(obj["rows"]))]
    for i, j, z in obj["entries"]:
        parts = (z["re"], z["im"]) if isinstance(z, dict) and "im" in z else (z, "0x0")
        pairs = [(p["a"], p["b"]) if isinstance(p, dict) else (p, "0x0") for p in parts]
        rows[integer(i)][integer(j)] = X(s, *(Fraction(integer(n), den) for pair in pairs for n in pair))
    return rows


def column(obj, s=0):
    return [row[0] for row in matrix(obj, s)]


def inner(x, y):
    """The sum of x_i conj(y_i)."""
    return sum((a * b.conj() for a, b in zip(x, y, strict=True) if a and b), start=X(x[0].s))


def norm2(x):
    return inner(x, x)


def minus(x, y):
    return [a - b for a, b in zip(x, y, strict=True)]


def apply(A, x):
    return [sum((a * b for a, b in zip(row, x, strict=True) if a and b), start=X(x[0].s)) for row in A]


def adjoint(A):
    return [[a.conj() for a in line] for line in zip(*A, strict=True)]


# --- linear algebra ----------------------------------------------------------------------------------------------


def determinant_and_rank(rows):
    """Gaussian elimination with divisions."""
    rows, rank, det = [list(row) for row in rows], 0, None
    for j in range(len(rows[0])):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][j]), None)
        if pivot is None:
            continue
        top = rows[pivot][j] if pivot == rank else -rows[pivot][j]
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        det = top if det is None else det * top
        for i in range(rank + 1, len(rows)):
            factor = rows[i][j] / rows[rank][j]
            if factor:
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    full = rank == len(rows) == len(rows[0])
    return (det if full else rows[0][0] * 0), rank


def norm_at_most(D, square, *, strict=False):
    """‖D‖² <= square (or <): all principal minors of square·I - D D* are at least 0, or the leading ones above it."""
    D = D if len(D) <= len(D[0]) else adjoint(D)
    n = len(D)
    H = [[(square if i == j else 0) - inner(D[i], D[j]) for j in range(n)] for i in range(n)]
    sets = (
        [range(k + 1) for k in range(n)] if strict else [c for k in range(1, n + 1) for c in combinations(range(n), k)]
    )
    signs = [determinant_and_rank([[H[i][j] for j in chosen] for i in chosen])[0].sign() for chosen in sets]
    return min(signs) > 0 if strict else min(signs) >= 0


# --- the problems ------------------------------------------------------------------------------------------------


def optimal(name, A, y, w, p, x, u=None):
    """(whether x minimises, whether nothing else does), by the optimality conditions; u is a dual for Ax = y in P3."""
    r = minus(y, apply(A, x))
    if name == "bpdn" and norm2(y) <= p * p:
        return not any(x), True
    # g is a positive multiple of the subgradient, and square the square of that multiple
    bounds = [v if name == "bpdn" else p * v for v in w]
    g, square, ball = r, X(r[0].s, 1), False
    if name == "lasso":
        g = [2 * z for z in r]
    elif name == "sqrt-lasso" and any(r):
        square, ball = norm2(r), True
    elif name == "sqrt-lasso":
        if u is None or not norm2(u) <= 1:
            return False, False
        g, ball = u, norm2(u) == 1
    v = apply(adjoint(A), g)
    if name == "bpdn":
        k = next((i for i, z in enumerate(x) if z), None)
        if norm2(r) != p * p or k is None or not v[k]:
            return False, False
        square = v[k].abs2() / (w[k] * w[k])
    for v_i, x_i, b in zip(v, x, bounds, strict=True):
        turned = v_i * x_i.conj()
        if not v_i.abs2() <= square * b * b:
            return False, False
        if x_i and not (turned.real and turned.sign() >= 0 and turned.abs2() == square * b * b * x_i.abs2()):
            return False, False
    active = [i for i, (v_i, b) in enumerate(zip(v, bounds, strict=True)) if v_i.abs2() == square * b * b]
    lines = [[row[i] for row in A] for i in active] + ([g] if ball else [])
    return True, not lines or determinant_and_rank(lines)[1] == len(lines)


class Problem:
    def __init__(self, obj, s):
        self.name, self.p, self.A = obj["name"], rational(obj["parameter"]), matrix(obj["matrix"], s)
        self.w = [z.v[0] for z in column(obj["weights"])]
        self.y = column(obj["data"], s) if "data" in obj else None

    def l1_above(self, x, bits):
        exact = [(z if z.sign() >= 0 else -z) if z.real else root_above(z.abs2(), bits) for z in x]
        return sum((v * z for v, z in zip(self.w, exact, strict=True)), start=X(x[0].s))


def minimiser(claim, evidence):
    s = integer(claim["root"])
    problem, x = Problem(claim["problem"], s), column(claim["point"], s)
    u = evidence["dual"] and column(evidence["dual"], s)
    found, unique = optimal(problem.name, problem.A, problem.y, problem.w, problem.p, x, u)
    return found and (unique or not claim["unique"])


def gap(claim, evidence):
    """By weak duality, with roots enclosed more closely than the checker does."""
    s, bound, bits = integer(claim["root"]), rational(claim["gap"]), 512 + 8 * len(claim["gap"][1])
    problem, x, u = Problem(claim["problem"], s), column(claim["point"], s), column(evidence["dual"], s)
    p, r2 = problem.p, norm2(minus(problem.y, apply(problem.A, x)))
    scale = 1 if problem.name == "bpdn" else p
    if any(not v.abs2() <= (scale * w) ** 2 for v, w in zip(apply(adjoint(problem.A), u), problem.w, strict=True)):
        return False
    re = inner(problem.y, u).v
    dual, length = X(s, re[0], re[1]), problem.l1_above(x, bits)
    if problem.name == "bpdn":
        return r2 <= p * p and length - dual + p * root_above(norm2(u), bits) <= bound
    if problem.name == "lasso":
        return p * length + r2 - dual + norm2(u) * Fraction(1, 4) <= bound
    return norm2(u) <= 1 and p * length + root_above(r2, bits) - dual <= bound


def training_data(claim, evidence):
    s = integer(claim["root"])
    problem, samples = Problem(claim["problem"], s), [column(y, s) for y in claim["samples"]]
    at = {}
    for triple, witness in zip(claim["triples"], evidence["minimisers"], strict=True):
        k, n, z = integer(triple["k"]), integer(triple["n"]), column(witness["point"], s)
        A, y, x = matrix(triple["matrix"], s), column(triple["data"], s), column(triple["point"], s)
        u, unit = witness["dual"] and column(witness["dual"], s), Fraction(1, 2**n)
        difference = [minus(a, b) for a, b in zip(A, problem.A, strict=True)]
        if not 1 <= k <= len(samples) or at.setdefault(n, triple["matrix"]) != triple["matrix"]:
            return False
        if not (norm2(minus(y, samples[k - 1])) <= unit * unit and norm_at_most(difference, unit * unit)):
            return False
        if not (optimal(problem.name, A, y, problem.w, problem.p, z, u)[0] and norm2(minus(x, z)) <= unit * unit):
            return False
    return True


# --- the class ---------------------------------------------------------------------------------------------------


class Omega:
    """The class, with its instances written out; c only meets zeros of x, so that any c gives the same minimisers."""

    def __init__(self, obj):
        self.name, self.p, self.alpha = obj["problem"], rational(obj["parameter"]), rational(obj["alpha"])
        self.m, self.N, self.K = integer(obj["rows"]), integer(obj["columns"]), integer(obj["digits"])
        self.d, self.weak = self.N - self.m + 1, obj["family"] == "weak"
        self.beta = self.alpha / 16 if self.weak else self.alpha
        self.eps = Fraction(1, 10 ** (self.K - 1 if self.weak else self.K))
        v = obj["householder"]
        self.fine = (
            1 <= self.m < self.N
            and int(self.weak) < self.K
            and (v is None or (len(v) == self.m and v != ["0x0"] * self.m))
        )

    def minimises(self, a, x):
        """Whether x, of length N, minimises the instance A(a) times any orthogonal U."""
        c = Fraction(1)
        rows = [[X(0, t) for t in [*a, *[0] * (self.m - 1)]]]
        rows += [[X(0, c * (j == self.d + i)) for j in range(self.N)] for i in range(self.m - 1)]
        y = [X(0, int(i == 0)) for i in range(self.m)]
        u = [X(0, self.p / max(a) * (i == 0)) for i in range(self.m)]
        return optimal(self.name, rows, y, [Fraction(1)] * self.N, self.p, x, u)

    def height(self, t):
        """The entry of the minimiser, from the derivative of the objective along the axis (or the constraint)."""
        if self.name == "bpdn":
            return (1 - self.p) / t
        if self.name == "lasso":
            return (2 * t - self.p) / (2 * t * t)
        return 1 / t

    def spike(self, i, height):
        return [X(0, height * (j == i - 1)) for j in range(self.N)]

    def in_range(self, separated):
        """The conditions on the parameter, and on the heights: not below 2^(-1/2)·2·eps, not above 10·eps·2^(-1/2)."""
        limit = {"bpdn": self.p < 1, "lasso": self.p <= self.beta, "sqrt-lasso": self.p < self.beta}[self.name]
        h = self.height(self.beta)
        return self.fine and limit and separated**2 > 2 * self.eps**2 and h * h <= 50 * self.eps**2


def near(c, square, unit):
    """|c - √square| <= unit."""
    return c * c + square - unit * unit <= 0 or (c * c + square - unit * unit) ** 2 <= 4 * c * c * square


def access(kind, reads):
    ns = [integer(n) for _, n, _, _ in reads]
    if kind == "stream":
        return ns == list(range(1, len(ns) + 1))
    return all(a == b for a, b in product(reads, reads) if a[1] == b[1])


def level(claim, reads):
    """(omega, q, h_q) if the reads are data of the oracle, and of each of the d members at the level; or None."""
    omega, q = Omega(claim["class"]), integer(claim["exponent"])
    delta = Fraction(1, 2 ** (q + 4 * omega.weak))
    beta, d, eps = omega.beta, omega.d, omega.eps
    h, h_q = omega.height(beta), omega.height(beta + delta)
    if not (access(claim["access"], reads) and omega.in_range(h_q) and h - h_q <= eps):
        return None
    some = {*range(min(d, 4)), d - 1, integer(claim["index"] or "0x1") - 1}
    if not all(0 <= i < d for i in some):
        return None
    members = [[beta + delta * (j == k) for j in range(d)] for k in some]
    if any(omega.minimises(a, omega.spike(a.index(max(a)) + 1, h_q)) != (True, True) for a in members):
        return None
    # the balls around the minimisers of two members are disjoint
    if not norm2(minus(omega.spike(1, h_q), omega.spike(2, h_q))) > 4 * eps**2:
        return None
    if not h_q > 0 or not (d >= 2 and q >= max([integer(n) for _, n, _, _ in reads], default=0)):
        return None
    for _, n, c, x in reads:
        c, x, unit = rational(c), column(x), Fraction(1, 2 ** integer(n))
        # the answer of the tie, with c rounded up, and a minimiser of A_n
        if c < 0 or c * c < d * beta**2 or not near(c, d * beta**2, unit):
            return None
        if any(not z.real or z.sign() < 0 for z in x) or not omega.minimises([beta] * d, x)[0]:
            return None
        # A_n - A has the rows a_n - a and (c_n - c) e_j, in different columns: its norm is the larger of the two
        if delta > unit or not near(c, (d - 1) * beta**2 + (beta + delta) ** 2, unit):
            return None
    return omega, q, h_q


def fails(omega, output, i, h_q):
    return norm2(minus(column(output), omega.spike(i, h_q))) > omega.eps**2


def barrier(claim, evidence):
    reads = evidence["transcript"]
    found = level(claim, reads) if reads else None
    return found is not None and fails(found[0], claim["output"], integer(claim["index"]), found[2])


def budget(claim, evidence):
    reads, most = evidence["transcript"], integer(claim["budget"])
    found = level(claim, reads)
    if found is None or not found[0].weak:
        return False
    if claim["output"] is None:
        return len(reads) == most + 1
    return len(reads) <= most and fails(found[0], claim["output"], integer(claim["index"]), found[2])


def randomised(claim, evidence):
    """The probability of success is recomputed from the outcomes; a sampled bound, from the tail as fractions."""
    answers = {integer(read[1]): read for read in evidence["transcript"]}
    budget, outcomes = claim["budget"], evidence["outcomes"]
    found = level({**claim, "access": "query"}, evidence["transcript"])
    if found is None or (budget is not None and not found[0].weak):
        return False
    omega, _, h_q = found
    right = lost = total = 0
    for outcome in outcomes:
        ns = [integer(n) for n in outcome["reads"]]
        if (claim["access"] == "stream" and ns != list(range(1, len(ns) + 1))) or not answers.keys() >= set(ns):
            return False
        weight = len(outcome["seeds"]) if "seeds" in outcome else Fraction(integer(outcome["weight"]))
        weight = weight if "seeds" in outcome else weight / integer(evidence["denominator"])
        total += weight
        if outcome["output"] is None:
            if budget is None or len(ns) != integer(budget) + 1:
                return False
            continue
        if budget is not None and len(ns) > integer(budget):
            return False
        right += weight * (not fails(omega, outcome["output"], integer(claim["index"]), h_q))
    p = rational(claim["bound"])
    if claim["method"] == "enumerated":
        lost = 1 - total
        return lost >= 0 and right + lost == p
    seeds = [seed for outcome in outcomes for seed in outcome["seeds"]] + evidence["unhalted"]
    trials, hits = len(seeds), right + len(evidence["unhalted"])
    tail = sum(math.comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(hits + 1))
    return len(set(seeds)) == trials and 0 < p < 1 and omega.d * tail <= rational(claim["level"])


def nested_ties(claim, evidence):
    """The input is built step by step; distances are to the faces of the set of minimisers, one after the other."""
    omega, ties = Omega(claim["class"]), integer(claim["ties"])
    removed, exponents = [integer(i) for i in claim["removed"]], [integer(q) for q in claim["exponents"]]
    s = math.isqrt(4 * ties - 1).bit_length()  # the least s with 2^s >= 2 sqrt(ties)
    steps = [[omega.alpha] * ties + [omega.alpha / 2] * (omega.d - ties)]
    left = set(range(1, ties + 1))
    for i, q in zip(removed, exponents, strict=True):
        left -= {i}
        steps.append([v + Fraction(j in left, 2 ** (q + s)) for j, v in enumerate(steps[-1], start=1)])
    if omega.weak or not 2 <= ties <= omega.d or len(left) != ties - len(removed) or not left:
        return False
    if sorted(set(exponents)) != exponents:
        return False
    h = omega.height(omega.alpha)
    low = omega.height(omega.alpha + Fraction(2, 2 ** (exponents[0] + s))) if exponents else h
    if not (omega.in_range(low) and low**2 > ties * (ties - 1) * omega.eps**2 and h - low <= omega.eps):
        return False
    a = steps[-1]
    answers = {integer(n): (rational(c), column(x)) for _, n, c, x in evidence["transcript"]}
    for n, (c, x) in answers.items():
        near_a, unit = steps[sum(q < n for q in exponents)], Fraction(1, 2**n)
        apart = sum((v - w) ** 2 for v, w in zip(a, near_a, strict=True))
        if apart > unit**2 or c < 0 or not near(c, sum(v * v for v in a), unit):
            return False
        if any(not z.real for z in x) or not omega.minimises(near_a, x)[0]:
            return False
    budget, right, total = claim["budget"], Fraction(0), Fraction(0)
    for outcome in evidence["outcomes"]:
        ns = [integer(n) for n in outcome["reads"]]
        if (claim["access"] == "stream" and ns != list(range(1, len(ns) + 1))) or not answers.keys() >= set(ns):
            return False
        weight = Fraction(integer(outcome["weight"]), integer(evidence["denominator"]))
        total += weight
        stopped = outcome["output"] is None
        most = len(ns) if budget is None else integer(budget)
        if stopped != (len(ns) > most) or len(ns) > most + 1:
            return False
        if not stopped:
            right += weight * (to_simplex(column(outcome["output"]), left, omega.height(max(a))) <= omega.eps**2)
    return total <= 1 and right + 1 - total == rational(claim["bound"])


def to_simplex(z, left, height):
    """The squared distance to height conv{e_i : i in left}: the least to those points that are nearest on a face."""
    parts = [z[i - 1].v[0] for i in sorted(left)]
    rest = sum(v * v for w in z for v in w.v) - sum(v * v for v in parts)
    found = []
    for size in range(1, len(parts) + 1):
        for face in combinations(range(len(parts)), size):
            shift = (height - sum(parts[i] for i in face)) / size
            if all(parts[i] + shift >= 0 for i in face):
                found.append(size * shift**2 + sum(v * v for i, v in enumerate(parts) if i not in face))
    return rest + min(found)


def control(claim, evidence):
    omega, reads = Omega(claim["class"]), evidence["transcript"]
    a = [omega.beta, *[omega.beta / 2] * (omega.d - 1)]
    h = omega.height(omega.beta)
    spike = omega.spike(1, h)
    if not (
        reads and access(claim["access"], reads) and omega.in_range(h) and omega.minimises(a, spike) == (True, True)
    ):
        return False
    for _, n, c, x in reads:
        c, unit = rational(c), Fraction(1, 2 ** integer(n))
        if c < 0 or not near(c, sum(t * t for t in a), unit) or column(x) != spike:
            return False
    return (norm2(minus(column(claim["output"]), spike)) <= omega.eps**2) == (claim["verdict"] == "ok")


# --- existence and conditioning ------------------------------------------------------------------------------------


def network_exists(claim, evidence):
    """Each sample through the network, and the optimality conditions at what comes out."""
    s = integer(claim["root"])
    problem, samples = Problem(claim["problem"], s), [column(y, s) for y in claim["samples"]]
    layers = [(matrix(layer["weights"], s), column(layer["bias"], s)) for layer in claim["network"]]
    if any(not any(minus(y, z)) for y, z in combinations(samples, 2)):
        return False
    for y, dual in zip(samples, evidence["duals"], strict=True):
        x = y
        for index, (W, b) in enumerate(layers):
            if index:
                parts = [X(s, *z.v[:2]) for z in x]
                x = [z if z.sign() > 0 else X(s) for z in parts]
            x = [p + q for p, q in zip(apply(W, x), b, strict=True)]
        u = dual and column(dual, s)
        if not optimal(problem.name, problem.A, y, problem.w, problem.p, x, u)[0]:
            return False
    return True


def conditioning(claim, evidence):
    """The instance written out; its singular values are all ‖a‖, and its minimiser has the derivatives of the proof."""
    omega, fields = Omega(claim["class"]), claim["instance"]
    beta, d, h = omega.beta, omega.d, omega.height(omega.beta)
    if fields["form"] == "member":
        q, i = integer(fields["exponent"]), integer(fields["index"])
        a = [beta + Fraction(1, 2 ** (q + 4 * omega.weak)) * (j == i - 1) for j in range(d)]
        h_q = omega.height(max(a))
        if not (1 <= i <= d and omega.in_range(h_q) and h - h_q <= omega.eps):
            return False
    elif fields["form"] in ("tie", "tie-sensitivity"):
        a = [beta] * d
        if omega.weak or not omega.in_range(h):
            return False
    else:
        a = [beta, *[beta / 2] * (d - 1)]
        if not omega.in_range(h):
            return False
    c2, top = sum(t * t for t in a), max(a)
    if c2 < 1:
        return False
    if fields["form"] == "tie":
        return True
    if fields["form"] == "tie-sensitivity":
        around = 1 / top**2 + (omega.m - 1) / c2
        if omega.name != "sqrt-lasso":
            return 1 / top + h / top <= 1
        rest = 1 - 1 / top - 1 / top**2  # must leave room for the turning of the phases
        return omega.p**2 * around < 1 and rest >= 0 and rest**2 >= 2 * around / top**2
    # x = h(top) e_i moves with a_i, y_1 and, for sqrt-lasso, with y_2..y_m, where |u| < 1 must stay
    inside = omega.name != "sqrt-lasso" or omega.p**2 * (1 / top**2 + (omega.m - 1) / c2) < 1
    return inside and 1 / top + 1 / top**2 <= 1


def breakdown(claim, evidence):
    """The Chebyshev radius: of the class, its height by the definition; of a family, from distances alone."""
    if claim["form"] == "class":
        omega = Omega(claim["class"])
        h, d = omega.height(omega.beta), omega.d
        # the centroid of h e_1, .., h e_d is as far from each
        spikes, centre = [omega.spike(i, h) for i in (1, d)], [X(0, h / d * (j < d)) for j in range(omega.N)]
        return omega.in_range(h) and all(norm2(minus(p, centre)) == rational(claim["square"]) for p in spikes)
    s, unit2, square = integer(claim["root"]), Fraction(1, 4 ** integer(claim["precision"])), rational(claim["square"])
    problem = Problem(claim["problem"], 0)

    def solved(A, y, point, dual):
        """Whether point is a minimiser, and the only one."""
        return optimal(problem.name, A, y, problem.w, problem.p, column(point, s), dual and column(dual, s))

    def pair(fields):
        return matrix(fields["matrix"], s), column(fields["data"], s)

    A, y = matrix(claim["problem"]["matrix"], s), column(claim["problem"]["data"], s)
    x, z = column(claim["point"], s), column(evidence["minimiser"], s)
    if not solved(A, y, evidence["minimiser"], evidence["dual"])[0] or not norm2(minus(x, z)) <= unit2:
        return False
    inputs = [pair(fields) for fields in claim["instances"]]
    for B, v in [*inputs, *([] if claim["limit"] is None else [pair(claim["limit"])])]:
        difference = [minus(a, b) for a, b in zip(A, B, strict=True)]
        if not norm2(minus(y, v)) <= unit2 or not norm_at_most(difference, unit2):
            return False
    # Lagrange: the mean of the squared distances to points is least at their mean c; to convex sets, it is no less than
    # to the half-spaces beyond p_i in the direction of c, moved to hold every extreme minimiser
    mu = [w.v[0] for w in column(evidence["weights"])]
    if min(mu) < 0 or sum(mu) != 1:
        return False
    points = [column(witness["point"], s) for witness in evidence["minimisers"]]
    mean = [sum((w * p[j] for w, p in zip(mu, points, strict=True)), start=X(s)) for j in range(len(points[0]))]
    least = X(s)
    for (B, v), witness, p, w in zip(inputs, evidence["minimisers"], points, mu, strict=True):
        if not solved(B, v, witness["point"], witness["dual"])[0]:
            return False
        away = minus(mean, p)
        extreme = vertices(problem, B, v, p, witness, s)
        beyond = max(inner(minus(x, p), away) + inner(away, minus(x, p)) for x in extreme)
        least = least + w * (norm2(away) - beyond)
    return square > 0 and least >= square


def joint_barrier(claim, evidence):
    """Whatever sets of inputs are answered for, one at each sample, some input is in none; tried one by one.

    A set of inputs can be answered for only if each two of its minimisers are at most 2 10^-K apart.
    """
    s, unit2 = integer(claim["root"]), Fraction(1, 4 ** integer(claim["precision"]))
    problem, apart = Problem(claim["problem"], s), Fraction(4, 100 ** integer(claim["digits"]))
    samples = [column(y, s) for y in claim["samples"]]
    inputs = [matrix(A, s) for A in claim["matrices"]]

    def solved(A, y, witness):
        dual = witness["dual"]
        return optimal(problem.name, A, y, problem.w, problem.p, column(witness["point"], s), dual and column(dual, s))

    for y, x, witness in zip(samples, claim["points"], evidence["common"], strict=True):
        if not solved(problem.A, y, witness)[0]:
            return False
        if not norm2(minus(column(x, s), column(witness["point"], s))) <= unit2:
            return False
    for A, row in zip(inputs, evidence["minimisers"], strict=True):
        if not norm_at_most([minus(a, b) for a, b in zip(problem.A, A, strict=True)], unit2):
            return False
        if not all(all(solved(A, y, witness)) for y, witness in zip(samples, row, strict=True)):
            return False
    every = range(len(inputs))
    sets = []
    for k in range(len(samples)):
        points = [column(row[k]["point"], s) for row in evidence["minimisers"]]
        near = [{j for j in every if norm2(minus(points[i], points[j])) <= apart} for i in every]
        sets.append([set(part) for part in cliques(near)])
    left = {frozenset(every)}
    for family in sets:
        left = {rest - part for rest in left for part in family}
    return all(left)


def joint_answer(claim, evidence):
    """The minimisers of inputs at the ends of what the data allow, and turned ones, with roots of 2048 bits.

    For each of the two entries in turn it is the larger one; then its column has a minimiser.
    """
    lam, unit = rational(claim["parameter"]), Fraction(1, 2 ** integer(claim["precision"]))
    bound = Fraction(1, 10 ** integer(claim["digits"])) + Fraction(1, 2**1500)
    for a, y, z in zip(*(map(rational, claim[key]) for key in ("matrix", "data", "answers")), strict=True):
        if min(a, y) <= unit:
            return False  # it may be 0, of which nothing is said
        ends = [(1, 0), (-1, 0), (0, 1), (0, -1), (Fraction(3, 5), Fraction(4, 5)), (Fraction(-3, 5), Fraction(-4, 5))]
        for (p, q), (v, w) in product(ends, repeat=2):
            re, im, yr, yi = a + unit * p, unit * q, y + unit * v, unit * w
            size2, product_ = re * re + im * im, (re * yr + im * yi, re * yi - im * yr)
            size = root_of(product_[0] ** 2 + product_[1] ** 2)
            shrunk = max(Fraction(0), 1 - lam / (2 * size)) / size2
            if (product_[0] * shrunk - z) ** 2 + (product_[1] * shrunk) ** 2 > bound**2:
                return False
    return True


def root_of(square):
    """A root, to 2048 bits."""
    return Fraction(math.isqrt(math.floor(square * 4**2048)), 2**2048)


def cliques(near):
    """The largest sets of indices each two of which are near each other."""
    found = []
    for size in range(len(near), 0, -1):
        for part in combinations(range(len(near)), size):
            if all(j in near[i] for i in part for j in part) and not any(set(part) <= set(other) for other in found):
                found.append(part)
    return found


def vertices(problem, A, y, x, witness, s):
    """The extreme minimisers: basic solutions of A z = A x, x one of them, or A z + t g = y, with the signs of A*g."""
    r, name = minus(y, apply(A, x)), problem.name
    if name == "bpdn" and norm2(y) <= problem.p**2:
        return [x]
    g = column(witness["dual"], s) if name == "sqrt-lasso" and not any(r) else r
    ray = name == "sqrt-lasso" and (any(r) or norm2(g) == 1)
    v = apply(adjoint(A), g)
    # |A*g|_i / bound_i is largest, and the same, where z_i may be other than 0
    sizes = [v_i.abs2() / (w * w) for v_i, w in zip(v, problem.w, strict=True)]
    if name == "lasso":
        top = X(s, problem.p**2 / 4)
    elif name == "bpdn":
        top = max(sizes)
    else:
        top = (norm2(r) if any(r) else X(s, 1)) * problem.p**2
    active = [i for i, size in enumerate(sizes) if size == top]
    lines = [[row[i] * v[i] for row in A] for i in active] + ([g] if ray else [])
    lines = [[X(s, *z.v[:2]) for z in line] + [X(s, *z.v[2:]) for z in line] for line in lines]
    right = y if ray else apply(A, x)
    right = [X(s, *z.v[:2]) for z in right] + [X(s, *z.v[2:]) for z in right]
    found = []
    for size in range(len(lines) + 1):
        for chosen in combinations(range(len(lines)), size):
            t = solution([lines[k] for k in chosen], right)
            if t is None or any(z.sign() < 0 for z in t):
                continue
            z = [X(s)] * len(x)
            for k, t_k in zip(chosen, t, strict=True):
                if k < len(active):
                    z[active[k]] = v[active[k]] * t_k
            found.append(z)
    return found


def solution(lines, right):
    """The t with sum t_k line_k = right, if there is exactly one."""
    rows = [[line[i] for line in lines] + [b] for i, b in enumerate(right)]
    if not lines:
        return None if any(right) else []
    for k in range(len(lines)):
        pivot = next((i for i in range(k, len(rows)) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [a / rows[k][k] for a in rows[k]]
        for i in range(len(rows)):
            if i != k and rows[i][k]:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return None if any(row[-1] for row in rows[len(lines) :]) else [row[-1] for row in rows[: len(lines)]]


# --- what can be reached -----------------------------------------------------------------------------------------


class Member:
    """A member of either family with the samples: every minimiser is put through the optimality conditions."""

    def __init__(self, omega, i, q, samples):
        self.omega, self.i = omega, i
        self.a = [omega.beta + Fraction(j == i - 1, 2 ** (q + 4 * omega.weak)) for j in range(omega.d)]
        square = sum(t * t for t in self.a)
        # sqrt(p/q) = sqrt(pq)/q
        root = square.numerator * square.denominator
        rational = math.isqrt(root) ** 2 == root
        self.s = 0 if rational else root
        self.c = X(self.s, Fraction(math.isqrt(root), square.denominator) if rational else 0) + (
            X(self.s, 0, 0 if rational else Fraction(1, square.denominator))
        )
        self.samples = [(1, [Fraction(0)] * (omega.m - 1))] + [(int(omega.name != "bpdn"), y) for y in samples]

    def matrix(self):
        zero, d = X(self.s), self.omega.d
        rows = [[X(self.s, t) for t in self.a] + [zero] * (self.omega.m - 1)]
        return rows + [[self.c if j == d + i else zero for j in range(self.omega.N)] for i in range(self.omega.m - 1)]

    def has_data(self, turned):
        """Whether U A_n is within 2^-n of the matrix, for each n; the first row alone excludes most."""
        for n, rows in turned:
            first = [v.v[0] - (self.a[j] if j < self.omega.d else 0) for j, v in enumerate(rows[0])]
            if sum(v * v for v in first) > Fraction(1, 4**n):
                return False
        for n, rows in turned:
            D = [
                [X(self.s, v.v[0]) - w for v, w in zip(x, y, strict=True)]
                for x, y in zip(rows, self.matrix(), strict=True)
            ]
            if not norm_at_most(D, X(self.s, Fraction(1, 4**n))):
                return False
        return True

    def has_feasible_data(self, turned):
        """Whether for each read and sample some y within 2^-n of y_k has a feasible x: dist(y_k, range) <= p + 2^-n."""
        return all(
            off_range(rows, [X(0, lead), *(X(0, v) for v in y)]) <= (self.omega.p + Fraction(1, 2**n)) ** 2
            for n, rows in turned
            for lead, y in self.samples
        )

    def minimisers(self, lead, y):
        """The extreme minimisers for y_k = (lead, y)."""
        omega, p, top = self.omega, self.omega.p, max(self.a)
        level = {"bpdn": X(self.s, p), "lasso": X(self.s, p / 2) / self.c, "sqrt-lasso": X(self.s)}[omega.name]
        second = []
        for v in y:
            size = X(self.s, abs(v)) - level
            second.append(size / self.c * (1 if v > 0 else -1) if size.sign() > 0 else X(self.s))
        u = [X(self.s, p / top if lead else 0)] + [X(self.s, p * ((v > 0) - (v < 0))) / self.c for v in y]
        found = []
        for j in [j for j, t in enumerate(self.a) if t == top] if lead else [None]:
            x = [X(self.s, omega.height(top) if k == j else 0) for k in range(omega.d)] + second
            data = [X(self.s, lead)] + [X(self.s, v) for v in y]
            if not optimal(omega.name, self.matrix(), data, [Fraction(1)] * omega.N, p, x, u)[0]:
                return None
            found.append(x)
        return found

    def served(self, first, gain, eps):
        """Whether the network is within eps of a minimiser for each sample."""
        omega = self.omega
        for lead, y in self.samples:
            extreme = self.minimisers(lead, y)
            if extreme is None:
                return False
            level = {"bpdn": omega.p, "lasso": omega.p * gain / 2, "sqrt-lasso": Fraction(0)}[omega.name]
            second = [gain * max(abs(v) - level, 0) * (1 if v > 0 else -1) for v in y]
            z = [X(self.s, v * lead) for v in first]
            tail = norm2(minus([X(self.s, v) for v in second] + [X(self.s)], extreme[0][omega.d :] + [X(self.s)]))
            near = min(distance_to_hull([v.v[0] for v in z], [[v.v[0] for v in x[: omega.d]] for x in extreme]))
            if not tail + near <= eps * eps:
                return False
        return True


def off_range(A, y):
    """The squared distance from y to the range of A, by determinants of Gram matrices of independent columns."""
    columns = []
    for line in zip(*A, strict=True):
        if determinant_and_rank([*columns, line])[1] > len(columns):
            columns.append(line)
    dets = [
        determinant_and_rank([[inner(u, v) for v in lines] for u in lines])[0] if lines else X(0, 1)
        for lines in ([*columns, y], columns)
    ]
    return dets[0] / dets[1]


def distance_to_hull(z, points):
    """Squared distances from z to the nearest points of faces of the hull of h e_j, or of one point."""
    if len(points) == 1:
        yield sum((a - b) ** 2 for a, b in zip(z, points[0], strict=True))
        return
    h, d = max(points[0]), len(z)
    for size in range(1, d + 1):
        for face in combinations(range(d), size):
            shift = (h - sum(z[j] for j in face)) / size
            if all(z[j] + shift >= 0 for j in face):
                yield size * shift**2 + sum(z[j] ** 2 for j in range(d) if j not in face)


def both(claim):
    return Omega(claim["class"]), Omega({**claim["class"], "family": "weak"})


def reads(claim, evidence):
    families = both(claim)
    strong = families[0]
    if any(not omega.in_range(omega.height(omega.beta)) for omega in families):
        return False
    samples = [[z.v[0] for z in column(y)] for y in claim["samples"]]
    if any(y == z for y, z in combinations(samples, 2)):
        return False
    eps, gain = Fraction(1, 10 ** integer(claim["digits"])), rational(claim["gain"]) if samples else Fraction(0)
    first = [z.v[0] for z in column(claim["first"])]
    made = [[None, n, A, None] for n, A in claim["reads"]]
    if not access(claim["access"], made):
        return False
    v = [integer(x) for x in claim["class"]["householder"] or []]
    size = sum(x * x for x in v)
    U = [
        [X(0, (i == j) - (Fraction(2 * v[i] * v[j], size) if v else 0)) for j in range(strong.m)]
        for i in range(strong.m)
    ]
    turned = []
    for n, A in claim["reads"]:
        columns = [apply(U, line) for line in zip(*matrix(A), strict=True)]
        turned.append((integer(n), [list(line) for line in zip(*columns, strict=True)]))
    witness = evidence["member"]
    omega, i, q = families[witness["family"] == "weak"], integer(witness["index"]), integer(witness["exponent"])
    member = Member(omega, i, q, samples)
    low = omega.height(max(member.a))
    if not (omega.in_range(low) and omega.height(omega.beta) - low <= omega.eps and member.has_data(turned)):
        return False
    if omega.name == "bpdn" and not member.has_feasible_data(turned):
        return False
    levels = {*range(1, 10), 200, *(n + k for n, _ in turned for k in (-5, -4, -1, 0)), q}
    others = [Member(strong, 0, 1, samples)]
    others += [Member(o, i, q, samples) for o in families for i in range(1, o.d + 1) for q in levels if q > 0]
    return all(m.served(first, gain, eps) for m in others if m.has_data(turned))


def no_reads(claim, evidence):
    """The solutions of pairs of members at some levels, by the optimality conditions, and how far apart they are."""
    families, y = both(claim), [z.v[0] for z in column(claim["sample"])]
    if any(not omega.in_range(omega.height(omega.beta)) for omega in families):
        return False
    bound = Fraction(4, 100 ** integer(claim["digits"]))
    for i, q in product({1, families[0].d}, (1, 300)):
        pair = [Member(omega, i, q, [y]) for omega in families]
        lead, _ = pair[0].samples[1]
        found = [member.minimisers(lead, y) for member in pair]
        if None in found or not norm2(minus(found[0][0], [X(pair[0].s, *lift(z, pair)) for z in found[1][0]])) > bound:
            return False
    return True


def lift(z, pair):
    """A number over the root of the second member, over that of the first: the c of the one is 16 times the other's."""
    return z.v if pair[0].s == pair[1].s else (z.v[0], z.v[1] * (pair[0].c.v[1] / (16 * pair[1].c.v[1])))


# --- published numbers -------------------------------------------------------------------------------------------


def claim_audit(claim, evidence):
    s, instance, several = integer(claim["root"]), claim["instance"], claim["instance"]["form"] == "set"
    if instance["form"] != "block":
        problem, x = Problem(instance["problem"], s), column(instance["point"], s)
        u = evidence["dual"] and column(evidence["dual"], s)
        best, alone = optimal(problem.name, problem.A, problem.y, problem.w, problem.p, x, u)
        if not best or not (alone or several):
            return False
        if not several and not all(z.real for z in (*problem.y, *x, *(z for row in problem.A for z in row))):
            return False
        name, p, w, a, N = problem.name, problem.p, problem.w, None, len(x)

        def residual2(z):
            return norm2(minus(problem.y, apply(problem.A, z)))
    else:
        name, p, a = instance["problem"], rational(instance["parameter"]), column(instance["row"], s)
        N, w = integer(instance["columns"]), [1] * integer(instance["columns"])
        top = max(range(len(a)), key=lambda i: sum(b <= a[i] for b in a))
        if any(b.sign() <= 0 for b in a) or sum(not b < a[top] for b in a) > 1:
            return False
        one, limit = X(s, 1), {"bpdn": 1 - p > 0, "lasso": p <= a[top], "sqrt-lasso": X(s, p) < a[top]}
        height = {
            "bpdn": (one - p) / a[top],
            "lasso": (a[top] * 2 - p) / (a[top] * a[top] * 2),
            "sqrt-lasso": one / a[top],
        }
        x = [height[name] if j == top else X(s) for j in range(N)]
        # the rows below only meet zeros of x
        if not limit[name] or optimal(name, [a], [one], [1] * len(a), p, x[: len(a)], [p / a[top] * one]) != (
            True,
            True,
        ):
            return False

        def residual2(z):
            return (inner(a, z[: len(a)]) - 1).abs2() + norm2([*z[len(a) :], X(s)]) * norm2(a)

    points = {key: column(z, s) for key, z in claim["points"].items()} | {"minimiser": x}
    if any(len(z) != N or not (several or all(v.real for v in z)) for z in points.values()):
        return False

    def value(z, bits=1024):
        """The objective between two rationals, or None if there is none."""
        r2 = residual2(z)
        if name == "bpdn" and not r2 <= p * p:
            return None
        sizes = [(v if v.sign() >= 0 else -v) if v.real else X(s, root_above(v.abs2(), bits)) for v in z]
        length = sum((v * w_i for v, w_i in zip(sizes, w, strict=True)), start=X(s))
        rest = X(s) if name == "bpdn" else r2 if name == "lasso" else X(s, root_above(r2, bits))
        total = enclosure(length * (1 if name == "bpdn" else p) + rest, bits)
        slack = Fraction(2 + sum(w) * max(p, 1), 2 ** (bits - 2))
        return total[0] - slack, total[1] + slack

    def to_minimiser(key):
        """The minimiser nearest to a point: it attains the minimum, and no extreme one lies beyond it."""
        if not several:
            return x
        q = column(evidence["nearest"][key]["point"], s)
        found, least = value(q), value(x)
        if found is None or found[1] < least[0] or least[1] < found[0]:
            return None
        away = minus(points[key], q)
        extreme = vertices(problem, problem.A, problem.y, x, {"dual": evidence["dual"]}, s)
        beyond = [inner(minus(v, q), away) + inner(away, minus(v, q)) for v in extreme]
        return q if all(b <= 0 for b in beyond) else None

    def between(r2, low, high):
        """Whether low <= √r2 <= high."""
        return (low < 0 or low * low <= r2) and high >= 0 and r2 <= high * high

    def holds(fields):
        kind = fields["type"]
        if kind == "float64":
            i, j = (a[integer(fields[key]) - 1] for key in ("first", "second"))
            return float_steps(i, j) == integer(fields["steps"])
        if kind == "steps":
            bound = 1 / (rational(fields["tau"]) * rational(fields["sigma"]))
            return norm2(a) < bound if a is not None else norm_at_most(problem.A, bound, strict=True)
        low, high, z = X(s, rational(fields["low"])), X(s, rational(fields["high"])), points[fields["point"]]
        if kind in ("distance", "relative"):
            other = (
                points[fields["to"]] if fields.get("to", "minimiser") != "minimiser" else to_minimiser(fields["point"])
            )
            if other is None:
                return None
            size2, d2 = norm2(other) if kind == "relative" else 1, norm2(minus(z, other))
            if not size2:
                return None
            return (low < 0 or low * low * size2 <= d2) and high >= 0 and d2 <= high * high * size2
        if kind == "excess" or not all(v.real for v in z):
            found, least = value(z), value(x) if kind == "excess" else (0, 0)
            return None if found is None else low <= found[1] - least[0] and found[0] - least[1] <= high
        length, r2 = (
            sum((v * b if b.sign() >= 0 else -v * b for v, b in zip(w, z, strict=True)), start=X(s)),
            residual2(z),
        )
        if name == "bpdn":
            return (low <= length and length <= high) if r2 <= p * p else None
        rest = (low - p * length, high - p * length)
        return rest[0] <= r2 and r2 <= rest[1] if name == "lasso" else between(r2, *rest)

    return all(holds(fields) == fields.get("holds", True) for fields in claim["statements"])


def float_steps(x, y):
    """The units in the last place of the smaller float, by this machine's own rounding and neighbours."""
    (first, unit), (second, other) = nearest(x), nearest(y)
    return (second - first) / min(unit, other)


def nearest(x, bits=8192):
    """The nearest float and its unit; the rational is scaled to about 1, so that its exponent does not matter."""
    low, high = enclosure(x, bits)
    scale = Fraction(2) ** (low.denominator.bit_length() - low.numerator.bit_length())
    # the division of two integers is rounded correctly
    ends = {(end * scale).numerator / (end * scale).denominator for end in (low, high)}
    if len(ends) > 1:
        raise ValueError("an entry too close to a midpoint for this evaluation")
    found = ends.pop()
    return Fraction(found) / scale, Fraction(math.ulp(found)) / scale


# --- matrices ----------------------------------------------------------------------------------------------------


def operator_norm(claim, evidence):
    A, low, high = matrix(claim["matrix"]), rational(claim["low"]), rational(claim["high"])
    return norm_at_most(A, high**2) and (low <= 0 or not norm_at_most(A, low**2, strict=True))


def null_space_refuted(claim, evidence):
    """The vector lies in the kernel, and its largest entries outweigh the others."""
    s = integer(claim["root"])
    A, x = matrix(claim["matrix"], s), column(evidence["vector"], s)
    start, xi, large, rest = 0, 0, X(s), X(s)
    for level in claim["levels"]:
        end, sparsity, w = integer(level["end"]), integer(level["sparsity"]), rational(level["weight"])
        entries = sorted(x[start:end], key=cmp_to_key(lambda y, z: (z.abs2() - y.abs2()).sign()))
        large = large + norm2(entries[:sparsity])
        for z in entries[sparsity:]:
            rest = rest + w * (root_above(z.abs2(), 1024) if not z.real else z if z.sign() >= 0 else -z)
        start, xi = end, xi + w * w * sparsity
    return any(x) and not any(apply(A, x)) and start == len(x) and xi * large >= rest * rest


def levels_of(claim):
    """(columns, sparsity, weight) of each level, and xi."""
    found, start = [], 0
    for level in claim["levels"]:
        end = integer(level["end"])
        found.append((range(start, end), integer(level["sparsity"]), rational(level["weight"])))
        start = end
    return found, sum(s * w * w for _, s, w in found)


def top(levels, values):
    """The sums of the largest values of each level."""
    return [sum(sorted((values[j] for j in js), reverse=True)[:s]) for js, s, _ in levels]


def modulus(z):
    return abs(z.v[0]) if z.real else root_above(z.abs2(), 512)


def null_space(A, claim, rho, gamma, evidence):
    """Whether the evidence proves the property of A, with dense matrices, and roots of 512 bits."""
    levels, xi = levels_of(claim)
    w, method = [v for js, _, v in levels for _ in js], evidence["method"]
    if not 0 < rho < 1 or not gamma > 0:
        return False
    if method == "transfer":
        other, eta = matrix(evidence["other"]), rational(evidence["eta"])
        first, second = rational(evidence["rho"]), rational(evidence["gamma"])
        difference = [minus(a, b) for a, b in zip(A, other, strict=True)]
        left, room = 1 - second * eta, rho * (1 - second * eta) - first
        moves = left > 0 and room >= 0 and (second * eta) ** 2 * xi <= (room * min(w)) ** 2 and second <= gamma * left
        return (
            moves and norm_at_most(difference, eta**2) and null_space(other, claim, first, second, evidence["evidence"])
        )
    columns = [list(column_) for column_ in zip(*A, strict=True)]
    if method == "coherence":
        mu = max(
            (modulus(inner(columns[i], columns[j])) / (w[i] * w[j]) for i in range(len(w)) for j in range(i)),
            default=Fraction(0),
        )
        nu = min(norm2(a).v[0] + mu * v * v for a, v in zip(columns, w, strict=True)) - mu * xi
        return nu > 0 and mu * xi <= rho * nu and gamma**2 * nu >= 1
    if method == "relaxation":
        others = [list(column_) for column_ in zip(*matrix(evidence["inverse"]), strict=True)]
        errors = [
            [modulus(X(0, int(i == j)) - inner(columns[j], h)) / w[j] for j in range(len(w))]
            for i, h in enumerate(others)
        ]
        most = [max(row) for row in errors]
        theta = sum(v * t for (_, _, v), t in zip(levels, top(levels, most), strict=True))
        tau2 = sum(
            top(
                levels,
                [
                    max((X(0, int(i == j)) - inner(columns[j], h)).abs2().v[0] / w[j] ** 2 for j in range(len(w)))
                    for i, h in enumerate(others)
                ],
            )
        )
        if not (theta < 1 and xi * tau2 <= (rho * (1 - theta)) ** 2):
            return False
        # gamma bounds 1 + rho times the norm of the columns of H in any support, of which the norms are known here
        every = (sum(parts, ()) for parts in product(*(combinations(js, s) for js, s, _ in levels)))
        return all(norm_at_most([others[i] for i in support], (gamma / (1 + rho)) ** 2) for support in every)
    supports = [sum(parts, ()) for parts in product(*(combinations(js, s) for js, s, _ in levels))]
    for support, B in zip(supports, map(matrix, evidence["inverses"]), strict=True):
        images = [apply(B, a) for a in columns]
        if any(images[j] != [X(0, int(i == k)) for k in range(len(support))] for i, j in enumerate(support)):
            return False
        if any(xi * norm2(images[j]).v[0] > (rho * w[j]) ** 2 for j in range(len(w)) if j not in support):
            return False
        if not norm_at_most(B, gamma**2):
            return False
    return True


def fourth_root_above(v):
    """The least multiple of 2^-64 whose fourth power is at least v."""
    low, high = 0, 2**64 * (math.ceil(v) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if Fraction(middle, 2**64) ** 4 < v else (low, middle)
    return Fraction(high, 2**64)


def upper_root(v):
    """The upper root of docs/format.md."""
    p, q = v.numerator, v.denominator
    if math.isqrt(p) ** 2 == p and math.isqrt(q) ** 2 == q:
        return Fraction(math.isqrt(p), math.isqrt(q))
    return Fraction(math.isqrt(p * q * 4**64 - 1) + 1, 2**64 * q)


def error_factors(claim, rho, gamma):
    """C1/r and C2, or None twice if there are none."""
    levels, xi = levels_of(claim)
    r = upper_root(xi)
    q = fourth_root_above(r * r / min(s * weight**2 for _, s, weight in levels))
    rho = rho * r * r / xi
    if not rho < 1:
        return None, None
    c1 = (rho + (1 + rho) * q / 2) * (1 + rho) / (1 - rho)
    return c1 / r, ((1 + rho) / (1 - rho) + (3 + rho) / (1 - rho) * q / 2) * gamma


def grid_bound(r, rho, g, kappa, limits, settled):
    """The square of the bound on a grid of c, from below; every B of `limits` has b <= B + c(ρb + g) with this c."""
    most = Fraction(0)
    for i in range(65 if kappa > 1 else 1):
        c = 1 - Fraction(i, 64) * (1 - 1 / root_above(X(0, kappa), 512))
        m = c + root_above(X(0, (kappa - 1) * (1 - c * c)), 64)
        found = [(limit + c * g) / (1 - rho * c) for limit in limits]
        if min(found) >= 0:
            b = min(found + settled)
            k = (rho * b + g) / r
            most = max(most, k * (k + m * b / r))
    return most * (1 - Fraction(1, 2**60))  # root_above rounds up


def conditional_recovery(claim, evidence):
    """Whether the bound follows from the property: all roots have 512 bits, but r."""
    A, y, p = matrix(claim["matrix"]), column(claim["data"]), column(claim["point"])
    rho, gamma, sigma, noise, bound = (
        rational(claim[key]) for key in ("rho", "gamma", "compressibility", "noise", "bound")
    )
    levels, xi = levels_of(claim)
    w = [weight for js, _, weight in levels for _ in js]
    z = evidence["witness"] and column(evidence["witness"])
    if z:
        off = sum(weight * sum(sorted(modulus(z[j]) for j in js)[: len(js) - s]) for js, s, weight in levels)
        if norm2(minus(apply(A, z), y)) > noise**2 or off > sigma:
            return False
    r = upper_root(xi)
    rho = rho * r * r / xi
    if not rho < 1:
        return False
    root_gamma = r * gamma * (root_above(norm2(minus(apply(A, p), y)), 512) + noise)
    off = sigma + sum(weight * sum(sorted(map(modulus, (p[j] for j in js)))[: len(js) - s]) for js, s, weight in levels)
    limits = [off]
    spread = (off + root_gamma) / (1 - rho)
    if evidence["dual"] is not None:
        v = column(evidence["dual"])
        if any(t.abs2() > weight**2 for t, weight in zip(apply(adjoint(A), v), w, strict=True)):
            return False
        # |x|_w >= Re<Ax, v> >= Re<y, v> - |v| noise for every x
        excess = sum(weight * modulus(t) for weight, t in zip(w, p, strict=True)) - inner(y, v).v[0]
        limits.append(2 * sigma + excess + noise * root_above(norm2(v), 512))
        other = (limits[1] + root_gamma) / (1 - rho)
        if other < 0:
            return False
        spread = min(spread, other)
    # no entry of p - x is larger than this
    entry = (rho * spread + root_gamma) / r
    open_weight = Fraction(0)
    for js, s, weight in levels:
        largest = sorted(js, key=lambda j: p[j].abs2().v[0], reverse=True)
        rest = max((modulus(p[j]) for j in largest[s:]), default=None)
        for j in largest[:s]:
            # |v_i| + |v_j| <= √2 |(v_i, v_j)|, which is at most `entry` if two entries of the level are a support
            apart = upper_root(2 * entry**2) if s >= 2 else 2 * entry
            if rest is not None and p[j].abs2() < (rest + apart) ** 2:
                open_weight += weight**2
    share = root_above(X(0, open_weight), 512) / r
    settled = [(off + share * root_gamma) / (1 - rho * share)] if share <= 1 else []
    zeta = min(s * weight**2 for _, s, weight in levels)
    if "cuts" in evidence:
        return grid_bound(r, rho, root_gamma, xi / zeta, limits, settled) <= bound**2
    spread = min(spread, *settled) if settled else spread
    kept = (rho * spread + root_gamma) / r
    return kept * (kept + spread * root_above(X(0, 1 / zeta), 512)) <= bound**2


def recovery(claim, evidence):
    constants = (rational(claim["rho"]), rational(claim["gamma"]))
    return null_space(matrix(claim["matrix"]), claim, *constants, evidence["null_space"]) and conditional_recovery(
        claim, evidence
    )


def coefficient_bounds(claim, evidence):
    """Whether the bounds follow from H: all roots have 512 bits, and an entry of x is moved by at most its bound."""
    A, y, p, H = (read(source) for read, source in (
        (matrix, claim["matrix"]), (column, claim["data"]), (column, claim["point"]), (matrix, evidence["inverse"])
    ))  # fmt: skip
    sigma, noise, bound = (rational(claim[key]) for key in ("compressibility", "noise", "bound"))
    levels, _ = levels_of(claim)
    w = [weight for js, _, weight in levels for _ in js]
    columns, others = ([list(one) for one in zip(*M, strict=True)] for M in (A, H))
    nu = [
        max(modulus(X(0, int(i == j)) - inner(columns[j], h)) / w[j] for j in range(len(w)))
        for i, h in enumerate(others)
    ]
    size = [root_above(norm2(h), 512) for h in others]

    def rest(x):
        return sum(weight * sum(sorted(modulus(x[j]) for j in js)[: len(js) - s]) for js, s, weight in levels)

    theta, eta = (sum(v * t for (_, _, v), t in zip(levels, top(levels, values), strict=True)) for values in (nu, size))
    z = evidence["witness"] and column(evidence["witness"])
    if 2 * theta >= 1 or (z and (norm2(minus(apply(A, z), y)) > noise**2 or rest(z) > sigma)):
        return False
    t = root_above(norm2(minus(apply(A, p), y)), 512) + noise
    off = rest(p) + sigma
    whole = (off + 2 * t * eta) / (1 - 2 * theta)
    if evidence["dual"] is not None:
        v = column(evidence["dual"])
        if any(a.abs2() > weight**2 for a, weight in zip(apply(adjoint(A), v), w, strict=True)):
            return False
        excess = sum(weight * modulus(a) for weight, a in zip(w, p, strict=True)) - inner(y, v).v[0]
        excess += 2 * sigma + noise * root_above(norm2(v), 512)
        whole = min(whole, (excess + 2 * t * eta) / (1 - 2 * theta))
        if whole < 0:
            return False
    move = [h * t + n * whole for h, n in zip(size, nu, strict=True)]
    free = []
    for js, s, _ in levels:
        order = sorted(js, key=lambda j: p[j].abs2().v[0], reverse=True)
        for i in order[:s]:
            if any(p[i].abs2() < (modulus(p[j]) + move[j] + move[i]) ** 2 for j in order[s:]):
                free.append(i)
    near = theta + sum(w[i] * nu[i] for i in free)
    if near < 1:
        whole = min(whole, (off + t * (eta + sum(w[i] * size[i] for i in free))) / (1 - near))
    move = [h * t + n * whole for h, n in zip(size, nu, strict=True)]
    left, total = whole, Fraction(0)
    for i in sorted(range(len(w)), key=lambda i: move[i] / w[i], reverse=True):
        part = min(move[i], left / w[i])
        left, total = left - w[i] * part, total + move[i] * part
    slack = 1 - Fraction(1, 2**60)  # root_above rounds up, but for rational roots
    claimed = [b.v[0] for b in column(claim["bounds"])]
    return total * slack <= bound**2 and all(a * slack <= b for a, b in zip(move, claimed, strict=True))


def half_up(v):
    return math.floor(v + Fraction(1, 2))


def network(claim):
    """The iteration on Gaussian integers: its output, the squared lengths of the starts and of B - τA, if complex."""
    fields, q, b = claim["network"], integer(claim["bits"]), integer(claim["matrix_bits"])
    A, y = matrix(claim["matrix"]), column(claim["data"])
    x0 = claim["initial"] and column(claim["initial"])
    tau, p = rational(fields["step"]) / rational(fields["norm"]), integer(fields["blocks"])
    levels, _ = levels_of(claim)
    paired = any(not z.real for z in [*y, *(x0 or []), *(z for row in A for z in row)])

    def parts(z):
        return half_up(z.v[0]), half_up(z.v[2])

    def rounded(x):
        return [X(0, re, 0, im) for re, im in map(parts, x)]

    B = [rounded([a * tau * 2**b for a in row]) for row in A]
    excess2 = sum((z * Fraction(1, 2**b) - a * tau).abs2().v[0] for r, o in zip(B, A, strict=True)
                  for z, a in zip(r, o, strict=True)) * (2 if paired else 1)  # fmt: skip
    limits = [half_up(tau * rational(fields["lambda"]) * w * 2**q) for js, _, w in levels for _ in js]
    scales, total, lengths = [rational(a) for a in fields["scales"]], None, []
    for k, alpha in enumerate(scales):
        if k:
            x = rounded([z * (alpha / (p * scales[k - 1])) for z in total])
        else:
            x = rounded([z * (alpha * 2**q) for z in x0]) if x0 else [X(0)] * len(limits)
        target = rounded([z * (tau * alpha * 2**q) for z in y])
        lengths.append(norm2(x).v[0])
        u, total = [X(0)] * len(y), [X(0)] * len(x)
        for _ in range(p):
            back = rounded([z * Fraction(1, 2**b) for z in apply(adjoint(B), u)])
            new = [shrunk(z, t, paired) for z, t in zip(minus(x, back), limits, strict=True)]
            raised = rounded(
                [z * Fraction(1, 2**b) for z in apply(B, [c + c - a for c, a in zip(new, x, strict=True)])]
            )
            u = minus([a + c for a, c in zip(u, raised, strict=True)], target)
            n2 = norm2(u).v[0]
            if n2 > 4**q:
                length = math.isqrt(int(n2) - 1) + 1
                u = rounded([z * Fraction(2**q, length) for z in u])
            x, total = new, [a + c for a, c in zip(total, new, strict=True)]
    output = [z * (1 / (2**q * p * scales[-1])) for z in total]
    return output, lengths, excess2, paired


def shrunk(z, t, paired):
    if not z.abs2() > t * t:
        return X(0)
    if not paired:
        return z - t if z.v[0] > 0 else z + t
    length = math.isqrt(int(z.abs2().v[0]))
    return z - X(0, half_up(z.v[0] * t / length), 0, half_up(z.v[2] * t / length))


def best_factor(claim, rho, gamma, lam):
    """C2' for this λ, from below: on a grid of c, at the three places where the quotient can be greatest; or None."""
    levels, xi = levels_of(claim)
    kappa = xi / min(s * weight**2 for _, s, weight in levels)
    share, most = lam * gamma * root_above(X(0, xi), 512), Fraction(0)
    if share >= 1:
        return None
    for i in range(65 if kappa > 1 else 1):
        c = 1 - Fraction(i, 64) * (1 - 1 / root_above(X(0, kappa), 512))
        m = c + root_above(X(0, (kappa - 1) * (1 - c * c)), 64)
        alpha, delta = share - rho, 1 - share * c
        places = [(rho, Fraction(1)), (Fraction(1), Fraction(0))]
        if alpha > 0 and m * delta != alpha:
            k = m / (2 * (m * delta - alpha))
            places.append((k, (1 - delta * k) / alpha))
        for k, b in places:
            if k >= rho * b >= 0:
                most = max(most, (k * k + m * k * b) / (share * (b - c * k) + k - rho * b) ** 2)
    return gamma * root_above(X(0, most), 64) * (1 - Fraction(1, 2**60))  # root_above rounds up


def forward_error(claim, evidence):
    """Whether the output is the network's, and the bound follows with roots of 512 bits and nothing else rounded."""
    fields, rho, gamma = claim["network"], rational(claim["rho"]), rational(claim["gamma"])
    A, y = matrix(claim["matrix"]), column(claim["data"])
    lam, L, t, delta = (rational(fields[key]) for key in ("lambda", "norm", "step", "delta"))
    if not null_space(A, claim, rho, gamma, evidence["null_space"]) or not norm_at_most(A, L * L) or not 0 < t < 1:
        return False
    output, lengths, excess2, paired = network(claim)
    if output != column(claim["output"]):
        return False
    if "cuts" in evidence:
        least = best_factor(claim, rho, gamma, lam)
    else:
        near, c2 = error_factors(claim, rho, gamma)
        least = None if near is None or not lam * c2 <= near else near / lam
    if least is None:
        return False

    def root(v):
        return root_above(X(0, v), 512)

    levels, _ = levels_of(claim)
    w = [v for js, _, v in levels for _ in js]
    unit, p, D = Fraction(1, 2 ** integer(claim["bits"])), integer(fields["blocks"]), root(excess2)
    n, m = (count * (2 if paired else 1) for count in (len(w), len(y)))
    x0 = claim["initial"] and column(claim["initial"])
    gap = root_above(norm2(y), 512)
    if x0:
        gap = lam * sum(v * modulus(z) for v, z in zip(w, x0, strict=True))
        gap += root_above(norm2(minus(apply(A, x0), y)), 512)
    u = 1 + root(Fraction(m)) / 2 * unit  # at least the length of a computed u
    for k, alpha in enumerate(map(rational, fields["scales"])):
        # a block adds at most |B*u| and the rounding of that, and of the threshold of a pair
        most = (root(lengths[k]) + p * root(Fraction(n)) * 2) * unit + p * (t + D) * u
        e_x = (3 if paired else 1) * root(Fraction(n)) * unit + D * u
        e_u = (3 * root(Fraction(m)) / 2 + 1) * unit + 3 * D * most
        e_v = e_u + 2 * t * e_x
        block = root(e_x**2 + e_v**2 + 2 * t * e_x * e_v)
        begun = root(Fraction(n)) * unit / 2 if k or x0 else 0
        error = (begun + Fraction(p + 1, 2) * block) * root(1 / (1 - t * t)) / alpha
        distance = least * (delta + gap)
        gap = (1 + t) * L / (2 * t) * (distance**2 * alpha / p + 1 / (alpha * p))
        gap += (lam * root(sum(v * v for v in w)) + L) * error
        gap = Fraction(math.ceil(gap * 2**512), 2**512)
    return least * (delta + gap) <= rational(claim["bound"])


# --- somebody's own data -----------------------------------------------------------------------------------------


def packed(obj):
    width, den, offset = (integer(obj[key]) for key in ("bytes", "den", "offset"))
    digits = obj["digits"]
    return [Fraction(integer(digits[i : i + 2 * width]) - offset, den) for i in range(0, len(digits), 2 * width)]


def own_problem(obj):
    """The problem, for brute force over the signs of its coefficients."""
    flat, n = packed(obj["matrix"]), integer(obj["matrix"]["shape"][1])
    fields = {
        name: obj[key] and packed(obj[key])
        for name, key in (
            ("kappa", "ridge"), ("centres", "centres"), ("scales", "scales"), ("weights", "observation_weights")
        )
    }  # fmt: skip
    rows = [flat[i : i + n] for i in range(0, len(flat), n)]
    signs = tuple(integer(j) for j in obj["nonnegative"])
    return Reference(
        rows, packed(obj["data"]), packed(obj["penalties"]), intercept=obj["intercept"], nonnegative=signs, **fields
    )


def own_point(problem, given):
    """A sparse vector in the units of the columns, in those of x."""
    point = [Fraction(0)] * problem.size
    for j, x in zip(given["places"], packed(given["entries"]) if given["places"] else [], strict=True):
        j = integer(j)
        point[j] = x * (problem.scales[j] if problem.scales and j < problem.n else 1)
    return point


def solution_digits(claim, _):
    """By the definition of the objective: p attains the minimum, nothing nearer does, and nothing else if so said."""
    problem, c = own_problem(claim["problem"]), packed(claim["coefficients"])
    point = own_point(problem, claim["minimiser"])
    if problem.objective(point) != problem.best[0] or problem.distance2(c, point) != problem.away2(c, point):
        return False
    return claim["unique"] == "open" or problem.moves(point) == (claim["unique"] == "no")


def path(claim, _):
    """By the definition of the objective, at the breakpoints, three levels between neighbours, and one above all."""
    problem = own_problem(claim["problem"])
    levels = [rational(level) for level in claim["breakpoints"]]
    points = [own_point(problem, point) for point in claim["points"]]

    def right(level, point, only=False):
        there = replace(problem, mu=[level * mu for mu in problem.mu])
        return there.objective(point) == there.best[0] and not (only and there.moves(point))

    if not all(map(right, levels, points)):
        return False
    for k, only in enumerate(claim["unique"][1:]):
        for t in (Fraction(1, 7), Fraction(1, 2), Fraction(8, 9)):
            mixed = [a + t * (b - a) for a, b in zip(points[k], points[k + 1], strict=True)]
            if not right(levels[k] + t * (levels[k + 1] - levels[k]), mixed, only):
                return False
    rests = not any(x and mu for x, mu in zip(points[0], problem.mu, strict=True))
    only = claim["unique"][0]
    return (rests and right(2 * levels[0] + 1, points[0], only)) or not (rests or only)


def pair(claim, evidence):
    """By the definitions: both data sets within the precision, one minimiser each, and not the same one."""
    given, points = own_problem(claim["problem"]), []
    known = claim["precision"]
    for variation in (evidence["first"], evidence["second"]):
        X, y = [list(row) for row in given.X], given.y
        columns = [integer(j) for j in variation["columns"]]
        if columns:
            flat = packed(variation["matrix"])
            for i, row in enumerate(X):
                for k, j in enumerate(columns):
                    row[j] = flat[i * len(columns) + k]
        if variation["data"] is not None:
            y = packed(variation["data"])
        away = [[a - b for a, b in zip(row, old, strict=True)] for row, old in zip(X, given.X, strict=True)]
        off = [[a - b] for a, b in zip(y, given.y, strict=True)]
        if not (within(away, known["matrix"]) and within(off, known["data"])):
            return False
        other = replace(given, X=X, y=y)
        point = own_point(other, variation["point"])
        if other.objective(point) != other.best[0] or other.moves(point):
            return False
        points.append(point[: other.n])
    return points[0] != points[1]


def enclosed(claim, evidence):
    """Both data sets within the precision, and the points farther apart than the minimisers may be from them.

    How far these may be is that of kind data-digits with radii 0; of complex data for other objectives than the lasso
    only what all of them ask for is tested.
    """
    problem, known, zero = claim["problem"], claim["precision"], {"entries": None, "norm": ["0x0", "0x1"]}
    m, n, *paired = (integer(side) for side in problem["matrix"]["shape"])
    width = 1 + bool(paired)
    old, points, doubt = packed(problem["matrix"]), [], Fraction(0)
    y = packed(problem["data"])
    for side in (evidence["first"], evidence["second"]):
        columns = [integer(j) for j in side["columns"]]
        new = list(old)
        flat = packed(side["matrix"]) if columns else []
        for i, (k, j), part in product(range(m), enumerate(columns), range(width)):
            new[(i * n + j) * width + part] = flat[(i * len(columns) + k) * width + part]
        data = y if side["data"] is None else packed(side["data"])
        away, off = ([a - b for a, b in zip(*both, strict=True)] for both in ((new, old), (data, y)))
        if not (near_enough(away, n, width, known["matrix"]) and near_enough(off, 1, width, known["data"])):
            return False
        varied = {
            **problem,
            "matrix": repacked(new, (m, n, *paired)),
            "data": repacked(data, (m, *paired)),
        }
        digits = {
            "noise": claim["noise"],
            "objective": claim["objective"],
            "precision": {"data": zero, "matrix": zero},
            "problem": varied,
            "scales": [["0x1", "0x1"]],
        }
        found = determined(digits, side)
        if found is None:
            return False
        if not (paired and claim["objective"] != "lasso"):
            outcome = found.at(Fraction(1))
            if outcome is None:
                return False
            doubt += Fraction(outcome[1])
        points.append([part for z in found.point[:n] for part in (z.real, z.imag)])
    square = sum(((a - b) ** 2 for a, b in zip(*points, strict=True)), Fraction(0))
    return square > doubt**2


def near_enough(change, cols, width, radius):
    """As `within`, of numbers that may be complex, in a row: moduli, or the real matrix with the same norm."""
    rows = [change[i : i + width * cols] for i in range(0, len(change), width * cols)]
    if width == 1:
        return within(rows, radius)
    if radius["norm"] is None:
        squares = [[a * a + b * b for a, b in zip(row[::2], row[1::2], strict=True)] for row in rows]
        flat, sides = packed(radius["entries"]), integer(radius["entries"]["shape"][1])
        bounds = [[r * r for r in flat[i : i + sides]] for i in range(0, len(flat), sides)]
        return all(a <= bounds[i % len(bounds)][j % sides] for i, row in enumerate(squares) for j, a in enumerate(row))
    real = [[x for a, b in zip(row[::2], row[1::2], strict=True) for x in (a, -b)] for row in rows]
    imaginary = [[x for a, b in zip(row[::2], row[1::2], strict=True) for x in (b, a)] for row in rows]
    return within(real + imaginary, radius)


def repacked(values, shape):
    den = math.lcm(*(x.denominator for x in values))
    numbers = [int(x * den) for x in values]
    offset = max(0, -min(numbers))
    width = max(1, ((max(numbers) + offset).bit_length() + 7) // 8)
    digits = "".join(f"{x + offset:0{2 * width}x}" for x in numbers)
    sides = [hex(side) for side in shape]
    return {"bytes": hex(width), "den": hex(den), "digits": digits, "offset": hex(offset), "shape": sides}


def data_digits(claim, evidence):
    """By the formulas of the page: at each scale one of its theorems holds, with this J and sigma, or without sigma.

    Of complex data for other objectives than the lasso, only what all of them ask for.
    """
    found = determined(claim, evidence)
    if found is None or found is True or (isinstance(found.ref.y[0], Complex) and claim["objective"] != "lasso"):
        return found is not None
    return all(found.at(rational(scale)) is not None for scale in claim["scales"])


def determined(claim, evidence):
    """What the theorems are about, in the reference implementation; None if a rule before the scales fails.

    Without sigma: whether all that is claimed follows without independent columns, True or None.
    """
    problem, known = claim["problem"], claim["precision"]
    shape = [integer(side) for side in problem["matrix"]["shape"]]
    paired = len(shape) == 3
    if paired:
        kappa, weights = (problem[key] and packed(problem[key]) for key in ("ridge", "observation_weights"))
        flat, n = pairs(packed(problem["matrix"])), shape[1]
        rows = [flat[i : i + n] for i in range(0, len(flat), n)]
        mu = packed(problem["penalties"])
        ref = Reference(rows, pairs(packed(problem["data"])), mu, kappa=kappa, weights=weights)
    else:
        ref = own_problem(problem)
    sides = len(ref.X), ref.n
    given = evidence["point"]
    point = [Fraction(0)] * ref.size * (1 + paired)
    for j, x in zip(given["places"], packed(given["entries"]) if given["places"] else [], strict=True):
        point[integer(j)] = x
    point = pairs(point) if paired else point
    allowed = [integer(j) for j in evidence["allowed"]]
    radii = Known(**radius(known["matrix"], *sides)), Known(**radius(known["data"], sides[0], 1))
    if evidence["sigma"] is None:
        fit = AnyColumns(ref, *radii, point, [j for j in allowed if j < ref.n], None)
        feasible = not any(point[j] < 0 for j in ref.nonnegative)
        fits = all(fit.fit_at(rational(scale)) is not None for scale in claim["scales"])
        return True if claim["objective"] == "lasso" and feasible and fits else None
    inside = all(j in allowed for j in range(ref.size) if point[j] or j == ref.n)
    if not inside or any(point[j] < 0 for j in ref.nonnegative):
        return None
    columns, sigma = [j for j in allowed if j < ref.n], rational(evidence["sigma"])
    objective = claim["objective"]
    if objective != "lasso" and (any(ref.ridge) or (objective == "bpdn") != (claim["noise"] is not None)):
        return None
    if objective == "lasso" or paired:
        found = Determined(ref, *radii, point, columns, sigma)
    elif objective == "bpdn":
        found = Bpdn(ref, *radii, point, columns, sigma, rational(claim["noise"]))
    else:
        found = SqrtLasso(ref, *radii, point, columns, sigma)
    if objective != "lasso" and not any(found.residual):
        return None
    products = without_residual(found) if paired and objective == "sqrt-lasso" else found.gram
    gram = [[a - sigma**2 * (i == k) for k, a in enumerate(row)] for i, row in enumerate(products)]
    if not definite(gram):
        return None
    return found


def pairs(numbers):
    return [Complex(a, b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]


def without_residual(found):
    """The products of complex columns as a real matrix, less those of what they have of the direction of r."""
    pulls = [found.product(found.columns[j], found.residual) for j in found.J]
    t = [part for z in pulls for part in (z.real, z.imag)]
    square = found.product(found.residual, found.residual).real
    rows = []
    for row in found.gram:
        rows.append([part for z in row for part in (z.real, -z.imag)])
        rows.append([part for z in row for part in (z.imag, z.real)])
    return [[a - t[i] * t[k] / square for k, a in enumerate(row)] for i, row in enumerate(rows)]


def definite(rows):
    """By elimination."""
    rows = [list(row) for row in rows]
    for k, row in enumerate(rows):
        if row[k].real <= 0:
            return False
        for below in rows[k + 1 :]:
            share = below[k] / row[k]
            below[:] = [a - share * b for a, b in zip(below, row, strict=True)]
    return True


def radius(given, rows, cols):
    if given["norm"] is not None:
        return {"norm": rational(given["norm"])}
    flat, (r, c) = packed(given["entries"]), (integer(side) for side in given["entries"]["shape"])
    return {"entries": [[flat[(i % r) * c + j % c] for j in range(cols)] for i in range(rows)]}


def within(change, radius):
    """Whether each entry is small enough, or all principal minors of norm^2 I - D^T D are at least 0."""
    if radius["norm"] is None:
        flat, cols = packed(radius["entries"]), integer(radius["entries"]["shape"][1])
        bounds = [flat[i : i + cols] for i in range(0, len(flat), cols)]
        return all(
            abs(a) <= bounds[i % len(bounds)][j % cols] for i, row in enumerate(change) for j, a in enumerate(row)
        )
    square, size = rational(radius["norm"]) ** 2, len(change[0])
    gram = [[square * (j == k) - sum(row[j] * row[k] for row in change) for k in range(size)] for j in range(size)]
    chosen = (part for count in range(1, size + 1) for part in combinations(range(size), count))
    return all(leibniz([[gram[j][k] for k in part] for j in part]) >= 0 for part in chosen)


def leibniz(rows):
    """The determinant, by its first row."""
    if not rows:
        return 1
    parts = ([row[:j] + row[j + 1 :] for row in rows[1:]] for j in range(len(rows)))
    return sum((-1) ** j * a * leibniz(part) for j, (a, part) in enumerate(zip(rows[0], parts, strict=True)))


ORACLES = {
    "forward-error": forward_error,
    "best-forward-error": forward_error,
    "null-space": lambda claim, evidence: null_space(
        matrix(claim["matrix"]), claim, rational(claim["rho"]), rational(claim["gamma"]), evidence
    ),
    "recovery": recovery,
    "conditional-recovery": conditional_recovery,
    "best-recovery": recovery,
    "coefficient-bounds": coefficient_bounds,
    "conditional-best-recovery": conditional_recovery,
    "minimiser": minimiser,
    "gap": gap,
    "training-data": training_data,
    "barrier": barrier,
    "budget": budget,
    "randomised": randomised,
    "nested-ties": nested_ties,
    "joint-barrier": joint_barrier,
    "joint-answer": joint_answer,
    "control": control,
    "network-exists": network_exists,
    "conditioning": conditioning,
    "breakdown": breakdown,
    "claim-audit": claim_audit,
    "reads": reads,
    "no-reads": no_reads,
    "solution-digits": solution_digits,
    "path": path,
    "data-digits": data_digits,
    "data-pair": lambda claim, evidence: (enclosed if "noise" in claim else pair)(claim, evidence),
    "null-space-walsh": null_space_walsh,
    "recovery-walsh": recovery_walsh,
    "operator-norm": operator_norm,
    "null-space-refuted": null_space_refuted,
}


def true(data):
    """Whether the claim of an accepted certificate holds."""
    obj = json.loads(data)
    return bool(ORACLES[obj["kind"]](obj["claim"], obj["evidence"]))
