"""Randomised algorithms: coin tapes, their enumeration, the game against them. See docs/randomised.md."""
