"""The program `sci-barriers`, and `python -m sci_barriers`."""

from collections.abc import Callable
from typing import NoReturn

from exact_base.start import start


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    start(_program)


def _program() -> Callable[[], NoReturn]:
    from sci_barriers.commands.app import main as program

    return program


if __name__ == "__main__":
    main()
