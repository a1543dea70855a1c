"""Values for lemmas whose hypotheses have roots, or bound one thing on both sides."""

from fractions import Fraction as Q


def positive(random, most=6):
    return Q(random.randint(1, most), random.randint(1, 4))


def between(random, low, high):
    """A number of [low, high], often an end."""
    return low + (high - low) * random.choice([Q(0), Q(1), Q(1, 2), Q(1, 3)])


def direction(random):
    """A rational point of the unit circle."""
    t = Q(random.randint(-5, 5), random.randint(1, 3))
    return random.choice([((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)), (Q(1), Q(0)), (Q(-1), Q(0))])


def complex_number(random, modulus=None):
    """(x, y, m) with x² + y² = m²."""
    m = random.choice([Q(0), positive(random)]) if modulus is None else modulus
    x, y = direction(random)
    return m * x, m * y, m


def complex_sequence(random, length=12):
    numbers = [complex_number(random) for _ in range(length)]
    return tuple((lambda n, j=j: numbers[n][j]) for j in range(3))


def named(names, values):
    return dict(zip(names.split(), values, strict=True))


def modulus(random):
    return named("x y m", complex_number(random))


def product(random):
    return modulus(random) | named("v1 v2 m_v", complex_number(random))


def weak_duality(random):
    nr, nu = between(random, Q(0), Q(3)), between(random, Q(0), Q(1))
    return (
        named("x y m", complex_sequence(random))
        | named("v1 v2 m_v", complex_sequence(random))
        | {"n_r": nr, "n_u": nu, "ru": between(random, -nr * nu, nr * nu)}
    )


def two_vectors(random):
    """Vectors r, u of length 4 with rational norms, and r + u has one too."""
    x, y, m = complex_number(random)
    first, second, third = (Q(random.randint(-3, 3)) for _ in range(3))
    r, u, total = random.choice(
        [
            ((first * x, first * y), (second * x, second * y), abs(first + second) * m),
            ((3 * third, 0), (0, 4 * third), 5 * abs(third)),
        ]
    )
    norms = [m * abs(first), m * abs(second)] if total == abs(first + second) * m else [3 * abs(third), 4 * abs(third)]
    places = random.sample(range(4), 2)

    def entry(vector):
        return lambda n: vector[places.index(n)] if n in places else 0

    return {"N": 4, "r": entry(r), "u": entry(u), "n_r": norms[0], "n_u": norms[1], "n_s": total}


def level_tail(random):
    root, kept = random.choice([1, 2]), positive(random)
    largest = between(random, Q(0), kept)
    tail = [between(random, Q(0), largest) for _ in range(12)]
    return {"s": root**2, "root_s": root, "n_k": root * kept, "M": largest, "k": lambda n: kept, "t": tail.__getitem__}


def budget(random):
    d = random.randint(1, 3)
    shares = [Q(1, d)] * 12
    return {"k": d - 1, "p": shares.__getitem__, "f": 1 - Q(1, d) + between(random, Q(0), Q(1, 2))}


def one_coordinate(random):
    v = complex_number(random)
    return named("z_x z_y m_z", complex_number(random)) | named("w1 w2 m_w", v) | {"mu_i": v[2] + positive(random)}


def on_the_bound(random):
    x, y, m = complex_number(random)
    scale = between(random, Q(0), Q(3))
    return named("w1 w2 m_w mu_i", (x, y, m, m)) | named("z_x z_y m_z", (scale * x, scale * y, scale * m))


def height(random):
    d = random.randint(1, 3)
    i = random.randrange(d)
    alpha = positive(random)
    x, y, m = complex_sequence(random)
    row = [between(random, Q(0), alpha) for _ in range(12)]
    imaginary = between(random, Q(-1), Q(1))
    first = 1 - sum(row[j] * x(j) for j in range(d))
    norm = abs(first) + abs(imaginary) + between(random, Q(0), Q(1))
    return {
        "i": i,
        "k": d - 1 - i,
        "alpha": alpha,
        "lambda": alpha * Q(random.randint(1, 9), 10),
        "a": row.__getitem__,
        "x": x,
        "y": y,
        "m": m,
        "Y": imaginary,
        "n_r": norm,
        "B": norm**2 - first**2 - imaginary**2,
    }


def tie(random):
    alpha, m = positive(random), between(random, Q(0), Q(3))
    return {"alpha": alpha, "a_i": alpha, "x_i": m, "y_i": 0, "m_i": m}


def off_the_ties(random):
    return {"x_i": 0, "y_i": 0, "m_i": 0}


def attained_bpdn(random):
    return {"epsilon": between(random, Q(0), Q(1))}


def c_of_members(random):
    delta, beta, factor = positive(random), positive(random), 1 + between(random, Q(0), Q(2))
    low, high = delta / factor, factor * (2 * beta + delta)
    c0 = (high - low) / 2
    return {"delta": delta, "beta": beta, "c_0": c0, "c_q": (high + low) / 2, "d": c0**2 / beta**2}


def disjoint_balls(random):
    h = positive(random)
    r = h * between(random, Q(1, 2), Q(2, 3))
    x, y, _ = complex_number(random, r * between(random, Q(1, 2), Q(1)))
    spare = r**2 - x**2 - y**2
    return {"h": h, "r": r, "z_i": h + x, "z_j": y, "E": between(random, Q(0), spare)}


def rescaled(random):
    t, p, beta, L, D = (positive(random) for _ in range(5))
    alpha = 1 / (beta * p)
    E = (1 + t) * L / (2 * t * p) * (alpha**2 * D**2 + 1) - between(random, Q(0), Q(1))
    return {"t": t, "p": p, "beta": beta, "L": L, "D": D, "alpha": alpha, "E": E, "G": E / alpha}


def distance_by_objective(random):
    C, lam, r = (positive(random) for _ in range(3))
    Rz, Rx = (between(random, Q(0), Q(2)) for _ in range(2))
    return {
        "C": C,
        "lambda": lam,
        "r": r,
        "C_1": C * lam * r,
        "C_2": between(random, Q(0), C),
        "R_z": Rz,
        "R_x": Rx,
        "A_zx": between(random, Q(-1), Rz + Rx),
    }


def restart_theorem(random):
    t, L, C, start = (positive(random) for _ in range(4))
    v = Q(random.randint(1, 9), 10)
    c = between(random, Q(0), Q(1))
    delta = c + between(random, Q(0), Q(1))
    rate = (1 + t) * L / t
    p = rate * C / v + between(random, Q(0), Q(1))
    eps, beta, G, D = [start], [Q(1)], [between(random, Q(0), start)], []
    for n in range(6):
        D.append(C * (G[n] + c) * between(random, Q(0), Q(1)))
        eps.append(v * (delta + eps[n]))
        beta.append(eps[n + 1] / rate)
        most = rate / 2 * (D[n] ** 2 / (beta[n + 1] * p**2) + beta[n + 1])
        G.append(most * random.choice([1, 1, Q(1, 2)]))
    scalars = {"t": t, "L": L, "C": C, "v": v, "c": c, "delta": delta, "p": p}
    return scalars | named("epsilon beta G D", (one.__getitem__ for one in (eps, beta, G, D)))


def m_norm_factor(random):
    f = 1 + positive(random)
    t, L = (f**2 - 1) / (f**2 + 1), positive(random)
    return {"f": f, "t": t, "L": L, "low": (1 - t) * L / t, "high": (1 + t) * L / t}


def nested_face(random):
    """The others, of which all but the last are arbitrary."""
    k = random.randint(0, 3)
    others = [Q(random.randint(-3, 3)) for _ in range(12)]
    return {"k": k, "z": others.__getitem__, "y": -sum(others[: k + 1])}


def nested_answer(random):
    k, x = random.randint(0, 3), positive(random)
    entries = [x - random.choice([Q(0), Q(0), positive(random) / 20]) for _ in range(12)]
    entries = entries if sum(entries[: k + 2]) >= 0 else [x] * 12
    return {"k": k, "x": x, "z": entries.__getitem__, "h": sum(entries[: k + 2]), "r": 2 * x}


def nested_value(random):
    """c first, with s and the errors e after it."""
    k = random.randint(0, 3)
    c = [between(random, Q(0), Q(1)) for _ in range(14)]
    c = [v / max(1, sum(c[: k + 1])) for v in c]
    c[k + 1] = Q(0)
    t = positive(random) / 6
    s = [(n + 1) * (c[n] - c[n + 1]) for n in range(13)]
    e = [max(Q(0), t - (n + 1) * c[n]) + random.choice([Q(0), Q(1, 5)]) for n in range(13)]
    return {"k": k, "t": t} | named("c s e", (one.__getitem__ for one in (c, s, e)))


def best_head(random):
    """Two unit vectors of the plane, whose product c is that of an angle with a rational sine, and the least kappa."""
    (e, across), (u, up) = direction(random), direction(random)
    u = abs(u) or Q(1)
    up = up if abs(u) < 1 else Q(0)
    tangent = abs(up) / u * random.choice([1, 1, 2]) + random.choice([Q(0), Q(0), Q(1, 2)])
    root = abs(e * up - across * u) * tangent
    return {"e": e, "u": u, "c": e * u + across * up, "kappa": 1 + tangent**2, "root": root}


def best_tails(random):
    """The tails first; then no weighted length is less than they need."""
    omega, heads, tails, weighted = [], [], [], []
    r, k, m = positive(random), positive(random), positive(random)
    for _ in range(13):
        omega.append(positive(random))
        heads.append(m * k * omega[-1] / r * random.choice([1, 1, Q(1, 2)]))
        tails.append(Q(random.randint(-2, 2)))
        weighted.append(tails[-1] ** 2 * omega[-1] / heads[-1] + random.choice([Q(0), Q(1)]))
    lists = (one.__getitem__ for one in (omega, heads, tails, weighted))
    return {"r": r, "k": k, "m": m} | named("omega k_l t tau", lists)


GIVEN = {
    "best-head": best_head,
    "best-tails": best_tails,
    "modulus": modulus,
    "product": product,
    "weak-duality-bpdn": weak_duality,
    "weak-duality-lasso": weak_duality,
    "weak-duality-sqrt-lasso": weak_duality,
    "small-off-the-bound": one_coordinate,
    "sign-on-the-bound": on_the_bound,
    "height-bpdn": height,
    "height-lasso": height,
    "height-sqrt-lasso": height,
    "zero-off-the-ties": off_the_ties,
    "positive-on-the-ties": tie,
    "attained-bpdn": attained_bpdn,
    "cauchy-schwarz": two_vectors,
    "triangle": two_vectors,
    "level-tail": level_tail,
    "game-budget": budget,
    "nested-face": nested_face,
    "nested-answer": nested_answer,
    "nested-value": nested_value,
    "c-of-members": c_of_members,
    "disjoint-balls": disjoint_balls,
    "rescaled": rescaled,
    "distance-by-objective": distance_by_objective,
    "restart-theorem": restart_theorem,
    "m-norm-factor": m_norm_factor,
}
