"""What pytest and hypothesis load at their start: two small modules outside of `sci_barriers`, which takes its time.

Importing a module of `sci_barriers` imports numpy and python-flint first; nothing here imports it before it is used.
"""
