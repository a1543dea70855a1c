"""What tests of the command share."""

import pytest

from sci_barriers.commands.app import main


@pytest.fixture
def call(capsys):
    """Runs `sci-barriers` with the arguments, in this process, and returns (exit code, stdout, stderr)."""

    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            main(list(map(str, arguments)))
        captured = capsys.readouterr()
        return caught.value.code, captured.out, captured.err

    return run


@pytest.fixture
def empty_directory(tmp_path, monkeypatch):
    """The current directory of the test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
