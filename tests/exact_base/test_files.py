"""May I write here? One answer to a mistake, whatever is written; and what is written is whole or not there."""

import os
from pathlib import Path

import pytest

from exact_base.errors import UsageError
from exact_base.files import bundle_directory, certificate_file, picture_file, read_bytes, results_directory
from proofs_checks.certificate.writing import build, write_bundle

CERTIFICATE = build("gap", claim={}, evidence={}, provenance={})
OTHER = build("gap", claim={}, evidence={}, provenance={"producer": "another"})


def picture(path, **options):
    return picture_file(path, endings=(".svg", ".png"), **options)


def results(path, **options):
    return results_directory(path, names=("x.json", "x-*.npy"), **options)


TARGETS = {
    certificate_file: "a.cert.json",
    picture: "a.svg",
    bundle_directory: "a",
    results: "a",
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def everything(directory):
    return {path: path.read_bytes() if path.is_file() else None for path in sorted(directory.rglob("*"))}


@pytest.mark.parametrize(("target", "name"), TARGETS.items())
def test_a_free_place_is_taken_and_nothing_is_changed(here, target, name):
    place = target(Path(name))
    assert (place.path, place.replaces) == (Path(name), False)
    assert everything(here) == {}


@pytest.mark.parametrize(("target", "name"), TARGETS.items())
def test_a_directory_that_is_missing(here, target, name):
    with pytest.raises(UsageError, match=r"^--here the directory \S*/no/such does not exist; make it first$"):
        target(Path("no/such") / name, option="--here")
    with pytest.raises(UsageError, match="does not exist; make it first"):  # what is there is no directory
        (here / "no").touch()
        target(Path("no") / name)


@pytest.mark.skipif(os.name == "nt", reason="a system without such permissions")
@pytest.mark.parametrize(("target", "name"), TARGETS.items())
def test_a_directory_that_cannot_be_written(here, monkeypatch, target, name):
    (here / "closed").mkdir()
    real = os.access  # who runs this may be allowed everything
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "closed" and real(path, mode))
    with pytest.raises(UsageError, match=r"the directory \S*closed cannot be written"):
        target(Path("closed") / name)


@pytest.mark.parametrize("target", [certificate_file, picture])
@pytest.mark.parametrize("path", [".", "..", "", "sub", "sub.cert.json", "sub.svg"])
def test_a_directory_where_a_file_is_needed(here, target, path):
    for name in ("sub", "sub.cert.json", "sub.svg"):
        (here / name).mkdir()
    with pytest.raises(UsageError, match=r"is a directory; give a file whose name ends in \."):
        target(Path(path))


@pytest.mark.parametrize(
    ("target", "name"),
    [(certificate_file, name) for name in ("a.json", "a", "a.cert.json.txt", "cert.json", "a.CERT.JSON")]
    + [(picture, name) for name in ("a", "a.pdf", "a.svg.txt", "svg")],
)
def test_a_name_says_what_is_in_the_file(target, name):
    with pytest.raises(UsageError, match=r"^--(out|plot) \S+ must end in \."):
        target(Path(name))


@pytest.mark.parametrize(
    ("target", "name"), [(certificate_file, "a.cert.json"), (picture, "a.svg"), (bundle_directory, "a")]
)
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_is_not_replaced(here, target, name, exists):
    if exists:
        write_bundle(here / "real", {"x.cert.json": CERTIFICATE})
    (here / name).symlink_to(here / "real" if name == "a" else here / "real" / "x.cert.json")
    with pytest.raises(UsageError, match="is a link"):
        target(Path(name))


@pytest.mark.parametrize("content", [b"", b"a shopping list", b"{}", CERTIFICATE[:-1], CERTIFICATE + b"\n"])
def test_only_a_certificate_is_replaced_by_one(here, content):
    path = Path("a.cert.json")
    path.write_bytes(content)
    with pytest.raises(UsageError, match="exists and is not a certificate; give another name"):
        certificate_file(path)
    assert path.read_bytes() == content
    path.write_bytes(CERTIFICATE)
    place = certificate_file(path)
    assert place.replaces
    written = place.write(OTHER)
    assert (written.paths, written.check, written.replaced) == ((path,), (path,), True)
    assert everything(here) == {here / path: OTHER}
    place.remove()
    place.remove()
    assert everything(here) == {}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
@pytest.mark.parametrize(("target", "name"), [(certificate_file, "a.cert.json"), (picture, "a.svg")])
def test_what_is_no_file_is_not_opened(here, target, name):
    """Reading a pipe would wait for ever."""
    os.mkfifo(here / name)
    with pytest.raises(UsageError, match="exists and is no file"):
        target(Path(name))


def test_only_a_bundle_is_replaced_by_one(here):
    (here / "a").mkdir()
    with pytest.raises(UsageError, match="--out a exists and is not a bundle"):
        bundle_directory(Path("a"))
    (here / "a").rmdir()
    (here / "a").touch()
    with pytest.raises(UsageError, match="--out a exists and is not a bundle"):
        bundle_directory(Path("a"))
    (here / "a").unlink()
    first = bundle_directory(Path("a")).write({"x.cert.json": CERTIFICATE, "y.cert.json": CERTIFICATE})
    assert (first.paths, first.check, first.replaced) == ((Path("a"),), (Path("a"),), False)
    second = bundle_directory(Path("a")).write({"z.cert.json": CERTIFICATE})
    assert second.replaced and {path.name for path in (here / "a").iterdir()} == {"z.cert.json", "manifest.json"}
    nothing = bundle_directory(Path("a")).write({})
    assert (nothing.paths, nothing.left) == ((), Path("a")), "what is there is of an earlier run, and that is said"
    assert bundle_directory(Path("b")).write({}).left is None
    (here / "a" / "mine.txt").touch()
    with pytest.raises(UsageError, match="is not a bundle"):
        bundle_directory(Path("a"))


def test_the_current_directory_is_not_replaced(here, monkeypatch):
    write_bundle(here / "a", {"x.cert.json": CERTIFICATE})
    monkeypatch.chdir(here / "a")
    for path in (Path("."), here / "a", Path("../a")):
        with pytest.raises(UsageError, match="is the directory you are in"):
            bundle_directory(path)


def test_a_bundle_without_certificates_is_not_written(here):
    written = bundle_directory(Path("a")).write({})
    assert (written.paths, written.check) == ((), ()) and everything(here) == {}


def test_results_stand_beside_each_other(here):
    written = results(Path("a")).write({"x.cert.json": CERTIFICATE}, {"x.json": b"1", "x-1.npy": b"2"})
    assert written.paths == (Path("a/certificates"), Path("a/x.json"), Path("a/x-1.npy"))
    assert (written.check, written.replaced) == ((Path("a/certificates"),), False)
    (here / "a" / "mine.txt").write_bytes(b"3")
    assert results(Path("a")).write({"y.cert.json": CERTIFICATE}, {"x.json": b"4"}).replaced
    assert (here / "a" / "x.json").read_bytes() == b"4" and (here / "a" / "mine.txt").read_bytes() == b"3"
    assert not (here / "a" / "certificates" / "x.cert.json").exists()


@pytest.mark.parametrize("name", ["x.json", "x-7.npy", "certificates"])
def test_results_of_somebody_else_stay(here, name):
    (here / "a").mkdir()
    (here / "a" / "theirs").touch()
    assert not results(Path("a")).replaces
    (here / "a" / name).touch()
    with pytest.raises(
        UsageError, match=rf"^a/{name} exists, and was not written by an earlier run; give another --out$"
    ):
        results(Path("a"))


def test_results_may_be_known_by_another_file(here):
    (here / "a").mkdir()
    (here / "a" / "x.json").touch()
    (here / "a" / "ledger").touch()
    assert results(Path("a"), mark="ledger").replaces
    with pytest.raises(UsageError, match="is a file; give a directory"):
        results(Path("a/ledger"))
    write_bundle(here / "a" / "certificates", {"x.cert.json": CERTIFICATE})
    (here / "a" / "certificates" / "mine.txt").touch()
    with pytest.raises(UsageError, match="is not a bundle"):
        results(Path("a"), mark="ledger")


def test_what_the_system_refuses_leaves_what_was_there(here, monkeypatch):
    Path("a.cert.json").write_bytes(CERTIFICATE)
    place, picture_place = certificate_file(Path("a.cert.json")), picture(Path("a.svg"))

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    for target in (place, picture_place):
        with pytest.raises(UsageError, match=r"^cannot write a\.\S+: No space left on device$"):
            target.write(OTHER)
    for write in (
        lambda: bundle_directory(Path("b")).write({"x.cert.json": CERTIFICATE}),
        lambda: results(Path("c")).write({}, {"x.json": b""}),
    ):
        with pytest.raises(UsageError, match="No space left"):
            write()
    assert everything(here) == {here / "a.cert.json": CERTIFICATE, here / "c": None}


def test_names_that_steer_a_terminal_are_escaped():
    with pytest.raises(UsageError) as caught:
        certificate_file(Path("x\x1b[2J\n"))
    assert str(caught.value).isprintable()


def test_reading_a_certificate(here):
    Path("a.cert.json").write_bytes(CERTIFICATE)
    assert read_bytes(Path("a.cert.json")) == CERTIFICATE
    with pytest.raises(UsageError, match=r"^cannot read b: No such file or directory$"):
        read_bytes(Path("b"))
    with pytest.raises(UsageError, match="it is a directory; name a file in it"):
        read_bytes(here)
