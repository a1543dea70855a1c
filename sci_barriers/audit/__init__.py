"""Audits of published numbers."""
