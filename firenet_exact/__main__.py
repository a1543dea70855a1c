"""The program `firenet-exact`, and `python -m firenet_exact`."""

from collections.abc import Callable
from typing import NoReturn

from exact_base.start import start


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    start(_program)


def _program() -> Callable[[], NoReturn]:
    from firenet_exact.commands.app import main as program

    return program


if __name__ == "__main__":
    main()
