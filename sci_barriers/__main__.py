"""`python -m sci_barriers` is the command `sci-barriers`."""

from sci_barriers.commands.app import main

main()
