"""`python -m proofs_checks.lemmas`."""

import sys

from proofs_checks.lemmas.cli import main

if __name__ == "__main__":
    try:
        code = main()
    except KeyboardInterrupt:
        print("proofs_checks.lemmas: interrupted", file=sys.stderr)
        code = 130
    raise SystemExit(code)
