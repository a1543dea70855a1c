"""All of Theorem 2 in one bundle."""
