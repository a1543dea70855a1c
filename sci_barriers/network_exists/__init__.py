"""Theorem 1: the network that exists."""
