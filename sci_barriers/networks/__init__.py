"""ReLU networks with exact weights."""
