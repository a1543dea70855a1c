"""`python -m proofs_checks.lemmas`."""

from proofs_checks.lemmas.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
