"""Certificates of networks, condition numbers and breakdown epsilons, made by hand like those of `builders`."""

from tests.proofs_checks.builders import F, column, envelope, matrix, problem, rat, seal


def network_exists(name, A, parameter, samples, layers, *, duals=None, root=0, weights=None):
    """`layers` lists (W, b)."""
    claim = {
        "network": [{"weights": matrix(W), "bias": column(b)} for W, b in layers],
        "problem": problem(name, A, None, parameter, weights),
        "samples": [column(y) for y in samples],
        "root": hex(root),
    }
    evidence = {"duals": [u and column(u) for u in duals or [None] * len(samples)]}
    return seal(envelope("network-exists", claim, evidence))


def conditioning(cls, form, i=None, q=None, *, samples=None):
    instance = {"form": form} if i is None else {"form": form, "index": hex(i), "exponent": hex(q)}
    if samples is not None:
        instance["samples"] = [column(y) for y in samples]
    return seal(envelope("conditioning", {"class": cls.obj(), "instance": instance}, {}))


def class_breakdown(cls, square=None):
    """The class form; the square is that of the definition unless told otherwise."""
    square = cls.h**2 * F(cls.d - 1, cls.d) if square is None else square
    return seal(envelope("breakdown", {"class": cls.obj(), "form": "class", "square": rat(square)}, {}))


def family_breakdown(
    name, parameter, n, datum, instances, weights, square, *, limit=None, root=0, problem_weights=None
):
    """`datum` is (A_n, y_n, x_n, z), `instances` lists (A, y, p, q), each with a dual after it if there is one."""

    def optional(extra):
        return column(extra[0]) if extra else None

    def pair(A, y, *_):
        return {"data": column(y), "matrix": matrix(A)}

    A, y, x, z, *dual = datum
    claim = {
        "form": "family",
        "instances": [pair(*one) for one in instances],
        "limit": None if limit is None else pair(*limit),
        "point": column(x),
        "precision": hex(n),
        "problem": problem(name, A, y, parameter, problem_weights),
        "root": hex(root),
        "square": rat(square),
    }
    evidence = {
        "dual": optional(dual),
        "minimiser": column(z),
        "minimisers": [
            {"dual": optional(extra), "multiplier": q and column(q), "point": column(p)}
            for _, _, p, q, *extra in instances
        ],
        "weights": column(weights),
    }
    return seal(envelope("breakdown", claim, evidence))
