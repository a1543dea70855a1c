"""The page on checks does what it says: its blocks run in order, and its commands print what stands there."""

import doctest
import io
import re
import shlex
from contextlib import redirect_stdout

import cvxpy  # noqa: F401
import numpy as np
import sklearn.datasets  # what the page imports is loaded before the test
import sklearn.linear_model  # noqa: F401

from proofs_checks.checker import verify_path

BLOCK = re.compile(r"^```(console|python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LOOSE = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS  # the last digits of scikit-learn are those of a machine


def alike(expected, printed):
    return doctest.OutputChecker().check_output(expected, printed, LOOSE)


def test_the_blocks_of_the_page_run_and_print_what_it_shows(root, tmp_path, monkeypatch, call):
    monkeypatch.chdir(tmp_path)
    names, printed = {}, ""
    kinds = []
    for kind, text in BLOCK.findall((root / "docs" / "check.md").read_text(encoding="utf-8")):
        kinds.append(kind)
        if kind == "python":
            with redirect_stdout(io.StringIO()) as stdout:
                exec(compile(text, "docs/check.md", "exec"), names)
            printed = stdout.getvalue()
        elif kind == "text":
            assert alike(text, printed), printed
        else:
            command, _, expected = text.partition("\n")
            program, *arguments = shlex.split(command.removeprefix("$ "))
            code, out, err = call(*arguments)
            assert (program, code, err) == ("sci-barriers", 0, "")
            assert alike(expected, out), out
    assert sorted(set(kinds)) == ["console", "python", "text"] and kinds.count("python") >= 5
    for bundle in ("checked", "audited", "path", "determined", "support"):
        assert verify_path(tmp_path / bundle).verdict == "valid"
    assert np.load("checked/X.npy").shape == (442, 10) and (tmp_path / "checked.html").exists()
