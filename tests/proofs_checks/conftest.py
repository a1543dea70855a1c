"""Fixtures: the command in this process, and a kind that has packed arrays."""

import pytest

from proofs_checks.certificate.arrays import decode_packed
from proofs_checks.checker.core import rules, verify
from proofs_checks.cli import main
from tests.proofs_checks.running import FILES


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("certificates")
    for name, data in FILES.items():
        (path / f"{name}.cert.json").write_bytes(data)
    return path


@pytest.fixture
def command(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)

    def run(*arguments):
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return code, captured.out, captured.err

    return run


@pytest.fixture
def arrays(monkeypatch):
    """A kind that has a packed array: no kind of the format has one yet."""

    def check(claim, evidence):
        array = decode_packed(claim["x"], "claim.x")
        rules.require(sum(array.numbers) == 2, "sum", lambda: "the sum is another")
        return rules.Statement("minimiser", "the sum is 1", ())

    monkeypatch.setitem(verify.CHECKS, "minimiser", check)
