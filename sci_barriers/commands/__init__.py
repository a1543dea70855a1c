"""The command `sci-barriers`: one module a command."""
