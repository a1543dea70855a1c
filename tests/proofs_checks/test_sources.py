"""What there is to check at a path: directories, bundles and zip files, and what is refused of them."""

import hashlib
import io
import json
import os
import stat
import struct
import sys
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_checks import archives, canonical_bytes, checking, processes, sources
from proofs_checks.certificate.reading import MAX_FILE_BYTES
from proofs_checks.checker.core.verify import EXIT_CODES
from tests.proofs_checks.cases import control, gap, minimiser
from tests.proofs_checks.running import process, refused
from tests.proofs_checks.test_verify import ARRAY, with_array

VALID, OTHER = gap.LASSO, control.OK
INVALID = minimiser.REJECT["bpdn-wrong-side"][1]


def zipped(entries, **options):
    """A zip file of (name or ZipInfo, bytes)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return stream.getvalue()


def entry(name, mode=0, **fields):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    for key, value in fields.items():
        setattr(info, key, value)
    return info


def bundle_files(**files):
    """The files of a bundle by name, its manifest included."""
    named = {f"{name}.cert.json": data for name, data in files.items()}
    manifest = {
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in named.items()},
        "format": "sci-barriers-bundle",
        "version": "0x1",
    }
    return named | {"manifest.json": canonical_bytes(manifest) + b"\n"}


def spread(folder, files):
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def verdicts(out):
    """The verdict of each report in the answer, by name, those of parts included."""
    found = {}

    def go(report):
        found[report["name"]] = report["verdict"]
        for part in report["parts"]:
            go(part)

    for report in json.loads(out)["result"]["reports"]:
        go(report)
    return found


# --- directories ------------------------------------------------------------------------------------------------


def test_a_directory_of_certificates(command, tmp_path, monkeypatch):
    spread(tmp_path / "d", {"b.cert.json": VALID, "in/a.cert.json": OTHER, "in/deep/c.cert.json": VALID})
    spread(tmp_path / "d", {"README": b"", "in/notes.txt": b"", "x.array.json": b""})
    spread(tmp_path / "d" / "bundle", bundle_files(e=VALID))
    (tmp_path / "d" / "z.zip").write_bytes(zipped([("f.cert.json", VALID)]))
    monkeypatch.chdir(tmp_path)
    code, out, err = command("verify", "--json", "d")
    assert (code, err) == (0, "")
    assert list(verdicts(out)) == [
        *("d", "d/b.cert.json", "d/z.zip", "d/z.zip/f.cert.json", "d/bundle", "d/bundle/e.cert.json"),
        *("d/in/a.cert.json", "d/in/deep/c.cert.json"),
    ]
    assert set(verdicts(out).values()) == {"valid"}
    code, out, _ = command("verify", "d")
    assert out.startswith(
        "d: valid\n  not checked: 2 other files, which are no certificates\nd/b.cert.json: valid (gap)"
    )


def test_a_directory_is_as_bad_as_its_worst_file(command, tmp_path):
    spread(tmp_path, {"a.cert.json": VALID, "in/b.cert.json": INVALID})
    assert command("verify", str(tmp_path))[0] == 1
    spread(tmp_path, {"in/c.cert.json": b"{}"})
    assert command("verify", str(tmp_path))[0] == 4


@pytest.mark.parametrize("files", [{}, {"x.json": VALID}, {"in/cert.json": VALID}, {"a.array.json": b""}])
@pytest.mark.parametrize("flags", [(), ("--json",)])
@pytest.mark.parametrize("name", ["verify", "explain"])
def test_a_directory_without_certificates_is_an_error(command, tmp_path, files, flags, name):
    (tmp_path / "d").mkdir()
    spread(tmp_path / "d", files)
    assert f"no certificate in {tmp_path / 'd'}: " in refused(
        command, name, *flags, "gap.cert.json", str(tmp_path / "d")
    )


def test_a_bundle_inside_is_checked_as_one(command, tmp_path):
    files = bundle_files(a=VALID, b=OTHER)
    spread(tmp_path / "d" / "bundle", files)
    spread(tmp_path / "d", {"c.cert.json": VALID})
    assert command("verify", str(tmp_path / "d"))[0] == 0
    (tmp_path / "d" / "bundle" / "a.cert.json").write_bytes(OTHER)  # valid, and not the one listed
    code, out, _ = command("verify", str(tmp_path / "d"))
    assert code == 4 and "does not have the digest" in out
    spread(tmp_path / "d" / "bundle", files | {"in/x.cert.json": VALID})
    code, out, _ = command("verify", str(tmp_path / "d"))
    assert code == 4 and "'in' is not listed" in out and "x.cert.json" not in out


def test_links_in_a_directory_are_not_followed(command, tmp_path):
    spread(tmp_path, {"d/a.cert.json": VALID, "elsewhere/b.cert.json": b"secret"})
    (tmp_path / "d" / "in").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "d" / "self").symlink_to(tmp_path / "d")
    assert command("verify", str(tmp_path / "d"))[0] == 0
    (tmp_path / "d" / "l.cert.json").symlink_to(tmp_path / "elsewhere" / "b.cert.json")
    code, out, _ = command("verify", str(tmp_path / "d"))
    assert code == 4 and "l.cert.json: malformed: not a plain file" in out and "secret" not in out
    # as an argument it is what it leads to
    assert command("verify", str(tmp_path / "d" / "self"))[0] == 4
    assert command("verify", str(tmp_path / "d" / "in" / "b.cert.json"))[0] == 4


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_in_a_directory_is_not_waited_for(command, tmp_path):
    os.mkfifo(tmp_path / "pipe.cert.json")
    code, out, _ = command("verify", str(tmp_path))
    assert code == 4 and "not a plain file" in out


def test_a_folder_called_as_a_certificate(command, tmp_path):
    spread(tmp_path, {"x.cert.json/a.cert.json": VALID})
    code, out, _ = command("verify", "--json", str(tmp_path))
    assert code == 4 and list(verdicts(out).values()) == ["malformed", "malformed", "valid"]


def test_arrays_beside_a_loose_certificate(command, tmp_path, arrays):
    spread(tmp_path, {"in/x.cert.json": with_array(), "in/a.array.json": ARRAY})
    assert command("verify", str(tmp_path))[0] == 0
    packed = [("in/x.cert.json", with_array()), ("in/a.array.json", ARRAY)]
    (tmp_path / "in" / "x.zip").write_bytes(zipped(packed))
    assert command("verify", str(tmp_path / "in" / "x.zip"))[0] == 0
    (tmp_path / "in" / "x.zip").write_bytes(zipped([packed[0], ("a.array.json", ARRAY)]))
    assert command("verify", str(tmp_path / "in" / "x.zip"))[0] == 4


# --- zip files: what is accepted ----------------------------------------------------------------------------------

ACCEPTED = {
    "loose": [("a.cert.json", VALID)],
    "in folders": [("in/a.cert.json", VALID), ("in/deep/b.cert.json", OTHER)],
    "with folders listed": [(entry("in/", stat.S_IFDIR | 0o755), b""), ("in/a.cert.json", VALID)],
    "a regular file says so": [(entry("a.cert.json", stat.S_IFREG | 0o644), VALID)],
    "with other files": [("a.cert.json", VALID), ("README", b"x"), ("..notes", b"")],
    "a bundle": list(bundle_files(a=VALID, b=OTHER).items()),
    "a bundle in a folder": [(f"bundle/{name}", data) for name, data in bundle_files(a=VALID).items()],
    "stored": [(entry("a.cert.json", compress_type=zipfile.ZIP_STORED), VALID)],
    "a name of the greatest length": [("x" * 1014 + ".cert.json", VALID), ("y" * 1024, b"")],
    "letters of any script": [("größe-λ/解.cert.json", VALID)],
    "names that only look dangerous": [("...", b""), ("a..b/~", b""), ("in.zip.old", b""), ("C/x:y.cert.json", VALID)],
    "a file that is not looked at may be anything": [("a.cert.json", VALID), ("notes.json", b"\0" * 99)],
    "the same name in two folders": [("a.cert.json", VALID), ("in/a.cert.json", OTHER), ("A.cert.json", VALID)],
    "empty folders": [("a.cert.json", VALID), ("in/", b""), ("in/deep/", b"")],
    "two bundles": [(f"{place}/{name}", data) for place in "ab" for name, data in bundle_files(a=VALID).items()],
    "a bundle and a certificate": [("c.cert.json", OTHER), *((f"b/{n}", d) for n, d in bundle_files(a=VALID).items())],
    "of the greatest depth": [("x/" * 31 + "a.cert.json", VALID)],
}


@pytest.mark.parametrize("case", ACCEPTED)
@pytest.mark.parametrize("jobs", ["1", "3"])
def test_zip_files_to_accept(command, tmp_path, case, jobs):
    path = tmp_path / "x.zip"
    path.write_bytes(zipped(ACCEPTED[case]))
    code, out, err = command("verify", "--json", "--jobs", jobs, str(path))
    assert (code, err) == (0, "")
    assert set(verdicts(out).values()) == {"valid"} and next(iter(verdicts(out))) == str(path)
    assert command("explain", str(path))[0] == 0
    assert os.listdir(tmp_path) == ["x.zip"]


def test_what_comes_before_a_zip_file_is_skipped(command, tmp_path):
    (tmp_path / "x.ZIP").write_bytes(b"#!/bin/sh\n" + zipped([("a.cert.json", VALID)]))
    assert command("verify", str(tmp_path / "x.ZIP"))[0] == 0


def test_a_zip_file_is_read_again_when_it_changes(command, tmp_path):
    path = tmp_path / "x.zip"
    for data, code in ((VALID, 0), (INVALID, 1), (b"{}", 4), (VALID, 0)):
        path.write_bytes(zipped([("a.cert.json", data)]))
        assert command("verify", str(path))[0] == code


# --- zip files: what is refused -----------------------------------------------------------------------------------


def renamed(old, new):
    """A zip file with an entry whose name is changed afterwards, as the library writes no such names."""
    return zipped([(old, VALID)]).replace(old.encode(), new)


def patched(*, local=(), central=(), name="a.cert.json", data=VALID):
    """A zip file of one entry with fields (offset, format, value) of its two headers changed."""
    made = bytearray(zipped([(name, data)]))
    for at, fields in ((made.index(b"PK\3\4"), local), (made.index(b"PK\1\2"), central)):
        for offset, kind, value in fields:
            struct.pack_into(kind, made, at + offset, value)
    return bytes(made)


def bomb(size, declared):
    """An entry of zeros that says that it is as long as declared."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(size >> 20)) + packer.flush()
    made = bytearray(zipped([(entry("a.cert.json", compress_type=zipfile.ZIP_STORED), packed)]))
    for at, method, crc in ((made.index(b"PK\3\4"), 8, 14), (made.rindex(b"PK\1\2"), 10, 16)):
        struct.pack_into("<H", made, at + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<L", made, at + crc, 0)
        struct.pack_into("<L", made, at + crc + 8, declared)
    return bytes(made)


def overlapping(count):
    """Many entries in the directory that are the same bytes, each of 64 MiB."""
    made = bomb(64 << 20, 64 << 20)
    at, end = made.rindex(b"PK\1\2"), made.rindex(b"PK\5\6")
    directory = [made[at:end].replace(b"a.cert.json", f"{n:06}.cert"[:11].encode()) for n in range(count)]
    tail = bytearray(made[end:])
    struct.pack_into("<HHLL", tail, 8, count, count, sum(map(len, directory)), at)
    return made[:at] + b"".join(directory) + bytes(tail)


REFUSED = {
    "empty file": (lambda: b"", "not a zip file"),
    "a certificate": (lambda: VALID, "not a zip file"),
    "cut": (lambda: zipped([("a.cert.json", VALID)])[:-5], "not a zip file"),
    "without entries": (lambda: zipped([]), "no certificate in the zip file"),
    "without certificates": (lambda: zipped([("README", b"")]), "no certificate in the zip file"),
    "absolute name": (lambda: renamed("xetc/a.cert.json", b"/etc/a.cert.json"), "leads elsewhere"),
    "drive": (lambda: renamed("Cx/a.cert.json", b"C:/a.cert.json"), "leads elsewhere"),
    "parent": (lambda: zipped([("../a.cert.json", VALID)]), "leads elsewhere"),
    "parent inside": (lambda: zipped([("in/../../a.cert.json", VALID)]), "leads elsewhere"),
    "dot": (lambda: zipped([("./a.cert.json", VALID)]), "leads elsewhere"),
    "empty part": (lambda: zipped([("in//a.cert.json", VALID)]), "leads elsewhere"),
    "backslash": (lambda: renamed("inxa.cert.json", b"in\\a.cert.json"), "leads elsewhere"),
    "nul": (lambda: renamed("a.cert.jsonxx", b"a.cert.json\0x"), "leads elsewhere"),
    "no name": (lambda: renamed("x", b"/"), "leads elsewhere"),
    "long name": (lambda: zipped([("x" * 1025, b"")]), "more than 1024 characters"),
    "deep": (lambda: zipped([("x/" * 32 + "a.cert.json", VALID)]), "32 folders"),
    "link": (lambda: zipped([(entry("a.cert.json", stat.S_IFLNK | 0o777), b"/etc/passwd")]), "no plain file"),
    "link beside": (lambda: zipped([("b.cert.json", VALID), (entry("x", stat.S_IFLNK), b"/")]), "no plain file"),
    "pipe": (lambda: zipped([(entry("a.cert.json", stat.S_IFIFO | 0o644), b"")]), "no plain file"),
    "folder that is a file": (lambda: zipped([(entry("a.cert.json", stat.S_IFDIR), VALID)]), "no plain file"),
    "twice": (lambda: twice(), "two entries"),
    "encrypted": (lambda: patched(local=[(6, "<H", 1)], central=[(8, "<H", 1)]), "encrypted"),
    "bzip2": (lambda: zipped([(entry("a.cert.json", compress_type=zipfile.ZIP_BZIP2), VALID)]), "other than deflate"),
    "lzma": (lambda: zipped([(entry("a.cert.json", compress_type=zipfile.ZIP_LZMA), VALID)]), "other than deflate"),
    "method 99": (lambda: patched(central=[(10, "<H", 99)]), "other than deflate"),
    "nested": (lambda: zipped([("a.cert.json", VALID), ("in.zip", zipped([]))]), "zip file itself"),
    "nested, called as a certificate": (lambda: zipped([("a.cert.json", zipped([]))]), "not JSON"),
    "declared bomb": (lambda: bomb(2**20, MAX_FILE_BYTES + 1), "larger than 64 MiB"),
    "declared huge": (lambda: patched(central=[(24, "<L", 2**32 - 2)]), "larger than 64 MiB"),
    "actual bomb": (lambda: bomb(128 << 20, 1000), "cannot be unpacked"),
    "shorter than declared": (lambda: bomb(2**20, MAX_FILE_BYTES), "cannot be unpacked"),
    "many of one": (lambda: overlapping(17), "larger than 1 GiB"),
    "wrong checksum": (lambda: patched(central=[(16, "<L", 1)]), "cannot be unpacked"),
    "other local name": (lambda: patched(local=[(30, "<B", 66)]), "cannot be unpacked"),
    "local header elsewhere": (lambda: patched(central=[(42, "<L", 7)]), "cannot be unpacked"),
    "patched data": (lambda: patched(central=[(8, "<H", 0x20)]), "cannot be unpacked"),
    "a bundle without a member": (lambda: less("a.cert.json"), "is listed in manifest.json"),
    "a bundle with more": (lambda: more("notes.txt"), "is not listed"),
    "a bundle with a folder": (lambda: more("in/"), "is not listed"),
    "a bundle with a folder of files": (lambda: more("in/b.cert.json"), "is not listed"),
    "a bundle with another file": (lambda: changed_member(), "does not have the digest"),
    "a manifest that is a folder": (
        lambda: zipped([("manifest.json/a.cert.json", VALID)]),
        "has no file manifest.json",
    ),
    "a file that is a folder too": (lambda: zipped([("a.cert.json", VALID), ("a.cert.json/b", b"")]), "not a plain"),
}


def twice():
    return zipped([("a.cert.json", VALID), ("b.cert.json", INVALID)]).replace(b"b.cert.json", b"a.cert.json")


def less(name):
    return zipped([item for item in bundle_files(a=VALID, b=OTHER).items() if item[0] != name])


def more(name):
    return zipped([*bundle_files(a=VALID).items(), (name, b"")])


def changed_member():
    return zipped((bundle_files(a=VALID) | {"a.cert.json": OTHER}).items())


@pytest.mark.parametrize("case", REFUSED)
def test_zip_files_to_refuse(command, tmp_path, case):
    make, fragment = REFUSED[case]
    path = tmp_path / "x.zip"
    path.write_bytes(make())
    code, out, err = command("verify", str(path))
    assert (code, err) == (4, "") and fragment in out and out.startswith(f"{path}: malformed")
    assert command("explain", str(path))[0] in (0, 4)
    assert os.listdir(tmp_path) == ["x.zip"]


def test_too_many_entries(command, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 2)
    path = tmp_path / "x.zip"
    for count, code in ((2, 0), (3, 4)):
        path.write_bytes(zipped([(f"{n}.cert.json", VALID) for n in range(count)]))
        assert command("verify", str(path))[0] == code


def test_a_zip_file_that_is_too_large_itself(command, tmp_path):
    with open(tmp_path / "x.zip", "wb") as file:
        file.truncate(2**40)  # sparse: nothing is stored
    code, out, _ = command("verify", str(tmp_path / "x.zip"))
    assert code == 4 and "64 MiB" in out


def test_limits_of_a_zip_file_are_undecided(command, tmp_path, monkeypatch):
    path = tmp_path / "x.zip"
    path.write_bytes(zipped([("a.cert.json", VALID)]))

    def no_end(_):
        while True:
            pass

    monkeypatch.setattr(archives, "read", no_end)
    code, out, _ = command("verify", "--time-limit", "0.05", str(path))
    assert code == 3 and out == f"{path}: undecided: the time limit passed\n"

    def no_memory(_):
        raise MemoryError

    monkeypatch.setattr(archives, "read", no_memory)
    code, out, _ = command("verify", str(path))
    assert code == 3 and out == f"{path}: undecided: the memory did not suffice\n"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="a system without limits of memory")
def test_a_bomb_stays_within_its_memory(tmp_path):
    path = tmp_path / "x.zip"
    for size, declared, code in ((1 << 30, 1000, 4), (60 << 20, 60 << 20, 3)):
        path.write_bytes(bomb(size, declared))
        done = process("verify", "--memory-limit", "120", str(path))
        assert (done.returncode, done.stderr) == (code, b"")


CHANGES = st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), max_size=6)
PLAIN = [zipped(entries) for entries in ACCEPTED.values()]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLAIN), CHANGES, st.integers(0, 10**4) | st.none())
def test_changed_zip_files_end_in_a_verdict(tmp_path_factory, made, changes, end):
    changed = bytearray(made if end is None else made[: end % len(made)])
    for at, value in changes:
        if changed:
            changed[at % len(changed)] = value
    ends_in_a_verdict(tmp_path_factory, bytes(changed))


NAMES = st.sampled_from(["a", "in", "..", ".", "", "manifest.json", "a.cert.json", "a.array.json", "x.zip", "\u202e"])
ENTRIES = st.builds(
    lambda parts, mode, method: entry("/".join(parts) or "x", mode, compress_type=method),
    st.lists(NAMES, min_size=1, max_size=4),
    st.sampled_from([0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK, stat.S_IFIFO, 0xFFFF]),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]),
)
CONTENTS = st.sampled_from([VALID, INVALID, b"", *bundle_files(a=VALID).values()])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ENTRIES, CONTENTS), max_size=5))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_strange_zip_files_end_in_a_verdict(tmp_path_factory, entries):
    ends_in_a_verdict(tmp_path_factory, zipped(entries))


def ends_in_a_verdict(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "fuzzed.zip"
    path.write_bytes(data)
    item = sources.source(str(path))
    found = checking.report(item, processes.outcomes(checking.tasks(item, time_limit=60, mebibytes=4096), 1))
    assert found.verdict in EXIT_CODES

    def leaves(report):
        return [report] if not report.parts else [leaf for part in report.parts for leaf in leaves(part)]

    for leaf in leaves(found):
        assert (leaf.verdict == "valid") == (leaf.statement is not None)
        assert leaf.reason is None or leaf.reason.isprintable()
    # whatever was changed, what is valid is one of the certificates that were put in
    assert {leaf.kind for leaf in leaves(found) if leaf.verdict == "valid"} <= {"gap", "control"}
