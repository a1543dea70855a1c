"""Searches for vectors that violate a null space property: floating point proposes, exact arithmetic judges."""

import numpy as np
from flint import arb, ctx, fmpq

from exact_base.matrices import exact_matrix
from exact_base.rationals import to_float


def excess(A, levels, rho, gamma, x):
    """‖x_Δ‖ - ρ‖x_Δc‖_w/√ξ - γ‖Ax‖ for the largest support Δ, as a ball around the exact value, for rational x."""
    ctx.prec = 300
    column = exact_matrix([[entry] for entry in x])
    squares = [fmpq(row[0], column.den**2) for row in column.squares()]
    image = A @ column
    inside = set(levels.largest(squares))
    kept = sum((squares[j] for j in inside), fmpq(0))
    rest = sum(
        (arb(w) * arb(squares[j]).sqrt() for j, w in enumerate(levels.column_weights) if j not in inside), arb(0)
    )
    length = sum((fmpq(row[0], image.den**2) for row in image.squares()), fmpq(0))
    return arb(kept).sqrt() - arb(rho) * rest / arb(levels.xi).sqrt() - arb(gamma) * arb(length).sqrt()


def worst(A, levels, rho, gamma, *, starts=200, steps=150, seed=0):
    """The vectors of a random and a gradient search that come nearest to violating the property, as float arrays."""
    rng = np.random.default_rng(seed)
    floats, weights = A.to_float(), np.array([to_float(w) for w in levels.column_weights])[:, None]
    n = A.cols
    rho, gamma, root = to_float(rho), to_float(gamma), np.sqrt(to_float(levels.xi))
    kernel = np.eye(n) - np.linalg.pinv(floats) @ floats
    X = rng.standard_normal((n, starts)) * rng.choice([1, 0.1, 0.01], size=(n, starts))
    if np.iscomplexobj(floats):
        X = X + 1j * rng.standard_normal((n, starts))
    X[:, ::2] = kernel @ X[:, ::2]

    def judge(X):
        size = np.abs(X)
        inside = np.zeros(X.shape, dtype=bool)
        for start, end, s in zip(levels.starts, levels.ends, levels.sparsities, strict=True):
            top = np.argsort(-size[start:end], axis=0)[:s] + start
            np.put_along_axis(inside, top, True, axis=0)
        kept = np.sqrt(np.sum(np.where(inside, size, 0) ** 2, axis=0))
        rest = np.sum(np.where(inside, 0, size * weights), axis=0)
        image = floats @ X
        length = np.linalg.norm(image, axis=0)
        value = kept - rho * rest / root - gamma * length
        phase = X / np.maximum(size, 1e-300)
        pull = floats.conj().T @ (image / np.maximum(length, 1e-300))
        return value, np.where(inside, X / np.maximum(kept, 1e-300), -rho / root * weights * phase) - gamma * pull

    best, record = X.copy(), np.full(starts, -np.inf)
    for step in range(steps):
        X = X / np.linalg.norm(X, axis=0)
        value, gradient = judge(X)
        better = value > record
        best[:, better], record[better] = X[:, better], value[better]
        X = X + 0.3 / (1 + step) ** 0.7 * gradient / np.maximum(np.linalg.norm(gradient, axis=0), 1e-300)
        if step % 3 == 2:
            X[:, ::2] = kernel @ X[:, ::2]
    return [best[:, i] for i in np.argsort(-record)[:10]]


def violations(A, levels, rho, gamma, **options):
    """The vectors found for which the inequality certainly fails."""
    return [x for x in worst(A, levels, rho, gamma, **options) if excess(A, levels, rho, gamma, x.tolist()) > 0]
