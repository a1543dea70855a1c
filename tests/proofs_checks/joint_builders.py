"""Certificates of kind joint-barrier, made by hand like those of `builders`."""

from tests.proofs_checks.builders import column, envelope, matrix, problem, seal


def joint_barrier(name, parameter, K, n, A, samples, common, inputs, *, points=None, root=0, weights=None):
    """`common` lists (z, u) for each sample; `inputs` lists (A_i, [(p, B, u) for each sample]), u and B may be None."""

    def optional(value, write):
        return None if value is None else write(value)

    stated = problem(name, A, None, parameter, weights)
    claim = {
        "digits": hex(K),
        "matrices": [matrix(B) for B, _ in inputs],
        "points": [column(x) for x in points or [z for z, _ in common]],
        "precision": hex(n),
        "problem": stated,
        "root": hex(root),
        "samples": [column(y) for y in samples],
    }
    evidence = {
        "common": [{"dual": optional(u, column), "point": column(z)} for z, u in common],
        "minimisers": [
            [{"dual": optional(u, column), "left_inverse": optional(B, matrix), "point": column(p)} for p, B, u in row]
            for _, row in inputs
        ],
    }
    return seal(envelope("joint-barrier", claim, evidence))
