"""Sphinx configuration: the pages of this folder, and those that `reference.py` writes from the code."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
sys.path.insert(0, str(FOLDER))

import reference  # noqa: E402

project = "sci-barriers"
author = "The sci-barriers developers"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",
]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "sci-barriers"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
suppress_warnings = ["ref.python"]  # annotations name types of several rooms by their last part
python_maximum_signature_line_length = 100


def setup(app):
    app.connect("builder-inited", lambda app: reference.write_pages(FOLDER))
    # docstrings are written for readers of the code: what they say is made safe before napoleon reads it
    app.connect("autodoc-process-docstring", _plain_docstring, priority=100)


def _plain_docstring(app, what, name, obj, options, lines):
    lines[:] = reference.plain("\n".join(lines)).split("\n")
