import json
import subprocess
import sys

import numpy as np
import pytest

from exact_base import __version__
from firenet_exact.commands.app import main
from proofs_checks.checker import verify_bytes
from tests.firenet_exact.matrices import gaussian


@pytest.fixture
def matrix(tmp_path):
    path = tmp_path / "A.npy"
    np.save(path, gaussian(24, 32).to_float())
    return path


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    return end.value.code, *capsys.readouterr()


@pytest.mark.slow
def test_certify_check_and_constants(capsys, tmp_path, matrix):
    out, picture = tmp_path / "a.cert.json", tmp_path / "a.svg"
    code, text, errors = run(
        capsys, "nullspace", matrix, "--levels", "16,32", "--sparsity", "1,1", "--out", out, "--plot", picture
    )
    assert (code, errors) == (0, "") and "certified by relaxation, verified exactly: ρ = " in text
    assert "certified by" in text and f"proofs-checks verify {out}" in text
    assert verify_bytes(out.read_bytes()).verdict == "valid"
    assert b"<svg" in picture.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["A.npy", "a.cert.json", "a.svg"]
    code, text, _ = run(capsys, "constants", out)
    assert code == 0 and "C2 <=" in text and "the paper's form" in text
    code, text, _ = run(capsys, "constants", out, "--json")
    data = json.loads(text)["result"]
    assert code == 0 and float(data["c2"]["about"]) < float(data["paper"]["c2"]["about"])


def test_json_is_one_object(capsys, matrix):
    code, text, errors = run(capsys, "nullspace", matrix, "--sparsity", "1", "--improve", "--json")
    answer = json.loads(text)
    data = answer["result"]
    assert (code, answer["verdict"], answer["files"], errors) == (0, "certified", [], "")
    assert 0 < float(data["rho"]["about"]) < 1 and {"method", "rho", "gamma", "c2"} == set(data["trade_off"][0])
    assert {attempt["method"] for attempt in data["attempts"]} == {"coherence", "relaxation", "exhaustive"}


def test_refuted(capsys, tmp_path, matrix):
    out, picture = tmp_path / "r.cert.json", tmp_path / "r.svg"
    arguments = ("--levels", "16,32", "--sparsity", "6,2", "--weights", "optimal", "--out", out, "--plot", picture)
    code, text, _ = run(capsys, "nullspace", matrix, *arguments)
    assert code == 0 and "refuted: an exact kernel vector" in text
    assert "(1+θ)ρ" not in text  # that is about what is proved
    assert b"refuted for every" in picture.read_bytes()
    assert verify_bytes(out.read_bytes()).verdict == "valid"


def test_failure_is_not_refutation(capsys, tmp_path, matrix):
    out = tmp_path / "u.cert.json"
    code, text, _ = run(capsys, "nullspace", matrix, "--sparsity", "2", "--method", "coherence", "--out", out)
    assert code == 3 and "a method that fails refutes nothing" in text
    assert not out.exists()


def test_the_trade_off_has_no_row_twice(capsys, matrix):
    text = run(capsys, "nullspace", matrix, "--sparsity", "1", "--method", "relaxation", "--improve")[1]
    rows = [line for line in text.splitlines() if line.startswith("│ relaxation")]
    assert 3 < len(rows) == len(set(rows))


def test_a_picture_that_cannot_be_drawn_costs_no_work(capsys, tmp_path, matrix, monkeypatch):
    monkeypatch.setattr("firenet_exact.commands.nullspace.find_spec", lambda name: None)
    code, _, errors = run(capsys, "nullspace", matrix, "--sparsity", "1", "--plot", tmp_path / "a.svg")
    assert code == 2 and "pip install" in errors and len(errors.splitlines()) == 1


def test_optimal_weights_and_transfer(capsys, tmp_path, matrix):
    out, moved = tmp_path / "w.cert.json", tmp_path / "m.cert.json"
    arguments = ("--levels", "16,32", "--sparsity", "2,1", "--weights", "optimal", "--method", "relaxation")
    code, text, _ = run(capsys, "nullspace", matrix, *arguments, "--out", out)
    assert code == 0 and "(1+θ)ρ" in text
    near = tmp_path / "B.npy"
    np.save(near, np.load(matrix) + 1e-9)
    code, text, _ = run(capsys, "nullspace", near, "--near", out, "--out", moved)
    assert code == 0 and "certified by transfer" in text
    assert verify_bytes(moved.read_bytes()).verdict == "valid"


def test_norm(capsys, tmp_path, matrix):
    out = tmp_path / "n.cert.json"
    code, text, _ = run(capsys, "norm", matrix, "--out", out)
    assert code == 0 and "<= ‖A‖ <=" in text
    low, high = (float(word) for word in text.split(" <= ‖A‖ <= ")[0:1] + [text.split("<= ‖A‖ <= ")[1].split(",")[0]])
    assert low <= np.linalg.norm(np.load(matrix), 2) * (1 + 1e-14) and high >= np.linalg.norm(np.load(matrix), 2) * (
        1 - 1e-14
    )
    assert verify_bytes(out.read_bytes()).verdict == "valid"
    data = json.loads(run(capsys, "norm", matrix, "--json")[1])["result"]
    assert float(data["low"]["about"]) <= float(data["high"]["about"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("nullspace", "A.npy"),
        ("nullspace", "A.npy", "--sparsity", "x"),
        ("nullspace", "A.npy", "--sparsity", "0"),
        ("nullspace", "A.npy", "--sparsity", "1", "--levels", "16"),
        ("nullspace", "A.npy", "--sparsity", "1", "--weights", "1,2"),
        ("nullspace", "A.npy", "--sparsity", "1", "--weights", "nan"),
        ("nullspace", "A.npy", "--sparsity", "1", "--budget", "-1"),
        ("nullspace", "A.npy", "--sparsity", "1", "--budget", "nan"),
        ("nullspace", "A.npy", "--sparsity", "1", "--ledger", "a.cert.json"),
        ("nullspace", "A.npy", "--sparsity", "1", "--ledger", "A.npy"),
        ("nullspace", "A.npy", "--sparsity", "1", "--limit-out", "l.cert.json"),
        ("nullspace", "A.npy", "--sparsity", "max", "--limit-out", "l.txt"),
        ("nullspace", "A.npy", "--sparsity", "max", "--out", "l.cert.json", "--limit-out", "l.cert.json"),
        ("nullspace", "A.npy", "--sparsity", "max", "--limit-out", "l.cert.json", "--method", "coherence"),
        ("nullspace", "A.npy", "--sparsity", "max", "--method", "refute"),
        ("nullspace", "A.npy", "--sparsity", "max", "--levels", "16,32", "--weights", "optimal"),
        ("nullspace", "A.npy", "--sparsity", "max,max,max", "--levels", "16,32"),
        ("nullspace", "A.npy", "--sparsity", "most"),
        ("nullspace", "A.npy", "--sparsity", "1", "--max-rho", "2"),
        ("nullspace", "A.npy", "--sparsity", "1", "--method", "prayer"),
        ("nullspace", "A.npy", "--sparsity", "1", "--out", "a.json"),
        ("nullspace", "A.npy", "--sparsity", "1", "--out", "no/such/a.cert.json"),
        ("nullspace", "A.npy", "--sparsity", "0,1", "--levels", "16,32", "--weights", "optimal"),
        ("nullspace", "A.npy", "--sparsity", "1", "--plot", "a.xyz"),
        ("nullspace", "A.npy", "--sparsity", "1", "--plot", "no/such/a.svg"),
        ("nullspace", "A.npy", "--near", "missing.cert.json"),
        ("nullspace", "A.npy", "--near", "missing.cert.json", "--max-rho", "1/2"),
        ("nullspace", "A.npy", "--near", "missing.cert.json", "--weights", "1,2"),
        ("nullspace", "A.npy", "--near", "missing.cert.json", "--improve"),
        ("nullspace", "missing.npy", "--sparsity", "1"),
        ("norm", "missing.csv"),
        ("constants", "missing.cert.json"),
        ("nothing",),
    ],
)
def test_usage_errors_are_one_line(capsys, tmp_path, monkeypatch, matrix, arguments):
    monkeypatch.chdir(tmp_path)
    code, text, errors = run(capsys, *arguments)
    assert (code, text) == (2, "")
    assert errors.startswith("firenet-exact: error: ") and errors.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["A.npy"]


@pytest.mark.parametrize(
    "arguments", [("constants", "A.npy"), ("constants", "empty"), ("nullspace", "A.npy", "--near", "empty")]
)
def test_malformed_certificates_are_named(capsys, tmp_path, monkeypatch, matrix, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").touch()
    code, text, errors = run(capsys, *arguments)
    assert (code, text) == (4, "")
    assert errors.startswith(f"firenet-exact: malformed: {arguments[-1]}: ") and errors.count("\n") == 1


@pytest.mark.slow_for("command1")
@pytest.mark.parametrize("command", [("norm", "A.npy"), ("nullspace", "A.npy", "--sparsity", "1")])
def test_only_certificates_are_replaced(capsys, tmp_path, monkeypatch, matrix, command):
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine.cert.json"
    mine.write_text("a shopping list")
    code, text, errors = run(capsys, *command, "--out", "mine.cert.json")
    assert (code, text) == (2, "") and "exists and is not a certificate" in errors
    assert mine.read_text() == "a shopping list"
    mine.unlink()
    assert [run(capsys, *command, "--out", "mine.cert.json")[0] for _ in range(2)] == [0, 0]


def test_version_and_help(capsys):
    assert run(capsys, "--version") == (0, f"firenet-exact {__version__}\n", "")
    listed = run(capsys, "--help")[1]
    assert "..." not in listed.partition("Commands:")[2]


def test_the_command_loads_no_solver():
    heavy = ("scipy", "clarabel", "scs", "matplotlib")
    program = f"import sys, firenet_exact.commands.app\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
