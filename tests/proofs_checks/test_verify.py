"""Verdicts on bytes, files and bundles, and the time limit."""

import hashlib
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

import proofs_checks
from proofs_checks import verify_bytes, verify_path
from proofs_checks.certificate import reading
from proofs_checks.certificate.writing import build, encode_packed, packed_file, write_bundle
from proofs_checks.checker.core import rules, verify
from proofs_checks.checker.core.rules import OutOfTime, limited, require
from tests.proofs_checks.builders import canonical, seal
from tests.proofs_checks.cases import barrier, claim_audit, minimiser

VALID = minimiser.LASSO
INVALID = minimiser.REJECT["bpdn-wrong-side"][1]
MALFORMED = b"{}\n"
HAVE_TIMER = hasattr(signal, "setitimer")


@pytest.fixture
def bundle(tmp_path):
    target = tmp_path / "bundle"
    write_bundle(target, {"a.cert.json": VALID, "b.cert.json": barrier.CENTROID})
    return target


def test_public_names():
    assert set(proofs_checks.__all__) >= {"verify_bytes", "verify_path", "load", "build", "SciBarriersError", "Invalid"}
    assert all(getattr(proofs_checks, name) is not None for name in proofs_checks.__all__)
    assert set(dir(proofs_checks)) == set(proofs_checks.__all__)
    with pytest.raises(AttributeError, match="no attribute 'verify'"):
        proofs_checks.verify  # noqa: B018


@pytest.mark.parametrize(
    ("data", "verdict", "code"), [(VALID, "valid", 0), (INVALID, "invalid", 1), (MALFORMED, "malformed", 4)]
)
def test_files(tmp_path, data, verdict, code):
    path = tmp_path / "x.cert.json"
    path.write_bytes(data)
    report = verify_path(path)
    assert (report.name, report.verdict, report.exit_code) == (str(path), verdict, code)


def test_worst():
    order = ["valid", "undecided", "invalid", "malformed"]
    for i, better in enumerate(order):
        for worse in order[i:]:
            assert verify.worst([better, worse]) == verify.worst([worse, better]) == worse


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        verify_path(tmp_path / "nothing")


def test_bundle(bundle):
    report = verify_path(bundle)
    assert report.verdict == "valid"
    assert [(os.path.basename(part.name), part.verdict) for part in report.parts] == [
        ("a.cert.json", "valid"),
        ("b.cert.json", "valid"),
    ]


def test_bundle_is_as_bad_as_its_worst_file(tmp_path):
    for data, verdict in ((INVALID, "invalid"), (MALFORMED, "malformed")):
        write_bundle(tmp_path / "bundle", {"a.cert.json": VALID, "b.cert.json": data, "c.cert.json": VALID})
        report = verify_path(tmp_path / "bundle")
        assert (report.verdict, len(report.parts)) == (verdict, 3)


def _remove(bundle):
    (bundle / "a.cert.json").unlink()


def _add(bundle):
    (bundle / "c.cert.json").write_bytes(VALID)


def _link(bundle):
    (bundle / "a.cert.json").rename(bundle.parent / "a.cert.json")
    (bundle / "a.cert.json").symlink_to(bundle.parent / "a.cert.json")


def _link_to_another(bundle):
    (bundle / "a.cert.json").unlink()
    (bundle / "a.cert.json").symlink_to("b.cert.json")


def _manifest_link(bundle):
    (bundle / "manifest.json").rename(bundle.parent / "manifest.json")
    (bundle / "manifest.json").symlink_to("../manifest.json")


def _rename(name):
    """A member with another name, listed with it."""

    def harm(bundle):
        (bundle / "a.cert.json").rename(bundle / name)
        manifest = json.loads((bundle / "manifest.json").read_bytes())
        manifest["files"][name] = manifest["files"].pop("a.cert.json")
        (bundle / "manifest.json").write_bytes(canonical(manifest) + b"\n")

    return harm


def _add_hidden(bundle):
    (bundle / ".note").write_bytes(b"")


def _add_folder(bundle):
    (bundle / "more").mkdir()


def _replace(bundle):
    (bundle / "a.cert.json").write_bytes(barrier.CENTROID)


def _folder_for_file(bundle):
    (bundle / "a.cert.json").unlink()
    (bundle / "a.cert.json").mkdir()


def _name_too_long(bundle):
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    manifest["files"]["x" * 300 + ".cert.json"] = "0" * 64
    (bundle / "manifest.json").write_bytes(canonical(manifest) + b"\n")


def _no_manifest(bundle):
    (bundle / "manifest.json").unlink()


def _manifest_folder(bundle):
    (bundle / "manifest.json").unlink()
    (bundle / "manifest.json").mkdir()


def _manifest_of_nothing(bundle):
    (bundle / "manifest.json").write_bytes(
        canonical({"files": {}, "format": "sci-barriers-bundle", "version": "0x1"}) + b"\n"
    )


def _manifest_with_parent(bundle):
    name = "../a.cert.json"
    (bundle.parent / "a.cert.json").write_bytes(VALID)
    files = {name: hashlib.sha256(VALID).hexdigest()}
    (bundle / "manifest.json").write_bytes(
        canonical({"files": files, "format": "sci-barriers-bundle", "version": "0x1"}) + b"\n"
    )


@pytest.mark.parametrize(
    ("harm", "fragment"),
    [
        (_remove, "is no file of the bundle"),
        (_add, "is not listed"),
        (_add_hidden, "is not listed"),
        (_add_folder, "is not listed"),
        (_replace, "does not have the digest"),
        (_folder_for_file, "is no file of the bundle"),
        (_name_too_long, "is no file of the bundle"),
        (_no_manifest, "is not a bundle"),
        (_manifest_folder, "is not a bundle"),
        (_manifest_of_nothing, "at least one"),
        (_manifest_with_parent, "not a plain file name"),
        (_link, "is no file of the bundle"),
        (_link_to_another, "is no file of the bundle"),
        (_manifest_link, "is not a bundle"),
        (_rename("a\x85b.cert.json"), "not a plain file name"),
        (_rename("a\x9b31m.cert.json"), "not a plain file name"),
        (_rename("a\u202enosj.cert.json"), "not a plain file name"),
        (_rename("a\u200b.cert.json"), "not a plain file name"),
        (_rename("a\u2028b.cert.json"), "not a plain file name"),
        (_rename("\u05d0.cert.json"), "not a plain file name"),
    ],
)
def test_harmed_bundles(bundle, harm, fragment):
    harm(bundle)
    report = verify_path(bundle)
    assert report.verdict == "malformed"
    assert fragment in report.reason


def test_a_bundle_may_be_reached_by_a_link(bundle, tmp_path):
    (tmp_path / "link").symlink_to(bundle)
    assert verify_path(tmp_path / "link").verdict == "valid"


def test_names_in_any_script_that_stands_as_written(tmp_path):
    write_bundle(tmp_path / "bundle", {"größe-λ-解.cert.json": VALID})
    assert verify_path(tmp_path / "bundle").verdict == "valid"


def test_a_member_that_becomes_a_link_is_not_read(bundle):
    """Between the look and the reading."""
    folder = verify.directory(bundle)
    files = verify.listed(folder)
    _link(bundle)
    with pytest.raises(OSError, match="symbolic link"):
        verify.verify_member("bundle", folder, files, "a.cert.json", None)


# --- what is not checked ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provenance", "said"),
    [
        ({}, "the file says nothing of it"),
        ({"note": "x"}, "the file says 1 other under provenance"),
        ({"solver": ""}, "the file says 1 other under provenance"),
        ({"solver": "mine.py:f"}, 'the file says solver "mine.py:f"'),
        (
            {"producer": "p 1", "solver": "s", "a": "b"},
            'the file says producer "p 1", solver "s", 1 more under provenance',
        ),
        ({"solver": "a\n  b\x1b[2J\u202e"}, 'the file says solver "a b\\x1b[2J\\u202e"'),
        ({"name": "x" * 61}, f'the file says name "{"x" * 60}... (61 characters)"'),
    ],
)
def test_who_made_it_is_hearsay(provenance, said):
    data = seal(json.loads(VALID) | {"provenance": provenance})
    report = verify_bytes(data)
    assert report.not_checked == f"who made this, and how; {said}"
    assert "mine.py" not in " ".join([report.statement.title, *report.statement.lines])


def test_only_what_is_valid_has_hearsay():
    for data in (INVALID, MALFORMED):
        assert verify_bytes(data).not_checked is None


# --- files beside a certificate ------------------------------------------------------------------------------------

ARRAY, ARRAY_DIGEST = packed_file(encode_packed([1, -2, 3], shape=(3,), den=2))
OTHER_ARRAY, _ = packed_file(encode_packed([1], shape=(1,)))
NAMED = {"file": "a.array.json", "sha256": ARRAY_DIGEST}


def with_array(value=NAMED):
    return build("minimiser", claim={"x": value}, evidence={}, provenance={})


@pytest.fixture
def beside(tmp_path, arrays):
    (tmp_path / "x.cert.json").write_bytes(with_array())
    (tmp_path / "a.array.json").write_bytes(ARRAY)
    return tmp_path


def _no_array(folder):
    (folder / "a.array.json").unlink()


def _other_array(folder):
    (folder / "a.array.json").write_bytes(OTHER_ARRAY)


def _array_with_a_blank(folder):
    (folder / "a.array.json").write_bytes(ARRAY + b"\n")


def _array_link(folder):
    (folder / "a.array.json").rename(folder / "elsewhere")
    (folder / "a.array.json").symlink_to("elsewhere")


def _array_folder(folder):
    (folder / "a.array.json").unlink()
    (folder / "a.array.json").mkdir()


def _array_pipe(folder):
    (folder / "a.array.json").unlink()
    os.mkfifo(folder / "a.array.json")


def test_a_file_beside_a_certificate(beside):
    assert verify_path(beside / "x.cert.json").verdict == "valid"


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (_no_array, "not beside the certificate: No such file"),
        (_other_array, "does not have the digest"),
        (_array_with_a_blank, "does not have the digest"),
        (_array_link, "not beside the certificate"),
        (_array_folder, "not beside the certificate"),
        (_array_pipe, "not beside the certificate: not a regular file"),
    ],
)
def test_a_file_that_is_not_the_one_named(beside, harm, reason):
    harm(beside)
    report = verify_path(beside / "x.cert.json")
    assert (report.verdict, report.exit_code) == ("malformed", 4) and reason in report.reason


def test_bytes_have_nothing_beside_them(arrays):
    assert verify_bytes(with_array()).verdict == "malformed"
    assert verify_bytes(with_array(), beside=lambda name: ARRAY).verdict == "valid"


def test_kinds_of_today_have_no_packed_arrays(tmp_path):
    (tmp_path / "a.array.json").write_bytes(ARRAY)
    claim = json.loads(VALID)["claim"] | {"point": NAMED}
    (tmp_path / "x.cert.json").write_bytes(seal(json.loads(VALID) | {"claim": claim}))
    assert verify_path(tmp_path / "x.cert.json").verdict == "malformed"


def test_points_called_file_and_sha256_are_points():
    """Their certificates were valid before files could be named."""
    statement = claim_audit.distance("sha256", 1, 1, to="file")
    data = claim_audit.on_block(statement, points={"sha256": claim_audit.NEAR, "file": claim_audit.X})
    assert verify_bytes(data).verdict == "valid"


@pytest.fixture
def with_arrays(tmp_path, arrays):
    target = tmp_path / "bundle"
    write_bundle(target, {"x.cert.json": with_array(), "y.cert.json": with_array(), "a.array.json": ARRAY})
    return target


def test_a_bundle_with_a_file_that_two_certificates_name(with_arrays):
    report = verify_path(with_arrays)
    assert report.verdict == "valid" and len(report.parts) == 2


@pytest.mark.parametrize("harm", [_no_array, _other_array, _array_link, _array_folder])
def test_a_bundle_whose_array_is_not_the_one_listed(with_arrays, harm):
    harm(with_arrays)
    assert verify_path(with_arrays).verdict == "malformed"


def test_a_bundle_does_not_reach_outside(tmp_path, arrays):
    """The array lies in the folder, but is no member."""
    (tmp_path / "a.array.json").write_bytes(ARRAY)
    write_bundle(tmp_path / "bundle", {"x.cert.json": with_array()})
    report = verify_path(tmp_path / "bundle")
    assert report.verdict == "malformed" and "not beside the certificate" in report.parts[0].reason


def test_an_array_that_no_certificate_names(tmp_path, arrays):
    for files in ({"x.cert.json": barrier.CENTROID, "a.array.json": ARRAY}, {"a.array.json": ARRAY}):
        write_bundle(tmp_path / "bundle", files)
        report = verify_path(tmp_path / "bundle")
        assert report.verdict == "malformed" and "is named by no certificate" in report.reason


def test_a_certificate_that_was_not_read_names_nothing_yet(with_arrays, monkeypatch):
    """Running out of time is undecided: it must not turn into a fault of the bundle."""

    def late(_):
        raise OutOfTime("late")

    monkeypatch.setattr(verify, "parse", late)
    assert verify_path(with_arrays).verdict == "undecided"


# --- time --------------------------------------------------------------------------------------------------------


def _slow(*_):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        sum(range(1000))


def _slow_with_rules(*_):
    for _ in range(2000):
        time.sleep(0.005)
        require(True, "rule", lambda: "never")


def _on_main(call):
    return call()


def _on_a_thread(call):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


@pytest.mark.parametrize("run", [_on_main, _on_a_thread])
def test_time_limit_interrupts_a_rule(monkeypatch, run):
    """Between two steps of one rule that takes 20 s."""
    ended = []
    monkeypatch.setitem(verify.CHECKS, "minimiser", lambda *_: ended.append(_slow()))
    before = signal.getsignal(signal.SIGALRM) if HAVE_TIMER else None
    report = run(lambda: verify_bytes(VALID, time_limit=0.05))
    assert (report.verdict, report.kind, report.exit_code) == ("undecided", "minimiser", 3)
    assert report.reason == "the time limit passed" and not ended
    assert not HAVE_TIMER or signal.getsignal(signal.SIGALRM) is before


def test_threads_have_time_limits_of_their_own(monkeypatch):
    monkeypatch.setitem(verify.CHECKS, "minimiser", _slow)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(verify_bytes, VALID, 0.3)
        quick = [pool.submit(verify_bytes, barrier.CENTROID, 60) for _ in range(20)]
        assert {job.result().verdict for job in quick} == {"valid"}
        assert slow.result().verdict == "undecided"


@pytest.mark.parametrize("run", [_on_main, _on_a_thread])
def test_no_interrupt_comes_after_the_end(run):
    """However near the end of the body the time passes."""

    def many():
        for _ in range(300):
            with suppress(OutOfTime), limited(0.0003):
                sum(range(1000))
            sum(range(100))

    run(many)


TRACED = """
import sys
from proofs_checks.checker.core.rules import OutOfTime, limited
for seconds in (60, 0.01):
    try:
        with limited(seconds):
            while seconds < 1: pass
    except OutOfTime:
        pass
events = []
def trace(frame, event, _):
    events.append(event)
    return trace
def add(n): return sum(range(n))
sys.settrace(trace)
add(3)
sys.settrace(None)
print(events)
"""


def test_what_is_run_after_a_limit_can_be_traced():
    """By a debugger, or by what measures coverage: nothing is left on its way that never arrives."""
    done = subprocess.run([sys.executable, "-c", TRACED], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split() == ["['call',", "'line',", "'return']"]


def test_time_limit_between_rules_where_python_cannot_interrupt(monkeypatch):
    monkeypatch.setitem(verify.CHECKS, "minimiser", _slow_with_rules)
    monkeypatch.setattr(rules, "_raise_in", None)
    assert verify_bytes(VALID, time_limit=0.05).verdict == "undecided"


def test_time_limit_between_rules_where_no_thread_can_wait(monkeypatch):
    def refuse(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Timer, "start", refuse)
    assert verify_bytes(VALID).verdict == "valid"
    monkeypatch.setitem(verify.CHECKS, "minimiser", _slow_with_rules)
    assert verify_bytes(VALID, time_limit=0.05).verdict == "undecided"


NO_MEMORY = """
import resource, time
from proofs_checks.checker.core.rules import OutOfTime, limited
with open("/proc/self/statm") as file:
    used = int(file.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 2**25, used + 2**25))
kept, started = [], time.monotonic()
try:
    with limited(0.3):
        try:
            while True:
                kept.append(bytearray(4096))
        except MemoryError:
            pass
        while time.monotonic() < started + 10:
            pass
        kept.clear()
        raise SystemExit("not interrupted")
except OutOfTime as error:
    kept.clear()
    print(error)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs a limit of memory, and what is used")
def test_the_time_limit_needs_no_memory():
    done = subprocess.run([sys.executable, "-c", NO_MEMORY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "the time limit passed\n", "")


@pytest.mark.parametrize("seconds", [math.inf, 1e10])
def test_a_limit_longer_than_a_thread_can_wait_is_none(seconds, capsys):
    assert verify_bytes(VALID, time_limit=seconds).verdict == "valid"
    time.sleep(0.01)  # a thread that failed would say so here
    assert capsys.readouterr().err == ""


def test_a_limit_within_another():
    """What interrupts a thread must not hit one that it is starting, as it did when both limits had a thread."""
    with limited(60):
        threads = threading.active_count()
        with limited(60):
            assert threading.active_count() == threads
        with pytest.raises(OutOfTime), limited(-1):
            require(True, "rule", lambda: "never")
        require(True, "rule", lambda: "never")
    with pytest.raises(OutOfTime), limited(0.05), limited(60):
        _slow()
    require(True, "rule", lambda: "never")


def test_no_time_limit_is_left_behind():
    with pytest.raises(OutOfTime), limited(-1):
        require(True, "rule", lambda: "never")
    require(True, "rule", lambda: "never")
    assert verify_bytes(VALID, time_limit=None).verdict == "valid"


def test_a_limit_holds_for_each_file_of_a_bundle(tmp_path, monkeypatch):
    write_bundle(tmp_path / "bundle", {"a.cert.json": VALID, "b.cert.json": barrier.CENTROID})
    monkeypatch.setitem(verify.CHECKS, "minimiser", _slow_with_rules)
    report = verify_path(tmp_path / "bundle", time_limit=0.2)
    assert [part.verdict for part in report.parts] == ["undecided", "valid"]
    assert report.verdict == "undecided"


def test_memory_is_a_limit(monkeypatch):
    def hungry(*_):
        raise MemoryError

    monkeypatch.setitem(verify.CHECKS, "minimiser", hungry)
    assert verify_bytes(VALID).verdict == "undecided"


def test_time_that_runs_out_while_reading_is_undecided(monkeypatch):
    """The interrupt may come at any point, also where the form of the file is tested."""

    def interrupted(*_):
        raise OutOfTime("the time limit passed")

    for name in ("_canonical", "_check_nesting", "decode_object"):
        with monkeypatch.context() as patch:
            patch.setattr(reading, name, interrupted)
            assert verify_bytes(VALID).verdict == "undecided"
