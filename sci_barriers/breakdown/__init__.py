"""Breakdown epsilons, of the class and of families."""
