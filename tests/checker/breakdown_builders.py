"""Certificates of networks, condition numbers and breakdown epsilons, made by hand like those of `builders`."""

from tests.checker.builders import column, envelope, matrix, problem, seal


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


def conditioning(cls, form, i=None, q=None):
    instance = {"form": form} if i is None else {"form": form, "index": hex(i), "exponent": hex(q)}
    return seal(envelope("conditioning", {"class": cls.obj(), "instance": instance}, {}))
