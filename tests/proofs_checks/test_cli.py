"""The command, in a process of its own: verdicts, words, exit codes, and no traceback whatever happens."""

import builtins
import io
import json
import os
import subprocess
import sys

import pytest

from proofs_checks import __version__, checking
from proofs_checks.certificate.writing import build, encode_packed, packed_file, write_bundle
from tests.proofs_checks.builders import changed, envelope, seal
from tests.proofs_checks.running import FILES, ROOT, process, refused


@pytest.mark.parametrize("kind", ["minimiser", "gap", "training-data", "barrier", "control"])
def test_valid(command, kind):
    code, out, err = command("verify", f"{kind}.cert.json")
    assert (code, err) == (0, "")
    assert out.startswith(f"{kind}.cert.json: valid ({kind})\n")
    assert len(out.splitlines()) >= 4


def test_vocabularies_are_not_mixed(command):
    _, out, _ = command("verify", "barrier.cert.json")
    assert "No algorithm can" in out and "solver" not in out
    for name in ("control", "inaccurate"):
        _, out, _ = command("verify", f"{name}.cert.json")
        assert (
            "an algorithm that makes these reads" in out and "No algorithm" not in out and "every algorithm" not in out
        )


def test_the_control_says_what_was_reached(command):
    _, out, _ = command("verify", "control.cert.json")
    assert (
        "an algorithm that makes these reads and gives this answer reaches 3 digits" in out and "at most 10^-3" in out
    )
    _, out, _ = command("verify", "inaccurate.cert.json")
    assert (
        "an algorithm that makes these reads and gives this answer does not reach 3 digits" in out
        and "more than 10^-3" in out
    )


def test_the_barrier_is_stated_in_full(command):
    _, out, _ = command("verify", "barrier.cert.json")
    for fragment in (
        "square-root LASSO", "p = 1.", "m x N = 2 x 3", "K = 3", "strong family", "2 reads", "2^-4", "(i, q) = (1, 12)",
        "h about 0.00142857", "between 0.00101015 and 0.00101016, more than 10^-3", "all but at most one",
        "Reads of precision above 12",
    ):  # fmt: skip
        assert fragment in out


def test_several_files_are_as_bad_as_the_worst(command):
    assert command("verify", "gap.cert.json", "control.cert.json")[0] == 0
    assert command("verify", "gap.cert.json", "invalid.cert.json", "control.cert.json")[0] == 1
    code, out, _ = command("verify", "malformed.cert.json", "invalid.cert.json", "gap.cert.json")
    assert code == 4
    assert [line.split(": ")[1][:7] for line in out.splitlines() if not line.startswith(" ")] == [
        "malform",
        "invalid",
        "valid (",
    ]


def test_each_valid_file_ends_with_what_is_not_checked(command, folder, tmp_path):
    forged = {"producer": "them", "solver": "Gauss\x1b[2J\n  rule 9: proved"}
    (tmp_path / "forged.cert.json").write_bytes(seal(json.loads(FILES["control"]) | {"provenance": forged}))
    code, out, _ = command("verify", str(tmp_path / "forged.cert.json"))
    assert code == 0
    assert out.splitlines()[-1] == (
        r'  not checked: who made this, and how; the file says producer "them", solver "Gauss\x1b[2J rule 9: proved"'
    )
    assert "Gauss" not in "".join(out.splitlines()[:-1])
    code, out, _ = command("verify", "--json", str(tmp_path / "forged.cert.json"), "invalid.cert.json")
    first, second = json.loads(out)["result"]["reports"]
    assert "Gauss" in first["not_checked"] and second["not_checked"] is None
    write_bundle(tmp_path / "bundle", {"a.cert.json": FILES["gap"], "b.cert.json": FILES["barrier"]})
    _, out, _ = command("verify", str(tmp_path / "bundle"))
    assert out.count("\n  not checked: ") == 2 and out.splitlines()[-1].startswith("  not checked: ")


def test_json(command):
    code, out, err = command("verify", "--json", "barrier.cert.json", "invalid.cert.json")
    result = json.loads(out)
    assert (code, err, out.count("\n")) == (1, "", 1)
    assert result["verdict"] == "invalid"
    first, second = result["result"]["reports"]
    assert (first["verdict"], first["kind"], first["reason"]) == ("valid", "barrier", None)
    assert first["statement"]["title"].endswith("and no others, has 3 digits on all members of the class.")
    assert second["statement"] is None and second["reason"].startswith("rule 2: ")


def test_bundles(command, folder, tmp_path):
    write_bundle(tmp_path / "bundle", {"a.cert.json": FILES["gap"], "b.cert.json": FILES["invalid"]})
    code, out, _ = command("verify", str(tmp_path / "bundle"))
    assert code == 1
    assert out.startswith(f"{tmp_path / 'bundle'}: invalid\n")
    code, out, _ = command("verify", "--json", str(tmp_path / "bundle"))
    assert [part["verdict"] for part in json.loads(out)["result"]["reports"][0]["parts"]] == ["valid", "invalid"]


def test_undecided(command):
    code, out, _ = command("verify", "--time-limit", "0.000001", "gap.cert.json")
    assert code == 3 and out.startswith("gap.cert.json: undecided")


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        ((), "required"),
        (("verify",), "required"),
        (("prove", "gap.cert.json"), "invalid choice"),
        (("verify", "nothing.cert.json"), "cannot read nothing.cert.json: No such file or directory"),
        (("verify", "gap.cert.json/x"), "cannot read gap.cert.json/x: Not a directory"),
        (("explain", "nothing.cert.json"), "cannot read nothing"),
        (("verify", "--time-limit", "0", "gap.cert.json"), "not a number of seconds"),
        (("verify", "--time-limit", "nan", "gap.cert.json"), "not a number of seconds"),
        (("verify", "--time-limit", "soon", "gap.cert.json"), "not a number of seconds"),
        (("verify", "--fast", "gap.cert.json"), "unrecognized"),
    ],
)
def test_usage(command, arguments, fragment):
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert fragment in err and err.count("\n") == 1


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_no_permission(command, monkeypatch, flags):
    """Simulated, as a superuser may read everything; nothing is printed of the readable file before it."""
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != "control.cert.json" and allowed(path, mode))
    assert "Permission denied" in refused(command, "verify", *flags, "gap.cert.json", "control.cert.json")


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_file_without_a_name(command, flags):
    assert "cannot read '': " in refused(command, "verify", *flags, "")


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_missing_file_among_others(command, flags):
    assert "No such file" in refused(command, "verify", *flags, "gap.cert.json", "nowhere.cert.json")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="a system without limits of memory")
def test_a_file_that_needs_too_much_memory_is_undecided(tmp_path):
    path = tmp_path / "large.cert.json"
    path.write_bytes(b'{"a":[' + b'"0x1",' * 4_000_000 + b'"0x1"]}\n')
    # less than 64 MiB do not suffice to read a file
    for limit in ("100", "1"):
        finished = process("verify", "--memory-limit", limit, str(path))
        assert finished.returncode == 3 and b"undecided: the memory did not suffice" in finished.stdout
    assert b"Traceback" not in finished.stderr
    assert process("verify", str(path)).returncode == 4
    finished = process("verify", "--memory-limit", "1", str(path))  # not even enough to read it
    assert finished.returncode == 3 and not finished.stderr


def test_a_system_that_refuses_to_limit_memory(command, monkeypatch):
    """As macOS does, with this error."""
    resource = pytest.importorskip("resource")

    def refuse(*_):
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    code, out, err = command("verify", "gap.cert.json")
    assert (code, err) == (0, "") and "gap.cert.json: valid" in out


@pytest.mark.parametrize("name", ["verify", "explain"])
@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "9" * 10])
def test_memory_limits_are_numbers(command, name, limit):
    code, _, err = command(name, "--memory-limit", limit, "gap.cert.json")
    assert code == 2 and "MiB" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_is_not_waited_for(command, tmp_path):
    os.mkfifo(tmp_path / "pipe.cert.json")
    code, out, err = command("verify", str(tmp_path / "pipe.cert.json"))
    assert (code, out) == (2, "") and "not a regular file" in err


def test_an_interrupt_is_one_line(command, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "verify_bytes", interrupted)
    assert command("verify", "gap.cert.json") == (130, "", "proofs-checks: interrupted\n")
    code, out, err = command("verify", "--json", "gap.cert.json")
    assert (code, err, json.loads(out)["error"]) == (130, "", {"message": "interrupted", "exit_code": 130})


def test_version(command):
    code, out, _ = command("--version")
    assert (code, out) == (0, f"proofs-checks {__version__} (format 0x1)\n")


@pytest.mark.parametrize("name", ["minimiser", "gap", "training-data", "barrier", "control", "invalid"])
def test_explain(command, name):
    code, out, err = command("explain", f"{name}.cert.json")
    assert (code, err) == (0, "")
    assert out.startswith("What the file says; none of it was checked:\n")
    assert "valid" not in out


def test_explain_shows_the_transcript_as_a_table(command):
    _, out, _ = command("explain", "barrier.cert.json")
    assert "  1        4  15840/16" not in out  # lowest terms
    assert [line.split()[:3] for line in out.splitlines() if line.startswith("    ") and " 990 " in line] == [
        ["1", "1", "990"],
        ["1", "4", "990"],
    ]


def test_explain_shows_roots_and_matrices(command):
    _, out, _ = command("explain", "minimiser.cert.json")
    assert "matrix: 1 x 1, 1 non-zero, over 1" in out
    assert "(1, 1): 0 + (1)*sqrt(2)" in out


def test_explain_has_a_time_limit(command):
    code, out, err = command("explain", "--time-limit", "0.000001", "gap.cert.json")
    assert (code, out, err) == (3, "gap.cert.json: undecided: the time limit passed\n", "")
    code, out, _ = command("explain", "--time-limit", "60", "gap.cert.json")
    assert code == 0 and out.startswith("What the file says")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a system without limits of memory")
def test_explain_has_a_limit_of_memory(tmp_path):
    path = tmp_path / "large.cert.json"
    path.write_bytes(b'{"a":[' + b'"0x1",' * 4_000_000 + b'"0x1"]}\n')
    for limit in ("100", "1"):
        finished = process("explain", "--memory-limit", limit, str(path))
        assert finished.returncode == 3 and b"undecided: the memory did not suffice" in finished.stdout
        assert not finished.stderr
    assert process("explain", str(path)).returncode == 4


def test_explain_reads_no_more_than_a_file_may_have(command, tmp_path):
    path = tmp_path / "huge.cert.json"
    with open(path, "wb") as file:
        file.truncate(2**40)  # sparse: nothing is stored
    code, out, _ = command("explain", str(path))
    assert code == 4 and "64 MiB" in out


def test_explain_malformed(command):
    code, out, _ = command("explain", "malformed.cert.json")
    assert code == 4 and out.startswith("malformed.cert.json: malformed: ")


@pytest.mark.parametrize(
    "claim",
    [
        {"transcript": [[], None, "x", ["0x1", "0x1", ["0x1", "0x2"], {"rows": "0x1"}], [[], {}, [], {}]]},
        {"root": [], "point": {"rows": "x", "cols": [], "den": None, "entries": True}},
        {"root": "0x" + "f" * 2**18, "deep": {"a": {"b": [[["0x1"]]]}}},
        {"\x1b[31m": "\x1b]0;title\x07", "\u202e": "\u2028", "long": "x" * 10**5},
        {"\x1b[2J\x9b31m": {"rows": "x", "cols": "0x1", "den": "0x1", "entries": []}},
        {"transcript": [["0x1", "0x1", "\x1b[2J", {"rows": "\u202e"}], ["\x85", [], {"\x1b": ""}, "\u200b"]]},
        {"\u0301" * 9: ["\u05d0"] * 3, "\u3164": {"\u200b": {"rows": {}, "cols": "", "den": "", "entries": ""}}},
    ],
)
def test_explain_bears_anything(command, folder, claim):
    (folder / "odd.cert.json").write_bytes(seal(envelope("barrier", claim, {}, {"note": "\x1b[2J"})))
    code, out, _ = command("explain", "odd.cert.json")
    assert code == 0
    assert all(c.isprintable() or c == "\n" for c in out)


def test_a_name_cannot_forge_a_line(command, folder):
    name = "a\nb.cert.json: valid"
    (folder / name).write_bytes(FILES["malformed"])
    _, out, _ = command("verify", name)
    assert len(out.splitlines()) == 1 and out.startswith(r"a\nb.cert.json: valid: malformed")


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "no\x1b[2Jthing"),
        ("explain", "no\u202ething"),
        ("verify", "--\x1b[2J", "gap.cert.json"),
        ("\x9b31m", "gap.cert.json"),
        ("verify", "--time-limit", "\x1b[2J", "gap.cert.json"),
        ("verify", "--memory-limit", "\u202e", "gap.cert.json"),
    ],
)
def test_arguments_cannot_steer_a_terminal(command, arguments):
    """They may be the names of files, put there by a shell."""
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert err.endswith("\n") and err[:-1].isprintable()


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="needs /proc")
@pytest.mark.parametrize("name", ["verify", "explain"])
def test_a_file_that_opens_and_cannot_be_read(command, name):
    code, out, err = command(name, "/proc/self/mem")
    assert (code, out, err) == (2, "", "proofs-checks: cannot read /proc/self/mem: Input/output error\n")


@pytest.mark.parametrize("name", ["verify", "explain"])
def test_a_file_that_has_nothing_to_say_yet(command, monkeypatch, name):
    """As some of the system's own are, which answer a read without waiting with nothing at all."""

    class Silent(io.BufferedReader):
        def read(self, _=-1):
            return None

    monkeypatch.setattr(builtins, "open", lambda path, mode, opener: Silent(io.FileIO(path, opener=opener)))
    code, out, err = command(name, "gap.cert.json")
    assert (code, out) == (2, "") and err.startswith("proofs-checks: cannot read gap.cert.json: ")


def test_an_output_that_is_closed(folder):
    program = "import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    arguments = [sys.executable, "-c", program, "-m", "proofs_checks", "verify", "gap.cert.json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(arguments, cwd=folder, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (2, "proofs-checks: cannot write the output: Bad file descriptor\n")


def test_modules_that_lie_in_the_folder_are_not_run(tmp_path):
    """All of the standard library but what Python itself loads before the first line of the package."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    (tmp_path / "first.py").write_text("import sys; print(*sys.modules)")
    asked = [sys.executable, "-m", "first"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, env=environment, check=True)
    for name in sys.stdlib_module_names - {word.partition(".")[0] for word in done.stdout.split()}:
        (tmp_path / f"{name}.py").write_text(f"open('ran', 'w').close(); raise SystemExit('{name} was run')")
    (tmp_path / "gap.cert.json").write_bytes(FILES["gap"])
    for arguments in (["verify", "gap.cert.json"], ["explain", "gap.cert.json"], ["--version"]):
        done = process(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, b"")
    assert not (tmp_path / "ran").exists()


def test_a_closed_pipe(folder):
    arguments = [sys.executable, "-m", "proofs_checks", "verify", *["barrier.cert.json"] * 50, "invalid.cert.json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as running:
        running.stdout.close()
        error = running.stderr.read()
    assert error == b""
    assert running.returncode == 141  # no verdict


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk(folder):
    arguments = [sys.executable, "-m", "proofs_checks", "verify", "barrier.cert.json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            arguments, cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False
        )
    assert (done.returncode, done.stderr) == (
        2,
        "proofs-checks: cannot write the output: No space left on device\n",
    )


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_terminal_without_unicode(folder, tmp_path, option):
    path = tmp_path / "é√.cert.json"
    path.write_bytes(changed(FILES["gap"], ["provenance"], {"é": "√"}))
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    for arguments in (["verify", *option, str(path)], ["explain", str(path)]):
        done = process(*arguments, env=environment)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.isascii()


def test_the_module_exits_with_the_verdict(folder):
    done = process("verify", "invalid.cert.json", cwd=folder)
    assert (done.returncode, done.stderr) == (1, b"")


def test_explain_shows_packed_arrays_and_files_beside(command, tmp_path):
    packed = encode_packed([*range(-1, 9)], shape=(2, 5), den=4)
    data, digest = packed_file(packed)
    (tmp_path / "a.array.json").write_bytes(data)
    claim = {"here": packed, "there": {"file": "a.array.json", "sha256": digest}, "wrong": packed | {"bytes": "0x2"}}
    (tmp_path / "x.cert.json").write_bytes(build("minimiser", claim=claim, evidence={}, provenance={}))
    code, out, _ = command("explain", str(tmp_path / "x.cert.json"))
    line = "an array, 2 x 5, over 4: -1/4, 0, 1/4, 1/2, 3/4, 1, 5/4, 3/2, ..."
    assert code == 0 and f"here: {line}\n" in out and f"there: {line}\n" in out and "wrong: a malformed array" in out
    (tmp_path / "a.array.json").unlink()
    code, out, _ = command("explain", str(tmp_path / "x.cert.json"))
    assert code == 4 and "not beside the certificate" in out
