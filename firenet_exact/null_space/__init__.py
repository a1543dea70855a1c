"""Certifying and refuting null space properties in levels."""

from firenet_exact.null_space.choose import Attempt, Begun, Event, Limit, Verdict, decide, is_better, search
from firenet_exact.null_space.coherence import by_coherence
from firenet_exact.null_space.exhaustive import by_exhaustion, certify_inverses
from firenet_exact.null_space.largest import largest
from firenet_exact.null_space.property import (
    Coherence,
    Exhaustive,
    NullSpaceProperty,
    Point,
    Refutation,
    Relaxation,
    Transfer,
)
from firenet_exact.null_space.refutation import is_refuted_by, refute
from firenet_exact.null_space.relaxation import by_relaxation, certify_inverse
from firenet_exact.null_space.transfer import by_transfer

__all__ = [
    "Attempt",
    "Begun",
    "Coherence",
    "Event",
    "Exhaustive",
    "Limit",
    "NullSpaceProperty",
    "Point",
    "Refutation",
    "Relaxation",
    "Transfer",
    "Verdict",
    "by_coherence",
    "by_exhaustion",
    "by_relaxation",
    "by_transfer",
    "certify_inverse",
    "certify_inverses",
    "decide",
    "is_better",
    "is_refuted_by",
    "largest",
    "refute",
    "search",
]
