"""Breakdown epsilons: the accuracy beyond which no algorithm computes."""

from __future__ import annotations

from sci_barriers.breakdown.epsilon import BreakdownEpsilon, breakdown_certificate, breakdown_epsilon
from sci_barriers.breakdown.family import (
    Datum,
    Family,
    FamilyBound,
    FamilyInstance,
    certify_family,
    family_certificate,
)

__all__ = [
    "BreakdownEpsilon",
    "Datum",
    "Family",
    "FamilyBound",
    "FamilyInstance",
    "breakdown_certificate",
    "breakdown_epsilon",
    "certify_family",
    "family_certificate",
]
