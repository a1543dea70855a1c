"""The algebra behind the certificates, proved symbolically with sympy (docs/lemmas.md).

The checker does not use it. The names below are loaded on first use, and need the extra `proofs`.
"""

from importlib import import_module
from typing import Any

from proofs_checks.lemmas.errors import require_sympy

_HOMES = {
    "Apply": "steps",
    "At": "steps",
    "BySign": "steps",
    "Contradiction": "steps",
    "Follows": "steps",
    "ForAll": "steps",
    "Induction": "steps",
    "LEMMAS": "registry",
    "Lemma": "steps",
    "Proof": "kernel",
    "ProofFailed": "errors",
    "Reciprocal": "steps",
    "Relation": "relations",
    "Square": "steps",
    "SympyMissing": "errors",
    "at_least": "relations",
    "at_most": "relations",
    "equal": "relations",
    "less": "relations",
    "more": "relations",
    "naturals": "relations",
    "prove": "kernel",
    "reals": "relations",
    "sequences": "relations",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        if _HOMES[name] != "errors":
            require_sympy()
        return getattr(import_module(f"proofs_checks.lemmas.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'proofs_checks.lemmas' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
