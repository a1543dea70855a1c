"""A directory with the files of the entries, and a program that is run in it."""

import json
import shutil

import pytest
from jsonschema import Draft202012Validator

from exact_base.answers import answer_schema
from tests.battery.commands import make_files, run


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("battery")
    make_files(folder)
    return folder


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """The current directory of the test: a copy of the files."""
    folder = tmp_path / "here"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def call(capsys, place):
    """Runs a program in the directory, and returns (exit code, standard output, standard error)."""

    def called(program, arguments):
        capsys.readouterr()
        code = run(program, list(arguments))
        return code, *capsys.readouterr()

    return called


@pytest.fixture(scope="session")
def valid():
    """Reads the one object that a program has printed, and validates it."""
    validator = Draft202012Validator(answer_schema())

    def read(text):
        assert text.isascii() and text.count("\n") == 1 and text.endswith("\n")
        answer = json.loads(text)
        validator.validate(answer)
        assert list(answer) == ["format", "version", "command", "verdict", "files", "result", "error"]
        return answer

    return read
