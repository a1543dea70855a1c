"""Theorem 1: networks that are right exist, written out with exact weights."""

from __future__ import annotations

from sci_barriers.existence.network import Layer, ReluNetwork, interpolating_network
from sci_barriers.existence.theorem1 import ExistingNetwork, existence_certificate, member_network, network_exists

__all__ = [
    "ExistingNetwork",
    "Layer",
    "ReluNetwork",
    "existence_certificate",
    "interpolating_network",
    "member_network",
    "network_exists",
]
