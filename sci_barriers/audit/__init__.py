"""Auditing numbers that others published: each claim about an instance is certified or refuted, exactly."""

from sci_barriers.audit.certificate import audit_certificate
from sci_barriers.audit.claims import Audit, Finding, audit, load_audits
from sci_barriers.audit.instances import BlockInstance, DenseInstance

__all__ = ["Audit", "BlockInstance", "DenseInstance", "Finding", "audit", "audit_certificate", "load_audits"]
