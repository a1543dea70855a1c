"""Sphinx configuration."""

project = "sci-barriers"
author = "The sci-barriers authors"
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "sci-barriers"
