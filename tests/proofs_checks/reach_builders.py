"""Certificates of kinds reads and no-reads, made by hand like those of `builders`."""

from tests.proofs_checks.builders import Class, F, ceil_root, column, envelope, matrix, rat, seal


def weak(cls):
    """The weak family beside a strong one."""
    return Class(
        cls.name, alpha=cls.alpha, parameter=cls.parameter, m=cls.m, N=cls.N, K=cls.K, family="weak",
        householder=cls.householder,
    )  # fmt: skip


def row(cls, i=0, q=None):
    """The a of member (i, q), or of the tie for i = 0."""
    return [cls.beta + (cls.delta(q) if j == i else 0) for j in range(1, cls.d + 1)]


def approximation(cls, a, c, extra=()):
    """U [[a^T, 0], [0, c I]], and with `extra` other entries before U: {(i, j): value}."""
    rows = [[F(x) for x in a] + [F(0)] * (cls.m - 1)]
    rows += [[F(c) if j == cls.d + i else F(0) for j in range(cls.N)] for i in range(cls.m - 1)]
    for (i, j), value in dict(extra).items():
        rows[i][j] = F(value)
    if cls.householder is None:
        return rows
    v = [F(x) for x in cls.householder]
    size = sum(x * x for x in v)
    turned = [sum(x * line[j] for x, line in zip(v, rows, strict=True)) * 2 / size for j in range(cls.N)]
    return [[y - x * t for y, t in zip(line, turned, strict=True)] for x, line in zip(v, rows, strict=True)]


def truth(cls, n, i=0, q=None, c=None):
    """The read of precision n of a member, or the tie: a exactly, c rounded up."""
    a = row(cls, i, q)
    return n, approximation(cls, a, ceil_root(sum(x * x for x in a), n) if c is None else c)


def reads(cls, made, first, digits, *, samples=(), gain=None, access="query", member=("strong", 0, 0)):
    """`made` lists (n, A_n); `cls` is of the strong family; the member is (family, i, q)."""
    claim = {
        "class": cls.obj(),
        "access": access,
        "digits": hex(digits),
        "first": column(first),
        "gain": gain and rat(gain),
        "reads": [[hex(n), matrix(rows)] for n, rows in made],
        "samples": [column(y) for y in samples],
    }
    family, i, q = member
    witness = {"family": family, "index": hex(i), "exponent": hex(q)}
    return seal(envelope("reads", claim, {"member": witness}))


def no_reads(cls, sample, digits):
    claim = {"class": cls.obj(), "digits": hex(digits), "sample": column(sample)}
    return seal(envelope("no-reads", claim, {}))
