"""What an audit is made of: instances with points and claims, findings, and the statements that are certified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from exact_base.reprs import short_repr
from exact_base.scalars import ExactArray
from sci_barriers.audit.instances import AuditInstance
from sci_barriers.problems import GapCertificate

__all__ = ["Audit", "Finding", "Statement", "Unaudited"]


@short_repr()
@dataclass(frozen=True)
class Statement:
    """One exact statement of a certificate: its type, its fields, and whether it holds."""

    type: str
    fields: dict[str, Any]
    holds: bool


@short_repr()
@dataclass(frozen=True)
class Finding:
    """What the audit of one claim found.

    Attributes:
        claim: the claim in words.
        verdict: `certified`, `refuted` or `undecided`.
        computed: what was recomputed, for a reader, or the reason why nothing was decided; true as it is printed.
        statements: what is certified.
        value: the recomputed number alone, to the nearest of its digits, for tables.
        gaps: certified gaps, each in a certificate of its own.
    """

    claim: str
    verdict: str
    computed: str
    statements: tuple[Statement, ...]
    value: str = ""
    gaps: tuple[GapCertificate, ...] = ()


@short_repr()
@dataclass(frozen=True)
class Audit:
    """One instance, named points, and claims about them; after `audit`, the findings.

    Attributes:
        name: a title.
        instance: the instance.
        points: named vectors of length N; `zero` is always there, and `minimiser` where one is known.
        claims: the claims as read.
        findings: one for each claim, in order.
        files: the base names of the files that its arrays were read from.
    """

    name: str
    instance: AuditInstance
    points: dict[str, ExactArray]
    claims: tuple[Mapping[str, Any], ...]
    findings: tuple[Finding, ...] = field(default=())
    files: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """`certified` if every claim is, `refuted` if one is, else `undecided`."""
        verdicts = {finding.verdict for finding in self.findings}
        if "refuted" in verdicts:
            return "refuted"
        return "certified" if verdicts == {"certified"} else "undecided"


@short_repr()
@dataclass(frozen=True)
class Unaudited:
    """A row of a claims file of which no claim can be decided.

    Attributes:
        name: its title, or its number.
        verdict: `not unique`, which is a finding; `undecided`; or `unusable`, which is for its author to mend.
        reason: why, in one line.
    """

    name: str
    verdict: str
    reason: str
