"""What pytest and hypothesis load at their start: two small modules outside of `sci_barriers`.

The rooms of that import numpy and python-flint, which takes time; nothing here imports them before they are used.
"""
