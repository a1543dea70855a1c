"""`python -m proofs_checks`."""

import sys

if __name__ == "__main__":
    # `python -m` looks for modules in the current directory first, and that may be where untrusted files are
    if not sys.flags.safe_path:
        del sys.path[0]

    from proofs_checks.cli import main

    raise SystemExit(main())
