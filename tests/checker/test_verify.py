"""Verdicts on bytes, files and bundles, and the time limit."""

import hashlib
import json
import os
import signal
import threading
import time

import pytest

import proofs_checks
from proofs_checks import certificate, verify_bytes, verify_path
from proofs_checks.certificate import write_bundle
from proofs_checks.checker import verify
from proofs_checks.checker.rules import OutOfTime, limited, require
from tests.checker.builders import canonical
from tests.checker.cases import barrier, minimiser

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
    assert set(proofs_checks.__all__) >= {"verify_bytes", "verify_path", "build", "SciBarriersError", "Invalid"}
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
    ],
)
def test_harmed_bundles(bundle, harm, fragment):
    harm(bundle)
    report = verify_path(bundle)
    assert report.verdict == "malformed"
    assert fragment in report.reason


# --- time --------------------------------------------------------------------------------------------------------


def _slow(*_):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        sum(range(1000))


def _slow_with_rules(*_):
    for _ in range(2000):
        time.sleep(0.005)
        require(True, "rule", lambda: "never")


@pytest.mark.skipif(not HAVE_TIMER, reason="needs setitimer")
def test_time_limit_interrupts_a_rule(monkeypatch):
    monkeypatch.setitem(verify.CHECKS, "minimiser", _slow)
    before = signal.getsignal(signal.SIGALRM)
    start = time.monotonic()
    report = verify_bytes(VALID, time_limit=0.05)
    assert (report.verdict, report.kind, report.exit_code) == ("undecided", "minimiser", 3)
    assert time.monotonic() - start < 10
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_time_limit_off_the_main_thread(monkeypatch):
    monkeypatch.setitem(verify.CHECKS, "minimiser", _slow_with_rules)
    reports = []
    thread = threading.Thread(target=lambda: reports.append(verify_bytes(VALID, time_limit=0.05)))
    thread.start()
    thread.join()
    assert reports[0].verdict == "undecided"


def test_time_limit_between_rules_without_a_timer(monkeypatch):
    monkeypatch.setitem(verify.CHECKS, "minimiser", _slow_with_rules)
    monkeypatch.delattr(signal, "setitimer", raising=False)
    assert verify_bytes(VALID, time_limit=0.05).verdict == "undecided"


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
            patch.setattr(certificate, name, interrupted)
            assert verify_bytes(VALID).verdict == "undecided"
