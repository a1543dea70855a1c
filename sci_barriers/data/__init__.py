"""Training data: what an algorithm reads, from whom, and whether it is valid."""
