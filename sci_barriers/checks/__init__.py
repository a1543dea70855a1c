"""Somebody's own coefficients against the exact minimisers of what was to be minimised."""
