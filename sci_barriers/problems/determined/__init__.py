"""What the data determine, where they are known up to a precision (docs/theory.md, "What the data determine")."""
