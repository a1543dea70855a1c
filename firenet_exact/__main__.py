"""`python -m firenet_exact` is the command `firenet-exact`."""

from firenet_exact.commands.app import main

main()
