"""Sphinx configuration: the pages of this folder, and those that `reference.py` writes from the code."""

import sys
from importlib.util import find_spec
from pathlib import Path

from sphinx.addnodes import pending_xref

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]

import reference  # noqa: E402

project = "sci-barriers"
author = "The sci-barriers developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "sci-barriers"
# formulas are set by what lies beside the pages: nothing is fetched
html_static_path = [str(Path(find_spec("sphinx-mathjax-offline").origin).parent / "static")]
mathjax_path = "mathjax/tex-chtml.js"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
python_maximum_signature_line_length = 100


def setup(app):
    app.connect("builder-inited", lambda app: reference.write_pages(FOLDER))
    # docstrings are written for readers of the code: what they say is made safe before napoleon reads it
    app.connect("autodoc-process-docstring", _plain_docstring, priority=100)
    app.connect("doctree-read", _whole_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _plain_docstring(app, what, name, obj, options, lines):
    lines[:] = reference.plain("\n".join(lines)).split("\n")


def _whole_names(app, doctree):
    """Name what a docstring means by `DataError` in full, if it is one thing: Sphinx would look through all names."""
    for node in doctree.findall(pending_xref):
        if node.get("refdomain") == "py" and "." not in node["reftarget"]:
            node["reftarget"] = reference.whole_names().get(node["reftarget"], node["reftarget"])
            node.attributes.pop("refspecific", None)
