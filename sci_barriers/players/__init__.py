"""Algorithms: who plays, and how a run is recorded."""
