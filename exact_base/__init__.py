"""The floor both producers stand on: exact numbers, reading what users bring, files, words and the terminal."""

__version__ = "0.1.0"
