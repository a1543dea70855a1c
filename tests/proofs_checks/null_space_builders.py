"""Certificates of operator norms and null space properties, made by hand like those of `builders`."""

from tests.proofs_checks.builders import column, envelope, matrix, rat, seal


def levels(*spread):
    """A level structure from (end, sparsity, weight)."""
    return [{"end": hex(end), "sparsity": hex(s), "weight": rat(w)} for end, s, w in spread]


def operator_norm(A, low, high, factor, vector):
    claim = {"matrix": matrix(A), "low": rat(low), "high": rat(high)}
    return seal(envelope("operator-norm", claim, {"factor": matrix(factor), "vector": column(vector)}))


def null_space(A, spread, rho, gamma, evidence):
    claim = {"matrix": matrix(A), "levels": levels(*spread), "rho": rat(rho), "gamma": rat(gamma)}
    return seal(envelope("null-space", claim, evidence))


def refuted(A, spread, x, *, root=0):
    claim = {"matrix": matrix(A), "levels": levels(*spread), "root": hex(root)}
    return seal(envelope("null-space-refuted", claim, {"vector": column(x)}))


def relaxation(H):
    return {"method": "relaxation", "inverse": matrix(H)}


def exhaustive(*inverses):
    return {"method": "exhaustive", "inverses": [matrix(B) for B in inverses]}


def coherence():
    return {"method": "coherence"}


def transfer(other, rho, gamma, eta, evidence):
    return {
        "method": "transfer",
        "other": matrix(other),
        "rho": rat(rho),
        "gamma": rat(gamma),
        "eta": rat(eta),
        "evidence": evidence,
    }
