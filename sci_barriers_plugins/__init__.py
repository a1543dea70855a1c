"""What pytest and hypothesis load at their start: two small modules outside of `sci_barriers`, whose rooms take their time.

They import numpy and python-flint; nothing here imports them before they are used.
"""
