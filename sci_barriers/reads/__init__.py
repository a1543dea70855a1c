"""Algorithms that reach K - 1 and K - 2 digits, and proofs that they do."""
