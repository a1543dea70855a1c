"""The command `firenet-exact`: one module a command."""
