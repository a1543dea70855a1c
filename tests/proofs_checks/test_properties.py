"""Random certificates: those made by construction are accepted, and a wrong number anywhere is not."""

import json
from math import isqrt

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from proofs_checks import verify_bytes
from tests.proofs_checks import margin_one
from tests.proofs_checks.builders import Class, F, barrier, ceil_root, changed, control, gap, minimiser

small = st.integers(-4, 4)
fractions = st.builds(F, st.integers(-30, 30), st.integers(1, 9))
weights = st.builds(F, st.integers(1, 9), st.integers(1, 9))


def solve(matrix, right):
    """The solution of a square system, or None if it is singular (Gauss-Jordan over the rationals)."""
    n = len(matrix)
    rows = [[F(x) for x in row] + [F(b)] for row, b in zip(matrix, right, strict=True)]
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k], strict=True)]
    return [row[n] for row in rows]


def inverse_columns(matrix, size):
    n = len(matrix)
    columns = [solve(matrix, [int(i == j) for i in range(n)]) for j in range(n)]
    return [[columns[j][i] for j in range(n)] for i in range(size)]


def times(matrix, x):
    return [sum((a * b for a, b in zip(row, x, strict=True)), start=F(0)) for row in matrix]


@st.composite
def optimal_pairs(draw):
    """A square A, weights, p, and (x, u) with A^T u at its bound with the sign of x on the support, below it off."""
    n = draw(st.integers(1, 3))
    matrix = [[draw(small) for _ in range(n)] for _ in range(n)]
    p, w = draw(weights), [draw(weights) for _ in range(n)]
    support = draw(st.integers(1, n))
    signs = [draw(st.sampled_from([-1, 1])) for _ in range(support)]
    x = [s * draw(weights) for s in signs] + [F(0)] * (n - support)
    below = [draw(st.builds(F, st.integers(-8, 8), st.just(9))) for _ in range(n - support)]
    v = [s * b for s, b in zip(signs + below, w, strict=True)]
    u = solve([list(column) for column in zip(*matrix, strict=True)], v)
    assume(u is not None)
    return matrix, w, p, x, u, support


@given(optimal_pairs(), st.booleans())
@settings(max_examples=60)
def test_lasso_minimisers(pair, unique):
    matrix, w, p, x, u, support = pair
    y = [a + p * b / 2 for a, b in zip(times(matrix, x), u, strict=True)]
    inverse = None
    if unique:
        inverse = inverse_columns(matrix, support)
    data = minimiser("lasso", matrix, y, p, x, weights=w, unique=unique, inverse=inverse)
    assert verify_bytes(data).verdict == "valid"
    dual = [p * b for b in u]
    assert verify_bytes(gap("lasso", matrix, y, p, x, dual, 0, weights=w)).verdict == "valid"
    for i in range(len(x)):
        moved = [v + F(1, 1000) * (i == j) for j, v in enumerate(x)]
        assert verify_bytes(minimiser("lasso", matrix, y, p, moved, weights=w)).verdict == "invalid"
        assert verify_bytes(gap("lasso", matrix, y, p, moved, dual, 0, weights=w)).verdict == "invalid"


@given(optimal_pairs())
@settings(max_examples=60)
def test_bpdn_minimisers(pair):
    """The residual is parallel to u, and epsilon its length where that is rational."""
    matrix, w, _, x, u, _ = pair
    square = sum(b * b for b in u)
    length = F(isqrt(square.numerator), isqrt(square.denominator))
    assume(length * length == square and square)
    y = [a + b / 7 for a, b in zip(times(matrix, x), u, strict=True)]
    assume(sum(b * b for b in y) > square / 49)
    assert verify_bytes(minimiser("bpdn", matrix, y, length / 7, x, weights=w)).verdict == "valid"
    assert verify_bytes(gap("bpdn", matrix, y, length / 7, x, u, 0, weights=w)).verdict == "valid"
    turned = [a - b / 7 for a, b in zip(times(matrix, x), u, strict=True)]
    assert verify_bytes(minimiser("bpdn", matrix, turned, length / 7, x, weights=w)).verdict == "invalid"


@given(optimal_pairs(), st.sampled_from([-1, 0, 1]))
@settings(max_examples=60)
def test_sqrt_lasso_interpolating_minimisers(pair, excess):
    """P3 with Ax = y: the scale of the weights decides between |u| <= 1 and |u| > 1."""
    matrix, w, _, x, u, _ = pair
    square = sum(b * b for b in u)
    root = F(isqrt(square.numerator * 10**12 // square.denominator), 10**6)
    scale = 1 / root if excess > 0 else 1 / (root + F(1, 10**6) * (1 - excess))
    dual, bounds = [scale * b for b in u], [scale * b for b in w]
    verdict = verify_bytes(minimiser("sqrt-lasso", matrix, times(matrix, x), 1, x, weights=bounds, dual=dual)).verdict
    assert verdict == ("valid" if sum(b * b for b in dual) <= 1 else "invalid")


@st.composite
def classes(draw):
    name = draw(st.sampled_from(["bpdn", "lasso", "sqrt-lasso"]))
    family = draw(st.sampled_from(["strong", "weak"]))
    K = draw(st.integers(2, 8))
    m = draw(st.integers(1, 4))
    N = m + draw(st.integers(1, 4))
    target = K - (family == "weak")
    # h between 1.42 and 7.07 times 10^-T leaves room for the heights of the members
    h = draw(st.builds(F, st.integers(145, 700), st.just(100))) / 10**target
    parameter = draw(st.builds(F, st.integers(1, 8), st.just(9)))
    if name == "bpdn":
        beta = (1 - parameter) / h
    elif name == "lasso":
        beta = draw(st.builds(F, st.integers(10, 19), st.just(20))) / h
        parameter = 2 * beta * (1 - h * beta)  # solves (1 - p/2b)/b = h, and is at most b as b h >= 1/2
    else:
        beta = 1 / h
        assume(beta > parameter)
    alpha = beta * (16 if family == "weak" else 1)
    return Class(name, alpha=alpha, parameter=parameter, m=m, N=N, K=K, family=family)


@given(classes(), st.lists(st.integers(1, 30), min_size=1, max_size=4), st.data())
@settings(max_examples=80)
def test_barriers(cls, precisions, data):
    q = max([*precisions, 24])
    weights = [data.draw(st.integers(0, 5)) for _ in range(cls.d)]
    assume(sum(weights))
    x = [cls.h * w / sum(weights) for w in weights]
    reads = [cls.read(n, x=x) for n in precisions]
    i = data.draw(st.integers(1, cls.d))
    offset = cls.eps * F(data.draw(st.integers(-30, 30)), 20)
    z = [cls.top(q) * (j == i) for j in range(1, cls.N + 1)]
    z[data.draw(st.integers(0, cls.N - 1))] += offset
    verdict = verify_bytes(barrier(cls, reads, z, q=q, i=i)).verdict
    assert verdict == ("valid" if abs(offset) > cls.eps else "invalid")


@given(classes(), st.integers(1, 60), st.integers(-3, 3))
@settings(max_examples=80)
def test_the_answer_c_is_the_one_rounded_up(cls, n, ulps):
    c = ceil_root(cls.c0_squared, n) + F(ulps, 2**n)
    report = verify_bytes(barrier(cls, [cls.read(n, c=c)], [0], q=max(n, 24)))
    near = c >= 0 and c * c >= cls.c0_squared and (c <= F(1, 2**n) or (c - F(1, 2**n)) ** 2 <= cls.c0_squared)
    assert report.verdict == ("valid" if near else "invalid")


@given(classes(), st.integers(1, 60), st.integers(-30, 30))
@settings(max_examples=80)
def test_controls(cls, n, offset):
    z = [cls.h + cls.eps * F(offset, 20)]
    found = "ok" if abs(offset) <= 20 else "inaccurate"
    for verdict in ("ok", "inaccurate"):
        report = verify_bytes(control(cls, [cls.control_read(n)], z, verdict))
        assert report.verdict == ("valid" if verdict == found else "invalid")


texts = st.sampled_from(["", "0x0", "0x1", "-0x1", "0x3", "0x10000", "1", "strong", "lasso", "query", "\x00", "é"])
values = st.recursive(
    st.none() | st.booleans() | texts | st.integers(-5, 10**6).map(hex),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["a", "b", "re", "im", "rows", "cols", "den", "entries", "n"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
INSTANCES = sorted(margin_one.INSTANCES.items())


@given(st.sampled_from(INSTANCES), st.data(), values)
@settings(max_examples=400)
def test_any_value_in_any_field_gets_a_verdict(instance, data, value):
    """Never an exception; the refusal is one short line."""
    _, original = instance
    place = json.loads(original)
    path = [data.draw(st.sampled_from(["claim", "evidence"]))]
    while True:
        place = place[path[-1]]
        keys = list(place) if isinstance(place, dict) else list(range(len(place))) if isinstance(place, list) else []
        if not keys or data.draw(st.integers(0, 3)) == 0:
            break
        path.append(data.draw(st.sampled_from(keys)))
    report = verify_bytes(changed(original, path, value))
    if report.verdict == "valid":
        assert report.statement
    else:
        assert "\n" not in report.reason and len(report.reason) < 400
